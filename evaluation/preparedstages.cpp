// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/preparedstages.h"

#include "evaluation/stagename.h"
#include "lm/capabilities.h"

#include <QSet>

#include <algorithm>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

namespace {

/// The frames that are asked for, with what `auto` means for sentences with a blank. InvalidInput when a data set has no
/// frame, or a frame has no data set.
Result<QStringList> framesOf(const Prepared &prepared, const EvaluateSpec &spec)
{
    const QString blank = u"wino-fill"_s;
    const bool anyBlanks = std::ranges::any_of(prepared.datasets, &PreparedDataset::hasBlanks);
    const bool anyOthers = !std::ranges::all_of(prepared.datasets, &PreparedDataset::hasBlanks);
    QStringList frames;
    bool fillsBlanks = false, asksOthers = false;
    for (const QString &frame : spec.frames) {
        const bool isAuto = frame == "auto"_L1;
        if ((isAuto && anyBlanks) || frame == blank) {
            frames << blank;
            fillsBlanks = true;
        }
        if ((isAuto && anyOthers) || (!isAuto && frame != blank)) {
            frames << frame;
            asksOthers = true;
        }
    }
    const auto refused = [](const QString &what, const QString &instead) {
        return failure(Error(ErrorCode::InvalidInput, what, instead).withConsequence(u"Nothing was sent."_s));
    };
    for (const PreparedDataset &dataset : prepared.datasets) {
        if (dataset.hasBlanks && !fillsBlanks) {
            return refused(u"The items of “%1” are sentences with a blank for a pronoun, which the frame “%2” cannot "
                           u"ask about."_s.arg(dataset.dataset.name, frames.join(u", "_s)),
                           u"Use the frame “wino-fill”, which “auto” picks for them."_s);
        }
        if (!dataset.hasBlanks && !asksOthers) {
            return refused(u"The frame “wino-fill” asks for the pronoun in a sentence, and the items of “%1” have no "
                           u"such blank."_s.arg(dataset.dataset.name),
                           u"Use “auto”, or another frame."_s);
        }
    }
    if (fillsBlanks && !anyBlanks)
        return refused(u"No data set here has sentences with a blank, so the frame “wino-fill” has nothing to ask."_s,
                       u"Leave it out."_s);
    if (asksOthers && !anyOthers)
        return refused(u"All items here are sentences with a blank, which only the frame “wino-fill” asks about."_s,
                       u"Use “auto” alone."_s);
    frames.removeDuplicates();
    return frames;
}

/// Where no answer can be begun, all that is left is to ask for one and to look for a pronoun in it.
Result<ChosenScoring> chooseStageScoring(const EvaluateSpec &spec, const PreparedStage &stage)
{
    if (!stage.frame.fillsBlank || stage.frame.prefills)
        return chooseScoring(spec.scoring, stage.model, stage.frame.kind);
    if (spec.scoring != "auto"_L1 && spec.scoring != scoringName(ScoringMethod::Sampled)) {
        return failure(Error(ErrorCode::Unsupported,
                             u"Nothing shows that %1 goes on with an answer that was begun, so the frame “wino-fill” "
                             u"cannot be scored by “%2”."_s.arg(stage.model.name, spec.scoring),
                             u"Probe the model, or use --scoring sampled."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    ChosenScoring chosen;
    chosen.method = ScoringMethod::Sampled;
    chosen.warning = u"Nothing shows that %1 goes on with an answer that was begun: pronouns are counted in whole "
                     u"answers, and answers without one stay unscored."_s.arg(stage.model.name);
    return chosen;
}

} // namespace

Status addStages(Prepared &prepared, const Model &model, const EvaluateSpec &spec)
{
    EVALWRIGHT_ASSIGN(const QStringList frames, framesOf(prepared, spec));
    QSet<QString> taken;
    for (const QString &wanted : frames) {
        PreparedStage stage;
        stage.model = model;
        EVALWRIGHT_ASSIGN(stage.frame, resolveFrame(wanted, model, prepared.systems));
        if (taken.contains(stage.frame.name))
            continue;
        taken << stage.frame.name;
        if (stage.frame.isDialogue())
            stage.endOfText = capabilityText(model, u"end_of_text"_s).value_or(QString());
        EVALWRIGHT_ASSIGN(const ChosenScoring chosen, chooseStageScoring(spec, stage));
        if (!chosen.warning.isEmpty() && !prepared.warnings.contains(chosen.warning))
            prepared.warnings << chosen.warning;
        stage.method = chosen.method;
        stage.way = chosen.way;
        stage.reproducible = spec.reproducible;
        if (spec.reproducible)
            stage.model.maxInFlight = 1;
        stage.alternatives = firstTokenAlternatives(model);
        stage.name = StageName{model.name, stage.frame.name}.text();
        prepared.stages << stage;
    }
    if (spec.reproducible && !speaksLlamaCpp(model)) {
        prepared.warnings
            << u"The cache of the server of %1 cannot be switched off from here; its requests are sent one at a time."_s
                   .arg(model.name);
    }
    if (!model.parameters)
        prepared.warnings << u"%1 has no parameter count, so it will be left out of scaling curves."_s.arg(model.name);
    if (model.family.isEmpty())
        prepared.warnings << u"%1 has no family, so it will be left out of scaling curves."_s.arg(model.name);
    if (model.training.isEmpty() && spec.frames.contains(u"auto"_s))
        prepared.warnings << u"The training of %1 is not known; the frame “%2” was picked for it."_s.arg(
            model.name, prepared.stages.last().frame.name);
    return {};
}

void repeatStages(Prepared &prepared, qint64 repeats)
{
    QList<PreparedStage> all;
    for (const PreparedStage &stage : std::as_const(prepared.stages)) {
        all << stage;
        for (qint64 repeat = 1; repeat < repeats; ++repeat) {
            PreparedStage again = stage;
            again.repeat = repeat;
            again.name = StageName{stage.model.name, stage.frame.name, stage.condition.control, stage.condition.order(),
                                   repeat, {}}
                             .text();
            all << again;
        }
    }
    prepared.stages = all;
}

Status checkLetters(const Prepared &prepared)
{
    for (const PreparedStage &stage : prepared.stages) {
        if (!stage.frame.bareLetters)
            continue;
        for (qsizetype i = 0; i < prepared.datasets.size(); ++i) {
            const bool letters = std::ranges::all_of(itemsOf(prepared, stage, i), [&](const PreparedItem &item) {
                return prepared.labelSets.at(item.labelSet).family == LabelFamily::Letters;
            });
            if (!letters) {
                return failure(Error(ErrorCode::Unsupported,
                                     u"The frame “%1” ends in “(”, and “%2” has labels that are no letters."_s.arg(
                                         stage.frame.name, prepared.datasets.at(i).dataset.name),
                                     u"Use the same frame without “-paren”."_s)
                                   .withConsequence(u"Nothing was sent."_s));
            }
        }
    }
    return {};
}

} // namespace evalwright::preparation
