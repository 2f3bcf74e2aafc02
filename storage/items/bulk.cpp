// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/bulk.h"

#include "core/clock.h"
#include "core/hash.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/edits.h"
#include "storage/repositories/selections.h"
#include "storage/statement.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The candidates as a table that statements about all of them join.
Status choose(Connection &connection, const std::vector<qint64> &candidates)
{
    EVALWRIGHT_TRY(connection.execute(u"CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)"_s));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM temp.chosen"_s));
    const QString insert = u"INSERT OR IGNORE INTO temp.chosen (id) VALUES (?)"_s;
    for (const qint64 id : candidates)
        EVALWRIGHT_TRY(connection.execute(insert, {id}));
    return {};
}

Status forget(Connection &connection)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM temp.chosen"_s));
    return {};
}

} // namespace

Result<DecisionMarks> decideAll(Connection &connection, const std::vector<qint64> &candidates, bool keep, const QString &reason)
{
    EVALWRIGHT_TRY(choose(connection, candidates));
    DecisionMarks marks;
    EVALWRIGHT_ASSIGN(marks.after, newestDecision(connection));
    EVALWRIGHT_ASSIGN(marks.changed, connection.execute(u"INSERT INTO decision (candidate_id, stage, verdict, reason, actor, created_at) "
                                                        u"SELECT c.id, 'reviewed', ?, ?, 'person', ? FROM temp.chosen c WHERE EXISTS "
                                                        u"(SELECT 1 FROM candidate WHERE id = c.id) ORDER BY c.id"_s,
                                                        {keep ? u"keep"_s : u"reject"_s, reason, isoNow()}));
    EVALWRIGHT_ASSIGN(marks.upTo, newestDecision(connection));
    EVALWRIGHT_TRY(forget(connection));
    return marks;
}

Result<TakenBack> takeBackDecisions(Connection &connection, const DecisionMarks &marks)
{
    return takeBackDecisions(connection, std::vector{marks}, [](qint64) { return true; });
}

Result<TakenBack> takeBackDecisions(Connection &connection, const std::vector<DecisionMarks> &parts, const std::function<bool(qint64)> &goesOn)
{
    TakenBack done;
    if (parts.empty())
        return done;
    const qint64 last = parts.back().upTo;
    EVALWRIGHT_ASSIGN(const qint64 newest, newestDecision(connection));
    // Mostly nothing was decided since, and then nobody has to look at each candidate for it. Decisions up to `newest` count
    // as later ones, but not those that are added here.
    const bool isNewest = newest <= last;
    const QString laterOne = u"EXISTS (SELECT 1 FROM decision WHERE candidate_id = b.candidate_id AND id > ? AND id <= ?)"_s;
    const QString ofPart = u" FROM decision b WHERE b.id > ? AND b.id <= ?"_s;
    qint64 handled = 0;
    for (const DecisionMarks &part : parts) {
        if (!goesOn(handled))
            return failure(Error(ErrorCode::Cancelled, u"Taking back was stopped."_s).withConsequence(u"Nothing was changed."_s));
        EVALWRIGHT_ASSIGN(const QVariant count, connection.value(u"SELECT count(*)"_s + ofPart, {part.after, part.upTo}));
        QVariant later = 0;
        QString which = u"SELECT b.candidate_id, ?"_s + ofPart;
        QVariantList values{part.after, part.after, part.upTo};
        if (!isNewest) {
            EVALWRIGHT_ASSIGN(later, connection.value(u"SELECT count(*)"_s + ofPart + u" AND "_s + laterOne, {part.after, part.upTo, last, newest}));
            which += u" AND NOT "_s + laterOne;
            values << last << newest;
        }
        EVALWRIGHT_ASSIGN(const qint64 restored, restoreDecisions(connection, which, values));
        done.changedSince += later.toLongLong();
        done.restored += restored;
        done.withoutFormer += count.toLongLong() - later.toLongLong() - restored;
        handled += count.toLongLong();
    }
    return done;
}

Result<std::vector<qint64>> tagAll(Connection &connection, const std::vector<qint64> &candidates, const QString &tag, bool on)
{
    const QString name = tag.simplified();
    if (name.isEmpty() || name.size() > 64 || name.contains(u',') || name.contains(u'"')) {
        return failure(ErrorCode::InvalidInput, u"“%1” is no name of a tag."_s.arg(tag.left(64)),
                       u"Use up to 64 characters, without commas and quotes."_s);
    }
    if (on)
        EVALWRIGHT_TRY(connection.execute(u"INSERT OR IGNORE INTO tag (name) VALUES (?)"_s, {name}));
    EVALWRIGHT_ASSIGN(const QVariant id, connection.value(u"SELECT id FROM tag WHERE name = ?"_s, {name}));
    std::vector<qint64> changed;
    if (!id.isValid())
        return changed;
    const QString change = on ? u"INSERT OR IGNORE INTO candidate_tag (tag_id, candidate_id) SELECT ?, id FROM candidate WHERE id = ?"_s
                              : u"DELETE FROM candidate_tag WHERE tag_id = ? AND candidate_id = ?"_s;
    for (const qint64 candidate : candidates) {
        EVALWRIGHT_ASSIGN(const qint64 rows, connection.execute(change, {id, candidate}));
        if (rows > 0)
            changed.push_back(candidate);
    }
    return changed;
}

Result<QStringList> tagsOf(Connection &connection, qint64 candidate)
{
    QStringList tags;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT t.name FROM candidate_tag x JOIN tag t ON t.id = x.tag_id WHERE x.candidate_id = ? "
                                         u"ORDER BY t.name"_s,
                                         {candidate}, [&tags](const Statement::Row &row) { tags << row.text(0); }));
    return tags;
}

Result<Relabelled> relabelAll(Connection &connection, const std::vector<qint64> &candidates, const QString &label, const QString &reason)
{
    Relabelled done;
    const QString batch = newUuid();
    constexpr std::size_t atOnce = 500;
    for (std::size_t from = 0; from < candidates.size(); from += atOnce) {
        const QList<qint64> some(candidates.begin() + static_cast<std::ptrdiff_t>(from),
                                 candidates.begin() + static_cast<std::ptrdiff_t>(std::min(candidates.size(), from + atOnce)));
        EVALWRIGHT_ASSIGN(const QList<Candidate> items, candidatesById(connection, some));
        for (const Candidate &item : items) {
            CandidateText text = CandidateText::of(item);
            const auto wanted = std::ranges::find_if(text.otherLabels, [&](const QString &one) { return one.trimmed() == label.trimmed(); });
            if (wanted == text.otherLabels.end()) {
                ++done.withoutLabel;
                continue;
            }
            std::swap(*wanted, text.matchingLabel);
            EVALWRIGHT_ASSIGN(const bool changed, editCandidate(connection, item.id, text, batch, u"person"_s, reason));
            done.changed += changed ? 1 : 0;
        }
    }
    if (done.changed > 0)
        done.batch = batch;
    return done;
}

} // namespace evalwright
