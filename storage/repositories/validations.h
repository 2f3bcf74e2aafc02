// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QList>

namespace evalwright {

using ValidationId = Id<struct ValidationTag>;

/// A checker tried on items whose labels are known: one form, frame and model on one data set.
struct CheckerValidation
{
    ValidationId id;
    QString uuid;
    JobId jobId;
    DatasetId datasetId;
    ModelId modelId;
    BehaviourId behaviourId; ///< Invalid when the description was given by hand.
    QString prompt;          ///< Name of the form.
    QString frame;           ///< completion | chat-prefill | chat
    QString checkJson;       ///< What was asked, whole: {form, frame, description, contrast, subject, …}.
    QString checkHash;       ///< Of form and frame alone: what makes two checkers the same.
    qint64 items = 0;        ///< Asked about.
    QString result;          ///< Figures (docs/checkers.md).
    QString createdAt;
};

/// Stores the figures unless the job's latest ones of this form, frame, model and data set are the same already.
Result<CheckerValidation> addValidation(Connection &connection, CheckerValidation validation);

/// With the names that the ids stand for.
struct ValidationRow
{
    CheckerValidation validation;
    QString dataset, model;
};
struct ValidationFilter
{
    DatasetId dataset; ///< Invalid: all.
    ModelId model;     ///< Invalid: all.
    QString checkHash; ///< Empty: all.
};
/// The latest one of each data set, form, frame and model, by data set, model, form, frame. Of removed data sets and
/// models, too.
Result<QList<ValidationRow>> latestValidations(Connection &connection, const ValidationFilter &filter = {});

} // namespace evalwright
