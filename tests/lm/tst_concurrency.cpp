// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/concurrency.h"
#include "lm/scheduler/scheduler.h"

#include <QTest>

#include <queue>
#include <random>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Serves so many at once, each in so many seconds; the others queue. In pretended time.
double answersPerSecond(Concurrency &concurrency, int slots, double seconds, double failShare, double duration)
{
    struct Answer
    {
        double at, sentAt;
        bool operator<(const Answer &other) const { return at > other.at; }
    };
    std::mt19937 random(3);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::priority_queue<Answer> underWay;
    std::priority_queue<double, std::vector<double>, std::greater<>> free;
    for (int i = 0; i < slots; ++i)
        free.push(0);
    double now = 0;
    qint64 answered = 0;
    while (now < duration) {
        while (static_cast<int>(underWay.size()) < concurrency.limit()) {
            const double start = std::max(now, free.top());
            free.pop();
            const double end = start + seconds * (0.9 + 0.2 * uniform(random));
            free.push(end);
            underWay.push({end, now});
        }
        const Answer answer = underWay.top();
        now = answer.at;
        const int inFlight = static_cast<int>(underWay.size());
        underWay.pop();
        if (uniform(random) < failShare) {
            concurrency.failed(now);
        } else {
            concurrency.answered(now, now - answer.sentAt, inFlight);
            answered += now > duration / 2 ? 1 : 0;
        }
    }
    return static_cast<double>(answered) / (duration / 2);
}

} // namespace

