// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/models.h"

#include "core/clock.h"
#include "core/hash.h"
#include "core/text.h"

#include <QDate>
#include <QRegularExpression>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString columns =
    u"id, uuid, name, kind, api, base_url, model_id, location, key_env, family, parameters, training, "
    u"steps, price_in, price_out, max_in_flight, capabilities, fingerprint, created_at, requests_per_minute, "
    u"tokens_per_minute, compute, released, rung"_s;

ModelKind kindFromName(const QString &name)
{
    if (name == "gguf"_L1)
        return ModelKind::Gguf;
    if (name == "results"_L1)
        return ModelKind::Results;
    return name == "catalogue"_L1 ? ModelKind::Catalogue : ModelKind::Endpoint;
}

Model modelFrom(const QSqlQuery &row)
{
    Model model;
    model.id.value = row.value(0).toLongLong();
    model.uuid = row.value(1).toString();
    model.name = row.value(2).toString();
    model.kind = kindFromName(row.value(3).toString());
    model.api = row.value(4).toString();
    model.baseUrl = row.value(5).toString();
    model.modelId = row.value(6).toString();
    model.location = row.value(7).toString();
    model.keyEnv = row.value(8).toString();
    model.family = row.value(9).toString();
    model.parameters = optionalValue<double>(row.value(10));
    model.training = row.value(11).toString();
    model.steps = optionalValue<qint64>(row.value(12));
    model.priceIn = optionalValue<double>(row.value(13));
    model.priceOut = optionalValue<double>(row.value(14));
    model.maxInFlight = optionalValue<int>(row.value(15));
    model.capabilities = row.value(16).toString();
    model.fingerprint = row.value(17).toString();
    model.createdAt = row.value(18).toString();
    model.requestsPerMinute = optionalValue<double>(row.value(19));
    model.tokensPerMinute = optionalValue<double>(row.value(20));
    model.compute = optionalValue<double>(row.value(21));
    model.released = row.value(22).toString();
    model.rung = row.value(23).toString();
    return model;
}

} // namespace

QString modelKindName(ModelKind kind)
{
    switch (kind) {
    case ModelKind::Gguf:
        return u"gguf"_s;
    case ModelKind::Catalogue:
        return u"catalogue"_s;
    case ModelKind::Results:
        return u"results"_s;
    case ModelKind::Endpoint:
        break;
    }
    return u"endpoint"_s;
}

Status canBeAsked(const Model &model)
{
    if (model.kind != ModelKind::Results)
        return {};
    return failure(Error(ErrorCode::Unsupported,
                         u"%1 cannot be asked: only results that came from elsewhere are known of it."_s.arg(model.name),
                         u"Add the model under another name, with its endpoint or file, and the same name on the ladder "
                         u"(--rung)."_s)
                       .withConsequence(u"Nothing was sent."_s));
}

Result<Model> addModel(Connection &connection, Model model)
{
    if (model.name.trimmed().isEmpty())
        return failure(ErrorCode::InvalidInput, u"A model needs a name."_s, u"Give it a short name of your own."_s);
    // Somebody who gives the key itself here must not find it stored, nor on the screen.
    static const QRegularExpression variable(u"^[A-Za-z_][A-Za-z0-9_]*$"_s);
    if (!model.keyEnv.isEmpty() && !variable.match(model.keyEnv).hasMatch()) {
        return failure(
            Error(
                ErrorCode::InvalidInput, u"What was given for the key is not the name of an environment variable."_s,
                u"Put the key into a variable such as MY_API_KEY, and give that name; the key itself is never stored."_s)
                .withConsequence(u"Nothing was stored."_s));
    }
    EVALWRIGHT_ASSIGN(const QVariant taken,
                      connection.value(u"SELECT 1 FROM model WHERE name = ? AND removed_at IS NULL"_s, {model.name}));
    if (taken.isValid()) {
        return failure(ErrorCode::AlreadyExists, u"There is already a model named “%1”."_s.arg(model.name),
                       u"Choose another name, or remove that one first."_s);
    }
    model.uuid = newUuid();
    model.createdAt = isoNow();
    EVALWRIGHT_ASSIGN(
        model.id.value,
        connection.insert(
            u"INSERT INTO model (uuid, name, kind, api, base_url, model_id, location, key_env, family, parameters, "
            u"training, steps, price_in, price_out, max_in_flight, capabilities, fingerprint, created_at, "
            u"requests_per_minute, tokens_per_minute, compute, released, rung) "
            u"VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
            {model.uuid,
             model.name,
             modelKindName(model.kind),
             bound(model.api),
             bound(model.baseUrl),
             bound(model.modelId),
             bound(model.location),
             bound(model.keyEnv),
             bound(model.family),
             bound(model.parameters),
             bound(model.training),
             bound(model.steps),
             bound(model.priceIn),
             bound(model.priceOut),
             bound(model.maxInFlight),
             bound(model.capabilities),
             bound(model.fingerprint),
             model.createdAt,
             bound(model.requestsPerMinute),
             bound(model.tokensPerMinute),
             bound(model.compute),
             bound(model.released),
             bound(model.rung)}));
    return model;
}

