// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/newreviewdialog.h"

#include "core/onfinished.h"
#include "review/presets.h"
#include "review/stopping.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/evaluation/resultwords.h"
#include "widgets/review/golditemsdialog.h"
#include "widgets/review/questionnaireeditor.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace review;

namespace {

constexpr double expectedPrecision = 0.95; ///< Of published sets (methods-mwe section 9).

QSpinBox *number(int least, int most, int value, const QString &name)
{
    auto *box = new QSpinBox;
    box->setRange(least, most);
    box->setValue(value);
    box->setAccessibleName(name);
    return box;
}

} // namespace

NewReviewDialog::NewReviewDialog(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent)
    : QDialog(parent), m_project(std::move(project)), m_dataset(dataset), m_banner(new Banner), m_name(new QLineEdit),
      m_questionnaire(new QComboBox), m_sampling(new QComboBox),
      m_items(number(1, std::numeric_limits<int>::max(), 100, tr("Items to draw"))),
      m_raters(number(1, 1000, 3, tr("Raters"))), m_perItem(number(1, 1000, 3, tr("Raters of each item"))),
      m_overlap(number(0, 100, 0, tr("Items that every rater gets"))), m_repeats(number(0, 50, 5, tr("Items shown twice"))),
      m_gold(number(0, 50, 5, tr("Gold items"))), m_goldLimit(number(1, 100, 70, tr("Limit on gold items"))), m_seed(number(0, std::numeric_limits<int>::max(), 1, tr("Seed"))),
      m_stops(new QCheckBox(tr("Stop when the interval is as narrow as"))), m_limits(new QCheckBox(tr("Flag raters right in less than"))),
      m_blocks(new QCheckBox(tr("Such raters get no more items"))), m_stopWidth(new QDoubleSpinBox),
      m_edit(new QPushButton(tr("E&dit …"))), m_golds(new QPushButton(tr("Choose …"))),
      m_guideline(new QPlainTextEdit), m_width(new QLabel), m_from(new QLabel), m_begin(new QPushButton(tr("Begin the review")))
{
    setWindowTitle(tr("New review"));
    resize(640, 740);
    m_name->setPlaceholderText(tr("review-1, review-2, …"));
    m_name->setMaxLength(100);
    m_sampling->addItem(tr("at random"), static_cast<int>(Sampling::Random));
    m_sampling->addItem(tr("evenly over confidence and labels"), static_cast<int>(Sampling::Stratified));
    m_sampling->addItem(tr("evenly over labels"), static_cast<int>(Sampling::ByLabel));
    m_sampling->addItem(tr("disputed first, then the least sure"), static_cast<int>(Sampling::Disputed));
    m_sampling->addItem(tr("all items"), static_cast<int>(Sampling::All));
    for (QSpinBox *box : {m_overlap, m_repeats, m_gold, m_goldLimit})
        box->setSuffix(tr(" %"));
    m_overlap->setToolTip(tr("Share of the items that go to all raters, whatever the number of raters of each item is"));
    m_gold->setToolTip(tr("Places of a list with a gold item, as far as there are gold items"));
    m_limits->setToolTip(tr("By their answers to gold items, from five on"));
    m_edit->setEnabled(false);
    m_golds->setEnabled(false);
    m_edit->setAutoDefault(false);
    m_golds->setAutoDefault(false);
    m_repeats->setToolTip(tr("Shown once more later in the same list, without a word: does a rater say the same again?"));
    m_stopWidth->setRange(0.5, 90);
    m_stopWidth->setValue(8);
    m_stopWidth->setSuffix(tr(" points"));
    m_stopWidth->setEnabled(false);
    m_stopWidth->setAccessibleName(tr("Width of the interval of label precision"));
    m_guideline->setPlaceholderText(tr("What raters read before they begin: when does an answer show the behaviour?"));
    m_guideline->setAccessibleName(tr("Guideline"));
    m_guideline->setTabChangesFocus(true);
    m_width->setTextFormat(Qt::PlainText);
    m_width->setWordWrap(true);
    setSecondary(m_width);
    m_from->setTextFormat(Qt::PlainText);
    m_from->setWordWrap(true);
    m_from->hide();
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->addRow(tr("&Name"), m_name);
    auto *questions = new QHBoxLayout;
    questions->addWidget(m_questionnaire, 1);
    questions->addWidget(m_edit);
    auto *questionsLabel = new QLabel(tr("&Questions"));
    questionsLabel->setBuddy(m_questionnaire);
    form->addRow(questionsLabel, questions);
    form->addRow(tr("&Draw"), m_sampling);
    form->addRow(tr("&Items"), m_items);
    form->addRow(tr("&Raters"), m_raters);
    form->addRow(tr("Raters of &each item"), m_perItem);
    form->addRow(tr("To all &of them"), m_overlap);
    form->addRow(tr("Shown &twice"), m_repeats);
    auto *gold = new QHBoxLayout;
    gold->addWidget(m_gold);
    gold->addWidget(m_golds);
    gold->addStretch();
    auto *goldLabel = new QLabel(tr("Gold ite&ms"));
    goldLabel->setBuddy(m_gold);
    form->addRow(goldLabel, gold);
    auto *limit = new QHBoxLayout;
    limit->addWidget(m_limits);
    limit->addWidget(m_goldLimit);
    limit->addStretch();
    form->addRow(QString(), limit);
    form->addRow(QString(), m_blocks);
    auto *stop = new QHBoxLayout;
    stop->addWidget(m_stops);
    stop->addWidget(m_stopWidth);
    stop->addStretch();
    form->addRow(QString(), stop);
    form->addRow(tr("&Seed"), m_seed);
    form->addRow(tr("&Guideline"), m_guideline);
    auto *cancel = new QPushButton(tr("Cancel"));
    setPrimary(m_begin);
    m_begin->setDefault(true);
    m_begin->setEnabled(false);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_begin);
    buttons->addWidget(cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(m_from);
    layout->addLayout(form, 1);
    layout->addWidget(m_width);
    layout->addLayout(buttons);
    for (QSpinBox *box : {m_items, m_raters, m_perItem})
        connect(box, &QSpinBox::valueChanged, this, &NewReviewDialog::showPlan);
    connect(m_sampling, &QComboBox::currentIndexChanged, this, &NewReviewDialog::showPlan);
    connect(m_stops, &QCheckBox::toggled, m_stopWidth, &QWidget::setEnabled);
    connect(m_limits, &QCheckBox::toggled, this, &NewReviewDialog::showGolds);
    connect(m_edit, &QPushButton::clicked, this, &NewReviewDialog::editQuestions);
    connect(m_golds, &QPushButton::clicked, this, &NewReviewDialog::chooseGolds);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_begin, &QPushButton::clicked, this, &NewReviewDialog::begin);
    showPlan();
    showGolds();
    read();
}

