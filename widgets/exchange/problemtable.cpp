// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/problemtable.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int columns = ProblemModel::Excerpt + 1;

QString csvCell(QString text)
{
    static const QString acted = u"=+-@\t\r\n\uff1d\uff0b\uff0d\uff20'"_s;
    if (!text.isEmpty() && acted.contains(text[0]))
        text.prepend(u'\'');
    if (text.contains(u'"') || text.contains(u',') || text.contains(u'\n') || text.contains(u'\r'))
        text = u'"' + text.replace(u'"', "\"\""_L1) + u'"';
    return text;
}

} // namespace

void ProblemModel::setFiles(const QList<FileImport> &files)
{
    beginResetModel();
    m_rows.clear();
    for (const FileImport &file : files) {
        if (!file.report)
            continue;
        for (const RowProblem &problem : file.report->rejected) {
            if (m_rows.size() < ImportReport::mostListed)
                m_rows << std::pair(QFileInfo(file.path).fileName(), problem);
        }
    }
    endResetModel();
}

int ProblemModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ProblemModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

QVariant ProblemModel::value(int row, int column) const
{
    const auto &[file, problem] = m_rows[row];
    switch (column) {
    case File:
        return file;
    case Line:
        return problem.line > 0 ? QVariant(problem.line) : QVariant();
    case Place:
        return problem.column > 0 ? QVariant(problem.column) : QVariant();
    case Reason:
        return problem.reason;
    case Field:
        return problem.field;
    case Message:
        return problem.message;
    case Excerpt:
        return problem.excerpt;
    default:
        return {};
    }
}

QVariant ProblemModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const QVariant cell = value(index.row(), index.column());
    const bool number = index.column() == Line || index.column() == Place;
    switch (role) {
    case sortRole:
        return cell;
    case Qt::DisplayRole:
        return number ? (cell.isNull() ? QString() : QLocale().toString(cell.toLongLong())) : singleLine(cell.toString(), 300);
    case Qt::ToolTipRole:
        return plainToolTip(cell.toString());
    case Qt::TextAlignmentRole:
        return static_cast<int>((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant ProblemModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QStringList names{tr("File"), tr("Line"), tr("Column"), tr("Reason"), tr("Field"), tr("What is wrong"), tr("Around it")};
    return names.value(section);
}

ProblemTable::ProblemTable(QWidget *parent) : QTableView(parent)
{
    m_sorted.setSourceModel(&m_model);
    m_sorted.setSortRole(ProblemModel::sortRole);
    setModel(&m_sorted);
    setAccessibleName(tr("Rows that cannot be read"));
    showAsRows(this);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + Theme::spacing());
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder); // As they came.
}

void ProblemTable::setFiles(const QList<FileImport> &files)
{
    constexpr int widest = 420;
    m_model.setFiles(files);
    setColumnHidden(ProblemModel::File, files.size() < 2);
    resizeColumnsToContents();
    for (int column = 0; column < columns; ++column)
        setColumnWidth(column, std::min(columnWidth(column) + Theme::spacing(), widest));
}

QString ProblemTable::text() const
{
    QModelIndexList rows = selectionModel()->selectedRows(ProblemModel::Line);
    std::ranges::sort(rows, {}, &QModelIndex::row);
    if (rows.isEmpty()) {
        for (int row = 0; row < m_sorted.rowCount(); ++row)
            rows << m_sorted.index(row, ProblemModel::Line);
    }
    const auto line = [](auto cell) {
        QStringList cells;
        for (int column = 0; column < columns; ++column)
            cells << cell(column);
        return cells.join(u'\t');
    };
    QStringList lines{line([this](int column) { return m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); })};
    for (const QModelIndex &row : rows)
        lines << line([&](int column) { return singleLine(row.siblingAtColumn(column).data(ProblemModel::sortRole).toString(), 2000); });
    return lines.join(u'\n');
}

QByteArray ProblemTable::csv() const
{
    QByteArray out("file,line,column,reason,field,message,excerpt\r\n");
    for (int row = 0; row < m_sorted.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < columns; ++column)
            cells << csvCell(m_sorted.index(row, column).data(ProblemModel::sortRole).toString());
        out += cells.join(u',').toUtf8() + "\r\n";
    }
    return out;
}

void ProblemTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        QGuiApplication::clipboard()->setText(text());
        event->accept();
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace evalwright
