// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/lmevaltask.h"

#include "core/yaml.h"
#include "storage/exchange/answerchoices.h"
#include "storage/exchange/genericjsonl.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/safenames.h"
#include "storage/exchange/uniformrows.h"
#include "storage/exchange/wholefile.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"

#include <QDir>
#include <QFileInfo>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

QString lmEvalTaskName(const QString &base)
{
    QString name = u"ew_"_s;
    for (const QChar c : SafeNames().of(base).toLower())
        name += c.isLetterOrNumber() ? c : QChar(u'_');
    return name;
}

Result<JsonNode> lmEvalDocument(const Candidate &item)
{
    const AnswerChoices choices = answerChoices(item);
    if (choices.matching < 0) {
        return failure(Error(ErrorCode::Unsupported,
                             u"The item %1 has no matching label, so that a task cannot score it."_s.arg(item.uuid),
                             u"Export the data set as jsonl."_s)
                           .withConsequence(u"Nothing was written."_s));
    }
    const JsonNode published = genericObject(item);
    JsonNode out = JsonNode::object();
    for (size_t i = 0; i < published.items.size(); ++i) {
        const QString &key = published.keys[static_cast<qsizetype>(i)];
        if (key != "options"_L1 && key != "matching_index"_L1 && key != "item_id"_L1)
            out.add(key, published.items[i]);
    }
    out.add(u"options"_s, JsonNode::ofTexts(choices.labels));
    out.add(u"matching_index"_s, JsonNode::ofNumber(choices.matching));
    out.add(u"item_id"_s, JsonNode::ofText(item.uuid));
    return out;
}

namespace {

class Writer final : public RowWriter
{
public:
    bool surveys() const override { return true; }
    Status survey(const Candidate &candidate) override
    {
        EVALWRIGHT_ASSIGN(const JsonNode object, lmEvalDocument(candidate));
        m_rows.survey(object);
        return {};
    }
    Result<QByteArray> row(const Candidate &candidate) override
    {
        EVALWRIGHT_ASSIGN(const JsonNode object, lmEvalDocument(candidate));
        return m_rows.row(object);
    }
    QByteArray end() override { return {}; }

private:
    UniformRows m_rows;
};

FileFormat dataFormat()
{
    FileFormat format;
    format.name = u"lm-eval-task"_s;
    format.title = u"Data of a task"_s;
    format.writer = [](const WriteSettings &) -> std::unique_ptr<RowWriter> { return std::make_unique<Writer>(); };
    return format;
}

QByteArray taskFile(const QString &task, const QString &dataFile, const QString &dataset, const QString &canary)
{
    nlohmann::ordered_json document;
    document["task"] = task.toStdString();
    document["tag"] = "evalwright";
    document["dataset_path"] = "json";
    document["dataset_kwargs"]["data_files"]["test"] = dataFile.toStdString();
    document["test_split"] = "test";
    document["output_type"] = "multiple_choice";
    document["doc_to_text"] = "\n\nHuman: {{question}}\n\nAssistant:";
    document["target_delimiter"] = "";
    document["doc_to_choice"] = "options";
    document["doc_to_target"] = "matching_index";
    document["metric_list"].push_back({{"metric", "acc"}, {"aggregation", "mean"}, {"higher_is_better", true}});
    document["metadata"]["version"] = 1.0;
    // A comment ends with its line; what a data set is called must not.
    QByteArray out = "# " + yamlText(dataset).toUtf8() +
                     ", a model-written evaluation. The accuracy is the rate of matching answers.\n"
                     "# Run it from this folder, where the data lies: lm_eval --include_path . --tasks " +
                     task.toUtf8() + " …\n";
    if (!canary.isEmpty())
        out += "# " + canary.toUtf8() + '\n';
    return out + toYaml(document);
}

} // namespace

nlohmann::json LmEvalTaskReport::toJson() const
{
    nlohmann::json out = data.toJson();
    out["task"] = task.toStdString();
    out["path"] = path.toStdString();
    out["data_path"] = data.path.toStdString();
    return out;
}

Result<LmEvalTaskReport> exportLmEvalTask(Project &project, const QString &dataset, const QString &path,
                                          const ExportOptions &options, const CancellationToken &token)
{
    if (path == "-"_L1)
        return failure(ErrorCode::InvalidInput, u"A task is two files, which cannot share standard output."_s,
                       u"Write to a file."_s);
    if (!options.control.isEmpty())
        return failure(ErrorCode::Unsupported, u"Controls are not written as tasks."_s,
                       u"Export the control as jsonl."_s);
    EVALWRIGHT_ASSIGN(const Dataset found, project.readNow([&](Connection &c) { return datasetByName(c, dataset); }));
    const QFileInfo info(path);
    LmEvalTaskReport report;
    report.path = info.isDir() ? QDir(path).filePath(SafeNames().of(dataset) + u".yaml"_s) : path;
    const QFileInfo yaml(report.path);
    const QString dataPath = yaml.dir().filePath(yaml.completeBaseName() + u".jsonl"_s);
    report.task = lmEvalTaskName(yaml.completeBaseName());
    if (dataPath == report.path)
        return failure(Error(ErrorCode::InvalidInput, u"“%1” is the name of the data, not of the task."_s.arg(path),
                             u"Name a .yaml file."_s)
                           .withConsequence(u"Nothing was written."_s));
    EVALWRIGHT_TRY(mayWriteFile(report.path, project.path(), options.overwrite));
    ExportOptions data = options;
    data.canary = options.canary == Canary::Beside ? Canary::Off : options.canary; // It stands in the YAML.
    EVALWRIGHT_ASSIGN(report.data, exportDataset(project, dataset, dataFormat(), dataPath, data, token));
    const QString canary = options.canary == Canary::Off ? QString() : found.canary.simplified();
    EVALWRIGHT_TRY(writeWholeFile(report.path, taskFile(report.task, QFileInfo(dataPath).fileName(), dataset, canary),
                                  options.overwrite));
    return report;
}

} // namespace evalwright
