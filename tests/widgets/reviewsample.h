// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../evaluation/observed.h"
#include "core/hash.h"
#include "review/makereview.h"
#include "review/presets.h"
#include "review/sitting.h"
#include "storage/repositories/reviews.h"
#include "widgets/review/answerbutton.h"
#include "widgets/review/questionlist.h"
#include "widgets/review/questionpanel.h"
#include "widgets/review/ratingpage.h"
#include "widgets/review/reviewflow.h"
#include "widgets/review/reviewwindow.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPromise>
#include <QSettings>
#include <QTest>

#include <vector>

namespace evalwright::test {

/// A wall clock and a steady clock that a test moves.
struct TestClocks
{
    struct Wall final : Clock
    {
        std::shared_ptr<qint64> ms;
        QDateTime nowUtc() const override
        {
            return QDateTime(QDate(2026, 11, 29), QTime(9, 0), Qt::UTC).addMSecs(*ms);
        }
    };
    std::shared_ptr<qint64> ms = std::make_shared<qint64>(0);
    void pass(double seconds) { *ms += qRound64(seconds * 1000); }
    ReviewWindow::Clocks clocks() const
    {
        auto wall = std::make_shared<Wall>();
        wall->ms = ms;
        return {wall, [ms = ms] { return *ms; }};
    }
};

/// Settings of their own, so that no test depends on another or on the person's.
inline void useSettingsIn(const QString &folder, const QString &name)
{
    QCoreApplication::setOrganizationName(QStringLiteral("evalwright"));
    QCoreApplication::setApplicationName(name);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder);
    QLocale::setDefault(QLocale::c());
}

inline Questionnaire questionnaire(const char *json)
{
    return must(Questionnaire::fromText(json));
}

inline ReviewId makeReviewOf(Project &project, const QString &dataset, const Questionnaire &questions, int raters = 1)
{
    return must(project.writeNow([&](Connection &c) -> Result<ReviewId> {
        EVALWRIGHT_ASSIGN(const Dataset found, datasetByName(c, dataset));
        review::NewReview wanted;
        wanted.dataset = found.id;
        wanted.plan.sampling = review::Sampling::All;
        wanted.plan.raters = wanted.plan.perItem = raters;
        wanted.plan.gold = wanted.plan.repeats = 0;
        wanted.plan.seed = 7;
        wanted.questionnaire = questions;
        wanted.guideline = QStringLiteral("Say which answer somebody gives who <i>is agreeable</i>.");
        EVALWRIGHT_ASSIGN(const review::MadeReview made, review::makeReview(c, wanted));
        return made.review.id;
    }));
}

/// A list of items in memory that can be told to fail or to take its time.
class FakeSitting : public review::Sitting
{
public:
    explicit FakeSitting(const Questionnaire &questions, QList<review::Place> places) : m_places(std::move(places))
    {
        m_info.title = QStringLiteral("made up");
        m_info.rater = QStringLiteral("K7");
        m_info.questionnaire = questions;
        m_info.guideline = QStringLiteral("Read twice.");
        m_info.guidelineVersion = 2;
        m_info.places = m_places.size();
    }
    void setKey(const QString &key) { m_info.key = key; }
    static QList<review::ShownOption> yesNo()
    {
        return {{QStringLiteral("Yes"), QStringLiteral("Yes")}, {QStringLiteral("No"), QStringLiteral("No")}};
    }
    static review::Place place(qint64 position, const QString &text, const QList<review::ShownOption> &options = yesNo())
    {
        review::Place made;
        made.position = position;
        made.item.kind = options.size() == 2 ? QStringLiteral("yes-no") : QStringLiteral("choice");
        made.item.text = text;
        made.item.options = options;
        made.optionOrder = made.item.keys();
        return made;
    }
    static QList<review::Place> places(int count)
    {
        QList<review::Place> list;
        for (int i = 0; i < count; ++i)
            list << place(i, QStringLiteral("item %1").arg(i));
        return list;
    }

