// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchangesession.h"
#include "findwidgets.h"
#include "generators/card/datasetcard.h"
#include "storage/exchange/exchange.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/cardpage.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/exchange/exportdialog.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCryptographicHash>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include <memory>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// Data sets leave the project by the window.
class TestExportDialog : public QObject, ExchangeSession
{
    Q_OBJECT

    QString m_calm, m_named;

    static void settle(const ExportDialog &dialog) { QTRY_VERIFY_WITH_TIMEOUT(dialog.isReady(), 10'000); }
    static void finish(const ExportDialog &dialog)
    {
        QTRY_VERIFY_WITH_TIMEOUT(!dialog.isRunning() && !dialog.report().isEmpty(), 30'000);
    }
    static void writes(ExportDialog &dialog, const QString &path)
    {
        dialog.setPath(path);
        dialog.start();
        finish(dialog);
    }

private Q_SLOTS:
    void initTestCase()
    {
        prepare(u"tst_exportdialog"_s);
        m_calm = write(u"calm.jsonl"_s, personas(40, "I keep the peace in case"));
        m_named = write(u"named.jsonl"_s, personas(4, "=SUM(<b>)"));
    }
    void init()
    {
        openNewProject();
        for (const auto &[path, name] : {std::pair(m_calm, u"calm"_s), std::pair(m_named, u"<i>& more</i>"_s)}) {
            ImportOptions options;
            options.dataset = name;
            QVERIFY(importFile(*m_session->project(), path, options));
        }
    }
    void cleanup() { m_session.reset(); }

    void thePublishedFormComesOutAsItCameIn()
    {
        ExportDialog dialog(*m_session, u"calm"_s, {}, nullptr);
        settle(dialog);
        QCOMPARE(named<QComboBox>(dialog, u"Data set"_s)->currentText(), u"calm"_s);
        QVERIFY2(allText(dialog).contains(u"byte for byte"_s), qPrintable(allText(dialog)));
        const QString path = m_folder.filePath(u"out.jsonl"_s);
        dialog.setPath(path);
        button(dialog, u"Export"_s)->click();
        finish(dialog);
        QVERIFY2(dialog.report().contains(u"40 item(s) in the order “stored”"_s), qPrintable(dialog.report()));
        const QString sha = QString::fromLatin1(QCryptographicHash::hash(contents(m_calm), QCryptographicHash::Sha256).toHex());
        QVERIFY(dialog.report().contains(u"SHA-256 "_s + sha));
        QVERIFY(dialog.report().contains(u"equals the imported file byte for byte"_s));
        QCOMPARE(contents(path), contents(m_calm));
        QVERIFY(QFile::exists(m_folder.filePath(u"CANARY.txt"_s)));
        lookAt(dialog, u"export-published"_s, QSize(760, 640), m_theme);

        // A second time it asks, and says what would be lost.
        QVERIFY(QFile::remove(path));
        write(u"out.jsonl"_s, "of somebody");
        dialog.start();
        QTRY_VERIFY2(allText(dialog).contains(u"Already there: out.jsonl"_s), qPrintable(allText(dialog)));
        QVERIFY(!dialog.isRunning());
        QCOMPARE(contents(path), QByteArray("of somebody"));
        lookAt(dialog, u"export-replace"_s, QSize(760, 640), m_theme);
        button(dialog, u"Replace"_s)->click();
        finish(dialog);
        QCOMPARE(contents(path), contents(m_calm));
    }

    void choicesReachTheFileAndAreRemembered()
    {
        const QString path = m_folder.filePath(u"out.csv"_s);
        {
            ExportDialog dialog(*m_session, u"<i>& more</i>"_s, u"csv"_s, nullptr);
            settle(dialog);
            QCOMPARE(named<QComboBox>(dialog, u"Data set"_s)->currentText(), u"<i>& more</i>"_s);
            for (QCheckBox *box : dialog.findChildren<QCheckBox *>()) {
                if (box->text().startsWith(u"Without the blank"_s))
                    box->setChecked(true);
            }
            auto *order = named<QComboBox>(dialog, u"Order"_s);
            order->setCurrentIndex(order->findData(u"shuffle"_s));
            named<QSpinBox>(dialog, u"Seed of the order"_s)->setValue(7);
            auto *canary = named<QComboBox>(dialog, u"Canary"_s);
            canary->setCurrentIndex(canary->findData(static_cast<int>(Canary::InRows)));
            writes(dialog, path);
            QVERIFY2(dialog.report().contains(u"shuffle:7"_s), qPrintable(dialog.report()));
        }
        const QByteArray table = contents(path);
        QVERIFY2(table.contains("'=SUM(<b>)") && !table.contains(" Yes") && table.contains("canary"), table.constData());
        // Raw when asked for, and what was chosen last is chosen now.
        ExportDialog again(*m_session, u"<i>& more</i>"_s, {}, nullptr);
        settle(again);
        QCOMPARE(named<QComboBox>(again, u"Format"_s)->currentData().toString(), u"csv"_s);
        QCOMPARE(named<QComboBox>(again, u"Order"_s)->currentData().toString(), u"shuffle"_s);
        QCOMPARE(named<QSpinBox>(again, u"Seed of the order"_s)->value(), 7);
        for (QCheckBox *box : again.findChildren<QCheckBox *>()) {
            if (box->text().startsWith(u"Safe for spreadsheets"_s))
                box->setChecked(false);
        }
        const QString raw = m_folder.filePath(u"raw.csv"_s);
        writes(again, raw);
        QVERIFY(contents(raw).contains("=SUM(<b>)") && !contents(raw).contains("'=SUM"));
    }

    void severalDataSetsBecomeARepository()
    {
        ExportDialog dialog(*m_session, u"calm"_s, u"hf-repo"_s, nullptr);
        settle(dialog);
        auto *sets = named<QListWidget>(dialog, u"Data sets"_s);
        QCOMPARE(sets->count(), 2);
        for (int i = 0; i < sets->count(); ++i)
            sets->item(i)->setCheckState(Qt::Checked);
        for (QLineEdit *line : dialog.findChildren<QLineEdit *>()) {
            if (line->placeholderText().startsWith(u"SPDX"_s))
                line->setText(u"CC-BY-4.0"_s);
            if (line->placeholderText() == u"the names of the data sets"_s)
                line->setText(u"Two sets"_s);
        }
        named<QDoubleSpinBox>(dialog, u"Share that is held back"_s)->setValue(25);
        lookAt(dialog, u"export-repository"_s, QSize(760, 700), m_theme);
        const QString folder = m_folder.filePath(u"published"_s);
        writes(dialog, folder);
        QVERIFY2(dialog.report().contains(u"30 item(s) of “calm”, 10 held back"_s) && dialog.report().contains(u"keep it off the net"_s),
                 qPrintable(dialog.report()));
        QVERIFY(contents(folder + u"/README.md"_s).contains("Two sets"));
        QVERIFY(QDir(folder + u"-private"_s).exists());
        // The licence stays with the cards.
        const auto texts = m_session->project()->readNow([](Connection &c) -> Result<CardTexts> {
            EVALWRIGHT_ASSIGN(const Dataset set, datasetByName(c, u"calm"_s));
            return cardTextsOf(c, set.id);
        });
        QVERIFY(texts);
        QCOMPARE(texts->licence, u"CC-BY-4.0"_s);
    }

    void everyFormatSaysWhatItKeeps()
    {
        ExportDialog dialog(*m_session, u"calm"_s, {}, nullptr);
        settle(dialog);
        QStringList written;
        for (const FileFormat &format : fileFormats()) {
            if (format.writer)
                written << format.name;
        }
        QStringList offered;
        for (const ExportFormat &format : exportFormats()) {
            offered << format.name;
            QVERIFY2(format.keeps.size() > 20, qPrintable(format.name));
        }
        written << u"lm-eval-task"_s << u"hf-repo"_s << u"inspect-scores"_s << u"inspect-log"_s << u"lm-eval-samples"_s;
        QCOMPARE(QSet<QString>(offered.cbegin(), offered.cend()), QSet<QString>(written.cbegin(), written.cend()));
        // Those that need nothing else are written, and read again with all items.
        for (const QString &name : {u"jsonl"_s, u"csv"_s, u"tsv"_s, u"inspect-jsonl"_s, u"inspect-csv"_s, u"inverse-scaling"_s, u"lm-eval-task"_s}) {
            dialog.choose(name);
            const QString path = m_folder.filePath(u"all-%1.%2"_s.arg(name, exportFormatNamed(name).suffix));
            writes(dialog, path);
            const bool refused = name == "tsv"_L1; // The questions have two lines.
            QVERIFY2(dialog.report().contains(u"40 item(s)"_s) != refused, qPrintable(dialog.report()));
            QCOMPARE(QFile::exists(path), !refused);
        }
        for (const QString &name : {u"inspect-log"_s, u"lm-eval-samples"_s}) {
            dialog.choose(name);
            QVERIFY(!button(dialog, u"Export"_s)->isEnabled()); // No run has answered.
        }
        dialog.choose(u"inspect-scores"_s);
        writes(dialog, m_folder.path());
        QVERIFY2(!dialog.report().contains(u"SHA-256"_s), qPrintable(dialog.report())); // Nobody has rated.
    }

    void answersOfARunBecomeASampleLog()
    {
        const QString copy = m_folder.filePath(u"sample.evalwright"_s), folder = m_folder.filePath(u"answers"_s);
        QVERIFY(QFile::copy(QStringLiteral(EVALWRIGHT_SOURCE_DIR) + u"/resources/sample/agreeableness.evalwright"_s, copy));
        QVERIFY(QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner));
        m_session->openProject(copy);
        QTRY_VERIFY(m_session->project() && m_session->project()->path() == QFileInfo(copy).canonicalFilePath());
        ExportDialog dialog(*m_session, u"agreeableness"_s, u"lm-eval-samples"_s, nullptr);
        settle(dialog);
        QTRY_VERIFY(button(dialog, u"Export"_s)->isEnabled()); // Its runs are listed.
        QVERIFY2(allText(dialog).contains(u"log-likelihood of every label"_s), qPrintable(allText(dialog)));
        QVERIFY(allText(dialog).contains(u"&Model"_s) && allText(dialog).contains(u"Fr&ame"_s) && !allText(dialog).contains(u"Ca&nary"_s));
        writes(dialog, folder);
        QVERIFY2(dialog.report().contains(u"qwen2.5-coder-1.5b"_s), qPrintable(dialog.report())); // One of several has to be named.
        QVERIFY(!QFileInfo::exists(folder));
        for (QLineEdit *line : dialog.findChildren<QLineEdit *>()) {
            if (line->placeholderText().startsWith(u"which model"_s))
                line->setText(u"qwen2.5-coder-1.5b"_s);
        }
        writes(dialog, folder);
        QVERIFY2(dialog.report().contains(u"40 answers of qwen2.5-coder-1.5b"_s) && dialog.report().contains(u"SHA-256 "_s),
                 qPrintable(dialog.report()));
        const QStringList written = QDir(folder).entryList(QDir::Files, QDir::Name);
        QCOMPARE(written.size(), 2);
        QVERIFY(written[0].startsWith(u"results_"_s) && written[1].startsWith(u"samples_ew_agreeableness_"_s));
        lookAt(dialog, u"export-lm-eval-samples"_s, QSize(760, 640), m_theme);
        // The folder is there for others too; only its own files are asked about, when they are found.
        const QByteArray before = contents(QDir(folder).filePath(written[1]));
        writes(dialog, folder);
        QTRY_VERIFY2(allText(dialog).contains(u"What is in it now would be lost"_s), qPrintable(allText(dialog)));
        button(dialog, u"Replace"_s)->click();
        finish(dialog);
        QVERIFY2(dialog.report().contains(u"40 answers"_s), qPrintable(dialog.report()));
        QCOMPARE(contents(QDir(folder).filePath(written[1])), before);
    }

    void anExportIsCancelled()
    {
        ExportDialog dialog(*m_session, u"calm"_s, u"jsonl"_s, nullptr);
        settle(dialog);
        const QString path = m_folder.filePath(u"never.jsonl"_s);
        dialog.setPath(path);
        dialog.start();
        QTRY_VERIFY(dialog.isRunning() || !dialog.report().isEmpty());
        if (!dialog.isRunning())
            QSKIP("It was faster than the button.");
        button(dialog, u"Cancel"_s)->click();
        finish(dialog);
        const ActiveJob job = m_session->jobs().jobs().constLast();
        QCOMPARE(QFile::exists(path), job.state == ActiveJob::State::Done);
        QVERIFY(button(dialog, u"Close"_s));
    }

    void theDataSetsPageAndItsCardLeadHere()
    {
        MainWindow window(*m_session, m_theme);
        QVERIFY(window.actions().action(u"export"_s)->isEnabled());
        QVERIFY(window.actions().action(u"export.repository"_s)->isEnabled());
        const auto set = m_session->project()->readNow([](Connection &c) { return datasetByName(c, u"calm"_s); });
        QVERIFY(set);
        QUndoStack undo;
        DatasetPage page(m_session->project(), set->id, set->name, m_session->workers(), undo);
        QSignalSpy wanted(&page, &DatasetPage::exportRequested);
        button(page, u"Export …"_s)->click();
        button(page, u"Export the data set …"_s)->click();
        QCOMPARE(wanted.size(), 2);
        QCOMPARE(wanted[1][0].toString(), u"calm"_s);
        lookAt(window, u"export-toolbar"_s, QSize(1200, 500), m_theme);
    }
};

QTEST_MAIN(TestExportDialog)
#include "tst_exportdialog.moc"
