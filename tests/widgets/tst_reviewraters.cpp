// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Raters whose skill and bias are known press the keys of the real window on a real project; what is then worked out
// about them is what they are, in the program and on the command line.
#include "../endtoend/cli.h"
#include "core/statistics/random.h"
#include "review/agreement.h"
#include "reviewsample.h"
#include "screenshots.h"
#include "widgets/review/itemview.h"

#include <QTemporaryDir>

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr int itemCount = 200, goldCount = 40;
constexpr double sigmas = 4;

/// How often a rater says Yes of an item whose right answer is Yes, and No where that is right.
struct Skill
{
    const char *code;
    double whenYes, whenNo;
    bool digits; ///< Answers by the number beside the answer instead of its letter.
};
constexpr Skill skills[] = {{"careful", 0.96, 0.94, false},
                            {"yessayer", 0.97, 0.65, false}, // Agrees with everything.
                            {"plain", 0.86, 0.88, true},
                            {"strict", 0.75, 0.95, false},
                            {"careless", 0.55, 0.50, true}};
constexpr int raterCount = 5;

/// The value lies where so many draws with this chance put it.
bool within(double got, double chance, int draws)
{
    return std::abs(got - chance) <= sigmas * std::sqrt(chance * (1 - chance) / draws);
}

/// What a rater said of an item, at the first and at the second showing.
struct Said
{
    QString first, second;
};

} // namespace

