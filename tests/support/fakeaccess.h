// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/modelaccess.h"

namespace evalwright::test {

/// Sends every model to one address.
class FakeAccess final : public ModelAccess
{
public:
    explicit FakeAccess(QString baseUrl, QByteArray bearer = {}, int maxInFlight = 8)
        : m_baseUrl(std::move(baseUrl)), m_bearer(std::move(bearer)), m_maxInFlight(maxInFlight)
    {
    }
    Result<ModelConnection> connect(const Model &, const CancellationToken &) override
    {
        ModelConnection connection;
        connection.baseUrl = m_baseUrl;
        connection.bearer = m_bearer;
        connection.maxInFlight = m_maxInFlight;
        return connection;
    }

private:
    QString m_baseUrl;
    QByteArray m_bearer;
    int m_maxInFlight;
};

} // namespace evalwright::test
