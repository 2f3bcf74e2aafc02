// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusteredmean.h"
#include "core/statistics/formatting.h"
#include "core/statistics/multiplicity.h"
#include "core/statistics/numerics.h"
#include "core/statistics/power.h"
#include "core/statistics/random.h"
#include "core/statistics/scaling.h"
#include "core/statistics/score.h"

#include "golden.h"

using namespace evalwright::statistics;
using golden::json;
using golden::number;
using golden::numbers;
using golden::optionalNumber;
using golden::orNull;

namespace {

template <class T, class F>
json answer(const Stat<T> &result, F toJson)
{
    return result ? json(toJson(*result)) : json{{"error", codeName(result.error().code)}};
}
json value(const Stat<double> &result)
{
    return answer(result, [](double v) {
        return json{{"value", std::isinf(v) ? json(v < 0 ? "-inf" : "inf") : json(v)}};
    });
}

std::uint64_t seedOf(const json &input)
{
    return std::stoull(input["seed"].get<std::string>());
}

/// "cluster" may be absent or null: each item is its own.
std::vector<std::uint32_t> clustersOf(const json &list, std::size_t items)
{
    std::vector<std::string> names;
    if (list.is_array()) {
        for (const json &name : list)
            names.push_back(golden::name(name));
    } else {
        for (std::size_t i = 0; i < items; ++i)
            names.push_back(std::to_string(i));
    }
    return codeClusters(names).of;
}

std::vector<std::optional<double>> optionals(const json &list)
{
    std::vector<std::optional<double>> out;
    for (const json &v : list)
        out.push_back(optionalNumber(v));
    return out;
}

double confidenceOf(const json &input)
{
    return input.contains("confidence") ? number(input["confidence"]) : 0.95;
}

json proportion(const Stat<Proportion> &result)
{
    return answer(result, [](const Proportion &p) {
        return json{{"estimate", p.estimate}, {"low", p.low}, {"high", p.high}};
    });
}

json matrix(const std::vector<double> &values, std::size_t k)
{
    json rows = json::array();
    for (std::size_t i = 0; i < k; ++i)
        rows.push_back(std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(i * k),
                                           values.begin() + static_cast<std::ptrdiff_t>((i + 1) * k)));
    return rows;
}

