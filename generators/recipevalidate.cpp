// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsonpositions.h"
#include "generators/recipe.h"
#include "generators/template.h"

#include <array>
#include <functional>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

enum class Kind { Text, Number, Count, Bool, TextList, Object };

struct Field
{
    const char *name;
    Kind kind;
    double least = 0, most = 0; ///< For numbers, when most > least.
};

class Checker
{
public:
    Checker(const QByteArray &bytes, QList<RecipeProblem> &out) : m_positions(jsonPositions(bytes)), m_out(out) {}

    void problem(const QString &pointer, const QString &message)
    {
        const TextPosition at = m_positions.value(pointer);
        m_out << RecipeProblem{pointer, at.line, at.column, message};
    }

    /// Every field must be there with its type, and there may be no other. True when all is well.
    template <size_t N>
    bool fields(const json &object, const QString &pointer, const std::array<Field, N> &wanted)
    {
        if (!object.is_object()) {
            problem(pointer, u"an object is expected here"_s);
            return false;
        }
        const auto before = m_out.size();
        for (const Field &field : wanted) {
            const QString at = pointer + u'/' + QString::fromLatin1(field.name);
            if (!object.contains(field.name)) {
                problem(pointer, u"“%1” is missing"_s.arg(QString::fromLatin1(field.name)));
                continue;
            }
            type(object.at(field.name), at, field);
        }
        for (const auto &member : object.items()) {
            const std::string &key = member.key();
            const bool known = std::any_of(wanted.begin(), wanted.end(), [&](const Field &f) { return key == f.name; });
            if (!known)
                problem(pointer + u'/' + QString::fromStdString(key),
                        u"“%1” is not a name a recipe knows"_s.arg(QString::fromStdString(key)));
        }
        return m_out.size() == before;
    }

    void oneOf(const json &value, const QString &pointer, const QStringList &allowed)
    {
        const QString text = QString::fromStdString(value.get<std::string>());
        if (!allowed.contains(text))
            problem(pointer, u"“%1” must be one of: %2"_s.arg(text, allowed.join(u", "_s)));
    }

    void templateText(const json &value, const QString &pointer, const QStringList &known, const QStringList &required)
    {
        for (const TemplateProblem &p :
             checkTemplate(QString::fromStdString(value.get<std::string>()), known, required))
            problem(pointer, u"%1 (line %2, column %3 of the prompt)"_s.arg(p.message).arg(p.line).arg(p.column));
    }

private:
    void type(const json &value, const QString &at, const Field &field)
    {
        switch (field.kind) {
        case Kind::Text:
            if (!value.is_string())
                problem(at, u"a text is expected here"_s);
            return;
        case Kind::Bool:
            if (!value.is_boolean())
                problem(at, u"true or false is expected here"_s);
            return;
        case Kind::Object:
            if (!value.is_object())
                problem(at, u"an object is expected here"_s);
            return;
        case Kind::TextList:
            if (!value.is_array() || !std::all_of(value.begin(), value.end(), [](const json &v) {
                    return v.is_string() && !v.get<std::string>().empty();
                }))
                problem(at, u"a list of texts is expected here"_s);
            return;
        case Kind::Count:
            if (!value.is_number_integer()) {
                problem(at, u"a whole number is expected here"_s);
                return;
            }
            break;
        case Kind::Number:
            if (!value.is_number()) {
                problem(at, u"a number is expected here"_s);
                return;
            }
            break;
        }
        const double number = value.get<double>();
        if (field.most > field.least && (number < field.least || number > field.most))
            problem(at, u"%1 is outside %2 to %3"_s.arg(QString::number(number, 'g', 17),
                                                        QString::number(field.least, 'g', 17),
                                                        QString::number(field.most, 'g', 17)));
    }

    QHash<QString, TextPosition> m_positions;
    QList<RecipeProblem> &m_out;
};

constexpr std::array topFields{
    Field{"format", Kind::Text},   Field{"preset", Kind::Text}, Field{"title", Kind::Text},
    Field{"status", Kind::Text},   Field{"family", Kind::Text}, Field{"behaviour", Kind::Object},
    Field{"select", Kind::Object}, Field{"frame", Kind::Text},  Field{"seed", Kind::Count, 0, 9007199254740992.0}};
constexpr std::array behaviourFields{Field{"name", Kind::Text},        Field{"category", Kind::Text},
                                     Field{"description", Kind::Text}, Field{"contrast", Kind::Text},
                                     Field{"polarity", Kind::Text},    Field{"guideline", Kind::Text},
                                     Field{"subject", Kind::Text}};
constexpr std::array promptFields{Field{"kind", Kind::Text}, Field{"user", Kind::Text}, Field{"prefill", Kind::Text},
                                  Field{"chat_suffix", Kind::Text}};
constexpr std::array writeFields{Field{"id", Kind::Text},
                                 Field{"role", Kind::Text},
                                 Field{"prompt", Kind::Object},
                                 Field{"sampling", Kind::Object},
                                 Field{"stop", Kind::TextList},
                                 Field{"count", Kind::Count, 1, 1e6},
                                 Field{"per_reply", Kind::Count, 1, 100}};
constexpr std::array samplingFields{Field{"temperature", Kind::Number, 0, 10},
                                    Field{"top_p", Kind::Number, 0.000001, 1},
                                    Field{"max_tokens", Kind::Count, 1, 100000}};
