// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/numberstable.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool looksNumeric(const QString &text)
{
    if (text.isEmpty())
        return true;
    const QChar first = text.at(0);
    return first.isDigit() || first == u'[' || first == u'—' || first == u'−' || first == u'-' || first == u'+';
}

} // namespace

void NumbersModel::setTable(const QStringList &header, const QList<QStringList> &rows)
{
    beginResetModel();
    m_header = header;
    m_rows = rows;
    m_numeric.clear();
    for (qsizetype column = 0; column < header.size(); ++column) {
        const bool anything = std::any_of(rows.begin(), rows.end(),
                                          [column](const QStringList &row) { return !row.value(column).isEmpty(); });
        m_numeric << (anything && std::all_of(rows.begin(), rows.end(), [column](const QStringList &row) {
                          return looksNumeric(row.value(column));
                      }));
    }
    endResetModel();
}

int NumbersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NumbersModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_header.size());
}

QVariant NumbersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const QString text = m_rows.at(index.row()).value(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return singleLine(text, 200);
    case Qt::ToolTipRole:
        return plainToolTip(text);
    case Qt::TextAlignmentRole:
        return static_cast<int>((m_numeric.at(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant NumbersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= m_header.size())
        return {};
    if (role == Qt::DisplayRole)
        return singleLine(m_header.at(section), 80);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((m_numeric.at(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

NumbersTable::NumbersTable(QWidget *parent) : QTableView(parent)
{
    setModel(&m_model);
    setAccessibleName(tr("Table of the numbers"));
    showAsRows(this);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + Theme::spacing());
    setMinimumHeight(Theme::spacing(20));
}

void NumbersTable::setTable(const QStringList &header, const QList<QStringList> &rows)
{
    constexpr int widest = 360;
    m_model.setTable(header, rows);
    resizeColumnsToContents();
    for (int column = 0; column < m_model.columnCount(); ++column)
        setColumnWidth(column, std::min(columnWidth(column) + Theme::spacing(2), widest));
}

void NumbersTable::copySelection() const
{
    QStringList lines;
    const auto line = [this](auto cell) {
        QStringList cells;
        for (int column = 0; column < m_model.columnCount(); ++column)
            cells << cell(column);
        return cells.join(u'\t');
    };
    lines << line([this](int column) { return m_model.headerData(column, Qt::Horizontal).toString(); });
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    for (const QModelIndex &row : rows)
        lines << line([&](int column) { return row.siblingAtColumn(column).data().toString(); });
    if (lines.size() > 1)
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

void NumbersTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        event->accept();
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace evalwright
