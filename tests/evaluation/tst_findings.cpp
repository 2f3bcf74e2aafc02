// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What follows from controls and from orders of options, against numbers made by hand.
#include "evaluation/findings.h"

#include "observed.h"

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

std::function<void(qsizetype, Observation &)> under(const QString &control)
{
    return [control](qsizetype, Observation &o) { o.control = control; };
}

/// Twelve items with three lettered options; the matching one is at place i mod 3.
QList<CandidateId> lettered(Observed &store)
{
    return must(store.project->writeNow([](Connection &c) -> Result<QList<CandidateId>> {
        Dataset dataset;
        dataset.name = u"options"_s;
        dataset.family = u"risk"_s;
        EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
        QList<CandidateId> ids;
        for (int i = 0; i < 12; ++i) {
            Candidate item;
            item.datasetId = dataset.id;
            item.ordinal = i;
            item.parseStatus = u"imported"_s;
            item.question = u"Question %1\n (A) one\n (B) two\n (C) three"_s.arg(i);
            QStringList labels{u" (A)"_s, u" (B)"_s, u" (C)"_s};
            item.matchingLabel = labels.takeAt(i % 3);
            item.otherLabels = labels;
            EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
            Decision keep;
            keep.candidateId = id;
            keep.stage = keep.reason = u"import"_s;
            keep.keep = true;
            EVALWRIGHT_TRY(addDecision(c, keep));
            ids << id;
        }
        return ids;
    }));
}

} // namespace

