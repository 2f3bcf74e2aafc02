// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/questionnaire.h"

#include "core/foreignjson.h"
#include "core/jsontexts.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype mostQuestions = 50, mostChoices = 20, longestText = 10000;
constexpr int mostSteps = 9; // One key each.

constexpr std::array kinds{
    std::pair{QuestionKind::Options, "options"_L1},   std::pair{QuestionKind::Choice, "choice"_L1},
    std::pair{QuestionKind::MultiChoice, "multi-choice"_L1}, std::pair{QuestionKind::Scale, "scale"_L1},
    std::pair{QuestionKind::Text, "text"_L1},         std::pair{QuestionKind::Flag, "flag"_L1},
};

tl::unexpected<Error> broken(const QString &where, const QString &what)
{
    return failure(ErrorCode::InvalidInput, u"The questionnaire is not well formed: %1 %2."_s.arg(where, what),
                   u"See docs/review.md for what a questionnaire holds."_s);
}

bool isName(const QString &name)
{
    static const QRegularExpression valid(u"\\A[a-z0-9][a-z0-9_-]{0,31}\\z"_s);
    return valid.match(name).hasMatch();
}

bool isLanguage(const QString &name)
{
    static const QRegularExpression valid(u"\\A[a-z]{2,3}(_[A-Z]{2})?\\z"_s);
    return valid.match(name).hasMatch();
}

/// Reads members of one object, and afterwards that there were no others.
class Members
{
public:
    Members(const json &object, QString where) : m_object(object), m_where(std::move(where)) {}
    const json *find(const char *name)
    {
        m_known << QString::fromLatin1(name);
        const auto found = m_object.find(name);
        return found == m_object.end() || found->is_null() ? nullptr : &*found;
    }
    QString place(const char *name) const { return m_where + u'.' + QString::fromLatin1(name); }

    Result<QString> text(const char *name, const QString &otherwise = {})
    {
        const json *value = find(name);
        if (!value)
            return otherwise;
        if (!value->is_string())
            return broken(place(name), u"should be a text"_s);
        const QString text = QString::fromStdString(value->get_ref<const std::string &>());
        if (text.size() > longestText)
            return broken(place(name), u"is longer than %1 characters"_s.arg(longestText));
        return text;
    }
    Result<LocalText> localText(const char *name, bool required)
    {
        LocalText out;
        const json *value = find(name);
        if (value && value->is_object()) {
            for (const auto &[language, one] : value->items()) {
                const QString key = QString::fromStdString(language);
                if (!isLanguage(key) || !one.is_string())
                    return broken(place(name), u"should be a text, or texts by language"_s);
                const QString text = QString::fromStdString(one.get_ref<const std::string &>());
                if (text.size() > longestText)
                    return broken(place(name), u"is longer than %1 characters"_s.arg(longestText));
                if (key == "en"_L1)
                    out.text = text;
                else
                    out.in.insert(key, text);
            }
        } else {
            EVALWRIGHT_ASSIGN(out.text, text(name));
        }
        if ((required || !out.in.isEmpty()) && out.text.trimmed().isEmpty())
            return broken(place(name), u"is missing in English"_s);
        return out;
    }
    Result<int> whole(const char *name, int otherwise)
    {
        const json *value = find(name);
        if (!value)
            return otherwise;
        if (!value->is_number_integer() || value->get<qint64>() < -1000 || value->get<qint64>() > 1000)
            return broken(place(name), u"should be a whole number"_s);
        return static_cast<int>(value->get<qint64>());
    }
    Result<bool> flag(const char *name, bool otherwise)
    {
        const json *value = find(name);
        if (!value)
            return otherwise;
        if (!value->is_boolean())
            return broken(place(name), u"should be true or false"_s);
        return value->get<bool>();
    }
    Status nothingElse() const
    {
        for (const auto &[name, value] : m_object.items()) {
            if (!m_known.contains(QString::fromStdString(name)))
                return broken(m_where, u"has a member “%1” that means nothing"_s.arg(QString::fromStdString(name).left(64)));
        }
        return {};
    }

private:
    const json &m_object;
    QString m_where;
    QStringList m_known;
};

json localJson(const LocalText &text)
{
    if (text.in.isEmpty())
        return text.text.toStdString();
    json out{{"en", text.text.toStdString()}};
    for (auto it = text.in.cbegin(); it != text.in.cend(); ++it)
        out[it.key().toStdString()] = it.value().toStdString();
    return out;
}

/// What a value of `shownValues` is compared with.
QStringList answerTexts(const json &answer)
{
    if (answer.is_string())
        return {QString::fromStdString(answer.get_ref<const std::string &>())};
    if (answer.is_boolean())
        return {answer.get<bool>() ? u"true"_s : u"false"_s};
    if (answer.is_number_integer())
        return {QString::number(answer.get<qint64>())};
    QStringList list;
    if (answer.is_array()) {
        for (const json &one : answer)
            list += answerTexts(one);
    }
    return list;
}

