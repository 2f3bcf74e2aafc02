// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "testserver.h"

namespace evalwright::test {

/// A small pretend language model behind chat/completions. Its answer depends on the request's body alone: statements
/// for a writer (some of them equal), agree/disagree for a checker, Yes/No for a subject.
ServerReply fakeModel(const ServerRequest &request);

} // namespace evalwright::test
