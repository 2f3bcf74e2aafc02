// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/candidates.h"

#include "core/utf8text.h"
#include "core/clock.h"
#include "core/hash.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSqlError>

#include <array>
#include <limits>
#include <string>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString labelsToJson(const QStringList &labels)
{
    return QString::fromUtf8(QJsonDocument(QJsonArray::fromStringList(labels)).toJson(QJsonDocument::Compact));
}

QStringList labelsFromJson(const QString &json)
{
    QStringList labels;
    for (const QJsonValue value : QJsonDocument::fromJson(json.toUtf8()).array())
        labels << value.toString();
    return labels;
}

const QString candidateColumns =
    u"s.id, s.uuid, s.dataset_id, s.job_id, s.ordinal, s.wanted_label, s.sample, s.position_in_reply, s.response_id, "
    u"s.parse_status, s.parser_version, s.prefill_stripped, s.statement, s.question, s.matching_label, s.other_labels, "
    u"s.label_confidence, s.cluster, s.import_source_id, s.source_line, s.source_text, s.extra, s.created_at, "
    u"s.fields, s.material_id"_s;
constexpr int candidateColumnCount = 25;
const QString stateColumns = candidateColumns +
                             u", s.decision_id, s.verdict, s.reason, s.decision_stage, s.actor, s.threshold, s.rank, "
                             u"s.quota, s.decided_at FROM candidate_state s"_s;

/// Texts of which many rows have one of a few, as labels are: each of the last few is made once.
class SameAgain
{
public:
    const QString &of(std::string_view utf8)
    {
        for (const Known &known : m_known) {
            if (known.bytes == utf8)
                return known.text;
        }
        Known &oldest = m_known[m_next];
        m_next = (m_next + 1) % m_known.size();
        oldest.bytes.assign(utf8);
        oldest.text = utf8Text({utf8.data(), static_cast<qsizetype>(utf8.size())});
        return oldest.text;
    }

private:
    struct Known
    {
        std::string bytes;
        QString text = u""_s;
    };
    std::array<Known, 4> m_known;
    size_t m_next = 0;
};

/// Candidates of rows that begin with candidateColumns, for questions with very many of them.
class CandidateRows
{
public:
    Candidate of(const Statement::Row &row)
    {
        Candidate c;
        c.id.value = row.integer(0);
        c.uuid = row.text(1);
        c.datasetId.value = row.integer(2);
        c.jobId.value = row.integer(3);
        c.ordinal = row.integer(4);
        c.wantedLabel = m_wanted.of(row.bytes(5));
        c.sample = row.integer(6);
        c.positionInReply = static_cast<int>(row.integer(7));
        c.responseId.value = row.integer(8);
        c.parseStatus = m_statuses.of(row.bytes(9));
        c.parserVersion = static_cast<int>(row.integer(10));
        c.prefillStripped = row.integer(11) != 0;
        c.statement = row.text(12);
        c.question = row.text(13);
        c.matchingLabel = m_matching.of(row.bytes(14));
        c.otherLabels = labelsOf(row.bytes(15));
        if (!row.isNull(16))
            c.labelConfidence = row.real(16);
        c.cluster = m_clusters.of(row.bytes(17));
        c.importSourceId.value = row.integer(18);
        if (!row.isNull(19))
            c.sourceLine = row.integer(19);
        c.sourceText = row.text(20);
        c.extra = m_extras.of(row.bytes(21));
        c.createdAt = m_times.of(row.bytes(22));
        c.fields = m_fields.of(row.bytes(23));
        c.materialId.value = row.integer(24);
        return c;
    }

private:
    const QStringList &labelsOf(std::string_view utf8)
    {
        const auto stored = QByteArray::fromRawData(utf8.data(), static_cast<qsizetype>(utf8.size()));
        auto known = m_labels.constFind(stored);
        if (known == m_labels.cend())
            known = m_labels.insert(QByteArray(stored.constData(), stored.size()), labelsFromJson(QString::fromUtf8(stored)));
        return *known;
    }

