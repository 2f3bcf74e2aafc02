// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/evaluate.h"

#include <QString>
#include <QStringList>

/// What is put to models, in the words of the window.
namespace evalwright {

QString frameText(const QString &frame);
QString controlText(const QString &control);
/// A line for each frame, control and order of options of a plan, with how many items; and the system texts.
QStringList planWords(const EvaluatePlan &plan);

} // namespace evalwright
