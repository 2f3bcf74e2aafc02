// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/limitlist.h"

#include "core/foreignjson.h"
#include "core/onfinished.h"
#include "core/text.h"
#include "widgets/activity/requestwords.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/shell/emptystate.h"
#include "widgets/shell/relativetime.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QHeaderView>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr int pageSize = 200;

QString textIn(const json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
}

std::optional<double> numberIn(const json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_number() ? std::optional<double>(found->get<double>()) : std::nullopt;
}

QString limitIn(const json &object, const char *inFlight, const char *perSecond)
{
    const std::optional<double> atOnce = numberIn(object, inFlight);
    if (!atOnce || *atOnce < 0 || *atOnce > 1e9)
        return {};
    return limitText(static_cast<int>(*atOnce), numberIn(object, perSecond));
}

} // namespace

LimitChange limitChangeFrom(const LoggedEvent &event)
{
    LimitChange change;
    change.id = event.id;
    change.at = event.at;
    const json detail = storedJson(event.detail);
    if (!detail.is_object())
        return change;
    if (const QString at = textIn(detail, "at"); !at.isEmpty())
        change.at = at;
    change.endpoint = textIn(detail, "endpoint");
    change.before = limitIn(detail, "in_flight_before", "per_second_before");
    change.after = limitIn(detail, "in_flight", "per_second");
    change.why = limitReasonText(textIn(detail, "why"));
    const double held = numberIn(detail, "held_seconds").value_or(0);
    if (held >= 0.5 && held < 1e9)
        change.why += LimitList::tr("; nothing was sent for %1").arg(formatDuration(held));
    return change;
}

void LimitModel::setJob(std::shared_ptr<Project> project, JobId job)
{
    beginResetModel();
    m_project = std::move(project);
    m_job = job;
    m_changes.clear();
    m_reading = false;
    m_atEnd = !m_project || !job.isValid();
    ++m_turn;
    endResetModel();
    fetchMore({});
}

int LimitModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_changes.size());
}

int LimitModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LimitModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const LimitChange &change = m_changes.at(index.row());
    if (role == Qt::ToolTipRole)
        return index.column() == Time ? plainToolTip(exactTime(change.at)) : plainToolTip(change.endpoint);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time:
        return shortTime(change.at);
    case From:
        return change.before;
    case To:
        return change.after;
    default:
        return change.why;
    }
}

QVariant LimitModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case From:
        return tr("From");
    case To:
        return tr("To");
    case Why:
        return tr("Why");
    default:
        return {};
    }
}

bool LimitModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_reading && !m_atEnd;
}

void LimitModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    m_reading = true;
    const qint64 before = m_changes.isEmpty() ? 0 : m_changes.constLast().id;
    onFinished(m_project->read([job = m_job, before](Connection &c) -> Result<QList<LimitChange>> {
        EVALWRIGHT_ASSIGN(const QList<LoggedEvent> events, jobEvents(c, job, u"limit"_s, before, pageSize));
        QList<LimitChange> changes;
        for (const LoggedEvent &event : events)
            changes << limitChangeFrom(event);
        return changes;
    }),
               this, [this, turn = m_turn](const Result<QList<LimitChange>> &page) {
                   if (turn != m_turn)
                       return;
                   m_reading = false;
                   if (!page) {
                       m_atEnd = true; // Asking again would only fail again.
                       Q_EMIT failed(page.error());
                       return;
                   }
                   m_atEnd = page->size() < pageSize;
                   if (!page->isEmpty()) {
                       const int first = rowCount();
                       beginInsertRows({}, first, first + static_cast<int>(page->size()) - 1);
                       m_changes << *page;
                       endInsertRows();
                   }
                   Q_EMIT loaded();
               });
}

LimitList::LimitList(QWidget *parent)
    : QWidget(parent), m_banner(new Banner(this)), m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(tr("No change of the limit"),
                             tr("When the program changes how many requests it sends at once or in a second, and "
                                "why, it is listed here."))),
      m_table(new QTableView(this))
{
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("Changes of the limit"));
    showAsRows(m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + Theme::spacing());
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_table);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    connect(&m_model, &LimitModel::loaded, this, [this] {
        m_stack->setCurrentWidget(m_model.rowCount() == 0 ? m_empty : static_cast<QWidget *>(m_table));
        for (const int column : {LimitModel::Time, LimitModel::From, LimitModel::To})
            m_table->resizeColumnToContents(column);
    });
    connect(&m_model, &LimitModel::failed, m_banner, &Banner::showError);
}

void LimitList::setJob(const std::shared_ptr<Project> &project, JobId job)
{
    m_banner->hide();
    m_stack->setCurrentWidget(m_empty);
    m_model.setJob(project, job);
}

} // namespace evalwright
