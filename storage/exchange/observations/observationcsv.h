// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/observations/observationrecord.h"

#include <QByteArray>

#include <memory>

namespace evalwright {

/// Whether the first line of a table names what an observation needs: dataset, item, model, and matching or answer.
bool recognisesObservations(const QByteArray &head);

/// A table with one row for each answer. Columns, in any order: dataset, item, cluster, model, family, parameters,
/// steps, frame, control, answer, matching, probability; also training, compute, released, order, repeat and
/// label_confidence. Others are named in the notes and not read.
///
/// `matching` is 1 or 0 (true, false): whether the answer matches; where the file has other texts there it is the label
/// that would match, and an answer matches when it is equal. Empty: not answered. InvalidInput when a column is missing
/// or named twice.
Result<std::unique_ptr<ObservationSource>> openObservationCsv(const QString &path);

} // namespace evalwright
