// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Agreement of whole reviews, from what raters said to the number that is shown, against the libraries that others use:
// statsmodels, scikit-learn, krippendorff and irrCAC. Their numbers are stored in tests/data/agreement. With
// EVALWRIGHT_REFERENCE_PYTHON=PYTHON they are asked anew; EVALWRIGHT_REFERENCE_KEEP=1 then stores what they say.
#include "reviewed.h"

#include "core/statistics/random.h"
#include "review/agreement.h"

#include <QProcess>

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr double tolerance = 1e-9;

/// Two to five categories, a scale, and one that may be left open.
Questionnaire fiveQuestions()
{
    return must(Questionnaire::fromText(
        "{\"format\": \"evalwright-questionnaire/1\", \"name\": \"five\", \"questions\": ["
        "{\"id\": \"answer\", \"kind\": \"options\", \"text\": \"Which?\"},"
        "{\"id\": \"three\", \"kind\": \"choice\", \"text\": \"Which of three?\", \"choices\": [{\"key\": \"a\", \"text\": \"A\"},"
        " {\"key\": \"b\", \"text\": \"B\"}, {\"key\": \"c\", \"text\": \"C\"}]},"
        "{\"id\": \"four\", \"kind\": \"choice\", \"text\": \"Which of four?\", \"required\": false, \"choices\": ["
        "{\"key\": \"a\", \"text\": \"A\"}, {\"key\": \"b\", \"text\": \"B\"}, {\"key\": \"c\", \"text\": \"C\"},"
        " {\"key\": \"d\", \"text\": \"D\"}]},"
        "{\"id\": \"scale\", \"kind\": \"scale\", \"low\": 1, \"high\": 5, \"text\": \"How good?\"}]}"));
}

/// A question's answers as they are given, in the order of its categories.
std::vector<json> answersOf(const QString &question)
{
    if (question == "answer"_L1)
        return {"No", "Yes"};
    if (question == "three"_L1)
        return {"a", "b", "c"};
    if (question == "four"_L1)
        return {"a", "b", "c", "d"};
    return {1, 2, 3, 4, 5};
}
const QStringList questions{u"answer"_s, u"three"_s, u"four"_s, u"scale"_s};

enum class Habit { Erring, AllTheSame, Ties };

struct Case
{
    const char *name;
    int items, raters, perItem;
    double right;  ///< How often a rater says what is right; otherwise anything.
    double skips;  ///< How often an item is skipped, and the open question left open.
    double leaves; ///< What share of the list the last rater leaves.
    Habit habit = Habit::Erring;
};
const Case cases[] = {{"two raters", 60, 2, 2, 0.8, 0, 0},
                      {"two raters, some left out", 60, 2, 2, 0.7, 0.2, 0},
                      {"five raters", 50, 5, 5, 0.7, 0, 0},
                      {"six raters, three an item", 80, 6, 3, 0.6, 0, 0},
                      {"some skipped, one left early", 40, 4, 4, 0.75, 0.2, 0.7},
                      {"mere chance", 60, 3, 3, 0, 0.1, 0},
                      {"nobody errs", 30, 3, 3, 1, 0, 0},
                      {"all say the same", 20, 3, 3, 1, 0, 0, Habit::AllTheSame},
                      {"two against two", 30, 4, 4, 1, 0, 0, Habit::Ties},
                      {"one rater", 20, 1, 1, 0.8, 0, 0},
                      {"the second has not begun", 20, 2, 2, 0.8, 0, 1}};

/// What was said, by question: items × raters, and what the program makes of it.
struct Played
{
    QMap<QString, json> tables;
    Agreement agreement;
};

