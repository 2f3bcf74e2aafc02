// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/requestlog.h"

#include <QAbstractTableModel>
#include <QWidget>

class QStackedWidget;
class QTableView;

namespace evalwright {

class Banner;

/// A change of an endpoint's limit as the engine logged it, in words.
struct LimitChange
{
    qint64 id = 0;
    QString at, endpoint, before, after, why;
};
/// Reads a `limit` event; what is missing or of another kind stays empty.
LimitChange limitChangeFrom(const LoggedEvent &event);

/// The changes of the limit of one job, newest first, read in pages as one scrolls.
class LimitModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, From, To, Why, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    /// Starts anew, also for the same job.
    void setJob(std::shared_ptr<Project> project, JobId job);

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
    std::shared_ptr<Project> m_project;
    JobId m_job;
    QList<LimitChange> m_changes;
    bool m_reading = false, m_atEnd = true;
    quint64 m_turn = 0;
};

/// The list on the screen, with words when it is empty.
class LimitList : public QWidget
{
    Q_OBJECT

public:
    explicit LimitList(QWidget *parent = nullptr);
    void setJob(const std::shared_ptr<Project> &project, JobId job);
    QTableView *table() const { return m_table; }

private:
    LimitModel m_model;
    Banner *m_banner;
    QStackedWidget *m_stack;
    QWidget *m_empty;
    QTableView *m_table;
};

} // namespace evalwright
