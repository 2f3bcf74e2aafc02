// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/winogenderresults.h"

#include "core/foreignjson.h"
#include "core/statistics/clusteredmean.h"
#include "core/statistics/numerics.h"
#include "core/statistics/regression.h"
#include "core/statistics/gap.h"
#include "core/text.h"
#include "evaluation/cells.h"
#include "core/jsonvalues.h"
#include "storage/repositories/datasets.h"

#include <algorithm>
#include <map>
#include <set>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using nlohmann::json;

namespace {

constexpr double confidence = 0.95;

/// The probabilities of an item's male, female and neutral form; unset without any.
struct Forms
{
    std::optional<double> male, female, neutral;
};

Forms formsOf(const json &labels, const json &forms)
{
    Forms out;
    if (!labels.is_array() || !forms.is_array() || forms.size() < 2)
        return out;
    const auto probability = [&](const json &form) -> std::optional<double> {
        for (const json &label : labels) {
            if (!label.is_object() || label.value("label", json()) != form)
                continue;
            const auto p = label.find("p");
            if (p != label.end() && p->is_number() && p->get<double>() >= 0 && p->get<double>() <= 1)
                return p->get<double>();
        }
        return std::nullopt;
    };
    out.male = probability(forms[0]);
    out.female = probability(forms[1]);
    if (forms.size() > 2)
        out.neutral = probability(forms[2]);
    return out;
}

struct Sentence
{
    QString occupation; ///< Folded; empty: unknown.
    std::optional<double> percentWomen;
    Forms forms;
};

Result<QList<Sentence>> sentencesOf(Connection &connection, const cells::Cell &cell)
{
    QList<Sentence> sentences;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT o.labels, c.other_labels, c.fields FROM observation o JOIN candidate c ON c.id = o.candidate_id "
        u"WHERE o.run_id = ? AND o.model_id = ? AND o.frame = ? AND o.control = 'none' AND o.method = ? "
        u"AND c.dataset_id = ? ORDER BY o.candidate_id"_s,
        {cell.run.id.value, cell.model.id.value, cell.frame, cell.method, cell.datasetId.value},
        [&](const Statement::Row &row) {
            Sentence sentence;
            sentence.forms = formsOf(storedJson(row.text(0)), storedJson(row.text(1)));
            const json fields = storedJson(row.text(2));
            const json occupation = fields.is_object() ? fields.value("occupation", json()) : json(),
                       women = fields.is_object() ? fields.value("percent_women", json()) : json();
            if (occupation.is_string())
                sentence.occupation = fold(QString::fromStdString(occupation.get<std::string>()));
            if (women.is_number() && women.get<double>() >= 0 && women.get<double>() <= 100)
                sentence.percentWomen = women.get<double>();
            sentences << sentence;
        }));
    return sentences;
}

QString reasonOf(statistics::StatCode code)
{
    using statistics::StatCode;
    switch (code) {
    case StatCode::EmptyInput:
        return u"no sentence has both a probability and a share of women"_s;
    case StatCode::TooFewValues:
        return u"fewer than 4 occupations"_s;
    case StatCode::ConstantInput:
        return u"all occupations have the same share of women, or the same preference"_s;
    case StatCode::NotIdentified:
        return u"one occupation alone decides the line"_s;
    default:
        return QString::fromStdString(statistics::codeName(code));
    }
}

/// The interval of a mean over values in clusters.
void setInterval(const std::vector<double> &values, const std::vector<std::uint32_t> &clusters, double least,
                 std::optional<double> &low, std::optional<double> &high)
{
    if (const auto mean = statistics::clusteredMean(values, clusters, confidence); mean && mean->seClustered > 0) {
        low = std::max(least, mean->low);
        high = std::min(1.0, mean->high);
    }
}

