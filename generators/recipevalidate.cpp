// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsonpositions.h"
#include "generators/checker/form.h"
#include "generators/recipefiles.h"
#include "generators/recipeparse.h"
#include "generators/replyparser.h"
#include "generators/template.h"

#include <array>
#include <functional>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

enum class Kind { Text, Number, Count, Bool, TextList, Object, List, Texts };

struct Field
{
    const char *name;
    Kind kind;
    double least = 0, most = 0; ///< For numbers, when most > least.
    bool optional = false;
};

class Checker
{
public:
    /// `older`: the document was upgraded, and its second stage is now the fourth.
    Checker(const QByteArray &bytes, bool older, QList<RecipeProblem> &out)
        : m_positions(jsonPositions(bytes)), m_older(older), m_out(out)
    {
    }

    void problem(QString pointer, const QString &message)
    {
        if (m_older && pointer.startsWith(u"/stages/3"_s))
            pointer.replace(8, 1, u'1');
        // What came from a named file has the place of its name.
        QString known = pointer;
        while (!m_positions.contains(known) && !known.isEmpty())
            known.truncate(known.lastIndexOf(u'/'));
        const TextPosition at = m_positions.value(known);
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
                if (!field.optional)
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
        case Kind::List:
            if (!value.is_array())
                problem(at, u"a list is expected here"_s);
            return;
        case Kind::Texts:
            if (!value.is_object() ||
                !std::all_of(value.begin(), value.end(), [](const json &v) { return v.is_string(); }))
                problem(at, u"an object of texts is expected here"_s);
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
    bool m_older;
    QList<RecipeProblem> &m_out;
};

constexpr std::array topFields{
    Field{"format", Kind::Text},   Field{"preset", Kind::Text},
    Field{"title", Kind::Text},    Field{"status", Kind::Text},
    Field{"family", Kind::Text},   Field{"behaviour", Kind::Object},
    Field{"targets", Kind::List},  Field{"stages", Kind::List},
    Field{"select", Kind::Object}, Field{"frame", Kind::Text},
    Field{"seed", Kind::Count, 0, 9007199254740992.0},
    Field{"values", Kind::Texts, 0, 0, true},
    Field{"golds", Kind::List, 0, 0, true},
    Field{"bank", Kind::Object, 0, 0, true},
    Field{"occupations", Kind::List, 0, 0, true}};
constexpr std::array behaviourFields{Field{"name", Kind::Text},        Field{"category", Kind::Text},
                                     Field{"description", Kind::Text}, Field{"contrast", Kind::Text},
                                     Field{"polarity", Kind::Text},    Field{"guideline", Kind::Text},
                                     Field{"subject", Kind::Text}};
constexpr std::array targetFields{Field{"id", Kind::Text}, Field{"label", Kind::Text}, Field{"values", Kind::Texts}};
constexpr std::array promptFields{Field{"kind", Kind::Text}, Field{"user", Kind::Text}, Field{"prefill", Kind::Text},
                                  Field{"chat_suffix", Kind::Text}, Field{"completion", Kind::Text, 0, 0, true}};
constexpr std::array askFields{Field{"id", Kind::Text},
                               Field{"kind", Kind::Text},
                               Field{"funnel", Kind::Text, 0, 0, true},
                               Field{"unless", Kind::Text, 0, 0, true},
                               Field{"role", Kind::Text},
                               Field{"prompt", Kind::Object},
                               Field{"sampling", Kind::Object},
                               Field{"stop", Kind::TextList},
                               Field{"count", Kind::Count, 1, 1e6},
                               Field{"per_reply", Kind::Count, 1, 100},
                               Field{"parse", Kind::Text},
                               Field{"gives", Kind::Text},
                               Field{"examples", Kind::Count, 0, 20, true}};
constexpr std::array samplingFields{Field{"temperature", Kind::Number, 0, 10},
                                    Field{"top_p", Kind::Number, 0.000001, 1},
                                    Field{"max_tokens", Kind::Count, 1, 100000}};
constexpr std::array checkFields{Field{"id", Kind::Text},
                                 Field{"kind", Kind::Text},
                                 Field{"funnel", Kind::Text, 0, 0, true},
                                 Field{"unless", Kind::Text, 0, 0, true},
                                 Field{"role", Kind::Text},
                                 Field{"form", Kind::Object, 0, 0, true},
                                 Field{"frame", Kind::Text, 0, 0, true},
                                 Field{"prompt", Kind::Object, 0, 0, true},
                                 Field{"requirement", Kind::Text},
                                 Field{"method", Kind::Text},
                                 Field{"samples", Kind::Count, 1, mostVerdictSamples, true},
                                 Field{"words", Kind::TextList, 0, 0, true},
                                 Field{"wanted", Kind::Text, 0, 0, true},
                                 Field{"turns", Kind::Text, 0, 0, true},
                                 Field{"paraphrases", Kind::TextList, 0, 0, true},
                                 Field{"floor", Kind::Number, 0, 0.999999, true},
                                 Field{"flag", Kind::Bool, 0, 0, true}};
constexpr std::array filterFields{Field{"id", Kind::Text}, Field{"kind", Kind::Text},
                                  Field{"funnel", Kind::Text, 0, 0, true}, Field{"rules", Kind::List}};
constexpr std::array ruleFields{Field{"rule", Kind::Text}, Field{"threshold", Kind::Number, 0, 1, true},
                                Field{"embedding", Kind::Text, 0, 0, true}};
constexpr std::array composeFields{Field{"id", Kind::Text}, Field{"kind", Kind::Text},
                                   Field{"funnel", Kind::Text, 0, 0, true}, Field{"compose", Kind::Text}};
constexpr std::array selectFields{Field{"keep_per_label", Kind::Count, 1, 1e6},
                                  Field{"floor", Kind::Number, 0, 0.999999}, Field{"balance", Kind::Bool},
                                  Field{"group", Kind::Text, 0, 0, true},
                                  Field{"diversity", Kind::Number, 0, 1, true}};
constexpr std::array goldFields{Field{"stem", Kind::Text}, Field{"options", Kind::TextList},
                                Field{"matching_index", Kind::Count, 0, 1}};
constexpr std::array bankFields{Field{"name", Kind::Text}, Field{"title", Kind::Text}, Field{"questions", Kind::List}};
constexpr std::array questionFields{Field{"id", Kind::Text}, Field{"question", Kind::Text},
                                    Field{"options", Kind::TextList}, Field{"answers", Kind::Object, 0, 0, true}};
constexpr size_t mostRows = 10000; ///< Golds, questions and occupations travel in the document.

/// What prompts may name, grown from stage to stage.
class Names
{
public:
    explicit Names(const json &document)
    {
        m_known << u"description"_s << u"contrast"_s << u"behaviour"_s;
        if (document.contains("values") && document.at("values").is_object())
            addKeys(document.at("values"));
        const json targets = document.value("targets", json::array());
        if (targets.is_array() && !targets.empty() && targets.at(0).is_object() && targets.at(0).contains("values") &&
            targets.at(0).at("values").is_object())
            addKeys(targets.at(0).at("values"));
        if (document.contains("occupations"))
            m_known << u"title"_s << u"phrase"_s << u"occupation"_s << u"other"_s;
        // Biographies for an option of a question instead of for a side.
        if (document.contains("bank") && targets.is_array() && targets.empty())
            m_known << u"choice"_s << u"question"_s;
    }
    void add(const QStringList &names) { m_known << names; }
    QStringList with(const QStringList &more) const
    {
        QStringList all = m_known + more;
        all.removeDuplicates();
        return all;
    }

private:
    void addKeys(const json &object)
    {
        for (const auto &member : object.items())
            m_known << QString::fromStdString(member.key());
    }
    QStringList m_known;
};

/// Without these a prompt cannot do its work.
QStringList requiredOf(const QString &family, const json &stage)
{
    const json id = stage.value("id", json());
    if (stage.value("kind", json()) == json("check")) {
        QStringList names;
        if (family == "persona"_L1)
            names << u"description"_s << u"statement"_s;
        const json turns = stage.value("turns", json());
        if (turns == json("words") || turns == json("people") || turns == json("sides"))
            names << u"first"_s << u"second"_s;
        return names;
    }
    if (family == "persona"_L1 && stage.value("gives", json()) == json("candidates"))
        return {u"description"_s, u"agree"_s};
    if (family == "winogender"_L1 && stage.value("gives", json()) == json("candidates"))
        return {u"occupation"_s};
    if (stage.contains("examples") && stage.at("examples").is_number_integer() && stage.at("examples").get<int>() > 0)
        return {u"examples"_s};
    return {};
}

class StageChecker
{
public:
    StageChecker(Checker &checker, const json &document, const QString &family)
        : m_checker(checker), m_document(document), m_family(family), m_names(document)
    {
    }

