// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/cache.h"

#include "storage/repositories/jobs.h"

#include <QSqlError>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

// What is known of an answer; the order of the first four is that of CacheHold.
constexpr quint8 ofCandidate = 1, ofScore = 2, ofObservation = 4, ofUnfinished = 8, ofJob = 16, ofOtherJob = 32;
constexpr qint64 largestRow = 1 << 28; ///< A byte for each is what we give.
constexpr qint64 rowsBetweenLooks = 4096;

Error readingFailed(const QSqlQuery &rows)
{
    return sqlError(rows.lastError(), u"Reading the stored answers"_s);
}

Error stopped()
{
    return Error(ErrorCode::Cancelled, u"Stopped as asked."_s);
}

/// Calls `use` for each row; notices a damaged file, and being told to stop.
template <class Use>
Status forRows(Connection &connection, const QString &sql, const CancellationToken &token, const Use &use)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(sql));
    for (qint64 n = 1; rows.next(); ++n) {
        if (n % rowsBetweenLooks == 0 && token.isCancelled())
            return failure(stopped());
        use(rows);
    }
    if (rows.lastError().isValid())
        return failure(readingFailed(rows));
    return {};
}

Result<qint64> number(Connection &connection, const QString &sql)
{
    EVALWRIGHT_ASSIGN(const QVariant value, connection.value(sql));
    return value.toLongLong();
}

Result<qint64> largestId(Connection &connection, const QString &table)
{
    EVALWRIGHT_ASSIGN(const qint64 largest, number(connection, u"SELECT max(id) FROM %1"_s.arg(table)));
    if (largest > largestRow) {
        return failure(Error(ErrorCode::Corrupt,
                             u"The project numbers its rows in “%1” up to %2, which none of ours does."_s.arg(table)
                                 .arg(largest),
                             u"Check where the file comes from; “project check” looks at it safely."_s)
                           .withConsequence(u"Nothing was removed."_s));
    }
    return largest;
}

CacheHold holdOf(quint8 marks)
{
    if (marks & ofCandidate)
        return CacheHold::Candidate;
    if (marks & ofScore)
        return CacheHold::Score;
    if (marks & ofObservation)
        return CacheHold::Observation;
    return marks & ofUnfinished ? CacheHold::Job : CacheHold::None;
}

/// A trial is never resumed, so it is over unless it is under way.
bool isOver(const QString &kind, JobState state)
{
    if (state == JobState::Queued || state == JobState::Running)
        return false;
    return kind == "trial"_L1 || state == JobState::Done || state == JobState::Cancelled;
}

} // namespace

bool CacheFilter::isEmpty() const
{
    return receivedBefore.isEmpty() && !largerThan && !keepBytes && !model.isValid() && !job.isValid() && !failedOnly;
}

void CacheCount::add(const CacheEntry &entry)
{
    ++(entry.complete ? answers : failed);
    bytes += entry.bytes;
}

Result<CacheWalk> CacheWalk::start(Connection &connection, const CacheFilter &filter, const CancellationToken &token)
{
    CacheWalk walk;
    walk.m_filter = filter;
    EVALWRIGHT_ASSIGN(const qint64 largest, largestId(connection, u"response"_s));
    walk.m_marks.assign(static_cast<size_t>(largest) + 1, 0);
    // A vector and a cluster's name say of candidates what the answer said; a biography was read from one.
    for (const auto &[table, flag] : {std::pair(u"candidate"_s, ofCandidate), std::pair(u"score"_s, ofScore),
                                      std::pair(u"observation"_s, ofObservation),
                                      std::pair(u"material_response"_s, ofCandidate),
                                      std::pair(u"embedding"_s, ofCandidate),
                                      std::pair(u"cluster_name"_s, ofCandidate)}) {
        EVALWRIGHT_TRY(walk.mark(connection, u"SELECT response_id FROM %1 WHERE response_id IS NOT NULL"_s.arg(table),
                                 flag, token));
    }
    // A sampled verdict rests on several answers and names one.
    EVALWRIGHT_TRY(walk.mark(connection,
                             u"SELECT answer.value FROM score, json_each(CASE WHEN json_valid(score.detail) THEN "
                             u"score.detail ELSE '{}' END, '$.responses') answer WHERE score.method = 'sampled'"_s,
                             ofScore, token));
    EVALWRIGHT_TRY(walk.markJobs(connection, token));
    EVALWRIGHT_ASSIGN(walk.m_rows, number(connection, u"SELECT count(*) FROM response"_s));
    if (filter.keepBytes) {
        EVALWRIGHT_ASSIGN(walk.m_bytes,
                          number(connection, u"SELECT coalesce(sum(length(body)), 0) FROM response"_s));
    }
    return walk;
}

