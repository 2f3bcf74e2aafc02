// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reviews in Argilla: records and settings out, flattened records back.
#include "elsewhere.h"

#include "review/agreement.h"
#include "review/elsewhere/argillarecords.h"

#include <functional>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;

namespace {

/// One record a line, the members of each in another order, and null where a record has no answer: as Argilla does.
QByteArray linesOf(const json &rows)
{
    std::set<std::string> names;
    for (const json &row : rows) {
        for (const auto &[name, value] : row.items())
            names.insert(name);
    }
    QByteArray out;
    std::size_t turn = 0;
    for (const json &row : rows) {
        std::vector<std::string> order(names.begin(), names.end());
        std::ranges::rotate(order, order.begin() + static_cast<std::ptrdiff_t>(turn++ % order.size()));
        QByteArray line;
        for (const std::string &name : order)
            line += (line.isEmpty() ? "{" : ", ") + QByteArray::fromStdString(json(name).dump() + ": " + row.value(name, json()).dump());
        out += line + "}\n";
    }
    return out;
}

const json *questionIn(const json &settings, const char *name)
{
    for (const json &question : settings["questions"]) {
        if (question["name"] == name)
            return &question;
    }
    return nullptr;
}

} // namespace

class TestArgilla : public QObject
{
    Q_OBJECT

    using Change = std::function<void(json &row)>;

private Q_SLOTS:
    void recordsAreBlindAndTheSameAgain()
    {
        Elsewhere s(12);
        const BundleIdentity identity{u"11111111-2222-4333-8444-555555555555"_s, QByteArray(32, 'k'), u"2026-01-01T00:00:00.000Z"_s};
        const auto files = [&](bool showPredictions) {
            ToolExportOptions options;
            options.showPredictions = showPredictions;
            return must(s.store.project->readNow(
                [&](Connection &c) { return toolFiles(c, s.review, Tool::Argilla, {0, 1, 2}, identity, options); }));
        };
        const ToolFiles blind = files(false), seen = files(true);
        QCOMPARE(files(false).tasks, blind.tasks);
        const json records = json::parse(blind.tasks.begin(), blind.tasks.end()), open = json::parse(seen.tasks.begin(), seen.tasks.end());
        QCOMPARE(records.size(), static_cast<std::size_t>(blind.count));
        for (std::size_t i = 0; i < records.size(); ++i) {
            QVERIFY(!records[i].contains("answer"));
            const std::string question = open[i]["question"];
            QCOMPARE(open[i]["answer"].get<std::string>(), (question.back() - '0') % 2 == 0 ? "Yes" : "No");
            QCOMPARE(records[i]["meta_options"].get<std::string>(), "[\"No\",\"Yes\"]"); // As the labels stand.
        }
        for (const char *word : {"confidence", "gold", "stratum", "matching", "repeat"})
            QVERIFY2(!blind.tasks.contains(word), word);
        const json settings = json::parse(blind.settings.begin(), blind.settings.end());
        QCOMPARE(settings["distribution"]["min_submitted"].get<int>(), 3);
        QVERIFY(settings["guidelines"].get<std::string>().find("evalwright canary") != std::string::npos);
        QVERIFY(blind.notes.isEmpty());
    }

    void theSettingsAskWhatTheQuestionnaireAsks()
    {
        ToolJob job;
        job.questionnaire = everyKind();
        job.language = u"de"_s;
        const ArgillaSettings made = argillaSettings(job, {u"A"_s, u"B"_s, u"C"_s});
        const json &settings = made.document;
        QCOMPARE((*questionIn(settings, "answer"))["settings"]["options"].size(), 3U);
        QCOMPARE((*questionIn(settings, "answer"))["title"].get<std::string>(), "Richtig $x?");
        QVERIFY((*questionIn(settings, "answer"))["required"].get<bool>());
        QCOMPARE((*questionIn(settings, "why"))["type"].get<std::string>(), "multi_label_selection");
        QCOMPARE((*questionIn(settings, "level"))["settings"]["options"][0]["value"].get<int>(), 0);
        QCOMPARE((*questionIn(settings, "level"))["description"].get<std::string>(), "0 = none, 3 = all");
        QCOMPARE((*questionIn(settings, "unsure"))["settings"]["options"].size(), 2U);
        QVERIFY(!(*questionIn(settings, "_question"))["required"].get<bool>()); // It may not have been asked.
        QVERIFY(!questionIn(settings, "question"));                             // That is the item's text.
        QCOMPARE(made.notes.size(), 4);                                         // One for each question that waits.
    }