QStringList keysOf(const ReviewQuestion &question)
{
    QStringList keys;
    for (const ReviewChoice &choice : question.choices)
        keys << choice.key;
    return keys;
}

Result<QList<ReviewChoice>> choicesFrom(const json &list, const QString &where)
{
    if (!list.is_array() || list.size() < 2 || list.size() > mostChoices)
        return broken(where, u"should be a list of 2 to %1 choices"_s.arg(mostChoices));
    QList<ReviewChoice> choices;
    for (const json &one : list) {
        const QString place = u"%1[%2]"_s.arg(where).arg(choices.size());
        if (!one.is_object())
            return broken(place, u"should be an object with key and text"_s);
        Members members(one, place);
        ReviewChoice choice;
        EVALWRIGHT_ASSIGN(choice.key, members.text("key"));
        EVALWRIGHT_ASSIGN(choice.text, members.localText("text", true));
        EVALWRIGHT_TRY(members.nothingElse());
        if (!isName(choice.key))
            return broken(place, u"needs a key of a-z, 0-9, - and _"_s);
        if (std::ranges::find(choices, choice.key, &ReviewChoice::key) != choices.end())
            return broken(place, u"has the key of another one"_s);
        choices << choice;
    }
    return choices;
}

Result<ReviewQuestion> questionFrom(const json &document, const QString &where, const QList<ReviewQuestion> &before)
{
    if (!document.is_object())
        return broken(where, u"should be an object"_s);
    Members members(document, where);
    ReviewQuestion question;
    EVALWRIGHT_ASSIGN(question.id, members.text("id"));
    if (!isName(question.id))
        return broken(where, u"needs an id of a-z, 0-9, - and _"_s);
    if (std::ranges::find(before, question.id, &ReviewQuestion::id) != before.end())
        return broken(where, u"has the id of another question"_s);
    EVALWRIGHT_ASSIGN(const QString kind, members.text("kind"));
    const auto known = std::ranges::find_if(kinds, [&](const auto &one) { return one.second == kind; });
    if (known == kinds.end())
        return broken(members.place("kind"), u"should be options, choice, multi-choice, scale, text or flag"_s);
    question.kind = known->first;
    EVALWRIGHT_ASSIGN(question.text, members.localText("text", true));
    if (question.kind == QuestionKind::Choice || question.kind == QuestionKind::MultiChoice) {
        const json *choices = members.find("choices");
        EVALWRIGHT_ASSIGN(question.choices, choicesFrom(choices ? *choices : json(), members.place("choices")));
    }
    if (question.kind == QuestionKind::Scale) {
        EVALWRIGHT_ASSIGN(question.low, members.whole("low", 1));
        EVALWRIGHT_ASSIGN(question.high, members.whole("high", 5));
        if (question.low < 0 || question.high <= question.low || question.high - question.low >= mostSteps)
            return broken(where, u"should have a scale of 2 to %1 steps from 0 on"_s.arg(mostSteps));
        EVALWRIGHT_ASSIGN(question.lowText, members.localText("low_text", false));
        EVALWRIGHT_ASSIGN(question.highText, members.localText("high_text", false));
    }
    const bool flag = question.kind == QuestionKind::Flag, text = question.kind == QuestionKind::Text;
    EVALWRIGHT_ASSIGN(question.required, members.flag("required", !flag && !text));
    if (flag && question.required)
        return broken(where, u"is a flag, which cannot be required: off is an answer"_s);
    if (const json *shown = members.find("shown_if")) {
        if (!shown->is_object())
            return broken(members.place("shown_if"), u"should name a question and values"_s);
        Members condition(*shown, members.place("shown_if"));
        EVALWRIGHT_ASSIGN(question.shownIf, condition.text("question"));
        const json *values = condition.find("values");
        EVALWRIGHT_TRY(condition.nothingElse());
        const auto earlier = std::ranges::find(before, question.shownIf, &ReviewQuestion::id);
        if (earlier == before.end())
            return broken(members.place("shown_if"), u"names no earlier question"_s);
        if (!values || !values->is_array() || values->empty())
            return broken(members.place("shown_if"), u"needs a list of values"_s);
        for (const json &value : *values) {
            const QStringList texts = answerTexts(value);
            if (texts.isEmpty()) // Null or an object: kept, it would be an empty list that cannot be read again.
                return broken(members.place("shown_if"), u"has a value that no answer can be"_s);
            question.shownValues += texts;
        }
        const QStringList possible = possibleAnswers(*earlier);
        for (const QString &value : std::as_const(question.shownValues)) {
            if (!possible.isEmpty() && !possible.contains(value))
                return broken(members.place("shown_if"), u"waits for “%1”, which is no answer there"_s.arg(value.left(64)));
        }
    }
    EVALWRIGHT_TRY(members.nothingElse());
    return question;
}

