// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/findingtableview.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/theme/rowtable.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace evalwright {

namespace {

constexpr int mostLines = 12; ///< More of them scroll.
constexpr int widestCell = 320;

/// A long name does not push the numbers out of sight; it ends in dots, and the tooltip has all of it.
class BoundedDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setWidth(std::min(size.width(), widestCell));
        return size;
    }
};

} // namespace

void FindingModel::setTable(FindingTable table)
{
    beginResetModel();
    m_table = std::move(table);
    endResetModel();
}

int FindingModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.lines.size());
}

int FindingModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.columns.size());
}

QVariant FindingModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const FindingLine &line = m_table.lines[index.row()];
    if (role == Qt::DisplayRole)
        return line.cells.value(index.column());
    if (role == Qt::ToolTipRole)
        return plainToolTip(line.text);
    if (role == Qt::TextAlignmentRole)
        return QVariant((m_table.columns[index.column()].isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

QVariant FindingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const FindingColumn &column = m_table.columns[section];
    if (role == Qt::DisplayRole)
        return column.title;
    if (role == Qt::ToolTipRole && !column.explanation.isEmpty())
        return column.explanation;
    if (role == Qt::TextAlignmentRole)
        return QVariant((column.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

FindingTableView::FindingTableView(QWidget *parent) : QTableView(parent)
{
    setModel(&m_model);
    setItemDelegate(new BoundedDelegate(this));
    showAsRows(this);
    verticalHeader()->setDefaultSectionSize(32);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setMinimumSectionSize(48);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
}

void FindingTableView::setTable(FindingTable table)
{
    if (table == m_model.table())
        return; // What is chosen stays chosen.
    m_model.setTable(std::move(table));
    setAccessibleName(m_model.table().title);
    setAccessibleDescription(m_model.table().meaning);
    fitHeight();
    Q_EMIT choiceChanged();
}

const FindingLine *FindingTableView::chosenLine() const
{
    const QModelIndexList chosen = selectionModel()->selectedRows();
    return chosen.isEmpty() ? nullptr : &m_model.table().lines[chosen.constFirst().row()];
}

QString FindingTableView::chosenText() const
{
    QList<int> chosen;
    for (const QModelIndex &index : selectionModel()->selectedRows())
        chosen << index.row();
    std::ranges::sort(chosen);
    QList<QStringList> rows;
    const FindingTable &table = m_model.table();
    for (qsizetype row = 0; row < table.lines.size(); ++row) {
        if (chosen.isEmpty() || chosen.contains(row))
            rows << table.lines[row].cells;
    }
    return tabSeparated(table.titles(), rows);
}

void FindingTableView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(chosenText());
        event->accept();
        return;
    }
    QTableView::keyPressEvent(event);
}

void FindingTableView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitHeight();
}

void FindingTableView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitHeight();
}

void FindingTableView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTableView::selectionChanged(selected, deselected);
    Q_EMIT choiceChanged();
}

void FindingTableView::fitHeight()
{
    const int lines = std::clamp(m_model.rowCount(), 1, mostLines);
    int height = horizontalHeader()->sizeHint().height() + lines * verticalHeader()->defaultSectionSize() + 2 * frameWidth();
    int needed = 0;
    for (int column = 0; column < m_model.columnCount(); ++column) {
        const bool last = column + 1 == m_model.columnCount(); // Of it what it needs, not what it has.
        needed += last ? std::max(horizontalHeader()->sectionSizeHint(column), sizeHintForColumn(column))
                       : horizontalHeader()->sectionSize(column);
    }
    const bool fits = needed <= viewport()->width();
    // Stretched where there is no room it would be cut; a number would stand far from its neighbours.
    horizontalHeader()->setStretchLastSection(fits && !table().columns.isEmpty() && !table().columns.last().isNumber);
    if (!fits)
        height += horizontalScrollBar()->sizeHint().height();
    setFixedHeight(height);
}

} // namespace evalwright
