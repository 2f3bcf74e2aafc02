// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with selected items beside keeping and rejecting them.
#include "findwidgets.h"
#include "sampleproject.h"
#include "screenshots.h"
#include "storage/items/bulk.h"
#include "storage/repositories/candidates.h"
#include "widgets/dataset/itemactions.h"
#include "widgets/theme/banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestItemActions : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    test::Sample m_sample;
    Theme m_theme;
    std::unique_ptr<ItemsPage> m_page;
    std::unique_ptr<test::Stage> m_stage;
    ItemActions *m_actions = nullptr;

    qint64 numberOf(const QString &sql) const
    {
        return m_project->readNow([&](Connection &c) { return c.value(sql); })->toLongLong();
    }

private Q_SLOTS:
    void init()
    {
        static int number = 0;
        m_project = *Project::create(m_folder.filePath(u"p%1.evalwright"_s.arg(++number)), u"Trial"_s);
        const auto sample = m_project->writeNow([](Connection &connection) { return test::fillSample(connection, 40); });
        QVERIFY(sample);
        m_sample = *sample;
        m_page = std::make_unique<ItemsPage>(m_project, m_sample.dataset);
        m_actions = new ItemActions(m_project, m_sample.dataset, *m_page);
        m_stage = std::make_unique<test::Stage>(*m_page, QSize(1100, 700));
        QTRY_COMPARE(m_page->model()->rowCount(), 40);
        QTRY_VERIFY(m_page->model()->shown());
    }
    void cleanup()
    {
        m_stage.reset();
        m_page.reset();
    }

    void aTagIsGivenAndTakenBack()
    {
        m_page->selectAllMatching();
        m_actions->tagSelection(u"look again"_s, true);
        QTRY_COMPARE(numberOf(u"SELECT count(*) FROM candidate_tag"_s), 40);
        QTRY_VERIFY(m_page->banner()->text().contains(u"“look again”"_s));
        m_page->undoStack()->undo();
        QTRY_COMPARE(numberOf(u"SELECT count(*) FROM candidate_tag"_s), 0);
        QTRY_VERIFY(m_page->banner()->text().startsWith(u"Undone"_s));
    }

    void labelsAreChangedAndTheFormerOnesKept()
    {
        m_page->selectAllMatching();
        const qint64 yes = numberOf(u"SELECT count(*) FROM candidate WHERE trim(matching_label) = 'Yes'"_s),
                     could = numberOf(u"SELECT count(*) FROM candidate WHERE other_labels LIKE '%Yes%'"_s);
        QVERIFY(could > 0);
        m_actions->relabelSelection(u"Yes"_s, u"read once more"_s);
        QTRY_COMPARE(numberOf(u"SELECT count(*) FROM candidate WHERE trim(matching_label) = 'Yes'"_s), yes + could);
        QCOMPARE(numberOf(u"SELECT count(*) FROM candidate_edit"_s), could);
        m_page->undoStack()->undo();
        QTRY_COMPARE(numberOf(u"SELECT count(*) FROM candidate WHERE trim(matching_label) = 'Yes'"_s), yes);
    }

    void textsGoToTheClipboard()
    {
        QGuiApplication::clipboard()->clear();
        m_page->table()->selectRow(1);
        m_actions->copySelectionAsText();
        QTRY_VERIFY(!QGuiApplication::clipboard()->text().isEmpty());
        QTRY_VERIFY(m_page->banner()->text().contains(u"1"_s));
    }

    void theMenuOffersWhatFits()
    {
        m_page->table()->selectRow(0);
        const auto enabled = [this](const QString &text) {
            Q_EMIT m_actions->menu()->aboutToShow();
            for (const QAction *action : m_actions->menu()->actions()) {
                if (action->text() == text)
                    return action->isEnabled();
            }
            return false;
        };
        QVERIFY(enabled(u"Edit…"_s));
        QVERIFY(!enabled(u"Compare the two"_s));
        m_page->selectAllMatching();
        QVERIFY(!enabled(u"Edit…"_s));
        QVERIFY(enabled(u"Add a tag…"_s));
        test::lookAt(*m_page, u"items-actions"_s, {1100, 700}, m_theme);
    }
};

QTEST_MAIN(TestItemActions)
#include "tst_itemactions.moc"
