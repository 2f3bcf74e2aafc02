// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/recovery.h"

#include "core/clock.h"
#include "core/hash.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Made again from the other tables, or meaning nothing in a new file.
bool isDerived(const QString &name)
{
    return name.startsWith("candidate_words"_L1) || name.startsWith("sqlite_"_L1) || name.startsWith("search_"_L1) ||
           name.startsWith("answer_pack"_L1);
}

QString textOf(const StoredValue &value)
{
    return value.type == StoredValue::Type::Text ? QString::fromUtf8(value.bytes.data(), static_cast<qsizetype>(value.bytes.size())) : QString();
}

} // namespace

Status Recovery::tell(const QString &stage)
{
    if (m_token.isCancelled())
        return failure(cancelled(u"The recovery"_s, u"No new project was made; the damaged file is as it was."_s));
    if (m_progress)
        m_progress({stage, m_reader.pagesRead(), m_damaged.pageCount()});
    return {};
}

SalvagedTable *Recovery::table(const QString &name)
{
    const auto found = std::ranges::find(m_tables, name, [](const auto &one) { return one->name(); });
    return found == m_tables.end() ? nullptr : found->get();
}

Status Recovery::makeTables()
{
    QStringList names;
    EVALWRIGHT_TRY(m_made.forEachRow(u"SELECT type, name FROM sqlite_schema ORDER BY rowid"_s, {}, [&](const Statement::Row &row) {
        m_ownNames << row.text(1);
        if (row.bytes(0) == "table" && !isDerived(row.text(1)))
            names << row.text(1);
    }));
    for (const QString &name : names) {
        m_tables.push_back(std::make_unique<SalvagedTable>(m_made, name));
        EVALWRIGHT_TRY(m_tables.back()->readColumns());
    }
    return {};
}

void Recovery::takeSchemaRow(const StoredRecord &record)
{
    if (record.size() != 5 || record[3].type != StoredValue::Type::Integer)
        return;
    Root root{textOf(record[0]), textOf(record[1]), textOf(record[2]), textOf(record[4]), record[3].integer};
    const bool known = m_ownNames.contains(root.name) || isDerived(root.name);
    if (known && root.page > 0 && (root.type == "table"_L1 || root.type == "index"_L1) && !m_roots.contains(root.name))
        m_roots.insert(root.name, root);
}

/// Where each table begins. If the first page is destroyed, the rest of the schema lies somewhere as a page of its own.
void Recovery::findRoots()
{
    const auto use = [this](qint64, const StoredRecord &record) { takeSchemaRow(record); };
    m_reader.readTree(1, use, m_token);
    const auto lacksTable = [this] {
        return std::ranges::any_of(m_tables, [this](const auto &one) { return !m_roots.contains(one->name()); });
    };
    for (qint64 page = 2; lacksTable() && page <= m_damaged.pageCount() && !m_token.isCancelled(); ++page) {
        if (m_reader.kind(page) != TreeReader::Kind::TableLeaf || m_reader.isRead(page))
            continue;
        bool isSchema = false;
        TreeReader look(m_damaged);
        look.readLeaf(page, [&](qint64, const StoredRecord &record) {
            isSchema = isSchema || (record.size() == 5 && record[3].type == StoredValue::Type::Integer &&
                                    (m_ownNames.contains(textOf(record[1])) || isDerived(textOf(record[1]))) &&
                                    textOf(record[4]).startsWith("CREATE "_L1));
        });
        if (isSchema)
            m_reader.readLeaf(page, use);
    }
}

Status Recovery::readTables()
{
    for (const auto &one : m_tables) {
        const auto root = m_roots.constFind(one->name());
        if (root == m_roots.constEnd())
            continue;
        EVALWRIGHT_TRY(tell(u"reading "_s + one->name()));
        std::optional<Error> problem;
        const TreeReader::Found found = m_reader.readTree(
            root->page,
            [&](qint64 rowid, const StoredRecord &record) {
                if (problem)
                    return;
                if (const auto stored = one->store(rowid, record); !stored)
                    problem = stored.error();
            },
            m_token);
        if (problem)
            return failure(*problem);
        one->brokenRows += found.brokenRows;
        one->brokenPages += found.brokenPages;
    }
    return tell(u"reading"_s);
}

/// An index without a condition names every row of its table.
void Recovery::countByIndices()
{
    for (const Root &root : std::as_const(m_roots)) {
        const bool isIndex = root.type == "index"_L1;
        if (!isIndex && !isDerived(root.name))
            continue;
        const TreeReader::Found found = m_reader.readTree(root.page, [](qint64, const StoredRecord &) {}, m_token);
        SalvagedTable *const of = table(root.table);
        // An index without a statement is the table's own, for UNIQUE or a key.
        if (isIndex && of && found.brokenPages == 0 && !root.sql.contains(" WHERE "_L1))
            of->expected = std::max(of->expected, found.rows);
    }
}

