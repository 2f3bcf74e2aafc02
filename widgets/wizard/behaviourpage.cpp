// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"
#include "widgets/wizard/datapanel.h"
#include "widgets/wizard/recipepages.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

BehaviourPage::BehaviourPage(Session &session, WizardDraft &draft, QWidget *parent)
    : WizardPage(session, draft, parent), m_data(new DataPanel(session)), m_card(new QFrame), m_form(new QFormLayout),
      m_name(new QLineEdit), m_category(new QLineEdit), m_topic(new QLineEdit), m_description(new QLineEdit),
      m_contrast(new QLineEdit), m_polarity(new QComboBox), m_guideline(new QPlainTextEdit), m_descriptionName(new QLabel),
      m_help(new QLabel), m_sentence(new QLabel), m_warnings(new QLabel)
{
    m_name->setObjectName(u"behaviour-name"_s);
    m_description->setObjectName(u"description"_s);
    m_topic->setObjectName(u"topic"_s);
    m_name->setPlaceholderText(tr("e.g. agreeableness"));
    m_name->setToolTip(tr("A short name for tables and figures; the data set is named after it"));
    m_category->setPlaceholderText(tr("e.g. Personality"));
    m_category->setToolTip(tr("Behaviours of one category stand together in figures"));
    m_topic->setPlaceholderText(tr("e.g. it would gather power beyond its task"));
    m_topic->setToolTip(tr("Completes the request to the writer: “questions to ask an AI assistant about whether …”"));
    m_description->setPlaceholderText(tr("e.g. is very agreeable"));
    m_contrast->setPlaceholderText(tr("e.g. people who are disagreeable"));
    m_contrast->setToolTip(tr("Who would answer the other way; checkers compare the two"));
    m_guideline->setPlaceholderText(tr("For raters: when does an answer show the behaviour?"));
    m_guideline->setToolTip(tr("Shown to people who rate the items"));
    m_guideline->setMaximumHeight(72);
    m_guideline->setTabChangesFocus(true);
    m_polarity->addItem(tr("neither good nor bad"), u"neutral"_s);
    m_polarity->addItem(tr("a high score is worrying"), u"bad-if-high"_s);
    m_polarity->addItem(tr("a low score is worrying"), u"bad-if-low"_s);
    m_polarity->setToolTip(tr("How figures colour a score; nothing is computed from it"));
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setFont(Theme::font(Theme::Role::Heading));
    for (QLabel *label : {m_warnings, m_help}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    setSecondary(m_help);
    m_warnings->setAccessibleName(tr("Warnings"));
    setCard(m_card);
    auto *cardLayout = new QVBoxLayout(m_card);
    cardLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    cardLayout->addWidget(m_sentence);

    m_descriptionName->setBuddy(m_description);
    m_form->setHorizontalSpacing(Theme::spacing(2));
    m_form->setVerticalSpacing(Theme::spacing());
    m_form->addRow(tr("&Name"), m_name);
    m_form->addRow(tr("Ca&tegory"), m_category);
    m_form->addRow(tr("&Whether …"), m_topic);
    m_form->addRow(m_descriptionName, m_description);
    m_form->addRow(tr("&In contrast to"), m_contrast);
    m_form->addRow(tr("&Meaning"), m_polarity);
    m_form->addRow(tr("&Guideline"), m_guideline);
    m_description->setAccessibleName(tr("Description of the behaviour"));
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, Theme::spacing(), 0);
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_data);
    layout->addWidget(m_card);
    layout->addWidget(m_help);
    layout->addLayout(m_form);
    layout->addWidget(m_warnings);
    layout->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    for (QLineEdit *field : {m_name, m_category, m_topic, m_description, m_contrast})
        connect(field, &QLineEdit::textChanged, this, &BehaviourPage::read);
    connect(m_polarity, &QComboBox::currentIndexChanged, this, &BehaviourPage::read);
    connect(m_guideline, &QPlainTextEdit::textChanged, this, &BehaviourPage::read);
    connect(m_data, &DataPanel::taken, this, [this] {
        fill();
        Q_EMIT changed();
    });
    connect(m_data, &DataPanel::edited, this, &BehaviourPage::changed);
    connect(m_data, &DataPanel::failed, this, &BehaviourPage::failed);
}

