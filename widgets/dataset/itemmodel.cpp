// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemmodel.h"

#include "core/onfinished.h"
#include "core/optionparser.h"
#include "storage/repositories/controls.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"

#include <QLocale>

#include <limits>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// What sets an item with a biography apart from its neighbours: the side, the question, and then who asks.
QString shownQuestion(const Candidate &candidate)
{
    if (!candidate.fields.contains("\"bare_question\""_L1))
        return candidate.question;
    const BiographyFields fields = BiographyFields::of(candidate);
    if (fields.bareQuestion.trimmed().isEmpty())
        return candidate.question;
    const QString side = fields.side.trimmed();
    return (side.isEmpty() ? QString() : u'[' + side + u"] "_s) + parseOptions(fields.bareQuestion.trimmed()).stem +
           u" ← "_s + fields.biography.trimmed();
}

constexpr int pagesInFlight = 2; // As many as the project has readers: more would only queue up behind each other.
constexpr int wantedPages = 8;   // A fast scroll leaves older wishes behind unanswered.
constexpr int refreshMilliseconds = 500;

ItemModel::RowState stateOf(const ItemRow &item)
{
    if (!item.candidate.decision)
        return ItemModel::RowState::Undecided;
    return item.candidate.decision->keep ? ItemModel::RowState::Kept : ItemModel::RowState::Rejected;
}

} // namespace

FetchItems itemsFromProject(std::shared_ptr<Project> project)
{
    return [project = std::move(project)](const ItemQuery &query, const CancellationToken &token) {
        // The closure holds no reference to the project: the last one must not be dropped on a reader thread.
        return project->read([query, token](Connection &connection) -> Result<ItemPage> {
            if (token.isCancelled())
                return failure(ErrorCode::Cancelled, u"A newer question came."_s);
            ItemPage page;
            if (query.count) {
                EVALWRIGHT_ASSIGN(const qint64 total, countCandidates(connection, query.filter));
                page.total = total;
            }
            if (query.limit <= 0 || token.isCancelled())
                return page;
            EVALWRIGHT_ASSIGN(
                const QList<CandidateRow> rows,
                candidateRows(connection, query.filter, query.order, query.direction, query.offset, query.limit));
            QList<CandidateId> ids;
            ids.reserve(rows.size());
            for (const CandidateRow &row : rows)
                ids << row.candidate.id;
            using Masses = QHash<CandidateId, double>;
            EVALWRIGHT_ASSIGN(const Masses masses, smallestLabelMass(connection, ids));
            page.rows.reserve(rows.size());
            for (const CandidateRow &row : rows) {
                const auto mass = masses.constFind(row.candidate.id);
                page.rows << ItemRow{row, mass == masses.constEnd() ? std::nullopt : std::optional<double>(*mass)};
            }
            return page;
        });
    };
}

ItemModel::ItemModel(QObject *parent) : QAbstractTableModel(parent)
{
    m_fetchTimer.setSingleShot(true);
    m_fetchTimer.setInterval(0);
    connect(&m_fetchTimer, &QTimer::timeout, this, &ItemModel::fetchWanted);
    m_refreshTimer.setSingleShot(true);
    m_refreshTimer.setInterval(refreshMilliseconds);
    connect(&m_refreshTimer, &QTimer::timeout, this, &ItemModel::refreshNow);
}

ItemModel::~ItemModel()
{
    m_token.cancel();
}

void ItemModel::setSource(FetchItems fetch, const CandidateFilter &filter)
{
    m_fetch = std::move(fetch);
    m_filter = filter;
    beginResetModel();
    m_rows = 0;
    m_pages.clear();
    m_recent.clear();
    endResetModel();
    startOver();
}

void ItemModel::setFilter(const CandidateFilter &filter)
{
    m_filter = filter;
    startOver();
}

ItemQuery ItemModel::window(qint64 offset, qint64 limit) const
{
    return {m_filter, m_order, m_direction, offset, limit, false};
}

bool ItemModel::isSortable(int column)
{
    return column >= Number && column <= State;
}

