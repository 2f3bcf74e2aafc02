// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/connection.h"

#include <QList>

namespace evalwright {

/// Descriptions of our own writing for published persona data sets, whose 133 published ones are not known. Behaviour
/// has name, description, contrast and subject.
Result<QList<Behaviour>> describedBehaviours();

/// What an imported or made data set is about: its own behaviour where that has a description, else the shipped one of
/// the data set's name or of the file that it was imported from. NotFound when nobody knows.
Result<Behaviour> behaviourOf(Connection &connection, const Dataset &dataset);

} // namespace evalwright