Played play(const Case &plan)
{
    Reviewed s(plan.items);
    NewReview wanted = s.wanted();
    wanted.questionnaire = fiveQuestions();
    wanted.plan.sampling = Sampling::All;
    wanted.plan.raters = plan.raters;
    wanted.plan.perItem = plan.perItem;
    wanted.plan.gold = wanted.plan.repeats = 0;
    wanted.plan.seed = 5;
    const Review review = s.make(wanted).review;
    QHash<QString, qsizetype> rows;
    for (const Candidate &item : must(s.store.ask([&](Connection &c) { return itemsOf(c, s.dataset); })))
        rows.insert(item.uuid, rows.size());
    Played played;
    for (const QString &question : questions)
        played.tables[question] = json::array();
    for (auto &table : played.tables) {
        for (int i = 0; i < plan.items; ++i)
            table.push_back(json(std::vector<json>(static_cast<size_t>(plan.raters))));
    }
    const auto perPlace = static_cast<size_t>(questions.size()) * 3 + 2;
    for (int rater = 0; rater < plan.raters; ++rater) {
        const auto sitting = s.sit(review, u"r%1"_s.arg(rater));
        const QList<Place> places = must(sitting->places(0, 1000).result());
        const auto draws = statistics::drawUniforms(11, std::string(plan.name) + std::to_string(rater), 0,
                                                    perPlace * static_cast<size_t>(plan.items));
        const auto last = rater + 1 == plan.raters ? places.size() - std::lround(plan.leaves * static_cast<double>(places.size()))
                                                   : places.size();
        QList<QFuture<Status>> writes;
        for (const Place &place : places.first(last)) {
            const auto row = static_cast<size_t>(rows.value(place.item.itemId));
            const double *draw = &draws[perPlace * row];
            GivenJudgement given = Reviewed::given(place.position, u"Yes"_s);
            given.answers = json::object();
            const bool skipped = draw[0] < plan.skips;
            for (qsizetype q = 0; q < questions.size(); ++q) {
                const std::vector<json> answers = answersOf(questions.at(q));
                const auto count = answers.size();
                const double *own = draw + 2 + 3 * q;
                size_t code = (row * 7 + static_cast<size_t>(q) * 3 + row / 5) % count;
                if (plan.habit == Habit::AllTheSame)
                    code = 0;
                else if (plan.habit == Habit::Ties)
                    code = (code + (rater % 2 == 0 ? 0 : 1)) % count;
                else if (own[0] >= plan.right)
                    code = std::min(count - 1, static_cast<size_t>(own[1] * static_cast<double>(count)));
                if (skipped || (questions.at(q) == "four"_L1 && draw[1] < plan.skips))
                    continue;
                given.answers[questions.at(q).toStdString()] = answers[code];
                played.tables[questions.at(q)][row][static_cast<size_t>(rater)] = code;
            }
            if (skipped)
                given.state = skippedState;
            writes << sitting->store(given);
        }
        for (const QFuture<Status> &write : writes)
            must(write.result());
    }
    played.agreement = must(s.store.ask([&](Connection &c) { return readAgreement(c, review); })).agreement;
    return played;
}

/// {"versions", "numbers"} as the script gives it; nothing, with the reason in `why`, where it cannot be run.
std::optional<json> askLibraries(const json &document, QString &why)
{
    const QString python = qEnvironmentVariable("EVALWRIGHT_REFERENCE_PYTHON");
    if (python.isEmpty()) {
        why = u"EVALWRIGHT_REFERENCE_PYTHON is not set: compared with the stored numbers only"_s;
        return {};
    }
    QProcess process;
    process.start(python, {QStringLiteral(EVALWRIGHT_SOURCE_DIR "/tests/review/agreementreference.py")});
    process.write(QByteArray::fromStdString(document.dump()));
    process.closeWriteChannel();
    if (!process.waitForFinished(90'000) || process.exitCode() != 0) {
        why = u"%1 cannot run tests/review/agreementreference.py: %2"_s.arg(
            python, QString::fromUtf8(process.readAllStandardError()).right(300));
        return {};
    }
    const QByteArray out = process.readAllStandardOutput();
    return json::parse(out.begin(), out.end());
}

} // namespace

class TestAgreementReference : public QObject
{
    Q_OBJECT

    QList<Played> m_played;
    json m_asked = json::array(); ///< Case after case, question after question.
    const QString m_stored = QStringLiteral(EVALWRIGHT_TEST_DATA "/agreement/reference.json");

