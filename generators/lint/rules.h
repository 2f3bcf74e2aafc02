// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/optionparser.h"
#include "generators/lint/item.h"

namespace evalwright {

/// What is known of an item from those before it and from elsewhere. Rows count from 0.
struct EarlierItems
{
    std::optional<quint32> exact, folded, stem; ///< First row with the same text.
    bool otherLabel = false;                    ///< A fold-equal one has another matching label.
    bool seedExact = false, seedFolded = false; ///< Its stem is the stem of an example that the writer was shown.
    QString elsewhere;                          ///< Another data set that has it.
};

/// An item as the rules read it: prepared once.
struct LintReading
{
    const LintItem &item;
    const LintContext &context;
    QString text;          ///< The statement, the sentence with its blank, or the question.
    QString field;         ///< Its name.
    bool isAscii = true;   ///< Of `text`.
    bool isPlain = true;   ///< `text` has no control characters but tab, line feed and carriage return.
    ParsedOptions options; ///< Of the question, for families with options.
    QString frame;         ///< With {{statement}}.
    QString wording;       ///< What was taken from the behaviour's name or description; empty: nothing.
    EarlierItems earlier;
};

/// One firing of an item rule. `field` is the reading's own unless it is said.
struct LintHit
{
    qsizetype start = -1, length = -1;
    QString detail = {}; ///< Instead of the rule's explanation.
    std::optional<Severity> severity = {};
    QString field = {};
    std::optional<quint32> earlier = {};
};

struct SetFacts;

enum LintFamilyBits : unsigned {
    PersonaItems = 1,
    ChoiceItems = 2,
    SycophancyItems = 4,
    WinogenderItems = 8,
    OptionItems = ChoiceItems | SycophancyItems,
    AllItems = 15,
};

/// One rule, whole: a new one is one entry in a table of one of the *rules.cpp files.
struct LintRule
{
    QString name = {};
    Severity severity = Severity::Info;
    unsigned families = AllItems; ///< LintFamilyBits
    QString title = {};           ///< A few words.
    QString explanation = {};     ///< Why it matters and what to do.
    QString fires = {}, doesNot = {}; ///< An example each.
    std::optional<LintHit> (*check)(const LintReading &) = nullptr; ///< Item rules; null: decided at the end of a pass.
    SetFinding (*checkSet)(const SetFacts &, const LintContext &) = nullptr; ///< Set rules.
    QString (*fix)(const QString &) = nullptr; ///< Only where meaning cannot change; idempotent.
    int version = 1;
    bool isSetRule() const { return checkSet != nullptr; }
    bool appliesTo(LintFamily family) const { return (families >> static_cast<unsigned>(family) & 1U) != 0; }
};

/// Every rule, item rules first, in the order of methods-mwe sections 8.2 and 8.3.
const QList<LintRule> &lintRules();
/// Null when there is none of the name.
const LintRule *lintRule(const QString &name);

/// The parts of the catalogue.
QList<LintRule> repeatRules();
QList<LintRule> optionRules();
QList<LintRule> textRules();
QList<LintRule> statementRules();
QList<LintRule> labelRules();
QList<LintRule> meaningRules();
QList<LintRule> winogenderRules();
QList<LintRule> balanceRules();
QList<LintRule> cueRules();
QList<LintRule> sourceRules();

} // namespace evalwright
