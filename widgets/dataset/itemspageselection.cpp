// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is selected on the items page, and what is done with it.
#include "core/onfinished.h"
#include "widgets/dataset/itemjson.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/dataset/itemtable.h"
#include "widgets/dataset/selectionbar.h"
#include "widgets/theme/banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLocale>
#include <QUndoStack>
#include <QScopedValueRollback>
#include <QtConcurrentRun>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 atOnce = 20'000;  ///< So many ids are gathered without the help of another thread.
constexpr std::size_t mostCopied = 20'000, mostPieces = 500;

using Interval = std::pair<int, int>;

std::vector<qint64> idsOf(const ItemOrder &order, const QList<Interval> &rows)
{
    std::vector<qint64> ids;
    for (const auto &[first, last] : rows) {
        const std::vector<qint64> some = order.ids(first, last + 1);
        ids.insert(ids.end(), some.begin(), some.end());
    }
    return ids;
}

/// The rows at which some candidates stand now.
QList<Interval> rowsOf(const ItemOrder &order, const std::vector<qint64> &ids)
{
    std::vector<std::uint8_t> isIn(order.columns->size(), 0);
    for (const qint64 id : ids) {
        if (const auto row = order.columns->rowOf(id))
            isIn[*row] = 1;
    }
    QList<Interval> rows;
    for (int row = 0; row < order.size(); ++row) {
        if (!isIn[order.rows[static_cast<std::size_t>(row)]])
            continue;
        if (!rows.isEmpty() && rows.last().second == row - 1)
            rows.last().second = row;
        else
            rows << Interval(row, row);
    }
    return rows;
}

} // namespace

QList<ItemsPage::Interval> ItemsPage::selectedIntervals() const
{
    // With columns in another order the view selects a row in several ranges.
    QList<Interval> rows;
    const QItemSelection selection = m_table->selectionModel()->selection();
    for (const QItemSelectionRange &range : selection)
        rows << Interval(range.top(), range.bottom());
    std::ranges::sort(rows);
    QList<Interval> merged;
    for (const Interval &one : std::as_const(rows)) {
        if (!merged.isEmpty() && one.first <= merged.last().second + 1)
            merged.last().second = std::max(merged.last().second, one.second);
        else
            merged << one;
    }
    return merged;
}

qint64 ItemsPage::selectedCount() const
{
    if (m_all)
        return m_model->rowCount();
    qint64 rows = 0;
    for (const auto &[first, last] : selectedIntervals())
        rows += last - first + 1;
    return rows;
}

void ItemsPage::selectAllMatching()
{
    m_all = m_model->rowCount() > 0;
    if (!m_all)
        return;
    const QScopedValueRollback<bool> selecting(m_isSelecting, true);
    // One range, whatever the number of rows.
    m_table->selectionModel()->select(
        QItemSelection(m_model->index(0, 0), m_model->index(m_model->rowCount() - 1, ItemModel::ColumnCount - 1)),
        QItemSelectionModel::ClearAndSelect);
    updateSelection();
}

void ItemsPage::selectionChanged()
{
    if (!m_isSelecting)
        m_all = false;
    updateSelection();
}

void ItemsPage::updateSelection()
{
    m_selectionBar->setSelected(selectedCount(), m_model->rowCount(), m_all);
}

void ItemsPage::announceCurrent(bool again)
{
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    const CandidateId id{current.data(ItemModel::CandidateIdRole).toLongLong()};
    // A row that is still being read is announced when it is here.
    if (!current.isValid() || !id.isValid() || (id == m_announced && !again))
        return;
    m_announced = id;
    Q_EMIT candidateActivated(id);
}

void ItemsPage::rememberSelection()
{
    m_kept = Kept{m_model->shown(), m_all ? QList<Interval>() : selectedIntervals(), 0};
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    if (current.isValid() && m_kept->order && current.row() < m_kept->order->size())
        m_kept->current = m_kept->order->idAt(current.row());
}

void ItemsPage::restoreSelection()
{
    const auto kept = std::exchange(m_kept, {});
    if (m_all) {
        selectAllMatching();
        return;
    }
    if (!kept || !kept->order)
        return;
    const QScopedValueRollback<bool> selecting(m_isSelecting, true);
    auto *selection = m_table->selectionModel();
    const SharedOrder &order = m_model->shown();
    const QList<Interval> rows = rowsOf(*order, idsOf(*kept->order, kept->selected));
    QItemSelection now;
    if (static_cast<std::size_t>(rows.size()) <= mostPieces) {
        for (const auto &[first, last] : rows)
            now.append(QItemSelectionRange(m_model->index(first, 0), m_model->index(last, ItemModel::ColumnCount - 1)));
    } else {
        // Thousands of pieces would keep the view busy for longer than anyone would wait.
        tell(Theme::Meaning::Warning, tr("The rows changed, and the selected ones are in too many places by now. Nothing is selected any more."));
    }
    // The current row goes along with its item, without scrolling to it.
    if (kept->current != 0) {
        const QList<Interval> current = rowsOf(*order, {kept->current});
        const int column = std::max(0, m_table->currentIndex().column());
        m_table->setAutoScroll(false);
        selection->setCurrentIndex(current.isEmpty() ? QModelIndex() : m_model->index(current.first().first, column), QItemSelectionModel::NoUpdate);
        m_table->setAutoScroll(true);
    }
    selection->select(now, QItemSelectionModel::ClearAndSelect);
    updateSelection();
}

