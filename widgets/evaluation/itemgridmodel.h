// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/itemgrid.h"
#include "storage/repositories/itemtexts.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace evalwright {

class Session;

/// Items × models. The grid is in memory; the texts of items are fetched for the rows that are looked at, on a worker
/// thread, a block of rows at a time.
class ItemGridModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit ItemGridModel(Session &session, QObject *parent = nullptr);

    /// `rows`: those to show, see selectRows().
    void setGrid(std::shared_ptr<const ItemGrid> grid, std::vector<std::size_t> rows);
    const ItemGrid *grid() const { return m_grid.get(); }
    qint64 itemAt(int row) const;
    const ItemText *textAt(int row) const; ///< Null until it was fetched.
    qsizetype fetchedBlocks() const { return m_asked.size(); } ///< Of rows whose texts were asked for.

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override; ///< The item, then one for each model.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// What a state is called in the window.
    static QString stateText(GridState state);

Q_SIGNALS:
    void failed(const evalwright::Error &error);

private:
    void fetch(int row) const;

    Session &m_session;
    std::shared_ptr<const ItemGrid> m_grid;
    std::vector<std::size_t> m_rows;
    mutable QHash<qint64, ItemText> m_texts;
    mutable QSet<int> m_asked; ///< Blocks of rows under way or there.
    quint64 m_generation = 0;
};

} // namespace evalwright
