// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/questionmaker.h"

#include "evaluation/controltexts.h"
#include "storage/repositories/datasets.h"

#include <algorithm>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

QStringList controlNames()
{
    return QStringList{u"none"_s} + ControlSet::allNames() + QStringList{proControl, antiControl} + paraphraseNames();
}

bool needsSystem(const QString &control)
{
    return control == proControl || control == antiControl;
}

Result<QuestionMaker> QuestionMaker::of(Connection &connection, const QList<Dataset> &datasets,
                                        const QStringList &controls)
{
    QuestionMaker maker;
    const auto wantsAny = [&controls](const QStringList &names) {
        return std::ranges::any_of(names, [&](const QString &name) { return controls.contains(name); });
    };
    for (const Dataset &dataset : datasets) {
        if (wantsAny(ControlSet::allNames())) {
            EVALWRIGHT_ASSIGN(maker.m_biographies[dataset.id], ControlSet::of(connection, dataset.id));
        }
        if (wantsAny({proControl, antiControl}) && dataset.behaviourId.isValid()) {
            EVALWRIGHT_ASSIGN(maker.m_behaviours[dataset.id], behaviourById(connection, dataset.behaviourId));
        }
    }
    return maker;
}

std::optional<ItemAsked> QuestionMaker::ask(const Candidate &item, const QString &control) const
{
    if (control == "none"_L1)
        return ItemAsked{item.question, {}, {}};
    if (needsSystem(control)) {
        const auto system = behaviourSystem(m_behaviours.value(item.datasetId), control);
        return system ? std::optional(ItemAsked{item.question, *system, {}}) : std::nullopt;
    }
    if (paraphraseNames().contains(control)) {
        const auto question = paraphrase(item, control);
        return question ? std::optional(ItemAsked{*question, {}, {}}) : std::nullopt;
    }
    const auto set = m_biographies.constFind(item.datasetId);
    const auto changed = set == m_biographies.constEnd() ? std::nullopt : set->control(item, control);
    return changed ? std::optional(ItemAsked{changed->question, {}, {}}) : std::nullopt;
}

std::optional<OptionRotation> QuestionMaker::orders(const Candidate &item, const ItemAsked &asked)
{
    // A biography may hold letters in parentheses; the question with its options follows it.
    const QString bare = BiographyFields::of(item).bareQuestion;
    const qsizetype before =
        !bare.isEmpty() && asked.question.endsWith(bare) ? asked.question.size() - bare.size() : 0;
    return OptionRotation::of(asked.question, QStringList{item.matchingLabel} + item.otherLabels, before);
}

std::optional<ItemAsked> QuestionMaker::ask(const Candidate &item, const Condition &condition) const
{
    auto asked = ask(item, condition.control);
    if (!asked || condition.rotation == 0)
        return asked;
    const auto rotated = orders(item, *asked);
    if (!rotated || condition.rotation >= rotated->options())
        return std::nullopt;
    asked->question = rotated->question(condition.rotation);
    return asked;
}

} // namespace evalwright::preparation
