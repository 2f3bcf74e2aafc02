// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/exchange/exchange.h"
#include "storage/exchange/observations/observationrecord.h"

namespace evalwright {

class Project;

struct ObservationImportOptions
{
    QString dataset; ///< For sources that name none; empty: what the source says.
    bool skipBad = false;
};

/// What was made of other people's results. Like an import of items, bad rows are a report and not an Error.
struct ObservationImportReport
{
    ImportReport file; ///< `imported` and `duplicates` count answers; `dataset` is the first of `datasets`.
    QString run;       ///< uuid and name of the run that holds the answers
    QString runName;
    QStringList datasets, models;       ///< All that occur.
    QStringList newDatasets, newModels; ///< Of them, those that were made for this.
    QStringList notes;                  ///< For people.
    nlohmann::json toJson() const;
};

/// Stores other people's results as one run: data sets and models are made where they are missing. A data set of items
/// that the project has is matched by item uuid, else by statement or question; of a data set made here only the names
/// of items are known (family "observed"). One source is one transaction. The same bytes a second time change nothing.
/// Call on a worker thread. Errors: as the source's; InvalidInput (a model that is known otherwise, an item's cluster
/// that changes), Cancelled.
Result<ObservationImportReport> importObservations(Project &project, const QString &path, ObservationSource &source,
                                                   const ObservationImportOptions &options,
                                                   const CancellationToken &token = {},
                                                   const ExchangeProgress &progress = {});

} // namespace evalwright
