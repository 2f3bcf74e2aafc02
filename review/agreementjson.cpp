// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsonvalues.h"
#include "review/agreement.h"

#include <nlohmann/json.hpp>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// {row: {column: value}} by key.
template <class Value>
json squareJson(const std::vector<Value> &values, const QStringList &categories)
{
    const auto size = static_cast<size_t>(categories.size());
    if (values.size() != size * size || values.empty())
        return nullptr;
    json out = json::object();
    for (size_t row = 0; row < size; ++row) {
        json &line = out[categories.at(static_cast<qsizetype>(row)).toStdString()];
        for (size_t column = 0; column < size; ++column)
            line[categories.at(static_cast<qsizetype>(column)).toStdString()] = values[row * size + column];
    }
    return out;
}

} // namespace

json Estimated::toJson() const
{
    return {{"value", jsonvalues::number(value)}, {"low", jsonvalues::number(low)}, {"high", jsonvalues::number(high)}, {"reason", jsonvalues::text(reason)}};
}

json QuestionAgreement::toJson() const
{
    json byCategory = json::object();
    for (qsizetype i = 0; i < categories.size(); ++i)
        byCategory[categories.at(i).toStdString()] = counts[static_cast<size_t>(i)];
    return {{"question", question.toStdString()},
            {"kind", kind.toStdString()},
            {"items", items},
            {"items_with_two", itemsWithTwo},
            {"ratings", ratings},
            {"counts", byCategory},
            {"percent", jsonvalues::number(percent)},
            {"fleiss_kappa", fleiss.toJson()},
            {"cohen_kappa", cohen.toJson()},
            {"gwet_ac1", ac1.toJson()},
            {"krippendorff_alpha", alpha.toJson()},
            {"krippendorff_alpha_ordinal", kind == "scale"_L1 ? ordinal.toJson() : json(nullptr)}};
}

json RaterQuality::toJson(const QStringList &categories) const
{
    return {{"rater", code.toStdString()},
            {"judgements", judgements},
            {"submitted", submitted},
            {"skipped", skipped},
            {"broken", broken},
            {"median_seconds", jsonvalues::number(medianSeconds)},
            {"compared", compared},
            {"accuracy", accuracy.toJson()},
            {"confusion", squareJson(confusion, categories)},
            {"gold_asked", goldAsked},
            {"gold_accuracy", gold.toJson()},
            {"repeated", repeated},
            {"same_on_repeat", same},
            {"flagged", isFlagged},
            {"dawid_skene_confusion", squareJson(skill, categories)}};
}

json ItemVerdict::toJson(const QStringList &categories) const
{
    json byCategory = json::object();
    for (qsizetype i = 0; i < categories.size(); ++i)
        byCategory[categories.at(i).toStdString()] = votes[static_cast<size_t>(i)];
    return {{"item", uuid.toStdString()},
            {"votes", byCategory},
            {"skipped", skipped},
            {"broken", broken},
            {"majority", jsonvalues::text(majority)},
            {"dawid_skene", jsonvalues::text(dawidSkene)},
            {"posterior", jsonvalues::number(posterior)},
            {"label", jsonvalues::text(label)},
            {"adjudicated", jsonvalues::text(adjudicated)},
            {"dispute", dispute}};
}

json Agreement::toJson() const
{
    json all = json::array(), raterList = json::array(), items_ = json::array(), byLabel = json::object(),
         bins = json(nullptr);
    for (const QuestionAgreement &question : questions)
        all.push_back(question.toJson());
    for (const RaterQuality &rater : perRater)
        raterList.push_back(rater.toJson(categories));
    for (const ItemVerdict &verdict : disputed())
        items_.push_back(verdict.toJson(categories));
    for (auto it = label.byLabel.cbegin(); it != label.byLabel.cend(); ++it)
        byLabel[it.key().toStdString()] = {{"right", it->first}, {"items", it->second}};
    if (label.reliability) {
        bins = json::array();
        for (const statistics::ReliabilityBin &bin : label.reliability->bins)
            bins.push_back({{"low", bin.low},
                            {"high", bin.high},
                            {"n", bin.n},
                            {"mean_confidence", bin.meanConfidence},
                            {"people_agree", bin.sharePositive}});
    }
    const QuestionAgreement *ofLabels = ofLabel();
    return {{"review", review.name.toStdString()},
            {"items", items},
            {"raters", raters},
            {"judgements", judgements},
            {"changed", changed},
            {"percent", ofLabels ? jsonvalues::number(ofLabels->percent) : json(nullptr)},
            {"fleiss_kappa", ofLabels ? jsonvalues::number(ofLabels->fleiss.value) : json(nullptr)},
            {"krippendorff_alpha", ofLabels ? ofLabels->alpha.toJson() : Estimated().toJson()},
            {"label_precision", label.precision.toJson()},
            {"label_precision_weighted", label.weighted.toJson()},
            {"items_with_peoples_word", label.items},
            {"items_without", label.withoutWord},
            {"by_label", byLabel},
            {"reliability", bins},
            {"expected_calibration_error", label.reliability ? json(label.reliability->ece) : json(nullptr)},
            {"dawid_skene_reason", jsonvalues::text(dawidSkeneReason)},
            {"questions", all},
            {"per_rater", raterList},
            {"disputed", items_}};
}

} // namespace evalwright::review
