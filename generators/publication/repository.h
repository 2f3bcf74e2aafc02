// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace evalwright {

class Project;

struct RepositoryOptions
{
    bool overwrite = false; ///< Replace an earlier repository (WholeFolder says what is kept).
    QString order;          ///< As ExportOptions::order.
    bool trimLabels = false, canaryInRows = false;
    QString title;                           ///< Of the repository; empty: the names of its data sets.
    QString url;                             ///< Where it will be found; empty: a name made of the data sets' uuids.
    QString language = QStringLiteral("en"); ///< Of the items, BCP 47.
    std::optional<double>
        privateShare; ///< Of the items of each data set, between 0 and 1; held back by whole clusters.
    qint64 splitSeed = 0;
};

struct RepositoryReport
{
    struct Set
    {
        QString dataset, config; ///< Its name here; that of its folder.
        QString file, sha256;    ///< Relative to the repository.
        qint64 rows = 0, bytes = 0, heldBack = 0;
    };
    QString path, privatePath; ///< The latter is empty when nothing is held back.
    QList<Set> sets;
    QStringList warnings;
    /// {path, private_path, format, rows, sha256 (of one set), data_sets[], warnings[]}
    nlohmann::json toJson() const;
};

/// Writes a folder that can be published as it is ("hf-repo"): README.md with front matter for the Hugging Face Hub and
/// the cards of the data sets, croissant.json (Croissant 1.1), CANARY.txt, LICENSE (name and link of what the first
/// card says), data/CONFIG/test.jsonl, metadata/generation.json, metadata/review.json and the recipes from which
/// `generate --recipe` makes the data sets again. Items that are held back go to the folder `path`-private instead, and
/// into nothing of the published one. The same project and options give the same bytes; the only date is the newest
/// data set's. No item is held; memory grows by what the counts of the card take (some 70 bytes an item), by some 75
/// bytes a cluster when a part is held back, and with the order (ExportOptions). Errors: InvalidInput (no data set, one
/// twice, no items, a share that holds back nothing or all), NotFound, AlreadyExists, ReadOnly, Storage, Cancelled.
Result<RepositoryReport> exportRepository(Project &project, const QStringList &datasets, const QString &path,
                                          const RepositoryOptions &options, const CancellationToken &token = {});

} // namespace evalwright
