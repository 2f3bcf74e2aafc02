// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids.h"
#include "storage/connection.h"

#include <QList>

namespace evalwright {

/// A filter of a data set with what else belongs to looking at it again. Saved in the project, so that it travels with it.
struct SavedView
{
    qint64 id = 0;
    QString name;
    QString filter;           ///< As typed (parseItemFilter).
    QString state = QStringLiteral("{}"); ///< JSON object: order and columns; the window says what is in it.
    QString createdAt;
};

/// By name.
Result<QList<SavedView>> savedViews(Connection &connection, DatasetId dataset);
/// Saves it under its name, in place of one that has it. InvalidInput: a name that is empty or longer than 80 characters,
/// a filter or state that cannot be read.
Result<SavedView> saveView(Connection &connection, DatasetId dataset, const SavedView &view);
/// NotFound; AlreadyExists when another view of the data set has the name; InvalidInput as above.
Status renameView(Connection &connection, qint64 view, const QString &name);
/// What was deleted, for saving it again; NotFound.
Result<SavedView> deleteView(Connection &connection, qint64 view);

} // namespace evalwright
