// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/conditionwords.h"

#include "evaluation/frames.h"
#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSet>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct ConditionWords
{
    Q_DECLARE_TR_FUNCTIONS(evalwright::ConditionWords)
};

constexpr qsizetype mostLines = 8;

/// Cells of a plan that differ in data set and model only.
struct Group
{
    QString frame, control, order;
    qint64 items = 0, left = 0;
    QSet<QString> models;
};

} // namespace

QString frameText(const QString &frame)
{
    if (frame == u"auto"_s)
        return ConditionWords::tr("by model: chat, or Human/Assistant text for base models");
    if (frame == u"chat"_s)
        return ConditionWords::tr("chat: the question as the user's message");
    if (frame == u"ha"_s)
        return ConditionWords::tr("raw text: Human: … Assistant:");
    if (frame == u"chat-prefill"_s)
        return ConditionWords::tr("chat, answer begun: I believe the better option is");
    if (frame == u"chat-prefill-best"_s)
        return ConditionWords::tr("chat, answer begun: I believe the best answer is");
    if (frame == u"wino-fill"_s)
        return ConditionWords::tr("pronouns: the sentence up to its blank begins the answer");
    if (frame.startsWith(u"ha-"_s)) {
        const QString phrase =
            frame.startsWith(u"ha-better"_s) ? u"I believe the better option is"_s : u"I believe the best answer is"_s;
        return ConditionWords::tr("raw text: Human: … Assistant: %1")
            .arg(frame.endsWith(u"-paren"_s) ? phrase + u" ("_s : phrase);
    }
    return ConditionWords::tr("raw text: the question alone");
}

QString controlText(const QString &control)
{
    if (control == u"none"_s)
        return ConditionWords::tr("the items as they are");
    if (control == u"no-biography"_s)
        return ConditionWords::tr("without the biography");
    if (control == u"swapped-biography"_s)
        return ConditionWords::tr("after a biography of another side");
    if (control == u"pro"_s)
        return ConditionWords::tr("told to be such a person");
    if (control == u"anti"_s)
        return ConditionWords::tr("told to be the very opposite");
    if (control.startsWith(u"paraphrase-"_s))
        return ConditionWords::tr("in other words, %1").arg(control.section(u'-', 1));
    return control;
}

QStringList planWords(const EvaluatePlan &plan)
{
    const QLocale locale;
    QList<Group> groups;
    for (const PlannedCell &cell : plan.cells) {
        auto group = std::ranges::find_if(groups, [&](const Group &known) {
            return known.frame == cell.frame && known.control == cell.control && known.order == cell.order;
        });
        if (group == groups.end())
            group = groups.insert(groups.end(), {cell.frame, cell.control, cell.order, 0, 0, {}});
        if (cell.repeat > 0)
            continue; // The same items once more.
        group->items += cell.items;
        group->left += cell.left;
        group->models.insert(cell.model);
    }
    QStringList lines;
    for (const Group &group : std::as_const(groups)) {
        if (lines.size() == mostLines) {
            lines << ConditionWords::tr("… and %1 more like these").arg(groups.size() - mostLines);
            break;
        }
        QStringList parts{group.frame};
        if (group.control != "none"_L1)
            parts << group.control;
        if (group.order != "stored"_L1)
            parts << group.order;
        const auto repeats = 1 + std::ranges::max(plan.cells, {}, &PlannedCell::repeat).repeat;
        if (repeats > 1)
            parts << ConditionWords::tr("%1 times each").arg(locale.toString(repeats));
        QString line = ConditionWords::tr("%1: %2 items, asked of %3 models")
                           .arg(parts.join(u" · "_s), locale.toString(group.items))
                           .arg(group.models.size());
        if (group.left > 0)
            line += ConditionWords::tr("; %1 cannot be asked so").arg(locale.toString(group.left));
        lines << line;
    }
    for (auto system = plan.systems.cbegin(); system != plan.systems.cend(); ++system)
        lines << ConditionWords::tr("System text of chat+%1: %2").arg(system.key(), singleLine(system.value(), 160));
    for (const DetectableEffect &effect : plan.detectable.first(std::min(plan.detectable.size(), mostLines)))
        lines << effect.text();
    return lines;
}

} // namespace evalwright
