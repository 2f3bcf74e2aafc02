// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/salvagedtable.h"

#include <QRegularExpression>
#include <QStringDecoder>

#include <nlohmann/json.hpp>
#include <sqlite3.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool isText(std::string_view bytes)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return !decoder.hasError();
}

bool matches(std::string_view bytes, const char *pattern)
{
    const QRegularExpression expression(QString::fromLatin1(pattern));
    return bytes.size() < 100 && expression.match(QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()))).hasMatch();
}

/// Columns whose texts have a form, by their names.
bool hasForm(const QString &column, std::string_view text)
{
    if (column == "uuid"_L1)
        return matches(text, "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$");
    if (column == "hash"_L1 || column == "sha256"_L1)
        return matches(text, "^[0-9a-f]{64}$");
    if (column == "at"_L1 || column.endsWith("_at"_L1))
        return matches(text, "^[0-9]{4}-[0-9]{2}-[0-9]{2}");
    if (column == "json"_L1 || column == "parameters_json"_L1 || column == "spec"_L1)
        return nlohmann::json::accept(text);
    return true;
}

} // namespace

SalvagedTable::~SalvagedTable()
{
    for (const auto &[values, statement] : m_statements)
        sqlite3_finalize(statement);
}

Status SalvagedTable::readColumns()
{
    qsizetype keyColumns = 0;
    QList<bool> hasDefault;
    EVALWRIGHT_TRY(m_file.forEachRow(u"SELECT name, type, \"notnull\", pk, dflt_value IS NOT NULL FROM pragma_table_info(?) ORDER BY cid"_s, {m_name},
                                     [&](const Statement::Row &row) {
                                         const std::string_view type = row.bytes(1);
                                         const bool key = row.integer(3) > 0;
                                         if (key && ++keyColumns == 1 && type == "INTEGER")
                                             m_rowNumber = m_columns.size();
                                         m_columns << Column{row.text(0), QByteArray(type.data(), static_cast<qsizetype>(type.size())),
                                                             row.integer(2) == 0 && !key};
                                         hasDefault << (row.integer(4) != 0);
                                     }));
    EVALWRIGHT_ASSIGN(const QVariant sql, m_file.value(u"SELECT sql FROM sqlite_schema WHERE name = ?"_s, {m_name}));
    if (sql.toString().contains("WITHOUT ROWID"_L1) || keyColumns > 1)
        m_rowNumber = -1;
    // Later scripts put columns behind the others, with a default or empty.
    m_fewest = m_columns.size();
    while (m_fewest > 1 && (hasDefault[m_fewest - 1] || m_columns[m_fewest - 1].mayBeNull))
        --m_fewest;
    return {};
}

bool SalvagedTable::fits(const Column &column, const StoredValue &value) const
{
    switch (value.type) {
    case StoredValue::Type::Null:
        return column.mayBeNull;
    case StoredValue::Type::Integer:
        return column.type == "INTEGER" || column.type == "REAL"; // A whole number takes less room than a real one.
    case StoredValue::Type::Real:
        return column.type == "REAL";
    case StoredValue::Type::Text:
        return column.type == "TEXT";
    case StoredValue::Type::Blob:
        return column.type == "BLOB";
    }
    return false;
}

bool SalvagedTable::looksLike(const StoredRecord &record) const
{
    const auto size = static_cast<qsizetype>(record.size());
    if (size < m_fewest || size > m_columns.size())
        return false;
    for (qsizetype i = 0; i < size; ++i) {
        const StoredValue &value = record[static_cast<std::size_t>(i)];
        if (i == m_rowNumber) {
            if (value.type != StoredValue::Type::Null)
                return false;
        } else if (!fits(m_columns[i], value) || (value.type == StoredValue::Type::Text && !hasForm(m_columns[i].name, value.bytes))) {
            return false;
        }
    }
    return true;
}

Result<sqlite3_stmt *> SalvagedTable::statementFor(std::size_t values)
{
    sqlite3_stmt *&statement = m_statements[values];
    if (!statement) {
        QStringList names, places;
        for (const Column &column : m_columns.first(static_cast<qsizetype>(values))) {
            names << u'"' + column.name + u'"';
            places << u"?"_s;
        }
        const QByteArray sql = u"INSERT INTO \"%1\" (%2) VALUES (%3)"_s.arg(m_name, names.join(u", "_s), places.join(u", "_s)).toUtf8();
        if (sqlite3_prepare_v3(m_file.handle(), sql.constData(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
            return failure(m_file.lastError(u"Making the new project"_s));
    }
    return statement;
}

Result<SalvagedTable::Stored> SalvagedTable::store(qint64 rowid, const StoredRecord &record)
{
    if (record.size() > static_cast<std::size_t>(m_columns.size())) {
        ++refused;
        return Stored::Refused;
    }
    EVALWRIGHT_ASSIGN(sqlite3_stmt *const statement, statementFor(record.size()));
    bool readable = true;
    for (std::size_t i = 0; i < record.size(); ++i) {
        const StoredValue &value = record[i];
        const int place = static_cast<int>(i) + 1;
        const auto size = static_cast<sqlite3_uint64>(value.bytes.size());
        if (static_cast<qsizetype>(i) == m_rowNumber) {
            sqlite3_bind_int64(statement, place, rowid);
            continue;
        }
        switch (value.type) {
        case StoredValue::Type::Null:
            sqlite3_bind_null(statement, place);
            break;
        case StoredValue::Type::Integer:
            sqlite3_bind_int64(statement, place, value.integer);
            break;
        case StoredValue::Type::Real:
            sqlite3_bind_double(statement, place, value.real);
            break;
        case StoredValue::Type::Text:
            readable = readable && isText(value.bytes);
            sqlite3_bind_text64(statement, place, value.bytes.data(), size, SQLITE_STATIC, SQLITE_UTF8);
            break;
        case StoredValue::Type::Blob:
            sqlite3_bind_blob64(statement, place, value.bytes.data(), size, SQLITE_STATIC);
            break;
        }
    }
    const int code = readable ? sqlite3_step(statement) : SQLITE_MISMATCH;
    const int extended = sqlite3_extended_errcode(m_file.handle());
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    if (code == SQLITE_DONE) {
        ++salvaged;
        return Stored::Added;
    }
    if ((code & 0xff) == SQLITE_CONSTRAINT && (extended == SQLITE_CONSTRAINT_PRIMARYKEY || extended == SQLITE_CONSTRAINT_ROWID)) {
        ++twice;
        return Stored::Twice;
    }
    if ((code & 0xff) == SQLITE_CONSTRAINT || (code & 0xff) == SQLITE_MISMATCH || (code & 0xff) == SQLITE_TOOBIG) {
        ++refused;
        return Stored::Refused;
    }
    return failure(m_file.lastError(u"Filling the new project"_s));
}

} // namespace evalwright
