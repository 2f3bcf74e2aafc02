// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/enginelog.h"
#include "lm/engine/installer.h"
#include "lm/engine/localengine.h"
#include "lm/engine/python.h"
#include "lm/engine/serverstart.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>
#include <csignal>
#include <curl/curl.h>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

// Most of this runs against a small stand-in for llama-server, so that it runs anywhere in seconds; the functions
// named real… run the installed engine with the default model.
namespace {

/// Answers /health (503 at first), /props and /echo like llama-server; notes its arguments and environment. A model
/// whose name contains "broken" ends with a message, "slow" never gets ready, "noisy" writes a long log.
const char *const standIn =
    "#!/usr/bin/env python3\n"
    "import http.server, json, os, sys\n"
    "arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))\n"
    "model = arguments['--model']\n"
    "if 'broken' in model:\n"
    "    print('error loading model: bad magic', flush=True)\n"
    "    sys.exit(7)\n"
    "key = open(arguments['--api-key-file']).read().strip()\n"
    "if 'noisy' in model:\n"
    "    print('x' * 79, file=sys.stderr, flush=True)\n"
    "asked = 0\n"
    "class Handler(http.server.BaseHTTPRequestHandler):\n"
    "    def log_message(self, *parts):\n"
    "        pass\n"
    "    def do_GET(self):\n"
    "        global asked\n"
    "        asked += 1\n"
    "        if self.path == '/health':\n"
    "            status = 503 if asked < 3 or 'slow' in model else 200\n"
    "        else:\n"
    "            status = 200 if self.headers.get('Authorization') == 'Bearer ' + key else 401\n"
    "        body = json.dumps({'build_info': 'b42-test', 'arguments': sys.argv}).encode()\n"
    "        self.send_response(status)\n"
    "        self.send_header('Content-Length', str(len(body)))\n"
    "        self.end_headers()\n"
    "        self.wfile.write(body)\n"
    "http.server.HTTPServer(('127.0.0.1', int(arguments['--port'])), Handler).serve_forever()\n";

bool put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

size_t collect(const char *data, size_t size, size_t count, void *target)
{
    static_cast<QByteArray *>(target)->append(data, static_cast<qsizetype>(size) * static_cast<qsizetype>(count));
    return size * count;
}

/// Status and body of one request; POST when there is something to send.
std::pair<int, QByteArray> request(const QString &url, const QByteArray &key, const QByteArray &body = {})
{
    QByteArray answer;
    long status = 0;
    CURL *curl = curl_easy_init();
    curl_slist *headers = curl_slist_append(nullptr, ("Authorization: Bearer " + key).constData());
    const QByteArray address = url.toUtf8();
    curl_easy_setopt(curl, CURLOPT_URL, address.constData());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    if (!body.isEmpty())
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.constData());
    if (curl_easy_perform(curl) == CURLE_OK)
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return {int(status), answer};
}

/// True while the process exists and is not just waiting to be collected.
bool isAlive(qint64 pid)
{
    const QByteArray stat = contents(u"/proc/%1/stat"_s.arg(pid));
    const qsizetype end = stat.lastIndexOf(')');
    return end > 0 && stat.mid(end + 2, 1) != "Z";
}

/// What other programs can see of this program's processes: arguments and environment of all of them.
QByteArray visibleToOthers()
{
    QByteArray all;
    for (const QString &pid : QDir(u"/proc"_s).entryList(QDir::Dirs)) {
        all += contents(u"/proc/%1/cmdline"_s.arg(pid));
        all += contents(u"/proc/%1/environ"_s.arg(pid));
    }
    return all;
}

LocalEngineSettings standInSettings(const QString &folder)
{
    LocalEngineSettings settings;
    settings.folder = {folder + u"/data"_s};
    settings.engine.python = u"3.9"_s;
    settings.backend = EngineBackend::LlamaServer;
    settings.llamaServer = folder + u"/llama-server"_s;
    return settings;
}

