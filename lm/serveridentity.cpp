// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/serveridentity.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/text.h"
#include "lm/wire/jsonread.h"

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct TextField
{
    const char *key;
    QString ServerIdentity::*member;
};
/// In the order in which people should read them.
constexpr TextField textFields[] = {{"server", &ServerIdentity::server},
                                    {"build", &ServerIdentity::build},
                                    {"model", &ServerIdentity::model},
                                    {"file", &ServerIdentity::file},
                                    {"ftype", &ServerIdentity::quantisation},
                                    {"template", &ServerIdentity::templateHash}};

QString nameOf(const char *key)
{
    const QLatin1StringView name(key);
    return name == "ftype"_L1 ? u"quantisation"_s : name == "template"_L1 ? u"chat template"_s : QString(name);
}

QString shown(const char *key, const QString &value)
{
    constexpr qsizetype ofHash = 8, longest = 80;
    return QLatin1StringView(key) == "template"_L1 ? value.left(ofHash) : value.left(longest);
}

json orNull(const auto &value)
{
    return value ? json(*value) : json();
}

json capabilityOf(const Model &model, const char *name)
{
    const json all = storedJson(model.capabilities);
    const json *found = wire::member(all, name);
    return found ? *found : json();
}

} // namespace

json ServerIdentity::toJson() const
{
    json out{{"parameters", orNull(parameters)}, {"context", orNull(context)}, {"listed", orNull(listed)}};
    for (const TextField &field : textFields)
        out[field.key] = (this->*field.member).toStdString();
    return out;
}

std::optional<ServerIdentity> ServerIdentity::fromJson(const json &stored)
{
    if (!stored.is_object())
        return std::nullopt;
    ServerIdentity out;
    for (const TextField &field : textFields)
        out.*field.member = wire::textIn(stored, field.key);
    out.parameters = wire::number(wire::member(stored, "parameters"));
    out.context = wire::tokenCount(wire::member(stored, "context"));
    const json *listed = wire::member(stored, "listed");
    if (listed && listed->is_boolean())
        out.listed = listed->get<bool>();
    return out;
}

QString ServerIdentity::fingerprint() const
{
    json canonical = toJson();
    canonical.erase("listed");
    return sha256Hex(canonicalJson(canonical));
}

QString ServerIdentity::text() const
{
    QStringList parts;
    for (const TextField &field : textFields) {
        const QString &value = this->*field.member;
        if (!value.isEmpty())
            parts << u"%1 %2"_s.arg(nameOf(field.key), shown(field.key, value));
    }
    if (parameters)
        parts << u"%1 parameters"_s.arg(formatParameters(parameters));
    if (context)
        parts << u"context %1"_s.arg(*context);
    return parts.join(u", "_s);
}

QStringList differences(const ServerIdentity &before, const ServerIdentity &now, bool ofOwnEngine)
{
    QStringList out;
    for (const TextField &field : textFields) {
        const QString &old = before.*field.member, &fresh = now.*field.member;
        if (!old.isEmpty() && !fresh.isEmpty() && old != fresh)
            out << u"%1: %2 → %3"_s.arg(nameOf(field.key), shown(field.key, old), shown(field.key, fresh));
    }
    if (before.parameters && now.parameters && *before.parameters != *now.parameters)
        out << u"parameters: %1 → %2"_s.arg(*before.parameters, 0, 'f', 0).arg(*now.parameters, 0, 'f', 0);
    if (!ofOwnEngine && before.context && now.context && *before.context != *now.context)
        out << u"context: %1 → %2"_s.arg(*before.context).arg(*now.context);
    if (before.listed == true && now.listed == false)
        out << u"the server does not list the model any more"_s;
    return out;
}

std::optional<ServerIdentity> storedIdentity(const Model &model)
{
    const json stored = capabilityOf(model, "identity");
    const json *value = wire::objectIn(stored, "value");
    return value ? ServerIdentity::fromJson(*value) : std::nullopt;
}

QString probedAt(const Model &model)
{
    return wire::textIn(capabilityOf(model, "identity"), "at");
}

QString serverChange(const Model &model)
{
    return wire::textIn(capabilityOf(model, "server_changed"), "evidence");
}

} // namespace evalwright
