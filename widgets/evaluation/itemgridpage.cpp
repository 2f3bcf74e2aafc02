// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/itemgridpage.h"

#include "core/onfinished.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/evaluation/itemgridmodel.h"
#include "widgets/evaluation/resultwords.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int itemWidth = 420;
constexpr int answerWidth = 260;

QString filterText(GridFilter filter)
{
    switch (filter) {
    case GridFilter::All:
        return ItemGridPage::tr("All items");
    case GridFilter::Differ:
        return ItemGridPage::tr("Models differ");
    case GridFilter::AllMatch:
        return ItemGridPage::tr("All match");
    case GridFilter::NoneMatch:
        return ItemGridPage::tr("None matches");
    case GridFilter::Refused:
        return ItemGridPage::tr("Some model refused");
    case GridFilter::Unparsed:
        return ItemGridPage::tr("Some answer was not understood");
    case GridFilter::Undecided:
        return ItemGridPage::tr("Some model is undecided");
    case GridFilter::Failed:
        return ItemGridPage::tr("Some request failed");
    }
    return {};
}

} // namespace

ItemGridPage::ItemGridPage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner), m_title(new QLabel), m_count(new QLabel),
      m_test(new QLabel), m_testCard(new QFrame), m_filter(new QComboBox),
      m_again(new QPushButton(tr("Newer answers: read again"))), m_model(new ItemGridModel(session, this)),
      m_table(new QTableView)
{
    for (QLabel *label : {m_title, m_count, m_test})
        label->setTextFormat(Qt::PlainText);
    m_title->setFont(Theme::font(Theme::Role::Heading));
    setSecondary(m_count);
    m_test->setWordWrap(true);
    m_test->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setCard(m_testCard);
    m_testCard->hide();
    auto *cardLayout = new QVBoxLayout(m_testCard);
    cardLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), Theme::spacing());
    cardLayout->addWidget(m_test);
    m_filter->setAccessibleName(tr("Which items"));
    for (const GridFilter filter :
         {GridFilter::All, GridFilter::Differ, GridFilter::AllMatch, GridFilter::NoneMatch, GridFilter::Refused,
          GridFilter::Unparsed, GridFilter::Undecided, GridFilter::Failed})
        m_filter->addItem(filterText(filter), static_cast<int>(filter));
    m_again->hide();
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Items and answers"));
    showAsRows(m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    // Fixed sizes: to measure the cells would be to read two hundred thousand texts.
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(34);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setDefaultSectionSize(answerWidth);

    auto *top = new QHBoxLayout;
    top->addWidget(m_title);
    top->addSpacing(Theme::spacing(2));
    top->addWidget(m_count, 1);
    top->addWidget(m_again);
    top->addWidget(m_filter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addLayout(top);
    layout->addWidget(m_testCard);
    layout->addWidget(m_table, 1);

    connect(m_filter, &QComboBox::currentIndexChanged, this, &ItemGridPage::filter);
    connect(m_again, &QPushButton::clicked, this, [this] { showCells(m_cells); });
    connect(m_model, &ItemGridModel::failed, m_banner, &Banner::showError);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ItemGridPage::announce);
    connect(m_table, &QTableView::doubleClicked, this, &ItemGridPage::announce);
    connect(m_table, &QTableView::activated, this, &ItemGridPage::announce); // Enter.
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        // A running evaluation tells of answers four times a second: nothing moves under the reader's eyes.
        if (topic == Topic::Runs && !m_cells.isEmpty())
            m_again->show();
    });
}

void ItemGridPage::showCells(const QList<ResultRow> &cells)
{
    m_cells = cells;
    m_again->hide();
    m_title->setText(cells.isEmpty() ? QString() : tr("Items of %1").arg(singleLine(cells.constFirst().dataset, 60)));
    read();
    compare();
}

void ItemGridPage::setFilter(GridFilter filter)
{
    m_filter->setCurrentIndex(m_filter->findData(static_cast<int>(filter)));
}

void ItemGridPage::read()
{
    if (!m_session.project())
        return;
    const quint64 generation = ++m_generation;
    m_count->setText(tr("Reading …"));
    onFinished(m_session.project()->read(
                   [cells = m_cells](Connection &c) -> Result<std::shared_ptr<const ItemGrid>> {
                       EVALWRIGHT_ASSIGN(ItemGrid grid, itemGrid(c, cells));
                       return std::make_shared<const ItemGrid>(std::move(grid));
                   }),
               this, [this, generation](const Result<std::shared_ptr<const ItemGrid>> &grid) {
                   if (generation != m_generation)
                       return;
                   if (!grid) {
                       m_count->clear();
                       m_banner->showError(grid.error());
                       return;
                   }
                   m_grid = *grid;
                   filter();
               });
}

void ItemGridPage::filter()
{
    if (!m_grid)
        return; // It is on its way.
    const quint64 generation = ++m_generation;
    const auto wanted = static_cast<GridFilter>(m_filter->currentData().toInt());
    onFinished(QtConcurrent::run([grid = m_grid, wanted] { return selectRows(*grid, wanted); }), this,
               [this, generation](const std::vector<std::size_t> &rows) {
                   if (generation == m_generation)
                       show(rows);
               });
}

void ItemGridPage::show(std::vector<std::size_t> rows)
{
    const QLocale locale;
    const bool same = m_model->grid() && m_model->columnCount() == 1 + m_grid->columns.size();
    const auto shown = static_cast<qint64>(rows.size()), all = static_cast<qint64>(m_grid->items.size());
    m_model->setGrid(m_grid, std::move(rows));
    if (!same)
        m_table->setColumnWidth(0, itemWidth);
    m_count->setText(all == 0       ? tr("These models have no answers any more.")
                     : shown == all ? tr("%1 items").arg(locale.toString(all))
                                    : tr("%1 of %2 items").arg(locale.toString(shown), locale.toString(all)));
    Q_EMIT loaded();
}

void ItemGridPage::compare()
{
    m_testCard->setVisible(m_cells.size() == 2 && whyNotCompared(m_cells[0], m_cells[1]).isEmpty());
    if (m_testCard->isHidden() || !m_session.project())
        return;
    const ResultRow a = m_cells[0], b = m_cells[1];
    m_test->setText(tr("Comparing …"));
    onFinished(m_session.project()->read([a, b](Connection &c) {
        return compareModels(c, a.dataset, a.model, b.model, a.frame == b.frame ? a.frame : QString(), a.control);
    }),
               this, [this, a, b](const Result<Comparison> &comparison) {
                   if (m_cells.size() != 2 || m_cells[0].modelId != a.modelId || m_cells[1].modelId != b.modelId)
                       return; // Others were chosen meanwhile.
                   m_test->setText(comparison ? comparisonText(*comparison, a, b) : comparison.error().text());
               });
}

void ItemGridPage::announce(const QModelIndex &index)
{
    if (index.isValid())
        Q_EMIT candidateActivated(CandidateId{m_model->itemAt(index.row())});
}

} // namespace evalwright
