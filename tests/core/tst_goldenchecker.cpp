// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/auroc.h"
#include "core/statistics/calibration.h"
#include "core/statistics/labelconfidence.h"
#include "core/statistics/numerics.h"
#include "core/statistics/positionbias.h"
#include "core/statistics/random.h"
#include "core/statistics/thresholds.h"

#include "goldenstatistics.h"

using namespace evalwright::statistics;
using golden::json;
using golden::number;
using golden::numbers;
using golden::orNull;

namespace {

template <class T, class F>
json answer(const Stat<T> &result, F toJson)
{
    return result ? json(toJson(*result)) : json{{"error", codeName(result.error().code)}};
}

json value(const Stat<double> &result, const char *name = "value")
{
    return answer(result, [name](double v) { return json{{name, v}}; });
}

std::vector<std::vector<double>> rowsOf(const json &list)
{
    std::vector<std::vector<double>> out;
    for (const json &row : list)
        out.push_back(numbers(row));
    return out;
}

std::vector<int> flagsOf(const json &list)
{
    return list.get<std::vector<int>>();
}

std::vector<std::uint32_t> clustersOf(const json &list)
{
    std::vector<std::string> names;
    for (const json &name : list)
        names.push_back(golden::name(name));
    return codeClusters(names).of;
}

json confidenceJson(const Confidence &c)
{
    return {{"probabilities", c.probabilities},
            {"argmax", c.argmax ? json(*c.argmax) : json()},
            {"margin", c.margin},
            {"spread", c.spread}};
}

json mean(const MeanInterval &m, const char *name)
{
    return {{name, m.value}, {"se", m.se}, {"low", m.low}, {"high", m.high}};
}

json positionJson(const PositionBias &p)
{
    json positions = json::array(), rotations = json::array();
    for (const MeanInterval &m : p.positions)
        positions.push_back(mean(m, "share"));
    for (const auto &r : p.rotations) {
        json rotation = mean(r.shift, "shift");
        rotation["score"] = r.score;
        rotations.push_back(rotation);
    }
    return {{"flip_rate", p.flipRate},
            {"flip_low", p.flipLow},
            {"flip_high", p.flipHigh},
            {"score", p.score},
            {"positions", positions},
            {"rotations", rotations},
            {"score_first_order", p.scoreFirstOrder}};
}

json reliabilityJson(const Reliability &r)
{
    json bins = json::array();
    for (const ReliabilityBin &b : r.bins)
        bins.push_back({{"index", b.index},
                        {"low", b.low},
                        {"high", b.high},
                        {"n", b.n},
                        {"mean_confidence", b.meanConfidence},
                        {"share_positive", b.sharePositive}});
    return {{"bins", bins}, {"ece", r.ece}, {"mce", r.mce}};
}

json curveJson(const std::vector<ThresholdRow> &rows)
{
    json list = json::array();
    for (const ThresholdRow &row : rows)
        list.push_back({{"threshold", row.threshold},
                        {"kept", row.kept},
                        {"kept_per_label", row.keptPerLabel},
                        {"kept_balanced", row.keptBalanced},
                        {"labelled", row.labelled},
                        {"precision", orNull(row.precision)},
                        {"low", orNull(row.low)},
                        {"high", orNull(row.high)},
                        {"n_effective", orNull(row.nEffective)},
                        {"reason", row.reason.empty() ? json() : json(row.reason)}});
    return {{"rows", list}};
}

} // namespace

