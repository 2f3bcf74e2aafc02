// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog of the stored answers: what there is, what would go, and that it goes.
#include "screenshots.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"
#include "widgets/answers/storedanswersdialog.h"
#include "widgets/session/session.h"
#include "widgets/theme/numberstable.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestStoredAnswers : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Session> m_session;
    Theme m_theme;

    /// Ten answers of two models, three of them of a paused job.
    static Status fill(Connection &c)
    {
        for (const auto &[name, answers] : {std::pair(u"small <b>model</b>"_s, 7), std::pair(u"large"_s, 3)}) {
            Model model;
            model.name = name;
            model.baseUrl = u"http://localhost:1"_s;
            model.modelId = u"m"_s;
            EVALWRIGHT_ASSIGN(model, addModel(c, model));
            Job job;
            job.kind = u"generate"_s;
            job.title = u"job"_s;
            job.parameters = u"{}"_s;
            job.parametersHash = name;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            for (int i = 0; i < answers; ++i) {
                Response response;
                response.requestKey = QString::number(model.id.value * 100 + i, 16).rightJustified(64, u'0');
                response.promptJson = u"{\"prompt\":\"%1\"}"_s.arg(i);
                response.modelId = model.id;
                response.path = u"completions"_s;
                response.status = 200;
                response.body = QByteArray(1000, 'x');
                response.complete = true;
                response.attempts = 1;
                response.seconds = 0.5;
                response.receivedAt = u"2026-01-0%1T00:00:00.000Z"_s.arg(i + 1);
                EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(c, response));
                JobStep step;
                step.stage = u"write"_s;
                step.ordinal = i;
                step.modelId = model.id;
                step.requestKey = response.requestKey;
                step.state = u"done"_s;
                step.responseId = id;
                EVALWRIGHT_TRY(planSteps(c, job.id, {step}));
            }
            EVALWRIGHT_TRY(setJobState(c, job.id, answers == 3 ? JobState::Paused : JobState::Cancelled));
        }
        return {};
    }
    static QString allText(const QWidget &dialog)
    {
        QString text;
        for (const QLabel *label : dialog.findChildren<QLabel *>()) {
            if (!label->isHidden())
                text += label->text() + u'\n';
        }
        return text;
    }
    static QPushButton *removeButton(const QWidget &dialog)
    {
        for (auto *button : dialog.findChildren<QPushButton *>()) {
            if (button->text().startsWith(u"Remove"_s))
                return button;
        }
        qFatal("no such button");
    }
    static QCheckBox *box(const QWidget &dialog, const QString &text)
    {
        for (auto *each : dialog.findChildren<QCheckBox *>()) {
            if (each->text() == text)
                return each;
        }
        qFatal("no such box");
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_storedanswers"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        m_session = std::make_unique<Session>();
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->createProject(m_folder.filePath(u"s.evalwright"_s), u"Stored"_s);
        QVERIFY(opened.wait());
        const Status filled = m_session->project()->writeNow([](Connection &c) { return fill(c); });
        QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text()));
    }
    void cleanupTestCase() { m_session.reset(); }

    void looksRight()
    {
        auto *dialog = new StoredAnswersDialog(*m_session, nullptr);
        QSignalSpy shown(dialog, &StoredAnswersDialog::shown);
        QVERIFY(shown.wait());
        box(*dialog, u"Older than"_s)->setChecked(true);
        QVERIFY(shown.wait());
        test::lookAt(*dialog, u"stored-answers"_s, {760, 600}, m_theme);
        delete dialog;
    }

    void whatWouldGoIsToldAndGoes()
    {
        StoredAnswersDialog dialog(*m_session, nullptr);
        QSignalSpy shown(&dialog, &StoredAnswersDialog::shown);
        QVERIFY(shown.wait());
        QCOMPARE(dialog.findChild<NumbersTable *>()->model()->rowCount(), 2);
        QVERIFY2(allText(dialog).contains(u"jobs that can go on need them"_s), qPrintable(allText(dialog)));
        QVERIFY2(allText(dialog).contains(u"7 answer"_s) && allText(dialog).contains(u"may go"_s),
                 qPrintable(allText(dialog)));
        QVERIFY(!removeButton(dialog)->isEnabled()); // Nothing is chosen.

        box(dialog, u"The oldest, down to"_s)->setChecked(true);
        dialog.findChildren<QSpinBox *>().at(1)->setValue(0);
        QVERIFY(shown.wait());
        QCOMPARE(dialog.filter().keepBytes, std::optional<qint64>(0));
        QTRY_VERIFY(removeButton(dialog)->isEnabled());
        QVERIFY(allText(dialog).contains(u"would go"_s));
        QSignalSpy finished(&m_session->jobs(), &JobQueue::finished);
        removeButton(dialog)->click();
        QVERIFY(finished.wait());
        const ActiveJob job = m_session->jobs().jobs().constLast();
        QVERIFY2(job.state == ActiveJob::State::Done, job.error ? qPrintable(job.error->text()) : "");
        QVERIFY2(job.outcome.summary.contains(u"7"_s), qPrintable(job.outcome.summary));
        const auto left =
            m_session->project()->readNow([](Connection &c) { return c.value(u"SELECT count(*) FROM response"_s); });
        QVERIFY(left && left->toInt() == 3);
    }
};

QTEST_MAIN(TestStoredAnswers)
#include "tst_storedanswers.moc"