/// What the data set is, its guideline and the questionnaires that the project has beside the presets.
void NewReviewDialog::read()
{
    struct Found
    {
        QString family, guideline;
        QList<QuestionnaireRecord> own;
    };
    onFinished(m_project->read([dataset = m_dataset](Connection &c) -> Result<Found> {
        Found found;
        EVALWRIGHT_ASSIGN(const Dataset read, datasetById(c, dataset));
        found.family = read.family;
        EVALWRIGHT_ASSIGN(const QList<Guideline> guidelines, guidelinesOf(c, dataset));
        if (!guidelines.isEmpty()) {
            found.guideline = guidelines.first().text;
        } else if (read.behaviourId.isValid()) {
            EVALWRIGHT_ASSIGN(const Behaviour behaviour, behaviourById(c, read.behaviourId));
            found.guideline = behaviour.guideline;
        }
        EVALWRIGHT_ASSIGN(found.own, listQuestionnaires(c));
        return found;
    }),
               this, [this](const Result<Found> &found) {
                   if (!found)
                       return m_banner->showError(found.error());
                   for (const QString &name : presetNames()) {
                       if (const auto made = preset(name))
                           addQuestionnaire(made->title, *made, false);
                   }
                   for (const QuestionnaireRecord &record : found->own) {
                       const auto own = readQuestionnaire(record);
                       if (own && !m_questionnaires.contains(*own))
                           addQuestionnaire(tr("%1, version %2").arg(own->title.isEmpty() ? own->name : own->title,
                                                                     QString::number(record.version)),
                                            *own, false);
                   }
                   m_questionnaire->setCurrentIndex(static_cast<int>(presetNames().indexOf(presetForFamily(found->family))));
                   m_guideline->setPlainText(found->guideline);
                   for (QPushButton *button : {m_begin, m_edit, m_golds})
                       button->setEnabled(true);
               });
}

void NewReviewDialog::drawFrom(std::vector<qint64> chosen)
{
    m_from->setText(tr("From %Ln chosen candidate(s); those that are not kept are left out. What people say of them says "
                       "nothing about the rest of the data set.",
                       nullptr, static_cast<int>(chosen.size())));
    m_from->show();
    m_chosen = std::move(chosen);
    const int all = m_sampling->findData(static_cast<int>(Sampling::All));
    m_sampling->setItemText(all, tr("all of them"));
    m_sampling->setCurrentIndex(all);
    showPlan();
}

