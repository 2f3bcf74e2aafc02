// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemmodel.h"

#include "core/onfinished.h"
#include "core/optionparser.h"
#include "storage/repositories/controls.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"

#include <QLocale>

#include <algorithm>
#include <array>
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

constexpr int segmentsInFlight = 2; // As many as the project has readers: more would only queue up behind each other.
constexpr int segmentsWanted = 8;   // A fast scroll leaves older wishes behind unanswered.
constexpr qint64 soonest = 250, latest = 15'000; // Milliseconds to the next refresh.
constexpr qint64 restAfter = 4; // A refresh takes a fifth of a reader's time at most.

ItemModel::RowState stateOf(const ItemRow &item)
{
    if (!item.candidate.decision)
        return ItemModel::RowState::Undecided;
    return item.candidate.decision->keep ? ItemModel::RowState::Kept : ItemModel::RowState::Rejected;
}

bool isNumeric(int column)
{
    return column == ItemModel::Number || column == ItemModel::Confidence || column == ItemModel::CheckerMass;
}

int rowsOf(qint64 total)
{
    return static_cast<int>(std::min<qint64>(total, std::numeric_limits<int>::max()));
}

} // namespace

ItemModel::ItemModel(QObject *parent) : QAbstractTableModel(parent)
{
    m_fetchTimer.setSingleShot(true);
    m_fetchTimer.setInterval(0);
    connect(&m_fetchTimer, &QTimer::timeout, this, &ItemModel::fetchWanted);
    m_refreshTimer.setSingleShot(true);
    connect(&m_refreshTimer, &QTimer::timeout, this, &ItemModel::refreshNow);
}

ItemModel::~ItemModel()
{
    m_token.cancel();
    dropFetches();
}

void ItemModel::setSource(ItemSource source, const ItemFilter &filter)
{
    m_source = std::move(source);
    m_question.filter = filter;
    dropFetches();
    beginResetModel();
    m_rows = 0;
    m_order.reset();
    m_cache.clear();
    m_countState = CountState::Unknown;
    endResetModel();
    startOver();
}

void ItemModel::setFilter(const ItemFilter &filter)
{
    m_question.filter = filter;
    startOver();
}

ItemSort ItemModel::sortOf(int column)
{
    static constexpr std::array<ItemSort, ColumnCount> sorts{
        ItemSort::Number, ItemSort::Text, ItemSort::Answer,  ItemSort::Label, ItemSort::Confidence, ItemSort::State,  ItemSort::Reason,
        ItemSort::Stage,  ItemSort::By,   ItemSort::Cluster, ItemSort::Tags,  ItemSort::Source,     ItemSort::Edited, ItemSort::Mass};
    return column >= 0 && column < ColumnCount ? sorts[static_cast<std::size_t>(column)] : ItemSort::Number;
}

int ItemModel::columnOf(ItemSort sort)
{
    for (int column = 0; column < ColumnCount; ++column) {
        if (sortOf(column) == sort)
            return column;
    }
    return Number;
}

void ItemModel::sort(int column, Qt::SortOrder direction)
{
    sortBy(sortOf(column), direction);
}

void ItemModel::sortBy(ItemSort sort, Qt::SortOrder direction)
{
    if (sort == m_question.sort && direction == m_question.direction)
        return;
    m_question.sort = sort;
    m_question.direction = direction;
    startOver();
}

void ItemModel::startOver()
{
    m_token.cancel();
    m_token = CancellationToken();
    const quint64 number = ++m_asked;
    // A refresh that is cut off is made up for afterwards.
    m_refreshAgain = m_refreshAgain || m_refreshing || m_refreshTimer.isActive();
    m_refreshing = false;
    m_refreshTimer.stop();
    if (!m_source.order) {
        setLoading(false);
        return;
    }
    if (m_countState == CountState::Exact)
        m_countState = CountState::Counting;
    if (!m_order && m_source.first && m_question.filter.isEmpty() && m_question.sort == ItemSort::Number &&
        m_question.direction == Qt::AscendingOrder)
        askFirst();
    onFinished(m_source.order(m_question, m_token), this, [this, number](const Result<SharedOrder> &answer) {
        if (number == m_asked)
            answered(answer);
    });
    setLoading(true);
}

void ItemModel::askFirst()
{
    onFinished(m_source.first(segmentSize, m_token), this, [this, number = m_asked](const Result<FirstItems> &first) {
        if (number != m_asked || m_order)
            return;
        if (!first) {
            Q_EMIT failed(first.error());
            return;
        }
        beginResetModel();
        m_cache.clear();
        m_cache.insert(0, first->rows);
        m_rows = rowsOf(first->estimate);
        m_countState = CountState::Counting;
        endResetModel();
        Q_EMIT firstShown();
    });
}

