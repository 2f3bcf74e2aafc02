// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/dataset/itemmodel.h"

namespace evalwright {

/// Some candidates, picked elsewhere (a lint rule, a part of the map), as a source of the items table. The filter and
/// order of a query apply among them; candidates that are no longer there are left out. Filter and order are worked out
/// once for each question: some 30 µs per candidate, on a reader thread.
FetchItems chosenFromProject(std::shared_ptr<Project> project, QList<CandidateId> chosen);

} // namespace evalwright