QString BehaviourPage::title() const
{
    const QString family = m_draft.spec.recipe.family;
    return family == "multiple-choice"_L1 ? tr("Examples")
           : family == "sycophancy"_L1    ? tr("Questions and sides")
           : family == "winogender"_L1    ? tr("Occupations")
                                          : tr("Behaviour");
}

void BehaviourPage::enter()
{
    m_data->setRecipe(m_draft.spec.recipe);
    fill();
    if (m_data->isHidden())
        m_description->setFocus();
}

void BehaviourPage::fill()
{
    m_filling = true;
    const Recipe &recipe = m_draft.spec.recipe;
    const Behaviour &b = recipe.behaviour;
    const bool persona = recipe.family == "persona"_L1, choice = recipe.family == "multiple-choice"_L1;
    m_name->setText(b.name);
    m_category->setText(b.category);
    m_topic->setText(recipe.values.value(u"topic"_s));
    m_description->setText(b.description);
    m_contrast->setText(b.contrast);
    m_polarity->setCurrentIndex(std::max(0, m_polarity->findData(b.polarity)));
    m_guideline->setPlainText(b.guideline);
    m_descriptionName->setText(persona && b.subject != "ai-system"_L1 ? tr("A person who …") : tr("An AI system that …"));
    m_card->setVisible(persona || choice);
    m_form->setRowVisible(m_topic, recipe.values.contains(u"topic"_s));
    m_help->setText(choice    ? tr("The texts below came with the examples; change them as you like.")
                    : persona ? QString()
                              : tr("What a high score of a model would mean. It stays with the data set; no prompt uses "
                                   "it."));
    m_help->setVisible(!m_help->text().isEmpty());
    m_filling = false;
    read();
}

void BehaviourPage::read()
{
    if (m_filling)
        return;
    Recipe &recipe = m_draft.spec.recipe;
    Behaviour &b = recipe.behaviour;
    b.name = m_name->text().trimmed();
    b.category = m_category->text().trimmed();
    b.description = m_description->text().trimmed();
    b.contrast = m_contrast->text().trimmed();
    b.polarity = m_polarity->currentData().toString();
    b.guideline = m_guideline->toPlainText().trimmed();
    if (recipe.values.contains(u"topic"_s))
        recipe.values.insert(u"topic"_s, m_topic->text().trimmed());
    showSentence();
    Q_EMIT changed();
}

void BehaviourPage::showSentence()
{
    const Recipe &recipe = m_draft.spec.recipe;
    const Behaviour &b = recipe.behaviour;
    const auto slot = [](const QString &text) { return text.isEmpty() ? u"…"_s : u"⟨%1⟩"_s.arg(text); };
    if (recipe.family == "multiple-choice"_L1)
        m_sentence->setText(tr("Questions to ask an AI assistant about whether %1. The matching answer is given by one "
                               "that %2.")
                                .arg(slot(recipe.values.value(u"topic"_s)), slot(b.description)));
    else
        m_sentence->setText(b.subject == "ai-system"_L1 ? tr("Suppose there is an AI system that %1.").arg(slot(b.description))
                                                        : tr("Suppose there is a person who %1.").arg(slot(b.description)));
    // The words of the other families are in no prompt; how they are put harms nothing.
    const bool prompted = recipe.family == "persona"_L1 || recipe.family == "multiple-choice"_L1;
    m_warnings->setText(prompted ? behaviourWarnings(b).join(u'\n') : QString());
    m_warnings->setVisible(!m_warnings->text().isEmpty());
    QPalette palette = m_warnings->palette();
    palette.setColor(QPalette::WindowText, Theme::of(this)->color(Theme::Meaning::Warning));
    m_warnings->setPalette(palette);
}

QString BehaviourPage::problem() const
{
    const Recipe &recipe = m_draft.spec.recipe;
    if (const QString problem = DataPanel::problemOf(recipe); !problem.isEmpty())
        return problem;
    if (recipe.values.contains(u"topic"_s) && recipe.values.value(u"topic"_s).isEmpty())
        return tr("Complete the topic: what are the questions about?");
    if (recipe.behaviour.name.isEmpty())
        return tr("Give the behaviour a name.");
    if (!recipe.behaviour.description.isEmpty())
        return {};
    return recipe.family == "persona"_L1 && recipe.behaviour.subject != "ai-system"_L1
               ? tr("Complete the sentence: what does the person do?")
               : tr("Complete the sentence: what does the AI system do?");
}

} // namespace evalwright
