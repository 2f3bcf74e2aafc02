// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reviewsample.h"
#include "screenshots.h"
#include "widgets/review/openreview.h"
#include "widgets/review/itemview.h"
#include "widgets/review/reviewsheet.h"

#include <QElapsedTimer>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtConcurrentRun>

#include <algorithm>
#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// The window on a real project, worked with keys alone; what counts is what the project holds afterwards.
class TestReviewWindow : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

    static ReviewWindow::Opener opener(const std::shared_ptr<Project> &project, ReviewId review)
    {
        return [project, review](const QString &rater) {
            return QtConcurrent::run([project, review, rater] { return review::openSitting(project, review, rater); });
        };
    }
    static ReviewIntro intro(const Questionnaire &questions)
    {
        return {u"views"_s, questions, u"Read twice."_s, 1, u"yes-no"_s, {}, {}};
    }
    static QHash<qint64, Judgement> stored(Project &project, ReviewId review)
    {
        return must(project.readNow([review](Connection &c) { return judgementsInSlot(c, review, 0); }));
    }
    static QList<Judgement> events(Project &project, ReviewId review, DatasetId dataset)
    {
        QList<Judgement> list;
        must(project.readNow([&](Connection &c) {
            return forEachJudgement(c, dataset, review, Events::All, [&](const Judgement &one) -> Status {
                list << one;
                return {};
            });
        }));
        return list;
    }

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsIn(m_folder.path(), u"tst_reviewwindow"_s);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
    void init() { QSettings().clear(); }

    void sixtyItemsWithKeysAlone()
    {
        Observed store;
        store.plain(u"views"_s, 60);
        const Questionnaire questions = must(review::preset(u"persona"_s));
        const ReviewId review = makeReviewOf(*store.project, u"views"_s, questions);
        TestClocks time;
        ReviewWindow window(opener(store.project, review), time.clocks());
        const Stage stage(window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window.window()));
        const Hands hands(window);
        window.setIntro(intro(questions));
        hands.begin(u"K7"_s);
        QCOMPARE(hands.position(), 0);

        QStringList shownOrders;
        QList<qint64> waits;
        for (int i = 0; i < 60; ++i) {
            QCOMPARE(hands.position(), i);
            QStringList order;
            for (const AnswerButton *button : hands.panel(u"answer"_s)->buttons())
                order << button->answerText();
            shownOrders << order.join(u',');
            time.pass(2 + i % 3);
            hands.press(i % 2 == 0 ? Qt::Key_Y : Qt::Key_N);
            time.pass(1);
            hands.press(static_cast<Qt::Key>(Qt::Key_1 + i % 5));
            QElapsedTimer wait;
            wait.start();
            hands.press(i % 4 == 0 ? Qt::Key_Y : Qt::Key_N); // Whether it is ambiguous: the last answer goes on.
            if (i < 59) {
                while (hands.position() == i && wait.elapsed() < 5000)
                    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
                waits << wait.nsecsElapsed() / 1000;
            }
        }
        QTRY_COMPARE(window.currentPage(), static_cast<QWidget *>(window.endPage()));
        std::ranges::sort(waits);
        qInfo("from the key to the next item: median %.1f ms, slowest %.1f ms",
              static_cast<double>(waits[waits.size() / 2]) / 1000, static_cast<double>(waits.last()) / 1000);
        QVERIFY(waits[waits.size() / 2] < 500'000);
        QTRY_VERIFY2(window.endPage()->text().contains(u"Judged: 60 · skipped: 0 · broken: 0"_s),
                     qPrintable(window.endPage()->text()));

        const auto judgements = stored(*store.project, review);
        QCOMPARE(judgements.size(), 60);
        QSet<QString> uuids, orders;
        for (int i = 0; i < 60; ++i) {
            const Judgement &one = judgements[i];
            const json answers = json::parse(one.answers.toStdString());
            QCOMPARE(one.state, submittedState);
            QCOMPARE(answers, (json{{"answer", i % 2 == 0 ? "Yes" : "No"},
                                    {"relevance", 1 + i % 5},
                                    {"ambiguous", i % 4 == 0 ? "yes" : "no"}}));
            QCOMPARE(one.optionOrder.join(u','), shownOrders[i]);
            QCOMPARE(one.secondsActive, 3.0 + i % 3);
            QVERIFY(one.shownAt < one.submittedAt);
            QVERIFY(one.replaces.isEmpty());
            uuids << one.uuid;
            orders << shownOrders[i];
        }
        QCOMPARE(uuids.size(), 60);
        QCOMPARE(orders.size(), 2); // Yes first and No first.
        QCOMPARE(judgements[0].shownAt, u"2026-11-29T09:00:00.000Z"_s);
        QCOMPARE(judgements[0].submittedAt, u"2026-11-29T09:00:03.000Z"_s);
    }

    void undoSkipBrokenCommentAndCorrection()
    {
        Observed store;
        store.plain(u"views"_s, 6);
        const DatasetId dataset =
            must(store.project->readNow([](Connection &c) { return datasetByName(c, u"views"_s); })).id;
        const Questionnaire questions = must(review::preset(u"persona"_s));
        const ReviewId review = makeReviewOf(*store.project, u"views"_s, questions);
        ReviewWindow window(opener(store.project, review));
        const Stage stage(window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window.window()));
        const Hands hands(window);
        window.setIntro(intro(questions));
        hands.begin(u"K7"_s);
        const auto rate = [&](Qt::Key a, Qt::Key b, Qt::Key c) {
            hands.press(a);
            hands.press(b);
            hands.press(c);
        };
        rate(Qt::Key_Y, Qt::Key_4, Qt::Key_N);
        QTRY_COMPARE(hands.position(), 1);
        hands.press(Qt::Key_S);
        QTRY_COMPARE(hands.position(), 2);
        // A comment first: letters are text there, and Esc leads out.
        hands.press(Qt::Key_C);
        hands.type(u"bnsyz 12"_s);
        QCOMPARE(hands.position(), 2);
        hands.press(Qt::Key_Return, Qt::ShiftModifier);
        hands.type(u"second line"_s);
        hands.press(Qt::Key_Escape);
        hands.press(Qt::Key_B);
        QTRY_COMPARE(hands.position(), 3);

        // Taken back: the item returns with its answers, and is judged anew.
        rate(Qt::Key_N, Qt::Key_2, Qt::Key_Y);
        QTRY_COMPARE(hands.position(), 4);
        hands.press(Qt::Key_Z);
        QTRY_COMPARE(hands.position(), 3);
        QCOMPARE(hands.answer(u"answer"_s), json("No"));
        QCOMPARE(hands.answer(u"relevance"_s), json(2));
        QVERIFY(!stored(*store.project, review).contains(3));
        hands.panel(u"relevance"_s)->takeFocus();
        hands.press(Qt::Key_5);
        QCOMPARE(hands.position(), 3); // Nothing goes on by itself over what was begun before.
        hands.press(Qt::Key_Return);
        QTRY_COMPARE(hands.position(), 4);

        // A correction of the skipped item.
        for (int position = 3; position >= 1; --position) {
            hands.press(Qt::Key_PageUp);
            QTRY_COMPARE(hands.position(), position);
        }
        rate(Qt::Key_Y, Qt::Key_1, Qt::Key_N);
        QCOMPARE(hands.position(), 1);
        hands.press(Qt::Key_Return);
        QTRY_COMPARE(hands.position(), 4); // Where one was.

        const auto now = stored(*store.project, review);
        QCOMPARE(now.size(), 4);
        QCOMPARE(now[0].state, submittedState);
        QCOMPARE(now[1].state, submittedState);
        QVERIFY(!now[1].replaces.isEmpty());
        QCOMPARE(now[2].state, brokenState);
        QCOMPARE(json::parse(now[2].answers.toStdString()), (json{{"comment", "bnsyz 12\nsecond line"}}));
        QCOMPARE(json::parse(now[3].answers.toStdString()),
                 (json{{"answer", "No"}, {"relevance", 5}, {"ambiguous", "yes"}}));
        const QList<Judgement> all = events(*store.project, review, dataset);
        QCOMPARE(all.size(), 7); // Six judgements and a withdrawal: nothing is ever changed.
        QCOMPARE(std::ranges::count(all, withdrawnState, &Judgement::state), 1);

        // Another window on the same list goes on at the first place without a judgement.
        window.hide();
        ReviewWindow later(opener(store.project, review));
        const Stage second(later, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(later.window()));
        later.setIntro(intro(questions));
        const Hands again(later);
        QTRY_COMPARE(later.startPage()->raterCode(), u"K7"_s); // Remembered.
        again.begin();
        QCOMPARE(again.position(), 4);
        again.press(Qt::Key_PageUp);
        QTRY_COMPARE(again.position(), 3);
        QCOMPARE(again.answer(u"relevance"_s), json(5));
        again.press(Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(again.position(), 2);
        again.press(Qt::Key_PageDown);
        QTRY_COMPARE(again.position(), 3);
    }

    void openedByTheProgram()
    {
        Observed store;
        store.plain(u"views"_s, 3);
        const ReviewId review = makeReviewOf(*store.project, u"views"_s, must(review::preset(u"persona"_s)));
        QPointer<ReviewWindow> window = openReviewWindow(store.project, review);
        auto stage = std::make_unique<Stage>(*window, QSize(1120, 820));
        QVERIFY(QTest::qWaitForWindowActive(window->window()));
        const Hands hands(*window);
        hands.begin(u"K7"_s);
        QCOMPARE(hands.position(), 0);
        QVERIFY(window->windowTitle().contains(u"views"_s));
        hands.press(Qt::Key_F11);
        QVERIFY(window->isFullScreen());
        hands.press(Qt::Key_Escape);
        QVERIFY(!window->isFullScreen());
        hands.press(Qt::Key_Y);
        hands.press(Qt::Key_4);
        hands.press(Qt::Key_N);
        QTRY_COMPARE(hands.position(), 1);
        hands.press(Qt::Key_G);
        QVERIFY(window->sheet()->text()->toPlainText().contains(u"<i>is agreeable</i>"_s)); // Letter by letter.
        stage.reset();
        window->close();
        QTRY_VERIFY(!window);
        QCOMPARE(stored(*store.project, review).size(), 1);
    }

    void opensOnAProjectAndAsksForACode()
    {
        Observed store;
        store.plain(u"views"_s, 3);
        const Questionnaire questions = must(review::preset(u"persona"_s));
        const ReviewId review = makeReviewOf(*store.project, u"views"_s, questions);
        ReviewWindow window(opener(store.project, review));
        const Stage stage(window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window.window()));
        window.setIntro(intro(questions));
        const Hands hands(window);
        QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget *>(window.startPage()->codeField()));
        hands.press(Qt::Key_Return);
        QVERIFY(!window.flow()); // No code, no judgements.
        hands.type(u"Jane Doe"_s);
        hands.press(Qt::Key_Return);
        QSignalSpy events(window.startPage(), &ReviewStartPage::beginWanted);
        QTest::qWait(50);
        QVERIFY(!window.flow()); // A name with a blank is no code.
        window.startPage()->codeField()->selectAll();
        hands.type(u"K7"_s);
        hands.press(Qt::Key_Return);
        QCOMPARE(events.size(), 1);
        QTRY_VERIFY(window.flow());
        QTRY_COMPARE(hands.position(), 0);

        // The list of the one rater is taken now.
        ReviewWindow other(opener(store.project, review));
        const Stage second(other, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(other.window()));
        other.setIntro(intro(questions));
        other.startPage()->codeField()->setText(u"K8"_s);
        other.startPage()->begin();
        QTRY_VERIFY(other.startPage()->findChild<QWidget *>(u"banner"_s)->isVisible());
        QVERIFY(!other.flow());
    }
};

QTEST_MAIN(TestReviewWindow)
#include "tst_reviewwindow.moc"
