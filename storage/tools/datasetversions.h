// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/ids.h"
#include "storage/project.h"
#include "storage/tools/sqlitefile.h"

#include <QList>

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <optional>

namespace evalwright {

/// An item as one version of a data set has it.
struct VersionItem
{
    QString uuid, statement, question, matchingLabel;
    QStringList otherLabels;
    bool kept = false;
    QString reason; ///< Of the decision; empty: none was made.
};

/// What a version of a data set has that the version before has not, item by item.
struct VersionDifference
{
    /// Relabelled: the same words, another label matches. An item may be changed and decided otherwise at once.
    enum Kind { Added, Removed, Changed, Relabelled, KeptNow, RejectedNow };
    static constexpr int kinds = 6;
    static QString kindName(Kind kind); ///< added | removed | changed | relabelled | kept_now | rejected_now

    struct Entry
    {
        std::optional<VersionItem> before, after;
    };
    QString before, after;             ///< Names of the data sets.
    qint64 itemsBefore = 0, itemsAfter = 0; ///< Kept ones.
    qint64 unchanged = 0;              ///< Kept in both, with the same words and label.
    std::array<qint64, kinds> counts{};
    std::array<QList<Entry>, kinds> entries; ///< The first of each kind, by their place.

    bool isSame() const;
    /// {before, after, items_before, items_after, unchanged, added{count, items[{before, after}]}, …}
    nlohmann::json toJson() const;
};

struct VersionOptions
{
    qint64 entries = 20; ///< Of each kind, that are listed with their texts.
};

/// Compares kept items, and what became of those that only one version keeps. Two rows are the same item by their uuid, else
/// by their words, else by the row of the file they were imported from. Holds some 50 bytes for each candidate of both
/// versions, and no texts but those listed. Both projects may be one.
Result<VersionDifference> compareVersions(Project &beforeProject, const QString &before, Project &afterProject, const QString &after,
                                          const VersionOptions &options = {}, const CancellationToken &token = {},
                                          const ToolProgressFunction &progress = {});

} // namespace evalwright
