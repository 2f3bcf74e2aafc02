// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reviews in Label Studio: tasks and interface out, annotations in all of its forms back.
#include "elsewhere.h"

#include "review/elsewhere/labelstudioconfig.h"
#include "review/elsewhere/toolvalue.h"

#include <QRandomGenerator>
#include <QXmlStreamReader>

#include <functional>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;

namespace {

const BundleIdentity fixedIdentity{u"11111111-2222-4333-8444-555555555555"_s, QByteArray(32, 'k'), u"2026-01-01T00:00:00.000Z"_s};

ToolFiles filesOf(const Elsewhere &s, const ToolExportOptions &options = {}, const BundleIdentity &identity = fixedIdentity)
{
    return must(s.store.project->readNow(
        [&](Connection &c) { return toolFiles(c, s.review, Tool::LabelStudio, {0, 1, 2}, identity, options); }));
}

/// Attributes of all tags of the interface that have a name, by name.
QMap<QString, QXmlStreamAttributes> controlsOf(const QByteArray &xml)
{
    QMap<QString, QXmlStreamAttributes> controls;
    QXmlStreamReader reader(xml);
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.attributes().hasAttribute(u"name"_s))
            controls.insert(reader.attributes().value(u"name"_s).toString(), reader.attributes());
    }
    if (reader.hasError())
        qFatal("%s", qPrintable(reader.errorString()));
    return controls;
}

} // namespace

class TestLabelStudio : public QObject
{
    Q_OBJECT

    using Change = std::function<void(json &full)>;
    std::unique_ptr<Elsewhere> m_shared; ///< Of the rows that cannot be used: making a project takes its time.
    json m_tasks;
    int m_nextId = 1;

private Q_SLOTS:
    void tasksAreBlindAndTheSameAgain()
    {
        Elsewhere s(12);
        const ToolFiles once = filesOf(s), again = filesOf(s);
        QCOMPARE(once.tasks, again.tasks);
        QCOMPARE(once.settings, again.settings);
        BundleIdentity other = fixedIdentity;
        other.key = QByteArray(32, 'o');
        QVERIFY(filesOf(s, {}, other).tasks != once.tasks);
        const json tasks = json::parse(once.tasks.begin(), once.tasks.end());
        // Every item, and repeats beside: three lists have the same eleven drawn items, the gold one, and two repeats.
        QCOMPARE(tasks.size(), static_cast<std::size_t>(once.count));
        QVERIFY(tasks.size() > 12);
        QSet<QString> orders, names;
        for (const json &task : tasks) {
            orders << QString::fromStdString(task["data"]["options"][0]["alias"]);
            names << QString::fromStdString(task["data"]["item_id"]);
            QVERIFY(!task.contains("predictions"));
            QCOMPARE(task["meta"]["canary"].get<std::string>().find("evalwright canary GUID"), 0U);
        }
        QCOMPARE(names.size(), tasks.size());
        QCOMPARE(orders, (QSet<QString>{u"Yes"_s, u"No"_s}));
        // No name that a published file has, no label, no confidence, no mark.
        for (const CandidateId id : s.items) {
            const CandidateRow row = must(s.store.ask([&](Connection &c) { return candidateById(c, id); }));
            QVERIFY(!once.tasks.contains(row.candidate.uuid.toLatin1()));
        }
        for (const char *word : {"confidence", "gold", "stratum", "matching", "repeat", "score"})
            QVERIFY2(!once.tasks.contains(word), word);
    }

    void labelsOnlyWhenAskedFor()
    {
        Elsewhere s(6);
        ToolExportOptions options;
        options.showPredictions = true;
        const ToolFiles files = filesOf(s, options);
        const json tasks = json::parse(files.tasks.begin(), files.tasks.end());
        for (const json &task : tasks) {
            const json &prediction = task["predictions"][0];
            QVERIFY(prediction["score"].get<double>() >= 0.5);
            QCOMPARE(prediction["result"][0]["from_name"].get<std::string>(), "answer");
            const std::string question = task["data"]["question"], label = prediction["result"][0]["value"]["choices"][0];
            QCOMPARE(label, (question.back() - '0') % 2 == 0 ? "Yes" : "No"); // As Reviewed writes them.
        }
    }

