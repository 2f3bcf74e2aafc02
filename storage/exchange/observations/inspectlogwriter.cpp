// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/inspectlogwriter.h"

#include "core/text.h"
#include "storage/exchange/answerchoices.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/filehash.h"
#include "storage/exchange/inspectrow.h"
#include "storage/exchange/options.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/wholefile.h"
#include "storage/exchange/zipwriter.h"
#include "storage/project.h"
#include "storage/repositories/answerrows.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QSaveFile>
#include <QTemporaryFile>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::ordered_json;

namespace {

QByteArray printed(const ordered_json &value)
{
    return QByteArray::fromStdString(value.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

/// What the sample calls a label: a letter where it has choices, else the label without its blank.
QString nameInSample(const QString &label, const AnswerChoices &choices, bool hasChoices)
{
    if (!hasChoices)
        return label.trimmed();
    for (qsizetype i = 0; i < choices.labels.size(); ++i) {
        if (comparableLabel(choices.labels[i]) == comparableLabel(label))
            return QString(QChar(static_cast<char16_t>(u'A' + i)));
    }
    return label.trimmed();
}

/// ln of the probability of each label; null unless every label has one.
ordered_json logarithms(const Observation &answer, const AnswerChoices &choices, bool hasChoices)
{
    const QMap<qsizetype, double> logs = logProbabilities(answer, choices);
    ordered_json out = ordered_json::object();
    for (auto it = logs.cbegin(); it != logs.cend(); ++it)
        out[nameInSample(choices.labels[it.key()], choices, hasChoices).toStdString()] = it.value();
    return out.size() > 1 ? out : ordered_json(nullptr);
}

std::optional<bool> matches(const AnswerRow &row)
{
    if (row.observation.outcome != "answered"_L1)
        return std::nullopt;
    return row.observation.matches.value_or(row.observation.argmax == row.item.matchingLabel);
}

ordered_json scoreOf(const AnswerRow &row, const AnswerChoices &choices, bool hasChoices)
{
    const Observation &answer = row.observation;
    ordered_json score, metadata;
    if (const auto right = matches(row)) {
        score["value"] = *right ? 1 : 0;
        score["answer"] = answer.argmax.isEmpty()
                              ? ordered_json()
                              : ordered_json(nameInSample(answer.argmax, choices, hasChoices).toStdString());
    } else {
        score["value"] = answer.outcome == "undecided"_L1 ? "P" : "N";
        score["answer"] = nullptr;
        if (answer.outcome == "refused"_L1)
            score["reason"] = "refusal";
        else if (answer.outcome == "unparsed"_L1)
            score["reason"] = "invalid_response_format";
    }
    if (const ordered_json logs = logarithms(answer, choices, hasChoices); !logs.is_null())
        metadata["logprob"] = logs;
    metadata["label_mass"] = answer.labelMass ? ordered_json(*answer.labelMass) : ordered_json();
    metadata["p_matching"] = answer.pMatching ? ordered_json(*answer.pMatching) : ordered_json();
    metadata["method"] = answer.method.toStdString();
    metadata["outcome"] = answer.outcome.toStdString();
    score["metadata"] = metadata;
    return score;
}

/// A sample; as a summary without what takes room.
ordered_json sampleOf(const AnswerRow &row, const QString &dataset, const QString &model, bool summary)
{
    const JsonNode item = inspectSample(row.item, dataset);
    const auto given = ordered_json::parse(item.toText().toStdString(), nullptr, false);
    const bool hasChoices = given.contains("choices");
    const AnswerChoices choices = answerChoices(row.item);
    ordered_json out;
    out["id"] = given["id"];
    out["epoch"] = row.observation.repeat + 1;
    out["input"] = given["input"];
    if (hasChoices)
        out["choices"] = given["choices"];
    out["target"] = given["target"];
    const bool failed = row.observation.outcome == "http-error"_L1;
    if (!failed)
        out["scores"]["matching"] = scoreOf(row, choices, hasChoices);
    if (summary) {
        if (failed)
            out["error"] = "The request failed.";
        out["completed"] = true;
        return out;
    }
    out["metadata"] = given["metadata"];
    if (failed) {
        out["error"] = {{"message", "The request failed."}, {"traceback", ""}, {"traceback_ansi", ""}};
        return out;
    }
    const QString said = row.observation.outcome == "answered"_L1
                             ? nameInSample(row.observation.argmax, choices, hasChoices)
                             : QString();
    out["output"] = {
        {"model", model.toStdString()},
        {"choices", ordered_json::array({{{"message", {{"role", "assistant"}, {"content", said.toStdString()}}},
                                          {"stop_reason", "stop"}}})}};
    return out;
}

class Log
{
public:
    Log(Connection &connection, const LogChoice &choice, QString path, const CancellationToken &token)
        : m_connection(connection), m_choice(choice), m_token(token)
    {
        m_report.path = std::move(path);
    }

    Status choose()
    {
        EVALWRIGHT_ASSIGN(const ChosenAnswers chosen, chooseAnswers(m_connection, m_choice));
        m_run = chosen.run;
        m_dataset = chosen.dataset;
        m_place = chosen.place;
        m_report.run = chosen.runName();
        m_report.dataset = m_dataset.name;
        m_report.model = chosen.model;
        m_report.frame = chosen.frame;
        EVALWRIGHT_ASSIGN(const Model model, modelById(m_connection, m_place.model));
        m_fingerprint = model.fingerprint;
        m_model = withoutDirectory(model.name);
        // Whatever comes first, the results stand before the samples.
        return forEach([this](const AnswerRow &row) -> Status {
            ++m_report.samples;
            m_repeats = std::max(m_repeats, row.observation.repeat + 1);
            m_failed += row.observation.outcome == "http-error"_L1 ? 1 : 0;
            m_method = row.observation.method;
            if (const auto right = matches(row)) {
                ++m_report.scored;
                m_right += *right ? 1 : 0;
            }
            return {};
        });
    }

    Status writeJson(QIODevice &out) const
    {
        EVALWRIGHT_TRY(put(out, "{\"version\": 2, \"status\": \"success\", \"eval\": "));
        EVALWRIGHT_TRY(writeEval(out));
        EVALWRIGHT_TRY(
            put(out, ", \"plan\": {}, \"results\": " + printed(results()) + ", \"stats\": {}, \"samples\": ["));
        bool first = true;
        EVALWRIGHT_TRY(forEach([&](const AnswerRow &row) {
            const QByteArray comma = std::exchange(first, false) ? "\n" : ",\n";
            return put(out, comma + printed(sampleOf(row, m_dataset.name, m_model, false)));
        }));
        return put(out, "\n]}\n");
    }

    /// The members of a ZIP file one after the other in `spool`, and where each is.
    Result<std::vector<ZipSection>> writeMembers(QIODevice &spool) const
    {
        std::vector<ZipSection> members;
        const auto add = [&](const QString &name, const std::function<Status()> &write) -> Status {
            const qint64 begin = spool.pos();
            EVALWRIGHT_TRY(write());
            members.push_back({name, begin, spool.pos() - begin});
            return {};
        };
        EVALWRIGHT_TRY(add(u"_journal/start.json"_s, [&]() -> Status {
            EVALWRIGHT_TRY(put(spool, "{\"version\": 2, \"eval\": "));
            EVALWRIGHT_TRY(writeEval(spool));
            return put(spool, ", \"plan\": {}}");
        }));
        EVALWRIGHT_TRY(forEach([&](const AnswerRow &row) {
            return add(u"samples/%1_epoch_%2.json"_s.arg(row.item.uuid).arg(row.observation.repeat + 1),
                       [&] { return put(spool, printed(sampleOf(row, m_dataset.name, m_model, false))); });
        }));
        EVALWRIGHT_TRY(add(u"summaries.json"_s, [&]() -> Status {
            bool first = true;
            EVALWRIGHT_TRY(put(spool, "["));
            EVALWRIGHT_TRY(forEach([&](const AnswerRow &row) {
                const QByteArray comma = std::exchange(first, false) ? "" : ",";
                return put(spool, comma + printed(sampleOf(row, m_dataset.name, m_model, true)));
            }));
            return put(spool, "]");
        }));
        EVALWRIGHT_TRY(add(u"header.json"_s, [&]() -> Status {
            EVALWRIGHT_TRY(put(spool, "{\"version\": 2, \"status\": \"success\", \"eval\": "));
            EVALWRIGHT_TRY(writeEval(spool));
            return put(spool, ", \"plan\": {}, \"results\": " + printed(results()) + ", \"stats\": {}}");
        }));
        return members;
    }

    const InspectLogReport &report() const { return m_report; }

private:
    Status forEach(const std::function<Status(const AnswerRow &)> &use) const
    {
        return forEachAnswer(m_connection, m_place, [&](const AnswerRow &row) -> Status {
            if (m_token.isCancelled())
                return failure(stoppedOnRequest());
            return use(row);
        });
    }
    Status put(QIODevice &out, const QByteArray &bytes) const
    {
        if (out.write(bytes) != bytes.size())
            return failure(Error(ErrorCode::Storage, u"Could not write “%1”."_s.arg(m_report.path),
                                 u"Check that the disk is not full."_s, out.errorString()));
        return {};
    }

    /// The ids are many, so they are not held.
    Status writeEval(QIODevice &out) const
    {
        ordered_json eval;
        eval["eval_id"] = m_run.uuid.toStdString();
        eval["run_id"] = m_run.uuid.toStdString();
        eval["created"] = m_run.createdAt.toStdString();
        eval["task"] = m_dataset.name.toStdString();
        eval["task_id"] = m_dataset.uuid.toStdString();
        eval["model"] = m_model.toStdString();
        eval["config"] = {{"epochs", m_repeats}};
        eval["packages"] = {{"evalwright", EVALWRIGHT_VERSION}};
        eval["scorers"] = ordered_json::array({{{"name", "matching"}}});
        eval["metadata"] = {
            {"run", m_run.uuid.toStdString()},
            {"frame", m_report.frame.toStdString()},
            {"method", m_method.toStdString()},
            {"fingerprint", m_fingerprint.isEmpty() ? ordered_json() : ordered_json(m_fingerprint.toStdString())},
            {"canary", m_dataset.canary.simplified().toStdString()}};
        QByteArray head = printed(eval);
        head.chop(1);
        EVALWRIGHT_TRY(put(out, head + ",\"dataset\": {\"name\": " + printed(m_dataset.name.toStdString()) +
                                    ", \"samples\": " + QByteArray::number(m_report.samples) +
                                    ", \"shuffled\": false, \"sample_ids\": ["));
        QString latest;
        EVALWRIGHT_TRY(forEach([&](const AnswerRow &row) -> Status {
            if (row.item.uuid == latest)
                return {};
            const QByteArray comma = latest.isEmpty() ? "" : ",";
            latest = row.item.uuid;
            return put(out, comma + printed(latest.toStdString()));
        }));
        return put(out, "]}}");
    }

    ordered_json results() const
    {
        const double n = static_cast<double>(m_report.scored), rate = n > 0 ? static_cast<double>(m_right) / n : 0;
        ordered_json metrics = ordered_json::object();
        if (n > 0)
            metrics["accuracy"] = {{"name", "accuracy"}, {"value", rate}};
        if (n > 1)
            metrics["stderr"] = {{"name", "stderr"}, {"value", std::sqrt(rate * (1 - rate) / (n - 1))}};
        return {{"total_samples", m_report.samples},
                {"completed_samples", m_report.samples - m_failed},
                {"scores", ordered_json::array({{{"name", "matching"},
                                                 {"scorer", "matching"},
                                                 {"scored_samples", m_report.scored},
                                                 {"unscored_samples", m_report.samples - m_report.scored},
                                                 {"metrics", metrics}}})}};
    }

    Connection &m_connection;
    const LogChoice &m_choice;
    const CancellationToken &m_token;
    InspectLogReport m_report;
    Run m_run;
    Dataset m_dataset;
    CellPlace m_place;
    QString m_model, m_fingerprint, m_method;
    qint64 m_right = 0, m_failed = 0, m_repeats = 1;
};

Status writeLog(const Log &log, const QString &path)
{
    if (path.endsWith(".eval"_L1, Qt::CaseInsensitive)) {
        QTemporaryFile spool;
        if (!spool.open())
            return failure(fileError(spool, u"Could not make the temporary file"_s, spool.fileName()));
        EVALWRIGHT_ASSIGN(const std::vector<ZipSection> members, log.writeMembers(spool));
        if (!spool.flush())
            return failure(fileError(spool, u"Could not write the temporary file"_s, spool.fileName()));
        return writeZip(path, spool.fileName(), members);
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failure(fileError(file, u"Could not write"_s, path));
    EVALWRIGHT_TRY(log.writeJson(file));
    if (!file.commit())
        return failure(fileError(file, u"Could not write"_s, path));
    return {};
}

} // namespace

nlohmann::json InspectLogReport::toJson() const
{
    return {{"path", path.toStdString()},
            {"format", "inspect-log"},
            {"run", run.toStdString()},
            {"dataset", dataset.toStdString()},
            {"model", model.toStdString()},
            {"frame", frame.toStdString()},
            {"rows", samples},
            {"scored", scored},
            {"sha256", sha256.toStdString()}};
}

Result<InspectLogReport> exportInspectLog(Project &project, const LogChoice &choice, const QString &path,
                                          bool overwrite, const CancellationToken &token)
{
    if (path == "-"_L1)
        return failure(ErrorCode::InvalidInput, u"Logs are written to files."_s,
                       u"Name a file that ends in .eval or .json."_s);
    EVALWRIGHT_TRY(mayWriteFile(path, project.path(), overwrite));
    EVALWRIGHT_ASSIGN(InspectLogReport report, project.readNow([&](Connection &c) -> Result<InspectLogReport> {
        Log log(c, choice, path, token);
        EVALWRIGHT_TRY(log.choose());
        EVALWRIGHT_TRY(writeLog(log, path));
        return log.report();
    }));
    EVALWRIGHT_ASSIGN(report.sha256, sha256OfFile(path));
    return report;
}

} // namespace evalwright
