// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/localengine.h"

#include "lm/engine/enginelog.h"
#include "lm/engine/serverstart.h"

#include <QFileInfo>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace evalwright {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// What does not change while a server runs; shared with the leases.
struct Served
{
    QString baseUrl, modelId, build, logPath;
    QByteArray key;
    int slotCount = 0;
};

struct Entry
{
    EngineState state = EngineState::Starting; ///< Busy and Idle are told apart by `leases`.
    EngineOptions options;
    std::shared_ptr<const Served> served;
    std::unique_ptr<ChildProcess> process;
    quint64 run = 0; ///< Number of this start; a lease of an earlier one does not count.
    int leases = 0, port = 0;
    qint64 pid = 0;
    steady_clock::time_point idleSince;
    QDateTime since = QDateTime::currentDateTimeUtc();
    double loadSeconds = 0;
    QString error, logPath;
    bool isUp() const { return state == EngineState::Busy || state == EngineState::Idle; }
};

/// One server: a file, and whether it is the one for embeddings.
using ServerKey = std::pair<QString, bool>;

QString identity(const QString &ggufPath)
{
    const QString canonical = QFileInfo(ggufPath).canonicalFilePath();
    return canonical.isEmpty() ? QFileInfo(ggufPath).absoluteFilePath() : canonical;
}

} // namespace

class LocalEngine::Core
{
public:
    explicit Core(LocalEngineSettings settings)
        : m_settings(std::move(settings)), m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    {
        m_keeper = std::thread([this] { keep(); });
    }

    void close()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_closing = true;
        }
        setChangeCallback({});
        m_closed.cancel(); // Ends starts that are under way.
        wake();
        if (m_keeper.joinable())
            m_keeper.join();
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_starting == 0; });
        std::map<ServerKey, Entry> entries = std::move(m_entries);
        m_entries.clear();
        lock.unlock();
    } // The processes end here, with their entries.

    ~Core()
    {
        if (m_wake >= 0)
            ::close(m_wake);
    }

    struct Grant
    {
        std::shared_ptr<const Served> served;
        ServerKey key;
        quint64 run = 0;
    };

    Result<Grant> acquire(const QString &ggufPath, const EngineOptions &options, const CancellationToken &token)
    {
        if (!QFileInfo(ggufPath).isFile())
            return failure(ErrorCode::NotFound, u"There is no model file %1."_s.arg(ggufPath),
                           u"Check the path, or install the model."_s);
        const ServerKey key(identity(ggufPath), options.embeddings);
        std::unique_lock lock(m_mutex);
        for (;;) {
            if (token.isCancelled() || m_closing)
                return failure(ErrorCode::Cancelled, u"Starting the model server was stopped."_s);
            const auto found = m_entries.find(key);
            if (found == m_entries.end() || found->second.state == EngineState::Failed)
                return start(lock, key, options, token);
            Entry &entry = found->second;
            if (entry.isUp() && !entry.process->hasEnded()) {
                if (entry.options.slotCount >= options.slotCount &&
                    entry.options.contextPerSlot >= options.contextPerSlot) {
                    ++entry.leases;
                    entry.state = EngineState::Busy;
                    Grant grant{entry.served, key, entry.run};
                    lock.unlock();
                    tell();
                    return grant;
                }
                if (entry.leases > 0)
                    return failure(ErrorCode::Engine,
                                   u"%1 is in use with a smaller context or fewer slots."_s.arg(modelIdOf(key.first)),
                                   u"Wait until the other job is done, or stop the server."_s);
                retire(lock, key);
                continue;
            }
            if (entry.isUp()) {
                fail(entry, u"The model server ended (%1)."_s.arg(entry.process->howItEnded()));
                continue;
            }
            // Someone else is starting or stopping it.
            m_changed.wait_for(lock, milliseconds(50));
        }
    }

    void release(const ServerKey &key, quint64 run)
    {
        {
            const std::scoped_lock lock(m_mutex);
            const auto found = m_entries.find(key);
            if (found == m_entries.end() || found->second.run != run || !found->second.isUp())
                return;
            if (--found->second.leases == 0) {
                found->second.state = EngineState::Idle;
                found->second.idleSince = steady_clock::now();
            }
        }
        wake();
        tell();
    }

    bool isRunning(const ServerKey &key, quint64 run)
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_entries.find(key);
        return found != m_entries.end() && found->second.run == run && found->second.isUp() &&
               !found->second.process->hasEnded();
    }

    void stop(const QString &ggufPath)
    {
        for (const bool embeddings : {false, true}) {
            std::unique_lock lock(m_mutex);
            const ServerKey key(identity(ggufPath), embeddings);
            const auto found = m_entries.find(key);
            if (found == m_entries.end())
                continue;
            if (found->second.isUp())
                retire(lock, key);
            else if (found->second.state == EngineState::Failed)
                m_entries.erase(found);
        }
        tell();
    }

    QList<RunningEngine> state() const
    {
        QList<RunningEngine> lines;
        const std::scoped_lock lock(m_mutex);
        for (const auto &[key, entry] : m_entries) {
            RunningEngine line;
            line.ggufPath = key.first;
            line.embeddings = key.second;
            line.modelId = modelIdOf(key.first);
            line.build = entry.served ? entry.served->build : QString();
            line.logPath = entry.logPath;
            line.state = entry.state;
            line.port = entry.port;
            line.pid = entry.pid;
            line.memoryBytes = entry.isUp() ? residentMemory(entry.pid) : 0;
            line.leases = entry.leases;
            line.since = entry.since;
            line.loadSeconds = entry.loadSeconds;
            line.error = entry.error;
            lines.append(line);
        }
        return lines;
    }

    void setChangeCallback(std::function<void()> callback)
    {
        const std::scoped_lock lock(m_callbackMutex);
        m_callback = std::move(callback);
    }