    SameAgain m_wanted, m_statuses, m_matching, m_clusters, m_extras, m_times, m_fields;
    QHash<QByteArray, QStringList> m_labels; ///< As they are stored; there are few.
};

/// The same with the latest decision, of rows with stateColumns.
CandidateRow rowFrom(CandidateRows &candidates, const Statement::Row &row)
{
    CandidateRow out{candidates.of(row), std::nullopt};
    constexpr int at = candidateColumnCount;
    if (row.isNull(at))
        return out;
    const auto number = [&row](int column) { return row.isNull(column) ? std::nullopt : std::optional(row.integer(column)); };
    Decision d;
    d.id.value = row.integer(at);
    d.candidateId = out.candidate.id;
    d.keep = row.text(at + 1) == "keep"_L1;
    d.reason = row.text(at + 2);
    d.stage = row.text(at + 3);
    d.actor = row.text(at + 4);
    if (!row.isNull(at + 5))
        d.threshold = row.real(at + 5);
    d.rank = number(at + 6);
    d.quota = number(at + 7);
    d.createdAt = row.text(at + 8);
    out.decision = d;
    return out;
}

/// The WHERE part of a filter; values are bound, never pasted.
QString whereOf(const CandidateFilter &filter, QVariantList &values)
{
    QString where = u" WHERE s.dataset_id = ?"_s;
    values << filter.dataset.value;
    switch (filter.state) {
    case CandidateFilter::State::All:
        break;
    case CandidateFilter::State::Kept:
        where += u" AND s.verdict = 'keep'"_s;
        break;
    case CandidateFilter::State::Rejected:
        where += u" AND s.verdict = 'reject'"_s;
        break;
    case CandidateFilter::State::Undecided:
        where += u" AND s.verdict IS NULL"_s;
        break;
    }
    if (!filter.reason.isEmpty()) {
        where += u" AND s.reason = ?"_s;
        values << filter.reason;
    }
    if (!filter.label.isEmpty()) {
        where += u" AND s.wanted_label = ?"_s;
        values << filter.label;
    }
    if (!filter.text.isEmpty()) {
        QString pattern = filter.text;
        pattern.replace(u'\\', u"\\\\"_s).replace(u'%', u"\\%"_s).replace(u'_', u"\\_"_s);
        where += u" AND (s.statement LIKE ? ESCAPE '\\' OR s.question LIKE ? ESCAPE '\\')"_s;
        values << u"%%1%"_s.arg(pattern) << u"%%1%"_s.arg(pattern);
    }
    return where;
}

QString orderOf(CandidateOrder order, Qt::SortOrder direction)
{
    const QString way = direction == Qt::AscendingOrder ? u"ASC"_s : u"DESC"_s;
    switch (order) {
    case CandidateOrder::Ordinal:
        return u" ORDER BY s.ordinal "_s + way;
    case CandidateOrder::Statement:
        return u" ORDER BY s.statement %1, s.ordinal"_s.arg(way);
    case CandidateOrder::Label:
        return u" ORDER BY s.wanted_label %1, s.ordinal"_s.arg(way);
    case CandidateOrder::Confidence:
        return u" ORDER BY s.label_confidence %1 NULLS LAST, s.ordinal"_s.arg(way);
    case CandidateOrder::State:
        return u" ORDER BY s.verdict %1, s.reason %1, s.ordinal"_s.arg(way);
    }
    return {};
}

Result<QList<CandidateRow>> rowsOf(Connection &connection, const QString &rest, const QVariantList &values)
{
    QList<CandidateRow> list;
    CandidateRows candidates;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT "_s + stateColumns + rest, values,
                                         [&](const Statement::Row &row) { list << rowFrom(candidates, row); }));
    return list;
}

const QString sourceColumns =
    u"id, file_name, bytes, sha256, format, dialect, mapping, dataset_id, imported_at FROM import_source"_s;

ImportSource sourceFrom(const QSqlQuery &row)
{
    ImportSource source;
    source.id.value = row.value(0).toLongLong();
    source.fileName = row.value(1).toString();
    source.bytes = row.value(2).toLongLong();
    source.sha256 = row.value(3).toString();
    source.format = row.value(4).toString();
    source.dialect = row.value(5).toString();
    source.mapping = row.value(6).toString();
    source.datasetId.value = row.value(7).toLongLong();
    source.importedAt = row.value(8).toString();
    return source;
}

} // namespace

