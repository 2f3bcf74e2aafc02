// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/observations/observationrecord.h"

#include <QStringList>

#include <memory>

/// The formats of other people's results, for every door through which they come in.
namespace evalwright {

/// observations, lm-eval-samples, inspect-log
QStringList resultFormats();
/// Which of these the file is in, by its content; empty for none of them, also for what is no readable file: the
/// importer of items says what is wrong with it. Errors: a file that is compressed or in an encoding that is not read.
Result<QString> resultFormatOf(const QString &path);
/// `format`: one of resultFormats(). `model`: its name where the file does not say it.
Result<std::unique_ptr<ObservationSource>> openResultFile(const QString &path, const QString &format, const QString &model);

} // namespace evalwright
