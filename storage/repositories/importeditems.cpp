// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/importeditems.h"

#include "core/clock.h"
#include "core/utf8text.h"
#include "storage/bulkwriting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSqlError>

#include <algorithm>
#include <memory>
#include <sqlite3.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// What the table of rows on their way (below) reads from.
struct RowFeed
{
    const ImportedRows &source;
    qint64 ordinal = 0;
    std::optional<PackedItems> rows = std::nullopt;
    qsizetype at = -1;

    bool ended() const { return !rows; }
    void advance()
    {
        ++at;
        while (rows && at < rows->size() && source.skips && source.skips(*rows, at))
            ++at;
        while (rows ? at >= rows->size() : at == 0) {
            rows = source.next();
            at = 0;
            if (!rows)
                return;
            while (at < rows->size() && source.skips && source.skips(*rows, at))
                ++at;
        }
        ++ordinal;
    }
};

/// The rows as a table of SQLite, which exists for one connection while they are stored.
namespace feedtable {

struct Table : sqlite3_vtab
{
    RowFeed *feed = nullptr;
};
struct Cursor : sqlite3_vtab_cursor
{
    RowFeed *feed = nullptr;
};

enum Column { Ordinal, Confidence, Line, FirstText };

int connect(sqlite3 *database, void *feed, int, const char *const *, sqlite3_vtab **out, char **)
{
    const int code = sqlite3_declare_vtab(database,
                                          "CREATE TABLE x (ordinal, confidence, line, uuid, wanted_label, parse_status, "
                                          "statement, question, matching_label, other_labels, cluster, source_text, extra, "
                                          "fields)");
    if (code != SQLITE_OK)
        return code;
    auto table = std::make_unique<Table>();
    table->feed = static_cast<RowFeed *>(feed);
    *out = table.release();
    return SQLITE_OK;
}

int disconnect(sqlite3_vtab *table)
{
    delete static_cast<Table *>(table);
    return SQLITE_OK;
}

int bestIndex(sqlite3_vtab *, sqlite3_index_info *)
{
    return SQLITE_OK; // They can be read in one way only.
}

int open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    auto cursor = std::make_unique<Cursor>();
    cursor->feed = static_cast<Table *>(table)->feed;
    *out = cursor.release();
    return SQLITE_OK;
}

int close(sqlite3_vtab_cursor *cursor)
{
    delete static_cast<Cursor *>(cursor);
    return SQLITE_OK;
}

int advance(sqlite3_vtab_cursor *cursor)
{
    static_cast<Cursor *>(cursor)->feed->advance();
    return SQLITE_OK;
}

int begin(sqlite3_vtab_cursor *cursor, int, const char *, int, sqlite3_value **)
{
    return advance(cursor);
}

int ended(sqlite3_vtab_cursor *cursor)
{
    return static_cast<Cursor *>(cursor)->feed->ended() ? 1 : 0;
}

void resultText(sqlite3_context *context, std::string_view text)
{
    // The bytes stay where they are until the next row is asked for.
    if (text.data())
        sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    else
        sqlite3_result_null(context);
}

int value(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int column)
{
    const RowFeed &feed = *static_cast<Cursor *>(cursor)->feed;
    switch (column) {
    case Ordinal:
        sqlite3_result_int64(context, feed.ordinal);
        break;
    case Confidence:
        if (const auto confidence = feed.rows->confidence(feed.at))
            sqlite3_result_double(context, *confidence);
        break;
    case Line:
        if (const auto line = feed.rows->line(feed.at))
            sqlite3_result_int64(context, *line);
        break;
    default:
        resultText(context, feed.rows->text(feed.at, static_cast<PackedItems::Text>(column - FirstText)));
        break;
    }
    return SQLITE_OK;
}

int rowNumber(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
    *out = static_cast<Cursor *>(cursor)->feed->ordinal;
    return SQLITE_OK;
}

constexpr const char *name = "rows_on_their_way";

