// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/scalingpage.h"

#include "core/onfinished.h"
#include "evaluation/figures.h"
#include "widgets/figures/figurepage.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace evalwright {

ScalingPage::ScalingPage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner), m_dataset(new QComboBox), m_stack(new QStackedWidget),
      m_empty(new EmptyState(tr("No curve yet"),
                             tr("A curve needs results of models whose number of parameters is known; three sizes of "
                                "one family give a verdict."),
                             tr("New evaluation …"))),
      m_page(new FigurePage)
{
    m_dataset->setMinimumWidth(260);
    m_dataset->setAccessibleName(tr("Data set"));
    auto *top = new QHBoxLayout;
    top->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), 0);
    top->addWidget(new QLabel(tr("Data set")));
    top->addWidget(m_dataset);
    top->addStretch();
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->addWidget(m_banner);
    layout->addLayout(top);
    layout->addWidget(m_stack, 1);
    connect(m_empty, &EmptyState::clicked, this, &ScalingPage::evaluationRequested);
    connect(m_dataset, &QComboBox::activated, this, [this] {
        m_wanted = m_dataset->currentData().toString();
        build(true);
    });
    connect(m_page, &FigurePage::updateRequested, this, [this] { build(true); });
    connect(&m_session, &Session::projectChanged, this, [this] {
        m_wanted.clear();
        m_shownHash.clear();
        fillDatasets();
    });
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Runs)
            fillDatasets();
    });
    fillDatasets();
}

void ScalingPage::showDataset(const QString &name)
{
    m_wanted = name;
    m_shownHash.clear();
    fillDatasets();
}

void ScalingPage::fillDatasets()
{
    if (!m_session.project()) {
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    onFinished(m_session.project()->read([](Connection &c) { return results(c, {}); }), this,
               [this](const Result<QList<ResultRow>> &rows) {
                   if (!rows) {
                       m_banner->showError(rows.error());
                       return;
                   }
                   m_dataset->clear();
                   m_dataset->addItem(tr("All data sets"), QString());
                   for (const ResultRow &row : *rows) {
                       if (m_dataset->findData(row.dataset) < 0)
                           m_dataset->addItem(row.dataset, row.dataset);
                   }
                   // A single data set is not "all".
                   if (m_wanted.isEmpty() && m_dataset->count() == 2)
                       m_wanted = m_dataset->itemData(1).toString();
                   m_dataset->setCurrentIndex(std::max(0, m_dataset->findData(m_wanted)));
                   if (rows->isEmpty()) {
                       m_stack->setCurrentWidget(m_empty);
                       Q_EMIT loaded();
                       return;
                   }
                   build(m_shownHash.isEmpty());
               });
}

void ScalingPage::build(bool replace)
{
    if (!m_session.project())
        return;
    ScalingQuery query;
    if (!m_wanted.isEmpty())
        query.datasets << m_wanted;
    const quint64 generation = ++m_generation;
    onFinished(m_session.project()->read([query](Connection &c) -> Result<FigureSpec> {
        EVALWRIGHT_ASSIGN(const ScalingReport report, scaling(c, query));
        return scalingFigure(report, query);
    }),
               this, [this, generation, replace](const Result<FigureSpec> &figure) {
                   if (generation != m_generation)
                       return;
                   if (!figure) {
                       m_banner->showError(figure.error());
                   } else if (replace) {
                       m_shownHash = figure->dataHash;
                       m_page->setFigure(*figure);
                       m_page->setNewerResultsExist(false);
                       m_stack->setCurrentWidget(m_page);
                   } else {
                       m_page->setNewerResultsExist(figure->dataHash != m_shownHash);
                   }
                   Q_EMIT loaded();
               });
}

} // namespace evalwright
