// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/template.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace evalwright {

/// Raised whenever a rule below changes what comes out; stored with each candidate.
constexpr int replyParserVersion = 1;

struct ReplyToParse
{
    QString text;
    QString prefill;      ///< A server may echo it.
    bool opened = false;  ///< The reply goes on from a text that the prompt began.
    bool truncated = false; ///< The token limit was hit.
    int perReply = 1;
};

/// One text found in a reply.
struct ReplyPart
{
    QString status = QStringLiteral("ok"); ///< ok | empty | truncated | refused | parse:<code>
    int position = 0;                      ///< In the reply, from 0.
    TemplateValues values;                 ///< By the parser's names; as far as it goes when the status is not ok.
    QStringList options;                   ///< Of a multiple-choice question.
    int matching = -1;                     ///< The option that the writer gave as the answer; -1: it gave none.
    bool cut = false;                      ///< An unfinished last sentence was left out.
};

struct ReplyParts
{
    bool prefillStripped = false;
    QList<ReplyPart> parts; ///< At least one.
};

/// How a family reads what its writer sent; pure.
struct ReplyParser
{
    QString name;      ///< As in recipes.
    QStringList names; ///< What its parts give to later prompts.
    ReplyParts (*parse)(const ReplyToParse &reply) = nullptr;
};
/// statement | biography | block-quote | json-choice | sentences | sentences-with-pronouns | line; null for others. The
/// one with pronouns also takes a sentence that has no placeholder and one pronoun of a third person, whose place becomes
/// the blank; "her", which is of two sets, is left.
const ReplyParser *replyParser(const QString &name);
QStringList replyParserNames();

/// Three forms of one pronoun (male, female, neutral), by the placeholder that a sentence has.
QStringList pronounForms(const QString &placeholder);

} // namespace evalwright
