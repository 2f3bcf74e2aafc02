// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/biography.h"
#include "core/statistics/clusterbootstrap.h"
#include "core/statistics/correlation.h"
#include "core/statistics/power.h"
#include "core/statistics/proportions.h"
#include "core/statistics/random.h"
#include "core/statistics/regression.h"
#include "core/statistics/scaling.h"
#include "core/statistics/slopebootstrap.h"
#include "core/statistics/spearman.h"
#include "core/statistics/winogender.h"

#include "goldenstatistics.h"

using namespace evalwright::statistics;
using golden::answer;
using golden::clustersOf;
using golden::confidenceOf;
using golden::Function;
using golden::json;
using golden::number;
using golden::numbers;
using golden::optionalNumber;
using golden::orNull;
using golden::seedOf;

namespace {

using Functions = std::map<std::string, Function>;

ClusterTotals totalsOf(const json &input)
{
    return {1, numbers(input["cluster_sums"]), input["cluster_counts"].get<std::vector<std::int64_t>>()};
}

json replicatesOf(const json &input)
{
    const ClusterTotals totals = totalsOf(input);
    BootstrapOptions options;
    options.seed = seedOf(input);
    options.stream = input["stream"].get<std::string>();
    options.replicates = input["replicates"].get<std::uint32_t>();
    json indices = json::array();
    for (std::uint32_t replicate = 0; replicate < options.replicates; ++replicate)
        indices.push_back(
            *drawIndices(options.seed, options.stream, replicate, totals.counts.size(), totals.counts.size()));
    return answer(bootstrapReplicates(totals, options), [&](const std::vector<double> &means) {
        return json{{"means", means}, {"indices", indices}};
    });
}

Functions randomFunctions()
{
    return {
        {"philox_block",
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
             return answer(drawIndices(seedOf(i), i["stream"].get<std::string>(), i["replicate"].get<std::uint32_t>(),
                                       i["count"].get<std::size_t>(), i["size"].get<std::size_t>()),
                           [](const auto &v) {
                               return json{{"indices", v}};
                           });
         }},
        {"draw_uniforms",
         [](const json &i) {
             return json{{"values", drawUniforms(seedOf(i), i["stream"].get<std::string>(),
                                                 i["replicate"].get<std::uint32_t>(), i["count"].get<std::size_t>())}};
         }},
        {"shuffle",
         [](const json &i) {
             return json{{"order", shuffle(seedOf(i), i["stream"].get<std::string>(), i["size"].get<std::size_t>())}};
         }},
        {"bootstrap_replicates", replicatesOf}};
}

/// Any seed must lie in the bands, so several are tried; the first that does not is shown.
Function overSeeds(std::function<json(const json &input, std::uint64_t seed)> once, const json &document)
{
    return [once, document](const json &input) {
        json got;
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            got = once(input, seed);
            for (const json &entry : document["cases"]) {
                if (entry["input"] == input && entry.contains("expected") && !got.contains("error") &&
                    !golden::differs(got, entry["expected"], entry["tolerance"]["abs"].get<double>(),
                                     entry["tolerance"]["rel"].get<double>())
                         .empty())
                    return got;
            }
        }
        return got;
    };
}

json goldenFile(const char *file)
{
    QFile source(QStringLiteral(EVALWRIGHT_TEST_DATA "/golden/") + QString::fromLatin1(file));
    return source.open(QIODevice::ReadOnly) ? json::parse(source.readAll().toStdString()) : json{{"cases", json()}};
}

json bootstrapOf(const json &input, std::uint64_t seed)
{
    BootstrapOptions options;
    options.seed = seed;
    options.replicates = input["replicates"].get<std::uint32_t>();
    const auto method = input["method"] == "bca" ? BootstrapMethod::Bca : BootstrapMethod::Percentile;
    return answer(clusterBootstrap(totalsOf(input), method, confidenceOf(input), options),
                  [](const BootstrapInterval &b) {
                      return json{{"estimate", b.estimate},
                                  {"se", orNull(b.se)},
                                  {"low", orNull(b.low)},
                                  {"high", orNull(b.high)},
                                  {"replicate_mean", b.replicateMean},
                                  {"bias_correction", orNull(b.biasCorrection)},
                                  {"acceleration", orNull(b.acceleration)}};
                  });
}

