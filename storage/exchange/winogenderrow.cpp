// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/winogenderrow.h"

#include "storage/exchange/questionrow.h"
#include "storage/exchange/rowparts.h"

#include <array>

namespace evalwright::winogender {

using namespace Qt::StringLiterals;

namespace {

struct Name
{
    QString published, field; ///< In files, in Candidate::fields.
};
/// In published order.
const std::array<Name, 7> names{{{u"index"_s, u"index"_s},
                                 {u"occupation"_s, u"occupation"_s},
                                 {u"other_person"_s, u"other_person"_s},
                                 {u"pronoun_options"_s, u"pronoun_options"_s},
                                 {u"sentence_with_blank"_s, u"sentence"_s},
                                 {u"BLS_percent_women_2019"_s, u"percent_women"_s},
                                 {u"BLS_original_occupation"_s, u"source_title"_s}}};
const QString &indexKey = names[0].published, &occupationKey = names[1].published, &otherKey = names[2].published,
              &pronounsKey = names[3].published, &sentenceKey = names[4].published, &percentKey = names[5].published,
              &titleKey = names[6].published;

bool isKnown(const QString &key)
{
    return std::ranges::any_of(names, [&](const Name &name) { return name.published == key; });
}

class Mapping
{
public:
    Mapping(const QByteArray &row, const JsonNode &object, ImportedRow &out)
        : m_fields(row, object, out), m_object(object), m_out(out)
    {
    }

    void run(bool repeatedKeys)
    {
        Sentence sentence;
        if (!m_fields.required(occupationKey, isKnown) || !m_fields.text(occupationKey, sentence.occupation) ||
            !m_fields.required(pronounsKey, isKnown) || !pronouns(sentence.pronouns) ||
            !m_fields.required(sentenceKey, isKnown) || !m_fields.text(sentenceKey, sentence.text))
            return;
        if (!rows::hasVisible(sentence.text)) {
            m_fields.bad(u"empty-question"_s, u"Nothing visible is left in the sentence."_s, sentenceKey);
            return;
        }
        if (sentence.text.count(u'_') != 1) {
            m_fields.bad(u"wrong-type"_s,
                         u"The sentence must have exactly one “_” for its pronoun; it has %1."_s.arg(
                             sentence.text.count(u'_')),
                         sentenceKey);
            return;
        }
        if (repeatedKeys)
            rows::addFlag(m_out.flags, u"duplicate-key"_s);
        sentence.otherPerson = optionalText(otherKey);
        sentence.sourceTitle = optionalText(titleKey);
        sentence.number = optionalNumber(indexKey, -1e15, 1e15);
        sentence.percent = optionalNumber(percentKey, 0, 100);
        for (const QString &text : {sentence.text, sentence.occupation, sentence.otherPerson})
            rows::flagText(text, m_out.flags);
        fill(m_out.candidate, sentence);
        m_out.candidate.parseStatus = u"imported"_s;
        m_out.candidate.extra = rows::extraOf(
            m_object, [&](const QString &key) { return isKnown(key) && !m_unusable.contains(key); }, m_out.flags);
    }

private:
    bool pronouns(QStringList &out)
    {
        const JsonNode *node = m_object.find(pronounsKey);
        const bool good = node->kind == JsonNode::Kind::Array && node->items.size() == 3 &&
                          std::ranges::all_of(node->items,
                                              [](const JsonNode &n) { return n.isText() && rows::hasVisible(n.text); });
        if (!good) {
            m_fields.bad(
                u"wrong-type"_s,
                u"The field “%1” must be a list of three texts: male, female and neutral form."_s.arg(pronounsKey),
                pronounsKey);
            return false;
        }
        for (const JsonNode &item : node->items)
            out << item.text;
        return true;
    }