    /// Handed in as lines or as a list, once or again: the same judgements.
    void whatPeopleSayComesBack()
    {
        Elsewhere s(12);
        const json records = s.tasks(Tool::Argilla, u"r.json"_s), answered = argillaExport(records, {3, 8});
        const QString list = write(s.path(u"list.json"_s), answered), lines = s.path(u"lines.jsonl"_s);
        writeBytes(lines, linesOf(answered));
        const auto wanted = static_cast<qint64>(2 * records.size());
        const Observed fresh = s.copy(u"other.evalwright"_s);
        QCOMPARE(must(mergeTool(fresh, list)).judgementsNew, wanted);
        const ToolMergeReport report = must(mergeTool(s.store, lines));
        QVERIFY2(report.bad == 0, report.toJson().dump().c_str());
        QCOMPARE(report.judgementsNew, wanted);
        QCOMPARE(report.raters, (QStringList{u"argilla-33333333"_s, u"argilla-88888888"_s}));
        QCOMPARE(must(mergeTool(s.store, list)).judgementsKnown, wanted);
        QCOMPARE(stateOf(s.store, s.review), stateOf(fresh, s.review));
        QCOMPARE(counted(s.store, s.review), wanted);
        const QByteArray lineOf = exported(s.store, s.dataset);
        qint64 compared = 0;
        for (const QByteArray &line : lineOf.split('\n')) {
            if (line.isEmpty())
                continue;
            const json one = json::parse(line.begin(), line.end());
            for (std::size_t i = 0; i < records.size(); ++i) {
                if (records[i]["meta_list"] == one["slot"].get<int>() + 1 && records[i]["meta_position"] == one["position"].get<int>() + 1) {
                    QCOMPARE(one["answers"], said(static_cast<int>(i) + (one["rater"] == "argilla-33333333" ? 3 : 8)));
                    ++compared;
                }
            }
        }
        QCOMPARE(compared, wanted);
        const Agreement agreement = must(s.store.project->readNow([&](Connection &c) -> Result<Agreement> {
            EVALWRIGHT_ASSIGN(ReadAgreement read, readAgreement(c, s.review, {}, {}));
            return std::move(read.agreement);
        }));
        QVERIFY(!agreement.perRater.first().medianSeconds); // Argilla says no time, and that is not 0 seconds.
    }

    void onlyWhatWasHandedIn()
    {
        Elsewhere s(6);
        json rows = argillaExport(s.tasks(Tool::Argilla, u"r.json"_s, {0}), {1, 2});
        const auto state = [&](std::size_t row, std::size_t who, const char *status) {
            for (auto &[name, value] : rows[row].items()) {
                if (name.ends_with(".responses.status"))
                    value[who] = status;
            }
        };
        state(0, 1, "draft");
        state(1, 0, "discarded");
        rows[2]["answer.suggestion"] = "Yes";
        for (const char *name : {"answer", "relevance", "ambiguous"}) {
            for (const char *part : {".responses", ".responses.users", ".responses.status"})
                rows[3][std::string(name) + part] = nullptr;
        }
        for (const char *part : {".responses", ".responses.users", ".responses.status"})
            rows[3].erase(std::string("comment") + part);
        const ToolMergeReport report = must(mergeTool(s.store, write(s.path(u"a.json"_s), rows)));
        QVERIFY2(report.bad == 0, report.toJson().dump().c_str());
        QCOMPARE(report.drafts, 1);
        QCOMPARE(report.skipped, 1);
        QCOMPARE(report.sawPrediction, 2);
        QCOMPARE(report.unanswered, 1);
        QCOMPARE(report.judgementsNew, static_cast<qint64>(2 * rows.size()) - 1 - 2);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement WHERE state = 'skipped'"_s), 1);
    }

