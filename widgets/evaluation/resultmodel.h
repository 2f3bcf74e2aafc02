// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/results.h"

#include <QAbstractTableModel>

namespace evalwright {

/// The latest result of each data set, model, frame and control.
class ResultModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Dataset,
        ModelName,
        Parameters,
        Frame,
        Control,
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

} // namespace evalwright
