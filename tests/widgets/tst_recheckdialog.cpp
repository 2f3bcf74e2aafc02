// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/recheckdialog.h"

#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "screenshots.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "widgets/session/session.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// Another checker asked from the window.
class TestRecheckDialog : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    TestServer m_server{fakeModel};
    FakeAccess m_access{m_server.baseUrl()};
    std::unique_ptr<Session> m_session;
    int m_projects = 0;

    QString trustOf(const RecheckDialog &dialog) const
    {
        return dialog.findChild<QLabel *>(u"recheck-trust"_s)->text();
    }
    qint64 count(const QString &sql) const
    {
        return m_session->project()->readNow([sql](Connection &c) { return c.value(sql); })->toLongLong();
    }

private Q_SLOTS:
    void initTestCase() { m_theme.apply(*qApp, Theme::Mode::Light); }
    void init()
    {
        m_session = std::make_unique<Session>(nullptr, &m_access);
        m_session->createProject(m_folder.filePath(u"%1.evalwright"_s.arg(++m_projects)), u"p"_s);
        QTRY_VERIFY(m_session->project());
        QVERIFY(m_session->project()->writeNow([&](Connection &c) -> Status {
            for (const QString &name : {u"first"_s, u"second"_s}) {
                Model model;
                model.name = model.modelId = name;
                model.baseUrl = m_server.baseUrl();
                EVALWRIGHT_TRY(addModel(c, model));
            }
            return {};
        }));
        GenerateSpec spec;
        spec.recipe = *loadPreset(u"persona-yes-no"_s);
        spec.recipe.writing().count = 20;
        spec.recipe.select.keepPerLabel = 4;
        spec.dataset = u"set"_s;
        spec.writer = spec.checker = u"first"_s;
        const auto made = generate(m_session->services(), spec, {}, {});
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
    }
    void cleanup() { m_session.reset(); }

    void whatIsKnownIsShownBeforeAnythingIsAsked()
    {
        RecheckDialog dialog(*m_session, u"set"_s);
        QSignalSpy shown(&dialog, &RecheckDialog::shown);
        const Stage stage(dialog, {560, 420});
        QTRY_COMPARE(shown.size(), 1);
        const int sent = m_server.requests();
        auto *models = dialog.findChild<QComboBox *>(u"recheck-model"_s);
        auto *start = dialog.findChild<QPushButton *>(u"recheck-start"_s);
        QCOMPARE(models->count(), 2);
        models->setCurrentText(u"second"_s);
        QVERIFY(!start->isEnabled()); // Until it is known again.
        QTRY_COMPARE(shown.size(), 2);
        QVERIFY2(trustOf(dialog).contains(u"never tried"_s), qPrintable(trustOf(dialog)));
        QVERIFY(start->isEnabled());
        QVERIFY(!dialog.findChild<QLineEdit *>(u"recheck-reason"_s)->isVisible());
        QCOMPARE(m_server.requests(), sent);
        const qint64 scores = count(u"SELECT count(*) FROM score"_s);
        QSignalSpy finished(&m_session->jobs(), &JobQueue::finished);
        start->click();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(count(u"SELECT count(*) FROM score"_s), 2 * scores);
        QCOMPARE(count(u"SELECT count(*) FROM job WHERE kind = 'recheck' AND state = 'done'"_s), 1);
    }

    void aRefusedCheckerNeedsAReason()
    {
        RecheckDialog dialog(*m_session, u"set"_s);
        QSignalSpy shown(&dialog, &RecheckDialog::shown);
        const Stage stage(dialog, {560, 420});
        QTRY_COMPARE(shown.size(), 1);
        auto *forms = dialog.findChild<QComboBox *>(u"recheck-form"_s);
        QVERIFY(forms->count() > 5);
        // A trial of this form says no.
        forms->setCurrentIndex(1);
        QTRY_COMPARE(shown.size(), 2);
        QVERIFY(dialog.spec().behaviour.contrast.isEmpty()); // The data set's own are not overwritten by halves.
        const RecheckSpec spec = dialog.spec();
        QVERIFY(m_session->project()->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Model model, modelByName(c, spec.checker));
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"set"_s));
            Job job;
            job.kind = job.title = job.parametersHash = u"validate"_s;
            job.parameters = u"{}"_s;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            CheckerValidation row;
            row.jobId = job.id;
            row.datasetId = dataset.id;
            row.modelId = model.id;
            row.prompt = spec.form->name;
            EVALWRIGHT_ASSIGN(const PromptKind frame, frameFor(*spec.form, model, spec.frame));
            row.frame = promptKindName(frame);
            row.checkJson = u"{}"_s;
            row.checkHash = checkerHash(*spec.form, frame);
            row.items = 100;
            row.result = u"{\"verdict\":\"undecided\"}"_s;
            EVALWRIGHT_TRY(addValidation(c, row));
            return {};
        }));
        forms->setCurrentIndex(0);
        forms->setCurrentIndex(1);
        QTRY_COMPARE(shown.size(), 3);
        auto *start = dialog.findChild<QPushButton *>(u"recheck-start"_s);
        auto *reason = dialog.findChild<QLineEdit *>(u"recheck-reason"_s);
        QVERIFY2(trustOf(dialog).contains(u"not better than chance"_s), qPrintable(trustOf(dialog)));
        QVERIFY(reason->isVisible());
        QVERIFY(!start->isEnabled());
        dialog.start();
        QCOMPARE(count(u"SELECT count(*) FROM job WHERE kind = 'recheck'"_s), 0);
        reason->setText(u"to see how bad it is"_s);
        QVERIFY(start->isEnabled());
        QSignalSpy finished(&m_session->jobs(), &JobQueue::finished);
        start->click();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(count(u"SELECT count(*) FROM dataset_note WHERE kind = 'overridden-checker'"_s), 1);
    }

    void formsThatCompareNeedTheOthers()
    {
        RecheckDialog dialog(*m_session, u"set"_s);
        QSignalSpy shown(&dialog, &RecheckDialog::shown);
        const Stage stage(dialog, {560, 420});
        QTRY_COMPARE(shown.size(), 1);
        auto *forms = dialog.findChild<QComboBox *>(u"recheck-form"_s);
        const int both = forms->findText(loadCheckerForm(u"persona-agree-both"_s)->title);
        QVERIFY(both > 0);
        forms->setCurrentIndex(both);
        dialog.findChild<QLineEdit *>(u"recheck-description"_s)->setText(u"likes numbers"_s);
        QTRY_COMPARE(shown.size(), 2); // Once for both changes.
        auto *start = dialog.findChild<QPushButton *>(u"recheck-start"_s);
        QVERIFY(!start->isEnabled());
        dialog.findChild<QLineEdit *>(u"recheck-contrast"_s)->setText(u"people who do not"_s);
        QTRY_COMPARE(shown.size(), 3);
        QVERIFY(start->isEnabled());
        QCOMPARE(dialog.spec().behaviour.contrast, u"people who do not"_s);
    }

    void looks()
    {
        RecheckDialog dialog(*m_session, u"set"_s);
        QSignalSpy shown(&dialog, &RecheckDialog::shown);
        {
            const Stage stage(dialog, {560, 420});
            QTRY_COMPARE(shown.size(), 1);
        }
        lookAt(dialog, u"recheck"_s, {560, 420}, m_theme);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
};

QTEST_MAIN(TestRecheckDialog)
#include "tst_recheckdialog.moc"