void ItemsPage::withSelectedIds(std::function<void(std::vector<qint64>)> use)
{
    const qint64 count = selectedCount();
    if (count == 0)
        return;
    const SharedOrder order = m_model->shown();
    const QList<Interval> rows = m_all ? QList<Interval>{{0, m_model->rowCount() - 1}} : selectedIntervals();
    if (!order) {
        // Only the first rows are here, and no order yet.
        std::vector<qint64> ids;
        for (const auto &[first, last] : rows) {
            for (int row = first; row <= last && row < ItemModel::segmentSize; ++row) {
                if (const ItemRow *item = m_model->itemAt(row))
                    ids.push_back(item->id());
            }
        }
        if (static_cast<qint64>(ids.size()) == count)
            use(std::move(ids));
        else
            m_whenLoaded.emplace_back([this, use = std::move(use)] { withSelectedIds(use); });
        return;
    }
    if (count <= atOnce) {
        use(idsOf(*order, rows));
        return;
    }
    onFinished(QtConcurrent::run([order, rows] { return idsOf(*order, rows); }), this, std::move(use));
}

void ItemsPage::decideSelection(bool keep, const QString &reason)
{
    if (m_project->access() != Project::Access::ReadWrite)
        return;
    withSelectedIds([this, keep, reason](std::vector<qint64> ids) {
        const auto count = static_cast<int>(ids.size());
        const auto begun = [this, keep, count](bool undone, std::shared_ptr<BulkProgress> progress) {
            m_selectionBar->setBusy(undone  ? tr("Undoing decisions about %Ln item(s) …", nullptr, count)
                                    : keep ? tr("Keeping %Ln item(s) …", nullptr, count)
                                           : tr("Rejecting %Ln item(s) …", nullptr, count),
                                    std::move(progress));
        };
        const auto report = [this, keep](bool undone, const Result<DecideCommand::Outcome> &outcome) { showOutcome(keep, undone, outcome); };
        m_undo->push(new DecideCommand(m_project, std::move(ids), keep, reason, this, report, begun));
        m_selectionBar->clearReason();
    });
}

void ItemsPage::showOutcome(bool keep, bool undone, const Result<DecideCommand::Outcome> &outcome)
{
    m_selectionBar->setDone();
    m_model->refreshSoon(true);
    if (!outcome) {
        tellError(outcome.error());
        return;
    }
    const auto count = static_cast<int>(outcome->changed);
    if (!undone) {
        tell(Theme::Meaning::Human, keep ? tr("Kept %Ln item(s).", nullptr, count) : tr("Rejected %Ln item(s).", nullptr, count), tr("Undo"),
             [this] { m_undo->undo(); });
        return;
    }
    QString text = tr("Undone: %Ln item(s) have their former decision again.", nullptr, count);
    if (outcome->withoutFormer > 0)
        text += u' ' + tr("%Ln item(s) had no decision before and keep this one.", nullptr, static_cast<int>(outcome->withoutFormer));
    if (outcome->changedSince > 0)
        text += u' ' + tr("%Ln item(s) were decided about again since, and stay as they are.", nullptr, static_cast<int>(outcome->changedSince));
    tell(Theme::Meaning::Human, text);
}

void ItemsPage::copySelectionAsJson()
{
    withSelectedIds([this](const std::vector<qint64> &ids) {
        if (ids.size() > mostCopied) {
            tellError(Error(ErrorCode::Unsupported, tr("%1 items are too many for the clipboard.").arg(QLocale().toString(static_cast<qlonglong>(ids.size()))),
                                      tr("Select up to %1, or export the data set.").arg(QLocale().toString(static_cast<qlonglong>(mostCopied))))
                                    .withConsequence(tr("Nothing was copied.")));
            return;
        }
        struct Copied
        {
            QString json;
            qsizetype count = 0;
        };
        const auto read = m_project->read([ids](Connection &connection) -> Result<Copied> {
            EVALWRIGHT_ASSIGN(const QList<ItemRow> items, itemRows(connection, ids));
            QList<CandidateRow> rows;
            for (const ItemRow &item : items) {
                if (item.id() != 0) // Gone in the meantime.
                    rows << item.candidate;
            }
            return Copied{itemsAsJson(rows), rows.size()};
        });
        onFinished(read, this, [this](const Result<Copied> &copy) {
            if (!copy) {
                m_banner->showError(copy.error());
                return;
            }
            QGuiApplication::clipboard()->setText(copy->json);
            tell(Theme::Meaning::Success, tr("Copied %Ln item(s) as JSON.", nullptr, static_cast<int>(copy->count)));
            Q_EMIT copied(copy->count);
        });
    });
}

} // namespace evalwright
