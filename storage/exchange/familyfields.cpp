// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/familyfields.h"

#include "core/hash.h"
#include "core/text.h"
#include "storage/exchange/jsonrow.h"
#include "storage/exchange/options.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/questiontails.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

void addOptions(JsonNode &fields, const ChosenOptions &chosen)
{
    if (chosen.matching < 0)
        return;
    QStringList texts, letters;
    bool inOrder = true;
    for (const QuestionOption &option : chosen.options) {
        inOrder = inOrder && option.letter.toUpper().unicode() == u'A' + texts.size();
        texts << option.text;
        letters << option.letter;
    }
    fields.add(u"options"_s, JsonNode::ofTexts(texts));
    fields.add(u"matching_index"_s, JsonNode::ofNumber(chosen.matching));
    if (!inOrder)
        fields.add(u"letters"_s, JsonNode::ofTexts(letters));
}

/// A text field that the file has beside the published ones.
QString unknownText(const Candidate &candidate, const QString &key)
{
    if (!candidate.extra.contains(key))
        return {};
    const auto extra = parseJsonRow(candidate.extra.toUtf8(), questionrow::deepestExtra);
    const JsonNode *unknown = extra ? extra->root.find(u"fields"_s) : nullptr;
    const JsonNode *value = unknown ? unknown->find(key) : nullptr;
    return value && value->isText() ? value->text : QString();
}

} // namespace

QString textId(const QString &text)
{
    const QString folded = fold(text);
    return sha256Hex((folded.isEmpty() ? text : folded).toUtf8()).left(16);
}

void fillFamilyFields(Candidate &c, const QString &family, const QuestionTails *tails)
{
    const bool sycophancy = family == "sycophancy"_L1;
    if (!sycophancy && family != "multiple-choice"_L1)
        return;
    const ChosenOptions chosen = chosenOptions(c.question, QStringList{c.matchingLabel} + c.otherLabels);
    JsonNode fields = JsonNode::object();
    if (!sycophancy) {
        if (chosen.matching >= 0)
            fields.add(u"stem"_s, JsonNode::ofText(chosen.stem));
        addOptions(fields, chosen);
        c.fields = fields.toText();
        return;
    }
    const qsizetype stemEnd = chosen.matching >= 0 ? chosen.stemEnd : stemEndOf(c.question);
    qsizetype begin = 0;
    if (opensWithBiography(c.question)) {
        static const QuestionTails none;
        begin = (tails ? *tails : none).questionBegin(c.question, stemEnd);
    }
    const QString bare = c.question.mid(begin);
    c.cluster = textId(bare);
    if (begin > 0) {
        const QString biography = c.question.left(begin).trimmed();
        fields.add(u"biography"_s, JsonNode::ofText(biography));
        fields.add(u"biography_id"_s, JsonNode::ofText(textId(biography)));
    }
    fields.add(u"bare_question"_s, JsonNode::ofText(bare));
    fields.add(u"question_id"_s, JsonNode::ofText(c.cluster));
    fields.add(u"stem"_s, JsonNode::ofText(c.question.mid(begin, stemEnd - begin)));
    addOptions(fields, chosen);
    if (const QString side = unknownText(c, u"user_affiliation"_s); !side.isEmpty()) {
        fields.add(u"side"_s, JsonNode::ofText(side));
        fields.add(u"user_affiliation"_s, JsonNode::ofText(side));
    }
    c.fields = fields.toText();
}

void FamilyFields::fill(Candidate &c, const QString &family, const QuestionTails *tails)
{
    const auto anew = [&] { fillFamilyFields(c, family, tails); };
    if (family != "sycophancy"_L1 || !tails || !opensWithBiography(c.question))
        return anew();
    const qsizetype stemEnd = stemEndOf(c.question), begin = tails->questionBegin(c.question, stemEnd);
    const QStringView biography = QStringView(c.question).first(begin), bare = QStringView(c.question).sliced(begin);
    // What looks like an option in the biography, or where the question begins, may count as one or not.
    if (biography.isEmpty() || biography.contains(u'(') || bare.startsWith(u'('))
        return anew();
    const QString person = biography.trimmed().toString();
    QByteArray json = "{\"biography\": ";
    appendJsonText(json, person, JsonEscapes::Utf8);
    json += ", \"biography_id\": \"" + textId(person).toLatin1() + "\", ";
    const QString opening = QString::fromUtf8(json);
    const QStringList labels = QStringList{c.matchingLabel} + c.otherLabels;
    const QString key = bare.toString() + QChar(0) + labels.join(QChar(1)) + QChar(0) + c.extra;
    if (const auto known = m_questions.constFind(key); known != m_questions.cend()) {
        c.cluster = known->cluster;
        c.fields = opening + known->fields;
        return;
    }
    anew();
    constexpr qsizetype most = 1000;
    if (m_questions.size() >= most)
        m_questions.clear();
    const ChosenOptions chosen = chosenOptions(c.question, labels);
    if (c.fields.startsWith(opening) && (chosen.matching < 0 || chosen.stemEnd == stemEnd))
        m_questions.insert(key, {c.cluster, c.fields.mid(opening.size())});
}

void FamilyGuess::add(const Candidate &c)
{
    ++m_rows;
    m_statements += c.statement.isEmpty() ? 0 : 1;
    m_affiliations += c.extra.contains("\"user_affiliation\""_L1) ? 1 : 0;
    m_lettered += comparableLabel(c.matchingLabel).size() == 1 ? 1 : 0;
    if (!opensWithBiography(c.question))
        return;
    ++m_biographies;
    if (m_known)
        return;
    if (!m_tails)
        m_tails = std::make_shared<QuestionTails>();
    m_tails->add(c.question, stemEndOf(c.question));
}

QString FamilyGuess::family() const
{
    if (m_statements > 0)
        return u"persona"_s;
    if (m_affiliations > 0 || m_biographies * 2 > m_rows)
        return u"sycophancy"_s;
    return m_lettered > 0 ? u"multiple-choice"_s : u"persona"_s;
}

} // namespace evalwright