Result<CandidateId> addCandidate(Connection &connection, const Candidate &c)
{
    EVALWRIGHT_ASSIGN(
        const qint64 added,
        connection.execute(
            u"INSERT INTO candidate (uuid, dataset_id, job_id, ordinal, wanted_label, sample, position_in_reply, "
            u"response_id, parse_status, "
            u"parser_version, prefill_stripped, statement, question, matching_label, other_labels, label_confidence, "
            u"cluster, "
            u"import_source_id, source_line, source_text, extra, created_at, fields, material_id) "
            u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            // A place whose request had failed is filled once the answer is there.
            u"ON CONFLICT (dataset_id, ordinal) DO UPDATE SET response_id = excluded.response_id, parse_status = "
            u"excluded.parse_status, "
            u"parser_version = excluded.parser_version, prefill_stripped = excluded.prefill_stripped, statement = "
            u"excluded.statement, "
            u"question = excluded.question, matching_label = excluded.matching_label, other_labels = "
            u"excluded.other_labels, "
            u"label_confidence = excluded.label_confidence, extra = excluded.extra, fields = excluded.fields, "
            u"material_id = excluded.material_id "
            u"WHERE candidate.response_id IS NULL AND candidate.import_source_id IS NULL AND excluded.response_id IS NOT NULL"_s,
            {c.uuid.isEmpty() ? newUuid() : c.uuid,
             c.datasetId.value,
             bound(c.jobId),
             c.ordinal,
             bound(c.wantedLabel),
             c.sample,
             c.positionInReply,
             bound(c.responseId),
             c.parseStatus,
             c.parserVersion,
             c.prefillStripped ? 1 : 0,
             bound(c.statement),
             bound(c.question),
             bound(c.matchingLabel),
             labelsToJson(c.otherLabels),
             bound(c.labelConfidence),
             bound(c.cluster),
             bound(c.importSourceId),
             bound(c.sourceLine),
             boundOrNull(c.sourceText),
             c.extra,
             c.createdAt.isEmpty() ? isoNow() : c.createdAt,
             c.fields,
             bound(c.materialId)}));
    Q_UNUSED(added);
    EVALWRIGHT_ASSIGN(const QVariant id,
                      connection.value(u"SELECT id FROM candidate WHERE dataset_id = ? AND ordinal = ?"_s,
                                       {c.datasetId.value, c.ordinal}));
    return CandidateId{id.toLongLong()};
}

Status setLabelConfidence(Connection &connection, CandidateId id, std::optional<double> confidence)
{
    EVALWRIGHT_TRY(
        connection.execute(u"UPDATE candidate SET label_confidence = ? WHERE id = ?"_s, {bound(confidence), id.value}));
    return {};
}

Result<qint64> lastOrdinal(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(
        const QVariant last,
        connection.value(u"SELECT coalesce(max(ordinal), -1) FROM candidate WHERE dataset_id = ?"_s, {dataset.value}));
    return last.toLongLong();
}

Result<DecisionId> addDecision(Connection &connection, const Decision &d)
{
    DecisionId id;
    EVALWRIGHT_ASSIGN(id.value,
                      connection.insert(u"INSERT INTO decision (candidate_id, job_id, stage, verdict, reason, actor, "
                                        u"threshold, rank, quota, created_at) "
                                        u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
                                        {d.candidateId.value, bound(d.jobId), d.stage, d.keep ? u"keep"_s : u"reject"_s,
                                         bound(d.reason), d.actor, bound(d.threshold), bound(d.rank), bound(d.quota),
                                         d.createdAt.isEmpty() ? isoNow() : d.createdAt}));
    return id;
}

Result<CandidateId> addImportedItem(Connection &connection, const Candidate &item)
{
    Decision decision;
    EVALWRIGHT_ASSIGN(decision.candidateId, addCandidate(connection, item));
    decision.stage = u"import"_s;
    decision.keep = true;
    decision.reason = u"imported"_s;
    decision.actor = u"import"_s;
    EVALWRIGHT_TRY(addDecision(connection, decision));
    return decision.candidateId;
}

