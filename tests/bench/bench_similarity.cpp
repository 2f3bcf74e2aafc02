// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/random.h"
#include "generators/similarity/duplicates.h"

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
    const auto seconds = [](const timeval &t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
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
    std::printf("{\"bench\": \"similarity/%s\", \"n\": %zu, \"seconds\": %.2f, \"cpu_seconds\": %.2f, \"peak_mib\": %.0f%s}\n",
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
    const auto word = [&] { return names[static_cast<std::size_t>(std::pow(vocabulary, draw.uniform())) % vocabulary]; };
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

} // namespace

/// Arguments: what (texts | …), n (1000000).
int main(int argc, char **argv)
{
    const std::string what = argc > 1 ? argv[1] : "texts";
    const std::size_t n = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
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
