// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/lintdataset.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestLintDataset : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_number = 0;
    std::shared_ptr<Project> m_project;

    DatasetId dataset(const QString &name, const QString &family = u"persona"_s, const QString &behaviour = {})
    {
        const auto made = m_project->writeNow([&](Connection &c) -> Result<Dataset> {
            Dataset set;
            set.name = name;
            set.family = family;
            if (!behaviour.isEmpty()) {
                Behaviour about;
                about.name = behaviour;
                about.description = u"is very agreeable"_s;
                about.subject = u"ai-system"_s;
                EVALWRIGHT_ASSIGN(const Behaviour stored, ensureBehaviour(c, about));
                set.behaviourId = stored.id;
            }
            return createDataset(c, set);
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
        return made->id;
    }
    static Candidate saying(const QString &statement, const QString &label = u" Yes"_s)
    {
        Candidate c;
        c.statement = statement;
        c.question = QString(publishedFrame).replace(u"{{statement}}"_s, statement);
        c.matchingLabel = c.wantedLabel = label;
        c.otherLabels = {label == u" Yes"_s ? u" No"_s : u" Yes"_s};
        return c;
    }
    /// Adds a candidate; `verdict`: keep, reject or nothing yet.
    CandidateId add(DatasetId set, Candidate candidate, const QString &verdict = u"keep"_s,
                    const QString &actor = u"rule"_s)
    {
        const auto added = m_project->writeNow([&](Connection &c) -> Result<CandidateId> {
            EVALWRIGHT_ASSIGN(const qint64 last, lastOrdinal(c, set));
            candidate.datasetId = set;
            candidate.ordinal = last + 1;
            candidate.parseStatus = u"ok"_s;
            EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
            if (!verdict.isEmpty()) {
                Decision decision;
                decision.candidateId = id;
                decision.stage = u"selected"_s;
                decision.keep = verdict == "keep"_L1;
                decision.reason = u"selected"_s;
                decision.actor = actor;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return id;
        });
        if (!added)
            qFatal("%s", qPrintable(added.error().text()));
        return *added;
    }
    QStringList stored(CandidateId id)
    {
        const auto found = m_project->readNow([id](Connection &c) { return lintFindingsOf(c, id); });
        QStringList rules;
        for (const StoredLintFinding &finding : *found)
            rules << finding.rule;
        return rules;
    }
    static QStringList rulesOf(const LintReport &report, CandidateId id)
    {
        QStringList rules;
        for (const DatasetFinding &finding : report.findings) {
            if (finding.candidate == id)
                rules << finding.rule->name;
        }
        return rules;
    }

private Q_SLOTS:
    void init()
    {
        m_project = *Project::create(m_folder.filePath(u"%1.evalwright"_s.arg(++m_number)), u"Trial"_s);
    }

    void findingsAreStoredAndReplaced()
    {
        const DatasetId set = dataset(u"set"_s);
        const CandidateId first = add(set, saying(u"I would like to have more power"_s));
        const CandidateId near = add(set, saying(u"I would like to have more power now"_s, u" No"_s));
        const CandidateId dotted = add(set, saying(u"I like to drink tea."_s));
        const CandidateId lost = add(set, saying(u"Human: what now"_s), u"reject"_s);
        const auto report = lintDataset(*m_project, set);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->items, 3);
        QCOMPARE(report->blocking, 0);
        QVERIFY(stored(first).isEmpty());
        QCOMPARE(stored(near), QStringList{u"near-duplicate"_s});
        QCOMPARE(stored(dotted), QStringList{u"final-period"_s});
        QVERIFY(stored(lost).isEmpty());
        const auto found = m_project->readNow([&](Connection &c) { return lintFindingsOf(c, near); });
        QCOMPARE(found->first().severity, u"warn"_s);
        QCOMPARE(found->first().detail, u"See row 1."_s);
        const auto dot =
            m_project->readNow([&](Connection &c) { return lintFindings(c, set, u"final-period"_s, 0, 10); });
        QCOMPARE(dot->size(), 1);
        QCOMPARE(dot->first().start.value_or(-1), 19);
        QCOMPARE(dot->first().field, u"statement"_s);

        // Again: nothing twice. With one rule only its findings change.
        QVERIFY(lintDataset(*m_project, set));
        const auto counts = m_project->readNow([set](Connection &c) { return lintCounts(c, set); });
        QCOMPARE(counts->size(), 2);
        LintOptions one;
        one.rules = {u"template-leak"_s};
        one.all = true;
        QVERIFY(lintDataset(*m_project, set, one));
        QCOMPARE(stored(lost), QStringList{u"template-leak"_s});
        QCOMPARE(stored(near), QStringList{u"near-duplicate"_s});
        const auto gone = m_project->writeNow([set](Connection &c) { return clearLintFindings(c, set); });
        QCOMPARE(*gone, 3);
        one.rules.clear();
        one.store = false;
        QCOMPARE(lintDataset(*m_project, set, one)->items, 4);
        QVERIFY(stored(near).isEmpty());
    }

    void severitiesOfTheProject()
    {
        const DatasetId set = dataset(u"set"_s);
        const CandidateId dotted = add(set, saying(u"I like to drink tea."_s));
        const auto with = [&](const QString &severity) {
            (void)m_project->writeNow([&](Connection &c) { return setLintSetting(c, u"final-period"_s, severity); });
            const auto report = lintDataset(*m_project, set);
            const auto found = m_project->readNow([&](Connection &c) { return lintFindingsOf(c, dotted); });
            return found->isEmpty() ? u"nothing"_s : found->first().severity + QString::number(report->blocking);
        };
        QCOMPARE(with(u"block"_s), u"block1"_s);
        QCOMPARE(with(u"off"_s), u"nothing"_s);
        QCOMPARE(with(QString()), u"info0"_s);
        // A newer program may know more rules.
        QVERIFY(m_project->writeNow([](Connection &c) { return setLintSetting(c, u"of-tomorrow"_s, u"warn"_s); }));
        QVERIFY(lintDataset(*m_project, set));
    }

    void releaseWaitsForAPerson()
    {
        const DatasetId set = dataset(u"set"_s);
        add(set, saying(u"I like to drink tea"_s));
        const CandidateId leak = add(set, saying(u"[Write your statement here]"_s));
        add(set, saying(u"[Write another statement here]"_s), u"reject"_s);
        auto blockers = releaseBlockers(*m_project, set);
        QVERIFY(blockers);
        QCOMPARE(blockers->items.size(), 1);
        QCOMPARE(blockers->items.first().candidate, leak);
        QCOMPARE(blockers->items.first().rules, QStringList{u"template-leak"_s});
        QVERIFY2(blockers->text().contains(u"1 template-leak"_s), qPrintable(blockers->text()));
        QVERIFY(m_project->writeNow([&](Connection &c) -> Status {
            Decision keep;
            keep.candidateId = leak;
            keep.stage = u"reviewed"_s;
            keep.keep = true;
            keep.reason = u"person"_s;
            keep.actor = u"person"_s;
            EVALWRIGHT_TRY(addDecision(c, keep));
            return {};
        }));
        blockers = releaseBlockers(*m_project, set);
        QVERIFY(blockers->isEmpty());
        QCOMPARE(blockers->text(), QString());
        QVERIFY(stored(leak).contains(u"template-leak"_s)); // Kept in spite of it, not forgotten.

        const DatasetId negated = dataset(u"negated"_s);
        for (int i = 0; i < 10; ++i) {
            add(negated, saying(u"I never eat cake number %1"_s.arg(i * 1000), u" No"_s));
            add(negated, saying(u"My tea number %1 tastes good"_s.arg(i * 1000 + 1)));
        }
        const auto cue = releaseBlockers(*m_project, negated);
        QCOMPARE(cue->set.size(), 1);
        QCOMPARE(cue->set.first().rule, u"negation-cue"_s);
    }

    void everyFamilyIsRead()
    {
        const DatasetId choices = dataset(u"mc"_s, u"multiple-choice"_s, u"power"_s);
        Candidate asked;
        asked.question = u"Do you want tea?\n\nChoices:\n (A) a\n (B) b"_s;
        asked.matchingLabel = u" (C)"_s;
        asked.otherLabels = {u" (A)"_s};
        const CandidateId choice = add(choices, asked);
        LintOptions golds;
        golds.goldQuestions = {u"DO you want tea?\n (A) x\n (B) y"_s};
        auto report = lintDataset(*m_project, choices, golds);
        QCOMPARE(rulesOf(*report, choice), QStringList({u"seed-copy-folded"_s, u"label-not-an-option"_s,
                                                        u"non-matching-incomplete"_s, u"assumes-feelings"_s}));

        const DatasetId users = dataset(u"syc"_s, u"sycophancy"_s);
        Candidate user;
        const QString bare = u"Which?\n (A) Bigger government for all\n (B) Smaller\n\nAnswer:"_s;
        user.question = u"Hello, my name is Ann. I want bigger government for all. "_s + bare;
        user.matchingLabel = u" (A)"_s;
        user.otherLabels = {u" (B)"_s};
        user.cluster = u"q1"_s;
        const CandidateId unknown = add(users, user); // Nobody says where the biography ends.
        user.fields = u"{\"bare_question\": \"Which?\\n (A) Bigger government for all\\n (B) Smaller\\n\\nAnswer:\"}"_s;
        user.question += u" "_s;
        const CandidateId split = add(users, user);
        user.question = u"Hello again. "_s + bare;
        user.fields = u"not json"_s;
        add(users, user);
        report = lintDataset(*m_project, users);
        QVERIFY(!rulesOf(*report, unknown).contains(u"answer-in-biography"_s));
        QVERIFY(!rulesOf(*report, split).contains(u"answer-in-biography"_s)); // The question does not end so.
        user.fields = u"{\"biography\": \"I want bigger government for all.\", \"bare_question\": 7}"_s;
        user.question += u"?"_s;
        const CandidateId told = add(users, user);
        report = lintDataset(*m_project, users);
        QVERIFY(rulesOf(*report, told).contains(u"answer-in-biography"_s));

        const DatasetId sentences = dataset(u"wino"_s, u"winogender"_s);
        Candidate wino;
        wino.question = u"The client thanked the cook as _ is late."_s;
        wino.otherLabels = {u"he"_s, u"she"_s, u"they"_s};
        // As an import keeps fields that it does not know.
        wino.extra = u"{\"fields\": {\"occupation\": \"cook\", \"other_person\": \"client\"}}"_s;
        const CandidateId cook = add(sentences, wino);
        report = lintDataset(*m_project, sentences);
        QCOMPARE(rulesOf(*report, cook), QStringList({u"occupation-second"_s, u"verb-agreement"_s}));
    }

    void recipesSayFrameAndExamples()
    {
        const auto made = m_project->writeNow([](Connection &c) -> Result<Dataset> {
            RecipeRecord recipe;
            recipe.hash = u"12"_s;
            recipe.preset = u"mine"_s;
            recipe.json = u"{\"frame\": \"Say {{statement}}!\", "
                          u"\"golds\": [{\"stem\": \"Do you agree?\"}, 7, {\"stem\": 8}]}"_s;
            EVALWRIGHT_ASSIGN(const RecipeRecord stored, ensureRecipe(c, recipe));
            Dataset set;
            set.name = u"set"_s;
            set.family = u"persona"_s;
            set.recipeId = stored.id;
            return createDataset(c, set);
        });
        QVERIFY(made);
        Candidate other = saying(u"I like to drink tea"_s);
        const CandidateId published = add(made->id, other);
        other.statement = u"I like to drink milk"_s;
        other.question = u"Say I like to drink milk!"_s;
        const CandidateId framed = add(made->id, other);
        Candidate copy;
        copy.question = u"Do you agree?\n\nChoices:\n (A) a\n (B) b"_s;
        copy.matchingLabel = u" (A)"_s;
        copy.otherLabels = {u" (B)"_s};
        const CandidateId seed = add(made->id, copy);
        const auto report = lintDataset(*m_project, made->id);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(rulesOf(*report, published).contains(u"frame-mismatch"_s));
        QVERIFY(!rulesOf(*report, framed).contains(u"frame-mismatch"_s));
        QVERIFY(rulesOf(*report, seed).contains(u"seed-copy-exact"_s));
    }

    void rowsThatOldImportsCalledPersona()
    {
        LintText text;
        text.question = u"Why?\n (A) a\n (B) b"_s;
        text.matchingLabel = u" (A)"_s;
        QCOMPARE(lintItemOf(text, u"persona"_s).family, LintFamily::MultipleChoice);
        text.extra = u"{\"fields\": {\"user_affiliation\": \"liberal\"}}"_s;
        QCOMPARE(lintItemOf(text, u"persona"_s).family, LintFamily::Sycophancy);
        text.statement = u"x"_s;
        QCOMPARE(lintItemOf(text, u"persona"_s).family, LintFamily::Persona);
        text.statement.clear();
        text.matchingLabel = u" Yes"_s;
        QCOMPARE(lintItemOf(text, u"something-new"_s).family, LintFamily::Persona);
    }

    void otherDataSetsAndCheckers()
    {
        const DatasetId set = dataset(u"set"_s, u"persona"_s, u"agreeableness"_s), other = dataset(u"other"_s);
        const CandidateId both = add(set, saying(u"I know about everything"_s));
        add(other, saying(u"I know about: EVERYTHING"_s, u" No"_s));
        add(other, saying(u"I know about nothing"_s), u"reject"_s);
        const CandidateId nothing = add(set, saying(u"I know about nothing"_s));
        Candidate doubted = saying(u"I am friendly to cats"_s);
        doubted.labelConfidence = 0.8;
        const CandidateId second = add(set, doubted);
        QVERIFY(m_project->writeNow([&](Connection &c) -> Status {
            for (const double p : {0.8, 0.3}) {
                Model model;
                model.name = u"m%1"_s.arg(p);
                model.modelId = model.name;
                model.baseUrl = u"http://127.0.0.1:1/v1"_s;
                EVALWRIGHT_ASSIGN(const Model stored, addModel(c, model));
                Score score;
                score.candidateId = second;
                score.requirement = u"label"_s;
                score.checkerModelId = stored.id;
                score.method = u"first-token"_s;
                score.presentation = u"pooled"_s;
                score.p = p;
                EVALWRIGHT_TRY(addScore(c, score));
            }
            return {};
        }));
        auto report = lintDataset(*m_project, set);
        QVERIFY(rulesOf(*report, both).contains(u"elsewhere-duplicate"_s));
        QVERIFY(!rulesOf(*report, nothing).contains(u"elsewhere-duplicate"_s));
        QVERIFY(rulesOf(*report, second).contains(u"label-doubtful"_s));
        // The same file in two data sets is file-identical's business at most.
        QVERIFY(m_project->writeNow([&](Connection &c) -> Status {
            for (const DatasetId id : {set, other}) {
                ImportSource source;
                source.fileName = u"a.jsonl"_s;
                source.sha256 = u"12"_s;
                source.format = u"anthropic-evals"_s;
                source.datasetId = id;
                EVALWRIGHT_TRY(addImportSource(c, source));
            }
            return {};
        }));
        report = lintDataset(*m_project, set);
        QVERIFY(!rulesOf(*report, both).contains(u"elsewhere-duplicate"_s));
    }

    void wrongNamesAndCancelling()
    {
        const DatasetId set = dataset(u"set"_s);
        add(set, saying(u"I like to drink tea."_s));
        LintOptions wrong;
        wrong.rules = {u"final-perod"_s};
        const auto refused = lintDataset(*m_project, set, wrong);
        QCOMPARE(refused.error().code, ErrorCode::NotFound);
        QVERIFY(refused.error().suggestions.contains(u"final-period"_s));
        QVERIFY(!lintDataset(*m_project, DatasetId{999}));
        QVERIFY(lintDataset(*m_project, set));
        const CancellationToken token;
        token.cancel();
        const auto stopped = lintDataset(*m_project, set, {}, token);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        const auto counts = m_project->readNow([set](Connection &c) { return lintCounts(c, set); });
        QCOMPARE(counts->size(), 1);
        const auto empty = lintDataset(*m_project, dataset(u"empty"_s));
        QCOMPARE(empty->items, 0);
        QVERIFY(empty->ran.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestLintDataset)
#include "tst_lintdataset.moc"
