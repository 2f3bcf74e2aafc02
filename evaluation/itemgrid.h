// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/results.h"

#include <QSet>

#include <vector>

namespace evalwright {

/// What one model answered to one item, for a look at them side by side.
enum class GridState : unsigned char {
    NotAsked,
    Matches,
    DoesNotMatch,
    Partly, ///< Over several orders of options or repeats some match and some do not.
    Answered, ///< There is nothing that an answer could match (pronouns).
    Refused,
    Unparsed,
    Undecided,
    Failed, ///< The request failed.
};
/// not-asked | matches | does-not-match | …: in commands and settings.
QString gridStateName(GridState state);
QStringList gridStateNames();

struct GridAnswer
{
    GridState state = GridState::NotAsked;
    bool censored = false;  ///< Some label lies outside the reported tokens.
    std::uint32_t word = 0; ///< Index into GridColumn::words.
    float pMatching = -1;   ///< Below 0: not known.
};

struct GridColumn
{
    ResultRow row;           ///< Of the cell.
    QStringList words;       ///< Answers as stored.
    QSet<QString> unstable;  ///< Uuids of items that another run might turn (drift check).
};

/// The items of a data set by several models. Twelve bytes an answer, so that two hundred thousand items by eight models
/// are held at once; texts are fetched for the rows that are looked at.
struct ItemGrid
{
    QString dataset;
    QList<GridColumn> columns;
    std::vector<qint64> items;       ///< Candidate ids that some column has an answer to, by id.
    std::vector<GridAnswer> answers; ///< items × columns, row-major.

    const GridAnswer &at(std::size_t item, std::size_t column) const
    {
        return answers[item * static_cast<std::size_t>(columns.size()) + column];
    }
};

/// The cells of `filter` on its one data set, in the order of `filter.models` where it names them. InvalidInput without
/// exactly one data set, NotFound for unknown names.
Result<ItemGrid> itemGrid(Connection &connection, const ResultFilter &filter);

/// Which rows of a grid to show.
struct GridSelection
{
    int column = -1;               ///< -1: any.
    QList<GridState> states;       ///< Empty: any.
    bool onlyDisagreements = false; ///< Two of the columns answered, and not alike.
};
/// Indices into ItemGrid::items.
std::vector<std::size_t> selectRows(const ItemGrid &grid, const GridSelection &selection);

} // namespace evalwright