const sqlite3_module &module()
{
    static const sqlite3_module made = [] {
        sqlite3_module table{};
        table.xConnect = connect;
        table.xBestIndex = bestIndex;
        table.xDisconnect = disconnect;
        table.xOpen = open;
        table.xClose = close;
        table.xFilter = begin;
        table.xNext = advance;
        table.xEof = ended;
        table.xColumn = value;
        table.xRowid = rowNumber;
        return table;
    }();
    return made;
}

} // namespace feedtable

/// Sets up a connection for many rows, and back.
class ManyRows
{
public:
    explicit ManyRows(Connection &connection) : m_connection(connection), m_bulk(connection) {}
    ManyRows(const ManyRows &) = delete;
    ManyRows &operator=(const ManyRows &) = delete;
    ~ManyRows()
    {
        if (!m_database)
            return;
        sqlite3_create_module(m_database, feedtable::name, nullptr, nullptr);
        if (m_triggersOff)
            sqlite3_db_config(m_database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, nullptr);
    }

    Status begin(RowFeed &feed)
    {
        // All rows refer to one data set and one source, and each decision to a row that is here: looking that up for
        // every row would take a fifth of the time.
        EVALWRIGHT_TRY(m_bulk.begin());
        m_database = m_bulk.database();
        // A trigger makes SQLite keep the state before each single row. The only one on these tables minds rows that
        // take the number of one that was indexed for searches, and new ones do not.
        EVALWRIGHT_ASSIGN(const QVariant isNew, m_connection.value(u"SELECT coalesce((SELECT max(id) FROM candidate), 0) >= "
                                                                   u"(SELECT indexed_to FROM search_state)"_s));
        m_triggersOff = isNew.toBool();
        if (m_triggersOff)
            sqlite3_db_config(m_database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
        if (sqlite3_create_module(m_database, feedtable::name, &feedtable::module(), &feed) != SQLITE_OK)
            return failure(writeError());
        return {};
    }

    /// Runs a statement that reads from the feed. It is prepared for this once, as the table behind it is another one
    /// the next time.
    Status run(const char *sql, DatasetId dataset, ImportSourceId source, const QByteArray &now)
    {
        sqlite3_stmt *statement = nullptr;
        int code = sqlite3_prepare_v2(m_database, sql, -1, &statement, nullptr);
        if (code == SQLITE_OK) {
            sqlite3_bind_int64(statement, 1, dataset.value);
            sqlite3_bind_int64(statement, 2, source.value);
            sqlite3_bind_text(statement, 3, now.constData(), static_cast<int>(now.size()), SQLITE_STATIC);
            code = sqlite3_step(statement);
        }
        const Status status = code == SQLITE_DONE ? Status() : failure(writeError());
        sqlite3_finalize(statement);
        return status;
    }

private:
    Error writeError() const
    {
        return sqlError(QSqlError({}, QString::fromUtf8(sqlite3_errmsg(m_database)), QSqlError::StatementError,
                                  QString::number(sqlite3_extended_errcode(m_database))),
                        u"Writing the project"_s, QString::fromUtf8(sqlite3_db_filename(m_database, "main")));
    }

    Connection &m_connection;
    BulkWriting m_bulk;
    sqlite3 *m_database = nullptr;
    bool m_triggersOff = false;
};

} // namespace

std::string_view RisingUuids::next()
{
    if (m_at == m_made.size())
        make();
    const Halves &halves = m_made[m_at++];
    char *to = m_text.data();
    for (int i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            *to++ = '-';
        *to++ = "0123456789abcdef"[(halves[i / 16] >> (60 - 4 * (i % 16))) & 15];
    }
    return {m_text.data(), m_text.size()};
}

void RisingUuids::rest()
{
    constexpr std::size_t few = 1 << 16;
    if (m_made.size() - m_at > few) {
        m_made = {};
        m_at = 0;
        m_next = few;
    }
}

void RisingUuids::make()
{
    m_made.resize(m_next);
    for (Halves &halves : m_made) {
        halves[0] = (m_random.generate64() & 0xffffffffffff0fff) | 0x4000;
        halves[1] = (m_random.generate64() & 0x3fffffffffffffff) | 0x8000000000000000;
    }
    std::ranges::sort(m_made);
    m_at = 0;
    constexpr std::size_t most = 1 << 20;
    m_next = std::min(m_next * 4, most);
}

