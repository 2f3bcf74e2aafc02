// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/gap.h"
#include "core/jsonvalues.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using nlohmann::json;

json GapQuery::toJson() const
{
    return {{"old", text(oldDataset)},
            {"new", text(newDataset)},
            {"models", texts(models)},
            {"reference", text(reference)},
            {"frame", text(frame)},
            {"run", text(run)},
            {"alpha", rule.alpha},
            {"margin", rule.margin},
            {"minimum_clusters", rule.minimumClusters}};
}

Result<GapQuery> GapQuery::fromJson(const json &object)
{
    const auto broken = [] {
        return failure(ErrorCode::Parse, u"The figure does not say which gaps it shows."_s,
                       u"Make the figure again from the results."_s);
    };
    if (!object.is_object())
        return broken();
    GapQuery query;
    bool good = true;
    const auto member = [&](const char *name) {
        const auto found = object.find(name);
        return found == object.end() || found->is_null() ? nullptr : &*found;
    };
    for (const auto &[name, field] : {std::pair("old", &query.oldDataset), std::pair("new", &query.newDataset),
                                      std::pair("reference", &query.reference), std::pair("frame", &query.frame),
                                      std::pair("run", &query.run)}) {
        if (const json *value = member(name)) {
            good = good && value->is_string();
            if (value->is_string())
                *field = QString::fromStdString(value->get_ref<const std::string &>());
        }
    }
    for (const auto &[name, field] : {std::pair("alpha", &query.rule.alpha), std::pair("margin", &query.rule.margin)}) {
        if (const json *value = member(name)) {
            good = good && value->is_number();
            if (value->is_number())
                *field = value->get<double>();
        }
    }
    if (const json *value = member("models")) {
        good = good && value->is_array();
        for (const json &name : value->is_array() ? *value : json::array()) {
            good = good && name.is_string();
            if (name.is_string())
                query.models << QString::fromStdString(name.get_ref<const std::string &>());
        }
    }
    if (!good || query.oldDataset.isEmpty() || query.newDataset.isEmpty())
        return broken();
    return query;
}

json GapMeasure::toJson() const
{
    return {{"old", old},
            {"new", fresh},
            {"gap", gap},
            {"low", low},
            {"high", high},
            {"p", p},
            {"q", number(q)},
            {"naive_low", number(naiveLow)},
            {"naive_high", number(naiveHigh)},
            {"detectable", detectable},
            {"used_old", usedOld},
            {"used_new", usedNew},
            {"dropped_old", droppedOld},
            {"dropped_new", droppedNew},
            {"clusters_old", clustersOld},
            {"clusters_new", clustersNew},
            {"shared_clusters", sharedClusters}};
}

json GapRow::toJson() const
{
    return {{"model", jsonvalues::text(model)},
            {"family", jsonvalues::text(family)},
            {"training", jsonvalues::text(training)},
            {"frame", jsonvalues::text(frame)},
            {"scoring", jsonvalues::text(scoring)},
            {"run_old", jsonvalues::text(runOld)},
            {"run_new", jsonvalues::text(runNew)},
            {"reference", isReference},
            {"asked_old", askedOld},
            {"asked_new", askedNew},
            {"answered_old", answeredOld},
            {"answered_new", answeredNew},
            {"matching", matching.toJson()},
            {"probability", probability ? probability->toJson() : json()},
            {"beyond_reference", beyondReference ? beyondReference->toJson() : json()},
            {"verdict", jsonvalues::text(verdict)},
            {"reason", jsonvalues::text(reason)},
            {"text", jsonvalues::text(text)},
            {"details", texts(details)}};
}

json GapReport::toJson() const
{
    json all = json::array(), left = json::array();
    qint64 tested = 0;
    for (const GapRow &row : rows) {
        all.push_back(row.toJson());
        tested += row.isReference ? 0 : 1;
    }
    for (const LeftOut &each : leftOut)
        left.push_back({{"model", each.model.toStdString()}, {"reason", each.reason.toStdString()}});
    return {{"query", query.toJson()},
            {"rows", all},
            {"models_tested", tested},
            {"left_out", left},
            {"difference", difference.toJson()},
            {"equal_questions", equalQuestions},
            {"notes", texts(notes)},
            {"evaluation", evaluation ? evaluation->toJson() : json()}};
}

} // namespace evalwright
