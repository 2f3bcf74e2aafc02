// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/random.h"
#include "generators/similarity/clusters.h"
#include "generators/similarity/diversity.h"
#include "generators/similarity/duplicates.h"
#include "generators/similarity/lexicalembedding.h"
#include "generators/similarity/map.h"
#include "generators/similarity/neighbours.h"
#include "generators/similarity/selection.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <sys/resource.h>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double peakMiB()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

template <class T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().text().toUtf8().constData());
        std::exit(1);
    }
    return std::move(*result);
}

/// Runs and prints one JSON line; `more` adds members, each with a leading comma.
template <class Work, class More>
auto measure(const char *name, std::size_t n, Work work, More more)
{
    const double cpu = cpuSeconds();
    const auto begin = std::chrono::steady_clock::now();
    auto result = must(work());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    std::printf(
        "{\"bench\": \"similarity/%s\", \"n\": %zu, \"seconds\": %.2f, \"cpu_seconds\": %.2f, \"peak_mib\": %.0f%s}\n",
        name, n, seconds, cpuSeconds() - cpu, peakMiB(), more(result).c_str());
    std::fflush(stdout);
    return result;
}

std::string found(const Repeats &repeats)
{
    return ", \"repeats\": " + std::to_string(repeatShare(repeats).repeated);
}

class Draw
{
public:
    Draw(std::uint64_t seed, const char *stream) : m_random(seed, stream) {}
    std::uint32_t below(std::uint64_t n) { return static_cast<std::uint32_t>((m_random.word(m_at++) * n) >> 32); }
    double uniform() { return m_random.word(m_at++) / 4294967296.0; }

private:
    statistics::RandomStream m_random;
    std::uint32_t m_at = 0;
};

/// Words as in English: the r-th most common one about as often as 1/r.
QStringList statements(std::size_t n, int least, int most, std::uint32_t vocabulary)
{
    Draw draw(1, "bench/statements");
    std::vector<QString> names;
    for (std::uint32_t i = 0; i < vocabulary; ++i)
        names.push_back(QString::number(i + 36 * 36, 36));
    const auto word = [&] {
        return names[static_cast<std::size_t>(std::pow(vocabulary, draw.uniform())) % vocabulary];
    };
    QStringList texts;
    texts.reserve(static_cast<qsizetype>(n));
    while (texts.size() < static_cast<qsizetype>(n)) {
        const std::uint32_t kind = draw.below(20);
        if (kind < 3 && !texts.isEmpty()) { // 5% copies, 10% with one word changed.
            QStringList words = texts[draw.below(static_cast<std::uint64_t>(texts.size()))].split(u' ');
            if (kind > 0)
                words[draw.below(static_cast<std::uint64_t>(words.size()))] = word();
            texts << words.join(u' ');
            continue;
        }
        QString text;
        for (int i = least + static_cast<int>(draw.below(static_cast<std::uint64_t>(most - least + 1))); i > 0; --i)
            text += word() + u' ';
        text.chop(1);
        texts << text;
    }
    return texts;
}

void texts(const char *name, const QStringList &texts)
{
    const auto n = static_cast<std::size_t>(texts.size());
    measure((std::string("exact/") + name).c_str(), n, [&] { return exactDuplicates(texts); }, found);
    measure((std::string("near/") + name).c_str(), n, [&] { return nearDuplicates(texts); }, found);
}

constexpr Eigen::Index dimensions = 384;

/// Like a normal value: the sum of uniform ones, as quick as a million rows need.
float bell(std::uint64_t bits)
{
    float sum = -2;
    for (int i = 0; i < 4; ++i)
        sum += static_cast<float>((bits >> (16 * i)) & 0xFFFF) / 65536.0F;
    return sum;
}

std::uint64_t scramble(std::uint64_t x)
{
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
}

/// Rows spread evenly, or around `clusters` directions of very different numbers of rows. Every tenth repeats an
/// earlier row at a cosine of 0.951 … 0.999.
FloatMatrix embedding(std::size_t n, std::size_t clusters, std::vector<std::int32_t> &planted)
{
    FloatMatrix rows(static_cast<Eigen::Index>(n), dimensions);
    planted.assign(n, notRepeated);
    const auto fill = [](float *row, std::uint64_t seed) {
        for (Eigen::Index k = 0; k < dimensions; ++k)
            row[k] = bell(scramble(seed + static_cast<std::uint64_t>(k)));
    };
    Draw draw(2, "bench/embedding");
    Eigen::RowVectorXf centre(dimensions);
    for (std::size_t i = 0; i < n; ++i) {
        auto row = rows.row(static_cast<Eigen::Index>(i));
        fill(row.data(), i << 20);
        if (i % 10 == 9) {
            const std::uint32_t from = draw.below(i);
            planted[i] = static_cast<std::int32_t>(from);
            const Eigen::RowVectorXf u = rows.row(from);
            Eigen::RowVectorXf v = row - row.dot(u) * u;
            const double cosine = 0.951 + 0.048 * draw.uniform();
            row = static_cast<float>(cosine) * u + static_cast<float>(std::sqrt(1 - cosine * cosine)) * v.normalized();
            continue;
        }
        if (clusters > 0) {
            const double u = draw.uniform();
            fill(centre.data(),
                 (std::uint64_t{1} << 62) + (static_cast<std::uint64_t>(u * u * static_cast<double>(clusters)) << 20));
            row = row.normalized() + 1.2F * centre.normalized();
        }
        row.normalize();
    }
    return rows;
}

