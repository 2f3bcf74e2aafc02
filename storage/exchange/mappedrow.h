// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/familyfields.h"
#include "storage/exchange/format.h"

namespace evalwright {

/// Turns the rows of a foreign file into candidates: the part that JSON Lines and tables share.
class MappedRows
{
public:
    /// `cells`: values are texts of a table, in which numbers and lists are written out.
    MappedRows(const ReadSettings &settings, bool cells) : m_survey(settings.survey), m_mapping(settings.mapping), m_cells(cells) {}

    /// Completes the mapping by the names of the columns, once. False: refusal() says why the file cannot be read.
    bool begin(const QStringList &columns);
    bool begun() const { return m_begun; }
    std::optional<Error> refusal() const { return m_refusal; }

    /// `raw` is where the offsets of `record` point. Line numbers are the caller's to set.
    ImportedRow read(const QByteArray &raw, const JsonRow &record);
    /// Family, mapping and tails.
    FileFacts facts() const;

private:
    std::optional<FileFacts> m_survey;
    FieldMapping m_mapping;
    std::optional<Error> m_refusal;
    FamilyGuess m_guess;
    bool m_cells, m_begun = false, m_sentences = false;
};

} // namespace evalwright