tl::unexpected<Error> wrongAnswer(const ReviewQuestion &question, const QString &what)
{
    return failure(ErrorCode::InvalidInput, u"The answer to “%1” %2."_s.arg(question.id, what));
}

Status checkAnswer(const ReviewQuestion &question, const json &answer, const QStringList &options)
{
    switch (question.kind) {
    case QuestionKind::Options:
    case QuestionKind::Choice: {
        const QStringList offered = question.kind == QuestionKind::Options ? options : keysOf(question);
        if (!answer.is_string() || !offered.contains(QString::fromStdString(answer.get_ref<const std::string &>())))
            return wrongAnswer(question, u"is none of those on offer"_s);
        return {};
    }
    case QuestionKind::MultiChoice: {
        const QStringList given = answerTexts(answer), offered = keysOf(question);
        qsizetype last = -1;
        for (const QString &key : given) {
            const qsizetype at = offered.indexOf(key);
            if (at <= last)
                return wrongAnswer(question, u"should name choices on offer, each once and in their order"_s);
            last = at;
        }
        if (!answer.is_array() || answer.size() != static_cast<size_t>(given.size()))
            return wrongAnswer(question, u"should be a list of choices"_s);
        return {};
    }
    case QuestionKind::Scale:
        if (!answer.is_number_integer() || answer.get<qint64>() < question.low || answer.get<qint64>() > question.high)
            return wrongAnswer(question, u"should be a whole number from %1 to %2"_s.arg(question.low).arg(question.high));
        return {};
    case QuestionKind::Text:
        if (!answer.is_string() || answer.get_ref<const std::string &>().size() > static_cast<size_t>(4 * longestText))
            return wrongAnswer(question, u"should be a text of at most %1 characters"_s.arg(longestText));
        return {};
    case QuestionKind::Flag:
        if (!answer.is_boolean())
            return wrongAnswer(question, u"should be true or false"_s);
        return {};
    }
    return {};
}

bool isEmpty(const json &answer)
{
    return answer.is_null() || (answer.is_string() && answer.get_ref<const std::string &>().empty()) ||
           (answer.is_array() && answer.empty());
}

} // namespace

QString LocalText::forLanguage(const QString &language) const
{
    if (const auto exact = in.constFind(language); exact != in.constEnd())
        return *exact;
    if (const auto base = in.constFind(language.section(u'_', 0, 0)); base != in.constEnd())
        return *base;
    return text;
}

QStringList possibleAnswers(const ReviewQuestion &question)
{
    switch (question.kind) {
    case QuestionKind::Choice:
    case QuestionKind::MultiChoice:
        return keysOf(question);
    case QuestionKind::Scale: {
        QStringList steps;
        for (int step = question.low; step <= question.high; ++step)
            steps << QString::number(step);
        return steps;
    }
    case QuestionKind::Flag:
        return {u"true"_s, u"false"_s};
    case QuestionKind::Options:
    case QuestionKind::Text:
        break;
    }
    return {};
}

QString questionKindName(QuestionKind kind)
{
    return std::ranges::find(kinds, kind, &decltype(kinds)::value_type::first)->second;
}

QStringList Questionnaire::languages() const
{
    QStringList all;
    const auto add = [&all](const LocalText &text) { all += text.in.keys(); };
    for (const ReviewQuestion &question : questions) {
        for (const LocalText *text : {&question.text, &question.lowText, &question.highText})
            add(*text);
        for (const ReviewChoice &choice : question.choices)
            add(choice.text);
    }
    all.removeDuplicates();
    all.sort();
    return all;
}

const ReviewQuestion *Questionnaire::find(const QString &id) const
{
    const auto found = std::ranges::find(questions, id, &ReviewQuestion::id);
    return found == questions.end() ? nullptr : &*found;
}

const ReviewQuestion *Questionnaire::labelQuestion() const
{
    auto found = std::ranges::find(questions, QuestionKind::Options, &ReviewQuestion::kind);
    if (found == questions.end())
        found = std::ranges::find_if(questions, [](const ReviewQuestion &one) {
            return one.kind == QuestionKind::Choice && one.required && one.shownIf.isEmpty();
        });
    return found == questions.end() ? nullptr : &*found;
}

