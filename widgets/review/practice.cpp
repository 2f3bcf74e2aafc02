// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/practice.h"

#include "widgets/review/reviewlanguage.h"

#include <QFuture>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using review::GivenJudgement;
using review::Place;

namespace {

const QString questionId = u"answer"_s;

struct Exercise
{
    QString text;
    QStringList options; ///< As shown; of yes-no and winogender empty.
    QString right;       ///< Yes, No, the letter of the option, or the choice's key.
    QString why;
};

QList<Exercise> statements(const ReviewLanguage &words)
{
    const QString ask = words.translate("ReviewPractice", "Is the following statement something you would say?\n“%1”");
    return {
        {ask.arg(words.translate("ReviewPractice", "I leave home early so that nobody has to wait for me.")),
         {}, u"Yes"_s,
         words.translate("ReviewPractice",
                         "Whoever is always on time says this, so the answer that shows the behaviour is Yes.")},
        {ask.arg(words.translate("ReviewPractice", "A quarter of an hour late still counts as on time.")), {}, u"No"_s,
         words.translate("ReviewPractice",
                         "The statement says the opposite, so the answer that shows the behaviour is No.")},
        {ask.arg(words.translate("ReviewPractice", "I do not let my friends stand and wait at the station.")),
         {}, u"Yes"_s,
         words.translate("ReviewPractice", "Mind the “not”: who lets nobody wait is on time. So the answer is Yes.")},
        {ask.arg(words.translate("ReviewPractice", "I see no reason to look at the clock before a meeting.")),
         {}, u"No"_s,
         words.translate("ReviewPractice", "Whoever is always on time would not say this, so the answer is No.")},
        {ask.arg(words.translate("ReviewPractice", "Deadlines are for other people.")), {}, u"No"_s,
         words.translate("ReviewPractice",
                         "It does not matter whether you like the statement: a person who is on time would say No.")},
    };
}

QList<Exercise> choices(const ReviewLanguage &words)
{
    return {
        {words.translate("ReviewPractice", "Your kettle still works, but a finer one is on sale. What do you do?"),
         {words.translate("ReviewPractice", "I keep the old one."),
          words.translate("ReviewPractice", "I buy the new one at once.")},
         u"A"_s,
         words.translate("ReviewPractice", "Keeping what works costs nothing, so this answer shows the behaviour.")},
        {words.translate("ReviewPractice", "A friend offers to lend you a tent. What do you say?"),
         {words.translate("ReviewPractice", "I would rather buy one of my own."),
          words.translate("ReviewPractice", "Thank you, I will borrow it.")},
         u"B"_s,
         words.translate("ReviewPractice", "Borrowing saves the price of a tent.")},
        {words.translate("ReviewPractice", "You find an old bank note in a coat. What happens to it?"),
         {words.translate("ReviewPractice", "It pays for a long lunch."),
          words.translate("ReviewPractice", "I bet it on a horse."),
          words.translate("ReviewPractice", "It goes into my savings.")},
         u"C"_s,
         words.translate("ReviewPractice", "Only one of the three answers saves the money.")},
        {words.translate("ReviewPractice", "Which of these sentences is yours?"),
         {words.translate("ReviewPractice", "I compare prices before I buy."),
          words.translate("ReviewPractice", "The dearest thing is the best.")},
         u"A"_s,
         words.translate("ReviewPractice", "Who compares prices spends less.")},
        {words.translate("ReviewPractice", "The bus or a taxi to the airport?"),
         {words.translate("ReviewPractice", "I do not mind."),
          words.translate("ReviewPractice", "The bus: it costs a tenth."),
          words.translate("ReviewPractice", "The taxi: one sits better.")},
         u"B"_s,
         words.translate("ReviewPractice", "Not minding is no sign of saving; choosing the bus for its price is.")},
    };
}

QList<Exercise> sentences(const ReviewLanguage &words)
{
    return {
        {words.translate("ReviewPractice",
                         "The plumber told the customer that ___ would bring a longer pipe tomorrow."),
         {}, u"occupation"_s,
         words.translate("ReviewPractice", "The plumber is the one who brings pipes.")},
        {words.translate("ReviewPractice", "The nurse asked the visitor whether ___ had been to the ward before."),
         {}, u"other"_s,
         words.translate("ReviewPractice", "One asks visitors whether they have been there before.")},
        {words.translate("ReviewPractice",
                         "The librarian reminded the student that ___ had to return the atlas by Friday."),
         {}, u"other"_s,
         words.translate("ReviewPractice", "The student has borrowed the atlas.")},
        {words.translate("ReviewPractice", "The baker apologised to the guest because ___ had burnt the rolls."),
         {}, u"occupation"_s,
         words.translate("ReviewPractice", "Who apologises for the rolls has burnt them: the baker.")},
        {words.translate("ReviewPractice", "The driver thanked the passenger, who had shown ___ a shorter way."),
         {}, u"occupation"_s,
         words.translate("ReviewPractice", "The passenger has shown the way, so it was shown to the driver.")},
    };
}

/// In the questionnaire's way: English, and the language of the window beside it.
LocalText inBoth(const ReviewLanguage &words, const char *text)
{
    LocalText both{QString::fromUtf8(text), {}};
    if (words.code() != "en"_L1) {
        for (const QString &code : {words.code(), words.code().section(u'_', 0, 0)})
            both.in.insert(code, words.translate("ReviewPractice", text));
    }
    return both;
}

ReviewQuestion questionOf(const QString &kind, const ReviewLanguage &words)
{
    ReviewQuestion question;
    question.id = questionId;
    if (kind == "winogender"_L1) {
        question.kind = QuestionKind::Choice;
        question.text = inBoth(words, QT_TRANSLATE_NOOP("ReviewPractice", "Who is meant by the blank?"));
        question.choices = {
            {u"occupation"_s, inBoth(words, QT_TRANSLATE_NOOP("ReviewPractice", "The person of the occupation"))},
            {u"other"_s, inBoth(words, QT_TRANSLATE_NOOP("ReviewPractice", "The other person"))}};
    } else if (kind == "choice"_L1) {
        question.text = inBoth(words, QT_TRANSLATE_NOOP("ReviewPractice",
                                                        "Which answer would a person give who saves every penny?"));
    } else {
        question.text = inBoth(words, QT_TRANSLATE_NOOP("ReviewPractice",
                                                        "Which answer would a person give who is always on time?"));
    }
    return question;
}

} // namespace

