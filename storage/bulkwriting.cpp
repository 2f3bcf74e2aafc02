// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/bulkwriting.h"

#include <QSqlDriver>

#include <sqlite3.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

void call(sqlite3_context *context, int count, sqlite3_value **values)
{
    (*static_cast<BulkWriting::Function *>(sqlite3_user_data(context)))(context, {values, static_cast<std::size_t>(count)});
}

} // namespace

BulkWriting::~BulkWriting()
{
    if (!m_database)
        return;
    for (const Added &one : m_added)
        sqlite3_create_function_v2(m_database, one.name, one.values, SQLITE_UTF8, nullptr, nullptr, nullptr, nullptr, nullptr);
    sqlite3_db_config(m_database, SQLITE_DBCONFIG_ENABLE_FKEY, m_referencesBefore, nullptr);
}

Status BulkWriting::begin()
{
    EVALWRIGHT_ASSIGN(const QSqlQuery any, m_connection.query(u"SELECT 1"_s));
    m_database = *static_cast<sqlite3 *const *>(any.driver()->handle().constData());
    sqlite3_db_config(m_database, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &m_referencesBefore);
    sqlite3_db_config(m_database, SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);
    return {};
}

Status BulkWriting::addFunction(const char *name, int values, Function function)
{
    auto kept = std::make_unique<Function>(std::move(function));
    const int code = sqlite3_create_function_v2(m_database, name, values, SQLITE_UTF8 | SQLITE_DIRECTONLY, kept.get(), call, nullptr, nullptr,
                                                nullptr);
    if (code != SQLITE_OK) {
        return failure(sqlError(QSqlError({}, QString::fromUtf8(sqlite3_errmsg(m_database)), QSqlError::StatementError, QString::number(code)),
                                u"Writing the project"_s));
    }
    m_added.push_back({name, values, std::move(kept)});
    return {};
}

std::vector<NumberRange> rangesOf(std::span<const qint64> numbers)
{
    constexpr qint64 worthPassingOver = 8; // Sooner looked at than sought anew.
    std::vector<NumberRange> ranges;
    for (const qint64 number : numbers) {
        if (ranges.empty() || number - ranges.back().last > worthPassingOver)
            ranges.push_back({number, number});
        else
            ranges.back().last = number;
    }
    return ranges;
}

} // namespace evalwright
