// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/gap.h"

#include "../support/fakeaccess.h"
#include "../support/testserver.h"
#include "evaluation/figures.h"
#include "lm/curltransport.h"
#include "observed.h"

#include <algorithm>
#include <atomic>
#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Two sets of one behaviour in a project, "old" and "new".
class TwoSets
{
public:
    Observed store;
    QList<CandidateId> old, fresh;

    explicit TwoSets(int items = 200) : TwoSets(plain(u"old"_s, items), plain(u"new"_s, items)) {}
    TwoSets(const QList<ItemPlan> &first, const QList<ItemPlan> &second)
    {
        old = store.dataset(u"old"_s, first);
        fresh = store.dataset(u"new"_s, second);
        must(store.project->writeNow([](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"UPDATE dataset SET behaviour_id = (SELECT min(id) FROM behaviour)"_s));
            return {};
        }));
    }
    static QList<ItemPlan> plain(const QString &name, int items)
    {
        QList<ItemPlan> plan;
        for (int i = 0; i < items; ++i)
            plan << ItemPlan{u"%1 %2"_s.arg(name).arg(i), i % 2 == 0, {}, {}};
        return plan;
    }

    /// `matching` of every hundred answers match; p(matching) is 0.8 where they do, else 0.3.
    void answer(const QString &model, const QList<CandidateId> &items, int matching, const QString &frame = u"chat"_s,
                int salt = 0)
    {
        const Model known = modelNamed(model);
        QByteArray letters;
        for (qsizetype i = 0; i < items.size(); ++i) {
            // 37 goes through all residues of 50, so Yes and No items match alike.
            letters += (((i / 2 + salt) * 37) % 50) * 2 < matching ? '1' : '0';
        }
        store.observe(store.run(u"run %1"_s.arg(++m_runs)), known, items, letters, frame,
                      [&](qsizetype i, Observation &o) { o.pMatching = letters[i] == '1' ? 0.8 : 0.3; });
    }
    Model modelNamed(const QString &name)
    {
        const auto known = must(store.ask([](Connection &c) { return listModels(c); }));
        const auto found = std::ranges::find(known, name, &Model::name);
        return found == known.end() ? store.model(name, u"fam"_s, 1e9) : *found;
    }
    Result<GapReport> gap(GapQuery query = {})
    {
        query.oldDataset = u"old"_s;
        query.newDataset = u"new"_s;
        return store.ask([&](Connection &c) { return gapOf(c, query); });
    }
    void giveRecipe(const QString &dataset, const QString &document)
    {
        must(store.project->writeNow([&](Connection &c) -> Status {
            RecipeRecord record;
            record.hash = document;
            record.preset = u"p"_s;
            record.json = document;
            EVALWRIGHT_ASSIGN(record, ensureRecipe(c, record));
            EVALWRIGHT_TRY(c.execute(u"UPDATE dataset SET recipe_id = ? WHERE name = ?"_s, {record.id.value, dataset}));
            return {};
        }));
    }

private:
    int m_runs = 0;
};

} // namespace

class TestGapTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsAGapFromNone()
    {
        TwoSets sets(400);
        sets.answer(u"knows"_s, sets.old, 90);
        sets.answer(u"knows"_s, sets.fresh, 60);
        sets.answer(u"not"_s, sets.old, 70);
        sets.answer(u"not"_s, sets.fresh, 70, u"chat"_s, 7);
        const GapReport report = must(sets.gap());
        QCOMPARE(report.rows.size(), 2);
        const GapRow &knows = report.rows[0], &not_ = report.rows[1];
        QCOMPARE(knows.model, u"knows"_s);
        QCOMPARE(knows.verdict, u"gap"_s);
        QVERIFY(near(knows.matching.old, 0.9) && near(knows.matching.fresh, 0.6) && near(knows.matching.gap, 0.3));
        QVERIFY(knows.matching.low > 0.2 && knows.matching.high < 0.4 && knows.matching.p < 1e-6);
        QVERIFY(near(*knows.matching.q, std::min(1.0, 2 * knows.matching.p), 1e-15));
        QVERIFY(knows.probability);
        QVERIFY(near(knows.probability->gap, 0.3 * 0.5));
        QVERIFY2(knows.text.startsWith(u"The answers match the behaviour more often on old than on new: +30.0 pp"_s),
                 qPrintable(knows.text));
        QCOMPARE(not_.verdict, u"no-gap"_s);
        QVERIFY(near(not_.matching.gap, 0, 1e-9));
        QVERIFY2(not_.text.startsWith(u"No gap larger than "_s), qPrintable(not_.text));
        QVERIFY(not_.matching.high < 0.1 && not_.matching.detectable > 0.05 && not_.matching.detectable < 0.15);
        for (const GapRow &row : report.rows) {
            for (const QString &text : QStringList{row.text} + row.details)
                QVERIFY2(!text.contains(u"contaminat"_s), qPrintable(text));
        }
        QVERIFY(report.notes.first().contains(u"does not say why"_s));

        const json document = report.toJson();
        QCOMPARE(document["models_tested"].get<int>(), 2);
        QCOMPARE(document["rows"][0]["verdict"].get<std::string>(), std::string("gap"));
        QVERIFY(document["rows"][0]["beyond_reference"].is_null());
        QCOMPARE(document["rows"][0]["text"].get<std::string>(), knows.text.toStdString());
    }

    void fewItemsAreUndetermined()
    {
        TwoSets sets(40);
        sets.answer(u"m"_s, sets.old, 70);
        sets.answer(u"m"_s, sets.fresh, 60);
        const GapRow row = must(sets.gap()).rows.first();
        QCOMPARE(row.verdict, u"undetermined"_s);
        QCOMPARE(row.reason, u"too-wide"_s);
        QVERIFY2(row.text.contains(u"this size finds a gap of "_s), qPrintable(row.text));
        // With a wider margin, stated, the same numbers say that there is no such gap.
        GapQuery query;
        query.rule.margin = 0.5;
        QCOMPARE(must(sets.gap(query)).rows.first().verdict, u"no-gap"_s);
    }

    /// Both models find the new items harder; only one has more than that.
    void aReferenceTakesTheDifficultyAway()
    {
        TwoSets sets(600);
        for (const QString &model : {u"knows"_s, u"same"_s, u"reference"_s}) {
            sets.answer(model, sets.old, model == u"knows"_s ? 96 : 80);
            sets.answer(model, sets.fresh, 60);
        }
        GapQuery query;
        query.reference = u"reference"_s;
        const GapReport report = must(sets.gap(query));
        QCOMPARE(report.rows.size(), 3);
        QCOMPARE(report.rows[0].verdict, u"gap"_s);
        QVERIFY(near(report.rows[0].beyondReference->gap, 0.16));
        QVERIFY(report.rows[0].beyondReference->usedOld == 600);
        QVERIFY2(report.rows[0].text.contains(u"larger than that of reference"_s), qPrintable(report.rows[0].text));
        // Its own gap of 20 points is clear, but the reference has it as well.
        QVERIFY(report.rows[1].matching.low > 0.1);
        QCOMPARE(report.rows[1].verdict, u"no-gap"_s);
        QVERIFY(near(report.rows[1].beyondReference->gap, 0));
        QVERIFY2(report.rows[1].beyondReference->high > 0.002, "equal answers are no proof that all would be");
        QVERIFY(report.rows[2].isReference && report.rows[2].verdict.isEmpty() && !report.rows[2].matching.q);
        QVERIFY(!report.rows[2].beyondReference);
        query.reference = u"nobody"_s;
        QVERIFY(!sets.gap(query));
        sets.store.model(u"silent"_s);
        query.reference = u"silent"_s;
        const auto without = sets.gap(query);
        QVERIFY(!without);
        QCOMPARE(without.error().code, ErrorCode::NotFound);
    }

    /// Clusters make the interval wider; the one that ignores them stands beside it.
    void clustersWidenTheInterval()
    {
        const auto clustered = [](const QString &name) {
            QList<ItemPlan> plan = TwoSets::plain(name, 400);
            for (qsizetype i = 0; i < plan.size(); ++i)
                plan[i].cluster = u"%1 %2"_s.arg(name).arg(i / 20);
            return plan;
        };
        TwoSets sets(clustered(u"old"_s), clustered(u"new"_s));
        const Model model = sets.store.model(u"m"_s);
        const auto answers = [](int of) {
            QByteArray letters;
            for (int i = 0; i < 400; ++i)
                letters += (i / 20) % 5 < of ? '1' : '0'; // Whole clusters answer alike.
            return letters;
        };
        sets.store.observe(sets.store.run(u"a"_s), model, sets.old, answers(4));
        sets.store.observe(sets.store.run(u"b"_s), model, sets.fresh, answers(3));
        const GapRow row = must(sets.gap()).rows.first();
        const GapMeasure &m = row.matching;
        QCOMPARE(m.clustersOld, 20);
        QVERIFY(!m.sharedClusters);
        QVERIFY(m.naiveLow && m.high - m.low > 2.5 * (*m.naiveHigh - *m.naiveLow));
        QVERIFY(*m.naiveLow > 0.1);
        QCOMPARE(row.verdict, u"undetermined"_s);
    }

    void sharedClustersAreCompared()
    {
        const auto clustered = [](const QString &name) {
            QList<ItemPlan> plan = TwoSets::plain(name, 300);
            for (qsizetype i = 0; i < plan.size(); ++i)
                plan[i].cluster = u"question %1"_s.arg(i % 15);
            return plan;
        };
        TwoSets sets(clustered(u"old"_s), clustered(u"new"_s));
        sets.answer(u"m"_s, sets.old, 70);
        sets.answer(u"m"_s, sets.fresh, 70, u"chat"_s, 3);
        const GapMeasure m = must(sets.gap()).rows.first().matching;
        QVERIFY(m.sharedClusters);
        QCOMPARE(m.clustersOld, 15);
    }

    void framesAndWaysOfScoringAreNotMixed()
    {
        TwoSets sets(100);
        sets.answer(u"m"_s, sets.old, 70, u"chat"_s);
        sets.answer(u"m"_s, sets.fresh, 70, u"ha"_s);
        const auto mixed = sets.gap();
        QVERIFY(!mixed);
        QCOMPARE(mixed.error().code, ErrorCode::NotFound);
        sets.answer(u"m"_s, sets.fresh, 60, u"chat"_s);
        QCOMPARE(must(sets.gap()).rows.first().frame, u"chat"_s);
        GapQuery ha;
        ha.frame = u"ha"_s;
        QVERIFY(!sets.gap(ha));
    }

    void unansweredItemsAreSaid()
    {
        TwoSets sets(100);
        const Model model = sets.store.model(u"m"_s);
        QByteArray letters(100, '1');
        letters.replace(0, 20, QByteArray(20, 'r'));
        sets.store.observe(sets.store.run(u"a"_s), model, sets.old, letters);
        sets.store.observe(sets.store.run(u"b"_s), model, sets.fresh, QByteArray(100, '1'));
        const GapRow row = must(sets.gap()).rows.first();
        QCOMPARE(row.answeredOld, 80);
        QCOMPARE(row.matching.usedOld, 80);
        QVERIFY2(row.details.join(u'\n').contains(u"20.0% of the old set"_s), qPrintable(row.details.join(u'\n')));
        QVERIFY2(row.matching.low < -0.02 && row.matching.high > 0.02, "equal answers are no certainty");
    }

    void otherCausesAreNamed()
    {
        TwoSets sets(TwoSets::plain(u"same"_s, 60), TwoSets::plain(u"same"_s, 60));
        sets.answer(u"m"_s, sets.old, 70);
        sets.answer(u"m"_s, sets.fresh, 70);
        const auto note = [&](const QString &words) {
            return must(sets.gap()).notes.join(u'\n').contains(words);
        };
        QVERIFY(note(u"60 items of the new set are in the old one"_s));
        QVERIFY(note(u"No recipe is stored for “old” and “new”"_s));
        sets.giveRecipe(u"old"_s, u"{\"seed\":1,\"stages\":[{\"id\":\"write\",\"count\":5}]}"_s);
        QVERIFY(note(u"No recipe is stored for “new”"_s));
        sets.giveRecipe(u"new"_s, u"{\"seed\":2,\"stages\":[{\"id\":\"write\",\"count\":5}]}"_s);
        QVERIFY(note(u"The recipes are the same apart from the seed."_s));
        QVERIFY(must(sets.gap()).difference.toJson()["same_apart_from_seed"] == true);
        sets.giveRecipe(u"new"_s, u"{\"seed\":2,\"stages\":[{\"id\":\"ask\"},{\"id\":\"write\",\"count\":6}]}"_s);
        QVERIFY(note(u"The recipes differ in 3 places besides the seed: stages.(order), stages.ask.id, stages.write.count."_s));
        QVERIFY(must(sets.gap()).difference.toJson()["same_apart_from_seed"] == false);
    }

    void refusesWhatCannotBeCompared()
    {
        TwoSets sets(20);
        sets.answer(u"m"_s, sets.old, 70);
        sets.answer(u"m"_s, sets.fresh, 70);
        const auto code = [&](GapQuery query) {
            const auto gap = sets.store.ask([&](Connection &c) { return gapOf(c, query); });
            return gap ? ErrorCode::Unknown : gap.error().code;
        };
        QCOMPARE(code({.oldDataset = u"old"_s, .newDataset = u"old"_s}), ErrorCode::InvalidInput);
        QCOMPARE(code({.oldDataset = u"old"_s, .newDataset = u"nwe"_s}), ErrorCode::NotFound);
        QCOMPARE(code({.oldDataset = u"old"_s, .newDataset = u"new"_s, .models = {u"mm"_s}}), ErrorCode::NotFound);
        QCOMPARE(code({.oldDataset = u"old"_s, .newDataset = u"new"_s, .rule = {.margin = 1.5}}),
                 ErrorCode::InvalidInput);
        QCOMPARE(code({.oldDataset = u"old"_s, .newDataset = u"new"_s, .models = {u"m"_s}, .reference = u"m"_s}),
                 ErrorCode::InvalidInput);
        sets.store.plain(u"another"_s, 5); // Its own behaviour.
        QCOMPARE(code({.oldDataset = u"old"_s, .newDataset = u"another"_s}), ErrorCode::InvalidInput);
    }

    void theFigureIsRebuilt()
    {
        TwoSets sets(200);
        sets.answer(u"m"_s, sets.old, 90);
        sets.answer(u"m"_s, sets.fresh, 50);
        const FigureSpec figure = gapFigure(must(sets.gap()));
        QCOMPARE(figure.series.size(), 1);
        QCOMPARE(figure.series.first().points.size(), 2);
        QCOMPARE(figure.series.first().verdict->code, u"gap"_s);
        const FigureSpec read = must(FigureSpec::fromJson(figure.toJson()));
        const FigureSpec again = must(sets.store.ask([&](Connection &c) { return rebuildFigure(c, read); }));
        QCOMPARE(again.dataHash, figure.dataHash);
        QVERIFY(figure.table().rows.first().contains(u"+40.0 pp"_s));
        json broken = figure.createdFrom;
        broken["models"] = 5;
        QVERIFY(!GapQuery::fromJson(broken));
        QVERIFY(!GapQuery::fromJson(json::array()));
    }

    /// Asks through evaluate(), and nothing twice.
    void asksWhatIsMissing()
    {
        TwoSets sets(60);
        std::atomic<int> asked = 0;
        TestServer server([&asked](const ServerRequest &request) -> ServerReply {
            ++asked;
            const json body = json::parse(request.body.toStdString());
            const auto question = body["messages"].back()["content"].get<std::string>();
            // Items with an even number match with Yes. Old ones are all answered so, new ones by a coin.
            const int number = std::stoi(question.substr(question.rfind(' ')));
            const bool yes = question.starts_with("old") ? number % 2 == 0 : (number / 2) % 2 == 0;
            json top = json::array();
            for (const auto &[token, p] : {std::pair(yes ? " Yes" : " No", 0.8), std::pair(yes ? " No" : " Yes", 0.1)})
                top.push_back({{"token", token}, {"logprob", std::log(p)}});
            json position = top.front();
            position["top_logprobs"] = top;
            const json reply{{"object", "chat.completion"},
                             {"model", "m"},
                             {"choices",
                              {{{"index", 0},
                                {"message", {{"role", "assistant"}, {"content", yes ? " Yes" : " No"}}},
                                {"finish_reason", "length"},
                                {"logprobs", {{"content", {position}}}}}}}};
            return {200, QByteArray::fromStdString(reply.dump())};
        });
        sets.store.model(u"m"_s, u"fam"_s, 1e9, u"instruct"_s);
        CurlTransport transport;
        FakeAccess access(server.baseUrl());
        const JobServices services{sets.store.project, &transport, &access};
        GapSpec spec;
        spec.query.oldDataset = u"old"_s;
        spec.query.newDataset = u"new"_s;
        spec.query.models << u"m"_s;
        const GapReport report = must(gapTest(services, spec, {}, {}));
        QCOMPARE(report.rows.size(), 1);
        QVERIFY(report.evaluation && report.evaluation->requests == 120);
        QVERIFY(near(report.rows.first().matching.old, 1.0));
        QVERIFY(near(report.rows.first().matching.fresh, 0.5, 0.05));
        QCOMPARE(report.rows.first().verdict, u"gap"_s);
        const int before = asked;
        const GapReport again = must(gapTest(services, spec, {}, {}));
        QCOMPARE(asked.load(), before);
        QVERIFY(near(again.rows.first().matching.gap, report.rows.first().matching.gap));
        // From what is stored alone it is the same.
        QVERIFY(near(must(sets.gap()).rows.first().matching.low, report.rows.first().matching.low));
        spec.limit = 20;
        const GapReport some = must(gapTest(services, spec, {}, {}));
        QCOMPARE(some.rows.first().matching.usedOld, 20);
        QCOMPARE(asked.load(), before);
        spec.query.newDataset = u"old"_s;
        QVERIFY(!gapTest(services, spec, {}, {}));
        QCOMPARE(asked.load(), before);
    }
};

QTEST_GUILESS_MAIN(TestGapTest)
#include "tst_gaptest.moc"
