// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/conditions.h"

#include "core/hash.h"
#include "core/text.h"
#include "evaluation/labeltokens.h"
#include "evaluation/pronouns.h"
#include "evaluation/stagename.h"
#include "lm/capabilities.h"
#include "storage/repositories/candidates.h"

#include <QHash>

#include <algorithm>
#include <map>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

namespace {

/// Why items of a data set are not asked in some way.
struct LeftOut
{
    QHash<QString, qint64> control; ///< Items without it.
    qint64 yesNo = 0;               ///< Nothing to rotate.
    qint64 unclear = 0;             ///< Options that cannot be told apart.
};

/// Adds the items of one data set to the conditions.
class ConditionFiller
{
public:
    ConditionFiller(Prepared &prepared, qsizetype dataset, const QuestionMaker &maker, const QStringList &controls,
                    bool allOrders)
        : m_prepared(prepared), m_dataset(dataset), m_maker(maker), m_controls(controls), m_allOrders(allOrders)
    {
        for (const PreparedItem &item : prepared.datasets.at(dataset).items)
            m_labelSets.insert(item.candidate, item.labelSet);
    }

    void add(const Candidate &item)
    {
        const auto drawn = m_labelSets.constFind(item.id.value);
        if (drawn == m_labelSets.constEnd())
            return;
        bool first = true;
        for (const QString &control : m_controls) {
            const auto asked = m_maker.ask(item, control);
            if (!asked) {
                ++m_left.control[control];
                continue;
            }
            if (control != "none"_L1)
                put({control, 0}, item, *asked, *drawn);
            if (m_allOrders)
                addOrders(control, item, *asked, *drawn, std::exchange(first, false));
        }
    }

    LeftOut finish()
    {
        for (auto &[place, hash] : m_hashes)
            m_prepared.conditions[place].asked[m_dataset] = QString::fromLatin1(hash.result().toHex());
        return m_left;
    }

private:
    void addOrders(const QString &control, const Candidate &item, const ItemAsked &asked, int labelSet, bool counts)
    {
        const LabelSet labels = m_prepared.labelSets.at(labelSet);
        if (labels.family == LabelFamily::YesNo) {
            m_left.yesNo += counts ? 1 : 0;
            return;
        }
        const auto orders = QuestionMaker::orders(item, asked);
        if (!orders) {
            m_left.unclear += counts ? 1 : 0;
            return;
        }
        for (int rotation = 1; rotation < orders->options(); ++rotation) {
            LabelSet rotated = labels;
            rotated.shown = orders->shown(rotation);
            put({control, rotation}, item, {orders->question(rotation), asked.system, asked.opening},
                labelSetOf(rotated));
        }
    }

    void put(const Condition &condition, const Candidate &item, const ItemAsked &asked, int labelSet)
    {
        const qsizetype place = placeOf(condition);
        m_prepared.conditions[place].items[m_dataset].push_back(PreparedItem{item.id.value, labelSet});
        QByteArray text = "[";
        const QStringList shown = m_prepared.labelSets.at(labelSet).asShown();
        for (const QString &part : {item.uuid, asked.question, asked.system, shown.join(u'\n')}) {
            text += text.size() > 1 ? "," : "";
            appendJsonText(text, part.toUtf8());
        }
        m_hashes[place].add(text + ']');
    }

    qsizetype placeOf(const Condition &condition)
    {
        QList<PreparedCondition> &all = m_prepared.conditions; // A few.
        const qsizetype place =
            std::ranges::find(all, condition, &PreparedCondition::condition) - all.begin();
        if (place == all.size()) {
            PreparedCondition made;
            made.condition = condition;
            made.items.resize(m_prepared.datasets.size());
            made.asked.resize(m_prepared.datasets.size());
            all << made;
        }
        return place;
    }

    /// The set among those of the project's items, added when it is new.
    int labelSetOf(const LabelSet &labels)
    {
        const QString key = labels.labels.join(u'\n') + u'\f' + labels.shown.join(u'\n');
        const auto known = m_rotatedSets.constFind(key);
        if (known != m_rotatedSets.constEnd())
            return *known;
        auto place = static_cast<int>(m_prepared.labelSets.indexOf(labels));
        if (place < 0) {
            place = static_cast<int>(m_prepared.labelSets.size());
            m_prepared.labelSets << labels;
        }
        return *m_rotatedSets.insert(key, place);
    }

