// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "core/jsonpositions.h"
#include "generators/lint/rules.h"
#include "generators/refilter.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// The first thing that is wrong, with its place.
class Reader
{
public:
    Reader(const QByteArray &bytes, const QString &source)
        : m_positions(jsonPositions(bytes)), m_source(source.isEmpty() ? u"The filter rules"_s : source)
    {
    }
    Error wrong(const QString &pointer, const QString &message) const
    {
        const TextPosition at = m_positions.value(pointer, {1, 1});
        return Error(ErrorCode::Parse,
                     u"%1, line %2, column %3: %4"_s.arg(m_source).arg(at.line).arg(at.column).arg(message),
                     u"docs/recipes.md tells the format; {\"format\": \"evalwright-filter/1\", \"rules\": [{\"rule\": "
                     u"\"near-duplicate\", \"threshold\": 0.8}]} is a small one."_s)
            .withConsequence(u"Nothing was changed."_s);
    }
    Status onlyKnown(const json &object, const QString &pointer, const QStringList &known) const
    {
        for (const auto &[name, value] : object.items()) {
            const QString key = QString::fromStdString(name);
            if (!known.contains(key))
                return failure(wrong(pointer + u'/' + key,
                                     u"there is no “%1” here, only %2"_s.arg(key, known.join(u", "_s))));
        }
        return {};
    }
    Result<double> number(const json &value, const QString &pointer, double least, double most) const
    {
        if (!value.is_number() || value.get<double>() < least || value.get<double>() > most)
            return failure(wrong(pointer, u"a number from %1 to %2 belongs here"_s.arg(least).arg(most)));
        return value.get<double>();
    }

private:
    QHash<QString, TextPosition> m_positions;
    QString m_source;
};

Status readRules(const Reader &reader, const json &list, FilterRules &out)
{
    constexpr size_t mostRules = 20;
    if (!list.is_array() || list.size() > mostRules)
        return failure(reader.wrong(u"/rules"_s, u"a list of at most %1 rules belongs here"_s.arg(mostRules)));
    for (size_t i = 0; i < list.size(); ++i) {
        const QString at = u"/rules/%1"_s.arg(i);
        const json &entry = list[i];
        if (!entry.is_object() || !entry.contains("rule") || !entry.at("rule").is_string())
            return failure(reader.wrong(at, u"a rule with its name belongs here"_s));
        EVALWRIGHT_TRY(reader.onlyKnown(entry, at, {u"rule"_s, u"threshold"_s}));
        FilterRule rule;
        rule.rule = QString::fromStdString(entry.at("rule").get<std::string>());
        const QStringList known{u"exact-duplicate"_s, u"near-duplicate"_s, u"meaning-duplicate"_s, u"lint"_s};
        if (!known.contains(rule.rule))
            return failure(reader.wrong(at + u"/rule"_s, u"there is no rule “%1”, only %2"_s.arg(
                                                             rule.rule, known.join(u", "_s))));
        if (entry.contains("threshold")) {
            if (!rule.rule.startsWith(u"near"_s) && !rule.rule.startsWith(u"meaning"_s))
                return failure(reader.wrong(at + u"/threshold"_s, u"“%1” has no threshold"_s.arg(rule.rule)));
            const double least = rule.rule.startsWith(u"near"_s) ? 0.5 : 0.01;
            EVALWRIGHT_ASSIGN(rule.threshold, reader.number(entry.at("threshold"), at + u"/threshold"_s, least, 1));
        }
        out.rules << rule;
    }
    return {};
}

Status readSeverities(const Reader &reader, const json &object, FilterRules &out)
{
    if (!object.is_object())
        return failure(reader.wrong(u"/severities"_s, u"lint rules and their severities belong here"_s));
    for (const auto &[name, value] : object.items()) {
        const QString rule = QString::fromStdString(name), at = u"/severities/"_s + rule;
        if (!lintRule(rule))
            return failure(reader.wrong(at, u"there is no lint rule “%1”"_s.arg(rule)));
        const auto severity =
            value.is_string() ? severityFromName(QString::fromStdString(value.get<std::string>())) : std::nullopt;
        if (!severity)
            return failure(reader.wrong(at, u"block, warn, info or off belongs here"_s));
        out.severities.insert(rule, *severity);
    }
    return {};
}

