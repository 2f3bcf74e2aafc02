// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/statement.h"

#include "core/utf8text.h"

#include <sqlite3.h>

#include <vector>

namespace evalwright {

namespace {

QVariant firstColumn(sqlite3_stmt *row)
{
    const auto size = static_cast<qsizetype>(sqlite3_column_bytes(row, 0));
    switch (sqlite3_column_type(row, 0)) {
    case SQLITE_INTEGER:
        return QVariant(static_cast<qlonglong>(sqlite3_column_int64(row, 0)));
    case SQLITE_FLOAT:
        return QVariant(sqlite3_column_double(row, 0));
    case SQLITE_TEXT:
        return QVariant(utf8Text({reinterpret_cast<const char *>(sqlite3_column_text(row, 0)), size}));
    case SQLITE_BLOB:
        return QVariant(QByteArray(static_cast<const char *>(sqlite3_column_blob(row, 0)), size));
    default:
        return QVariant(QMetaType(QMetaType::LongLong)); // There is a row, and it holds NULL.
    }
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

QSqlError Statement::error() const
{
    return QSqlError({}, QString::fromUtf8(sqlite3_errmsg(m_database)), QSqlError::StatementError,
                     QString::number(sqlite3_extended_errcode(m_database)));
}

QSqlError Statement::prepare(const QString &sql)
{
    const QByteArray text = sql.toUtf8();
    sqlite3_stmt *statement = nullptr;
    const int code = sqlite3_prepare_v3(m_database, text.constData(), static_cast<int>(text.size()) + 1,
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    m_statement.reset(statement);
    return code == SQLITE_OK ? QSqlError() : error();
}

/// `text` keeps the bytes of a text until the statement has run.
int Statement::bind(int index, const QVariant &value, QByteArray &text)
{
    sqlite3_stmt *statement = m_statement.get();
    if (value.isNull())
        return sqlite3_bind_null(statement, index);
    switch (value.typeId()) {
    case QMetaType::Bool:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong:
        return sqlite3_bind_int64(statement, index, value.toLongLong());
    case QMetaType::Double:
        return sqlite3_bind_double(statement, index, value.toDouble());
    case QMetaType::QByteArray: {
        const auto &bytes = *static_cast<const QByteArray *>(value.constData());
        if (bytes.isNull())
            return sqlite3_bind_null(statement, index);
        return sqlite3_bind_blob64(statement, index, bytes.constData(), static_cast<sqlite3_uint64>(bytes.size()),
                                   SQLITE_STATIC);
    }
    default:
        break;
    }
    const QString string = value.toString();
    if (string.isNull())
        return sqlite3_bind_null(statement, index);
    text = string.toUtf8();
    return sqlite3_bind_text64(statement, index, text.constData(), static_cast<sqlite3_uint64>(text.size()),
                               SQLITE_STATIC, SQLITE_UTF8);
}

QSqlError Statement::bindAll(const QVariantList &values, std::vector<QByteArray> &texts)
{
    texts.resize(static_cast<size_t>(values.size()));
    if (sqlite3_bind_parameter_count(m_statement.get()) != values.size()) {
        return QSqlError({}, QStringLiteral("a statement got another number of values than it has places"),
                         QSqlError::StatementError, QString::number(SQLITE_RANGE));
    }
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (bind(static_cast<int>(i) + 1, values[i], texts[static_cast<size_t>(i)]) != SQLITE_OK)
            return error();
    }
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
    sqlite3_clear_bindings(m_statement.get()); // What was bound goes with the call.
}

Statement::Outcome Statement::run(const QVariantList &values)
{
    sqlite3_stmt *statement = m_statement.get();
    std::vector<QByteArray> texts;
    Outcome outcome;
    outcome.error = bindAll(values, texts);
    if (!outcome.error.isValid()) {
        // What changes something is run to its end, though SQLite does all of it before the first row.
        const bool onlyReads = sqlite3_stmt_readonly(statement) != 0;
        int code = SQLITE_OK;
        while (code == SQLITE_OK || (code == SQLITE_ROW && !onlyReads)) {
            code = sqlite3_step(statement);
            if (code == SQLITE_ROW && !outcome.first.isValid())
                outcome.first = firstColumn(statement);
        }
        if (code != SQLITE_DONE && code != SQLITE_ROW)
            outcome.error = error();
    }
    reset();
    return outcome;
}

QSqlError Statement::forEach(const QVariantList &values, const std::function<void(const Row &)> &use)
{
    std::vector<QByteArray> texts;
    QSqlError problem = bindAll(values, texts);
    if (!problem.isValid()) {
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(m_statement.get())) == SQLITE_ROW)
            use(Row(m_statement.get()));
        if (code != SQLITE_DONE)
            problem = error();
    }
    reset();
    return problem;
}

bool Statement::Row::isNull(int column) const
{
    return sqlite3_column_type(m_row, column) == SQLITE_NULL;
}

qint64 Statement::Row::integer(int column) const
{
    return sqlite3_column_int64(m_row, column);
}

double Statement::Row::real(int column) const
{
    return sqlite3_column_double(m_row, column);
}

std::string_view Statement::Row::bytes(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_row, column));
    return data ? std::string_view(data, static_cast<size_t>(sqlite3_column_bytes(m_row, column))) : std::string_view();
}

QString Statement::Row::text(int column) const
{
    const std::string_view utf8 = bytes(column);
    return utf8Text({utf8.data(), static_cast<qsizetype>(utf8.size())});
}

} // namespace evalwright
