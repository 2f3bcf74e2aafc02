// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/elsewhere/tooltasks.h"

#include <nlohmann/json.hpp>

namespace evalwright::review {

/// A task of Label Studio: {"data": {item_id, content_hash, behavior, question, options[{value, alias, hotkey?}],
/// occupation?, other_person?, export_id, list, position}, "meta": {canary}, "predictions"?}. List and position count
/// from 1; options stand in the order in which they are shown.
nlohmann::json labelStudioTask(const ToolJob &job, const ToolTask &task);

} // namespace evalwright::review
