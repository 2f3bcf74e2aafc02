// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace evalwright {

/// What a part of a filter is about.
enum class ItemField {
    Words,      ///< Plain words: full text.
    Text,       ///< text: a part of the text, letter by letter.
    State,      ///< state: kept, rejected, undecided, all
    Label,      ///< label: the wanted label
    Reason,     ///< reason: code of the latest decision; a code before ":" matches with any person's words after it
    Stage,      ///< stage: of the latest decision
    By,         ///< by: person, rule
    Confidence, ///< confidence: a number, >0.9, <=0.5, 0.5..0.8, none
    Cluster,    ///< cluster:
    Tag,        ///< tag:
    Lint,       ///< lint: a rule, or block, warn, info, any
    Rated,      ///< rated: yes, no, disputed, broken
    Edited,     ///< edited: yes, no
    Source,     ///< source: name of the file it was imported from
    Id,         ///< id: beginning of its uuid
    Number,     ///< number: as shown, from 1; ranges
};
QString itemFieldName(ItemField field); ///< Empty for Words.

/// One condition: any of its values, or none of them when negated.
struct ItemTerm
{
    ItemField field = ItemField::Words;
    bool isNegated = false;
    QStringList values; ///< Of Words: one, all words together with their quotes.
    /// Of Confidence and Number, in place of values; unset ends are open.
    std::optional<double> low, high;
    bool isLowOpen = false, isHighOpen = false; ///< The end itself is not in it.
    bool isUnknown = false;                     ///< confidence:none
    bool operator==(const ItemTerm &) const = default;
};

/// All of its terms hold.
struct ItemFilter
{
    QList<ItemTerm> terms;
    bool isEmpty() const { return terms.isEmpty(); }
    /// As it would be typed; parseItemFilter() gives the same filter again.
    QString toText() const;
    bool operator==(const ItemFilter &) const = default;
};

/// A part of a filter's text.
struct FilterPlace
{
    qsizetype from = 0, length = 0;
};

/// Longer filters, in characters or in values of all conditions together, are refused: each value costs a look at every row.
inline constexpr qsizetype longestFilter = 65'536, mostFilterValues = 2000;

/// Reads `state:kept label:Yes confidence:>0.9 -lint:block "whole phrase" word -without`. Values with blanks or commas stand in
/// quotes; several are joined by commas. InvalidInput says what is wrong and at which character, with the nearest names of
/// fields or values as suggestions. Which labels, tags and so on there are is not looked at. After an error `wrong` is the part that it is about,
/// and a suggestion can stand in its place.
Result<ItemFilter> parseItemFilter(const QString &text, FilterPlace *wrong = nullptr);

/// What could stand at the cursor: names of fields, or values of the field before it. `values`: those that a data set has.
struct FilterCompletion
{
    qsizetype from = 0, length = 0; ///< The part that a completion replaces.
    QStringList choices;
};
FilterCompletion completeItemFilter(const QString &text, qsizetype cursor,
                                    const std::function<QStringList(ItemField)> &values = {});

} // namespace evalwright
