// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QTableView>

namespace evalwright {

/// Rows of text under a header; columns of numbers stand to the right.
class NumbersModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    /// Rows shorter than the header are filled with empty cells.
    void setTable(const QStringList &header, const QList<QStringList> &rows);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QStringList m_header;
    QList<QStringList> m_rows;
    QList<bool> m_numeric;
};

/// The numbers behind a picture: readable by screen readers, copied with Ctrl+C as lines of tab-separated cells.
class NumbersTable : public QTableView
{
    Q_OBJECT

public:
    explicit NumbersTable(QWidget *parent = nullptr);
    void setTable(const QStringList &header, const QList<QStringList> &rows);
    void copySelection() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    NumbersModel m_model;
};

} // namespace evalwright
