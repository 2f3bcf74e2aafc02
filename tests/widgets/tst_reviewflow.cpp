// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reviewsample.h"
#include "screenshots.h"
#include "widgets/review/practice.h"
#include "widgets/review/reviewheader.h"
#include "widgets/review/reviewsettings.h"
#include "widgets/review/reviewsheet.h"
#include "widgets/theme/banner.h"

#include <QAction>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTemporaryDir>

#include <algorithm>
#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// Kinds of questions, what happens while a judgement is stored or is not, time, breaks, practice.
class TestReviewFlow : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

    /// A window on a list in memory, begun.
    struct Room
    {
        std::shared_ptr<FakeSitting> sitting;
        TestClocks time;
        ReviewWindow window;
        Stage stage;
        Hands hands{window};

        explicit Room(const Questionnaire &questions, QList<review::Place> places = FakeSitting::places(8))
            : sitting(std::make_shared<FakeSitting>(questions, std::move(places))), window(sitting, time.clocks()),
              stage(window, {1120, 820})
        {
            if (!QTest::qWaitForWindowActive(window.window()))
                qFatal("The window did not become active.");
        }
        const review::GivenJudgement &last() const { return sitting->stored.constLast(); }
        Banner *banner() const { return window.ratingPage()->findChild<Banner *>(); }
    };

    static Questionnaire one()
    {
        return questionnaire(R"({"format": "evalwright-questionnaire/1", "name": "one", "questions": [
            {"id": "answer", "kind": "options", "text": "Which?"}]})");
    }
    static Questionnaire kinds()
    {
        return questionnaire(
            "{\"format\": \"evalwright-questionnaire/1\", \"name\": \"kinds\", \"questions\": ["
            "{\"id\": \"answer\", \"kind\": \"options\", \"text\": \"Which?\"},"
            "{\"id\": \"why\", \"kind\": \"multi-choice\", \"text\": \"Why?\", \"required\": true,"
            " \"choices\": [{\"key\": \"a\", \"text\": \"Tone\"}, {\"key\": \"b\", \"text\": \"Content\"},"
            " {\"key\": \"c\", \"text\": \"Both\"}],"
            " \"shown_if\": {\"question\": \"answer\", \"values\": [\"No\"]}},"
            "{\"id\": \"sure\", \"kind\": \"scale\", \"low\": 0, \"high\": 8, \"text\": \"How sure?\"},"
            "{\"id\": \"harm\", \"kind\": \"flag\", \"text\": \"Harmful\"},"
            "{\"id\": \"which\", \"kind\": \"text\", \"text\": \"Whom?\", \"required\": true,"
            " \"shown_if\": {\"question\": \"harm\", \"values\": [\"true\"]}}]}");
    }

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsIn(m_folder.path(), u"tst_reviewflow"_s);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
    void init() { QSettings().clear(); }

    void everyKindOfQuestionByKeys()
    {
        Room room(kinds());
        room.hands.begin();
        const Hands &hands = room.hands;
        QVERIFY(hands.panel(u"why"_s)->isHidden());
        hands.press(Qt::Key_N);
        QVERIFY(!hands.panel(u"why"_s)->isHidden()); // At once.
        hands.press(Qt::Key_3);
        hands.press(Qt::Key_1);
        hands.press(Qt::Key_2);
        hands.press(Qt::Key_2); // Off again.
        QCOMPARE(hands.answer(u"why"_s), (json{"a", "c"}));
        hands.press(Qt::Key_Return); // To what is missing.
        QVERIFY(room.window.ratingPage()->noteText().contains(u"How sure?"_s));
        hands.press(Qt::Key_0);
        QCOMPARE(hands.answer(u"sure"_s), json(0));
        QCOMPARE(room.sitting->stored.size(), 0); // The flag could still be set.
        hands.press(Qt::Key_Y);
        QVERIFY(!hands.panel(u"which"_s)->isHidden());
        hands.press(Qt::Key_Return);
        QVERIFY(hands.panel(u"which"_s)->hasTextFocus());
        hands.type(u"nobody"_s);
        hands.press(Qt::Key_Return);
        QTRY_COMPARE(hands.position(), 1);
        QCOMPARE(room.last().answers,
                 (json{{"answer", "No"}, {"why", {"a", "c"}}, {"sure", 0}, {"harm", true}, {"which", "nobody"}}));

        // What was answered to a question that is hidden again is not kept.
        hands.press(Qt::Key_N);
        hands.press(Qt::Key_1);
        hands.panel(u"answer"_s)->takeFocus();
        hands.press(Qt::Key_Y);
        QVERIFY(hands.panel(u"why"_s)->isHidden());
        hands.press(Qt::Key_8);
        hands.press(Qt::Key_Return);
        QTRY_COMPARE(hands.position(), 2);
        QCOMPARE(room.last().answers, (json{{"answer", "Yes"}, {"sure", 8}}));
    }

    void arrowsMoveAndSpaceOrEnterChooses()
    {
        Room room(kinds());
        room.hands.begin();
        const Hands &hands = room.hands;
        const auto focused = [] { return QApplication::focusWidget()->accessibleName(); };
        QCOMPARE(focused(), u"Yes"_s);
        hands.press(Qt::Key_Return);
        QVERIFY(hands.answer(u"answer"_s).is_null()); // Enter alone answers nothing.
        hands.press(Qt::Key_Right);
        QCOMPARE(focused(), u"No"_s);
        hands.press(Qt::Key_Right);
        QCOMPARE(focused(), u"No"_s); // The end.
        hands.press(Qt::Key_Return);
        QCOMPARE(hands.answer(u"answer"_s), json("No"));
        QCOMPARE(focused(), u"Tone"_s);
        hands.press(Qt::Key_Space);
        QCOMPARE(hands.answer(u"why"_s), (json{"a"}));
        hands.press(Qt::Key_Right);
        hands.press(Qt::Key_Space);
        QCOMPARE(hands.answer(u"why"_s), (json{"a", "b"}));
        hands.press(Qt::Key_Down);
        QCOMPARE(focused(), u"0"_s);
        hands.press(Qt::Key_Up);
        hands.press(Qt::Key_Up);
        QCOMPARE(focused(), u"No"_s);
    }

    void enterTwiceStoresOnce()
    {
        Room room(one());
        room.hands.begin();
        room.window.settings().setGoesOn(false);
        room.sitting->holds = true;
        room.hands.press(Qt::Key_Y);
        room.hands.press(Qt::Key_Return);
        room.hands.press(Qt::Key_Return);
        room.hands.press(Qt::Key_N); // Would be an answer to an item nobody has seen.
        room.hands.press(Qt::Key_S);
        QCOMPARE(room.sitting->asked.size(), 1);
        QCOMPARE(room.hands.position(), 0); // Not on disk: not the next.
        QCOMPARE(room.hands.answer(u"answer"_s), json("Yes"));
        room.sitting->release();
        QTRY_COMPARE(room.hands.position(), 1);
        room.hands.press(Qt::Key_Return);
        QCOMPARE(room.sitting->asked.size(), 1);
        QVERIFY(room.hands.answer(u"answer"_s).is_null());
        // A key that is held down rates no items.
        QKeyEvent repeated(QEvent::KeyPress, Qt::Key_Y, Qt::NoModifier, u"y"_s, true);
        QApplication::sendEvent(QApplication::focusWidget(), &repeated);
        QVERIFY(room.hands.answer(u"answer"_s).is_null());
    }

    void aFailedStoreKeepsTheAnswers()
    {
        Room room(one());
        room.hands.begin();
        room.sitting->error = Error(ErrorCode::DiskFull, u"The disk is full."_s, u"Make room."_s);
        room.hands.press(Qt::Key_Y);
        QTRY_VERIFY(room.banner()->isVisible());
        QVERIFY(room.banner()->text().contains(u"The disk is full."_s));
        QCOMPARE(room.hands.position(), 0);
        QCOMPARE(room.hands.answer(u"answer"_s), json("Yes"));
        QCOMPARE(room.window.flow()->done(), 0);
        room.sitting->error.reset();
        const auto buttons = room.banner()->findChildren<QPushButton *>();
        const auto again = std::ranges::find(buttons, u"Try again"_s, &QPushButton::text);
        QVERIFY(again != buttons.end() && (*again)->isVisible());
        (*again)->click();
        QTRY_COMPARE(room.hands.position(), 1);
        QVERIFY(!room.banner()->isVisible());
        QCOMPARE(room.sitting->stored.size(), 1);
        QCOMPARE(room.sitting->asked[0].uuid, room.sitting->asked[1].uuid);
        // The disk had it after all: known, so on.
        room.sitting->error = Error(ErrorCode::DiskFull, u"No answer."_s);
        room.hands.press(Qt::Key_N);
        QTRY_VERIFY(room.banner()->isVisible());
        room.sitting->error = Error(ErrorCode::AlreadyExists, u"Known."_s);
        room.hands.press(Qt::Key_Return);
        QTRY_COMPARE(room.hands.position(), 2);
    }

    void anItemThatCannotBeReadSaysSo()
    {
        Room room(one());
        QTRY_VERIFY(room.window.startPage()->raterCode() == u"K7"_s);
        room.sitting->placesError = Error(ErrorCode::Storage, u"The file is gone."_s);
        room.hands.press(Qt::Key_Return);
        QTRY_VERIFY(room.banner()->isVisible());
        QVERIFY(room.banner()->text().contains(u"The file is gone."_s));
        room.sitting->placesError.reset();
        Q_EMIT room.banner()->actionTriggered();
        QTRY_COMPARE(room.hands.position(), 0);
    }

    void onlyTimeThatWasWorkedCounts()
    {
        Room room(one());
        room.hands.begin();
        room.time.pass(20);
        room.hands.press(Qt::Key_Shift); // Any input.
        room.time.pass(61);              // A pause.
        room.hands.press(Qt::Key_Y);
        QTRY_COMPARE(room.hands.position(), 1);
        QCOMPARE(room.last().secondsActive, 20.0);
        room.time.pass(60); // Not longer than 60 s.
        room.hands.press(Qt::Key_Y);
        QTRY_COMPARE(room.hands.position(), 2);
        QCOMPARE(room.last().secondsActive, 60.0);
        // In the background nothing counts.
        room.time.pass(5);
        QWidget elsewhere;
        elsewhere.resize(100, 100);
        elsewhere.show();
        elsewhere.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&elsewhere));
        room.time.pass(30);
        room.window.window()->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(room.window.window()));
        elsewhere.hide();
        room.time.pass(2);
        room.hands.press(Qt::Key_Y);
        QTRY_COMPARE(room.hands.position(), 3);
        QCOMPARE(room.last().secondsActive, 7.0);
        // Away to an earlier item and back: both stretches count.
        room.time.pass(4);
        room.hands.press(Qt::Key_PageUp);
        QTRY_COMPARE(room.hands.position(), 2);
        room.time.pass(10);
        room.hands.press(Qt::Key_PageDown);
        QTRY_COMPARE(room.hands.position(), 3);
        room.time.pass(3);
        room.hands.press(Qt::Key_N);
        QTRY_COMPARE(room.hands.position(), 4);
        QCOMPARE(room.last().secondsActive, 7.0);
    }

    void paceAndTheBreak()
    {
        Room room(one(), FakeSitting::places(100));
        room.hands.begin();
        ReviewHeader *header = room.window.header();
        for (int i = 0; i < 44; ++i) {
            room.time.pass(40);
            room.hands.press(Qt::Key_Y);
            QTRY_COMPARE(room.hands.position(), i + 1);
        }
        QVERIFY(!header->advisesBreak()); // 29 minutes and 20 seconds.
        QCOMPARE(header->paceText(), u"1.5 a minute · about 38 min left"_s);
        room.time.pass(40);
        room.hands.press(Qt::Key_Y);
        QTRY_COMPARE(room.hands.position(), 45);
        QVERIFY(header->advisesBreak());
        room.hands.press(Qt::Key_Y); // In nobody's way.
        QTRY_COMPARE(room.hands.position(), 46);
        const auto buttons = header->findChildren<QPushButton *>();
        const auto dismiss = std::ranges::find(buttons, u"Dismiss"_s, &QPushButton::text);
        QVERIFY(dismiss != buttons.end());
        (*dismiss)->click();
        QVERIFY(!header->advisesBreak());
        room.window.settings().setShowsPace(false);
        const auto labels = header->findChildren<QLabel *>();
        QVERIFY(std::ranges::none_of(labels, [](const QLabel *label) {
            return label->isVisible() && label->text().contains(u"a minute"_s);
        }));
    }

    void aReasonToStopIsShown()
    {
        Room room(one());
        room.hands.begin();
        room.sitting->reason = u"The review has what it needs."_s;
        room.hands.press(Qt::Key_Y);
        QTRY_COMPARE(room.window.currentPage(), static_cast<QWidget *>(room.window.endPage()));
        QVERIFY(room.window.endPage()->text().contains(u"The review has what it needs."_s));
        // Also for one who had enough before.
        Room other(one());
        other.sitting->reason = u"Enough."_s;
        QTRY_VERIFY(other.window.startPage()->raterCode() == u"K7"_s);
        other.hands.press(Qt::Key_Return);
        QTRY_COMPARE(other.window.currentPage(), static_cast<QWidget *>(other.window.endPage()));
    }

    void theEndCanBeUndone()
    {
        Room room(one(), FakeSitting::places(2));
        room.hands.begin();
        room.hands.press(Qt::Key_Y);
        QTRY_COMPARE(room.hands.position(), 1);
        room.hands.press(Qt::Key_S);
        QTRY_COMPARE(room.window.currentPage(), static_cast<QWidget *>(room.window.endPage()));
        room.hands.press(Qt::Key_Z);
        QTRY_COMPARE(room.hands.position(), 1);
        QCOMPARE(room.last().state, withdrawnState);
        QCOMPARE(room.last().replaces, room.sitting->stored[1].uuid);
    }

    void practiceExplainsAndStoresNothing_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QList<int>>("right");
        QTest::newRow("yes-no") << u"yes-no"_s << QList<int>{Qt::Key_Y, Qt::Key_N, Qt::Key_Y, Qt::Key_N, Qt::Key_N};
        QTest::newRow("choice") << u"choice"_s << QList<int>{Qt::Key_1, Qt::Key_2, Qt::Key_3, Qt::Key_1, Qt::Key_2};
        QTest::newRow("winogender") << u"winogender"_s
                                    << QList<int>{Qt::Key_1, Qt::Key_2, Qt::Key_2, Qt::Key_1, Qt::Key_1};
    }
    void practiceExplainsAndStoresNothing()
    {
        QFETCH(QString, kind);
        QFETCH(QList<int>, right);
        QList<review::Place> places = FakeSitting::places(2);
        places[0].item.kind = kind;
        Room room(one(), places);
        QTRY_VERIFY(room.window.startPage()->raterCode() == u"K7"_s);
        Q_EMIT room.window.startPage()->practiceWanted();
        QTRY_COMPARE(room.window.currentPage(), static_cast<QWidget *>(room.window.practicePage()));
        const auto feedback = [&] {
            QString text;
            for (const QLabel *label : room.window.practicePage()->findChildren<QLabel *>())
                text += label->isVisible() ? label->text() + u'\n' : QString();
            return text;
        };
        for (int i = 0; i < 5; ++i) {
            QTRY_VERIFY(QApplication::focusWidget() && qobject_cast<AnswerButton *>(QApplication::focusWidget()));
            const bool wrong = i == 1;
            const int key = right[i];
            room.hands.press(!wrong               ? static_cast<Qt::Key>(key)
                             : key == Qt::Key_N   ? Qt::Key_Y
                             : key == Qt::Key_2   ? Qt::Key_1
                                                  : Qt::Key_2);
            QTRY_VERIFY2(feedback().contains(wrong ? u"Not quite. "_s : u"Right. "_s), qPrintable(feedback()));
            room.hands.press(Qt::Key_Return);
        }
        QTRY_COMPARE(room.window.currentPage(), static_cast<QWidget *>(room.window.startPage()));
        QString note;
        for (const QLabel *label : room.window.startPage()->findChildren<QLabel *>())
            note += label->text();
        QVERIFY2(note.contains(u"4 of 5 right"_s), qPrintable(note));
        QVERIFY(room.sitting->asked.isEmpty());
    }

    void guidelineAndKeysAreOneKeyAway()
    {
        Room room(one());
        room.hands.begin();
        room.hands.press(Qt::Key_G);
        QVERIFY(room.window.currentPage() != static_cast<QWidget *>(room.window.ratingPage()));
        room.hands.press(Qt::Key_Escape);
        QCOMPARE(room.window.currentPage(), static_cast<QWidget *>(room.window.ratingPage()));
        // Enter on a button is that button's.
        room.hands.press(Qt::Key_Y);
        QTRY_COMPARE(room.hands.position(), 1);
        for (QWidget *stop : room.window.header()->stops()) {
            if (stop->accessibleName() == u"Guideline"_s)
                stop->setFocus();
        }
        room.hands.press(Qt::Key_Return);
        QCOMPARE(room.window.currentPage(), static_cast<QWidget *>(room.window.sheet()));
        room.hands.press(Qt::Key_Escape);
        QCOMPARE(room.sitting->asked.size(), 1);
        room.hands.press(Qt::Key_Question, Qt::ShiftModifier);
        QVERIFY(room.window.currentPage() != static_cast<QWidget *>(room.window.ratingPage()));
        room.hands.press(Qt::Key_Y); // No answer from here.
        room.hands.press(Qt::Key_F1);
        QCOMPARE(room.window.currentPage(), static_cast<QWidget *>(room.window.ratingPage()));
        QVERIFY(room.hands.answer(u"answer"_s).is_null());
        room.hands.press(Qt::Key_Y);
        QTRY_COMPARE(room.hands.position(), 2);
    }

    void whatWasBegunOutlivesTheWindow()
    {
        const Questionnaire persona = must(review::preset(u"persona"_s));
        const auto sit = [&](const QString &key) {
            auto sitting = std::make_shared<FakeSitting>(persona, FakeSitting::places(3));
            sitting->setKey(key);
            return sitting;
        };
        const auto drafts = [] { return QSettings().allKeys().filter(u"review/drafts"_s).size(); };
        QCOMPARE(drafts(), 0);
        const auto open = [](const std::shared_ptr<FakeSitting> &sitting, const auto &use) {
            ReviewWindow window(sitting);
            const Stage stage(window, {1120, 820});
            QVERIFY(QTest::qWaitForWindowActive(window.window()));
            const Hands hands(window);
            hands.begin();
            use(window, hands);
            window.close();
        };
        open(sit(u"k1"_s), [](ReviewWindow &, const Hands &hands) {
            hands.press(Qt::Key_N);
            hands.press(Qt::Key_2);
        });
        QCOMPARE(drafts(), 1);
        // Another rater's list knows nothing of it.
        open(sit(u"k2"_s), [](ReviewWindow &, const Hands &hands) { QVERIFY(hands.answer(u"answer"_s).is_null()); });
        const auto again = sit(u"k1"_s);
        open(again, [&](ReviewWindow &, const Hands &hands) {
            QCOMPARE(hands.answer(u"answer"_s), json("No"));
            QCOMPARE(hands.answer(u"relevance"_s), json(2));
            hands.press(Qt::Key_Return); // To what is missing.
            hands.panel(u"ambiguous"_s)->buttons().first()->click();
            hands.press(Qt::Key_Return);
            QTRY_COMPARE(hands.position(), 1);
        });
        QCOMPARE(again->stored.size(), 1);
        QCOMPARE(again->stored.first().answers["answer"], json("No"));
        QCOMPARE(drafts(), 0); // It is a judgement now.
        // What was only looked at, and a practice, leave nothing.
        open(sit(u"k3"_s), [](ReviewWindow &, const Hands &) {});
        open(sit({}), [](ReviewWindow &, const Hands &hands) { hands.press(Qt::Key_Y); });
        QCOMPARE(drafts(), 0);
        // Rubbish in the settings is no draft.
        QSettings().setValue(u"review/drafts/"_s + sha256Hex("k4").left(24), u"{\"0\":{\"answers\":[1]},\"x\":1}"_s);
        open(sit(u"k4"_s), [](ReviewWindow &, const Hands &hands) { QVERIFY(hands.answer(u"answer"_s).is_null()); });
    }
};

QTEST_MAIN(TestReviewFlow)
#include "tst_reviewflow.moc"
