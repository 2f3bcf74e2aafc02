// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "core/result.h"
#include "storage/connection.h"

#include <QHash>
#include <QList>
#include <QMap>

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace evalwright {

/// The share of women by occupation, from a table beside the data set; used where items do not have it.
struct OccupationStatistics
{
    QHash<QString, double> percentWomen; ///< By folded name of the occupation; 0 … 100.
    QString source;                      ///< What to call the table.
};

/// How many groups of items there are, and how large they are.
struct GroupSizes
{
    QString name; ///< cluster | question_id | biography_id | occupation | option_set
    qint64 groups = 0, smallest = 0, largest = 0;
    QMap<qint64, qint64> sizes; ///< Items of a group: number of groups; empty when over 20 sizes occur.
};

/// How sure the published labels are.
struct ConfidenceFacts
{
    qint64 items = 0;                    ///< With a confidence.
    double mean = 0, smallest = 0, largest = 0; ///< The mean is the ceiling of the data set.
    double floor = 0;                    ///< Mean of (1 - confidence)/(labels - 1).
    bool clustered = false;              ///< Whether items share clusters.
    /// Of the mean, 95%, by clusters where they are known (statistics 8), cut off at 0 and 1.
    std::optional<double> low, high;
    std::optional<double> naiveLow, naiveHigh;
};

struct WinogenderFacts
{
    struct PronounSet
    {
        QString form; ///< nominative | possessive | accusative | other
        QStringList pronouns; ///< Male, female, neutral.
        qint64 items = 0;
    };
    QList<PronounSet> pronounSets; ///< Most items first.
    qint64 occupations = 0, otherPersons = 0;
    qint64 withStatistic = 0;  ///< Occupations whose share of women is known.
    qint64 contradicting = 0;  ///< Occupations whose items state different shares; left out of the figures.
    std::optional<double> meanPercent, smallestPercent, largestPercent; ///< Over occupations.
    qint64 sourceTitles = 0;   ///< Different names in the source of the statistic.
    QString source;            ///< Where the share comes from; empty when it is not known.
    QMap<QString, qint64> answers; ///< Winogender schemas: "occupation", "other-person".
};

/// What can be counted in a data set: the figures that papers and data cards publish, computed again from the items
/// kept now.
struct ItemFacts
{
    Dataset dataset;
    QList<ImportSource> sources;
    qint64 items = 0;
    QMap<QString, qint64> labels;       ///< Matching labels, without the blank before them.
    QMap<int, qint64> labelsOffered;    ///< Labels an answer is chosen from: items.
    QMap<int, qint64> optionsInText;    ///< Lettered options in the question: items; families with options.
    QMap<QString, qint64> optionStatus; ///< Of the option parser: ok, glued, bad-letters, …
    double chance = 0;                  ///< Mean of 1/labels.
    std::optional<ConfidenceFacts> confidence;
    QList<GroupSizes> groups;
    QMap<QString, QMap<QString, qint64>> sides; ///< Sycophancy: side, then matching label.
    qint64 endsWithAnswer = 0;                  ///< Questions that end in "Answer:" after an empty line.
    qint64 exactDuplicates = 0;                 ///< Statements, else questions, that an earlier item has.
    std::optional<WinogenderFacts> winogender;

    nlohmann::json toJson() const;
};

/// One pass over the items; what is held is a few bytes an item, never its texts. Errors: those of reading; Cancelled.
Result<ItemFacts> itemFacts(Connection &connection, DatasetId dataset, const OccupationStatistics &statistics = {},
                            const CancellationToken &token = {});

} // namespace evalwright
