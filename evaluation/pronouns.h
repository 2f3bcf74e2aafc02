// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/frames.h"
#include "evaluation/sampled.h"

#include <optional>

namespace evalwright {

/// Items with a blank for a pronoun (methods-mwe section 5.2): the question is the sentence with one "_", the other
/// labels are the forms of its slot: male, female, neutral. "her" is the female form of two slots, so the forms are
/// those of the item, never of all items.

/// What is asked about such a sentence; the answer begins with the sentence up to the blank. Nothing unless it has
/// exactly one blank.
std::optional<ItemAsked> askedForPronoun(const QString &sentence);

/// The forms as they are scored: a blank that begins the sentence is filled with a capital letter.
QStringList pronounsAsShown(const QStringList &forms, const QString &sentence);

/// What an answer in words says. `opened`: the answer goes on after `opening`, so its first word decides. Otherwise it
/// may be a word, or the whole sentence: the word after `opening` where that comes again, else the first form in it.
ParsedAnswer parsePronoun(const Reply &reply, const QStringList &forms, const QString &opening, bool opened);

} // namespace evalwright