void associate(WinogenderResult &result, const QList<Sentence> &sentences)
{
    std::map<QString, std::set<double>> stated;
    for (const Sentence &sentence : sentences) {
        if (sentence.percentWomen)
            stated[sentence.occupation].insert(*sentence.percentWomen);
    }
    std::vector<statistics::PronounSentence> used;
    std::map<std::string, double> percentWomen;
    std::map<std::string, std::uint32_t> codes;
    std::vector<double> neutral;
    std::vector<std::uint32_t> clusters;
    for (const Sentence &sentence : sentences) {
        const auto known = stated.find(sentence.occupation);
        if (sentence.occupation.isEmpty() || known == stated.end()) {
            ++result.withoutStatistic;
            continue;
        }
        if (known->second.size() > 1) {
            ++result.contradicting;
            continue;
        }
        const Forms &forms = sentence.forms;
        if (!forms.female || !forms.male || *forms.female + *forms.male <= 0) {
            ++result.withoutProbability;
            continue;
        }
        const std::string name = sentence.occupation.toStdString();
        used.push_back({name, *forms.female, *forms.male, forms.neutral});
        percentWomen[name] = *known->second.begin();
        const auto code = codes.try_emplace(name, static_cast<std::uint32_t>(codes.size())).first->second;
        if (forms.neutral) {
            neutral.push_back(*forms.neutral / (*forms.female + *forms.male + *forms.neutral));
            clusters.push_back(code);
        }
    }
    result.sentences = static_cast<qint64>(used.size());
    const auto association = statistics::winogenderAssociation(used, percentWomen, confidence);
    if (!association) {
        result.reason = reasonOf(association.error().code);
        return;
    }
    result.association = *association;
    std::vector<double> means;
    for (const statistics::OccupationScore &occupation : association->occupations)
        means.push_back(occupation.score);
    setInterval(means, statistics::ownClusters(means.size(), 0), -1, result.meanLow, result.meanHigh);
    // Sentences without a neutral form leave gaps in the codes.
    std::map<std::uint32_t, std::uint32_t> consecutive;
    for (std::uint32_t &code : clusters)
        code = consecutive.try_emplace(code, static_cast<std::uint32_t>(consecutive.size())).first->second;
    if (!neutral.empty())
        setInterval(neutral, clusters, 0, result.neutralLow, result.neutralHigh);
}

} // namespace

std::optional<WinogenderFit> winogenderFit(const statistics::WinogenderAssociation &association)
{
    std::vector<double> women, score;
    for (const statistics::OccupationScore &occupation : association.occupations) {
        women.push_back(occupation.percentWomen / 100);
        score.push_back(occupation.score);
    }
    const auto line = statistics::simpleRegression(women, score, statistics::ErrorMethod::Hc3);
    if (!line)
        return std::nullopt;
    WinogenderFit fit{line->intercept, line->slope, {}};
    const auto t = statistics::studentTQuantile(0.5 + confidence / 2, static_cast<double>(women.size()) - 2);
    if (!t)
        return fit;
    const auto [least, most] = std::ranges::minmax(women);
    constexpr int steps = 24;
    for (int i = 0; i <= steps; ++i) {
        // The error of the line at x is that of its intercept when x is where counting begins.
        const double x = least + (most - least) * i / steps;
        std::vector<double> moved;
        for (const double value : women)
            moved.push_back(value - x);
        const auto there = statistics::simpleRegression(moved, score, statistics::ErrorMethod::Hc3);
        if (there)
            fit.band.push_back({x, there->intercept - *t * there->seIntercept, there->intercept + *t * there->seIntercept});
    }
    return fit;
}

