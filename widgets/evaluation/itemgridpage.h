// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "evaluation/itemgrid.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace evalwright {

class Banner;
class ItemGridModel;
class Session;

/// What several models answered to the items of one data set, item by item; above it, for two models, the paired test.
/// Reading and filtering go on beside the window; the rows of before stay until the new ones are there.
class ItemGridPage : public QWidget
{
    Q_OBJECT

public:
    explicit ItemGridPage(Session &session, QWidget *parent = nullptr);
    /// Cells of one data set.
    void showCells(const QList<ResultRow> &cells);
    void setFilter(GridFilter filter);
    QTableView *table() const { return m_table; }
    ItemGridModel *model() const { return m_model; }

Q_SIGNALS:
    /// The inspector is wanted.
    void candidateActivated(evalwright::CandidateId id);
    /// The rows that were wanted last are shown.
    void loaded();

private:
    void read();
    void filter();
    void show(std::vector<std::size_t> rows);
    void compare();
    void announce(const QModelIndex &index);

    Session &m_session;
    Banner *m_banner;
    QLabel *m_title, *m_count, *m_test;
    QWidget *m_testCard;
    QComboBox *m_filter;
    QPushButton *m_again;
    ItemGridModel *m_model;
    QTableView *m_table;
    QList<ResultRow> m_cells;
    std::shared_ptr<const ItemGrid> m_grid; ///< Null until it was read.
    quint64 m_generation = 0;
};

} // namespace evalwright
