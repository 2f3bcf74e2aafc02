// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/itemgrid.h"

#include "evaluation/cells.h"

#include <algorithm>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using cells::Cell;

namespace {

GridState stateOf(const cells::Answer &answer)
{
    switch (answer.outcome) {
    case PackedAnswer::Outcome::Answered:
        break;
    case PackedAnswer::Outcome::Refused:
        return GridState::Refused;
    case PackedAnswer::Outcome::Unparsed:
        return GridState::Unparsed;
    case PackedAnswer::Outcome::Undecided:
        return GridState::Undecided;
    case PackedAnswer::Outcome::HttpError:
        return GridState::Failed;
    }
    if (!answer.isAnswered())
        return GridState::Answered;
    if (answer.value >= 1)
        return GridState::Matches;
    return answer.value <= 0 ? GridState::DoesNotMatch : GridState::Partly;
}

bool isSame(const Cell &cell, const ResultRow &wanted)
{
    return cell.model.id == wanted.modelId && cell.frame == wanted.frame && cell.control == wanted.control &&
           cell.method == wanted.scoring;
}

/// The value of all rows, where they have one; empty: any.
QString common(const QList<ResultRow> &rows, QString ResultRow::*field)
{
    const QString &first = rows.constFirst().*field;
    return std::ranges::all_of(rows, [&](const ResultRow &row) { return row.*field == first; }) ? first : QString();
}

/// The cells that are wanted, in the order in which they are.
Result<QList<Cell>> wantedCells(Connection &connection, const QList<ResultRow> &wanted)
{
    ResultFilter filter;
    filter.datasets << wanted.constFirst().dataset;
    filter.frame = common(wanted, &ResultRow::frame);
    filter.control = common(wanted, &ResultRow::control);
    for (const ResultRow &row : wanted) {
        if (!filter.models.contains(row.model))
            filter.models << row.model;
    }
    EVALWRIGHT_ASSIGN(QList<Cell> all, cells::load(connection, filter));
    QList<Cell> list;
    for (const ResultRow &row : wanted) {
        const auto found = std::ranges::find_if(all, [&](const Cell &cell) { return isSame(cell, row); });
        if (found != all.end())
            list << std::move(*found);
    }
    return list;
}

} // namespace

Result<ItemGrid> itemGrid(Connection &connection, const QList<ResultRow> &wanted)
{
    if (wanted.isEmpty() || std::ranges::any_of(wanted, [&](const ResultRow &row) {
            return row.datasetId != wanted.constFirst().datasetId;
        })) {
        return failure(ErrorCode::InvalidInput, u"Items can be compared within one data set only."_s,
                       u"Choose results of one data set."_s);
    }
    EVALWRIGHT_ASSIGN(const QList<Cell> list, wantedCells(connection, wanted));
    ItemGrid grid;
    grid.dataset = wanted.constFirst().dataset;
    if (list.isEmpty())
        return grid;
    const cells::Items &items = *list.first().items;
    std::vector<bool> isThere(items.ids.size());
    for (const Cell &cell : list) {
        GridColumn column;
        column.row = cells::rowOf(cell);
        column.words = cell.words;
        column.unstable = QSet<QString>(cell.unstable.begin(), cell.unstable.end());
        grid.columns << column;
        for (const cells::Answer &answer : cell.answers)
            isThere[answer.place] = true;
    }
    std::vector<std::size_t> rowOf(items.ids.size());
    for (std::size_t place = 0; place < items.ids.size(); ++place) {
        if (!isThere[place])
            continue;
        rowOf[place] = grid.items.size();
        grid.items.push_back(items.ids[place]);
    }
    const auto width = static_cast<std::size_t>(list.size());
    grid.answers.resize(grid.items.size() * width);
    for (std::size_t c = 0; c < width; ++c) {
        for (const cells::Answer &answer : list[static_cast<qsizetype>(c)].answers) {
            GridAnswer &target = grid.answers[rowOf[answer.place] * width + c];
            target.state = stateOf(answer);
            target.censored = answer.censored;
            target.word = answer.word;
            if (answer.probability())
                target.pMatching = static_cast<float>(answer.pMatching);
            if (!std::isnan(answer.labelMass))
                target.labelMass = static_cast<float>(answer.labelMass);
        }
    }
    return grid;
}

std::vector<std::size_t> selectRows(const ItemGrid &grid, GridFilter filter)
{
    const auto width = static_cast<std::size_t>(grid.columns.size());
    const auto wanted = [filter](GridState state) {
        return (filter == GridFilter::Refused && state == GridState::Refused) ||
               (filter == GridFilter::Unparsed && state == GridState::Unparsed) ||
               (filter == GridFilter::Undecided && state == GridState::Undecided) ||
               (filter == GridFilter::Failed && state == GridState::Failed);
    };
    std::vector<std::size_t> rows;
    for (std::size_t item = 0; item < grid.items.size(); ++item) {
        std::size_t match = 0, miss = 0; // Partly counts as both.
        bool some = false;
        for (std::size_t c = 0; c < width; ++c) {
            const GridState state = grid.at(item, c).state;
            match += state == GridState::Matches || state == GridState::Partly ? 1U : 0U;
            miss += state == GridState::DoesNotMatch || state == GridState::Partly ? 1U : 0U;
            some = some || wanted(state);
        }
        if (filter == GridFilter::All || some || (filter == GridFilter::Differ && match > 0 && miss > 0) ||
            (filter == GridFilter::AllMatch && match == width && miss == 0) ||
            (filter == GridFilter::NoneMatch && miss == width && match == 0))
            rows.push_back(item);
    }
    return rows;
}

} // namespace evalwright
