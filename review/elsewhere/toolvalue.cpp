// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/toolvalue.h"

#include "core/foreignjson.h"
#include "core/jsontexts.h"
#include "review/elsewhere/tooltasks.h"

#include <algorithm>
#include <cmath>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

tl::unexpected<Error> wrong(const ReviewQuestion &question, const QString &what)
{
    return failure(ErrorCode::InvalidInput, u"The answer to “%1” %2."_s.arg(question.id, what));
}

/// A text that is one of the tools' objects in a cell of a table; unset for a text that is meant.
std::optional<json> structuredCell(const json &value)
{
    if (!value.is_string())
        return {};
    const std::string &text = value.get_ref<const std::string &>();
    if (text.empty() || (text.front() != '{' && text.front() != '['))
        return {};
    json parsed = parseForeignJson(QByteArray::fromStdString(text));
    const json *inner = &parsed;
    if (parsed.is_array() && parsed.size() == 1)
        inner = &parsed.front();
    const bool isTools = inner->is_object() && inner->size() == 1 &&
                         (inner->contains("choices") || inner->contains("rating") || inner->contains("text"));
    return isTools ? std::optional(std::move(parsed)) : std::nullopt;
}

/// What is inside of the tool's object, or the value itself.
json inside(json value)
{
    if (auto cell = structuredCell(value))
        value = std::move(*cell);
    if (value.is_array() && value.size() == 1 && value.front().is_object())
        value = json(value.front());
    for (const char *name : {"choices", "rating", "text"}) {
        if (value.is_object() && value.contains(name))
            return json(value[name]);
    }
    return value;
}

/// The texts that the value is; unset when it is something else.
std::optional<QStringList> textsOf(const json &value)
{
    if (value.is_string())
        return QStringList{QString::fromStdString(value.get_ref<const std::string &>())};
    if (!value.is_array() || !std::ranges::all_of(value, [](const json &one) { return one.is_string(); }))
        return {};
    return textsFromJson(value);
}

/// Keys of what can be chosen, and the texts shown for them.
using Offered = QList<std::pair<QString, QStringList>>;

QString keyFor(const Offered &offered, const QString &said)
{
    QString byText;
    int found = 0;
    for (const auto &[key, texts] : offered) {
        if (key == said)
            return key;
        if (texts.contains(said)) {
            byText = key;
            ++found;
        }
    }
    return found == 1 ? byText : QString();
}

Offered offeredBy(const ReviewQuestion &question, const QHash<QString, QString> &optionTexts)
{
    Offered offered;
    for (const ReviewChoice &choice : question.choices)
        offered << std::pair(choice.key, QStringList{choice.text.text} + choice.text.in.values());
    if (question.kind == QuestionKind::Options) {
        for (auto it = optionTexts.cbegin(); it != optionTexts.cend(); ++it)
            offered << std::pair(it.key(), QStringList{it.value()});
    }
    return offered;
}

Result<json> chosen(const ReviewQuestion &question, const json &value, const QHash<QString, QString> &optionTexts)
{
    const auto said = textsOf(value);
    if (!said)
        return wrong(question, u"is no choice"_s);
    if (said->isEmpty())
        return json(nullptr);
    const Offered offered = offeredBy(question, optionTexts);
    QStringList keys;
    for (const QString &one : *said) {
        const QString key = keyFor(offered, one);
        if (key.isEmpty())
            return wrong(question, u"is “%1”, which is none of those on offer"_s.arg(one.left(64)));
        if (keys.contains(key))
            return wrong(question, u"names a choice twice"_s);
        keys << key;
    }
    if (question.kind != QuestionKind::MultiChoice)
        return keys.size() == 1 ? Result<json>(keys.constFirst().toStdString())
                                : wrong(question, u"is more than one choice"_s);
    json list = json::array();
    for (const auto &[key, texts] : offered) {
        if (keys.contains(key))
            list.push_back(key.toStdString());
    }
    return list;
}

Result<json> step(const ReviewQuestion &question, json value)
{
    if (value.is_array() && value.size() == 1)
        value = json(value.front());
    if (value.is_string()) {
        bool isNumber = false;
        const qint64 number = QString::fromStdString(value.get_ref<const std::string &>()).toLongLong(&isNumber);
        if (!isNumber)
            return wrong(question, u"is no number"_s);
        return json(number);
    }
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (std::abs(number) < 1e6 && std::trunc(number) == number)
            return json(static_cast<qint64>(number));
    }
    if (!value.is_number_integer())
        return wrong(question, u"is no number"_s);
    return value;
}

} // namespace

Result<json> answerFrom(const ReviewQuestion &question, const json &raw, const QHash<QString, QString> &optionTexts)
{
    const json value = inside(raw);
    if (value.is_null())
        return value;
    switch (question.kind) {
    case QuestionKind::Options:
    case QuestionKind::Choice:
    case QuestionKind::MultiChoice:
        return chosen(question, value, optionTexts);
    case QuestionKind::Scale:
        return step(question, value);
    case QuestionKind::Text: {
        const auto said = textsOf(value);
        if (!said)
            return wrong(question, u"is no text"_s);
        const QString text = said->join(u'\n');
        return text.isEmpty() ? json(nullptr) : json(text.toStdString());
    }
    case QuestionKind::Flag: {
        if (value.is_boolean())
            return value;
        const auto said = textsOf(value);
        if (said && said->isEmpty())
            return json(nullptr);
        if (!said || said->size() != 1 || (said->constFirst() != flagOn && said->constFirst() != flagOff))
            return wrong(question, u"is neither yes nor no"_s);
        return json(said->constFirst() == flagOn);
    }
    }
    return wrong(question, u"is of no known kind"_s);
}

} // namespace evalwright::review
