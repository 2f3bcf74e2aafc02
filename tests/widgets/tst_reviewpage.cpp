// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The data set's page of reviews: begin one, what people said, decide disputed items.
#include "../review/reviewed.h"
#include "review/bundlesitting.h"
#include "review/goldfile.h"
#include "findwidgets.h"
#include "screenshots.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/evaluation/findingtableview.h"
#include "widgets/inspector/provenancereport.h"
#include "widgets/review/agreementtables.h"
#include "widgets/review/bringanswersdialog.h"
#include "widgets/review/givelistsdialog.h"
#include "widgets/review/newreviewdialog.h"
#include "widgets/review/peopleswordbox.h"
#include "widgets/review/reviewpage.h"
#include "widgets/theme/banner.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;

namespace {

FindingTableView *table(const QWidget &page, const QString &title)
{
    for (FindingTableView *one : page.findChildren<FindingTableView *>()) {
        if (one->accessibleName() == title)
            return one;
    }
    return nullptr;
}

/// Two raters; the second disagrees on every fourth place.
Review rated(Reviewed &s)
{
    NewReview wanted = s.wanted();
    wanted.plan.items = 24;
    wanted.plan.raters = wanted.plan.perItem = 2;
    wanted.plan.repeats = 0.1;
    const Review review = s.make(wanted).review;
    QHash<QString, QString> labels;
    for (const Candidate &item : must(s.store.ask([&](Connection &c) { return itemsOf(c, s.dataset); })))
        labels.insert(item.uuid, item.matchingLabel.trimmed());
    for (const QString &rater : {u"one"_s, u"two"_s}) {
        const auto sitting = s.sit(review, rater);
        for (const Place &place : must(sitting->places(0, 100).result())) {
            const QString label = labels.value(place.item.itemId);
            const bool differs = rater == "two"_L1 && place.position % 4 == 0;
            must(sitting->store(Reviewed::given(place.position, (label == "Yes"_L1) != differs ? u"Yes"_s : u"No"_s)).result());
        }
    }
    return review;
}

} // namespace

class TestReviewPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme.apply(*qApp, Theme::Mode::Light); }

    void withoutAReview()
    {
        Reviewed s(8);
        ReviewPage page(s.store.project, s.dataset);
        QSignalSpy shown(&page, &ReviewPage::shown);
        const Stage stage(page, QSize(900, 600));
        QTRY_VERIFY(!shown.isEmpty());
        QVERIFY(!page.agreement());
        QVERIFY(!button(page, u"Rate items …"_s)->isEnabled());
        QVERIFY(button(page, u"New review …"_s)->isEnabled());
        lookAt(page, u"review-none"_s, QSize(900, 400), m_theme);
    }

    void whatPeopleSaid()
    {
        Reviewed s(40);
        const Review review = rated(s);
        ReviewPage page(s.store.project, s.dataset);
        const Stage stage(page, QSize(1000, 900));
        QTRY_VERIFY(page.agreement());
        QCOMPARE(page.agreement()->raters, 2);
        FindingTableView *questions = table(page, u"How far raters agree with each other"_s);
        QVERIFY(questions);
        QCOMPARE(questions->table().lines.size(), 3); // The comment is no such question.
        QVERIFY(questions->table().lines.first().cells.at(6).contains(u'['));
        FindingTableView *raters = table(page, u"Raters"_s);
        QCOMPARE(raters->table().lines.first().cells.first(), u"one"_s);
        QSignalSpy rate(&page, &ReviewPage::rateRequested);
        button(page, u"Rate items …"_s)->click();
        QCOMPARE(rate.first().first().value<ReviewId>(), review.id);
        for (QWidget *child : page.findChildren<QWidget *>()) {
            if (qobject_cast<QAbstractSpinBox *>(child->parentWidget()))
                continue; // A part of what has a name.
            if (qobject_cast<FindingTableView *>(child) || qobject_cast<QAbstractSpinBox *>(child) || qobject_cast<QComboBox *>(child) || qobject_cast<QLineEdit *>(child))
                QVERIFY2(!child->accessibleName().isEmpty() || !child->isVisibleTo(&page), child->metaObject()->className());
        }
        lookAt(page, u"review-agreement"_s, QSize(1000, 1100), m_theme);
    }

    void disputedItemsAreDecided()
    {
        Reviewed s(40);
        rated(s);
        ReviewPage page(s.store.project, s.dataset);
        const Stage stage(page, QSize(1000, 900));
        QTRY_VERIFY(page.agreement());
        FindingTableView *disputed = table(page, u"Disputed items"_s);
        QVERIFY(disputed);
        const qsizetype before = disputed->table().lines.size();
        QVERIFY(before > 0);
        QPushButton *decide = button(page, u"Decide"_s);
        QVERIFY(!decide->isEnabled());
        QSignalSpy activated(&page, &ReviewPage::candidateActivated);
        disputed->selectRow(0);
        QCOMPARE(activated.size(), 1);
        QVERIFY(!decide->isEnabled()); // Not without a reason.
        QLineEdit *reason = nullptr;
        for (QLineEdit *line : page.findChildren<QLineEdit *>()) {
            if (line->accessibleName() == u"Reason of the decision"_s)
                reason = line;
        }
        QVERIFY(reason);
        QTest::keyClicks(reason, u"the statement says so"_s);
        QVERIFY(decide->isEnabled());
        QTest::keyClick(reason, Qt::Key_Return);
        QTRY_COMPARE(disputed->table().lines.size(), before - 1);
        QCOMPARE(s.count(u"SELECT count(*) FROM adjudication WHERE reason = 'the statement says so'"_s), 1);
    }

    void peoplesWordDropsItemsAndTakesThemBack()
    {
        Reviewed s(40);
        const Review review = rated(s);
        const Agreement before = must(s.store.ask([&](Connection &c) { return readAgreement(c, review, {}); })).agreement;
        const ItemVerdict disputed = before.disputed().first();
        const QString other = disputed.label == "Yes"_L1 ? u"No"_s : u"Yes"_s;
        must(s.store.project->writeNow([&](Connection &c) { return adjudicate(c, review, disputed.uuid, other, u"read twice"_s); }));
        ReviewPage page(s.store.project, s.dataset);
        const Stage stage(page, QSize(1000, 900));
        QTRY_VERIFY(page.agreement());
        auto *box = page.findChild<PeoplesWordBox *>();
        QVERIFY(box);
        QSignalSpy done(box, &PeoplesWordBox::done);
        const QString kept = u"SELECT count(*) FROM candidate_state WHERE verdict = 'keep'"_s;
        QCOMPARE(s.count(kept), 40);
        QPushButton *drop = button(page, u"Drop them"_s);
        QTRY_VERIFY(drop->isEnabled());
        drop->click();
        QTRY_COMPARE(done.size(), 1);
        QCOMPARE(s.count(kept), 39);
        QCOMPARE(s.count(u"SELECT count(*) FROM candidate_state WHERE reason = 'people-label'"_s), 1);
        button(page, u"Take back"_s)->click();
        QTRY_COMPARE(done.size(), 2);
        QCOMPARE(s.count(kept), 40);
        // Neither rule: nothing to drop.
        for (QCheckBox *rule : box->findChildren<QCheckBox *>())
            rule->setChecked(false);
        QVERIFY(!drop->isEnabled());
        // Too few items for a map are told.
        button(page, u"Fit a map"_s)->click();
        QTRY_COMPARE(done.size(), 3);
        auto *banner = box->findChild<Banner *>();
        QVERIFY2(banner->text().contains(u"too few"_s), qPrintable(banner->text()));
        lookAt(page, u"review-word"_s, QSize(1000, 1500), m_theme);
    }

    void aMapIsFittedOnRatings()
    {
        Reviewed s(300);
        NewReview wanted = s.wanted();
        wanted.plan.sampling = Sampling::All;
        wanted.plan.raters = wanted.plan.perItem = 1;
        wanted.plan.repeats = 0;
        const Review review = s.make(wanted).review;
        QHash<QString, QString> labels;
        for (const Candidate &item : must(s.store.ask([&](Connection &c) { return itemsOf(c, s.dataset); })))
            labels.insert(item.uuid, item.matchingLabel.trimmed());
        const auto sitting = s.sit(review, u"r"_s);
        for (const Place &place : must(sitting->places(0, 300).result())) {
            const bool right = place.position % 5 != 0;
            const bool yes = (labels.value(place.item.itemId) == "Yes"_L1) == right;
            must(sitting->store(Reviewed::given(place.position, yes ? u"Yes"_s : u"No"_s)).result());
        }
        ReviewPage page(s.store.project, s.dataset);
        const Stage stage(page, QSize(1000, 900));
        QTRY_VERIFY(page.agreement());
        auto *box = page.findChild<PeoplesWordBox *>();
        QSignalSpy done(box, &PeoplesWordBox::done);
        button(page, u"Fit a map"_s)->click();
        QTRY_COMPARE(done.size(), 1);
        QCOMPARE(s.count(u"SELECT count(*) FROM dataset_note WHERE kind = 'calibration' AND detail LIKE '%\"raters\"%'"_s), 1);
    }

    void listsAreGivenAwayAndAnswersComeBack()
    {
        Reviewed s(12);
        NewReview wanted = s.wanted();
        wanted.plan.items = 6;
        const Review review = s.make(wanted).review;
        QTemporaryDir folder;
        GiveListsDialog give(s.store.project, review);
        QSignalSpy ready(&give, &GiveListsDialog::ready), written(&give, &GiveListsDialog::written);
        QTRY_COMPARE(ready.size(), 1);
        QCOMPARE(give.chosen(), (QList<int>{0, 1, 2}));
        lookAt(give, u"review-give"_s, QSize(620, 480), m_theme);
        give.write(folder.filePath(u"r.ewbundle"_s));
        QTRY_COMPARE(written.size(), 1);
        QStringList paths = written.first().first().toStringList();
        QCOMPARE(paths.size(), 3);
        QVERIFY(QFile::exists(folder.filePath(u"r-2.ewbundle"_s)));
        QTRY_COMPARE(ready.size(), 2);
        QVERIFY(give.chosen().isEmpty()); // They are taken now.
        // A folder that is none is told, and reserves nothing more.
        give.write(folder.filePath(u"none/r.ewbundle"_s));
        QCOMPARE(written.size(), 1);

        BundleSittingOptions options;
        options.bundle = paths.at(1);
        options.rater = u"anna"_s;
        const auto sitting = must(openBundleSitting(options));
        for (int i = 0; i < 6; ++i)
            must(sitting->store(Reviewed::given(i, u"Yes"_s)).result());
        const QString answers = must(sitting->saveAnswers().result()).path;
        QFile rubbish(folder.filePath(u"rubbish.ewanswers"_s));
        QVERIFY(rubbish.open(QIODevice::WriteOnly));
        rubbish.write("no zip");
        rubbish.close();
        BringAnswersDialog bring(s.store.project, {rubbish.fileName(), answers});
        QSignalSpy ended(&bring, &BringAnswersDialog::ended);
        for (const QString &told : {u"6 new judgements"_s, u"0 new judgements, 6 known before"_s}) {
            const qsizetype before = ended.size();
            bring.start();
            QTRY_COMPARE(ended.size(), before + 1);
            QVERIFY2(bring.report().contains(told), qPrintable(bring.report()));
            QVERIFY2(bring.report().contains(u"rubbish.ewanswers"_s), qPrintable(bring.report()));
        }
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement"_s), 6);
        lookAt(bring, u"review-bring"_s, QSize(680, 420), m_theme);
    }

    void listsGoToToolsToo()
    {
        Reviewed s(12);
        NewReview wanted = s.wanted();
        wanted.plan.items = 6;
        const Review review = s.make(wanted).review;
        QTemporaryDir folder;
        for (const QString &tool : {u"label-studio"_s, u"argilla"_s}) {
            GiveListsDialog give(s.store.project, review);
            QSignalSpy ready(&give, &GiveListsDialog::ready), written(&give, &GiveListsDialog::written);
            QTRY_COMPARE(ready.size(), 1);
            QList<int> free = give.chosen();
            for (QComboBox *box : give.findChildren<QComboBox *>()) {
                if (const int at = box->findData(tool); at >= 0)
                    box->setCurrentIndex(at);
            }
            auto *lists = give.findChild<QTreeWidget *>(); // One list to each tool.
            for (int i = 1; i < free.size(); ++i)
                lists->topLevelItem(free.at(i))->setCheckState(0, Qt::Unchecked);
            give.write(folder.filePath(tool + u".json"_s));
            QTRY_COMPARE(written.size(), 1);
            for (const QString &path : written.first().first().toStringList())
                QVERIFY2(QFileInfo(path).size() > 100, qPrintable(path));
            QCOMPARE(written.first().first().toStringList().size(), 2);
        }
        // Tasks that nobody answered are neither tool's answers.
        BringAnswersDialog bring(s.store.project, {folder.filePath(u"label-studio.json"_s)});
        QSignalSpy ended(&bring, &BringAnswersDialog::ended);
        bring.start();
        QTRY_COMPARE(ended.size(), 1);
        QVERIFY(!bring.report().isEmpty());
        QCOMPARE(s.count(u"SELECT count(*) FROM judgement"_s), 0);
    }

    void newJudgementsAreReadWhileThePageIsSeen()
    {
        Reviewed s(20);
        const Review review = s.make(s.wanted()).review;
        ReviewPage page(s.store.project, s.dataset);
        const Stage stage(page, QSize(900, 600));
        QTRY_VERIFY(page.agreement());
        QCOMPARE(page.agreement()->judgements, 0);
        QVERIFY(s.sit(review, u"r"_s)->store(Reviewed::given(0, u"Yes"_s)).result());
        QTRY_COMPARE(page.agreement()->judgements, 1);
    }

    void aReviewIsBegunInTheDialog()
    {
        Reviewed s(40);
        NewReviewDialog dialog(s.store.project, s.dataset);
        QTRY_VERIFY(dialog.beginButton()->isEnabled());
        QVERIFY2(dialog.planLabel()->text().contains(u"300 ratings"_s), qPrintable(dialog.planLabel()->text()));
        for (QSpinBox *box : dialog.findChildren<QSpinBox *>()) {
            if (box->accessibleName() == u"Raters"_s)
                box->setValue(2);
            if (box->accessibleName() == u"Items to draw"_s)
                box->setValue(10);
        }
        QCOMPARE(dialog.plan().perItem, 2);
        lookAt(dialog, u"review-new"_s, QSize(600, 640), m_theme);
        QSignalSpy begun(&dialog, &NewReviewDialog::begun);
        dialog.beginButton()->click();
        QTRY_COMPARE(begun.size(), 1);
        QCOMPARE(begun.first().first().value<MadeReview>().items, 10);
        QCOMPARE(s.count(u"SELECT count(*) FROM review"_s), 1);
    }

    void chosenItemsAreSentToAReview()
    {
        Reviewed s(40);
        NewReviewDialog dialog(s.store.project, s.dataset);
        dialog.drawFrom({s.items[3].value, s.items[8].value, s.items[30].value});
        QTRY_VERIFY(dialog.beginButton()->isEnabled());
        QCOMPARE(dialog.plan().sampling, Sampling::All);
        QVERIFY2(dialog.planLabel()->text().contains(u"Each of them"_s), qPrintable(dialog.planLabel()->text()));
        lookAt(dialog, u"review-chosen"_s, QSize(600, 680), m_theme);
        QSignalSpy begun(&dialog, &NewReviewDialog::begun);
        dialog.beginButton()->click();
        QTRY_COMPARE(begun.size(), 1);
        QCOMPARE(begun.first().first().value<MadeReview>().items, 3);
        QCOMPARE(s.count(u"SELECT count(*) FROM review_item WHERE candidate_id IN (%1, %2, %3)"_s.arg(s.items[3].value).arg(s.items[8].value).arg(s.items[30].value)), 3);
        // They say nothing about the data set: no number claims so.
        const MadeReview made = begun.first().first().value<MadeReview>();
        QVERIFY(s.sit(made.review, u"r"_s)->store(Reviewed::given(0, u"Yes"_s)).result());
        const ReadAgreement read = must(s.store.ask([&](Connection &c) { return readAgreement(c, made.review, {}, {}); }));
        QCOMPARE(read.agreement.judgements, 1);
        QVERIFY(!read.agreement.label.weighted.value);
        QVERIFY(read.agreement.label.weighted.reason.contains(u"chosen"_s));
        const ThresholdAdvice advice = must(s.store.ask([&](Connection &c) { return thresholdAdvice(c, read.judged, read.agreement, 0.9); }));
        QVERIFY(!advice.advised && advice.reason.contains(u"chosen"_s));
    }

    void judgementsStandInTheTimeLineAndAreCounted()
    {
        Reviewed s(10);
        const auto sitting = s.sit(s.make(s.wanted()).review, u"<b>r</b>"_s.remove(QRegularExpression(u"[<>/]"_s)));
        const Place place = must(sitting->places(0, 1).result()).first();
        QVERIFY(sitting->store(Reviewed::given(0, u"Yes"_s)).result());
        const CandidateRow row = must(s.store.ask([&](Connection &c) { return candidateByUuid(c, place.item.itemId); }));
        const ProvenanceReport report = must(s.store.ask([&](Connection &c) { return readProvenance(c, row.candidate.id); }));
        const QList<TimelineEntry> steps = howItCameToBe(report);
        const auto rated = std::ranges::find(steps, u"Rated"_s, &TimelineEntry::title);
        QVERIFY(rated != steps.end());
        QVERIFY2(rated->summary.contains(u"answer: Yes"_s), qPrintable(rated->summary));
        const QList<DatasetSummary> all = must(s.store.ask([](Connection &c) { return listDatasets(c); }));
        QCOMPARE(all.first().reviewed, 1);
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestReviewPage)
#include "tst_reviewpage.moc"