json trendOf(const json &input)
{
    const auto x = numbers(input["x"]);
    std::vector<std::optional<double>> matches;
    bool ragged = false;
    for (const json &row : input["matches"]) {
        ragged = ragged || row.size() != x.size();
        for (const json &v : row)
            matches.push_back(optionalNumber(v));
    }
    const auto cluster = clustersOf(input["cluster"], input["matches"].size());
    return answer(scalingTrend(matches, cluster, x, confidenceOf(input)), [](const ScalingTrend &t) {
        return json{{"items_used", t.itemsUsed},
                    {"items_dropped", t.itemsDropped},
                    {"scores", t.joint.scores},
                    {"covariance", matrix(t.joint.covariance, t.joint.scores.size())},
                    {"clusters", t.joint.clusters},
                    {"df", t.df},
                    {"slope", t.slope},
                    {"slope_se", t.slopeSe},
                    {"slope_low", t.slopeLow},
                    {"slope_high", t.slopeHigh},
                    {"p_slope", t.pSlope},
                    {"change", t.change},
                    {"change_low", t.changeLow},
                    {"change_high", t.changeHigh},
                    {"curvature", t.curvature},
                    {"curvature_se", t.curvatureSe},
                    {"p_curvature", t.pCurvature},
                    {"vertex", orNull(t.vertex)},
                    {"slope_at_start", t.slopeAtStart},
                    {"slope_at_end", t.slopeAtEnd},
                    {"p_sasabuchi", t.pSasabuchi},
                    {"p_u", t.pU},
                    {"break_u", t.breakU},
                    {"p_inverted_u", t.pInvertedU},
                    {"break_inverted_u", t.breakInvertedU},
                    {"left_change_u", t.leftChangeU},
                    {"right_change_u", t.rightChangeU},
                    {"left_change_inverted_u", t.leftChangeInvertedU},
                    {"right_change_inverted_u", t.rightChangeInvertedU}};
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
        golden::check(
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
    void random()
    {
        golden::check("random.json",
                      {{"philox_block",
                        [](const json &i) {
                            return json{{"words", philoxBlock(i["counter"].get<std::array<std::uint32_t, 4>>(),
                                                              i["key"].get<std::array<std::uint32_t, 2>>())}};
                        }},
                       {"stream_id",
                        [](const json &i) {
                            char hex[20];
                            std::snprintf(hex, sizeof hex, "%016llx",
                                          static_cast<unsigned long long>(streamId(i["name"].get<std::string>())));
                            return json{{"id_hex", hex}};
                        }},
                       {"draw_indices",
                        [](const json &i) {
                            return answer(drawIndices(seedOf(i), i["stream"].get<std::string>(),
                                                      i["replicate"].get<std::uint32_t>(),
                                                      i["count"].get<std::size_t>(), i["size"].get<std::size_t>()),
                                          [](const auto &v) {
                                              return json{{"indices", v}};
                                          });
                        }},
                       {"draw_uniforms",
                        [](const json &i) {
                            return json{{"values", drawUniforms(seedOf(i), i["stream"].get<std::string>(),
                                                                i["replicate"].get<std::uint32_t>(),
                                                                i["count"].get<std::size_t>())}};
                        }},
                       {"shuffle",
                        [](const json &i) {
                            return json{{"order", shuffle(seedOf(i), i["stream"].get<std::string>(),
                                                          i["size"].get<std::size_t>())}};
                        }}},
                      {"bootstrap_replicates"});
    }
    void formatting()
    {
        const auto text = [](const std::string &t) { return json{{"text", t}}; };
        const auto digits = [](const json &i) {
            return i.contains("digits") && !i["digits"].is_null() ? i["digits"].get<int>() : 1;
        };
        golden::check(
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
        golden::check(
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
    void pairedProportions()
    {
        golden::check("paired_proportions.json",
                      {{"mcnemar_exact",
                        [](const json &i) {
                            const PairedTable table{i["both"].get<std::int64_t>(), i["only_first"].get<std::int64_t>(),
                                                    i["only_second"].get<std::int64_t>(),
                                                    i["neither"].get<std::int64_t>()};
                            return answer(mcnemarExact(table), [](const McNemar &m) {
                                return json{{"p", m.p}, {"p_mid", m.pMid}, {"discordant", m.discordant}};
                            });
                        }}},
                      {"newcombe_paired", "tango_interval"});
    }
    void clusteredMeans()
    {
        golden::check(
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
             {"unpaired_difference",
              [](const json &i) {
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
        golden::check("behaviour_score.json",
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
        golden::check("yes_bias.json",
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
    void power()
    {
        golden::check("power.json",
                      {{"mde_unpaired",
                        [](const json &i) {
                            return answer(mdeUnpaired(number(i["n_a"]), number(i["n_b"]), number(i["p"]),
                                                      number(i["cluster_size"]), number(i["icc"]), number(i["alpha"]),
                                                      number(i["power"])),
                                          [](const DetectableDifference &d) {
                                              return json{
                                                  {"design_effect", d.designEffect}, {"se", d.se}, {"mde", d.mde}};
                                          });
                        }}},
                      {"mde_paired", "power_two_sided", "items_needed_paired", "items_needed_resampled", "mde_trend"});
    }
    void multiplicity()
    {
        const auto adjusted = [](const auto &a) { return json{{"adjusted", a}}; };
        golden::check("multiplicity.json",
                      {{"benjamini_hochberg",
                        [=](const json &i) { return answer(benjaminiHochberg(numbers(i["p"])), adjusted); }},
                       {"holm", [=](const json &i) { return answer(holm(numbers(i["p"])), adjusted); }}});
    }
    void scalingTrends()
    {
        golden::check("scaling_trend.json", {{"scaling_trend", trendOf}}, {"slope_bootstrap", "two_lines_regression"});
    }
    void scalingVerdicts() { golden::check("scaling_verdict.json", {{"scaling_verdict", verdictOf}}); }

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
