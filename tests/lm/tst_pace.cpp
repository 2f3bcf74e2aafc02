// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/pace.h"

#include <QTest>

#include <cmath>
#include <deque>
#include <functional>
#include <queue>
#include <random>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Whether a server lets a request pass that arrives now.
using Rule = std::function<bool(double now)>;

Rule bucket(double perSecond, double burst)
{
    return [=, left = burst, last = 0.0](double now) mutable {
        left = std::min(burst, left + perSecond * (now - last));
        last = now;
        if (left < 1 - 1e-9)
            return false;
        left -= 1;
        return true;
    };
}

Rule fixedWindow(double perSecond, double seconds)
{
    return [=, window = -1.0, count = 0.0](double now) mutable {
        if (std::floor(now / seconds) != window) {
            window = std::floor(now / seconds);
            count = 0;
        }
        return ++count <= perSecond * seconds;
    };
}

Rule slidingWindow(double perSecond)
{
    return [=, passed = std::deque<double>()](double now) mutable {
        while (!passed.empty() && passed.front() <= now - 1)
            passed.pop_front();
        if (static_cast<double>(passed.size()) >= perSecond)
            return false;
        passed.push_back(now);
        return true;
    };
}

struct Outcome
{
    double acceptedPerSecond = 0, refusedShare = 0; ///< After the first five seconds.
    double rate = 0;
};

struct World
{
    double latency = 0.005, seconds = 40;
    double statedWait = 0;
    double faultShare = 0; ///< Refused by chance, whatever the rate.
    int mostInFlight = 256;
};

/// A client that always has something to send, at most so many at once, in pretended time.
Outcome simulate(Rule rule, const World &world)
{
    struct Answer
    {
        double at, sentAt;
        bool isAccepted;
        bool operator<(const Answer &other) const { return at > other.at; }
    };
    Pace pace;
    std::mt19937 random(7);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::priority_queue<Answer> underWay;
    double now = 0, nextSend = 0;
    int limit = 4, sinceGrowth = 0;
    qint64 accepted = 0, refused = 0;
    while (now < world.seconds) {
        const double rate = pace.rate(now);
        if (static_cast<int>(underWay.size()) < limit && now >= pace.heldUntil() && now >= nextSend) {
            const bool passes = rule(now) && uniform(random) >= world.faultShare;
            const double latency = world.latency * (0.8 + 0.4 * uniform(random)) * (passes ? 1.0 : 0.5);
            underWay.push({now + latency, now, passes});
            nextSend = std::isfinite(rate) ? std::max(nextSend, now) + 1 / rate : now + 0.0001;
            continue;
        }
        double next = now + 0.02;
        if (!underWay.empty())
            next = std::min(next, underWay.top().at);
        if (static_cast<int>(underWay.size()) < limit)
            next = std::min(next, std::max({nextSend, pace.heldUntil(), now + 1e-5}));
        now = next;
        while (!underWay.empty() && underWay.top().at <= now) {
            const Answer answer = underWay.top();
            underWay.pop();
            if (answer.isAccepted)
                pace.accepted(now, answer.sentAt);
            else
                pace.refused(now, answer.sentAt, world.statedWait);
            if (now > 5)
                (answer.isAccepted ? accepted : refused) += 1;
            if (answer.isAccepted && ++sinceGrowth >= limit && limit < world.mostInFlight) {
                limit *= 2;
                sinceGrowth = 0;
            }
        }
    }
    Outcome outcome;
    outcome.acceptedPerSecond = static_cast<double>(accepted) / (world.seconds - 5);
    outcome.refusedShare = static_cast<double>(refused) / static_cast<double>(std::max<qint64>(1, accepted + refused));
    outcome.rate = pace.rate(now);
    return outcome;
}

} // namespace

Q_DECLARE_METATYPE(Rule)
Q_DECLARE_METATYPE(World)

