// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/engine/localengine.h"
#include "lm/modelaccess.h"
#include "lm/plainhttp.h"
#include "lm/secrets.h"

namespace evalwright {

/// The ModelAccess of the real program: endpoints with their key, local files through the local engine.
class StandardAccess final : public ModelAccess
{
public:
    /// Both must outlive this object. `engine` may be null: local models are then Unsupported.
    StandardAccess(LocalEngine *engine, const SecretStore *secrets,
                   PlainHttpPermissions plainHttp = PlainHttpPermissions::standard())
        : m_engine(engine), m_secrets(secrets), m_plainHttp(std::move(plainHttp))
    {
    }
    /// A key for a server without encryption on another computer is Authentication unless the person allows it.
    Result<ModelConnection> connect(const Model &model, const CancellationToken &token) override;
    /// Local files: a server beside the one that writes text; it takes texts of up to 1,024 tokens.
    Result<ModelConnection> connectForEmbeddings(const Model &model, const CancellationToken &token) override;

private:
    Result<ModelConnection> connectEndpoint(const Model &model) const;
    Result<ModelConnection> connectLocal(const Model &model, const EngineOptions &options,
                                         const CancellationToken &token);
    Status mayBeSent(const Model &model) const;
    LocalEngine *m_engine;
    const SecretStore *m_secrets;
    PlainHttpPermissions m_plainHttp;
};

/// The GGUF file of a local model. NotFound says how to install a catalogue model.
Result<QString> ggufPath(const Model &model);

/// A model of the catalogue, ready for addModel: names, parameters, training, fingerprint of file and engine.
Result<Model> catalogueModel(const QString &name, const QString &catalogueName);
/// A GGUF file in place. The fingerprint holds its name, size and modification time, not its hash.
Result<Model> ggufModel(const QString &name, const QString &path);

} // namespace evalwright
