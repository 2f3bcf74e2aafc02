// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "findwidgets.h"
#include "screenshots.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "widgets/exchange/importdialog.h"
#include "widgets/exchange/importreport.h"
#include "widgets/exchange/problemtable.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// Items come into the project by the window.
class TestImportDialog : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    FakeAccess m_access{u"http://127.0.0.1:1"_s};
    std::unique_ptr<Session> m_session;

    QString write(const QString &name, const QByteArray &text)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("A test file cannot be written.");
        return file.fileName();
    }
    static QByteArray persona(const QByteArray &statement)
    {
        return "{\"question\": \"Is the following statement something you would say?\\n\\\"" + statement + "\\\"\", \"statement\": \"" + statement +
               "\", \"label_confidence\": 0.97, \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n";
    }
    static QByteArray personas(int count)
    {
        QByteArray text;
        for (int i = 0; i < count; ++i)
            text += persona("I keep the peace in case " + QByteArray::number(i));
        return text;
    }
    static QString allText(const QWidget &page)
    {
        QString text;
        for (const QLabel *label : page.findChildren<QLabel *>())
            text += label->isVisibleTo(&page) ? label->text() + u'\n' : QString();
        return text;
    }
    qint64 kept(const QString &dataset)
    {
        const auto sets = m_session->project()->readNow([](Connection &c) { return listDatasets(c); });
        if (!sets)
            qFatal("%s", qPrintable(sets.error().text()));
        for (const DatasetSummary &summary : *sets) {
            if (summary.dataset.name == dataset)
                return summary.items;
        }
        return -1;
    }
    static void settle(const ImportDialog &dialog) { QTRY_VERIFY_WITH_TIMEOUT(dialog.isSettled(), 10'000); }
    static void finish(const ImportDialog &dialog) { QTRY_VERIFY_WITH_TIMEOUT(!dialog.isRunning(), 60'000); }

private Q_SLOTS:
    void initTestCase()
    {
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_importdialog"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
    }
    void init()
    {
        m_session = std::make_unique<Session>(nullptr, &m_access);
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->createProject(m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction()) + u".evalwright"_s), u"p"_s);
        QVERIFY(opened.wait());
        QVERIFY(m_session->project());
    }
    void cleanup() { m_session.reset(); }

    void aFileIsShownTriedOutImportedAndUndone()
    {
        const QString path = write(u"calm.jsonl"_s, personas(60));
        ImportDialog dialog(*m_session, nullptr);
        QVERIFY(!button(dialog, u"Import"_s)->isEnabled());
        dialog.addPaths({path});
        settle(dialog);
        QVERIFY2(allText(dialog).contains(u"Recognised: Model-written evaluations"_s) && allText(dialog).contains(u"Family persona"_s) &&
                     allText(dialog).contains(u"A new data set."_s),
                 qPrintable(allText(dialog)));
        auto *table = named<QTableView>(dialog, u"The first rows as they would be imported"_s);
        QCOMPARE(table->model()->rowCount(), 50);
        lookAt(dialog, u"import-preview"_s, QSize(1040, 740), m_theme);

        button(dialog, u"Check all rows"_s)->click();
        QVERIFY(dialog.isRunning());
        QVERIFY(!button(dialog, u"Import"_s)->isEnabled());
        finish(dialog);
        QVERIFY2(dialog.report()->text().contains(u"calm.jsonl: of 60 rows 60 would be imported into “calm”; 0 known, 0 bad."_s),
                 qPrintable(dialog.report()->text()));
        QCOMPARE(kept(u"calm"_s), -1);
        QVERIFY(!button(*dialog.report(), u"Undo import"_s)->isVisibleTo(&dialog));

        button(dialog, u"Import"_s)->click();
        finish(dialog);
        QVERIFY2(dialog.report()->text().contains(u"60 of 60 rows imported into “calm”"_s) && dialog.report()->text().contains(u"Lint: "_s),
                 qPrintable(dialog.report()->text()));
        QCOMPARE(kept(u"calm"_s), 60);
        QSignalSpy wanted(&dialog, &ImportDialog::datasetRequested);
        button(*dialog.report(), u"Open the data set"_s)->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toString(), u"calm"_s);

        // Undone, every row is still there; taken back, it counts again.
        QSignalSpy undone(dialog.report(), &ImportReportView::undone);
        button(*dialog.report(), u"Undo import"_s)->click();
        QTRY_COMPARE(undone.size(), 1);
        QCOMPARE(kept(u"calm"_s), 0);
        QVERIFY(allText(dialog).contains(u"60 items are rejected"_s));
        lookAt(dialog, u"import-undone"_s, QSize(1040, 740), m_theme);
        button(*dialog.report(), u"Take back the undoing"_s)->click();
        QTRY_COMPARE(undone.size(), 2);
        QCOMPARE(kept(u"calm"_s), 60);
    }

    void badRowsAreListedSortedAndSaved()
    {
        const QByteArray text = persona("one") + "{\"question\": \"cut\n" + persona("two") +
                                "{\"question\": \"=HYPERLINK(1)\", \"answer_matching_behavior\": \" Yes\"}\n" + persona("three");
        ImportDialog dialog(*m_session, nullptr);
        dialog.addPaths({write(u"bad.jsonl"_s, text)});
        settle(dialog);
        QVERIFY2(allText(dialog).contains(u"Of the first 5 rows 2 are bad."_s), qPrintable(allText(dialog)));
        dialog.start(false);
        finish(dialog);
        QVERIFY2(dialog.report()->text().contains(u"nothing is imported, because 2 of 5 rows are bad"_s), qPrintable(dialog.report()->text()));
        QCOMPARE(kept(u"bad"_s), -1);
        auto *rows = dialog.findChild<ProblemTable *>();
        QVERIFY(rows->isVisibleTo(&dialog));
        QCOMPARE(rows->model()->rowCount(), 2);
        QCOMPARE(rows->model()->index(0, ProblemModel::Line).data().toString(), u"2"_s);
        rows->sortByColumn(ProblemModel::Line, Qt::DescendingOrder);
        QCOMPARE(rows->model()->index(0, ProblemModel::Line).data().toString(), u"4"_s);
        QVERIFY(rows->text().startsWith(u"File\tLine\t"_s));
        // A spreadsheet must not take what a file holds for a formula.
        for (const QByteArray &line : rows->csv().split('\n')) {
            for (const QByteArray &cell : line.split(','))
                QVERIFY2(!cell.startsWith('=') && !cell.startsWith("\"="), line.constData());
        }
        const QString saved = m_folder.filePath(u"rows.csv"_s);
        dialog.report()->saveRows(saved);
        QTRY_VERIFY(allText(dialog).contains(u"The bad rows are in"_s));
        QFile file(saved);
        QVERIFY(file.open(QIODevice::ReadOnly) && file.readAll().contains("json-syntax"));
        lookAt(dialog, u"import-bad"_s, QSize(1040, 740), m_theme);

        for (QCheckBox *box : dialog.findChildren<QCheckBox *>()) {
            if (box->text() == u"Skip bad rows"_s)
                box->setChecked(true);
        }
        dialog.start(false);
        finish(dialog);
        QVERIFY2(dialog.report()->text().contains(u"3 of 5 rows imported"_s), qPrintable(dialog.report()->text()));
        QCOMPARE(kept(u"bad"_s), 3);
        // The same again adds nothing.
        dialog.start(false);
        finish(dialog);
        QVERIFY2(dialog.report()->text().contains(u"0 of 5 rows imported into “bad”; 3 known before"_s), qPrintable(dialog.report()->text()));
    }

    void columnsAreMappedAndThePreviewFollows()
    {
        ImportDialog dialog(*m_session, nullptr);
        dialog.addPaths({write(u"poll.txt"_s, "Stem;Good;Bad;Group\nDo you lie?;no;yes;g1\nDo you help?;yes;no;g2\n")});
        settle(dialog);
        QVERIFY2(allText(dialog).contains(u"taken for a table"_s), qPrintable(allText(dialog)));
        QVERIFY(!button(dialog, u"Import"_s)->isEnabled());
        const auto map = [&](const QString &field, const QString &column) {
            auto *box = named<QComboBox>(dialog, field);
            const int index = box->findData(column);
            if (index < 0)
                qFatal("There is no column %s.", qPrintable(column));
            box->setCurrentIndex(index);
        };
        map(u"Question"_s, u"Stem"_s);
        map(u"Matching answer"_s, u"Good"_s);
        map(u"Other answers"_s, u"Bad"_s);
        map(u"Cluster"_s, u"Group"_s);
        settle(dialog);
        auto *table = named<QTableView>(dialog, u"The first rows as they would be imported"_s);
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->index(0, 2).data().toString(), u"Do you lie?"_s);
        QCOMPARE(table->model()->index(0, 3).data().toString(), u"no"_s);
        QCOMPARE(named<QComboBox>(dialog, u"Question"_s)->currentData().toString(), u"Stem"_s); // The choice stays.
        lookAt(dialog, u"import-mapping"_s, QSize(1040, 740), m_theme);
        named<QComboBox>(dialog, u"Data set"_s)->setEditText(u"polled"_s);
        QVERIFY(button(dialog, u"Import"_s)->isEnabled());
        dialog.start(false);
        finish(dialog);
        QCOMPARE(kept(u"polled"_s), 2);
        const auto items = m_session->project()->readNow([](Connection &c) -> Result<QList<Candidate>> {
            EVALWRIGHT_ASSIGN(const Dataset set, datasetByName(c, u"polled"_s));
            return itemsOf(c, set.id);
        });
        QVERIFY(items);
        QCOMPARE(items->first().cluster, u"g1"_s);
    }

    void namesAndTextsWithMarkupAreShownAsTheyAre()
    {
        const QString name = u"<b>bold</b> & <img src=x>.jsonl"_s.replace(u'/', u'_');
        ImportDialog dialog(*m_session, nullptr);
        dialog.addPaths({write(name, persona("<h1>huge</h1>\\u202e turned"))});
        settle(dialog);
        auto *files = named<QListWidget>(dialog, u"Files"_s);
        QCOMPARE(files->item(0)->text(), name);
        QVERIFY(files->item(0)->toolTip().contains(u"&lt;b&gt;"_s));
        auto *table = named<QTableView>(dialog, u"The first rows as they would be imported"_s);
        QVERIFY(table->model()->index(0, 2).data().toString().contains(u"<h1>huge</h1>⟨U+202E⟩"_s));
        QVERIFY(table->model()->index(0, 2).data(Qt::ToolTipRole).toString().contains(u"&lt;h1&gt;"_s));
        dialog.start(false);
        finish(dialog);
        QVERIFY(dialog.report()->text().contains(name));
        for (const QLabel *label : dialog.findChildren<QLabel *>())
            QVERIFY2(label->textFormat() == Qt::PlainText || !label->text().contains(u'<'), qPrintable(label->text()));
        lookAt(dialog, u"import-markup"_s, QSize(1040, 740), m_theme);
    }

    void anImportIsCancelledAndLeavesNothing()
    {
        ImportDialog dialog(*m_session, nullptr);
        dialog.addPaths({write(u"long.jsonl"_s, personas(250'000))});
        settle(dialog);
        // Too many to be checked by the way, and the dialog says so.
        QCheckBox *lint = nullptr;
        for (QCheckBox *box : dialog.findChildren<QCheckBox *>())
            lint = box->text() == u"Lint afterwards"_s ? box : lint;
        QVERIFY(lint && !lint->isChecked());
        QVERIFY2(allText(dialog).contains(u"takes minutes"_s), qPrintable(allText(dialog)));
        dialog.start(false);
        QVERIFY(dialog.isRunning());
        button(dialog, u"Cancel"_s)->click();
        finish(dialog);
        QVERIFY2(dialog.report()->text().contains(u"nothing is stored"_s), qPrintable(dialog.report()->text()));
        QCOMPARE(kept(u"long"_s), -1);
        QVERIFY(button(dialog, u"Close"_s));
        {
            ImportDialog gone(*m_session, nullptr);
            gone.addPaths({m_folder.filePath(u"long.jsonl"_s)});
            settle(gone);
            gone.start(true);
        } // Closed while it works: the activity bar has it.
        QVERIFY(m_session->jobs().isBusy());
        m_session->jobs().stopAll();
        QTRY_VERIFY_WITH_TIMEOUT(!m_session->jobs().isBusy(), 20'000);
    }

    void severalFilesGoTheirWays()
    {
        QVERIFY(QDir(m_folder.path()).mkpath(u"published/data/calm"_s));
        write(u"published/data/calm/test.jsonl"_s, personas(3));
        const QString answers = write(u"answers.csv"_s, "dataset,item,model,matching\nelsewhere,item 1,theirs,1\n");
        ImportDialog dialog(*m_session, nullptr);
        dialog.addPaths({m_folder.filePath(u"published"_s), write(u"more.jsonl"_s, personas(5)), answers, write(u"prose.md"_s, "Words.\nMore.\n")});
        settle(dialog);
        auto *files = named<QListWidget>(dialog, u"Files"_s);
        QCOMPARE(files->count(), 4);
        QVERIFY(files->item(2)->text().contains(u"answers of models"_s));
        QVERIFY(files->item(3)->text().contains(u"cannot be read"_s));
        dialog.choose(1);
        named<QComboBox>(dialog, u"Data set"_s)->setEditText(u"calm"_s);
        // What is no file of items is told, and stops nothing; what the other file brought is known.
        dialog.start(false);
        finish(dialog);
        const QString text = dialog.report()->text();
        QVERIFY2(text.contains(u"test.jsonl: 3 of 3 rows imported into “calm”"_s) &&
                     text.contains(u"more.jsonl: 2 of 5 rows imported into “calm”; 3 known before"_s) &&
                     text.contains(u"prose.md: The format of “prose.md” is not recognised."_s) && !text.contains(u"answers.csv"_s),
                 qPrintable(text));
        QCOMPARE(kept(u"calm"_s), 5);
        QSignalSpy results(&dialog, &ImportDialog::resultsImportRequested);
        button(dialog, u"Import results …"_s)->click();
        QCOMPARE(results.size(), 1);
        QCOMPARE(results[0][0].toStringList(), QStringList{answers});
        QCOMPARE(files->count(), 3);
        lookAt(dialog, u"import-several"_s, QSize(1040, 740), m_theme);
    }

    void theWindowTakesWhatIsDroppedOnIt()
    {
        MainWindow window(*m_session, m_theme);
        QVERIFY(window.acceptDrops());
        QVERIFY(window.actions().action(u"import"_s)->isEnabled());
        QVERIFY(!window.actions().action(u"import.last"_s)->isEnabled());
        QMimeData files;
        files.setUrls({QUrl::fromLocalFile(write(u"dropped.jsonl"_s, personas(1)))});
        QDragEnterEvent taken(QPoint(5, 5), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        taken.ignore();
        QApplication::sendEvent(&window, &taken);
        QVERIFY(taken.isAccepted());
        QMimeData text;
        text.setText(u"words"_s);
        QDragEnterEvent words(QPoint(5, 5), Qt::CopyAction, &text, Qt::LeftButton, Qt::NoModifier);
        words.ignore();
        QApplication::sendEvent(&window, &words);
        QVERIFY(!words.isAccepted());
        Session none(nullptr, &m_access);
        MainWindow empty(none, m_theme);
        QDragEnterEvent refused(QPoint(5, 5), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
        refused.ignore();
        QApplication::sendEvent(&empty, &refused);
        QVERIFY(!refused.isAccepted());
    }
};

QTEST_MAIN(TestImportDialog)
#include "tst_importdialog.moc"
