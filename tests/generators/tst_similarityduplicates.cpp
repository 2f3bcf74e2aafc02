// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/similarity/duplicates.h"
#include "generators/similarity/setjoin.h"

#include "../core/golden.h"
#include "core/statistics/diversity.h"
#include "core/statistics/random.h"

#include <QHash>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

/// Each with each, by the definition.
Repeats byHand(const QStringList &texts, double threshold, WordRule rule)
{
    QHash<QString, int> numbers;
    std::vector<std::vector<int>> sets;
    for (const QString &text : texts) {
        std::vector<int> &set = sets.emplace_back();
        for (const QString &word : wordsOf(text, rule))
            set.push_back(numbers.contains(word) ? numbers[word]
                                                 : *numbers.insert(word, static_cast<int>(numbers.size())));
        std::ranges::sort(set);
        set.erase(std::unique(set.begin(), set.end()), set.end());
    }
    Repeats out(sets.size(), notRepeated);
    std::vector<int> shared;
    for (std::size_t i = 0; i < sets.size(); ++i) {
        for (std::size_t j = 0; j < i && out[i] == notRepeated; ++j) {
            if (sets[i].empty() || sets[j].empty())
                continue;
            shared.clear();
            std::ranges::set_intersection(sets[i], sets[j], std::back_inserter(shared));
            const auto common = static_cast<double>(shared.size());
            if (common >= threshold * (static_cast<double>(sets[i].size() + sets[j].size()) - common) - 1e-12)
                out[i] = static_cast<std::int32_t>(j);
        }
    }
    return out;
}

/// Texts of `least` to `most` words; a low number of words is drawn more often the higher `skew`. Every third text is a
/// copy of an earlier one with some words changed.
QStringList randomTexts(int count, int vocabulary, int least, int most, double skew, std::uint64_t seed)
{
    statistics::RandomStream random(seed, "test/texts");
    std::uint32_t at = 0;
    const auto below = [&](int n) {
        return static_cast<int>((std::uint64_t{random.word(at++)} * static_cast<std::uint64_t>(n)) >> 32);
    };
    const auto word = [&] {
        return u"w%1"_s.arg(static_cast<int>(std::pow(below(1 << 20) / double(1 << 20), skew) * vocabulary));
    };
    QStringList texts;
    while (texts.size() < count) {
        QStringList words;
        if (texts.size() % 3 == 2) {
            words = texts[below(static_cast<int>(texts.size()))].split(u' ');
            for (int change = below(1 + static_cast<int>(words.size()) / 5); change > 0; --change)
                words[below(static_cast<int>(words.size()))] = word();
            if (below(2) == 0)
                words << word();
        } else {
            for (int i = least + below(most - least + 1); i > 0; --i)
                words << word();
        }
        texts << words.join(u' ');
    }
    return texts;
}

} // namespace

