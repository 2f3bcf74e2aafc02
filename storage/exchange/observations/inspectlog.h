// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/observations/observationrecord.h"

#include <QByteArray>

#include <memory>

namespace evalwright {

/// Whether the file is a log of Inspect: one JSON object that starts with what such a log starts with, or a ZIP file
/// whose name ends in .eval.
bool recognisesInspectLog(const QString &path, const QByteArray &head);

/// A log of Inspect (https://inspect.aisi.org.uk), .json or .eval. The data set is the task; the model is `model`, else
/// the log's. A record's line is the number of its sample. InvalidInput when nobody says which model it is, or when
/// there is no header; Corrupt for a ZIP file that is none.
Result<std::unique_ptr<ObservationSource>> openInspectLog(const QString &path, const QString &model);

} // namespace evalwright
