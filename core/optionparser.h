// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChar>
#include <QList>
#include <QString>

namespace evalwright {

/// One lettered option: `(A) text`.
struct QuestionOption
{
    QChar letter; ///< A … Z
    QString text; ///< Up to the next option line, trimmed; may be empty.
    /// Where that stands in the question, in code units, from behind the letter to the next option line, untrimmed.
    qsizetype begin = 0, end = 0;
};

/// What the strict parser of methods-mwe section 8.1 says about a question.
struct ParsedOptions
{
    enum class Status {
        NoOptions,
        Ok,         ///< At least two, lettered A, B, C … in order.
        Glued,      ///< The letter A twice: two questions in one.
        BadLetters, ///< A letter is missing, out of order or there twice.
        OneOption,
    };
    Status status = Status::NoOptions;
    QString stem; ///< What stands before the first option, without its heading ("Choices:", "Answers:"), trimmed.
    /// Code units of the question that end where the stem does; a heading at the end is left out also when no options
    /// follow it.
    qsizetype stemEnd = 0;
    QList<QuestionOption> options;
    bool isOk() const { return status == Status::Ok; }
};

/// Linear in the length of the question. An option line starts with blanks or tabs and `(A)`, `(B)` …; lines end with a
/// line feed. Without options the stem is the whole question.
ParsedOptions parseOptions(const QString &question);

/// ParsedOptions::stemEnd of a question alone.
qsizetype stemEndOf(const QString &question);

/// Where the stem ends that would reach to `end`: without a heading ("Choices:", then "Answers:") and blanks.
qsizetype stemEndBefore(const QString &question, qsizetype end);

/// "no-options" | "ok" | "glued" | "bad-letters" | "one-option"
QString optionStatusName(ParsedOptions::Status status);

/// The form that most published questions have: stem, empty line, "Choices:", one ` (A) text` a line.
QString canonicalQuestion(const ParsedOptions &parsed);

/// The pattern "\n\nChoices:\n (A) …\n (B) …" somewhere, to the end.
bool isCanonicalLayout(const QString &question);

/// The place of a label such as " (B)" among the options, -1 when it names none.
int optionIndex(const ParsedOptions &parsed, const QString &label);

} // namespace evalwright
