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
    Partly,   ///< Over several orders of options or repeats some match and some do not.
    Answered, ///< There is nothing that an answer could match (pronouns).
    Refused,
    Unparsed,
    Undecided,
    Failed, ///< The request failed.
};

struct GridAnswer
{
    GridState state = GridState::NotAsked;
    bool censored = false;   ///< Some label lies outside the reported tokens.
    std::uint32_t word = 0;  ///< Index into GridColumn::words.
    float pMatching = -1;    ///< Below 0: not known.
    float labelMass = -1;    ///< Likewise.
};

struct GridColumn
{
    ResultRow row;          ///< Of the cell.
    QStringList words;      ///< Answers as stored.
    QSet<QString> unstable; ///< Uuids of items that another run might turn (drift check).
};

/// The items of a data set by several cells of results. Sixteen bytes an answer, so that two hundred thousand items by
/// eight models are held at once; texts are fetched for the rows that are looked at.
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

/// The newest answers of these cells, which are told apart by model, frame, control and scoring, in the order given; a
/// cell that is no more has no column. InvalidInput for cells of several data sets or none.
Result<ItemGrid> itemGrid(Connection &connection, const QList<ResultRow> &cells);

/// Which rows of a grid to show. An answer that matches partly is one that matches and one that does not; one that
/// nothing could match is neither.
enum class GridFilter { All, Differ, AllMatch, NoneMatch, Refused, Unparsed, Undecided, Failed };

/// Indices into ItemGrid::items. Differ: some answer matches and some does not. AllMatch, NoneMatch: every column
/// answered so. The others: some column has that outcome.
std::vector<std::size_t> selectRows(const ItemGrid &grid, GridFilter filter);

} // namespace evalwright
