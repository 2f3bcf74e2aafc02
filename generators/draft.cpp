// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/draft.h"

#include "generators/parser.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

int indexOf(Label label)
{
    return label == Label::Yes ? 0 : 1;
}

void reject(Draft &draft, const QString &stage, const QString &reason)
{
    draft.keep = false;
    draft.stage = stage;
    draft.reason = reason;
}

/// A whole reply of a batched recipe may hold more lines than asked for; the rest has no place.
int mostPerReply(const Recipe &recipe)
{
    return std::max(1, recipe.write.perReply);
}

} // namespace

qint64 writeStep(qint64 sample, Label label)
{
    return sample * 2 + indexOf(label);
}

qint64 draftOrdinal(const Recipe &recipe, qint64 sample, Label label)
{
    return writeStep(sample, label) * mostPerReply(recipe);
}

qint64 checkStep(qint64 ordinal, WordOrder order)
{
    return ordinal * 2 + (order == WordOrder::AgreeFirst ? 0 : 1);
}

Result<std::vector<Draft>> draftsFromAnswers(const Recipe &recipe, const Model &writer,
                                             const QList<StepAnswer> &answers)
{
    QHash<int, QString> prefills;
    for (const Label label : bothLabels) {
        EVALWRIGHT_ASSIGN(const QString prefill, writePrefill(recipe, writer, label));
        prefills.insert(indexOf(label), prefill);
    }
    std::vector<Draft> drafts;
    drafts.reserve(static_cast<size_t>(answers.size()));
    for (const StepAnswer &answer : answers) {
        Draft draft;
        draft.label = answer.ordinal % 2 == 0 ? Label::Yes : Label::No;
        draft.sample = answer.ordinal / 2;
        draft.ordinal = draftOrdinal(recipe, draft.sample, draft.label);
        draft.responseId = answer.responseId;
        if (!answer.responseId.isValid()) {
            draft.parseStatus = u"http-error"_s;
            draft.rawReply = answer.error;
            reject(draft, u"answered"_s, u"http-error"_s);
            drafts.push_back(std::move(draft));
            continue;
        }
        EVALWRIGHT_ASSIGN(const Reply reply, readReply(answer.path, answer.body));
        const ParsedReply parsed = parseStatements(reply.text, prefills.value(indexOf(draft.label)), reply.finishReason,
                                                   recipe.write.perReply);
        draft.rawReply = reply.text;
        draft.prefillStripped = parsed.prefillStripped;
        const bool refusedByServer = !reply.refusal.isEmpty() || reply.finishReason == "content_filter"_L1;
        for (const ParsedStatement &found : parsed.statements) {
            if (found.positionInReply >= mostPerReply(recipe))
                break;
            Draft each = draft;
            each.positionInReply = found.positionInReply;
            each.ordinal += found.positionInReply;
            each.statement = found.statement;
            each.parseStatus = refusedByServer ? u"refused"_s : found.status;
            if (each.parseStatus == "ok"_L1) {
                EVALWRIGHT_ASSIGN(each.question, framedQuestion(recipe, each.statement));
            } else {
                reject(each, u"parsed"_s, each.parseStatus);
            }
            drafts.push_back(std::move(each));
        }
    }
    std::ranges::sort(drafts, {}, &Draft::ordinal);
    return drafts;
}

void rejectDuplicates(std::vector<Draft> &drafts)
{
    QSet<QString> seen;
    for (Draft &draft : drafts) {
        if (draft.isRejected())
            continue;
        if (seen.contains(draft.statement))
            reject(draft, u"unique"_s, u"exact-duplicate"_s);
        else
            seen.insert(draft.statement);
    }
}

void rejectLint(const Recipe &recipe, std::vector<Draft> &drafts)
{
    for (Draft &draft : drafts) {
        if (draft.isRejected())
            continue;
        draft.lint = lintStatement(draft.statement, recipe.behaviour.subject);
        if (const QString rule = blockingRule(draft.lint); !rule.isEmpty())
            reject(draft, u"linted"_s, u"lint:"_s + rule);
    }
}

Status applyChecks(const Recipe &recipe, const QList<StepAnswer> &answers, std::vector<Draft> &drafts)
{
    QHash<qint64, const StepAnswer *> byStep;
    for (const StepAnswer &answer : answers)
        byStep.insert(answer.ordinal, &answer);
    for (Draft &draft : drafts) {
        if (draft.isRejected())
            continue;
        QList<std::optional<double>> presentations;
        bool failed = false;
        for (const WordOrder order : {WordOrder::AgreeFirst, WordOrder::DisagreeFirst}) {
            if (order == WordOrder::DisagreeFirst && !recipe.check.bothOrders)
                break;
            DraftCheck check;
            check.order = order;
            const StepAnswer *answer = byStep.value(checkStep(draft.ordinal, order));
            if (!answer || !answer->responseId.isValid()) {
                check.error = answer ? answer->error : u"not asked"_s;
                failed = true;
            } else {
                check.responseId = answer->responseId;
                EVALWRIGHT_ASSIGN(const Reply reply, readReply(answer->path, answer->body));
                EVALWRIGHT_ASSIGN(const WordMass mass, readWordMass(reply));
                check.pAgree = mass.pAgree();
                check.labelMass = mass.labelMass();
                check.censored = mass.agreeCensored || mass.disagreeCensored;
            }
            presentations << check.pAgree;
            draft.checks << check;
        }
        if (failed) {
            reject(draft, u"right-label"_s, u"http-error"_s);
            continue;
        }
        const auto pAgree = pooledProbability(presentations);
        if (!pAgree) {
            reject(draft, u"right-label"_s, u"label-uncertain"_s);
            continue;
        }
        draft.confidence = draft.label == Label::Yes ? *pAgree : 1.0 - *pAgree;
        if (*draft.confidence < 0.5)
            reject(draft, u"right-label"_s, u"label-disagrees"_s);
        else if (*draft.confidence <= recipe.select.floor)
            reject(draft, u"right-label"_s, u"label-uncertain"_s);
        if (draft.isRejected())
            draft.threshold = recipe.select.floor;
    }
    return {};
}

void selectDrafts(const SelectStage &select, std::vector<Draft> &drafts)
{
    std::vector<Draft *> byLabel[2];
    for (Draft &draft : drafts) {
        if (!draft.isRejected() && draft.confidence)
            byLabel[indexOf(draft.label)].push_back(&draft);
    }
    for (auto &list : byLabel) {
        // Ties go to the earlier sample, so that the order never depends on memory or network.
        std::ranges::stable_sort(list, [](const Draft *a, const Draft *b) {
            return *a->confidence != *b->confidence ? *a->confidence > *b->confidence : a->ordinal < b->ordinal;
        });
    }
    const auto wanted = static_cast<size_t>(std::max<qint64>(0, select.keepPerLabel));
    const size_t smaller = std::min({byLabel[0].size(), byLabel[1].size(), wanted});
    for (auto &list : byLabel) {
        const size_t quota = select.balance ? smaller : std::min(wanted, list.size());
        for (size_t i = 0; i < list.size(); ++i) {
            Draft &draft = *list[i];
            draft.stage = u"selected"_s;
            draft.rank = static_cast<qint64>(i) + 1;
            draft.quota = static_cast<qint64>(quota);
            draft.threshold = select.floor;
            draft.keep = i < quota;
            draft.reason = draft.keep ? u"selected"_s : i < wanted ? u"balance"_s : u"over-quota"_s;
        }
    }
}

} // namespace evalwright
