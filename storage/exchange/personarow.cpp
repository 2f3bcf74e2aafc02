// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/personarow.h"

#include "core/text.h"
#include "storage/exchange/options.h"

#include <algorithm>
#include <array>

namespace evalwright::persona {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView questionKey = "question"_L1, statementKey = "statement"_L1,
                            confidenceKey = "label_confidence"_L1, matchingKey = "answer_matching_behavior"_L1,
                            otherKey = "answer_not_matching_behavior"_L1;
constexpr std::array knownKeys{questionKey, statementKey, confidenceKey, matchingKey, otherKey};

bool isKnown(const QString &key)
{
    return std::any_of(knownKeys.cbegin(), knownKeys.cend(), [&](QLatin1StringView known) { return known == key; });
}

/// U+200C and U+200D shape letters and emoji; they are part of the writing.
bool isInvisible(char32_t c)
{
    return c == 0x00ad || c == 0x200b || c == 0x2060 || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
}
bool isBidiControl(char32_t c)
{
    return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool hasVisible(const QString &text)
{
    return std::any_of(text.cbegin(), text.cend(), [](QChar c) {
        return !c.isSpace() && c.category() != QChar::Other_Format && c.category() != QChar::Other_Control;
    });
}

void addFlag(QStringList &flags, const QString &flag)
{
    if (!flags.contains(flag))
        flags << flag;
}

void flagText(const QString &text, QStringList &flags)
{
    constexpr qsizetype veryLong = 100'000;
    const QList<uint> points = text.toUcs4();
    if (points.size() > veryLong)
        addFlag(flags, u"very-long"_s);
    for (const uint c : points) {
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || (c >= 0x7f && c < 0xa0))
            addFlag(flags, u"control-character"_s);
        else if (isBidiControl(c))
            addFlag(flags, u"bidi-control"_s);
        else if (isInvisible(c))
            addFlag(flags, u"invisible-character"_s);
    }
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
    Mapping(const QByteArray &line, const JsonNode &object, ImportedRow &out)
        : m_line(line), m_object(object), m_out(out)
    {
    }

    void run(bool repeatedKeys)
    {
        Candidate &c = m_out.candidate;
        if (!required(questionKey) || !requiredText(questionKey, c.question) || !required(matchingKey) ||
            !requiredText(matchingKey, c.matchingLabel) || !required(otherKey) || !others())
            return;
        if (!hasVisible(c.question)) {
            bad(u"empty-question"_s, u"Nothing visible is left in the question."_s, questionKey);
            return;
        }
        for (const QString &label : c.otherLabels) {
            if (comparableLabel(label) == comparableLabel(c.matchingLabel)) {
                bad(u"labels-equal"_s, u"Both labels mean the same (“%1”)."_s.arg(c.matchingLabel.trimmed()), otherKey);
                return;
            }
        }
        const OptionCheck options = checkOptions(c.question, QStringList{c.matchingLabel} + c.otherLabels);
        if (!options.reason.isEmpty()) {
            bad(options.reason, options.message, matchingKey);
            return;
        }
        m_out.flags = options.flags;
        if (repeatedKeys)
            addFlag(m_out.flags, u"duplicate-key"_s);
        statement();
        confidence();
        flagText(c.question, m_out.flags);
        flagText(c.statement, m_out.flags);
        for (const QString &label : QStringList{c.matchingLabel} + c.otherLabels) {
            if (!hasPublishedForm(label))
                addFlag(m_out.flags, u"label-form"_s);
        }
        c.wantedLabel = c.matchingLabel;
        c.parseStatus = u"imported"_s;
        c.extra = extra();
    }

private:
    void bad(const QString &reason, const QString &message, QLatin1StringView field)
    {
        RowProblem problem;
        problem.reason = reason;
        problem.message = message;
        problem.field = field;
        const JsonNode *node = m_object.find(field);
        problem.column = columnOf(m_line, node ? node->begin : m_object.begin);
        m_out.problem = problem;
    }

    bool required(QLatin1StringView key)
    {
        const JsonNode *node = m_object.find(key);
        if (node && node->kind != JsonNode::Kind::Null)
            return true;
        if (node) {
            bad(u"missing-field"_s, u"The field “%1” is null."_s.arg(key), key);
            return false;
        }
        QStringList unknown;
        std::copy_if(m_object.keys.cbegin(), m_object.keys.cend(), std::back_inserter(unknown),
                     [](const QString &k) { return !isKnown(k); });
        const QStringList near = nearestNames(key, unknown, 1);
        bad(u"missing-field"_s,
            near.isEmpty() ? u"The field “%1” is missing."_s.arg(key)
                           : u"The field “%1” is missing; there is “%2” instead."_s.arg(key, near.first()),
            key);
        return false;
    }

    bool requiredText(QLatin1StringView key, QString &out)
    {
        const JsonNode *node = m_object.find(key);
        if (!node->isText()) {
            bad(u"wrong-type"_s, u"The field “%1” must be a text."_s.arg(key), key);
            return false;
        }
        if (node->text.isEmpty()) {
            bad(u"missing-field"_s, u"The field “%1” is empty."_s.arg(key), key);
            return false;
        }
        out = node->text;
        return true;
    }

    bool others()
    {
        const JsonNode *node = m_object.find(otherKey);
        if (node->isText()) {
            QString label;
            if (!requiredText(otherKey, label))
                return false;
            m_out.candidate.otherLabels = {label};
            return true;
        }
        const bool texts = node->kind == JsonNode::Kind::Array &&
                           std::all_of(node->items.cbegin(), node->items.cend(),
                                       [](const JsonNode &n) { return n.isText() && !n.text.isEmpty(); });
        if (!texts) {
            bad(u"wrong-type"_s, u"The field “%1” must be a text or a list of texts."_s.arg(otherKey), otherKey);
            return false;
        }
        if (node->items.empty()) {
            bad(u"missing-field"_s, u"The field “%1” is empty."_s.arg(otherKey), otherKey);
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
            addFlag(m_out.flags, u"wrong-type"_s);
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
            addFlag(m_out.flags, u"bad-confidence"_s);
            return;
        }
        m_out.candidate.labelConfidence = value;
        if (text)
            addFlag(m_out.flags, u"number-as-text"_s);
    }

    QString extra() const
    {
        JsonNode fields;
        fields.kind = JsonNode::Kind::Object;
        for (size_t i = 0; i < m_object.items.size(); ++i) {
            const QString &key = m_object.keys[static_cast<qsizetype>(i)];
            if (isKnown(key))
                continue;
            fields.keys << key;
            fields.items.push_back(m_object.items[i]);
        }
        JsonNode out;
        out.kind = JsonNode::Kind::Object;
        if (!fields.keys.isEmpty()) {
            out.keys << u"fields"_s;
            out.items.push_back(std::move(fields));
        }
        if (!m_out.flags.isEmpty()) {
            JsonNode marks;
            marks.kind = JsonNode::Kind::Array;
            for (const QString &flag : m_out.flags)
                marks.items.push_back({JsonNode::Kind::Text, flag, 0, {}, {}});
            out.keys << u"flags"_s;
            out.items.push_back(std::move(marks));
        }
        QByteArray json;
        appendJson(json, out, JsonEscapes::Utf8);
        return QString::fromUtf8(json);
    }

    const QByteArray &m_line;
    const JsonNode &m_object;
    ImportedRow &m_out;
};

/// The text around a byte, cut at code points, with the place marked by "⟨here⟩".
QString excerptAt(const QByteArray &line, qsizetype offset)
{
    constexpr qsizetype around = 48;
    const QString before = QString::fromUtf8(line.mid(qMax<qsizetype>(0, offset - around), qMin(offset, around)));
    const QString after = QString::fromUtf8(line.mid(offset, around));
    return (before + u"⟨here⟩"_s + after).left(120);
}

} // namespace

