// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/evaluation/findingtables.h"

#include <QAbstractTableModel>
#include <QTableView>

namespace evalwright {

/// The lines of one kind of finding.
class FindingModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;
    void setTable(FindingTable table);
    const FindingTable &table() const { return m_table; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    FindingTable m_table;
};

/// As high as its lines, up to a limit, because several stand below each other on one page. Copying copies the chosen
/// lines with the titles.
class FindingTableView : public QTableView
{
    Q_OBJECT

public:
    explicit FindingTableView(QWidget *parent = nullptr);
    void setTable(FindingTable table);
    const FindingTable &table() const { return m_model.table(); }
    /// The first chosen line; null without one.
    const FindingLine *chosenLine() const;
    QString chosenText() const; ///< Tab-separated; all lines when none is chosen.

Q_SIGNALS:
    void choiceChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;

private:
    void fitHeight();

    FindingModel m_model;
};

} // namespace evalwright