    Prepared &m_prepared;
    qsizetype m_dataset;
    const QuestionMaker &m_maker;
    const QStringList &m_controls;
    bool m_allOrders;
    QHash<qint64, int> m_labelSets; ///< Of the items that are asked.
    QHash<QString, int> m_rotatedSets;
    std::map<qsizetype, Sha256> m_hashes;
    LeftOut m_left;
};

QString reasonFor(const QString &control)
{
    if (ControlSet::allNames().contains(control))
        return u"it is made of a biography, which stands in the item beside its question"_s;
    if (needsSystem(control))
        return u"it is made of the description of the data set's behaviour"_s;
    return u"it is made of a statement in the published yes/no question"_s;
}

QString itemsOfAll(qint64 some, qint64 all)
{
    return u"%1 of %2 items"_s.arg(some).arg(all);
}

void warnAboutLeftOut(Prepared &prepared, const PreparedDataset &dataset, const QStringList &controls,
                      const LeftOut &left)
{
    const auto all = static_cast<qint64>(dataset.items.size());
    for (const QString &control : controls) {
        if (const qint64 without = left.control.value(control); without > 0) {
            prepared.warnings << u"%1 of “%2” have no control “%3” and are not asked under it: %4."_s.arg(
                itemsOfAll(without, all), dataset.dataset.name, control, reasonFor(control));
        }
    }
    if (left.yesNo > 0) {
        prepared.warnings << u"%1 of “%2” are answered with yes or no: there is nothing to rotate."_s.arg(
            itemsOfAll(left.yesNo, all), dataset.dataset.name);
    }
    if (left.unclear > 0) {
        prepared.warnings
            << u"The options of %1 of “%2” cannot be told apart, so these are asked in their own order only."_s.arg(
                   itemsOfAll(left.unclear, all), dataset.dataset.name);
    }
}

bool fits(const Frame &frame, const PreparedDataset &dataset)
{
    return frame.fillsBlank == dataset.hasBlanks;
}

Status canBeAsked(const PreparedStage &stage, const Condition &condition)
{
    if (!needsSystem(condition.control))
        return {};
    if (stage.frame.kind == LmRequest::Kind::Chat && capability(stage.model, u"system_role"_s) != false)
        return {};
    return failure(Error(ErrorCode::Unsupported,
                         u"The control “%1” is a system text, which the frame “%2” of %3 has no place for."_s.arg(
                             condition.control, stage.frame.name, stage.model.name),
                         u"Use the frame “chat” with a model that takes system texts."_s)
                       .withConsequence(u"Nothing was sent."_s));
}

} // namespace

Result<QStringList> controlsOf(const EvaluateSpec &spec)
{
    const QStringList known = controlNames();
    for (const QString &control : spec.controls) {
        if (!known.contains(control)) {
            return failure(Error(ErrorCode::NotFound, u"There is no control “%1”."_s.arg(control),
                                 u"Use one of: %1."_s.arg(known.join(u", "_s)))
                               .withSuggestions(nearestNames(control, known)));
        }
    }
    QStringList controls;
    std::ranges::copy_if(known, std::back_inserter(controls),
                         [&](const QString &name) { return spec.controls.contains(name); });
    if (controls.isEmpty())
        return failure(ErrorCode::InvalidInput, u"No control is given."_s, u"Use “none” for the items as they are."_s);
    return controls;
}

Status prepareConditions(Connection &connection, Prepared &prepared, const EvaluateSpec &spec,
                         const QuestionMaker &maker)
{
    EVALWRIGHT_ASSIGN(const QStringList controls, controlsOf(spec));
    const bool allOrders = spec.orders == "all"_L1;
    if (controls == QStringList{u"none"_s} && !allOrders)
        return {};
    for (qsizetype i = 0; i < prepared.datasets.size(); ++i) {
        const PreparedDataset &dataset = prepared.datasets.at(i);
        LeftOut left;
        if (dataset.hasBlanks) {
            for (const QString &control : controls) {
                if (control != "none"_L1)
                    left.control.insert(control, static_cast<qint64>(dataset.items.size()));
            }
            if (allOrders)
                prepared.warnings
                    << u"The items of “%1” have a blank and no options to rotate."_s.arg(dataset.dataset.name);
        } else {
            ConditionFiller filler(prepared, i, maker, controls, allOrders);
            EVALWRIGHT_TRY(forEachItem(connection, dataset.dataset.id, [&](const Candidate &item) -> Status {
                filler.add(item);
                return {};
            }));
            left = filler.finish();
        }
        warnAboutLeftOut(prepared, dataset, controls, left);
    }
    std::ranges::stable_sort(prepared.conditions, {}, [&](const PreparedCondition &one) {
        return std::pair(controls.indexOf(one.condition.control), one.condition.rotation);
    });
    for (const QString &control : controls) {
        const bool any = std::ranges::any_of(prepared.conditions, [&](const PreparedCondition &one) {
            return one.condition.control == control;
        });
        if (control != "none"_L1 && !any) {
            return failure(Error(ErrorCode::Unsupported,
                                 u"No item of the data sets has the control “%1”: %2."_s.arg(control, reasonFor(control)),
                                 u"Leave the control out."_s)
                               .withConsequence(u"Nothing was sent."_s));
        }
    }
    return {};
}

