// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"

#include <QWidget>

class QLabel;
class QTabWidget;
class QThreadPool;
class QUndoStack;

namespace evalwright {

class Banner;
class FilterPage;
class FunnelPage;
class ItemsPage;
class LintPage;
class MapPage;
class CardPage;
class ReviewPage;

/// One data set: what it is, how it came to be, its items.
class DatasetPage : public QWidget
{
    Q_OBJECT

public:
    /// Long computations of its tabs run in `workers`; both must outlive the page.
    DatasetPage(std::shared_ptr<Project> project, DatasetId dataset, const QString &name, QThreadPool &workers,
                QUndoStack &undoStack, QWidget *parent = nullptr);
    enum View { Overview, Funnel, Items, Filter, Map, Lint, Review, Card };
    void setView(View view);
    QString name() const { return m_name; }
    DatasetId dataset() const { return m_dataset; }
    ItemsPage *items() const { return m_items; }
    /// Reads the overview again.
    void reload();

Q_SIGNALS:
    void candidateActivated(evalwright::CandidateId id);
    void generateRequested();
    void recheckRequested(const QString &dataset);
    void evaluateRequested(const QString &dataset);
    void comparisonRequested(const QString &dataset);
    void gapRequested(const QString &dataset);
    void exportRequested(const QString &dataset);
    void rateRequested(evalwright::ReviewId review);
    /// From the map: candidates to write more of, or others than.
    void writeMoreLike(const QList<evalwright::CandidateId> &ids);
    void writeAwayFrom(const QList<evalwright::CandidateId> &ids);
    /// From the map, too: see MapPage.
    void embedRequested(const QString &model, bool all);
    void namesRequested(const QString &model, const QString &embedder, bool all);

private:
    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QString m_name;
    Banner *m_banner;
    QTabWidget *m_tabs;
    QLabel *m_overview, *m_behaviour;
    ItemsPage *m_items; ///< Made first, so that its rows are read before the numbers of the others.
    FunnelPage *m_funnel;
    FilterPage *m_filter;
    MapPage *m_map;
    LintPage *m_lint;
    ReviewPage *m_review;
    CardPage *m_card;
};

} // namespace evalwright
