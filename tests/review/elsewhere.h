// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "merged.h"
#include "review/elsewhere/mergetool.h"

#include <QProcess>
#include <QStandardPaths>

#include <set>

/// Raters who work in Label Studio or Argilla, played by writing what those tools write.
namespace evalwright::test {

using nlohmann::json;

inline json jsonOf(const QString &path)
{
    const QByteArray bytes = bytesOf(path);
    return json::parse(bytes.begin(), bytes.end(), nullptr, false);
}
inline QString write(const QString &path, const json &document)
{
    writeBytes(path, QByteArray::fromStdString(document.dump(1)));
    return path;
}

/// What a simulated rater says about task number `i`, by question.
inline json said(int i)
{
    json answers{{"answer", i % 3 ? "Yes" : "No"}, {"relevance", 1 + i % 5}, {"ambiguous", i % 4 ? "no" : "yes"}};
    if (i % 4 == 0) // What a spreadsheet would run, and what CSV has to quote.
        answers["comment"] = "=HYPERLINK(\"x\"), \"quoted\",\tand\nmore; \xc3\xa4 \xe2\x80\x93 " + std::to_string(i);
    return answers;
}

inline json labelStudioResult(const std::string &name, const std::string &type, const json &value)
{
    return {{"id", "abc"}, {"from_name", name}, {"to_name", "question"}, {"type", type}, {"origin", "manual"},
            {"value", value}};
}
inline json labelStudioResults(const json &answers)
{
    json results = json::array();
    for (const auto &[name, value] : answers.items()) {
        if (value.is_number())
            results.push_back(labelStudioResult(name, "rating", {{"rating", value}}));
        else if (name == "comment")
            results.push_back(labelStudioResult(name, "textarea", {{"text", json::array({value})}}));
        else
            results.push_back(labelStudioResult(name, "choices", {{"choices", json::array({value})}}));
    }
    return results;
}

/// One annotation as the full export has it; `version` counts later edits.
inline json annotation(int id, int account, const json &answers, int version = 0)
{
    const QString time = QStringLiteral("2026-11-24T02:%1:%2.583286Z")
                             .arg(id / 60 % 60, 2, 10, QLatin1Char('0'))
                             .arg(id % 60, 2, 10, QLatin1Char('0'));
    QString updated = time;
    updated.replace(QStringLiteral("T02"), QStringLiteral("T%1").arg(3 + version, 2, 10, QLatin1Char('0')));
    return {{"id", id},
            {"completed_by", account},
            {"result", labelStudioResults(answers)},
            {"was_cancelled", false},
            {"ground_truth", false},
            {"created_at", time.toStdString()},
            {"updated_at", updated.toStdString()},
            {"lead_time", 7.5 + id},
            {"prediction", json::object()},
            {"parent_prediction", nullptr},
            {"unique_id", newUuid().toStdString()}};
}
/// The export of a project in which each account answered each task.
inline json labelStudioExport(const json &tasks, const QList<int> &accounts, int firstId = 1)
{
    json list = json::array();
    int id = firstId;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        json task{{"id", i + 1},
                  {"data", tasks[i]["data"]},
                  {"meta", tasks[i]["meta"]},
                  {"drafts", json::array()},
                  {"annotations", json::array()}};
        for (const int account : accounts) {
            task["annotations"].push_back(annotation(id, account, said(static_cast<int>(i) + account)));
            ++id;
        }
        list.push_back(task);
    }
    return list;
}
/// What Label Studio makes of it for JSON_MIN: single choices and texts as they are, ratings in a list.
inline json minimalOf(const json &full)
{
    json rows = json::array();
    for (const json &task : full) {
        for (const json &one : task["annotations"]) {
            if (one["was_cancelled"] == true)
                continue;
            json row = task["data"];
            row["id"] = task["id"];
            for (const json &result : one["result"]) {
                const json &value = result["value"];
                const std::string name = result["from_name"];
                const json inner = value.begin().value();
                if (result["type"] == "rating")
                    row[name] = json::array({value});
                else
                    row[name] = inner.size() == 1 ? inner[0] : value;
            }
            row["annotator"] = one["completed_by"];
            row["annotation_id"] = one["id"];
            for (const char *same : {"created_at", "updated_at", "lead_time"})
                row[same] = one[same];
            rows.push_back(row);
        }
    }
    return rows;
}
/// The table Label Studio makes of JSON_MIN: texts quoted, structures as JSON, columns sorted.
inline QByteArray tableOf(const json &minimal, char delimiter)
{
    std::set<std::string> columns;
    for (const json &row : minimal) {
        for (const auto &[name, value] : row.items())
            columns.insert(name);
    }
    const auto quoted = [](const std::string &text) {
        return '"' + QByteArray::fromStdString(text).replace("\"", "\"\"") + '"';
    };
    QByteArray out;
    for (const std::string &name : columns)
        out += (out.isEmpty() ? QByteArray() : QByteArray(1, delimiter)) + quoted(name);
    for (const json &row : minimal) {
        out += "\r\n";
        bool isFirst = true;
        for (const std::string &name : columns) {
            if (!isFirst)
                out += delimiter;
            isFirst = false;
            const json cell = row.value(name, json());
            if (cell.is_number())
                out += QByteArray::fromStdString(cell.dump());
            else
                out += quoted(cell.is_null() ? std::string() : cell.is_string() ? cell.get<std::string>() : cell.dump());
        }
    }
    return out + "\r\n";
}

