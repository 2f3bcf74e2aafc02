// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/checker/calibrationmap.h"
#include "generators/generate.h"
#include "review/agreement.h"
#include "storage/repositories/datasetfacts.h"
#include "storage/repositories/lint.h"

#include <optional>

namespace evalwright {

/// What only people know of a data set. Empty members are said to be missing.
struct CardTexts
{
    QString licence;  ///< SPDX identifier, such as CC-BY-4.0.
    QString authors;  ///< As they want to be named.
    QString citation; ///< How to cite the data set.
    QString limits;   ///< Known limits, in words.
    bool operator==(const CardTexts &) const = default;
};
/// InvalidInput: a licence of other characters than an SPDX expression has, a text of more than 10,000 characters. Earlier
/// texts stay in the project; the newest count.
Status storeCardTexts(Connection &connection, DatasetId dataset, const CardTexts &texts);
/// Keeps a licence with some data sets, beside the other texts of their cards.
Status storeLicence(Project &project, const QStringList &datasets, const QString &licence);
Result<CardTexts> cardTextsOf(Connection &connection, DatasetId dataset);

struct CardModel
{
    QString role; ///< writer | checker
    QString name, family, training; ///< Without folders; empty where unknown.
    std::optional<double> parameters;
    QString fingerprint; ///< Of its server, as last probed; empty where unknown.
};

/// One review of the data set.
struct CardReview
{
    QString name, questionnaire; ///< "persona v2"
    bool hasGuideline = false;
    review::Agreement agreement; ///< Without what it says of single items.
    qint64 goldAsked = 0, goldRight = 0; ///< Answers to gold items, of all raters.
};

struct CardExample
{
    QString text; ///< The whole question.
    QString label, otherLabels;
    std::optional<double> confidence;
};

/// The data set card: what is to be known of a data set that is given away, all of it from the project. No path, host, key
/// or rater's code is in it.
struct DatasetCard
{
    DatasetFacts facts;
    CardTexts texts;
    QList<CardModel> models;
    QList<FunnelStage> stages;
    QList<LintCount> findings; ///< Of items, by rule.
    QList<CardReview> reviews;  ///< With judgements, newest first.
    std::optional<CalibrationMap> calibration;
    QList<CardExample> examples;
    qint64 droppedByPeople = 0; ///< Items that raters' word dropped.

    QString markdown() const;
    nlohmann::json toJson() const;
};

/// The item as the card shows it.
CardExample exampleOf(const Candidate &item);
constexpr int examplesPerLabel = 2;
constexpr qint64 exampleRows = 200; ///< Examples are looked for among the first items only.

/// Reads all reviews with their intervals. NotFound; Cancelled.
Result<DatasetCard> readDatasetCard(Connection &connection, DatasetId dataset, const CancellationToken &token = {});

} // namespace evalwright