/// The rate that a server allows, found in pretended time.
class TestPace : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void usesWhatIsAllowed_data()
    {
        QTest::addColumn<Rule>("rule");
        QTest::addColumn<World>("world");
        QTest::addColumn<double>("leastUsed");
        for (const double latency : {0.001, 0.02, 0.2}) {
            for (const double wait : {0.0, 1.0}) {
                World world;
                world.latency = latency;
                world.statedWait = wait;
                const auto row = [&](const char *name, const Rule &rule, double leastUsed = 90) {
                    QTest::addRow("%s, latency %g s, stated wait %g s", name, latency, wait)
                        << rule << world << leastUsed;
                };
                row("bucket of 1", bucket(100, 1), 85); // Not even two in quick succession: hard to find.
                row("bucket of 10", bucket(100, 10));
                row("bucket of 100", bucket(100, 100));
                row("bucket of 200", bucket(100, 200));
                row("fixed second", fixedWindow(100, 1));
                row("fixed tenth", fixedWindow(100, 0.1), 85);
                row("sliding second", slidingWindow(100));
            }
        }
    }
    /// 100 a second are allowed: at least 90 are used, and under 2 % of the requests are refused.
    void usesWhatIsAllowed()
    {
        QFETCH(Rule, rule);
        QFETCH(World, world);
        QFETCH(double, leastUsed);
        const Outcome outcome = simulate(rule, world);
        const QByteArray text = QByteArray::number(outcome.acceptedPerSecond) + " used, refused share " +
                                QByteArray::number(outcome.refusedShare) + ", rate " + QByteArray::number(outcome.rate);
        QVERIFY2(outcome.acceptedPerSecond >= leastUsed, text.constData());
        // Late news of a refusal cost a little more.
        QVERIFY2(outcome.refusedShare < (world.latency > 0.1 ? 0.03 : 0.02), text.constData());
    }

    /// Refusals that come by chance must not slow us down: going slower would not make them fewer.
    void chanceIsNoLimit_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<double>("leastOfFree");
        for (const double share : {0.01, 0.04, 0.1})
            QTest::addRow("%g", share) << share << 0.7;
        QTest::addRow("0.2") << 0.2 << 0.25; // So many in a row look like a limit now and then.
    }
    void chanceIsNoLimit()
    {
        QFETCH(double, share);
        QFETCH(double, leastOfFree);
        World world;
        world.latency = 0.02;
        world.mostInFlight = 32;
        const double free = simulate([](double) { return true; }, world).acceptedPerSecond;
        world.faultShare = share;
        const Outcome outcome = simulate([](double) { return true; }, world);
        QVERIFY2(outcome.acceptedPerSecond > leastOfFree * free,
                 QByteArray::number(outcome.acceptedPerSecond / free).constData());
    }

    /// Both at once: a limit, and refusals by chance beside it.
    void limitAmongChance()
    {
        World world;
        world.latency = 0.02;
        world.faultShare = 0.03;
        world.seconds = 90;
        const Outcome outcome = simulate(bucket(100, 20), world);
        QVERIFY2(outcome.acceptedPerSecond > 60, QByteArray::number(outcome.acceptedPerSecond).constData());
        QVERIFY2(outcome.refusedShare < 0.2, QByteArray::number(outcome.refusedShare).constData());
    }

    /// A quota for longer than a second: what is left of it is used, and asking while it is empty gets rarer.
    void usedUpQuota()
    {
        World world;
        world.latency = 0.02;
        world.seconds = 120;
        const Outcome outcome = simulate(fixedWindow(100, 10), world);
        QVERIFY2(outcome.acceptedPerSecond > 60, QByteArray::number(outcome.acceptedPerSecond).constData());
        QVERIFY2(outcome.refusedShare < 0.2, QByteArray::number(outcome.refusedShare).constData());
    }

    void statedLongWaitHoldsEverybody()
    {
        Pace pace;
        pace.accepted(1, 0.9);
        pace.refused(2, 1.9, 30);
        QCOMPARE(pace.heldUntil(), 32.0);
    }
};

QTEST_APPLESS_MAIN(TestPace)
#include "tst_pace.moc"