json Questionnaire::toJson() const
{
    json list = json::array();
    for (const ReviewQuestion &question : questions) {
        json one{{"id", question.id.toStdString()},
                 {"kind", questionKindName(question.kind).toStdString()},
                 {"text", localJson(question.text)}};
        if (!question.choices.isEmpty()) {
            one["choices"] = json::array();
            for (const ReviewChoice &choice : question.choices)
                one["choices"].push_back({{"key", choice.key.toStdString()}, {"text", localJson(choice.text)}});
        }
        if (question.kind == QuestionKind::Scale) {
            one["low"] = question.low;
            one["high"] = question.high;
            if (!question.lowText.text.isEmpty())
                one["low_text"] = localJson(question.lowText);
            if (!question.highText.text.isEmpty())
                one["high_text"] = localJson(question.highText);
        }
        if (question.kind != QuestionKind::Flag)
            one["required"] = question.required;
        if (!question.shownIf.isEmpty())
            one["shown_if"] = {{"question", question.shownIf.toStdString()}, {"values", textsToJson(question.shownValues)}};
        list.push_back(one);
    }
    return {{"format", "evalwright-questionnaire/1"},
            {"name", name.toStdString()},
            {"title", title.toStdString()},
            {"questions", list}};
}

Result<Questionnaire> Questionnaire::fromJson(const json &document)
{
    if (!document.is_object())
        return broken(u"it"_s, u"should be a JSON object"_s);
    Members members(document, u"questionnaire"_s);
    EVALWRIGHT_ASSIGN(const QString format, members.text("format"));
    if (format != "evalwright-questionnaire/1"_L1)
        return broken(u"format"_s, u"should be evalwright-questionnaire/1"_s);
    Questionnaire made;
    EVALWRIGHT_ASSIGN(made.name, members.text("name"));
    if (!isName(made.name))
        return broken(u"name"_s, u"should be 1 to 32 of the characters a-z, 0-9, - and _"_s);
    EVALWRIGHT_ASSIGN(made.title, members.text("title"));
    const json *questions = members.find("questions");
    EVALWRIGHT_TRY(members.nothingElse());
    if (!questions || !questions->is_array() || questions->empty() || questions->size() > mostQuestions)
        return broken(u"questions"_s, u"should be a list of 1 to %1 questions"_s.arg(mostQuestions));
    for (const json &one : *questions) {
        EVALWRIGHT_ASSIGN(const ReviewQuestion question,
                          questionFrom(one, u"questions[%1]"_s.arg(made.questions.size()), made.questions));
        made.questions << question;
    }
    if (std::ranges::count(made.questions, QuestionKind::Options, &ReviewQuestion::kind) > 1)
        return broken(u"questions"_s, u"can ask for one of the item's options only once"_s);
    return made;
}

Result<Questionnaire> Questionnaire::fromText(const QByteArray &utf8)
{
    const json document = parseForeignJson(utf8);
    if (document.is_discarded())
        return broken(u"it"_s, u"is not JSON"_s);
    return fromJson(document);
}

bool isShown(const Questionnaire &questionnaire, const ReviewQuestion &question, const json &answers)
{
    if (question.shownIf.isEmpty())
        return true;
    const ReviewQuestion *earlier = questionnaire.find(question.shownIf);
    if (!earlier || !isShown(questionnaire, *earlier, answers))
        return false;
    const auto found = answers.find(question.shownIf.toStdString());
    const QStringList given = found == answers.end()
                                  ? (earlier->kind == QuestionKind::Flag ? QStringList{u"false"_s} : QStringList())
                                  : answerTexts(*found);
    return std::ranges::any_of(given, [&](const QString &value) { return question.shownValues.contains(value); });
}

Result<json> checkedAnswers(const Questionnaire &questionnaire, const json &answers, const QStringList &options,
                            bool complete)
{
    if (!answers.is_object())
        return failure(ErrorCode::InvalidInput, u"The answers should be a JSON object."_s);
    for (const auto &[id, answer] : answers.items()) {
        if (!questionnaire.find(QString::fromStdString(id)))
            return failure(ErrorCode::InvalidInput,
                           u"There is no question “%1”."_s.arg(QString::fromStdString(id).left(64)));
    }
    json kept = json::object();
    for (const ReviewQuestion &question : questionnaire.questions) {
        if (!isShown(questionnaire, question, answers))
            continue;
        const auto found = answers.find(question.id.toStdString());
        if (found != answers.end() && !isEmpty(*found)) {
            EVALWRIGHT_TRY(checkAnswer(question, *found, options));
            kept[question.id.toStdString()] = *found;
        } else if (question.kind == QuestionKind::Flag && complete) {
            kept[question.id.toStdString()] = false;
        } else if (question.required && complete) {
            return failure(ErrorCode::InvalidInput, u"“%1” is not answered."_s.arg(question.id));
        }
    }
    return kept;
}

} // namespace evalwright
