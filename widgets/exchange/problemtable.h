// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/exchange/importjob.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <QTableView>

namespace evalwright {

/// The rows that cannot be read, of all files; no more than a table sorts in a moment.
class ProblemModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { File, Line, Place, Reason, Field, Message, Excerpt };
    static constexpr int sortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;
    void setFiles(const QList<FileImport> &files);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QVariant value(int row, int column) const; ///< A number where it is one.

    QList<std::pair<QString, RowProblem>> m_rows;
};

/// Shows them, sorted by any column; copied with Ctrl+C as lines of cells with tabs between them.
class ProblemTable : public QTableView
{
    Q_OBJECT

public:
    explicit ProblemTable(QWidget *parent = nullptr);
    void setFiles(const QList<FileImport> &files);
    qsizetype rows() const { return m_model.rowCount(); }
    /// As they are sorted now, under a header; of the chosen rows when there are any.
    QString text() const;
    /// All of them as RFC 4180; cells that a spreadsheet would take for a formula get an apostrophe.
    QByteArray csv() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    ProblemModel m_model;
    QSortFilterProxyModel m_sorted;
};

} // namespace evalwright
