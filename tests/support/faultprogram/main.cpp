// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The fault server as a program: prints its port, runs until standard input ends, then prints its counts as one line
// of JSON.
#include "../fakemodel.h"
#include "../faultserver.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <unistd.h>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// A number of at least `least` that an option was given, or `otherwise` without the option.
double numberOf(const QCommandLineParser &parser, const char *option, double otherwise, double least = 0)
{
    const QString name = QString::fromLatin1(option);
    if (!parser.isSet(name))
        return otherwise;
    bool ok = false;
    const double value = parser.value(name).toDouble(&ok);
    if (!ok || !(value >= least))
        qFatal("--%s wants a number of at least %g", option, least);
    return value;
}

int wholeOf(const QCommandLineParser &parser, const char *option, int otherwise)
{
    return static_cast<int>(numberOf(parser, option, otherwise));
}

json countsJson(const FaultServer &server, bool withItems)
{
    const FaultCounts counts = server.counts();
    json faults = json::object();
    for (const auto &[fault, given] : counts.faults)
        faults[faultName(fault)] = given;
    json out{
        {"requests", counts.requests},
        {"other_requests", counts.otherRequests},
        {"whole_answers", counts.wholeAnswers},
        {"delivered", counts.delivered},
        {"requests_after_good_answer", counts.requestsAfterGoodAnswer},
        {"refusals", counts.refusals},
        {"abandoned", counts.abandoned},
        {"unread", counts.unread},
        {"connections", counts.connections},
        {"most_connections", counts.mostConnections},
        {"most_in_flight", counts.mostInFlight},
        {"seconds", counts.seconds},
        {"requests_per_second", std::vector<qint64>(counts.requestsPerSecond.begin(), counts.requestsPerSecond.end())},
        {"refusals_per_second", std::vector<qint64>(counts.refusalsPerSecond.begin(), counts.refusalsPerSecond.end())},
        {"faults", faults}};
    if (withItems) {
        json items = json::object();
        const auto all = server.items();
        for (auto it = all.begin(); it != all.end(); ++it) {
            items[it.key().toStdString()] = {{"requests", it->requests},
                                             {"whole_answers", it->wholeAnswers},
                                             {"delivered", it->delivered},
                                             {"requests_after_good_answer", it->requestsAfterGoodAnswer}};
        }
        out["items"] = items;
    }
    return out;
}

void waitForEndOfInput()
{
    char buffer[4096];
    for (;;) {
        const ssize_t got = read(STDIN_FILENO, buffer, sizeof buffer);
        if (got == 0 || (got < 0 && errno != EINTR))
            return;
    }
}

} // namespace

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); // A test that crashes leaves no server behind.
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"A pretend model server on the loopback address that misbehaves on demand. Prints its port, ends with "
        "standard input and then prints its counts as JSON."_s);
    parser.addHelpOption();
    parser.addOptions(
        {{u"port"_s, u"Port to listen on; 0 for a free one"_s, u"number"_s},
         {u"ipv6"_s, u"Listen on ::1"_s},
         {u"seed"_s, u"Seed of the draws of faults"_s, u"number"_s},
         {u"mix"_s,
          u"Faults: none, full, refusals, connections, bodies, or a list such as error-500=0.1,cut-body=0.05"_s,
          u"name"_s},
         {u"latency-ms"_s, u"Time to the answer"_s, u"ms"_s},
         {u"parallel"_s, u"Requests worked on at once; the others wait"_s, u"number"_s},
         {u"most-in-flight"_s, u"429 for a request beyond so many"_s, u"number"_s},
         {u"rate"_s, u"Requests a second; 429 beyond"_s, u"number"_s},
         {u"rate-kind"_s, u"token-bucket (the default), fixed-window or sliding-window"_s, u"kind"_s},
         {u"burst"_s, u"Size of the token bucket"_s, u"number"_s},
         {u"no-retry-after"_s, u"The 429 of the rate does not say when to come again"_s},
         {u"rate-headers"_s, u"Send x-ratelimit headers"_s},
         {u"requests-per-connection"_s, u"Close a connection after so many"_s, u"number"_s},
         {u"idle-close-ms"_s, u"Close a connection that is idle for so long"_s, u"ms"_s},
         {u"items"_s, u"Count by item too: key is the SHA-256 of the body's canonical JSON"_s}});
    parser.process(application);

    FaultServerOptions options;
    options.port = static_cast<quint16>(wholeOf(parser, "port", 0));
    options.isIpv6 = parser.isSet(u"ipv6"_s);
    options.seed = static_cast<quint64>(wholeOf(parser, "seed", 1));
    const auto mix = FaultMix::named(parser.value(u"mix"_s).toUtf8());
    if (!mix)
        qFatal("--mix names no mix of faults");
    options.mix = *mix;
    options.pace = {wholeOf(parser, "latency-ms", 0), wholeOf(parser, "parallel", 0),
                    wholeOf(parser, "most-in-flight", 0)};
    options.requestsPerConnection = wholeOf(parser, "requests-per-connection", 0);
    options.idleCloseMs = wholeOf(parser, "idle-close-ms", 0);
    if (parser.isSet(u"rate"_s)) {
        const QString name = parser.isSet(u"rate-kind"_s) ? parser.value(u"rate-kind"_s) : u"token-bucket"_s;
        const auto kind = RateRule::kindNamed(name.toUtf8());
        if (!kind)
            qFatal("--rate-kind names no rule");
        options.rate.kind = *kind;
        options.rate.perSecond = numberOf(parser, "rate", 0);
        options.rate.burst = numberOf(parser, "burst", 1, 1);
        options.rate.retryAfter = !parser.isSet(u"no-retry-after"_s);
        options.rate.headers = parser.isSet(u"rate-headers"_s);
    }
    const bool withItems = parser.isSet(u"items"_s);
    if (withItems)
        options.itemKey = [](const FaultRequest &request) { return bodyHash(request.body).toUtf8(); };
    const FaultServer server(options);
    std::printf("%d\n", server.port());
    std::fflush(stdout);
    waitForEndOfInput();
    std::printf("%s\n", countsJson(server, withItems).dump().c_str());
    return 0;
}
