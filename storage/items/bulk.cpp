// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/bulk.h"

#include "core/clock.h"
#include "core/hash.h"
#include "core/jsontexts.h"
#include "storage/exchange/options.h"
#include "storage/repositories/editcolumns.h"
#include "storage/repositories/selections.h"
#include "storage/statement.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The candidates as a table that statements about all of them join.
Status choose(Connection &connection, const std::vector<qint64> &candidates)
{
    EVALWRIGHT_TRY(connection.execute(u"CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)"_s));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM temp.chosen"_s));
    // As lists: a statement for each would take longer than what is done with them.
    constexpr std::size_t atOnce = 50'000;
    for (std::size_t from = 0; from < candidates.size(); from += atOnce) {
        QByteArray list = "[";
        for (std::size_t i = from; i < std::min(candidates.size(), from + atOnce); ++i)
            list.append(list.size() > 1 ? "," : "").append(QByteArray::number(candidates[i]));
        EVALWRIGHT_TRY(connection.execute(u"INSERT OR IGNORE INTO temp.chosen (id) SELECT value FROM json_each(?)"_s,
                                          {QString::fromLatin1(list + ']')}));
    }
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
    EVALWRIGHT_TRY(choose(connection, candidates));
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT c.id FROM temp.chosen c WHERE EXISTS (SELECT 1 FROM candidate WHERE id = c.id) AND EXISTS "
        u"(SELECT 1 FROM candidate_tag WHERE candidate_id = c.id AND tag_id = ?) = ? ORDER BY c.id"_s,
        {id, on ? 0 : 1}, [&changed](const Statement::Row &row) { changed.push_back(row.integer(0)); }));
    EVALWRIGHT_TRY(connection.execute(
        on ? u"INSERT OR IGNORE INTO candidate_tag (candidate_id, tag_id) SELECT c.id, ? FROM temp.chosen c WHERE EXISTS "
             u"(SELECT 1 FROM candidate WHERE id = c.id) ORDER BY c.id"_s
           : u"DELETE FROM candidate_tag WHERE tag_id = ? AND candidate_id IN (SELECT id FROM temp.chosen)"_s,
        {id}));
    EVALWRIGHT_TRY(forget(connection));
    // A name that nothing has is not offered any more.
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM tag WHERE id = ? AND NOT EXISTS (SELECT 1 FROM candidate_tag WHERE tag_id = ?)"_s,
                                      {id, id}));
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

