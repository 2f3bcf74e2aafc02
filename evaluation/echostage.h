// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/ladderstages.h"

namespace evalwright::preparation {

/// The `:exact` requests of servers that give back a prompt's log-probabilities with its text (TokenWay::PromptText):
/// k = 1.. is prompt + label. No tokens are known before.
class EchoSource final : public StageSource
{
public:
    EchoSource(const LadderCell &cell, const std::vector<ScorableItem> &items, const JobServices &services,
               const CancellationToken &token)
        : m_cell(cell), m_steps(cell, items, services, token)
    {
    }
    qint64 size() const override { return m_steps.size(); }
    qint64 ordinal(qint64 index) const override { return m_steps.ordinal(index); }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override;

private:
    LadderCell m_cell;
    ItemSteps m_steps;
};

/// Finds the border of an item's labels once all of them are there, and observes it.
class EchoObserver final : public AnswerReader
{
public:
    EchoObserver(const LadderCell &cell, RunId run)
        : m_cell(cell), m_observed{run, cell.stage, cell.otherControl}, m_writer(*cell.project)
    {
    }
    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override;
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override;
    Status finish() { return m_writer.finish(); }

private:
    struct Pending
    {
        QString prompt;
        QMap<qint64, QList<PromptPosition>> positions; ///< By k.
        ResponseId response;
    };
    Status observe(qint64 candidate, const LabelSet &labels, const Pending &pending);
    LadderCell m_cell;
    ObservedCell m_observed;
    ObservationWriter m_writer;
    QHash<qint64, Pending> m_pending;
};

} // namespace evalwright::preparation
