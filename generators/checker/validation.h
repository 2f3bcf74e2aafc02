// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/checker/form.h"
#include "generators/checker/sampled.h"
#include "lm/requestrunner.h"
#include "storage/repositories/validations.h"

namespace evalwright {

/// Which checkers are tried on which items. Travels as the parameters of a job of kind "validate".
struct CheckerTrialSpec
{
    struct Set
    {
        QString dataset;     ///< With items of known labels: imported, or decided by a person.
        Behaviour behaviour; ///< Description, contrast and subject. Empty description: behaviourOf() the data set.
        QString topic;       ///< For relevance: completes "to find out whether …"; empty: made of the behaviour.
        QString against;     ///< For relevance: a data set about something else, whose questions are beside the topic.
    };
    QList<Set> sets;
    QStringList models;
    QList<CheckerForm> forms; ///< Empty: the shipped ones for what is known of each data set.
    QString method;           ///< first-token | sampled; empty: first-token where the model gives log-probabilities.
    int samples = usualVerdictSamples; ///< Of a sampled trial, per presentation.
    QList<PromptKind> frames{PromptKind::Auto};
    qint64 items = 100; ///< Per data set, half of each label; fewer where there are fewer.
    qint64 seed = 1;
    std::optional<double> budget; ///< Money; not part of what makes two jobs the same.

    nlohmann::json toJson() const;
    static Result<CheckerTrialSpec> fromJson(const QByteArray &bytes);
};

/// What one item's presentations said, in the order of the form's presentations.
struct CheckerReading
{
    bool positive = false; ///< The known label: the described one would say it.
    QList<std::optional<double>> logOdds; ///< ln(matching/other), of samples by their share; unset: unreadable.
    QList<std::optional<double>> mass;    ///< Probability on the answer words; unset without an answer.
};

enum class CheckerVerdict {
    Usable,    ///< The 95 % interval of the AUROC lies above 0.5.
    Undecided, ///< It holds 0.5: no better than chance as far as these items tell.
    Refused,   ///< It lies at or below 0.5: the answers are turned round.
    NoMass,    ///< Mean label mass below 0.1, or more than a fifth of the items unreadable.
};
QString verdictName(CheckerVerdict verdict); ///< usable | undecided | refused | no-mass
/// Only a usable checker is to be trusted; any other needs a person's reason.
bool isTrusted(CheckerVerdict verdict);
/// The verdict of a stored result; NoMass where it cannot be read.
CheckerVerdict verdictOf(const CheckerValidation &validation);

/// The figures of one checker on one data set as stored (docs/checkers.md): n, items, unreadable, auroc{value, low,
/// high, fallback}, accuracy{value, low, high}, label_mass{mean, share_below_0.1}, brier, log_loss, ece, reliability[],
/// calibration{…}, position_bias{value, low, high, flip_rate, …}, verdict. Numbers that do not exist are null.
nlohmann::json checkerFigures(const CheckerForm &form, const std::vector<CheckerReading> &readings, qint64 seed);

/// A combination that was not tried, and why.
struct SkippedTrial
{
    QString dataset, model, form, frame, reason;
};
struct CheckerTrialPlan
{
    qint64 requests = 0;
    QMap<QString, qint64> itemsPerDataset;
    QList<SkippedTrial> skipped;
};
/// What a trial would ask; sends nothing. Errors as validateCheckers().
Result<CheckerTrialPlan> planCheckerTrial(Project &project, const CheckerTrialSpec &spec);

struct CheckerTrialReport
{
    JobId job;
    JobState state = JobState::Done; ///< Done or Partly.
    QList<ValidationRow> rows;
    QList<SkippedTrial> skipped;
    StageReport requests;
};
/// Asks every model about a balanced, seeded sample of each data set, in every form and frame, and stores the figures.
/// Blocking; for worker threads. Run again with the same spec it goes on and sends nothing that was answered before;
/// when items were added or removed it is another job, which finds the answers of the first.
///
/// Of persona statements the label is known; of multiple-choice items which option shows the behaviour, and the checker
/// is asked about one option or the other, by the seed; with a data set to set against also whether a question is
/// relevant. Models without log-probabilities are asked by the method "sampled".
///
/// NotFound for unknown names and data sets nobody described; InvalidInput when a data set has fewer than two items of
/// known label on a side, or no combination is left; Unsupported for families whose labels no form asks for, and for
/// forms of another family than any of the data sets.
Result<CheckerTrialReport> validateCheckers(const JobServices &services, const CheckerTrialSpec &spec,
                                            const CancellationToken &token, const ProgressFunction &progress);

/// What latestValidations() finds a checker by: the hash of form, frame and, when it is sampled, how often.
QString checkerHash(const CheckerForm &form, PromptKind frame, const CheckMethod &method = {});

} // namespace evalwright
