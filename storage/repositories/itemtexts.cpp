// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/itemtexts.h"

#include <QStringList>

namespace evalwright {

using namespace Qt::StringLiterals;

Result<QHash<qint64, ItemText>> itemTexts(Connection &connection, const QList<qint64> &candidates)
{
    QHash<qint64, ItemText> texts;
    QStringList numbers; // This program's own, so they may stand in the text.
    for (const qint64 id : candidates)
        numbers << QString::number(id);
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT id, uuid, statement, question, matching_label FROM candidate "
                                       u"WHERE id IN (%1)"_s.arg(numbers.join(u", "_s))));
    while (rows.next()) {
        texts.insert(rows.value(0).toLongLong(), {rows.value(1).toString(), rows.value(2).toString(),
                                                  rows.value(3).toString(), rows.value(4).toString()});
    }
    return texts;
}

} // namespace evalwright
