// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/bradleyterry.h"
#include "core/statistics/dawidskene.h"
#include "core/statistics/distributions.h"
#include "core/statistics/kappa.h"
#include "core/statistics/krippendorff.h"
#include "core/statistics/ratings.h"

#include "golden.h"

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

double confidenceOf(const json &input)
{
    return input.contains("confidence") ? number(input["confidence"]) : 0.95;
}

/// A name as its place among the categories; one past them when it is not there.
Rating codeOf(const json &value, const json &categories)
{
    if (value.is_null())
        return std::nullopt;
    const auto found = std::ranges::find(categories, value);
    return static_cast<std::uint32_t>(found - categories.begin());
}

std::vector<Rating> codesOf(const json &list, const json &categories)
{
    std::vector<Rating> out;
    for (const json &value : list)
        out.push_back(codeOf(value, categories));
    return out;
}

struct Ratings
{
    std::vector<Rating> codes;
    std::size_t raters = 0, categories = 0;
    RatingTable table() const { return {codes, raters, categories}; }
};
Ratings ratingsOf(const json &input)
{
    Ratings out;
    out.categories = input["categories"].size();
    if (!input["ratings"].empty())
        out.raters = input["ratings"][0].size();
    for (const json &row : input["ratings"]) {
        for (const json &value : row)
            out.codes.push_back(codeOf(value, input["categories"]));
    }
    return out;
}

json codeJson(const Rating &code, const json &categories)
{
    return code ? categories[*code] : json();
}

json table(const std::vector<std::int64_t> &cells, std::size_t columns)
{
    json rows = json::array();
    for (std::size_t at = 0; at < cells.size(); at += columns)
        rows.push_back(std::vector<std::int64_t>(cells.begin() + static_cast<std::ptrdiff_t>(at),
                                                 cells.begin() + static_cast<std::ptrdiff_t>(at + columns)));
    return rows;
}

json table(const std::vector<double> &cells, std::size_t columns)
{
    json rows = json::array();
    for (std::size_t at = 0; at < cells.size(); at += columns)
        rows.push_back(std::vector<double>(cells.begin() + static_cast<std::ptrdiff_t>(at),
                                           cells.begin() + static_cast<std::ptrdiff_t>(at + columns)));
    return rows;
}

KappaWeights weightsOf(const json &input)
{
    const json &name = input["weights"];
    return name == "linear" ? KappaWeights::Linear : name == "quadratic" ? KappaWeights::Quadratic : KappaWeights::None;
}

json cohen(const json &input)
{
    const auto first = codesOf(input["first"], input["categories"]),
               second = codesOf(input["second"], input["categories"]);
    const std::size_t q = input["categories"].size();
    return answer(cohenKappa(first, second, q, weightsOf(input), confidenceOf(input)), [=](const CohenKappa &k) {
        return json{{"n", k.n},   {"confusion", table(k.confusion, q)}, {"percent", k.percent}, {"kappa", k.kappa},
                    {"se", k.se}, {"low", k.low},                       {"high", k.high}};
    });
}

json many(const Stat<ManyRaters> &result)
{
    return answer(result, [](const ManyRaters &m) {
        return json{{"items", m.items},
                    {"items_with_two", m.itemsWithTwo},
                    {"percent", m.percent},
                    {"value", m.value},
                    {"expected_agreement", m.expectedAgreement},
                    {"se", orNull(m.se)},
                    {"low", orNull(m.low)},
                    {"high", orNull(m.high)}};
    });
}

struct Numbers
{
    std::vector<std::optional<double>> values;
    std::size_t raters = 0;
};
Numbers numbersOf(const json &rows)
{
    Numbers out;
    if (!rows.empty())
        out.raters = rows[0].size();
    for (const json &row : rows) {
        for (const json &value : row)
            out.values.push_back(golden::optionalNumber(value));
    }
    return out;
}

AlphaLevel levelOf(const json &input)
{
    const json &name = input["level"];
    return name == "ordinal" ? AlphaLevel::Ordinal : name == "interval" ? AlphaLevel::Interval : AlphaLevel::Nominal;
}

json alpha(const json &input)
{
    const Numbers ratings = numbersOf(input["ratings"]);
    return answer(krippendorffAlpha(ratings.values, ratings.raters, levelOf(input)), [](const KrippendorffAlpha &a) {
        return json{{"value", a.value}, {"pairable_ratings", a.pairableRatings}, {"items", a.items}};
    });
}

