// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/savedviews.h"

#include "core/clock.h"
#include "storage/items/itemfilter.h"

#include <QJsonDocument>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestName = 80;

Result<QString> nameOf(const QString &text)
{
    const QString name = text.simplified();
    if (name.isEmpty() || name.size() > longestName) {
        return failure(ErrorCode::InvalidInput, u"“%1” is no name of a view."_s.arg(name.left(longestName)),
                       u"Use 1 to %1 characters."_s.arg(longestName));
    }
    return name;
}

const QString viewColumns = u"SELECT id, name, filter, state, created_at FROM saved_view WHERE "_s;

SavedView viewFrom(const Statement::Row &row)
{
    return {row.integer(0), row.text(1), row.text(2), row.text(3), row.text(4)};
}

Result<SavedView> viewById(Connection &connection, qint64 id)
{
    SavedView view;
    EVALWRIGHT_TRY(connection.forEachRow(viewColumns + u"id = ?"_s, {id}, [&view](const Statement::Row &row) { view = viewFrom(row); }));
    if (view.id == 0)
        return failure(ErrorCode::NotFound, u"This view is not saved any more."_s, u"Save it anew."_s);
    return view;
}

} // namespace

Result<QList<SavedView>> savedViews(Connection &connection, DatasetId dataset)
{
    QList<SavedView> views;
    EVALWRIGHT_TRY(connection.forEachRow(viewColumns + u"dataset_id = ? ORDER BY name COLLATE NOCASE, name"_s, {dataset.value},
                                         [&views](const Statement::Row &row) { views << viewFrom(row); }));
    return views;
}

Result<SavedView> saveView(Connection &connection, DatasetId dataset, const SavedView &view)
{
    EVALWRIGHT_ASSIGN(const QString name, nameOf(view.name));
    if (const auto filter = parseItemFilter(view.filter); !filter)
        return failure(filter.error());
    if (!QJsonDocument::fromJson(view.state.toUtf8()).isObject())
        return failure(ErrorCode::InvalidInput, u"The order and columns of the view are no JSON object."_s);
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO saved_view (dataset_id, name, filter, state, created_at) VALUES (?, ?, ?, ?, ?) "
                                      u"ON CONFLICT (dataset_id, name) DO UPDATE SET filter = excluded.filter, state = excluded.state"_s,
                                      {dataset.value, name, bound(view.filter), view.state,
                                       view.createdAt.isEmpty() ? isoNow() : view.createdAt}));
    EVALWRIGHT_ASSIGN(const QVariant id, connection.value(u"SELECT id FROM saved_view WHERE dataset_id = ? AND name = ?"_s, {dataset.value, name}));
    return viewById(connection, id.toLongLong());
}

Status renameView(Connection &connection, qint64 view, const QString &name)
{
    EVALWRIGHT_ASSIGN(const QString wanted, nameOf(name));
    EVALWRIGHT_TRY(viewById(connection, view));
    EVALWRIGHT_ASSIGN(const QVariant other, connection.value(u"SELECT id FROM saved_view WHERE name = ? AND id <> ? AND dataset_id = "
                                                             u"(SELECT dataset_id FROM saved_view WHERE id = ?)"_s,
                                                             {wanted, view, view}));
    if (other.isValid()) {
        return failure(Error(ErrorCode::AlreadyExists, u"There is a view “%1” already."_s.arg(wanted), u"Choose another name."_s)
                           .withConsequence(u"Nothing was changed."_s));
    }
    EVALWRIGHT_TRY(connection.execute(u"UPDATE saved_view SET name = ? WHERE id = ?"_s, {wanted, view}));
    return {};
}

Result<SavedView> deleteView(Connection &connection, qint64 view)
{
    EVALWRIGHT_ASSIGN(SavedView gone, viewById(connection, view));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM saved_view WHERE id = ?"_s, {view}));
    return gone;
}

} // namespace evalwright
