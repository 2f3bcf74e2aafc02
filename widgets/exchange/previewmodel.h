// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/preview.h"

#include <QAbstractTableModel>

namespace evalwright {

/// The first rows of a file as an import would read them; what is wrong with a row stands beside it. All text is plain.
class PreviewModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Line, State, Question, Matching, Others, Statement, Confidence, Cluster };

    using QAbstractTableModel::QAbstractTableModel;
    void setRows(const QList<PreviewRow> &rows);
    /// As it stands in the file.
    QString rawText(int row) const { return m_rows.value(row).text; }
    /// Whether any row has something there.
    bool hasColumn(Column column) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const PreviewRow &row, int column) const;

    QList<PreviewRow> m_rows;
};

} // namespace evalwright
