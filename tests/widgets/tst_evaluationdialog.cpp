// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../evaluation/observed.h"
#include "../support/fakeaccess.h"
#include "evaluation/questionmaker.h"
#include "screenshots.h"
#include "widgets/estimate/estimatecard.h"
#include "widgets/evaluation/conditionsbox.h"
#include "widgets/evaluation/conditionwords.h"
#include "widgets/evaluation/evaluationdialog.h"
#include "widgets/session/session.h"

#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// What the dialog of a new evaluation asks for, and what its plan says about it.
class TestEvaluationDialog : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    FakeAccess m_access{u"http://127.0.0.1:1"_s};
    std::unique_ptr<Observed> m_store; ///< Owns the project's folder.
    std::unique_ptr<Session> m_session;

    static QPushButton *button(const QWidget &page, const QString &text)
    {
        for (QPushButton *each : page.findChildren<QPushButton *>()) {
            if (each->text() == text)
                return each;
        }
        return nullptr;
    }
    static QToolButton *allSettings(const EvaluationDialog &dialog)
    {
        for (QToolButton *each : dialog.findChildren<QToolButton *>()) {
            if (each->text() == u"Show all settings"_s)
                return each;
        }
        return nullptr;
    }
    static QString plan(const EvaluationDialog &dialog) { return dialog.findChild<EstimateCard *>()->text(); }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_evaluationdialog"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
        m_store = std::make_unique<Observed>();
        QList<ItemPlan> items;
        for (int i = 0; i < 6; ++i)
            items << ItemPlan{u"Is the following statement something you would say?\n\"statement %1\""_s.arg(i),
                              i % 2 == 0, {}, {}};
        m_store->dataset(u"calm"_s, items);
        must(m_store->project->writeNow([](Connection &c) {
            Model model;
            model.name = model.modelId = u"m"_s;
            model.baseUrl = u"http://127.0.0.1:1"_s;
            return addModel(c, model);
        }));
        const QString path = m_store->project->path();
        m_store->project.reset();
        m_session = std::make_unique<Session>(nullptr, &m_access);
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->openProject(path);
        QVERIFY(opened.wait());
        QVERIFY(m_session->project());
    }
    void cleanupTestCase() { m_session.reset(); }
    void init() { QSettings().clear(); }

    void simpleFirst()
    {
        EvaluationDialog dialog(*m_session, {}, {}, nullptr);
        QVERIFY(!dialog.conditions()->isVisibleTo(&dialog));
        QTRY_VERIFY2(plan(dialog).contains(u"chat: 6 items, asked of 1 models"_s), qPrintable(plan(dialog)));
        const EvaluateSpec spec = dialog.spec();
        QCOMPARE(spec.frames, QStringList{u"auto"_s});
        QCOMPARE(spec.controls, QStringList{u"none"_s});
        QCOMPARE(spec.orders, u"one"_s);
        QVERIFY(spec.systems.isEmpty());
        allSettings(dialog)->click();
        QVERIFY(dialog.conditions()->isVisibleTo(&dialog));
        EvaluationDialog again(*m_session, {}, {}, nullptr);
        QVERIFY(again.conditions()->isVisibleTo(&again)); // Remembered.
    }

    void everySettingIsInTheSpecAndInThePlan()
    {
        EvaluationDialog dialog(*m_session, {}, {}, nullptr);
        allSettings(dialog)->click();
        ConditionsBox *box = dialog.conditions();
        box->setFrameTicked(u"chat"_s, true);
        box->setFrameTicked(u"ha"_s, true);
        box->setControlTicked(u"paraphrase-1"_s, true);
        box->setControlTicked(u"paraphrase-3"_s, true);
        box->setAllOrders(true);
        box->addSystem(u"careful"_s, u"You are <b>careful</b>.\nSay little."_s);
        const EvaluateSpec spec = dialog.spec();
        QCOMPARE(spec.frames, (QStringList{u"auto"_s, u"chat"_s, u"ha"_s, u"chat+careful"_s}));
        QCOMPARE(spec.controls, (QStringList{u"none"_s, u"paraphrase-1"_s, u"paraphrase-3"_s}));
        QCOMPARE(spec.orders, u"all"_s);
        QCOMPARE(spec.repeats, 1);
        box->setRepeats(3);
        QCOMPARE(dialog.spec().repeats, 3);
        box->setRepeats(1);
        QCOMPARE(spec.systems.value(u"careful"_s), u"You are <b>careful</b>.\nSay little."_s);
        box->setFrameTicked(u"ha"_s, false);
        box->setAllOrders(false);
        QTRY_VERIFY2(plan(dialog).contains(u"chat+careful · paraphrase-3: 6 items, asked of 1 models"_s),
                     qPrintable(plan(dialog)));
        QVERIFY(plan(dialog).contains(u"System text of chat+careful: You are <b>careful</b>. ⏎ Say little."_s));
        QVERIFY(plan(dialog).contains(u"chat · paraphrase-1: 6 items"_s));
        QVERIFY2(plan(dialog).contains(u"fewer than 3 sizes of one family"_s), qPrintable(plan(dialog))); // No size is known.
        lookAt(dialog, u"evaluation-all"_s, QSize(860, 1160), m_theme);
        QTRY_VERIFY(button(dialog, u"Run"_s)->isEnabled());
        QSignalSpy wanted(&dialog, &EvaluationDialog::evaluateRequested);
        button(dialog, u"Run"_s)->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].value<EvaluateSpec>().controls, spec.controls);
    }

    void everyControlCanBeTicked()
    {
        ConditionsBox box;
        for (const QString &control : preparation::controlNames()) {
            box.setControlTicked(control, true);
            QVERIFY2(controlText(control) != control, qPrintable(control)); // Each has words.
        }
        EvaluateSpec spec;
        box.applyTo(spec);
        QCOMPARE(spec.controls, preparation::controlNames());
    }

    void whatIsFilledInHalfwayIsSaid()
    {
        EvaluationDialog dialog(*m_session, {}, {}, nullptr);
        allSettings(dialog)->click();
        ConditionsBox *box = dialog.conditions();
        QTRY_VERIFY(button(dialog, u"Run"_s)->isEnabled());
        button(*box, u"Add a system text"_s)->click();
        QTRY_VERIFY(plan(dialog).contains(u"A system text has no name"_s));
        QVERIFY(!button(dialog, u"Run"_s)->isEnabled());
        QLineEdit *name = nullptr; // A spin box has a line of its own.
        for (QLineEdit *line : box->findChildren<QLineEdit *>()) {
            if (line->accessibleName() == u"Name of the system text"_s)
                name = line;
        }
        QVERIFY(name);
        name->setText(u"brief"_s);
        box->findChild<QPlainTextEdit *>()->setPlainText(u"Be brief."_s);
        box->addSystem(u"brief"_s, u"Be briefer."_s);
        QTRY_VERIFY(plan(dialog).contains(u"Two system texts are called “brief”"_s));
        button(*box, u"Remove"_s)->click();
        QTRY_VERIFY2(plan(dialog).contains(u"System text of chat+brief: Be briefer."_s), qPrintable(plan(dialog)));
        box->setControlTicked(u"none"_s, false);
        QTRY_VERIFY(plan(dialog).contains(u"Tick at least one control"_s));
        box->setControlTicked(u"no-biography"_s, true); // No item has one.
        QTRY_VERIFY2(plan(dialog).contains(u"no-biography"_s), qPrintable(plan(dialog)));
        QVERIFY(!button(dialog, u"Run"_s)->isEnabled());
    }

    void onlyTheFramesBelow()
    {
        EvaluationDialog dialog(*m_session, {}, {}, nullptr);
        allSettings(dialog)->click();
        QComboBox *frame = nullptr;
        for (QComboBox *box : dialog.findChildren<QComboBox *>()) {
            if (box->findData(u"auto"_s) >= 0 && box->findData(u"ha"_s) >= 0)
                frame = box;
        }
        QVERIFY(frame);
        frame->setCurrentIndex(frame->findData(QString()));
        QTRY_VERIFY(plan(dialog).contains(u"Choose a frame, tick one"_s));
        dialog.conditions()->addSystem(u"alone"_s, u"Answer alone."_s);
        QCOMPARE(dialog.spec().frames, QStringList{u"chat+alone"_s});
        QTRY_VERIFY2(plan(dialog).contains(u"chat+alone: 6 items"_s), qPrintable(plan(dialog)));
    }
};

QTEST_MAIN(TestEvaluationDialog)
#include "tst_evaluationdialog.moc"