void ItemModel::sort(int column, Qt::SortOrder direction)
{
    CandidateOrder order = CandidateOrder::Ordinal;
    switch (column) {
    case Statement:
        order = CandidateOrder::Statement;
        break;
    case MatchingAnswer:
        order = CandidateOrder::Label;
        break;
    case Confidence:
        order = CandidateOrder::Confidence;
        break;
    case State:
        order = CandidateOrder::State;
        break;
    case CheckerMass:
        return;
    default:
        break;
    }
    if (order == m_order && direction == m_direction)
        return;
    m_order = order;
    m_direction = direction;
    startOver();
}

void ItemModel::startOver()
{
    m_token.cancel();
    m_token = CancellationToken();
    const quint64 generation = ++m_generation;
    m_inFlight.clear();
    m_wanted.clear();
    m_fetchTimer.stop();
    m_refreshTimer.stop();
    m_refreshing = m_refreshAgain = false;
    if (!m_fetch) {
        setLoading(false);
        return;
    }
    setLoading(true);
    ItemQuery query = window(0, pageSize);
    query.count = true;
    onFinished(m_fetch(query, m_token), this, [this, generation](const Result<ItemPage> &answer) {
        if (generation != m_generation)
            return;
        beginResetModel();
        m_pages.clear();
        m_recent.clear();
        m_rows = 0;
        if (answer) {
            m_rows = static_cast<int>(qMin<qint64>(answer->total.value_or(0), std::numeric_limits<int>::max()));
            install(0, answer->rows);
        }
        endResetModel();
        setLoading(false);
        if (!answer)
            Q_EMIT failed(answer.error());
        Q_EMIT loaded();
    });
}

void ItemModel::refreshSoon()
{
    if (!m_fetch || m_resetting)
        return;
    if (m_refreshing)
        m_refreshAgain = true;
    else if (!m_refreshTimer.isActive())
        m_refreshTimer.start();
}

void ItemModel::refreshNow()
{
    if (!m_fetch || m_resetting)
        return;
    m_refreshing = true;
    const quint64 generation = m_generation;
    ItemQuery query = window(0, 0);
    query.count = true;
    onFinished(m_fetch(query, m_token), this, [this, generation](const Result<ItemPage> &answer) {
        if (generation != m_generation)
            return;
        m_refreshing = false;
        if (!answer) {
            Q_EMIT failed(answer.error());
            return;
        }
        // Pages on their way were read before this count or after it; either way they are asked for again.
        m_inFlight.clear();
        m_token.cancel();
        m_token = CancellationToken();
        ++m_generation;
        for (Page &page : m_pages)
            page.stale = true;
        setRowTotal(answer->total.value_or(0));
        if (m_rows > 0)
            Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, ColumnCount - 1));
        Q_EMIT loaded();
        if (std::exchange(m_refreshAgain, false))
            refreshSoon();
    });
}

void ItemModel::setRowTotal(qint64 total)
{
    const int rows = static_cast<int>(qMin<qint64>(total, std::numeric_limits<int>::max()));
    if (rows > m_rows) {
        beginInsertRows({}, m_rows, rows - 1);
        m_rows = rows;
        endInsertRows();
    } else if (rows < m_rows) {
        beginRemoveRows({}, rows, m_rows - 1);
        m_rows = rows;
        endRemoveRows();
    }
}

void ItemModel::setLoading(bool loading)
{
    if (m_resetting == loading)
        return;
    m_resetting = loading;
    Q_EMIT loadingChanged(loading);
}

const ItemRow *ItemModel::itemAt(int row) const
{
    if (row < 0 || row >= m_rows)
        return nullptr;
    const int number = row / pageSize;
    const auto page = m_pages.constFind(number);
    if (page == m_pages.constEnd() || page->stale)
        want(number);
    if (page == m_pages.constEnd() || row % pageSize >= page->rows.size())
        return nullptr;
    if (m_recent.isEmpty() || m_recent.last() != number) {
        m_recent.removeOne(number);
        m_recent << number;
    }
    return &page->rows.at(row % pageSize);
}

void ItemModel::want(int page) const
{
    if (m_resetting || m_inFlight.contains(page))
        return;
    m_wanted.removeOne(page);
    m_wanted << page;
    if (m_wanted.size() > wantedPages)
        m_wanted.removeFirst();
    if (!m_fetchTimer.isActive())
        m_fetchTimer.start();
}

