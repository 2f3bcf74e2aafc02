// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../evaluation/observed.h"
#include "screenshots.h"
#include "widgets/evaluation/figurespage.h"
#include "widgets/figures/figurepage.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// The page of figures over a project whose answers are written down here.
class TestFiguresPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    std::unique_ptr<Observed> m_store;
    std::unique_ptr<Session> m_session;

    template <class Child>
    static Child *named(const QWidget &page, const QString &name)
    {
        for (Child *child : page.findChildren<Child *>()) {
            if (child->accessibleName() == name)
                return child;
        }
        qFatal("There is no %s.", qPrintable(name));
    }
    static QPushButton *keepButton(const QWidget &page)
    {
        for (QPushButton *each : page.findChildren<QPushButton *>()) {
            if (each->text() == u"Keep this figure")
                return each;
        }
        qFatal("There is no button to keep a figure.");
    }
    /// As a person does: the choice is activated.
    static void choose(QComboBox *box, const QString &data)
    {
        const int index = box->findData(data);
        QVERIFY2(index >= 0, qPrintable(data));
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    }
    static QString kindShown(const FiguresPage &page) { return page.figurePage()->figure().kind; }
    void observe(const QString &runName, int shift)
    {
        Observed &store = *m_store;
        const Run run = store.run(runName);
        for (const auto &[name, items] : m_items) {
            for (int m = 0; m < 3; ++m) {
                QByteArray answers(80, '0');
                for (int i = 0; i < 80; ++i)
                    answers[i] = (i * 7 + 3) % 80 < 20 + shift + 16 * m ? '1' : '0';
                store.observe(run, m_models[m], items, answers);
                store.observe(run, m_models[m], items, QByteArray(40, '1') + QByteArray(40, '0'), u"chat"_s,
                              [](qsizetype, Observation &o) { o.control = u"no-biography"_s; });
            }
        }
    }

    QList<Model> m_models;
    QList<std::pair<QString, QList<CandidateId>>> m_items;

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_figurespage"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
        m_store = std::make_unique<Observed>();
        for (int m = 0; m < 3; ++m)
            m_models << m_store->model(u"fam-%1"_s.arg(m), u"fam"_s, std::pow(10.0, 8 + m), u"base"_s);
        for (const QString &name : {u"agreeableness"_s, u"survival-instinct"_s}) {
            QList<ItemPlan> plan;
            for (int i = 0; i < 80; ++i)
                plan << ItemPlan{{}, i % 2 == 0, u"c%1"_s.arg(i / 2), 0.9};
            m_items << std::pair(name, m_store->dataset(name, plan));
        }
        observe(u"first"_s, 0);
        m_session = std::make_unique<Session>();
    }
    void cleanupTestCase() { m_session.reset(); }

    void withoutAProject()
    {
        FiguresPage page(*m_session);
        QVERIFY(!page.figurePage()->isVisibleTo(&page));
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        const QString path = m_store->project->path();
        m_store->project.reset();
        m_session->openProject(path);
        QVERIFY(opened.wait());
        m_store->project = m_session->project();
        QTRY_VERIFY(page.figurePage()->isVisibleTo(&page));
        QCOMPARE(kindShown(page), u"scaling"_s);
    }

    void everyKind()
    {
        FiguresPage page(*m_session);
        const auto stage = std::make_unique<Stage>(page, QSize(1280, 860));
        auto *kind = named<QComboBox>(page, u"Kind of figure"_s);
        QTRY_COMPARE(page.figurePage()->figure().series.size(), 4); // Two curves, each with its control.
        for (const QString &each : {u"grid"_s, u"scores"_s, u"heatmap"_s, u"differences"_s}) {
            choose(kind, each);
            QTRY_COMPARE(kindShown(page), each);
            QVERIFY(page.figurePage()->isVisible());
        }
        QCOMPARE(page.figurePage()->figure().title, u"fam-2 less fam-0, item by item"_s);
        QVERIFY(named<QComboBox>(page, u"First model"_s)->isVisible());
        QVERIFY(!named<QComboBox>(page, u"Axis"_s)->isVisible());
        choose(named<QComboBox>(page, u"Other model"_s), u"fam-1"_s);
        QTRY_COMPARE(page.figurePage()->figure().title, u"fam-1 less fam-0, item by item"_s);
        // What cannot be drawn says why, and the figure of another choice is not left standing.
        choose(kind, u"winogender"_s);
        QTRY_VERIFY(!page.figurePage()->isVisible());
        QString words;
        for (const QLabel *label : page.findChildren<QLabel *>())
            words += label->isVisible() ? label->text() : QString();
        QVERIFY2(words.contains(u"No model has been asked for pronouns"_s), qPrintable(words));
        QVERIFY(!keepButton(page)->isEnabled());
        choose(kind, u"scaling"_s);
        QTRY_VERIFY(page.figurePage()->isVisible());
    }

    void measuresAndAxes()
    {
        FiguresPage page(*m_session);
        const Stage stage(page, QSize(1280, 860));
        QTRY_COMPARE(kindShown(page), u"scaling"_s);
        choose(named<QComboBox>(page, u"Data set"_s), u"agreeableness"_s);
        QTRY_COMPARE(page.figurePage()->figure().title, u"agreeableness by model size"_s);
        choose(named<QComboBox>(page, u"What is shown"_s), u"shift"_s);
        QTRY_COMPARE(page.figurePage()->figure().y.unit, u"points"_s);
        QVERIFY(named<QComboBox>(page, u"Control"_s)->isVisible());
        QCOMPARE(page.query().control, u"no-biography"_s);
        auto *across = page.findChild<QCheckBox *>();
        across->click();
        QTRY_COMPARE(page.figurePage()->figure().subtitle, u"models of several families"_s);
        across->click();
        choose(named<QComboBox>(page, u"Axis"_s), u"date"_s); // Known of none.
        QTRY_VERIFY(page.figurePage()->figure().series.isEmpty());
    }

    void keptFiguresSayWhenNewerResultsExist()
    {
        FiguresPage page(*m_session);
        const Stage stage(page, QSize(1280, 860));
        QTRY_COMPARE(kindShown(page), u"scaling"_s);
        choose(named<QComboBox>(page, u"Data set"_s), u"agreeableness"_s);
        QTRY_COMPARE(page.figurePage()->figure().title, u"agreeableness by model size"_s);
        FigureSpec words = page.figurePage()->figure();
        words.title = u"My title"_s;
        page.figurePage()->setFigure(words);
        auto *kept = named<QComboBox>(page, u"Kept figures"_s);
        QVERIFY(!kept->isEnabled());
        keepButton(page)->click();
        QTRY_COMPARE(kept->count(), 2);
        QVERIFY(kept->itemText(1).startsWith(u"My title ("_s));
        const QString hash = page.figurePage()->figure().dataHash;
        choose(named<QComboBox>(page, u"Kind of figure"_s), u"heatmap"_s);
        QTRY_COMPARE(kindShown(page), u"heatmap"_s);
        kept->setCurrentIndex(1);
        Q_EMIT kept->activated(1);
        QCOMPARE(page.figurePage()->figure().title, u"My title"_s);
        const auto newer = [&page] {
            for (const Banner *banner : page.figurePage()->findChildren<Banner *>()) {
                if (banner->isVisible() && banner->text().contains(u"ewer results"_s))
                    return true;
            }
            return false;
        };
        QSignalSpy loaded(&page, &FiguresPage::loaded);
        QVERIFY(loaded.wait());
        QVERIFY(!newer());
        observe(u"second"_s, 9);
        Q_EMIT m_session->topicChanged(Topic::Runs);
        QTRY_VERIFY(newer());
        QCOMPARE(page.figurePage()->figure().dataHash, hash); // It stays until the person wants the new one.
    }

    void theReportIsOnePage()
    {
        FiguresPage page(*m_session);
        QTRY_COMPARE(kindShown(page), u"scaling"_s);
        QSignalSpy written(&page, &FiguresPage::reportWritten);
        const QString path = m_folder.filePath(u"r.html"_s);
        page.writeReport(path);
        QTRY_COMPARE(written.size(), 1);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray html = file.readAll();
        QCOMPARE(html.count("data:image/svg+xml;base64,"), 4); // With the figure that was kept.
        QVERIFY(html.contains("My title"));
        QVERIFY(!html.contains("could not be drawn"));
        page.writeReport(m_folder.filePath(u"no/such/folder/r.html"_s));
        const auto *banner = page.findChild<Banner *>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(banner);
        QTRY_VERIFY2(banner->text().contains(u"folder"_s), qPrintable(banner->text()));
        QCOMPARE(written.size(), 1);
    }

    void looks()
    {
        FiguresPage page(*m_session);
        QTRY_COMPARE(kindShown(page), u"scaling"_s);
        lookAt(page, u"figurespage"_s, QSize(1280, 860), m_theme);
        choose(named<QComboBox>(page, u"Kind of figure"_s), u"differences"_s);
        QTRY_COMPARE(kindShown(page), u"differences"_s);
        lookAt(page, u"figurespage-differences"_s, QSize(1280, 860), m_theme);
    }

    void everyControlHasAName()
    {
        FiguresPage page(*m_session);
        for (const QComboBox *box : page.findChildren<QComboBox *>())
            QVERIFY(!box->accessibleName().isEmpty());
    }
};

QTEST_MAIN(TestFiguresPage)
#include "tst_figurespage.moc"
