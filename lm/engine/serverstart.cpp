// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/serverstart.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "lm/engine/enginelog.h"
#include "lm/engine/python.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QSaveFile>
#include <QStandardPaths>

#include <array>
#include <curl/curl.h>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

struct Answer
{
    int status = 0; ///< 0: nothing answered.
    QByteArray body;
};

size_t collect(const char *data, size_t size, size_t count, void *target)
{
    auto &body = static_cast<Answer *>(target)->body;
    if (body.size() > 1'000'000)
        return 0;
    body.append(data, static_cast<qsizetype>(size) * static_cast<qsizetype>(count));
    return size * count;
}

/// One short request to our own server on the loopback.
Answer ask(int port, const char *path, const QByteArray &key)
{
    Answer answer;
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
    if (!curl)
        return answer;
    const QByteArray url = "http://127.0.0.1:" + QByteArray::number(port) + path;
    const QByteArray header = "Authorization: Bearer " + key;
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(
        curl_slist_append(nullptr, header.constData()), &curl_slist_free_all);
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.constData());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*"); // A proxy from the environment must not see the key.
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, 500L);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 2'000L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &collect);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
    if (curl_easy_perform(curl.get()) == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
        answer.status = int(status);
    }
    return answer;
}

QByteArray randomKey()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return QByteArray(reinterpret_cast<const char *>(words.data()), qsizetype(sizeof words)).toHex();
}

/// The runner as a file that Python can be given; its name has its hash, so that versions do not overwrite each other.
Result<QString> runnerFile(const DataFolder &folder)
{
    const QByteArray script = engineRunnerScript();
    if (script.isEmpty())
        return failure(ErrorCode::Corrupt, u"The program lacks its engine runner."_s, u"Build it again."_s);
    const QString path = u"%1/serve-%2.py"_s.arg(folder.engines(), sha256Hex(script).left(8));
    QFile existing(path);
    if (existing.open(QIODevice::ReadOnly) && existing.readAll() == script)
        return path;
    QDir().mkpath(folder.engines());
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(script) != script.size() || !file.commit())
        return failure(ErrorCode::Storage, u"%1 cannot be written."_s.arg(path),
                       u"Check the folder's permissions and the free space."_s, file.errorString());
    return path;
}

struct Backend
{
    bool isPackage = true;
    QString llamaServer;
};

Result<Backend> chooseBackend(const LocalEngineSettings &settings)
{
    const bool installed = QFileInfo::exists(settings.folder.engine(settings.engine.version) + u"/xllamacpp"_s);
    const QString server = settings.llamaServer.isEmpty() ? QStandardPaths::findExecutable(u"llama-server"_s)
                                                          : QFileInfo(settings.llamaServer).absoluteFilePath();
    const bool hasServer = !server.isEmpty() && QFileInfo(server).isExecutable();
    if (settings.backend != EngineBackend::LlamaServer && installed)
        return Backend{true, {}};
    if (settings.backend != EngineBackend::Package && hasServer)
        return Backend{false, server};
    return failure(
        Error(ErrorCode::Unsupported,
              settings.backend == EngineBackend::LlamaServer ? u"No llama-server was found."_s
                                                             : u"The engine for local models is not installed."_s,
              settings.backend == EngineBackend::LlamaServer
                  ? u"Put llama-server on the PATH, or use the engine of \"evalwright-cli engine install\"."_s
                  : u"Run \"evalwright-cli engine install\", or install it on the page Models."_s)
            .withConsequence(u"Model files cannot be run."_s));
}

/// Adds what a person needs to understand it: the log's end, never the key.
Error explained(Error error, const QString &ggufPath, const QString &logPath, const QByteArray &key)
{
    if (error.code == ErrorCode::Cancelled)
        return error;
    QString tail = engineLogTail(logPath);
    tail.replace(QString::fromLatin1(key), u"…"_s);
    error.message = u"The model server for %1 did not start: %2"_s.arg(QFileInfo(ggufPath).fileName(), error.message);
    error.advice = u"Check that the file is a GGUF model and that memory is free. Log: %1"_s.arg(logPath);
    error.detail = error.detail.isEmpty() ? tail : error.detail + u'\n' + tail;
    return error;
}

/// Waits until the server says that the model is loaded.
Status awaitHealth(ChildProcess &process, int port, const QByteArray &key, steady_clock::time_point deadline,
                   const CancellationToken &token)
{
    for (;;) {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"Starting was stopped."_s);
        if (ask(port, "/health", key).status == 200)
            return {};
        if (steady_clock::now() >= deadline)
            return failure(ErrorCode::Timeout, u"it did not get ready in time."_s);
        if (process.hasEnded(milliseconds(50)))
            return failure(ErrorCode::Engine, u"it ended (%1)."_s.arg(process.howItEnded()));
    }
}

