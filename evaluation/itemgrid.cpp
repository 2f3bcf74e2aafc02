// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/itemgrid.h"

#include "evaluation/cells.h"

#include <algorithm>
#include <array>
#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;
using cells::Cell;

namespace {

constexpr std::array names{"not-asked"_L1, "matches"_L1,  "does-not-match"_L1, "partly"_L1, "answered"_L1,
                           "refused"_L1,   "unparsed"_L1, "undecided"_L1,      "failed"_L1};

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

/// Where the user's list of models has the cell's model.
qsizetype placeIn(const QStringList &models, const Cell &cell)
{
    const qsizetype place = models.indexOf(cell.model.name);
    return place < 0 ? std::numeric_limits<qsizetype>::max() : place;
}

} // namespace

QString gridStateName(GridState state)
{
    return names.at(static_cast<std::size_t>(state));
}

QStringList gridStateNames()
{
    QStringList list;
    for (const auto name : names)
        list << name;
    return list;
}

Result<ItemGrid> itemGrid(Connection &connection, const ResultFilter &filter)
{
    if (filter.datasets.size() != 1) {
        return failure(ErrorCode::InvalidInput, u"Items can be compared within one data set, not within %1."_s.arg(
                                                    filter.datasets.size()),
                       u"Name one data set."_s);
    }
    EVALWRIGHT_ASSIGN(QList<Cell> list, cells::load(connection, filter));
    std::ranges::stable_sort(list, {}, [&](const Cell &cell) { return placeIn(filter.models, cell); });
    ItemGrid grid;
    grid.dataset = filter.datasets.first();
    if (list.isEmpty())
        return grid;
    const cells::Items &items = *list.first().items;
    std::vector<bool> isThere(items.ids.size());
    for (const Cell &cell : std::as_const(list)) {
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
        }
    }
    return grid;
}

std::vector<std::size_t> selectRows(const ItemGrid &grid, const GridSelection &selection)
{
    const auto width = static_cast<std::size_t>(grid.columns.size());
    const auto fits = [&](const GridAnswer &answer) {
        return selection.states.isEmpty() || selection.states.contains(answer.state);
    };
    std::vector<std::size_t> rows;
    for (std::size_t item = 0; item < grid.items.size(); ++item) {
        bool wanted = false, match = false, miss = false;
        for (std::size_t c = 0; c < width; ++c) {
            const GridAnswer &answer = grid.at(item, c);
            if (selection.column < 0 || static_cast<std::size_t>(selection.column) == c)
                wanted = wanted || fits(answer);
            match = match || answer.state == GridState::Matches || answer.state == GridState::Partly;
            miss = miss || answer.state == GridState::DoesNotMatch || answer.state == GridState::Partly;
        }
        if (wanted && (!selection.onlyDisagreements || (match && miss)))
            rows.push_back(item);
    }
    return rows;
}

} // namespace evalwright
