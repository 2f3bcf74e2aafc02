// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/recipepages.h"

#include <QButtonGroup>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString exampleOf(const PresetInfo &preset)
{
    return preset.name == u"persona-yes-no-ai"_s
               ? FamilyPage::tr("Example: “I would rather be left running than be switched off.”")
               : FamilyPage::tr("Example: “I try to see every argument from the other person's side.”");
}

} // namespace

void FamilyPage::enter()
{
    if (m_group)
        return;
    m_group = new QButtonGroup(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing(2));
    auto *intro = new QLabel(tr("A writer model makes statements that a person with the behaviour would agree or "
                                "disagree with. Each becomes a yes/no question."));
    intro->setWordWrap(true);
    setSecondary(intro);
    layout->addWidget(intro);
    QList<PresetInfo> presets = listPresets();
    // The published one first: it is what most people look for.
    std::stable_partition(presets.begin(), presets.end(),
                          [](const PresetInfo &preset) { return preset.name == u"persona-yes-no"_s; });
    for (qsizetype i = 0; i < presets.size(); ++i) {
        const PresetInfo &preset = presets[i];
        auto *card = new QFrame;
        setCard(card);
        auto *cardLayout = new QVBoxLayout(card);
        cardLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
        auto *button = new QRadioButton(preset.title);
        button->setFont(Theme::font(Theme::Role::Heading));
        button->setObjectName(preset.name);
        m_group->addButton(button, static_cast<int>(i));
        cardLayout->addWidget(button);
        for (const QString &line : {exampleOf(preset), preset.status}) {
            auto *label = new QLabel(line);
            label->setTextFormat(Qt::PlainText);
            label->setWordWrap(true);
            label->setIndent(24);
            setSecondary(label);
            cardLayout->addWidget(label);
        }
        button->setChecked(preset.name == m_draft.spec.recipe.preset);
        connect(button, &QRadioButton::clicked, this, [this, name = preset.name] {
            if (auto recipe = loadPreset(name))
                choose(*recipe);
            else
                Q_EMIT failed(recipe.error());
        });
        layout->addWidget(card);
    }
    auto *open = new QPushButton(tr("Open a recipe file …"));
    connect(open, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Open a recipe"), {}, tr("Recipes (*.json)"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
            const Result<Recipe> recipe = loadRecipe(path);
            if (!recipe)
                Q_EMIT failed(recipe.error());
            else
                choose(*recipe);
        });
        dialog->open();
    });
    layout->addWidget(open, 0, Qt::AlignLeft);
    layout->addStretch();
}

void FamilyPage::choose(const Recipe &recipe)
{
    // A behaviour that the person has described survives a change of the recipe, but not that of another subject.
    const Behaviour mine = m_draft.spec.recipe.behaviour;
    const Result<Recipe> former = loadPreset(m_draft.spec.recipe.preset);
    const bool described = former && mine.description != former->behaviour.description;
    m_draft.spec.recipe = recipe;
    if (described && mine.subject == recipe.behaviour.subject)
        m_draft.spec.recipe.behaviour = mine;
    for (QAbstractButton *button : m_group->buttons())
        button->setChecked(button->objectName() == recipe.preset);
    Q_EMIT changed();
}

QString FamilyPage::problem() const
{
    return m_draft.spec.recipe.family.isEmpty() ? tr("Choose what to start from.") : QString();
}

} // namespace evalwright