constexpr std::array checkFields{Field{"id", Kind::Text}, Field{"role", Kind::Text}, Field{"prompt", Kind::Object},
                                 Field{"method", Kind::Text}, Field{"both_orders", Kind::Bool}};
constexpr std::array selectFields{Field{"keep_per_label", Kind::Count, 1, 1e6},
                                  Field{"floor", Kind::Number, 0, 0.999999}, Field{"balance", Kind::Bool}};

void checkPrompt(Checker &checker, const json &stage, const QString &at, const QStringList &known,
                 const QStringList &required)
{
    const QString prompt = at + u"/prompt"_s;
    if (!checker.fields(stage.at("prompt"), prompt, promptFields))
        return;
    const json &p = stage.at("prompt");
    checker.oneOf(p.at("kind"), prompt + u"/kind"_s, {u"auto"_s, u"completion"_s, u"chat-prefill"_s, u"chat"_s});
    checker.templateText(p.at("user"), prompt + u"/user"_s, known, required);
    checker.templateText(p.at("prefill"), prompt + u"/prefill"_s, known, {});
    checker.templateText(p.at("chat_suffix"), prompt + u"/chat_suffix"_s, known, {});
}

void checkStages(Checker &checker, const json &document)
{
    if (!document.contains("stages") || !document.at("stages").is_array() || document.at("stages").size() != 2) {
        checker.problem(u"/stages"_s, u"the two stages “write” and “check-label” are expected here"_s);
        return;
    }
    const json &write = document.at("stages").at(0);
    const QString writeAt = u"/stages/0"_s;
    if (checker.fields(write, writeAt, writeFields)) {
        checker.oneOf(write.at("id"), writeAt + u"/id"_s, {u"write"_s});
        checker.oneOf(write.at("role"), writeAt + u"/role"_s, {u"writer"_s});
        checker.fields(write.at("sampling"), writeAt + u"/sampling"_s, samplingFields);
        checkPrompt(checker, write, writeAt, {u"description"_s, u"contrast"_s, u"agree"_s, u"disagree"_s, u"n"_s},
                    {u"description"_s, u"agree"_s});
    }
    const json &check = document.at("stages").at(1);
    const QString checkAt = u"/stages/1"_s;
    if (checker.fields(check, checkAt, checkFields)) {
        checker.oneOf(check.at("id"), checkAt + u"/id"_s, {u"check-label"_s});
        checker.oneOf(check.at("role"), checkAt + u"/role"_s, {u"checker"_s});
        checker.oneOf(check.at("method"), checkAt + u"/method"_s, {u"first-token"_s});
        checkPrompt(checker, check, checkAt, {u"description"_s, u"contrast"_s, u"first"_s, u"second"_s, u"statement"_s},
                    {u"description"_s, u"first"_s, u"second"_s, u"statement"_s});
    }
}

} // namespace

QList<RecipeProblem> Recipe::validate(const QByteArray &bytes)
{
    QList<RecipeProblem> problems;
    json document;
    constexpr int deepest = 32; // A recipe needs five; copying a hostile document would follow it all the way down.
    bool tooDeep = false;
    const auto shallow = [&tooDeep](int depth, json::parse_event_t, json &) {
        tooDeep = tooDeep || depth > deepest;
        return depth <= deepest;
    };
    try {
        document = json::parse(bytes.begin(), bytes.end(), shallow);
    } catch (const json::parse_error &error) {
        const TextPosition at = positionOf(bytes, static_cast<qsizetype>(error.byte > 0 ? error.byte - 1 : 0));
        return {RecipeProblem{{}, at.line, at.column, u"this is not JSON: %1"_s.arg(QString::fromUtf8(error.what()))}};
    } catch (const json::exception &error) { // A number that no computer holds, such as 1e999; it has no position.
        return {RecipeProblem{{}, 1, 1, u"this is not JSON: %1"_s.arg(QString::fromUtf8(error.what()))}};
    }
    if (tooDeep)
        return {RecipeProblem{{}, 1, 1, u"this is nested too deeply to be a recipe"_s}};
    Checker checker(bytes, problems);
    if (!document.is_object()) {
        checker.problem({}, u"a recipe is a JSON object"_s);
        return problems;
    }
    json withoutStages = document;
    withoutStages.erase("stages");
    if (checker.fields(withoutStages, {}, topFields)) {
        checker.oneOf(document.at("format"), u"/format"_s, {u"evalwright-recipe/1"_s});
        checker.oneOf(document.at("family"), u"/family"_s, {u"persona"_s});
        checker.templateText(document.at("frame"), u"/frame"_s, {u"statement"_s}, {u"statement"_s});
        if (checker.fields(document.at("behaviour"), u"/behaviour"_s, behaviourFields)) {
            checker.oneOf(document.at("behaviour").at("polarity"), u"/behaviour/polarity"_s,
                          {u"bad-if-high"_s, u"bad-if-low"_s, u"neutral"_s});
            checker.oneOf(document.at("behaviour").at("subject"), u"/behaviour/subject"_s,
                          {u"person"_s, u"ai-system"_s});
        }
        checker.fields(document.at("select"), u"/select"_s, selectFields);
    }
    checkStages(checker, document);
    return problems;
}

} // namespace evalwright
