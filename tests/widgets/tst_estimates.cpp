// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/countingmodel.h"
#include "../support/fakeaccess.h"
#include "screenshots.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "widgets/activity/budgetdialog.h"
#include "widgets/activity/jobspage.h"
#include "widgets/estimate/budgetfield.h"
#include "widgets/estimate/estimatecard.h"
#include "widgets/estimate/estimatewords.h"
#include "widgets/estimate/generateestimate.h"
#include "widgets/evaluation/evaluationdialog.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/newdatasetdialog.h"

#include <QApplication>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

Estimate example()
{
    Estimate estimate;
    estimate.requests = {EstimateRange{90, 100, 110}, {u"m, label checks: 17 of 20"_s}};
    estimate.promptTokens = {EstimateRange::exactly(5000), {u"m: 4 <b>characters</b> a token"_s}};
    estimate.completionTokens = {EstimateRange::exactly(900), {}};
    estimate.cost = {std::nullopt, {u"m has no price"_s}};
    estimate.seconds = {EstimateRange{60, 90, 120}, {u"m: 8 answers a second"_s}};
    return estimate;
}

GenerateSpec specOf(std::optional<double> budget)
{
    GenerateSpec spec;
    spec.recipe = *loadPreset(u"persona-yes-no"_s);
    spec.recipe.writing().count = 20;
    spec.recipe.select.keepPerLabel = 5;
    spec.dataset = u"set"_s;
    spec.writer = spec.checker = u"m"_s;
    spec.budget = budget;
    return spec;
}

} // namespace

class TestEstimates : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    TestServer m_server{countingModel};
    FakeAccess m_access{m_server.baseUrl()};
    std::unique_ptr<Session> m_session;

    void open(const QString &name)
    {
        m_session = std::make_unique<Session>(nullptr, &m_access);
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->createProject(m_folder.filePath(name), u"p"_s);
        QTRY_VERIFY(m_session->project());
        Model model;
        model.name = model.modelId = u"m"_s;
        model.baseUrl = m_server.baseUrl();
        model.priceIn = 3;
        model.priceOut = 15;
        QVERIFY(m_session->project()->writeNow([model](Connection &c) { return addModel(c, model); }, {Topic::Models}));
    }