inline const QString user(int number)
{
    return QStringLiteral("%1%1%1%1%1%1%1%1-1111-4111-8111-111111111111").arg(number % 10);
}
/// Argilla's flattened records in which each account handed in an answer to each record.
inline json argillaExport(const json &records, const QList<int> &users)
{
    json list = json::array();
    for (std::size_t i = 0; i < records.size(); ++i) {
        json row = records[i];
        row["status"] = "pending";
        row["_server_id"] = nullptr;
        for (const int one : users) {
            const json answers = said(static_cast<int>(i) + one);
            for (const auto &[name, value] : answers.items()) {
                row[name + ".responses"].push_back(value);
                row[name + ".responses.users"].push_back(user(one).toStdString());
                row[name + ".responses.status"].push_back("submitted");
            }
        }
        list.push_back(row);
    }
    return list;
}

/// A questionnaire with every kind of question, conditions on each kind, and a name that the tools have taken.
inline Questionnaire everyKind()
{
    return must(Questionnaire::fromText(QByteArray(R"({"format": "evalwright-questionnaire/1", "name": "q", "title": "t", "questions": [
        {"id": "answer", "kind": "options", "text": {"en": "Right?", "de": "Richtig $x?"}},
        {"id": "why", "kind": "multi-choice", "text": "Why?", "required": false,
         "choices": [{"key": "a", "text": "A, first"}, {"key": "b", "text": "B"}],
         "shown_if": {"question": "answer", "values": ["Yes", "A"]}},
        {"id": "unsure", "kind": "flag", "text": "Unsure?", "required": false},
        {"id": "sure", "kind": "scale", "text": "How sure?", "shown_if": {"question": "unsure", "values": [false]}},
        {"id": "level", "kind": "scale", "low": 0, "high": 3, "low_text": "none", "high_text": "all", "text": "Level?"},
        {"id": "deep", "kind": "text", "text": "Deep?", "shown_if": {"question": "level", "values": [2, 3]}},
        {"id": "question", "kind": "text", "text": "More?", "required": true,
         "shown_if": {"question": "deep", "values": ["x"]}}]})")));
}

/// A review whose lists went away as tasks.
struct Elsewhere : Bundled
{
    using Bundled::Bundled;

    review::WrittenTasks written(review::Tool tool, const QString &name, const review::ToolExportOptions &options = {})
    {
        return must(review::writeTasks(store.project, review.id, tool, path(name), options));
    }
    /// The tasks of these lists; all free ones without.
    json tasks(review::Tool tool, const QString &name, const QList<int> &slots = {})
    {
        review::ToolExportOptions options;
        options.slots = slots;
        return jsonOf(written(tool, name, options).path);
    }
    Observed copy(const QString &name) const
    {
        Observed fresh;
        fresh.project = copyOf(store, path(name));
        return fresh;
    }
};

inline Result<review::ToolMergeReport> mergeTool(const Observed &store, const QString &path, bool skipBad = false,
                                                 bool acceptChanged = false)
{
    review::ToolMergeOptions options;
    options.skipBad = skipBad;
    options.acceptChanged = acceptChanged;
    return review::mergeToolAnswers(store.project, path, options);
}

/// A Python with the real tool's package, where this machine has one: the interpreter that EVALWRIGHT_TOOLS_PYTHON
/// names, else python3.
inline QString pythonWith(const QString &package)
{
    const QString named = qEnvironmentVariable("EVALWRIGHT_TOOLS_PYTHON");
    const QString python = named.isEmpty() ? QStandardPaths::findExecutable(QStringLiteral("python3")) : named;
    if (python.isEmpty())
        return {};
    QProcess process;
    process.start(python, {QStringLiteral("-c"), QStringLiteral("import ") + package});
    return process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit &&
                   process.exitCode() == 0
               ? python
               : QString();
}
/// Runs a script beside the tests; its standard error when it failed.
inline QByteArray runScript(const QString &python, const QString &script, const QStringList &arguments)
{
    QProcess process;
    process.start(python, QStringList{QStringLiteral(EVALWRIGHT_SOURCE_DIR "/tests/review/tools/") + script} + arguments);
    if (!process.waitForFinished(120'000))
        return "did not end";
    return process.exitCode() == 0 ? QByteArray() : process.readAllStandardError() + " failed";
}

} // namespace evalwright::test