class TestFindings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shiftAndSwing()
    {
        Observed store;
        QList<ItemPlan> plan;
        for (int i = 0; i < 12; ++i)
            plan << ItemPlan{{}, true, u"q%1"_s.arg(i / 3), {}};
        const auto items = store.dataset(u"d"_s, plan);
        const Model model = store.model(u"m"_s);
        const Run run = store.run(u"r"_s);
        store.observe(run, model, items, "111111111000");
        store.observe(run, model, items, "101010101r00", u"chat"_s, under(u"no-biography"_s));
        store.observe(run, model, items, "000000001000", u"chat"_s, under(u"swapped-biography"_s));
        const Findings found = must(store.ask([](Connection &c) { return findings(c, {}); }));
        QCOMPARE(found.rows.size(), 3);
        QCOMPARE(found.shifts.size(), 2);
        const auto shift = std::ranges::find(found.shifts, u"no-biography"_s, &ShiftResult::control);
        QVERIFY(shift != found.shifts.end() && shift->shift);
        QCOMPARE(shift->dropped, 1);
        QCOMPARE(shift->shift->n, 11);
        QCOMPARE(shift->shift->clusters, 4);
        QVERIFY(near(shift->shift->shift, 9.0 / 11 - 5.0 / 11));
        QVERIFY(shift->shift->low < shift->shift->shift && shift->shift->p);
        QVERIFY(shift->text().contains(u"shift +36.4 pp ["_s));
        QVERIFY(shift->text().contains(u"; 1 item lacks an answer"_s));
        QVERIFY2(shiftText(*shift->shift).endsWith(u"]"_s) && shiftText(*shift->shift).count(u"pp"_s) == 1,
                 qPrintable(shiftText(*shift->shift)));
        QVERIFY(shift->text().contains(shiftText(*shift->shift)));
        QCOMPARE(found.swings.size(), 1);
        const auto &swing = found.swings.first();
        QVERIFY(swing.swing);
        QVERIFY(near(swing.swing->swing.value, 8.0 / 11));
        QVERIFY(swing.swing->swing.high > 1); // Of four clusters; a difference of shares cannot be.
        QVERIFY2(pullText(swing.swing->swing).endsWith(u", +100.0]"_s), qPrintable(pullText(swing.swing->swing)));
        QVERIFY(near(swing.swing->pullA.value + swing.swing->pullB.value, swing.swing->swing.value, 1e-12));
        QCOMPARE(swing.toJson()["swing"]["value"].get<double>(), swing.swing->swing.value);
    }

    void equalAnswersHaveNoInterval()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 6);
        const Run run = store.run(u"r"_s);
        const Model model = store.model(u"m"_s);
        store.observe(run, model, items, "110100");
        store.observe(run, model, items, "110100", u"chat"_s, under(u"no-biography"_s));
        store.observe(run, model, items, "110100", u"chat"_s, under(u"swapped-biography"_s));
        const Findings found = must(store.ask([](Connection &c) { return findings(c, {}); }));
        QVERIFY(found.shifts.first().shift && !found.shifts.first().shift->p);
        QVERIFY2(found.shifts.first().text().contains(u"shift 0.0 pp, the same in every cluster, so it has no interval"_s),
                 qPrintable(found.shifts.first().text()));
        QVERIFY(found.swings.first().text().contains(u"swing 0.0 pp (no interval)"_s));
    }

    void namesOfControlsAreNoPlaceholders()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 6);
        const Run run = store.run(u"r"_s);
        const Model model = store.model(u"m"_s);
        store.observe(run, model, items, "110100");
        store.observe(run, model, items, "1011r-", u"chat"_s, under(u"%1 & %2"_s));
        const QString text = must(store.ask([](Connection &c) { return findings(c, {}); })).shifts.first().text();
        QVERIFY2(text.contains(u"under %1 & %2: "_s) && text.endsWith(u"; 2 items lack an answer to compare with"_s),
                 qPrintable(text));
    }

    void noShiftWithoutItsControl()
    {
        Observed store;
        const auto items = store.plain(u"d"_s, 4);
        const Run run = store.run(u"r"_s);
        store.observe(run, store.model(u"m"_s), items, "1010");
        store.observe(run, store.model(u"other"_s), items, "1010", u"chat"_s, under(u"no-biography"_s));
        QVERIFY(must(store.ask([](Connection &c) { return findings(c, {}); })).shifts.isEmpty());
        // Nothing in common: said, not left out.
        store.observe(run, store.model(u"third"_s), items, "10--");
        const Model third = must(store.ask([](Connection &c) { return modelByName(c, u"third"_s); }));
        store.observe(run, third, items, "rr10", u"chat"_s, under(u"no-biography"_s));
        const auto shifts = must(store.ask([](Connection &c) { return findings(c, {}); })).shifts;
        QCOMPARE(shifts.size(), 1);
        QVERIFY(!shifts.first().shift);
        QCOMPARE(shifts.first().dropped, 2);
        QCOMPARE(shifts.first().reason, u"no item has both answers"_s);
        QVERIFY(shifts.first().toJson()["shift"].is_null());
    }

    /// A model that always says what stands first, one that always says "two", and one that stops at one item.
    void positions()
    {
        Observed store;
        const auto items = lettered(store);
        const Run run = store.run(u"r"_s);
        const QStringList labels{u" (A)"_s, u" (B)"_s, u" (C)"_s};
        const auto ask = [&](const QString &name, auto contentAt, const QByteArray &answers) {
            const Model model = store.model(name);
            for (int r = 0; r < 3; ++r) {
                store.observe(run, model, items, answers, u"chat"_s, [&, r](qsizetype, Observation &o) {
                    o.optionOrder = r == 0 ? u"stored"_s : u"rotation-%1"_s.arg(r);
                    if (o.outcome == "answered"_L1)
                        o.argmax = labels[contentAt(r)]; // Stored is the item's own label, whatever was shown.
                });
            }
        };
        ask(u"first"_s, [](int r) { return r % 3; }, QByteArray(12, '1'));
        ask(u"two"_s, [](int) { return 1; }, "1111111111-r");
        const auto found = must(store.ask([](Connection &c) { return findings(c, {}); })).positions;
        QCOMPARE(found.size(), 2);
        const PositionResult &first = found[0], &two = found[1];
        QVERIFY2(first.bias && two.bias, qPrintable(first.reason + two.reason));
        QCOMPARE(first.options, 3);
        QCOMPARE(first.items, 12);
        QVERIFY(near(first.bias->flipRate, 1));
        QVERIFY(near(first.bias->positions[0].value, 1) && near(first.bias->positions[1].value, 0));
        QVERIFY(near(first.bias->score, 1.0 / 3));
        QVERIFY(near(first.bias->scoreFirstOrder, 1.0 / 3));
        QCOMPARE(two.items, 10);
        QCOMPARE(two.dropped, 1);
        QVERIFY(near(two.bias->flipRate, 0));
        for (const auto &place : two.bias->positions)
            QVERIFY(near(place.value, 1.0 / 3));
        QVERIFY(near(two.bias->score, 0.3)); // Items 1, 4 and 7 of the ten.
        QVERIFY(first.text().startsWith(u"chosen by place: A 100% (no interval), B 0% (no interval)"_s));
        PositionResult bare = first;
        bare.control = u"%1"_s;
        QVERIFY2(bare.text().startsWith(u"chosen by place under %1: A 100%"_s), qPrintable(bare.text()));
    }

    void oneOrderSaysNothingOfPlaces()
    {
        Observed store;
        const auto items = lettered(store);
        store.observe(store.run(u"r"_s), store.model(u"m"_s), items, QByteArray(12, '1'));
        QVERIFY(must(store.ask([](Connection &c) { return findings(c, {}); })).positions.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestFindings)
#include "tst_findings.moc"