    void unusable(const QString &key)
    {
        m_unusable << key;
        rows::addFlag(m_out.flags, u"wrong-type"_s);
    }
    QString optionalText(const QString &key)
    {
        const JsonNode *node = m_object.find(key);
        if (node && !node->isText())
            unusable(key);
        return node && node->isText() ? node->text : QString();
    }
    QString optionalNumber(const QString &key, double least, double most)
    {
        const JsonNode *node = m_object.find(key);
        if (!node)
            return {};
        bool ok = false;
        const double value = node->kind == JsonNode::Kind::Number ? node->text.toDouble(&ok) : 0;
        if (!ok || value < least || value > most) {
            unusable(key);
            return {};
        }
        return node->text;
    }

    rows::Fields m_fields;
    const JsonNode &m_object;
    ImportedRow &m_out;
    QStringList m_unusable;
};

JsonNode numberOrNull(const QString &spelling)
{
    return {spelling.isEmpty() ? JsonNode::Kind::Null : JsonNode::Kind::Number, spelling, 0, {}, {}};
}
JsonNode textOrNull(const QString &text)
{
    return {text.isEmpty() ? JsonNode::Kind::Null : JsonNode::Kind::Text, text, 0, {}, {}};
}

} // namespace

bool isRow(const JsonNode &object)
{
    return object.find(sentenceKey) || (object.find(pronounsKey) && !object.find(u"question"_s));
}

bool isItem(const Candidate &candidate)
{
    return candidate.matchingLabel.isEmpty() && candidate.fields.contains("\"pronoun_options\""_L1);
}

void fill(Candidate &c, const Sentence &sentence)
{
    c.question = sentence.text;
    c.otherLabels = sentence.pronouns;
    c.cluster = sentence.occupation;
    JsonNode fields = JsonNode::object();
    fields.add(u"index"_s, numberOrNull(sentence.number));
    fields.add(u"occupation"_s, JsonNode::ofText(sentence.occupation));
    fields.add(u"other_person"_s, textOrNull(sentence.otherPerson));
    fields.add(u"pronoun_options"_s, JsonNode::ofTexts(sentence.pronouns));
    fields.add(u"sentence"_s, JsonNode::ofText(sentence.text));
    fields.add(u"percent_women"_s, numberOrNull(sentence.percent));
    fields.add(u"source_title"_s, textOrNull(sentence.sourceTitle));
    c.fields = fields.toText();
}

ImportedRow read(const QByteArray &row, const JsonRow &parsed)
{
    ImportedRow out;
    Mapping(row, parsed.root, out).run(parsed.repeatedKeys);
    return out;
}

ImportedRow readLine(const QByteArray &line)
{
    const auto parsed = rows::parseObject(line);
    if (parsed)
        return read(line, *parsed);
    ImportedRow out;
    out.problem = parsed.error();
    return out;
}

JsonNode toObject(const Candidate &c)
{
    JsonNode out = JsonNode::object();
    const auto fields = parseJsonRow(c.fields.toUtf8(), questionrow::deepestExtra);
    for (const Name &name : names) {
        const JsonNode *value = fields ? fields->root.find(name.field) : nullptr;
        if (value && value->kind != JsonNode::Kind::Null)
            out.add(name.published, *value);
    }
    const auto extra = parseJsonRow(c.extra.toUtf8(), questionrow::deepestExtra);
    const JsonNode *unknown = extra ? extra->root.find(u"fields"_s) : nullptr;
    for (size_t i = 0; unknown && i < unknown->items.size(); ++i)
        out.add(unknown->keys[static_cast<qsizetype>(i)], unknown->items[i]);
    return out;
}

QByteArray write(const Candidate &candidate, JsonEscapes escapes, const QByteArray &before)
{
    QByteArray out = before;
    appendJson(out, toObject(candidate), escapes);
    return out;
}

bool sameContent(const Candidate &a, const Candidate &b)
{
    return a.question == b.question && a.otherLabels == b.otherLabels && a.fields == b.fields && a.extra == b.extra;
}

} // namespace evalwright::winogender
