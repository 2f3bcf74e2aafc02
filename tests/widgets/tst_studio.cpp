// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "familyserver.h"
#include "generators/checker/form.h"
#include "generators/prompting.h"
#include "sampleproject.h"
#include "screenshots.h"
#include "storage/repositories/promptversions.h"
#include "widgets/session/session.h"
#include "widgets/studio/mustachelexer.h"
#include "widgets/studio/prompteditor.h"
#include "widgets/studio/promptspage.h"
#include "widgets/studio/trypanel.h"
#include "widgets/studio/versionspanel.h"
#include "widgets/wizard/trustpanel.h"

#include <QComboBox>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestStudio : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    TestServer m_server{familyModel};
    FakeAccess m_access{m_server.baseUrl()};
    std::unique_ptr<Session> m_session;
    std::unique_ptr<WizardDraft> m_draft;
    int m_projects = 0;

    static int stageOf(const Recipe &recipe, const QString &id)
    {
        for (int i = 0; i < recipe.stages.size(); ++i) {
            if (recipe.stages[i].id == id)
                return i;
        }
        return -1;
    }

private Q_SLOTS:
    void initTestCase() { m_theme.apply(*qApp, Theme::Mode::Light); }
    void init()
    {
        m_session = std::make_unique<Session>(nullptr, &m_access);
        m_session->createProject(m_folder.filePath(u"%1.evalwright"_s.arg(++m_projects)), u"p"_s);
        QTRY_VERIFY(m_session->project());
        m_draft = std::make_unique<WizardDraft>();
        m_draft->spec.recipe = *loadPreset(u"persona-yes-no"_s);
        Model model;
        model.name = model.modelId = u"m"_s;
        model.baseUrl = m_server.baseUrl();
        const auto added = m_session->project()->writeNow([model](Connection &c) { return addModel(c, model); },
                                                          {Topic::Models});
        QVERIFY(added);
        m_draft->models << *added;
        m_draft->spec.writer = m_draft->spec.checker = u"m"_s;
    }
    void cleanup()
    {
        m_session.reset();
        m_draft.reset();
    }

    void piecesCoverTheTextByteForByte()
    {
        const QByteArray text = "Grüße {{known}} and {{ unknown }} {{never";
        int bytes = 0;
        QList<int> styles;
        for (const MustacheLexer::Piece &piece : MustacheLexer::pieces(text, {u"known"_s})) {
            bytes += piece.bytes;
            styles << piece.style;
        }
        QCOMPARE(bytes, static_cast<int>(text.size()));
        QCOMPARE(styles, (QList<int>{MustacheLexer::Text, MustacheLexer::Known, MustacheLexer::Text,
                                     MustacheLexer::Unknown, MustacheLexer::Text, MustacheLexer::Broken}));
    }

    /// The names that are offered are those that the validator takes, in every stage of every preset.
    void namesAreThoseOfTheValidator()
    {
        int stages = 0;
        for (const PresetInfo &preset : listPresets()) {
            Recipe recipe = *loadPreset(preset.name);
            QVERIFY2(studioProblems(recipe).isEmpty(), qPrintable(preset.name));
            for (int i = 0; i < recipe.stages.size(); ++i) {
                if (!recipe.stages[i].asks())
                    continue;
                ++stages;
                Recipe changed = recipe;
                RecipeStage &stage = changed.stages[i];
                setPromptText(stage, PromptPart::ChatSuffix, u"{{no_such_name}}"_s);
                const QList<StudioProblem> problems = studioProblems(changed);
                QCOMPARE(problems.size(), 1);
                QCOMPARE(problems[0].stage, i);
                QVERIFY(problems[0].part == PromptPart::ChatSuffix);
                QStringList known = problems[0].problem.message.section(u"known names: "_s, 1).split(u", "_s);
                QStringList ours = promptNames(changed, stage);
                known.removeDuplicates();
                known.sort();
                ours.sort();
                QCOMPARE(ours, known);
            }
        }
        QVERIFY(stages > 15);
    }

    void mistakesAreMarkedAndNamedWithTheirPlace()
    {
        PromptsPage page(*m_session, *m_draft);
        page.enter();
        QVERIFY(page.problem().isEmpty());
        PromptEditor *user = page.editor(PromptPart::User);
        user->setText(u"{{description}} {{agree}}\nand {{nobody}} is here"_s);
        QVERIFY(!page.problem().isEmpty());
        QCOMPARE(user->markedLines(), 1);
        auto *list = page.findChild<QListWidget *>(u"problems"_s);
        QVERIFY(list);
        QCOMPARE(list->count(), 1);
        QVERIFY2(list->item(0)->text().contains(u"line 2, column 5"_s), qPrintable(list->item(0)->text()));
        QVERIFY(page.findChild<QTableWidget *>(u"changes"_s)->rowCount() >= 1);
        auto *reset = page.findChild<QPushButton *>(u"reset"_s);
        QVERIFY(reset->isEnabled());
        reset->click();
        QVERIFY(page.problem().isEmpty());
        QCOMPARE(user->markedLines(), 0);
        QCOMPARE(m_draft->spec.recipe.hash(), loadPreset(u"persona-yes-no"_s)->hash());
        QVERIFY(!reset->isEnabled());
    }

    void aFormIsReadOnlyUntilItIsCopied()
    {
        PromptsPage page(*m_session, *m_draft);
        page.enter();
        const int check = stageOf(m_draft->spec.recipe, u"check-label"_s);
        page.setStage(check);
        PromptEditor *user = page.editor(PromptPart::User);
        QVERIFY(user->isReadOnly());
        auto *forms = page.findChild<QComboBox *>(u"forms"_s);
        QVERIFY(forms->count() > 3); // Those of the family that ask for the label.
        page.findChild<QPushButton *>(u"edit-form"_s)->click();
        QVERIFY(!user->isReadOnly());
        const QString before = promptText(m_draft->spec.recipe.stages[check], PromptPart::User);
        user->setText(before + u" Think first."_s);
        QCOMPARE(m_draft->spec.recipe.stages[check].form->wordings.constFirst().user, before + u" Think first."_s);
        QVERIFY2(page.problem().isEmpty(), qPrintable(page.problem()));
        // The shipped one is as it was.
        QCOMPARE(loadCheckerForm(u"persona-agree"_s)->wordings.constFirst().user, before);
    }

    void oneRequestIsTriedAndItsAnswerIsPlain()
    {
        PromptsPage page(*m_session, *m_draft);
        page.enter();
        auto *panel = page.findChild<TryPanel *>();
        QVERIFY(panel);
        panel->run();
        QVERIFY(panel->isRunning());
        QTRY_VERIFY_WITH_TIMEOUT(!panel->isRunning(), 10'000);
        QVERIFY2(panel->answer().contains(u"I think that"_s), qPrintable(panel->answer()));
        page.setStage(stageOf(m_draft->spec.recipe, u"check-label"_s));
        panel->run();
        QTRY_VERIFY_WITH_TIMEOUT(!panel->isRunning(), 10'000);
        QVERIFY2(panel->answer().contains(u"First words"_s), qPrintable(panel->answer()));
    }

    void versionsAreSavedListedAndRestored()
    {
        PromptsPage page(*m_session, *m_draft);
        page.enter();
        auto *versions = page.findChild<VersionsPanel *>();
        const QString first = page.editor(PromptPart::User)->prompt();
        versions->save(u"as published"_s);
        QTRY_COMPARE(versions->versions().size(), 1);
        page.editor(PromptPart::User)->setText(first + u" Be brief."_s);
        versions->save(u"briefer <b>now</b>"_s);
        QTRY_COMPARE(versions->versions().size(), 2);
        QCOMPARE(versions->versions().constFirst().note, u"briefer <b>now</b>"_s);
        versions->restore(1);
        QCOMPARE(page.editor(PromptPart::User)->prompt(), first);
        QCOMPARE(m_draft->spec.recipe.hash(), loadPreset(u"persona-yes-no"_s)->hash());
        // The same again is the same version.
        versions->save(u"briefer <b>now</b>"_s);
        QTRY_COMPARE(versions->versions().size(), 3);
        versions->save(u"briefer <b>now</b>"_s);
        const auto stored = m_session->project()->readNow(
            [](Connection &c) { return promptVersions(c, u"persona-yes-no"_s, u"write"_s); });
        QVERIFY(stored);
        QCOMPARE(stored->size(), 3);
    }

    void storedItemsAreSamplesForChecks()
    {
        QVERIFY(m_session->project()->writeNow([](Connection &c) { return fillSample(c, 8); }, {Topic::Candidates}));
        Candidate candidate;
        candidate.statement = u"I count my steps"_s;
        candidate.wantedLabel = u" Yes"_s;
        const RecipeStage *check = m_draft->spec.recipe.checking();
        const auto request = sampleRequest(m_draft->spec.recipe, *check, m_draft->models.constFirst(), 0, candidate);
        QVERIFY(request);
        QString text;
        for (const Turn &turn : request->turns)
            text += turn.text;
        QVERIFY(text.contains(u"I count my steps"_s));
        PromptsPage page(*m_session, *m_draft);
        page.enter();
        page.setStage(stageOf(m_draft->spec.recipe, u"check-label"_s));
        QTRY_VERIFY(std::ranges::any_of(page.findChildren<QComboBox *>(), [](const QComboBox *box) {
            return box->count() > 3 && box->itemText(1).contains(u"⟨U+202E⟩"_s) && box->itemText(2).contains(u"Invented statement"_s);
        }));
        lookAt(page, u"studio-check"_s, QSize(900, 600), m_theme);
    }

    /// A risk recipe checks by a prompt of its own; a form that known labels can try takes its place, and goes again.
    void aFormTakesThePlaceOfTheRecipesOwnCheck()
    {
        m_draft->spec.recipe = *loadPreset(u"risk-multiple-choice"_s);
        PromptsPage page(*m_session, *m_draft);
        page.enter();
        page.setStage(stageOf(m_draft->spec.recipe, u"check-label"_s));
        auto *forms = page.findChild<QComboBox *>(u"forms"_s);
        QVERIFY(!forms->isHidden());
        QCOMPARE(forms->currentIndex(), 0);
        const int row = forms->findData(u"choice-label"_s);
        QVERIFY(row > 0);
        TrustPanel panel(*m_session);
        const Model model = m_draft->models.constFirst();
        panel.setChecker(m_draft->spec.recipe.checking(), &model, {});
        QVERIFY(panel.findChild<QPushButton *>(u"try-checker"_s)->isHidden());
        Q_EMIT forms->activated(row);
        const Recipe &recipe = m_draft->spec.recipe;
        QVERIFY(recipe.checking()->form);
        QCOMPARE(recipe.checking()->form->name, u"choice-label"_s);
        QVERIFY(Recipe::validate(QByteArray::fromStdString(recipe.toJson().dump())).isEmpty());
        panel.setChecker(recipe.checking(), &model, {});
        QVERIFY(!panel.findChild<QPushButton *>(u"try-checker"_s)->isHidden());
        QCOMPARE(forms->currentData().toString(), u"choice-label"_s);
        Q_EMIT forms->activated(0);
        QVERIFY(!recipe.checking()->form);
        QCOMPARE(recipe.hash(), loadPreset(u"risk-multiple-choice"_s)->hash());
    }

    void aCheckerThatIsNoBetterThanChanceNeedsAReason()
    {
        TrustPanel panel(*m_session);
        const RecipeStage *check = m_draft->spec.recipe.checking();
        const Model model = m_draft->models.constFirst();
        panel.setChecker(check, &model, {});
        QVERIFY(!panel.isDistrusted()); // Not tried yet.
        const auto stored = m_session->project()->writeNow(
            [&](Connection &c) -> Result<CheckerValidation> {
                EVALWRIGHT_ASSIGN(const Sample sample, fillSample(c, 8));
                Job job;
                job.kind = u"validate"_s;
                job.title = u"v"_s;
                job.parameters = u"{}"_s;
                job.parametersHash = u"v"_s;
                EVALWRIGHT_ASSIGN(job, createJob(c, job));
                CheckerValidation validation;
                validation.jobId = job.id;
                validation.datasetId = sample.dataset;
                validation.modelId = model.id;
                validation.prompt = check->form->name;
                validation.frame = u"chat"_s;
                validation.checkJson = u"{}"_s;
                validation.checkHash = checkerHash(*check->form, checkFrame(*check, model));
                validation.items = 12;
                validation.result = uR"({"n":12,"verdict":"refused","auroc":{"value":0.2,"low":0.1,"high":0.4},
                    "accuracy":{"value":0.3},"label_mass":{"mean":0.9},"position_bias":{"value":null}})"_s;
                return addValidation(c, validation);
            },
            {Topic::Jobs});
        QVERIFY(stored);
        panel.setChecker(nullptr, nullptr, {});
        panel.setChecker(check, &model, {});
        QTRY_VERIFY(panel.isDistrusted());
        auto *table = panel.findChild<QTableWidget *>(u"validations"_s);
        QCOMPARE(table->rowCount(), 1);
        QVERIFY(table->item(0, 2)->text().startsWith(u"0.20"_s));
        QCOMPARE(table->item(0, 6)->text(), u"–"_s); // A number that does not exist.
        lookAt(panel, u"trust"_s, QSize(640, 420), m_theme);
    }
};

QTEST_MAIN(TestStudio)
#include "tst_studio.moc"
