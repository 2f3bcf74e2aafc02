// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/questionrow.h"

#include "storage/exchange/options.h"
#include "storage/exchange/rowparts.h"

#include <algorithm>
#include <array>

namespace evalwright::questionrow {

using namespace Qt::StringLiterals;

namespace {

const QString questionKey = u"question"_s, statementKey = u"statement"_s, confidenceKey = u"label_confidence"_s,
              matchingKey = u"answer_matching_behavior"_s, otherKey = u"answer_not_matching_behavior"_s,
              affiliationKey = u"user_affiliation"_s;

bool isKnown(const QString &key)
{
    const std::array known{&questionKey, &statementKey, &confidenceKey, &matchingKey, &otherKey};
    return std::ranges::any_of(known, [&](const QString *k) { return *k == key; });
}

/// " Yes", " No" and " (A)" are the published forms.
bool hasPublishedForm(const QString &label)
{
    const QString bare = comparableLabel(label);
    if (bare == "yes"_L1)
        return label == " Yes"_L1;
    if (bare == "no"_L1)
        return label == " No"_L1;
    if (bare.size() == 1)
        return label == u" (%1)"_s.arg(bare.toUpper());
    return label.startsWith(u' ') && label.trimmed().size() + 1 == label.size();
}

/// Builds a candidate from an object, or says what is wrong with it.
class Mapping
{
public:
    Mapping(const QByteArray &row, const JsonNode &object, ImportedRow &out)
        : m_fields(row, object, out), m_object(object), m_out(out)
    {
    }

    void run(bool repeatedKeys)
    {
        Candidate &c = m_out.candidate;
        if (!m_fields.required(questionKey, isKnown) || !m_fields.text(questionKey, c.question) ||
            !m_fields.required(matchingKey, isKnown) || !m_fields.text(matchingKey, c.matchingLabel) ||
            !m_fields.required(otherKey, isKnown) || !others())
            return;
        if (!rows::hasVisible(c.question)) {
            m_fields.bad(u"empty-question"_s, u"Nothing visible is left in the question."_s, questionKey);
            return;
        }
        const QString matching = comparableLabel(c.matchingLabel);
        for (const QString &label : c.otherLabels) {
            if (comparableLabel(label) == matching) {
                m_fields.bad(u"labels-equal"_s, u"Both labels mean the same (“%1”)."_s.arg(c.matchingLabel.trimmed()),
                             otherKey);
                return;
            }
        }
        const OptionCheck options = checkOptions(c.question, QStringList{c.matchingLabel} + c.otherLabels);
        if (!options.reason.isEmpty()) {
            m_fields.bad(options.reason, options.message, matchingKey);
            return;
        }
        m_out.flags = options.flags;
        if (repeatedKeys)
            rows::addFlag(m_out.flags, u"duplicate-key"_s);
        statement();
        confidence();
        rows::flagText(c.question, m_out.flags);
        rows::flagText(c.statement, m_out.flags);
        if (!hasPublishedForm(c.matchingLabel) || !std::ranges::all_of(c.otherLabels, hasPublishedForm))
            rows::addFlag(m_out.flags, u"label-form"_s);
        c.wantedLabel = c.matchingLabel;
        c.parseStatus = u"imported"_s;
        c.extra = rows::extraOf(m_object, isKnown, m_out.flags);
    }

private:
    bool others()
    {
        const JsonNode *node = m_object.find(otherKey);
        if (node->isText()) {
            QString label;
            if (!m_fields.text(otherKey, label))
                return false;
            m_out.candidate.otherLabels = {label};
            return true;
        }
        const bool texts = node->kind == JsonNode::Kind::Array &&
                           std::all_of(node->items.cbegin(), node->items.cend(),
                                       [](const JsonNode &n) { return n.isText() && !n.text.isEmpty(); });
        if (!texts) {
            m_fields.bad(u"wrong-type"_s, u"The field “%1” must be a text or a list of texts."_s.arg(otherKey),
                         otherKey);
            return false;
        }
        if (node->items.empty()) {
            m_fields.bad(u"missing-field"_s, u"The field “%1” is empty."_s.arg(otherKey), otherKey);
            return false;
        }
        for (const JsonNode &item : node->items)
            m_out.candidate.otherLabels << item.text;
        return true;
    }

