// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchdelivery.h"

#include <QDir>
#include <QFileInfo>

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

QStringList deliveryNames()
{
    return {u"live"_s, u"batch"_s, u"files"_s};
}

QString deliveryName(Delivery::Kind kind)
{
    return deliveryNames().at(static_cast<qsizetype>(kind));
}

Result<Delivery::Kind> deliveryKind(const QString &name)
{
    const qsizetype at = deliveryNames().indexOf(name);
    if (at < 0) {
        return failure(ErrorCode::InvalidInput, u"“%1” is no way of delivery."_s.arg(name.left(100)),
                       u"Choose live, batch or files."_s);
    }
    return static_cast<Delivery::Kind>(at);
}

json Delivery::toJson() const
{
    return {{"kind", deliveryName(kind).toStdString()},
            {"folder", folder.toStdString()},
            {"price_factor", priceFactor ? json(*priceFactor) : json(nullptr)}};
}

Result<Delivery> Delivery::fromJson(const json &object)
{
    Delivery delivery;
    if (object.is_null())
        return delivery; // Jobs of older programs were live.
    const auto text = [&object](const char *name) {
        const auto found = object.find(name);
        return found != object.end() && found->is_string() ? QString::fromStdString(found->get<std::string>())
                                                           : QString();
    };
    if (!object.is_object())
        return failure(ErrorCode::InvalidInput, u"“delivery” should be a JSON object."_s);
    EVALWRIGHT_ASSIGN(delivery.kind, deliveryKind(text("kind")));
    delivery.folder = text("folder");
    if (const auto factor = object.find("price_factor"); factor != object.end() && !factor->is_null()) {
        if (!factor->is_number() || !std::isfinite(factor->get<double>()) || factor->get<double>() < 0)
            return failure(ErrorCode::InvalidInput, u"“price_factor” should be a number, 0 or more."_s);
        delivery.priceFactor = factor->get<double>();
    }
    return delivery;
}

Status canBeBatched(const Model &model)
{
    if (model.kind == ModelKind::Endpoint && (model.api == "openai"_L1 || model.api == "anthropic"_L1))
        return {};
    return failure(Error(ErrorCode::Unsupported,
                         model.kind == ModelKind::Endpoint
                             ? u"Model %1 speaks %2, which has no batches."_s.arg(model.name, model.api)
                             : u"Model %1 runs on this machine, which has no batches."_s.arg(model.name),
                         u"Use --delivery live, or an endpoint that speaks openai or anthropic."_s)
                       .withConsequence(u"Nothing was written or sent."_s));
}

BatchService batchServiceOf(const Model &model)
{
    return model.api == "anthropic"_L1 ? BatchService::Anthropic : BatchService::OpenAi;
}

QString batchServiceName(BatchService service)
{
    return service == BatchService::Anthropic ? u"anthropic"_s : u"openai"_s;
}

QString batchFolder(const Delivery &delivery, const QString &projectPath)
{
    if (!delivery.folder.isEmpty())
        return QFileInfo(delivery.folder).absoluteFilePath();
    const QFileInfo project(projectPath);
    return project.absoluteDir().filePath(project.completeBaseName() + u"-batches"_s);
}

QString storedPath(const QString &path, const QString &projectPath)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    const QString relative = QFileInfo(projectPath).absoluteDir().relativeFilePath(absolute);
    return relative.startsWith(".."_L1) ? absolute : relative;
}

QString fullPath(const QString &stored, const QString &projectPath)
{
    return QDir::cleanPath(QFileInfo(projectPath).absoluteDir().absoluteFilePath(stored));
}

} // namespace evalwright