Status addScore(Connection &connection, const Score &s)
{
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO score (candidate_id, requirement, checker_model_id, method, presentation, p, label_mass, "
        u"response_id, detail, created_at) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS ("
        u"SELECT 1 FROM score WHERE candidate_id = ? AND requirement = ? AND checker_model_id = ? AND "
        u"method = ? AND presentation = ? AND coalesce(response_id, 0) = ?)"_s,
        {s.candidateId.value, s.requirement, s.checkerModelId.value, s.method, s.presentation, bound(s.p),
         bound(s.labelMass), bound(s.responseId), s.detail, s.createdAt.isEmpty() ? isoNow() : s.createdAt,
         s.candidateId.value, s.requirement, s.checkerModelId.value, s.method, s.presentation, s.responseId.value}));
    return {};
}

Result<QList<Score>> scoresOf(Connection &connection, CandidateId id)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT id, requirement, checker_model_id, method, presentation, p, label_mass, response_id, "
                         u"detail, created_at FROM score WHERE candidate_id = ? ORDER BY id"_s,
                         {id.value}));
    QList<Score> list;
    while (rows.next()) {
        Score s;
        s.id.value = rows.value(0).toLongLong();
        s.candidateId = id;
        s.requirement = rows.value(1).toString();
        s.checkerModelId.value = rows.value(2).toLongLong();
        s.method = rows.value(3).toString();
        s.presentation = rows.value(4).toString();
        s.p = optionalValue<double>(rows.value(5));
        s.labelMass = optionalValue<double>(rows.value(6));
        s.responseId.value = rows.value(7).toLongLong();
        s.detail = rows.value(8).toString();
        s.createdAt = rows.value(9).toString();
        list << s;
    }
    return list;
}

Result<QList<Decision>> decisionsOf(Connection &connection, CandidateId id)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT id, job_id, stage, verdict, reason, actor, threshold, rank, quota, created_at "
                         u"FROM decision WHERE candidate_id = ? ORDER BY id"_s,
                         {id.value}));
    QList<Decision> list;
    while (rows.next()) {
        Decision d;
        d.id.value = rows.value(0).toLongLong();
        d.candidateId = id;
        d.jobId.value = rows.value(1).toLongLong();
        d.stage = rows.value(2).toString();
        d.keep = rows.value(3).toString() == "keep"_L1;
        d.reason = rows.value(4).toString();
        d.actor = rows.value(5).toString();
        d.threshold = optionalValue<double>(rows.value(6));
        d.rank = optionalValue<qint64>(rows.value(7));
        d.quota = optionalValue<qint64>(rows.value(8));
        d.createdAt = rows.value(9).toString();
        list << d;
    }
    return list;
}

Result<QHash<CandidateId, double>> smallestLabelMass(Connection &connection, const QList<CandidateId> &ids)
{
    constexpr qsizetype batch = 500; // Below SQLite's smallest limit of bound values.
    QHash<CandidateId, double> masses;
    for (qsizetype first = 0; first < ids.size(); first += batch) {
        QVariantList values;
        QStringList marks;
        for (qsizetype i = first; i < qMin(first + batch, ids.size()); ++i) {
            values << ids.at(i).value;
            marks << u"?"_s;
        }
        EVALWRIGHT_ASSIGN(
            QSqlQuery rows,
            connection.query(
                u"SELECT candidate_id, min(label_mass) FROM score WHERE requirement = 'label' "
                u"AND label_mass IS NOT NULL AND candidate_id IN (%1) GROUP BY candidate_id"_s.arg(marks.join(u',')),
                values));
        while (rows.next())
            masses.insert(CandidateId{rows.value(0).toLongLong()}, rows.value(1).toDouble());
    }
    return masses;
}

Result<QList<CandidateRow>> candidateRows(Connection &connection, const CandidateFilter &filter, CandidateOrder order,
                                          Qt::SortOrder direction, qint64 offset, qint64 limit)
{
    QVariantList values;
    const QString where = whereOf(filter, values);
    values << limit << offset;
    return rowsOf(connection, where + orderOf(order, direction) + u" LIMIT ? OFFSET ?"_s, values);
}