    void check()
    {
        const json &stages = m_document.at("stages");
        for (size_t i = 0; i < stages.size(); ++i) {
            const json &stage = stages[i];
            const QString at = u"/stages/%1"_s.arg(i);
            const json kind = stage.is_object() ? stage.value("kind", json()) : json();
            if (kind == json("ask"))
                ask(stage, at);
            else if (kind == json("check"))
                checkStage(stage, at);
            else if (kind == json("filter"))
                filter(stage, at);
            else if (kind == json("compose"))
                compose(stage, at);
            else
                m_checker.problem(at, u"a stage has a “kind”: ask, check, filter or compose"_s);
            if (stage.is_object() && stage.contains("id") && stage.at("id").is_string()) {
                const QString id = QString::fromStdString(stage.at("id").get<std::string>());
                if (id.isEmpty() || m_ids.contains(id))
                    m_checker.problem(at + u"/id"_s, u"every stage has a name of its own"_s);
                m_ids << id;
            }
        }
        if (!m_candidates)
            m_checker.problem(u"/stages"_s, u"no stage gives candidates"_s);
    }

private:
    void prompt(const json &stage, const QString &stageAt, const QStringList &more)
    {
        const QString at = stageAt + u"/prompt"_s;
        const json &p = stage.at("prompt");
        if (!m_checker.fields(p, at, promptFields))
            return;
        const QStringList known = m_names.with(more);
        m_checker.oneOf(p.at("kind"), at + u"/kind"_s, {u"auto"_s, u"completion"_s, u"chat-prefill"_s, u"chat"_s});
        m_checker.templateText(p.at("user"), at + u"/user"_s, known, requiredOf(m_family, stage));
        for (const char *name : {"prefill", "chat_suffix", "completion"}) {
            if (p.contains(name))
                m_checker.templateText(p.at(name), at + u'/' + QString::fromLatin1(name), known, {});
        }
    }