void NewReviewDialog::addQuestionnaire(const QString &title, const Questionnaire &questionnaire, bool choose)
{
    m_questionnaires << questionnaire;
    m_questionnaire->addItem(singleLine(title, 120));
    if (choose)
        m_questionnaire->setCurrentIndex(m_questionnaire->count() - 1);
}

Questionnaire NewReviewDialog::questionnaire() const
{
    return m_questionnaires.value(m_questionnaire->currentIndex());
}

void NewReviewDialog::editQuestions()
{
    auto *editor = new QuestionnaireEditor(questionnaire(), this);
    editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(editor, &QDialog::accepted, this, [this, editor] { useQuestions(editor->questionnaire()); });
    editor->open();
}

void NewReviewDialog::useQuestions(const Questionnaire &questionnaire)
{
    if (const qsizetype known = m_questionnaires.indexOf(questionnaire); known >= 0)
        return m_questionnaire->setCurrentIndex(static_cast<int>(known));
    addQuestionnaire(tr("%1, edited").arg(questionnaire.title.isEmpty() ? questionnaire.name : questionnaire.title), questionnaire, true);
}

void NewReviewDialog::useGolds(const QHash<qint64, nlohmann::json> &golds)
{
    m_goldItems = golds;
    showGolds();
}

void NewReviewDialog::chooseGolds()
{
    auto *dialog = new GoldItemsDialog(m_project, m_dataset, questionnaire(), m_goldItems, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { useGolds(dialog->golds()); });
    dialog->open();
}

void NewReviewDialog::showGolds()
{
    const bool any = !m_goldItems.isEmpty();
    m_golds->setText(any ? tr("%1 chosen …").arg(QLocale().toString(m_goldItems.size())) : tr("Choose …"));
    m_gold->setEnabled(any);
    m_limits->setEnabled(any);
    m_goldLimit->setEnabled(any && m_limits->isChecked());
    m_blocks->setEnabled(any && m_limits->isChecked());
}

ReviewPlan NewReviewDialog::plan() const
{
    ReviewPlan plan;
    plan.sampling = static_cast<Sampling>(m_sampling->currentData().toInt());
    plan.items = m_items->value();
    plan.raters = m_raters->value();
    plan.perItem = std::min(m_perItem->value(), plan.raters);
    plan.overlap = m_overlap->value() / 100.0;
    plan.repeats = m_repeats->value() / 100.0;
    plan.gold = m_gold->value() / 100.0;
    if (!m_goldItems.isEmpty() && m_limits->isChecked()) {
        plan.goldLimit = m_goldLimit->value() / 100.0;
        plan.goldBlocks = m_blocks->isChecked();
    }
    plan.seed = m_seed->value();
    if (m_stops->isChecked())
        plan.stopWidth = m_stopWidth->value() / 100;
    return plan;
}

void NewReviewDialog::showPlan()
{
    const ReviewPlan wanted = plan();
    const bool all = wanted.sampling == Sampling::All;
    m_items->setEnabled(!all);
    m_perItem->setMaximum(m_raters->value());
    const auto width = plannedWidth(wanted.items, expectedPrecision);
    if (all && m_chosen)
        return m_width->setText(tr("Each of them goes to %1 of %2 raters.").arg(wanted.perItem).arg(wanted.raters));
    if (all || !width)
        return m_width->setText(tr("Every item of the data set goes to %1 of %2 raters.").arg(wanted.perItem).arg(wanted.raters));
    const QLocale locale;
    m_width->setText(tr("%1 ratings. If people agree with %2 of the labels, the 95% interval will be %3 to %4.")
                         .arg(locale.toString(wanted.items * wanted.perItem), percentText(expectedPrecision), percentText(width->low),
                              percentText(width->high)));
}

void NewReviewDialog::begin()
{
    NewReview wanted;
    wanted.dataset = m_dataset;
    wanted.name = m_name->text();
    wanted.plan = plan();
    wanted.chosen = m_chosen;
    wanted.guideline = m_guideline->toPlainText().trimmed();
    wanted.questionnaire = questionnaire();
    wanted.golds = m_goldItems;
    m_begin->setEnabled(false);
    onFinished(m_project->write([wanted](Connection &c) { return makeReview(c, wanted); }, {Topic::Reviews}), this,
               [this](const Result<MadeReview> &made) {
                   m_begin->setEnabled(true);
                   if (!made)
                       return m_banner->showError(made.error());
                   Q_EMIT begun(*made);
                   accept();
               });
}

NewReviewDialog *openReviewOf(const std::shared_ptr<Project> &project, DatasetId dataset, std::vector<qint64> chosen, QWidget *parent)
{
    auto *dialog = new NewReviewDialog(project, dataset, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->drawFrom(std::move(chosen));
    dialog->open();
    return dialog;
}

} // namespace evalwright
