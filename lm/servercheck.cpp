// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/servercheck.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "lm/identityreader.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr double goodFor = 300; ///< Seconds.
constexpr ProbePatience briefly{.attempts = 1, .firstByteSeconds = 5, .totalSeconds = 10};

Result<ServerLook> look(const JobServices &services, const Model &model, const ServerIdentity &before,
                        const ModelConnection &connection, const CancellationToken &token)
{
    ProbeWire wire(services, connection, model, token, briefly);
    const Result<SeenServer> seen = readServer(wire, model);
    ServerLook out;
    if (!seen) {
        if (seen.error().code == ErrorCode::Cancelled)
            return failure(seen.error());
        out.warning = seen.error().message;
        return out;
    }
    out.changes = differences(before, seen->identity, connection.isLocalEngine);
    if (out.changes.isEmpty() && !seen->unread.isEmpty())
        out.warning = seen->unread.join(u"; "_s);
    return out;
}

Status mark(Project &project, const Model &model, const QString &changes)
{
    return project.writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Model now, modelById(c, model.id));
            json capabilities = storedJson(now.capabilities);
            if (!capabilities.is_object() || now.fingerprint != model.fingerprint)
                return {}; // Probed again meanwhile.
            capabilities["server_changed"] = {{"value", true},
                                              {"evidence", changes.toStdString()},
                                              {"at", isoNow().toStdString()}};
            return setModelProbe(c, now.id, QString::fromUtf8(canonicalJson(capabilities)), now.fingerprint, {});
        },
        {Topic::Models});
}

} // namespace

Result<ServerLook> lookAtServer(const JobServices &services, const Model &model, const CancellationToken &token)
{
    const auto before = storedIdentity(model);
    if (!before)
        return ServerLook{};
    EVALWRIGHT_ASSIGN(const ModelConnection connection, services.models->connect(model, token));
    return look(services, model, *before, connection, token);
}

Result<QString> ServerChecks::check(const JobServices &services, JobId job, const Model &model,
                                    const ModelConnection &connection, const CancellationToken &token)
{
    const auto before = storedIdentity(model);
    if (!before)
        return QString();
    const Key key(services.project->uuid(), job.value, model.id.value, model.fingerprint);
    {
        const std::lock_guard lock(m_mutex);
        const auto known = m_checkedAt.find(key);
        if (known != m_checkedAt.end() && Scheduler::now() - known->second < goodFor)
            return QString();
    }
    EVALWRIGHT_ASSIGN(const ServerLook seen, look(services, model, *before, connection, token));
    if (!seen.changes.isEmpty()) {
        const QString changes = seen.changes.join(u"; "_s);
        EVALWRIGHT_TRY(mark(*services.project, model, changes));
        return failure(Error(ErrorCode::ServerChanged,
                             u"The server of %1 is not the one that was probed on %2: %3."_s.arg(
                                 model.name, probedAt(model).left(10), changes),
                             u"Probe it again (“model probe %1”), then run the same again; what the earlier server "
                             u"answered is kept apart."_s.arg(model.name))
                           .withConsequence(u"Nothing was sent to it: scores of two builds must not be mixed."_s));
    }
    {
        const std::lock_guard lock(m_mutex);
        m_checkedAt[key] = Scheduler::now();
    }
    if (seen.warning.isEmpty())
        return QString();
    const QString warning = u"Whether the server of %1 is still the one that was probed could not be told: %2"_s.arg(
        model.name, seen.warning);
    const QString detail = QString::fromUtf8(canonicalJson({{"model", model.name.toStdString()},
                                                            {"warning", warning.toStdString()}}));
    services.project->write([job, detail](Connection &c) { return logEvent(c, u"server"_s, job, detail); });
    return warning;
}

std::shared_ptr<ServerChecks> newServerChecks()
{
    return std::make_shared<ServerChecks>();
}

} // namespace evalwright
