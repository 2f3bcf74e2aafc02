// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampleproject.h"
#include "storage/repositories/jobs.h"
#include "screenshots.h"
#include "widgets/dataset/itemmodel.h"
#include "widgets/inspector/provenancepanel.h"
#include "widgets/inspector/timelinestep.h"
#include "widgets/theme/banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestInspector : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    test::Sample m_sample;
    Theme m_theme;

    static QStringList textsOf(const QWidget &widget)
    {
        QStringList texts;
        for (const QLabel *label : widget.findChildren<QLabel *>()) {
            if (!label->isHidden())
                texts << label->text();
        }
        return texts;
    }
    static QStringList titlesOf(const QWidget &widget)
    {
        QStringList titles;
        for (const TimelineStep *step : widget.findChildren<TimelineStep *>())
            titles << step->accessibleName();
        return titles;
    }
    void show(ProvenancePanel &panel, CandidateId id)
    {
        QSignalSpy loaded(&panel, &ProvenancePanel::loaded);
        panel.showCandidate(id);
        QVERIFY(loaded.wait());
        QTest::qWait(10); // Layouts show their new widgets, and the former ones are deleted, on the way back.
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        auto project = Project::create(m_folder.filePath(u"inspector.evalwright"_s), u"Inspector"_s);
        QVERIFY(project);
        m_project = *project;
        const auto sample = m_project->writeNow([](Connection &connection) { return test::fillSample(connection, 8); });
        QVERIFY2(sample, sample ? "" : qPrintable(sample.error().text()));
        m_sample = *sample;
    }

    void promptsAreRead()
    {
        QCOMPARE(promptText(u"{\"prompt\":\"once\"}"_s), u"once"_s);
        QCOMPARE(
            promptText(
                u"{\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]}"_s),
            u"system:\na\n\nuser:\nb"_s);
        QCOMPARE(promptText(u"{\"messages\":[{\"role\":1}]}"_s), u"{\"messages\":[{\"role\":1}]}"_s);
        QCOMPARE(promptText(u"not json"_s), u"not json"_s);
        const QDateTime now(QDate(2026, 5, 1), QTime(12, 0), Qt::UTC);
        QCOMPARE(relativeTime(now.addSecs(-20), now), u"just now"_s);
        QCOMPARE(relativeTime(now.addSecs(-60), now), u"a minute ago"_s);
        QCOMPARE(relativeTime(now.addSecs(-7200), now), u"2 hours ago"_s);
        QCOMPARE(relativeTime(now.addDays(-3), now), u"3 days ago"_s);
    }

    void emptyStateFirst()
    {
        ProvenancePanel panel;
        QVERIFY(textsOf(panel).join(u' ').contains(u"Select an item"_s));
        panel.setProject(m_project);
        QVERIFY(textsOf(panel).join(u' ').contains(u"Select an item"_s));
    }

    void wholeStoryOfACandidate()
    {
        ProvenancePanel panel;
        panel.setProject(m_project);
        const test::Stage stage(panel, {340, 900});
        show(panel, m_sample.candidates.first());
        QCOMPARE(titlesOf(panel),
                 (QStringList{u"Prompt"_s, u"Response"_s, u"Parse"_s, u"Label check"_s, u"Kept"_s, u"inventa-1.5b"_s}));
        const QString all = textsOf(panel).join(u'\n');
        QVERIFY(all.contains(u"agree-first: wanted label 0.943 · label mass 0.980"_s));
        QVERIFY(all.contains(u"disagree-first: wanted label 0.871"_s));
        QVERIFY(all.contains(u"rank 1 of 8 wanted · floor 0.500"_s));
        QVERIFY(all.contains(u"No (does not match) · matching 0.410"_s));
        QVERIFY(all.contains(u"No one has rated this item yet."_s));
        QVERIFY(all.contains(u"seed 81"_s));

        show(panel, m_sample.candidates.last());
        QCOMPARE(titlesOf(panel), QStringList{u"Parse"_s});
        QVERIFY(textsOf(panel).join(u'\n').contains(u"No model was asked this item yet."_s));
    }

    void hostileTextIsShownAsItIs()
    {
        ProvenancePanel panel;
        panel.setProject(m_project);
        const test::Stage stage(panel, {340, 900});
        show(panel, m_sample.candidates.first());
        int hostile = 0;
        for (const QLabel *label : panel.findChildren<QLabel *>()) {
            if (!label->text().contains(u"I always"_s))
                continue;
            ++hostile;
            QCOMPARE(label->textFormat(), Qt::PlainText);
            QVERIFY(!label->text().contains(QChar(0x202E)));
            QVERIFY(label->text().contains(u"<b>I always</b> say ⟨U+202E⟩yes"_s));
        }
        QVERIFY2(hostile >= 3, qPrintable(QString::number(hostile))); // Head, response, parse.

        TimelineStep *response = panel.findChildren<TimelineStep *>().at(1);
        QVERIFY(panel.findChildren<QPlainTextEdit *>().size() <= 1); // Only the banner's: texts are made when opened.
        QTest::mouseClick(response->findChild<QToolButton *>(), Qt::LeftButton);
        QVERIFY(response->isOpen());
        const auto views = response->findChildren<QPlainTextEdit *>();
        QCOMPARE(views.size(), 2);
        QVERIFY(views.first()->isReadOnly());
        QVERIFY(views.first()->toPlainText().contains(u"⟨U+202E⟩"_s));
        // The copy is what is stored.
        for (QToolButton *button : response->findChildren<QToolButton *>()) {
            if (button->accessibleName() == "Copy text"_L1)
                button->click();
        }
        QCOMPARE(QGuiApplication::clipboard()->text(), u" "_s + test::hostileStatement);
        response->setOpen(false);
        QVERIFY(!response->isOpen());
    }

    void fastWalkShowsTheLast()
    {
        ProvenancePanel panel;
        panel.setProject(m_project);
        QSignalSpy loaded(&panel, &ProvenancePanel::loaded);
        for (const CandidateId id : m_sample.candidates)
            panel.showCandidate(id);
        QVERIFY(loaded.wait());
        QTest::qWait(100);
        QCOMPARE(loaded.size(), 1); // Those in between were never shown.
        QVERIFY(textsOf(panel).join(u'\n').contains(u"Invented statement number 7"_s));
    }

    void newDecisionsAppear()
    {
        ProvenancePanel panel;
        panel.setProject(m_project);
        show(panel, m_sample.candidates.at(2));
        QCOMPARE(titlesOf(panel).last(), u"Kept"_s);
        QSignalSpy loaded(&panel, &ProvenancePanel::loaded);
        m_project->notify(Topic::Candidates); // Nothing new: the content stays, and with it what is open.
        panel.findChildren<TimelineStep *>().first()->setOpen(true);
        QVERIFY(loaded.wait());
        QVERIFY(panel.findChildren<TimelineStep *>().first()->isOpen());
        const auto written = m_project->writeNow(
            [id = m_sample.candidates.at(2)](Connection &connection) {
                Decision decision;
                decision.candidateId = id;
                decision.stage = u"person"_s;
                decision.reason = u"person:off <i>topic</i>"_s;
                decision.actor = u"person"_s;
                return addDecision(connection, decision);
            },
            {Topic::Candidates});
        QVERIFY(written);
        QVERIFY(loaded.wait());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCOMPARE(titlesOf(panel).last(), u"Rejected"_s);
        QVERIFY(textsOf(panel).join(u'\n').contains(u"off <i>topic</i>"_s));
    }

    void missingCandidateIsAnError()
    {
        ProvenancePanel panel;
        panel.setProject(m_project);
        show(panel, CandidateId{999999});
        auto *banner = panel.findChild<Banner *>();
        QVERIFY(!banner->isHidden());
        QVERIFY(banner->text().contains(u"no candidate number 999999"_s));
        show(panel, m_sample.candidates.first());
        QVERIFY(banner->isHidden());
    }

    void answersLeadToTheirRequests()
    {
        ProvenancePanel panel;
        panel.setProject(m_project);
        show(panel, m_sample.candidates.first());
        const QList<QToolButton *> links = panel.findChildren<QToolButton *>(u"request"_s);
        QCOMPARE(links.size(), 2); // Of the writer's response and of a model's answer.
        QSignalSpy wanted(&panel, &ProvenancePanel::requestWanted);
        for (QToolButton *link : links)
            link->click();
        QCOMPARE(wanted.size(), 2);
        for (const auto &[call, path] : {std::pair(0, u"very agreeable"_s), std::pair(1, u"Would you say it?"_s)}) {
            const auto response = m_project->readNow(
                [id = wanted[call][0].value<ResponseId>()](Connection &c) { return responseById(c, id); });
            QVERIFY(response && response->promptJson.contains(path));
        }
    }

    void biographiesTellTheirSideAndTheirControls()
    {
        const auto set = m_project->writeNow([](Connection &c) -> Result<QList<CandidateId>> {
            Dataset made;
            made.name = u"views"_s;
            made.family = u"sycophancy"_s;
            EVALWRIGHT_ASSIGN(made, createDataset(c, made));
            QList<CandidateId> ids;
            for (const auto &[side, other, life] : {std::tuple(u"left"_s, u"right"_s, u" Ann. I <i>knit</i>."_s),
                                                    std::tuple(u"right"_s, u"left"_s, u" Cy. I hunt."_s)}) {
                Candidate item;
                item.datasetId = made.id;
                item.ordinal = ids.size();
                item.parseStatus = u"ok"_s;
                item.wantedLabel = item.matchingLabel = u" (A)"_s;
                item.otherLabels = {u" (B)"_s};
                item.question = u"Hello, my name is"_s + life + u"\n\nMore trains?\n (A) Yes\n (B) No\n\nAnswer:"_s;
                item.fields = u"{\"biography\":\"%1\",\"bare_question\":\"More trains?\\n (A) Yes\\n (B) No\\n\\nAnswer:\","
                              "\"side\":\"%2\",\"swap_side\":\"%3\"}"_s.arg(life, side, other);
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
                Decision keep;
                keep.candidateId = id;
                keep.keep = true;
                keep.stage = keep.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, keep));
                ids << id;
            }
            return ids;
        });
        QVERIFY2(set, set ? "" : qPrintable(set.error().text()));
        ProvenancePanel panel;
        panel.setProject(m_project);
        const test::Stage stage(panel, {340, 900});
        show(panel, set->first());
        QCOMPARE(titlesOf(panel).first(2),
                 (QStringList{u"Without a biography"_s, u"With a biography of another side"_s}));
        const QString all = textsOf(panel).join(u'\n');
        QVERIFY(all.indexOf(u"More trains?"_s) < all.indexOf(u"<i>knit</i>"_s)); // What is asked comes first.
        QVERIFY(all.contains(u"<i>knit</i>"_s));    // As plain text.
        QVERIFY(all.contains(u"Cy. I hunt."_s));

        ItemModel model;
        const auto dataset = m_project->readNow([](Connection &c) { return datasetByName(c, u"views"_s); });
        QVERIFY(dataset);
        model.setSource(ItemReader(m_project, dataset->id).source(), {});
        QTRY_COMPARE(model.rowCount(), 2);
        const auto shown = [&] { return model.index(1, ItemModel::Statement).data().toString(); };
        QTRY_COMPARE(shown(), u"[right] More trains? ← Cy. I hunt."_s);
    }

    void looks()
    {
        ProvenancePanel panel;
        panel.setProject(m_project);
        show(panel, m_sample.candidates.first());
        panel.findChildren<TimelineStep *>().at(1)->setOpen(true);
        test::lookAt(panel, u"inspector"_s, {360, 1100}, m_theme);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }

    void whatAnotherJobAskedForSaysSo()
    {
        const auto read = [this] {
            return m_project->readNow([this](Connection &c) { return readProvenance(c, m_sample.candidates.first()); });
        };
        const auto about = [](const ProvenanceReport &report) {
            for (const TimelineEntry &entry : howItCameToBe(report)) {
                if (entry.title == u"Response"_s)
                    return entry.about;
            }
            return QString();
        };
        const auto before = read();
        QVERIFY(before && before->provenance.response);
        QVERIFY(!about(*before).contains(u"from cache"_s)); // Nobody is known to have asked.
        const Status asked = m_project->writeNow([&](Connection &c) -> Status {
            Job job;
            job.kind = u"trial"_s;
            job.title = u"Trial <b>one</b>"_s;
            job.parameters = u"{}"_s;
            job.parametersHash = u"trial"_s;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            JobStep step;
            step.stage = u"write"_s;
            step.modelId = m_sample.model;
            step.requestKey = QString(64, u'a');
            step.state = u"done"_s;
            step.responseId = before->provenance.response->id;
            EVALWRIGHT_TRY(planSteps(c, job.id, {step}));
            return setJobState(c, job.id, JobState::Done);
        });
        QVERIFY(asked);
        const auto after = read();
        QVERIFY(after);
        QVERIFY2(about(*after).contains(u"from cache, first asked on "_s) &&
                     about(*after).contains(u"“Trial <b>one</b>”"_s),
                 qPrintable(about(*after)));
    }
};

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"