Result<qint64> countCandidates(Connection &connection, const CandidateFilter &filter)
{
    QVariantList values;
    const QString where = whereOf(filter, values);
    EVALWRIGHT_ASSIGN(const QVariant count,
                      connection.value(u"SELECT count(*) FROM candidate_state s"_s + where, values));
    return count.toLongLong();
}

Result<CandidateRow> candidateById(Connection &connection, CandidateId id)
{
    EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, rowsOf(connection, u" WHERE s.id = ?"_s, {id.value}));
    if (rows.isEmpty())
        return failure(ErrorCode::NotFound, u"There is no candidate number %1 in this project."_s.arg(id.value));
    return rows.first();
}

Result<CandidateRow> candidateByUuid(Connection &connection, const QString &uuid)
{
    EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, rowsOf(connection, u" WHERE s.uuid = ?"_s, {uuid}));
    if (rows.isEmpty())
        return failure(ErrorCode::NotFound, u"There is no candidate “%1” in this project."_s.arg(uuid));
    return rows.first();
}

Result<QList<CandidateRow>> allCandidates(Connection &connection, DatasetId dataset)
{
    return rowsOf(connection, u" WHERE s.dataset_id = ? ORDER BY s.ordinal"_s, {dataset.value});
}

Result<QList<Candidate>> candidatesById(Connection &connection, const QList<qint64> &candidates)
{
    QList<Candidate> list;
    if (candidates.isEmpty())
        return list;
    static const QString sql =
        u"SELECT %1 FROM json_each(?) one CROSS JOIN candidate s ON s.id = one.value"_s.arg(candidateColumns);
    QString ids;
    for (const qint64 id : candidates)
        ids += (ids.isEmpty() ? u"["_s : u","_s) + QString::number(id);
    list.reserve(candidates.size());
    CandidateRows read;
    EVALWRIGHT_TRY(connection.forEachRow(sql, {ids + u']'}, [&](const Statement::Row &row) { list << read.of(row); }));
    return list;
}

Result<QHash<qint64, QString>> questionsOf(Connection &connection, const QList<qint64> &candidates)
{
    QHash<qint64, QString> questions;
    if (candidates.isEmpty())
        return questions;
    const QVariantList values(candidates.begin(), candidates.end());
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT id, question FROM candidate WHERE id IN (%1)"_s.arg(
                                                           u"?, "_s.repeated(candidates.size() - 1) + u"?"_s),
                                                       values));
    while (rows.next())
        questions.insert(rows.value(0).toLongLong(), rows.value(1).toString());
    return questions;
}

Result<QList<Candidate>> itemsOf(Connection &connection, DatasetId dataset)
{
    QList<Candidate> list;
    EVALWRIGHT_TRY(forEachItem(connection, dataset, [&list](Candidate &item) -> Status {
        list << std::move(item);
        return {};
    }));
    return list;
}

namespace {

/// The items after an ordinal, so many at most.
Result<QList<Candidate>> itemsAfter(Connection &connection, DatasetId dataset, qint64 ordinal, qint64 limit)
{
    static const QString sql = u"SELECT %1 FROM item s WHERE s.dataset_id = ? AND s.ordinal > ? ORDER BY s.ordinal LIMIT ?"_s.arg(
        candidateColumns);
    QList<Candidate> items;
    items.reserve(limit);
    CandidateRows read;
    EVALWRIGHT_TRY(connection.forEachRow(sql, {dataset.value, ordinal, limit},
                                         [&](const Statement::Row &row) { items << read.of(row); }));
    return items;
}

} // namespace