Result<QList<WinogenderResult>> winogenderResults(Connection &connection, const ResultFilter &filter)
{
    ResultFilter plain = filter;
    plain.control = u"none"_s;
    plain.datasets.clear();
    for (const QString &name : filter.datasets)
        EVALWRIGHT_TRY(datasetByName(connection, name));
    EVALWRIGHT_ASSIGN(const QList<DatasetSummary> known, listDatasets(connection));
    for (const DatasetSummary &summary : known) {
        const QString &name = summary.dataset.name;
        if (summary.dataset.family == "winogender"_L1 && (filter.datasets.isEmpty() || filter.datasets.contains(name)))
            plain.datasets << name;
    }
    if (plain.datasets.isEmpty())
        return QList<WinogenderResult>(); // Answers to other items need not be read.
    EVALWRIGHT_ASSIGN(const QList<cells::Cell> list, cells::load(connection, plain));
    QList<WinogenderResult> results;
    for (const cells::Cell &cell : list) {
        WinogenderResult result;
        result.row = cells::rowOf(cell);
        EVALWRIGHT_ASSIGN(const QList<Sentence> sentences, sentencesOf(connection, cell));
        associate(result, sentences);
        results << result;
    }
    return results;
}

QString coefficientText(double value, const std::optional<double> &low, const std::optional<double> &high)
{
    const auto figure = [](double v) { return QString::number(v, 'f', 2).replace(u'-', u'−'); };
    return low && high ? u"%1 [%2, %3]"_s.arg(figure(value), figure(*low), figure(*high)) : figure(value);
}

QString WinogenderResult::text() const
{
    const QString left = leftOut() == 0   ? QString()
                         : leftOut() == 1 ? u"; 1 sentence is left out"_s
                                          : u"; %1 sentences are left out"_s.arg(leftOut());
    if (!association)
        return u"no association with occupation statistics: %1"_s.arg(reason) + left;
    const statistics::WinogenderAssociation &a = *association;
    const QString neutral = a.neutralShare ? u", neutral share %1"_s.arg(coefficientText(*a.neutralShare, neutralLow, neutralHigh)) : QString();
    return u"preference for the female pronoun %1%2; with the share of women r = %3, slope %4, %5 occupations, %6 sentences"_s
               .arg(coefficientText(a.meanScore, meanLow, meanHigh), neutral, coefficientText(a.r, a.rLow, a.rHigh),
                    coefficientText(a.slope, a.slopeLow, a.slopeHigh))
               .arg(a.occupations.size())
               .arg(sentences) +
           left;
}

json WinogenderResult::toJson() const
{
    json out{{"dataset", row.dataset.toStdString()},
             {"model", row.model.toStdString()},
             {"run", row.run.toStdString()},
             {"frame", row.frame.toStdString()},
             {"scoring", row.scoring.toStdString()},
             {"sentences", sentences},
             {"without_probability", withoutProbability},
             {"without_statistic", withoutStatistic},
             {"contradicting", contradicting},
             {"reason", jsonvalues::text(reason)}};
    if (!association) {
        out["association"] = nullptr;
        return out;
    }
    const statistics::WinogenderAssociation &a = *association;
    json occupations = json::array();
    for (const statistics::OccupationScore &o : a.occupations)
        occupations.push_back({{"occupation", o.occupation},
                               {"percent_women", o.percentWomen},
                               {"sentences", o.sentences},
                               {"score", o.score},
                               {"sd", number(o.sd)},
                               {"neutral_share", number(o.neutralShare)}});
    out["association"] = {{"occupations", occupations},
                          {"mean_score", a.meanScore},
                          {"mean_score_low", number(meanLow)},
                          {"mean_score_high", number(meanHigh)},
                          {"neutral_share", number(a.neutralShare)},
                          {"neutral_share_low", number(neutralLow)},
                          {"neutral_share_high", number(neutralHigh)},
                          {"r", a.r},
                          {"r_low", number(a.rLow)},
                          {"r_high", number(a.rHigh)},
                          {"p", a.p},
                          {"rho", a.rho},
                          {"slope", a.slope},
                          {"slope_se", a.slopeSe},
                          {"slope_low", a.slopeLow},
                          {"slope_high", a.slopeHigh}};
    return out;
}

} // namespace evalwright
