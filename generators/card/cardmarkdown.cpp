// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "core/jsonvalues.h"
#include "core/markdown.h"
#include "core/text.h"
#include "generators/card/datasetcard.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using review::Estimated;

namespace {

QString percent(double share)
{
    return QString::number(100 * share, 'f', 1) + u" %"_s;
}

QString shareWithInterval(const Estimated &share)
{
    if (!share.value)
        return u"unknown (%1)"_s.arg(share.reason);
    return share.low && share.high ? u"%1 [%2, %3]"_s.arg(percent(*share.value), percent(*share.low), percent(*share.high))
                                   : percent(*share.value);
}

QString coefficient(const Estimated &value)
{
    const auto number = [](double x) { return QString::number(x, 'f', 3); };
    if (!value.value)
        return u"unknown (%1)"_s.arg(value.reason);
    return value.low && value.high ? u"%1 [%2, %3]"_s.arg(number(*value.value), number(*value.low), number(*value.high))
                                   : number(*value.value);
}

QString listed(const QMap<QString, qint64> &counts)
{
    QStringList parts;
    for (auto it = counts.begin(); it != counts.end(); ++it)
        parts << u"%1 %2"_s.arg(QString::number(it.value()), it.key().trimmed());
    return parts.join(u", "_s);
}

QString behaviourPart(const DatasetCard &card)
{
    const DatasetFacts &facts = card.facts;
    QString out = u"# "_s + markdownText(facts.dataset.name) + u"\n\n"_s;
    if (facts.behaviour && !facts.behaviour->description.isEmpty()) {
        out += u"Tests whether a model shows a behaviour: %1 that %2"_s.arg(
            facts.behaviour->subject == "ai-system"_L1 ? u"an AI system"_s : u"a person"_s,
            markdownText(facts.behaviour->description));
        if (!facts.behaviour->contrast.isEmpty())
            out += u", in contrast to "_s + markdownText(facts.behaviour->contrast);
        out += u".\n\n"_s;
    } else {
        out += u"The behaviour is not described.\n\n"_s;
    }
    out += u"%1 items of the family %2; by matching label: %3.\n\n"_s.arg(
        QString::number(facts.items), markdownText(facts.dataset.family),
        facts.itemsPerLabel.isEmpty() ? u"none"_s : markdownText(listed(facts.itemsPerLabel)));
    return out;
}

QString examplesPart(const DatasetCard &card)
{
    if (card.examples.isEmpty())
        return {};
    QString out = u"## Examples\n\n"_s;
    for (const CardExample &example : card.examples) {
        out += markdownBlock(example.text);
        out += u"\nMatching label: %1; other: %2"_s.arg(markdownText(example.label), markdownText(example.otherLabels));
        if (example.confidence)
            out += u"; confidence of the label %1"_s.arg(QString::number(*example.confidence, 'f', 3));
        out += u".\n\n"_s;
    }
    return out;
}

QString makingPart(const DatasetCard &card)
{
    const DatasetFacts &facts = card.facts;
    QString out = u"## How it was made\n\n"_s;
    for (const ImportSource &source : facts.sources)
        out += u"- Imported from the file %1 (%2, SHA-256 `%3`).\n"_s.arg(markdownText(source.fileName), markdownText(source.format), source.sha256);
    for (const DatasetNote &note : facts.notes) {
        if (note.kind == "origin"_L1)
            out += u"- "_s + markdownText(note.text) + u'\n';
    }
    if (facts.recipe) {
        out += u"- Recipe %1, SHA-256 `%2`.\n"_s.arg(
            facts.recipe->preset.isEmpty() ? u"of its own"_s : markdownText(facts.recipe->preset), facts.recipe->hash);
    }
    for (const CardModel &model : card.models) {
        QStringList more;
        if (!model.family.isEmpty())
            more << u"family "_s + model.family;
        if (model.parameters)
            more << formatParameters(model.parameters) + u" parameters"_s;
        if (!model.training.isEmpty())
            more << model.training;
        out += u"- %1: %2%3.\n"_s.arg(model.role == "writer"_L1 ? u"Written by"_s : u"Labels checked by"_s, markdownText(model.name),
                                      more.isEmpty() ? QString() : u" ("_s + markdownText(more.join(u", "_s)) + u")"_s);
    }
    if (card.models.isEmpty() && facts.sources.isEmpty())
        out += u"- The project does not know how.\n"_s;
    out += u'\n';
    if (facts.recipe) {
        const json recipe = storedJson(facts.recipe->json);
        const json stages = recipe.is_object() ? recipe.value("stages", json::array()) : json::array();
        for (const json &stage : stages.is_array() ? stages : json::array()) {
            const json prompt = stage.is_object() ? stage.value("prompt", json::object()) : json::object();
            const auto text = [&prompt](const char *name) {
                const auto found = prompt.is_object() ? prompt.find(name) : prompt.end();
                return prompt.is_object() && found != prompt.end() && found->is_string() ? QString::fromStdString(found->get<std::string>())
                                                                                         : QString();
            };
            const QString user = text("user").isEmpty() ? text("completion") : text("user");
            if (user.isEmpty())
                continue;
            out += u"Prompt of the stage “%1”:\n\n"_s.arg(markdownText(QString::fromStdString(stage.value("id", std::string()))));
            out += markdownBlock(user) + u'\n';
            if (const QString prefill = text("prefill"); !prefill.isEmpty())
                out += u"The reply begins with:\n\n"_s + markdownBlock(prefill) + u'\n';
        }
    }
    if (!facts.recipe) { // Nobody asked for them here, so that there are no stages.
        QMap<QString, qint64> lost;
        for (const ReasonCount &reason : facts.reasons) {
            if (!reason.keep)
                lost[reason.reason] += reason.count;
        }
        if (!lost.isEmpty())
            out += u"Of %1 rows %2 are items; lost: %3.\n\n"_s.arg(QString::number(facts.candidates), QString::number(facts.items), markdownText(listed(lost)));
    } else if (!card.stages.isEmpty()) {
        QList<QStringList> rows;
        for (const FunnelStage &stage : card.stages)
            rows << QStringList{stage.id, QString::number(stage.in), QString::number(stage.out), listed(stage.rejected)};
        out += u"What each stage left:\n\n"_s + markdownTable({u"stage"_s, u"in"_s, u"out"_s, u"lost"_s}, rows) + u'\n';
    }
    return out;
}

QString peoplePart(const DatasetCard &card)
{
    QString out = u"## What people say\n\n"_s;
    if (card.reviews.isEmpty())
        return out + u"No person has rated these items in this project.\n\n"_s;
    for (const CardReview &review : card.reviews) {
        const review::Agreement &a = review.agreement;
        out += u"Review “%1” with the questions %2%3: %4 judgements of %5 drawn items by %6 raters.\n\n"_s.arg(
            markdownText(review.name), markdownText(review.questionnaire),
            review.hasGuideline ? u" and a guideline"_s : u" and without a guideline"_s, QString::number(a.judgements),
            QString::number(a.items), QString::number(a.raters));
        out += u"- Labels that people agree with: %1, of %2 items with people's word.\n"_s.arg(
            markdownText(shareWithInterval(a.label.precision)), QString::number(a.label.items));
        if (a.label.weighted.value)
            out += u"- In the whole data set, weighted by strata: %1.\n"_s.arg(markdownText(shareWithInterval(a.label.weighted)));
        if (review.goldAsked > 0)
            out += u"- Answers to gold items: %1 of %2 right.\n"_s.arg(review.goldRight).arg(review.goldAsked);
        QList<QStringList> rows;
        for (const review::QuestionAgreement &q : a.questions) {
            rows << QStringList{q.question, QString::number(q.ratings), q.percent ? percent(*q.percent) : u"unknown"_s,
                                coefficient(q.fleiss), coefficient(q.kind == "scale"_L1 ? q.ordinal : q.alpha)};
        }
        out += u'\n' + markdownTable({u"question"_s, u"ratings"_s, u"pairs that agree"_s, u"Fleiss' kappa"_s, u"Krippendorff's alpha"_s}, rows) + u'\n';
    }
    out += u"Intervals are 95%: Wilson's of shares, by resampling items of alpha; alpha is ordinal for scales.\n\n"_s;
    if (card.droppedByPeople > 0)
        out += u"%1 items were dropped by people's word.\n\n"_s.arg(card.droppedByPeople);
    return out;
}

/// What whoever uses the data set should know, as far as the project knows it.
QString limitsPart(const DatasetCard &card)
{
    const DatasetFacts &facts = card.facts;
    QStringList lines;
    if (card.reviews.isEmpty())
        lines << u"No person has checked the labels in this project."_s;
    if (facts.models.writers == facts.models.checkers && !facts.models.writers.isEmpty())
        lines << u"The writer checked its own statements: its mistakes in both go together."_s;
    if (!card.models.isEmpty() && facts.models.checkers.isEmpty())
        lines << u"No model checked the labels."_s;
    if (facts.itemsPerLabel.size() > 1) {
        const auto [least, most] = std::ranges::minmax(facts.itemsPerLabel.values());
        if (most > 2 * least)
            lines << u"Labels are not balanced: %1."_s.arg(listed(facts.itemsPerLabel));
    } else if (facts.items > 0) {
        lines << u"All items have one matching label: a model that always gives it scores full marks."_s;
    }
    QMap<QString, qint64> left;
    for (const LintCount &count : card.findings)
        left[u"%1 (%2)"_s.arg(count.rule, count.severity)] += count.count;
    if (!left.isEmpty())
        lines << u"Findings of lint that are left: %1."_s.arg(listed(left));
    if (card.calibration)
        lines << u"The confidences are the checker's own; a map to calibrated ones is known: %1."_s.arg(card.calibration->text());
    else if (!facts.models.checkers.isEmpty())
        lines << u"The confidences are the checker's own, and not calibrated."_s;
    for (const DatasetNote &note : facts.notes) {
        if (note.kind == "origin"_L1)
            continue; // Stands with how it was made.
        lines << (note.actor == "person"_L1 ? u"Used all the same, because: %1"_s.arg(note.text) : note.text);
    }
    QString out = u"## Known limits\n\n"_s;
    for (const QString &line : std::as_const(lines))
        out += u"- "_s + markdownText(line) + u'\n';
    if (!card.texts.limits.isEmpty()) {
        out += lines.isEmpty() ? QString() : u"\n"_s;
        for (const QString &paragraph : card.texts.limits.split(u"\n\n"_s, Qt::SkipEmptyParts))
            out += markdownText(paragraph) + u"\n\n"_s;
    }
    return out.trimmed() + u"\n\n"_s;
}

QString closingPart(const DatasetCard &card)
{
    const auto orMissing = [](const QString &text) { return text.isEmpty() ? u"not stated"_s : markdownText(text); };
    return u"## Licence and citation\n\n- Licence: %1.\n- By: %2.\n- Citation: %3.\n\nThe method is that of Perez et al. (2022), "
           u"“Discovering Language Model Behaviors with Model-Written Evaluations”.\n\n## Canary\n\n%4\n"_s.arg(
               orMissing(card.texts.licence), orMissing(card.texts.authors), orMissing(card.texts.citation),
               card.facts.dataset.canary);
}

} // namespace

