// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/checker/trust.h"
#include "generators/refilter.h"

namespace evalwright {

/// A checker to be asked about the stored candidates of a data set. Travels as the parameters of a job of kind
/// "recheck".
struct RecheckSpec
{
    QString dataset, checker;
    std::optional<CheckerForm> form; ///< Unset: the label check of the recipe; of imported sets the published question.
    PromptKind frame = PromptKind::Auto; ///< Of a form.
    QString method;                      ///< first-token | sampled; empty: as the recipe, or first-token.
    int samples = usualVerdictSamples;
    Behaviour behaviour;   ///< Description, contrast and subject; empty: the recipe's, else behaviourOf().
    QString trustReason;   ///< Why a checker that is not trusted is asked all the same.
    std::optional<double> budget; ///< Money; with the rules and the reason no part of what makes two jobs the same.
    FilterRules rules;     ///< How the selection is decided then.

    nlohmann::json toJson() const;
    static Result<RecheckSpec> fromJson(const QByteArray &bytes);
};

/// The kind of the note that a data set's label confidences are a checker's, where its file brought none.
QString confidencesNoteKind();

/// The check as it is asked of a data set's candidates. InvalidInput when the recipe has no label check and no form is
/// given, or the form is for another family or requirement; NotFound when nobody knows whom the items are to fit.
Result<RecipeStage> recheckStage(Connection &connection, DatasetId dataset, const RecheckSpec &spec);

/// What asking would take; sends nothing.
struct RecheckPlan
{
    qint64 candidates = 0, requests = 0; ///< Stored answers not counted off.
    CheckerTrust trust;
    QStringList warnings, deviations; ///< Writer and checker of one family, …
};
Result<RecheckPlan> planRecheck(Project &project, const RecheckSpec &spec);

struct RecheckReport
{
    JobId job;
    JobState state = JobState::Done; ///< Done or Partly.
    qint64 candidates = 0; ///< Asked about.
    FilterOutcome filtered;
    StageReport requests;
    QString checkerTrust;
    QStringList warnings, deviations;
    nlohmann::json toJson() const;
};
/// Asks the checker about every candidate that came as far as the label check, stores its scores beside the others, and
/// decides again with its confidences (refilter). The confidence in force becomes the new one, but a confidence that an
/// import brought stays as it came. Blocking; for worker threads. Run again with the same spec it goes on and sends
/// nothing that was answered before. What is known of the checker from trials is looked at first, and stays with the
/// data set: Unsupported when it is not better than chance and no reason to ask it is given.
Result<RecheckReport> recheck(const JobServices &services, const RecheckSpec &spec, const CancellationToken &token,
                              const ProgressFunction &progress);

} // namespace evalwright