Functions bootstrapFunctions()
{
    return {{"cluster_bootstrap", overSeeds(bootstrapOf, goldenFile("cluster_bootstrap.json"))},
            {"wild_cluster_test", [](const json &i) {
                 const auto v = numbers(i["values"]);
                 return answer(wildClusterTest(v, clustersOf(i["cluster"], v.size()), number(i["null_mean"])),
                               [](const WildTest &w) {
                                   return json{{"t", w.t}, {"p", w.p}, {"draws", w.draws}};
                               });
             }}};
}

/// Rows of another length are passed on as they are: the function must notice.
std::vector<std::optional<double>> rowsOf(const json &rows)
{
    std::vector<std::optional<double>> out;
    for (const json &row : rows) {
        for (const json &v : row)
            out.push_back(optionalNumber(v));
    }
    return out;
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
    const auto matches = rowsOf(input["matches"]);
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

json slopeBootstrapOf(const json &input, std::uint64_t seed)
{
    BootstrapOptions options;
    options.seed = seed;
    options.stream = "bootstrap/slope";
    options.replicates = input["replicates"].get<std::uint32_t>();
    return answer(slopeBootstrap(rowsOf(input["matches"]), clustersOf(input["cluster"], input["matches"].size()),
                                 numbers(input["x"]), confidenceOf(input), options),
                  [](const SlopeBootstrap &s) {
                      return json{{"slope", s.slope},
                                  {"se", orNull(s.bootstrap.se)},
                                  {"low", orNull(s.bootstrap.low)},
                                  {"high", orNull(s.bootstrap.high)}};
                  });
}

Functions trendFunctions()
{
    return {{"scaling_trend", trendOf},
            {"slope_bootstrap", overSeeds(slopeBootstrapOf, goldenFile("scaling_trend.json"))},
            {"two_lines_regression", [](const json &i) {
                 return answer(twoLinesRegression(numbers(i["x"]), numbers(i["y"]), number(i["break"])),
                               [](const TwoLinesRegression &t) {
                                   return json{{"left_slope", t.leftSlope},
                                               {"left_se", t.leftSe},
                                               {"left_p", orNull(t.leftP)},
                                               {"right_slope", t.rightSlope},
                                               {"right_se", t.rightSe},
                                               {"right_p", orNull(t.rightP)},
                                               {"df", t.df}};
                               });
             }}};
}

json differenceJson(const Stat<Difference> &result)
{
    return answer(result, [](const Difference &d) {
        return json{{"difference", d.difference}, {"low", d.low}, {"high", d.high}};
    });
}

PairedTable tableOf(const json &i)
{
    return {i["both"].get<std::int64_t>(), i["only_first"].get<std::int64_t>(), i["only_second"].get<std::int64_t>(),
            i["neither"].get<std::int64_t>()};
}

Functions pairedFunctions()
{
    return {
        {"mcnemar_exact",
         [](const json &i) {
             return answer(mcnemarExact(tableOf(i)), [](const McNemar &m) {
                 return json{{"p", m.p}, {"p_mid", m.pMid}, {"discordant", m.discordant}};
             });
         }},
        {"newcombe_paired", [](const json &i) { return differenceJson(newcombePaired(tableOf(i), confidenceOf(i))); }},
        {"tango_interval", [](const json &i) { return differenceJson(tangoInterval(tableOf(i), confidenceOf(i))); }}};
}

Functions correlationFunctions()
{
    return {{"fisher_interval",
             [](const json &i) {
                 return answer(fisherInterval(number(i["r"]), i["n"].get<std::int64_t>(), confidenceOf(i)),
                               [](const Limits &l) {
                                   return json{{"low", l.low}, {"high", l.high}};
                               });
             }},
            {"pearson",
             [](const json &i) {
                 return answer(pearson(numbers(i["x"]), numbers(i["y"]), confidenceOf(i)), [](const Correlation &c) {
                     return json{{"r", c.r}, {"low", orNull(c.low)}, {"high", orNull(c.high)}, {"p", c.p}, {"n", c.n}};
                 });
             }},
            {"spearman",
             [](const json &i) {
                 return answer(
                     spearman(numbers(i["x"]), numbers(i["y"]), confidenceOf(i)), [](const RankCorrelation &c) {
                         return json{{"rho", c.rho}, {"low", orNull(c.low)}, {"high", orNull(c.high)}, {"p", c.p}};
                     });
             }},
            {"spearman_exact",
             [](const json &i) {
                 return answer(spearmanExact(numbers(i["x"]), numbers(i["y"])), [](const ExactRankCorrelation &c) {
                     return json{{"rho", c.rho}, {"p", c.p}};
                 });
             }},
            {"mann_kendall",
             [](const json &i) {
                 return answer(mannKendall(numbers(i["values"])), [](const MannKendall &m) {
                     return json{{"s", m.s},
                                 {"variance", m.variance},
                                 {"z", m.z},
                                 {"p_normal", m.pNormal},
                                 {"p_exact", orNull(m.pExact)},
                                 {"tau_b", orNull(m.tauB)}};
                 });
             }},
            {"dependent_correlations",
             [](const json &i) {
                 return answer(dependentCorrelations(i["n"].get<std::int64_t>(), number(i["r_xy"]), number(i["r_xz"]),
                                                     number(i["r_yz"]), confidenceOf(i)),
                               [](const DependentCorrelations &d) {
                                   return json{{"difference", d.difference}, {"t", orNull(d.t)}, {"df", d.df},
                                               {"p", orNull(d.p)},           {"low", d.low},     {"high", d.high}};
                               });
             }},
            {"independent_correlations", [](const json &i) {
                 return answer(independentCorrelations(i["n_a"].get<std::int64_t>(), number(i["r_a"]),
                                                       i["n_b"].get<std::int64_t>(), number(i["r_b"])),
                               [](const ZTest &t) {
                                   return json{{"z", t.z}, {"p", t.p}};
                               });
             }}};
}

Functions regressionFunctions()
{
    return {{"simple_regression", [](const json &i) {
                 const auto x = numbers(i["x"]);
                 const auto name = i["method"].get<std::string>();
                 const ErrorMethod method = name == "classical" ? ErrorMethod::Classical
                                            : name == "hc3"     ? ErrorMethod::Hc3
                                                                : ErrorMethod::Cluster;
                 return answer(
                     simpleRegression(x, numbers(i["y"]), method, clustersOf(i["cluster"], x.size()), confidenceOf(i)),
                     [&](const SimpleRegression &r) {
                         return json{{"method", name},        {"intercept", r.intercept},
                                     {"slope", r.slope},      {"se_intercept", r.seIntercept},
                                     {"se_slope", r.seSlope}, {"df", r.df},
                                     {"low", r.low},          {"high", r.high},
                                     {"p", orNull(r.p)},      {"r_squared", orNull(r.rSquared)}};
                     });
             }}};
}

Functions winogenderFunctions()
{
    return {{"winogender_association", [](const json &i) {
                 std::vector<PronounSentence> sentences;
                 for (const json &s : i["sentences"]) {
                     sentences.push_back({golden::name(s["occupation"]), number(s["p_female"]), number(s["p_male"]),
                                          s.contains("p_neutral") ? optionalNumber(s["p_neutral"]) : std::nullopt});
                 }
                 std::map<std::string, double> women;
                 for (const auto &[name, share] : i["percent_women"].items())
                     women.emplace(name, number(share));
                 return answer(
                     winogenderAssociation(sentences, women, confidenceOf(i)), [](const WinogenderAssociation &w) {
                         json order = json::array(), score = json::array(), sd = json::array(), counts = json::array();
                         for (const OccupationScore &o : w.occupations) {
                             order.push_back(o.occupation);
                             score.push_back(o.score);
                             sd.push_back(orNull(o.sd));
                             counts.push_back(o.sentences);
                         }
                         return json{{"occupations", w.occupations.size()},
                                     {"order", order},
                                     {"score", score},
                                     {"sd", sd},
                                     {"sentences", counts},
                                     {"r", w.r},
                                     {"r_low", orNull(w.rLow)},
                                     {"r_high", orNull(w.rHigh)},
                                     {"rho", w.rho},
                                     {"slope", w.slope},
                                     {"slope_se_hc3", w.slopeSe},
                                     {"slope_low", w.slopeLow},
                                     {"slope_high", w.slopeHigh},
                                     {"mean_score", w.meanScore},
                                     {"neutral_share", orNull(w.neutralShare)}};
                     });
             }}};
}

Functions biographyFunctions()
{
    return {{"control_shift",
             [](const json &i) {
                 const auto with = numbers(i["with_biography"]);
                 return answer(
                     controlShift(with, numbers(i["control"]), clustersOf(i["cluster"], with.size()), confidenceOf(i)),
                     [](const ControlShift &s) {
                         return json{{"with_biography", s.withBiography},
                                     {"control", s.control},
                                     {"shift", s.shift},
                                     {"se", s.se},
                                     {"low", s.low},
                                     {"high", s.high},
                                     {"df", s.df}};
                     });
             }},
            {"opposite_biographies", [](const json &i) {
                 const auto a = numbers(i["answer_x_under_a"]);
                 return answer(oppositeBiographies(a, numbers(i["answer_x_under_b"]), numbers(i["answer_x_without"]),
                                                   clustersOf(i["cluster"], a.size()), confidenceOf(i)),
                               [](const OppositeBiographies &o) {
                                   return json{{"swing", o.swing.value},   {"swing_se", o.swing.se},
                                               {"swing_low", o.swing.low}, {"swing_high", o.swing.high},
                                               {"pull_a", o.pullA.value},  {"pull_a_se", o.pullA.se},
                                               {"pull_b", o.pullB.value},  {"pull_b_se", o.pullB.se}};
                               });
             }}};
}

Functions powerFunctions()
{
    const auto items = [](const Stat<std::int64_t> &n) {
        return answer(n, [](std::int64_t count) { return json{{"items", count}}; });
    };
    return {
        {"mde_unpaired",
         [](const json &i) {
             return answer(mdeUnpaired(number(i["n_a"]), number(i["n_b"]), number(i["p"]), number(i["cluster_size"]),
                                       number(i["icc"]), number(i["alpha"]), number(i["power"])),
                           [](const DetectableDifference &d) {
                               return json{{"design_effect", d.designEffect}, {"se", d.se}, {"mde", d.mde}};
                           });
         }},
        {"mde_paired",
         [](const json &i) {
             return answer(
                 mdePaired(number(i["n"]), number(i["discordant_share"]), number(i["cluster_size"]), number(i["icc"]),
                           number(i["alpha"]), number(i["power"])),
                 [](const PairedDetectable &d) {
                     return json{{"design_effect", d.designEffect}, {"se", orNull(d.se)}, {"mde", orNull(d.mde)}};
                 });
         }},
        {"items_needed_paired",
         [=](const json &i) {
             return items(itemsNeededPaired(number(i["difference"]), number(i["discordant_share"]),
                                            number(i["cluster_size"]), number(i["icc"]), number(i["alpha"]),
                                            number(i["power"])));
         }},
        {"items_needed_resampled",
         [=](const json &i) {
             return items(itemsNeededResampled(number(i["difference"]), number(i["variance_of_item_differences"]),
                                               number(i["within_item_variance"]), number(i["samples_a"]),
                                               number(i["samples_b"]), number(i["alpha"]), number(i["power"])));
         }},
        {"mde_trend",
         [](const json &i) {
             return answer(mdeTrend(numbers(i["x"]), number(i["item_variance"]),
                                    number(i["correlation_between_models"]), number(i["n"]), number(i["cluster_size"]),
                                    number(i["icc"]), number(i["alpha"]), number(i["power"])),
                           [](const TrendDetectable &d) {
                               return json{{"se_end_to_end", d.se}, {"mde_end_to_end", d.mde}};
                           });
         }},
        {"power_two_sided", [](const json &i) {
             return answer(powerTwoSided(number(i["difference"]), number(i["se"]), number(i["alpha"])), [](double p) {
                 return json{{"power", p}};
             });
         }}};
}

} // namespace

