// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "storage/connection.h"

#include <nlohmann/json_fwd.hpp>

namespace evalwright::review {

/// A judgement without row numbers: {judgement_id, review, item, rater, slot, position, state, replaces?, answers,
/// option_order, content_hash, questionnaire{id, version}, guideline_version, shown_at, submitted_at, seconds_active}.
Result<nlohmann::json> judgementJson(Connection &connection, const Judgement &judgement);

} // namespace evalwright::review