private:
    /// Called with the lock held; leaves it during the start and returns without it.
    Result<Grant> start(std::unique_lock<std::mutex> &lock, const ServerKey &key, const EngineOptions &options,
                        const CancellationToken &token)
    {
        Entry fresh;
        fresh.options = options;
        fresh.run = ++m_runs;
        fresh.logPath = u"%1/engine-%2.log"_s.arg(m_settings.folder.logs(), engineLogName(key.first, options));
        const quint64 run = fresh.run;
        m_entries.insert_or_assign(key, std::move(fresh));
        ++m_starting;
        lock.unlock();
        tell();

        // Either the caller or our own end stops it.
        const CancellationToken either;
        auto fromCaller = token.onCancel([either] { either.cancel(); });
        auto fromClosing = m_closed.onCancel([either] { either.cancel(); });
        Result<StartedServer> started = startServer(m_settings, key.first, options, either);

        lock.lock();
        --m_starting;
        Result<Grant> result = failure(ErrorCode::Cancelled, u"Starting the model server was stopped."_s);
        Entry &entry = m_entries[key];
        if (!started && started.error().code == ErrorCode::Cancelled) {
            m_entries.erase(key);
        } else if (!started) {
            fail(entry, started.error().message);
            result = failure(std::move(started).error());
        } else {
            auto served = std::make_shared<Served>();
            served->baseUrl = u"http://127.0.0.1:%1"_s.arg(started->port);
            served->modelId = modelIdOf(key.first);
            served->build = started->build;
            served->logPath = started->logPath;
            served->key = started->key;
            served->slotCount = options.slotCount;
            entry.served = served;
            entry.process = std::move(started->process);
            entry.port = started->port;
            entry.pid = started->pid;
            entry.loadSeconds = started->loadSeconds;
            entry.state = EngineState::Busy;
            entry.leases = 1;
            result = Grant{served, key, run};
        }
        lock.unlock();
        m_changed.notify_all();
        wake(); // The keeper has a new process to watch.
        tell();
        return result;
    }

    /// Ends a running server; the lock is held before and after, not meanwhile. `key` must not be a key of the map.
    void retire(std::unique_lock<std::mutex> &lock, const ServerKey &key)
    {
        Entry &entry = m_entries[key];
        entry.state = EngineState::Stopping;
        const quint64 run = entry.run;
        std::unique_ptr<ChildProcess> process = std::move(entry.process);
        lock.unlock();
        tell();
        process.reset();
        lock.lock();
        if (const auto found = m_entries.find(key); found != m_entries.end() && found->second.run == run)
            m_entries.erase(found);
        m_changed.notify_all();
    }

    /// With the lock held.
    void fail(Entry &entry, const QString &what)
    {
        entry.state = EngineState::Failed;
        entry.error = what;
        entry.process.reset(); // It has ended already.
        entry.leases = 0;
        entry.port = 0;
        entry.pid = 0;
    }

    /// The keeper's thread: notices ends, stops what is idle, keeps logs small. It sleeps in poll() otherwise.
    void keep()
    {
        std::unique_lock lock(m_mutex);
        while (!m_closing) {
            const auto now = steady_clock::now();
            auto next = now + std::chrono::hours(1);
            bool changed = false;
            std::optional<ServerKey> tooLongIdle;
            std::vector<pollfd> waiting{{m_wake, POLLIN, 0}};
            for (auto &[key, entry] : m_entries) {
                if (!entry.isUp())
                    continue;
                if (entry.process->hasEnded()) {
                    fail(entry, u"The model server ended (%1)."_s.arg(entry.process->howItEnded()));
                    changed = true;
                    continue;
                }
                limitEngineLog(entry.logPath);
                next = std::min(next, now + std::chrono::seconds(10));
                if (entry.leases == 0) {
                    const auto due = entry.idleSince + m_settings.idle;
                    if (due <= now)
                        tooLongIdle = key;
                    next = std::min(next, due);
                }
                waiting.push_back({entry.process->endDescriptor(), POLLIN, 0});
            }
            if (tooLongIdle) {
                retire(lock, *tooLongIdle);
                changed = true;
            }
            if (changed) {
                lock.unlock();
                m_changed.notify_all();
                tell();
                lock.lock();
                continue; // Descriptors may be gone: look again.
            }
            lock.unlock();
            // A descriptor that is closed meanwhile comes with a wake, and at worst wakes us once for nothing.
            const auto wait = std::chrono::ceil<milliseconds>(next - now).count();
            ::poll(waiting.data(), waiting.size(), int(std::clamp<long long>(wait, 0, 3'600'000)));
            eventfd_t ignored = 0;
            ::eventfd_read(m_wake, &ignored);
            lock.lock();
        }
    }

    void wake() { ::eventfd_write(m_wake, 1); }

    void tell()
    {
        // Held during the call: who replaces the callback knows that the old one is not running any more.
        const std::scoped_lock lock(m_callbackMutex);
        if (m_callback)
            m_callback();
    }

    const LocalEngineSettings m_settings;
    const int m_wake;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::map<ServerKey, Entry> m_entries;
    quint64 m_runs = 0;
    int m_starting = 0;
    bool m_closing = false;
    CancellationToken m_closed;
    std::mutex m_callbackMutex;
    std::function<void()> m_callback;
    std::thread m_keeper;
};

