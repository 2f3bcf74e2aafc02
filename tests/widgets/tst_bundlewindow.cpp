// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Raters elsewhere: two people fill lists of one bundle in the window by keys, and their answers come back.
#include "review/bundlesitting.h"
#include "review/bundlewriter.h"
#include "review/merge.h"
#include "reviewsample.h"
#include "screenshots.h"
#include "widgets/theme/banner.h"
#include "widgets/review/openreview.h"
#include "widgets/review/reviewendpage.h"
#include "widgets/review/reviewstartpage.h"

#include <QFile>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestBundleWindow : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

    /// Rates the whole list; returns the file to send back.
    QString rate(const QString &bundle, int list, const QString &code, bool alwaysYes)
    {
        std::shared_ptr<review::BundleSitting> sitting;
        const std::unique_ptr<ReviewWindow> window(openBundleWindow(
            bundle, list, [&sitting](const std::shared_ptr<review::BundleSitting> &opened) { sitting = opened; }));
        const Stage stage(*window, {1120, 820});
        if (!QTest::qWaitForWindowActive(window->window()))
            return {};
        const Hands hands(*window);
        hands.begin(code);
        for (int i = 0; window->currentPage() != window->endPage() && i < 40; ++i) {
            const qint64 at = hands.position();
            hands.press(alwaysYes || i % 2 == 0 ? Qt::Key_Y : Qt::Key_N);
            hands.press(Qt::Key_4);
            hands.press(Qt::Key_N);
            (void)QTest::qWaitFor([&] { return hands.position() != at || window->currentPage() == window->endPage(); });
        }
        if (window->currentPage() != window->endPage())
            return {};
        const auto saved = sitting->saveAnswers().result();
        return saved ? saved->path : QString();
    }

    static QByteArray merged(Observed &store, const QString &copy, const QStringList &files)
    {
        QFile::remove(copy);
        must(store.project->readNow([&](Connection &c) { return c.value(u"SELECT 1"_s); }));
        must(store.project->maintain([&](Connection &c) { return c.execute(u"VACUUM INTO ?"_s, {copy}); }).result());
        const auto project = must(Project::open(copy, Project::Access::ReadWrite));
        for (const QString &file : files)
            must(project->writeNow([&](Connection &c) { return review::mergeAnswers(c, file); }));
        return must(project->readNow([](Connection &c) -> Result<QByteArray> {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"views"_s));
            return review::exportJudgements(c, dataset.id);
        }));
    }

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsIn(m_folder.path(), u"tst_bundlewindow"_s);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }

    void twoPeopleFillABundle()
    {
        Observed store;
        store.plain(u"views"_s, 8);
        const ReviewId review = makeReviewOf(*store.project, u"views"_s, must(review::preset(u"persona"_s)), 2);
        const QString bundle = m_folder.filePath(u"work.ewbundle"_s);
        QCOMPARE(must(review::writeBundle(store.project, review, bundle)).slots.size(), 2);
        const QString anna = rate(bundle, 1, u"anna"_s, true), ben = rate(bundle, 2, u"ben"_s, false);
        QVERIFY(!anna.isEmpty() && !ben.isEmpty());
        const QString copy = m_folder.filePath(u"copy.evalwright"_s);
        const QByteArray expected = merged(store, copy, {anna, ben});
        QCOMPARE(expected.count('\n'), 16);
        QCOMPARE(merged(store, copy, {ben, anna}), expected);
        QCOMPARE(merged(store, copy, {ben, anna, ben, anna, anna}), expected);
        QVERIFY(merged(store, copy, {ben}) != expected);
    }

    void aLinkOfAServiceBecomesACode()
    {
        Observed store;
        store.plain(u"views"_s, 4);
        const ReviewId review = makeReviewOf(*store.project, u"views"_s, must(review::preset(u"persona"_s)), 1);
        const QString bundle = m_folder.filePath(u"link.ewbundle"_s);
        QVERIFY(review::writeBundle(store.project, review, bundle));
        const std::unique_ptr<ReviewWindow> window(openBundleWindow(bundle, {}, [](const auto &) {}));
        const Stage stage(*window, {1120, 820});
        QLineEdit *code = window->startPage()->codeField();
        QTRY_VERIFY(code->maxLength() > 100); // What the bundle says is there.
        const QString account = u"5f1a2b3c4d5e6f7a8b9c0d1e"_s;
        code->setText(u"https://example.org/start?PROLIFIC_PID="_s + account + u"&STUDY_ID=a&SESSION_ID=b"_s);
        QVERIFY2(code->text().startsWith(u"p-"_s), qPrintable(code->text()));
        QVERIFY(!code->text().contains(account));
        const QString first = code->text();
        code->setText(u"?PROLIFIC_PID="_s + account);
        QCOMPARE(code->text(), first);
        window->startPage()->begin();
        for (const QString &key : QSettings().allKeys())
            QVERIFY(!QSettings().value(key).toString().contains(account));
        // A preview of Mechanical Turk belongs to nobody.
        code->setText(u"?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=x&workerId="_s);
        QVERIFY(!code->text().startsWith(u"m-"_s));
    }

    void aBrokenBundleIsToldOnTheStartPage()
    {
        const QString path = m_folder.filePath(u"broken.ewbundle"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("PK no zip");
        file.close();
        const std::unique_ptr<ReviewWindow> window(openBundleWindow(path, {}, [](const auto &) {}));
        const Stage stage(*window, {1000, 700});
        Banner *banner = window->startPage()->findChild<Banner *>();
        QVERIFY(banner);
        QTRY_VERIFY(!banner->text().isEmpty());
    }
};

QTEST_MAIN(TestBundleWindow)
#include "tst_bundlewindow.moc"