    void rowsThatCannotBeUsed_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *name, const QString &reason, const QString &field, const Change &change) {
            QTest::newRow(name) << change << reason << field;
        };
        row("a label that the item does not have", u"wrong-type"_s, u"answer"_s, [](json &one) { one["answer.responses"][0] = "C"; });
        row("answers without accounts", u"wrong-type"_s, u"answer.responses"_s, [](json &one) { one["answer.responses.users"] = nullptr; });
        row("more answers than accounts", u"wrong-type"_s, u"answer.responses"_s, [](json &one) { one["answer.responses"].push_back("No"); });
        row("an account that is none", u"wrong-type"_s, u"answer.responses.users"_s, [](json &one) { one["answer.responses.users"][0] = "ann@example.org"; });
        row("a state that is none", u"wrong-type"_s, u"answer.responses.status"_s, [](json &one) { one["answer.responses.status"][0] = nullptr; });
        row("handed in by halves", u"wrong-type"_s, u"relevance.responses.status"_s, [](json &one) { one["relevance.responses.status"][0] = "draft"; });
        row("a rating that is none", u"wrong-type"_s, u"relevance"_s, [](json &one) { one["relevance.responses"][0] = json::array({1, 2}); });
        row("a required answer missing", u"wrong-type"_s, {}, [](json &one) {
            for (const char *part : {".responses", ".responses.users", ".responses.status"})
                one[std::string("relevance") + part] = nullptr;
        });
        row("no item", u"id-unknown"_s, u"id"_s, [](json &one) { one["id"] = 7; });
        row("a foreign export", u"signature"_s, u"export_id"_s, [](json &one) { one["meta_export_id"] = newUuid().toStdString(); });
        row("another place", u"id-unknown"_s, {}, [](json &one) { one["meta_position"] = one["meta_position"].get<int>() + 1; });
        row("options that are none", u"wrong-type"_s, u"meta_options"_s, [](json &one) { one["meta_options"] = "{\"a\": 1}"; });
    }
    void rowsThatCannotBeUsed()
    {
        QFETCH(Change, change);
        QFETCH(QString, reason);
        QFETCH(QString, field);
        Elsewhere s(6, 1, 0);
        json rows = argillaExport(s.tasks(Tool::Argilla, u"r.json"_s), {1});
        change(rows[1]);
        writeBytes(s.path(u"a.jsonl"_s), linesOf(rows));
        const QByteArray before = stateOf(s.store, s.review);
        const ToolMergeReport refused = must(mergeTool(s.store, s.path(u"a.jsonl"_s)));
        QVERIFY(refused.refused);
        QCOMPARE(refused.bad, 1);
        QCOMPARE(refused.problems[0].reason, reason);
        QCOMPARE(refused.problems[0].field, field);
        QCOMPARE(refused.problems[0].row, 2);
        QCOMPARE(stateOf(s.store, s.review), before);
        QCOMPARE(must(mergeTool(s.store, s.path(u"a.jsonl"_s), true)).judgementsNew, static_cast<qint64>(rows.size()) - 1);
    }

    /// Without times nobody can tell which of two answers is the later one.
    void anAnswerThatWasChangedIsAConflict()
    {
        Elsewhere s(6, 1, 0);
        json rows = argillaExport(s.tasks(Tool::Argilla, u"r.json"_s), {1});
        must(mergeTool(s.store, write(s.path(u"a.json"_s), rows)));
        rows[0]["relevance.responses"][0] = 5;
        const ToolMergeReport report = must(mergeTool(s.store, write(s.path(u"b.json"_s), rows)));
        QCOMPARE(report.conflicts.size(), 1);
        QCOMPARE(report.judgementsNew, 0);
    }

    void theNestedFormIsRefused()
    {
        Elsewhere s(6);
        const json nested = json::array({{{"id", "x"}, {"fields", json::object()}, {"responses", json::object()}, {"_server_id", nullptr}}});
        for (const QByteArray &bytes : {QByteArray::fromStdString(nested.dump()), QByteArray::fromStdString(nested[0].dump()) + '\n'}) {
            writeBytes(s.path(u"n"_s), bytes);
            const auto merged = mergeTool(s.store, s.path(u"n"_s));
            QCOMPARE(merged.error().code, ErrorCode::Unsupported);
            QVERIFY(merged.error().message.contains(u"does not say which answers were handed in"_s));
            QCOMPARE(must(answersToolOf(s.path(u"n"_s))), std::optional(Tool::Argilla));
        }
    }

    /// Records that the classes of Argilla 2.8 wrote. Their items are not ours.
    void whatTheToolWrites()
    {
        const QDir folder(QStringLiteral(EVALWRIGHT_SHARED_DIR "/spec/samples/argilla"));
        if (!folder.exists())
            QSKIP("The samples of Argilla are not beside this checkout (../shared/spec/samples).");
        Elsewhere s(6);
        const ToolMergeReport report = must(mergeTool(s.store, folder.filePath(u"records-flattened.jsonl"_s)));
        QVERIFY(report.refused);
        QCOMPARE(report.rows, 2);
        QCOMPARE(report.unanswered, 1);
        QCOMPARE(report.problems[0].reason, u"id-unknown"_s);
        QCOMPARE(mergeTool(s.store, folder.filePath(u"records.json"_s)).error().code, ErrorCode::Unsupported);
    }

    /// Argilla's own client takes what is written for it, and what it makes of answers is understood.
    void theToolItself()
    {
        const QString python = pythonWith(u"argilla"_s);
        if (python.isEmpty())
            QSKIP("No Python with argilla (EVALWRIGHT_TOOLS_PYTHON names one): the real client is NOT tested.");
        Elsewhere s(12);
        ToolExportOptions options;
        options.showPredictions = true;
        const WrittenTasks written = s.written(Tool::Argilla, u"r.json"_s, options);
        const json records = jsonOf(written.path);
        json answers = json::object();
        for (std::size_t i = 0; i < records.size(); ++i) {
            for (const int who : {1, 2}) {
                answers[records[i]["id"].get<std::string>()].push_back({{"user", user(who).toStdString()},
                                                                        {"status", who == 2 && i == 0 ? "draft" : "submitted"},
                                                                        {"values", said(static_cast<int>(i) + who)}});
            }
        }
        QCOMPARE(runScript(python, u"argilla_check.py"_s, {written.settingsPath, written.path, write(s.path(u"said"_s), answers), s.path(u"flat.json"_s)}),
                 QByteArray());
        const ToolMergeReport report = must(mergeTool(s.store, s.path(u"flat.json"_s)));
        QVERIFY2(report.bad == 0, report.toJson().dump().c_str());
        QCOMPARE(report.drafts, 1);
        QCOMPARE(report.judgementsNew, 2 * written.tasks - 1);
        QCOMPARE(report.sawPrediction, report.judgementsNew);
    }
};

QTEST_GUILESS_MAIN(TestArgilla)
#include "tst_argilla.moc"
