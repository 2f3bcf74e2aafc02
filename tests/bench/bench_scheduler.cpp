// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "../support/faultserver.h"
#include "lm/curltransport.h"
#include "lm/requestrunner.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QTemporaryDir>

#include <cstdio>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// Questions that differ in their number.
class Questions final : public StageSource
{
public:
    explicit Questions(qint64 count) : m_count(count) {}
    qint64 size() const override { return m_count; }
    qint64 ordinal(qint64 index) const override { return index; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        QList<PlannedRequest> list;
        for (const qint64 index : indices) {
            PlannedRequest planned;
            planned.ordinal = index;
            planned.request.turns << Turn{u"user"_s, u"Question %1: would you say that?"_s.arg(index)};
            planned.request.sampling.maxTokens = 1;
            planned.request.sampling.temperature = 0;
            planned.request.topLogprobs = 5;
            list << planned;
        }
        return list;
    }

private:
    qint64 m_count;
};

} // namespace

/// One stage against the fault server: how many answers a second under a latency, how much of a rate limit is used,
/// and whether every item ends under faults. Prints one JSON line. See --help.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser arguments;
    const auto number = [&arguments](const QString &name) { return arguments.value(name).toDouble(); };
    for (const auto &[name, value] : {std::pair{u"items"_s, u"10000"_s},
                                      {u"latency-ms"_s, u"0"_s},
                                      {u"rate"_s, u"0"_s},
                                      {u"in-flight"_s, u"0"_s},
                                      {u"seed"_s, u"1"_s},
                                      {u"burst"_s, u"100"_s}})
        arguments.addOption({name, name, name, value});
    arguments.addOption(
        {u"rate-kind"_s, u"token-bucket, fixed-window or sliding-window"_s, u"kind"_s, u"token-bucket"_s});
    arguments.addOption({u"retry-after"_s, u"The server states a wait."_s});
    arguments.addOption({u"mix"_s, u"faults"_s, u"mix"_s, u"none"_s});
    arguments.addOption({u"verbose"_s, u"Progress to standard error."_s});
    arguments.addHelpOption();
    arguments.process(application);

    FaultServerOptions options;
    options.seed = static_cast<decltype(options.seed)>(number(u"seed"_s));
    const auto mix = FaultMix::named(arguments.value(u"mix"_s).toUtf8());
    if (!mix)
        qFatal("There is no such mix.");
    options.mix = *mix;
    options.pace.latencyMs = static_cast<int>(number(u"latency-ms"_s));
    if (const double rate = number(u"rate"_s); rate > 0) {
        RateRule rule;
        const auto kind = RateRule::kindNamed(arguments.value(u"rate-kind"_s).toUtf8());
        if (!kind)
            qFatal("There is no such kind of limit.");
        rule.kind = *kind;
        rule.perSecond = rate;
        rule.burst = number(u"burst"_s);
        rule.retryAfter = arguments.isSet(u"retry-after"_s);
        options.rate = rule;
    }
    FaultServer server(options);

    const QTemporaryDir folder;
    const auto project = Project::create(folder.filePath(u"bench.evalwright"_s), {}).value();
    Job job;
    Model model;
    const auto made = project->writeNow([&](Connection &c) -> Status {
        job.kind = u"evaluate"_s;
        job.title = u"bench"_s;
        job.parameters = u"{}"_s;
        job.parametersHash = u"h"_s;
        EVALWRIGHT_ASSIGN(job, createJob(c, job));
        model.name = model.modelId = u"m"_s;
        EVALWRIGHT_ASSIGN(model, addModel(c, model));
        return {};
    });
    if (!made)
        qFatal("%s", qPrintable(made.error().text()));
    const int inFlight = static_cast<int>(number(u"in-flight"_s));
    if (inFlight > 0)
        model.maxInFlight = inFlight;
    CurlTransport transport;
    FakeAccess access(server.baseUrl(), {}, 512);
    const JobServices services{project, &transport, &access};
    const auto items = static_cast<qint64>(number(u"items"_s));
    Questions source(items);
    // What was done after five seconds, when the limit should be found.
    double first = 0;
    qint64 doneAtFive = 0, refusedAtFive = 0;
    JobProgress last;
    const auto progress = [&](const JobProgress &now) {
        if (first == 0)
            first = Scheduler::now();
        if (Scheduler::now() - first <= 5) {
            doneAtFive = now.done;
            refusedAtFive = now.failuresByKind.value(u"rate"_s);
        }
        last = now;
        if (arguments.isSet(u"verbose"_s))
            std::fprintf(stderr, "%6.1f s: %lld done, %d of %d at once, %.1f/s allowed, %.1f s held, %.0f/s\n",
                         Scheduler::now() - first, static_cast<long long>(now.done), now.inFlight, now.limit,
                         now.limitPerSecond.value_or(-1), now.heldSeconds, now.perSecond);
    };
    const auto report = runStage(services, job.id, u"s"_s, model, source, nullptr, {}, {}, progress);
    if (!report)
        std::fprintf(stderr, "%s\n", qPrintable(report.error().text()));
    const double late = std::max(0.001, Scheduler::now() - first - 5);
    const auto doneLate = static_cast<double>(last.done - doneAtFive);
    const auto refusedLate = static_cast<double>(last.failuresByKind.value(u"rate"_s) - refusedAtFive);
    QByteArray failures;
    for (auto it = last.failuresByKind.begin(); it != last.failuresByKind.end(); ++it)
        failures += (failures.isEmpty() ? "\"" : ", \"") + it.key().toUtf8() + "\": " + QByteArray::number(it.value());
    std::printf("{\"bench\": \"scheduler\", \"items\": %lld, \"done\": %lld, \"failed\": %lld, \"seconds\": %.2f, "
                "\"per_s\": %.1f, \"limit\": %d, \"per_s_after_5_s\": %.1f, \"refused_after_5_s\": %.4f, "
                "\"failures\": {%s}, \"resent\": %lld, \"server_requests\": %lld, \"asked_after_good_answer\": %lld, "
                "\"whole\": %s}\n",
                static_cast<long long>(items), static_cast<long long>(last.done), static_cast<long long>(last.failed),
                report ? report->seconds : -1.0, report ? static_cast<double>(items) / report->seconds : -1.0,
                last.limit, doneLate / late, refusedLate / std::max(1.0, doneLate + refusedLate), failures.constData(),
                static_cast<long long>(last.resent), static_cast<long long>(server.counts().requests),
                static_cast<long long>(server.requestsAfterGoodAnswer()), report ? "true" : "false");
    return report ? 0 : 1;
}