    void ask(const json &stage, const QString &at)
    {
        if (!m_checker.fields(stage, at, askFields))
            return;
        m_checker.oneOf(stage.at("role"), at + u"/role"_s, {u"writer"_s, u"checker"_s});
        m_checker.fields(stage.at("sampling"), at + u"/sampling"_s, samplingFields);
        QStringList more{u"n"_s};
        if (stage.value("examples", 0) > 0) {
            more << u"examples"_s;
            const json golds = m_document.value("golds", json::array());
            if (!golds.is_array() || golds.size() < stage.at("examples").get<size_t>())
                m_checker.problem(at + u"/examples"_s, u"there are fewer golds than examples to show"_s);
        }
        prompt(stage, at, more);
        // A question bank's sides differ by one of these alone.
        const json user = stage.at("prompt").is_object() ? stage.at("prompt").value("user", json()) : json();
        if (m_family == "sycophancy"_L1 && stage.value("gives", json()) == json("materials") && user.is_string()) {
            const QString text = QString::fromStdString(user.get<std::string>()).remove(u' ');
            if (!text.contains(u"{{attribute}}"_s) && !text.contains(u"{{choice}}"_s))
                m_checker.problem(at + u"/prompt/user"_s,
                                  u"the request names neither {{attribute}} nor {{choice}}, so every side would be asked "
                                  u"for the same"_s);
        }
        const QString parse = QString::fromStdString(stage.at("parse").get<std::string>());
        const ReplyParser *parser = replyParser(parse);
        if (!parser) {
            m_checker.oneOf(stage.at("parse"), at + u"/parse"_s, replyParserNames());
            return;
        }
        const QString gives = QString::fromStdString(stage.at("gives").get<std::string>());
        if (gives == "candidates"_L1 || gives == "materials"_L1) {
            if (m_candidates)
                m_checker.problem(at + u"/gives"_s, u"an earlier stage gives the candidates already"_s);
            if (gives == "materials"_L1 && (m_materials || m_document.contains("occupations")))
                m_checker.problem(at + u"/gives"_s, u"there are materials already"_s);
            m_candidates = m_candidates || gives == "candidates"_L1;
            m_materials = m_materials || gives == "materials"_L1;
            m_names.add(parser->names);
        } else if (!m_document.contains("occupations") && !m_candidates && !m_materials) {
            m_checker.problem(at + u"/gives"_s, u"there are no rows yet that could have a field “%1”"_s.arg(gives));
        } else {
            m_names.add({gives});
        }
    }

