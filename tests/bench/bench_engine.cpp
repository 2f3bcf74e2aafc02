// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "benchproject.h"
#include "evaluation/evaluate.h"
#include "instantserver.h"
#include "lm/curltransport.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>

#include <condition_variable>
#include <cstdio>
#include <mutex>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// A chat answer of about 1 KB: one token with its five likeliest alternatives, as llama.cpp and vLLM write it.
QByteArray answerBody()
{
    QByteArray top;
    for (const auto &[token, logprob] :
         {std::pair{" Yes", "-0.2231"}, {" No", "-1.8971"}, {"Yes", "-4.6052"}, {"No", "-5.2983"}, {" I", "-5.8091"}})
        top += (top.isEmpty() ? "" : ",") + QByteArray("{\"id\":2041,\"token\":\"") + token +
               "\",\"bytes\":[32,89,101,115],\"logprob\":" + logprob + '}';
    return "{\"choices\":[{\"finish_reason\":\"length\",\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
           "\" Yes\"},\"logprobs\":{\"content\":[{\"id\":2041,\"token\":\" Yes\",\"bytes\":[32,89,101,115],"
           "\"logprob\":-0.2231,\"top_logprobs\":[" +
           top +
           "]}]}}],\"created\":1790000000,\"model\":\"instant\",\"system_fingerprint\":\"b1-instant\",\"object\":"
           "\"chat.completion\",\"usage\":{\"completion_tokens\":1,\"prompt_tokens\":42,\"total_tokens\":43},\"id\":"
           "\"chatcmpl-0123456789abcdefghijklmnopqrstuv\",\"timings\":{\"cache_n\":0,\"prompt_n\":42,\"prompt_ms\":"
           "10.5,\"predicted_n\":1,\"predicted_ms\":1.25}}";
}

int serve()
{
    const InstantServer server(answerBody());
    std::printf("%d\n", int(server.port()));
    std::fflush(stdout);
    while (std::getchar() != EOF) { // Until the parent closes our input.
    }
    return 0;
}

/// The transport without planning, reading or storing: `count` requests, `inFlight` at a time.
double transportAlone(const QString &url, int count, int inFlight)
{
    CurlTransport transport;
    std::mutex mutex;
    std::condition_variable wake;
    int running = 0, failed = 0;
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < count; ++i) {
        std::unique_lock lock(mutex);
        wake.wait(lock, [&] { return running < inFlight; });
        ++running;
        lock.unlock();
        HttpRequest request;
        request.url = url + u"/v1/chat/completions"_s;
        request.body = QByteArray(400, 'x');
        transport.send(request, {}, [&](const Result<HttpResponse> &result) {
            const std::lock_guard inner(mutex);
            --running;
            failed += !result || result->status != 200;
            wake.notify_all();
        });
    }
    std::unique_lock lock(mutex);
    wake.wait(lock, [&] { return running == 0; });
    if (failed > 0)
        qFatal("%d requests failed", failed);
    return count * 1e9 / static_cast<double>(clock.nsecsElapsed());
}

} // namespace

/// Yes/no items a second against a server that answers at once, asked, read and stored; beside it what the server
/// alone and the transport alone reach on the same machine. Prints one JSON line. Arguments: items (20000), most
/// requests in flight (64).
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc > 1 && qstrcmp(argv[1], "--serve") == 0)
        return serve();
    const int count = argc > 1 ? atoi(argv[1]) : 20000, inFlight = argc > 2 ? atoi(argv[2]) : 64;
    QProcess server; // A process of its own: its memory is not ours.
    server.start(QCoreApplication::applicationFilePath(), {u"--serve"_s});
    if (!server.waitForReadyRead())
        qFatal("The server did not start.");
    const quint16 port = server.readLine().trimmed().toUShort();
    const QString url = u"http://127.0.0.1:%1"_s.arg(port);

    const double alone = serverAlone(port, 32, 2), curl = transportAlone(url, std::min(count, 50000), inFlight);

    const QTemporaryDir folder;
    const QString path = folder.filePath(u"bench.evalwright"_s);
    const auto project = must(Project::create(path, {}));
    addBenchItems(*project, count);
    const auto fileBytes = [&] { return QFileInfo(path).size() + QFileInfo(path + u"-wal"_s).size(); };
    const qint64 bytesBefore = fileBytes();
    const double megabytesBefore = statusMegabytes("VmRSS");
    CurlTransport transport;
    FakeAccess access(url, {}, inFlight);
    const JobServices services{project, &transport, &access};
    EvaluateSpec spec;
    spec.datasets << u"items"_s;
    spec.models << u"instant"_s;
    QElapsedTimer clock;
    clock.start();
    const EvaluateReport first = must(evaluate(services, spec, {}, {}));
    const double seconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    const qint64 bytesAfter = fileBytes();
    clock.restart();
    const EvaluateReport again = must(evaluate(services, spec, {}, {}));
    const double againSeconds = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    std::printf("{\"bench\": \"engine\", \"items\": %d, \"in_flight\": %d, \"asked\": %lld, \"failed\": %lld, "
                "\"items_per_s\": %.0f, \"server_alone_per_s\": %.0f, \"transport_alone_per_s\": %.0f, "
                "\"rerun_s\": %.2f, \"rerun_asked\": %lld, \"mb_before\": %.0f, \"mb_peak\": %.0f, "
                "\"bytes_per_response\": %.0f, \"answer_bytes\": %d}\n",
                count, inFlight, static_cast<long long>(first.requests), static_cast<long long>(first.failed),
                count / seconds, alone, curl, againSeconds, static_cast<long long>(again.requests), megabytesBefore,
                statusMegabytes("VmHWM"), double(bytesAfter - bytesBefore) / count, int(answerBody().size()));
    server.closeWriteChannel();
    server.waitForFinished();
    return first.requests == count && first.failed == 0 && again.requests == 0 ? 0 : 1;
}
