// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/previewmodel.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/theme/theme.h"

#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int columns = PreviewModel::Cluster + 1;

bool isTold(const Theme &theme, const PreviewRow &row, QColor &color)
{
    if (row.row.problem)
        color = theme.color(Theme::Meaning::Error);
    else if (!row.row.flags.isEmpty())
        color = theme.color(Theme::Meaning::Warning);
    return row.row.problem || !row.row.flags.isEmpty();
}

} // namespace

void PreviewModel::setRows(const QList<PreviewRow> &rows)
{
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

bool PreviewModel::hasColumn(Column column) const
{
    return column <= Question || std::ranges::any_of(m_rows, [&](const PreviewRow &row) { return !text(row, column).isEmpty(); });
}

int PreviewModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PreviewModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns;
}

QString PreviewModel::text(const PreviewRow &row, int column) const
{
    const Candidate &c = row.row.candidate;
    switch (column) {
    case Line:
        return row.line() > 0 ? QLocale().toString(row.line()) : QString();
    case State:
        return row.row.problem             ? tr("bad: %1").arg(row.row.problem->message)
               : !row.row.flags.isEmpty() ? tr("marked: %1").arg(row.row.flags.join(u", "_s))
                                          : tr("good");
    case Question:
        // A row that is not read is shown as it stands.
        return row.row.problem ? row.text : c.question;
    case Matching:
        return row.row.problem ? QString() : c.matchingLabel.trimmed();
    case Others:
        if (!row.row.problem) {
            QStringList labels;
            for (const QString &label : c.otherLabels)
                labels << label.trimmed();
            return labels.join(u", "_s);
        }
        return {};
    case Statement:
        return row.row.problem ? QString() : c.statement;
    case Confidence:
        return row.row.problem || !c.labelConfidence ? QString() : QLocale().toString(*c.labelConfidence, 'g', 4);
    case Cluster:
        return row.row.problem ? QString() : c.cluster;
    default:
        return {};
    }
}

QVariant PreviewModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const PreviewRow &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return singleLine(text(row, index.column()), 300);
    case Qt::ToolTipRole:
        return plainToolTip(text(row, index.column()));
    case Qt::ForegroundRole:
        if (QColor color; index.column() == State && isTold(*Theme::of(nullptr), row, color))
            return color;
        return {};
    case Qt::TextAlignmentRole:
        return static_cast<int>((index.column() == Line || index.column() == Confidence ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Line:
        return tr("Line");
    case State:
        return tr("Row");
    case Question:
        return tr("Question");
    case Matching:
        return tr("Matching answer");
    case Others:
        return tr("Other answers");
    case Statement:
        return tr("Statement");
    case Confidence:
        return tr("Confidence");
    case Cluster:
        return tr("Cluster");
    default:
        return {};
    }
}

} // namespace evalwright
