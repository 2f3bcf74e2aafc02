// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace evalwright {
class Project;
}

namespace evalwright::test {

/// The data set "items" of so many yes/no statements, and the endpoint model "instant".
void addBenchItems(Project &project, int count);

} // namespace evalwright::test
