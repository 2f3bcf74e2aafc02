// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/inspectrow.h"

#include "storage/exchange/answerchoices.h"
#include "storage/exchange/options.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/winogenderrow.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString inputKey = u"input"_s, choicesKey = u"choices"_s, targetKey = u"target"_s, metadataKey = u"metadata"_s,
              rawLabelKey = u"raw_label"_s, rawOthersKey = u"raw_other_labels"_s, fieldsKey = u"fields"_s;
constexpr qsizetype mostChoices = 26;

JsonNode labelsNode(const QStringList &labels)
{
    return labels.size() == 1 ? JsonNode::ofText(labels.first()) : JsonNode::ofTexts(labels);
}

/// What a sample says of its question and labels without its metadata.
struct Plain
{
    QString question, matching;
    QStringList others;
};

/// What keeps a sample from being an item.
struct Trouble
{
    QString reason, message, field;
};

tl::expected<QString, Trouble> inputOf(const JsonNode &sample)
{
    const JsonNode *input = sample.find(inputKey);
    if (!input || input->kind == JsonNode::Kind::Null)
        return tl::unexpected(Trouble{u"missing-field"_s, u"The field “input” is missing."_s, inputKey});
    if (input->isText())
        return input->text;
    // One turn of a user is a question; a conversation is not.
    if (input->kind == JsonNode::Kind::Array && input->items.size() == 1) {
        const JsonNode &message = input->items.front();
        const JsonNode *role = message.find(u"role"_s), *content = message.find(u"content"_s);
        if (role && role->text == "user"_L1 && content && content->isText())
            return content->text;
    }
    return tl::unexpected(
        Trouble{u"wrong-type"_s, u"The field “input” must be a text or one message of a user."_s, inputKey});
}

tl::expected<QString, Trouble> targetOf(const JsonNode &sample)
{
    const JsonNode *target = sample.find(targetKey);
    if (target && target->kind == JsonNode::Kind::Array && target->items.size() == 1)
        target = &target->items.front();
    if (!target || target->kind == JsonNode::Kind::Null || (target->isText() && target->text.isEmpty()))
        return tl::unexpected(Trouble{u"missing-field"_s, u"Nothing says which answer is the target."_s, targetKey});
    if (!target->isText())
        return tl::unexpected(Trouble{u"wrong-type"_s, u"The field “target” must be one text."_s, targetKey});
    return target->text;
}

tl::expected<QStringList, Trouble> choicesOf(const JsonNode &sample)
{
    const JsonNode *choices = sample.find(choicesKey);
    if (!choices || choices->kind == JsonNode::Kind::Null)
        return QStringList();
    QStringList texts;
    for (const JsonNode &choice : choices->items)
        texts << choice.text;
    const bool isList =
        choices->kind == JsonNode::Kind::Array && std::ranges::all_of(choices->items, &JsonNode::isText);
    if (!isList || texts.size() < 2 || texts.size() > mostChoices)
        return tl::unexpected(
            Trouble{u"wrong-type"_s, u"The field “choices” must be a list of 2 to 26 texts."_s, choicesKey});
    return texts;
}

tl::expected<Plain, Trouble> plainOf(const JsonNode &sample)
{
    const auto input = inputOf(sample);
    if (!input)
        return tl::unexpected(input.error());
    const auto target = targetOf(sample);
    if (!target)
        return tl::unexpected(target.error());
    const auto choices = choicesOf(sample);
    if (!choices)
        return tl::unexpected(choices.error());
    const QString label = comparableLabel(*target);
    if (choices->isEmpty()) {
        if (label == "yes"_L1 || label == "no"_L1)
            return Plain{*input, label == "yes"_L1 ? u" Yes"_s : u" No"_s, {label == "yes"_L1 ? u" No"_s : u" Yes"_s}};
        return tl::unexpected(Trouble{
            u"label-not-in-options"_s,
            u"Without choices only Yes and No are targets; this one is “%1”. Add choices."_s.arg(target->left(60)),
            targetKey});
    }
    qsizetype place = label.size() == 1 ? label[0].unicode() - u'a' : -1;
    if (place < 0 || place >= choices->size())
        place = choices->indexOf(*target);
    if (place < 0)
        return tl::unexpected(Trouble{u"label-not-in-options"_s,
                                      u"The target is not among the %1 choices."_s.arg(choices->size()), targetKey});
    Plain out{questionWithOptions(*input, *choices), letterLabel(place), {}};
    for (qsizetype i = 0; i < choices->size(); ++i) {
        if (i != place)
            out.others << letterLabel(i);
    }
    return out;
}

