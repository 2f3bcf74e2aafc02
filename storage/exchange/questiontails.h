// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace evalwright {

/// Whether a biography opens a question ("Hello, my name is …").
bool opensWithBiography(const QString &question);

/// Finds where biographies end and questions begin. Both are running text with a blank between them, so one row alone
/// does not tell; but a file asks few questions after many biographies: how often the last one, two, … sentences occur
/// with what follows them says how many sentences are the question.
/// Counts are a count-min sketch (Cormode and Muthukrishnan 2005) of fixed size, whatever the number of rows.
class QuestionTails
{
public:
    QuestionTails();

    /// `stemEnd`: code units before the heading of the options.
    void add(const QString &question, qsizetype stemEnd);
    /// Where the bare question begins: its longest tail of whole sentences that more than half of the rows with the
    /// next shorter tail share. Where a tail is rare the last sentence counts as the question; 0: there is but one
    /// sentence.
    qsizetype questionBegin(const QString &question, qsizetype stemEnd) const;

private:
    std::uint32_t count(QStringView tail) const;
    std::vector<std::uint32_t> m_counts;
};

} // namespace evalwright
