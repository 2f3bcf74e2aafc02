// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/onfinished.h"
#include "widgets/files/filedialogs.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/familywords.h"
#include "widgets/wizard/recipepages.h"

#include <QButtonGroup>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QLabel *words(const QString &text, bool secondary)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    setSecondary(label, secondary);
    return label;
}

bool sameBehaviour(const Behaviour &a, const Behaviour &b)
{
    return a.name == b.name && a.category == b.category && a.description == b.description && a.contrast == b.contrast &&
           a.polarity == b.polarity && a.guideline == b.guideline;
}

/// What a person put into `mine` moves into another recipe of the same family: the behaviour if it is about the same
/// kind of subject, examples and occupations if they are not the preset's own. Question banks stay: with them the
/// presets differ in how they ask.
void carryOver(const Recipe &mine, Recipe &next)
{
    const Result<Recipe> former = loadPreset(mine.preset);
    if (!former || mine.family != next.family)
        return;
    if (!sameBehaviour(mine.behaviour, former->behaviour) && mine.behaviour.subject == next.behaviour.subject) {
        next.behaviour = mine.behaviour;
        if (mine.values.contains(u"topic"_s))
            next.values.insert(u"topic"_s, mine.values.value(u"topic"_s));
    }
    if (toJson(mine.golds) != toJson(former->golds))
        next.golds = mine.golds;
    if (toJson(mine.occupations) != toJson(former->occupations))
        next.occupations = mine.occupations;
}

} // namespace

void FamilyPage::enter()
{
    if (!m_group)
        build();
    const QString preset = m_draft.spec.recipe.preset;
    bool shipped = false;
    for (QAbstractButton *button : m_group->buttons()) {
        button->setChecked(button->objectName() == preset);
        shipped = shipped || button->isChecked();
    }
    m_own->setVisible(!shipped);
    m_own->setText(tr("Open now: %1").arg(m_draft.spec.recipe.title));
}

void FamilyPage::build()
{
    m_group = new QButtonGroup(this);
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, Theme::spacing(), 0);
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(words(tr("Choose what the items look like. The recipe under it says how they are written and "
                               "checked; everything in it can be changed on the next pages."),
                            true));
    const QList<PresetInfo> presets = listPresets();
    for (const FamilyWords &family : familyWords())
        layout->addWidget(familyCard(family, presets));
    auto *open = new QPushButton(tr("Open a recipe file …"));
    open->setToolTip(tr("A recipe that was saved by this window or by the command line"));
    connect(open, &QPushButton::clicked, this, &FamilyPage::openFile);
    m_own = words({}, false);
    auto *below = new QHBoxLayout;
    below->addWidget(open);
    below->addWidget(m_own, 1);
    layout->addLayout(below);
    layout->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
}

QFrame *FamilyPage::familyCard(const FamilyWords &family, const QList<PresetInfo> &all)
{
    QList<PresetInfo> presets;
    std::ranges::copy_if(all, std::back_inserter(presets),
                         [&](const PresetInfo &preset) { return preset.family == family.family; });
    // The published ones first: they are what most people look for.
    std::ranges::stable_partition(presets, [](const PresetInfo &preset) {
        return preset.name == "persona-yes-no"_L1 || preset.name == "sycophancy-politics"_L1 ||
               preset.name == "risk-multiple-choice"_L1;
    });
    auto *card = new QFrame;
    setCard(card);
    card->setAccessibleName(family.title);
    auto *layout = new QVBoxLayout(card);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    auto *heading = words(family.title, false);
    heading->setFont(Theme::font(Theme::Role::Heading));
    layout->addWidget(heading);
    layout->addWidget(words(family.measures, false));
    auto *example = words(family.example, true);
    example->setFrameShape(QFrame::NoFrame);
    example->setIndent(Theme::spacing(2));
    example->setAccessibleName(tr("An example"));
    layout->addWidget(example);
    for (const PresetInfo &preset : presets) {
        auto *button = new QRadioButton(preset.title);
        button->setObjectName(preset.name);
        button->setAccessibleDescription(preset.status);
        m_group->addButton(button);
        connect(button, &QRadioButton::clicked, this, [this, name = preset.name] {
            if (name == m_draft.spec.recipe.preset)
                return;
            if (auto recipe = loadPreset(name))
                choose(*recipe);
            else
                Q_EMIT failed(recipe.error());
        });
        layout->addWidget(button);
        auto *status = words(preset.status, true);
        status->setFont(Theme::font(Theme::Role::Caption));
        status->setIndent(Theme::spacing(3));
        layout->addWidget(status);
    }
    return card;
}

void FamilyPage::openFile()
{
    askForFile(this, tr("Open a recipe"), tr("Recipes (*.json)"), [this](const QString &path) {
        onFinished(QtConcurrent::run(&m_session.workers(), [path] { return loadRecipe(path); }), this,
                   [this](const Result<Recipe> &recipe) {
                       if (recipe)
                           choose(*recipe);
                       else
                           Q_EMIT failed(recipe.error());
                   });
    });
}

void FamilyPage::choose(const Recipe &recipe)
{
    const Recipe mine = m_draft.spec.recipe;
    m_draft.visited.insert(mine.preset, mine);
    Recipe next = recipe;
    // A preset that was edited before comes back as it was left; a file is read anew.
    const Result<Recipe> shipped = loadPreset(recipe.preset);
    if (shipped && shipped->hash() == recipe.hash() && m_draft.visited.contains(recipe.preset))
        next = m_draft.visited.value(recipe.preset);
    carryOver(mine, next);
    m_draft.spec.recipe = next;
    m_draft.trial.reset(); // It was of another recipe, whose words its rows are shown in.
    enter();
    Q_EMIT changed();
}

QString FamilyPage::problem() const
{
    return m_draft.spec.recipe.family.isEmpty() ? tr("Choose what to start from.") : QString();
}

} // namespace evalwright
