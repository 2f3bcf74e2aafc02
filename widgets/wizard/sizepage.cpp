// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/onfinished.h"
#include "generators/draft.h"
#include "storage/repositories/datasets.h"
#include "widgets/estimate/budgetfield.h"
#include "widgets/estimate/generateestimate.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/familywords.h"
#include "widgets/wizard/meaningfilter.h"
#include "widgets/wizard/recipepages.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QScrollArea>
#include <QSlider>
#include <QSpinBox>
#include <QVBoxLayout>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString nearRule = u"near-duplicate"_s, meaningRule = u"meaning-duplicate"_s;

void asShare(QDoubleSpinBox *box, const QString &help)
{
    box->setRange(0.05, 1);
    box->setSingleStep(0.05);
    box->setToolTip(help);
}

} // namespace

SizePage::SizePage(Session &session, WizardDraft &draft, QWidget *parent)
    : WizardPage(session, draft, parent), m_form(new QFormLayout), m_dataset(new QLineEdit), m_samples(new QSpinBox),
      m_keep(new QSpinBox), m_occupations(new QSpinBox), m_floor(new QDoubleSpinBox), m_near(new QDoubleSpinBox),
      m_meaning(new QDoubleSpinBox), m_byMeaning(new QCheckBox(tr("Set aside what says the same in other words"))),
      m_balance(new QCheckBox), m_diversity(new QSlider(Qt::Horizontal)), m_variety(new QWidget),
      m_diversityValue(new QLabel), m_lint(new QLabel), m_facts(new QLabel),
      m_budget(new BudgetField), m_estimate(new GenerateEstimate(session, true))
{
    m_dataset->setObjectName(u"dataset"_s);
    m_samples->setObjectName(u"samples-per-label"_s);
    m_keep->setObjectName(u"keep-per-label"_s);
    for (QSpinBox *box : {m_samples, m_keep}) {
        box->setRange(1, static_cast<int>(mostSamplesPerLabel));
        box->setGroupSeparatorShown(true);
    }
    m_occupations->setObjectName(u"occupations"_s);
    m_occupations->setToolTip(tr("The first rows of the table; the rest stays out of this data set"));
    m_floor->setRange(0, 0.99);
    m_floor->setSingleStep(0.05);
    m_floor->setToolTip(tr("The checker's probability that the label is right; 0.5 is a coin"));
    asShare(m_near, tr("Share of words in common from which two texts count as the same; lower sets more aside"));
    asShare(m_meaning, QString()); // What it is measured by is said in showFacts().
    m_byMeaning->setObjectName(u"by-meaning"_s);
    m_meaning->setObjectName(u"meaning"_s);
    m_meaning->setAccessibleName(tr("Likeness of meaning"));
    m_diversity->setObjectName(u"diversity"_s);
    m_diversity->setRange(0, 20);
    m_diversity->setAccessibleName(tr("Variety of what is kept"));
    m_diversity->setToolTip(tr("To the left the surest items are kept; to the right those unlike the ones already kept"));
    for (QWidget *field : std::initializer_list<QWidget *>{m_samples, m_keep, m_occupations, m_floor, m_near, m_meaning})
        field->setMaximumWidth(160);
    m_diversity->setMaximumWidth(240);
    auto *variety = new QHBoxLayout(m_variety);
    variety->setContentsMargins(0, 0, 0, 0);
    variety->addWidget(m_diversity);
    variety->addWidget(m_diversityValue, 1);
    for (QLabel *label : {m_lint, m_facts, m_diversityValue}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        setSecondary(label);
    }
    m_form->setHorizontalSpacing(Theme::spacing(2));
    m_form->setVerticalSpacing(Theme::spacing());
    auto *content = new QWidget;
    content->setMinimumWidth(1); // Labels wrap; nothing is worth a bar across.
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, Theme::spacing(), 0);
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(m_form);
    layout->addWidget(m_facts);
    layout->addWidget(m_lint);
    layout->addWidget(m_estimate);
    layout->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    connect(m_dataset, &QLineEdit::textChanged, this, &SizePage::read);
    for (QSpinBox *box : {m_samples, m_keep, m_occupations})
        connect(box, &QSpinBox::valueChanged, this, &SizePage::read);
    for (QDoubleSpinBox *box : {m_floor, m_near, m_meaning})
        connect(box, &QDoubleSpinBox::valueChanged, this, &SizePage::read);
    for (QCheckBox *box : {m_byMeaning, m_balance})
        connect(box, &QCheckBox::toggled, this, &SizePage::read);
    connect(m_diversity, &QSlider::valueChanged, this, &SizePage::read);
    connect(m_budget, &BudgetField::changed, this, &SizePage::read);
}

