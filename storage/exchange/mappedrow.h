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
    MappedRows(const ReadSettings &settings, bool cells)
        : m_survey(settings.survey), m_wanted(settings.mapping), m_mapping(settings.mapping), m_cells(cells)
    {
    }

    /// Completes the mapping by these names of columns, unless it was completed before. False when a needed field has
    /// no source among them; other columns may be tried.
    bool begin(const QStringList &columns);
    /// Why no row can be read: no columns had all that is needed, or a source that the user named is in no row.
    /// Final after the last row.
    std::optional<Error> refusal() const;

    /// `raw` is where the offsets of `record` point. Line numbers are the caller's to set.
    ImportedRow read(const QByteArray &raw, const JsonRow &record);
    /// Family, mapping and tails.
    FileFacts facts() const;

private:
    std::optional<FileFacts> m_survey;
    FieldMapping m_wanted, m_mapping; ///< What the user mapped; with the guesses.
    QStringList m_columns;            ///< Of the last begin().
    std::optional<QStringList> m_unseen; ///< Sources that the user named and no row had yet; unset before the first row.
    std::optional<Error> m_refusal;
    FamilyGuess m_guess;
    bool m_cells, m_begun = false, m_sentences = false;
};

} // namespace evalwright
