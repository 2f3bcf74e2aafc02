// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/map/itemmap.h"
#include "generators/map/mapjob.h"

namespace evalwright {

/// Which clusters are to be named by which model. Travels as the parameters of a job of kind "name-clusters".
struct NameClustersSpec
{
    QString dataset, model;
    QString embedder;  ///< Of the map: a model with stored vectors; empty: the built-in lexical embedding.
    bool all = false;  ///< The map of all candidates instead of that of the kept items.
    qint64 clusters = 0; ///< 0: as many as the map makes of itself.
    std::optional<double> budget; ///< Money; not part of what makes two jobs the same.

    nlohmann::json toJson() const;
    static Result<NameClustersSpec> fromJson(const QByteArray &bytes);
};

/// A name out of a reply: one line of 1 to 60 characters with a letter or digit among them, nothing that cannot be seen
/// (control, format, private and unassigned characters, line and paragraph separators). Blanks around it, one pair of
/// quotation marks and one full stop at its end are not part of it. Nothing for any other reply.
std::optional<QString> clusterNameFrom(const QString &reply);

/// The texts of a cluster that a model is shown: of the 24 nearest to the centre 8 by a seeded draw, nearest first, each
/// on one line and cut to 240 characters.
QStringList clusterExamples(const MapStart &start, const MapClusters &clusters, int cluster);

/// The request for a cluster's name, as the model is best asked: temperature 0.
Result<LmRequest> clusterNameRequest(const Model &model, const QStringList &texts, const QStringList &words);

struct NameClustersReport
{
    JobId job;
    JobState state = JobState::Done; ///< Done or Partly.
    qint64 clusters = 0;
    qint64 named = 0;    ///< By the model, now or before.
    qint64 byPeople = 0; ///< Have a person's name, and were not asked about.
    qint64 refused = 0;  ///< Answers that are no name.
    QString problem;     ///< The first one; empty: none.
    StageReport requests;
    nlohmann::json toJson() const;
};
/// Asks the model for a name of every cluster that no person has named, and stores it as the model's (cluster_name,
/// with the answer's place). Blocking; for worker threads. Run again with the same spec it goes on; as long as the
/// items are the same nothing is asked twice. Errors: NotFound for unknown names; InvalidInput without items; those of
/// startMap(), clusterMap() and runStage().
Result<NameClustersReport> nameClusters(const JobServices &services, const NameClustersSpec &spec,
                                        const CancellationToken &token, const ProgressFunction &progress);

} // namespace evalwright
