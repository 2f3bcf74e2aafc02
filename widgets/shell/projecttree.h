// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QTreeWidget>

class QMenu;

namespace evalwright {

class Session;

/// The project at a glance: behaviours by category with their data sets and counts, models by family, evaluations,
/// figures.
class ProjectTree : public QTreeWidget
{
    Q_OBJECT

public:
    explicit ProjectTree(Session &session, QWidget *parent = nullptr);
    /// A new menu of what can be done with an entry; null for entries without one. The caller owns it.
    QMenu *menuFor(const QTreeWidgetItem *item);

Q_SIGNALS:
    void datasetActivated(evalwright::DatasetId id, const QString &name);
    void modelsActivated();
    void resultsActivated();
    void scalingActivated();
    void jobsActivated();
    /// From the menu of a data set.
    void comparisonRequested(const QString &dataset);
    void gapRequested(const QString &dataset);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void reload();
    void show(const QList<DatasetSummary> &datasets, const QList<Model> &models, qint64 runs);

    Session &m_session;
    quint64 m_generation = 0;
};

} // namespace evalwright
