// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/studio/stagewords.h"

#include <QCoreApplication>
#include <QLocale>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("evalwright::StageWords", text);
}

QString ruleWords(const FilterRule &rule)
{
    if (rule.rule == "exact-duplicate"_L1)
        return tr("repeated texts");
    if (rule.rule == "near-duplicate"_L1)
        return tr("texts with nearly the same words (from %1)").arg(QLocale().toString(rule.threshold));
    if (rule.rule == "meaning-duplicate"_L1 && rule.byModel)
        return tr("texts that say the same to the embedding model (from %1)").arg(QLocale().toString(rule.threshold));
    if (rule.rule == "meaning-duplicate"_L1)
        return tr("texts that say the same in other words (from %1)").arg(QLocale().toString(rule.threshold));
    if (rule.rule == "lint"_L1)
        return tr("texts that break a blocking lint rule");
    return rule.rule;
}

} // namespace

QString stageTitle(const RecipeStage &stage)
{
    QString title = stage.id;
    title.replace(u'-', u' ');
    if (!title.isEmpty())
        title[0] = title[0].toUpper();
    return title;
}

QString stageExplanation(const RecipeStage &stage)
{
    switch (stage.kind) {
    case RecipeStage::Kind::Ask:
        return stage.givesRows() ? tr("A model writes: %1 per group, %2 in a reply; how many is chosen on the last page.")
                                       .arg(QLocale().toString(stage.count))
                                       .arg(stage.perReply)
                                 : tr("A model fills in the field “%1” of each row.").arg(stage.gives);
    case RecipeStage::Kind::Check:
        return (stage.form ? tr("The checker says how well the label fits, in the words of a form.")
                           : tr("The checker chooses between “%1” and “%2”.")
                                 .arg(stage.words.value(0), stage.words.value(1))) +
               u' ' +
               (stage.flag    ? tr("What it says is noted and decides nothing.")
                : stage.floor ? tr("Rows below %1 are set aside.").arg(QLocale().toString(*stage.floor))
                              : tr("What it says only ranks."));
    case RecipeStage::Kind::Filter: {
        QStringList rules;
        for (const FilterRule &rule : stage.rules)
            rules << ruleWords(rule);
        return tr("Nothing is asked: sets aside %1.").arg(rules.join(tr(", and ")));
    }
    case RecipeStage::Kind::Compose:
        return stage.compose == "questions"_L1
                   ? tr("Nothing is asked: puts every question of the bank after every biography.")
                   : tr("Nothing is asked: puts the options into a random order, so that (A) and (B) are right equally "
                        "often.");
    }
    return {};
}

QString readablePath(const Recipe &recipe, const QString &pointer)
{
    QStringList parts = pointer.split(u'/', Qt::SkipEmptyParts);
    QString where;
    if (parts.size() > 1 && parts[0] == "stages"_L1) {
        where = recipe.stages.value(parts[1].toInt()).id + u": "_s;
        parts = parts.mid(2);
    }
    return where + parts.join(u", "_s).replace(u'_', u' ');
}

} // namespace evalwright
