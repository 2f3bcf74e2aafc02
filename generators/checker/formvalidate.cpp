// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsonpositions.h"
#include "generators/checker/form.h"

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

enum class Kind { Text, Texts, Object, List };

struct Field
{
    const char *name;
    Kind kind;
};

constexpr std::array wordingFields{Field{"user", Kind::Text}, Field{"prefill", Kind::Text},
                                   Field{"chat_suffix", Kind::Text}, Field{"completion", Kind::Text}};
constexpr std::array topFields{Field{"format", Kind::Text},      Field{"name", Kind::Text},
                               Field{"title", Kind::Text},       Field{"status", Kind::Text},
                               Field{"requirement", Kind::Text}, Field{"family", Kind::Text},
                               Field{"frames", Kind::Texts},     Field{"user", Kind::Text},
                               Field{"prefill", Kind::Text},     Field{"chat_suffix", Kind::Text},
                               Field{"completion", Kind::Text},  Field{"orders", Kind::List},
                               Field{"paraphrases", Kind::List}};
constexpr std::array orderFields{Field{"name", Kind::Text}, Field{"values", Kind::Object},
                                 Field{"matching", Kind::Texts}, Field{"other", Kind::Texts},
                                 Field{"first", Kind::Text}};

constexpr size_t mostOrders = 8, mostParaphrases = 8;

bool isTexts(const json &value)
{
    return value.is_array() && !value.empty() && std::ranges::all_of(value, [](const json &v) {
        return v.is_string() && !QString::fromStdString(v.get<std::string>()).trimmed().isEmpty();
    });
}

class FormChecker
{
public:
    FormChecker(const QByteArray &bytes, QList<RecipeProblem> &out) : m_positions(jsonPositions(bytes)), m_out(out) {}

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
            const QString name = QString::fromLatin1(field.name), at = pointer + u'/' + name;
            if (!object.contains(field.name)) {
                problem(pointer, u"“%1” is missing"_s.arg(name));
                continue;
            }
            const json &value = object.at(field.name);
            if (field.kind == Kind::Text && !value.is_string())
                problem(at, u"a text is expected here"_s);
            if (field.kind == Kind::Texts && !isTexts(value))
                problem(at, u"a list of texts is expected here"_s);
            if (field.kind == Kind::Object && !value.is_object())
                problem(at, u"an object is expected here"_s);
            if (field.kind == Kind::List && !value.is_array())
                problem(at, u"a list is expected here"_s);
        }
        for (const auto &member : object.items()) {
            if (std::ranges::none_of(wanted, [&](const Field &f) { return member.key() == f.name; }))
                problem(pointer + u'/' + QString::fromStdString(member.key()),
                        u"“%1” is not a name a checker form knows"_s.arg(QString::fromStdString(member.key())));
        }
        return m_out.size() == before;
    }

    void oneOf(const json &value, const QString &pointer, const QStringList &allowed)
    {
        const QString text = QString::fromStdString(value.get<std::string>());
        if (!allowed.contains(text))
            problem(pointer, u"“%1” must be one of: %2"_s.arg(text, allowed.join(u", "_s)));
    }

    void templateText(const json &value, const QString &pointer, const QStringList &known,
                      const QStringList &required = {})
    {
        for (const TemplateProblem &p :
             checkTemplate(QString::fromStdString(value.get<std::string>()), known, required))
            problem(pointer, u"%1 (line %2, column %3 of the text)"_s.arg(p.message).arg(p.line).arg(p.column));
    }

private:
    QHash<QString, TextPosition> m_positions;
    QList<RecipeProblem> &m_out;
};

QStringList itemNames(const json &document)
{
    if (document.at("family") == "multiple-choice")
        return {u"description"_s, u"contrast"_s,        u"topic"_s,       u"subject"_s,
                u"stem"_s,        u"matching_option"_s, u"other_option"_s};
    return {u"description"_s, u"contrast"_s, u"subject"_s, u"kind"_s, u"statement"_s};
}

/// The words of both sides must be told apart: none may begin another of the other side.
bool overlap(const json &order)
{
    const auto folded = [](const json &word) {
        return QString::fromStdString(word.get<std::string>()).trimmed().toLower();
    };
    return std::ranges::any_of(order.at("matching"), [&](const json &a) {
        return std::ranges::any_of(order.at("other"), [&](const json &b) {
            return folded(a).startsWith(folded(b)) || folded(b).startsWith(folded(a));
        });
    });
}

