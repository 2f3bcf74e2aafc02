// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/project.h"

#include "core/hash.h"
#include "storage/migrations.h"
#include "storage/repositories/jobs.h"
#include "storage/schemacheck.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QThreadStorage>

#include <sys/stat.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Each reader thread belongs to one project's pool and keeps one connection until the thread ends.
QThreadStorage<std::shared_ptr<Connection>> &readerSlot()
{
    static QThreadStorage<std::shared_ptr<Connection>> slot;
    return slot;
}

/// Root may write anywhere; a file without any write bit is still meant to stay as it is.
bool isMeantToBeWritten(const QFileInfo &file)
{
    const auto writeBits = QFile::WriteOwner | QFile::WriteGroup | QFile::WriteOther;
    return file.isWritable() && (file.permissions() & writeBits);
}

Error readOnlyError(const QString &path)
{
    return Error(ErrorCode::ReadOnly, u"The project “%1” cannot be written."_s.arg(path),
                 u"Make the file and its folder writable, or work on a copy."_s)
        .withConsequence(u"Nothing was changed."_s);
}

/// The lock and SQLite's log lie beside one name. A writer under another name would know of neither.
Status requireOneName(const QString &path)
{
    struct stat info = {};
    if (::stat(QFile::encodeName(path).constData(), &info) != 0 || info.st_nlink <= 1)
        return {};
    return failure(Error(ErrorCode::ReadOnly,
                         u"The project “%1” is one file with %2 names (hard links)."_s.arg(path).arg(info.st_nlink),
                         u"Remove the other names, or work on a copy. Reading it is fine."_s)
                       .withConsequence(u"Nothing was changed."_s));
}

/// Refuses what somebody else built into the file, before anything of it is used.
Status requireOwnSchema(const QString &path)
{
    EVALWRIGHT_ASSIGN(const auto connection, Connection::open(path, Connection::Mode::ReadOnly));
    EVALWRIGHT_ASSIGN(const SchemaDifference difference, compareSchema(*connection));
    if (!difference.foreign.isEmpty()) {
        return failure(Error(ErrorCode::Corrupt,
                             u"The project “%1” has parts that this program did not make: %2."_s.arg(
                                 path, difference.foreignNames()),
                             u"Use a copy from a source that you trust; “project check” looks at this one safely."_s)
                           .withConsequence(u"Nothing of it was used or changed."_s));
    }
    if (!difference.isRepairable()) {
        return failure(Error(ErrorCode::Corrupt, u"The project “%1” lacks tables."_s.arg(path),
                             u"Use an intact copy; “project check” names what is missing."_s)
                           .withConsequence(u"Nothing was changed."_s));
    }
    return {};
}

Result<std::unique_ptr<QLockFile>> lockForWriting(const QString &path)
{
    auto lock = std::make_unique<QLockFile>(path + u".lock"_s);
    lock->setStaleLockTime(0);
    if (lock->tryLock(0))
        return lock;
    if (lock->error() == QLockFile::PermissionError)
        return failure(readOnlyError(path));
    if (lock->error() == QLockFile::UnknownError) {
        return failure(Error(ErrorCode::DiskFull, u"Could not make the lock file beside “%1”."_s.arg(path),
                             u"Check that the disk is not full and that the folder can be written."_s)
                           .withConsequence(u"Nothing was changed."_s));
    }
    qint64 pid = 0;
    QString host, program;
    lock->getLockInfo(&pid, &host, &program);
    return failure(Error(ErrorCode::Locked,
                         u"The project “%1” is being written by %2 (process %3 on %4)."_s
                             .arg(path, program.isEmpty() ? u"another program"_s : program)
                             .arg(pid)
                             .arg(host),
                         u"Wait until it is done or close it, then try again. Reading it meanwhile is fine."_s)
                       .withConsequence(u"Nothing was changed."_s));
}

} // namespace

Project::Project(QString path, Access access) : m_path(std::move(path)), m_access(access)
{
    m_readers.setMaxThreadCount(2);
    m_readers.setExpiryTimeout(-1);
}