struct EngineLease::Hold
{
    std::weak_ptr<LocalEngine::Core> core;
    LocalEngine::Core::Grant grant;
    ~Hold()
    {
        if (const auto engine = core.lock())
            engine->release(grant.key, grant.run);
    }
};

QString EngineLease::baseUrl() const
{
    return m_hold ? m_hold->grant.served->baseUrl : QString();
}
QByteArray EngineLease::apiKey() const
{
    return m_hold ? m_hold->grant.served->key : QByteArray();
}
QString EngineLease::modelId() const
{
    return m_hold ? m_hold->grant.served->modelId : QString();
}
QString EngineLease::build() const
{
    return m_hold ? m_hold->grant.served->build : QString();
}
QString EngineLease::logPath() const
{
    return m_hold ? m_hold->grant.served->logPath : QString();
}
int EngineLease::slotCount() const
{
    return m_hold ? m_hold->grant.served->slotCount : 0;
}
std::shared_ptr<void> EngineLease::hold() const
{
    return m_hold;
}

bool EngineLease::isRunning() const
{
    const auto engine = m_hold ? m_hold->core.lock() : nullptr;
    return engine && engine->isRunning(m_hold->grant.key, m_hold->grant.run);
}

Result<LocalEngineSettings> LocalEngineSettings::standard()
{
    LocalEngineSettings settings;
    settings.folder = DataFolder::standard();
    EVALWRIGHT_ASSIGN(Catalogue catalogue, Catalogue::load());
    settings.engine = catalogue.engine;
    return settings;
}

LocalEngine::LocalEngine(LocalEngineSettings settings) : m_core(std::make_shared<Core>(std::move(settings))) {}

LocalEngine::~LocalEngine()
{
    m_core->close();
}

Result<EngineLease> LocalEngine::acquire(const QString &ggufPath, const EngineOptions &options,
                                         const CancellationToken &token)
{
    const std::shared_ptr<Core> core = m_core; // The destructor may run while this loads a model.
    EVALWRIGHT_ASSIGN(Core::Grant grant, core->acquire(ggufPath, options, token));
    return EngineLease(std::shared_ptr<EngineLease::Hold>(new EngineLease::Hold{core, std::move(grant)}));
}

void LocalEngine::stop(const QString &ggufPath)
{
    m_core->stop(ggufPath);
}

QList<RunningEngine> LocalEngine::state() const
{
    return m_core->state();
}

void LocalEngine::setChangeCallback(std::function<void()> callback)
{
    m_core->setChangeCallback(std::move(callback));
}

} // namespace evalwright
