// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reviewsample.h"
#include "screenshots.h"
#include "widgets/review/reviewendpage.h"
#include "widgets/review/reviewheader.h"
#include "widgets/review/reviewsettings.h"

#include <QTemporaryDir>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// Pages of the review window in each of its languages, light and dark, for a person to look at.
class TestReviewLanguagePictures : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsIn(m_folder.path(), u"tst_reviewlanguagepictures"_s);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }

    void pictures_data()
    {
        QTest::addColumn<QString>("language");
        // Where nobody looks one language is enough: the one that turns everything round.
        const bool isLookedAt = qEnvironmentVariableIsSet("EVALWRIGHT_SCREENSHOTS");
        for (const QString &language : isLookedAt ? ReviewLanguage::all() : QStringList{u"ar"_s})
            QTest::newRow(qPrintable(language)) << language;
    }
    void pictures()
    {
        QFETCH(const QString, language);
        if (!ReviewLanguage::isDrawable(language))
            QSKIP("No font of this system has the letters (scripts/packages.sh names one).");
        QSettings().clear();
        QSettings().setValue(u"review/language"_s, language);
        auto window = windowOn(statements());
        const auto keep = [&](const QString &page) {
            lookAt(*window, u"review-%1-%2"_s.arg(language, page), {1120, 820}, m_theme);
        };
        const auto withHands = [&](const auto &act) {
            const Stage stage(*window, {1120, 820});
            QVERIFY(QTest::qWaitForWindowActive(window->window()));
            act(Hands(*window));
        };
        withHands([&](const Hands &) { QTRY_COMPARE(window->startPage()->raterCode(), u"K7"_s); });
        keep(u"start"_s);
        withHands([&](const Hands &hands) {
            Q_EMIT window->startPage()->practiceWanted();
            QTRY_VERIFY(qobject_cast<AnswerButton *>(QApplication::focusWidget()));
            hands.press(Qt::Key_N);
            QTRY_VERIFY(!qobject_cast<AnswerButton *>(QApplication::focusWidget()));
        });
        keep(u"practice"_s);
        withHands([&](const Hands &hands) {
            hands.press(Qt::Key_Escape);
            hands.begin();
            for (int i = 0; i < 4; ++i) {
                hands.press(Qt::Key_Y);
                hands.press(Qt::Key_4);
                hands.press(Qt::Key_N);
                QTRY_COMPARE(hands.position(), i + 1);
            }
            hands.press(Qt::Key_Y);
            hands.press(Qt::Key_3);
        });
        keep(u"item"_s);
        window->settings().setPercent(200);
        keep(u"item-200"_s);
        window->settings().setPercent(100);
        Q_EMIT window->header()->keysWanted();
        keep(u"keys"_s);
        Q_EMIT window->header()->keysWanted();
        withHands([&](const Hands &hands) { hands.press(Qt::Key_F1); });
        window->ratingPage()->showError(Error(ErrorCode::DiskFull, u"Could not write."_s), true);
        keep(u"error"_s);
        Q_EMIT window->flow()->finished();
        QTRY_VERIFY(window->endPage()->text().contains(u"0"_s));
        keep(u"end"_s);
    }
};

QTEST_MAIN(TestReviewLanguagePictures)
#include "tst_reviewlanguagepictures.moc"
