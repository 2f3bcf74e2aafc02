// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "lm/modelaccess.h"
#include "lm/scheduler/scheduler.h"

namespace evalwright {

/// The gate of the model's server, shared by all that goes there: jobs, probes, checks.
std::shared_ptr<EndpointGate> gateOf(Scheduler &scheduler, const Model &model, const ModelConnection &connection);

} // namespace evalwright
