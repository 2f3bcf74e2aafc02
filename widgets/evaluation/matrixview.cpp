// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/matrixview.h"

#include "core/text.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/evaluation/resultwords.h"
#include "widgets/theme/theme.h"

#include <QHeaderView>
#include <QPainter>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int barHeight = 20;
constexpr int cellWidth = 232;

int lineHeight(const QFont &font)
{
    return QFontMetrics(font).height();
}

} // namespace

void MatrixModel::setMatrix(ResultMatrix matrix)
{
    beginResetModel();
    m_matrix = std::move(matrix);
    m_cells.clear();
    for (const QString &dataset : std::as_const(m_matrix.datasets)) {
        for (const QString &model : std::as_const(m_matrix.models))
            m_cells << m_matrix.cell(dataset, model);
    }
    endResetModel();
}

QList<const ResultRow *> MatrixModel::cell(const QModelIndex &index) const
{
    QList<const ResultRow *> rows;
    if (!index.isValid())
        return rows;
    for (const int row : m_cells[qsizetype{index.row()} * m_matrix.models.size() + index.column()])
        rows << &m_matrix.rows[row];
    return rows;
}

int MatrixModel::depth(int row) const
{
    qsizetype deepest = 1;
    for (int column = 0; column < columnCount(); ++column)
        deepest = std::max(deepest, m_cells[qsizetype{row} * m_matrix.models.size() + column].size());
    return static_cast<int>(deepest);
}

int MatrixModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_matrix.datasets.size());
}

int MatrixModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_matrix.models.size());
}

QVariant MatrixModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QList<const ResultRow *> rows = cell(index);
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) {
        QStringList lines;
        for (const ResultRow *row : rows) {
            const QString text = scoreText(*row) + u" · "_s + besideText(*row);
            lines << (rows.size() > 1 || role == Qt::AccessibleTextRole ? conditionText(*row) + u": "_s + text : text);
        }
        if (lines.isEmpty())
            lines << tr("not asked");
        if (role == Qt::DisplayRole)
            return lines.join(u'\n');
        return u"%1, %2: %3"_s.arg(m_matrix.models[index.column()], m_matrix.datasets[index.row()],
                                   lines.join(u"; "_s));
    }
    if (role == Qt::ToolTipRole && !rows.isEmpty()) {
        QStringList texts;
        for (const ResultRow *row : rows)
            texts << conditionText(*row, true) + u'\n' + explanationText(*row);
        return plainToolTip(texts.join(u"\n\n"_s));
    }
    return {};
}

QVariant MatrixModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QStringList &names = orientation == Qt::Horizontal ? m_matrix.models : m_matrix.datasets;
    if (section < 0 || section >= names.size())
        return {};
    if (role == Qt::ToolTipRole)
        return plainToolTip(names[section]);
    if (role != Qt::DisplayRole)
        return {};
    const QString name = singleLine(names[section], 32);
    if (orientation == Qt::Vertical)
        return name;
    const auto row = std::ranges::find(m_matrix.rows, names[section], &ResultRow::model);
    return row != m_matrix.rows.cend() && row->parameters ? name + u"  "_s + formatParameters(row->parameters) : name;
}

int MatrixDelegate::blockHeight(const QWidget *widget)
{
    return lineHeight(widget->font()) + barHeight + 2 * lineHeight(Theme::font(Theme::Role::Caption)) +
           Theme::spacing();
}

void MatrixDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    IntervalDelegate::initStyleOption(option, index);
    option->text.clear(); // Painted line by line.
}

void MatrixDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const auto *model = qobject_cast<const MatrixModel *>(index.model());
    if (!model)
        return;
    const Theme *theme = Theme::of(option.widget);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const QColor quiet = selected ? ink : theme->color(Theme::Meaning::TextSecondary);
    const QFont caption = Theme::font(Theme::Role::Caption);
    const QList<const ResultRow *> rows = model->cell(index);
    painter->save();
    QRect room = option.rect.adjusted(Theme::spacing(), Theme::spacing() / 2, -Theme::spacing(), 0);
    const auto line = [&](const QString &text, const QFont &font, const QColor &color) {
        painter->setFont(font);
        painter->setPen(color);
        const int height = lineHeight(font);
        painter->drawText(QRect(room.left(), room.top(), room.width(), height),
                          Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          QFontMetrics(font).elidedText(text, Qt::ElideRight, room.width()));
        room.setTop(room.top() + height);
    };
    if (rows.isEmpty())
        line(MatrixModel::tr("not asked"), option.font, quiet);
    for (const ResultRow *row : rows) {
        const int top = room.top();
        line(hasNothingToMatch(*row) ? MatrixModel::tr("no score: nothing can match") : scoreText(*row), option.font,
             ink);
        paintInterval(*painter, QRectF(room.left(), room.top(), room.width(), barHeight), *row, option);
        room.setTop(room.top() + barHeight);
        line(besideText(*row), caption, quiet);
        line(conditionText(*row), caption, quiet);
        room.setTop(top + blockHeight(option.widget));
    }
    painter->restore();
}

MatrixView::MatrixView(QWidget *parent) : QTableView(parent)
{
    setModel(&m_model);
    setItemDelegate(new MatrixDelegate(this));
    setAccessibleName(tr("Results, data sets by models"));
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setDefaultSectionSize(cellWidth);
    horizontalHeader()->setHighlightSections(false);
    verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    verticalHeader()->setHighlightSections(false);
    setCornerButtonEnabled(false);
    connect(this, &QTableView::clicked, this, &MatrixView::open);
    connect(this, &QTableView::activated, this, &MatrixView::open); // Enter.
}

void MatrixView::setMatrix(ResultMatrix matrix)
{
    m_model.setMatrix(std::move(matrix));
    const int block = MatrixDelegate::blockHeight(this);
    for (int row = 0; row < m_model.rowCount(); ++row)
        setRowHeight(row, m_model.depth(row) * block + Theme::spacing());
}

QList<ResultRow> MatrixView::rowsOf(const QModelIndex &index) const
{
    QList<ResultRow> rows;
    for (const ResultRow *row : m_model.cell(index))
        rows << *row;
    return rows;
}

QList<ResultRow> MatrixView::currentCell() const
{
    return rowsOf(currentIndex());
}

void MatrixView::open(const QModelIndex &index)
{
    if (const QList<ResultRow> rows = rowsOf(index); !rows.isEmpty())
        Q_EMIT cellOpened(rows);
}

void MatrixView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    Q_EMIT currentCellChanged();
}

} // namespace evalwright