void ItemModel::answered(const Result<SharedOrder> &answer)
{
    setLoading(false);
    if (!answer) {
        // What was shown still is; the page says what went wrong.
        if (m_order)
            m_countState = CountState::Exact;
        Q_EMIT failed(answer.error());
    } else if (!m_order && m_rows > 0) {
        // The first rows are on the screen already, and stay there.
        install(*answer);
        setRowTotal(m_order->size());
        tellAllChanged();
    } else {
        beginResetModel();
        m_cache.clear();
        install(*answer);
        m_rows = rowsOf(m_order->size());
        endResetModel();
    }
    Q_EMIT loaded();
    if (std::exchange(m_refreshAgain, false))
        refreshSoon();
}

void ItemModel::install(const SharedOrder &order)
{
    dropFetches();
    m_order = order;
    m_shownQuestion = m_question;
    m_countState = CountState::Exact;
}

void ItemModel::stop()
{
    if (!m_loading || !m_order)
        return;
    m_token.cancel();
    m_token = CancellationToken();
    ++m_asked;
    m_question = m_shownQuestion;
    m_countState = CountState::Exact;
    setLoading(false);
    Q_EMIT loaded();
    if (std::exchange(m_refreshAgain, false))
        refreshSoon();
}

void ItemModel::refreshSoon(bool isAwaited)
{
    if (!m_source.order)
        return;
    if (isAwaited)
        m_refreshCost = 0;
    if (m_refreshing || m_loading)
        m_refreshAgain = true;
    else if (isAwaited)
        m_refreshTimer.start(0);
    else if (!m_refreshTimer.isActive())
        m_refreshTimer.start(static_cast<int>(std::clamp(restAfter * m_refreshCost, soonest, latest)));
}

void ItemModel::refreshNow()
{
    if (!m_source.order || m_loading)
        return;
    m_refreshing = true;
    m_refreshTook.start();
    ItemQuery question = m_question;
    question.anew = true;
    onFinished(m_source.order(question, m_token), this, [this, number = m_asked](const Result<SharedOrder> &answer) {
        if (number != m_asked)
            return;
        m_refreshing = false;
        m_refreshCost = m_refreshTook.elapsed();
        if (!answer) {
            Q_EMIT failed(answer.error());
            return;
        }
        refreshed(*answer);
        Q_EMIT loaded();
        if (std::exchange(m_refreshAgain, false))
            refreshSoon();
    });
}

void ItemModel::refreshed(const SharedOrder &order)
{
    const bool same = m_order && order->hasSameRows(*m_order);
    if (!same)
        Q_EMIT aboutToReorder();
    install(order);
    m_cache.markAllStale();
    setRowTotal(m_order->size());
    tellAllChanged();
    if (!same)
        Q_EMIT reordered();
}

void ItemModel::tellAllChanged()
{
    if (m_rows > 0)
        Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, ColumnCount - 1));
}

void ItemModel::setRowTotal(qint64 total)
{
    const int rows = rowsOf(total);
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
    if (m_loading == loading)
        return;
    m_loading = loading;
    Q_EMIT loadingChanged(loading);
}

const ItemRow *ItemModel::itemAt(int row) const
{
    if (row < 0 || row >= m_rows)
        return nullptr;
    const qint64 segment = m_cache.segmentOf(row);
    if (m_cache.state(segment) != SegmentCache<ItemRow>::State::Fresh)
        want(segment);
    const ItemRow *item = m_cache.at(row);
    // After a refresh another item may stand here than when the segment was read; nobody shall decide about a wrong one.
    if (item && m_order && (row >= m_order->size() || item->id() != m_order->idAt(row)))
        return nullptr;
    return item;
}

void ItemModel::want(qint64 segment) const
{
    if (!m_order || m_inFlight.contains(segment))
        return;
    m_wanted.removeOne(segment);
    m_wanted << segment;
    if (m_wanted.size() > segmentsWanted)
        m_wanted.removeFirst();
    if (!m_fetchTimer.isActive())
        m_fetchTimer.start();
}

void ItemModel::fetchWanted()
{
    // A view that is far away by now has enough wishes of its own; what was asked for before is given up.
    if (m_wanted.size() >= segmentsWanted) {
        for (const CancellationToken &token : std::as_const(m_inFlight))
            token.cancel();
        m_inFlight.clear();
    }
    while (!m_wanted.isEmpty() && m_inFlight.size() < segmentsInFlight)
        fetch(m_wanted.takeLast());
}

void ItemModel::fetch(qint64 segment)
{
    const CancellationToken token;
    m_inFlight.insert(segment, token);
    const qint64 from = m_cache.firstRowOf(segment);
    onFinished(m_source.rows(m_order->ids(from, from + segmentSize), token), this,
               [this, token, number = m_shownNumber, segment](const Result<QList<ItemRow>> &rows) {
                   if (number != m_shownNumber || token.isCancelled())
                       return;
                   m_inFlight.remove(segment);
                   if (rows) {
                       m_cache.insert(segment, *rows);
                       const auto first = static_cast<int>(m_cache.firstRowOf(segment));
                       const int last = std::min(first + segmentSize, m_rows) - 1;
                       if (first <= last)
                           Q_EMIT dataChanged(index(first, 0), index(last, ColumnCount - 1));
                   } else {
                       Q_EMIT failed(rows.error());
                   }
                   fetchWanted();
               });
}

