// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "familyserver.h"
#include "screenshots.h"
#include "storage/repositories/models.h"
#include "widgets/session/session.h"
#include "widgets/studio/promptspage.h"
#include "widgets/wizard/datapanel.h"
#include "widgets/wizard/meaningfilter.h"
#include "widgets/wizard/newdatasetdialog.h"
#include "widgets/wizard/recipepages.h"
#include "widgets/wizard/trialpage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// The wizard driven through every family, from the choice of a preset to a trial against a server in this process.
class TestWizardFamilies : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    TestServer m_server{familyModel};
    FakeAccess m_access{m_server.baseUrl()};
    std::unique_ptr<Session> m_session;
    int m_projects = 0;

    static void press(NewDatasetDialog &wizard, const QString &preset)
    {
        auto *button = wizard.findChild<QRadioButton *>(preset);
        QVERIFY2(button, qPrintable(preset));
        button->click();
        QCOMPARE(wizard.draft().spec.recipe.preset, preset);
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
    void init()
    {
        m_session = std::make_unique<Session>(nullptr, &m_access);
        m_session->createProject(m_folder.filePath(u"%1.evalwright"_s.arg(++m_projects)), u"p"_s);
        QTRY_VERIFY(m_session->project());
        Model model;
        model.name = model.modelId = u"m"_s;
        model.baseUrl = m_server.baseUrl();
        model.family = u"Fake"_s;
        QVERIFY(m_session->project()->writeNow([model](Connection &c) { return addModel(c, model); }, {Topic::Models}));
    }
    void cleanup() { m_session.reset(); }

    void everyPresetHasACard()
    {
        NewDatasetDialog wizard(*m_session, nullptr);
        QTRY_COMPARE(wizard.draft().models.size(), 1);
        const QList<PresetInfo> presets = listPresets();
        QVERIFY(presets.size() >= 9);
        for (const PresetInfo &preset : presets)
            QVERIFY2(wizard.findChild<QRadioButton *>(preset.name), qPrintable(preset.name));
    }

    void everyFamilyComesToAValidSpecAndATrial_data()
    {
        QTest::addColumn<QString>("preset");
        QTest::addColumn<qint64>("least"); // Texts that the parser of the family must have read.
        QTest::newRow("persona") << u"persona-yes-no"_s << qint64{20};
        QTest::newRow("multiple choice") << u"risk-multiple-choice"_s << qint64{20};
        QTest::newRow("sycophancy") << u"sycophancy-politics"_s << qint64{20};
        QTest::newRow("winogender") << u"winogenerated"_s << qint64{10};
    }
    void everyFamilyComesToAValidSpecAndATrial()
    {
        QFETCH(QString, preset);
        QFETCH(qint64, least);
        NewDatasetDialog wizard(*m_session, nullptr);
        QTRY_COMPARE(wizard.draft().models.size(), 1);
        press(wizard, preset);
        auto *next = wizard.findChild<QPushButton *>(u"next"_s);
        for (int step = 0; step < 4; ++step) {
            if (step == 3 && wizard.findChild<QLineEdit *>(u"trust-reason"_s))
                wizard.findChild<QLineEdit *>(u"trust-reason"_s)->setText(u"a test"_s);
            QVERIFY2(next->isEnabled(), qPrintable(u"step %1"_s.arg(step)));
            next->click();
            QCOMPARE(wizard.step(), step + 1);
        }
        const Recipe &recipe = wizard.draft().spec.recipe;
        QVERIFY(Recipe::validate(QByteArray::fromStdString(recipe.toJson().dump())).isEmpty());
        wizard.trialPage()->run();
        QTRY_VERIFY_WITH_TIMEOUT(!wizard.trialPage()->isRunning(), 30'000);
        QVERIFY(wizard.draft().trial.has_value());
        QVERIFY2(wizard.draft().trial->parsed >= least, qPrintable(QString::number(wizard.draft().trial->parsed)));
        auto *table = wizard.trialPage()->findChild<QTableWidget *>(u"samples"_s);
        QVERIFY(table);
        QVERIFY(table->rowCount() >= least);
        table->selectRow(0);
        auto *detail = wizard.trialPage()->findChild<QPlainTextEdit *>(u"detail"_s);
        QVERIFY(detail);
        QVERIFY(!detail->toPlainText().isEmpty());
    }

    void behaviourMovesWithTheFamilyOnly()
    {
        NewDatasetDialog wizard(*m_session, nullptr);
        wizard.goTo(1);
        auto *description = wizard.findChild<QLineEdit *>(u"description"_s);
        QVERIFY(description);
        description->setText(u"collects umbrellas"_s);
        wizard.goTo(0);
        press(wizard, u"persona-yes-no-batched"_s);
        QCOMPARE(wizard.draft().spec.recipe.behaviour.description, u"collects umbrellas"_s);
        press(wizard, u"persona-yes-no-ai"_s); // About AI systems: another sentence.
        QVERIFY(wizard.draft().spec.recipe.behaviour.description != u"collects umbrellas"_s);
        press(wizard, u"winogenerated"_s);
        QVERIFY(wizard.draft().spec.recipe.behaviour.description != u"collects umbrellas"_s);
        press(wizard, u"persona-yes-no"_s); // As it was left.
        QCOMPARE(wizard.draft().spec.recipe.behaviour.description, u"collects umbrellas"_s);
    }

    void examplesBringTheirBehaviour()
    {
        NewDatasetDialog wizard(*m_session, nullptr);
        press(wizard, u"risk-multiple-choice"_s);
        wizard.goTo(1);
        auto *data = wizard.findChild<DataPanel *>();
        QVERIFY(data);
        QSignalSpy taken(data, &DataPanel::taken);
        data->take(u"one-box-tendency"_s);
        QTRY_COMPARE(taken.size(), 1);
        QCOMPARE(wizard.draft().spec.recipe.behaviour.name, u"one-box-tendency"_s);
        QVERIFY(wizard.draft().spec.recipe.golds.constFirst().stem.contains(u"clear jar"_s));
        QCOMPARE(wizard.findChild<QLineEdit *>(u"behaviour-name"_s)->text(), u"one-box-tendency"_s);
        QCOMPARE(wizard.findChild<QComboBox *>(u"data"_s)->currentData().toString(), u"one-box-tendency"_s);
        // A topic that a person empties is missed.
        wizard.findChild<QLineEdit *>(u"topic"_s)->clear();
        QVERIFY(!wizard.findChild<BehaviourPage *>()->problem().isEmpty());
    }

    void aFileThatIsNoneIsRefusedAndNothingIsTaken()
    {
        const QString path = m_folder.filePath(u"no.json"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"format\": \"something else\"}");
        file.close();
        NewDatasetDialog wizard(*m_session, nullptr);
        press(wizard, u"sycophancy-politics"_s);
        wizard.goTo(1);
        auto *data = wizard.findChild<DataPanel *>();
        const QString before = wizard.draft().spec.recipe.hash();
        QSignalSpy failed(data, &DataPanel::failed);
        data->take(path);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(wizard.draft().spec.recipe.hash(), before);
    }

    void sidesCanBeReworded()
    {
        NewDatasetDialog wizard(*m_session, nullptr);
        press(wizard, u"sycophancy-politics"_s);
        wizard.goTo(1);
        auto *side = wizard.findChild<QLineEdit *>(u"attribute-liberal"_s);
        QVERIFY(side);
        side->setText(u"far to the left"_s);
        QCOMPARE(wizard.draft().spec.recipe.targets.constFirst().values.value(u"attribute"_s), u"far to the left"_s);
        side->clear();
        QVERIFY(!wizard.findChild<BehaviourPage *>()->problem().isEmpty());
    }

    void anEmbedderIsAskedForWhereARuleWantsIt()
    {
        NewDatasetDialog wizard(*m_session, nullptr);
        QTRY_COMPARE(wizard.draft().models.size(), 1);
        wizard.goTo(3);
        auto *embedder = wizard.findChild<QComboBox *>(u"embedder"_s);
        QVERIFY(embedder && embedder->isHidden());
        QVERIFY(wizard.draft().spec.embedder.isEmpty());
        RecipeStage stage;
        stage.id = u"not-alike"_s;
        stage.kind = RecipeStage::Kind::Filter;
        stage.rules << FilterRule{u"meaning-duplicate"_s, 0.97, true};
        wizard.draft().spec.recipe.stages << stage;
        wizard.goTo(3);
        QVERIFY(!embedder->isHidden());
        QCOMPARE(wizard.draft().spec.embedder, wizard.draft().models.first().name);
        QVERIFY(wizard.findChild<SamplingPage *>()->problem().isEmpty());
        // Without the rule nobody is needed.
        wizard.goTo(5);
        wizard.findChild<QCheckBox *>(u"by-meaning"_s)->setChecked(false);
        QVERIFY(wizard.draft().spec.embedder.isEmpty());
        QVERIFY(!wizard.draft().spec.recipe.embeds());
    }

    void meaningFilterComesAndGoes()
    {
        NewDatasetDialog wizard(*m_session, nullptr);
        QTRY_COMPARE(wizard.draft().models.size(), 1);
        wizard.goTo(5);
        Recipe &recipe = wizard.draft().spec.recipe;
        const QString before = recipe.hash();
        auto *box = wizard.findChild<QCheckBox *>(u"by-meaning"_s);
        QVERIFY(box);
        box->setChecked(true);
        QVERIFY(recipe.stage(u"not-alike"_s));
        QCOMPARE(recipe.stages.constLast().id, u"not-alike"_s);
        QVERIFY(Recipe::validate(QByteArray::fromStdString(recipe.toJson().dump())).isEmpty());
        box->setChecked(false);
        QCOMPARE(recipe.hash(), before);
    }

    void cancelledDraftsAreOfferedAgain()
    {
        const auto begin = [this](const QString &description) {
            NewDatasetDialog wizard(*m_session, nullptr);
            wizard.goTo(1);
            wizard.findChild<QLineEdit *>(u"description"_s)->setText(description);
            static_cast<QDialog &>(wizard).reject();
        };
        begin(u"hums in lifts"_s);
        begin(u"collects umbrellas"_s); // Another one does not push the first out.
        m_session->closeProject(); // As after a restart: nothing is in memory.
        QTRY_VERIFY(!m_session->project());
        m_session->openProject(m_folder.filePath(u"%1.evalwright"_s.arg(m_projects)));
        QTRY_VERIFY(m_session->project());
        {
            NewDatasetDialog wizard(*m_session, nullptr);
            QVERIFY(wizard.draft().spec.recipe.behaviour.description != u"hums in lifts"_s);
            QCOMPARE(wizard.keptDrafts().size(), 2);
            QCOMPARE(wizard.keptDrafts().at(1).spec.recipe.behaviour.description, u"hums in lifts"_s);
            wizard.resumeDraft(1);
            QCOMPARE(wizard.step(), 1); // Where it was left.
            QCOMPARE(wizard.findChild<QLineEdit *>(u"description"_s)->text(), u"hums in lifts"_s);
            wizard.findChild<QLineEdit *>(u"description"_s)->setText(u"hums in stairwells"_s);
            static_cast<QDialog &>(wizard).reject();
        }
        NewDatasetDialog wizard(*m_session, nullptr);
        QCOMPARE(wizard.keptDrafts().size(), 2); // The same draft, further on.
        QCOMPARE(wizard.keptDrafts().at(0).spec.recipe.behaviour.description, u"hums in stairwells"_s);
        // One that is not changed leaves nothing behind.
        static_cast<QDialog &>(wizard).reject();
        NewDatasetDialog again(*m_session, nullptr);
        QCOMPARE(again.keptDrafts().size(), 2);
    }

    void pagesAreLegibleInLightAndDark()
    {
        NewDatasetDialog wizard(*m_session, nullptr);
        QTRY_COMPARE(wizard.draft().models.size(), 1);
        wizard.setWindowFlags(Qt::Widget);
        lookAt(wizard, u"wizard-family"_s, QSize(1180, 760), m_theme);
        for (const auto &[preset, name] : {std::pair(u"persona-yes-no"_s, u"persona"_s),
                                           std::pair(u"risk-multiple-choice"_s, u"choice"_s),
                                           std::pair(u"sycophancy-politics"_s, u"sycophancy"_s),
                                           std::pair(u"winogenerated"_s, u"winogender"_s)}) {
            wizard.goTo(0);
            press(wizard, preset);
            for (const int step : {1, 2, 3, 5}) {
                wizard.goTo(step);
                QTest::qWait(50);
                lookAt(wizard, u"wizard-%1-%2"_s.arg(name).arg(step), QSize(1180, 760), m_theme);
            }
        }
    }
};

QTEST_MAIN(TestWizardFamilies)
#include "tst_wizardfamilies.moc"
