// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/exchange/jsonrow.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace evalwright {

/// The answers to an item in an order that says nothing about which one matches, for formats that number their answers.
struct AnswerChoices
{
    QStringList labels;      ///< As they are stored (" Yes", " (A)"); lettered ones in the order of the letters.
    QStringList texts;       ///< Of lettered answers their option texts, as many as labels; else empty.
    qsizetype matching = -1; ///< Its place; -1: the item has no matching label.
    QString stem;            ///< Of lettered answers the question without its options; else the question.
    bool isLettered() const { return !texts.isEmpty(); }
};

/// The place that a file of numbered answers gave the matching one (`answer_index` among the unknown fields) is kept;
/// other labels without letters stand in the order of the alphabet, Yes before all.
AnswerChoices answerChoices(const Candidate &item);

/// The question with its options as most published files lay them out: stem, empty line, "Choices:", one ` (A) text` a
/// line. At most 26 options.
QString questionWithOptions(const QString &stem, const QStringList &options);
/// " (A)" for 0.
QString letterLabel(qsizetype index);

/// A member of the unknown fields of an imported row.
std::optional<JsonNode> unknownField(const Candidate &item, const QString &name);

} // namespace evalwright
