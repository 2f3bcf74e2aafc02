// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/newreviewdialog.h"

#include "core/onfinished.h"
#include "review/presets.h"
#include "review/stopping.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"
#include "widgets/evaluation/resultwords.h"
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
      m_repeats(number(0, 50, 5, tr("Items shown twice"))), m_seed(number(0, std::numeric_limits<int>::max(), 1, tr("Seed"))),
      m_stops(new QCheckBox(tr("Stop when the interval is as narrow as"))), m_stopWidth(new QDoubleSpinBox),
      m_guideline(new QPlainTextEdit), m_width(new QLabel), m_begin(new QPushButton(tr("Begin the review")))
{
    setWindowTitle(tr("New review"));
    resize(600, 620);
    m_name->setPlaceholderText(tr("review-1, review-2, …"));
    m_name->setMaxLength(100);
    m_sampling->addItem(tr("at random"), static_cast<int>(Sampling::Random));
    m_sampling->addItem(tr("evenly over confidence and labels"), static_cast<int>(Sampling::Stratified));
    m_sampling->addItem(tr("evenly over labels"), static_cast<int>(Sampling::ByLabel));
    m_sampling->addItem(tr("disputed first, then the least sure"), static_cast<int>(Sampling::Disputed));
    m_sampling->addItem(tr("all items"), static_cast<int>(Sampling::All));
    m_repeats->setSuffix(tr(" %"));
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
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("&Questions"), m_questionnaire);
    form->addRow(tr("&Draw"), m_sampling);
    form->addRow(tr("&Items"), m_items);
    form->addRow(tr("&Raters"), m_raters);
    form->addRow(tr("Raters of &each item"), m_perItem);
    form->addRow(tr("Shown &twice"), m_repeats);
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
    layout->addLayout(form, 1);
    layout->addWidget(m_width);
    layout->addLayout(buttons);
    for (QSpinBox *box : {m_items, m_raters, m_perItem})
        connect(box, &QSpinBox::valueChanged, this, &NewReviewDialog::showPlan);
    connect(m_sampling, &QComboBox::currentIndexChanged, this, &NewReviewDialog::showPlan);
    connect(m_stops, &QCheckBox::toggled, m_stopWidth, &QWidget::setEnabled);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_begin, &QPushButton::clicked, this, &NewReviewDialog::begin);
    showPlan();
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
                           m_questionnaire->addItem(made->title, QString::fromUtf8(made->toJson().dump().c_str()));
                   }
                   for (const QuestionnaireRecord &record : found->own) {
                       const auto own = readQuestionnaire(record);
                       if (own && m_questionnaire->findData(QString::fromUtf8(own->toJson().dump().c_str())) < 0)
                           m_questionnaire->addItem(tr("%1, version %2").arg(own->title.isEmpty() ? own->name : own->title,
                                                                             QString::number(record.version)),
                                                    QString::fromUtf8(own->toJson().dump().c_str()));
                   }
                   m_questionnaire->setCurrentIndex(static_cast<int>(presetNames().indexOf(presetForFamily(found->family))));
                   m_guideline->setPlainText(found->guideline);
                   m_begin->setEnabled(true);
               });
}

ReviewPlan NewReviewDialog::plan() const
{
    ReviewPlan plan;
    plan.sampling = static_cast<Sampling>(m_sampling->currentData().toInt());
    plan.items = m_items->value();
    plan.raters = m_raters->value();
    plan.perItem = std::min(m_perItem->value(), plan.raters);
    plan.repeats = m_repeats->value() / 100.0;
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
    wanted.guideline = m_guideline->toPlainText().trimmed();
    const auto questionnaire = Questionnaire::fromText(m_questionnaire->currentData().toString().toUtf8());
    if (!questionnaire)
        return m_banner->showError(questionnaire.error());
    wanted.questionnaire = *questionnaire;
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

} // namespace evalwright
