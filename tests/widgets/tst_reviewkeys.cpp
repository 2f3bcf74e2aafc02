// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reviewsample.h"
#include "screenshots.h"
#include "widgets/review/reviewheader.h"
#include "widgets/review/reviewsheet.h"

#include <QAbstractButton>
#include <QKeyEvent>
#include <QScrollBar>
#include <QTemporaryDir>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// Counts what comes to the program: keys, and anything of a mouse.
class Counter : public QObject
{
public:
    Counter() { qApp->installEventFilter(this); }
    int keys = 0, mouse = 0;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        // A key that is not taken goes on to the parents; it counts where it comes first.
        if (event->type() == QEvent::KeyPress && watched == QApplication::focusWidget())
            ++keys;
        if (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonRelease ||
            event->type() == QEvent::Wheel)
            ++mouse;
        return false;
    }
};

} // namespace

/// How many keys a rater needs, and that they suffice on every page.
class TestReviewKeys : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsIn(m_folder.path(), u"tst_reviewkeys"_s);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
    void init() { QSettings().clear(); }

    /// Five minutes for sixty items are five seconds an item: nobody reads and answers in that time who also has to aim.
    void sixtyItemsTakeFewKeys_data()
    {
        QTest::addColumn<Questionnaire>("questions");
        QTest::addColumn<QList<int>>("keys");
        QTest::newRow("Yes or No") << questionnaire("{\"format\": \"evalwright-questionnaire/1\", \"name\": \"one\", "
                                                    "\"questions\": [{\"id\": \"answer\", \"kind\": \"options\", "
                                                    "\"text\": \"Which?\"}]}")
                                   << QList<int>{Qt::Key_Y};
        QTest::newRow("label, relevance, ambiguity")
            << must(review::preset(u"persona"_s)) << QList<int>{Qt::Key_Y, Qt::Key_4, Qt::Key_N};
    }
    void sixtyItemsTakeFewKeys()
    {
        QFETCH(Questionnaire, questions);
        QFETCH(QList<int>, keys);
        constexpr int items = 60;
        Observed store;
        store.plain(u"views"_s, items);
        const ReviewId review = makeReviewOf(*store.project, u"views"_s, questions);
        ReviewWindow window(must(review::openSitting(store.project, review, u"K7"_s)));
        const Stage stage(window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window.window()));
        const Counter counter;
        const Hands hands(window);
        hands.begin(); // One key.
        for (int i = 0; i < items; ++i) {
            QVERIFY(hands.comesTo(i));
            for (const int key : keys)
                hands.press(static_cast<Qt::Key>(key));
        }
        QTRY_COMPARE(window.currentPage(), static_cast<QWidget *>(window.endPage()));
        QCOMPARE(counter.keys, 1 + items * static_cast<int>(keys.size()));
        QCOMPARE(counter.mouse, 0);
        QCOMPARE(must(store.ask([](Connection &c) { return c.value(u"SELECT count(*) FROM judgement_current"_s); })).toInt(),
                 items);
    }

    /// Start, items, guideline, keys and the last page: what takes the focus has a name, and Tab comes to it.
    void everyPageIsReachedByTabAndNamed()
    {
        auto window = windowOn(statements());
        const Stage stage(*window, {1120, 820});
        QVERIFY(QTest::qWaitForWindowActive(window->window()));
        QTRY_COMPARE(window->startPage()->raterCode(), u"K7"_s);
        const Counter counter;
        const Hands hands(*window);
        const auto namesOnPage = [&] {
            QStringList names;
            QSet<QWidget *> reached;
            for (int i = 0; i < 100; ++i) {
                hands.press(Qt::Key_Tab);
                reached << QApplication::focusWidget();
            }
            for (QWidget *widget : window->findChildren<QWidget *>()) {
                if (!widget->isVisible() || !widget->isEnabled() || (widget->focusPolicy() & Qt::TabFocus) == 0 ||
                    qobject_cast<QScrollBar *>(widget))
                    continue;
                const auto *button = qobject_cast<QAbstractButton *>(widget);
                const QString name = widget->accessibleName().isEmpty() && button ? button->text() : widget->accessibleName();
                if (name.isEmpty() || !reached.contains(widget))
                    qWarning("A %s “%s” has no name, or Tab does not come to it.", widget->metaObject()->className(),
                             qPrintable(name));
                names << name;
            }
            return names;
        };
        QVERIFY(namesOnPage().size() >= 3);
        hands.begin();
        const QStringList onItems = namesOnPage();
        QVERIFY(onItems.size() >= 14);
        for (const Qt::Key sheet : {Qt::Key_G, Qt::Key_F1}) {
            hands.press(sheet);
            QCOMPARE(window->currentPage(), static_cast<QWidget *>(window->sheet()));
            QVERIFY(!namesOnPage().isEmpty());
            hands.press(sheet);
            QCOMPARE(window->currentPage(), static_cast<QWidget *>(window->ratingPage()));
            QCOMPARE(namesOnPage(), onItems);
        }
        for (int i = 0; i < 12; ++i) {
            QVERIFY(hands.comesTo(i));
            hands.press(Qt::Key_S);
        }
        QTRY_COMPARE(window->currentPage(), static_cast<QWidget *>(window->endPage()));
        QVERIFY(namesOnPage().size() >= 3); // Take back, look again, close.
        QCOMPARE(counter.mouse, 0);
    }
};

QTEST_MAIN(TestReviewKeys)
#include "tst_reviewkeys.moc"