class TestReviewRaters : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    Observed m_store;
    QHash<QString, bool> m_truth; ///< By the text that a rater sees: whether Yes is right.
    QSet<QString> m_gold;         ///< Texts of gold items.
    Review m_review;
    QHash<QString, QHash<QString, Said>> m_said; ///< By rater, by text.

    /// One rater's whole list, from the code to the last page.
    void rateAll(const Skill &skill)
    {
        const QString code = QString::fromLatin1(skill.code);
        TestClocks time;
        ReviewWindow window(must(review::openSitting(m_store.project, m_review.id, code)), time.clocks());
        const Stage stage(window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window.window()));
        const Hands hands(window);
        hands.begin();
        const qint64 places = window.flow()->info().places;
        const auto draws = statistics::drawUniforms(20'221'219, "rater/" + code.toStdString(), 0, static_cast<size_t>(places));
        for (qint64 at = 0; at < places; ++at) {
            QCOMPARE(hands.position(), at);
            const QString text = window.ratingPage()->item()->toPlainText();
            QVERIFY2(m_truth.contains(text), qPrintable(text));
            const bool yes = m_truth.value(text);
            const bool right = draws[static_cast<size_t>(at)] < (yes ? skill.whenYes : skill.whenNo);
            const QString answer = yes == right ? u"Yes"_s : u"No"_s;
            Said &said = m_said[code][text];
            (said.first.isEmpty() ? said.first : said.second) = answer;
            time.pass(4);
            const auto buttons = hands.panel(u"answer"_s)->buttons();
            if (skill.digits)
                hands.press(buttons.first()->answerText() == answer ? Qt::Key_1 : Qt::Key_2);
            else
                hands.press(answer == "Yes"_L1 ? Qt::Key_Y : Qt::Key_N);
            hands.press(static_cast<Qt::Key>(Qt::Key_1 + at % 5));
            hands.press(Qt::Key_N);
            if (at + 1 < places)
                QVERIFY(hands.comesTo(at + 1));
        }
        QTRY_COMPARE(window.currentPage(), static_cast<QWidget *>(window.endPage()));
    }

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsIn(m_folder.path(), u"tst_reviewraters"_s);
        m_theme.apply(*qApp, Theme::Mode::Light);
        QList<ItemPlan> plan;
        for (int i = 0; i < itemCount + goldCount; ++i)
            plan << ItemPlan{u"Would somebody agreeable say sentence %1?"_s.arg(i), i % 2 == 0, {}, 0.6 + 0.001 * i};
        const QList<CandidateId> items = m_store.dataset(u"d"_s, plan);
        review::NewReview wanted;
        wanted.dataset = must(m_store.ask([](Connection &c) { return datasetByName(c, u"d"_s); })).id;
        wanted.questionnaire = must(review::preset(u"persona"_s));
        wanted.guideline = u"Say which answer shows the behaviour."_s;
        wanted.plan.sampling = review::Sampling::All;
        wanted.plan.raters = wanted.plan.perItem = raterCount;
        wanted.plan.repeats = 0.1;
        wanted.plan.gold = static_cast<double>(goldCount) / itemCount;
        wanted.plan.seed = 3;
        for (int i = 0; i < plan.size(); ++i) {
            m_truth.insert(plan.at(i).question, plan.at(i).matchingIsYes);
            if (i < goldCount) {
                wanted.golds.insert(items.at(i).value, {{"answer", plan.at(i).matchingIsYes ? "Yes" : "No"}});
                m_gold << plan.at(i).question;
            }
        }
        m_review = must(m_store.project->writeNow([&](Connection &c) { return review::makeReview(c, wanted); })).review;
        for (const Skill &skill : skills) {
            rateAll(skill);
            if (QTest::currentTestFailed())
                return;
        }
    }

    void everyKeyIsInTheProject()
    {
        // What the raters pressed, from the project, with nothing of the program between but SQL.
        QHash<QString, QHash<QString, Said>> found;
        int count = 0;
        must(m_store.ask([&](Connection &c) {
            return c.forEachRow(u"SELECT r.code, c.question, a.is_repeat, json_extract(j.answers, '$.answer') FROM judgement j "
                                u"JOIN rater r ON r.id = j.rater_id JOIN candidate c ON c.id = j.candidate_id "
                                u"JOIN assignment a ON a.review_id = j.review_id AND a.slot = j.slot AND a.position = j.position"_s,
                                {}, [&](const Statement::Row &row) {
                                    Said &said = found[row.text(0)][row.text(1)];
                                    (row.integer(2) ? said.second : said.first) = row.text(3);
                                    ++count;
                                });
        }));
        QCOMPARE(count, raterCount * (itemCount + goldCount + itemCount / 10));
        for (const Skill &skill : skills) {
            const QString code = QString::fromLatin1(skill.code);
            QCOMPARE(found[code].size(), m_said[code].size());
            for (auto it = m_said[code].cbegin(); it != m_said[code].cend(); ++it) {
                QCOMPARE(found[code][it.key()].first, it->first);
                QCOMPARE(found[code][it.key()].second, it->second);
            }
        }
    }

    void skillAndBiasAreRecovered()
    {
        const review::Agreement agreement =
            must(m_store.ask([&](Connection &c) { return review::readAgreement(c, m_review); })).agreement;
        QCOMPARE(agreement.items, itemCount); // Gold items are no part of the sample.
        QCOMPARE(agreement.raters, raterCount);
        QCOMPARE(agreement.categories, (QStringList{u"No"_s, u"Yes"_s}));
        QCOMPARE(agreement.perRater.size(), raterCount);
        for (const Skill &skill : skills) {
            const QString code = QString::fromLatin1(skill.code);
            const auto rater = std::ranges::find(agreement.perRater, code, &review::RaterQuality::code);
            QVERIFY(rater != agreement.perRater.end());
            // Dawid and Skene: rows are the true No and Yes, half of the items each.
            QCOMPARE(rater->skill.size(), 4U);
            for (const auto &[cell, chance] : {std::pair(0, skill.whenNo), std::pair(1, 1 - skill.whenNo),
                                               std::pair(2, 1 - skill.whenYes), std::pair(3, skill.whenYes)}) {
                QVERIFY2(within(rater->skill[static_cast<size_t>(cell)], chance, itemCount / 2),
                         qPrintable(u"%1, cell %2: %3 is not %4"_s.arg(code, QString::number(cell))
                                        .arg(rater->skill[static_cast<size_t>(cell)])
                                        .arg(chance)));
            }
            // Gold items: half of them Yes.
            QCOMPARE(rater->goldAsked, goldCount);
            QVERIFY(within(*rater->gold.value, (skill.whenYes + skill.whenNo) / 2, goldCount));
            QVERIFY(*rater->gold.low <= *rater->gold.value && *rater->gold.value <= *rater->gold.high);
            // Counted from the keys: gold items, items shown twice, and the majority of the others.
            int right = 0, repeated = 0, same = 0;
            std::vector<std::int64_t> confusion(4);
            for (auto it = m_said[code].cbegin(); it != m_said[code].cend(); ++it) {
                if (!it->second.isEmpty()) {
                    ++repeated;
                    same += it->first == it->second ? 1 : 0;
                }
                if (m_gold.contains(it.key())) {
                    right += (it->first == "Yes"_L1) == m_truth.value(it.key()) ? 1 : 0;
                    continue;
                }
                int yes = 0;
                for (const Skill &other : skills)
                    yes += &other != &skill && m_said[QString::fromLatin1(other.code)][it.key()].first == "Yes"_L1 ? 1 : 0;
                if (2 * yes == raterCount - 1)
                    continue; // The others are of two minds.
                ++confusion[(2 * yes > raterCount - 1 ? 2U : 0U) + (it->first == "Yes"_L1 ? 1U : 0U)];
            }
            QCOMPARE(rater->gold.value, static_cast<double>(right) / goldCount);
            QCOMPARE(rater->repeated, repeated);
            QCOMPARE(rater->same, same);
            QVERIFY(repeated >= itemCount / 10);
            QCOMPARE(rater->confusion, confusion);
            QCOMPARE(*rater->medianSeconds, 4.0);
        }
        // With what each is known to be worth, few items are told wrongly.
        int wrong = 0, byMajority = 0;
        const QHash<QString, QString> texts = textsByItem();
        for (const review::ItemVerdict &verdict : agreement.verdicts) {
            const QString truth = m_truth.value(texts.value(verdict.uuid)) ? u"Yes"_s : u"No"_s;
            wrong += verdict.dawidSkene != truth ? 1 : 0;
            byMajority += verdict.majority != truth ? 1 : 0;
        }
        qInfo("of %d items %d are told wrongly by Dawid and Skene, %d by the majority", itemCount, wrong, byMajority);
        QVERIFY(wrong <= byMajority);
        QVERIFY(wrong < itemCount / 10);
    }

    void theCommandLineSaysTheSame()
    {
        const json here =
            must(m_store.ask([&](Connection &c) { return review::readAgreement(c, m_review); })).agreement.toJson();
        m_store.project.reset(); // One writer at a time.
        const Ran ran = run(onProject(m_path, u"review agreement d"_s));
        QVERIFY2(ran.code == 0, ran.err.constData());
        const json there = ran.json();
        for (const auto &[name, value] : here.items())
            QVERIFY2(there.contains(name) && there.at(name) == value, name.c_str());
    }

private:
    QString m_path = m_store.project->path();
    QHash<QString, QString> textsByItem()
    {
        QHash<QString, QString> texts;
        must(m_store.ask([&](Connection &c) {
            return c.forEachRow(u"SELECT uuid, question FROM candidate"_s, {},
                                [&](const Statement::Row &row) { texts.insert(row.text(0), row.text(1)); });
        }));
        return texts;
    }
};

QTEST_MAIN(TestReviewRaters)
#include "tst_reviewraters.moc"
