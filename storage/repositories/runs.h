// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>
#include <QSet>

#include <functional>

namespace evalwright {

Result<Run> createRun(Connection &connection, Run run);
Result<std::optional<Run>> runByJob(Connection &connection, JobId job);
/// Newest first.
Result<QList<Run>> listRuns(Connection &connection);
Result<Run> runByUuidOrName(Connection &connection, const QString &uuidOrName);

/// Stores an observation; an equal cell (run, item, model, frame, control, order, repeat) stays as it is.
Status addObservation(Connection &connection, const Observation &observation);

/// Items with ids from `first` to `last` that the run has an observation of, under this model, frame, control, order and
/// repeat.
Result<QSet<qint64>> observedItems(Connection &connection, RunId run, ModelId model, const QString &frame, qint64 first,
                                   qint64 last, const QString &control = QStringLiteral("none"),
                                   const QString &order = QStringLiteral("stored"), qint64 repeat = 0);

/// An observation joined with what statistics need about its item and model.
struct ObservationRow
{
    Observation observation;
    QString itemUuid, dataset, matchingLabel, cluster;
    int options = 2; ///< Number of labels.
    std::optional<double> labelConfidence;
    QString statement;
    Model model;
};
struct ObservationFilter
{
    RunId run;         ///< Invalid: all runs.
    DatasetId dataset; ///< Invalid: all data sets.
    ModelId model;     ///< Invalid: all models.
};
/// Ordered by run, data set, model, frame, control, item ordinal.
Result<QList<ObservationRow>> observations(Connection &connection, const ObservationFilter &filter);
/// The same one by one, without holding them; without the model, the statement, the labels and their readings.
Status forEachObservation(Connection &connection, const ObservationFilter &filter,
                          const std::function<void(const ObservationRow &)> &use);
/// One data set, model and frame of a run.
struct CellPlace
{
    RunId run;
    DatasetId dataset;
    ModelId model;
    QString frame;
};
/// The readings of one item: of its answer, and of another observation under `control`.
struct CheckedLabels
{
    CandidateId candidate;
    QString labels, checkedLabels; ///< Observation::labels
    QString argmax, checkedArgmax;
};
/// Of the items that were answered, those that the control has observed as answered, too.
Result<QList<CheckedLabels>> checkedLabels(Connection &connection, const CellPlace &place, const QString &control);
/// The readings of answered items one by one: those of two labels where p(matching) lies between 1 − `nearest` and
/// `nearest`, and all those of more labels.
Status forEachLabels(Connection &connection, const CellPlace &place, double nearest,
                     const std::function<void(const QString &itemUuid, const QString &labels)> &use);
/// What models answered to one item, newest run first.
Result<QList<ObservationRow>> observationsOfItem(Connection &connection, CandidateId item);

Result<FigureRecord> addFigure(Connection &connection, FigureRecord figure);
Result<QList<FigureRecord>> listFigures(Connection &connection);

} // namespace evalwright
