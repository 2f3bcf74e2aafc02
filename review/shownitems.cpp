// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/shownitems.h"

#include "storage/repositories/candidates.h"

namespace evalwright::review {

Status forEachShown(Connection &connection, const QList<qint64> &candidates, const QString &family,
                    const std::function<Status(const Candidate &item, const ShownItem &shown)> &use)
{
    constexpr qsizetype itemsAtOnce = 1000;
    for (qsizetype from = 0; from < candidates.size(); from += itemsAtOnce) {
        EVALWRIGHT_ASSIGN(const QList<Candidate> some, candidatesById(connection, candidates.mid(from, itemsAtOnce)));
        for (const Candidate &item : some)
            EVALWRIGHT_TRY(use(item, shownItem(item, family)));
    }
    return {};
}

} // namespace evalwright::review
