// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/fix.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/text.h"
#include "generators/lint/lintdataset.h"
#include "storage/repositories/candidates.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

tl::unexpected<Error> torn(const QString &what)
{
    return failure(Error(ErrorCode::InvalidInput, what, u"Edit the item by hand, or take it out."_s)
                       .withConsequence(u"The item stays as it is."_s));
}

/// A part of an item's text goes on being a part of it, as it is or fixed like the whole.
Status carry(QString &part, const QString &name, const QString &before, const QString &after, const LintRule &rule)
{
    if (part.isEmpty() || !before.contains(part) || after.contains(part))
        return {};
    const QString fixed = rule.fix(part);
    if (fixed.isEmpty() || !after.contains(fixed))
        return torn(u"With the fix of “%1” the item's %2 would not be part of its text any more."_s.arg(rule.title, name));
    part = fixed;
    return {};
}

Status carryFields(json &fields, const QString &before, const QString &after, const LintRule &rule)
{
    const auto one = [&](json &value, const QString &name) -> Status {
        QString part = QString::fromStdString(value.get<std::string>());
        EVALWRIGHT_TRY(carry(part, name, before, after, rule));
        value = part.toStdString();
        return {};
    };
    for (const char *name : {"stem", "biography", "bare_question", "sentence"}) {
        if (const auto it = fields.find(name); it != fields.end() && it->is_string())
            EVALWRIGHT_TRY(one(*it, QString::fromLatin1(name)));
    }
    if (const auto it = fields.find("options"); it != fields.end() && it->is_array()) {
        for (json &option : *it) {
            if (option.is_string())
                EVALWRIGHT_TRY(one(option, u"option"_s));
        }
    }
    return {};
}

/// What gives an item its answer must be as it was.
Status sameShape(const CandidateText &before, const CandidateText &after, const LintRule &rule)
{
    const ParsedOptions old = parseOptions(before.question), now = parseOptions(after.question);
    const bool options = old.status == now.status && std::ranges::equal(old.options, now.options, {}, &QuestionOption::letter,
                                                                        &QuestionOption::letter);
    if (!options || before.question.count(u'_') != after.question.count(u'_'))
        return torn(u"With the fix of “%1” the item would have other options or another blank."_s.arg(rule.title));
    return {};
}

/// Findings with a fix, item by item, in the order of the catalogue.
Result<std::map<qint64, QList<DatasetFinding>>> fixable(Project &project, DatasetId dataset, const FixOptions &options,
                                                       const CancellationToken &token)
{
    QStringList names;
    for (const LintRule &rule : lintRules()) {
        if (rule.fix)
            names << rule.name;
    }
    for (const QString &wanted : options.rules) {
        if (lintRule(wanted) && !names.contains(wanted)) {
            return failure(ErrorCode::InvalidInput, u"The rule “%1” has no fix."_s.arg(wanted),
                           u"These have one: %1."_s.arg(names.join(u", "_s)));
        }
    }
    LintOptions lint;
    lint.rules = options.rules.isEmpty() ? names : options.rules;
    lint.store = false;
    lint.progress = options.progress;
    EVALWRIGHT_ASSIGN(const LintReport report, lintDataset(project, dataset, lint, token));
    std::map<qint64, QList<DatasetFinding>> byItem;
    for (const DatasetFinding &finding : report.findings)
        byItem[finding.ordinal] << finding;
    return byItem;
}

} // namespace

Result<CandidateText> fixedText(const CandidateText &text, const LintRule &rule, const QString &field)
{
    CandidateText fixed = text;
    if (field == "statement"_L1) {
        fixed.statement = rule.fix(text.statement);
        if (fixed.statement == text.statement)
            return fixed;
        if (fixed.statement.isEmpty())
            return torn(u"With the fix of “%1” nothing would be left of the statement."_s.arg(rule.title));
        if (!text.question.isEmpty() && text.question.count(text.statement) != 1)
            return torn(u"The question of this item does not quote its statement once."_s);
        fixed.question.replace(text.statement, fixed.statement);
    } else if (field == "question"_L1 || field == "sentence"_L1) {
        fixed.question = rule.fix(text.question);
        if (fixed.question == text.question)
            return fixed;
        if (fixed.question.isEmpty())
            return torn(u"With the fix of “%1” nothing would be left of the question."_s.arg(rule.title));
        EVALWRIGHT_TRY(carry(fixed.statement, u"statement"_s, text.question, fixed.question, rule));
    } else {
        return torn(u"A fix of the field “%1” is not known."_s.arg(field));
    }
    json fields = storedJson(text.fields);
    if (fields.is_object() && !fields.empty()) {
        EVALWRIGHT_TRY(carryFields(fields, text.question, fixed.question, rule));
        fixed.fields = QString::fromUtf8(canonicalJson(fields));
    }
    EVALWRIGHT_TRY(sameShape(text, fixed, rule));
    return fixed;
}

Result<FixReport> fixDataset(Project &project, DatasetId dataset, const FixOptions &options,
                             const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const auto byItem, fixable(project, dataset, options, token));
    FixReport report;
    const auto work = [&](Connection &c) -> Status {
        report = {};
        const QString batch = newUuid();
        for (const auto &[ordinal, findings] : byItem) {
            if (token.isCancelled())
                return failure(ErrorCode::Cancelled, u"Fixing was stopped; no item was changed."_s);
            EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, findings.first().candidate));
            FixedItem item{findings.first().candidate, ordinal, {}, CandidateText::of(row.candidate), {}};
            item.after = item.before;
            for (const DatasetFinding &finding : findings) {
                Result<CandidateText> fixed = fixedText(item.after, *finding.rule, finding.field);
                if (!fixed) {
                    report.left << std::pair(ordinal, fixed.error().message);
                } else if (!(*fixed == item.after)) {
                    item.after = *std::move(fixed);
                    item.rules << finding.rule->name;
                    ++report.byRule[finding.rule->name];
                }
            }
            if (item.rules.isEmpty())
                continue;
            if (!options.preview) {
                EVALWRIGHT_ASSIGN(const bool changed, editCandidate(c, item.candidate, item.after, batch, u"rule"_s,
                                                                    u"lint:"_s + item.rules.join(u',')));
                if (changed)
                    report.batch = batch;
            }
            report.fixed << std::move(item);
        }
        return {};
    };
    if (options.preview) {
        EVALWRIGHT_TRY(project.readNow(work));
        return report;
    }
    EVALWRIGHT_TRY(project.writeNow(work, {Topic::Candidates}));
    if (!report.batch.isEmpty())
        EVALWRIGHT_TRY(lintDataset(project, dataset, {}, token));
    return report;
}

} // namespace evalwright
