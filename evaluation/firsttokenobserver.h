// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/preparation.h"
#include "storage/repositories/runs.h"

#include <deque>

namespace evalwright::preparation {

/// Which labels an item has, by candidate id: all items of a stage in a few bytes each.
class ItemLabels
{
public:
    ItemLabels(const Prepared &prepared, const PreparedStage &stage);
    const LabelSet *find(qint64 candidate) const;
    std::vector<qint64> candidates() const; ///< In the order of the data sets.

private:
    std::vector<PreparedItem> m_inOrder, m_byId;
    QList<LabelSet> m_labelSets;
};

/// Writes observations a few hundred at a time while the next are being made.
class ObservationWriter
{
public:
    explicit ObservationWriter(Project &project) : m_project(project) {}
    Status add(Observation observation);
    Status finish(); ///< Waits until all are stored.

private:
    Status flush();
    Status reap(size_t mostLeft);
    Project &m_project;
    QList<Observation> m_list;
    std::deque<QFuture<Status>> m_writes;
};

/// What every observation of one stage shares.
struct ObservedCell
{
    RunId run;
    const PreparedStage *stage = nullptr;
    QString otherControl; ///< In place of the stage's own: the drift check.

    QString control() const { return otherControl.isEmpty() ? stage->condition.control : otherControl; }
    /// An observation with all that they share.
    Observation observation(qint64 candidate, ScoringMethod method) const;
};

/// [{label, …}] as read from an answer, with the item's own labels; `shown` names the label that the answer had, where
/// that is another one. `list` is in the order of `labels`.
QString labelsAsOwn(nlohmann::json list, const LabelSet &labels);

/// Reads first-token label mass out of a stage's answers and stores the observations. Answers that may be refusals are
/// put aside: a few more words decide (deferred()). Stops the stage when no answer brings log-probabilities.
class FirstTokenObserver final : public AnswerReader
{
public:
    FirstTokenObserver(Project &project, const ItemLabels &labels, const ObservedCell &cell)
        : m_project(project), m_labels(labels), m_cell(cell), m_writer(project)
    {
    }
    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override;
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override;
    Status finish(); ///< After the stage: stores what is left; Unsupported when no answer had log-probabilities.
    const std::vector<qint64> &deferred() const { return m_deferred; }

private:
    Project &m_project;
    const ItemLabels &m_labels;
    ObservedCell m_cell;
    ObservationWriter m_writer;
    QHash<const LabelSet *, LabelForms> m_forms; ///< The same for all items with these labels.
    QList<Observation> m_withoutLogprobs; ///< Held back until one answer has some.
    bool m_anyLogprobs = false;
    std::vector<qint64> m_deferred;
};

/// Reads the few words more, and stores the observation of the first answer with what they decide.
class RefusalObserver final : public AnswerReader
{
public:
    RefusalObserver(Project &project, const ItemLabels &labels, const ObservedCell &cell, JobId job)
        : m_project(project), m_labels(labels), m_cell(cell), m_job(job), m_writer(project)
    {
    }
    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override;
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override;
    Status finish() { return m_writer.finish(); }

private:
    Project &m_project;
    const ItemLabels &m_labels;
    ObservedCell m_cell;
    JobId m_job;
    ObservationWriter m_writer;
};

/// Of these items, those that the run has no observation of under this model, frame and condition.
Result<QSet<qint64>> withoutObservation(Project &project, const ObservedCell &cell, const QList<qint64> &ordinals);

Error noLogProbabilities(const Model &model);

} // namespace evalwright::preparation
