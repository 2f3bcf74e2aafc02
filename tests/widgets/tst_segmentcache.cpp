// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/segmentcache.h"

#include <QRandomGenerator>
#include <QTest>

using namespace evalwright;

namespace {

using Cache = SegmentCache<int>;
using State = Cache::State;

/// Values that tell their row.
QList<int> rowsFrom(qint64 first, int count)
{
    QList<int> values;
    for (int i = 0; i < count; ++i)
        values << static_cast<int>(first) + i;
    return values;
}

} // namespace

class TestSegmentCache : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowsAreFoundInTheirSegments()
    {
        Cache cache(10, 4);
        QCOMPARE(cache.segmentOf(0), 0);
        QCOMPARE(cache.segmentOf(9), 0);
        QCOMPARE(cache.segmentOf(10), 1);
        QCOMPARE(cache.segmentOf(5'000'000'000LL), 500'000'000LL);
        QCOMPARE(cache.firstRowOf(3), 30);
        QVERIFY(!cache.at(12));
        QVERIFY(cache.state(1) == State::Absent);
        cache.insert(1, rowsFrom(10, 10));
        QVERIFY(cache.state(1) == State::Fresh);
        QCOMPARE(*cache.at(12), 12);
        QCOMPARE(*cache.at(19), 19);
        QVERIFY(!cache.at(9));
        QVERIFY(!cache.at(20));
    }

    void theLastSegmentIsShorter()
    {
        Cache cache(10, 4);
        cache.insert(0, rowsFrom(0, 3));
        QCOMPARE(*cache.at(2), 2);
        QVERIFY(!cache.at(3));
    }

    void theLeastRecentlyUsedLeaves()
    {
        Cache cache(10, 3);
        for (int segment = 0; segment < 3; ++segment)
            cache.insert(segment, rowsFrom(10 * segment, 10));
        QVERIFY(cache.at(5)); // Segment 0 is used; now 1 is the oldest.
        cache.insert(7, rowsFrom(70, 10));
        QCOMPARE(cache.count(), 3);
        QVERIFY(cache.state(1) == State::Absent);
        QVERIFY(cache.state(0) == State::Fresh);
        cache.insert(2, rowsFrom(20, 10)); // Put in anew, it is used too.
        cache.insert(8, rowsFrom(80, 10));
        QVERIFY(cache.state(0) == State::Absent);
        QVERIFY(cache.state(2) == State::Fresh);
        // Asking for the state is no use of it.
        QVERIFY(cache.state(7) == State::Fresh);
        cache.insert(9, rowsFrom(90, 10));
        QVERIFY(cache.state(7) == State::Absent);
    }

    void staleSegmentsAreStillShown()
    {
        Cache cache(10, 3);
        cache.insert(0, rowsFrom(0, 10));
        cache.insert(1, rowsFrom(10, 10));
        cache.markAllStale();
        QVERIFY(cache.state(0) == State::Stale);
        QCOMPARE(*cache.at(4), 4);
        QVERIFY(cache.state(0) == State::Stale);
        cache.insert(0, rowsFrom(100, 10));
        QVERIFY(cache.state(0) == State::Fresh);
        QVERIFY(cache.state(1) == State::Stale);
        QCOMPARE(*cache.at(4), 104);
        QCOMPARE(cache.count(), 2);
        cache.clear();
        QCOMPARE(cache.count(), 0);
        QVERIFY(!cache.at(4));
        QVERIFY(cache.state(0) == State::Absent);
    }

    void anyOrderOfUse()
    {
        constexpr int capacity = 5;
        Cache cache(4, capacity);
        QList<qint64> recent; // As it must be: the latest at the end.
        QRandomGenerator random(7);
        for (int i = 0; i < 20'000; ++i) {
            const qint64 segment = random.bounded(12);
            const bool isIn = recent.contains(segment);
            QCOMPARE(cache.state(segment) == State::Fresh, isIn);
            if (random.bounded(2)) {
                cache.insert(segment, rowsFrom(4 * segment, 4));
                recent.removeOne(segment);
                recent << segment;
                if (recent.size() > capacity)
                    recent.removeFirst();
            } else {
                const int *value = cache.at(4 * segment + 1);
                QCOMPARE(value != nullptr, isIn);
                if (value) {
                    QCOMPARE(*value, static_cast<int>(4 * segment + 1));
                    recent.removeOne(segment);
                    recent << segment;
                }
            }
            QCOMPARE(cache.count(), recent.size());
        }
    }
};

QTEST_GUILESS_MAIN(TestSegmentCache)
#include "tst_segmentcache.moc"
