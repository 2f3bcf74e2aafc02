// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/familyfields.h"
#include "storage/exchange/format.h"
#include "storage/exchange/jsonrow.h"

namespace evalwright {

/// An item as a sample of Inspect (inspectsamples.h). `behaviour` may be empty.
JsonNode inspectSample(const Candidate &item, const QString &behaviour);

/// Turns samples into candidates: the part that lines and tables share.
class InspectRows
{
public:
    explicit InspectRows(const ReadSettings &settings) : m_survey(settings.survey) {}
    /// `raw` is where the offsets of `sample` point. Line numbers are the caller's to set.
    ImportedRow read(const QByteArray &raw, const JsonNode &sample);
    /// Family and tails.
    FileFacts facts() const;

private:
    std::optional<FileFacts> m_survey;
    FamilyGuess m_guess;
    bool m_sentences = false;
};

} // namespace evalwright
