// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "instantserver.h"
#include "lm/curltransport.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <sys/resource.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

int serve()
{
    const InstantServer server(QByteArray(900, 'x'));
    std::printf("%d\n", int(server.port()));
    std::fflush(stdout);
    while (std::getchar() != EOF) { // Until the parent closes our input.
    }
    return 0;
}

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// `count` requests, `inFlight` at a time: each answer sends the next, so that the transport's thread does it all.
void measure(CurlTransport &transport, const QString &url, int count, int inFlight)
{
    std::mutex mutex;
    std::condition_variable wake;
    int sent = 0, done = 0;
    HttpRequest request;
    request.url = url;
    request.body = QByteArray(400, 'x');
    std::function<void()> next = [&] {
        ++sent;
        transport.send(request, {}, [&](const Result<HttpResponse> &result) {
            if (!result || result->status != 200)
                qFatal("A request failed.");
            const std::lock_guard lock(mutex);
            if (sent < count)
                next();
            if (++done == count)
                wake.notify_all();
        });
    };
    const double cpu = cpuSeconds();
    QElapsedTimer clock;
    clock.start();
    {
        std::unique_lock lock(mutex);
        for (int i = 0; i < inFlight; ++i)
            next();
        wake.wait(lock, [&] { return done == count; });
    }
    std::printf("{\"bench\": \"transport\", \"requests\": %d, \"in_flight\": %d, \"per_s\": %.0f, "
                "\"cpu_us_per_request\": %.2f}\n",
                count, inFlight, count * 1e9 / static_cast<double>(clock.nsecsElapsed()),
                (cpuSeconds() - cpu) * 1e6 / count);
    std::fflush(stdout);
}

} // namespace

/// What a request costs in the transport alone, by how many are in flight: processor time, which other work on the
/// machine does not change, and rate. One JSON line each. Argument: requests (50000).
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc > 1 && qstrcmp(argv[1], "--serve") == 0)
        return serve();
    const int count = argc > 1 ? atoi(argv[1]) : 50000;
    QProcess server; // A process of its own: its work is not ours.
    server.start(QCoreApplication::applicationFilePath(), {u"--serve"_s});
    if (!server.waitForReadyRead())
        qFatal("The server did not start.");
    const QString url = u"http://127.0.0.1:%1/v1/completions"_s.arg(server.readLine().trimmed().toUShort());
    for (const int inFlight : {1, 8, 64, 512}) {
        CurlTransport transport;
        measure(transport, url, count, inFlight);
    }
    server.closeWriteChannel();
    server.waitForFinished();
    return 0;
}