void ItemModel::fetchWanted()
{
    while (!m_wanted.isEmpty() && m_inFlight.size() < pagesInFlight)
        fetchPage(m_wanted.takeLast());
}

void ItemModel::fetchPage(int page)
{
    m_inFlight << page;
    const quint64 generation = m_generation;
    onFinished(m_fetch(window(qint64(page) * pageSize, pageSize), m_token), this,
               [this, generation, page](const Result<ItemPage> &answer) {
                   if (generation != m_generation)
                       return;
                   m_inFlight.remove(page);
                   if (answer) {
                       install(page, answer->rows);
                       const int first = page * pageSize;
                       const int last = qMin(first + pageSize, m_rows) - 1;
                       if (first <= last)
                           Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
                   } else {
                       Q_EMIT failed(answer.error());
                   }
                   fetchWanted();
               });
}

void ItemModel::install(int page, QList<ItemRow> rows)
{
    m_pages.insert(page, {std::move(rows), false});
    m_recent.removeOne(page);
    m_recent << page;
    while (m_recent.size() > cachedPages)
        m_pages.remove(m_recent.takeFirst());
}

int ItemModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int ItemModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ItemModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool number = index.column() == Number || index.column() == Confidence || index.column() == CheckerMass;
        return static_cast<int>((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role < Qt::UserRole)
        return {};
    const ItemRow *item = itemAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return item ? display(*item, index.column(), index.row())
                    : (index.column() == Statement ? QVariant(u"…"_s) : QVariant());
    case Qt::ToolTipRole:
        return item ? toolTip(*item, index.column()) : QVariant();
    case RowStateRole:
        return static_cast<int>(item ? stateOf(*item) : RowState::Loading);
    case ReasonRole:
        return item && item->candidate.decision ? item->candidate.decision->reason : QString();
    case MatchesRole:
        return item && isAffirmative(item->candidate.candidate.matchingLabel);
    case CandidateIdRole:
        return item ? item->candidate.candidate.id.value : qint64(0);
    default:
        return {};
    }
}

QVariant ItemModel::display(const ItemRow &item, int column, int) const
{
    const Candidate &c = item.candidate.candidate;
    const QLocale locale;
    switch (column) {
    case Number:
        return locale.toString(c.ordinal + 1);
    case Statement: {
        const QString text = c.statement.isEmpty() ? shownQuestion(c) : c.statement;
        return text.isEmpty() ? tr("(no statement could be read)") : singleLine(text);
    }
    case MatchingAnswer:
        return singleLine((c.matchingLabel.isEmpty() ? c.wantedLabel : c.matchingLabel).trimmed(), 80);
    case Confidence:
        return c.labelConfidence ? locale.toString(*c.labelConfidence, 'f', 3) : u"—"_s;
    case State:
        return item.candidate.decision ? stateText(*item.candidate.decision) : tr("not decided yet");
    case CheckerMass:
        return item.labelMass ? locale.toString(*item.labelMass, 'f', 3) : u"—"_s;
    default:
        return {};
    }
}

QVariant ItemModel::toolTip(const ItemRow &item, int column) const
{
    const Candidate &c = item.candidate.candidate;
    switch (column) {
    case Statement:
        return plainToolTip(c.statement.isEmpty() ? c.question : c.statement);
    case State:
        return item.candidate.decision ? plainToolTip(reasonExplanation(item.candidate.decision->reason)) : QVariant();
    case Confidence:
        return plainToolTip(tr("Probability that the checker gives the matching answer, over both option orders."));
    case CheckerMass:
        return plainToolTip(tr("Share of the checker's probability that fell on the answer labels at all; the smaller "
                               "of its presentations."));
    default:
        return {};
    }
}

QVariant ItemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(
            (section == Number || section == Confidence || section == CheckerMass ? Qt::AlignRight : Qt::AlignLeft) |
            Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Number:
        return tr("#");
    case Statement:
        return tr("Statement");
    case MatchingAnswer:
        return tr("Matching answer");
    case Confidence:
        return tr("Confidence");
    case State:
        return tr("State");
    case CheckerMass:
        return tr("Checker mass");
    default:
        return {};
    }
}

} // namespace evalwright
