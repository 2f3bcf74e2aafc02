// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/ladderstages.h"

#include <functional>

namespace evalwright::preparation {

/// Scores the items of one model under one frame by whole labels (exact and forced), and checks the drift.
class LadderRun
{
public:
    /// Runs one stage and counts what it took.
    using Ask = std::function<Status(const PreparedStage &stage, const QString &name, StageSource &source,
                                     AnswerReader *reader)>;
    LadderRun(const JobServices &services, const CancellationToken &token, RunId run, const LadderCell &cell, Ask ask)
        : m_services(services), m_token(token), m_run(run), m_cell(cell), m_ask(std::move(ask))
    {
    }
    /// Every item of the cell.
    Status score();
    /// The drawn items once more; after score().
    Status checkDrift(const std::vector<qint64> &drawn);

private:
    /// The prompts as the model reads them, then their tokens and those with each label. Returns the items whose prompt
    /// came; the others are failed requests.
    Result<std::vector<qint64>> tokenise();
    Status scoreTokens(const LadderCell &cell, const QString &name, const std::vector<qint64> &candidates);
    Status scoreEchoes(const LadderCell &cell, const QString &name, const std::vector<qint64> &candidates);
    Result<std::vector<ScorableItem>> scorable(const LadderCell &cell, const std::vector<qint64> &candidates,
                                               const QString &name, ForcedObserver &observer);

    const JobServices &m_services;
    const CancellationToken &m_token;
    RunId m_run;
    LadderCell m_cell;
    Ask m_ask;
};

} // namespace evalwright::preparation