namespace {

// Most items have no fields, and need no reading of JSON.
const QString hasIndex = u"CASE WHEN c.fields = '{}' OR NOT json_valid(c.fields) THEN 0 "
                         u"ELSE json_type(c.fields, '$.matching_index') IS NOT NULL END"_s;
const QString optionLetters = u"CASE WHEN c.fields = '{}' OR NOT json_valid(c.fields) THEN '' "
                              u"ELSE coalesce(json_extract(c.fields, '$.letters'), '') END"_s;

/// Labels of some candidates, and what they become.
struct Relabelling
{
    QString matching, others; ///< As stored.
    qint64 hasIndex = 0;      ///< Its fields say which option matches.
    QString letters;          ///< Of the options, as its fields have them; else A, B, C …
};

/// The place of a label's option, -1 when it has none.
qsizetype placeOf(const QString &label, const QString &letters)
{
    const QString letter = comparableLabel(label).toUpper();
    if (!letters.isEmpty())
        return storedTexts(letters).indexOf(letter);
    return letter.size() == 1 && letter[0] >= u'A' && letter[0] <= u'Z' ? letter[0].unicode() - u'A' : -1;
}

/// Fills temp.relabelling with what `label` makes of each different pair of labels that chosen candidates have; how many
/// candidates there are.
Result<qint64> findRelabellings(Connection &connection, const QString &label)
{
    EVALWRIGHT_TRY(connection.execute(
        u"CREATE TEMP TABLE IF NOT EXISTS relabelling (matching TEXT NOT NULL, others TEXT NOT NULL, has_index INTEGER NOT NULL, "
        u"letters TEXT NOT NULL, new_matching TEXT NOT NULL, new_others TEXT NOT NULL, new_index INTEGER, before TEXT NOT NULL, "
        u"after TEXT NOT NULL, PRIMARY KEY (matching, others, has_index, letters)) WITHOUT ROWID"_s));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM temp.relabelling"_s));
    std::unordered_map<std::string, Relabelling> found;
    qint64 candidates = 0;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT c.matching_label, c.other_labels, %1, %2 FROM temp.chosen t CROSS JOIN candidate c ON c.id = t.id"_s.arg(
            hasIndex, optionLetters),
        {}, [&](const Statement::Row &row) {
            ++candidates;
            std::string key;
            for (const int column : {0, 1, 3})
                key.append(row.bytes(column)).append(1, '\0');
            key.append(row.integer(2) ? "1" : "0");
            if (const auto [it, isNew] = found.try_emplace(std::move(key)); isNew)
                it->second = {row.text(0), row.text(1), row.integer(2), row.text(3)};
        }));
    for (const auto &[key, one] : found) {
        CandidateText before;
        before.matchingLabel = one.matching;
        before.otherLabels = storedTexts(one.others);
        CandidateText after = before;
        const auto wanted = std::ranges::find_if(after.otherLabels, [&](const QString &other) { return other.trimmed() == label.trimmed(); });
        if (wanted == after.otherLabels.end() || *wanted == after.matchingLabel)
            continue;
        std::swap(*wanted, after.matchingLabel);
        const qsizetype place = one.hasIndex ? placeOf(after.matchingLabel, one.letters) : -1;
        EVALWRIGHT_TRY(connection.execute(
            u"INSERT INTO temp.relabelling VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
            {bound(one.matching), bound(one.others), one.hasIndex, bound(one.letters), bound(after.matchingLabel),
             QString::fromUtf8(canonicalJson(textsToJson(after.otherLabels))), place < 0 ? QVariant() : QVariant(place),
             editcolumns::differing(before, after), editcolumns::differing(after, before)}));
    }
    return candidates;
}

} // namespace

Result<Relabelled> relabelAll(Connection &connection, const std::vector<qint64> &candidates, const QString &label, const QString &reason)
{
    Relabelled done;
    const QString batch = newUuid();
    EVALWRIGHT_TRY(choose(connection, candidates));
    EVALWRIGHT_ASSIGN(const qint64 there, findRelabellings(connection, label));
    const QString ofCandidate = u"r.matching = c.matching_label AND r.others = c.other_labels AND r.has_index = (%1) AND r.letters = %2"_s.arg(
        hasIndex, optionLetters);
    EVALWRIGHT_ASSIGN(
        done.changed,
        connection.execute(
            u"INSERT INTO candidate_edit (candidate_id, batch, actor, reason, before, after, created_at) "
            u"SELECT c.id, ?, 'person', ?, "
            u"CASE WHEN r.new_index IS NULL THEN r.before ELSE json_set(r.before, '$.fields', c.fields) END, "
            // As text: what json_set() made would become an object inside of another.
            u"CASE WHEN r.new_index IS NULL THEN r.after ELSE json_set(r.after, '$.fields', "
            u"json_set(c.fields, '$.matching_index', r.new_index) || '') END, ? "
            u"FROM temp.chosen t CROSS JOIN candidate c ON c.id = t.id CROSS JOIN temp.relabelling r ON %1 ORDER BY t.id"_s.arg(ofCandidate),
            {batch, bound(reason), isoNow()}));
    EVALWRIGHT_TRY(connection.execute(
        u"UPDATE candidate AS c SET (matching_label, other_labels, fields) = (SELECT r.new_matching, r.new_others, "
        u"CASE WHEN r.new_index IS NULL THEN c.fields ELSE json_set(c.fields, '$.matching_index', r.new_index) END "
        u"FROM temp.relabelling r WHERE %1) WHERE id IN (SELECT candidate_id FROM candidate_edit WHERE batch = ?)"_s.arg(ofCandidate),
        {batch}));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM temp.relabelling"_s));
    EVALWRIGHT_TRY(forget(connection));
    done.withoutLabel = there - done.changed;
    if (done.changed > 0)
        done.batch = batch;
    return done;
}

} // namespace evalwright
