// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/tools/projectrecover.h"
#include "storage/tools/salvagedtable.h"
#include "storage/tools/treereader.h"

#include <QMap>

#include <memory>
#include <vector>

namespace evalwright {

/// One recovery: from the pages of a damaged file into a new project that is open for writing, without enforced references.
class Recovery
{
public:
    Recovery(DamagedFile &damaged, SqliteFile &made, const CancellationToken &token, const ToolProgressFunction &progress)
        : m_damaged(damaged), m_made(made), m_reader(damaged), m_token(token), m_progress(progress)
    {
    }
    /// Inside one transaction of the new project.
    Status run(const QString &name, RecoverReport &report);

private:
    struct Root
    {
        QString type, name, table, sql;
        qint64 page = 0;
    };

    Status makeTables();
    void findRoots();
    void takeSchemaRow(const StoredRecord &record);
    Status readTables();
    Status readStrays();
    Status readStray(qint64 page);
    SalvagedTable *tableLike(const StoredRecord &record, bool rowNumbers);
    void countByIndices();
    Status ensureIdentity(const QString &name);

    // mending.cpp
    struct Reference
    {
        QString table, column, parent;
        bool mayBeNull = true;
    };
    Status mend();
    Result<QList<Reference>> references();
    Status placeholders(const QList<Reference> &references);
    Status emptyOrDrop(const Reference &reference, bool &changed);
    Status askAgain();
    SalvagedTable *table(const QString &name);
    Status tell(const QString &stage);

    DamagedFile &m_damaged;
    SqliteFile &m_made;
    TreeReader m_reader;
    const CancellationToken &m_token;
    const ToolProgressFunction &m_progress;
    std::vector<std::unique_ptr<SalvagedTable>> m_tables;
    QMap<QString, Root> m_roots; ///< By name.
    QStringList m_ownNames;
    qint64 m_strayRows = 0, m_unknownRows = 0;
};

} // namespace evalwright