class TestSimilarityDuplicates : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exact()
    {
        const auto got = exactDuplicates({u"a"_s, u"b"_s, u"a "_s, u"a"_s, u""_s, QString(), u"b"_s, u"A"_s});
        QVERIFY(got.has_value());
        QCOMPARE(*got, Repeats({-1, -1, -1, 0, -1, 4, 1, -1}));
        QCOMPARE(*exactDuplicates({}), Repeats());
    }
    void words()
    {
        QCOMPARE(
            wordsOf(u"I don't WANT_to be\u2019s, 3 n\u00e4h \u212a"_s, WordRule::Lint),
            QStringList({u"i"_s, u"don't"_s, u"want"_s, u"to"_s, u"be"_s, u"s"_s, u"3"_s, u"n"_s, u"h"_s, u"k"_s}));
        QCOMPARE(wordsOf(u"..."_s, WordRule::Lint), QStringList());
    }
    void near_data()
    {
        QTest::addColumn<QStringList>("texts");
        QTest::addColumn<double>("threshold");
        QTest::newRow("statements") << randomTexts(1500, 400, 3, 16, 3, 1) << 0.8;
        QTest::newRow("lower threshold") << randomTexts(800, 400, 3, 16, 3, 2) << 0.6;
        QTest::newRow("equal sets only") << randomTexts(800, 30, 1, 4, 2, 3) << 1.0;
        QTest::newRow("half") << randomTexts(500, 60, 1, 9, 2, 4) << 0.5;
        QTest::newRow("twenty words") << randomTexts(1500, 20, 5, 14, 1, 5) << 0.8;
        QTest::newRow("short") << randomTexts(1000, 12, 1, 5, 1, 6) << 0.8;
        QTest::newRow("forty to eighty words") << randomTexts(500, 2000, 40, 80, 3, 7) << 0.8;
        QTest::newRow("long, few different words") << randomTexts(200, 500, 200, 700, 1, 8) << 0.8;
        QTest::newRow("ten to twenty words") << randomTexts(1200, 60, 10, 20, 1, 10) << 0.8;
        QTest::newRow("odd threshold") << randomTexts(800, 100, 1, 30, 2, 9) << 0.7321;
    }
    void near()
    {
        QFETCH(const QStringList, texts);
        QFETCH(const double, threshold);
        const Repeats want = byHand(texts, threshold, WordRule::Lint);
        QVERIFY(std::ranges::count(want, notRepeated) < std::ssize(want)); // There is something to find.
        for (const int threads : {1, 2, 7}) {
            const auto got = nearDuplicates(texts, threshold, {{}, {}, threads});
            QVERIFY(got.has_value());
            QCOMPARE(*got, want);
        }
        const SimilarityWork work;
        SimilarityRun run(work);
        const WordSets sets = *wordSets(texts, WordRule::Lint, run, 0);
        const Repeats cheapest = *joinSets(sets, threshold, run, 0);
        QVERIFY(*joinSets(sets, threshold, run, 0, JoinKeys::PairsOfWords) == cheapest);
        QVERIFY(*joinSets(sets, threshold, run, 0, JoinKeys::Parts) == cheapest);
    }
    void nearExamples()
    {
        QCOMPARE(*nearDuplicates({u"I like tea"_s, u"I like war"_s, u"like tea, I"_s, u""_s, u"!"_s, u""_s}),
                 Repeats({-1, -1, 0, -1, -1, -1}));
        // 4 of 5 words are 0.8; an earlier text that is less alike comes before an equal one.
        QCOMPARE(*nearDuplicates({u"a b c d e"_s, u"a b c d"_s, u"a b c d"_s, u"a b c"_s}), Repeats({-1, 0, 0, -1}));
        QCOMPARE(*nearDuplicates({}), Repeats());
        QCOMPARE(nearDuplicates({}, 0.2).error().code, ErrorCode::InvalidInput);
        QCOMPARE(nearDuplicates({}, std::nan("")).error().code, ErrorCode::InvalidInput);
    }
    void golden()
    {
        const auto tokens = [](const golden::json &input) {
            QStringList texts;
            golden::json lists = golden::json::array();
            std::int64_t without = 0;
            for (const auto &text : input["texts"]) {
                texts << QString::fromStdString(text.get<std::string>());
                QList<std::u32string> words;
                for (const QString &word : wordsOf(texts.back(), WordRule::Tokens))
                    words << word.toStdU32String();
                std::ranges::sort(words);
                words.erase(std::unique(words.begin(), words.end()), words.end());
                without += words.isEmpty();
                golden::json list = golden::json::array();
                for (const auto &word : words)
                    list.push_back(QString::fromStdU32String(word).toStdString());
                lists.push_back(list);
            }
            const Repeats repeats = *nearDuplicates(texts, input["threshold"].get<double>(), {}, WordRule::Tokens);
            golden::json duplicates = golden::json::array();
            for (std::size_t i = 0; i < repeats.size(); ++i) {
                if (repeats[i] != notRepeated)
                    duplicates.push_back(i);
            }
            return golden::json{{"tokens", lists},
                                {"duplicates", duplicates},
                                {"rate", repeatShare(repeats, without).rate},
                                {"without_tokens", without}};
        };
        const auto vectors = [](const golden::json &list) {
            std::vector<std::vector<double>> out;
            for (const golden::json &row : list)
                out.push_back(golden::numbers(row));
            return out;
        };
        const auto answer = [](const auto &result, auto toJson) {
            return result ? golden::json(toJson(*result))
                          : golden::json{{"error", statistics::codeName(result.error().code)}};
        };
        const auto embedding = [&](const golden::json &input) {
            return answer(statistics::embeddingDiversity(vectors(input["vectors"])),
                          [](const statistics::EmbeddingDiversity &d) {
                              return golden::json{{"mean_pairwise_cosine", d.meanPairwiseCosine},
                                                  {"vendi", d.vendi},
                                                  {"mean_nearest_distance", d.meanNearestDistance}};
                          });
        };
        const auto entropy = [&](const golden::json &input) {
            return answer(statistics::clusterEntropy(input["assignment"].get<std::vector<std::uint32_t>>(),
                                                     input["clusters"].get<std::size_t>()),
                          [](const statistics::ClusterEntropy &e) {
                              return golden::json{{"entropy_nats", e.entropyNats},
                                                  {"normalised", golden::orNull(e.normalised)},
                                                  {"effective_clusters", e.effectiveClusters}};
                          });
        };
        const auto near = [&](const golden::json &input) {
            return answer(
                statistics::nearDuplicatesByEmbedding(vectors(input["vectors"]), golden::number(input["threshold"])),
                [](const statistics::Duplicates &d) {
                    return golden::json{{"duplicates", d.items}, {"rate", d.rate}};
                });
        };
        golden::check("diversity.json", {{"near_duplicates_by_tokens", tokens},
                                         {"embedding_diversity", embedding},
                                         {"cluster_entropy", entropy},
                                         {"near_duplicates_by_embedding", near}});
    }
    void progressRisesAndCancelStops()
    {
        const QStringList texts = randomTexts(30'000, 300, 6, 14, 1, 11);
        std::vector<double> seen;
        QVERIFY(nearDuplicates(texts, 0.8, {{}, [&](double share) { seen.push_back(share); }, 2}).has_value());
        QVERIFY(seen.size() > 5);
        QVERIFY(std::ranges::is_sorted(seen));
        QVERIFY(seen.back() > 0.99 && seen.back() <= 1);

        const CancellationToken token;
        const auto stopped = nearDuplicates(texts, 0.8,
                                            {token,
                                             [&](double share) {
                                                 if (share > 0.5)
                                                     token.cancel();
                                             },
                                             2});
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(exactDuplicates(texts, {token, {}, 1}).error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestSimilarityDuplicates)
#include "tst_similarityduplicates.moc"
