// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/results.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>
#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace evalwright {

class Banner;
class EmptyState;
class Session;

/// The latest result of each data set, model and frame.
class ResultModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Dataset,
        ModelName,
        Parameters,
        Frame,
        Items,
        Matching,
        Score,
        Bar,
        Refused,
        NoAnswer,
        LabelMass,
        Notes,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;
    void setRows(QList<ResultRow> rows);
    const QList<ResultRow> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<ResultRow> m_rows;
};

/// Paints the interval on the way from 0 to 1, with chance, floor and ceiling as marks.
class IntervalDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

/// Scores with intervals, refusals apart; two rows can be compared item by item.
class ResultsPage : public QWidget
{
    Q_OBJECT

public:
    explicit ResultsPage(Session &session, QWidget *parent = nullptr);
    QTableView *table() const { return m_table; }

Q_SIGNALS:
    void evaluationRequested();
    void scalingRequested(const QString &dataset);

private:
    void reload();
    void show(const QList<ResultRow> &rows);
    void showSelection();
    void compare(const ResultRow &a, const ResultRow &b);
    void saveTable();

    Session &m_session;
    Banner *m_banner;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    ResultModel *m_model;
    QTableView *m_table;
    QLabel *m_detail;
    QPushButton *m_curve, *m_save;
    quint64 m_generation = 0;
};

} // namespace evalwright
