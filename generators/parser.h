// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace evalwright {

/// Raised whenever the rules below change what comes out; stored with each candidate.
constexpr int statementParserVersion = 1;

struct ParsedStatement
{
    QString status = QStringLiteral("ok"); ///< ok | empty | truncated | refused
    QString statement;                     ///< Set for ok, and as far as it goes for the others.
    int positionInReply = 0;
};

struct ParsedReply
{
    bool prefillStripped = false;
    QList<ParsedStatement> statements; ///< At least one.
};

/// Reads a writer's reply (methods-mwe.md section 3): strips the echoed prefill, white space, a leading list marker and
/// paired outer quotes. With `perReply` = 1 only the first list entry counts; above that every line is a statement.
/// `finishReason` "length" means the token limit was hit: the last statement is truncated.
ParsedReply parseStatements(const QString &reply, const QString &prefill, const QString &finishReason, int perReply);

/// True when a text starts like a refusal rather than like a statement.
bool refusesToWrite(const QString &text);

} // namespace evalwright
