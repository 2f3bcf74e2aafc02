// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "core/review.h"
#include "storage/connection.h"

#include <QHash>

#include <nlohmann/json.hpp>

namespace evalwright::review {

/// Gold items of a data set from JSON lines, {"item_id": uuid, "answers": {question: answer}} or the item's exact
/// "question" in place of its id. All or nothing: InvalidInput names the line. Answers are checked when a review is made.
Result<QHash<qint64, nlohmann::json>> readGolds(Connection &connection, DatasetId dataset, const QString &path);

/// The items of earlier reviews that somebody decided, with that answer to the questionnaire's question about the label; of
/// several decisions the latest. Empty without such a question.
Result<QHash<qint64, nlohmann::json>> decidedGolds(Connection &connection, DatasetId dataset,
                                                   const Questionnaire &questionnaire);

/// A person's last word on an item of a review: `item` is its uuid, `answer` a key of the question about the label.
/// NotFound, InvalidInput (no such answer, no reason). Appended; the latest counts.
Status adjudicate(Connection &connection, const Review &review, const QString &item, const QString &answer,
                  const QString &reason);

} // namespace evalwright::review