Status CacheWalk::mark(Connection &connection, const QString &sql, quint8 flag, const CancellationToken &token)
{
    return forRows(connection, sql, token, [&](const QSqlQuery &row) {
        const qint64 id = row.value(0).toLongLong();
        if (id >= 0 && id < static_cast<qint64>(m_marks.size()))
            m_marks[static_cast<size_t>(id)] |= flag;
    });
}

Status CacheWalk::markJobs(Connection &connection, const CancellationToken &token)
{
    // An observation names one answer and may be made of many (samples, labels, tokens): all that its run's job has.
    QHash<qint64, quint8> jobs;
    EVALWRIGHT_TRY(forRows(
        connection,
        u"SELECT j.id, j.kind, j.state, EXISTS (SELECT 1 FROM run r WHERE r.job_id = j.id AND EXISTS "
        u"(SELECT 1 FROM observation o WHERE o.run_id = r.id)) FROM job j"_s,
        token, [&](const QSqlQuery &row) {
            quint8 flags = row.value(0).toLongLong() == m_filter.job.value ? ofJob : ofOtherJob;
            if (!isOver(row.value(1).toString(), jobStateFromName(row.value(2).toString())))
                flags |= ofUnfinished;
            if (row.value(3).toBool())
                flags |= ofObservation;
            jobs.insert(row.value(0).toLongLong(), flags);
        }));
    return forRows(connection, u"SELECT response_id, job_id FROM job_step WHERE response_id IS NOT NULL"_s, token,
                   [&](const QSqlQuery &row) {
                       const qint64 id = row.value(0).toLongLong();
                       if (id >= 0 && id < static_cast<qint64>(m_marks.size()))
                           m_marks[static_cast<size_t>(id)] |= jobs.value(row.value(1).toLongLong(), ofUnfinished);
                   });
}

quint8 CacheWalk::marksOf(qint64 id) const
{
    // What came after the marks were made is not known, so it stays.
    return id >= 0 && id < static_cast<qint64>(m_marks.size()) ? m_marks[static_cast<size_t>(id)] : ofUnfinished;
}

bool CacheWalk::wants(const CacheEntry &entry, quint8 marks) const
{
    if (m_filter.failedOnly && entry.complete)
        return false;
    if (m_filter.model.isValid() && entry.model != m_filter.model)
        return false;
    if (m_filter.job.isValid() && (!(marks & ofJob) || (marks & ofOtherJob)))
        return false;
    if (!m_filter.receivedBefore.isEmpty() && entry.receivedAt >= m_filter.receivedBefore)
        return false;
    if (m_filter.largerThan && entry.bytes <= *m_filter.largerThan)
        return false;
    return !m_filter.keepBytes || m_bytes > *m_filter.keepBytes;
}

Result<std::vector<CacheEntry>> CacheWalk::next(Connection &connection, int most)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT id, model_id, complete, length(body), received_at FROM response "
                                       u"WHERE id > ? ORDER BY id LIMIT ?"_s,
                                       {m_last, most}));
    std::vector<CacheEntry> entries;
    entries.reserve(static_cast<size_t>(most));
    while (rows.next()) {
        CacheEntry entry;
        entry.id = rows.value(0).toLongLong();
        entry.model.value = rows.value(1).toLongLong();
        entry.complete = rows.value(2).toBool();
        entry.bytes = rows.value(3).toLongLong();
        entry.receivedAt = rows.value(4).toString();
        const quint8 marks = marksOf(entry.id);
        entry.hold = holdOf(marks);
        entry.goes = entry.hold == CacheHold::None && wants(entry, marks);
        if (entry.goes)
            m_bytes -= entry.bytes;
        m_last = entry.id;
        entries.push_back(std::move(entry));
    }
    if (rows.lastError().isValid())
        return failure(readingFailed(rows));
    return entries;
}

