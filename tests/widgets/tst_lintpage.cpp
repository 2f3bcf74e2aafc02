// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampleproject.h"
#include "screenshots.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/dataset/lintfound.h"
#include "widgets/dataset/lintpage.h"
#include "widgets/theme/banner.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestLintPage : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    Theme m_theme;
    QThreadPool m_workers;
    int m_files = 0;

    static QTableWidget *tableNamed(const QWidget &page, const QString &name)
    {
        for (QTableWidget *table : page.findChildren<QTableWidget *>()) {
            if (table->accessibleName() == name)
                return table;
        }
        return nullptr;
    }
    static QString countOf(const LintPage &page, const QString &rule)
    {
        const QTableWidget *rules = tableNamed(page, u"Rules"_s);
        for (int row = 0; row < rules->rowCount(); ++row) {
            if (rules->item(row, 0)->data(Qt::UserRole).toString() == rule)
                return rules->item(row, 1)->text() + u' ' + rules->item(row, 2)->text();
        }
        return {};
    }
    static bool says(const LintPage &page, const QString &text)
    {
        for (const Banner *banner : page.findChildren<Banner *>()) {
            if (!banner->isHidden() && banner->text().startsWith(text))
                return true;
        }
        return false;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
    }
    void init()
    {
        auto project = Project::create(m_folder.filePath(u"lint-%1.evalwright"_s.arg(++m_files)), u"Lint"_s);
        QVERIFY(project);
        m_project = *project;
        const QStringList statements{u"I like to help the people around me"_s, u"I like to help the people around me"_s,
                                     u"I share what I have with others "_s, u"<b>Peace\u200B</b> matters more to me"_s,
                                     u"I would rather win than agree"_s};
        const auto set = m_project->writeNow([&](Connection &c) -> Result<Dataset> {
            Dataset made;
            made.name = u"kind"_s;
            made.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(made, createDataset(c, made));
            for (int i = 0; i < statements.size(); ++i) {
                Candidate candidate;
                candidate.datasetId = made.id;
                candidate.ordinal = i;
                candidate.wantedLabel = candidate.matchingLabel = i == 4 ? u" No"_s : u" Yes"_s;
                candidate.otherLabels = {i == 4 ? u" Yes"_s : u" No"_s};
                candidate.parseStatus = u"ok"_s;
                candidate.statement = statements.at(i);
                candidate.question = QString(publishedFrame).replace(u"{{statement}}"_s, statements.at(i));
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
                Decision keep;
                keep.candidateId = id;
                keep.keep = true;
                keep.stage = keep.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, keep));
            }
            return made;
        });
        QVERIFY2(set, set ? "" : qPrintable(set.error().text()));
        m_dataset = set->id;
    }

    void textIsMarked()
    {
        QCOMPARE(markedText(u"abcdef"_s, 2, 2), u"ab⟦cd⟧ef"_s);
        QCOMPARE(markedText(u"abcdef"_s, -1, -1), u"abcdef"_s);
        QCOMPARE(markedText(u"abcdef"_s, 4, 9), u"abcdef"_s); // A span that the text does not have.
        QCOMPARE(markedText(u"a\u202Eb"_s, 1, 1), u"a⟦⟨U+202E⟩⟧b"_s);
        QVERIFY(markedText(QString(500, u'x') + u'y', 500, 1).startsWith(u"…"_s));
    }

    void rulesItemsAndFixes()
    {
        QUndoStack undo;
        LintPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy checked(&page, &LintPage::checked);
        const test::Stage stage(page, {1100, 700});
        QTRY_COMPARE(checked.size(), 1);
        QCOMPARE(countOf(page, u"exact-duplicate"_s), u"blocks 1"_s);
        QCOMPARE(countOf(page, u"edge-whitespace"_s), u"note 1"_s);
        QVERIFY(says(page, u"1 blocking finding"_s));
        page.selectRule(u"edge-whitespace"_s);
        QTableWidget *found = tableNamed(page, u"Items found by the rule"_s);
        QTRY_COMPARE(found->rowCount(), 1);
        QTRY_VERIFY(found->item(0, 2));
        QCOMPARE(found->item(0, 0)->text(), u"3"_s);
        QCOMPARE(found->item(0, 2)->text(), u"I share what I have with others"_s); // Shown …
        const auto row = m_project->readNow([&](Connection &c) { return allCandidates(c, m_dataset); });
        QCOMPARE(row->at(2).candidate.statement, u"I share what I have with others "_s); // … not applied.
        QSignalSpy items(&page, &LintPage::showItems);
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == "Show in Items"_L1)
                button->click();
        }
        QCOMPARE(items.size(), 1);
        const auto ids = items.first().first().value<QList<CandidateId>>();
        QCOMPARE(ids, QList<CandidateId>{row->at(2).candidate.id});
        ItemsPage table(m_project, m_dataset);
        const test::Stage tableStage(table, {900, 500});
        table.showOnly(ids, items.first().last().toString());
        QTRY_COMPARE(table.model()->rowCount(), 1);
        QTRY_VERIFY(table.model()->itemAt(0));
        QCOMPARE(table.model()->itemAt(0)->candidate.candidate.ordinal, 2);
        table.showAll();
        QTRY_COMPARE(table.model()->rowCount(), 5);
    }

    void aFixIsAppliedAndUndone()
    {
        QUndoStack undo;
        LintPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy checked(&page, &LintPage::checked);
        const test::Stage stage(page, {1100, 700});
        QTRY_COMPARE(checked.size(), 1);
        page.selectRule(u"edge-whitespace"_s);
        QPushButton *fix = nullptr;
        for (QPushButton *button : page.findChildren<QPushButton *>())
            fix = button->text() == "Fix all"_L1 ? button : fix;
        QVERIFY(fix);
        QTRY_VERIFY(fix->isVisible());
        const auto third = [&] {
            return m_project->readNow([&](Connection &c) { return allCandidates(c, m_dataset); })->at(2).candidate;
        };
        fix->click();
        QTRY_COMPARE(checked.size(), 2);
        QCOMPARE(third().statement, u"I share what I have with others"_s);
        QVERIFY(third().question.contains(u"\"I share what I have with others\""_s));
        QCOMPARE(countOf(page, u"edge-whitespace"_s), u"note 0"_s);
        QVERIFY(says(page, u"1 item"_s));
        undo.undo();
        undo.redo();
        undo.undo();
        // One after another, however fast: the fix and three more edits.
        const auto batches = [&] {
            return m_project->readNow([&](Connection &c) { return editBatches(c, m_dataset); })->size();
        };
        QTRY_COMPARE(batches(), 4);
        QCOMPARE(third().statement, u"I share what I have with others "_s);
        QTRY_VERIFY(!page.isChecking() && says(page, u"1 item"_s));
        QTRY_COMPARE(countOf(page, u"edge-whitespace"_s), u"note 1"_s);
    }

    void severityIsChangedAndUndone()
    {
        QUndoStack undo;
        LintPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy checked(&page, &LintPage::checked);
        const test::Stage stage(page, {1100, 700});
        QTRY_COMPARE(checked.size(), 1);
        page.selectRule(u"exact-duplicate"_s);
        auto *severity = page.findChild<QComboBox *>();
        severity->setCurrentIndex(severity->findData(u"warn"_s));
        Q_EMIT severity->activated(severity->currentIndex());
        QTRY_COMPARE(countOf(page, u"exact-duplicate"_s), u"warning 1"_s);
        QVERIFY(!says(page, u"1 blocking finding"_s));
        QCOMPARE(m_project->readNow(lintSettings)->value(u"exact-duplicate"_s), u"warn"_s);
        undo.undo();
        QTRY_COMPARE(countOf(page, u"exact-duplicate"_s), u"blocks 1"_s);
        QVERIFY(m_project->readNow(lintSettings)->isEmpty());
    }

    void aCheckThatIsDroppedSaysNothing()
    {
        QUndoStack undo;
        LintPage page(m_project, m_dataset, m_workers, undo);
        QSignalSpy checked(&page, &LintPage::checked);
        page.check();
        page.check();
        QTRY_COMPARE(checked.size(), 1);
        QVERIFY(!page.isChecking());
        QCOMPARE(countOf(page, u"exact-duplicate"_s), u"blocks 1"_s);
    }

    void looks()
    {
        QUndoStack undo;
        LintPage page(m_project, m_dataset, m_workers, undo);
        page.check();
        QTRY_VERIFY(!page.isChecking());
        page.selectRule(u"edge-whitespace"_s);
        const QSize least = page.minimumSizeHint(); // The window must not grow beyond a small screen.
        QVERIFY2(least.height() <= 620 && least.width() <= 900,
                 qPrintable(u"%1 × %2"_s.arg(least.width()).arg(least.height())));
        test::lookAt(page, u"lint"_s, {1100, 700}, m_theme);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
};

QTEST_MAIN(TestLintPage)
#include "tst_lintpage.moc"
