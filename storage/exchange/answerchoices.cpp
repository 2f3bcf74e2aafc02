// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/answerchoices.h"

#include "storage/exchange/jsonrow.h"
#include "storage/exchange/options.h"
#include "storage/exchange/questionrow.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool comesBefore(const QString &a, const QString &b)
{
    const QString left = comparableLabel(a), right = comparableLabel(b);
    if ((left == "yes"_L1) != (right == "yes"_L1))
        return left == "yes"_L1;
    return left != right ? left < right : a < b;
}

AnswerChoices lettered(const Candidate &item, const ChosenOptions &chosen)
{
    AnswerChoices out;
    out.stem = item.question.left(chosen.stemEnd);
    out.matching = chosen.matching;
    const QStringList stored = QStringList{item.matchingLabel} + item.otherLabels;
    for (const QuestionOption &option : chosen.options) {
        // A label that the item has keeps its spelling; options that no label names get the published one.
        const auto own = std::ranges::find_if(
            stored, [&](const QString &label) { return comparableLabel(label) == QString(option.letter).toLower(); });
        out.labels << (own == stored.cend() ? u" (%1)"_s.arg(option.letter) : *own);
        out.texts << option.text;
    }
    return out;
}

} // namespace

std::optional<JsonNode> unknownField(const Candidate &item, const QString &name)
{
    if (!item.extra.contains(name))
        return std::nullopt;
    const auto extra = parseJsonRow(item.extra.toUtf8(), questionrow::deepestExtra);
    const JsonNode *fields = extra ? extra->root.find(u"fields"_s) : nullptr;
    const JsonNode *value = fields ? fields->find(name) : nullptr;
    return value ? std::optional(*value) : std::nullopt;
}

AnswerChoices answerChoices(const Candidate &item)
{
    AnswerChoices out;
    out.stem = item.question;
    if (item.matchingLabel.isEmpty()) {
        out.labels = item.otherLabels;
        return out;
    }
    const ChosenOptions chosen = chosenOptions(item.question, QStringList{item.matchingLabel} + item.otherLabels);
    if (chosen.matching >= 0)
        return lettered(item, chosen);
    if (const auto place = unknownField(item, u"answer_index"_s)) {
        bool isNumber = false;
        const qlonglong at = place->text.toLongLong(&isNumber);
        if (isNumber && at >= 0 && at <= item.otherLabels.size()) {
            out.labels = item.otherLabels;
            out.labels.insert(at, item.matchingLabel);
            out.matching = at;
            return out;
        }
    }
    out.labels = QStringList{item.matchingLabel} + item.otherLabels;
    std::ranges::sort(out.labels, comesBefore);
    out.matching = out.labels.indexOf(item.matchingLabel);
    return out;
}

QString questionWithOptions(const QString &stem, const QStringList &options)
{
    QString text = stem + u"\n\nChoices:"_s;
    for (qsizetype i = 0; i < options.size(); ++i)
        text += u"\n (%1) %2"_s.arg(QChar(static_cast<char16_t>(u'A' + i))).arg(options[i]);
    return text;
}

QString letterLabel(qsizetype index)
{
    return u" (%1)"_s.arg(QChar(static_cast<char16_t>(u'A' + index)));
}

} // namespace evalwright
