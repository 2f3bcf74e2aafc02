// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/preparation.h"

#include <functional>

namespace evalwright::preparation {

/// The questions of a list of items under a stage's condition, put to a model when their turn comes; the ordinal is the
/// item's candidate id.
class QuestionSource final : public StageSource
{
public:
    using Form = std::function<LmRequest(const ItemAsked &asked)>;
    QuestionSource(Project &project, const PreparedStage &stage, std::vector<qint64> candidates, Form form)
        : m_project(project), m_stage(stage), m_candidates(std::move(candidates)), m_form(std::move(form))
    {
    }
    qint64 size() const override { return static_cast<qint64>(m_candidates.size()); }
    qint64 ordinal(qint64 index) const override { return m_candidates[static_cast<size_t>(index)]; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override;

private:
    Project &m_project;
    const PreparedStage &m_stage;
    std::vector<qint64> m_candidates;
    Form m_form;
};

} // namespace evalwright::preparation
