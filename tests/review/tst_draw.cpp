// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which items a review takes, and who gets them where.
#include "review/draw.h"

#include <QTest>

#include <map>
#include <set>

using namespace evalwright::review;
using namespace Qt::StringLiterals;

namespace {

std::vector<DrawItem> population(int count)
{
    std::vector<DrawItem> items;
    for (int i = 0; i < count; ++i) // Three of four match by Yes.
        items.push_back({i + 1, i % 4 == 3 ? u" No"_s : u" Yes"_s, 0.5 + 0.5 * i / count, 0});
    return items;
}

std::vector<DrawnItem> plainItems(int count)
{
    std::vector<DrawnItem> items;
    for (int i = 0; i < count; ++i)
        items.push_back({i + 1, {}});
    return items;
}

std::set<qint64> idsOf(const Draw &draw)
{
    std::set<qint64> ids;
    for (const DrawnItem &item : draw.items)
        ids.insert(item.candidate);
    return ids;
}

} // namespace

class TestDraw : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySamplingDrawsEachItemOnce_data()
    {
        QTest::addColumn<int>("sampling");
        for (const Sampling one : {Sampling::Random, Sampling::Stratified, Sampling::ByLabel, Sampling::Disputed, Sampling::All})
            QTest::newRow(qPrintable(samplingName(one))) << static_cast<int>(one);
    }
    void everySamplingDrawsEachItemOnce()
    {
        QFETCH(const int, sampling);
        ReviewPlan plan;
        plan.sampling = static_cast<Sampling>(sampling);
        plan.items = 120;
        const auto items = population(400);
        const Draw draw = drawItems(items, plan);
        QCOMPARE(draw.items.size(), plan.sampling == Sampling::All ? 400u : 120u);
        QCOMPARE(idsOf(draw).size(), draw.items.size());
        plan.items = 4000; // More than there are.
        QCOMPARE(drawItems(items, plan).items.size(), 400u);
        // The same seed gives the same items in the same order, another seed another order.
        const auto list = [](const Draw &one) {
            std::vector<qint64> ids;
            for (const DrawnItem &item : one.items)
                ids.push_back(item.candidate);
            return ids;
        };
        plan.items = 120;
        QVERIFY(list(drawItems(items, plan)) == list(draw));
        plan.seed = 7;
        // What is disputed or unsure is no matter of chance.
        QCOMPARE(list(drawItems(items, plan)) == list(draw), plan.sampling == Sampling::Disputed);
    }

    /// Never the head of a list that is sorted by confidence.
    void randomItemsComeFromEverywhere()
    {
        ReviewPlan plan;
        plan.items = 100;
        int upper = 0;
        for (const qint64 id : idsOf(drawItems(population(1000), plan)))
            upper += id > 500 ? 1 : 0;
        QVERIFY2(upper > 30 && upper < 70, qPrintable(QString::number(upper)));
    }

    void strataAreDrawnEvenly()
    {
        ReviewPlan plan;
        plan.sampling = Sampling::Stratified;
        plan.items = 100;
        const auto items = population(800);
        const Draw draw = drawItems(items, plan);
        QCOMPARE(draw.strata.size(), 20u); // Deciles × labels.
        qint64 all = 0;
        for (const auto &[name, counts] : draw.strata) {
            QCOMPARE(counts.second, 5);
            QVERIFY(counts.first == 20 || counts.first == 60);
            all += counts.first;
        }
        QCOMPARE(all, 800);
        // The stratum says where the confidence lies.
        for (const DrawnItem &item : draw.items)
            QVERIFY(item.stratum.startsWith(u"decile %1,"_s.arg((item.candidate - 1) / 80 + 1)));
        plan.sampling = Sampling::ByLabel;
        const Draw byLabel = drawItems(items, plan);
        QCOMPARE(byLabel.strata.at(u"No"_s).second, 50);
        QCOMPARE(byLabel.strata.at(u"No"_s).first, 200);
    }

    void itemsWithoutConfidenceAreAStratum()
    {
        auto items = population(40);
        for (int i = 0; i < 10; ++i)
            items[static_cast<std::size_t>(i)].confidence.reset();
        ReviewPlan plan;
        plan.sampling = Sampling::Stratified;
        plan.items = 40;
        const Draw draw = drawItems(items, plan);
        QCOMPARE(draw.items.size(), 40u);
        QCOMPARE(draw.strata.at(u"no confidence, Yes"_s).first, 8);
    }

    void disputedItemsComeFirst()
    {
        auto items = population(50);
        items[40].dispute = 0.5;
        items[7].dispute = 0.4;
        ReviewPlan plan;
        plan.sampling = Sampling::Disputed;
        plan.items = 3;
        const Draw draw = drawItems(items, plan);
        QCOMPARE(draw.items[0].candidate, 41);
        QCOMPARE(draw.items[1].candidate, 8);
        QCOMPARE(draw.items[2].candidate, 1); // The least sure label of the others.
    }

    void everyItemGoesToAsManyRaters()
    {
        ReviewPlan plan;
        plan.raters = 5;
        plan.perItem = 3;
        plan.gold = plan.repeats = 0;
        const auto lists = assignPlaces(plainItems(50), {}, plan);
        std::map<qint64, int> times;
        for (const auto &list : lists) {
            QCOMPARE(list.size(), 30u);
            std::set<qint64> there;
            for (const DrawnPlace &place : list) {
                ++times[place.candidate];
                QVERIFY(there.insert(place.candidate).second); // Nobody rates an item twice.
            }
        }
        for (const auto &[item, count] : times)
            QCOMPARE(count, 3);
        plan.overlap = 0.2;
        std::map<qint64, int> shared;
        for (const auto &list : assignPlaces(plainItems(50), {}, plan)) {
            for (const DrawnPlace &place : list)
                ++shared[place.candidate];
        }
        for (const auto &[item, count] : shared)
            QCOMPARE(count, item <= 10 ? 5 : 3);
    }

    void orderIsRandomForEachRater()
    {
        ReviewPlan plan;
        plan.raters = plan.perItem = 2;
        plan.gold = plan.repeats = 0;
        const auto lists = assignPlaces(plainItems(40), {}, plan);
        const auto ids = [](const std::vector<DrawnPlace> &list) {
            std::vector<qint64> all;
            for (const DrawnPlace &place : list)
                all.push_back(place.candidate);
            return all;
        };
        QVERIFY(ids(lists[0]) != ids(lists[1]));
        auto sorted = ids(lists[0]);
        std::ranges::sort(sorted);
        QVERIFY(sorted != ids(lists[0]));
    }

    void goldsAndRepeatsLookLikeOthers()
    {
        ReviewPlan plan;
        plan.raters = 4;
        plan.perItem = 2;
        plan.gold = plan.repeats = 0.1;
        const std::vector<qint64> golds{901, 902, 903, 904, 905, 906, 907, 908};
        std::set<qint64> goldsUsed;
        for (const auto &list : assignPlaces(plainItems(100), golds, plan)) {
            QCOMPARE(list.size(), 60u); // 50, 5 gold, 5 repeats.
            std::map<qint64, std::size_t> first;
            int repeats = 0, gold = 0;
            for (std::size_t at = 0; at < list.size(); ++at) {
                const DrawnPlace &place = list[at];
                if (place.isGold) {
                    ++gold;
                    goldsUsed.insert(place.candidate);
                }
                if (!place.isRepeat) {
                    QVERIFY(first.emplace(place.candidate, at).second);
                    continue;
                }
                ++repeats;
                QVERIFY(first.contains(place.candidate));
                QVERIFY2(at - first[place.candidate] >= 18, qPrintable(QString::number(at - first[place.candidate])));
            }
            QCOMPARE(gold, 5);
            QCOMPARE(repeats, 5);
        }
        QCOMPARE(goldsUsed.size(), golds.size());
    }

    void shortListsHaveNoRepeats()
    {
        ReviewPlan plan;
        plan.raters = plan.perItem = 1;
        plan.repeats = 0.5;
        QCOMPARE(assignPlaces(plainItems(3), {}, plan)[0].size(), 3u);
        QVERIFY(assignPlaces({}, {}, plan)[0].empty());
        QCOMPARE(assignPlaces(plainItems(1), {1}, plan)[0].size(), 1u); // A gold item that is there already.
    }

    void plans()
    {
        ReviewPlan plan;
        plan.sampling = Sampling::Stratified;
        plan.stopWidth = 0.1;
        plan.goldLimit = 0.7;
        plan.goldBlocks = true;
        plan.overlap = 0.25;
        QVERIFY(*ReviewPlan::fromJson(plan.toJson()) == plan);
        QVERIFY(!ReviewPlan::fromText(u"[1]"_s));
        QVERIFY(!ReviewPlan::fromText(u"{\"sampling\":\"head\"}"_s));
        QVERIFY(!ReviewPlan::fromText(u"{\"items\":\"many\"}"_s));
        for (const char *bad : {"{\"per_item\":4}", "{\"raters\":0}", "{\"items\":0}", "{\"gold\":0.6}", "{\"overlap\":2}",
                                "{\"stop_width\":1}", "{\"gold_limit\":0}"})
            QVERIFY2(!ReviewPlan::fromText(QString::fromLatin1(bad)), bad);
    }
};

QTEST_GUILESS_MAIN(TestDraw)
#include "tst_draw.moc"