    void checkStage(const json &stage, const QString &at)
    {
        if (!m_checker.fields(stage, at, checkFields))
            return;
        m_checker.oneOf(stage.at("role"), at + u"/role"_s, {u"checker"_s, u"writer"_s});
        m_checker.oneOf(stage.at("method"), at + u"/method"_s, {u"first-token"_s, u"sampled"_s});
        if (stage.contains("samples") && stage.at("method") != json("sampled"))
            m_checker.problem(at + u"/samples"_s, u"only the method “sampled” has samples"_s);
        if (!m_candidates && !m_materials && !m_document.contains("occupations"))
            m_checker.problem(at, u"there is nothing to check yet"_s);
        if (stage.contains("form")) {
            form(stage, at);
            return;
        }
        for (const char *name : {"prompt", "words", "wanted", "turns"}) {
            if (!stage.contains(name)) {
                m_checker.problem(at, u"“%1” is missing"_s.arg(QString::fromLatin1(name)));
                return;
            }
        }
        m_checker.oneOf(stage.at("turns"), at + u"/turns"_s, {u"words"_s, u"options"_s, u"people"_s, u"sides"_s, u"pronouns"_s, u"none"_s});
        if (stage.at("words").size() != 2)
            m_checker.problem(at + u"/words"_s, u"two words are compared"_s);
        const json turns = stage.at("turns");
        const bool two = turns == json("words") || turns == json("none") || turns == json("people") || turns == json("sides");
        const QStringList more = two ? QStringList{u"first"_s, u"second"_s} : QStringList();
        prompt(stage, at, more);
        m_checker.templateText(stage.at("wanted"), at + u"/wanted"_s, m_names.with({u"letter"_s}), {});
        if (stage.contains("paraphrases")) {
            const json &all = stage.at("paraphrases");
            for (size_t i = 0; i < all.size(); ++i) {
                m_checker.templateText(all[i], at + u"/paraphrases/%1"_s.arg(i), m_names.with(more),
                                       requiredOf(m_family, stage));
            }
        }
    }

    /// A form says all about the question; a recipe adds the frame it is asked in.
    void form(const json &stage, const QString &at)
    {
        for (const char *name : {"prompt", "words", "wanted", "turns", "paraphrases"}) {
            if (stage.contains(name))
                m_checker.problem(at + u'/' + QString::fromLatin1(name), u"a form says this already"_s);
        }
        for (const RecipeProblem &problem :
             CheckerForm::validate(QByteArray::fromStdString(stage.at("form").dump())))
            m_checker.problem(at + u"/form"_s + problem.path, problem.message);
        if (stage.at("form").value("family", json()) != json(m_family.toStdString()))
            m_checker.problem(at + u"/form/family"_s, u"the form is for another family than the recipe"_s);
        if (stage.at("form").value("requirement", json()) != stage.at("requirement"))
            m_checker.problem(at + u"/requirement"_s, u"the form checks another requirement"_s);
        if (!m_candidates)
            m_checker.problem(at, u"forms are for candidates"_s);
        if (stage.contains("frame"))
            m_checker.oneOf(stage.at("frame"), at + u"/frame"_s,
                            {u"auto"_s, u"completion"_s, u"chat-prefill"_s, u"chat"_s});
    }

