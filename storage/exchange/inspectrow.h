// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/familyfields.h"
#include "storage/exchange/format.h"
#include "storage/exchange/jsonrow.h"

namespace evalwright {

/// How the choices of a sample are given.
enum class InspectChoices {
    List,       ///< As a list of texts.
    Commas,     ///< As one text, with commas between them; an empty one where there are none.
    InQuestion, ///< As a part of the question.
};
/// An item as a sample of Inspect (inspectsamples.h). `behaviour` may be empty.
JsonNode inspectSample(const Candidate &item, const QString &behaviour, InspectChoices how = InspectChoices::List);
/// The choices that its sample has; empty when it has none.
QStringList inspectChoices(const Candidate &item);

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