QString DatasetCard::markdown() const
{
    return behaviourPart(*this) + examplesPart(*this) + makingPart(*this) + peoplePart(*this) + limitsPart(*this) + closingPart(*this);
}

json DatasetCard::toJson() const
{
    json made{{"dataset", facts.dataset.name.toStdString()},
              {"uuid", facts.dataset.uuid.toStdString()},
              {"family", facts.dataset.family.toStdString()},
              {"items", facts.items},
              {"candidates", facts.candidates},
              {"canary", facts.dataset.canary.toStdString()},
              {"licence", jsonvalues::text(texts.licence)},
              {"authors", jsonvalues::text(texts.authors)},
              {"citation", jsonvalues::text(texts.citation)},
              {"limits", jsonvalues::text(texts.limits)},
              {"recipe_hash", facts.recipe ? json(facts.recipe->hash.toStdString()) : json()},
              {"stages", evalwright::toJson(stages)},
              {"calibration", calibration ? calibration->toJson() : json()},
              {"dropped_by_people", droppedByPeople}};
    made["items_per_label"] = json::object();
    for (auto it = facts.itemsPerLabel.begin(); it != facts.itemsPerLabel.end(); ++it)
        made["items_per_label"][it.key().toStdString()] = it.value();
    made["models"] = json::array();
    for (const CardModel &model : models) {
        made["models"].push_back({{"role", model.role.toStdString()},
                                  {"name", model.name.toStdString()},
                                  {"family", jsonvalues::text(model.family)},
                                  {"training", jsonvalues::text(model.training)},
                                  {"parameters", jsonvalues::number(model.parameters)}});
    }
    made["lint"] = json::array();
    for (const LintCount &count : findings)
        made["lint"].push_back({{"rule", count.rule.toStdString()}, {"severity", count.severity.toStdString()}, {"count", count.count}});
    made["reviews"] = json::array();
    for (const CardReview &review : reviews) {
        const review::Agreement &a = review.agreement;
        json questions = json::array();
        for (const review::QuestionAgreement &question : a.questions)
            questions.push_back(question.toJson());
        made["reviews"].push_back({{"review", review.name.toStdString()},
                                   {"questionnaire", review.questionnaire.toStdString()},
                                   {"guideline", review.hasGuideline},
                                   {"items", a.items},
                                   {"raters", a.raters},
                                   {"judgements", a.judgements},
                                   {"gold_asked", review.goldAsked},
                                   {"gold_right", review.goldRight},
                                   {"label_precision", a.label.precision.toJson()},
                                   {"label_precision_weighted", a.label.weighted.toJson()},
                                   {"questions", questions}});
    }
    return made;
}

} // namespace evalwright
