// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/recipedata.h"
#include "core/jsontexts.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString textOf(const json &object, const char *name)
{
    return QString::fromStdString(object.at(name).get<std::string>());
}

} // namespace

json toJson(const QList<GoldItem> &golds)
{
    json list = json::array();
    for (const GoldItem &gold : golds) {
        list.push_back({{"stem", gold.stem.toStdString()},
                        {"options", textsToJson(gold.options)},
                        {"matching_index", gold.matchingIndex}});
    }
    return list;
}

json toJson(const QuestionBank &bank)
{
    json questions = json::array();
    for (const BankQuestion &question : bank.questions) {
        json answers = json::object();
        for (auto it = question.answers.begin(); it != question.answers.end(); ++it)
            answers[it.key().toStdString()] = it.value();
        questions.push_back({{"id", question.id.toStdString()},
                             {"question", question.stem.toStdString()},
                             {"options", textsToJson(question.options)},
                             {"answers", answers}});
    }
    return {{"name", bank.name.toStdString()}, {"title", bank.title.toStdString()}, {"questions", questions}};
}

json toJson(const QList<OccupationRow> &occupations)
{
    json list = json::array();
    for (const OccupationRow &row : occupations) {
        list.push_back({{"title", row.title.toStdString()},
                        {"occupation", row.occupation.toStdString()},
                        {"other_person", row.otherPerson.toStdString()},
                        {"percent_women", row.percentWomen ? json(*row.percentWomen) : json()}});
    }
    return list;
}

QList<GoldItem> goldsFromJson(const json &list)
{
    QList<GoldItem> golds;
    for (const json &gold : list)
        golds << GoldItem{textOf(gold, "stem"), textsFromJson(gold.at("options")), gold.at("matching_index").get<int>()};
    return golds;
}

QuestionBank bankFromJson(const json &object)
{
    QuestionBank bank{textOf(object, "name"), textOf(object, "title"), {}};
    for (const json &each : object.at("questions")) {
        BankQuestion question{textOf(each, "id"), textOf(each, "question"), textsFromJson(each.at("options")), {}};
        if (each.contains("answers")) {
            for (const auto &answer : each.at("answers").items())
                question.answers.insert(QString::fromStdString(answer.key()), answer.value().get<int>());
        }
        bank.questions << question;
    }
    return bank;
}

QList<OccupationRow> occupationsFromJson(const json &list)
{
    QList<OccupationRow> rows;
    for (const json &each : list) {
        OccupationRow row{textOf(each, "title"), textOf(each, "occupation"), textOf(each, "other_person"), {}};
        if (each.at("percent_women").is_number())
            row.percentWomen = each.at("percent_women").get<double>();
        rows << row;
    }
    return rows;
}

QString letterLabel(int index)
{
    return u" (%1)"_s.arg(QChar(u'A' + index));
}

QString optionLines(const QStringList &options)
{
    QString lines;
    for (qsizetype i = 0; i < options.size(); ++i)
        lines += u'\n' + letterLabel(static_cast<int>(i)) + u' ' + options[i];
    return lines;
}

} // namespace evalwright