/// The share of the planted repeats that is found, whatever earlier row is named.
std::string recall(const Repeats &repeats, const std::vector<std::int32_t> &planted)
{
    double all = 0, got = 0;
    for (std::size_t i = 0; i < planted.size(); ++i) {
        all += planted[i] != notRepeated;
        got += planted[i] != notRepeated && repeats[i] != notRepeated;
    }
    return found(repeats) + ", \"recall\": " + std::to_string(got / all);
}

void meaning(const char *name, std::size_t n, std::size_t clusters, int threads)
{
    std::vector<std::int32_t> planted;
    const FloatMatrix rows = embedding(n, clusters, planted);
    measure((std::string("meaning/") + name).c_str(), n,
            [&] {
                return meaningDuplicates(rows, 0.95, 1, {{}, {}, threads});
            },
            [&](const Repeats &repeats) { return recall(repeats, planted); });
}

std::string nothing(const auto &)
{
    return {};
}

/// Clusters, figures, selection and examples on one embedding.
void others(std::size_t n, int threads)
{
    std::vector<std::int32_t> planted;
    const FloatMatrix rows = embedding(n, 300, planted);
    const SimilarityWork work{{}, {}, threads};
    const std::vector<double> scores = statistics::drawUniforms(3, "bench/scores", 0, n);
    measure(
        "kmeans/40", n, [&] { return kMeans(rows, 40, 1, work); }, nothing<Clusters>);
    measure(
        "diversity", n, [&] { return measureDiversity(rows, 1, work); }, nothing<DiversityFigures>);
    measure(
        "diverse/500", n, [&] { return selectDiverse(scores, rows, 500, 0.7, work); },
        nothing<std::vector<std::uint32_t>>);
    const std::uint32_t chosen[] = {1, 2, 3};
    measure(
        "examples", n, [&] { return likeExamples(rows, chosen, 100, Towards::These, work); },
        nothing<std::vector<Ranked>>);
    measure(
        "plane", n, [&] { return principalPlane(rows, 1, work); }, nothing<MapPoints>);
}

void layout(std::size_t n, int threads)
{
    std::vector<std::int32_t> planted;
    const FloatMatrix rows = embedding(n, 30, planted);
    const SimilarityWork work{{}, {}, threads};
    const auto kept = [&](const MapPoints &points) {
        return ", \"neighbours_kept\": " + std::to_string(must(neighboursKept(rows, points, 10, work)));
    };
    measure(
        "layout", n, [&] { return neighbourLayout(rows, 1, work); }, kept);
    measure(
        "layout/plane", n, [&] { return principalPlane(rows, 1, work); }, kept);
}

void lexical(std::size_t n, int threads)
{
    const QStringList texts = statements(n, 6, 18, 30'000);
    const SimilarityWork work{{}, {}, threads};
    const LexicalEmbedding counted = measure(
        "lexical/fit", n, [&] { return LexicalEmbedding::fit(texts, 1, work); }, nothing<LexicalEmbedding>);
    measure(
        "lexical/embed", n, [&] { return counted.embed(texts, work); }, nothing<FloatMatrix>);
}

/// Seconds from the request to stop until the call returns, asked for at a tenth, two tenths … of its progress.
template <class Work>
void cancelling(const char *name, std::size_t n, Work work)
{
    double slowest = 0;
    for (double at = 0.05; at < 1; at += 0.1) {
        const CancellationToken token;
        std::chrono::steady_clock::time_point asked;
        const auto result = work(SimilarityWork{token,
                                                [&](double share) {
                                                    if (share >= at && !token.isCancelled()) {
                                                        asked = std::chrono::steady_clock::now();
                                                        token.cancel();
                                                    }
                                                },
                                                0});
        if (!result)
            slowest =
                std::max(slowest, std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count());
    }
    std::printf("{\"bench\": \"similarity/cancel/%s\", \"n\": %zu, \"slowest_seconds\": %.3f}\n", name, n, slowest);
}

} // namespace

/// Arguments: what (see below), n (1000000), threads (0: one per core). Each `what` in a process of its own, for the
/// peak of memory; the rows themselves count in it.
int main(int argc, char **argv)
{
    const std::string what = argc > 1 ? argv[1] : "texts";
    const std::size_t n = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
    const int threads = argc > 3 ? std::atoi(argv[3]) : 0;
    if (what == "spread")
        meaning("spread", n, 0, threads);
    if (what == "clustered")
        meaning("clustered", n, 300, threads);
    if (what == "others")
        others(n, threads);
    if (what == "layout")
        layout(n, threads);
    if (what == "lexical")
        lexical(n, threads);
    if (what == "cancel") {
        const QStringList all = statements(n, 6, 18, 30'000);
        cancelling("near", n, [&](const SimilarityWork &work) { return nearDuplicates(all, 0.8, work); });
        std::vector<std::int32_t> planted;
        const FloatMatrix rows = embedding(n, 300, planted);
        cancelling("meaning", n, [&](const SimilarityWork &work) { return meaningDuplicates(rows, 0.95, 1, work); });
    }
    if (what == "texts")
        texts("statements", statements(n, 6, 18, 30'000));
    if (what == "identical")
        texts("identical", QStringList(static_cast<qsizetype>(n), u"I would like to have more power over people"_s));
    if (what == "common")
        texts("twenty-words", statements(n, 6, 18, 20));
    if (what == "forty")
        texts("forty-words", statements(n, 6, 18, 40));
    if (what == "questions")
        texts("questions", statements(n, 40, 100, 30'000));
    if (what == "long")
        texts("long", statements(n / 20, 1500, 2000, 30'000));
    if (what == "longcommon")
        texts("long-few-words", statements(n / 20, 1500, 2000, 3000));
    return 0;
}
