// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QHash>

#include <memory>

namespace evalwright {

class QuestionTails;

/// A short, stable name of a text: the first 16 hex digits of the SHA-256 of its folded form (of the text itself where
/// folding leaves nothing).
QString textId(const QString &text);

/// Fills `fields` and `cluster` of an imported question as docs/families.md says: nothing for "persona"; stem, options
/// and matching_index for "multiple-choice" (and `letters` where they are not A, B, C …); biography, bare_question,
/// their ids, side and user_affiliation for "sycophancy", with the options, too. Generated rows have more.
/// `tails` may be null: then the last sentence before the options is taken for the question.
void fillFamilyFields(Candidate &candidate, const QString &family, const QuestionTails *tails);

/// The same for the rows of one file, which asks few questions after many biographies: what is known of a question is
/// worked out once.
class FamilyFields
{
public:
    void fill(Candidate &candidate, const QString &family, const QuestionTails *tails);

private:
    struct Question
    {
        QString cluster, fields; ///< Fields that follow those of the biography.
    };
    QHash<QString, Question> m_questions; ///< By the question, its labels and further fields.
};

/// What the rows of a question file have in common.
class FamilyGuess
{
public:
    /// `known`: tails that were counted in these rows before, and are not counted again.
    explicit FamilyGuess(std::shared_ptr<const QuestionTails> known = {}) : m_known(std::move(known)) {}
    void add(const Candidate &candidate);
    /// persona when a row has a statement; sycophancy when rows name an affiliation or more than half of them begin
    /// with a biography; multiple-choice when labels are letters; else persona.
    QString family() const;
    /// Null when no row begins with a biography.
    std::shared_ptr<const QuestionTails> tails() const { return m_known && m_biographies > 0 ? m_known : m_tails; }

private:
    qint64 m_rows = 0, m_statements = 0, m_affiliations = 0, m_lettered = 0, m_biographies = 0;
    std::shared_ptr<const QuestionTails> m_known;
    std::shared_ptr<QuestionTails> m_tails;
};

} // namespace evalwright
