// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "storage/connection.h"

#include <QList>
#include <QMap>

#include <optional>
#include <vector>

/// The stored answers as a cache: what there is, what may go, and why the rest stays (docs/cache.md). A byte for each
/// answer is what it takes in memory, whatever the answers hold.
namespace evalwright {

/// Which answers to remove; what is unset does not matter. The conditions hold together.
struct CacheFilter
{
    QString receivedBefore;           ///< ISO 8601 UTC; empty: of any age.
    std::optional<qint64> largerThan; ///< Bytes of one answer.
    std::optional<qint64> keepBytes;  ///< The oldest go until no more bytes than these are stored.
    ModelId model;
    JobId job;               ///< Answers that no other job uses. Failed replies belong to no job.
    bool failedOnly = false; ///< Only replies that were no answer, kept as evidence.

    bool isEmpty() const;
};

/// Why an answer may not go; the first that holds is the one that is told.
enum class CacheHold { None, Candidate, Score, Observation, Job };

struct CacheEntry
{
    qint64 id = 0;
    ModelId model;
    bool complete = false;
    qint64 bytes = 0;
    QString receivedAt; ///< ISO 8601 UTC
    CacheHold hold = CacheHold::None;
    bool goes = false; ///< The filter wants it, and nothing holds it.
};

struct CacheCount
{
    qint64 answers = 0, failed = 0; ///< Complete answers, and replies that were none.
    qint64 bytes = 0;               ///< Of their bodies.
    void add(const CacheEntry &entry);
};

/// Goes through all answers once, oldest first. Valid as long as nothing else writes to the project.
class CacheWalk
{
public:
    /// Reads what refers to answers. Cancelled when the token says so; Corrupt for row numbers that no project of ours
    /// has.
    static Result<CacheWalk> start(Connection &connection, const CacheFilter &filter, const CancellationToken &token);
    /// The next answers, `most` at most; empty at the end.
    Result<std::vector<CacheEntry>> next(Connection &connection, int most);
    /// How many rows there are to go through.
    qint64 rows() const { return m_rows; }

private:
    Status mark(Connection &connection, const QString &sql, quint8 flag, const CancellationToken &token);
    Status markJobs(Connection &connection, const CancellationToken &token);
    quint8 marksOf(qint64 id) const;
    bool wants(const CacheEntry &entry, quint8 marks) const;

    CacheFilter m_filter;
    std::vector<quint8> m_marks; ///< By row number of the answer.
    qint64 m_rows = 0, m_last = 0, m_bytes = 0;
};

/// A model's part of what is stored.
struct CacheOfModel
{
    QString model;
    CacheCount all, removable;
    QString oldest, newest; ///< ISO 8601 UTC
};
struct CacheInfo
{
    CacheCount all, removable;
    QMap<CacheHold, CacheCount> held;
    QList<CacheOfModel> models; ///< The largest first.
    QString oldest, newest;     ///< ISO 8601 UTC; empty without answers.
    qint64 fileBytes = 0;       ///< Of the database, as its pages.
    qint64 freeBytes = 0;       ///< In it, for what comes next.
    bool shrinks = false;       ///< Freed space goes back to the disk; older files only use it again.
};
Result<CacheInfo> cacheInfo(Connection &connection, const CacheFilter &filter = {},
                            const CancellationToken &token = {});

/// Removes these answers and notes it in the steps that used them. Inside a transaction, with foreign keys off: each
/// row would otherwise go through all scores and observations, which CacheWalk has done once. Returns the steps.
Result<qint64> removeAnswers(Connection &connection, const std::vector<CacheEntry> &entries, const QString &note);
/// What a step says whose answer went on this date (ISO 8601).
QString removedNote(const QString &at);

/// Prompts that no answer has any more.
class PromptWalk
{
public:
    static Result<PromptWalk> start(Connection &connection, const CancellationToken &token);
    /// Looks at `most` more and removes those that nothing uses; returns how many went, nothing at the end.
    Result<std::optional<qint64>> removeNext(Connection &connection, int most);

private:
    std::vector<bool> m_used;
    qint64 m_last = 0;
};

/// Whether a job is marked as running.
Result<bool> anyJobRunning(Connection &connection);

} // namespace evalwright