SalvagedTable *Recovery::tableLike(const StoredRecord &record, bool rowNumbers)
{
    SalvagedTable *only = nullptr;
    for (const auto &one : m_tables) {
        // Two numbers may be anything.
        if (one->hasRowNumbers() != rowNumbers || one->name() == "candidate_tag"_L1 || !one->looksLike(record))
            continue;
        if (only)
            return nullptr;
        only = one.get();
    }
    return only;
}

Status Recovery::readStray(qint64 page)
{
    const bool rowNumbers = m_reader.kind(page) == TreeReader::Kind::TableLeaf;
    std::optional<Error> problem;
    const TreeReader::Found found = m_reader.readLeaf(page, [&](qint64 rowid, const StoredRecord &record) {
        if (problem)
            return;
        SalvagedTable *const one = tableLike(record, rowNumbers);
        if (!one) {
            m_unknownRows += rowNumbers ? 1 : 0; // Else most likely a part of an index.
            return;
        }
        const auto stored = one->store(rowid, record);
        if (!stored) {
            problem = stored.error();
        } else if (*stored == SalvagedTable::Stored::Added) {
            ++m_strayRows;
        } else if (*stored == SalvagedTable::Stored::Refused) {
            --one->refused; // It only looked like one of this table.
            ++m_unknownRows;
        }
    });
    m_unknownRows += rowNumbers ? found.brokenRows : 0;
    return problem ? Status(failure(*problem)) : Status();
}

/// Leaves whose way from the root is broken. Pages that hold nothing may show what was deleted; they stay out.
Status Recovery::readStrays()
{
    const std::vector<bool> free = m_damaged.freePages();
    constexpr qint64 pagesBetweenWords = 1000;
    for (qint64 page = 2; page <= m_damaged.pageCount(); ++page) {
        if (page % pagesBetweenWords == 0)
            EVALWRIGHT_TRY(tell(u"looking for stray rows"_s));
        const TreeReader::Kind kind = m_reader.kind(page);
        if (!m_reader.isRead(page) && !free[static_cast<std::size_t>(page)] && (kind == TreeReader::Kind::TableLeaf || kind == TreeReader::Kind::IndexLeaf))
            EVALWRIGHT_TRY(readStray(page));
    }
    return {};
}

Status Recovery::ensureIdentity(const QString &name)
{
    EVALWRIGHT_ASSIGN(const qint64 identities, m_made.number(u"SELECT count(*) FROM project"_s));
    if (identities > 0)
        return {};
    ++table(u"project"_s)->placeholders;
    EVALWRIGHT_TRY(m_made.execute(u"INSERT INTO project (id, uuid, name, created_at, program_version) VALUES (1, ?, ?, ?, ?)"_s,
                                  {newUuid(), name, isoNow(), QStringLiteral(EVALWRIGHT_VERSION)}));
    return {};
}

Status Recovery::run(const QString &name, RecoverReport &report)
{
    EVALWRIGHT_TRY(makeTables());
    EVALWRIGHT_TRY(m_made.execute(u"DELETE FROM project"_s)); // The new file's own; the damaged one has its identity.
    findRoots();
    report.schemaLost = std::ranges::any_of(m_tables, [this](const auto &one) { return !m_roots.contains(one->name()); });
    EVALWRIGHT_TRY(readTables());
    countByIndices();
    EVALWRIGHT_TRY(readStrays());
    if (std::ranges::all_of(m_tables, [](const auto &one) { return one->salvaged == 0; })) {
        return failure(Error(ErrorCode::NotAProject, u"Nothing in this file looks like a row of an Evalwright project."_s,
                             u"Check that it is the right file; look for a backup."_s)
                           .withConsequence(u"No new project was made; the file is as it was."_s));
    }
    EVALWRIGHT_TRY(ensureIdentity(name));
    EVALWRIGHT_TRY(mend());
    EVALWRIGHT_TRY(tell(u"checking"_s));
    report.pages = m_damaged.pageCount();
    report.strayRows = m_strayRows;
    report.unknownRows = m_unknownRows;
    for (const auto &one : m_tables) {
        report.tables << RecoverReport::Table{one->name(),       one->salvaged - one->dropped, one->brokenRows + one->refused,
                                              one->brokenPages,  one->expected,                one->dropped,
                                              one->mended,       one->placeholders};
    }
    nlohmann::json detail = report.toJson();
    detail.erase("path");
    detail.erase("check");
    EVALWRIGHT_TRY(m_made.execute(u"INSERT INTO event_log (at, kind, detail) VALUES (?, 'recover', ?)"_s,
                                  {isoNow(), QString::fromStdString(detail.dump())}));
    return {};
}

} // namespace evalwright
