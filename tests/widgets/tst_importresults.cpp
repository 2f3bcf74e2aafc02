// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/results.h"
#include "exchangesession.h"
#include "findwidgets.h"
#include "widgets/evaluation/importresultsdialog.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/theme/numberstable.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// Other people's results come into the project by the window.
class TestImportResults : public QObject, ExchangeSession
{
    Q_OBJECT

    static QByteArray answers(const QByteArray &model, int count)
    {
        QByteArray text = "dataset,item,model,matching\n";
        for (int i = 0; i < count; ++i)
            text += "elsewhere,item " + QByteArray::number(i) + "," + model + "," + (i % 3 ? "1" : "0") + "\n";
        return text;
    }
    QList<ResultRow> rows()
    {
        const auto found = m_session->project()->readNow([](Connection &c) { return results(c, {}); });
        if (!found)
            qFatal("%s", qPrintable(found.error().text()));
        return *found;
    }

private Q_SLOTS:
    void initTestCase() { prepare(u"tst_importresults"_s); }
    void init() { openNewProject(); }
    void cleanup() { m_session.reset(); }

    void answersBecomeResults()
    {
        const QString path = write(u"a.csv"_s, answers("theirs", 30));
        ImportResultsDialog dialog(*m_session, {path}, nullptr);
        QVERIFY(!button(dialog, u"Show results"_s)->isVisibleTo(&dialog));
        button(dialog, u"Import"_s)->click();
        QVERIFY(dialog.isRunning());
        QVERIFY(!button(dialog, u"Import"_s)->isEnabled());
        QTRY_VERIFY(!dialog.isRunning());
        QVERIFY2(allText(dialog).contains(u"a.csv: 30 of 30 answers to 1 data sets by 1 models, 0 bad"_s) &&
                     allText(dialog).contains(u"New models, of which only results are known: theirs"_s),
                 qPrintable(allText(dialog)));
        QCOMPARE(rows().size(), 1);
        QCOMPARE(rows()[0].matching, 20);
        QSignalSpy wanted(&dialog, &ImportResultsDialog::resultsRequested);
        button(dialog, u"Show results"_s)->click();
        QCOMPARE(wanted.size(), 1);
        dialog.start(); // The same bytes again.
        QTRY_VERIFY(!dialog.isRunning());
        QVERIFY2(allText(dialog).contains(u"all 30 answers are known from an earlier import"_s),
                 qPrintable(allText(dialog)));
    }

    void badRowsAreReportedOneByOne()
    {
        QByteArray text = answers("theirs", 3);
        text += "elsewhere,item 9,,1\nelsewhere,item 10,<b>theirs</b>,1,7\n";
        const QString path = write(u"bad.csv"_s, text), good = write(u"good.csv"_s, answers("others", 4)),
                      none = write(u"none.txt"_s, "nothing of the kind\n");
        ImportResultsDialog dialog(*m_session, {path}, nullptr);
        dialog.start();
        QTRY_VERIFY(!dialog.isRunning());
        auto *table = dialog.findChild<NumbersTable *>();
        QVERIFY(table->isVisibleTo(&dialog));
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->index(0, 0).data().toString(), u"bad.csv"_s);
        QCOMPARE(table->model()->index(0, 1).data().toString(), u"5"_s);
        QVERIFY(allText(dialog).contains(u"Nothing was stored"_s));
        QVERIFY(!button(dialog, u"Show results"_s)->isVisibleTo(&dialog));
        QVERIFY(rows().isEmpty());
        const ActiveJob job = m_session->jobs().jobs().constLast();
        QCOMPARE(job.state, ActiveJob::State::Failed);
        QVERIFY(job.error && job.error->detail.contains(u"line 5"_s)); // The activity bar's details have them, too.
        lookAt(dialog, u"import-results"_s, QSize(820, 520), m_theme);
        dialog.findChild<QCheckBox *>()->setChecked(true);
        dialog.start();
        QTRY_VERIFY(!dialog.isRunning());
        QVERIFY2(allText(dialog).contains(u"bad.csv: 3 of 5 answers"_s), qPrintable(allText(dialog)));
        QCOMPARE(rows().size(), 1);
        // One file that cannot be read does not stop the others.
        ImportResultsDialog several(*m_session, {none, good}, nullptr);
        several.start();
        QTRY_VERIFY(!several.isRunning());
        QVERIFY2(allText(several).contains(u"“none.txt” is in no format of results"_s) &&
                     allText(several).contains(u"good.csv: 4 of 4 answers"_s),
                 qPrintable(allText(several)));
        QCOMPARE(rows().size(), 2);
    }

    void logsOfTheHarnessNeedAModel()
    {
        const QString path = write(
            u"samples_calm_2026-11-24T01-57-03.294225.jsonl"_s,
            R"({"doc_id":0,"doc":{"q":"x"},"target":"0","arguments":{"gen_args_0":{"arg_0":"Q","arg_1":" Yes"},"gen_args_1":{"arg_0":"Q","arg_1":" No"}},"resps":[[["-1.0","False"]],[["-2.0","False"]]],"filtered_resps":[["-1.0","False"],["-2.0","False"]],"filter":"none","metrics":["acc"],"doc_hash":"a","prompt_hash":"b","target_hash":"c","acc":1.0})"
            "\n");
        ImportResultsDialog dialog(*m_session, {path}, nullptr);
        dialog.start();
        QTRY_VERIFY(!dialog.isRunning());
        QVERIFY2(allText(dialog).contains(u"model"_s, Qt::CaseInsensitive) && rows().isEmpty(),
                 qPrintable(allText(dialog)));
        QLineEdit *model = nullptr;
        for (QLineEdit *field : dialog.findChildren<QLineEdit *>()) {
            if (field->placeholderText().startsWith(u"who answered"_s))
                model = field;
        }
        QVERIFY(model);
        model->setText(u"named here"_s);
        dialog.start();
        QTRY_VERIFY(!dialog.isRunning());
        QCOMPARE(rows().size(), 1);
        QCOMPARE(rows()[0].model, u"named here"_s);
        QCOMPARE(rows()[0].dataset, u"calm"_s);
    }

    void anImportIsCancelledAndLeavesNothing()
    {
        const QString path = write(u"long.csv"_s, answers("theirs", 200'000));
        ImportResultsDialog dialog(*m_session, {path}, nullptr);
        dialog.start();
        QVERIFY(dialog.isRunning());
        button(dialog, u"Cancel"_s)->click();
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.isRunning(), 20'000);
        QVERIFY(rows().isEmpty());
        QVERIFY(button(dialog, u"Close"_s));
        QVERIFY(button(dialog, u"Import"_s)->isEnabled());
        {
            ImportResultsDialog gone(*m_session, {path}, nullptr);
            gone.start();
        } // Closed while it works: the activity bar has it.
        QVERIFY(m_session->jobs().isBusy());
        m_session->jobs().stopAll();
        QTRY_VERIFY_WITH_TIMEOUT(!m_session->jobs().isBusy(), 20'000);
    }

    void theMenuOffersIt()
    {
        MainWindow window(*m_session, m_theme);
        QAction *action = window.actions().action(u"import.results"_s);
        QVERIFY(action && action->isEnabled());
        Session none(nullptr, &m_access);
        MainWindow empty(none, m_theme);
        QVERIFY(!empty.actions().action(u"import.results"_s)->isEnabled());
    }
};

QTEST_MAIN(TestImportResults)
#include "tst_importresults.moc"