json interval(const Stat<ResampledInterval> &result)
{
    return answer(result, [](const ResampledInterval &r) {
        return json{{"value", r.value},
                    {"se", orNull(r.se)},
                    {"low", orNull(r.low)},
                    {"high", orNull(r.high)},
                    {"undefined_share", r.undefinedShare}};
    });
}

json alphaBootstrap(const json &input, std::uint64_t seed)
{
    const Numbers ratings = numbersOf(input["ratings"]);
    ResamplingSettings settings;
    settings.replicates = input["replicates"].get<std::int64_t>();
    settings.confidence = confidenceOf(input);
    settings.seed = seed;
    return interval(krippendorffAlphaBootstrap(ratings.values, ratings.raters, levelOf(input), {}, settings));
}

json dawidSkeneOf(const json &input)
{
    const Ratings ratings = ratingsOf(input);
    return answer(dawidSkene(ratings.table()), [&](const DawidSkene &fit) {
        json confusion = json::array(), label = json::array();
        const std::size_t q = ratings.categories;
        for (std::size_t r = 0; r < ratings.raters; ++r) {
            const auto begin = fit.confusion.begin() + static_cast<std::ptrdiff_t>(r * q * q);
            confusion.push_back(table(std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(q * q)), q));
        }
        for (const Rating &code : fit.label)
            label.push_back(codeJson(code, input["categories"]));
        return json{{"posterior", table(fit.posterior, q)},
                    {"prior", fit.prior},
                    {"confusion", confusion},
                    {"label", label}};
    });
}

json majorityOf(const json &input)
{
    return answer(majorityLabel(ratingsOf(input).table()), [&](const Majority &m) {
        json labels = json::array();
        for (const Rating &code : m.label)
            labels.push_back(codeJson(code, input["categories"]));
        return json{{"majority", labels}, {"ties_or_empty", m.tiesOrEmpty}};
    });
}

json precisionOf(const json &input)
{
    std::vector<std::uint32_t> label;
    for (const Rating &code : codesOf(input["label"], input["categories"]))
        label.push_back(code.value_or(std::numeric_limits<std::uint32_t>::max()));
    return answer(labelPrecision(ratingsOf(input).table(), label, confidenceOf(input)), [&](const LabelPrecision &p) {
        json perLabel = json::array();
        for (std::size_t c = 0; c < p.perLabel.size(); ++c)
            perLabel.push_back({{"label", input["categories"][c]},
                                {"right", p.perLabel[c].right},
                                {"items", p.perLabel[c].items}});
        return json{{"items", p.items}, {"without_majority", p.withoutMajority}, {"precision", p.precision},
                    {"low", p.low},     {"high", p.high},                        {"per_label", perLabel}};
    });
}

json raterTableOf(const json &input)
{
    const Ratings ratings = ratingsOf(input);
    std::vector<Rating> gold;
    if (input["gold"].is_array())
        gold = codesOf(input["gold"], input["categories"]);
    const auto given = input["gold"].is_array() ? std::optional<std::span<const Rating>>(gold) : std::nullopt;
    return answer(raterTable(ratings.table(), given, confidenceOf(input)), [&](const std::vector<RaterRow> &rows) {
        json raters = json::array();
        for (const RaterRow &row : rows)
            raters.push_back({{"n", row.n},
                              {"confusion", table(row.confusion, ratings.categories)},
                              {"accuracy", orNull(row.accuracy)},
                              {"low", orNull(row.low)},
                              {"high", orNull(row.high)}});
        return json{{"raters", raters}};
    });
}

json bradleyTerryOf(const json &input)
{
    std::vector<Wins> wins;
    for (const json &entry : input["wins"])
        wins.push_back(
            {entry["winner"].get<std::uint32_t>(), entry["loser"].get<std::uint32_t>(), number(entry["count"])});
    return answer(bradleyTerry(input["models"].get<std::size_t>(), wins, input["anchor"].get<std::size_t>(),
                               number(input["anchor_rating"]), confidenceOf(input)),
                  [](const BradleyTerry &b) {
                      return json{{"log_strength", b.logStrength},
                                  {"rating", b.rating},
                                  {"se", b.se},
                                  {"low", b.low},
                                  {"high", b.high}};
                  });
}