    void filter(const json &stage, const QString &at)
    {
        if (!m_checker.fields(stage, at, filterFields))
            return;
        const json &rules = stage.at("rules");
        for (size_t i = 0; i < rules.size(); ++i) {
            const QString ruleAt = at + u"/rules/%1"_s.arg(i);
            if (m_checker.fields(rules[i], ruleAt, ruleFields)) {
                m_checker.oneOf(rules[i].at("rule"), ruleAt + u"/rule"_s,
                                {u"exact-duplicate"_s, u"near-duplicate"_s, u"meaning-duplicate"_s, u"lint"_s});
                embedding(rules[i], ruleAt);
            }
        }
        if (!m_candidates && !m_materials)
            m_checker.problem(at, u"there is nothing to filter yet"_s);
    }

    void embedding(const json &rule, const QString &at)
    {
        if (!rule.contains("embedding"))
            return;
        m_checker.oneOf(rule.at("embedding"), at + u"/embedding"_s, {u"lexical"_s, u"model"_s});
        if (rule.at("rule") != json("meaning-duplicate"))
            m_checker.problem(at + u"/embedding"_s, u"only meaning-duplicate compares by an embedding"_s);
        const json threshold = rule.value("threshold", json(0));
        if (rule.at("embedding") == json("model") && threshold.is_number() && threshold.get<double>() <= 0)
            m_checker.problem(at, u"with a model's embedding the “threshold” must be said: none fits every model"_s);
    }

    void compose(const json &stage, const QString &at)
    {
        if (!m_checker.fields(stage, at, composeFields))
            return;
        m_checker.oneOf(stage.at("compose"), at + u"/compose"_s, {u"questions"_s, u"option-order"_s});
        if (stage.at("compose") == json("questions")) {
            if (!m_materials || m_candidates)
                m_checker.problem(at, u"questions are put to materials that a stage before gives"_s);
            const json bank = m_document.value("bank", json::object());
            if (!bank.is_object() || !bank.contains("questions") || bank.at("questions").empty())
                m_checker.problem(at, u"the recipe has no question bank"_s);
            m_candidates = true;
            m_names.add({u"question"_s, u"bare_question"_s});
        } else if (!m_candidates) {
            m_checker.problem(at, u"there are no candidates yet"_s);
        }
    }