    void anExportTakesListsAndReplacesNothing()
    {
        Elsewhere s(6);
        ToolExportOptions one;
        one.lists = 1;
        const WrittenTasks first = s.written(Tool::LabelStudio, u"one.json"_s, one);
        QCOMPARE(first.slots, QList<int>{0});
        QCOMPARE(first.settingsPath, s.path(u"one.config.xml"_s));
        QVERIFY(QFile::exists(first.settingsPath));
        QVERIFY(first.isBlind);
        const auto again = writeTasks(s.store.project, s.review.id, Tool::LabelStudio, s.path(u"one.json"_s), one);
        QCOMPARE(again.error().code, ErrorCode::AlreadyExists);
        QFile::remove(s.path(u"one.json"_s)); // The settings alone stand in the way, too.
        QCOMPARE(writeTasks(s.store.project, s.review.id, Tool::LabelStudio, s.path(u"one.json"_s), one).error().code,
                 ErrorCode::AlreadyExists);
        QVERIFY(!QFile::exists(s.path(u"one.json"_s)));
        QCOMPARE(s.written(Tool::LabelStudio, u"rest.json"_s).slots, (QList<int>{1, 2}));
        QCOMPARE(writeTasks(s.store.project, s.review.id, Tool::LabelStudio, s.path(u"none.json"_s), {}).error().code,
                 ErrorCode::Unsupported);
    }

    void theInterfaceAsksWhatTheQuestionnaireAsks()
    {
        ToolJob job;
        job.behaviour = u"b"_s;
        job.guideline = u"Read \"this\" & <that>.\n\nIt costs $5\u0007."_s;
        job.questionnaire = everyKind();
        job.language = u"de"_s;
        const LabelStudioConfig made = labelStudioConfig(job);
        const auto controls = controlsOf(made.xml);
        QCOMPARE(controls.keys(), (QStringList{u"_broken"_s, u"_question"_s, u"answer"_s, u"deep"_s, u"level"_s, u"question"_s,
                                               u"sure"_s, u"unsure"_s, u"why"_s}));
        QCOMPARE(controls[u"answer"_s].value(u"value"_s), u"$options"_s);
        QCOMPARE(controls[u"answer"_s].value(u"required"_s), u"true"_s);
        QVERIFY(!controls[u"why"_s].hasAttribute(u"required"_s));
        QCOMPARE(controls[u"why"_s].value(u"choice"_s), u"multiple"_s);
        QCOMPARE(controls[u"sure"_s].value(u"maxRating"_s), u"5"_s);
        QVERIFY(!controls[u"level"_s].hasAttribute(u"maxRating"_s)); // Stars count from 1.
        QCOMPARE(controls[u"_question"_s].value(u"required"_s), u"true"_s);
        const QString xml = QString::fromUtf8(made.xml);
        QVERIFY(xml.contains(u"visibleWhen=\"choice-selected\" whenTagName=\"answer\" whenChoiceValue=\"Yes,A\""_s));
        QVERIFY(xml.contains(u"visibleWhen=\"choice-unselected\" whenTagName=\"unsure\" whenChoiceValue=\"yes\""_s));
        QVERIFY(xml.contains(u"visibleWhen=\"choice-selected\" whenTagName=\"level\" whenChoiceValue=\"2,3\""_s));
        QVERIFY(!xml.contains(u"whenTagName=\"deep\""_s));
        QCOMPARE(made.notes.size(), 1);
        QVERIFY(made.notes.first().contains(u"“question”"_s));
        QVERIFY(xml.contains(u"Richtig $\u2060x?"_s)); // No data of the task.
        QVERIFY(xml.contains(u"It costs $\u20605\uFFFD."_s));
        QVERIFY(xml.contains(u"Read &quot;this&quot; &amp; &lt;that&gt;."_s));
        QVERIFY(xml.contains(u"<Choice value=\"A, first\" alias=\"a\"/>"_s));
    }

