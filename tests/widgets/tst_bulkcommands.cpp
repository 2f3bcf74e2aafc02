// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Tags, labels and texts changed by a person, undone and done again, also faster than anything is stored.
#include "../evaluation/observed.h"
#include "sampleproject.h"
#include "storage/items/bulk.h"
#include "storage/repositories/editundo.h"
#include "storage/repositories/lint.h"
#include "widgets/dataset/bulkcommands.h"

#include <QRandomGenerator>
#include <QUndoStack>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

struct Told
{
    bool undone = false;
    Result<BulkOutcome> outcome;
};

} // namespace

class TestBulkCommands : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    Sample m_sample;
    QList<Told> m_told;
    int m_files = 0;

    BulkReport report()
    {
        return [this](bool undone, const Result<BulkOutcome> &outcome) { m_told << Told{undone, outcome}; };
    }
    std::vector<qint64> ids(int count) const
    {
        std::vector<qint64> list;
        for (int i = 0; i < count; ++i)
            list.push_back(m_sample.candidates[i].value);
        return list;
    }
    Candidate item(int i)
    {
        return must(m_project->readNow([&](Connection &c) { return candidateById(c, m_sample.candidates[i]); })).candidate;
    }
    QStringList tags(int i)
    {
        return must(m_project->readNow([&](Connection &c) { return tagsOf(c, m_sample.candidates[i].value); }));
    }
    QList<CandidateEdit> edits(int i)
    {
        return must(m_project->readNow([&](Connection &c) { return editsOf(c, m_sample.candidates[i]); }));
    }

