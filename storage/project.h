// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "storage/connection.h"

#include <QFuture>
#include <QFutureInterface>
#include <QLockFile>
#include <QObject>
#include <QPromise>
#include <QThreadPool>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>

namespace evalwright {

/// What a committed change touched; views listen and read again.
enum class Topic { Project, Models, Datasets, Candidates, Jobs, Runs, Figures, Reviews };

/// Emits on the writer thread after a commit; connect with a context object to be called on its thread.
class ProjectNotifier : public QObject
{
    Q_OBJECT
Q_SIGNALS:
    void changed(evalwright::Topic topic);
};

/// An open project file: one writing connection on its own thread, reading connections on a small pool.
///
/// Writes that wait together share one transaction; each runs in its own savepoint, so a failing one undoes only
/// itself. A write's future is ready after the commit, which is when its result is on disk (docs/durability.md).
class Project
{
public:
    enum class Access { ReadOnly, ReadWrite };
    /// To work with the project, or only to look at a file that may be damaged or made to do harm.
    enum class Purpose { Work, Inspection };
    static constexpr int schemaVersion = 10;

    /// Makes a new file; AlreadyExists if there is one.
    static Result<std::shared_ptr<Project>> create(const QString &path, const QString &name);
    /// NotFound, NotAProject, NewerSchema, Locked (who holds it), ReadOnly (also a file with several names), Corrupt
    /// (also a schema with parts that this program did not make). An older schema is copied to
    /// `<path>.backup-<version>` and then upgraded. An inspection is for reading; schema and identity stay unasked.
    static Result<std::shared_ptr<Project>> open(const QString &path, Access access, Purpose purpose = Purpose::Work);
    ~Project();
    Project(const Project &) = delete;
    Project &operator=(const Project &) = delete;

    /// Absolute and without symbolic links: one file has one path, whatever names lead to it.
    const QString &path() const { return m_path; }
    const QString &name() const { return m_name; }
    const QString &uuid() const { return m_uuid; }
    Access access() const { return m_access; }
    ProjectNotifier *notifier() { return &m_notifier; }

    /// Runs `change` (Result<T>(Connection &)) on the writer thread. Never call `.result()` on the GUI thread.
    template <class F>
    auto write(F change, std::initializer_list<Topic> topics = {}) -> QFuture<std::invoke_result_t<F, Connection &>>;
    /// Runs `work` (Result<T>(Connection &)) on the writer thread, alone and outside of any transaction: for what
    /// arranges the file itself. It begins and ends its own transactions and leaves none open. Others wait meanwhile.
    template <class F>
    auto maintain(F work, std::initializer_list<Topic> topics = {}) -> QFuture<std::invoke_result_t<F, Connection &>>;
    /// Runs `question` (Result<T>(Connection &)) on a reader thread.
    template <class F>
    auto read(F question) -> QFuture<std::invoke_result_t<F, Connection &>>;

    /// The same, waiting for the answer: for worker threads and the command line.
    template <class F>
    auto writeNow(F change, std::initializer_list<Topic> topics = {})
    {
        return write(std::move(change), topics).result();
    }
    template <class F>
    auto readNow(F question)
    {
        return read(std::move(question)).result();
    }

    void notify(Topic topic) { Q_EMIT m_notifier.changed(topic); }

private:
    struct Task
    {
        std::function<bool(Connection &)> run; ///< True: keep the savepoint.
        std::function<void(const Status &committed)> finish;
        QList<Topic> topics;
        bool alone = false; ///< Without a transaction around it.
    };
    template <class F>
    auto enqueueChange(F change, std::initializer_list<Topic> topics, bool alone)
        -> QFuture<std::invoke_result_t<F, Connection &>>;
    Project(QString path, Access access);
    Status startWriter();
    void writerLoop(Connection &connection);
    void runBatch(Connection &connection, std::deque<Task> &batch);
    void tell(const QList<Topic> &topics);
    void enqueue(Task task);
    Result<Connection *> readerConnection();

    QString m_path, m_name, m_uuid;
    Access m_access;
    std::unique_ptr<QLockFile> m_lock;
    ProjectNotifier m_notifier;
    QThreadPool m_readers;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Task> m_queue;
    bool m_closing = false;
    std::thread m_writer;
};

template <class F>
auto Project::write(F change, std::initializer_list<Topic> topics) -> QFuture<std::invoke_result_t<F, Connection &>>
{
    return enqueueChange(std::move(change), topics, false);
}

template <class F>
auto Project::maintain(F work, std::initializer_list<Topic> topics) -> QFuture<std::invoke_result_t<F, Connection &>>
{
    return enqueueChange(std::move(work), topics, true);
}

template <class F>
auto Project::enqueueChange(F change, std::initializer_list<Topic> topics, bool alone)
    -> QFuture<std::invoke_result_t<F, Connection &>>
{
    using R = std::invoke_result_t<F, Connection &>;
    struct Shared
    {
        QPromise<R> promise;
        std::optional<R> result;
    };
    auto shared = std::make_shared<Shared>();
    shared->promise.start();
    QFuture<R> future = shared->promise.future();
    enqueue({[shared, change = std::move(change)](Connection &connection) mutable {
                 shared->result.emplace(change(connection));
                 return shared->result->has_value();
             },
             [shared](const Status &committed) {
                 if (!committed && (!shared->result || shared->result->has_value()))
                     shared->promise.addResult(R(tl::unexpected<Error>(committed.error())));
                 else
                     shared->promise.addResult(std::move(*shared->result));
                 shared->promise.finish();
             },
             QList<Topic>(topics), alone});
    return future;
}

template <class F>
auto Project::read(F question) -> QFuture<std::invoke_result_t<F, Connection &>>
{
    using R = std::invoke_result_t<F, Connection &>;
    auto promise = std::make_shared<QPromise<R>>();
    promise->start();
    QFuture<R> future = promise->future();
    m_readers.start([this, promise, question = std::move(question)]() mutable {
        if (auto connection = readerConnection())
            promise->addResult(question(**connection));
        else
            promise->addResult(R(tl::unexpected<Error>(connection.error())));
        promise->finish();
    });
    return future;
}

} // namespace evalwright

Q_DECLARE_METATYPE(evalwright::Topic)