Result<std::shared_ptr<Project>> Project::create(const QString &path, const QString &name)
{
    const QFileInfo file(path);
    if (file.exists() || file.isSymLink()) {
        return failure(ErrorCode::AlreadyExists, u"“%1” already exists."_s.arg(path),
                       u"Choose another name, or open it instead."_s);
    }
    if (!file.absoluteDir().exists()) {
        return failure(ErrorCode::NotFound, u"The folder “%1” does not exist."_s.arg(file.absolutePath()),
                       u"Make the folder first."_s);
    }
    if (!QFileInfo(file.absolutePath()).isWritable())
        return failure(readOnlyError(path));
    const QString real = file.absoluteDir().canonicalPath() + u'/' + file.fileName();
    EVALWRIGHT_ASSIGN(auto lock, lockForWriting(real));
    {
        const auto made = [&]() -> Status {
            EVALWRIGHT_ASSIGN(auto connection, Connection::open(real, Connection::Mode::Create));
            EVALWRIGHT_TRY(initialiseSchema(*connection));
            EVALWRIGHT_TRY(connection->execute(
                u"INSERT INTO project (id, uuid, name, created_at, program_version) VALUES (1, ?, ?, ?, ?)"_s,
                {newUuid(), bound(name.isEmpty() ? file.completeBaseName() : name), isoNow(),
                 QStringLiteral(EVALWRIGHT_VERSION)}));
            return {};
        }();
        if (!made) {
            // Half a file would only confuse; it did not exist before.
            for (const QString &suffix : {QString(), u"-wal"_s, u"-shm"_s, u"-journal"_s})
                QFile::remove(real + suffix);
            return failure(made.error());
        }
    }
    lock.reset();
    return open(path, Access::ReadWrite);
}

Result<std::shared_ptr<Project>> Project::open(const QString &path, Access access, Purpose purpose)
{
    const QFileInfo file(path);
    if (!file.exists()) {
        return failure(ErrorCode::NotFound, u"There is no project at “%1”."_s.arg(path),
                       u"Check the path, or make one with “project new”."_s);
    }
    if (!file.isFile())
        return failure(ErrorCode::NotAProject, u"“%1” is not a file."_s.arg(path), u"Choose a project file."_s);
    const QString real = file.canonicalFilePath();
    EVALWRIGHT_ASSIGN(const int version, readSchemaVersion(real));
    if (version < 1) {
        return failure(Error(ErrorCode::NotAProject,
                             u"“%1” is not an Evalwright project: there is no schema %2."_s.arg(path).arg(version),
                             u"Choose a file made by “project new”."_s)
                           .withConsequence(u"Nothing was changed."_s));
    }
    if (version > schemaVersion) {
        return failure(
            Error(
                ErrorCode::NewerSchema,
                u"“%1” was written by a newer Evalwright (schema %2, this one knows %3)."_s.arg(path).arg(version).arg(
                    schemaVersion),
                u"Update Evalwright to open it."_s)
                .withConsequence(u"Nothing was changed."_s));
    }
    if (version == schemaVersion && purpose == Purpose::Work)
        EVALWRIGHT_TRY(requireOwnSchema(real));
    std::shared_ptr<Project> project(new Project(real, access));
    if (access == Access::ReadWrite) {
        if (!isMeantToBeWritten(file) || !QFileInfo(QFileInfo(real).absolutePath()).isWritable())
            return failure(readOnlyError(path));
        EVALWRIGHT_TRY(requireOneName(real));
        EVALWRIGHT_ASSIGN(project->m_lock, lockForWriting(project->m_path));
        if (version < schemaVersion)
            EVALWRIGHT_TRY(upgradeSchema(project->m_path, version));
        EVALWRIGHT_TRY(project->startWriter());
    } else if (version < schemaVersion) {
        return failure(ErrorCode::Unsupported, u"“%1” has the older schema %2."_s.arg(path).arg(version),
                       u"Open it once for writing; it is upgraded after a backup."_s);
    }
    if (purpose == Purpose::Inspection)
        return project;
    const auto identity = project->readNow([](Connection &connection) -> Result<QStringList> {
        EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT uuid, name FROM project WHERE id = 1"_s));
        if (!row.next())
            return failure(ErrorCode::Corrupt, u"The project file has no identity row."_s, u"Run “project check”."_s);
        return QStringList{row.value(0).toString(), row.value(1).toString()};
    });
    if (!identity)
        return failure(identity.error());
    project->m_uuid = identity->at(0);
    project->m_name = identity->at(1);
    if (access == Access::ReadWrite) {
        // The lock is ours, so whoever was running a job here is gone.
        const auto paused = project->writeNow([](Connection &connection) { return pauseInterruptedJobs(connection); });
        if (!paused)
            return failure(paused.error());
    }
    return project;
}

