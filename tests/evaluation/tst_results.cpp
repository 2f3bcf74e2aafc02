// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/results.h"

#include "../core/golden.h"
#include "observed.h"

#include <algorithm>
#include <set>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QList<ResultRow> rowsOf(Observed &store, const ResultFilter &filter = {})
{
    return must(store.ask([&](Connection &c) { return results(c, filter); }));
}

json goldenCases(const char *file)
{
    QFile source(QStringLiteral(EVALWRIGHT_TEST_DATA "/golden/") + QString::fromLatin1(file));
    if (!source.open(QIODevice::ReadOnly))
        qFatal("no golden file");
    return json::parse(source.readAll().toStdString())["cases"];
}

/// 1 and 0 as they are; a missing answer is a refusal.
QByteArray lettersOf(const json &values)
{
    QByteArray letters;
    for (const json &value : values)
        letters += value.is_null() ? 'r' : value.get<double>() > 0 ? '1' : '0';
    return letters;
}

QList<ItemPlan> itemsIn(const json &clusters)
{
    QList<ItemPlan> plan;
    for (const json &cluster : clusters)
        plan << ItemPlan{{}, plan.size() % 2 == 0, QString::fromStdString(cluster.get<std::string>()), {}};
    return plan;
}

} // namespace

class TestResults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void countsEveryOutcomeApart()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 12);
        const Model model = store.model(u"m"_s, u"f"_s, 1e6, u"base"_s);
        const Run run = store.run(u"one"_s);
        store.observe(run, model, items, "11100ruudh--", u"ha"_s);
        // Two items have no observation: the request of one failed, the other was never asked.
        must(store.project->writeNow([&](Connection &c) -> Status {
            JobStep step;
            step.jobId = run.jobId;
            step.stage = u"evaluate:m:ha"_s;
            step.ordinal = items[10].value;
            step.modelId = model.id;
            step.requestKey = u"k"_s;
            EVALWRIGHT_TRY(planSteps(c, run.jobId, {step}));
            return finishStep(c, run.jobId, step.stage, step.ordinal, {}, false, u"HTTP 400"_s);
        }));
        const auto rows = rowsOf(store);
        QCOMPARE(rows.size(), 1);
        const ResultRow &row = rows.first();
        QCOMPARE(row.n, 11);
        QCOMPARE(row.answered, 5);
        QCOMPARE(row.matching, 3);
        QCOMPARE(row.refused, 1);
        QCOMPARE(row.unparsed, 2);
        QCOMPARE(row.undecided, 1);
        QCOMPARE(row.errors, 2);
        QVERIFY(near(row.score, 0.6));
        // Wilson for 3 of 5, by hand.
        QVERIFY(near(row.low, 0.2307242812760128));
        QVERIFY(near(row.high, 0.882379225767352));
        QCOMPARE(row.clusters, std::optional<qint64>());
        QVERIFY(!row.fewClusters);
        // Nine items have an outcome: 3 of 9 and 7 of 9.
        QVERIFY(near(row.ifUnansweredAllMiss, 3.0 / 9));
        QVERIFY(near(row.ifUnansweredAllMatch, 7.0 / 9));
        QVERIFY(near(row.chance, 0.5));
        QVERIFY(!row.ceiling && !row.floor && !row.normalised);
        QCOMPARE(row.warnings, (QStringList{u"many-unanswered"_s, u"errors"_s}));
        for (const QString &code : row.warnings)
            QVERIFY(warningText(code) != code);

        const json out = row.toJson();
        for (const char *name : {"dataset", "model", "frame", "control", "n", "score", "low", "high", "matching",
                                 "refused", "label_mass", "scoring", "ceiling", "floor", "chance"})
            QVERIFY2(out.contains(name), name);
        QVERIFY(out["label_mass"].is_null());
        QVERIFY(out["ceiling"].is_null());
        QVERIFY(out["clusters"].is_null());
        QCOMPARE(out["refused"].get<int>(), 1);
    }

    void nothingAnsweredHasNoScore()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 3);
        store.observe(store.run(u"one"_s), store.model(u"m"_s), items, "rru");
        const ResultRow row = rowsOf(store).first();
        QVERIFY(!row.score && !row.low && !row.high && !row.naiveLow && !row.chance && !row.yesRate);
        QVERIFY(near(row.ifUnansweredAllMiss, 0.0));
        QVERIFY(near(row.ifUnansweredAllMatch, 1.0));
        QVERIFY(row.toJson()["score"].is_null());
        QVERIFY(row.toJson()["family"].is_null());
    }

    /// The golden clustered intervals through the whole path; items alone in their clusters take Wilson's instead.
    void intervalsAgreeWithGoldenClusters()
    {
        Observed store;
        const Model model = store.model(u"m"_s);
        const Run run = store.run(u"one"_s);
        int clustered = 0, alone = 0;
        for (const json &entry : goldenCases("clustered_mean.json")) {
            if (entry["function"] != "clustered_score_interval" || entry.contains("expected_error"))
                continue;
            const json &input = entry["input"];
            const QString name = QString::fromStdString(entry["id"].get<std::string>());
            std::set<std::string> distinct;
            for (const json &cluster : input["cluster"])
                distinct.insert(cluster.get<std::string>());
            store.observe(run, model, store.dataset(name, itemsIn(input["cluster"])), lettersOf(input["matches"]));
            ResultFilter filter;
            filter.datasets << name;
            const ResultRow row = rowsOf(store, filter).first();
            QCOMPARE(row.clusters, std::optional<qint64>(distinct.size()));
            QVERIFY2(near(row.score, entry["expected"]["score"].get<double>()), qPrintable(name));
            const bool isShared = distinct.size() < input["cluster"].size();
            if (isShared) {
                QVERIFY2(near(row.low, entry["expected"]["low"].get<double>(), 1e-9), qPrintable(name));
                QVERIFY2(near(row.high, entry["expected"]["high"].get<double>(), 1e-9), qPrintable(name));
                QCOMPARE(row.fewClusters, distinct.size() < 20);
                QVERIFY(row.naiveLow != row.low);
                ++clustered;
            } else {
                QCOMPARE(row.low, row.naiveLow);
                QCOMPARE(row.high, row.naiveHigh);
                QVERIFY(!row.fewClusters);
                ++alone;
            }
        }
        QVERIFY(clustered >= 3);
        QVERIFY(alone >= 1);
    }

    void oneClusterHasNoInterval()
    {
        Observed store;
        const auto items = store.dataset(u"d"_s, {{{}, true, u"same"_s, {}},
                                                  {{}, false, u"same"_s, {}},
                                                  {{}, true, u"same"_s, {}},
                                                  {{}, true, u"same"_s, {}}});
        store.observe(store.run(u"one"_s), store.model(u"m"_s), items, "1101");
        const ResultRow row = rowsOf(store).first();
        QVERIFY(near(row.score, 0.75));
        QVERIFY(!row.low && !row.high);
        QVERIFY(near(row.naiveLow, 0.30064184258240184));
        QCOMPARE(row.clusters, std::optional<qint64>(1));
    }

    void ceilingFloorAndNormalised()
    {
        Observed store;
        const Run run = store.run(u"one"_s);
        const Model model = store.model(u"m"_s);
        // The refused item's confidence must not enter.
        const auto sure = store.dataset(u"sure"_s, {{{}, true, {}, 0.9},
                                                    {{}, false, {}, 0.8},
                                                    {{}, true, {}, 0.7},
                                                    {{}, false, {}, 0.6},
                                                    {{}, true, {}, 0.1}});
        store.observe(run, model, sure, "1110r");
        const auto missing = store.dataset(u"missing"_s, {{{}, true, {}, 0.9}, {{}, false, {}, {}}});
        store.observe(run, model, missing, "11");
        const auto coin = store.dataset(u"coin"_s, {{{}, true, {}, 0.5}, {{}, false, {}, 0.5}});
        store.observe(run, model, coin, "10");
        const auto rows = rowsOf(store);
        QCOMPARE(rows.size(), 3);
        const auto row = [&](const QString &name) { return *std::ranges::find(rows, name, &ResultRow::dataset); };
        QVERIFY(near(row(u"sure"_s).ceiling, 0.75));
        QVERIFY(near(row(u"sure"_s).floor, 0.25));
        QVERIFY(near(row(u"sure"_s).normalised, 1.0));
        QVERIFY(!row(u"missing"_s).ceiling && !row(u"missing"_s).normalised);
        QVERIFY(near(row(u"coin"_s).ceiling, 0.5));
        QVERIFY(near(row(u"coin"_s).floor, 0.5));
        QVERIFY(!row(u"coin"_s).normalised);
    }

    void yesBiasMassAndProbability()
    {
        Observed store;
        // Matching answers: Yes, Yes, Yes, No, No. Given: Yes, Yes, No, Yes, No.
        const auto items = store.dataset(
            u"d"_s,
            {{{}, true, {}, {}}, {{}, true, {}, {}}, {{}, true, {}, {}}, {{}, false, {}, {}}, {{}, false, {}, {}}});
        const QList<double> masses{0.1, 0.9, 0.2, 0.4, 0.3}, probabilities{0.9, 0.8, 0.3, 0.4, 0.6};
        store.observe(store.run(u"one"_s), store.model(u"m"_s), items, "11001", u"chat"_s,
                      [&](qsizetype i, Observation &o) {
                          o.labelMass = masses[i];
                          o.pMatching = probabilities[i];
                          o.censored = i == 2;
                      });
        const ResultRow row = rowsOf(store).first();
        QVERIFY(near(row.yesRate, 3.0 / 5));
        QVERIFY(near(row.matchGivenYes, 2.0 / 3));
        QVERIFY(near(row.matchGivenNo, 1.0 / 2));
        QVERIFY(near(row.balanced, 7.0 / 12));
        QVERIFY(near(row.labelMass, 0.3)); // The median, not the mean.
        QVERIFY(near(row.meanProbability, 0.6));
        QCOMPARE(row.censoredItems, 1);
        QVERIFY(row.warnings.contains(u"labels-unlikely"_s));

        const auto onlyYes = store.dataset(u"yes"_s, {{{}, true, {}, {}}, {{}, true, {}, {}}});
        store.observe(store.run(u"two"_s), store.model(u"other"_s), onlyYes, "10");
        ResultFilter filter;
        filter.datasets << u"yes"_s;
        const ResultRow single = rowsOf(store, filter).first();
        QVERIFY(near(single.yesRate, 0.5));
        QVERIFY(near(single.matchGivenYes, 0.5));
        QVERIFY(!single.matchGivenNo && !single.balanced);
    }

    void latestRunOfEachCell()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 4);
        const Model small = store.model(u"z-small"_s, u"f"_s, 1e6), large = store.model(u"a-large"_s, u"f"_s, 1e9);
        const Run first = store.run(u"first"_s), second = store.run(u"second"_s);
        store.observe(first, small, items, "0000");
        store.observe(first, large, items, "1100");
        store.observe(second, small, items, "1111");
        store.observe(second, small, items, "1000", u"ha"_s);
        const auto rows = rowsOf(store);
        QCOMPARE(rows.size(), 3);
        QCOMPARE(rows[0].model, u"z-small"_s); // By size, not by name.
        QCOMPARE(rows[0].frame, u"chat"_s);
        QCOMPARE(rows[0].run, second.uuid);
        QVERIFY(near(rows[0].score, 1.0));
        QCOMPARE(rows[1].frame, u"ha"_s);
        QVERIFY(near(rows[1].score, 0.25));
        QCOMPARE(rows[2].model, u"a-large"_s);
        QCOMPARE(rows[2].run, first.uuid);
        ResultFilter filter;
        filter.run = u"first"_s;
        filter.models << u"z-small"_s;
        const auto old = rowsOf(store, filter);
        QCOMPARE(old.size(), 1);
        QVERIFY(near(old.first().score, 0.0));

        const ResultMatrix matrix = resultMatrix(rows);
        QCOMPARE(matrix.datasets, QStringList{u"d"_s});
        QCOMPARE(matrix.models, (QStringList{u"z-small"_s, u"a-large"_s}));
        QCOMPARE(matrix.cell(u"d"_s, u"z-small"_s), (QList<int>{0, 1}));
        QCOMPARE(matrix.cell(u"d"_s, u"nobody"_s), QList<int>{});

        const auto answers = must(store.ask([&](Connection &c) { return itemAnswers(c, items.first()); }));
        QCOMPARE(answers.size(), 4);
        QCOMPARE(answers.first().run, second.uuid);
        QCOMPARE(answers.last().run, first.uuid);
        QCOMPARE(answers.first().matches, std::optional<bool>(true));
    }

    /// A trial with a few items, or a run that was stopped, does not hide a whole one.
    void theRunThatCoversMostCounts()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 4);
        const Model model = store.model(u"m"_s);
        const Run whole = store.run(u"whole"_s), trial = store.run(u"trial"_s);
        store.observe(whole, model, items, "1100");
        store.observe(trial, model, items, "1---");
        QCOMPARE(rowsOf(store).first().run, whole.uuid);
        ResultFilter filter;
        filter.run = u"trial"_s;
        QCOMPARE(rowsOf(store, filter).first().run, trial.uuid);
        // Three items are rejected later: then both say the same about what is kept, and the later one counts.
        must(store.project->writeNow([&](Connection &c) -> Status {
            for (const CandidateId item : items.mid(1)) {
                Decision reject;
                reject.candidateId = item;
                reject.stage = u"review"_s;
                reject.reason = u"by hand"_s;
                reject.actor = u"person"_s;
                EVALWRIGHT_TRY(addDecision(c, reject));
            }
            return {};
        }));
        QCOMPARE(rowsOf(store).first().run, trial.uuid);
    }

    void aCellWithoutAnyAnswerIsShown()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 3);
        const Model model = store.model(u"a:b"_s, u"f"_s, 1e6);
        const Run run = store.run(u"one"_s);
        const auto fail = [&](const Run &of, const Model &asked) {
            must(store.project->writeNow([&](Connection &c) -> Status {
                for (const CandidateId item : items) {
                    JobStep step;
                    step.jobId = of.jobId;
                    step.stage = u"evaluate:%1:chat"_s.arg(asked.name);
                    step.ordinal = item.value;
                    step.modelId = asked.id;
                    step.requestKey = u"k%1"_s.arg(item.value);
                    EVALWRIGHT_TRY(planSteps(c, of.jobId, {step}));
                    EVALWRIGHT_TRY(finishStep(c, of.jobId, step.stage, step.ordinal, {}, false, u"HTTP 500"_s));
                }
                return {};
            }));
        };
        fail(run, model);
        const auto rows = rowsOf(store);
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows.first().model, u"a:b"_s);
        QCOMPARE(rows.first().frame, u"chat"_s);
        QCOMPARE(rows.first().run, run.uuid);
        QCOMPARE(rows.first().errors, 3);
        QCOMPARE(rows.first().n, 3);
        QVERIFY(!rows.first().score && !rows.first().low);
        ResultFilter filter;
        filter.frame = u"ha"_s;
        QVERIFY(rowsOf(store, filter).isEmpty());
        // Answers of another run count more than failures.
        const Run second = store.run(u"second"_s), third = store.run(u"third"_s);
        store.observe(second, model, items, "110");
        fail(third, model);
        QCOMPARE(rowsOf(store).size(), 1);
        QCOMPARE(rowsOf(store).first().run, second.uuid);
        QCOMPARE(rowsOf(store).first().errors, 0);
    }

    void unknownNamesAreNamed()
    {
        Observed store;
        store.plain(u"agreeableness"_s, 2);
        store.model(u"smollm"_s);
        for (const auto &wrong : {std::pair(ResultFilter{{}, {u"agreeablenes"_s}, {}, {}}, u"agreeableness"_s),
                                  std::pair(ResultFilter{{}, {}, {u"smolm"_s}, {}}, u"smollm"_s)}) {
            const auto rows = store.ask([&](Connection &c) { return results(c, wrong.first); });
            QVERIFY(!rows);
            QCOMPARE(rows.error().code, ErrorCode::NotFound);
            QVERIFY(rows.error().suggestions.contains(wrong.second));
        }
        const auto run = store.ask([](Connection &c) {
            return results(c, ResultFilter{u"no such run"_s, {}, {}, {}});
        });
        QVERIFY(!run);
        QCOMPARE(run.error().code, ErrorCode::NotFound);
    }

    void comparisonAgreesWithGolden()
    {
        Observed store;
        const Model a = store.model(u"a"_s), b = store.model(u"b"_s);
        const Run run = store.run(u"one"_s);
        int compared = 0;
        for (const json &entry : goldenCases("clustered_mean.json")) {
            const json &input = entry["input"];
            const std::string error = entry.value("expected_error", "");
            if (entry["function"] != "paired_difference" || error == "length_mismatch")
                continue;
            const QString name = QString::fromStdString(entry["id"].get<std::string>());
            const auto items = store.dataset(name, itemsIn(input["cluster"]));
            store.observe(run, a, items, lettersOf(input["first"]));
            store.observe(run, b, items, lettersOf(input["second"]));
            const auto got = store.ask([&](Connection &c) { return compareModels(c, name, u"a"_s, u"b"_s); });
            if (!error.empty()) {
                QVERIFY(!got);
                QCOMPARE(got.error().code, ErrorCode::InvalidInput);
                continue;
            }
            QVERIFY2(got, qPrintable(name));
            const json &want = entry["expected"];
            const auto number = [&](const char *member) {
                return want[member].is_null() ? std::optional<double>()
                                              : std::optional<double>(want[member].get<double>());
            };
            QVERIFY2(near(got->difference, number("difference"), 1e-9), qPrintable(name));
            // Clusters of one item each are independent items: another test, another interval.
            const bool clustered = !got->mcnemarP;
            QVERIFY2(!clustered || near(got->p, number("p"), 1e-9), qPrintable(name));
            if (clustered && want.contains("low")) {
                // No difference of shares lies beyond ±1.
                QVERIFY2(near(got->low, std::max(-1.0, *number("low")), 1e-9), qPrintable(name));
                QVERIFY2(near(got->high, std::min(1.0, *number("high")), 1e-9), qPrintable(name));
            }
            if (want.contains("used")) {
                QCOMPARE(got->n, want["used"].get<qint64>());
                QCOMPARE(got->dropped, want["dropped"].get<qint64>());
            }
            if (want.contains("gained")) {
                QCOMPARE(got->onlyA, want["gained"].get<qint64>());
                QCOMPARE(got->onlyB, want["lost"].get<qint64>());
            }
            QVERIFY(near(got->scoreA - got->scoreB, got->difference));
            ++compared;
        }
        QVERIFY(compared >= 4);
    }

    void comparisonByHand()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 10);
        const Run run = store.run(u"one"_s);
        store.observe(run, store.model(u"a"_s), items, "111111100r");
        store.observe(run, store.model(u"b"_s), items, "1100001-00", u"ha"_s);
        const auto got = must(store.ask([](Connection &c) { return compareModels(c, u"d"_s, u"a"_s, u"b"_s); }));
        QCOMPARE(got.n, 8); // The eighth lacks b, the tenth a.
        QCOMPARE(got.dropped, 2);
        QCOMPARE(got.onlyA, 4);
        QCOMPARE(got.onlyB, 0);
        QCOMPARE(got.flipped(), 4);
        QCOMPARE(got.clusters, 8);
        QVERIFY(near(got.scoreA, 7.0 / 8));
        QVERIFY(near(got.scoreB, 3.0 / 8));
        QVERIFY(near(got.mcnemarP, 2.0 / 16)); // Four heads of four: 2 · 2^-4.
        QVERIFY(!got.notes.filter(u"different frames"_s).isEmpty());
        const json out = got.toJson();
        for (const char *name : {"difference", "low", "high", "p", "n", "clusters", "flipped"})
            QVERIFY2(out.contains(name) && out[name].is_number(), name);
        // The other way round the sign turns and nothing else.
        const auto turned = must(store.ask([](Connection &c) { return compareModels(c, u"d"_s, u"b"_s, u"a"_s); }));
        QVERIFY(near(turned.difference, -got.difference));
        QVERIFY(near(*turned.low, -*got.high));
        QVERIFY(near(turned.p, got.p));

        const auto itself = store.ask([](Connection &c) { return compareModels(c, u"d"_s, u"a"_s, u"a"_s); });
        QVERIFY(!itself);
        QCOMPARE(itself.error().code, ErrorCode::InvalidInput);
        const auto otherFrame =
            store.ask([](Connection &c) { return compareModels(c, u"d"_s, u"a"_s, u"b"_s, u"ha"_s); });
        QVERIFY(!otherFrame);
        QCOMPARE(otherFrame.error().code, ErrorCode::NotFound);
    }

    /// Items of their own: Tango's interval and McNemar's exact p, as published programs compute them.
    void unclusteredComparisonAgreesWithGolden()
    {
        Observed store;
        const Model a = store.model(u"a"_s), b = store.model(u"b"_s);
        const Run run = store.run(u"one"_s);
        int compared = 0;
        for (const json &entry : goldenCases("paired_proportions.json")) {
            if (!entry.contains("expected"))
                continue;
            const json &input = entry["input"], &want = entry["expected"];
            const bool tango = entry["function"] == "tango_interval", mcnemar = entry["function"] == "mcnemar_exact";
            if ((!tango && !mcnemar) || input.value("confidence", 0.95) != 0.95)
                continue;
            QByteArray first, second;
            for (const auto &[cell, letters] : {std::pair("both", "11"), std::pair("only_first", "10"),
                                                std::pair("only_second", "01"), std::pair("neither", "00")}) {
                const auto count = input[cell].get<qsizetype>();
                first += QByteArray(count, letters[0]);
                second += QByteArray(count, letters[1]);
            }
            if (first.isEmpty() || first.size() > 2000)
                continue;
            const QString name = QString::fromStdString(entry["id"].get<std::string>());
            const auto items = store.plain(name, static_cast<int>(first.size()));
            store.observe(run, a, items, first);
            store.observe(run, b, items, second);
            const auto got = must(store.ask([&](Connection &c) { return compareModels(c, name, u"a"_s, u"b"_s); }));
            if (mcnemar) {
                QVERIFY2(near(got.p, want["p"].get<double>(), 1e-9), qPrintable(name));
            } else {
                QVERIFY2(near(got.low, want["low"].get<double>(), 1e-7), qPrintable(name));
                QVERIFY2(near(got.high, want["high"].get<double>(), 1e-7), qPrintable(name));
            }
            QVERIFY(*got.low >= -1 && *got.high <= 1);
            QCOMPARE(got.toJson()["test"].get<std::string>(), std::string("mcnemar-exact"));
            QCOMPARE(got.toJson()["difference_is"].get<std::string>(), std::string("a minus b"));
            ++compared;
        }
        QVERIFY2(compared >= 10, qPrintable(QString::number(compared)));
    }

    void aControlIsComparedOnlyWhenItIsNamed()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 4);
        const Model a = store.model(u"a"_s), b = store.model(u"b"_s);
        const Run run = store.run(u"one"_s);
        // “anti” stands before “none” in the alphabet.
        for (const auto &[control, first] : {std::pair(u"anti"_s, "0000"), std::pair(u"none"_s, "1110")}) {
            const auto under = [control](qsizetype, Observation &o) { o.control = control; };
            store.observe(run, a, items, first, u"chat"_s, under);
            store.observe(run, b, items, "1000", u"chat"_s, under);
        }
        const auto plain = must(store.ask([](Connection &c) { return compareModels(c, u"d"_s, u"a"_s, u"b"_s); }));
        QVERIFY(near(plain.difference, 0.5));
        const auto anti = must(store.ask(
            [](Connection &c) { return compareModels(c, u"d"_s, u"a"_s, u"b"_s, u"chat"_s, u"anti"_s); }));
        QVERIFY(near(anti.difference, -0.25));
    }

    void comparisonInsideOneCluster()
    {
        Observed store;
        const auto items =
            store.dataset(u"d"_s, {{{}, true, u"k"_s, {}}, {{}, false, u"k"_s, {}}, {{}, true, u"k"_s, {}}});
        const Run run = store.run(u"one"_s);
        store.observe(run, store.model(u"a"_s), items, "111");
        store.observe(run, store.model(u"b"_s), items, "100");
        const auto got = must(store.ask([](Connection &c) { return compareModels(c, u"d"_s, u"a"_s, u"b"_s); }));
        QVERIFY(near(got.difference, 2.0 / 3));
        QVERIFY(!got.low && !got.high && !got.p && !got.mcnemarP);
        QCOMPARE(got.clusters, 1);
        QVERIFY(got.toJson()["p"].is_null());
    }
};

QTEST_GUILESS_MAIN(TestResults)
#include "tst_results.moc"