void ItemModel::dropFetches()
{
    ++m_shownNumber;
    for (const CancellationToken &token : std::as_const(m_inFlight))
        token.cancel();
    m_inFlight.clear();
    m_wanted.clear();
    m_fetchTimer.stop();
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
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((isNumeric(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role < Qt::UserRole)
        return {};
    const ItemRow *item = itemAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return item ? display(*item, index.column()) : (index.column() == Statement ? QVariant(u"…"_s) : QVariant());
    case Qt::ToolTipRole:
        return item ? toolTip(*item, index.column()) : QVariant();
    case RowStateRole:
        return static_cast<int>(item ? stateOf(*item) : RowState::Loading);
    case ReasonRole:
        return item && item->candidate.decision ? item->candidate.decision->reason : QString();
    case MatchesRole:
        return item && isAffirmative(item->candidate.candidate.matchingLabel);
    case CandidateIdRole:
        return item ? item->id() : qint64(0);
    default:
        return {};
    }
}

QVariant ItemModel::display(const ItemRow &item, int column) const
{
    const Candidate &c = item.candidate.candidate;
    const auto &decision = item.candidate.decision;
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
    case WantedLabel:
        return singleLine(c.wantedLabel.trimmed(), 80);
    case Confidence:
        return c.labelConfidence ? locale.toString(*c.labelConfidence, 'f', 3) : u"—"_s;
    case State:
        return decision ? stateText(*decision) : tr("not decided yet");
    case Reason:
        return decision ? reasonText(decision->reason) : QString();
    case Stage:
        return decision ? singleLine(decision->stage, 60) : QString();
    case DecidedBy:
        return !decision                           ? QString()
               : decision->actor == "person"_L1 ? tr("a person")
               : decision->actor == "import"_L1 ? tr("import")
                                                : tr("a rule");
    case Cluster:
        return singleLine(c.cluster, 80);
    case Tags:
        return singleLine(item.tags.join(u", "_s), 120);
    case Source:
        return singleLine(item.source, 120);
    case Edited:
        return item.isEdited ? tr("edited") : QString();
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
    case Reason:
        return item.candidate.decision ? plainToolTip(reasonExplanation(item.candidate.decision->reason)) : QVariant();
    case Confidence:
        return plainToolTip(tr("Probability that the checker gives the matching answer, over both option orders."));
    case CheckerMass:
        return plainToolTip(tr("Share of the checker's probability that fell on the answer labels at all; the smaller "
                               "of its presentations."));
    case Tags:
        return item.tags.isEmpty() ? QVariant() : plainToolTip(item.tags.join(u", "_s));
    case Source:
        return item.source.isEmpty() ? QVariant() : plainToolTip(item.source);
    case Cluster:
        return c.cluster.isEmpty() ? QVariant() : plainToolTip(c.cluster);
    default:
        return {};
    }
}

QString ItemModel::columnName(int column)
{
    switch (column) {
    case Number:
        return tr("#");
    case Statement:
        return tr("Statement");
    case MatchingAnswer:
        return tr("Matching answer");
    case WantedLabel:
        return tr("Wanted label");
    case Confidence:
        return tr("Confidence");
    case State:
        return tr("State");
    case Reason:
        return tr("Reason");
    case Stage:
        return tr("Stage");
    case DecidedBy:
        return tr("Decided by");
    case Cluster:
        return tr("Cluster");
    case Tags:
        return tr("Tags");
    case Source:
        return tr("Source file");
    case Edited:
        return tr("Edited");
    case CheckerMass:
        return tr("Checker mass");
    default:
        return {};
    }
}

QString ItemModel::columnKey(int column)
{
    static const std::array<QString, ColumnCount> keys{u"number"_s,  u"statement"_s, u"matching-answer"_s, u"wanted-label"_s, u"confidence"_s,
                                                       u"state"_s,   u"reason"_s,    u"stage"_s,           u"decided-by"_s,   u"cluster"_s,
                                                       u"tags"_s,    u"source"_s,    u"edited"_s,          u"checker-mass"_s};
    return column >= 0 && column < ColumnCount ? keys[static_cast<std::size_t>(column)] : QString();
}

QVariant ItemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    switch (role) {
    case Qt::TextAlignmentRole:
        return static_cast<int>((isNumeric(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::DisplayRole:
        return columnName(section);
    case Qt::ToolTipRole:
        if (section == Edited)
            return tr("Click to sort by when items were edited last; those that were not come last");
        return tr("Click to sort by this column");
    default:
        return {};
    }
}

} // namespace evalwright