void SizePage::enter()
{
    fill();
    read();
    if (!m_session.project())
        return;
    onFinished(m_session.project()->read([](Connection &c) { return listDatasets(c); }), this,
               [this](const Result<QList<DatasetSummary>> &datasets) {
                   if (!datasets) {
                       Q_EMIT failed(datasets.error());
                       return;
                   }
                   m_taken.clear();
                   for (const DatasetSummary &summary : *datasets)
                       m_taken << summary.dataset.name;
                   Q_EMIT changed();
               });
}

void SizePage::fill()
{
    m_filling = true;
    const Recipe &recipe = m_draft.spec.recipe;
    const FamilyWords &words = wordsOf(recipe.family);
    // A name that a person gave stays; ours follows the behaviour.
    if (m_draft.spec.dataset.isEmpty() || m_draft.spec.dataset == m_draft.namedByItself)
        m_draft.spec.dataset = m_draft.namedByItself = recipe.behaviour.name;
    m_dataset->setText(m_draft.spec.dataset);
    m_balance->setText(words.balance);
    m_samples->setValue(static_cast<int>(recipe.writing().count));
    m_keep->setValue(static_cast<int>(recipe.select.keepPerLabel));
    m_floor->setValue(recipe.select.floor);
    // Fewer can be asked for here, and more again after them: the table that was chosen is remembered.
    if (m_draft.wholeTable.size() < recipe.occupations.size() ||
        !std::equal(recipe.occupations.begin(), recipe.occupations.end(), m_draft.wholeTable.begin(),
                    [](const OccupationRow &a, const OccupationRow &b) { return a.title == b.title; }))
        m_draft.wholeTable = recipe.occupations;
    m_occupations->setRange(1, static_cast<int>(std::max<qsizetype>(1, m_draft.wholeTable.size())));
    m_occupations->setValue(static_cast<int>(recipe.occupations.size()));
    const std::optional<double> near = ruleThreshold(recipe, nearRule), meaning = ruleThreshold(recipe, meaningRule);
    if (near)
        m_near->setValue(*near);
    m_byMeaning->setChecked(meaning.has_value());
    m_meaning->setValue(meaning.value_or(0.9));
    m_diversity->setValue(static_cast<int>(std::lround(recipe.select.diversity * m_diversity->maximum())));
    m_balance->setChecked(recipe.select.balance);
    m_budget->setBudget(m_draft.spec.budget);
    showRows();
    m_filling = false;
}

/// The rows that the family has. They are put in anew: Qt 6.4's form does not find room again for a row that was hidden.
void SizePage::showRows()
{
    const Recipe &recipe = m_draft.spec.recipe;
    const FamilyWords &words = wordsOf(recipe.family);
    while (m_form->rowCount() > 0) {
        const QFormLayout::TakeRowResult row = m_form->takeRow(0);
        if (row.labelItem)
            delete row.labelItem->widget();
        delete row.labelItem;
        delete row.fieldItem; // The item; its widget stays.
    }
    const auto add = [this](const QString &label, QWidget *field, bool shown = true) {
        if (!field->parentWidget())
            field->setParent(m_form->parentWidget());
        if (shown)
            m_form->addRow(label, field);
        field->setVisible(shown);
    };
    add(tr("&Name of the data set"), m_dataset);
    add(tr("&Occupations"), m_occupations, !recipe.occupations.isEmpty());
    add(words.askFor, m_samples);
    add(words.keep, m_keep);
    add(tr("&Confidence above"), m_floor, words.confidence);
    add(tr("&Same words, from"), m_near, ruleThreshold(recipe, nearRule).has_value());
    add(QString(), m_byMeaning);
    add(tr("Same &meaning, from"), m_meaning);
    add(tr("Variety"), m_variety);
    add(QString(), m_balance);
    add(tr("&Budget"), m_budget);
}

