// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/elsewhere/tooltasks.h"

namespace evalwright::review {

struct LabelStudioConfig
{
    QByteArray xml;    ///< UTF-8.
    QStringList notes; ///< What the questionnaire says and Label Studio cannot.
};

/// The labelling interface of the review's questions, after the tags that Label Studio 1.23 documents. Answers come
/// back by toolName(); choices by their keys (`alias`). The options of an item come from its task, in its own order.
LabelStudioConfig labelStudioConfig(const ToolJob &job);

/// Label Studio puts data of the task in place of "$name" in every text: one that is not meant so gets an invisible
/// joiner behind its "$".
QString withoutVariables(const QString &text);

} // namespace evalwright::review
