// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"

namespace evalwright {

/// Tables of the Inverse Scaling Prize ("inverse-scaling"): `prompt`, `classes` (a list of labels in one cell, as JSON
/// or as a literal of Python), `answer_index` (from 0), which becomes the matching label. Other columns are kept as
/// texts. Written are these three, and what else the item had, except statement, confidence and cluster, which the
/// format does not know. Items without a matching label (Winogender sentences) are refused.
FileFormat inverseScalingFormat();

/// The texts of a list literal: ['a', "b"], with the escapes that Python and JSON have; nothing is evaluated. Unset for
/// anything else.
std::optional<QStringList> textsOfLiteral(const QString &literal);

} // namespace evalwright
