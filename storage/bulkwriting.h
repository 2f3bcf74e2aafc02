// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/connection.h"

#include <functional>
#include <span>
#include <vector>

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

namespace evalwright {

/// Sets a connection up for statements that write very many rows, and back when it goes. Only within a transaction that is
/// rolled back when one of them fails: they are written with OR FAIL, since SQLite would else keep the state before each
/// statement in memory, and references are not looked after, so what they refer to has to come from its own table.
class BulkWriting
{
public:
    /// A function for statements, on the thread that runs them.
    using Function = std::function<void(sqlite3_context *result, std::span<sqlite3_value *> values)>;

    explicit BulkWriting(Connection &connection) : m_connection(connection) {}
    BulkWriting(const BulkWriting &) = delete;
    BulkWriting &operator=(const BulkWriting &) = delete;
    ~BulkWriting();
    Status begin();
    /// SQLite's own; once it has begun.
    sqlite3 *database() const { return m_database; }
    /// Exists as long as this object. `name` is a literal.
    Status addFunction(const char *name, int values, Function function);

private:
    Connection &m_connection;
    sqlite3 *m_database = nullptr;
    int m_referencesBefore = 0;
    struct Added
    {
        const char *name;
        int values;
        std::unique_ptr<Function> function;
    };
    std::vector<Added> m_added;
};

/// Both in it.
struct NumberRange
{
    qint64 first = 0, last = -1;
};
/// Ranges that have all of some rising numbers in them and few others, for statements that pass the others over.
std::vector<NumberRange> rangesOf(std::span<const qint64> numbers);

/// Says of rising numbers whether they are among others, which rise as well.
class RisingLookup
{
public:
    explicit RisingLookup(std::span<const qint64> numbers) : m_numbers(numbers) {}
    bool has(qint64 number)
    {
        if (m_at < m_numbers.size() && m_numbers[m_at] > number)
            m_at = 0; // Begun anew.
        while (m_at < m_numbers.size() && m_numbers[m_at] < number)
            ++m_at;
        return m_at < m_numbers.size() && m_numbers[m_at] == number;
    }

private:
    std::span<const qint64> m_numbers;
    std::size_t m_at = 0;
};

} // namespace evalwright