/// Whether a question that metadata keeps says what input and choices say.
bool saysTheSame(const QString &question, const JsonNode &sample)
{
    const auto input = inputOf(sample);
    const auto choices = choicesOf(sample);
    return input && choices && question.contains(*input) &&
           std::ranges::all_of(*choices, [&](const QString &choice) { return question.contains(choice); });
}

/// Inspect takes no sample without an input and drops empty choices; such questions stay whole.
bool canBeSplit(const AnswerChoices &choices)
{
    return choices.isLettered() && rows::hasVisible(choices.stem) &&
           std::ranges::all_of(choices.texts, rows::hasVisible);
}

void addChoices(JsonNode &sample, const QStringList &texts, InspectChoices how)
{
    if (how == InspectChoices::Commas)
        sample.add(choicesKey, JsonNode::ofText(texts.join(u',')));
    else if (how == InspectChoices::List && !texts.isEmpty())
        sample.add(choicesKey, JsonNode::ofTexts(texts));
}

JsonNode sentenceSample(const Candidate &item, InspectChoices how)
{
    JsonNode out = JsonNode::object();
    out.add(inputKey, JsonNode::ofText(item.question));
    addChoices(out, item.otherLabels, how);
    out.add(targetKey, JsonNode::ofText({}));
    out.add(u"id"_s, JsonNode::ofText(item.uuid));
    out.add(metadataKey, winogender::toObject(item));
    return out;
}

} // namespace

QStringList inspectChoices(const Candidate &item)
{
    if (winogender::isItem(item))
        return item.otherLabels;
    const AnswerChoices choices = answerChoices(item);
    return canBeSplit(choices) ? choices.texts : QStringList();
}

JsonNode inspectSample(const Candidate &item, const QString &behaviour, InspectChoices how)
{
    if (winogender::isItem(item))
        return sentenceSample(item, how);
    const AnswerChoices choices = answerChoices(item);
    const bool splits = how != InspectChoices::InQuestion && canBeSplit(choices);
    JsonNode out = JsonNode::object(), metadata = JsonNode::object(), fields = JsonNode::object();
    out.add(inputKey, JsonNode::ofText(splits ? choices.stem : item.question));
    addChoices(out, splits ? choices.texts : QStringList(), how);
    out.add(targetKey,
            JsonNode::ofText(splits ? letterLabel(choices.matching).mid(2, 1) : item.matchingLabel.trimmed()));
    out.add(u"id"_s, JsonNode::ofText(item.uuid));
    if (!behaviour.isEmpty())
        metadata.add(u"behavior"_s, JsonNode::ofText(behaviour));
    const JsonNode published = questionrow::toObject(item);
    for (size_t i = 0; i < published.items.size(); ++i) {
        const QString &key = published.keys[static_cast<qsizetype>(i)];
        if (key == "statement"_L1 || key == "label_confidence"_L1)
            metadata.add(key, published.items[i]);
        else if (key != "question"_L1 && key != "answer_matching_behavior"_L1 &&
                 key != "answer_not_matching_behavior"_L1)
            fields.add(key, published.items[i]);
    }
    if (!item.cluster.isEmpty())
        metadata.add(u"cluster"_s, JsonNode::ofText(item.cluster));
    metadata.add(rawLabelKey, JsonNode::ofText(item.matchingLabel));
    metadata.add(rawOthersKey, labelsNode(item.otherLabels));
    if (splits)
        metadata.add(u"matching_index"_s, JsonNode::ofNumber(choices.matching));
    if (splits && questionWithOptions(choices.stem, choices.texts) != item.question)
        metadata.add(u"question"_s, JsonNode::ofText(item.question));
    if (!fields.keys.isEmpty())
        metadata.add(fieldsKey, std::move(fields));
    out.add(metadataKey, std::move(metadata));
    return out;
}