private Q_SLOTS:
    void cleanup() { m_session.reset(); }

    void wordsNameTheEndsAndWhatIsNotKnown()
    {
        const QString text = estimateLines(example()).join(u'\n');
        QVERIFY2(text.contains(u"Requests: 100 (90 to 110)"_s), qPrintable(text));
        QVERIFY2(text.contains(u"Cost: not known – m has no price"_s), qPrintable(text));
        QVERIFY2(text.contains(u"Time: about 1 min 30 s ("_s), qPrintable(text));
        Estimate free = example();
        free.cost = {EstimateRange{}, {}};
        QVERIFY(estimateLines(free).contains(u"Cost: none"_s));
    }

    void theBasisIsBehindAButtonAndPlain()
    {
        EstimateCard card;
        card.showEstimate({u"before"_s}, example(), {u"after"_s});
        QVERIFY(card.text().startsWith(u"before\n"_s) && card.text().endsWith(u"\nafter"_s));
        auto *button = card.findChild<QToolButton *>();
        QVERIFY(button && button->isVisibleTo(&card));
        QVERIFY(card.basis().contains(u"4 <b>characters</b> a token"_s));
        const auto shown = [&card] {
            return card.findChild<QPlainTextEdit *>()->isVisibleTo(&card);
        };
        QVERIFY(!shown());
        button->click();
        QVERIFY(shown());
        card.showText(u"a sentence"_s);
        QVERIFY(!button->isVisibleTo(&card));
    }

    void aBudgetIsOffUntilItIsWanted()
    {
        BudgetField field;
        QVERIFY(!field.budget());
        QSignalSpy changed(&field, &BudgetField::changed);
        field.findChild<QCheckBox *>()->setChecked(true);
        field.findChild<QDoubleSpinBox *>()->setValue(0.25);
        QCOMPARE(field.budget(), std::optional<double>(0.25));
        QCOMPARE(changed.count(), 2);
        field.setBudget({});
        QVERIFY(!field.budget());
        QCOMPARE(changed.count(), 2);
    }

    void theWizardsEstimateComesByItself()
    {
        open(u"a.evalwright"_s);
        GenerateEstimate card(*m_session, true);
        card.setSpec(specOf({}));
        QTRY_VERIFY2(card.text().contains(u"40 texts to write"_s), qPrintable(card.text()));
        QVERIFY(card.text().contains(u"Cost: about"_s));
        QVERIFY(card.basis().contains(u"rule of thumb"_s));
        GenerateSpec larger = specOf({});
        larger.recipe.writing().count = 1000;
        card.setSpec(larger);
        QTRY_VERIFY2(card.text().contains(u"texts to write"_s) && !card.text().contains(u"40 texts"_s),
                     qPrintable(card.text()));
        larger.writer = u"nobody"_s;
        card.setSpec(larger);
        QTRY_VERIFY(card.text().contains(u"nobody"_s));
        QCOMPARE(m_server.requests(), 0);
    }

    void theyAreSeenInTheWindow()
    {
        open(u"c.evalwright"_s);
        QSignalSpy finished(&m_session->jobs(), &JobQueue::finished);
        m_session->startGenerate(specOf({}));
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 20'000);
        QCOMPARE(m_session->jobs().jobs().constLast().state, ActiveJob::State::Done);

        NewDatasetDialog wizard(*m_session, nullptr);
        QTRY_COMPARE(wizard.draft().models.size(), 1);
        for (const int step : {1, 2, 3, 5}) {
            wizard.goTo(step);
            if (step < 3)
                continue;
            const auto cards = wizard.findChildren<GenerateEstimate *>();
            QTRY_VERIFY(std::ranges::any_of(cards, [](const GenerateEstimate *card) {
                return card->isVisibleTo(card->window()) && card->text().contains(u"Cost: about"_s);
            }));
            lookAt(wizard, u"estimate-wizard-%1"_s.arg(step), QSize(1120, 760), m_theme);
        }

        EvaluationDialog dialog(*m_session, {}, {}, nullptr);
        auto *card = dialog.findChild<EstimateCard *>();
        QTRY_VERIFY2(card->text().contains(u"Cost: about"_s), qPrintable(card->text()));
        card->findChild<QToolButton *>()->click();
        lookAt(dialog, u"estimate-evaluation"_s, QSize(860, 820), m_theme);
        auto *field = dialog.findChild<BudgetField *>();
        field->findChild<QCheckBox *>()->setChecked(true);
        field->findChild<QDoubleSpinBox *>()->setValue(0.5);
        QCOMPARE(dialog.spec().budget, std::optional<double>(0.5));
    }

    void aJobThatSpentItsBudgetGoesOnWithALargerOne()
    {
        open(u"b.evalwright"_s);
        QSignalSpy finished(&m_session->jobs(), &JobQueue::finished);
        m_session->startGenerate(specOf(0.0005));
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 1, 20'000);
        const auto job = [this] {
            return (*m_session->project()->readNow([](Connection &c) { return listJobs(c); })).constFirst();
        };
        QCOMPARE(job().state, JobState::Budget);
        QCOMPARE(budgetOf(job()), std::optional<double>(0.0005));
        const int before = m_server.requests();
        JobsPage page(*m_session);
        const Stage stage(page, QSize(1100, 700));
        auto *table = page.findChild<QTableWidget *>();
        QTRY_COMPARE(table->rowCount(), 1);
        QPushButton *go = nullptr;
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == u"Go on"_s)
                go = button;
        }
        QVERIFY(go);
        QTRY_VERIFY(go->isEnabled());
        go->click();
        auto *dialog = page.findChild<BudgetDialog *>();
        QVERIFY(dialog);
        QVERIFY(!m_session->jobs().isBusy()); // Nothing goes on unasked.
        auto *field = dialog->findChild<BudgetField *>();
        auto *accept = dialog->findChild<QPushButton *>(u"go"_s);
        QVERIFY(field && accept);
        QTRY_VERIFY(field->budget().has_value());
        lookAt(*dialog, u"budget-dialog"_s, QSize(480, 220), m_theme);
        QVERIFY(accept->isEnabled());
        field->findChild<QDoubleSpinBox *>()->setValue(0.0004); // Less than is spent.
        QVERIFY(!accept->isEnabled());
        field->findChild<QDoubleSpinBox *>()->setValue(5);
        QVERIFY(accept->isEnabled());
        accept->click();
        QTRY_COMPARE_WITH_TIMEOUT(finished.count(), 2, 20'000);
        QCOMPARE(job().state, JobState::Done);
        QCOMPARE(budgetOf(job()), std::optional<double>(5));
        QVERIFY(m_server.requests() > before);
    }
};

QTEST_MAIN(TestEstimates)
#include "tst_estimates.moc"
