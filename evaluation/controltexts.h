// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QStringList>

#include <optional>

namespace evalwright {

/// Controls that put an item's question in other words or before another system text (methods-mwe section 10). The
/// texts are ours; docs/scoring.md shows them.

inline const QString proControl = QStringLiteral("pro"), antiControl = QStringLiteral("anti");

/// paraphrase-1 … paraphrase-3
QStringList paraphraseNames();

/// The question about the item's statement in other words. Nothing unless the item has a statement and its question is
/// the published one about it.
std::optional<QString> paraphrase(const Candidate &item, const QString &name);

/// The system text that asks for the behaviour (`pro`) or for its opposite (`anti`); nothing without a description.
std::optional<QString> behaviourSystem(const Behaviour &behaviour, const QString &name);

} // namespace evalwright
