// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/requestlog.h"

#include <QAbstractTableModel>

namespace evalwright {

/// A job's requests, read in pages of 200 as one scrolls.
class RequestModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Place,
        State,
        ModelName,
        Status,
        Tries,
        Resent,
        Seconds,
        TokensIn,
        TokensOut,
        Cost,
        Stored,
        ColumnCount
    };
    static constexpr int pageSize = 200;

    using QAbstractTableModel::QAbstractTableModel;

    void setRequests(std::shared_ptr<Project> project, JobId job, RequestFilter filter);
    /// Reads the first page again when no other is shown: for a job that is running. Rows keep their places.
    void refresh();
    const RequestRow *rowAt(int row) const;
    int rowOf(StepId step) const; ///< -1 when it is not read.
    bool isComplete() const { return m_atEnd; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void loaded();
    void failed(const evalwright::Error &error);

private:
    void take(const QList<RequestRow> &page, bool again);
    QString cell(const RequestRow &row, int column) const;

    std::shared_ptr<Project> m_project;
    JobId m_job;
    RequestFilter m_filter = RequestFilter::All;
    QList<RequestRow> m_rows;
    bool m_reading = false, m_atEnd = true;
    quint64 m_turn = 0;
};

/// What an answer cost, in words: "0.0042", "free", "unknown"; an em dash without an answer of this job.
QString costText(const RequestRow &row);

} // namespace evalwright