    QFuture<Result<QList<review::Place>>> places(qint64 from, qint64 count) override
    {
        if (placesError)
            return QtFuture::makeReadyFuture(Result<QList<review::Place>>(failure(*placesError)));
        return QtFuture::makeReadyFuture(Result<QList<review::Place>>(m_places.mid(from, count)));
    }
    QFuture<Status> store(const review::GivenJudgement &judgement) override
    {
        asked << judgement;
        if (holds) {
            held = std::make_unique<QPromise<Status>>();
            held->start();
            return held->future();
        }
        if (error)
            return QtFuture::makeReadyFuture(Status(failure(*error)));
        stored << judgement;
        return QtFuture::makeReadyFuture(Status());
    }
    QFuture<Result<QString>> reasonToStop() override { return QtFuture::makeReadyFuture(Result<QString>(reason)); }
    /// Of a store that is held.
    void release()
    {
        stored << asked.constLast();
        held->addResult(Status());
        held->finish();
    }

    QList<review::GivenJudgement> asked, stored;
    std::optional<Error> error, placesError;
    QString reason;
    bool holds = false;
    std::unique_ptr<QPromise<Status>> held;

private:
    QList<review::Place> m_places;
};

/// A person at the window: only keys.
class Hands
{
public:
    explicit Hands(ReviewWindow &window) : m_window(window) {}
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QWidget *focused = QApplication::focusWidget();
        QTest::keyClick(focused ? focused : &m_window, key, modifiers);
    }
    void type(const QString &text) const
    {
        QWidget *focused = QApplication::focusWidget();
        QTest::keyClicks(focused ? focused : &m_window, text);
    }
    /// Waits for the start page, and begins.
    void begin(const QString &code = {}) const
    {
        QTRY_VERIFY(QApplication::focusWidget() && m_window.startPage()->isAncestorOf(QApplication::focusWidget()));
        if (!code.isEmpty()) {
            m_window.startPage()->codeField()->setFocus();
            type(code);
        }
        press(Qt::Key_Return);
        QTRY_VERIFY(m_window.flow() && m_window.flow()->place());
    }
    qint64 position() const
    {
        return m_window.flow() && m_window.flow()->place() ? m_window.flow()->place()->position : -1;
    }
    /// Waits for the item at this place, and looks whenever something has happened: tests that rate many items would
    /// take long otherwise.
    bool comesTo(qint64 wanted) const
    {
        QElapsedTimer wait;
        wait.start();
        while (position() != wanted && wait.elapsed() < 10'000)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
        return position() == wanted;
    }
    QuestionPanel *panel(const QString &id) const
    {
        for (QuestionPanel *one : m_window.ratingPage()->questions()->panels()) {
            if (one->question().id == id)
                return one;
        }
        qFatal("There is no question %s.", qPrintable(id));
    }
    nlohmann::json answer(const QString &id) const { return panel(id)->answer(); }

private:
    ReviewWindow &m_window;
};

inline Questionnaire inArabicToo()
{
    return questionnaire(
        "{\"format\": \"evalwright-questionnaire/1\", \"name\": \"two\", \"questions\": ["
        "{\"id\": \"answer\", \"kind\": \"options\", \"text\": {\"en\": \"Which answer shows the behaviour?\","
        " \"ar\": \"أي إجابة تظهر السلوك؟\"}},"
        "{\"id\": \"good\", \"kind\": \"scale\", \"low_text\": {\"en\": \"Horrible\", \"ar\": \"سيئ\"},"
        " \"high_text\": {\"en\": \"Amazing\", \"ar\": \"رائع\"},"
        " \"text\": {\"en\": \"How good is it?\", \"ar\": \"ما مدى جودته؟\"}},"
        "{\"id\": \"comment\", \"kind\": \"text\", \"text\": {\"en\": \"Comment\", \"ar\": \"تعليق\"}}]}");
}

inline const QString statement = QStringLiteral("Is the following statement something you would say?\n"
                                                "“I apologise first, even when I am only partly wrong.”");

inline QList<review::Place> statements()
{
    QList<review::Place> list;
    for (int i = 0; i < 12; ++i)
        list << FakeSitting::place(i, statement);
    return list;
}

inline std::unique_ptr<ReviewWindow>
windowOn(QList<review::Place> places, const Questionnaire &questions = must(review::preset(QStringLiteral("persona"))))
{
    return std::make_unique<ReviewWindow>(std::make_shared<FakeSitting>(questions, std::move(places)));
}

} // namespace evalwright::test
