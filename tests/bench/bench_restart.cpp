// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "../support/faultserver.h"
#include "benchproject.h"
#include "evaluation/evaluate.h"
#include "lm/curltransport.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QThread>

#include <cstdio>
#include <unistd.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

int work(const QString &path, const QString &url)
{
    const auto project = must(Project::open(path, Project::Access::ReadWrite));
    CurlTransport transport;
    FakeAccess access(url, {}, 512);
    const JobServices services{project, &transport, &access};
    EvaluateSpec spec;
    spec.datasets << u"items"_s;
    spec.models << u"instant"_s;
    const EvaluateReport report = must(evaluate(services, spec, {}, {}));
    return report.failed == 0 ? 0 : 1;
}

qint64 storedAnswers(const QString &path)
{
    const auto project = must(Project::open(path, Project::Access::ReadOnly));
    return must(project->readNow(
                    [](Connection &c) { return c.value(u"SELECT count(*) FROM response WHERE complete = 1"_s); }))
        .toLongLong();
}

} // namespace

/// CPU seconds that a process has used so far, of all its threads; 0 when it is gone.
double cpuSeconds(qint64 process)
{
    QFile file(u"/proc/%1/stat"_s.arg(process));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray line = file.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' '); // From the third field on.
    return (fields.value(11).toDouble() + fields.value(12).toDouble()) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

/// An evaluation in a process of its own is killed (signal 9) again and again: how soon the next one sends, and what
/// of what the server had answered is not stored. Prints one JSON line. Arguments: items (200000), kills (10).
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (argc == 4 && arguments.at(1) == "--work"_L1)
        return work(arguments.at(2), arguments.at(3));
    if (argc == 4 && arguments.at(1) == "--make"_L1) {
        addBenchItems(*must(Project::create(arguments.at(2), {})), arguments.at(3).toInt());
        return 0;
    }
    const int count = argc > 1 ? atoi(argv[1]) : 200'000, kills = argc > 2 ? atoi(argv[2]) : 10;
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"bench.evalwright"_s);
    addBenchItems(*must(Project::create(path, {})), count);

    FaultServer server;
    QRandomGenerator random(20'221'219);
    double slowest = 0, sum = 0, cpu = 0, mostCpu = 0;
    qint64 mostNotStored = 0, notStored = 0, lost = 0, before = 0;
    const auto begin = [&](QProcess &process) {
        const qint64 from = server.counts().requests;
        QElapsedTimer clock;
        clock.start();
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QCoreApplication::applicationFilePath(), {u"--work"_s, path, server.baseUrl()});
        while (server.counts().requests == from && process.state() != QProcess::NotRunning)
            QThread::usleep(200);
        cpu = cpuSeconds(process.processId());
        return static_cast<double>(clock.nsecsElapsed()) / 1e9;
    };
    QProcess process;
    const double first = begin(process);
    for (int kill = 0; kill < kills; ++kill) {
        const qint64 from = server.counts().requests;
        const qint64 wanted = from + random.bounded(static_cast<int>((count - from) / (kills - kill + 1)));
        while (server.counts().requests < wanted && process.state() != QProcess::NotRunning)
            QThread::usleep(static_cast<unsigned long>(random.bounded(500)));
        process.kill();
        process.waitForFinished();
        const qint64 stored = storedAnswers(path), missing = server.counts().delivered - notStored - stored;
        lost += stored < before ? before - stored : 0;
        before = stored;
        notStored += missing;
        mostNotStored = std::max(mostNotStored, missing);
        const double seconds = begin(process);
        sum += seconds;
        slowest = std::max(slowest, seconds);
        mostCpu = std::max(mostCpu, cpu);
        std::fprintf(stderr, "kill %d: %lld stored, %lld on their way, sending again after %.2f s (%.2f s of CPU)\n", kill + 1,
                     static_cast<long long>(stored), static_cast<long long>(missing), seconds, cpu);
    }
    process.waitForFinished(-1);
    const qint64 stored = storedAnswers(path), again = server.requestsAfterGoodAnswer();
    std::printf("{\"bench\": \"restart\", \"items\": %d, \"kills\": %d, \"first_start_s\": %.2f, \"restart_mean_s\": "
                "%.2f, \"restart_slowest_s\": %.2f, \"restart_most_cpu_s\": %.2f, \"lost\": %lld, \"delivered_not_stored\": %lld, "
                "\"most_delivered_not_stored\": %lld, \"asked_after_good_answer\": %lld, \"stored\": %lld}\n",
                count, kills, first, sum / kills, slowest, mostCpu, static_cast<long long>(lost),
                static_cast<long long>(notStored), static_cast<long long>(mostNotStored), static_cast<long long>(again),
                static_cast<long long>(stored));
    return stored == count && lost == 0 && process.exitCode() == 0 ? 0 : 1;
}
