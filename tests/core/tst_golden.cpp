// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusteredmean.h"
#include "core/statistics/formatting.h"
#include "core/statistics/multiplicity.h"
#include "core/statistics/numerics.h"
#include "core/statistics/random.h"
#include "core/statistics/scaling.h"
#include "core/statistics/score.h"

#include "goldenstatistics.h"

using namespace evalwright::statistics;
using golden::answer;
using golden::clustersOf;
using golden::confidenceOf;
using golden::json;
using golden::number;
using golden::numbers;
using golden::optionalNumber;
using golden::optionals;
using golden::orNull;
using golden::value;

namespace {

json proportion(const Stat<Proportion> &result)
{
    return answer(result, [](const Proportion &p) {
        return json{{"estimate", p.estimate}, {"low", p.low}, {"high", p.high}};
    });
}

json verdictOf(const json &input)
{
    std::vector<VerdictCurve> curves;
    for (const json &c : input["curves"]) {
        VerdictCurve curve;
        curve.name = c["name"].get<std::string>();
        if (c["family"].is_array()) {
            for (const json &family : c["family"])
                curve.families.push_back(family.get<std::string>());
        } else {
            curve.families.push_back(golden::name(c["family"]));
        }
        curve.joint.x = numbers(c["x"]);
        curve.joint.scores = numbers(c["scores"]);
        for (const json &row : c["covariance"]) {
            for (const json &v : row)
                curve.joint.covariance.push_back(number(v));
        }
        curve.joint.clusters = c["clusters"].get<std::int64_t>();
        const auto polarity = c["polarity"].get<std::string>();
        curve.polarity = polarity == "high_is_good"  ? Polarity::HighIsGood
                         : polarity == "high_is_bad" ? Polarity::HighIsBad
                                                     : Polarity::Neutral;
        curve.axis = c["axis"] == "log10" ? Axis::Log10 : Axis::Linear;
        curves.push_back(curve);
    }
    VerdictSettings settings;
    settings.alpha = number(input["alpha"]);
    settings.smallestEffect = number(input["smallest_effect"]);
    settings.minimumClusters = input["minimum_clusters"].get<std::int64_t>();
    settings.minimumRatio = number(input["minimum_ratio"]);
    return answer(scalingVerdict(curves, settings), [](const std::vector<CurveVerdict> &verdicts) {
        json list = json::array();
        for (const CurveVerdict &v : verdicts) {
            list.push_back({{"name", v.name},
                            {"slope", v.slope},
                            {"change", v.change},
                            {"p_slope", v.pSlope},
                            {"p_shape", v.pShape},
                            {"shape", v.shape},
                            {"q_slope", v.qSlope},
                            {"q_shape", v.qShape},
                            {"verdict", v.verdict},
                            {"reason", v.reason}});
        }
        return json{{"curves", list}};
    });
}

} // namespace

