// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"

#include <QHash>

namespace evalwright::review {

/// The answer that a tool's value stands for, as checkedAnswers() wants it: {"choices": […]}, {"rating": 5},
/// {"text": […]}, lists of one of these, texts and numbers. A choice is named by its key, or by a text that no other
/// choice has. `optionTexts`: of the item's own options, by key. InvalidInput: it stands for none; null stays null.
Result<nlohmann::json> answerFrom(const ReviewQuestion &question, const nlohmann::json &value,
                                  const QHash<QString, QString> &optionTexts);

} // namespace evalwright::review
