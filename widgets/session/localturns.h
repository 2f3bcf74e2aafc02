// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/modelaccess.h"

#include <functional>
#include <memory>

namespace evalwright {

/// One local model at a time for the jobs of the window: two that compute at once take the processor from each other
/// and are slower than one after the other. Jobs that use the same model share it. Thread-safe.
class LocalTurns
{
public:
    LocalTurns();
    /// Blocks while jobs hold another model; `waiting` is told its name, once. Cancelled when the token says so. The
    /// turn lasts as long as what comes back.
    Result<std::shared_ptr<void>> take(const Model &model, const CancellationToken &token,
                                       const std::function<void(const QString &other)> &waiting);

private:
    struct State;
    std::shared_ptr<State> m_state;
};

/// The access of one job: local models wait for their turn, and the job says for what.
class TurnAccess final : public ModelAccess
{
public:
    TurnAccess(ModelAccess &inner, LocalTurns &turns, std::function<void(const QString &other)> waiting)
        : m_inner(inner), m_turns(turns), m_waiting(std::move(waiting))
    {
    }
    Result<ModelConnection> connect(const Model &model, const CancellationToken &token) override;
    Result<ModelConnection> connectForEmbeddings(const Model &model, const CancellationToken &token) override;

private:
    template <class Connect>
    Result<ModelConnection> inTurn(const Model &model, const CancellationToken &token, const Connect &connect);
    ModelAccess &m_inner;
    LocalTurns &m_turns;
    std::function<void(const QString &other)> m_waiting;
};

} // namespace evalwright
