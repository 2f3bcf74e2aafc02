// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/modelprobes.h"

#include "core/onfinished.h"
#include "lm/probe.h"
#include "widgets/session/session.h"

#include <QtConcurrentRun>

namespace evalwright {

ModelProbes::ModelProbes(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    connect(&session, &Session::projectChanged, this, [this] {
        cancelAll();
        Q_EMIT changed();
    });
}

ModelProbes::~ModelProbes()
{
    cancelAll();
}

void ModelProbes::cancelAll()
{
    for (const CancellationToken &token : std::as_const(m_running))
        token.cancel();
    m_running.clear();
}

void ModelProbes::start(const Model &model)
{
    if (!m_session.project() || m_session.isReadOnly() || isRunning(model.id))
        return;
    const CancellationToken token;
    m_running.insert(model.id.value, token);
    Q_EMIT changed();
    onFinished(QtConcurrent::run(&m_session.workers(),
                                 [services = m_session.services(), model, token]() -> Status {
                                     EVALWRIGHT_ASSIGN(const ProbeReport report, probeModel(services, model, token));
                                     return storeProbe(*services.project, model, report);
                                 }),
               this, [this, id = model.id.value, token](const Status &status) {
                   if (token.isCancelled())
                       return;
                   m_running.remove(id);
                   Q_EMIT changed();
                   if (!status)
                       Q_EMIT failed(status.error());
               });
}

} // namespace evalwright
