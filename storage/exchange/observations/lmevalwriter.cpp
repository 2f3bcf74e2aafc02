// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/lmevalwriter.h"

#include "core/hash.h"
#include "core/text.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/lmevaltask.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/uniformrows.h"
#include "storage/exchange/wholefile.h"
#include "storage/project.h"
#include "storage/repositories/answerrows.h"
#include "storage/repositories/candidates.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::ordered_json;

namespace {

std::string printed(const ordered_json &value, int indent = -1)
{
    return value.dump(indent, ' ', false, ordered_json::error_handler_t::replace);
}

/// The harness writes numbers of replies as texts.
std::string numberText(double value)
{
    return printed(ordered_json(value));
}

class SampleLog
{
public:
    SampleLog(Connection &connection, const CancellationToken &token) : m_connection(connection), m_token(token) {}

    Status choose(const LogChoice &choice)
    {
        EVALWRIGHT_ASSIGN(m_chosen, chooseAnswers(m_connection, choice));
        m_report.run = m_chosen.runName();
        m_report.dataset = m_chosen.dataset.name;
        m_report.model = withoutDirectory(m_chosen.model);
        m_report.frame = m_chosen.frame;
        m_report.task = lmEvalTaskName(m_chosen.dataset.name);
        return {};
    }

    Result<LmEvalLogReport> write(const QDir &folder, const QString &projectPath, bool overwrite)
    {
        const QDateTime begun = QDateTime::fromString(m_chosen.run.createdAt, Qt::ISODateWithMs);
        const QString time = begun.toUTC().toString(u"yyyy-MM-ddThh-mm-ss.zzz000"_s);
        m_report.path = folder.filePath(u"samples_%1_%2.jsonl"_s.arg(m_report.task, time));
        m_report.resultsPath = folder.filePath(u"results_%1.json"_s.arg(time));
        for (const QString &path : {m_report.path, m_report.resultsPath})
            EVALWRIGHT_TRY(mayWriteFile(path, projectPath, overwrite));
        QSaveFile file(m_report.path);
        if (!file.open(QIODevice::WriteOnly))
            return failure(fileError(file, u"Could not write"_s, m_report.path));
        Sha256 hash;
        EVALWRIGHT_TRY(surveyTask());
        EVALWRIGHT_TRY(forEachAnswer(m_connection, m_chosen.place, [&](const AnswerRow &row) -> Status {
            if (m_token.isCancelled())
                return failure(stoppedOnRequest());
            EVALWRIGHT_ASSIGN(const QByteArray line, lineOf(row));
            hash.add(line);
            if (file.write(line) != line.size())
                return failure(fileError(file, u"Could not write"_s, m_report.path));
            return {};
        }));
        if (m_report.rows == 0) {
            return failure(Error(ErrorCode::InvalidInput,
                                 u"None of these answers has a probability for every label, which the log is about."_s,
                                 u"Write them as inspect-log, or score the items exactly."_s)
                               .withConsequence(u"Nothing was written."_s));
        }
        if (!file.commit())
            return failure(fileError(file, u"Could not write"_s, m_report.path));
        m_report.sha256 = QString::fromLatin1(hash.result().toHex());
        const auto stamp = static_cast<double>(begun.toMSecsSinceEpoch()) / 1000;
        EVALWRIGHT_TRY(writeWholeFile(m_report.resultsPath, QByteArray::fromStdString(printed(results(stamp), 2)), overwrite));
        return m_report;
    }

private:
    /// Documents are rows of the task, whose columns are those of all items: the harness hashes a row with its gaps.
    Status surveyTask()
    {
        return forEachItem(m_connection, m_chosen.dataset.id, [&](const Candidate &item) -> Status {
            if (m_token.isCancelled())
                return failure(stoppedOnRequest());
            if (answerChoices(item).matching < 0)
                return {}; // An answer to it is refused when its turn comes.
            EVALWRIGHT_ASSIGN(const JsonNode document, lmEvalDocument(item));
            m_rows.survey(document);
            return {};
        });
    }