    /// Whether there is a number in the one exactly where there is in the other, and the same.
    static void compare(const QString &what, const std::optional<double> &ours, const json &theirs)
    {
        QVERIFY2(ours.has_value() == theirs.is_number(),
                 qPrintable(u"%1: %2 here, %3 there"_s.arg(what, ours ? QString::number(*ours, 'g', 17) : u"nothing"_s,
                                                           QString::fromStdString(theirs.dump()))));
        if (ours) {
            QVERIFY2(std::abs(*ours - theirs.get<double>()) <= tolerance,
                     qPrintable(u"%1: %2 here, %3 there"_s.arg(what).arg(*ours, 0, 'g', 17).arg(theirs.get<double>(), 0, 'g', 17)));
        }
    }

    void compareAll(const json &numbers)
    {
        QCOMPARE(numbers.size(), m_asked.size());
        size_t at = 0;
        int compared = 0;
        for (qsizetype i = 0; i < m_played.size(); ++i) {
            for (const QString &id : questions) {
                const json &theirs = numbers[at++];
                const auto ours = std::ranges::find(m_played[i].agreement.questions, id, &QuestionAgreement::question);
                QVERIFY(ours != m_played[i].agreement.questions.end());
                const QString what = u"%1, %2, "_s.arg(QString::fromLatin1(cases[i].name), id);
                compare(what + u"percent"_s, ours->percent, theirs.at("percent"));
                compare(what + u"Fleiss with missing ratings"_s, ours->fleiss.value, theirs.at("fleiss_missing"));
                if (theirs.at("fleiss").is_number()) // Nothing is missing.
                    compare(what + u"Fleiss"_s, ours->fleiss.value, theirs.at("fleiss"));
                compare(what + u"AC1"_s, ours->ac1.value, theirs.at("ac1"));
                compare(what + u"Cohen"_s, ours->cohen.value, theirs.at("cohen"));
                if (ours->cohen.low) {
                    compare(what + u"Cohen, low"_s, ours->cohen.low, theirs.at("cohen_low"));
                    compare(what + u"Cohen, high"_s, ours->cohen.high, std::min(1.0, theirs.at("cohen_high").get<double>()));
                    ++compared;
                }
                compare(what + u"alpha"_s, ours->alpha.value, theirs.at("nominal"));
                if (id == "scale"_L1)
                    compare(what + u"ordinal alpha"_s, ours->ordinal.value, theirs.at("ordinal"));
                compared += theirs.at("nominal").is_number() + theirs.at("fleiss").is_number() + theirs.at("cohen").is_number();
                if (QTest::currentTestFailed())
                    return;
            }
        }
        QVERIFY2(compared > 60, qPrintable(QString::number(compared))); // The cases are not all degenerate.
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const Case &plan : cases) {
            m_played << play(plan);
            for (const QString &question : questions)
                m_asked.push_back({{"ratings", m_played.last().tables.value(question)}, {"categories", answersOf(question).size()}});
        }
    }

    void theLibrariesSayTheSameNow()
    {
        QString why;
        const auto said = askLibraries({{"cases", m_asked}}, why);
        if (!said)
            QSKIP(qPrintable(why));
        compareAll(said->at("numbers"));
        if (QTest::currentTestFailed() || !qEnvironmentVariableIntValue("EVALWRIGHT_REFERENCE_KEEP"))
            return;
        json kept = *said;
        kept["ratings_sha256"] = sha256Hex(QByteArray::fromStdString(m_asked.dump())).toStdString();
        QFile file(m_stored);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(kept.dump(1)) + '\n');
    }

    void theySaidTheSame()
    {
        QFile file(m_stored);
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(m_stored));
        const QByteArray text = file.readAll();
        const json stored = json::parse(text.begin(), text.end());
        // Of these very ratings: others come after a change here, and then the libraries have to be asked again.
        QCOMPARE(stored.at("ratings_sha256").get<std::string>(),
                 sha256Hex(QByteArray::fromStdString(m_asked.dump())).toStdString());
        compareAll(stored.at("numbers"));
    }
};

QTEST_GUILESS_MAIN(TestAgreementReference)
#include "tst_agreementreference.moc"
