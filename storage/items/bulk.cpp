// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/bulk.h"

#include "core/clock.h"
#include "core/hash.h"
#include "core/jsontexts.h"
#include "core/utf8text.h"
#include "storage/bulkwriting.h"
#include "storage/exchange/options.h"
#include "storage/repositories/editcolumns.h"
#include "storage/repositories/manyedits.h"
#include "storage/repositories/selections.h"
#include "storage/statement.h"

#include <algorithm>
#include <sqlite3.h>
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

std::vector<qint64> rising(std::vector<qint64> numbers)
{
    std::ranges::sort(numbers);
    numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
    return numbers;
}

} // namespace

Result<DecisionMarks> decideAll(Connection &connection, const std::vector<qint64> &candidates, bool keep, const QString &reason)
{
    const std::vector<qint64> chosen = rising(candidates);
    RisingLookup lookup(chosen);
    BulkWriting writing(connection);
    EVALWRIGHT_TRY(writing.begin());
    EVALWRIGHT_TRY(writing.addFunction("is_chosen", 1, [&lookup](sqlite3_context *result, auto values) {
        sqlite3_result_int(result, lookup.has(sqlite3_value_int64(values[0])) ? 1 : 0);
    }));
    DecisionMarks marks;
    EVALWRIGHT_ASSIGN(marks.after, newestDecision(connection));
    const QString now = isoNow();
    for (const NumberRange &range : rangesOf(chosen)) {
        EVALWRIGHT_ASSIGN(const qint64 decided,
                          connection.execute(u"INSERT OR FAIL INTO decision (candidate_id, stage, verdict, reason, actor, created_at) "
                                             u"SELECT id, 'reviewed', ?, ?, 'person', ? FROM candidate WHERE id BETWEEN ? AND ? AND is_chosen(id)"_s,
                                             {keep ? u"keep"_s : u"reject"_s, reason, now, range.first, range.last}));
        marks.changed += decided;
    }
    EVALWRIGHT_ASSIGN(marks.upTo, newestDecision(connection));
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
    // The references are those of former decisions.
    BulkWriting writing(connection);
    EVALWRIGHT_TRY(writing.begin());
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

/// The place of a label's option, -1 when it has none.
qsizetype placeOf(const QString &label, const nlohmann::json &fields)
{
    const QString letter = comparableLabel(label).toUpper();
    if (const auto letters = fields.find("letters"); letters != fields.end()) {
        for (std::size_t i = 0; letters->is_array() && i < letters->size(); ++i) {
            if ((*letters)[i].is_string() && QString::fromStdString((*letters)[i].get_ref<const std::string &>()) == letter)
                return static_cast<qsizetype>(i);
        }
        return -1;
    }
    return letter.size() == 1 && letter[0] >= u'A' && letter[0] <= u'Z' ? letter[0].unicode() - u'A' : -1;
}

std::string utf8(const QString &text)
{
    QByteArray bytes;
    appendUtf8(bytes, text);
    return bytes.toStdString();
}

QString stored(std::string_view bytes)
{
    return utf8Text({bytes.data(), static_cast<qsizetype>(bytes.size())});
}

/// What candidates become that get another of their answers as the matching one. Those with the same labels and fields
/// become the same.
class Relabelling
{
public:
    explicit Relabelling(const QString &label) : m_label(label.trimmed()) {}
    const EditShape *shapeOf(const ManyEdits::Stored &now)
    {
        m_key.clear();
        for (const EditShape::Column column : {EditShape::MatchingLabel, EditShape::OtherLabels, EditShape::Fields})
            m_key.append(now[column]).append(1, '\0');
        const auto known = m_shapes.find(m_key);
        const EditShape &shape = known != m_shapes.end() ? known->second : m_shapes.emplace(m_key, make(now)).first->second;
        return shape.changesAnything() ? &shape : nullptr;
    }
    void forget() { m_shapes.clear(); }

private:
    EditShape make(const ManyEdits::Stored &now) const
    {
        CandidateText before;
        before.matchingLabel = stored(now[EditShape::MatchingLabel]);
        before.otherLabels = storedTexts(stored(now[EditShape::OtherLabels]));
        before.fields = stored(now[EditShape::Fields]);
        CandidateText after = before;
        const auto wanted = std::ranges::find_if(after.otherLabels, [this](const QString &other) { return other.trimmed() == m_label; });
        if (wanted == after.otherLabels.end() || *wanted == after.matchingLabel)
            return {};
        std::swap(*wanted, after.matchingLabel);
        EditShape shape;
        shape.to[EditShape::MatchingLabel] = utf8(after.matchingLabel);
        shape.to[EditShape::OtherLabels] = canonicalJson(textsToJson(after.otherLabels)).toStdString();
        if (nlohmann::json fields = storedJson(before.fields); fields.is_object() && fields.contains("matching_index")) {
            if (const qsizetype place = placeOf(after.matchingLabel, fields); place >= 0) {
                fields["matching_index"] = place;
                after.fields = QString::fromUtf8(canonicalJson(fields));
                shape.to[EditShape::Fields] = utf8(after.fields);
            }
        }
        shape.before = utf8(editcolumns::differing(before, after));
        shape.after = utf8(editcolumns::differing(after, before));
        return shape;
    }

    QString m_label;
    std::string m_key;
    std::unordered_map<std::string, EditShape> m_shapes;
};

} // namespace

Result<Relabelled> relabelAll(Connection &connection, const std::vector<qint64> &candidates, const QString &label, const QString &reason)
{
    Relabelled done;
    const QString batch = newUuid();
    const std::vector<qint64> chosen = rising(candidates);
    Relabelling relabelling(label);
    ManyEdits edits(connection, batch, reason);
    EVALWRIGHT_TRY(edits.begin());
    qint64 there = 0;
    const ManyEdits::Choose choose = [&](qint64, const ManyEdits::Stored &now) {
        ++there;
        return relabelling.shapeOf(now);
    };
    constexpr std::size_t atOnce = 20'000;
    for (std::size_t from = 0; from < chosen.size(); from += atOnce) {
        EVALWRIGHT_ASSIGN(const qint64 changed, edits.apply(std::span(chosen).subspan(from, std::min(atOnce, chosen.size() - from)), false, choose));
        done.changed += changed;
        relabelling.forget(); // Fields may be another's of each.
    }
    done.withoutLabel = there - done.changed;
    if (done.changed > 0)
        done.batch = batch;
    return done;
}

} // namespace evalwright
