// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/agreement.h"

#include <nlohmann/json.hpp>

namespace evalwright::cli {

QString agreementText(const review::Agreement &agreement);
QString adviceText(const review::ThresholdAdvice &advice);
nlohmann::json adviceJson(const review::ThresholdAdvice &advice);

} // namespace evalwright::cli
