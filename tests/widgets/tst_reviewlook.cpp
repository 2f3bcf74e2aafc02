// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reviewsample.h"
#include "screenshots.h"
#include "widgets/review/itemview.h"
#include "widgets/review/reviewheader.h"
#include "widgets/review/reviewsettings.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QElapsedTimer>
#include <QLabel>
#include <QMetaEnum>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTextBlock>
#include <QTextLayout>

#include <algorithm>
#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// What the window looks like, and to whom it is open: sizes, contrast, direction, names, hostile texts.
class TestReviewLook : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

    /// Left edge in the window.
    static int leftOf(const QWidget *widget, const QWidget &window)
    {
        return widget->mapTo(&window, QPoint()).x();
    }
private Q_SLOTS:
    void initTestCase()
    {
        useSettingsIn(m_folder.path(), u"tst_reviewlook"_s);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
    void init()
    {
        QSettings().clear();
        m_theme.apply(*qApp, Theme::Mode::Light);
    }

    void mirroredFromRightToLeft()
    {
        int step1 = 0, step5 = 0, text = 0;
        for (const bool arabic : {false, true}) {
            auto one = windowOn(statements(), inArabicToo());
            const Stage stage(*one, {1120, 820});
            QVERIFY(QTest::qWaitForWindowActive(one->window()));
            QTRY_COMPARE(one->startPage()->raterCode(), u"K7"_s);
            QComboBox *languages = one->startPage()->languages();
            QVERIFY(languages->findData(u"ar"_s) >= 0);
            languages->setCurrentIndex(languages->findData(arabic ? u"ar"_s : u"en"_s));
            Q_EMIT languages->activated(languages->currentIndex());
            QCOMPARE(one->layoutDirection(), arabic ? Qt::RightToLeft : Qt::LeftToRight);
            const Hands own(*one);
            own.begin();
            QTest::qWait(30);
            const auto steps = own.panel(u"good"_s)->buttons();
            const int first = leftOf(steps.first(), *one), last = leftOf(steps.last(), *one);
            const int comment = leftOf(own.panel(u"comment"_s)->field(), *one);
            const auto line = one->ratingPage()->item()->document()->firstBlock();
            QCOMPARE(line.textDirection(), Qt::LeftToRight); // English stays English.
            if (!arabic) {
                QVERIFY(first < last);
                step1 = first, step5 = last, text = comment;
                continue;
            }
            QVERIFY(first > last);
            // The same distances from the other edge.
            QVERIFY(std::abs((one->width() - first - steps.first()->width()) - step1) <= 2);
            QVERIFY(std::abs((one->width() - last - steps.last()->width()) - step5) <= 2);
            QVERIFY(std::abs((one->width() - comment - own.panel(u"comment"_s)->field()->width()) - text) <= 2);
            QCOMPARE(own.panel(u"good"_s)->accessibleName(), u"ما مدى جودته؟"_s);
            // Arrows follow what one sees.
            own.press(Qt::Key_Y);
            QCOMPARE(QApplication::focusWidget(), static_cast<QWidget *>(steps.first()));
            own.press(Qt::Key_Left);
            QCOMPARE(QApplication::focusWidget(), static_cast<QWidget *>(steps[1]));
        }
    }

    void arabicItemsReadFromTheRight()
    {
        ItemView view;
        view.showText(u"هل تقول هذا؟\nEnglish below"_s);
        QCOMPARE(view.document()->firstBlock().textDirection(), Qt::RightToLeft);
        QCOMPARE(view.document()->firstBlock().next().textDirection(), Qt::LeftToRight);
        view.setLayoutDirection(Qt::RightToLeft);
        QCOMPARE(view.document()->firstBlock().next().textDirection(), Qt::LeftToRight);
    }

    void everyControlHasANameAndIsReachedByTab()
    {
        auto window = windowOn(statements());
        const Stage stage(*window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window->window()));
        QTRY_COMPARE(window->startPage()->raterCode(), u"K7"_s);
        const auto check = [&](const char *where) {
            QSet<QWidget *> wanted, reached;
            for (QWidget *widget : window->findChildren<QWidget *>()) {
                if (!widget->isVisible() || !widget->isEnabled() || (widget->focusPolicy() & Qt::TabFocus) == 0)
                    continue;
                if (qobject_cast<QScrollBar *>(widget))
                    continue;
                const auto *button = qobject_cast<QAbstractButton *>(widget);
                const QString name = widget->accessibleName().isEmpty() && button ? button->text()
                                                                                   : widget->accessibleName();
                if (name.isEmpty())
                    qWarning("%s: a %s has no name", where, widget->metaObject()->className());
                wanted << widget;
            }
            for (int i = 0; i < 100; ++i) {
                QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
                reached << QApplication::focusWidget();
            }
            for (QWidget *widget : std::as_const(wanted)) {
                if (!reached.contains(widget))
                    qWarning("%s: Tab does not come to %s", where, qPrintable(widget->accessibleName()));
            }
            return wanted.size();
        };
        QVERIFY(check("start") >= 3);
        window->startPage()->begin();
        QTRY_VERIFY(window->flow() && window->flow()->place());
        QVERIFY(check("items") >= 16);
        QTest::keyClick(window.get(), Qt::Key_F1);
        QVERIFY(check("keys") >= 3);
        window->ratingPage()->showError(Error(ErrorCode::DiskFull, u"The disk is full."_s), true);
        QTest::keyClick(window.get(), Qt::Key_F1);
        QVERIFY(check("error") >= 18);
    }

    void tabFollowsTheReading()
    {
        auto window = windowOn(statements());
        const Stage stage(*window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window->window()));
        const Hands hands(*window);
        hands.begin();
        hands.press(Qt::Key_S);
        QTRY_COMPARE(hands.position(), 1); // Its answers are made anew.
        window->ratingPage()->item()->setFocus();
        QStringList names;
        for (int i = 0; i < 14; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            names << QApplication::focusWidget()->accessibleName();
        }
        QCOMPARE(names, (QStringList{u"Yes"_s, u"No"_s, u"1, Horrible"_s, u"2"_s, u"3"_s, u"4"_s, u"5, Amazing"_s,
                                     u"No, it is clear"_s, u"Yes, it is unclear"_s, u"Comment"_s, u"Broken"_s, u"Skip"_s,
                                     u"Comment"_s, u"Undo"_s}));
    }

    void hostileTextIsPlainText()
    {
        const QString hostile = u"<b>bold</b> <img src=\"file:///etc/passwd\"> &amp; \u202Egnp.exe\u0007"_s;
        const QString big = u"<i>word</i> "_s.repeated(100 * 1024 / 12);
        QList<review::Place> places{
            FakeSitting::place(0, hostile, {{u"A"_s, u"<b>&Yes</b>\u202E"_s}, {u"B"_s, u"<img src=x>\nsecond"_s}}),
            FakeSitting::place(1, big, {{u"A"_s, big}, {u"B"_s, u"short"_s}}), FakeSitting::place(2, u"calm"_s)};
        auto window = windowOn(places);
        const Stage stage(*window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window->window()));
        const Hands hands(*window);
        hands.begin();
        QCOMPARE(window->ratingPage()->item()->toPlainText(),
                 u"<b>bold</b> <img src=\"file:///etc/passwd\"> &amp; ⟨U+202E⟩gnp.exe⟨U+0007⟩"_s);
        const auto buttons = hands.panel(u"answer"_s)->buttons();
        QCOMPARE(buttons[0]->answerText(), u"<b>&Yes</b>⟨U+202E⟩"_s);
        QVERIFY(buttons[0]->text().isEmpty()); // No mnemonic.
        QVERIFY(buttons[1]->height() > QFontMetrics(buttons[1]->font()).lineSpacing() * 2);
        for (const QLabel *label : window->findChildren<QLabel *>())
            QCOMPARE(label->textFormat(), Qt::PlainText);
        QElapsedTimer timer;
        timer.start();
        hands.press(Qt::Key_S);
        QTRY_COMPARE(hands.position(), 1);
        window->grab();
        qInfo("an item of 100 kB with an option of 100 kB is painted after %lld ms",
              static_cast<long long>(timer.elapsed()));
        QVERIFY(timer.elapsed() < 3000);
        ItemView *item = window->ratingPage()->item();
        QCOMPARE(item->toPlainText().size(), big.size());
        QVERIFY(item->verticalScrollBar()->maximum() > 0);
        QVERIFY(item->height() <= window->ratingPage()->height() / 2); // The questions stay in sight.
        item->setFocus();
        hands.press(Qt::Key_Down);
        hands.press(Qt::Key_2); // Keys answer from here too.
        QCOMPARE(hands.answer(u"answer"_s), nlohmann::json("B"));
        hands.press(Qt::Key_S);
        QTRY_COMPARE(hands.position(), 2);
        QVERIFY(item->height() < 200);
    }

    void typeGrowsAndIsRemembered()
    {
        {
            auto window = windowOn(statements());
            const Stage stage(*window, {1120, 820});
            QVERIFY(QTest::qWaitForWindowActive(window->window()));
            const Hands hands(*window);
            hands.begin();
            const double item = window->ratingPage()->item()->font().pointSizeF();
            const double option = hands.panel(u"answer"_s)->buttons().first()->font().pointSizeF();
            for (int i = 0; i < 4; ++i)
                hands.press(Qt::Key_Plus, Qt::ControlModifier);
            QCOMPARE(window->settings().percent(), 200);
            QCOMPARE(window->ratingPage()->item()->font().pointSizeF(), 2 * item);
            QCOMPARE(hands.panel(u"answer"_s)->buttons().first()->font().pointSizeF(), 2 * option);
            for (int i = 0; i < 9; ++i)
                hands.press(Qt::Key_Plus, Qt::ControlModifier);
            QCOMPARE(window->settings().percent(), 250);
            hands.press(Qt::Key_Minus, Qt::ControlModifier);
            window->settings().setHighContrast(true);
        }
        auto window = windowOn(statements());
        QCOMPARE(window->settings().percent(), 225);
        QVERIFY(window->settings().highContrast());
    }

    void highContrastHasSevenToOne_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void highContrastHasSevenToOne()
    {
        QFETCH(bool, dark);
        m_theme.apply(*qApp, dark ? Theme::Mode::Dark : Theme::Mode::Light);
        ReviewSettings settings;
        settings.setHighContrast(true);
        using Meaning = Theme::Meaning;
        for (const QColor &ground : {settings.color(Meaning::Surface), settings.color(Meaning::SurfaceRaised),
                                     settings.color(Meaning::Hover), settings.chosen()}) {
            for (const Meaning meaning : {Meaning::Text, Meaning::TextSecondary, Meaning::Accent, Meaning::Border,
                                          Meaning::Warning, Meaning::Error, Meaning::Success})
                QVERIFY2(contrastRatio(settings.color(meaning), ground) >= 7,
                         qPrintable(settings.color(meaning).name() + ground.name()));
        }
        QVERIFY(contrastRatio(settings.onAccent(), settings.color(Meaning::Accent)) >= 7);
        const QPalette palette = settings.palette();
        QVERIFY(contrastRatio(palette.color(QPalette::WindowText), palette.color(QPalette::Window)) >= 7);
        QVERIFY(contrastRatio(palette.color(QPalette::ButtonText), palette.color(QPalette::Button)) >= 7);
    }

    void theFocusIsSeen()
    {
        ReviewSettings settings;
        QWidget window;
        AnswerButton button(settings, u"Yes"_s), other(settings, u"No"_s);
        button.setParent(&window);
        other.setParent(&window);
        button.setGeometry(0, 0, 300, 60);
        other.setGeometry(0, 70, 300, 60);
        window.resize(300, 140);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        other.setFocus();
        const QImage without = button.grab().toImage();
        button.setFocus();
        const QImage with = button.grab().toImage();
        QVERIFY(without.pixelColor(150, 1) != with.pixelColor(150, 1));
        QVERIFY(contrastRatio(with.pixelColor(150, 1), without.pixelColor(150, 1)) >= 3);
    }
};

QTEST_MAIN(TestReviewLook)
#include "tst_reviewlook.moc"
