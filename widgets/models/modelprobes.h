// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "core/result.h"

#include <QHash>
#include <QObject>

namespace evalwright {

class Session;

/// Probes that run beside the jobs: they go ahead of them at the endpoint's gate, and keep its limits. Ends them when
/// the project changes and when it is destroyed.
class ModelProbes : public QObject
{
    Q_OBJECT

public:
    explicit ModelProbes(Session &session, QObject *parent = nullptr);
    ~ModelProbes() override;

    /// Stores what it finds with the model. Does nothing for a model whose probe is running.
    void start(const Model &model);
    bool isRunning(ModelId model) const { return m_running.contains(model.value); }

Q_SIGNALS:
    /// A probe began or ended.
    void changed();
    void failed(const evalwright::Error &error);

private:
    void cancelAll();

    Session &m_session;
    QHash<qint64, CancellationToken> m_running; ///< By the model's id.
};

} // namespace evalwright
