// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/endpointlimits.h"

#include <algorithm>

namespace evalwright {

std::shared_ptr<EndpointGate> gateOf(Scheduler &scheduler, const Model &model, const ModelConnection &connection)
{
    QString base = connection.baseUrl;
    while (base.endsWith(u'/'))
        base.chop(1);
    EndpointLimits limits;
    limits.mostInFlight =
        std::max(1, std::min(connection.maxInFlight, model.maxInFlight.value_or(connection.maxInFlight)));
    if (connection.isLocalEngine)
        limits.startInFlight = limits.mostInFlight; // As many as it has slots, and nobody else uses them.
    limits.requestsPerMinute = model.requestsPerMinute;
    limits.tokensPerMinute = model.tokensPerMinute;
    return scheduler.gate(base, limits);
}

} // namespace evalwright
