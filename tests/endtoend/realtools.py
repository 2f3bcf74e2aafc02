# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads exported files with the tools they are meant for. First argument: the tool; second: file or folder; third: what.
Prints one line of JSON. Exit status 77: the tool is not installed; anything it warns of is an error."""
import importlib.metadata
import importlib.util
import json
import logging
import os
import sys
import warnings

os.environ.update(HF_DATASETS_OFFLINE="1", HF_HUB_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")
tool, path, what = sys.argv[1:4]
if importlib.util.find_spec(tool.replace("-", "_")) is None:
    sys.exit(77)
said = []


class Listener(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())


logging.getLogger().addHandler(Listener(logging.WARNING))
# What a tool does with its own libraries is not about our file.
about_itself = (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ResourceWarning, ImportWarning)


def rows_of(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines.read().split("\n") if line]


def datasets():
    from datasets import get_dataset_config_names, load_dataset

    count = 0
    for config in get_dataset_config_names(path):
        table = load_dataset(path, config, cache_dir=what)["test"]
        rows = rows_of(f"{path}/data/{config}/test.jsonl")
        assert len(table) == len(rows)
        for read, row in zip(table, rows):
            assert all(read[key] == value for key, value in row.items()), (read, row)
        count += len(rows)
    assert len(load_dataset(path, cache_dir=what)["test"]) > 0
    return count


def mlcroissant():
    import mlcroissant as croissant

    dataset = croissant.Dataset(jsonld=f"{path}/croissant.json")
    issues = dataset.metadata.ctx.issues
    assert not issues.errors and not issues.warnings, issues.report()
    return sum(len(list(dataset.records(one.id))) for one in dataset.metadata.record_sets)


def inspect_log():
    from inspect_ai.log import read_eval_log, read_eval_log_sample_summaries

    log = read_eval_log(path)
    assert log.status == "success" and log.results.scores[0].name == "matching"
    assert len(read_eval_log_sample_summaries(path)) == len(log.samples) == log.results.total_samples
    assert all(sample.scores["matching"].value in (0, 1, "N", "P") for sample in log.samples if not sample.error)
    return len(log.samples)


def inspect_ai():
    from inspect_ai.dataset import csv_dataset, json_dataset

    if path.endswith((".eval", ".json")):
        return inspect_log()
    samples = json_dataset(path) if path.endswith("l") else csv_dataset(path)
    if what:
        for sample, row in zip(samples, rows_of(what)):
            assert sample.id == row["id"]
            assert sample.input == row["input"] or not sample.choices, (sample.input, row["input"])
            assert (sample.choices or None) in (None, row.get("choices")), (sample.choices, row)
            assert path != what or (sample.metadata == row["metadata"] and sample.target == row["target"])
    return len(samples)


def lm_eval_task(folder, name):
    import lm_eval.tasks

    os.chdir(folder)
    return lm_eval.tasks.TaskManager(include_path=".", include_defaults=False).load_task_or_group([name])[name]


def lm_eval():
    if path.endswith(".jsonl"):
        return lm_eval_samples()
    task = lm_eval_task(path, what)
    docs = list(task.test_docs())
    for doc in docs:
        assert task.doc_to_choice(doc)[task.doc_to_target(doc)] == doc["answer_matching_behavior"]
        assert doc["question"] in task.doc_to_text(doc)
    task.build_all_requests(limit=None, rank=0, world_size=1)
    assert len(task.instances) == sum(len(doc["options"]) for doc in docs)
    assert {one.arguments[1] for one in task.instances} == {label for doc in docs for label in doc["options"]}
    return len(docs)


def lm_eval_samples():
    """A log is what the harness would have made of these answers: names, hashes, scores and table are its own."""
    import typing

    from lm_eval import result_schema, utils

    name, time = utils.get_file_task_name(os.path.basename(path)), utils.get_file_datetime(path)
    assert utils.get_sample_results_filenames([path]) == [path]
    results_path = f"{os.path.dirname(path)}/results_{time}.json"
    assert utils.get_results_filenames([results_path]) == [results_path]
    with open(results_path, encoding="utf-8") as file:
        results = json.load(file)
    samples = rows_of(path)
    task = lm_eval_task(what, name)
    docs = {doc["item_id"]: doc for doc in task.test_docs()}
    members = typing.get_type_hints(result_schema.SampleResult)
    hashes, scores = "", []
    for place, sample in enumerate(samples):
        assert members.keys() <= sample.keys() and sample["doc_id"] == place, sample.keys()
        doc = sample["doc"]
        assert doc == docs[doc["item_id"]]
        assert sample["target"] == str(task.doc_to_target(doc))
        asked = [tuple(one.values()) for one in sample["arguments"].values()]
        assert [label for _, label in asked] == task.doc_to_choice(doc)
        assert sample["doc_hash"] == utils.hash_string(json.dumps(doc, indent=2, ensure_ascii=False))
        assert sample["prompt_hash"] == utils.hash_string(asked[0][0])
        assert sample["target_hash"] == utils.hash_string(sample["target"])
        hashes += sample["doc_hash"] + sample["prompt_hash"] + sample["target_hash"]
        replies = [(float(log), greedy == "True") for log, greedy in sample["filtered_resps"]]
        assert [one[0] for one in sample["resps"]] == sample["filtered_resps"]
        metrics = task.process_results(doc, replies)
        assert sample["acc"] == metrics["acc"], (sample, metrics)
        scores.append(sample["acc"])
    assert results["task_hashes"][name] == utils.hash_string(hashes)
    mean = sum(scores) / len(scores)
    assert abs(results["results"][name]["acc,none"] - mean) < 1e-12
    table = utils.make_table(results)
    assert name in table and f"{mean:.4f}".rstrip("0") in table, table
    from datasets import load_dataset

    assert len(load_dataset("json", data_files=path, split="train", cache_dir=f"{what}/cache")) == len(samples)
    return len(samples)


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    rows = {"datasets": datasets, "mlcroissant": mlcroissant, "inspect-ai": inspect_ai, "lm-eval": lm_eval}[tool]()
said += [str(one.message) for one in caught if not issubclass(one.category, about_itself)]
print(json.dumps({"tool": tool, "version": importlib.metadata.version(tool), "rows": rows, "warnings": said}))