Status readSelect(const Reader &reader, const json &object, FilterRules &out)
{
    if (!object.is_object())
        return failure(reader.wrong(u"/select"_s, u"an object belongs here"_s));
    EVALWRIGHT_TRY(reader.onlyKnown(object, u"/select"_s,
                                    {u"keep_per_label"_s, u"floor"_s, u"balance"_s, u"diversity"_s}));
    if (object.contains("keep_per_label")) {
        const json &keep = object.at("keep_per_label");
        if (!keep.is_number_integer() || keep.get<qint64>() < 1 || keep.get<qint64>() > mostSamplesPerLabel)
            return failure(reader.wrong(u"/select/keep_per_label"_s, u"a whole number from 1 to 1000000 belongs here"_s));
        out.keepPerLabel = keep.get<qint64>();
    }
    if (object.contains("floor")) {
        EVALWRIGHT_ASSIGN(out.floor, reader.number(object.at("floor"), u"/select/floor"_s, 0, 0.999999));
    }
    if (object.contains("diversity")) {
        EVALWRIGHT_ASSIGN(out.diversity, reader.number(object.at("diversity"), u"/select/diversity"_s, 0, 1));
    }
    if (object.contains("balance")) {
        if (!object.at("balance").is_boolean())
            return failure(reader.wrong(u"/select/balance"_s, u"true or false belongs here"_s));
        out.balance = object.at("balance").get<bool>();
    }
    return {};
}

} // namespace

json FilterRules::toJson() const
{
    json out{{"format", "evalwright-filter/1"}, {"rules", json::array()}};
    for (const FilterRule &rule : rules) {
        json each{{"rule", rule.rule.toStdString()}};
        if (rule.threshold > 0)
            each["threshold"] = rule.threshold;
        out["rules"].push_back(each);
    }
    for (auto it = severities.begin(); it != severities.end(); ++it)
        out["severities"][it.key().toStdString()] = severityName(it.value()).toStdString();
    json select = json::object();
    if (keepPerLabel)
        select["keep_per_label"] = *keepPerLabel;
    if (floor)
        select["floor"] = *floor;
    if (diversity)
        select["diversity"] = *diversity;
    if (balance)
        select["balance"] = *balance;
    if (!select.empty())
        out["select"] = select;
    if (calibrated)
        out["calibrated"] = true;
    return out;
}

Result<FilterRules> FilterRules::fromJson(const QByteArray &bytes, const QString &source)
{
    const json document = parseForeignJson(bytes);
    const Reader reader(bytes, source);
    if (!document.is_object() || document.value("format", json()) != json("evalwright-filter/1"))
        return failure(reader.wrong({}, u"an object with \"format\": \"evalwright-filter/1\" belongs here"_s));
    EVALWRIGHT_TRY(reader.onlyKnown(document, {}, {u"format"_s, u"rules"_s, u"severities"_s, u"select"_s,
                                                   u"calibrated"_s}));
    FilterRules rules;
    if (document.contains("rules"))
        EVALWRIGHT_TRY(readRules(reader, document.at("rules"), rules));
    if (document.contains("severities"))
        EVALWRIGHT_TRY(readSeverities(reader, document.at("severities"), rules));
    if (document.contains("select"))
        EVALWRIGHT_TRY(readSelect(reader, document.at("select"), rules));
    if (document.contains("calibrated")) {
        if (!document.at("calibrated").is_boolean())
            return failure(reader.wrong(u"/calibrated"_s, u"true or false belongs here"_s));
        rules.calibrated = document.at("calibrated").get<bool>();
    }
    return rules;
}

} // namespace evalwright
