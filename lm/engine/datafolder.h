// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

/// Where the engine, the models and their logs live on this computer. Nothing is created by asking.
struct DataFolder
{
    QString root;

    /// $EVALWRIGHT_DATA_DIR, else the user's data directory ($XDG_DATA_HOME or ~/.local/share) + "/evalwright".
    static DataFolder standard();

    QString engines() const { return root + QStringLiteral("/engine"); }
    /// The folder that has to be on Python's search path for this version of the engine.
    QString engine(const QString &version) const { return engines() + QLatin1Char('/') + version; }
    QString models() const { return root + QStringLiteral("/models"); }
    /// The GGUF file of a catalogue model.
    QString model(const QString &name) const { return models() + QLatin1Char('/') + name + QStringLiteral(".gguf"); }
    QString partial() const { return root + QStringLiteral("/partial"); }
    QString logs() const { return root + QStringLiteral("/logs"); }
    QString ledger() const { return root + QStringLiteral("/installed.json"); }
    QString lock() const { return root + QStringLiteral("/install.lock"); }
    QString userCatalogue() const { return root + QStringLiteral("/catalogue.json"); }
};

} // namespace evalwright
