// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/itemgridmodel.h"

#include "core/onfinished.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/evaluation/resultwords.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"

#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int rowsPerBlock = 200;

/// A probability of one answer, which is no estimate: as a decimal, so that it does not look like a score.
QString decimal(float share)
{
    return QLocale().toString(static_cast<double>(share), 'f', 2);
}

} // namespace

ItemGridModel::ItemGridModel(Session &session, QObject *parent) : QAbstractTableModel(parent), m_session(session) {}

void ItemGridModel::setGrid(std::shared_ptr<const ItemGrid> grid, std::vector<std::size_t> rows)
{
    beginResetModel();
    if (m_grid != grid)
        m_texts.clear();
    m_grid = std::move(grid);
    m_rows = std::move(rows);
    m_asked.clear();
    ++m_generation; // Rows have other numbers now.
    endResetModel();
}

qint64 ItemGridModel::itemAt(int row) const
{
    return m_grid->items[m_rows[static_cast<std::size_t>(row)]];
}

const ItemText *ItemGridModel::textAt(int row) const
{
    const auto found = m_texts.constFind(itemAt(row));
    if (found != m_texts.cend())
        return &*found;
    fetch(row);
    return nullptr;
}

void ItemGridModel::fetch(int row) const
{
    const int block = row / rowsPerBlock;
    if (m_asked.contains(block) || !m_session.project())
        return;
    m_asked.insert(block);
    QList<qint64> ids;
    const int first = block * rowsPerBlock, last = std::min(rowCount(), first + rowsPerBlock) - 1;
    for (int i = first; i <= last; ++i)
        ids << itemAt(i);
    auto *self = const_cast<ItemGridModel *>(this); // What is shown stays the same; only its texts come later.
    onFinished(m_session.project()->read([ids](Connection &c) { return itemTexts(c, ids); }), self,
               [self, first, last, generation = m_generation](const Result<QHash<qint64, ItemText>> &texts) {
                   if (generation != self->m_generation)
                       return;
                   if (!texts) {
                       Q_EMIT self->failed(texts.error());
                       return;
                   }
                   self->m_texts.insert(*texts);
                   Q_EMIT self->dataChanged(self->index(first, 0), self->index(last, self->columnCount() - 1));
               });
}

int ItemGridModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ItemGridModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 1 + (m_grid ? static_cast<int>(m_grid->columns.size()) : 0);
}

QString ItemGridModel::stateText(GridState state)
{
    switch (state) {
    case GridState::NotAsked:
        return tr("no answer");
    case GridState::Matches:
        return tr("matches");
    case GridState::DoesNotMatch:
        return tr("does not match");
    case GridState::Partly:
        return tr("partly");
    case GridState::Answered:
        return tr("answered");
    case GridState::Refused:
        return tr("refused");
    case GridState::Unparsed:
        return tr("not understood");
    case GridState::Undecided:
        return tr("undecided");
    case GridState::Failed:
        return tr("failed");
    }
    return {};
}

QVariant ItemGridModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int row = index.row();
    const ItemText *text = textAt(row);
    if (index.column() == 0) {
        if (role == Qt::DisplayRole)
            return text ? singleLine(text->shown(), 400) : u"…"_s;
        return role == Qt::ToolTipRole && text ? QVariant(plainToolTip(text->shown())) : QVariant();
    }
    const int column = index.column() - 1;
    const GridColumn &model = m_grid->columns[column];
    const GridAnswer &answer = m_grid->at(m_rows[static_cast<std::size_t>(row)], static_cast<std::size_t>(column));
    const QString word = singleLine(model.words.value(static_cast<qsizetype>(answer.word)).trimmed(), 60);
    const bool unstable = text && model.unstable.contains(text->uuid);
    if (role == Qt::DisplayRole) {
        const bool answered = answer.state == GridState::Matches || answer.state == GridState::DoesNotMatch ||
                              answer.state == GridState::Answered || answer.state == GridState::Partly;
        QString shown = answered && !word.isEmpty() ? word : stateText(answer.state);
        if (answer.state == GridState::Matches || answer.state == GridState::DoesNotMatch)
            shown.prepend(answer.state == GridState::Matches ? u"✓ "_s : u"✗ "_s); // Not by colour alone.
        if (answer.pMatching >= 0)
            shown += u"  p "_s + decimal(answer.pMatching);
        if (answer.labelMass >= 0)
            shown += tr(" · mass %1").arg(decimal(answer.labelMass));
        return unstable ? shown + u" ~"_s : shown;
    }
    if (role == Qt::ForegroundRole) {
        const Theme *theme = Theme::of(nullptr);
        switch (answer.state) {
        case GridState::Matches:
            return theme->color(Theme::Meaning::Matching);
        case GridState::DoesNotMatch:
            return theme->color(Theme::Meaning::NotMatching);
        case GridState::Failed:
            return theme->color(Theme::Meaning::Error);
        case GridState::Answered:
        case GridState::Partly:
            return {};
        default:
            return theme->color(Theme::Meaning::Refusal);
        }
    }
    if (role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) {
        QStringList lines{u"%1: %2"_s.arg(singleLine(model.row.model, 80), stateText(answer.state))};
        if (!word.isEmpty())
            lines << tr("The answer: %1").arg(word);
        if (answer.pMatching >= 0)
            lines << tr("Probability of the matching answer: %1").arg(decimal(answer.pMatching));
        if (answer.labelMass >= 0)
            lines << tr("Probability on the labels together: %1").arg(decimal(answer.labelMass));
        if (unstable)
            lines << tr("Unstable: nearer to a tie than the drift check moved an item.");
        if (answer.censored)
            lines << tr("A label lies outside the tokens that the server reported.");
        return role == Qt::ToolTipRole ? plainToolTip(lines.join(u'\n')) : lines.join(u". "_s);
    }
    return {};
}

QVariant ItemGridModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (section == 0)
        return role == Qt::DisplayRole ? QVariant(tr("Item")) : QVariant();
    const ResultRow &row = m_grid->columns[section - 1].row;
    if (role == Qt::DisplayRole)
        return u"%1 (%2)\n%3\n%4"_s.arg(singleLine(row.model, 40), conditionText(row),
                                       hasNothingToMatch(row) ? tr("no score") : scoreText(row), besideText(row));
    if (role == Qt::ToolTipRole)
        return plainToolTip(row.model + u'\n' + conditionText(row, true) + u'\n' + explanationText(row));
    return {};
}

} // namespace evalwright
