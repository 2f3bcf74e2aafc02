# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""labelstudio_check.py CONFIG TASKS EXPORT FOLDER: whether Label Studio's own package takes the configuration, the tasks and
the annotations of a full export; then its own JSON_MIN, CSV and TSV of that export, into the folder."""
import json
import pathlib
import sys

from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

config = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
interface = LabelInterface(config)
interface.validate()
for task in json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")):
    assert interface.validate_task({"data": task["data"]}), task
    for prediction in task.get("predictions", []):
        assert not interface.validate_prediction(prediction, return_errors=True), prediction
for task in json.loads(pathlib.Path(sys.argv[3]).read_text(encoding="utf-8")):
    for annotation in task["annotations"]:
        errors = interface._validate_object(annotation, return_errors=True)
        assert not errors, errors
folder = pathlib.Path(sys.argv[4])
converter = Converter(config, project_dir=None)
converter.convert_to_json_min(sys.argv[3], str(folder / "min"), is_dir=False)
converter.convert_to_csv(sys.argv[3], str(folder / "csv"), is_dir=False, sep=",")
converter.convert_to_csv(sys.argv[3], str(folder / "tsv"), is_dir=False, sep="\t")