Status forEachItem(Connection &connection, DatasetId dataset, const std::function<Status(Candidate &)> &use)
{
    // Bit by bit, so that a failure need not wait for the rest and `use` may ask the project itself; of one moment all the
    // same, whether there is a transaction already or not.
    EVALWRIGHT_TRY(connection.execute(u"SAVEPOINT items"_s));
    constexpr qint64 piece = 1000;
    Status status;
    for (qint64 last = std::numeric_limits<qint64>::min(); status;) {
        auto items = itemsAfter(connection, dataset, last, piece);
        if (!items)
            status = failure(items.error());
        else if (!items->isEmpty())
            last = items->last().ordinal;
        for (qsizetype i = 0; status && i < items->size(); ++i)
            status = use((*items)[i]);
        if (!status || items->size() < piece)
            break;
    }
    const auto released = connection.execute(u"RELEASE items"_s);
    return status && !released ? failure(released.error()) : status;
}

Status forEachQuestion(Connection &connection, DatasetId dataset, QList<QStringList> &labels,
                       const std::function<Status(const ItemQuestion &)> &use)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT s.id, s.ordinal, s.uuid, s.question, s.matching_label, s.other_labels "
                                       u"FROM item s WHERE s.dataset_id = ? ORDER BY s.ordinal"_s,
                                       {dataset.value}));
    QHash<QPair<QString, QString>, int> known; // By the columns as they are stored.
    while (rows.next()) {
        ItemQuestion item{CandidateId{rows.value(0).toLongLong()}, rows.value(1).toLongLong(),
                          rows.value(2).toString(), rows.value(3).toString()};
        const auto stored = qMakePair(rows.value(4).toString(), rows.value(5).toString());
        auto found = known.constFind(stored);
        if (found == known.constEnd()) {
            labels << QStringList{stored.first} + labelsFromJson(stored.second);
            found = known.insert(stored, static_cast<int>(labels.size()) - 1);
        }
        item.labels = *found;
        EVALWRIGHT_TRY(use(item));
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return {};
}

Result<QList<ReasonCount>> reasonCounts(Connection &connection, DatasetId dataset, Origin origin)
{
    const QString which = origin == Origin::Asked ? u"AND s.import_source_id IS NULL "_s : QString();
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT s.wanted_label, coalesce(s.decision_stage, ''), coalesce(s.reason, ''), "
                         u"coalesce(s.verdict, ''), count(*) FROM candidate_state s WHERE s.dataset_id = ? "_s +
                             which + u"GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3"_s,
                         {dataset.value}));
    QList<ReasonCount> counts;
    while (rows.next()) {
        counts << ReasonCount{rows.value(0).toString(), rows.value(1).toString(), rows.value(2).toString(),
                              rows.value(3).toString() == "keep"_L1, rows.value(4).toLongLong()};
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return counts;
}

Result<ImportSource> addImportSource(Connection &connection, ImportSource source)
{
    source.importedAt = isoNow();
    EVALWRIGHT_ASSIGN(
        source.id.value,
        connection.insert(
            u"INSERT INTO import_source (file_name, bytes, sha256, format, dialect, mapping, dataset_id, imported_at, "
            u"program_version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
            {source.fileName, source.bytes, source.sha256, source.format, source.dialect, source.mapping,
             source.datasetId.value, source.importedAt, QStringLiteral(EVALWRIGHT_VERSION)}));
    return source;
}

Result<std::optional<ImportSource>> importBySha256(Connection &connection, DatasetId dataset, const QString &sha256)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row,
                      connection.query(u"SELECT %1 WHERE dataset_id = ? AND sha256 = ?"_s.arg(sourceColumns),
                                       {dataset.value, sha256}));
    if (!row.next())
        return std::optional<ImportSource>();
    return std::optional<ImportSource>(sourceFrom(row));
}

Result<ImportSource> importSourceById(Connection &connection, ImportSourceId id)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT %1 WHERE id = ?"_s.arg(sourceColumns), {id.value}));
    if (!row.next())
        return failure(ErrorCode::NotFound, u"There is no import number %1 in this project."_s.arg(id.value));
    return sourceFrom(row);
}

Result<QList<ImportSource>> importSourcesOf(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT %1 WHERE dataset_id = ? ORDER BY id"_s.arg(sourceColumns), {dataset.value}));
    QList<ImportSource> list;
    while (rows.next())
        list << sourceFrom(rows);
    return list;
}

} // namespace evalwright