json compared(const json &input)
{
    return answer(compareDistributions(numbers(input["p"]), numbers(input["q"])), [](const DistributionComparison &c) {
        return json{{"js_distance_base2", c.jsDistanceBase2},
                    {"js_divergence_base2", c.jsDivergenceBase2},
                    {"js_distance_nats", c.jsDistanceNats},
                    {"js_divergence_nats", c.jsDivergenceNats},
                    {"similarity", c.similarity},
                    {"kl_nats", std::isinf(c.klNats) ? json("inf") : json(c.klNats)},
                    {"entropy_p_bits", c.entropyPBits},
                    {"entropy_q_bits", c.entropyQBits},
                    {"entropy_p_nats", c.entropyPNats},
                    {"entropy_q_nats", c.entropyQNats},
                    {"total_variation", c.totalVariation},
                    {"wasserstein", c.wasserstein},
                    {"ordinal_similarity", c.ordinalSimilarity}};
    });
}

json chiSquare(const Stat<ChiSquare> &result)
{
    return answer(result, [](const ChiSquare &c) {
        return json{{"statistic", c.statistic},
                    {"df", c.df},
                    {"p", c.p},
                    {"cramers_v", orNull(c.cramersV)},
                    {"smallest_expected", c.smallestExpected},
                    {"small_expected", c.smallExpected}};
    });
}

json chiSquareTable(const json &input)
{
    std::vector<double> cells;
    const std::size_t columns = input["table"].empty() ? 0 : input["table"][0].size();
    for (const json &row : input["table"]) {
        if (row.size() != columns)
            return {{"error", "length_mismatch"}};
        for (const json &value : row)
            cells.push_back(number(value));
    }
    return chiSquare(chiSquareIndependence(cells, columns));
}

} // namespace

/// Agreement, ranking and distributions against the golden vectors; nothing of these files is skipped.
class TestGoldenAgreement : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void pairs() { golden::check("agreement_pairwise.json", {{"cohen_kappa", cohen}}); }
    void manyRaters()
    {
        golden::check("agreement_many.json",
                      {{"fleiss_kappa",
                        [](const json &i) { return many(fleissKappa(ratingsOf(i).table(), confidenceOf(i))); }},
                       {"gwet_ac1", [](const json &i) { return many(gwetAc1(ratingsOf(i).table(), confidenceOf(i))); }}});
    }
    void alphas_data()
    {
        QTest::addColumn<quint64>("seed");
        for (const quint64 seed : {0ULL, 1ULL, 2ULL, 77ULL, 18446744073709551615ULL})
            QTest::addRow("seed %llu", static_cast<unsigned long long>(seed)) << seed;
    }
    void alphas()
    {
        QFETCH(const quint64, seed);
        golden::check("krippendorff_alpha.json",
                      {{"krippendorff_alpha", alpha},
                       {"krippendorff_alpha_bootstrap", [=](const json &i) { return alphaBootstrap(i, seed); }}});
    }
    void dawidSkenes() { golden::check("dawid_skene.json", {{"dawid_skene", dawidSkeneOf}}); }
    void raters()
    {
        golden::check(
            "raters.json",
            {{"majority_label", majorityOf}, {"label_precision", precisionOf}, {"rater_table", raterTableOf}});
    }
    void ranking()
    {
        golden::check("bradley_terry.json",
                      {{"bradley_terry", bradleyTerryOf}, {"elo_win_probability", [](const json &i) {
                            return answer(eloWinProbability(number(i["rating_a"]), number(i["rating_b"])),
                                          [](double p) { return json{{"probability", p}}; });
                        }}});
    }
    void distributions()
    {
        golden::check("distributions.json",
                      {{"compare_distributions", compared},
                       {"chi_square_fit",
                        [](const json &i) {
                            const auto observed = numbers(i["observed"]);
                            if (i["shares"].is_null())
                                return chiSquare(chiSquareFit(observed));
                            const auto shares = numbers(i["shares"]);
                            return chiSquare(chiSquareFit(observed, shares));
                        }},
                       {"chi_square_independence", chiSquareTable}});
    }
};

QTEST_GUILESS_MAIN(TestGoldenAgreement)
#include "tst_goldenagreement.moc"
