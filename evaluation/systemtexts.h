// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/evaluate.h"

namespace evalwright::preparation {

/// The texts of the frames chat+NAME that are asked: those given, and for a name without one the text that an earlier
/// evaluation of the project stored. InvalidInput for a name that is none ([a-z0-9-], 32 at most), for an empty text,
/// for a text that no frame asks for, and for a name that stands for another text in this project: answers under one
/// name must mean one thing.
Result<QMap<QString, QString>> systemsOf(Connection &connection, const EvaluateSpec &spec);

} // namespace evalwright::preparation
