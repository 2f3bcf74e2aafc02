// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/resultmodel.h"

#include "core/text.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/evaluation/resultwords.h"
#include "widgets/theme/theme.h"

#include <QLocale>

namespace evalwright {

using namespace Qt::StringLiterals;

void ResultModel::setRows(QList<ResultRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int ResultModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ResultModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ResultModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ResultRow &row = m_rows[index.row()];
    const QLocale locale;
    if (role == Qt::TextAlignmentRole) {
        const bool number = index.column() == Parameters || index.column() == Items || index.column() == Matching ||
                            (index.column() >= Refused && index.column() <= LabelMass);
        return QVariant((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role == Qt::ToolTipRole)
        return plainToolTip(explanationText(row));
    if (role == Qt::AccessibleTextRole && index.column() == Bar)
        return scoreText(row);
    if (role == Qt::ForegroundRole && index.column() == Notes)
        return Theme::of(nullptr)->color(Theme::Meaning::Warning);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Dataset:
        return singleLine(row.dataset);
    case ModelName:
        return singleLine(row.model);
    case Parameters:
        return formatParameters(row.parameters);
    case Frame:
        return row.frame;
    case Control:
        return row.control == "none"_L1 ? u"—"_s : row.control;
    case Items:
        return locale.toString(row.n);
    case Matching:
        return matchingText(row);
    case Score:
        return scoreText(row);
    case Refused:
        return locale.toString(row.refused);
    case NoAnswer:
        return locale.toString(row.unparsed + row.undecided + row.errors);
    case LabelMass:
        return row.labelMass ? locale.toString(*row.labelMass, 'f', 2) : u"—"_s;
    case Notes:
        return row.warnings.isEmpty() ? QString() : tr("%Ln note(s)", nullptr, static_cast<int>(row.warnings.size()));
    default:
        return {};
    }
}

QVariant ResultModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole && section == Matching)
        return tr("Answers that show the behaviour, of the items that were answered: the score is their ratio");
    if (role == Qt::ToolTipRole && section == Control)
        return tr("What was changed about the items before they were asked; a dash: nothing");
    if (role == Qt::ToolTipRole && section == LabelMass)
        return tr("Median probability on Yes and No together: how natural these answers are under this frame");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Dataset:
        return tr("Data set");
    case ModelName:
        return tr("Model");
    case Parameters:
        return tr("Parameters");
    case Frame:
        return tr("Frame");
    case Control:
        return tr("Control");
    case Items:
        return tr("Items");
    case Matching:
        return tr("Matching");
    case Score:
        return tr("Score, 95 % interval");
    case Bar:
        return tr("0 to 100 %");
    case Refused:
        return tr("Refused");
    case NoAnswer:
        return tr("No answer");
    case LabelMass:
        return tr("Label mass");
    case Notes:
        return tr("Notes");
    default:
        return {};
    }
}

} // namespace evalwright
