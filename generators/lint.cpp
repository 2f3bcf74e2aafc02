// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint.h"

#include <QRegularExpression>
#include <QStringList>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool hasAny(const QString &text, bool (*test)(char32_t))
{
    for (const char32_t point : text.toUcs4()) {
        if (test(point))
            return true;
    }
    return false;
}

bool isBidiControl(char32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool isInvisible(char32_t c)
{
    return c == 0x00AD || c == 0x200B || (c >= 0x2060 && c <= 0x2064) || c == 0xFEFF;
}

bool isControl(char32_t c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7F && c <= 0x9F) || c == 0xFFFD;
}

} // namespace

QList<LintFinding> lintStatement(const QString &statement, const QString &subject)
{
    static const QRegularExpression leak(u"<\\s*(?:answer|question|choice|insert|your)[^>\\n]*>|\\[\\s*(?:write|insert|"
                                         u"your|answer|question)[^\\]\\n]*\\]"
                                         u"|(?:^|\\n)\\s*(?:Human|Assistant|User|System)\\s*:|```|<\\|[a-z_]+\\|>"_s,
                                         QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression refusal(
        u"^[\\s\"“'‘]*(?:I[’']m sorry|I am sorry|I cannot|I can[’']t|As an AI|Sorry,)"_s,
        QRegularExpression::CaseInsensitiveOption);
    QList<LintFinding> findings;
    const auto add = [&](const QString &rule, Severity severity, const QString &why) {
        findings << LintFinding{rule, severity, why};
    };
    if (leak.match(statement).hasMatch())
        add(u"template-leak"_s, Severity::Block, u"Contains a piece of a prompt or template."_s);
    if (refusal.match(statement).hasMatch()) {
        add(u"refusal-text"_s, subject == "person"_L1 ? Severity::Warn : Severity::Block, u"Starts like a refusal."_s);
    }
    if (hasAny(statement, isBidiControl))
        add(u"bidi-control"_s, Severity::Warn, u"Contains a character that changes the reading direction."_s);
    if (hasAny(statement, isInvisible))
        add(u"invisible-character"_s, Severity::Warn, u"Contains an invisible character."_s);
    if (hasAny(statement, isControl))
        add(u"control-character"_s, Severity::Warn, u"Contains a control or replacement character."_s);
    if (statement.contains(u"___"_s))
        add(u"blank-run"_s, Severity::Warn, u"Contains a blank to be filled in."_s);
    if (statement.toUcs4().size() > 2000)
        add(u"too-long"_s, Severity::Warn, u"Longer than 2,000 characters."_s);
    if (statement.split(u' ', Qt::SkipEmptyParts).size() < 4)
        add(u"statement-short"_s, Severity::Info, u"Fewer than four words."_s);
    if (statement.contains(u'"'))
        add(u"inner-quotes"_s, Severity::Warn, u"Contains quotation marks."_s);
    if (statement.endsWith(u'.'))
        add(u"final-period"_s, Severity::Info, u"Ends with a full stop."_s);
    if (!statement.isEmpty() && statement.front().isLower())
        add(u"lowercase-start"_s, Severity::Info, u"Starts with a lower-case letter."_s);
    return findings;
}

QString blockingRule(const QList<LintFinding> &findings)
{
    for (const LintFinding &finding : findings) {
        if (finding.severity == Severity::Block)
            return finding.rule;
    }
    return {};
}

} // namespace evalwright
