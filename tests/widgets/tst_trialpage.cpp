// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../lm/rawserver.h"
#include "../support/fakeaccess.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/newdatasetdialog.h"
#include "widgets/wizard/trialpage.h"

#include <QSignalSpy>
#include <QListWidget>
#include <QPushButton>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray piece(const QByteArray &text)
{
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}\n\n";
}

} // namespace

class TestTrialPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

private Q_SLOTS:
    void statementsAppearAsTheyAreWrittenAndStopWithThePage()
    {
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        std::atomic<bool> goOn = false;
        std::atomic<int> under = 0;
        RawServer server([&](const RawServer::Call &call) {
            ++under;
            call.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" +
                      piece("I <b>never</b>"));
            for (int i = 0; i < 1000 && !goOn; ++i)
                call.pause(10);
            call.send(piece(" mind"));
            return false;
        });
        FakeAccess access(server.url({}));
        Session session(nullptr, &access);
        session.createProject(m_folder.filePath(u"p.evalwright"_s), u"p"_s);
        QTRY_VERIFY(session.project());
        Model model;
        model.name = model.modelId = u"m"_s;
        QVERIFY(session.project()->writeNow([model](Connection &c) { return addModel(c, model); }, {Topic::Models}));
        NewDatasetDialog wizard(session, nullptr);
        QTRY_COMPARE(wizard.draft().models.size(), 1);
        for (int step = 1; step <= 4; ++step)
            wizard.goTo(step);
        TrialPage *page = wizard.trialPage();
        auto *writing = page->findChild<QTableWidget *>(u"writing"_s);
        QVERIFY(writing);
        page->run();
        QTRY_VERIFY_WITH_TIMEOUT(writing->rowCount() >= 2, 10'000);
        QTRY_COMPARE(writing->item(0, 1)->text(), u"I <b>never</b>"_s); // Plain, and before the answer is whole.
        QVERIFY(page->isRunning());
        QVERIFY(writing->isVisibleTo(page));
        // One can look at another page meanwhile; closing the wizard stops it, and nothing more is paid for.
        wizard.goTo(3);
        QVERIFY(page->isRunning());
        auto *steps = wizard.findChild<QListWidget *>(u"steps"_s);
        QVERIFY(steps);
        QVERIFY(steps->item(4)->text().startsWith(u"…"_s));
        auto *next = wizard.findChild<QPushButton *>(u"next"_s);
        QVERIFY(next->isEnabled());
        wizard.goTo(5);
        QVERIFY(!next->isEnabled()); // The run itself waits for it.
        static_cast<QDialog &>(wizard).reject();
        QTRY_VERIFY_WITH_TIMEOUT(!page->isRunning(), 5'000);
        const int asked = under;
        QVERIFY(asked < 20);
        const auto jobs = session.project()->readNow([](Connection &c) { return listJobs(c); });
        QVERIFY(jobs);
        QCOMPARE(jobs->constFirst().state, JobState::Cancelled);
        QVERIFY(!wizard.draft().trial);
        goOn = true;
    }
};

QTEST_MAIN(TestTrialPage)
#include "tst_trialpage.moc"