Project::~Project()
{
    m_readers.waitForDone();
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_wake.notify_all();
    if (m_writer.joinable())
        m_writer.join();
}

Status Project::startWriter()
{
    QPromise<Status> opened;
    opened.start();
    QFuture<Status> ready = opened.future();
    m_writer = std::thread([this, promise = std::move(opened)]() mutable {
        auto connection = Connection::open(m_path, Connection::Mode::ReadWrite);
        Status status;
        if (!connection)
            status = failure(connection.error());
        else if (const auto mode = (*connection)->value(u"PRAGMA journal_mode = WAL"_s); !mode)
            status = failure(mode.error());
        else if (const auto full = (*connection)->execute(u"PRAGMA synchronous = FULL"_s); !full)
            status = failure(full.error());
        // Every import of a small file changes the last page of each table and index anew: they are copied into the
        // file after as many pages (16 MiB), not after the default of a quarter of them.
        else if (const auto pages = (*connection)->value(u"PRAGMA wal_autocheckpoint = 4096"_s); !pages)
            status = failure(pages.error());
        // KiB. Changed pages that do not fit are written before their time, and read again.
        else if (const auto cache = (*connection)->execute(u"PRAGMA cache_size = -16384"_s); !cache)
            status = failure(cache.error());
        promise.addResult(status);
        promise.finish();
        if (status)
            writerLoop(**connection);
    });
    return ready.result();
}

void Project::enqueue(Task task)
{
    if (m_access == Access::ReadOnly) {
        task.finish(failure(readOnlyError(m_path)));
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(task));
    }
    m_wake.notify_one();
}

void Project::writerLoop(Connection &connection)
{
    constexpr size_t largestBatch = 512;
    for (;;) {
        std::deque<Task> batch;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_closing || !m_queue.empty(); });
            if (m_queue.empty())
                return;
            do {
                batch.push_back(std::move(m_queue.front()));
                m_queue.pop_front();
            } while (!batch.back().alone && !m_queue.empty() && !m_queue.front().alone && batch.size() < largestBatch);
        }
        if (batch.front().alone) {
            batch.front().run(connection);
            batch.front().finish({});
            tell(batch.front().topics);
        } else {
            runBatch(connection, batch);
        }
    }
}

void Project::runBatch(Connection &connection, std::deque<Task> &batch)
{
    Status status = connection.begin();
    if (status && batch.size() == 1) {
        // Alone in its transaction it needs no savepoint, for which SQLite would keep the former state of each page that is
        // written in memory: hundreds of megabytes for a change of a million rows.
        if (!batch.front().run(connection))
            connection.rollback();
        else
            status = connection.commit();
    } else if (status) {
        for (Task &task : batch) {
            auto point = connection.execute(u"SAVEPOINT change"_s);
            if (!point) {
                status = failure(point.error());
                break;
            }
            if (!task.run(connection)) {
                if (auto undone = connection.execute(u"ROLLBACK TO change"_s); !undone) {
                    // SQLite gave up the whole transaction (full disk, input/output error): nobody's change is in.
                    status = failure(undone.error());
                    break;
                }
            }
            if (auto released = connection.execute(u"RELEASE change"_s); !released) {
                status = failure(released.error());
                break;
            }
        }
    }
    if (status && batch.size() > 1)
        status = connection.commit();
    if (!status)
        connection.rollback();
    QList<Topic> touched;
    for (Task &task : batch) {
        task.finish(status);
        for (const Topic topic : task.topics) {
            if (!touched.contains(topic))
                touched << topic;
        }
    }
    if (status)
        tell(touched);
}

void Project::tell(const QList<Topic> &topics)
{
    for (const Topic topic : topics)
        Q_EMIT m_notifier.changed(topic);
}

Result<Connection *> Project::readerConnection()
{
    auto &slot = readerSlot();
    if (!slot.hasLocalData() || !slot.localData()) {
        auto connection = Connection::open(m_path, Connection::Mode::ReadOnly);
        if (!connection)
            return failure(connection.error());
        slot.setLocalData(std::shared_ptr<Connection>(std::move(*connection)));
    }
    return slot.localData().get();
}

} // namespace evalwright
