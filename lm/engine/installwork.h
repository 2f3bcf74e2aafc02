// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/engine/installer.h"
#include "lm/engine/ledger.h"

#include <QLockFile>

namespace evalwright {

/// What one call of EngineInstaller::install carries along.
struct EngineInstaller::Work
{
    const InstallOptions &options;
    Ledger ledger;
    QStringList pip = {}; ///< Found when the first download needs it.
    InstallProgress now = {};
    qint64 downloadedBytes = 0, totalBytes = 0;

    void tell(const QString &item, InstallPhase phase)
    {
        if (now.item != item)
            now.part = now.parts = 0;
        now.item = item;
        now.phase = phase;
        tellBytes(0);
    }
    void tellBytes(qint64 inThisFile)
    {
        now.doneBytes = downloadedBytes + inThisFile;
        now.totalBytes = totalBytes;
        if (options.progress)
            options.progress(now);
    }
};

} // namespace evalwright
