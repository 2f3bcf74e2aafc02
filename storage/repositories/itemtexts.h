// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/connection.h"

#include <QHash>
#include <QList>

namespace evalwright {

/// What a person sees of an item in a list.
struct ItemText
{
    QString uuid, statement, question, matchingLabel;
    /// The statement, or the question where there is none.
    const QString &shown() const { return statement.isEmpty() ? question : statement; }
};

/// By candidate id; ids that do not exist are left out.
Result<QHash<qint64, ItemText>> itemTexts(Connection &connection, const QList<qint64> &candidates);

} // namespace evalwright
