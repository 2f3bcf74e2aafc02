// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/requests/requestspage.h"

#include "core/onfinished.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/requests/requestmodel.h"
#include "widgets/requests/requestview.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct FilterWords
{
    RequestFilter filter;
    const char *name;
    Theme::Meaning meaning;
};
constexpr std::array filters{
    FilterWords{RequestFilter::All, QT_TRANSLATE_NOOP("evalwright::RequestsPage", "All"), Theme::Meaning::Accent},
    FilterWords{RequestFilter::Failed, QT_TRANSLATE_NOOP("evalwright::RequestsPage", "Failed"), Theme::Meaning::Error},
    FilterWords{RequestFilter::Answered, QT_TRANSLATE_NOOP("evalwright::RequestsPage", "Answered"),
                Theme::Meaning::Success},
    FilterWords{RequestFilter::FromStore, QT_TRANSLATE_NOOP("evalwright::RequestsPage", "From the store"),
                Theme::Meaning::Machine},
    FilterWords{RequestFilter::Waiting, QT_TRANSLATE_NOOP("evalwright::RequestsPage", "Waiting"),
                Theme::Meaning::Warning},
};
constexpr int refreshMilliseconds = 2000;

} // namespace

RequestsPage::RequestsPage(Session &session, JobId job, const QString &title, QWidget *parent)
    : QWidget(parent), m_session(session), m_job(job), m_banner(new Banner(this)), m_status(new QLabel(this)),
      m_table(new QTableView(this)), m_model(new RequestModel(this)), m_view(new RequestView(this))
{
    auto *heading = new QLabel(tr("Requests of “%1”").arg(singleLine(title, 200)), this);
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    heading->setMinimumWidth(1);
    heading->setFont(Theme::font(Theme::Role::Heading));
    auto *chips = new QWidget(this);
    chips->setAccessibleName(tr("Which requests are listed"));
    auto *flow = new FlowLayout(chips, Theme::spacing());
    for (const FilterWords &words : filters) {
        auto *chip = new Chip(tr(words.name), words.meaning, chips);
        chip->setCheckable(true);
        connect(chip, &Chip::clicked, this, [this, filter = words.filter] { setFilter(filter); });
        flow->addWidget(chip);
        m_chips << chip;
    }
    setSecondary(m_status);
    m_status->setTextFormat(Qt::PlainText);

    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Requests"));
    showAsRows(m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + Theme::spacing());
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setMinimumHeight(Theme::spacing(12));

    auto *both = new QSplitter(Qt::Vertical, this);
    m_view->setContentsMargins(0, Theme::spacing(), 0, 0);
    both->addWidget(m_table);
    both->addWidget(m_view);
    both->setStretchFactor(0, 1);
    both->setStretchFactor(1, 1);
    both->setChildrenCollapsible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_banner);
    layout->addWidget(heading);
    layout->addWidget(chips);
    layout->addWidget(m_status);
    layout->addWidget(both, 1);
    setFocusProxy(m_table);

    connect(m_model, &RequestModel::loaded, this, &RequestsPage::rowsCame);
    connect(m_model, &RequestModel::failed, m_banner, &Banner::showError);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RequestsPage::selectionChanged);
    m_timer.setSingleShot(true);
    m_timer.setInterval(refreshMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (!isVisible() || !m_session.project())
            return;
        readCounts();
        m_model->refresh();
    });
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Jobs && !m_timer.isActive())
            m_timer.start();
    });
    setFilter(RequestFilter::All);
    readCounts();
}

void RequestsPage::setFilter(RequestFilter filter)
{
    m_filter = filter;
    for (qsizetype i = 0; i < m_chips.size(); ++i)
        m_chips[i]->setChecked(filters[static_cast<size_t>(i)].filter == filter);
    m_model->setRequests(m_session.project(), m_job, filter);
    updateStatus();
}

void RequestsPage::showStep(StepId step)
{
    m_chosen = step;
    m_view->showStep(m_session.project(), step);
    rowsCame();
}

void RequestsPage::readCounts()
{
    if (m_counting || !m_session.project())
        return;
    m_counting = true;
    onFinished(m_session.project()->read([job = m_job](Connection &c) { return requestCounts(c, job); }), this,
               [this](const Result<RequestCounts> &counts) {
                   m_counting = false;
                   if (counts)
                       showCounts(*counts);
                   else
                       m_banner->showError(counts.error());
               });
}

void RequestsPage::showCounts(const RequestCounts &counts)
{
    m_counts = counts;
    for (qsizetype i = 0; i < m_chips.size(); ++i) {
        const FilterWords &words = filters[static_cast<size_t>(i)];
        m_chips[i]->setChipText(tr("%1: %2").arg(tr(words.name), QLocale().toString(counts.of(words.filter))));
        m_chips[i]->setAccessibleName(m_chips[i]->chipText());
    }
    updateStatus();
}

void RequestsPage::updateStatus()
{
    const QLocale locale;
    const qint64 listed = m_model->rowCount(), all = std::max(m_counts.of(m_filter), listed);
    m_status->setText(
        m_model->isComplete() && listed == 0 ? tr("No request is like this.")
        : listed < all
            ? tr("The first %1 of %2; more come as you scroll.").arg(locale.toString(listed), locale.toString(all))
            : tr("All %1 are listed.").arg(locale.toString(listed)));
}

void RequestsPage::rowsCame()
{
    const int row = m_chosen.isValid() ? m_model->rowOf(m_chosen) : -1;
    if (row >= 0 && m_table->currentIndex().row() != row)
        m_table->selectRow(row);
    else if (!m_chosen.isValid() && m_model->rowCount() > 0)
        m_table->selectRow(0);
    if (const RequestRow *shown = m_model->rowAt(row); shown && !m_view->shows(*shown))
        m_view->showStep(m_session.project(), shown->step); // It was answered meanwhile.
    if (m_model->rowCount() <= RequestModel::pageSize) {    // Later pages do not move the columns under the reader.
        constexpr int widest = 320;
        m_table->resizeColumnsToContents();
        for (int column = 0; column + 1 < RequestModel::ColumnCount; ++column)
            m_table->setColumnWidth(column, std::min(m_table->columnWidth(column) + Theme::spacing(), widest));
    }
    updateStatus();
}

void RequestsPage::selectionChanged()
{
    const RequestRow *row = m_model->rowAt(m_table->currentIndex().row());
    if (!row)
        return; // The list is being read anew; what is shown stays.
    const bool again = row->step == m_view->step();
    m_chosen = row->step;
    if (!again)
        m_view->showStep(m_session.project(), row->step);
}

} // namespace evalwright