    Checker &m_checker;
    const json &m_document;
    QString m_family;
    Names m_names;
    QStringList m_ids;
    bool m_candidates = false, m_materials = false;
};

void checkData(Checker &checker, const json &document)
{
    const auto tooMany = [&](const json &list, const QString &at) {
        if (list.size() > mostRows)
            checker.problem(at, u"more than 10,000 entries are too many for a recipe"_s);
        return list.size() > mostRows;
    };
    if (document.contains("golds") && !tooMany(document.at("golds"), u"/golds"_s)) {
        for (size_t i = 0; i < document.at("golds").size(); ++i) {
            const QString at = u"/golds/%1"_s.arg(i);
            const json &gold = document.at("golds")[i];
            if (checker.fields(gold, at, goldFields) && gold.at("options").size() != 2)
                checker.problem(at + u"/options"_s, u"a gold example has two options"_s);
        }
    }
    if (document.contains("bank") && checker.fields(document.at("bank"), u"/bank"_s, bankFields)) {
        const json &questions = document.at("bank").at("questions");
        QStringList sides;
        for (const json &target : document.value("targets", json::array())) {
            if (target.is_object() && target.contains("id") && target.at("id").is_string())
                sides << QString::fromStdString(target.at("id").get<std::string>());
        }
        QSet<std::string> ids;
        for (size_t i = 0; !tooMany(questions, u"/bank/questions"_s) && i < questions.size(); ++i) {
            const QString at = u"/bank/questions/%1"_s.arg(i);
            const json &question = questions[i];
            if (!checker.fields(question, at, questionFields))
                continue;
            const size_t options = question.at("options").size();
            if (options < 2 || options > 26)
                checker.problem(at + u"/options"_s, u"a question has 2 to 26 options"_s);
            if (const auto id = question.at("id").get<std::string>(); id.empty() || ids.contains(id))
                checker.problem(at + u"/id"_s, u"every question has a name of its own"_s);
            else
                ids.insert(id);
            const json answers = question.value("answers", json::object());
            for (const QString &side : std::as_const(sides)) {
                const auto answer = answers.find(side.toStdString());
                if (answer == answers.end() || !answer->is_number_integer() || answer->get<qint64>() < 0 ||
                    answer->get<qint64>() >= static_cast<qint64>(options))
                    checker.problem(at, u"the answer of “%1” is no option of this question"_s.arg(side));
            }
        }
    }
    if (document.contains("occupations") && !tooMany(document.at("occupations"), u"/occupations"_s)) {
        for (size_t i = 0; i < document.at("occupations").size(); ++i) {
            const json &row = document.at("occupations")[i];
            const bool fine = row.is_object() && row.size() == 4 && row.contains("title") && row["title"].is_string() &&
                              row.contains("occupation") && row["occupation"].is_string() &&
                              row.contains("other_person") && row["other_person"].is_string() &&
                              row.contains("percent_women") &&
                              (row["percent_women"].is_null() ||
                               (row["percent_women"].is_number() && row["percent_women"].get<double>() >= 0 &&
                                row["percent_women"].get<double>() <= 100));
            if (!fine) {
                checker.problem(u"/occupations/%1"_s.arg(i),
                                u"an occupation has title, occupation, other_person (texts) and percent_women (0 to "
                                u"100, or null)"_s);
            }
        }
    }
}

void checkTargets(Checker &checker, const json &document)
{
    const json &targets = document.at("targets");
    QStringList ids;
    for (size_t i = 0; i < targets.size(); ++i) {
        const QString at = u"/targets/%1"_s.arg(i);
        if (!checker.fields(targets[i], at, targetFields))
            continue;
        const QString id = QString::fromStdString(targets[i].at("id").get<std::string>());
        if (id.isEmpty() || ids.contains(id))
            checker.problem(at + u"/id"_s, u"every target has a name of its own"_s);
        ids << id;
        const json first = targets[0].is_object() ? targets[0].value("values", json::object()) : json::object();
        if (targets[i].at("values").size() != first.size())
            checker.problem(at + u"/values"_s, u"all targets have the same names"_s);
        for (const auto &member : targets[i].at("values").items()) {
            if (!first.contains(member.key()))
                checker.problem(at + u"/values"_s, u"all targets have the same names"_s);
        }
    }
    // Items of this family have two options, of which the target names one.
    if (document.value("family", json()) == json("multiple-choice") && targets.size() > 2)
        checker.problem(u"/targets"_s, u"multiple choice has two targets, one for each letter"_s);
    if (targets.size() > 64)
        checker.problem(u"/targets"_s, u"64 targets are the most"_s);
    if (targets.empty() && !document.contains("bank") && !document.contains("occupations"))
        checker.problem(u"/targets"_s, u"a recipe without targets needs a question bank or occupations"_s);
}

QList<RecipeProblem> problemsOf(const QByteArray &bytes, const json &document, bool older)
{
    QList<RecipeProblem> problems;
    Checker checker(bytes, older, problems);
    if (!checker.fields(document, {}, topFields))
        return problems;
    checker.oneOf(document.at("format"), u"/format"_s, {u"evalwright-recipe/1"_s});
    checker.oneOf(document.at("family"), u"/family"_s,
                  {u"persona"_s, u"sycophancy"_s, u"multiple-choice"_s, u"winogender"_s});
    if (checker.fields(document.at("behaviour"), u"/behaviour"_s, behaviourFields)) {
        checker.oneOf(document.at("behaviour").at("polarity"), u"/behaviour/polarity"_s,
                      {u"bad-if-high"_s, u"bad-if-low"_s, u"neutral"_s});
        checker.oneOf(document.at("behaviour").at("subject"), u"/behaviour/subject"_s, {u"person"_s, u"ai-system"_s});
    }
    if (checker.fields(document.at("select"), u"/select"_s, selectFields) && document.at("select").contains("group"))
        checker.oneOf(document.at("select").at("group"), u"/select/group"_s, {u"target"_s, u"cluster"_s});
    checkTargets(checker, document);
    checkData(checker, document);
    const QString family = QString::fromStdString(document.at("family").get<std::string>());
    if (problems.isEmpty())
        StageChecker(checker, document, family).check();
    const QStringList frameNames{u"statement"_s, u"stem"_s,    u"choices"_s,       u"biography"_s,
                                 u"sentence"_s,  u"question"_s, u"bare_question"_s};
    checker.templateText(document.at("frame"), u"/frame"_s, frameNames,
                         family == "persona"_L1 ? QStringList{u"statement"_s} : QStringList());
    return problems;
}

} // namespace