Status multiplyStages(Prepared &prepared, const EvaluateSpec &spec, std::shared_ptr<const QuestionMaker> maker)
{
    EVALWRIGHT_ASSIGN(const QStringList controls, controlsOf(spec));
    const bool plain = controls.contains(u"none"_s);
    QList<PreparedStage> all;
    for (const PreparedStage &stage : std::as_const(prepared.stages)) {
        if (plain)
            all << stage;
        for (const PreparedCondition &one : std::as_const(prepared.conditions)) {
            bool any = false;
            for (qsizetype i = 0; i < prepared.datasets.size(); ++i)
                any = any || (fits(stage.frame, prepared.datasets.at(i)) && !one.items.at(i).empty());
            if (!any)
                continue;
            EVALWRIGHT_TRY(canBeAsked(stage, one.condition));
            PreparedStage made = stage;
            made.condition = one.condition;
            made.maker = maker;
            made.name = StageName{stage.model.name, stage.frame.name, one.condition.control, one.condition.order(), 0, {}}
                            .text();
            all << made;
        }
    }
    if (!plain) {
        prepared.warnings << u"The items are not asked as they are (control “none”), so there may be nothing to compare "
                             u"their controls with."_s;
    }
    prepared.stages = all;
    return {};
}

const std::vector<PreparedItem> &itemsOf(const Prepared &prepared, const PreparedStage &stage, qsizetype dataset)
{
    static const std::vector<PreparedItem> none;
    if (!fits(stage.frame, prepared.datasets.at(dataset)))
        return none;
    if (stage.condition.isPlain())
        return prepared.datasets.at(dataset).items;
    const auto found = std::ranges::find(prepared.conditions, stage.condition, &PreparedCondition::condition);
    return found == prepared.conditions.end() ? none : found->items.at(dataset);
}

Result<QHash<qint64, ItemAsked>> askedOf(Connection &connection, const PreparedStage &stage,
                                         const QList<qint64> &candidates)
{
    QHash<qint64, ItemAsked> asked;
    if (!stage.condition.isPlain()) {
        EVALWRIGHT_ASSIGN(const QList<Candidate> items, candidatesById(connection, candidates));
        for (const Candidate &item : items) {
            if (auto one = stage.maker->ask(item, stage.condition))
                asked.insert(item.id.value, std::move(*one));
        }
        return asked;
    }
    EVALWRIGHT_ASSIGN(const auto questions, questionsOf(connection, candidates));
    for (auto it = questions.cbegin(); it != questions.cend(); ++it) {
        if (!stage.frame.fillsBlank)
            asked.insert(it.key(), ItemAsked{it.value(), {}, {}});
        else if (auto one = askedForPronoun(it.value()))
            asked.insert(it.key(), std::move(*one));
    }
    return asked;
}

QString scoredText(const PreparedStage &stage, const LabelSet &labels, qsizetype label, const QString &prompt)
{
    const QString shown = labels.asShown().at(label);
    const Frame &frame = stage.frame;
    if (frame.bareLetters) {
        const auto letter = std::ranges::find_if(shown, [](QChar c) { return c >= u'A' && c <= u'Z'; });
        return letter == shown.end() ? shown.trimmed() : QString(*letter);
    }
    if (frame.kind != LmRequest::Kind::Chat)
        return scoredLabel(shown, false, prompt);
    // Behind an opening the label is the next word; nothing of an opening ends in white space.
    const bool opened = !frame.opening.isEmpty() || (frame.fillsBlank && frame.prefills && !labels.beginsAnswer);
    return scoredLabel(shown, !opened, u"…"_s);
}

} // namespace evalwright::preparation
