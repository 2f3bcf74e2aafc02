// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/cacheprune.h"

#include "storage/repositories/jobs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int promptsAtOnce = 20'000;
constexpr qint64 pagesAtOnce = 8000; ///< 32 MB.

Result<qint64> pragma(Connection &connection, const QString &name)
{
    EVALWRIGHT_ASSIGN(const QVariant value, connection.value(u"PRAGMA "_s + name));
    return value.toLongLong();
}

/// By this connection, and by others: work on whole files has its own (storage/tools/).
using Changes = std::pair<qint64, qint64>;
Result<Changes> changesSoFar(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const QVariant own, connection.value(u"SELECT total_changes()"_s));
    EVALWRIGHT_ASSIGN(const qint64 others, pragma(connection, u"data_version"_s));
    return Changes(own.toLongLong(), others);
}

Error jobRuns()
{
    return Error(ErrorCode::Locked, u"Stored answers cannot be removed while a job is running: it may need them."_s,
                 u"Wait for the job or pause it, then try again."_s);
}

/// One removal: its parts run one after another on the writer thread, others may write between them.
class Pruning
{
public:
    Pruning(Project &project, const CacheFilter &filter, const PruneOptions &options, const CancellationToken &token,
            const std::function<void(const PruneProgress &)> &progress)
        : m_project(project), m_filter(filter), m_options(options), m_token(token), m_progress(progress),
          m_at(isoNow())
    {
    }
    Result<PruneReport> run();

private:
    /// Runs a part until it says that nothing is left (false), or the token that it is enough.
    template <class Part>
    Status repeat(Part part);
    template <class Change>
    Status inTransaction(Connection &connection, Change change);
    Result<bool> removeSome(Connection &connection);
    Result<bool> removePrompts(Connection &connection);
    Result<bool> giveBack(Connection &connection);
    Result<bool> compact(Connection &connection);
    Result<bool> startAgainWhenChanged(Connection &connection);
    Status log(Connection &connection);
    Status measure(Connection &connection);
    void tell(PruneProgress::Phase phase, qint64 done, qint64 total) const;

    Project &m_project;
    const CacheFilter &m_filter;
    const PruneOptions &m_options;
    const CancellationToken &m_token;
    const std::function<void(const PruneProgress &)> &m_progress;
    const QString m_at;
    std::optional<CacheWalk> m_walk;
    std::optional<PromptWalk> m_prompts;
    qint64 m_seen = 0, m_event = 0, m_freeAtFirst = 0;
    Changes m_changes{-1, -1};
    PruneReport m_report;
};

template <class Part>
Status Pruning::repeat(Part part)
{
    for (bool more = true; more;) {
        if (m_token.isCancelled()) {
            m_report.stopped = true;
            return {};
        }
        EVALWRIGHT_ASSIGN(more, m_project.maintain([&](Connection &c) { return part(c); }).result());
    }
    return {};
}

template <class Change>
Status Pruning::inTransaction(Connection &connection, Change change)
{
    // Not enforced row by row: each would go through all scores and observations. CacheWalk knows what refers to what.
    EVALWRIGHT_TRY(connection.query(u"PRAGMA foreign_keys = OFF"_s));
    const PruneReport before = m_report;
    Status done = connection.begin();
    if (done) {
        done = change();
        const bool anyWent = m_report.removed.answers != before.removed.answers ||
                             m_report.removed.failed != before.removed.failed || m_report.prompts != before.prompts;
        if (done && anyWent)
            done = log(connection);
        if (done)
            done = connection.commit();
        if (!done) {
            connection.rollback();
            m_report = before;
        }
    }
    EVALWRIGHT_TRY(connection.query(u"PRAGMA foreign_keys = ON"_s));
    EVALWRIGHT_ASSIGN(m_changes, changesSoFar(connection));
    return done;
}