Result<CacheInfo> cacheInfo(Connection &connection, const CacheFilter &filter, const CancellationToken &token)
{
    constexpr int rowsAtOnce = 2000;
    CacheInfo info;
    QHash<qint64, CacheOfModel> models;
    EVALWRIGHT_TRY(forRows(connection, u"SELECT id, name FROM model"_s, token, [&](const QSqlQuery &row) {
        models[row.value(0).toLongLong()].model = row.value(1).toString();
    }));
    const auto widen = [](auto &range, const QString &at) {
        if (range.oldest.isEmpty() || at < range.oldest)
            range.oldest = at;
        range.newest = std::max(range.newest, at);
    };
    EVALWRIGHT_ASSIGN(CacheWalk walk, CacheWalk::start(connection, filter, token));
    for (;;) {
        if (token.isCancelled())
            return failure(stopped());
        EVALWRIGHT_ASSIGN(const std::vector<CacheEntry> entries, walk.next(connection, rowsAtOnce));
        if (entries.empty())
            break;
        for (const CacheEntry &entry : entries) {
            CacheOfModel &model = models[entry.model.value];
            info.all.add(entry);
            model.all.add(entry);
            widen(info, entry.receivedAt);
            widen(model, entry.receivedAt);
            if (entry.goes) {
                info.removable.add(entry);
                model.removable.add(entry);
            }
            if (entry.hold != CacheHold::None)
                info.held[entry.hold].add(entry);
        }
    }
    for (const CacheOfModel &model : std::as_const(models)) {
        if (model.all.answers + model.all.failed > 0)
            info.models << model;
    }
    std::ranges::sort(info.models, [](const CacheOfModel &a, const CacheOfModel &b) {
        return a.all.bytes != b.all.bytes ? a.all.bytes > b.all.bytes : a.model < b.model;
    });
    EVALWRIGHT_ASSIGN(const qint64 page, number(connection, u"PRAGMA page_size"_s));
    EVALWRIGHT_ASSIGN(const qint64 pages, number(connection, u"PRAGMA page_count"_s));
    EVALWRIGHT_ASSIGN(const qint64 unused, number(connection, u"PRAGMA freelist_count"_s));
    EVALWRIGHT_ASSIGN(const qint64 vacuum, number(connection, u"PRAGMA auto_vacuum"_s));
    info.fileBytes = page * pages;
    info.freeBytes = page * unused;
    info.shrinks = vacuum != 0;
    return info;
}

Result<qint64> removeAnswers(Connection &connection, const std::vector<CacheEntry> &entries, const QString &note)
{
    qint64 steps = 0;
    for (const CacheEntry &entry : entries) {
        if (!entry.goes)
            continue;
        EVALWRIGHT_ASSIGN(
            const qint64 noted,
            connection.execute(u"UPDATE job_step SET response_id = NULL, error = ? WHERE response_id = ?"_s,
                               {note, entry.id}));
        EVALWRIGHT_TRY(connection.execute(u"DELETE FROM response WHERE id = ?"_s, {entry.id}));
        steps += noted;
    }
    return steps;
}

QString removedNote(const QString &at)
{
    // The check of a project knows these words (projectcheck.cpp).
    return u"Removed from the store on %1. Run the same again to ask it again."_s.arg(at.left(10));
}

Result<PromptWalk> PromptWalk::start(Connection &connection, const CancellationToken &token)
{
    PromptWalk walk;
    EVALWRIGHT_ASSIGN(const qint64 largest, largestId(connection, u"prompt"_s));
    walk.m_used.assign(static_cast<size_t>(largest) + 1, false);
    EVALWRIGHT_TRY(forRows(connection, u"SELECT prompt_id FROM response"_s, token, [&](const QSqlQuery &row) {
        const qint64 id = row.value(0).toLongLong();
        if (id >= 0 && id < static_cast<qint64>(walk.m_used.size()))
            walk.m_used[static_cast<size_t>(id)] = true;
    }));
    return walk;
}

Result<std::optional<qint64>> PromptWalk::removeNext(Connection &connection, int most)
{
    std::vector<qint64> ids;
    {
        EVALWRIGHT_ASSIGN(
            QSqlQuery rows,
            connection.query(u"SELECT id FROM prompt WHERE id > ? ORDER BY id LIMIT ?"_s, {m_last, most}));
        while (rows.next())
            ids.push_back(rows.value(0).toLongLong());
        if (rows.lastError().isValid())
            return failure(readingFailed(rows));
    }
    if (ids.empty())
        return std::optional<qint64>();
    m_last = ids.back();
    qint64 removed = 0;
    for (const qint64 id : ids) {
        if (id < 0 || id >= static_cast<qint64>(m_used.size()) || m_used[static_cast<size_t>(id)])
            continue;
        EVALWRIGHT_TRY(connection.execute(u"DELETE FROM prompt WHERE id = ?"_s, {id}));
        ++removed;
    }
    return std::optional<qint64>(removed);
}

Result<bool> anyJobRunning(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const qint64 running, number(connection, u"SELECT count(*) FROM job WHERE state = 'running'"_s));
    return running > 0;
}

} // namespace evalwright
