// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "core/result.h"

#include <memory>

namespace evalwright {

/// Where a model can be reached right now.
struct ModelConnection
{
    QString baseUrl;     ///< Without trailing slash; May or may not end in /v1; see wire::endpointUrl().
    QByteArray bearer;   ///< Secret, memory only; empty for none.
    int maxInFlight = 8; ///< Ceiling for concurrent requests.
    bool isLocalEngine = false;
    std::shared_ptr<void> lease; ///< Keeps a local engine running while held.
};

/// What a stage asks its model for.
enum class ModelUse {
    Text,
    Embeddings, ///< A local engine is started otherwise for these, as a server of its own.
};

/// Resolves a model to a connection: reads the key from its environment variable, starts the local engine if needed.
class ModelAccess
{
public:
    virtual ~ModelAccess() = default;
    /// Blocks while a local engine loads; for worker threads. Authentication when the named variable is not set.
    virtual Result<ModelConnection> connect(const Model &model, const CancellationToken &token) = 0;
    /// The same for embeddings. An endpoint is the same server for everything.
    virtual Result<ModelConnection> connectForEmbeddings(const Model &model, const CancellationToken &token)
    {
        return connect(model, token);
    }
};

} // namespace evalwright
