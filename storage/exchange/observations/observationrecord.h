// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "storage/exchange/format.h"

#include <QString>

#include <functional>
#include <optional>

/// Results that somebody else's program brought about, as one record for each answer (docs/results-import.md).
namespace evalwright {

/// A model as the file knows it. What is not known is unset or empty.
struct ObservedModel
{
    QString name, family, training, released;
    std::optional<double> parameters, compute;
    std::optional<qint64> steps;
    bool operator==(const ObservedModel &) const = default;
};

struct ObservationRecord
{
    qint64 line = 0;
    QString dataset, item, cluster;
    ObservedModel model;
    QString frame = QStringLiteral("imported"), control = QStringLiteral("none"), order = QStringLiteral("stored");
    std::optional<qint64> repeat; ///< Unset: counted as they come.
    QString answer;               ///< As given; empty for none.
    QString outcome = QStringLiteral("answered"); ///< As Observation::outcome.
    std::optional<bool> matches;  ///< Unset: `matchingLabel` says it, or there is no answer.
    QString matchingLabel;        ///< Of the item, where the file names it.
    QStringList otherLabels;      ///< Likewise.
    QString question, statement;  ///< Likewise.
    /// `answer` is a label of the item, so that the label of the project's item decides whether it matches.
    bool answerIsLabel = false;
    std::optional<double> probability, labelMass, labelConfidence;
    QString labels = QStringLiteral("[]"); ///< As Observation::labels.
    std::optional<RowProblem> problem;     ///< The record is of no use.
};

/// What a whole source says besides its records.
struct ObservationFacts
{
    QString format, sha256, method = QStringLiteral("imported");
    qint64 bytes = 0;
    QStringList notes; ///< For people: columns that were not read, cautions.
};

/// Reads its records in order, as often as it is asked. Memory does not grow with their number.
class ObservationSource
{
public:
    virtual ~ObservationSource() = default;
    virtual Status forEach(const std::function<void(ObservationRecord &&)> &use, const CancellationToken &token) = 0;
    /// Bytes of the source read so far in this reading; ObservationFacts::bytes in all.
    virtual qint64 position() const = 0;
    /// The size is known from the start; the hash is that of the last whole reading, notes come with it.
    virtual ObservationFacts facts() const = 0;
};

} // namespace evalwright
