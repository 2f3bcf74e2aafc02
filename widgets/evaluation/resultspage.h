// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/results.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QFrame;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace evalwright {

class Banner;
class EmptyState;
class FindingsView;
class MatrixView;
class ResultModel;
class Session;

/// Scores with intervals, refusals apart, as a table or as a matrix of data sets by models, and what follows from controls,
/// orders of options and pronouns; which of them is remembered for each project. Two rows can be compared item by item.
class ResultsPage : public QWidget
{
    Q_OBJECT

public:
    enum class View { Table, Matrix, Findings };

    explicit ResultsPage(Session &session, QWidget *parent = nullptr);
    QTableView *table() const { return m_table; }
    MatrixView *matrix() const { return m_matrix; }
    FindingsView *findings() const { return m_findings; }
    View view() const;
    void setView(View view);

Q_SIGNALS:
    void evaluationRequested();
    void scalingRequested(const QString &dataset);
    /// The items of these cells, which are all of one data set, side by side.
    void itemsRequested(const QList<evalwright::ResultRow> &cells);

private:
    void reload();
    void show(const QList<ResultRow> &rows);
    void showMatrix();
    void markChosenView();
    void showSelection();
    void compare(const ResultRow &a, const ResultRow &b);
    void openItems();
    void saveTable();
    QList<ResultRow> chosenRows() const;

    Session &m_session;
    Banner *m_banner;
    QStackedWidget *m_stack, *m_views;
    EmptyState *m_empty;
    ResultModel *m_model;
    QTableView *m_table;
    MatrixView *m_matrix;
    FindingsView *m_findings;
    QButtonGroup *m_toggle;
    QComboBox *m_control;
    QLabel *m_hint, *m_detail;
    QFrame *m_card;
    QPushButton *m_items, *m_curve, *m_save, *m_copy;
    quint64 m_generation = 0, m_comparison = 0;
};

} // namespace evalwright