/// What refers to which answer is only known as long as nobody else writes.
Result<bool> Pruning::startAgainWhenChanged(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const bool running, anyJobRunning(connection));
    if (running)
        return failure(jobRuns());
    EVALWRIGHT_ASSIGN(const Changes changes, changesSoFar(connection));
    const bool again = changes != m_changes;
    m_changes = changes;
    return again;
}

Result<bool> Pruning::removeSome(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const bool again, startAgainWhenChanged(connection));
    if (!m_walk || again) {
        EVALWRIGHT_ASSIGN(m_walk, CacheWalk::start(connection, m_filter, m_token));
        m_seen = 0;
    }
    EVALWRIGHT_ASSIGN(const std::vector<CacheEntry> entries, m_walk->next(connection, m_options.rowsAtOnce));
    m_seen += static_cast<qint64>(entries.size());
    tell(PruneProgress::Phase::Removing, m_seen, m_walk->rows());
    if (std::ranges::none_of(entries, &CacheEntry::goes))
        return !entries.empty();
    EVALWRIGHT_TRY(inTransaction(connection, [&]() -> Status {
        EVALWRIGHT_ASSIGN(const qint64 steps, removeAnswers(connection, entries, removedNote(m_at)));
        m_report.steps += steps;
        for (const CacheEntry &entry : entries) {
            if (entry.goes)
                m_report.removed.add(entry);
        }
        return {};
    }));
    return true;
}

Result<bool> Pruning::removePrompts(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const bool again, startAgainWhenChanged(connection));
    if (!m_prompts || again) {
        EVALWRIGHT_ASSIGN(m_prompts, PromptWalk::start(connection, m_token));
    }
    tell(PruneProgress::Phase::Prompts, 0, 0);
    bool more = false;
    EVALWRIGHT_TRY(inTransaction(connection, [&]() -> Status {
        EVALWRIGHT_ASSIGN(const std::optional<qint64> removed, m_prompts->removeNext(connection, promptsAtOnce));
        more = removed.has_value();
        m_report.prompts += removed.value_or(0);
        return {};
    }));
    return more;
}

/// One entry of the log for the whole removal, right after every transaction: also one that is cut off is told.
Status Pruning::log(Connection &connection)
{
    const nlohmann::json detail{{"by", m_options.actor.toStdString()},  {"answers", m_report.removed.answers},
                                {"failed_replies", m_report.removed.failed}, {"bytes", m_report.removed.bytes},
                                {"prompts", m_report.prompts},          {"steps", m_report.steps}};
    const QString text = QString::fromStdString(detail.dump());
    if (m_event > 0) {
        EVALWRIGHT_TRY(connection.execute(u"UPDATE event_log SET detail = ? WHERE id = ?"_s, {text, m_event}));
        return {};
    }
    EVALWRIGHT_TRY(logEvent(connection, u"prune"_s, m_filter.job, text));
    EVALWRIGHT_ASSIGN(const QVariant id, connection.value(u"SELECT last_insert_rowid()"_s));
    m_event = id.toLongLong();
    return {};
}

Status Pruning::measure(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const qint64 page, pragma(connection, u"page_size"_s));
    EVALWRIGHT_ASSIGN(const qint64 pages, pragma(connection, u"page_count"_s));
    EVALWRIGHT_ASSIGN(const qint64 unused, pragma(connection, u"freelist_count"_s));
    EVALWRIGHT_ASSIGN(const qint64 vacuum, pragma(connection, u"auto_vacuum"_s));
    m_report.fileBytes = page * pages;
    m_report.freeBytes = page * unused;
    m_report.shrinks = vacuum != 0;
    return {};
}