private Q_SLOTS:
    void init()
    {
        m_told.clear();
        m_project = must(Project::create(m_folder.filePath(u"bulk-%1.evalwright"_s.arg(++m_files)), u"Bulk"_s));
        m_sample = must(m_project->writeNow([](Connection &c) { return fillSample(c, 20); }));
    }

    void tagsAreGivenAndTakenBack()
    {
        must(m_project->writeNow([&](Connection &c) { return tagAll(c, {m_sample.candidates[0].value}, u"odd"_s, true); }));
        QUndoStack stack;
        stack.push(new TagCommand(m_project, ids(5), u" odd "_s, true, this, report()));
        QTRY_COMPARE(m_told.size(), 1);
        QCOMPARE(m_told[0].outcome->changed, 4);
        QCOMPARE(m_told[0].outcome->left, 1);
        QVERIFY(!m_told[0].undone);
        QCOMPARE(tags(4), QStringList{u"odd"_s});
        QVERIFY2(stack.undoText().contains(u"“odd”"_s), qPrintable(stack.undoText()));
        stack.undo();
        QTRY_COMPARE(m_told.size(), 2);
        QVERIFY(m_told[1].undone);
        QCOMPARE(m_told[1].outcome->changed, 4);
        QCOMPARE(tags(4), QStringList());
        QCOMPARE(tags(0), QStringList{u"odd"_s}); // It had the tag before.
        stack.redo();
        QTRY_COMPARE(m_told.size(), 3);
        QCOMPARE(tags(4), QStringList{u"odd"_s});
        stack.push(new TagCommand(m_project, ids(2), u"odd"_s, false, this, report()));
        QTRY_COMPARE(m_told.size(), 4);
        QCOMPARE(tags(0), QStringList());
        QCOMPARE(tags(2), QStringList{u"odd"_s});
        stack.undo();
        stack.undo();
        QTRY_COMPARE(m_told.size(), 6);
        QCOMPARE(tags(0), QStringList{u"odd"_s});
        QCOMPARE(tags(1), QStringList());
        stack.push(new TagCommand(m_project, ids(2), u"a,b"_s, true, this, report()));
        QTRY_COMPARE(m_told.size(), 7);
        QCOMPARE(m_told[6].outcome.error().code, ErrorCode::InvalidInput);
    }

    void labelsAreTurnedAndTurnedBack()
    {
        QUndoStack stack;
        stack.push(new RelabelCommand(m_project, ids(10), u"Yes"_s, u"  they  say so "_s, this, report()));
        QTRY_COMPARE(m_told.size(), 1);
        QCOMPARE(m_told[0].outcome->changed, 5);
        QCOMPARE(m_told[0].outcome->left, 5);
        QCOMPARE(item(1).matchingLabel, u" Yes"_s);
        QCOMPARE(edits(1).last().reason, u"they say so"_s);
        // One of them is edited before it is undone.
        must(m_project->writeNow([&](Connection &c) {
            CandidateText text = CandidateText::of(candidateById(c, m_sample.candidates[3])->candidate);
            text.otherLabels = {u" Never"_s};
            return editCandidate(c, m_sample.candidates[3], text, u"by hand"_s, u"person"_s, u"x"_s);
        }));
        stack.undo();
        QTRY_COMPARE(m_told.size(), 2);
        QCOMPARE(m_told[1].outcome->changed, 4);
        QCOMPARE(m_told[1].outcome->left, 1);
        QCOMPARE(item(1).matchingLabel, u" No"_s);
        QCOMPARE(item(3).matchingLabel, u" Yes"_s);
        stack.redo();
        QTRY_COMPARE(m_told.size(), 3);
        QCOMPARE(m_told[2].outcome->changed, 4);
        QCOMPARE(item(1).matchingLabel, u" Yes"_s);
    }

    /// Lint looks at a thousand items with the edit; of more it is said that it did not.
    void oldFindingsAreToldOf()
    {
        m_project = must(Project::create(m_folder.filePath(u"bulk-%1.evalwright"_s.arg(++m_files)), u"Bulk"_s));
        m_sample = must(m_project->writeNow([](Connection &c) { return fillSample(c, 2200); }));
        QUndoStack stack;
        stack.push(new RelabelCommand(m_project, ids(2200), u"Yes"_s, u"r"_s, this, report()));
        QTRY_COMPARE(m_told.size(), 1);
        QCOMPARE(m_told[0].outcome->changed, 1100);
        QVERIFY(!m_told[0].outcome->findingsAreOld); // There are none.
        must(m_project->writeNow([&](Connection &c) {
            const CandidateId id = m_sample.candidates[0];
            return replaceLintFindingsOf(c, id, {StoredLintFinding{id, u"edge-whitespace"_s, 1, u"warn"_s, u"statement"_s, {}, {}, {}}});
        }));
        stack.undo();
        QTRY_COMPARE(m_told.size(), 2);
        QVERIFY(m_told[1].outcome->findingsAreOld);
        stack.push(new RelabelCommand(m_project, ids(20), u"Yes"_s, u"r"_s, this, report()));
        QTRY_COMPARE(m_told.size(), 3);
        QVERIFY(!m_told[2].outcome->findingsAreOld);
    }

    void aTextIsEditedAndTheOneBeforeKept()
    {
        const CandidateText before = CandidateText::of(item(2));
        CandidateText text = before;
        text.statement = u"  One\r\ntwo\u00a0three\u2028\tfour \n"_s;
        text.matchingLabel = u"  Yes"_s;
        QUndoStack stack;
        stack.push(new EditCommand(m_project, m_sample.candidates[2], before, text, u"undo"_s, this, report()));
        QTRY_COMPARE(m_told.size(), 1);
        QCOMPARE(m_told[0].outcome->changed, 1);
        QCOMPARE(CandidateText::of(item(2)), text);
        QCOMPARE(edits(2).last().before, before);
        QCOMPARE(edits(2).last().reason, u"person:undo"_s); // Not mistaken for one of the program's.
        stack.undo();
        stack.redo();
        stack.undo();
        QTRY_COMPARE(m_told.size(), 4);
        QCOMPARE(CandidateText::of(item(2)), before);
        QCOMPARE(edits(2).size(), 4); // Nothing is ever lost.
        // The editor began from another text than the item has by now.
        stack.push(new EditCommand(m_project, m_sample.candidates[2], text, before, {}, this, report()));
        QTRY_COMPARE(m_told.size(), 5);
        QVERIFY(!m_told[4].outcome);
        QVERIFY(!m_told[4].outcome.error().consequence.isEmpty());
        stack.undo(); // Of nothing.
        QTRY_COMPARE(m_told.size(), 6);
        QVERIFY(m_told[5].outcome);
        QCOMPARE(m_told[5].outcome->changed, 0);
        QCOMPARE(edits(2).size(), 4);
    }

    void oneEditOfSeveralIsTakenBack()
    {
        const CandidateText before = CandidateText::of(item(2));
        CandidateText first = before, second;
        first.statement = u"other words"_s;
        second = first;
        second.matchingLabel = u" Certainly"_s;
        QUndoStack stack;
        stack.push(new EditCommand(m_project, m_sample.candidates[2], before, first, u"a"_s, this, report()));
        stack.push(new EditCommand(m_project, m_sample.candidates[2], first, second, u"b"_s, this, report()));
        QTRY_COMPARE(m_told.size(), 2);
        const qint64 edit = edits(2).first().id;
        stack.push(new TakeBackEditCommand(m_project, edit, this, report()));
        QTRY_COMPARE(m_told.size(), 3);
        QCOMPARE(item(2).statement, before.statement);
        QCOMPARE(item(2).matchingLabel, u" Certainly"_s);
        stack.undo();
        QTRY_COMPARE(m_told.size(), 4);
        QCOMPARE(CandidateText::of(item(2)), second);
        stack.redo();
        stack.push(new TakeBackEditCommand(m_project, edit, this, report()));
        QTRY_COMPARE(m_told.size(), 6);
        QCOMPARE(m_told[5].outcome->changed, 0);
        QCOMPARE(m_told[5].outcome->left, 1);
    }

    void aHastyPersonMixesNothingUp()
    {
        QList<CandidateText> before;
        for (int i = 0; i < 20; ++i)
            before << CandidateText::of(item(i));
        QUndoStack stack;
        stack.push(new TagCommand(m_project, ids(20), u"t"_s, true, this, report()));
        stack.push(new RelabelCommand(m_project, ids(20), u"No"_s, u"r"_s, this, report()));
        CandidateText text = before[4];
        std::swap(text.matchingLabel, text.otherLabels[0]); // As it is then.
        CandidateText edited = text;
        edited.statement = u"edited"_s;
        stack.push(new EditCommand(m_project, m_sample.candidates[4], text, edited, u"e"_s, this, report()));
        QRandomGenerator random(3);
        int asked = 3;
        for (int i = 0; i < 200; ++i) {
            const int at = random.bounded(4), now = stack.index();
            stack.setIndex(at);
            asked += std::abs(at - now);
        }
        asked += stack.index();
        stack.setIndex(0);
        QTRY_COMPARE_WITH_TIMEOUT(m_told.size(), asked, 30'000);
        for (const Told &told : std::as_const(m_told))
            QVERIFY2(told.outcome, told.outcome ? "" : qPrintable(told.outcome.error().text()));
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(CandidateText::of(item(i)), before[i]);
            QCOMPARE(tags(i), QStringList());
        }
        stack.setIndex(3);
        QTRY_COMPARE_WITH_TIMEOUT(m_told.size(), asked + 3, 30'000);
        QCOMPARE(CandidateText::of(item(4)), edited);
        QCOMPARE(item(6).matchingLabel, u" No"_s);
        QCOMPARE(tags(6), QStringList{u"t"_s});
    }

    void whatIsNotCommittedIsNotUndone()
    {
        // The change itself goes through and is rolled back afterwards, as when the disk is full at the commit.
        const CandidateText before = CandidateText::of(item(2));
        CandidateText text = before;
        text.statement = u"other"_s;
        QUndoStack stack;
        stack.push(new EditCommand(m_project, m_sample.candidates[2], before, text, {}, this, report()));
        QTRY_COMPARE(m_told.size(), 1);
        must(m_project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"DELETE FROM candidate_edit"_s));
            EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET statement = ? WHERE id = ?"_s, {before.statement, m_sample.candidates[2].value}));
            return {};
        }));
        stack.undo();
        QTRY_COMPARE(m_told.size(), 2);
        QVERIFY(m_told[1].outcome);
        stack.redo();
        QTRY_COMPARE(m_told.size(), 3);
        QCOMPARE(item(2).statement, u"other"_s);
    }

    void nobodyIsToldWhoIsGone()
    {
        QUndoStack stack;
        {
            QObject gone;
            stack.push(new TagCommand(m_project, ids(2), u"t"_s, true, &gone, report()));
        }
        stack.push(new TagCommand(m_project, ids(2), u"u"_s, true, this, report()));
        QTRY_COMPARE(m_told.size(), 1);
        QCOMPARE(tags(0), (QStringList{u"t"_s, u"u"_s}));
        stack.undo();
        stack.undo();
        QTRY_COMPARE(tags(0), QStringList());
    }
};

QTEST_MAIN(TestBulkCommands)
#include "tst_bulkcommands.moc"
