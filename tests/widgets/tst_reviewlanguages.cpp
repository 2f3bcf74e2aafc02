// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reviewsample.h"
#include "screenshots.h"
#include "tsfile.h"
#include "widgets/review/answerssaved.h"
#include "widgets/review/fieldmenu.h"
#include "widgets/review/itemview.h"
#include "widgets/review/openreview.h"
#include "widgets/review/ratererror.h"
#include "widgets/review/reviewendpage.h"
#include "widgets/review/reviewheader.h"
#include "widgets/review/reviewsettings.h"
#include "widgets/review/reviewsheet.h"
#include "widgets/theme/banner.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTextBlock>
#include <QTemporaryDir>
#include <QTextLayout>
#include <QToolButton>

#include <algorithm>
#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// The window in each of its languages, from the start page to the end: nothing is left in English, nothing is cut, all
/// of it has a name and is reached by Tab; and what happens when the language changes.
class TestReviewLanguages : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

    /// A window for a rater who gives a code, on items whose words are in no language of the window.
    struct Room
    {
        std::shared_ptr<FakeSitting> sitting;
        TestClocks time;
        ReviewWindow window;
        Stage stage;
        Hands hands{window};

        explicit Room(const QString &language = {}, const Questionnaire &questions = must(review::preset(u"persona"_s)),
                      int items = 6)
            : sitting(std::make_shared<FakeSitting>(questions, placesOf(items))),
              window([sitting = sitting](const QString &) {
                  return QtFuture::makeReadyFuture(Result<std::shared_ptr<review::Sitting>>(sitting));
              }, time.clocks()),
              stage(window, {1120, 820})
        {
            if (!QTest::qWaitForWindowActive(window.window()))
                qFatal("The window did not become active.");
            if (!language.isEmpty())
                window.setLanguage(language);
            window.setIntro({u"§§"_s, questions, u"§§§"_s, 2, u"yes-no"_s, {}, {}});
        }
        static QList<review::Place> placesOf(int count)
        {
            QList<review::Place> list;
            for (int i = 0; i < count; ++i)
                list << FakeSitting::place(i, u"§%1"_s.arg(i), {{u"Yes"_s, u"§ a"_s}, {u"No"_s, u"§ b"_s}});
            return list;
        }
    };

    /// What the sources say, as patterns for what a person may read; only what the language has other words for.
    QList<std::pair<QString, QRegularExpression>> m_english;

    void readEnglish(const QString &language)
    {
        m_english.clear();
        const auto add = [this](QString source) {
            QString pattern = QRegularExpression::escape(source.remove(u'\n'));
            static const QRegularExpression placeholder(u"\\\\%(?:[1-9]|n)"_s);
            m_english << std::pair(source, QRegularExpression(QRegularExpression::anchoredPattern(
                                               pattern.replace(placeholder, u".+"_s))));
        };
        for (const TsMessage &message : readTs(u"%1/resources/translations/evalwright_review_%2.ts"_s.arg(
                 QStringLiteral(EVALWRIGHT_SOURCE_DIR), language))) {
            if (message.texts.constFirst() != message.source)
                add(message.source);
        }
        for (const QString &name : review::presetNames()) {
            for (const ReviewQuestion &question : must(review::preset(name)).questions) {
                for (const LocalText &text : {question.text, question.lowText, question.highText}) {
                    if (!text.text.isEmpty() && text.in.value(language) != text.text)
                        add(text.text);
                }
            }
        }
    }

    /// All that a person reads or hears of it now.
    static QStringList textsOf(const QWidget &window)
    {
        QStringList texts{window.windowTitle()};
        for (const QWidget *widget : window.findChildren<QWidget *>()) {
            if (!widget->isVisible() || qobject_cast<const QMenu *>(widget))
                continue;
            texts << widget->accessibleName() << widget->accessibleDescription() << widget->toolTip();
            if (const auto *label = qobject_cast<const QLabel *>(widget))
                texts << label->text().split(u'\n');
            else if (const auto *answer = qobject_cast<const AnswerButton *>(widget))
                texts << answer->answerText();
            else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
                texts << button->text() << plain(button->text()).section(u"  "_s, 0, 0);
            else if (const auto *view = qobject_cast<const QPlainTextEdit *>(widget))
                texts << view->toPlainText().split(u'\n') << view->placeholderText();
            else if (const auto *combo = qobject_cast<const QComboBox *>(widget))
                texts << combo->currentText();
        }
        for (QString &text : texts) {
            text = plain(text);
            static const QRegularExpression number(u"^[0-9]+\\. "_s);
            text.remove(number);
        }
        texts.removeDuplicates();
        texts.removeAll(QString());
        return texts;
    }
    static void addActions(const QMenu &menu, QStringList &texts)
    {
        for (const QAction *action : menu.actions()) {
            if (!action->isSeparator())
                texts << action->text();
        }
    }

    QStringList leftInEnglish(const QStringList &texts) const
    {
        QStringList left;
        for (const QString &text : texts) {
            for (const auto &[source, pattern] : m_english) {
                if (pattern.match(text).hasMatch())
                    left << text;
            }
        }
        return left;
    }

    /// Whose text does not fit into it, or that is not whole inside of the window.
    static QStringList cutIn(const QWidget &window)
    {
        QStringList cut;
        for (QWidget *widget : window.findChildren<QWidget *>()) {
            if (!widget->isVisible())
                continue;
            QString text;
            QSize needed;
            if (const auto *label = qobject_cast<QLabel *>(widget)) {
                text = label->text();
                needed = label->wordWrap() ? QSize(0, label->heightForWidth(label->width())) : label->sizeHint();
            } else if (const auto *answer = qobject_cast<AnswerButton *>(widget)) {
                text = answer->accessibleName();
                needed = {answer->minimumSizeHint().width(), answer->heightForWidth(answer->width())};
            } else if (const auto *button = qobject_cast<QAbstractButton *>(widget)) {
                text = button->text();
                needed = button->sizeHint();
            } else if (const auto *combo = qobject_cast<QComboBox *>(widget)) {
                text = combo->currentText();
                needed = combo->minimumSizeHint();
            }
            if (text.isEmpty())
                continue;
            if (widget->width() < needed.width() || widget->height() < needed.height())
                cut << u"%1 has %2x%3 of %4x%5"_s.arg(text)
                           .arg(widget->width())
                           .arg(widget->height())
                           .arg(needed.width())
                           .arg(needed.height());
            const QPoint corner = widget->mapTo(&window, QPoint());
            if (corner.x() < 0 || corner.x() + widget->width() > window.width())
                cut << u"%1 is outside"_s.arg(text);
        }
        return cut;
    }

    /// What Tab should come to and does not, and what has no name.
    static QStringList unreached(const QWidget &window)
    {
        QStringList missing;
        QSet<QWidget *> reached;
        const QWidget *first = nullptr;
        for (int i = 0; i < 60 && QApplication::focusWidget(); ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            if (QApplication::focusWidget() == first)
                break; // Once around.
            reached << QApplication::focusWidget();
            first = first ? first : QApplication::focusWidget();
        }
        for (QWidget *widget : window.findChildren<QWidget *>()) {
            if (!widget->isVisible() || !widget->isEnabled() || !(widget->focusPolicy() & Qt::TabFocus) ||
                qobject_cast<QScrollBar *>(widget))
                continue;
            const auto *button = qobject_cast<QAbstractButton *>(widget);
            const QString name = widget->accessibleName().isEmpty() && button ? button->text() : widget->accessibleName();
            if (name.isEmpty())
                missing << u"a %1 without a name"_s.arg(QLatin1StringView(widget->metaObject()->className()));
            if (!reached.contains(widget))
                missing << u"no Tab to %1"_s.arg(name);
        }
        return missing;
    }

    /// Layouts tell each other by events.
    static void settle()
    {
        for (int i = 0; i < 6; ++i)
            QCoreApplication::processEvents();
    }
    /// Without what only turns the direction.
    static QString plain(QString text)
    {
        for (const QChar mark : u"\u2066\u2067\u2068\u2069"_s)
            text.remove(mark);
        return text;
    }
    static int leftOf(const QWidget *widget, const QWidget &window) { return widget->mapTo(&window, QPoint()).x(); }
    static QPushButton *buttonWith(const QWidget &window, const QString &end)
    {
        for (QPushButton *button : window.findChildren<QPushButton *>()) {
            if (button->isVisible() && plain(button->text()).endsWith(u"  "_s + end))
                return button;
        }
        qFatal("There is no button for %s.", qPrintable(end));
    }
    static constexpr const char *noFont = "No font of this system has the letters (scripts/packages.sh names one).";

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsIn(m_folder.path(), u"tst_reviewlanguages"_s);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
    void init()
    {
        QSettings().clear();
        QLocale::setDefault(QLocale::c());
        m_theme.apply(*qApp, Theme::Mode::Light);
    }

    void fromTheStartToTheEnd_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<int>("percent");
        QTest::addColumn<bool>("dark");
        for (const QString &language : ReviewLanguage::all()) {
            QTest::addRow("%s, 100 %%, light", qPrintable(language)) << language << 100 << false;
            QTest::addRow("%s, 200 %%, dark", qPrintable(language)) << language << 200 << true;
        }
    }
    void fromTheStartToTheEnd()
    {
        QFETCH(const QString, language);
        QFETCH(const int, percent);
        QFETCH(const bool, dark);
        if (!ReviewLanguage::isDrawable(language))
            QSKIP(noFont);
        m_theme.apply(*qApp, dark ? Theme::Mode::Dark : Theme::Mode::Light);
        readEnglish(language);
        Room room(language);
        room.window.settings().setPercent(percent);
        const ReviewWindow &window = room.window;
        QSet<QString> seen;
        QStringList wrong;
        const auto look = [&](const QString &where, bool withTabs = true) {
            settle();
            QStringList texts = textsOf(window);
            texts.removeIf([&seen](const QString &text) { return seen.contains(text); });
            for (const QString &text : std::as_const(texts))
                seen << text;
            if (language != "en"_L1) {
                for (const QString &text : leftInEnglish(texts))
                    wrong << u"%1, in English: %2"_s.arg(where, text);
            }
            for (const QString &text : cutIn(window))
                wrong << u"%1, cut: %2"_s.arg(where, text);
            if (!withTabs)
                return;
            for (const QString &text : unreached(window))
                wrong << u"%1: %2"_s.arg(where, text);
        };

        look(u"start"_s);
        room.window.startPage()->begin();
        look(u"start without a code"_s);
        Q_EMIT room.window.startPage()->practiceWanted();
        QTRY_VERIFY(qobject_cast<AnswerButton *>(QApplication::focusWidget()));
        look(u"practice"_s, false);
        room.window.practicePage()->questions()->focusMarked();
        for (int i = 0; i < 5; ++i) {
            room.hands.press(i == 3 ? Qt::Key_S : Qt::Key_Y);
            QTRY_VERIFY(!qobject_cast<AnswerButton *>(QApplication::focusWidget()));
            look(u"practice, told"_s, false);
            room.hands.press(Qt::Key_Return);
            QTRY_VERIFY(qobject_cast<AnswerButton *>(QApplication::focusWidget()) ||
                        window.currentPage() == window.startPage());
        }
        QCOMPARE(window.currentPage(), static_cast<QWidget *>(window.startPage()));
        look(u"start after the practice"_s);
        room.window.startPage()->codeField()->setText(u"K7"_s);
        room.window.startPage()->begin();
        QTRY_VERIFY(window.flow() && window.flow()->place());
        look(u"item"_s);
        room.window.ratingPage()->focusQuestion();
        room.hands.press(Qt::Key_Z);
        look(u"nothing to undo"_s, false);
        room.hands.press(Qt::Key_Return);
        QVERIFY(!window.ratingPage()->noteText().isEmpty());
        look(u"an answer is missing"_s, false);
        room.window.ratingPage()->showError(Error(ErrorCode::DiskFull, u"§"_s), true);
        look(u"error"_s);
        room.window.header()->addWorked(31 * 60);
        room.window.header()->addWorked(1);
        room.window.header()->addWorked(1);
        QVERIFY(window.header()->advisesBreak());
        look(u"break"_s);
        for (const Qt::Key key : {Qt::Key_S, Qt::Key_B}) {
            const qint64 at = room.hands.position();
            room.hands.press(key);
            QTRY_COMPARE(room.hands.position(), at + 1);
            room.hands.press(Qt::Key_PageUp);
            QTRY_COMPARE(room.hands.position(), at);
            look(u"item of before"_s, false);
            room.hands.press(Qt::Key_PageDown);
            QTRY_COMPARE(room.hands.position(), at + 1);
        }
        room.hands.press(Qt::Key_G);
        look(u"guideline"_s);
        room.hands.press(Qt::Key_G);
        room.hands.press(Qt::Key_F1);
        look(u"keys"_s);
        room.hands.press(Qt::Key_F1);
        for (const QString &reason : {QString(), u"enough"_s, u"gold-limit"_s}) {
            if (reason.isEmpty())
                Q_EMIT room.window.flow()->finished();
            else
                Q_EMIT room.window.flow()->stopped(reason);
            QTRY_VERIFY(window.endPage()->text().contains(u"0"_s)); // With its numbers.
            QVERIFY(!reason.isEmpty() ? !window.endPage()->text().contains(reason) : true);
            look(u"end"_s);
        }
        QStringList menus;
        addActions(*window.header()->menu(), menus);
        const std::unique_ptr<QMenu> field(fieldMenu(room.window.startPage()->codeField(), room.window.settings()));
        addActions(*field, menus);
        for (const QString &text : std::as_const(menus))
            QVERIFY(!text.isEmpty());
        if (language != "en"_L1)
            wrong += leftInEnglish(menus);
        else
            QVERIFY(seen.contains(u"Undo the last one"_s)); // The walk sees what it is to see.
        wrong.removeDuplicates();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void everyGlyphIsThere_data()
    {
        QTest::addColumn<QString>("language");
        for (const QString &language : ReviewLanguage::all())
            QTest::newRow(qPrintable(language)) << language;
    }
    void everyGlyphIsThere()
    {
        QFETCH(const QString, language);
        if (!ReviewLanguage::isDrawable(language))
            QSKIP(noFont);
        QString all = ReviewLanguage::nameOf(language);
        for (const TsMessage &message : readTs(u"%1/resources/translations/evalwright_review_%2.ts"_s.arg(
                 QStringLiteral(EVALWRIGHT_SOURCE_DIR), language)))
            all += message.texts.join(QString());
        all.remove(u'\n');
        QTextLayout layout(all, ReviewSettings().font(ReviewSettings::Type::Body));
        layout.beginLayout();
        layout.createLine().setLineWidth(1e7);
        layout.endLayout();
        for (const QGlyphRun &run : layout.glyphRuns())
            QVERIFY2(!run.glyphIndexes().contains(0), qPrintable(run.rawFont().familyName()));
    }

    void theLanguageChangesInTheMiddleOfAnItem()
    {
        Room room(u"en"_s);
        room.hands.begin(u"K7"_s);
        room.time.pass(4);
        room.hands.press(Qt::Key_Y);
        room.hands.press(Qt::Key_4);
        room.hands.press(Qt::Key_C);
        room.hands.type(u"so so"_s);
        QCOMPARE(room.hands.panel(u"relevance"_s)->accessibleName().left(7), u"Is this"_s);
        const QWidget *focused = QApplication::focusWidget();
        const QuestionPanel *marked = room.window.ratingPage()->questions()->marked();
        for (const QString &language : ReviewLanguage::all()) {
            if (!ReviewLanguage::isDrawable(language))
                continue;
            // As in the menu View.
            QMenu *languages = nullptr;
            for (QAction *action : room.window.header()->menu()->actions())
                languages = action->menu() ? action->menu() : languages;
            QVERIFY(languages);
            for (QAction *action : languages->actions()) {
                if (action->data() == language)
                    action->trigger();
                QCOMPARE(action->isChecked(), action->data() == room.window.settings().language());
            }
            QCOMPARE(room.window.settings().language(), language);
            QCOMPARE(room.window.layoutDirection(), language == "ar"_L1 ? Qt::RightToLeft : Qt::LeftToRight);
            QCOMPARE(room.hands.position(), 0);
            QCOMPARE(room.hands.answer(u"answer"_s), json("Yes"));
            QCOMPARE(room.hands.answer(u"relevance"_s), json(4));
            QCOMPARE(room.hands.answer(u"comment"_s), json("so so"));
            QCOMPARE(QApplication::focusWidget(), focused);
            QCOMPARE(room.window.ratingPage()->questions()->marked(), marked);
            QCOMPARE(room.hands.panel(u"relevance"_s)->accessibleName(),
                     must(review::preset(u"persona"_s)).find(u"relevance"_s)->text.forLanguage(language));
            room.time.pass(1);
        }
        room.hands.press(Qt::Key_Escape); // Out of the comment.
        room.window.setLanguage(u"de"_s);
        room.hands.panel(u"ambiguous"_s)->takeFocus();
        room.hands.press(Qt::Key_N); // The same key in every language.
        room.hands.press(Qt::Key_Return);
        QTRY_COMPARE(room.hands.position(), 1);
        QCOMPARE(room.sitting->asked.size(), 1);
        QCOMPARE(room.sitting->stored.constFirst().answers,
                 (json{{"answer", "Yes"}, {"relevance", 4}, {"ambiguous", "no"}, {"comment", "so so"}}));
        QCOMPARE(room.sitting->stored.constFirst().secondsActive, *room.time.ms / 1000.0);
    }

    void thePracticeChangesItsLanguageToo()
    {
        Room room(u"en"_s);
        Q_EMIT room.window.startPage()->practiceWanted();
        QTRY_VERIFY(qobject_cast<AnswerButton *>(QApplication::focusWidget()));
        room.hands.press(Qt::Key_Y);
        QTRY_VERIFY(!qobject_cast<AnswerButton *>(QApplication::focusWidget()));
        room.hands.press(Qt::Key_Return);
        QTRY_VERIFY(room.window.practicePage()->item()->toPlainText().contains(u"A quarter of an hour"_s));
        room.window.setLanguage(u"fr"_s);
        QTRY_VERIFY(room.window.practicePage()->item()->toPlainText().contains(u"Un quart d’heure de retard"_s));
        for (int i = 0; i < 4; ++i) {
            room.window.practicePage()->focusQuestion();
            room.hands.press(Qt::Key_N);
            QTRY_VERIFY(!qobject_cast<AnswerButton *>(QApplication::focusWidget()));
            room.hands.press(Qt::Key_Return);
            QTest::qWait(20);
        }
        QTRY_COMPARE(room.window.currentPage(), static_cast<QWidget *>(room.window.startPage()));
        // The first answer counts, which was given in English: four of five, for the third is Yes.
        QVERIFY(textsOf(room.window).contains(u"L’entraînement est terminé : 4 sur 5 justes."_s));
    }

    void onlyTheWindowSpeaksIt()
    {
        Room german(u"de"_s);
        Room arabic(u"ar"_s);
        QCOMPARE(german.window.windowTitle(), u"Bewertung · §§"_s);
        QCOMPARE(arabic.window.windowTitle(), u"المراجعة · §§"_s);
        QCOMPARE(arabic.window.layoutDirection(), Qt::RightToLeft);
        QCOMPARE(german.window.layoutDirection(), Qt::LeftToRight);
        QCOMPARE(QApplication::layoutDirection(), Qt::LeftToRight);
        QCOMPARE(QLocale(), QLocale::c());
        Banner other; // Of the rest of the program.
        QStringList buttons;
        for (const QToolButton *button : other.findChildren<QToolButton *>())
            buttons << button->text();
        QVERIFY(buttons.contains(u"Close"_s));
        QCOMPARE(QCoreApplication::translate("Review", "Skip"), u"Skip"_s);
    }

    void theLanguageIsRememberedAndFirstTheSystems()
    {
        QLocale::setDefault(QLocale(u"fr_CA"_s));
        {
            Room room;
            QCOMPARE(room.window.settings().language(), u"fr"_s);
            QComboBox *languages = room.window.startPage()->languages();
            QCOMPARE(languages->currentText(), u"Français"_s);
            QCOMPARE(languages->count(), 7);
            languages->setCurrentIndex(languages->findText(u"Español"_s));
            Q_EMIT languages->activated(languages->currentIndex());
            QCOMPARE(room.window.windowTitle(), u"Evaluación · §§"_s);
        }
        Room later;
        QCOMPARE(later.window.settings().language(), u"es"_s);
        // A bundle may say in which language its raters are addressed; that is not what they chose.
        later.window.setIntro({u"§§"_s, must(review::preset(u"persona"_s)), {}, 0, u"yes-no"_s, u"de"_s, {}});
        QCOMPARE(later.window.windowTitle(), u"Bewertung · §§"_s);
        QCOMPARE(later.window.startPage()->languages()->currentText(), u"Deutsch"_s);
        Room last;
        QCOMPARE(last.window.settings().language(), u"es"_s);
    }

    void questionsThatLackTheLanguageStayInEnglish()
    {
        const Questionnaire english =
            questionnaire("{\"format\": \"evalwright-questionnaire/1\", \"name\": \"one\", \"questions\": ["
                          "{\"id\": \"answer\", \"kind\": \"options\", \"text\": \"Which?\"},"
                          "{\"id\": \"good\", \"kind\": \"scale\", \"text\": \"How good?\"}]}");
        Room room(u"ar"_s, english);
        room.hands.begin(u"K7"_s);
        QCOMPARE(room.window.layoutDirection(), Qt::RightToLeft);
        QuestionPanel *panel = room.hands.panel(u"good"_s);
        QCOMPARE(panel->accessibleName(), u"How good?"_s);
        QCOMPARE(panel->layoutDirection(), Qt::LeftToRight);
        QVERIFY(leftOf(panel->buttons().first(), room.window) < leftOf(panel->buttons().last(), room.window));
        // And a language that only the questions have: the window is in English.
        room.window.setLanguage(u"nl"_s);
        QCOMPARE(room.window.layoutDirection(), Qt::LeftToRight);
        QCOMPARE(buttonWith(room.window, u"S"_s)->accessibleName(), u"Skip"_s);
    }

    void arabicIsMirrored()
    {
        Room room(u"ar"_s);
        room.hands.begin(u"K7"_s);
        settle();
        const auto left = [&](const QWidget *widget) { return leftOf(widget, room.window); };
        const QList<QWidget *> header = room.window.header()->stops();
        QVERIFY(left(header[0]) > left(header[1]) && left(header[1]) > left(header[2]));
        QVERIFY(left(header[0]) < room.window.width() / 2); // Buttons are at the end of the line.
        const auto *broken = buttonWith(room.window, u"B"_s), *skip = buttonWith(room.window, u"S"_s),
                   *next = buttonWith(room.window, u"↵"_s);
        QVERIFY(left(broken) > left(skip) && left(skip) > left(next));
        const auto answers = room.hands.panel(u"ambiguous"_s)->buttons();
        QVERIFY(left(answers[0]) > left(answers[1]));
        room.hands.panel(u"relevance"_s)->takeFocus();
        room.hands.press(Qt::Key_Left);
        QCOMPARE(QApplication::focusWidget(), static_cast<QWidget *>(room.hands.panel(u"relevance"_s)->buttons()[1]));
        room.hands.press(Qt::Key_Right);
        QCOMPARE(QApplication::focusWidget(), static_cast<QWidget *>(room.hands.panel(u"relevance"_s)->buttons()[0]));
        // Progress grows from the right.
        auto *bar = room.window.header()->findChild<QProgressBar *>();
        room.window.header()->setProgress(1, 2);
        const QImage picture = bar->grab().toImage();
        QCOMPARE(picture.pixelColor(picture.width() * 3 / 4, picture.height() / 2),
                 room.window.settings().color(Theme::Meaning::Accent));
        QVERIFY(picture.pixelColor(picture.width() / 4, picture.height() / 2) !=
                room.window.settings().color(Theme::Meaning::Accent));
    }

    void arabicTextStandsOnTheRight()
    {
        Room room(u"ar"_s);
        Q_EMIT room.window.startPage()->practiceWanted();
        QTRY_VERIFY(qobject_cast<AnswerButton *>(QApplication::focusWidget()));
        settle();
        const ItemView *item = room.window.practicePage()->item();
        const QRectF line = item->document()->firstBlock().layout()->lineAt(0).naturalTextRect();
        QVERIFY(line.right() > item->viewport()->width() - 20);
        QVERIFY(line.left() > 20);
        for (const QMenu *menu : room.window.header()->findChildren<QMenu *>())
            QCOMPARE(menu->layoutDirection(), Qt::RightToLeft);
    }

    void keysAreTheSameOnOtherKeyboards()
    {
        const auto meaning = [](int key, quint32 place, const QString &text, Qt::KeyboardModifiers modifiers = {}) {
            return reviewKey(QKeyEvent(QEvent::KeyPress, key, modifiers, place, 0, 0, text), false);
        };
        QCOMPARE(meaning(Qt::Key_Y, 52, u"y"_s).act, ReviewAct::Yes); // German: the letter, not the place.
        QCOMPARE(meaning(Qt::Key_Z, 29, u"z"_s).act, ReviewAct::Undo);
        QCOMPARE(meaning(0x063a, 29, u"غ"_s).act, ReviewAct::Yes); // Arabic.
        QCOMPARE(meaning(0x0649, 57, u"ى"_s).act, ReviewAct::No);
        QCOMPARE(meaning(0x061f, 61, u"؟"_s, Qt::ShiftModifier).act, ReviewAct::Help);
        QCOMPARE(meaning(0x0663, 12, u"٣"_s), (ReviewKey{ReviewAct::Digit, 3}));
        QCOMPARE(meaning(0x0968, 11, u"२"_s), (ReviewKey{ReviewAct::Digit, 2})); // Hindi.
        QCOMPARE(meaning(Qt::Key_Eacute, 11, u"é"_s), (ReviewKey{ReviewAct::Digit, 2})); // French.
        QCOMPARE(meaning(Qt::Key_2, 11, u"2"_s, Qt::ShiftModifier), (ReviewKey{ReviewAct::Digit, 2}));
        QCOMPARE(meaning(Qt::Key_D, 40, u"d"_s).act, ReviewAct::None);
        QCOMPARE(meaning(Qt::Key_Semicolon, 52, u";"_s).act, ReviewAct::None); // Dvorak's, in the place of Z.
        QCOMPARE(meaning(Qt::Key_Space, 65, u" "_s).act, ReviewAct::None);
        QCOMPARE(meaning(Qt::Key_At, 11, u"@"_s, Qt::ShiftModifier).act, ReviewAct::None);
        const QKeyEvent typed(QEvent::KeyPress, 0x063a, Qt::NoModifier, 29, 0, 0, u"غ"_s);
        QCOMPARE(reviewKey(typed, true).act, ReviewAct::None); // Text in a field.
    }

    void numbersAndMinutes()
    {
        Room room(u"de"_s);
        ReviewHeader *header = room.window.header();
        header->setProgress(1500, 2000);
        for (int i = 0; i < 4; ++i)
            header->addWorked(17);
        QCOMPARE(header->paceText(), u"3,5 pro Minute · noch etwa 142 min"_s);
        QVERIFY(textsOf(room.window).size() > 3);
        room.window.setLanguage(u"ar"_s);
        QCOMPARE(header->paceText(), u"3.5 في الدقيقة · بقيت نحو 142 دقيقة"_s);
        room.window.setLanguage(u"en"_s);
        QCOMPARE(header->paceText(), u"3.5 a minute · about 142 min left"_s);
    }

    void errorsAreTold()
    {
        ReviewLanguage words;
        const Error full(ErrorCode::DiskFull, u"Could not write “x”."_s, u"Make room."_s);
        const Error odd(ErrorCode::NotFound, u"Odd."_s);
        QCOMPARE(forRaters(full, RaterTask::Storing, words).text(), full.text());
        words.set(u"de"_s);
        const Error told = forRaters(full, RaterTask::Storing, words);
        QCOMPARE(told.code, ErrorCode::DiskFull);
        QVERIFY(told.text().startsWith(u"Das Urteil wurde nicht gespeichert."_s));
        QVERIFY(!told.text().contains(u"write"_s));
        QVERIFY(told.cause && told.cause->message == full.message); // Behind “Details”.
        QVERIFY(forRaters(odd, RaterTask::Opening, words).text().endsWith(u"auf Englisch: Odd."_s));

        const auto box = answersSavedBox(u"/somewhere/x.ewanswers"_s, words);
        QVERIFY(box->text().endsWith(u"\n/somewhere/x.ewanswers"_s) && box->text().startsWith(u"Ihre Antworten"_s));
        QCOMPARE(box->buttons().size(), 1);
        QCOMPARE(box->buttons().constFirst()->text(), u"Schließen"_s);
        QCOMPARE(box->textFormat(), Qt::PlainText);
        words.set(u"ar"_s);
        QCOMPARE(answersSavedBox(failure(full), words)->layoutDirection(), Qt::RightToLeft);
    }

    void anErrorOnTheStartPageFollowsTheLanguage()
    {
        const std::unique_ptr<ReviewWindow> window(
            openBundleWindow(m_folder.filePath(u"none.ewbundle"_s), {}, [](const auto &) {}, u"es"_s));
        const Stage stage(*window, {1000, 700});
        const Banner *banner = window->startPage()->findChild<Banner *>();
        QTRY_VERIFY(banner->text().startsWith(u"No se puede abrir la evaluación."_s));
        window->setLanguage(u"fr"_s);
        QVERIFY(banner->text().startsWith(u"L’évaluation ne peut pas être ouverte."_s));
        window->setLanguage(u"en"_s);
        QVERIFY(banner->text().contains(u"none.ewbundle"_s));
    }

    void fieldsHaveMenusInTheLanguage()
    {
        Room room(u"de"_s);
        const std::unique_ptr<QMenu> code(fieldMenu(room.window.startPage()->codeField(), room.window.settings()));
        QStringList texts;
        addActions(*code, texts);
        QVERIFY(texts.constFirst().startsWith(u"Rückgängig"_s));
        QVERIFY(std::ranges::any_of(texts, [](const QString &one) { return one.startsWith(u"Alles auswählen"_s); }));
        QWidget *inside = room.window.ratingPage()->item()->viewport();
        const std::unique_ptr<QMenu> item(fieldMenu(inside, room.window.settings()));
        QVERIFY(item);
        QVERIFY(!fieldMenu(room.window.header(), room.window.settings()));
    }
};

QTEST_MAIN(TestReviewLanguages)
#include "tst_reviewlanguages.moc"
