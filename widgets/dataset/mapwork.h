// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "generators/similarity/clusters.h"
#include "generators/similarity/map.h"
#include "storage/project.h"
#include "storage/repositories/clusternames.h"

#include <QMap>

namespace evalwright {

struct MapItem
{
    enum State { Kept, Rejected, Undecided };
    CandidateId id;
    qint64 ordinal = 0;
    QString text, label;
    std::optional<double> confidence;
    State state = Undecided;
};

/// Items with their place in the plane of the two principal components; what a first look needs.
struct MapStart
{
    std::vector<MapItem> items;
    qint64 total = 0; ///< That there are; more than `items`: these are evenly drawn ones.
    FloatMatrix rows; ///< Lexical embedding of the items.
    MapPoints plane;
    QString mark; ///< mapMark() when it was read.
};
/// Another one whenever candidates were added or decided about.
Result<QString> mapMark(Connection &connection, DatasetId dataset);
constexpr qint64 mostMapItems = 50'000;
/// Reads the kept items of a data set, or all its parsed candidates, and embeds them. Errors: Cancelled, those of the
/// store. For worker threads.
Result<MapStart> startMap(Project &project, DatasetId dataset, bool all, const SimilarityWork &work,
                          qint64 most = mostMapItems);

struct MapCluster
{
    qint64 size = 0;
    QStringList words; ///< That set it apart, most telling first.
    QMap<QString, qint64> labels;
    qint64 repeated = 0; ///< Near duplicates (word sets, 0.8) of an earlier item of the map.
};
struct MapClusters
{
    std::vector<std::uint32_t> of; ///< Per item.
    QList<MapCluster> clusters;    ///< The largest first; empty ones left out.
    QString key;                   ///< Says which clustering it is: the same items give the same.
    QHash<int, ClusterName> names;
};
Result<MapClusters> clusterMap(Project &project, DatasetId dataset, const MapStart &start, const SimilarityWork &work);

/// The name to show: a person's or a model's, else the words.
QString clusterTitle(const MapClusters &clusters, int cluster);

} // namespace evalwright