QString buildOf(const Backend &backend, const EnginePin &pin, int port, const QByteArray &key)
{
    if (backend.isPackage)
        return pin.package + u' ' + pin.version; // The package's own /props says "b0-unknown".
    const QByteArray body = ask(port, "/props", key).body;
    const json props = parseForeignJson(body);
    if (props.is_object() && props.contains("build_info") && props["build_info"].is_string())
        return u"llama-server "_s + QString::fromStdString(props["build_info"].get<std::string>());
    return u"llama-server"_s;
}

} // namespace

QString modelIdOf(const QString &ggufPath)
{
    QString name = QFileInfo(ggufPath).fileName();
    if (name.endsWith(u".gguf"_s, Qt::CaseInsensitive))
        name.chop(5);
    return name;
}

QString engineLogName(const QString &ggufPath, const EngineOptions &options)
{
    return modelIdOf(ggufPath) + (options.embeddings ? u"-embeddings"_s : QString());
}

int defaultEngineThreads()
{
    return qMax(1, int(std::thread::hardware_concurrency()) - 1);
}

Result<StartedServer> startServer(const LocalEngineSettings &settings, const QString &ggufPath,
                                  const EngineOptions &options, const CancellationToken &token)
{
    const auto begun = steady_clock::now();
    const auto deadline = begun + settings.start;
    EVALWRIGHT_ASSIGN(const Backend backend, chooseBackend(settings));
    QString python = settings.python;
    if (python.isEmpty()) {
        EVALWRIGHT_ASSIGN(python, findPython(settings.engine.python));
    }
    EVALWRIGHT_ASSIGN(const QString runner, runnerFile(settings.folder));
    StartedServer server;
    EVALWRIGHT_ASSIGN(server.logPath, freshEngineLog(settings.folder.logs(), engineLogName(ggufPath, options)));
    server.key = randomKey();

    // Isolated (-I): no PYTHON* variable and no package of the person's own changes what runs.
    EVALWRIGHT_ASSIGN(server.process,
                      ChildProcess::start({python, {u"-I"_s, u"-B"_s, runner}, serverEnvironment(), server.logPath}));
    const json line = {{"kind", backend.isPackage ? "package" : "llama-server"},
                       {"engine", settings.folder.engine(settings.engine.version).toStdString()},
                       {"program", backend.llamaServer.toStdString()},
                       {"model", ggufPath.toStdString()},
                       {"alias", modelIdOf(ggufPath).toStdString()},
                       {"key", server.key.toStdString()},
                       {"slots", qMax(1, options.slotCount)},
                       {"context", qMax(64, options.contextPerSlot)},
                       {"embeddings", options.embeddings},
                       {"threads", options.threads > 0 ? options.threads : defaultEngineThreads()}};
    const auto fail = [&](Error error) {
        server.process->stop();
        return failure(explained(std::move(error), ggufPath, server.logPath, server.key));
    };
    if (auto written = server.process->write(QByteArray::fromStdString(line.dump()) + '\n'); !written)
        return fail(std::move(written).error());
    auto ready = server.process->readLine(settings.start, token);
    if (!ready) {
        if (ready.error().code == ErrorCode::Engine && server.process->hasEnded(milliseconds(500)))
            ready.error().message = u"it ended (%1)."_s.arg(server.process->howItEnded());
        return fail(std::move(ready).error());
    }
    const json answer = json::parse(ready->begin(), ready->end(), nullptr, false);
    if (!answer.is_object() || !answer.contains("port") || !answer["port"].is_number_integer() ||
        !answer.contains("pid") || !answer["pid"].is_number_integer())
        return fail(Error(ErrorCode::Engine, u"it did not say where it listens."_s));
    server.port = answer["port"].get<int>();
    server.pid = answer["pid"].get<qint64>();
    if (auto healthy = awaitHealth(*server.process, server.port, server.key, deadline, token); !healthy)
        return fail(std::move(healthy).error());
    server.build = buildOf(backend, settings.engine, server.port, server.key);
    server.loadSeconds = std::chrono::duration<double>(steady_clock::now() - begun).count();
    return server;
}

qint64 residentMemory(qint64 pid)
{
    QFile file(u"/proc/%1/statm"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE);
}

} // namespace evalwright