Result<QList<Model>> listModels(Connection &connection)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT %1 FROM model WHERE removed_at IS NULL "
                                                       u"ORDER BY family, parameters, name"_s.arg(columns)));
    QList<Model> models;
    while (rows.next())
        models << modelFrom(rows);
    return models;
}

Result<Model> modelByName(Connection &connection, const QString &name)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery row,
        connection.query(u"SELECT %1 FROM model WHERE name = ? AND removed_at IS NULL"_s.arg(columns), {bound(name)}));
    if (row.next())
        return modelFrom(row);
    EVALWRIGHT_ASSIGN(const QList<Model> models, listModels(connection));
    QStringList names;
    for (const Model &model : models)
        names << model.name;
    return failure(Error(ErrorCode::NotFound, u"There is no model named “%1” in this project."_s.arg(name),
                         u"Add it with “model add”, or choose one of “model list”."_s)
                       .withSuggestions(nearestNames(name, names)));
}

Result<Model> modelById(Connection &connection, ModelId id)
{
    EVALWRIGHT_ASSIGN(QSqlQuery row, connection.query(u"SELECT %1 FROM model WHERE id = ?"_s.arg(columns), {id.value}));
    if (row.next())
        return modelFrom(row);
    return failure(ErrorCode::NotFound, u"There is no model number %1 in this project."_s.arg(id.value));
}

LadderPlace LadderPlace::of(const Model &model)
{
    return {model.family,     model.training, model.released, model.rung,
            model.parameters, model.compute,  model.steps};
}

Status setLadderPlace(Connection &connection, ModelId id, const LadderPlace &place)
{
    const auto wrong = [](const QString &what, const QString &how) {
        return failure(Error(ErrorCode::InvalidInput, what, how).withConsequence(u"Nothing was changed."_s));
    };
    for (const auto &[value, name] : {std::pair(place.parameters, u"number of parameters"_s), std::pair(place.compute, u"training compute"_s)}) {
        if (value && (!std::isfinite(*value) || *value <= 0))
            return wrong(u"A %1 of %2 is not possible."_s.arg(name).arg(*value), u"Give a number above 0, or none."_s);
    }
    if (place.steps && *place.steps < 0)
        return wrong(u"%1 steps of training are not possible."_s.arg(*place.steps), u"Give 0 or more, or none."_s);
    if (!place.released.isEmpty() && !QDate::fromString(place.released, Qt::ISODate).isValid())
        return wrong(u"“%1” is not a day."_s.arg(place.released), u"Write the day of release as 2024-05-01."_s);
    EVALWRIGHT_TRY(connection.execute(
        u"UPDATE model SET family = ?, training = ?, released = ?, rung = ?, parameters = ?, compute = ?, steps = ? "
        u"WHERE id = ?"_s,
        {bound(place.family), bound(place.training), bound(place.released), bound(place.rung), bound(place.parameters),
         bound(place.compute), bound(place.steps), id.value}));
    return {};
}

Status removeModel(Connection &connection, const QString &name)
{
    EVALWRIGHT_ASSIGN(const Model model, modelByName(connection, name));
    EVALWRIGHT_TRY(connection.execute(u"UPDATE model SET removed_at = ? WHERE id = ?"_s,
                                      {isoNow(), model.id.value}));
    return {};
}

Status setModelProbe(Connection &connection, ModelId id, const QString &capabilities, const QString &fingerprint,
                     std::optional<double> parameters)
{
    EVALWRIGHT_TRY(connection.execute(
        u"UPDATE model SET capabilities = ?, fingerprint = ?, parameters = coalesce(parameters, ?) WHERE id = ?"_s,
        {bound(capabilities), bound(fingerprint), bound(parameters), id.value}));
    return {};
}

} // namespace evalwright
