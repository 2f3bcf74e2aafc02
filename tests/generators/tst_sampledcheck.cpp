// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/sampled.h"

#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "generators/generate.h"
#include "lm/curltransport.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// A writer behind the one address; a checker that gives no log-probabilities and says agree as often as not.
ServerReply server(const ServerRequest &request)
{
    const json body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
    if (!body.is_object() || body.value("model", std::string()) != "judge")
        return fakeModel(request);
    if (body.contains("logprobs"))
        return {400, R"({"error":{"message":"no log-probabilities here"}})"};
    const double x = fractionOf(request.body);
    const std::string word = x < 0.05 ? "Hm, hard to say" : x < 0.52 ? "agree" : "disagree";
    return {200, QByteArray::fromStdString(json{{"object", "chat.completion"},
                                                {"model", "judge"},
                                                {"choices",
                                                 {{{"index", 0},
                                                   {"finish_reason", "stop"},
                                                   {"message", {{"role", "assistant"}, {"content", word}}}}}},
                                                {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 2}}}}
                                               .dump())};
}

struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    CurlTransport transport;
    FakeAccess access;
    JobServices services;

    explicit Place(const QString &url) : access(url)
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
        Model writer, judge;
        writer.name = writer.modelId = u"writer"_s;
        judge.name = judge.modelId = u"judge"_s;
        writer.baseUrl = judge.baseUrl = url;
        judge.capabilities = u"{\"token_logprobs\":{\"value\":false,\"evidence\":\"missing\"}}"_s;
        if (!project->writeNow([&](Connection &c) -> Status {
                EVALWRIGHT_TRY(addModel(c, writer));
                EVALWRIGHT_TRY(addModel(c, judge));
                return {};
            }))
            qFatal("no models");
        services = {project, &transport, &access};
    }
};

GenerateSpec spec()
{
    GenerateSpec s;
    s.recipe = *loadPreset(u"persona-yes-no"_s);
    s.recipe.writing().count = 20;
    s.recipe.select.keepPerLabel = 5;
    s.dataset = u"set"_s;
    s.writer = u"writer"_s;
    s.checker = u"judge"_s;
    return s;
}

} // namespace

class TestSampledCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordsAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("said"); // 1 the first, 0 the second, -1 neither
        QTest::newRow("word") << u"agree"_s << 1;
        QTest::newRow("case and marks") << u" **Agree.** "_s << 1;
        QTest::newRow("other") << u"disagree with it"_s << 0;
        QTest::newRow("quoted") << u"“disagree”"_s << 0;
        QTest::newRow("longer word") << u"agreement"_s << -1;
        QTest::newRow("begun") << u"dis"_s << -1;
        QTest::newRow("sentence") << u"They would agree"_s << -1;
        QTest::newRow("below") << u"Agree\nbecause I disagree"_s << 1;
        QTest::newRow("nothing") << u" \n "_s << -1;
        QTest::newRow("letter") << u"A"_s << 1;
        QTest::newRow("letter in brackets") << u"(B) the second"_s << 0;
        QTest::newRow("letter and colon") << u"A: the first"_s << 1;
        QTest::newRow("article") << u"A nice question"_s << -1;
        QTest::newRow("small letter") << u"a"_s << -1;
    }
    void wordsAreRead()
    {
        QFETCH(QString, text);
        QFETCH(int, said);
        const auto word = answerWord(text, {u" agree"_s, u"A"_s}, {u" disagree"_s, u"B"_s});
        QCOMPARE(word ? static_cast<int>(*word) : -1, said);
    }

    void sharesAreSmoothed()
    {
        SampledVerdict verdict;
        QVERIFY(!verdict.p());
        QCOMPARE(verdict.mass(), 0.0);
        for (const auto &word : {std::optional(true), std::optional(true), std::optional(false), std::optional<bool>()})
            verdict.add(word);
        QCOMPARE(*verdict.p(), 2.5 / 4);
        QCOMPARE(verdict.mass(), 0.75);
    }

    void theMethodFollowsTheModel()
    {
        Model model;
        QVERIFY(!checkMethodFor({}, 10, model).sampled);
        QVERIFY(checkMethodFor(u"sampled"_s, 7, model).sampled);
        QCOMPARE(checkMethodFor(u"sampled"_s, 7, model).samples, 7);
        model.api = u"anthropic"_s;
        QVERIFY(checkMethodFor(u"first-token"_s, 10, model).sampled);
        Recipe recipe = *loadPreset(u"persona-yes-no"_s);
        recipe.checking()->method = u"sampled"_s;
        recipe.checking()->samples = 4;
        const auto read = Recipe::fromJson(QByteArray::fromStdString(recipe.toJson().dump()));
        QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
        QCOMPARE(read->checking()->method, u"sampled"_s);
        QCOMPARE(read->checking()->samples, 4);
        json wrong = loadPreset(u"persona-yes-no"_s)->toJson();
        for (json &stage : wrong["stages"]) {
            if (stage["kind"] == "check")
                stage["samples"] = 5; // Of a method that has none.
        }
        QVERIFY(!Recipe::validate(QByteArray::fromStdString(wrong.dump())).isEmpty());
    }

    void aModelWithoutLogprobsChecks()
    {
        TestServer at(server);
        const Place place(at.baseUrl());
        const auto plan = planGenerate(*place.project, spec());
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QCOMPARE(plan->checkRequestsAtMost, 40 * 2 * 10);
        const auto report = generate(place.services, spec(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        // What was not asked for is told.
        QVERIFY(report->deviations.join(u'\n').contains(u"judge gives no log-probabilities"_s));
        QVERIFY(plan->deviations.join(u'\n').contains(u"judge gives no log-probabilities"_s));
        QVERIFY(report->items > 0);
        const auto content = [&]() -> QStringList {
            return *place.project->readNow([](Connection &c) -> Result<QStringList> {
                QStringList lines;
                EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"set"_s));
                EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(c, dataset.id));
                for (const CandidateRow &row : rows) {
                    lines << u"%1 %2 %3"_s.arg(row.candidate.ordinal)
                                 .arg(row.candidate.labelConfidence.value_or(-1), 0, 'g', 17)
                                 .arg(row.decision ? row.decision->reason : QString());
                    EVALWRIGHT_ASSIGN(const QList<Score> scores, scoresOf(c, row.candidate.id));
                    for (const Score &score : scores)
                        lines << u"%1 %2 %3 %4"_s.arg(score.method, score.presentation)
                                     .arg(score.p.value_or(-1), 0, 'g', 17)
                                     .arg(score.detail);
                }
                return lines;
            });
        };
        const QStringList first = content();
        int sampled = 0;
        for (const QString &line : first) {
            if (!line.startsWith(u"sampled "_s))
                continue;
            ++sampled;
            const json detail = json::parse(line.section(u' ', 3).toStdString());
            QCOMPARE(detail["samples"].get<int>(), 10);
            QCOMPARE(detail["responses"].size(), size_t{10});
            const double k = detail["right"].get<int>(), n = detail["parsed"].get<int>();
            QCOMPARE(line.section(u' ', 2, 2).toDouble(), (k + 0.5) / (n + 1));
            QVERIFY(detail["low"].get<double>() <= k / n && k / n <= detail["high"].get<double>());
        }
        QVERIFY(sampled > 0);
        QVERIFY(!first.join(u'\n').contains(u"first-token"_s));
        const int sent = at.requests();
        const auto again = generate(place.services, spec(), {}, {});
        QVERIFY(again);
        QCOMPARE(at.requests(), sent);
        QCOMPARE(content(), first);
    }
};

QTEST_GUILESS_MAIN(TestSampledCheck)
#include "tst_sampledcheck.moc"
