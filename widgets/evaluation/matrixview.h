// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/results.h"
#include "widgets/evaluation/intervaldelegate.h"

#include <QAbstractTableModel>
#include <QTableView>

namespace evalwright {

/// Data sets × models. A cell holds one result for each frame (and control) that was asked, or none.
class MatrixModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    void setMatrix(ResultMatrix matrix);
    QList<const ResultRow *> cell(const QModelIndex &index) const;
    /// Of the cells of this row, the largest number of results in one; at least 1.
    int depth(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    ResultMatrix m_matrix;
    QList<QList<int>> m_cells; ///< Of each row and column, row-major: indices into the matrix's rows.
};

/// A block for each result of the cell: score with interval, the bar, and below it refusals and label mass.
class MatrixDelegate : public IntervalDelegate
{
public:
    using IntervalDelegate::IntervalDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    static int blockHeight(const QWidget *widget);

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

/// The matrix as a table; a click on a cell, or Enter, opens its items.
class MatrixView : public QTableView
{
    Q_OBJECT

public:
    explicit MatrixView(QWidget *parent = nullptr);
    void setMatrix(ResultMatrix matrix);
    /// Results of the current cell.
    QList<ResultRow> currentCell() const;

Q_SIGNALS:
    void currentCellChanged();
    /// Never empty.
    void cellOpened(const QList<evalwright::ResultRow> &rows);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void open(const QModelIndex &index);
    QList<ResultRow> rowsOf(const QModelIndex &index) const;

    MatrixModel m_model;
};

} // namespace evalwright