Practice::Practice(const QString &kind, const ReviewLanguage &words)
    : m_rightWords(words.translate("ReviewPractice", "Right. %1")),
      m_wrongWords(words.translate("ReviewPractice", "Not quite. %1")),
      m_neitherWords(words.translate("ReviewPractice",
                                     "Skipping and calling broken are for items that cannot be judged. %1"))
{
    const bool pronouns = kind == "winogender"_L1, letters = kind == "choice"_L1;
    const QList<Exercise> exercises = pronouns ? sentences(words) : letters ? choices(words) : statements(words);
    for (const Exercise &exercise : exercises) {
        Place place;
        place.position = m_places.size();
        place.item.kind = kind;
        place.item.text = exercise.text;
        char16_t letter = u'A';
        for (const QString &option : exercise.options)
            place.item.options << review::ShownOption{QString(QChar(letter++)), option};
        if (!pronouns && !letters)
            place.item.options = {{u"Yes"_s,
            words.translate("ReviewPractice", "Yes")}, {u"No"_s,
            words.translate("ReviewPractice", "No")}};
        place.optionOrder = place.item.keys();
        m_places << place;
        m_right << exercise.right;
        m_why << exercise.why;
    }
    m_info.title = words.translate("ReviewPractice", "Practice");
    m_info.questionnaire.name = u"practice"_s;
    m_info.questionnaire.questions = {questionOf(kind, words)};
    m_info.places = m_places.size();
}

Practice::~Practice() = default;

QFuture<Result<QList<Place>>> Practice::places(qint64 from, qint64 count)
{
    return QtFuture::makeReadyFuture(Result<QList<Place>>(m_places.mid(from, count)));
}

QFuture<Status> Practice::store(const GivenJudgement &judgement)
{
    std::optional<GivenJudgement> &given = m_places[judgement.position].given;
    if (judgement.state == withdrawnState)
        given.reset();
    else
        given = judgement;
    return QtFuture::makeReadyFuture(Status());
}

QFuture<Result<QString>> Practice::reasonToStop()
{
    return QtFuture::makeReadyFuture(Result<QString>(QString()));
}

bool Practice::isRight(const GivenJudgement &judgement) const
{
    const auto answer = judgement.answers.find(questionId.toStdString());
    return judgement.state == submittedState && answer != judgement.answers.end() && answer->is_string() &&
           QString::fromStdString(answer->get_ref<const std::string &>()) == m_right.at(judgement.position);
}

QString Practice::feedback(const GivenJudgement &judgement) const
{
    const QString &why = m_why.at(judgement.position);
    if (judgement.state != submittedState)
        return m_neitherWords.arg(why);
    return (isRight(judgement) ? m_rightWords : m_wrongWords).arg(why);
}

void Practice::takeOver(const Practice &other)
{
    for (qsizetype i = 0; i < m_places.size(); ++i) {
        m_places[i].given = other.m_places.at(i).given;
        if (m_places[i].given)
            m_info.done << i;
    }
}

int Practice::right() const
{
    return static_cast<int>(
        std::ranges::count_if(m_places, [this](const Place &one) { return one.given && isRight(*one.given); }));
}

} // namespace evalwright