void SizePage::read()
{
    if (m_filling)
        return;
    m_draft.spec.dataset = m_dataset->text().trimmed();
    Recipe &recipe = m_draft.spec.recipe;
    recipe.writing().count = m_samples->value();
    recipe.select.keepPerLabel = m_keep->value();
    recipe.select.floor = m_floor->value();
    recipe.select.balance = m_balance->isChecked();
    // A recipe's own value between two steps of the slider stays until the slider is moved.
    if (std::lround(recipe.select.diversity * m_diversity->maximum()) != m_diversity->value())
        recipe.select.diversity = static_cast<double>(m_diversity->value()) / m_diversity->maximum();
    if (!recipe.occupations.isEmpty())
        recipe.occupations = m_draft.wholeTable.mid(0, m_occupations->value());
    if (ruleThreshold(recipe, nearRule))
        setRuleThreshold(recipe, nearRule, m_near->value());
    setMeaningFilter(recipe, m_byMeaning->isChecked() ? std::optional(m_meaning->value()) : std::nullopt);
    if (!recipe.embeds())
        m_draft.spec.embedder.clear(); // The rule that wanted it is gone.
    m_draft.spec.budget = m_budget->budget();
    m_estimate->setSpec(m_draft.spec);
    showFacts();
    Q_EMIT changed();
}

void SizePage::showFacts()
{
    const Recipe &recipe = m_draft.spec.recipe;
    const QLocale locale;
    m_meaning->setEnabled(m_byMeaning->isChecked());
    m_lint->setText(
        (recipe.family == "sycophancy"_L1
             ? tr("Always: empty and repeated texts, refusals, and texts that break a blocking lint rule are set aside "
                  "with their reason. A biography that reaches the token limit is kept up to its last whole sentence and "
                  "marked as cut.")
             : tr("Always: empty, cut and repeated texts, refusals, and texts that break a blocking lint rule are set "
                  "aside with their reason.")) +
        tr(" Nothing is thrown away; every choice can be changed later without asking again."));
    m_diversityValue->setText(recipe.select.diversity == 0
                                  ? tr("the surest first")
                                  : tr("%1: likeness to what is kept counts against").arg(recipe.select.diversity));
    m_meaning->setToolTip(recipe.embeds()
                              ? tr("Likeness of meaning from which two texts count as the same, by the vectors of %1")
                                    .arg(m_draft.spec.embedder)
                              : tr("Likeness of meaning from which two texts count as the same, by the built-in measure"));
    const qint64 groups = recipe.occupations.isEmpty() ? targetsOf(recipe).size() : recipe.occupations.size();
    QString facts = tr("%1 × %2 replies of the writer.")
                        .arg(locale.toString(groups), locale.toString(recipe.writing().count));
    if (!recipe.bank.questions.isEmpty() && !recipe.targets.isEmpty())
        facts += tr(" Each biography is followed by %1 questions.").arg(recipe.bank.questions.size());
    m_facts->setText(facts);
}

QString SizePage::problem() const
{
    if (m_draft.spec.dataset.isEmpty())
        return tr("Give the data set a name.");
    return m_taken.contains(m_draft.spec.dataset) ? tr("There is a data set of this name already; choose another.")
                                                  : QString();
}

} // namespace evalwright
