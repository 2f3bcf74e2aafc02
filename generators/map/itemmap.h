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

/// What is on a map, and what its items are compared by.
struct MapChoice
{
    DatasetId dataset;
    bool all = false;     ///< All parsed candidates instead of the kept items.
    ModelId embedder = {}; ///< Whose stored vectors; invalid: the built-in lexical embedding.
};

/// Items with their place in the plane of the two principal components; what a first look needs.
struct MapStart
{
    MapChoice choice;
    std::vector<MapItem> items;
    qint64 total = 0;   ///< That there are; more than `items`: these are evenly drawn ones.
    qint64 without = 0; ///< Drawn ones that are left out: the model's vector is missing or of another text.
    FloatMatrix rows;   ///< Embedding of the items.
    MapPoints plane;
    QString mark; ///< mapMark() when it was read.
};
/// What an item is embedded by: its statement, or its question where there is none.
QString mappedText(const Candidate &candidate);
/// Another one whenever candidates were added or decided about.
Result<QString> mapMark(Connection &connection, DatasetId dataset);
constexpr qint64 mostMapItems = 50'000;
/// Reads the items and embeds them, or reads the model's vectors of them (embedDataset() makes those). Errors:
/// Cancelled; NotFound when none of the items has a vector; Corrupt when vectors have different lengths; those of the
/// store. For worker threads.
Result<MapStart> startMap(Project &project, const MapChoice &choice, const SimilarityWork &work,
                          qint64 most = mostMapItems);

/// Cosine from which items are told as alike in a cluster list.
inline constexpr double alikeOnMap = 0.95;

struct MapCluster
{
    qint64 size = 0;
    QStringList words; ///< That set it apart, most telling first.
    QMap<QString, qint64> labels;
    qint64 repeated = 0; ///< Near duplicates (word sets, 0.8) of an earlier item of the map.
    qint64 alike = 0;    ///< With a cosine of alikeOnMap at least to an earlier item, in the map's embedding.
};
struct MapClusters
{
    std::vector<std::uint32_t> of; ///< Per item.
    FloatMatrix centres;           ///< Per cluster.
    QList<MapCluster> clusters;    ///< The largest first; empty ones left out.
    QString key;                   ///< Says which clustering it is: the same items give the same.
    QHash<int, ClusterName> names;
};
/// `count`: of clusters; 0: clusterCount(). Errors: InvalidInput for more clusters than items, Cancelled.
Result<MapClusters> clusterMap(Project &project, const MapStart &start, const SimilarityWork &work,
                               std::size_t count = 0);

/// The name to show: a person's or a model's, else the words.
QString clusterTitle(const MapClusters &clusters, int cluster);

} // namespace evalwright
