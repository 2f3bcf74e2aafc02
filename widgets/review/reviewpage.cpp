// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewpage.h"

#include "core/onfinished.h"
#include "review/goldfile.h"
#include "storage/repositories/reviews.h"
#include "widgets/evaluation/findingtableview.h"
#include "widgets/files/filedialogs.h"
#include "widgets/review/agreementtables.h"
#include "widgets/review/bringanswersdialog.h"
#include "widgets/review/givelistsdialog.h"
#include "widgets/review/newreviewdialog.h"
#include "widgets/review/peopleswordbox.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace review;

namespace {

constexpr int pauseMilliseconds = 300;

} // namespace

ReviewPage::ReviewPage(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_banner(new Banner), m_reviews(new QComboBox),
      m_rate(new QPushButton(tr("Rate items …"))), m_new(new QPushButton(tr("New review …"))),
      m_give(new QPushButton(tr("Raters elsewhere …"))), m_bring(new QPushButton(tr("Bring answers in …"))),
      m_words(new QLabel), m_questions(new FindingTableView), m_raters(new FindingTableView),
      m_confusion(new FindingTableView), m_reliability(new FindingTableView), m_disputedTable(new FindingTableView), m_answer(new QComboBox), m_reason(new QLineEdit),
      m_decide(new QPushButton(tr("Decide"))), m_word(new PeoplesWordBox(m_project, dataset)), m_decision(nullptr), m_tables(new QWidget)
{
    m_reviews->setAccessibleName(tr("Review"));
    m_reviews->setMinimumWidth(Theme::spacing(24));
    setPrimary(m_rate);
    m_rate->setToolTip(tr("Opens the items of this review one by one, for a rater"));
    const bool readOnly = m_project->access() == Project::Access::ReadOnly;
    m_new->setEnabled(!readOnly);
    m_bring->setEnabled(!readOnly);
    m_give->setToolTip(tr("Writes lists into files that any installation opens, without the project"));
    m_bring->setToolTip(tr("Takes files with answers of raters elsewhere in"));
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *top = new QHBoxLayout;
    top->addWidget(m_reviews);
    top->addWidget(m_rate);
    top->addWidget(m_new);
    top->addWidget(m_give);
    top->addWidget(m_bring);
    top->addStretch();
    auto *tables = new QVBoxLayout(m_tables);
    tables->setContentsMargins(0, 0, 0, 0);
    tables->setSpacing(Theme::spacing());
    m_decision = buildDecision();
    for (FindingTableView *view : {m_questions, m_raters, m_confusion, m_reliability, m_disputedTable}) {
        m_headings << new QLabel;
        m_meanings << new QLabel;
        m_headings.last()->setFont(Theme::font(Theme::Role::Heading));
        setSecondary(m_meanings.last());
        for (QLabel *label : {m_headings.last(), m_meanings.last()}) {
            label->setTextFormat(Qt::PlainText);
            label->setWordWrap(true);
            tables->addWidget(label);
        }
        tables->addWidget(view);
    }
    tables->addWidget(m_decision);
    tables->addSpacing(Theme::spacing());
    tables->addWidget(m_word);
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(3));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addLayout(top);
    layout->addWidget(m_words);
    layout->addWidget(m_tables);
    layout->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    connect(m_reviews, &QComboBox::currentIndexChanged, this, &ReviewPage::readAgreement);
    connect(m_rate, &QPushButton::clicked, this, [this] { Q_EMIT rateRequested(current()); });
    connect(m_new, &QPushButton::clicked, this, [this] {
        auto *dialog = new NewReviewDialog(m_project, m_dataset, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    connect(m_give, &QPushButton::clicked, this, &ReviewPage::giveLists);
    connect(m_bring, &QPushButton::clicked, this, &ReviewPage::bringAnswers);
    connect(m_disputedTable, &FindingTableView::choiceChanged, this, &ReviewPage::choose);
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (topic != Topic::Reviews && topic != Topic::Candidates)
            return;
        m_stale = true;
        m_pause.start();
    });
    // Raters work beside this page, and their next item is read by the same threads: what is worked out over all that was
    // said waits until nothing has changed for a moment.
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMilliseconds);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_stale && isVisible())
            readReviews();
    });
    m_rate->setEnabled(false);
    m_give->setEnabled(false);
    showAgreement();
}

ReviewPage::~ReviewPage()
{
    m_token.cancel();
}

/// The last word on a disputed item, with its reason.
QWidget *ReviewPage::buildDecision()
{
    auto *box = new QWidget;
    m_answer->setAccessibleName(tr("The right answer"));
    m_reason->setAccessibleName(tr("Reason of the decision"));
    m_reason->setPlaceholderText(tr("because …"));
    m_reason->setMaxLength(1000);
    auto *label = new QLabel(tr("The right &answer is"));
    label->setBuddy(m_answer);
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(label);
    row->addWidget(m_answer);
    row->addWidget(m_reason, 1);
    row->addWidget(m_decide);
    const auto enable = [this] {
        m_decide->setEnabled(m_disputedTable->chosenLine() && !m_reason->text().trimmed().isEmpty() &&
                             m_project->access() == Project::Access::ReadWrite);
    };
    connect(m_reason, &QLineEdit::textChanged, this, enable);
    connect(m_disputedTable, &FindingTableView::choiceChanged, this, enable);
    connect(m_reason, &QLineEdit::returnPressed, m_decide, &QPushButton::click);
    connect(m_decide, &QPushButton::clicked, this, &ReviewPage::decide);
    m_decide->setEnabled(false);
    return box;
}

void ReviewPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        readReviews();
}

