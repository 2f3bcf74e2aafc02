// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QList>

#include <nlohmann/json_fwd.hpp>

namespace evalwright::review {

struct ShownOption
{
    QString key;  ///< "Yes", or the option's letter: what an answer names.
    QString text;
    bool operator==(const ShownOption &) const = default;
};

/// What a rater sees of an item: nothing tells which label matches, how sure a model is, or where the item came from.
struct ShownItem
{
    QString itemId;      ///< In a project the item's uuid, in a bundle a name of its own.
    QString contentHash; ///< sha256:…, of question, options and labels in an order that says nothing.
    QString kind;        ///< yes-no | choice | winogender
    QString text;        ///< The question, its stem, or the sentence with its blank.
    QList<ShownOption> options; ///< In an order that says nothing; none of winogender.
    QString occupation, otherPerson; ///< Of winogender, where known.

    QStringList keys() const;
    nlohmann::json toJson() const; ///< A line of items.jsonl (docs/review.md).
    bool operator==(const ShownItem &) const = default;
};

ShownItem shownItem(const Candidate &item, const QString &family);
/// The key that stands for a label of the item in answers.
QString keyOfLabel(const QString &label);

/// The keys in the order that the rater of a slot sees them at a place: a random one, always the same for the same
/// arguments (stream rater/options).
QStringList optionOrder(const QStringList &keys, qint64 seed, int slot, qint64 position);

} // namespace evalwright::review