void PackedItems::add(const Candidate &item, std::string_view uuid)
{
    QByteArray &labels = m_labels[item.otherLabels];
    if (labels.isEmpty())
        labels = QJsonDocument(QJsonArray::fromStringList(item.otherLabels)).toJson(QJsonDocument::Compact);
    Row row;
    row.hasSource = !item.sourceText.isEmpty();
    row.confidence = item.labelConfidence;
    row.line = item.sourceLine;
    const std::array<const QString *, TextCount> texts{nullptr, &item.wantedLabel, &item.parseStatus, &item.statement,
                                                       &item.question, &item.matchingLabel, nullptr, &item.cluster,
                                                       &item.sourceText, &item.extra, &item.fields};
    for (size_t i = 0; i < texts.size(); ++i) {
        row.begin[i] = static_cast<std::uint32_t>(m_bytes.size());
        if (texts[i])
            appendUtf8(m_bytes, *texts[i]);
        else if (i == Uuid)
            m_bytes.append(uuid.data(), static_cast<qsizetype>(uuid.size()));
        else
            m_bytes += labels;
    }
    row.begin[TextCount] = static_cast<std::uint32_t>(m_bytes.size());
    m_rows.push_back(row);
}

std::string_view PackedItems::text(qsizetype row, Text which) const
{
    const Row &one = m_rows[static_cast<size_t>(row)];
    if (which == SourceText && !one.hasSource)
        return {};
    return {m_bytes.constData() + one.begin[which], one.begin[which + 1] - one.begin[which]};
}

Result<qint64> storeImportedItems(Connection &connection, DatasetId dataset, ImportSourceId source, qint64 lastOrdinal,
                                  const ImportedRows &rows)
{
    EVALWRIGHT_ASSIGN(const QVariant parents, connection.value(u"SELECT EXISTS (SELECT 1 FROM dataset WHERE id = ?) AND "
                                                               u"EXISTS (SELECT 1 FROM import_source WHERE id = ?)"_s,
                                                               {dataset.value, source.value}));
    if (!parents.toBool())
        return failure(ErrorCode::NotFound, u"The data set that the rows are for is not in this project any more."_s);
    RowFeed feed{rows, lastOrdinal};
    ManyRows many(connection);
    EVALWRIGHT_TRY(many.begin(feed));
    const QString now = isoNow();
    EVALWRIGHT_TRY(many.run("INSERT INTO candidate (uuid, dataset_id, ordinal, wanted_label, parse_status, statement, "
                            "question, matching_label, other_labels, label_confidence, cluster, import_source_id, "
                            "source_line, source_text, extra, created_at, fields) "
                            "SELECT uuid, ?1, ordinal, wanted_label, parse_status, statement, question, matching_label, "
                            "other_labels, confidence, cluster, ?2, line, source_text, extra, ?3, fields "
                            "FROM rows_on_their_way",
                            dataset, source, now.toUtf8()));
    EVALWRIGHT_ASSIGN(const qint64 decided,
                      connection.execute(u"INSERT INTO decision (candidate_id, stage, verdict, reason, actor, created_at) "
                                         u"SELECT id, 'import', 'keep', 'imported', 'import', ? FROM candidate "
                                         u"INDEXED BY candidate_columns WHERE dataset_id = ? AND ordinal > ? ORDER BY ordinal"_s,
                                         {now, dataset.value, lastOrdinal}));
    return decided;
}

Status completeImportSource(Connection &connection, const ImportSource &source)
{
    EVALWRIGHT_TRY(connection.execute(u"UPDATE import_source SET bytes = ?, sha256 = ?, dialect = ?, mapping = ? WHERE id = ?"_s,
                                      {source.bytes, source.sha256, source.dialect, source.mapping, source.id.value}));
    return {};
}

} // namespace evalwright