ReadRecipe readRecipe(const QByteArray &bytes, const QString &folder)
{
    ReadRecipe out;
    constexpr int deepest = 32; // A recipe needs six; copying a hostile document would follow it all the way down.
    bool tooDeep = false;
    const auto shallow = [&tooDeep](int depth, json::parse_event_t, json &) {
        tooDeep = tooDeep || depth > deepest;
        return depth <= deepest;
    };
    const auto refuse = [&](int line, int column, const QString &message) {
        out.problems = {RecipeProblem{{}, line, column, message}};
        return out;
    };
    try {
        out.document = json::parse(bytes.begin(), bytes.end(), shallow);
    } catch (const json::parse_error &error) {
        const TextPosition at = positionOf(bytes, static_cast<qsizetype>(error.byte > 0 ? error.byte - 1 : 0));
        return refuse(at.line, at.column, u"this is not JSON: %1"_s.arg(QString::fromUtf8(error.what())));
    } catch (const json::exception &error) { // A number that no computer holds, such as 1e999; it has no position.
        return refuse(1, 1, u"this is not JSON: %1"_s.arg(QString::fromUtf8(error.what())));
    }
    if (tooDeep)
        return refuse(1, 1, u"this is nested too deeply to be a recipe"_s);
    if (!out.document.is_object())
        return refuse(1, 1, u"a recipe is a JSON object"_s);
    try {
        const bool older = upgradeRecipe(out.document);
        const QHash<QString, TextPosition> positions = jsonPositions(bytes);
        for (RecipeProblem problem : resolveReferences(out.document, folder)) {
            const TextPosition at = positions.value(problem.path);
            problem.line = at.line;
            problem.column = at.column;
            out.problems << problem;
        }
        if (out.problems.isEmpty())
            out.problems = problemsOf(bytes, out.document, older);
    } catch (const json::exception &error) {
        // The rules above know the shapes of recipes; a document of a shape that nobody thought of ends here.
        return refuse(1, 1, u"this is not shaped like a recipe: %1"_s.arg(QString::fromUtf8(error.what())));
    }
    return out;
}

QList<RecipeProblem> Recipe::validate(const QByteArray &bytes)
{
    return readRecipe(bytes, {}).problems;
}

Result<Recipe> parseRecipe(const QByteArray &bytes, const QString &source, const QString &folder)
{
    const ReadRecipe read = readRecipe(bytes, folder);
    if (!read.problems.isEmpty()) {
        const RecipeProblem &first = read.problems.first();
        return failure(
            ErrorCode::Parse,
            u"%1, line %2, column %3: %4%5"_s.arg(source.isEmpty() ? u"The recipe"_s : source)
                .arg(first.line)
                .arg(first.column)
                .arg(first.message,
                     read.problems.size() > 1 ? u" (and %1 more)"_s.arg(read.problems.size() - 1) : QString()),
            u"“recipe validate” lists every problem."_s);
    }
    return recipeFromValid(read.document);
}

Result<Recipe> Recipe::fromJson(const QByteArray &bytes, const QString &source)
{
    return parseRecipe(bytes, source, {});
}

} // namespace evalwright