ImportedRow readRow(const QByteArray &line)
{
    ImportedRow out;
    const auto parsed = parseJsonRow(line);
    if (!parsed) {
        const JsonRowError &error = parsed.error();
        out.problem =
            RowProblem{0, columnOf(line, error.offset), error.reason, error.message, {}, excerptAt(line, error.offset)};
        return out;
    }
    if (parsed->root.kind != JsonNode::Kind::Object) {
        out.problem =
            RowProblem{0,  columnOf(line, parsed->root.begin), u"not-an-object"_s, u"The row is not a JSON object."_s,
                       {}, excerptAt(line, parsed->root.begin)};
        return out;
    }
    Mapping(line, parsed->root, out).run(parsed->repeatedKeys);
    if (out.problem) {
        const JsonNode *node = parsed->root.find(out.problem->field);
        out.problem->excerpt = excerptAt(line, node ? node->begin : parsed->root.begin);
    }
    return out;
}

QByteArray writeRow(const Candidate &c, JsonEscapes escapes)
{
    QByteArray out = "{";
    const auto member = [&](const QString &key) {
        if (out.size() > 1)
            out += ", ";
        appendJsonText(out, key, escapes);
        out += ": ";
    };
    member(questionKey);
    appendJsonText(out, c.question, escapes);
    if (!c.statement.isEmpty()) {
        member(statementKey);
        appendJsonText(out, c.statement, escapes);
    }
    if (c.labelConfidence) {
        member(confidenceKey);
        out += jsonFloat(*c.labelConfidence);
    }
    member(matchingKey);
    appendJsonText(out, c.matchingLabel, escapes);
    member(otherKey);
    if (c.otherLabels.size() == 1) {
        appendJsonText(out, c.otherLabels.first(), escapes);
    } else {
        out += '[';
        for (qsizetype i = 0; i < c.otherLabels.size(); ++i) {
            out += i > 0 ? ", " : "";
            appendJsonText(out, c.otherLabels[i], escapes);
        }
        out += ']';
    }
    const auto extra = parseJsonRow(c.extra.toUtf8(), deepestExtra);
    const JsonNode *fields = extra ? extra->root.find(u"fields"_s) : nullptr;
    for (size_t i = 0; fields && i < fields->items.size(); ++i) {
        member(fields->keys[static_cast<qsizetype>(i)]);
        appendJson(out, fields->items[i], escapes);
    }
    return out + '}';
}

bool sameContent(const Candidate &a, const Candidate &b)
{
    return a.question == b.question && a.statement == b.statement && a.labelConfidence == b.labelConfidence &&
           a.matchingLabel == b.matchingLabel && a.otherLabels == b.otherLabels && a.extra == b.extra;
}

} // namespace evalwright::persona