    /// What two people say comes back the same from each of the four forms, and from all of them together.
    void allFormsGiveTheSameJudgements()
    {
        Elsewhere s(12);
        const json tasks = s.tasks(Tool::LabelStudio, u"t.json"_s), full = labelStudioExport(tasks, {3, 8}),
                   minimal = minimalOf(full);
        QStringList files{write(s.path(u"full.json"_s), full), write(s.path(u"min.json"_s), minimal), s.path(u"x.csv"_s),
                          s.path(u"x.tsv"_s)};
        writeBytes(files[2], tableOf(minimal, ','));
        writeBytes(files[3], tableOf(minimal, '\t'));
        const auto wanted = static_cast<qint64>(2 * tasks.size());
        QByteArray first;
        for (const QString &file : std::as_const(files)) {
            const Observed fresh = s.copy(QFileInfo(file).fileName() + u".p"_s);
            const ToolMergeReport report = must(mergeTool(fresh, file));
            QVERIFY2(report.bad == 0, report.toJson().dump().c_str());
            QCOMPARE(report.judgementsNew, wanted);
            QCOMPARE(report.raters, (QStringList{u"ls-3"_s, u"ls-8"_s}));
            QVERIFY(report.ignored.isEmpty());
            const QByteArray state = stateOf(fresh, s.review);
            first = first.isEmpty() ? state : first;
            QCOMPARE(state, first);
        }
        for (const QString &file : std::as_const(files))
            QCOMPARE(must(mergeTool(s.store, file)).judgementsNew, file == files.first() ? wanted : 0);
        QCOMPARE(stateOf(s.store, s.review), first);
        QCOMPARE(counted(s.store, s.review), wanted);

        // Word for word what was said, at the place of the task, under the order that was shown.
        const QByteArray lines = exported(s.store, s.dataset);
        QMap<std::pair<int, int>, json> byPlace;
        for (const QByteArray &line : lines.split('\n')) {
            if (!line.isEmpty()) {
                const json one = json::parse(line.begin(), line.end());
                if (one["rater"] == "ls-8")
                    byPlace.insert({one["slot"], one["position"]}, one);
            }
        }
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            const json &data = tasks[i]["data"], found = byPlace[{data["list"].get<int>() - 1, data["position"].get<int>() - 1}];
            QCOMPARE(found["answers"], said(static_cast<int>(i) + 8));
            QCOMPARE(found["content_hash"], data["content_hash"]);
            QCOMPARE(found["option_order"][0], data["options"][0]["alias"]);
            QCOMPARE(found["seconds_active"].get<double>(), 7.5 + 2 * static_cast<double>(i) + 2);
        }
        const QList<Rater> raters = must(s.store.ask([](Connection &c) { return listRaters(c); }));
        QVERIFY(std::ranges::any_of(raters, [](const Rater &rater) { return rater.code == "ls-3"_L1 && rater.origin == "label-studio"_L1; }));
    }

    /// In the words of the questionnaire, whatever the tool calls them; what would not have been asked is left out.
    void everyKindOfAnswerComesBack()
    {
        Elsewhere s(6);
        NewReview wanted = s.wanted();
        wanted.questionnaire = everyKind();
        wanted.plan.items = 4;
        wanted.plan.raters = wanted.plan.perItem = 1;
        s.review = s.make(wanted).review;
        json full = labelStudioExport(s.tasks(Tool::LabelStudio, u"t.json"_s), {1});
        const auto choices = [](const char *name, const json &values) {
            return labelStudioResult(name, "choices", {{"choices", values}});
        };
        const auto results = [&](std::size_t task) -> json & { return full[task]["annotations"][0]["result"]; };
        for (std::size_t i = 0; i < full.size(); ++i) {
            results(i) = json::array({choices("answer", {i == 1 ? "No" : "Yes"}), choices("why", {"B", "a"}), choices("unsure", {"no"}),
                                      labelStudioResult("sure", "rating", {{"rating", 4}}), choices("level", {"2"}),
                                      labelStudioResult("deep", "textarea", {{"text", {"x"}}}),
                                      labelStudioResult("_question", "textarea", {{"text", {"one", "two"}}})});
        }
        results(2)[2] = choices("unsure", {"yes"});
        results(3)[5] = labelStudioResult("deep", "textarea", {{"text", {"y"}}});
        const json minimal = minimalOf(full);
        writeBytes(s.path(u"x.csv"_s), tableOf(minimal, ','));
        const ToolMergeReport report = must(mergeTool(s.store, write(s.path(u"f.json"_s), full)));
        QVERIFY2(report.bad == 0, report.toJson().dump().c_str());
        for (const QString &file : {write(s.path(u"m.json"_s), minimal), s.path(u"x.csv"_s)})
            QCOMPARE(must(mergeTool(s.store, file)).judgementsKnown, static_cast<qint64>(full.size()));
        json whole{{"answer", "Yes"}, {"why", {"a", "b"}}, {"unsure", false}, {"sure", 4}, {"level", 2}, {"deep", "x"}, {"question", "one\ntwo"}};
        QMap<qint64, json> stored;
        for (const Judgement &one : must(s.store.ask([&](Connection &c) -> Result<QList<Judgement>> {
                 QList<Judgement> all;
                 EVALWRIGHT_TRY(forEachJudgement(c, s.dataset, s.review.id, Events::All, [&](const Judgement &j) -> Status {
                     all << j;
                     return {};
                 }));
                 return all;
             })))
            stored.insert(one.position, storedJson(one.answers));
        QCOMPARE(stored[0], whole);
        json hidden = whole;
        hidden["answer"] = "No";
        hidden.erase("why");
        QCOMPARE(stored[1], hidden);
        hidden = whole;
        hidden["unsure"] = true;
        hidden.erase("sure");
        QCOMPARE(stored[2], hidden);
        hidden = whole;
        hidden["deep"] = "y";
        hidden.erase("question");
        QCOMPARE(stored[3], hidden);
    }

    /// Two exports of one project in Label Studio, the second after somebody changed an answer, and one of another list.
    void anyOrderGivesTheSame()
    {
        Elsewhere s(8);
        const json one = s.tasks(Tool::LabelStudio, u"one.json"_s, {0}), two = s.tasks(Tool::LabelStudio, u"two.json"_s, {1});
        json early = labelStudioExport(one, {1}), late = labelStudioExport(one, {1, 2});
        late[2]["annotations"][0] = annotation(3, 1, {{"answer", "No"}, {"relevance", 5}, {"ambiguous", "no"}}, 1);
        early[2]["annotations"][0] = annotation(3, 1, {{"answer", "Yes"}, {"relevance", 1}, {"ambiguous", "no"}}, 0);
        const QStringList files{write(s.path(u"a"_s), early), write(s.path(u"b"_s), late),
                                write(s.path(u"c"_s), labelStudioExport(two, {2}, 100))};
        QList<int> order{0, 1, 2};
        QByteArray wanted;
        int number = 0;
        do {
            const Observed fresh = s.copy(u"p%1.evalwright"_s.arg(++number));
            for (int round = 0; round < 2; ++round) {
                for (const int file : std::as_const(order))
                    QVERIFY(must(mergeTool(fresh, files[file])).conflicts.isEmpty());
                const QByteArray state = stateOf(fresh, s.review);
                wanted = wanted.isEmpty() ? state : wanted;
                QCOMPARE(state, wanted);
            }
            // The later answer is the one that counts.
            const Judged judged = must(fresh.project->readNow([&](Connection &c) { return readJudged(c, s.review); }));
            QCOMPARE(judged.answers.size(), 2 * one.size() + two.size());
        } while (std::ranges::next_permutation(order).found);
        QCOMPARE(number, 6);
    }

    void whatElseAnAnnotationSays()
    {
        Elsewhere s(8);
        json full = labelStudioExport(s.tasks(Tool::LabelStudio, u"t.json"_s, {0}), {1});
        full[0]["annotations"][0]["was_cancelled"] = true;
        full[0]["annotations"][0]["result"] = json::array();
        full[1]["annotations"][0]["ground_truth"] = true;
        full[2]["annotations"][0]["prediction"] = {{"id", 1}, {"score", 0.9}};
        full[3]["annotations"][0]["result"] = json::array(
            {labelStudioResult("_broken", "choices", {{"choices", {"broken"}}}), labelStudioResult("mood", "choices", {{"choices", {"bad"}}})});
        full[4]["annotations"] = json::array();
        full[5]["drafts"] = json::array({json::object()});
        full[5]["annotations"][0]["completed_by"] = {{"id", 7}, {"email", "ann@example.org"}};
        full[6]["annotations"][0]["lead_time"] = nullptr;
        full[6]["annotations"][0]["created_at"] = "2026-11-24T03:08:07.583+01:00";
        const ToolMergeReport report = must(mergeTool(s.store, write(s.path(u"e.json"_s), full)));
        QVERIFY2(report.bad == 0, report.toJson().dump().c_str());
        QCOMPARE(report.skipped, 1);
        QCOMPARE(report.unanswered, 1);
        QCOMPARE(report.drafts, 1);
        QCOMPARE(report.sawPrediction, 1);
        QCOMPARE(report.ignored, QStringList{u"mood"_s});
        QCOMPARE(report.raters, (QStringList{u"ls-1"_s, u"ls-7"_s}));
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement WHERE state = 'skipped' AND answers = '{}'"_s), 1);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement WHERE state = 'broken'"_s), 1);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement WHERE source = 'saw-prediction:e.json'"_s), 1);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement WHERE shown_at LIKE '2026-11-24T02:08:07.583%Z'"_s), 1);
        QVERIFY(!exported(s.store, s.dataset).contains("example.org"));
        // Ground truth in the form in which the next review takes gold items, named by the item's own id.
        QCOMPARE(report.golds.size(), 1);
        const QString item = QString::fromStdString(report.golds[0]["item_id"]);
        QVERIFY(must(s.store.ask([&](Connection &c) { return candidateByUuid(c, item); })).candidate.id.isValid());
        QCOMPARE(report.golds[0]["answers"], said(2));
    }

    void rowsThatCannotBeUsed_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("field");
        const auto row = [](const char *name, const QString &reason, const QString &field, const Change &change) {
            QTest::newRow(name) << change << reason << field;
        };
        const auto of = [](json &full) -> json & { return full[2]["annotations"][0]; };
        row("a choice that was not on offer", u"wrong-type"_s, u"ambiguous"_s, [=](json &full) {
            of(full)["result"][0] = labelStudioResult("ambiguous", "choices", {{"choices", {"Maybe"}}});
            of(full)["result"].erase(1);
        });
        for (const char *time : {"9999-99-99T99:99:99Z", "2026-02-30T10:00:00Z", "2199-01-01T00:00:00Z"}) { // It would win over every correction.
            row(time, u"wrong-type"_s, u"annotations[0].updated_at"_s, [=](json &full) { of(full)["updated_at"] = time; });
        }
        row("two choices of one", u"wrong-type"_s, u"answer"_s, [=](json &full) {
            of(full)["result"] = json::array({labelStudioResult("answer", "choices", {{"choices", {"Yes", "No"}}})});
        });
        row("a rating beyond the scale", u"wrong-type"_s, {}, [=](json &full) {
            of(full)["result"].back() = labelStudioResult("relevance", "rating", {{"rating", 6}});
        });
        row("a rating that is a text", u"wrong-type"_s, u"relevance"_s, [=](json &full) {
            of(full)["result"].back() = labelStudioResult("relevance", "rating", {{"rating", "many"}});
        });
        row("a required answer missing", u"wrong-type"_s, {}, [=](json &full) { of(full)["result"].erase(0); });
        row("answered twice", u"wrong-type"_s, u"annotations[0].result[3]"_s,
            [=](json &full) { of(full)["result"].push_back(of(full)["result"][0]); });
        row("results are no list", u"wrong-type"_s, u"annotations[0].result"_s, [=](json &full) { of(full)["result"] = 5; });
        row("an annotation is no object", u"not-an-object"_s, u"annotations[0]."_s, [=](json &full) { of(full) = "x"; });
        row("nobody answered", u"wrong-type"_s, u"annotations[0].completed_by"_s,
            [=](json &full) { of(full)["completed_by"] = "ann@example.org"; });
        row("no number", u"wrong-type"_s, u"annotations[0].id"_s, [=](json &full) { of(full).erase("id"); });
        row("no time", u"wrong-type"_s, u"annotations[0].created_at"_s, [=](json &full) { of(full)["created_at"] = "yesterday"; });
        row("a time that is none", u"wrong-type"_s, u"annotations[0].lead_time"_s, [=](json &full) { of(full)["lead_time"] = -1; });
        row("no item", u"id-unknown"_s, u"item_id"_s, [](json &full) { full[2]["data"].erase("item_id"); });
        row("no export", u"id-unknown"_s, u"export_id"_s, [](json &full) { full[2]["data"]["export_id"] = 3; });
        row("another item", u"id-unknown"_s, {}, [](json &full) { full[2]["data"]["item_id"] = full[1]["data"]["item_id"]; });
        row("another place", u"id-unknown"_s, {}, [](json &full) { full[2]["data"]["position"] = 900000000; });
        row("another list", u"id-unknown"_s, {}, [](json &full) { full[2]["data"]["list"] = 77; });
        row("a foreign export", u"signature"_s, u"export_id"_s,
            [](json &full) { full[2]["data"]["export_id"] = newUuid().toStdString(); });
        row("no wording", u"missing-field"_s, u"content_hash"_s, [](json &full) { full[2]["data"].erase("content_hash"); });
        row("a wording that is none", u"wrong-type"_s, u"content_hash"_s, [](json &full) { full[2]["data"]["content_hash"] = "sha256:0000"; });
        row("options that are none", u"wrong-type"_s, u"options"_s, [](json &full) { full[2]["data"]["options"] = {1, 2}; });
        row("options of another item", u"wrong-type"_s, {}, [](json &full) {
            full[2]["data"]["options"].push_back({{"alias", "C"}, {"value", "third"}});
        });
        row("no data", u"missing-field"_s, u"data"_s, [](json &full) { full[2]["data"] = nullptr; });
        row("no annotations", u"missing-field"_s, u"annotations"_s, [](json &full) { full[2].erase("annotations"); });
        row("no object", u"not-an-object"_s, {}, [](json &full) { full[2] = json::array({1}); });
        row("deep", u"too-deep"_s, {}, [](json &full) {
            json deep = 1;
            for (int i = 0; i < 100; ++i)
                deep = json::array({deep});
            full[2]["meta"] = deep;
        });
        row("long", u"too-long"_s, {}, [](json &full) { full[2]["meta"] = std::string(std::size_t{17} << 20, 'x'); });
    }
    void rowsThatCannotBeUsed()
    {
        QFETCH(Change, change);
        QFETCH(QString, reason);
        QFETCH(QString, field);
        if (!m_shared) {
            m_shared = std::make_unique<Elsewhere>(6);
            m_tasks = m_shared->tasks(Tool::LabelStudio, u"t.json"_s);
        }
        const Elsewhere &s = *m_shared;
        json full = labelStudioExport(m_tasks, {1}, m_nextId);
        m_nextId += static_cast<int>(full.size());
        change(full);
        const QString file = write(s.path(u"e.json"_s), full);
        const qint64 stored = m_shared->count(u"SELECT count(*) FROM judgement"_s);
        const QByteArray before = stateOf(s.store, s.review);
        const ToolMergeReport refused = must(mergeTool(s.store, file));
        QVERIFY(refused.refused);
        QCOMPARE(refused.bad, 1);
        QCOMPARE(refused.problems[0].reason, reason);
        QCOMPARE(refused.problems[0].field, field);
        QCOMPARE(refused.problems[0].row, 3);
        QVERIFY(!refused.problems[0].message.isEmpty());
        QCOMPARE(refused.judgementsNew, 0);
        QCOMPARE(stateOf(s.store, s.review), before); // No judgement, no rater, no list taken.
        const ToolMergeReport rest = must(mergeTool(s.store, file, true));
        QVERIFY(!rest.refused);
        QCOMPARE(rest.bad, 1);
        QCOMPARE(rest.judgementsNew, static_cast<qint64>(full.size()) - 1);
        QCOMPARE(m_shared->count(u"SELECT count(*) FROM judgement"_s) - stored, static_cast<qint64>(full.size()) - 1);
    }

    void filesThatAreNone()
    {
        Elsewhere s(6);
        const json full = labelStudioExport(s.tasks(Tool::LabelStudio, u"t.json"_s), {1});
        const QString file = write(s.path(u"e.json"_s), full);
        QByteArray bytes = bytesOf(file);
        writeBytes(s.path(u"cut"_s), bytes.left(bytes.size() * 2 / 3));
        const ToolMergeReport cut = must(mergeTool(s.store, s.path(u"cut"_s)));
        QVERIFY(cut.refused);
        QCOMPARE(cut.problems.last().reason, u"json-syntax"_s);
        writeBytes(s.path(u"more"_s), bytes.trimmed() + ",\"list\": []");
        QVERIFY(must(mergeTool(s.store, s.path(u"more"_s))).refused);
        writeBytes(s.path(u"beside"_s), bytes.trimmed() + ",\"x\": 2");
        QVERIFY(must(mergeTool(s.store, s.path(u"beside"_s))).refused);
        QByteArray broken = bytes;
        broken[broken.indexOf("manual")] = '\xff'; // In the first task; the others say what the file is.
        writeBytes(s.path(u"utf8"_s), broken);
        QCOMPARE(must(mergeTool(s.store, s.path(u"utf8"_s))).problems[0].reason, u"invalid-utf8"_s);
        writeBytes(s.path(u"empty"_s), "[]");
        QCOMPARE(must(mergeTool(s.store, s.path(u"empty"_s))).rows, 0);
        for (const QByteArray &none : {"[1, 2]"_ba, "[[[["_ba, "{\"tasks\": []}"_ba, "item_id,annotator\n1,2\n"_ba, "\x1f\x8b\x08"_ba, ""_ba,
                                       QByteArray(100'000, '['), "item_id,annotation_id,annotator,annotator\n1,2,3,4\n"_ba}) {
            writeBytes(s.path(u"none"_s), none);
            QCOMPARE(mergeTool(s.store, s.path(u"none"_s)).error().code, ErrorCode::InvalidInput);
        }
        QCOMPARE(mergeTool(s.store, s.path(u"there is none"_s)).error().code, ErrorCode::NotFound);
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement"_s), 0);
    }

    void anotherProjectsTasks()
    {
        Elsewhere s(6), other(6);
        const json full = labelStudioExport(other.tasks(Tool::LabelStudio, u"t.json"_s), {1});
        const auto merged = mergeTool(s.store, write(s.path(u"e.json"_s), full));
        QCOMPARE(merged.error().code, ErrorCode::HashMismatch);
        QCOMPARE(merged.error().detail, u"signature"_s);
        QCOMPARE(must(mergeTool(other.store, s.path(u"e.json"_s))).bad, 0);
    }

    /// The same annotation with other content is a conflict: what is stored stays.
    void oneIdTwice()
    {
        Elsewhere s(6);
        json full = labelStudioExport(s.tasks(Tool::LabelStudio, u"t.json"_s), {1});
        must(mergeTool(s.store, write(s.path(u"e.json"_s), full)));
        full[0]["annotations"][0]["result"] = labelStudioResults({{"answer", "Yes"}, {"relevance", 1}, {"ambiguous", "no"}});
        full.push_back(full[1]);
        const ToolMergeReport report = must(mergeTool(s.store, write(s.path(u"f.json"_s), full)));
        QCOMPARE(report.conflicts.size(), 1);
        QCOMPARE(report.conflicts[0].incoming["answers"]["relevance"].get<int>(), 1);
        QCOMPARE(report.conflicts[0].stored["answers"]["relevance"].get<int>(), 2);
        QCOMPARE(report.judgementsNew, 0);
        QCOMPARE(report.judgementsKnown, static_cast<qint64>(full.size()) - 1);
    }

    void anItemThatWasEdited()
    {
        Elsewhere s(6);
        const json full = labelStudioExport(s.tasks(Tool::LabelStudio, u"t.json"_s), {1});
        const QString file = write(s.path(u"e.json"_s), full);
        const QString question = QString::fromStdString(full[0]["data"]["question"]);
        const CandidateId item = s.items[question.back().digitValue()];
        edit(s.store, item, u"Quite another question?"_s);
        const ToolMergeReport report = must(mergeTool(s.store, file));
        QCOMPARE(report.bad, 0);
        const auto showings = static_cast<qint64>(std::ranges::count_if(
            full, [&](const json &task) { return task["data"]["question"] == full[0]["data"]["question"]; }));
        QCOMPARE(report.changed, showings);
        QCOMPARE(report.judgementsNew, static_cast<qint64>(full.size()));
        QCOMPARE(counted(s.store, s.review), static_cast<qint64>(full.size()) - showings);
        QCOMPARE(must(mergeTool(s.store, file, false, true)).accepted, showings);
        QCOMPARE(counted(s.store, s.review), static_cast<qint64>(full.size()));
    }

    void aChoiceByItsText()
    {
        ReviewQuestion question;
        question.id = u"answer"_s;
        question.kind = QuestionKind::Options;
        const QHash<QString, QString> texts{{u"A"_s, u"The garden"_s}, {u"B"_s, u"The town"_s}, {u"C"_s, u"The town"_s}, {u"D"_s, u"A"_s}};
        QCOMPARE(must(answerFrom(question, "The garden", texts)), json("A"));
        QCOMPARE(must(answerFrom(question, {{"choices", {"A"}}}, texts)), json("A")); // The key, though another is called so.
        QVERIFY(!answerFrom(question, "The town", texts));
        QVERIFY(!answerFrom(question, "Garden", texts));
        QVERIFY(!answerFrom(question, 5, texts));
        QVERIFY(!answerFrom(question, {{"rating", 5}}, texts));
        QVERIFY(must(answerFrom(question, {{"choices", json::array()}}, texts)).is_null());
        question.kind = QuestionKind::Text; // A rater may write what looks like JSON.
        QCOMPARE(must(answerFrom(question, "{\"a\": 1}", {})), json("{\"a\": 1}"));
        QCOMPARE(must(answerFrom(question, "[x]", {})), json("[x]"));
        question.kind = QuestionKind::Scale;
        for (const json &value : {json(3), json(3.0), json("3"), json({{"rating", 3}}), json::array({{{"rating", 3}}}), json("[{\"rating\":3}]")})
            QCOMPARE(must(answerFrom(question, value, {})), json(3));
        for (const json &value : {json(3.5), json(true), json("three"), json::array({1, 2}), json::object(), json(1e300)})
            QVERIFY(!answerFrom(question, value, {}));
    }

    /// Whatever happens to a file on its way, it is merged, or refused in words.
    void damagedFiles()
    {
        Elsewhere s(6);
        const json full = labelStudioExport(s.tasks(Tool::LabelStudio, u"t.json"_s, {0}), {1});
        QRandomGenerator random(11);
        for (const QByteArray &whole : {QByteArray::fromStdString(full.dump()), tableOf(minimalOf(full), ',')}) {
            int merged = 0, refused = 0;
            for (int round = 0; round < 150; ++round) {
                QByteArray bytes = whole;
                for (int i = 0; i < 3; ++i) {
                    const qsizetype at = random.bounded(static_cast<int>(bytes.size()));
                    if (random.bounded(2) == 0)
                        bytes[at] = static_cast<char>(random.bounded(256));
                    else
                        bytes.remove(at, random.bounded(20));
                }
                writeBytes(s.path(u"d"_s), bytes);
                const auto report = mergeTool(s.store, s.path(u"d"_s), true);
                (report && !report->refused ? merged : refused) += 1;
                QVERIFY(report || !report.error().message.isEmpty());
            }
            QVERIFY(merged > 0);
            QVERIFY(refused > 0);
        }
        // Whatever was stored is of a place that there is, and answers that the questionnaire allows.
        const Judged judged = must(s.store.project->readNow([&](Connection &c) { return readJudged(c, s.review); }));
        QVERIFY(!judged.answers.empty());
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement j LEFT JOIN assignment a ON a.review_id = j.review_id AND a.slot = j.slot "
                         u"AND a.position = j.position AND a.candidate_id = j.candidate_id WHERE a.slot IS NULL"_s), 0);
    }

    void tablesNameNoPerson()
    {
        Elsewhere s(6);
        json minimal = minimalOf(labelStudioExport(s.tasks(Tool::LabelStudio, u"t.json"_s), {1}));
        minimal[1]["annotator"] = "ann@example.org"; // As older ones write it.
        writeBytes(s.path(u"x.csv"_s), tableOf(minimal, ','));
        const ToolMergeReport report = must(mergeTool(s.store, s.path(u"x.csv"_s)));
        QVERIFY(report.refused);
        QCOMPARE(report.problems[0].field, u"annotator"_s);
        QVERIFY(report.toJson().dump().find("example.org") == std::string::npos);
        QByteArray table = tableOf(minimal, ',');
        writeBytes(s.path(u"short.csv"_s), table + "1,2\r\n");
        QVERIFY(std::ranges::any_of(must(mergeTool(s.store, s.path(u"short.csv"_s))).problems,
                                    [](const ToolProblem &problem) { return problem.reason == "column-count"_L1; }));
    }

    /// Files that Label Studio 1.23 wrote. Their items are not ours, and every answered row says so.
    void whatTheToolWrites()
    {
        const QDir folder(QStringLiteral(EVALWRIGHT_SHARED_DIR "/spec/samples/label-studio"));
        if (!folder.exists())
            QSKIP("The samples of Label Studio are not beside this checkout (../shared/spec/samples).");
        Elsewhere s(6);
        for (const auto &[name, form, rows, unanswered] :
             {std::tuple(u"export-json.json"_s, u"json"_s, 0, 0), {u"export-json-min.json"_s, u"json-min"_s, 3, 1},
              {u"export.csv"_s, u"csv"_s, 3, 1}, {u"export.tsv"_s, u"tsv"_s, 3, 1}}) {
            const ToolMergeReport report = must(mergeTool(s.store, folder.filePath(name)));
            QVERIFY(report.refused);
            QCOMPARE(report.form, form);
            if (rows > 0) {
                QCOMPARE(report.rows, rows);
                QCOMPARE(report.unanswered, unanswered);
            }
            QVERIFY(report.bad >= 2);
            for (const ToolProblem &problem : report.problems)
                QCOMPARE(problem.reason, u"id-unknown"_s);
        }
    }

    /// Label Studio's own package takes what is written for it, and what it makes of annotations is understood.
    void theToolItself()
    {
        const QString python = pythonWith(u"label_studio_sdk"_s);
        if (python.isEmpty())
            QSKIP("No Python with label-studio-sdk (EVALWRIGHT_TOOLS_PYTHON names one): the real tool is NOT tested.");
        Elsewhere s(12);
        ToolExportOptions options;
        options.showPredictions = true;
        const WrittenTasks written = s.written(Tool::LabelStudio, u"t.json"_s, options);
        const QString full = write(s.path(u"e.json"_s), labelStudioExport(jsonOf(written.path), {3, 8}));
        QDir(s.folder.path()).mkpath(u"out"_s);
        QCOMPARE(runScript(python, u"labelstudio_check.py"_s, {written.settingsPath, written.path, full, s.path(u"out"_s)}),
                 QByteArray());
        const ToolMergeReport first = must(mergeTool(s.store, full));
        QCOMPARE(first.judgementsNew, 2 * written.tasks);
        const QByteArray state = stateOf(s.store, s.review);
        for (const auto &[name, form] : {std::pair(u"out/min/result.json"_s, u"json-min"_s), {u"out/csv/result.csv"_s, u"csv"_s}, {u"out/tsv/result.csv"_s, u"tsv"_s}}) {
            const ToolMergeReport again = must(mergeTool(s.store, s.path(name)));
            QVERIFY2(again.bad == 0, again.toJson().dump().c_str());
            QCOMPARE(again.form, form);
            QCOMPARE(again.judgementsKnown, 2 * written.tasks);
            QCOMPARE(stateOf(s.store, s.review), state);
        }
    }
};

QTEST_GUILESS_MAIN(TestLabelStudio)
#include "tst_labelstudio.moc"