    /// Empty for an answer that the log has no place for.
    Result<QByteArray> lineOf(const AnswerRow &row)
    {
        const AnswerChoices choices = answerChoices(row.item);
        const QMap<qsizetype, double> logs = logProbabilities(row.observation, choices);
        if (logs.isEmpty() || row.observation.repeat > 0) {
            ++m_report.passedOver;
            return QByteArray();
        }
        EVALWRIGHT_ASSIGN(const JsonNode document, lmEvalDocument(row.item));
        const auto doc = ordered_json::parse(m_rows.row(document).toStdString(), nullptr, false);
        const std::string target = std::to_string(choices.matching), question = row.item.question.toStdString();
        ordered_json arguments = ordered_json::object(), responses = ordered_json::array(), filtered = ordered_json::array();
        qsizetype best = 0;
        for (auto it = logs.cbegin(); it != logs.cend(); ++it) {
            if (it.value() > logs[best])
                best = it.key(); // The first of equal ones, as the harness takes it.
            arguments["gen_args_" + std::to_string(it.key())] = {
                {"arg_0", question}, {"arg_1", choices.labels[it.key()].toStdString()}};
            // Whether the label is what the model would have said of its own is not asked here; the harness does.
            filtered.push_back(ordered_json::array({numberText(it.value()), "False"}));
            responses.push_back(ordered_json::array({filtered.back()}));
        }
        const QString docHash = sha256Hex(QByteArray::fromStdString(printed(doc, 2))),
                      promptHash = sha256Hex(QByteArray::fromStdString(question)),
                      targetHash = sha256Hex(QByteArray::fromStdString(target));
        m_hashes.add((docHash + promptHash + targetHash).toLatin1());
        const bool right = best == choices.matching;
        m_right += right ? 1 : 0;
        const ordered_json line{{"doc_id", m_report.rows++},
                                {"doc", doc},
                                {"target", target},
                                {"arguments", arguments},
                                {"resps", responses},
                                {"filtered_resps", filtered},
                                {"filter", "none"},
                                {"metrics", ordered_json::array({"acc"})},
                                {"doc_hash", docHash.toStdString()},
                                {"prompt_hash", promptHash.toStdString()},
                                {"target_hash", targetHash.toStdString()},
                                {"acc", right ? 1.0 : 0.0}};
        return QByteArray::fromStdString(printed(line) + "\n");
    }

    ordered_json results(double begun)
    {
        const std::string task = m_report.task.toStdString(), model = m_report.model.toStdString();
        const double n = static_cast<double>(m_report.rows), rate = static_cast<double>(m_right) / n;
        ordered_json result{{"name", task}, {"alias", task}, {"sample_len", m_report.rows}, {"acc,none", rate}};
        result["acc_stderr,none"] = m_report.rows > 1 ? ordered_json(std::sqrt(rate * (1 - rate) / (n - 1))) : ordered_json("N/A");
        const ordered_json metric{{"metric", "acc"}, {"aggregation", "mean"}, {"higher_is_better", true}};
        return {{"results", {{task, result}}},
                {"group_subtasks", ordered_json::object()},
                {"configs",
                 {{task,
                   {{"task", task},
                    {"output_type", "multiple_choice"},
                    {"doc_to_text", "{{question}}"},
                    {"doc_to_choice", "options"},
                    {"doc_to_target", "matching_index"},
                    {"target_delimiter", ""},
                    {"num_fewshot", 0},
                    {"repeats", 1},
                    {"metric_list", ordered_json::array({metric})},
                    {"metadata",
                     {{"version", 1.0},
                      {"run", m_chosen.run.uuid.toStdString()},
                      {"frame", m_report.frame.toStdString()},
                      {"canary", m_chosen.dataset.canary.simplified().toStdString()}}}}}}},
                {"versions", {{task, 1.0}}},
                {"n-shot", {{task, 0}}},
                {"higher_is_better", {{task, {{"acc", true}}}}},
                {"n-samples", {{task, {{"original", m_report.rows + m_report.passedOver}, {"effective", m_report.rows}}}}},
                {"config", {{"model", model}, {"model_args", "frame=" + m_report.frame.toStdString()}}},
                {"date", begun},
                {"task_hashes", {{task, QString::fromLatin1(m_hashes.result().toHex()).toStdString()}}},
                {"model_source", "evalwright"},
                {"model_name", model},
                {"model_name_sanitized", model},
                {"evalwright_version", EVALWRIGHT_VERSION}};
    }

    Connection &m_connection;
    const CancellationToken &m_token;
    ChosenAnswers m_chosen;
    LmEvalLogReport m_report;
    UniformRows m_rows;
    Sha256 m_hashes;
    qint64 m_right = 0;
};

} // namespace

nlohmann::json LmEvalLogReport::toJson() const
{
    return {{"path", path.toStdString()},       {"results_path", resultsPath.toStdString()},
            {"format", "lm-eval-samples"},      {"task", task.toStdString()},
            {"run", run.toStdString()},         {"dataset", dataset.toStdString()},
            {"model", model.toStdString()},     {"frame", frame.toStdString()},
            {"rows", rows},                     {"passed_over", passedOver},
            {"sha256", sha256.toStdString()}};
}

Result<LmEvalLogReport> exportLmEvalSamples(Project &project, const LogChoice &choice, const QString &folder, bool overwrite,
                                            const CancellationToken &token)
{
    if (!QFileInfo(folder).isDir()) {
        return failure(Error(ErrorCode::InvalidInput, u"“%1” is no folder."_s.arg(folder),
                             u"The log and its results are two files with names of their own: name a folder that is there."_s)
                           .withConsequence(u"Nothing was written."_s));
    }
    return project.readNow([&](Connection &c) -> Result<LmEvalLogReport> {
        SampleLog log(c, token);
        EVALWRIGHT_TRY(log.choose(choice));
        return log.write(QDir(folder), project.path(), overwrite);
    });
}

} // namespace evalwright
