// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/notes.h"

#include "core/clock.h"

#include <QSqlError>

namespace evalwright {

using namespace Qt::StringLiterals;

Status addNote(Connection &connection, DatasetId dataset, const DatasetNote &note)
{
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO dataset_note (dataset_id, kind, text, detail, actor, created_at) "
        u"SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM dataset_note WHERE dataset_id = ? AND kind = ? AND "
        u"text = ? AND actor = ?)"_s,
        {dataset.value, bound(note.kind), bound(note.text), note.detail, bound(note.actor),
         note.createdAt.isEmpty() ? isoNow() : note.createdAt, dataset.value, bound(note.kind),
         bound(note.text), bound(note.actor)}));
    return {};
}

Result<QList<DatasetNote>> notesOf(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT kind, text, detail, actor, created_at FROM dataset_note "
                                                       u"WHERE dataset_id = ? ORDER BY id"_s,
                                                       {dataset.value}));
    QList<DatasetNote> notes;
    while (rows.next()) {
        notes << DatasetNote{rows.value(0).toString(), rows.value(1).toString(), rows.value(2).toString(),
                             rows.value(3).toString(), rows.value(4).toString()};
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the notes of a data set"_s));
    return notes;
}

} // namespace evalwright
