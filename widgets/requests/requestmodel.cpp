// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/requests/requestmodel.h"

#include "core/onfinished.h"
#include "widgets/activity/requestwords.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/theme.h"

#include <QLocale>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString none = u"—"_s;

QString countText(const std::optional<qint64> &count)
{
    return count ? QLocale().toString(*count) : none;
}

} // namespace

QString costText(const RequestRow &row)
{
    if (!row.response.isValid())
        return none;
    if (row.local)
        return RequestModel::tr("free");
    if (row.fromStore)
        return RequestModel::tr("paid before");
    return row.cost ? moneyText(*row.cost) : RequestModel::tr("unknown");
}

void RequestModel::setRequests(std::shared_ptr<Project> project, JobId job, RequestFilter filter)
{
    beginResetModel();
    m_project = std::move(project);
    m_job = job;
    m_filter = filter;
    m_rows.clear();
    m_reading = false;
    m_atEnd = !m_project || !job.isValid();
    ++m_turn;
    endResetModel();
    fetchMore({});
}

void RequestModel::refresh()
{
    if (m_reading || !m_project || m_rows.size() > pageSize)
        return;
    m_reading = true;
    onFinished(m_project->read([job = m_job, filter = m_filter](Connection &c) {
        return requestPage(c, job, filter, {}, pageSize);
    }),
               this, [this, turn = m_turn](const Result<QList<RequestRow>> &page) {
                   if (turn != m_turn)
                       return;
                   m_reading = false;
                   if (page)
                       take(*page, true);
                   else
                       Q_EMIT failed(page.error());
               });
}

const RequestRow *RequestModel::rowAt(int row) const
{
    return row >= 0 && row < m_rows.size() ? &m_rows.at(row) : nullptr;
}

int RequestModel::rowOf(StepId step) const
{
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        if (m_rows.at(i).step == step)
            return static_cast<int>(i);
    }
    return -1;
}

int RequestModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RequestModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString RequestModel::cell(const RequestRow &row, int column) const
{
    const QLocale locale;
    const bool answered = row.response.isValid();
    switch (column) {
    case Place:
        return tr("%1 %2").arg(stageText(row.place.stage), locale.toString(row.place.ordinal));
    case State:
        return requestStateText(row);
    case ModelName:
        return singleLine(row.model, 120);
    case Status:
        return answered ? locale.toString(row.status) : none;
    case Tries:
        return answered ? locale.toString(row.attempts) : none;
    case Resent:
        return answered ? locale.toString(row.resent) : none;
    case Seconds:
        return answered ? locale.toString(row.seconds, 'f', 2) : none;
    case TokensIn:
        return countText(row.promptTokens);
    case TokensOut:
        return countText(row.completionTokens);
    case Cost:
        return costText(row);
    default:
        return row.fromStore && answered ? tr("first asked on %1").arg(shortTime(row.receivedAt)) : QString();
    }
}

QVariant RequestModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RequestRow &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cell(row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == State && !row.error.isEmpty())
            return plainToolTip(row.error);
        if (index.column() == Resent && row.resent > 0)
            return plainToolTip(tr("The HTTP library sent it again by itself after a broken connection; the server may "
                                   "have charged it twice."));
        return plainToolTip(cell(row, index.column()));
    case Qt::TextAlignmentRole:
        return static_cast<int>((index.column() >= Status && index.column() <= Cost ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    case Qt::ForegroundRole:
        if (index.column() == State && row.state == "failed"_L1)
            return Theme::of(nullptr)->color(Theme::Meaning::Error);
        if (index.column() == Resent && row.resent > 0)
            return Theme::of(nullptr)->color(Theme::Meaning::Warning);
        return {};
    default:
        return {};
    }
}

QVariant RequestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QStringList names{tr("Request"),    tr("State"),      tr("Model"),         tr("Status"),
                            tr("Tries"),      tr("Sent twice"), tr("Seconds"),       tr("Tokens in"),
                            tr("Tokens out"), tr("Cost"),       tr("From the store")};
    if (role == Qt::DisplayRole)
        return names.at(section);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section >= Status && section <= Cost ? Qt::AlignRight : Qt::AlignLeft) |
                                Qt::AlignVCenter);
    return {};
}

bool RequestModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && !m_reading && !m_atEnd;
}

void RequestModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    m_reading = true;
    const auto after = m_rows.isEmpty() ? std::nullopt : std::optional<RequestPlace>(m_rows.constLast().place);
    onFinished(m_project->read([job = m_job, filter = m_filter, after](Connection &c) {
        return requestPage(c, job, filter, after, pageSize);
    }),
               this, [this, turn = m_turn](const Result<QList<RequestRow>> &page) {
                   if (turn != m_turn)
                       return;
                   m_reading = false;
                   if (page) {
                       take(*page, false);
                   } else {
                       m_atEnd = true; // Asking again would only fail again.
                       Q_EMIT failed(page.error());
                   }
               });
}

void RequestModel::take(const QList<RequestRow> &page, bool again)
{
    m_atEnd = page.size() < pageSize;
    if (again) {
        // Places only grow under the filter "all"; under the others rows may leave.
        const bool grown = page.size() >= m_rows.size() &&
                           std::equal(m_rows.begin(), m_rows.end(), page.begin(),
                                      [](const RequestRow &a, const RequestRow &b) { return a.step == b.step; });
        if (!grown) {
            beginResetModel();
            m_rows = page;
            endResetModel();
            Q_EMIT loaded();
            return;
        }
        std::copy_n(page.begin(), m_rows.size(), m_rows.begin());
        if (!m_rows.isEmpty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
    const QList<RequestRow> more = again ? page.mid(m_rows.size()) : page;
    if (!more.isEmpty()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(more.size()) - 1);
        m_rows << more;
        endInsertRows();
    }
    Q_EMIT loaded();
}

} // namespace evalwright