class TestGolden : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numerics()
    {
        golden::checkAndSpoil(
            "numerics.json",
            {{"log_sum_exp", [](const json &i) { return value(logSumExp(numbers(i["values"]))); }},
             {"compensated_sum",
              [](const json &i) {
                  return json{{"value", compensatedSum(numbers(i["values"]))}};
              }},
             {"mean_variance",
              [](const json &i) {
                  return answer(meanVariance(numbers(i["values"])), [](const MeanVariance &m) {
                      return json{{"mean", m.mean}, {"variance", orNull(m.variance)}};
                  });
              }},
             {"quantile",
              [](const json &i) {
                  return answer(quantile(numbers(i["values"]), numbers(i["probabilities"])), [](const auto &q) {
                      return json{{"quantiles", q}};
                  });
              }},
             {"average_ranks",
              [](const json &i) {
                  return answer(averageRanks(numbers(i["values"])), [](const auto &r) { return json{{"ranks", r}}; });
              }},
             {"normal_quantile", [](const json &i) { return value(normalQuantile(number(i["p"]))); }},
             {"normal_cdf",
              [](const json &i) {
                  return json{{"value", normalCdf(number(i["x"]))}};
              }},
             {"student_t_quantile",
              [](const json &i) { return value(studentTQuantile(number(i["p"]), number(i["df"]))); }},
             {"student_t_two_sided_p",
              [](const json &i) { return value(studentTTwoSidedP(number(i["t"]), number(i["df"]))); }},
             {"chi_squared_upper",
              [](const json &i) { return value(chiSquaredUpper(number(i["x"]), number(i["df"]))); }},
             {"beta_quantile",
              [](const json &i) { return value(betaQuantile(number(i["p"]), number(i["a"]), number(i["b"]))); }}});
    }
    void formatting()
    {
        const auto text = [](const std::string &t) { return json{{"text", t}}; };
        const auto digits = [](const json &i) {
            return i.contains("digits") && !i["digits"].is_null() ? i["digits"].get<int>() : 1;
        };
        golden::checkAndSpoil(
            "formatting.json",
            {{"format_percent",
              [=](const json &i) { return text(formatPercent(optionalNumber(i["value"]), digits(i))); }},
             {"format_points",
              [=](const json &i) { return text(formatPoints(optionalNumber(i["value"]), digits(i))); }},
             {"format_p_value", [=](const json &i) { return text(formatPValue(optionalNumber(i["value"]))); }},
             {"format_coefficient", [=](const json &i) { return text(formatCoefficient(optionalNumber(i["value"]))); }},
             {"format_percent_interval", [=](const json &i) {
                  return text(formatPercentInterval(optionalNumber(i["low"]), optionalNumber(i["high"]), digits(i)));
              }}});
    }
    void proportions()
    {
        golden::checkAndSpoil(
            "proportions.json",
            {{"wilson_interval",
              [](const json &i) {
                  return proportion(
                      wilsonInterval(i["successes"].get<std::int64_t>(), i["n"].get<std::int64_t>(), confidenceOf(i)));
              }},
             {"clopper_pearson_interval",
              [](const json &i) {
                  return proportion(clopperPearsonInterval(i["successes"].get<std::int64_t>(),
                                                           i["n"].get<std::int64_t>(), confidenceOf(i)));
              }},
             {"wilson_effective_interval",
              [](const json &i) {
                  return proportion(wilsonEffectiveInterval(number(i["estimate"]), number(i["n_effective"]),
                                                            number(i["df"]), confidenceOf(i)));
              }},
             {"newcombe_independent", [](const json &i) {
                  return answer(newcombeIndependent(i["successes_a"].get<std::int64_t>(), i["n_a"].get<std::int64_t>(),
                                                    i["successes_b"].get<std::int64_t>(), i["n_b"].get<std::int64_t>(),
                                                    confidenceOf(i)),
                                [](const Difference &d) {
                                    return json{{"difference", d.difference}, {"low", d.low}, {"high", d.high}};
                                });
              }}});
    }
    void clusteredMeans()
    {
        golden::checkAndSpoil(
            "clustered_mean.json",
            {{"clustered_mean",
              [](const json &i) {
                  const auto v = numbers(i["values"]);
                  return answer(clusteredMean(v, clustersOf(i["cluster"], v.size()), confidenceOf(i)),
                                [](const ClusteredMean &m) {
                                    return json{{"n", m.n},
                                                {"clusters", m.clusters},
                                                {"mean", m.mean},
                                                {"se_naive", orNull(m.seNaive)},
                                                {"se_cr0", m.seCr0},
                                                {"se_clustered", m.seClustered},
                                                {"df", m.df},
                                                {"low", m.low},
                                                {"high", m.high},
                                                {"design_effect", orNull(m.designEffect)},
                                                {"n_effective", orNull(m.nEffective)},
                                                {"icc", orNull(m.icc)},
                                                {"mean_cluster_size_weighted", m.meanClusterSizeWeighted},
                                                {"design_effect_kish", orNull(m.designEffectKish)},
                                                {"se_miller", orNull(m.seMiller)},
                                                {"few_clusters", m.fewClusters}};
                                });
              }},
             {"planned_standard_error",
              [](const json &i) {
                  return answer(
                      plannedStandardError(number(i["p"]), number(i["n"]), number(i["cluster_size"]), number(i["icc"])),
                      [](const PlannedError &e) {
                          return json{{"se_naive", e.seNaive}, {"design_effect", e.designEffect}, {"se", e.se}};
                      });
              }},
             {"clustered_score_interval",
              [](const json &i) {
                  const auto v = numbers(i["matches"]);
                  return answer(clusteredScoreInterval(v, clustersOf(i["cluster"], v.size()), confidenceOf(i)),
                                [](const ScoreInterval &s) {
                                    return json{{"score", s.score},
                                                {"n_effective", s.nEffective},
                                                {"low", s.low},
                                                {"high", s.high}};
                                });
              }},
             {"paired_difference",
              [](const json &i) {
                  const auto a = optionals(i["first"]), b = optionals(i["second"]);
                  return answer(pairedDifference(a, b, clustersOf(i["cluster"], a.size()), confidenceOf(i)),
                                [](const PairedDifference &d) {
                                    return json{{"used", d.used},
                                                {"dropped", d.dropped},
                                                {"difference", d.difference},
                                                {"se", d.se},
                                                {"se_naive", orNull(d.seNaive)},
                                                {"df", d.df},
                                                {"low", d.low},
                                                {"high", d.high},
                                                {"p", orNull(d.p)},
                                                {"gained", d.gained},
                                                {"lost", d.lost}};
                                });
              }},
             {"unpaired_difference", [](const json &i) {
                  const auto a = numbers(i["first"]), b = numbers(i["second"]);
                  return answer(unpairedDifference(a, clustersOf(i["cluster_first"], a.size()), b,
                                                   clustersOf(i["cluster_second"], b.size()), confidenceOf(i)),
                                [](const UnpairedDifference &d) {
                                    return json{{"difference", d.difference},
                                                {"se", d.se},
                                                {"df", d.df},
                                                {"low", d.low},
                                                {"high", d.high},
                                                {"p", orNull(d.p)}};
                                });
              }}});
    }
    void behaviourScores()
    {
        golden::checkAndSpoil("behaviour_score.json",
                              {{"behaviour_score", [](const json &i) {
                                    std::vector<std::optional<bool>> matches;
                                    for (const json &m : i["matches"])
                                        matches.push_back(m.is_null() ? std::nullopt
                                                                      : std::optional<bool>(m.get<double>() != 0));
                                    return answer(behaviourScore(matches, numbers(i["label_confidence"]),
                                                                 i["options"].get<std::vector<int>>()),
                                                  [](const BehaviourScore &s) {
                                                      return json{{"n", s.n},
                                                                  {"answered", s.answered},
                                                                  {"score", s.score},
                                                                  {"ceiling", s.ceiling},
                                                                  {"floor", s.floor},
                                                                  {"chance", s.chance},
                                                                  {"normalised", s.normalised},
                                                                  {"if_unanswered_all_miss", s.ifUnansweredAllMiss},
                                                                  {"if_unanswered_all_match", s.ifUnansweredAllMatch}};
                                                  });
                                }}});
    }
    void yesBiases()
    {
        golden::checkAndSpoil("yes_bias.json",
                              {{"yes_bias", [](const json &i) {
                                    std::unique_ptr<bool[]> matching(new bool[i["matching_answer"].size() + 1]);
                                    std::size_t n = 0;
                                    for (const json &m : i["matching_answer"])
                                        matching[n++] = m == "Yes";
                                    std::vector<std::optional<bool>> answers;
                                    for (const json &a : i["answer"])
                                        answers.push_back(a.is_null() ? std::nullopt : std::optional<bool>(a == "Yes"));
                                    return answer(yesBias(std::span<const bool>(matching.get(), n), answers),
                                                  [](const YesBias &y) {
                                                      return json{{"answered", y.answered},
                                                                  {"yes_rate", y.yesRate},
                                                                  {"match_given_yes", y.matchGivenYes},
                                                                  {"match_given_no", y.matchGivenNo},
                                                                  {"match", y.match},
                                                                  {"balanced_match", y.balancedMatch},
                                                                  {"d_prime", y.dPrime},
                                                                  {"criterion", y.criterion},
                                                                  {"se_d_prime", y.seDPrime},
                                                                  {"se_criterion", y.seCriterion}};
                                                  });
                                }}});
    }
    void multiplicity()
    {
        const auto adjusted = [](const auto &a) { return json{{"adjusted", a}}; };
        golden::checkAndSpoil("multiplicity.json",
                              {{"benjamini_hochberg",
                                [=](const json &i) { return answer(benjaminiHochberg(numbers(i["p"])), adjusted); }},
                               {"holm", [=](const json &i) { return answer(holm(numbers(i["p"])), adjusted); }}});
    }
    void scalingVerdicts() { golden::checkAndSpoil("scaling_verdict.json", {{"scaling_verdict", verdictOf}}); }

    void orderOfItemsChangesNothing()
    {
        std::vector<double> values;
        std::vector<std::uint32_t> clusters;
        for (std::uint32_t i = 0; i < 60; ++i) {
            values.push_back((i * 7) % 3 == 0 ? 1 : 0);
            clusters.push_back(i / 5);
        }
        const auto before = *clusteredMean(values, clusters);
        const auto order = shuffle(3, "test/order", values.size());
        std::vector<double> values2;
        std::vector<std::uint32_t> clusters2;
        for (const auto i : order) {
            values2.push_back(values[i]);
            clusters2.push_back(clusters[i]);
        }
        const auto after = *clusteredMean(values2, clusters2);
        QVERIFY(std::abs(before.seClustered - after.seClustered) < 1e-12);
        QVERIFY(std::abs(*before.icc - *after.icc) < 1e-12);
    }
};

QTEST_GUILESS_MAIN(TestGolden)
#include "tst_golden.moc"