/// Returns the names that every order gives; only those can be used in the texts.
QStringList checkOrders(FormChecker &checker, const json &orders, const QStringList &known)
{
    QStringList given, names;
    if (orders.empty() || orders.size() > mostOrders)
        checker.problem(u"/orders"_s, u"one to %1 orders are expected here"_s.arg(mostOrders));
    for (size_t i = 0; i < orders.size(); ++i) {
        const QString at = u"/orders/%1"_s.arg(i);
        const json &order = orders[i];
        if (!checker.fields(order, at, orderFields))
            continue;
        const QString name = QString::fromStdString(order.at("name").get<std::string>());
        if (name.isEmpty() || names.contains(name))
            checker.problem(at + u"/name"_s, u"an order needs a name of its own"_s);
        names << name;
        checker.oneOf(order.at("first"), at + u"/first"_s, {u"matching"_s, u"other"_s});
        if (overlap(order))
            checker.problem(at + u"/matching"_s, u"a word of one answer begins a word of the other"_s);
        QStringList own;
        for (const auto &[key, value] : order.at("values").items()) {
            const QString valueName = QString::fromStdString(key), valueAt = at + u"/values/"_s + valueName;
            own << valueName;
            if (known.contains(valueName))
                checker.problem(valueAt, u"“%1” is a value of the item"_s.arg(valueName));
            if (!value.is_string())
                checker.problem(valueAt, u"a text is expected here"_s);
            else
                checker.templateText(value, valueAt, known);
        }
        if (i == 0)
            given = own;
        else if (own != given)
            checker.problem(at + u"/values"_s, u"every order must give the same names: %1"_s.arg(given.join(u", "_s)));
    }
    return given;
}

void checkWording(FormChecker &checker, const json &wording, const QString &at, const QStringList &known,
                  const QString &mustUse, bool rawOnly)
{
    const bool hasText = !wording.at("completion").get<std::string>().empty();
    // A form for raw completions alone needs no turns.
    const bool turns = !(rawOnly && hasText);
    checker.templateText(wording.at("user"), at + u"/user"_s, known, turns ? QStringList{mustUse} : QStringList());
    checker.templateText(wording.at("prefill"), at + u"/prefill"_s, known);
    checker.templateText(wording.at("chat_suffix"), at + u"/chat_suffix"_s, known);
    checker.templateText(wording.at("completion"), at + u"/completion"_s, known,
                         hasText ? QStringList{mustUse} : QStringList());
}

} // namespace

QList<RecipeProblem> CheckerForm::validate(const QByteArray &bytes)
{
    QList<RecipeProblem> problems;
    json document;
    constexpr int deepest = 16; // A form needs four.
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
    } catch (const json::exception &error) { // A number that no computer holds; it has no position.
        return {RecipeProblem{{}, 1, 1, u"this is not JSON: %1"_s.arg(QString::fromUtf8(error.what()))}};
    }
    if (tooDeep)
        return {RecipeProblem{{}, 1, 1, u"this is nested too deeply to be a checker form"_s}};
    FormChecker checker(bytes, problems);
    if (!checker.fields(document, {}, topFields))
        return problems;
    checker.oneOf(document.at("format"), u"/format"_s, {u"evalwright-checker/1"_s});
    checker.oneOf(document.at("requirement"), u"/requirement"_s, {u"label"_s, u"relevance"_s});
    checker.oneOf(document.at("family"), u"/family"_s, {u"persona"_s, u"multiple-choice"_s});
    if (document.at("name").get<std::string>().empty())
        checker.problem(u"/name"_s, u"a form needs a name"_s);
    for (size_t i = 0; i < document.at("frames").size(); ++i)
        checker.oneOf(document.at("frames")[i], u"/frames/%1"_s.arg(i),
                      {u"completion"_s, u"chat-prefill"_s, u"chat"_s});
    QStringList known = itemNames(document);
    const QString mustUse = document.at("family") == "persona" ? u"statement"_s : u"stem"_s;
    known << checkOrders(checker, document.at("orders"), known);
    const json rawFrames = json::array({"completion"});
    const bool rawOnly = document.at("frames") == rawFrames;
    checkWording(checker, document, {}, known, mustUse, rawOnly);
    if (document.at("paraphrases").size() > mostParaphrases)
        checker.problem(u"/paraphrases"_s, u"at most %1 paraphrases"_s.arg(mostParaphrases));
    for (size_t i = 0; i < document.at("paraphrases").size(); ++i) {
        const QString at = u"/paraphrases/%1"_s.arg(i);
        if (checker.fields(document.at("paraphrases")[i], at, wordingFields))
            checkWording(checker, document.at("paraphrases")[i], at, known, mustUse, rawOnly);
    }
    return problems;
}

} // namespace evalwright
