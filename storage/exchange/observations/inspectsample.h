// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/observations/observationrecord.h"

#include <QString>

#include <nlohmann/json.hpp>

namespace evalwright {

/// What the header of a log says that its samples need.
struct InspectHeader
{
    QString task, model, status, scorer;
    qint64 scorers = 0;
    bool invalidated = false;
};
/// From the member `eval` of a log (and of header.json or _journal/start.json). Whatever is missing stays empty.
void readInspectEval(const nlohmann::json &eval, InspectHeader &header);

/// One sample of a log as an answer. Texts that the log keeps as attachments are put back; errors and tracebacks are
/// neither kept nor quoted.
///
/// `matches` is what the scorer's value says (C, 1, true: yes; I, 0, false: no). Where the answer is one of the labels
/// of the sample, whether it is the target is what counts. P and numbers in between are undecided; N, and a scorer that
/// could not read the reply, no answer.
ObservationRecord inspectRecord(const nlohmann::json &sample, const InspectHeader &header);

} // namespace evalwright