ImportedRow InspectRows::read(const QByteArray &raw, const JsonNode &sample)
{
    const JsonNode *metadata = sample.find(metadataKey);
    const auto said = [&](const QString &key) { return metadata ? metadata->find(key) : nullptr; };
    if (said(u"sentence_with_blank"_s)) {
        m_sentences = true;
        JsonRow sentence;
        sentence.root = *metadata;
        return winogender::read(raw, sentence);
    }
    ImportedRow out;
    const auto trouble = [&](const Trouble &t) {
        const JsonNode *node = sample.find(t.field);
        out.problem = rows::problemAt(raw, node ? node->begin : sample.begin, t.reason, t.message, t.field);
        return out;
    };
    // Spellings of a file that was written here, as long as nobody changed what they stand for.
    const JsonNode *label = said(rawLabelKey), *others = said(rawOthersKey), *question = said(u"question"_s);
    const JsonNode *index = said(u"matching_index"_s);
    const bool isOwn = label && label->isText() && others, lettered = sample.find(choicesKey) != nullptr;
    const auto input = inputOf(sample), target = targetOf(sample);
    const bool namesLabel =
        isOwn && !lettered && input && target && comparableLabel(*target) == comparableLabel(label->text);
    const auto plain = namesLabel ? tl::expected<Plain, Trouble>(Plain{*input, label->text, {}}) : plainOf(sample);
    if (!plain)
        return trouble(plain.error());
    const bool sameTarget = namesLabel || (isOwn && lettered && index &&
                                           plain->matching == letterLabel(std::clamp(index->text.toInt(), 0, 25)));
    JsonRow row;
    row.root = JsonNode::object();
    row.root.begin = sample.begin;
    const bool keepsQuestion = question && question->isText() && isOwn && saysTheSame(question->text, sample);
    row.root.add(u"question"_s, JsonNode::ofText(keepsQuestion ? question->text : plain->question));
    for (const QString &key : {u"statement"_s, u"label_confidence"_s}) {
        if (const JsonNode *value = said(key))
            row.root.add(key, *value);
    }
    row.root.add(u"answer_matching_behavior"_s, sameTarget ? *label : JsonNode::ofText(plain->matching));
    row.root.add(u"answer_not_matching_behavior"_s, sameTarget ? *others : labelsNode(plain->others));
    const auto keep = [&](const JsonNode &object, const QStringList &known) {
        for (size_t i = 0; i < object.items.size(); ++i) {
            const QString &key = object.keys[static_cast<qsizetype>(i)];
            if (known.contains(key))
                continue;
            QString name = key;
            while (row.root.find(name))
                name.prepend(u"column "_s);
            row.root.add(name, object.items[i]);
        }
    };
    if (isOwn) {
        if (const JsonNode *fields = said(fieldsKey); fields && fields->kind == JsonNode::Kind::Object)
            keep(*fields, {});
        keep(sample, {inputKey, choicesKey, targetKey, metadataKey, u"id"_s});
    } else {
        keep(sample, {inputKey, choicesKey, targetKey, metadataKey});
        if (metadata && metadata->kind == JsonNode::Kind::Object)
            keep(*metadata, {u"statement"_s, u"label_confidence"_s, u"cluster"_s});
    }
    out = questionrow::read(raw, row);
    if (out.problem) {
        // Spoken of by the name that it has in this file.
        const bool ofTarget = out.problem->field.startsWith("answer_"_L1);
        return trouble({out.problem->reason, out.problem->message, ofTarget ? targetKey : inputKey});
    }
    m_guess.add(out.candidate);
    if (m_survey)
        fillFamilyFields(out.candidate, m_survey->family, m_survey->tails.get());
    if (const JsonNode *cluster = said(u"cluster"_s); cluster && cluster->isText())
        out.candidate.cluster = cluster->text;
    return out;
}

FileFacts InspectRows::facts() const
{
    FileFacts facts;
    facts.family = m_sentences ? u"winogender"_s : m_guess.family();
    facts.tails = m_guess.tails();
    return facts;
}

} // namespace evalwright
