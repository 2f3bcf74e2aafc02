// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/changedservers.h"

#include "evaluation/scoring.h"
#include "lm/probe.h"
#include "lm/servercheck.h"
#include "storage/repositories/models.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;

Status probeChangedServers(Context &context, const JobServices &services, const QStringList &models)
{
    for (const QString &name : models) {
        EVALWRIGHT_ASSIGN(const Model model,
                          services.project->readNow([name](Connection &c) { return modelByName(c, name); }));
        EVALWRIGHT_ASSIGN(const ServerLook seen, lookAtServer(services, model, context.token()));
        if (!seen.warning.isEmpty()) {
            context.say(
                u"The server of %1 could not be compared with the one that was probed: %2"_s.arg(name, seen.warning));
        }
        if (seen.changes.isEmpty())
            continue;
        context.say(u"The server of %1 has changed (%2); probing it again …"_s.arg(name, seen.changes.join(u"; "_s)));
        EVALWRIGHT_ASSIGN(const ProbeReport report, probeModel(services, model, context.token()));
        EVALWRIGHT_TRY(storeProbe(*services.project, model, report));
        context.say(u"%1 is now %2. What the earlier server answered is kept, and not mixed with new answers."_s.arg(
            name, report.identity.text()));
    }
    return {};
}

QString scoringBadge(const Model &model)
{
    if (!serverChange(model).isEmpty())
        return u"server changed"_s;
    return isProbed(model) ? scoringName(usualMethod(model)) : u"not probed"_s;
}

} // namespace evalwright::cli