ReviewId ReviewPage::current() const
{
    return ReviewId{m_reviews->currentData().toLongLong()};
}

void ReviewPage::readReviews()
{
    m_stale = false;
    const quint64 generation = ++m_generation;
    onFinished(m_project->read([dataset = m_dataset](Connection &c) { return reviewsOf(c, dataset); }), this,
               [this, generation](const Result<QList<Review>> &reviews) {
                   if (generation != m_generation)
                       return;
                   if (!reviews)
                       return m_banner->showError(reviews.error());
                   const qint64 before = current().value;
                   {
                       const QSignalBlocker blocker(m_reviews);
                       m_all = *reviews;
                       m_reviews->clear();
                       for (const Review &review : *reviews)
                           m_reviews->addItem(review.name, review.id.value);
                       if (const int at = m_reviews->findData(before); at >= 0)
                           m_reviews->setCurrentIndex(at);
                   }
                   readAgreement();
               });
}

void ReviewPage::readAgreement()
{
    m_token.cancel();
    m_token = CancellationToken();
    const quint64 generation = ++m_generation;
    const ReviewId id = current();
    m_rate->setEnabled(id.isValid() && m_project->access() == Project::Access::ReadWrite);
    m_give->setEnabled(m_rate->isEnabled());
    if (!id.isValid()) {
        m_read.reset();
        showAgreement();
        Q_EMIT shown();
        return;
    }
    using Found = Result<std::shared_ptr<const ReadAgreement>>;
    onFinished(m_project->read([id, token = m_token](Connection &c) -> Found {
        EVALWRIGHT_ASSIGN(const Review review, reviewById(c, id));
        EVALWRIGHT_ASSIGN(ReadAgreement read, review::readAgreement(c, review, {}, token));
        return std::make_shared<const ReadAgreement>(std::move(read));
    }),
               this, [this, generation](const Found &found) {
                   if (generation != m_generation)
                       return;
                   if (!found)
                       return m_banner->showError(found.error());
                   m_read = *found;
                   showAgreement();
                   Q_EMIT shown();
               });
}

void ReviewPage::showAgreement()
{
    const Agreement *agreement = this->agreement();
    const bool any = agreement && agreement->judgements > 0;
    m_tables->setVisible(any);
    m_reviews->setVisible(m_reviews->count() > 0);
    m_word->setRead(any ? m_read : nullptr);
    if (!agreement) {
        m_words->setText(tr("Nobody reviews these items yet. Begin a review: it draws items, and makes a list for each rater."));
        return;
    }
    m_words->setText(agreementWords(*agreement));
    if (!any)
        return;
    m_disputed = agreement->disputed();
    const QList<FindingTable> tables{agreementTable(*agreement), raterTable(*agreement), confusionTable(*agreement),
                                     reliabilityTable(*agreement), disputedTable(*agreement)};
    const QList<FindingTableView *> views{m_questions, m_raters, m_confusion, m_reliability, m_disputedTable};
    for (qsizetype i = 0; i < tables.size(); ++i) {
        const FindingTable &table = tables.at(i);
        const bool hasLines = !table.lines.isEmpty();
        m_headings.at(i)->setText(table.title);
        m_meanings.at(i)->setText(hasLines ? table.meaning : table.missing);
        views.at(i)->setVisible(hasLines);
        views.at(i)->setAccessibleName(table.title);
        views.at(i)->setTable(table);
    }
    m_decision->setVisible(!m_disputed.isEmpty() && !agreement->categories.isEmpty());
    const QString before = m_answer->currentText();
    m_answer->clear();
    m_answer->addItems(agreement->categories);
    m_answer->setCurrentIndex(std::max(0, m_answer->findText(before)));
}

void ReviewPage::giveLists()
{
    const auto chosen = std::ranges::find(m_all, current(), &Review::id);
    if (chosen == m_all.end())
        return;
    auto *dialog = new GiveListsDialog(m_project, *chosen, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void ReviewPage::bringAnswers()
{
    askForFiles(this, tr("Bring answers in"), tr("Answers (*.ewanswers *.json *.jsonl *.csv *.tsv);;All files (*)"),
                [this](const QStringList &paths) {
                    auto *bring = new BringAnswersDialog(m_project, paths, this);
                    bring->setAttribute(Qt::WA_DeleteOnClose);
                    bring->open();
                });
}

/// The chosen item goes to the inspector, and its likeliest answer into the field.
void ReviewPage::choose()
{
    const QModelIndexList chosen = m_disputedTable->selectionModel()->selectedRows();
    if (chosen.isEmpty() || chosen.first().row() >= m_disputed.size())
        return;
    const ItemVerdict &verdict = m_disputed.at(chosen.first().row());
    if (const int at = m_answer->findText(verdict.dawidSkene.isEmpty() ? verdict.label : verdict.dawidSkene); at >= 0)
        m_answer->setCurrentIndex(at);
    Q_EMIT candidateActivated(CandidateId{verdict.candidate});
}

void ReviewPage::decide()
{
    const QModelIndexList chosen = m_disputedTable->selectionModel()->selectedRows();
    if (chosen.isEmpty() || chosen.first().row() >= m_disputed.size() || !m_read)
        return;
    const QString item = m_disputed.at(chosen.first().row()).uuid, answer = m_answer->currentText(), reason = m_reason->text();
    m_decide->setEnabled(false);
    onFinished(m_project->write([item, answer, reason, review = m_read->agreement.review](
                                    Connection &c) { return adjudicate(c, review, item, answer, reason); },
                                {Topic::Reviews}),
               this, [this](const Status &done) {
                   if (!done)
                       return m_banner->showError(done.error());
                   m_reason->clear();
               });
}

} // namespace evalwright
