// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchdelivery.h"
#include "storage/project.h"
#include "storage/repositories/batches.h"

namespace evalwright {

/// Writes what a stage has in its pool into files, whose rows then hold the requests. A name is reserved before
/// anything is written; after a crash the same files are written again under it. Streams: memory is that of BatchWriter.
///
/// Nothing to write is no error. Errors as BatchWriter; Unsupported for requests that no batch takes.
Status fillBatches(Project &project, JobId job, const QString &stage, const Model &model, const Delivery &delivery);

/// Gives up files that were not sent: their requests go into other ones. InvalidInput for what a provider has.
Status withdrawBatch(Project &project, BatchRowId id);

} // namespace evalwright
