// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/connection.h"

#include <QList>
#include <QString>

namespace evalwright {

/// A row of sqlite_schema.
struct SchemaObject
{
    QString type; ///< table | index | view | trigger, as the file says.
    QString name, table, sql;

    QString text() const; ///< “trigger “t”” for messages.
};

struct SchemaDifference
{
    QList<SchemaObject> missing; ///< What this program makes and the file lacks, in the order of making.
    QList<SchemaObject> foreign; ///< What the file has and this program does not make, or makes differently.

    /// Indices and views can be made again from what is there; a table cannot.
    bool isRepairable() const;
    /// Reading the project's tables and views may run statements that somebody else wrote.
    bool isUnsafeToRead() const;
    QString foreignNames() const;
};

/// Compares the file's schema with the one that this program makes, white space aside. A project may come from
/// anybody, and a trigger or a replaced view in it would do its work inside of ours. SQLite's own statistics tables
/// are let pass. Takes about a millisecond.
Result<SchemaDifference> compareSchema(Connection &connection);

} // namespace evalwright