class TestGoldenModels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void random() { golden::check("random.json", randomFunctions()); }
    void clusterBootstraps() { golden::check("cluster_bootstrap.json", bootstrapFunctions()); }
    void scalingTrends() { golden::check("scaling_trend.json", trendFunctions()); }
    void pairedProportions() { golden::check("paired_proportions.json", pairedFunctions()); }
    void correlations() { golden::check("correlation.json", correlationFunctions()); }
    void regressions() { golden::check("regression.json", regressionFunctions()); }
    void winogender() { golden::check("winogender.json", winogenderFunctions()); }
    void biographies() { golden::check("sycophancy_shift.json", biographyFunctions()); }
    void power() { golden::check("power.json", powerFunctions()); }

    void spoiltInputsAreRefusedOrGiveNumbers()
    {
        constexpr int rounds = 150;
        Functions bootstrap = bootstrapFunctions(), trend = trendFunctions();
        bootstrap["cluster_bootstrap"] = [](const json &i) { return bootstrapOf(i, 1); };
        trend["slope_bootstrap"] = [](const json &i) { return slopeBootstrapOf(i, 1); };
        golden::checkSpoilt("cluster_bootstrap.json", bootstrap, rounds);
        golden::checkSpoilt("scaling_trend.json", trend, rounds);
        golden::checkSpoilt("paired_proportions.json", pairedFunctions(), rounds);
        golden::checkSpoilt("correlation.json", correlationFunctions(), rounds);
        golden::checkSpoilt("regression.json", regressionFunctions(), rounds);
        golden::checkSpoilt("winogender.json", winogenderFunctions(), rounds);
        golden::checkSpoilt("sycophancy_shift.json", biographyFunctions(), rounds);
        golden::checkSpoilt("power.json", powerFunctions(), rounds);
    }

    void orderOfItemsChangesNothing()
    {
        golden::checkOrder("cluster_bootstrap.json", bootstrapFunctions(),
                           {{"wild_cluster_test", {{"values", "cluster"}}}}); // All signs enumerated: no stream.
        golden::checkOrder("scaling_trend.json", trendFunctions(),
                           {{"scaling_trend", {{"matches", "cluster"}}}, {"two_lines_regression", {{"x", "y"}}}});
        golden::checkOrder("correlation.json", correlationFunctions(),
                           {{"pearson", {{"x", "y"}}}, {"spearman", {{"x", "y"}}}, {"spearman_exact", {{"x", "y"}}}});
        golden::checkOrder("regression.json", regressionFunctions(), {{"simple_regression", {{"x", "y", "cluster"}}}});
        golden::checkOrder(
            "sycophancy_shift.json", biographyFunctions(),
            {{"control_shift", {{"with_biography", "control", "cluster"}}},
             {"opposite_biographies", {{"answer_x_under_a", "answer_x_under_b", "answer_x_without", "cluster"}}}});
        // Occupations come in order of first appearance, so only what is said of all of them stays.
        const Functions all = winogenderFunctions();
        golden::checkOrder("winogender.json",
                           {{"winogender_association",
                             [&](const json &i) {
                                 json got = all.at("winogender_association")(i);
                                 for (const char *listed : {"order", "score", "sd", "sentences"})
                                     got.erase(listed);
                                 return got;
                             }}},
                           {{"winogender_association", {{"sentences"}}}});
    }
};

QTEST_GUILESS_MAIN(TestGoldenModels)
#include "tst_goldenmodels.moc"
