// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/lintdataset.h"
#include "generators/lint/lintedited.h"
#include "storage/items/bulk.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

template <class T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().text()));
    return std::move(*result);
}

CandidateText textOf(const QString &statement)
{
    return {statement, QString(publishedFrame).replace(u"{{statement}}"_s, statement), u" Yes"_s, {u" No"_s}};
}

struct Setting
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project = must(Project::create(folder.filePath(u"edited.evalwright"_s), u"Edited"_s));
    DatasetId dataset;
    QList<CandidateId> items;

    explicit Setting(const QStringList &statements)
    {
        must(project->writeNow([&](Connection &c) -> Result<bool> {
            Dataset made;
            made.name = u"set"_s;
            made.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(made, createDataset(c, made));
            dataset = made.id;
            for (const QString &statement : statements) {
                const CandidateText text = textOf(statement);
                Candidate candidate;
                candidate.datasetId = dataset;
                candidate.ordinal = items.size();
                candidate.wantedLabel = candidate.matchingLabel = text.matchingLabel;
                candidate.otherLabels = text.otherLabels;
                candidate.parseStatus = u"ok"_s;
                candidate.statement = text.statement;
                candidate.question = text.question;
                candidate.labelConfidence = 0.9;
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
                items << id;
                Decision keep;
                keep.candidateId = id;
                keep.keep = true;
                keep.stage = keep.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, keep));
            }
            return true;
        }));
        must(lintDataset(*project, dataset));
    }
    void edit(int item, const QString &statement, const QString &batch) const
    {
        QVERIFY(must(project->writeNow([&](Connection &c) -> Result<bool> {
            EVALWRIGHT_TRY(editCandidate(c, items[item], textOf(statement), batch, u"person"_s, u"by hand"_s));
            return lintEdits(c, batch);
        })));
    }
    /// Rule and detail of each finding.
    QMap<QString, QString> found(int item)
    {
        QMap<QString, QString> rules;
        for (const StoredLintFinding &finding : must(project->readNow([&](Connection &c) { return lintFindingsOf(c, items[item]); })))
            rules.insert(finding.rule, finding.detail);
        return rules;
    }
};

} // namespace

class TestLintEdited : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatAnEditMendsOrBreaksIsKnownAtOnce()
    {
        Setting s({u"I like to drink tea in the morning "_s, u"I like to be alone for some time"_s});
        QVERIFY(s.found(0).contains(u"edge-whitespace"_s));
        QVERIFY(!s.found(1).contains(u"edge-whitespace"_s));
        s.edit(0, u"I like to drink tea in the morning"_s, u"a"_s);
        s.edit(1, u"I like to be alone for some time "_s, u"b"_s);
        QVERIFY(!s.found(0).contains(u"edge-whitespace"_s));
        QVERIFY(s.found(1).contains(u"edge-whitespace"_s));
        const auto first = s.found(0), second = s.found(1);
        must(lintDataset(*s.project, s.dataset)); // Says the same.
        QCOMPARE(s.found(0), first);
        QCOMPARE(s.found(1), second);
        must(s.project->writeNow([](Connection &c) -> Result<bool> {
            EVALWRIGHT_ASSIGN(const UndoneEdits undone, undoEdits(c, u"b"_s));
            return lintEdits(c, undone.batch);
        }));
        QVERIFY(!s.found(1).contains(u"edge-whitespace"_s));
    }

    void comparisonsSayThatTheyAreOlder()
    {
        Setting s({u"I want to help other people"_s, u"I want to help other people"_s});
        QCOMPARE(s.found(1).value(u"exact-duplicate"_s), u"See row 1."_s);
        s.edit(1, u"I want to see other people"_s, u"a"_s);
        const QString said = s.found(1).value(u"exact-duplicate"_s);
        QVERIFY2(said.startsWith(u"About the text before an edit"_s) && said.endsWith(u"See row 1."_s), qPrintable(said));
        s.edit(1, u"I want to know other people"_s, u"b"_s);
        QCOMPARE(s.found(1).value(u"exact-duplicate"_s), said); // Said once.
        must(lintDataset(*s.project, s.dataset));
        QVERIFY(!s.found(1).contains(u"exact-duplicate"_s));
    }

    void rejectedItemsWithoutFindingsArePassedOver()
    {
        Setting s({u"I like to drink tea in the morning"_s});
        must(s.project->writeNow([&](Connection &c) { return decideAll(c, {s.items[0].value}, false, u"person"_s); }));
        const bool had = !s.found(0).isEmpty();
        s.edit(0, u"I like to drink tea in the evening "_s, u"a"_s);
        QCOMPARE(s.found(0).contains(u"edge-whitespace"_s), had);
    }

    void veryManyWaitForLint()
    {
        QStringList statements;
        for (qint64 i = 0; i <= mostLintedWithEdit; ++i)
            statements << u"I like the number %1 "_s.arg(i);
        Setting s(statements);
        std::vector<qint64> ids;
        for (const CandidateId id : s.items)
            ids.push_back(id.value);
        const auto before = s.found(7);
        QVERIFY(!before.isEmpty());
        const bool looked = must(s.project->writeNow([&](Connection &c) -> Result<bool> {
            EVALWRIGHT_ASSIGN(const Relabelled done, relabelAll(c, ids, u"No"_s, u"r"_s));
            return lintEdits(c, done.batch);
        }));
        QVERIFY(!looked);
        QCOMPARE(s.found(7), before);
    }
};

QTEST_GUILESS_MAIN(TestLintEdited)
#include "tst_lintedited.moc"