/// How many requests at once an endpoint is good for, found in pretended time.
class TestConcurrency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatTheServerCanDo_data()
    {
        QTest::addColumn<int>("slots");
        QTest::addColumn<double>("seconds");
        for (const int count : {1, 4, 16, 100, 400}) {
            for (const double seconds : {0.02, 0.5})
                QTest::addRow("%d at once, %g s each", count, seconds) << count << seconds;
        }
    }
    /// At least 80 % of the best, and not many times as much at once as the server works on.
    void findsWhatTheServerCanDo()
    {
        QFETCH(int, slots);
        QFETCH(double, seconds);
        Concurrency concurrency(512);
        const double reached = answersPerSecond(concurrency, slots, seconds, 0, 60);
        QVERIFY2(reached > 0.8 * slots / seconds, QByteArray::number(reached * seconds / slots).constData());
        QVERIFY2(concurrency.limit() <= std::max(32, 4 * slots), QByteArray::number(concurrency.limit()).constData());
    }

    void neverAboveTheCeiling()
    {
        Concurrency concurrency(7);
        answersPerSecond(concurrency, 400, 0.01, 0, 10);
        QCOMPARE(concurrency.limit(), 7);
        QCOMPARE(Concurrency(2).limit(), 2);
        QCOMPARE(Concurrency(0).limit(), 1);
    }

    void manyFailuresHalve()
    {
        Concurrency concurrency(64, 32);
        double now = 0;
        for (int i = 0; i < 40; ++i)
            concurrency.answered(now += 0.01, 0.1, 1);
        QString why;
        for (int i = 0; i < 20 && why.isEmpty(); ++i)
            why = concurrency.failed(now += 0.01);
        QVERIFY(!why.isEmpty());
        QCOMPARE(concurrency.limit(), 16);
    }

    /// A third fails whatever we do: going down to one at a time would only take longer.
    void failuresNotByLoadDoNotStarve()
    {
        Concurrency concurrency(64);
        const double free = answersPerSecond(concurrency, 64, 0.1, 0, 60);
        Concurrency troubled(64);
        const double reached = answersPerSecond(troubled, 64, 0.1, 0.33, 120);
        QVERIFY2(reached > 0.3 * free, QByteArray::number(reached / free).constData());
    }

    void jobsShareEvenly()
    {
        const auto gate = std::make_shared<EndpointGate>(u"http://x"_s, EndpointLimits{8, 8, {}, {}});
        int woken = 0;
        const auto a = EndpointGate::join(gate, EndpointGate::Priority::Job, [] {});
        const auto b = EndpointGate::join(gate, EndpointGate::Priority::Job, [&woken] { ++woken; });
        double again = 0;
        int ofA = 0, ofB = 0;
        QVERIFY(a->take(1, 1, again)); // Alone it may have everything.
        for (ofA = 1; a->take(1, 1, again); ++ofA) {
        }
        QCOMPARE(ofA, 8);
        QVERIFY(!b->take(1, 1, again));
        for (int i = 0; i < 40; ++i) { // As places come free the other catches up.
            (ofA > ofB ? a : b)->answered(2, 1, 1, 1, 0);
            (ofA > ofB ? ofA : ofB) -= 1;
            if (b->take(2, 1, again))
                ++ofB;
            if (a->take(2, 1, again))
                ++ofA;
        }
        QVERIFY(woken > 0);
        QVERIFY2(std::abs(ofA - ofB) <= 1, QByteArray::number(ofA).constData());
        QCOMPARE(gate->state(2).inFlight, ofA + ofB);
    }

    void whatAPersonWaitsForGoesFirst()
    {
        const auto gate = std::make_shared<EndpointGate>(u"http://x"_s, EndpointLimits{1, 1, {}, {}});
        const auto job = EndpointGate::join(gate, EndpointGate::Priority::Job, [] {});
        const auto person = EndpointGate::join(gate, EndpointGate::Priority::Interactive, [] {});
        double again = 0;
        QVERIFY(job->take(1, 1, again));
        QVERIFY(!person->take(1, 1, again));
        QVERIFY(!job->take(1, 1, again));
        job->answered(2, 1, 1, 1, 0);
        QVERIFY(!job->take(2, 1, again));
        QVERIFY(person->take(2, 1, again));
        person->dropped();
        person->withdraw();
        QVERIFY(job->take(2, 1, again));
    }

    void fixedLimitsAreKept()
    {
        const auto gate = std::make_shared<EndpointGate>(u"http://x"_s, EndpointLimits{64, 64, 600.0, 6000.0});
        const auto job = EndpointGate::join(gate, EndpointGate::Priority::Job, [] {});
        int sent = 0;
        double again = 0, now = 100;
        // 600 requests and 6,000 tokens a minute, 50 tokens each: after the first 6,000 tokens two a second.
        while (now < 280) {
            if (!job->take(now, 50, again)) {
                now = std::max(again, now + 1e-6);
                continue;
            }
            job->answered(now + 0.001, now, 50, 50, 0);
            ++sent;
        }
        QVERIFY2(sent <= 120 + 3 * 120 + 2 && sent >= 350, QByteArray::number(sent).constData());
    }

    void serverThatIsAwayIsLeftAlone()
    {
        const auto gate = std::make_shared<EndpointGate>(u"http://x"_s, EndpointLimits{64, 64, {}, {}});
        const auto job = EndpointGate::join(gate, EndpointGate::Priority::Job, [] {});
        HttpFailure broken;
        broken.error = Error(ErrorCode::Network, u"No server answers."_s, QString());
        double again = 0, now = 0;
        int tried = 0;
        for (; now < 30; now += 0.01) {
            if (!job->take(now, 1, again))
                continue;
            job->failed(now, now, broken);
            ++tried;
        }
        QVERIFY2(tried < 20, QByteArray::number(tried).constData());
        QVERIFY(!job->takeEvents().empty());
    }

    void equalRequestIsClaimedOnce()
    {
        Scheduler scheduler;
        QVERIFY(scheduler.claim(u"p"_s, "key"));
        QVERIFY(!scheduler.claim(u"p"_s, "key"));
        QVERIFY(scheduler.claim(u"other"_s, "key"));
        scheduler.release(u"p"_s, "key");
        QVERIFY(scheduler.claim(u"p"_s, "key"));
    }
};

QTEST_APPLESS_MAIN(TestConcurrency)
#include "tst_concurrency.moc"
