// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "testserver.h"

namespace evalwright::test {

/// What the pretend model can do.
struct FakeAbilities
{
    bool logprobs = true;    ///< Off: log-probabilities are left out although they were asked for.
    bool completions = true; ///< Off: completions answers 404.
};

/// A small pretend language model behind chat/completions, completions and models. Its answer depends on the request's
/// body alone: statements for a writer (some of them equal), agree/disagree for a checker, Yes/No for a subject.
ServerReply fakeModelWith(const FakeAbilities &abilities, const ServerRequest &request);
/// The same with every ability, to be handed to a TestServer.
ServerReply fakeModel(const ServerRequest &request);

/// 0 ≤ x < 1 from the bytes, the same on every machine.
double fractionOf(const QByteArray &bytes);

/// SHA-256 of the request's canonical JSON: what a stored prompt with its seed hashes to as well. Empty for no JSON.
QString bodyHash(const QByteArray &body);

} // namespace evalwright::test
