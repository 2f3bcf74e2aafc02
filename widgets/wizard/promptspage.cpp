// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/form.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/recipepages.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QPlainTextEdit *editor(int lines)
{
    auto *edit = new QPlainTextEdit;
    edit->setFont(Theme::font(Theme::Role::Mono));
    edit->setTabChangesFocus(true);
    edit->setFixedHeight(QFontMetrics(edit->font()).lineSpacing() * lines + 14);
    return edit;
}

} // namespace

PromptsPage::PromptsPage(Session &session, WizardDraft &draft, QWidget *parent)
    : WizardPage(session, draft, parent), m_user(editor(4)), m_prefill(editor(3)), m_suffix(editor(2)),
      m_checkUser(editor(3)), m_checkPrefill(editor(1)), m_problems(new QLabel), m_difference(new QLabel)
{
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, Theme::spacing(), 0);
    layout->setSpacing(Theme::spacing() / 2);
    const auto addField = [layout](const QString &title, const QString &help, QPlainTextEdit *edit) {
        auto *heading = new QLabel(title);
        heading->setFont(Theme::font(Theme::Role::Heading));
        heading->setBuddy(edit);
        edit->setAccessibleName(title);
        auto *note = new QLabel(help);
        note->setWordWrap(true);
        note->setFont(Theme::font(Theme::Role::Caption));
        setSecondary(note);
        layout->addWidget(heading);
        layout->addWidget(note);
        layout->addWidget(edit);
        layout->addSpacing(Theme::spacing());
    };
    addField(tr("Writer's prompt"),
             tr("{{description}} is the behaviour; {{agree}} and {{disagree}} change places for the other label."),
             m_user);
    addField(tr("Start of the writer's answer"), tr("For base models and servers that continue a started answer."),
             m_prefill);
    addField(tr("Added for chat models"), tr("Where an answer cannot be started, this ends the prompt instead."),
             m_suffix);
    addField(tr("Checker's prompt"),
             tr("{{first}} and {{second}} are agree and disagree, in both orders; {{statement}} is what was written."),
             m_checkUser);
    addField(tr("Start of the checker's answer"), {}, m_checkPrefill);
    for (QLabel *label : {m_problems, m_difference}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        layout->addWidget(label);
    }
    setSecondary(m_difference);
    layout->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    for (QPlainTextEdit *edit : {m_user, m_prefill, m_suffix, m_checkUser, m_checkPrefill})
        connect(edit, &QPlainTextEdit::textChanged, this, &PromptsPage::read);
}

void PromptsPage::enter()
{
    m_filling = true;
    const Recipe &recipe = m_draft.spec.recipe;
    m_user->setPlainText(recipe.writing().prompt.user);
    m_prefill->setPlainText(recipe.writing().prompt.prefill);
    m_suffix->setPlainText(recipe.writing().prompt.chatSuffix);
    const RecipeStage *check = recipe.checking();
    m_checkUser->setEnabled(check && !check->form);
    m_checkPrefill->setEnabled(check && !check->form);
    if (check) {
        m_checkUser->setPlainText(check->form ? check->form->wordings.value(0).user : check->prompt.user);
        m_checkPrefill->setPlainText(check->form ? check->form->wordings.value(0).prefill : check->prompt.prefill);
    }
    m_filling = false;
    read();
}

void PromptsPage::read()
{
    if (m_filling)
        return;
    Recipe &recipe = m_draft.spec.recipe;
    recipe.writing().prompt.user = m_user->toPlainText();
    recipe.writing().prompt.prefill = m_prefill->toPlainText();
    recipe.writing().prompt.chatSuffix = m_suffix->toPlainText();
    if (RecipeStage *check = recipe.checking(); check && !check->form) {
        check->prompt.user = m_checkUser->toPlainText();
        check->prompt.prefill = m_checkPrefill->toPlainText();
    }
    QStringList lines;
    for (const RecipeProblem &problem : Recipe::validate(QByteArray::fromStdString(recipe.toJson().dump())))
        lines << problem.message;
    m_problem = lines.value(0);
    m_problems->setText(lines.join(u'\n'));
    QPalette palette = m_problems->palette();
    palette.setColor(QPalette::WindowText, Theme::of(this)->color(Theme::Meaning::Error));
    m_problems->setPalette(palette);
    m_problems->setVisible(!lines.isEmpty());
    showDifference();
    Q_EMIT changed();
}

void PromptsPage::showDifference()
{
    const auto differences = m_draft.spec.recipe.differenceFromPreset();
    if (!differences) {
        m_difference->setText(tr("This recipe is not a shipped one, so there is nothing to compare it with."));
        return;
    }
    QStringList lines;
    for (const Recipe::Difference &difference : *differences)
        lines << tr("%1: “%2” instead of “%3”").arg(difference.path, difference.now, difference.preset);
    m_difference->setText(lines.isEmpty() ? tr("Nothing differs from the preset.")
                                          : tr("Different from the preset:") + u'\n' + lines.join(u'\n'));
}

} // namespace evalwright
