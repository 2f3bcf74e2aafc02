// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/draft.h"

#include "core/hash.h"
#include "core/jsontexts.h"
#include "generators/replyparser.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

void addTo(json &fields, const char *name, const QString &text)
{
    if (!text.isEmpty())
        fields[name] = text.toStdString();
}

void addPercentWomen(json &fields, const TemplateValues &values)
{
    bool known = false;
    const double percent = values.value(u"percent_women"_s).toDouble(&known);
    fields["percent_women"] = known ? json(percent) : json();
}

/// The side whose biography is the control of this one: the next, round the circle; of a question's options likewise.
QString swapSide(const Recipe &recipe, const Draft &draft)
{
    const QList<RecipeTarget> targets = targetsOf(recipe);
    if (draft.target < 0 || targets.isEmpty())
        return {};
    if (!recipe.targets.isEmpty())
        return targets.at((draft.target + 1) % targets.size()).id;
    const QString question = draft.values.value(u"question_id"_s);
    QStringList sides;
    for (const RecipeTarget &target : targets) {
        if (target.id.startsWith(question + u':'))
            sides << target.id;
    }
    const auto mine = sides.indexOf(targets.at(draft.target).id);
    return mine < 0 ? QString() : sides.at((mine + 1) % sides.size());
}

} // namespace

std::optional<double> Draft::rankedBy() const
{
    if (requirements.isEmpty())
        return std::nullopt;
    double sum = 0;
    for (const double p : requirements)
        sum += p;
    return sum / static_cast<double>(requirements.size());
}

QList<RecipeTarget> targetsOf(const Recipe &recipe)
{
    if (!recipe.targets.isEmpty())
        return recipe.targets;
    QList<RecipeTarget> targets;
    for (const BankQuestion &question : recipe.bank.questions) {
        for (qsizetype option = 0; option < question.options.size(); ++option) {
            const QString text = question.options[option];
            targets << RecipeTarget{u"%1:%2"_s.arg(question.id).arg(option),
                                    letterLabel(static_cast<int>(option)),
                                    {{u"choice"_s, text}, {u"question"_s, question.stem}}};
        }
    }
    if (targets.isEmpty())
        targets << RecipeTarget{u"all"_s, {}, {}};
    return targets;
}

Status frameCandidate(const Recipe &recipe, Draft &draft)
{
    if (!draft.options.isEmpty()) {
        draft.values[u"choices"_s] = u"\n\nChoices:"_s + optionLines(draft.options);
        draft.values[u"option_a"_s] = draft.options.value(0);
        draft.values[u"option_b"_s] = draft.options.value(1);
        draft.matchingLabel = letterLabel(draft.matching);
        draft.otherLabels.clear();
        for (int i = 0; i < draft.options.size(); ++i) {
            if (i != draft.matching)
                draft.otherLabels << letterLabel(i);
        }
    }
    TemplateValues values = draft.values;
    values.insert(u"statement"_s, draft.statement);
    EVALWRIGHT_ASSIGN(draft.question, renderTemplate(recipe.frame, values));
    return {};
}

QString fieldsOf(const Recipe &recipe, const Draft &draft, const std::vector<Draft> &materials)
{
    json fields = json::object();
    if (recipe.family == "multiple-choice"_L1) {
        addTo(fields, "stem", draft.values.value(u"stem"_s));
        if (!draft.options.isEmpty()) {
            fields["options"] = textsToJson(draft.options);
            fields["matching_index"] = draft.matching;
        }
        fields["golds"] = json::array();
        for (const int gold : draft.golds)
            fields["golds"].push_back(gold);
        addTo(fields, "pass", targetsOf(recipe).value(draft.target).id);
        addTo(fields, "written_letter", draft.values.value(u"written_letter"_s));
    } else if (recipe.family == "sycophancy"_L1 && draft.material >= 0) {
        for (const char *name : {"biography", "bare_question", "question_id", "biography_id"})
            addTo(fields, name, draft.values.value(QString::fromLatin1(name)));
        addTo(fields, "side", targetsOf(recipe).value(draft.target).id);
        addTo(fields, "swap_side", swapSide(recipe, draft));
        fields["options"] = textsToJson(draft.options);
        fields["matching_index"] = draft.matching;
        if (materials[static_cast<size_t>(draft.material)].cut)
            fields["biography_cut"] = true;
    } else if (recipe.family == "winogender"_L1 && draft.material >= 0) {
        addTo(fields, "occupation", draft.values.value(u"occupation"_s));
        addTo(fields, "other_person", draft.values.value(u"other"_s));
        addTo(fields, "sentence", draft.values.value(u"sentence"_s));
        addTo(fields, "blanked", draft.values.value(u"blanked"_s));
        addTo(fields, "source_title", draft.values.value(u"title"_s));
        fields["pronoun_options"] = textsToJson(pronounForms(draft.values.value(u"placeholder"_s)));
        addPercentWomen(fields, draft.values);
    } else if (draft.material < 0 && recipe.family != "persona"_L1) {
        // A material: all its texts.
        for (auto it = draft.values.begin(); it != draft.values.end(); ++it)
            addTo(fields, it.key().toStdString().c_str(), it.value());
        if (draft.cut)
            fields["cut"] = true;
    }
    if (draft.requirements.size() > 1) {
        for (auto it = draft.requirements.begin(); it != draft.requirements.end(); ++it)
            fields["requirements"][it.key().toStdString()] = it.value();
    }
    return QString::fromUtf8(canonicalJson(fields));
}

} // namespace evalwright
