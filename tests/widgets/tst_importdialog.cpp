// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchangesession.h"
#include "findwidgets.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "widgets/exchange/importdialog.h"
#include "widgets/exchange/importreport.h"
#include "widgets/exchange/importundo.h"
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
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <QUndoStack>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// Items come into the project by the window.
class TestImportDialog : public QObject, ExchangeSession
{
    Q_OBJECT

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
    void initTestCase() { prepare(u"tst_importdialog"_s); }
    void init() { openNewProject(); }
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
        QVERIFY(!button(*dialog.report(), u"Undo import …"_s)->isVisibleTo(&dialog));

        button(dialog, u"Import"_s)->click();
        finish(dialog);
        QVERIFY2(dialog.report()->text().contains(u"60 of 60 rows imported into “calm”"_s) && dialog.report()->text().contains(u"Lint: "_s),
                 qPrintable(dialog.report()->text()));
        QCOMPARE(kept(u"calm"_s), 60);
        QSignalSpy wanted(&dialog, &ImportDialog::datasetRequested);
        button(*dialog.report(), u"Open the data set"_s)->click();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(wanted[0][0].toString(), u"calm"_s);

        // Undone, the data set is gone; imported again, it is back.
        QUndoStack stack;
        ImportUndo undo(*m_session, stack, &dialog);
        connect(&undo, &ImportUndo::undone, dialog.report(), &ImportReportView::showUndone);
        QSignalSpy undone(&undo, &ImportUndo::undone), asked(&dialog, &ImportDialog::undoRequested);
        button(*dialog.report(), u"Undo import …"_s)->click();
        QCOMPARE(asked.size(), 1);
        undo.begin(asked[0][0].value<QList<ImportSourceId>>(), u"calm.jsonl"_s);
        QTRY_COMPARE(undone.size(), 1);
        QCOMPARE(kept(u"calm"_s), -1);
        QVERIFY2(allText(dialog).contains(u"60 items are removed, 0 rejected"_s), qPrintable(allText(dialog)));
        QVERIFY(!button(*dialog.report(), u"Undo import …"_s)->isVisibleTo(&dialog));
        QVERIFY(!button(*dialog.report(), u"Open the data set"_s)->isVisibleTo(&dialog));
        lookAt(dialog, u"import-undone"_s, QSize(1040, 740), m_theme);
        QSignalSpy stored(&dialog, &ImportDialog::imported);
        dialog.start(false);
        finish(dialog);
        QCOMPARE(stored.size(), 1);
        QCOMPARE(kept(u"calm"_s), 60);
    }

    void anImportIsAStepOfTheWindowsUndo()
    {
        MainWindow window(*m_session, m_theme);
        auto *undo = window.findChild<ImportUndo *>();
        QVERIFY(undo);
        QAction *action = window.actions().action(u"edit.undo"_s);
        QVERIFY(!action->isEnabled());
        QSignalSpy undone(undo, &ImportUndo::undone);
        const auto importOne = [&](const QString &name, const QByteArray &text) {
            QList<FileImport> done;
            const ImportInput input{write(name, text), u"calm"_s};
            QVERIFY(importItems(*m_session->project(), {input}, {}, done, {}, [](const ImportProgress &) {}));
            undo->add(done);
        };
        importOne(u"a.jsonl"_s, personas(10));
        importOne(u"b & <b>.jsonl"_s, personas(6, "I wait"));
        QCOMPARE(action->text(), u"Undo import of b && <b>.jsonl"_s);
        QVERIFY(action->isEnabled() && undo->isNext());
        const auto source = [this](const QString &file) {
            return ImportSourceId{m_session->project()
                                      ->readNow([&](Connection &c) { return c.value(u"SELECT id FROM import_source WHERE file_name = ?"_s, {file}); })
                                      ->toLongLong()};
        };
        // Something happens to two items of it.
        const ImportSourceId second = source(u"b & <b>.jsonl"_s);
        QVERIFY(m_session->project()->writeNow([second](Connection &c) -> Status {
            std::vector<qint64> some;
            EVALWRIGHT_TRY(c.forEachRow(u"SELECT id FROM candidate WHERE import_source_id = ? LIMIT 2"_s, {second.value},
                                        [&](const Statement::Row &row) { some.push_back(row.integer(0)); }));
            EVALWRIGHT_TRY(tagAll(c, some, u"odd"_s, true));
            return {};
        }));
        QPointer<QMessageBox> question = undo->makeQuestion({second});
        QVERIFY(question);
        QPushButton *yes = button(*question, u"Undo the import"_s);
        QVERIFY(!yes->isEnabled()); // It looks first.
        QTRY_VERIFY(yes->isEnabled());
        QVERIFY2(question->informativeText().contains(u"Removed from “calm”: 4 items"_s) &&
                     question->informativeText().contains(u"Rejected, not removed: 2 items"_s),
                 qPrintable(question->informativeText()));
        QCOMPARE(question->textFormat(), Qt::PlainText);
        lookAt(*question, u"import-undo-question"_s, QSize(620, 320), m_theme);
        yes->click();
        QTRY_COMPARE(undone.size(), 1);
        delete question; // The stage has taken its parent away.
        QCOMPARE(kept(u"calm"_s), 10);
        // The rejecting can be taken back and done again; the removing needs the file.
        QCOMPARE(action->text(), u"Undo rejecting 2 items of b && <b>.jsonl"_s);
        QVERIFY(!undo->isNext());
        action->trigger();
        QTRY_COMPARE(kept(u"calm"_s), 12);
        QCOMPARE(action->text(), u"Undo import of a.jsonl"_s);
        window.actions().action(u"edit.redo"_s)->trigger();
        QTRY_COMPARE(kept(u"calm"_s), 10);
        action->trigger();
        QTRY_COMPARE(kept(u"calm"_s), 12);
        QTRY_VERIFY(!m_session->jobs().isBusy());
        // What could be done again goes with the import that it came after.
        undo->begin({source(u"a.jsonl"_s)}, u"a.jsonl"_s);
        QTRY_COMPARE(undone.size(), 2);
        QCOMPARE(kept(u"calm"_s), 2);
        QVERIFY(!action->isEnabled());
        QVERIFY(!window.actions().action(u"edit.redo"_s)->isEnabled());
        QCOMPARE(action->text(), u"Undo"_s);
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

    void aFolderIsTakenWithWhatCanBeReadInIt()
    {
        QVERIFY(QDir(m_folder.path()).mkpath(u"mixed/below"_s));
        QVERIFY(QDir(m_folder.path()).mkpath(u"nothing"_s));
        write(u"mixed/one.jsonl"_s, personas(3));
        write(u"mixed/below/two.jsonl"_s, personas(4, "I wait"));
        write(u"mixed/notes.txt"_s, "Nothing of the kind\n");
        write(u"nothing/picture.png"_s, "\x89PNG");
        ImportDialog dialog(*m_session, nullptr);
        dialog.addPaths({m_folder.filePath(u"mixed"_s), m_folder.filePath(u"nothing"_s)});
        settle(dialog);
        QCOMPARE(named<QListWidget>(dialog, u"Files"_s)->count(), 2);
        QVERIFY2(allText(dialog).contains(u"Left out, because they hold neither items nor answers of models: notes.txt."_s) &&
                     allText(dialog).contains(u"There is nothing to import in the folder"_s) && allText(dialog).contains(u"picture.png"_s),
                 qPrintable(allText(dialog)));
        lookAt(dialog, u"import-folder"_s, QSize(1040, 740), m_theme);
        dialog.start(false);
        finish(dialog);
        QCOMPARE(kept(u"one"_s), 3);
        QCOMPARE(kept(u"two"_s), 4);
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
