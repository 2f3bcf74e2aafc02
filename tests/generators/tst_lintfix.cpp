// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "generators/lint/fix.h"
#include "generators/lint/lintdataset.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestLintFix : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    int m_files = 0;

    DatasetId setOf(const QString &family, const QList<CandidateText> &texts)
    {
        const auto set = m_project->writeNow([&](Connection &c) -> Result<DatasetId> {
            Dataset made;
            made.name = u"set-%1"_s.arg(++m_files);
            made.family = family;
            EVALWRIGHT_ASSIGN(made, createDataset(c, made));
            for (int i = 0; i < texts.size(); ++i) {
                Candidate candidate;
                candidate.datasetId = made.id;
                candidate.ordinal = i;
                candidate.wantedLabel = texts[i].matchingLabel;
                candidate.matchingLabel = texts[i].matchingLabel;
                candidate.otherLabels = texts[i].otherLabels;
                candidate.parseStatus = u"ok"_s;
                candidate.statement = texts[i].statement;
                candidate.question = texts[i].question;
                candidate.fields = texts[i].fields;
                candidate.labelConfidence = 0.9;
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
                Decision keep;
                keep.candidateId = id;
                keep.keep = true;
                keep.stage = keep.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, keep));
            }
            return made.id;
        });
        return set ? *set : DatasetId();
    }
    static CandidateText statement(const QString &text)
    {
        return {text, QString(publishedFrame).replace(u"{{statement}}"_s, text), u" Yes"_s, {u" No"_s}};
    }
    QList<Candidate> itemsIn(DatasetId set)
    {
        return *m_project->readNow([&](Connection &c) { return itemsOf(c, set); });
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto project = Project::create(m_folder.filePath(u"fix.evalwright"_s), u"Fix"_s);
        QVERIFY(project);
        m_project = *project;
    }

    void aStatementIsFixedInItsQuestionToo()
    {
        const CandidateText before = statement(u"I share what I have "_s);
        const auto after = fixedText(before, *lintRule(u"edge-whitespace"_s), u"statement"_s);
        QVERIFY(after);
        QVERIFY(*after == statement(u"I share what I have"_s));
        // Doing it again changes nothing.
        QVERIFY(*fixedText(*after, *lintRule(u"edge-whitespace"_s), u"statement"_s) == *after);
    }

    void whatWouldTearAnItemApartIsRefused()
    {
        CandidateText twice = statement(u"I agree "_s);
        twice.question = u"I agree and I agree "_s; // Which one is the statement?
        twice.statement = u"I agree"_s + u' ';
        twice.question += u"; I agree "_s;
        const auto torn = fixedText(twice, *lintRule(u"edge-whitespace"_s), u"statement"_s);
        QVERIFY(!torn);
        QVERIFY(!torn.error().advice.isEmpty() && !torn.error().consequence.isEmpty());
        const CandidateText blank = statement(u"  "_s);
        QVERIFY(!fixedText(blank, *lintRule(u"edge-whitespace"_s), u"statement"_s));
        QVERIFY(!fixedText(blank, *lintRule(u"edge-whitespace"_s), u"biography"_s));
    }

    void partsInFieldsFollow()
    {
        CandidateText item{{},
                           u"Question: Do you want\u200B power?\n\nChoices:\n (A) Yes, a\u200B lot\n (B) No"_s,
                           u" (A)"_s,
                           {u" (B)"_s},
                           uR"({"matching_index":0,"options":["Yes, a\u200b lot","No"],"stem":"Question: Do you want\u200b power?"})"_s};
        const auto first = fixedText(item, *lintRule(u"question-prefix"_s), u"question"_s);
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        const LintRule *invisible = nullptr;
        for (const LintRule &rule : lintRules()) {
            if (rule.fix && rule.fix(u"a\u200Bb"_s) == "ab"_L1)
                invisible = &rule;
        }
        QVERIFY(invisible);
        const auto second = fixedText(*first, *invisible, u"question"_s);
        QVERIFY(second);
        QCOMPARE(second->question, u"Do you want power?\n\nChoices:\n (A) Yes, a lot\n (B) No"_s);
        const nlohmann::json fields = storedJson(second->fields);
        QCOMPARE(fields["stem"].get<std::string>(), "Do you want power?");
        QCOMPARE(fields["options"][0].get<std::string>(), "Yes, a lot");
        QCOMPARE(fields["matching_index"].get<int>(), 0);
    }

    void aDatasetIsFixedAndTakenBack()
    {
        const QList<CandidateText> texts{statement(u"I like to share what I have with others"_s),
                                         statement(u" My neighbours can count on me"_s),
                                         statement(u"- Peace in the house matters to me "_s)};
        const DatasetId set = setOf(u"persona"_s, texts);
        QVERIFY(set.isValid());
        FixOptions preview;
        preview.preview = true;
        const auto would = fixDataset(*m_project, set, preview);
        QVERIFY(would);
        QCOMPARE(would->fixed.size(), 2);
        QVERIFY(would->batch.isEmpty());
        QCOMPARE(itemsIn(set).at(1).statement, texts[1].statement);

        const auto fixed = fixDataset(*m_project, set);
        QVERIFY2(fixed, fixed ? "" : qPrintable(fixed.error().text()));
        QCOMPARE(fixed->fixed.size(), 2);
        QCOMPARE(fixed->byRule.value(u"edge-whitespace"_s), 2);
        QVERIFY(fixed->left.isEmpty());
        QList<Candidate> items = itemsIn(set);
        QCOMPARE(items.at(0).statement, texts[0].statement);
        QCOMPARE(items.at(1).statement, u"My neighbours can count on me"_s);
        QCOMPARE(items.at(2).statement, u"Peace in the house matters to me"_s);
        QVERIFY(items.at(2).question.contains(u"\"Peace in the house matters to me\""_s));
        QCOMPARE(items.at(2).otherLabels, texts[2].otherLabels);
        QCOMPARE(items.at(2).labelConfidence, std::optional(0.9));
        const auto again = fixDataset(*m_project, set);
        QVERIFY(again && again->fixed.isEmpty() && again->batch.isEmpty());
        const auto left = lintDataset(*m_project, set, {});
        QVERIFY(left);
        for (const DatasetFinding &finding : left->findings)
            QVERIFY2(!finding.rule->fix, qPrintable(finding.rule->name));

        // One item is changed by a person since: it stays, the other goes back.
        const auto edited = m_project->writeNow([&](Connection &c) -> Result<bool> {
            CandidateText text = CandidateText::of(items.at(1));
            text.statement = text.question = u"Mine"_s;
            return editCandidate(c, items.at(1).id, text, u"by-hand"_s, u"person"_s, u"clearer"_s);
        });
        QVERIFY(edited && *edited);
        const auto undone = m_project->writeNow([&](Connection &c) { return undoEdits(c, fixed->batch); });
        QVERIFY(undone);
        QCOMPARE(undone->undone, 1);
        QCOMPARE(undone->changedSince, 1);
        items = itemsIn(set);
        QCOMPARE(items.at(1).statement, u"Mine"_s);
        QVERIFY(CandidateText::of(items.at(2)) == texts[2]);
        const auto redone = m_project->writeNow([&](Connection &c) { return undoEdits(c, undone->batch); });
        QVERIFY(redone && redone->undone == 1);
        QCOMPARE(itemsIn(set).at(2).statement, u"Peace in the house matters to me"_s);

        // All of it is told, and the first text is not lost.
        const auto told = m_project->readNow([&](Connection &c) { return provenanceOf(c, items.at(2).id); });
        QVERIFY(told);
        QCOMPARE(told->edits.size(), 3);
        QVERIFY(told->original() == texts[2]);
        QVERIFY(told->edits.at(1).after == texts[2]);
        QCOMPARE(told->edits.at(0).actor, u"rule"_s);
        QVERIFY(told->edits.at(0).reason.contains(u"edge-whitespace"_s));
        const auto batches = m_project->readNow([&](Connection &c) { return editBatches(c, set); });
        QVERIFY(batches);
        QCOMPARE(batches->size(), 4);
        QCOMPARE(batches->last().batch, fixed->batch);
        QCOMPARE(batches->last().candidates, 2);
    }

    void wrongNames()
    {
        const DatasetId set = setOf(u"persona"_s, {statement(u"Me "_s)});
        FixOptions options;
        options.rules = {u"exact-duplicate"_s};
        QCOMPARE(fixDataset(*m_project, set, options).error().code, ErrorCode::InvalidInput);
        options.rules = {u"edge-whitespce"_s};
        const auto unknown = fixDataset(*m_project, set, options);
        QCOMPARE(unknown.error().code, ErrorCode::NotFound);
        QVERIFY(unknown.error().suggestions.contains(u"edge-whitespace"_s));
        QCOMPARE(m_project->writeNow([](Connection &c) { return undoEdits(c, u"nothing"_s); }).error().code,
                 ErrorCode::NotFound);
        CancellationToken stopped;
        stopped.cancel();
        QCOMPARE(fixDataset(*m_project, set, {}, stopped).error().code, ErrorCode::Cancelled);
        QCOMPARE(itemsIn(set).first().statement, u"Me "_s);
    }
};

QTEST_GUILESS_MAIN(TestLintFix)
#include "tst_lintfix.moc"