class TestGoldenChecker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void labelConfidences()
    {
        golden::checkAndSpoil(
            "label_confidence.json",
            {{"softmax",
              [](const json &i) {
                  return answer(softmax(numbers(i["scores"]), number(i["temperature"])), confidenceJson);
              }},
             {"label_confidence",
              [](const json &i) {
                  return answer(labelConfidence(rowsOf(i["scores"]), i["pool"] == "log" ? Pool::Log : Pool::Linear),
                                confidenceJson);
              }},
             {"label_mass",
              [](const json &i) {
                  return answer(labelMass(numbers(i["log_probabilities"])), [](const LabelMass &m) {
                      return json{{"mass", m.mass}, {"valid", m.valid}};
                  });
              }},
             {"requirement_mean",
              [](const json &i) { return value(requirementMean(numbers(i["probabilities"])), "mean"); }},
             {"sampled_confidence", [](const json &i) {
                  return answer(sampledConfidence(i["count"].get<std::int64_t>(), i["samples"].get<std::int64_t>()),
                                [](const SampledConfidence &s) {
                                    return json{{"confidence", s.confidence},
                                                {"share", s.share.estimate},
                                                {"low", s.share.low},
                                                {"high", s.share.high}};
                                });
              }}});
    }

    void calibrationMaps()
    {
        golden::checkAndSpoil(
            "calibration_maps.json",
            {{"fit_temperature",
              [](const json &i) {
                  const auto labels = i["labels"].get<std::vector<std::size_t>>();
                  return answer(fitTemperature(rowsOf(i["scores"]), labels), [](const TemperatureFit &f) {
                      return json{
                          {"temperature", f.temperature}, {"nll_before", f.nllBefore}, {"nll_after", f.nllAfter}};
                  });
              }},
             {"fit_platt",
              [](const json &i) {
                  return answer(fitPlatt(numbers(i["scores"]), flagsOf(i["labels"])), [](const PlattFit &f) {
                      return json{{"slope", f.slope}, {"intercept", f.intercept}};
                  });
              }},
             {"fit_isotonic", [](const json &i) {
                  return answer(fitIsotonic(numbers(i["scores"]), flagsOf(i["labels"])), [&](const IsotonicFit &f) {
                      json at = json::array();
                      for (const double q : numbers(i["query"]))
                          at.push_back(f.at(q));
                      return json{{"knots", f.knots}, {"fitted", f.fitted}, {"at_query", at}};
                  });
              }}});
    }

    void calibrationQuality()
    {
        golden::checkAndSpoil(
            "calibration_quality.json",
            {{"reliability_bins",
              [](const json &i) {
                  return answer(
                      reliabilityBins(numbers(i["confidence"]), flagsOf(i["positive"]), i["bins"].get<std::size_t>(),
                                      i["strategy"] == "quantile" ? BinStrategy::Quantile : BinStrategy::EqualWidth),
                      reliabilityJson);
              }},
             {"brier_score",
              [](const json &i) { return value(brierScore(numbers(i["confidence"]), flagsOf(i["positive"]))); }},
             {"brier_score_multiclass",
              [](const json &i) {
                  return value(
                      brierScoreMulticlass(rowsOf(i["probabilities"]), i["labels"].get<std::vector<std::size_t>>()));
              }},
             {"log_loss",
              [](const json &i) {
                  return answer(logLoss(numbers(i["confidence"]), flagsOf(i["positive"])), [](const LogLoss &l) {
                      return json{{"value", l.value}, {"clipped", l.clipped}};
                  });
              }},
             {"auroc",
              [](const json &i) {
                  return answer(auroc(numbers(i["confidence"]), flagsOf(i["positive"])), [](const Auroc &a) {
                      return json{{"auroc", a.value}, {"se_delong", orNull(a.se)}};
                  });
              }},
             {"average_precision", [](const json &i) {
                  return answer(averagePrecision(numbers(i["confidence"]), flagsOf(i["positive"])),
                                [](const AveragePrecision &a) {
                                    return json{{"value", a.value}, {"base_rate", a.baseRate}};
                                });
              }}});
    }

    void positionBiases()
    {
        golden::checkAndSpoil(
            "position_bias.json",
            {{"position_bias",
              [](const json &i) {
                  return answer(positionBias(i["order"].get<std::vector<std::vector<std::vector<std::size_t>>>>(),
                                             i["chosen_position"].get<std::vector<std::vector<std::size_t>>>(),
                                             i["matching_option"].get<std::vector<std::size_t>>(),
                                             clustersOf(i["cluster"]), number(i["confidence"])),
                                positionJson);
              }},
             {"first_position_bias", [](const json &i) {
                  return answer(firstPositionBias(numbers(i["logit_first_minus_second_order_1"]),
                                                  numbers(i["logit_first_minus_second_order_2"]),
                                                  clustersOf(i["cluster"]), number(i["confidence"])),
                                [](const MeanInterval &m) { return mean(m, "bias"); });
              }}});
    }

    void thresholds()
    {
        golden::check(
            "thresholds.json",
            {{"threshold_curve",
              [](const json &i) {
                  std::vector<LabelledCandidate> candidates;
                  for (std::size_t k = 0; k < i["confidence"].size(); ++k) {
                      const json &agrees = i["human_agrees"][k];
                      candidates.push_back({number(i["confidence"][k]), golden::name(i["label"][k]),
                                            agrees.is_null() ? std::nullopt : std::optional(agrees.get<int>() == 1),
                                            golden::name(i["stratum"][k])});
                  }
                  return answer(thresholdCurve(candidates, numbers(i["thresholds"])), curveJson);
              }},
             {"select_top", [](const json &i) {
                  std::vector<SelectionCandidate> candidates;
                  for (std::size_t k = 0; k < i["id"].size(); ++k)
                      candidates.push_back(
                          {golden::name(i["id"][k]), golden::name(i["label"][k]), number(i["confidence"][k])});
                  return answer(selectTop(candidates, i["labels"].get<std::vector<std::string>>(),
                                          i["keep_per_label"].get<std::int64_t>(), number(i["floor"]),
                                          i["balance"].get<bool>()),
                                [](const Selection &s) {
                                    return json{{"per_label", s.perLabel}, {"selected", s.selected}};
                                });
              }}});
    }

    void intervalOfTheAurocIsHonestAtTheEnds()
    {
        const std::vector<double> scores{0.1, 0.2, 0.3, 0.7, 0.8, 0.9};
        const std::vector<int> right{0, 0, 0, 1, 1, 1}, reversed{1, 1, 1, 0, 0, 0};
        const auto perfect = auroc(scores, right);
        QVERIFY(perfect && perfect->fallback && perfect->value == 1 && perfect->high == 1);
        // Three of three, Clopper and Pearson: 0.025^(1/3).
        QVERIFY(std::abs(perfect->low - std::cbrt(0.025)) < 1e-12);
        const auto worst = auroc(scores, reversed);
        QVERIFY(worst && worst->low == 0 && std::abs(worst->high - (1 - std::cbrt(0.025))) < 1e-12);
        const std::vector<double> same(6, 0.4);
        const auto nothing = auroc(same, right);
        QVERIFY(nothing && nothing->fallback && nothing->value == 0.5 && nothing->low < 0.1 && nothing->high > 0.9);
        const auto single = auroc(std::vector{0.2, 0.4}, std::vector{0, 1});
        QVERIFY(single && !single->se && std::abs(single->low - 0.025) < 1e-12 && single->high == 1);
        // Otherwise it is DeLong's on the logit scale: its middle there is the value.
        const auto usual = auroc(std::vector{0.1, 0.6, 0.3, 0.7, 0.5, 0.9}, right);
        const auto logit = [](double p) { return std::log(p / (1 - p)); };
        QVERIFY(usual && !usual->fallback);
        QVERIFY(std::abs((logit(usual->low) + logit(usual->high)) / 2 - logit(usual->value)) < 1e-9);
    }

    void orderOfItemsChangesNothing()
    {
        std::vector<double> scores;
        std::vector<int> positive;
        for (int i = 0; i < 80; ++i) {
            scores.push_back((i * 37 % 23) / 23.0);
            positive.push_back(i * 11 % 7 < 3 ? 1 : 0);
        }
        std::vector<double> scores2;
        std::vector<int> positive2;
        for (const auto i : shuffle(5, "test/order", scores.size())) {
            scores2.push_back(scores[i]);
            positive2.push_back(positive[i]);
        }
        const auto a = *auroc(scores, positive), b = *auroc(scores2, positive2);
        QVERIFY(std::abs(a.value - b.value) < 1e-12 && std::abs(a.low - b.low) < 1e-12);
        QVERIFY(std::abs(reliabilityBins(scores, positive)->ece - reliabilityBins(scores2, positive2)->ece) < 1e-12);
        QVERIFY(std::abs(brierScore(scores, positive).value() - brierScore(scores2, positive2).value()) < 1e-12);
        QVERIFY(std::abs(averagePrecision(scores, positive)->value - averagePrecision(scores2, positive2)->value) <
                1e-12);
    }
};

QTEST_GUILESS_MAIN(TestGoldenChecker)
#include "tst_goldenchecker.moc"
