// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/localturns.h"

#include <QCoreApplication>

#include <condition_variable>
#include <mutex>

namespace evalwright {

struct LocalTurns::State
{
    std::mutex mutex;
    std::condition_variable condition;
    QString location, name; ///< Of the model that is held.
    int holders = 0;
};

LocalTurns::LocalTurns() : m_state(std::make_shared<State>()) {}

Result<std::shared_ptr<void>> LocalTurns::take(const Model &model, const CancellationToken &token,
                                               const std::function<void(const QString &other)> &waiting)
{
    // Made before the lock and gone after it: cancelling calls the listener, which takes the lock.
    const auto wakeUp = token.onCancel([state = m_state] {
        const std::lock_guard lock(state->mutex);
        state->condition.notify_all();
    });
    {
        std::unique_lock lock(m_state->mutex);
        bool told = false;
        while (m_state->holders > 0 && m_state->location != model.location && !token.isCancelled()) {
            if (!std::exchange(told, true) && waiting) {
                const QString other = m_state->name;
                lock.unlock();
                waiting(other);
                lock.lock();
                continue;
            }
            m_state->condition.wait(lock);
        }
        if (token.isCancelled()) {
            const auto tr = [](const char *text) { return QCoreApplication::translate("LocalTurns", text); };
            return failure(Error(ErrorCode::Cancelled,
                                 tr(QT_TRANSLATE_NOOP("LocalTurns", "Stopped while waiting for the local model.")))
                               .withConsequence(
                                   tr(QT_TRANSLATE_NOOP("LocalTurns", "Everything answered so far is kept."))));
        }
        ++m_state->holders;
        m_state->location = model.location;
        m_state->name = model.name;
    }
    return std::shared_ptr<void>(nullptr, [state = m_state](void *) {
        const std::lock_guard lock(state->mutex);
        if (--state->holders == 0)
            state->condition.notify_all();
    });
}

template <class Connect>
Result<ModelConnection> TurnAccess::inTurn(const Model &model, const CancellationToken &token, const Connect &connect)
{
    if (model.kind == ModelKind::Endpoint)
        return connect();
    EVALWRIGHT_ASSIGN(const std::shared_ptr<void> turn, m_turns.take(model, token, m_waiting));
    EVALWRIGHT_ASSIGN(ModelConnection connection, connect());
    using Both = std::pair<std::shared_ptr<void>, std::shared_ptr<void>>;
    connection.lease = std::make_shared<Both>(turn, connection.lease);
    return connection;
}

Result<ModelConnection> TurnAccess::connect(const Model &model, const CancellationToken &token)
{
    return inTurn(model, token, [&] { return m_inner.connect(model, token); });
}

Result<ModelConnection> TurnAccess::connectForEmbeddings(const Model &model, const CancellationToken &token)
{
    return inTurn(model, token, [&] { return m_inner.connectForEmbeddings(model, token); });
}

} // namespace evalwright
