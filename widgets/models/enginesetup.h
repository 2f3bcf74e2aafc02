// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/engine/installer.h"

#include <QObject>

#include <optional>

namespace evalwright {

/// The installer of the local engine and its models for the window: works on other threads, tells how it goes.
class EngineSetup : public QObject
{
    Q_OBJECT

public:
    explicit EngineSetup(QObject *parent = nullptr);
    /// Cancels a running installation; what is downloaded stays.
    ~EngineSetup() override;

    /// Looks again what is there; answers with changed() or failed().
    void refresh();
    const std::optional<EngineStatus> &status() const { return m_status; }
    /// The engine and the default model are there.
    bool isReady() const;
    /// The default model's line; null while unknown.
    const EngineStatus::Model *defaultModel() const;
    bool isInstalling() const { return m_installing; }
    const InstallProgress &progress() const { return m_progress; }

    /// Empty: engine and default model. Terms have to be shown and accepted before.
    void install(const QStringList &models, bool acceptTerms);
    void cancel();

Q_SIGNALS:
    void changed();
    void failed(const evalwright::Error &error);

private:
    std::optional<EngineStatus> m_status;
    InstallProgress m_progress;
    CancellationToken m_token;
    bool m_installing = false;
};

} // namespace evalwright