/// Moves pages from the end of the file into the holes, so that the file can be cut.
Result<bool> Pruning::giveBack(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const qint64 unused, pragma(connection, u"freelist_count"_s));
    if (unused == 0 || !m_report.shrinks)
        return false;
    m_freeAtFirst = std::max(m_freeAtFirst, unused);
    tell(PruneProgress::Phase::Shrinking, m_freeAtFirst - unused, m_freeAtFirst);
    EVALWRIGHT_TRY(connection.begin());
    const Status moved = [&]() -> Status {
        // QtSql sees no rows in this statement and steps it once, which is one page.
        for (qint64 page = 0; page < std::min(unused, pagesAtOnce); ++page)
            EVALWRIGHT_TRY(connection.execute(u"PRAGMA incremental_vacuum(1)"_s));
        return connection.commit();
    }();
    if (!moved) {
        connection.rollback();
        return failure(moved.error());
    }
    EVALWRIGHT_ASSIGN(const qint64 left, pragma(connection, u"freelist_count"_s));
    return left > 0 && left < unused;
}

Result<bool> Pruning::compact(Connection &connection)
{
    tell(PruneProgress::Phase::Shrinking, 0, 0);
    EVALWRIGHT_ASSIGN(const bool running, anyJobRunning(connection));
    if (running)
        return failure(jobRuns());
    EVALWRIGHT_TRY(connection.query(u"PRAGMA auto_vacuum = INCREMENTAL"_s)); // The next VACUUM makes it so.
    // The copy may be as large as the file: not in memory.
    EVALWRIGHT_TRY(connection.query(u"PRAGMA temp_store = FILE"_s));
    const auto done = connection.query(u"VACUUM"_s);
    EVALWRIGHT_TRY(connection.query(u"PRAGMA temp_store = MEMORY"_s));
    if (!done) {
        Error error = done.error();
        error.consequence = u"The file was not made smaller; nothing in it is lost."_s;
        return failure(error);
    }
    return false;
}

void Pruning::tell(PruneProgress::Phase phase, qint64 done, qint64 total) const
{
    if (m_progress)
        m_progress({phase, done, total});
}

Result<PruneReport> Pruning::run()
{
    const auto measured = [this](Connection &c) -> Result<bool> {
        EVALWRIGHT_TRY(measure(c));
        return false;
    };
    EVALWRIGHT_TRY(repeat(measured));
    m_report.fileBytesBefore = m_report.fileBytes;
    const auto withWhatWent = [this](Status status) -> Status {
        const qint64 went = m_report.removed.answers + m_report.removed.failed;
        if (status || status.error().code == ErrorCode::Cancelled || went == 0)
            return status;
        Error error = status.error();
        error.consequence =
            u"%1 stored answers were removed before that; everything in the project is consistent."_s.arg(went);
        return failure(error);
    };
    using Part = Result<bool> (Pruning::*)(Connection &);
    std::vector<Part> parts;
    if (!m_filter.isEmpty())
        parts = {&Pruning::removeSome, &Pruning::removePrompts};
    parts.push_back(m_options.compact ? &Pruning::compact : &Pruning::giveBack);
    for (const Part part : parts) {
        if (m_report.stopped)
            break;
        const Status done = withWhatWent(repeat([this, part](Connection &c) { return (this->*part)(c); }));
        if (!done && done.error().code == ErrorCode::Cancelled)
            m_report.stopped = true;
        else
            EVALWRIGHT_TRY(done);
    }
    EVALWRIGHT_TRY(m_project
                       .maintain(
                           [&](Connection &c) -> Result<bool> {
                               // Cuts the file. A reader may be in the way; then the next checkpoint does it.
                               EVALWRIGHT_TRY(c.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s));
                               return measured(c);
                           },
                           {Topic::Jobs})
                       .result());
    return m_report;
}

} // namespace

Result<PruneReport> pruneCache(Project &project, const CacheFilter &filter, const PruneOptions &options,
                               const CancellationToken &token,
                               const std::function<void(const PruneProgress &)> &progress)
{
    if (filter.isEmpty() && !options.compact) {
        return failure(Error(ErrorCode::InvalidInput, u"It is not said which stored answers should go."_s,
                             u"Give an age, a size, a model or a job."_s)
                           .withConsequence(u"Nothing was removed."_s));
    }
    return Pruning(project, filter, options, token, progress).run();
}

} // namespace evalwright
