// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"
#include "storage/repositories/answerorigin.h"
#include "storage/repositories/edits.h"

#include <QHash>
#include <QList>

#include <functional>

namespace evalwright {

/// Stores a candidate. One with the same data set and ordinal stays as it is and its id comes back (resumed jobs); only
/// the place of a failed request, which has no response, is filled when the answer has come.
Result<CandidateId> addCandidate(Connection &connection, const Candidate &candidate);
/// Sets what later stages found out; text stays as it was parsed.
Status setLabelConfidence(Connection &connection, CandidateId id, std::optional<double> confidence);
/// The largest ordinal in the data set, -1 when it is empty.
Result<qint64> lastOrdinal(Connection &connection, DatasetId dataset);

/// Appends a decision; the latest one of a candidate counts.
Result<DecisionId> addDecision(Connection &connection, const Decision &decision);
/// Adds an item that came from a file and keeps it, which is what an import decides.
Result<CandidateId> addImportedItem(Connection &connection, const Candidate &item);
/// Stores a checker's score; an equal one (candidate, requirement, checker, method, presentation, response) stays.
Status addScore(Connection &connection, const Score &score);
Result<QList<Score>> scoresOf(Connection &connection, CandidateId id);
Result<QList<Decision>> decisionsOf(Connection &connection, CandidateId id);
/// The smallest label mass (0..1) that any presentation of the label check saw; candidates without one are absent.
Result<QHash<CandidateId, double>> smallestLabelMass(Connection &connection, const QList<CandidateId> &ids);

/// Which rows of a data set: all candidates, or those of one state, reason or label; text is matched as a substring.
struct CandidateFilter
{
    enum class State { All, Kept, Rejected, Undecided };
    DatasetId dataset;
    State state = State::All;
    QString reason; ///< Latest decision's reason.
    QString label;  ///< Wanted label.
    QString text;   ///< Substring of the statement or question, case-insensitive for ASCII.
};
enum class CandidateOrder { Ordinal, Statement, Label, Confidence, State };

/// A window of rows in a stable order (ties by ordinal).
Result<QList<CandidateRow>> candidateRows(Connection &connection, const CandidateFilter &filter, CandidateOrder order,
                                          Qt::SortOrder direction, qint64 offset, qint64 limit);
Result<qint64> countCandidates(Connection &connection, const CandidateFilter &filter);
Result<CandidateRow> candidateById(Connection &connection, CandidateId id);
Result<CandidateRow> candidateByUuid(Connection &connection, const QString &uuid);
/// Every candidate of a data set with its latest decision, by ordinal. For statistics and export of whole sets.
Result<QList<CandidateRow>> allCandidates(Connection &connection, DatasetId dataset);
/// Items only (latest decision "keep"), by ordinal.
Result<QList<Candidate>> itemsOf(Connection &connection, DatasetId dataset);
/// The same one by one, without holding them; the first failure of `use` ends it, which may move out of an item.
Status forEachItem(Connection &connection, DatasetId dataset, const std::function<Status(Candidate &)> &use);

/// What an evaluation needs of an item.
struct ItemQuestion
{
    CandidateId id;
    qint64 ordinal = 0;
    QString uuid, question;
    int labels = 0; ///< Index into the label lists.
};
/// The same items in the same order, several times as fast. `labels` gets the label lists as they come up, the
/// matching label first in each, before the first item that has them is handed on.
Status forEachQuestion(Connection &connection, DatasetId dataset, QList<QStringList> &labels,
                       const std::function<Status(const ItemQuestion &)> &use);

/// These candidates, in no order; those that are gone are absent. Two thousand at most in one call.
Result<QList<Candidate>> candidatesById(Connection &connection, const QList<qint64> &candidates);
/// The questions of these candidates by id. Two thousand at most in one call.
Result<QHash<qint64, QString>> questionsOf(Connection &connection, const QList<qint64> &candidates);

/// (wanted label, reason) → number of candidates, by the latest decision.
struct ReasonCount
{
    QString label, stage, reason;
    bool keep = false;
    qint64 count = 0;
};
enum class Origin {
    Any,
    Asked, ///< Without rows that were imported.
};
Result<QList<ReasonCount>> reasonCounts(Connection &connection, DatasetId dataset, Origin origin = Origin::Any);

/// How an item came to be, in one query's worth of joins: prompt, response, model, parameters, seed, time, scores,
/// decisions.
struct Provenance
{
    CandidateRow row;
    Dataset dataset;
    std::optional<Response> response; ///< Its promptJson is the request body without seed.
    std::optional<Model> writer;
    std::optional<ImportSource> source;
    QList<Score> scores;
    QList<Model> checkers; ///< One per score, same order.
    QList<Decision> decisions;
    QList<CandidateEdit> edits; ///< Oldest first.
    QString recipeHash, recipePreset;
    QHash<ResponseId, AnswerOrigin> origins; ///< Of the response and of what the scores were read from.
    /// As it was parsed or imported, before any edit.
    CandidateText original() const { return edits.isEmpty() ? CandidateText::of(row.candidate) : edits.first().before; }
};
Result<Provenance> provenanceOf(Connection &connection, CandidateId id);

Result<ImportSource> addImportSource(Connection &connection, ImportSource source);
/// An earlier import of the same bytes into the same data set.
Result<std::optional<ImportSource>> importBySha256(Connection &connection, DatasetId dataset, const QString &sha256);
Result<ImportSource> importSourceById(Connection &connection, ImportSourceId id);
Result<QList<ImportSource>> importSourcesOf(Connection &connection, DatasetId dataset);

} // namespace evalwright
