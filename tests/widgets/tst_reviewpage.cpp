// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The data set's page of reviews: begin one, what people said, decide disputed items.
#include "../review/reviewed.h"
#include "screenshots.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/evaluation/findingtableview.h"
#include "widgets/inspector/provenancereport.h"
#include "widgets/review/agreementtables.h"
#include "widgets/review/newreviewdialog.h"
#include "widgets/review/reviewpage.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;

namespace {

QPushButton *button(const QWidget &widget, const QString &text)
{
    for (QPushButton *one : widget.findChildren<QPushButton *>()) {
        if (one->text().remove(u'&') == text)
            return one;
    }
    return nullptr;
}

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
        QTRY_VERIFY(page.agreement().has_value());
        QCOMPARE(page.agreement()->raters, 2);
        FindingTableView *questions = table(page, u"How far raters agree with each other"_s);
        QVERIFY(questions);
        QCOMPARE(questions->table().lines.size(), 3); // The comment is no such question.
        QVERIFY(questions->table().lines.first().cells.at(5).contains(u'['));
        FindingTableView *raters = table(page, u"Raters"_s);
        QCOMPARE(raters->table().lines.first().cells.first(), u"one"_s);
        QSignalSpy rate(&page, &ReviewPage::rateRequested);
        button(page, u"Rate items …"_s)->click();
        QCOMPARE(rate.first().first().value<ReviewId>(), review.id);
        for (QWidget *child : page.findChildren<QWidget *>()) {
            if (qobject_cast<FindingTableView *>(child) || qobject_cast<QComboBox *>(child) || qobject_cast<QLineEdit *>(child))
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
        QTRY_VERIFY(page.agreement().has_value());
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

    void newJudgementsAreReadWhileThePageIsSeen()
    {
        Reviewed s(20);
        const Review review = s.make(s.wanted()).review;
        ReviewPage page(s.store.project, s.dataset);
        const Stage stage(page, QSize(900, 600));
        QTRY_VERIFY(page.agreement().has_value());
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
