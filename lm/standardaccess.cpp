// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/standardaccess.h"

#include "core/clock.h"
#include "core/hash.h"
#include "lm/engine/catalogue.h"
#include "lm/engine/datafolder.h"
#include "lm/wire/dialects.h"
#include "storage/repositories/models.h"

#include <QFile>
#include <QFileInfo>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int endpointCeiling = 512; ///< Of what is found out; a server of short answers needs hundreds at once.

QString fingerprintOf(const nlohmann::json &identity)
{
    return sha256Hex(canonicalJson(identity));
}

} // namespace

Result<QString> ggufPath(const Model &model)
{
    if (model.kind == ModelKind::Gguf) {
        if (QFileInfo(model.location).isFile())
            return model.location;
        return failure(ErrorCode::NotFound,
                       u"The model file “%1” of %2 is not there."_s.arg(model.location, model.name),
                       u"Put the file back, or remove the model and add it again."_s);
    }
    const QString path = DataFolder::standard().model(model.location);
    if (QFileInfo(path).isFile())
        return path;
    return failure(ErrorCode::NotFound, u"The local model %1 is not installed."_s.arg(model.location),
                   u"Install it with “engine install --models %1”."_s.arg(model.location));
}

Status StandardAccess::mayBeSent(const Model &model) const
{
    if (!isReadableOnTheWay(model.baseUrl))
        return {};
    EVALWRIGHT_ASSIGN(const bool allowed, m_plainHttp.isAllowed(model.baseUrl));
    if (allowed)
        return {};
    return failure(
        Error(ErrorCode::Authentication,
              u"%1 is reached by plain http at %2: its key could be read on the way."_s.arg(model.name, model.baseUrl),
              u"Use https, or a tunnel to 127.0.0.1 (ssh -L 8000:localhost:8000 SERVER). If you trust the whole way, "
              u"allow it once on this computer: evalwright-cli model allow-plain-http %1."_s.arg(model.name))
            .withConsequence(u"Nothing was sent."_s));
}

Result<ModelConnection> StandardAccess::connectEndpoint(const Model &model) const
{
    ModelConnection connection;
    EVALWRIGHT_TRY(wire::dialectOf(model));
    connection.baseUrl = model.baseUrl;
    connection.maxInFlight = model.maxInFlight.value_or(endpointCeiling);
    if (!model.keyEnv.isEmpty()) {
        connection.bearer = m_secrets->secret(model.keyEnv);
        if (connection.bearer.isEmpty()) {
            return failure(
                Error(ErrorCode::Authentication,
                      u"The environment variable %1 with the key of %2 is not set."_s.arg(model.keyEnv, model.name),
                      u"Set it in the shell that starts Evalwright, then run the same again."_s)
                    .withConsequence(u"Nothing was sent."_s));
        }
        EVALWRIGHT_TRY(mayBeSent(model));
    }
    return connection;
}

Result<ModelConnection> StandardAccess::connectLocal(const Model &model, const EngineOptions &options,
                                                     const CancellationToken &token)
{
    if (!m_engine) {
        return failure(ErrorCode::Unsupported, u"There is no local engine for %1."_s.arg(model.name),
                       u"Install it with “engine install”."_s);
    }
    ModelConnection connection;
    EVALWRIGHT_ASSIGN(const QString path, ggufPath(model));
    EVALWRIGHT_ASSIGN(const EngineLease lease, m_engine->acquire(path, options, token));
    connection.baseUrl = lease.baseUrl();
    connection.bearer = lease.apiKey();
    connection.maxInFlight = lease.slotCount();
    connection.isLocalEngine = true;
    connection.lease = lease.hold();
    return connection;
}

Result<ModelConnection> StandardAccess::connect(const Model &model, const CancellationToken &token)
{
    EVALWRIGHT_TRY(canBeAsked(model));
    return model.kind == ModelKind::Endpoint ? connectEndpoint(model) : connectLocal(model, {}, token);
}

Result<ModelConnection> StandardAccess::connectForEmbeddings(const Model &model, const CancellationToken &token)
{
    EVALWRIGHT_TRY(canBeAsked(model));
    if (model.kind == ModelKind::Endpoint)
        return connectEndpoint(model);
    EngineOptions options;
    options.embeddings = true;
    options.contextPerSlot = 1024; // The engine reserves memory for a whole text at once.
    return connectLocal(model, options, token);
}

Result<Model> catalogueModel(const QString &name, const QString &catalogueName)
{
    EVALWRIGHT_ASSIGN(const Catalogue catalogue, Catalogue::load(DataFolder::standard().userCatalogue()));
    EVALWRIGHT_ASSIGN(const CatalogueModel entry, catalogue.model(catalogueName));
    Model model;
    model.name = name;
    model.kind = ModelKind::Catalogue;
    model.api = u"llama.cpp"_s;
    model.modelId = entry.name;
    model.location = entry.name;
    model.family = entry.family;
    model.parameters = static_cast<double>(entry.parameters);
    model.training = entry.training;
    model.fingerprint = fingerprintOf({{"server", "llama.cpp"},
                                       {"build", catalogue.engine.version.toStdString()},
                                       {"sha256", entry.ggufSha256.toStdString()}});
    return model;
}

Result<Model> ggufModel(const QString &name, const QString &path)
{
    const QFileInfo file(path);
    QFile reading(path);
    if (!file.isFile() || !reading.open(QIODevice::ReadOnly)) {
        return failure(ErrorCode::NotFound, u"There is no readable file at “%1”."_s.arg(path), u"Check the path."_s);
    }
    if (reading.read(4) != "GGUF") {
        return failure(ErrorCode::InvalidInput, u"“%1” is not a GGUF file."_s.arg(path),
                       u"Choose a model file in the GGUF format."_s);
    }
    EVALWRIGHT_ASSIGN(const Catalogue catalogue, Catalogue::load());
    Model model;
    model.name = name;
    model.kind = ModelKind::Gguf;
    model.api = u"llama.cpp"_s;
    model.modelId = file.completeBaseName();
    model.location = file.absoluteFilePath();
    model.fingerprint = fingerprintOf({{"server", "llama.cpp"},
                                       {"build", catalogue.engine.version.toStdString()},
                                       {"file", file.fileName().toStdString()},
                                       {"bytes", file.size()},
                                       {"modified", isoUtc(file.lastModified()).toStdString()}});
    return model;
}

} // namespace evalwright