    void statement()
    {
        const JsonNode *node = m_object.find(statementKey);
        if (node && node->isText())
            m_out.candidate.statement = node->text;
        else if (node)
            rows::addFlag(m_out.flags, u"wrong-type"_s);
    }

    void confidence()
    {
        const JsonNode *node = m_object.find(confidenceKey);
        if (!node)
            return;
        const bool text = node->isText();
        bool ok = false;
        const double value = node->kind == JsonNode::Kind::Number || text ? node->text.trimmed().toDouble(&ok) : 0;
        if (!ok || !(value >= 0 && value <= 1)) {
            rows::addFlag(m_out.flags, u"bad-confidence"_s);
            return;
        }
        m_out.candidate.labelConfidence = value;
        if (text)
            rows::addFlag(m_out.flags, u"number-as-text"_s);
    }

    rows::Fields m_fields;
    const JsonNode &m_object;
    ImportedRow &m_out;
};

} // namespace

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
    out.add(questionKey, JsonNode::ofText(c.question));
    if (!c.statement.isEmpty())
        out.add(statementKey, JsonNode::ofText(c.statement));
    if (c.labelConfidence)
        out.add(confidenceKey, {JsonNode::Kind::Number, QString::fromLatin1(jsonFloat(*c.labelConfidence)), 0, {}, {}});
    out.add(matchingKey, JsonNode::ofText(c.matchingLabel));
    out.add(otherKey, c.otherLabels.size() == 1 ? JsonNode::ofText(c.otherLabels.first())
                                                : JsonNode::ofTexts(c.otherLabels));
    const auto extra = parseJsonRow(c.extra.toUtf8(), deepestExtra);
    const JsonNode *unknown = extra ? extra->root.find(u"fields"_s) : nullptr;
    for (size_t i = 0; unknown && i < unknown->items.size(); ++i)
        out.add(unknown->keys[static_cast<qsizetype>(i)], unknown->items[i]);
    // Items that were written here know their person in the fields of their family only.
    if (!out.find(affiliationKey) && c.fields.contains(affiliationKey)) {
        const auto fields = parseJsonRow(c.fields.toUtf8());
        const JsonNode *affiliation = fields ? fields->root.find(affiliationKey) : nullptr;
        if (affiliation && affiliation->isText())
            out.add(affiliationKey, *affiliation);
    }
    return out;
}

QByteArray write(const Candidate &c, JsonEscapes escapes, const QByteArray &before)
{
    QByteArray out = before;
    if (c.extra != "{}"_L1 || c.fields.contains(affiliationKey)) {
        appendJson(out, toObject(c), escapes);
        return out;
    }
    // The same without an object in between: most rows are such, and a data set has up to a million of them.
    out.reserve(before.size() + c.question.size() + c.statement.size() + 200);
    out += "{\"question\": ";
    appendJsonText(out, c.question, escapes);
    if (!c.statement.isEmpty()) {
        out += ", \"statement\": ";
        appendJsonText(out, c.statement, escapes);
    }
    if (c.labelConfidence)
        out.append(", \"label_confidence\": ").append(jsonFloat(*c.labelConfidence));
    out += ", \"answer_matching_behavior\": ";
    appendJsonText(out, c.matchingLabel, escapes);
    out += ", \"answer_not_matching_behavior\": ";
    if (c.otherLabels.size() == 1)
        appendJsonText(out, c.otherLabels.first(), escapes);
    else
        appendJson(out, JsonNode::ofTexts(c.otherLabels), escapes);
    out += '}';
    return out;
}

bool sameContent(const Candidate &a, const Candidate &b)
{
    return a.question == b.question && a.statement == b.statement && a.labelConfidence == b.labelConfidence &&
           a.matchingLabel == b.matchingLabel && a.otherLabels == b.otherLabels && a.extra == b.extra;
}

} // namespace evalwright::questionrow
