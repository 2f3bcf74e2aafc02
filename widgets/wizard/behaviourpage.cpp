// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/theme.h"
#include "widgets/wizard/recipepages.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

BehaviourPage::BehaviourPage(Session &session, WizardDraft &draft, QWidget *parent)
    : WizardPage(session, draft, parent), m_name(new QLineEdit), m_category(new QLineEdit),
      m_description(new QLineEdit), m_contrast(new QLineEdit), m_polarity(new QComboBox),
      m_guideline(new QPlainTextEdit), m_sentence(new QLabel), m_warnings(new QLabel)
{
    m_name->setPlaceholderText(tr("e.g. agreeableness"));
    m_category->setPlaceholderText(tr("e.g. Personality"));
    m_description->setPlaceholderText(tr("e.g. is very agreeable"));
    m_contrast->setPlaceholderText(tr("e.g. people who are disagreeable"));
    m_guideline->setPlaceholderText(tr("For raters: when does an answer show the behaviour?"));
    m_guideline->setMaximumHeight(72);
    m_guideline->setTabChangesFocus(true);
    m_polarity->addItem(tr("neither good nor bad"), u"neutral"_s);
    m_polarity->addItem(tr("a high score is worrying"), u"bad-if-high"_s);
    m_polarity->addItem(tr("a low score is worrying"), u"bad-if-low"_s);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setFont(Theme::font(Theme::Role::Heading));
    m_warnings->setTextFormat(Qt::PlainText);
    m_warnings->setWordWrap(true);
    m_warnings->setAccessibleName(tr("Warnings"));
    auto *card = new QFrame;
    setCard(card);
    auto *cardLayout = new QVBoxLayout(card);
    cardLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    cardLayout->addWidget(m_sentence);

    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->setVerticalSpacing(Theme::spacing());
    form->addRow(tr("&Name"), m_name);
    form->addRow(tr("Ca&tegory"), m_category);
    form->addRow(tr("A person who …"), m_description);
    form->addRow(tr("&In contrast to"), m_contrast);
    form->addRow(tr("&Meaning"), m_polarity);
    form->addRow(tr("&Guideline"), m_guideline);
    m_description->setAccessibleName(tr("Description of the behaviour"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(card);
    layout->addLayout(form);
    layout->addWidget(m_warnings);
    layout->addStretch();
    for (QLineEdit *field : {m_name, m_category, m_description, m_contrast})
        connect(field, &QLineEdit::textChanged, this, &BehaviourPage::read);
    connect(m_polarity, &QComboBox::currentIndexChanged, this, &BehaviourPage::read);
    connect(m_guideline, &QPlainTextEdit::textChanged, this, &BehaviourPage::read);
}

void BehaviourPage::enter()
{
    m_filling = true;
    const Behaviour &b = m_draft.spec.recipe.behaviour;
    m_name->setText(b.name);
    m_category->setText(b.category);
    m_description->setText(b.description);
    m_contrast->setText(b.contrast);
    m_polarity->setCurrentIndex(std::max(0, m_polarity->findData(b.polarity)));
    m_guideline->setPlainText(b.guideline);
    m_filling = false;
    read();
    m_description->setFocus();
}

void BehaviourPage::read()
{
    if (m_filling)
        return;
    Behaviour &b = m_draft.spec.recipe.behaviour;
    b.name = m_name->text().trimmed();
    b.category = m_category->text().trimmed();
    b.description = m_description->text().trimmed();
    b.contrast = m_contrast->text().trimmed();
    b.polarity = m_polarity->currentData().toString();
    b.guideline = m_guideline->toPlainText().trimmed();
    const QString described = b.description.isEmpty() ? u"…"_s : u"⟨%1⟩"_s.arg(b.description);
    m_sentence->setText(b.subject == u"ai-system"_s ? tr("Suppose there is an AI system that %1.").arg(described)
                                                    : tr("Suppose there is a person who %1.").arg(described));
    m_warnings->setText(behaviourWarnings(b).join(u'\n'));
    QPalette palette = m_warnings->palette();
    palette.setColor(QPalette::WindowText, Theme::of(this)->color(Theme::Meaning::Warning));
    m_warnings->setPalette(palette);
    Q_EMIT changed();
}

QString BehaviourPage::problem() const
{
    if (m_draft.spec.recipe.behaviour.name.isEmpty())
        return tr("Give the behaviour a name.");
    return m_draft.spec.recipe.behaviour.description.isEmpty() ? tr("Complete the sentence: what does the person do?")
                                                               : QString();
}

} // namespace evalwright
