// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "lm/engine/catalogue.h"
#include "lm/engine/datafolder.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <chrono>
#include <functional>
#include <memory>

namespace evalwright {

enum class EngineBackend {
    Automatic,   ///< The installed engine, else a llama-server on the PATH.
    Package,     ///< The engine that EngineInstaller puts into the data directory.
    LlamaServer, ///< A llama-server program of the person's own.
};

struct EngineOptions
{
    int slotCount = 4;         ///< Requests answered at the same time.
    int contextPerSlot = 2048; ///< Tokens.
    int threads = 0; ///< 0: cores - 1, at least 1. More slows everything down, because the engine spins while it waits.
    /// Serves /v1/embeddings: the mean over a text's tokens (or what the file names as its pooling), scaled to length
    /// 1; a text has to fit into a slot.
    bool embeddings = false;
};

struct LocalEngineSettings
{
    DataFolder folder;
    EnginePin engine;
    EngineBackend backend = EngineBackend::Automatic;
    QString python;                                              ///< Empty: found.
    QString llamaServer;                                         ///< Empty: searched on the PATH.
    std::chrono::milliseconds idle = std::chrono::seconds(120);  ///< A server that nobody holds is stopped after this.
    std::chrono::milliseconds start = std::chrono::seconds(180); ///< Longest time to load a model.

    /// The standard folder and the built-in engine.
    static Result<LocalEngineSettings> standard();
};

/// Holds a model server running. Copies share the hold; the server may stop when the last copy is gone.
/// Usable on any thread, and harmless after the LocalEngine itself is gone (the server is stopped then).
class EngineLease
{
public:
    EngineLease() = default;
    bool isValid() const { return bool(m_hold); }
    QString baseUrl() const;   ///< http://127.0.0.1:PORT, without /v1.
    QByteArray apiKey() const; ///< Secret, random for each start; memory only.
    QString modelId() const;   ///< What the server calls the model: the file's name without ".gguf".
    QString build() const;     ///< Engine and version; part of a model's fingerprint.
    QString logPath() const;
    int slotCount() const;
    /// False when the server has ended meanwhile (it crashed or was stopped by hand); acquire again then.
    bool isRunning() const;
    /// The hold itself, for ModelConnection::lease.
    std::shared_ptr<void> hold() const;

private:
    friend class LocalEngine;
    struct Hold;
    explicit EngineLease(std::shared_ptr<Hold> hold) : m_hold(std::move(hold)) {}
    std::shared_ptr<Hold> m_hold;
};

enum class EngineState { Starting, Busy, Idle, Stopping, Failed };

/// One line of the engine panel.
struct RunningEngine
{
    QString ggufPath, modelId, build, logPath;
    bool embeddings = false; ///< It is the file's server for embeddings.
    EngineState state = EngineState::Starting;
    int port = 0;
    qint64 pid = 0;         ///< Of the process that holds the model.
    qint64 memoryBytes = 0; ///< Resident memory now.
    int leases = 0;
    QDateTime since;        ///< Start of the process (UTC).
    double loadSeconds = 0; ///< How long loading took; 0 while starting.
    QString error;          ///< Failed: what happened.
};

/// Runs GGUF files as child processes that serve the OpenAI interface on a loopback port: one process for each file
/// (and one more for its embeddings), started when first wanted, stopped when nobody has held it for a while, and ended with this process whatever
/// happens to it (also kill -9). Thread-safe; needs no event loop.
class LocalEngine
{
public:
    explicit LocalEngine(LocalEngineSettings settings);
    ~LocalEngine(); ///< Stops all servers and ends acquire() calls under way (Cancelled); at most a few seconds.
    LocalEngine(const LocalEngine &) = delete;
    LocalEngine &operator=(const LocalEngine &) = delete;

    /// A running server for the file. Blocks while the model loads (seconds): for worker threads. Two callers with
    /// the same file share one server; a server that nobody holds is restarted if it is smaller than asked for.
    /// NotFound (no such file), Unsupported (no engine installed; the advice says how to get one), Engine with the
    /// log's last lines in `detail`, Timeout, Cancelled (within 100 ms).
    Result<EngineLease> acquire(const QString &ggufPath, const EngineOptions &options = {},
                                const CancellationToken &token = {});

    /// Stops the file's servers now, also when they are held. Returns after it has ended.
    void stop(const QString &ggufPath);

    /// What runs or failed, by path. Quick.
    QList<RunningEngine> state() const;
    /// Called after each change, on any thread; it may ask for state(), should be quick (queue a call to the window)
    /// and must not set a callback itself. Replaces the previous one, which is not running any more on return.
    void setChangeCallback(std::function<void()> callback);

private:
    friend class EngineLease;
    class Core;
    std::shared_ptr<Core> m_core;
};

} // namespace evalwright
