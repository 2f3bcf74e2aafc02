// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace evalwright {

/// Where keys come from. A key is never written anywhere by this program.
class SecretStore
{
public:
    virtual ~SecretStore() = default;
    /// The secret behind a name, empty when there is none.
    virtual QByteArray secret(const QString &name) const = 0;
};

/// Reads environment variables.
class EnvironmentSecrets final : public SecretStore
{
public:
    QByteArray secret(const QString &name) const override { return qgetenv(name.toUtf8().constData()); }
};

} // namespace evalwright