/// `tst_localengine --hold FILE FOLDER|real`: holds a server until it is killed. The parent to be killed in a test.
int holdServer(const QStringList &arguments)
{
    LocalEngineSettings settings;
    if (arguments.value(3) == u"real"_s)
        settings = *LocalEngineSettings::standard();
    else
        settings = standInSettings(arguments.value(3));
    LocalEngine engine(settings);
    const auto lease = engine.acquire(arguments.value(2));
    if (!lease) {
        fprintf(stderr, "%s\n", qPrintable(lease.error().text() + lease.error().detail));
        return 1;
    }
    printf("%lld\n", static_cast<long long>(engine.state().value(0).pid));
    fflush(stdout);
    for (;;)
        ::pause();
}

} // namespace

class TestLocalEngine : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    LocalEngineSettings m_settings;

    QString model(const QString &name) const
    {
        const QString path = m_folder->filePath(name + u".gguf"_s);
        return put(path, "GGUF") ? path : QString();
    }

    /// Kills the program that holds a server and waits for the server's end.
    void killParent(const QString &gguf, const QString &how)
    {
        QProcess parent;
        parent.start(QCoreApplication::applicationFilePath(), {u"--hold"_s, gguf, how});
        QVERIFY(parent.waitForStarted());
        while (!parent.canReadLine() && parent.waitForReadyRead(60'000)) {
        }
        const qint64 server = parent.readLine().trimmed().toLongLong();
        QVERIFY2(server > 0, parent.readAllStandardError().constData());
        QVERIFY(isAlive(server));
        QElapsedTimer clock;
        clock.start();
        ::kill(pid_t(parent.processId()), SIGKILL);
        QVERIFY(parent.waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(!isAlive(server), 2'000);
        qInfo("the server ended %lld ms after its parent was killed", clock.elapsed());
    }

    static bool realIsInstalled(LocalEngineSettings &settings, QString &gguf)
    {
        const auto installer = EngineInstaller::open();
        if (!installer)
            return false;
        const auto status = installer->status();
        for (const auto &entry : status->models)
            if (entry.isDefault && entry.ok() && status->engine.ok()) {
                gguf = entry.path;
                settings.folder = installer->folder();
                settings.engine = installer->catalogue().engine;
                settings.backend = EngineBackend::Package;
                return true;
            }
        return false;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = standInSettings(m_folder->path());
        QVERIFY(put(m_settings.llamaServer, standIn));
        QFile::setPermissions(m_settings.llamaServer, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    void startsSharesAndStops()
    {
        const QString gguf = model(u"first"_s);
        qint64 pid = 0;
        {
            LocalEngine engine(m_settings);
            std::atomic<int> changes = 0;
            engine.setChangeCallback([&] { ++changes; });
            auto lease = engine.acquire(gguf);
            QVERIFY2(lease, lease ? "" : qPrintable(lease.error().text() + lease.error().detail));
            QVERIFY(changes >= 2); // Starting, ready.
            QCOMPARE(lease->modelId(), u"first"_s);
            QCOMPARE(lease->build(), u"llama-server b42-test"_s);
            QVERIFY(lease->isRunning());
            QCOMPARE(request(lease->baseUrl() + u"/props"_s, lease->apiKey()).first, 200);
            QCOMPARE(request(lease->baseUrl() + u"/props"_s, "wrong").first, 401);

            const auto again = engine.acquire(gguf);
            QVERIFY(again);
            QCOMPARE(again->baseUrl(), lease->baseUrl());
            const auto other = engine.acquire(model(u"second"_s));
            QVERIFY(other);
            QVERIFY(other->baseUrl() != lease->baseUrl());
            QVERIFY(other->apiKey() != lease->apiKey());

            const QList<RunningEngine> lines = engine.state();
            QCOMPARE(lines.size(), 2);
            QCOMPARE(lines[0].state, EngineState::Busy);
            QCOMPARE(lines[0].leases, 2);
            QVERIFY(lines[0].memoryBytes > 1'000'000);
            QVERIFY(lines[0].loadSeconds > 0);
            QCOMPARE(u"http://127.0.0.1:%1"_s.arg(lines[0].port), lease->baseUrl());
            pid = lines[0].pid;
            QVERIFY(isAlive(pid));
        }
        QVERIFY(!isAlive(pid));
    }

    void optionsReachTheServer()
    {
        LocalEngine engine(m_settings);
        EngineOptions options;
        options.slotCount = 3;
        options.contextPerSlot = 1000;
        options.threads = 2;
        const auto lease = engine.acquire(model(u"first"_s), options);
        QVERIFY(lease);
        QCOMPARE(lease->slotCount(), 3);
        const QByteArray body = request(lease->baseUrl() + u"/props"_s, lease->apiKey()).second;
        QStringList arguments;
        const json said = json::parse(body.toStdString());
        for (const json &argument : said["arguments"])
            arguments.append(QString::fromStdString(argument.get<std::string>()));
        const auto value = [&](const QString &name) { return arguments.value(arguments.indexOf(name) + 1); };
        QCOMPARE(value(u"--parallel"_s), u"3"_s);
        QCOMPARE(value(u"--ctx-size"_s), u"3000"_s);
        QCOMPARE(value(u"--threads"_s), u"2"_s);
        QCOMPARE(value(u"--host"_s), u"127.0.0.1"_s);
        QVERIFY(defaultEngineThreads() >= 1);
        QVERIFY(defaultEngineThreads() <= qMax(1, int(std::thread::hardware_concurrency()) - 1));

        // A larger wish is refused while the server is held, and a new server is started when it is not.
        options.contextPerSlot = 4000;
        QCOMPARE(engine.acquire(model(u"first"_s), options).error().code, ErrorCode::Engine);
    }

    void embeddingsHaveAServerOfTheirOwn()
    {
        LocalEngine engine(m_settings);
        const QString gguf = model(u"first"_s);
        const auto writer = engine.acquire(gguf);
        QVERIFY(writer);
        EngineOptions options;
        options.embeddings = true;
        options.contextPerSlot = 512;
        const auto arguments = [](const EngineLease &lease) {
            const json said =
                json::parse(request(lease.baseUrl() + u"/props"_s, lease.apiKey()).second.toStdString());
            QStringList list;
            for (const json &argument : said["arguments"])
                list.append(QString::fromStdString(argument.get<std::string>()));
            return list;
        };
        auto lease = engine.acquire(gguf, options);
        QVERIFY2(lease, lease ? "" : qPrintable(lease.error().text()));
        QVERIFY(lease->baseUrl() != writer->baseUrl());
        QVERIFY(lease->logPath() != writer->logPath());
        QVERIFY(!arguments(*writer).contains(u"--embeddings"_s));
        const QStringList said = arguments(*lease);
        QVERIFY(said.contains(u"--embeddings"_s));
        const auto value = [&](const QString &name) { return said.value(said.indexOf(name) + 1); };
        QCOMPARE(value(u"--pooling"_s), u"mean"_s);
        QCOMPARE(value(u"--ubatch-size"_s), u"512"_s);
        QCOMPARE(engine.acquire(gguf, options)->baseUrl(), lease->baseUrl());
        QCOMPARE(engine.state().size(), 2);
        QVERIFY(engine.state()[0].embeddings != engine.state()[1].embeddings);
        QCOMPARE(engine.state()[0].ggufPath, engine.state()[1].ggufPath);
        engine.stop(gguf);
        QVERIFY(engine.state().isEmpty());

        // A file that names its own way is left to it.
        const QString own = m_folder->filePath(u"own.gguf"_s);
        QVERIFY(put(own, "GGUF bert.pooling_type"));
        lease = engine.acquire(own, options);
        QVERIFY(lease);
        QVERIFY(!arguments(*lease).contains(u"--pooling"_s));
    }

    void keyIsNowhereToBeSeen()
    {
        qputenv("SOME_SERVICE_API_KEY", "marker-of-another-service");
        LocalEngine engine(m_settings);
        const auto lease = engine.acquire(model(u"noisy"_s));
        QVERIFY(lease);
        QVERIFY(lease->apiKey().size() >= 32);
        QVERIFY(!visibleToOthers().contains(lease->apiKey()));
        // Keys of other services are not handed down.
        QVERIFY(
            !contents(u"/proc/%1/environ"_s.arg(engine.state().value(0).pid)).contains("marker-of-another-service"));
        qunsetenv("SOME_SERVICE_API_KEY");
        QDirIterator files(m_settings.folder.root, QDir::Files, QDirIterator::Subdirectories);
        int seen = 0;
        while (files.hasNext()) {
            QVERIFY(!contents(files.next()).contains(lease->apiKey()));
            ++seen;
        }
        QVERIFY(seen >= 2); // The log and the runner.
        QVERIFY(contents(lease->logPath()).contains("xxxx"));
        QCOMPARE(QFile::permissions(lease->logPath()) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

    void stopsWhenIdle()
    {
        m_settings.idle = std::chrono::milliseconds(150);
        LocalEngine engine(m_settings);
        const QString gguf = model(u"first"_s);
        auto lease = engine.acquire(gguf);
        QVERIFY(lease);
        EngineLease copy = *lease;
        *lease = {};
        QCOMPARE(engine.state().value(0).leases, 1); // A copy holds it as well.
        const qint64 pid = engine.state().value(0).pid;
        copy = {};
        QTRY_VERIFY_WITH_TIMEOUT(engine.state().isEmpty(), 5'000);
        QVERIFY(!isAlive(pid));
        // Wanted again: a fresh one.
        const auto fresh = engine.acquire(gguf);
        QVERIFY(fresh);
        QVERIFY(engine.state().value(0).pid != pid);
    }

    void noticesACrash()
    {
        LocalEngine engine(m_settings);
        const QString gguf = model(u"first"_s);
        const auto lease = engine.acquire(gguf);
        QVERIFY(lease);
        ::kill(pid_t(engine.state().value(0).pid), SIGKILL);
        QTRY_COMPARE_WITH_TIMEOUT(engine.state().value(0).state, EngineState::Failed, 5'000);
        QVERIFY(!engine.state().value(0).error.isEmpty());
        QVERIFY(!lease->isRunning());
        const auto fresh = engine.acquire(gguf);
        QVERIFY(fresh);
        QVERIFY(fresh->apiKey() != lease->apiKey());
        QCOMPARE(engine.state().value(0).leases, 1); // The old lease does not count for the new server.
    }

    void saysWhyItDidNotStart()
    {
        LocalEngine engine(m_settings);
        const auto result = engine.acquire(model(u"broken"_s));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Engine);
        QVERIFY2(result.error().detail.contains(u"bad magic"_s), qPrintable(result.error().detail));
        QVERIFY(result.error().message.contains(u"broken.gguf"_s));
        QVERIFY(result.error().message.contains(u"exit status 7"_s));
        QCOMPARE(engine.state().value(0).state, EngineState::Failed);
        QCOMPARE(engine.acquire(m_folder->filePath(u"none.gguf"_s)).error().code, ErrorCode::NotFound);
    }

    void saysWhatIsNotInstalled()
    {
        m_settings.backend = EngineBackend::Package;
        LocalEngine engine(m_settings);
        const auto result = engine.acquire(model(u"first"_s));
        QCOMPARE(result.error().code, ErrorCode::Unsupported);
        QVERIFY(result.error().advice.contains(u"engine install"_s));
        m_settings.backend = EngineBackend::LlamaServer;
        m_settings.llamaServer = u"/nonexistent/llama-server"_s;
        LocalEngine other(m_settings);
        QCOMPARE(other.acquire(model(u"first"_s)).error().code, ErrorCode::Unsupported);
    }

    void cancelsWhileLoading()
    {
        LocalEngine engine(m_settings);
        CancellationToken token;
        std::atomic<qint64> milliseconds = -1;
        QElapsedTimer clock;
        std::thread worker([&] {
            const auto result = engine.acquire(model(u"slow"_s), {}, token);
            if (!result && result.error().code == ErrorCode::Cancelled)
                milliseconds = clock.elapsed();
        });
        // The log appears with the process; then it answers "loading" for ever.
        QTRY_VERIFY(QFileInfo::exists(m_settings.folder.logs() + u"/engine-slow.log"_s));
        clock.start();
        token.cancel();
        worker.join();
        QVERIFY2(milliseconds >= 0 && milliseconds < 500, qPrintable(QString::number(milliseconds)));
        QVERIFY(engine.state().isEmpty());
    }

    void endsWhileLoading()
    {
        auto engine = std::make_unique<LocalEngine>(m_settings);
        Result<EngineLease> result;
        std::thread worker([&, raw = engine.get()] { result = raw->acquire(model(u"slow"_s)); });
        QTRY_VERIFY(QFileInfo::exists(m_settings.folder.logs() + u"/engine-slow.log"_s));
        // The window is closed while a worker waits for a model.
        std::thread closer([&] { engine.reset(); });
        worker.join();
        closer.join();
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
    }

    void givesUpAfterAWhile()
    {
        m_settings.start = std::chrono::milliseconds(600);
        LocalEngine engine(m_settings);
        QCOMPARE(engine.acquire(model(u"slow"_s)).error().code, ErrorCode::Timeout);
    }

    void manyThreadsOneServer()
    {
        LocalEngine engine(m_settings);
        const QString gguf = model(u"first"_s);
        std::array<QString, 6> urls;
        std::vector<std::thread> threads;
        threads.reserve(urls.size());
        for (QString &url : urls)
            threads.emplace_back([&engine, &gguf, &url] {
                const auto lease = engine.acquire(gguf);
                url = lease ? lease->baseUrl() : lease.error().text();
            });
        for (std::thread &thread : threads)
            thread.join();
        for (const QString &url : urls)
            QCOMPARE(url, urls[0]);
        QVERIFY(urls[0].startsWith(u"http://127.0.0.1:"_s));
        QCOMPARE(engine.state().size(), 1);
        QCOMPARE(engine.state().value(0).state, EngineState::Idle);
    }

    void stopByHandAndLeaseAfterTheEnd()
    {
        auto engine = std::make_unique<LocalEngine>(m_settings);
        const QString gguf = model(u"first"_s);
        const auto lease = engine->acquire(gguf);
        QVERIFY(lease);
        const qint64 pid = engine->state().value(0).pid;
        engine->stop(gguf);
        QVERIFY(!isAlive(pid));
        QVERIFY(!lease->isRunning());
        QVERIFY(engine->state().isEmpty());
        const auto second = engine->acquire(gguf);
        QVERIFY(second);
        engine.reset();
        QVERIFY(!second->isRunning());
        QVERIFY(second->baseUrl().startsWith(u"http://127.0.0.1:"_s));
    }

    void logsAreKeptSmall()
    {
        const QString folder = m_folder->filePath(u"logs"_s);
        const auto first = freshEngineLog(folder, u"m"_s);
        QVERIFY(first);
        QVERIFY(put(*first, "one\ntwo\nthree\n"));
        QCOMPARE(engineLogTail(*first, 2), u"two\nthree"_s);
        limitEngineLog(*first, 100);
        QVERIFY(contents(*first).startsWith("one"));
        limitEngineLog(*first, 5);
        QCOMPARE(QFileInfo(*first).size(), 0);
        QVERIFY(contents(*first + u".1"_s).startsWith("one"));
        QVERIFY(put(*first, "four\n"));
        QCOMPARE(*freshEngineLog(folder, u"m"_s), *first);
        QCOMPARE(contents(*first + u".1"_s), "four\n");
        QCOMPARE(engineLogTail(folder + u"/none"_s), QString());
    }

    void endsWithAKilledParent() { killParent(model(u"first"_s), m_folder->path()); }

    void realEngineAnswers()
    {
        LocalEngineSettings settings;
        QString gguf;
        if (!realIsInstalled(settings, gguf))
            QSKIP("The engine and the default model are not installed (evalwright-cli engine install): the real engine "
                  "was NOT tested.");
        LocalEngine engine(settings);
        auto lease = engine.acquire(gguf);
        QVERIFY2(lease, lease ? "" : qPrintable(lease.error().text() + lease.error().detail));
        qInfo("loaded in %.2f s", engine.state().value(0).loadSeconds);
        QCOMPARE(lease->build(), u"xllamacpp 2026.10.11549"_s);
        QCOMPARE(request(lease->baseUrl() + u"/v1/models"_s, "wrong").first, 401);
        const auto models = request(lease->baseUrl() + u"/v1/models"_s, lease->apiKey());
        QCOMPARE(models.first, 200);
        const json entry = json::parse(models.second.toStdString())["data"][0];
        QCOMPARE(QString::fromStdString(entry["id"].get<std::string>()), lease->modelId());
        QCOMPARE(entry["meta"]["n_params"].get<qint64>(), 134515008);
        QCOMPARE(entry["meta"]["n_ctx"].get<int>(), 2048);

        const auto text =
            request(lease->baseUrl() + u"/v1/completions"_s, lease->apiKey(),
                    "{\"prompt\":\"The capital of France is\",\"max_tokens\":1,\"logprobs\":5,\"temperature\":0}");
        QCOMPARE(text.first, 200);
        const json completion = json::parse(text.second.toStdString())["choices"][0];
        QCOMPARE(QString::fromStdString(completion["text"].get<std::string>()), u" Paris"_s);
        QCOMPARE(completion["logprobs"]["content"][0]["top_logprobs"].size(), 5U);
        const double logprob = completion["logprobs"]["content"][0]["logprob"].get<double>();
        QVERIFY(logprob < 0 && logprob > -1);

        const auto chat =
            request(lease->baseUrl() + u"/v1/chat/completions"_s, lease->apiKey(),
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"Answer with Yes or No.\"}],\"max_tokens\":1,"
                    "\"logprobs\":true,\"top_logprobs\":20}");
        QCOMPARE(chat.first, 200);
        const json position = json::parse(chat.second.toStdString())["choices"][0]["logprobs"]["content"][0];
        QCOMPARE(position["top_logprobs"].size(), 20U);

        QVERIFY(!visibleToOthers().contains(lease->apiKey()));
        const QByteArray log = contents(lease->logPath());
        QVERIFY(log.contains("model loaded"));
        QVERIFY(!log.contains(lease->apiKey()));
        QVERIFY(!log.contains("capital of France")); // Prompts are in the project, not in a log.
        const qint64 pid = engine.state().value(0).pid;
        engine.stop(gguf);
        QVERIFY(!isAlive(pid));
    }

    void realEngineRefusesAnotherFile()
    {
        LocalEngineSettings settings;
        QString gguf;
        if (!realIsInstalled(settings, gguf))
            QSKIP("The engine and the default model are not installed (evalwright-cli engine install): the real engine "
                  "was NOT tested.");
        LocalEngine engine(settings);
        const auto result = engine.acquire(model(u"not-a-model"_s));
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Engine);
        // Its own last words; the library's logging thread does not always get to write before the process ends.
        const QString detail = result.error().detail;
        QVERIFY2(detail.contains(u"failed to load model"_s) || detail.contains(u"Failed to init server"_s),
                 qPrintable(detail));
    }

    void realEngineEndsWithAKilledParent()
    {
        LocalEngineSettings settings;
        QString gguf;
        if (!realIsInstalled(settings, gguf))
            QSKIP("The engine and the default model are not installed (evalwright-cli engine install): the real engine "
                  "was NOT tested.");
        killParent(gguf, u"real"_s);
    }

    void realEngineGivesEmbeddings()
    {
        LocalEngineSettings settings;
        QString gguf;
        if (!realIsInstalled(settings, gguf))
            QSKIP("The local engine and its default model are not installed; 'evalwright-cli engine install' does it.");
        LocalEngine engine(settings);
        EngineOptions options;
        options.embeddings = true;
        options.contextPerSlot = 256;
        const auto lease = engine.acquire(gguf, options);
        QVERIFY2(lease, lease ? "" : qPrintable(lease.error().text() + lease.error().detail));
        const auto vectorOf = [&](const std::string &text) {
            const json body{{"model", "x"}, {"input", text}, {"encoding_format", "float"}};
            const auto [status, reply] = request(lease->baseUrl() + u"/v1/embeddings"_s, lease->apiKey(),
                                                 QByteArray::fromStdString(body.dump()));
            return status == 200 ? json::parse(reply.toStdString())["data"][0]["embedding"].get<std::vector<double>>()
                                 : std::vector<double>();
        };
        const auto cosine = [](const std::vector<double> &a, const std::vector<double> &b) {
            double product = 0;
            for (size_t i = 0; i < a.size() && i < b.size(); ++i)
                product += a[i] * b[i];
            return product; // They come with length 1.
        };
        const auto roses = vectorOf("I like gardening and roses."), flowers = vectorOf("I enjoy growing flowers."),
                   ship = vectorOf("The ship sails to the harbour.");
        QVERIFY(roses.size() > 100);
        QVERIFY(std::abs(cosine(roses, roses) - 1) < 1e-4);
        QVERIFY(cosine(roses, flowers) > cosine(roses, ship));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (QCoreApplication::arguments().value(1) == u"--hold"_s)
        return holdServer(QCoreApplication::arguments());
    TestLocalEngine test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_localengine.moc"
