// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/studio/promptspage.h"

#include "core/onfinished.h"
#include "generators/checker/form.h"
#include "generators/generationstages.h"
#include "generators/prompting.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/studio/prompteditor.h"
#include "widgets/studio/stagewords.h"
#include "widgets/studio/trypanel.h"
#include "widgets/studio/versionspanel.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/familywords.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableWidget>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QLabel *note()
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    setSecondary(label);
    return label;
}

/// The part of a recipe's document that a stage's prompt is: `form` of a check with one, else `prompt`.
json promptOf(const Recipe &recipe, int stage)
{
    const json document = recipe.toJson();
    const json &of = document.at("stages").at(static_cast<size_t>(stage));
    return of.contains("form") ? of.at("form") : of.value("prompt", json());
}

} // namespace

PromptsPage::PromptsPage(Session &session, WizardDraft &draft, QWidget *parent)
    : WizardPage(session, draft, parent), m_stages(new QListWidget), m_problemList(new QListWidget), m_about(note()),
      m_formNote(note()), m_forms(new QComboBox), m_targets(new QComboBox), m_samples(new QComboBox),
      m_editForm(new QPushButton(tr("Edit a copy"))), m_reset(new QPushButton(tr("Reset to preset"))),
      m_texts(new QWidget), m_formRow(new QWidget), m_tabs(new QTabWidget), m_side(new QTabWidget),
      m_rendered(new QPlainTextEdit), m_changes(new QTableWidget(0, 3))
{
    m_stages->setObjectName(u"stages"_s);
    m_stages->setAccessibleName(tr("Stages of the recipe"));
    m_stages->setMinimumWidth(130);
    m_stages->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_stages->setTextElideMode(Qt::ElideRight);
    m_problemList->setObjectName(u"problems"_s);
    m_problemList->setAccessibleName(tr("Mistakes"));
    m_problemList->setMaximumHeight(96);
    m_problemList->setWordWrap(true);
    m_forms->setObjectName(u"forms"_s);
    m_forms->setAccessibleName(tr("How the checker is asked"));
    m_forms->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_editForm->setObjectName(u"edit-form"_s);
    m_reset->setObjectName(u"reset"_s);
    const QStringList names{tr("Request"), tr("Answer start"), tr("Chat suffix"), tr("Whole text")};
    const QStringList help{
        tr("What the model is asked for. Ctrl+Space offers the names that stand here."),
        tr("For base models and servers that continue a started answer."),
        tr("Where an answer cannot be started, this ends the request instead."),
        tr("For base models, in place of the request and the start of the answer; empty: these as text.")};
    for (const PromptPart part : promptParts) {
        const auto index = static_cast<size_t>(part);
        auto *page = new QWidget;
        auto *layout = new QVBoxLayout(page);
        layout->setContentsMargins(0, Theme::spacing(), 0, 0);
        QLabel *line = note();
        line->setText(help[static_cast<int>(index)]);
        line->setFont(Theme::font(Theme::Role::Caption));
        m_editors[index] = new PromptEditor;
        m_editors[index]->setAccessibleName(names[static_cast<int>(index)]);
        layout->addWidget(line);
        layout->addWidget(m_editors[index], 1);
        m_tabs->addTab(page, names[static_cast<int>(index)]);
        connect(m_editors[index], &PromptEditor::edited, this, [this, part] { edited(part); });
    }
    m_tabs->setDocumentMode(true);
    m_tabs->setUsesScrollButtons(true);
    auto *formLayout = new QHBoxLayout(m_formRow);
    formLayout->setContentsMargins(0, 0, 0, 0);
    formLayout->addWidget(m_forms, 1);
    formLayout->addWidget(m_editForm);
    auto *textsLayout = new QVBoxLayout(m_texts);
    textsLayout->setContentsMargins(0, 0, 0, 0);
    textsLayout->setSpacing(Theme::spacing());
    textsLayout->addWidget(m_formRow);
    textsLayout->addWidget(m_formNote);
    textsLayout->addWidget(m_tabs, 1);
    textsLayout->addWidget(m_problemList);
    textsLayout->addWidget(m_reset, 0, Qt::AlignLeft);
    auto *middle = new QWidget;
    auto *middleLayout = new QVBoxLayout(middle);
    middleLayout->setContentsMargins(Theme::spacing(), 0, Theme::spacing(), 0);
    middleLayout->setSpacing(Theme::spacing());
    middleLayout->addWidget(m_about);
    middleLayout->addWidget(m_texts, 100);
    middleLayout->addStretch(1);
    auto *splitter = new QSplitter;
    splitter->addWidget(m_stages);
    splitter->addWidget(middle);
    splitter->addWidget(makeSide());
    splitter->setStretchFactor(1, 3);
    splitter->setStretchFactor(2, 2);
    splitter->setSizes({150, 420, 300});
    splitter->setChildrenCollapsible(false);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(splitter);
    connect(m_stages, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && !m_filling)
            setStage(row);
    });
    connect(m_problemList, &QListWidget::itemActivated, this, [this](const QListWidgetItem *item) {
        const StudioProblem &problem = m_problems.at(item->data(Qt::UserRole).toInt());
        if (problem.stage >= 0)
            setStage(problem.stage);
        if (problem.part) {
            m_tabs->setCurrentIndex(static_cast<int>(*problem.part));
            editor(*problem.part)->goTo(problem.problem.line, problem.problem.column);
        }
    });
    connect(m_forms, &QComboBox::activated, this, [this](int row) { chooseForm(m_forms->itemData(row).toString()); });
    connect(m_editForm, &QPushButton::clicked, this, &PromptsPage::editForm);
    connect(m_reset, &QPushButton::clicked, this, &PromptsPage::resetToPreset);
    connect(m_targets, &QComboBox::activated, this, &PromptsPage::render);
    connect(m_samples, &QComboBox::activated, this, &PromptsPage::render);
    connect(Theme::of(this), &Theme::changed, this, [this] {
        if (m_stages->count() > 0) {
            colourStages();
            check();
        }
    });
}

QWidget *PromptsPage::makeSide()
{
    m_rendered->setReadOnly(true);
    m_rendered->setFont(Theme::font(Theme::Role::Mono));
    m_rendered->setAccessibleName(tr("What the model reads"));
    m_targets->setAccessibleName(tr("Asked for"));
    m_samples->setAccessibleName(tr("Sample that is checked"));
    for (QComboBox *box : {m_targets, m_samples})
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto *rendered = new QWidget;
    auto *layout = new QVBoxLayout(rendered);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_targets);
    layout->addWidget(m_samples);
    layout->addWidget(m_rendered, 1);
    m_try = new TryPanel(m_session, [this](const Model &model) {
        const int sample = m_samples->currentData().toInt();
        return sampleRequest(m_draft.spec.recipe, current(), model, std::max(0, m_targets->currentIndex()),
                             sample >= 0 && sample < m_candidates.size() ? std::optional(m_candidates[sample])
                                                                        : std::nullopt);
    });
    m_versions = new VersionsPanel(m_session);
    m_changes->setObjectName(u"changes"_s);
    m_changes->setHorizontalHeaderLabels({tr("Where"), tr("In the preset"), tr("Now")});
    m_changes->setAccessibleName(tr("Different from the preset"));
    showAsRows(m_changes);
    m_changes->setWordWrap(true);
    m_changes->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_changes->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_side->setDocumentMode(true);
    m_side->addTab(rendered, tr("Rendered"));
    m_side->addTab(m_changes, tr("Changes"));
    m_side->addTab(m_try, tr("Try"));
    m_side->addTab(m_versions, tr("Versions"));
    connect(m_try, &TryPanel::failed, this, &PromptsPage::failed);
    connect(m_versions, &VersionsPanel::failed, this, &PromptsPage::failed);
    connect(m_versions, &VersionsPanel::restoreRequested, this, [this](const json &prompt) {
        if (const Status taken = takePrompt(prompt); !taken)
            Q_EMIT failed(taken.error());
    });
    return m_side;
}

RecipeStage &PromptsPage::current()
{
    QList<RecipeStage> &stages = m_draft.spec.recipe.stages;
    m_stage = std::clamp(m_stage, 0, static_cast<int>(stages.size()) - 1);
    return stages[m_stage];
}

const Model *PromptsPage::modelOfStage() const
{
    const RecipeStage &stage = m_draft.spec.recipe.stages.at(m_stage);
    const Model *chosen = m_draft.model(stage.role == "checker"_L1 ? m_draft.spec.checkerName() : m_draft.spec.writer);
    return chosen || m_draft.models.isEmpty() ? chosen : &m_draft.models.constFirst();
}

void PromptsPage::enter()
{
    const Recipe &recipe = m_draft.spec.recipe;
    m_filling = true;
    m_stages->clear();
    for (const RecipeStage &stage : recipe.stages) {
        auto *item = new QListWidgetItem(stageTitle(stage));
        item->setToolTip(plainToolTip(stageExplanation(stage)));
        m_stages->addItem(item);
    }
    colourStages();
    m_targets->clear();
    for (const RecipeTarget &target : targetsOf(recipe)) {
        if (m_targets->count() == 200) // More than a person looks through.
            break;
        m_targets->addItem(tr("Asked for: %1").arg(targetWords(recipe, target.label)));
    }
    m_targets->setVisible(m_targets->count() > 1);
    m_filling = false;
    if (m_samplesOf != recipe.family)
        loadSamples();
    m_try->setModels(m_draft.models, m_draft.spec.writer);
    // The prompt that makes the data set is what most people come for.
    if (m_stage >= recipe.stages.size() || !recipe.stages[m_stage].asks())
        m_stage = static_cast<int>(&recipe.writing() - recipe.stages.constData());
    setStage(m_stage);
}

/// What asks nobody stands back.
void PromptsPage::colourStages()
{
    const QList<RecipeStage> &stages = m_draft.spec.recipe.stages;
    for (int i = 0; i < std::min<int>(m_stages->count(), static_cast<int>(stages.size())); ++i)
        m_stages->item(i)->setForeground(Theme::of(this)->color(stages[i].asks() ? Theme::Meaning::Text
                                                                                 : Theme::Meaning::TextSecondary));
}

void PromptsPage::leave()
{
    if (m_try->isRunning())
        m_try->cancel();
}

void PromptsPage::setStage(int stage)
{
    m_stage = stage;
    current();
    m_filling = true;
    m_stages->setCurrentRow(m_stage);
    m_filling = false;
    showStage();
}

void PromptsPage::showStage()
{
    const RecipeStage &stage = current();
    m_about->setText(stageExplanation(stage));
    m_texts->setVisible(stage.asks());
    m_side->setTabEnabled(0, stage.asks());
    m_side->setTabEnabled(2, stage.asks());
    m_side->setTabEnabled(3, stage.asks());
    if (stage.asks()) {
        const QStringList names = promptNames(m_draft.spec.recipe, stage);
        showForms();
        for (const PromptPart part : promptParts) {
            editor(part)->setNames(names);
            editor(part)->setPrompt(promptText(stage, part));
        }
        m_samples->setVisible(stage.kind == RecipeStage::Kind::Check && m_samples->count() > 1);
        m_try->setTitle(tr("Prompt trial: %1").arg(stage.id));
    }
    check();
}

/// Stands for no form; no form has this name.
const QString ownPrompt = u"//own"_s;

void PromptsPage::showForms()
{
    const RecipeStage &stage = current();
    bool shipped = false;
    m_forms->clear();
    // A check by the recipe's own prompt can be asked by a form instead, which known labels can try; and back.
    const bool check = stage.kind == RecipeStage::Kind::Check && !stage.flag;
    if (check && !stage.prompt.user.isEmpty())
        m_forms->addItem(tr("The recipe's own prompt"), ownPrompt);
    if (check && !stage.form) {
        if (const auto forms = listCheckerForms()) {
            for (const CheckerForm &form : *forms) {
                if (form.family == m_draft.spec.recipe.family && form.requirement == stage.requirement)
                    m_forms->addItem(form.title, form.name);
            }
        } else {
            Q_EMIT failed(forms.error());
        }
        m_formNote->setText(tr("The recipe's own prompt. A form instead can be tried on items of known labels."));
    }
    const bool choice = stage.form || m_forms->count() > 1;
    m_formRow->setVisible(choice);
    m_formNote->setVisible(choice);
    if (stage.form) {
        if (const auto forms = listCheckerForms()) {
            for (const CheckerForm &form : *forms) {
                if (form.family != m_draft.spec.recipe.family || form.requirement != stage.requirement)
                    continue;
                m_forms->addItem(form.title, form.name);
                if (form.hash() == stage.form->hash()) {
                    m_forms->setCurrentIndex(m_forms->count() - 1);
                    shipped = true;
                }
            }
        } else {
            Q_EMIT failed(forms.error());
        }
        if (!shipped) {
            m_forms->addItem(tr("%1 (your copy)").arg(stage.form->title), QString());
            m_forms->setCurrentIndex(m_forms->count() - 1);
        }
        m_formNote->setText(shipped ? stage.form->status : tr("Your copy: its first wording can be changed below."));
    }
    m_editForm->setEnabled(shipped);
    for (PromptEditor *each : m_editors)
        each->setEditable(!stage.form || !shipped);
}

void PromptsPage::chooseForm(const QString &name)
{
    if (name.isEmpty())
        return;
    RecipeStage &stage = current();
    if (name == ownPrompt) {
        stage.form.reset();
        showStage();
        return;
    }
    const Result<CheckerForm> form = loadCheckerForm(name);
    if (!form) {
        Q_EMIT failed(form.error());
        return;
    }
    stage.form = std::make_shared<const CheckerForm>(*form);
    // A frame that the new form cannot be asked in would be a mistake that nobody made.
    if (stage.prompt.kind != PromptKind::Auto && !form->frames.contains(stage.prompt.kind))
        stage.prompt.kind = PromptKind::Auto;
    showStage();
}

void PromptsPage::editForm()
{
    RecipeStage &stage = current();
    if (!stage.form)
        return;
    CheckerForm copy = *stage.form;
    copy.name += u"-mine"_s;
    copy.status = tr("A copy of “%1” with a wording of our own.").arg(stage.form->name);
    stage.form = std::make_shared<const CheckerForm>(copy);
    showStage();
    editor(PromptPart::User)->setFocus();
}

void PromptsPage::edited(PromptPart part)
{
    if (m_filling)
        return;
    setPromptText(current(), part, editor(part)->prompt());
    check();
}

void PromptsPage::check()
{
    const Recipe &recipe = m_draft.spec.recipe;
    m_problems = problems();
    m_problemList->clear();
    for (int i = 0; i < m_problems.size(); ++i) {
        const StudioProblem &found = m_problems[i];
        const QString where =
            found.part ? tr("%1, %2, line %3, column %4: ")
                             .arg(recipe.stages.value(found.stage).id, m_tabs->tabText(static_cast<int>(*found.part)))
                             .arg(found.problem.line)
                             .arg(found.problem.column)
                       : found.stage >= 0 ? recipe.stages.value(found.stage).id + u": "_s
                                          : QString();
        auto *item = new QListWidgetItem(singleLine(where + found.problem.message));
        item->setForeground(Theme::of(this)->color(Theme::Meaning::Error));
        item->setData(Qt::UserRole, i);
        m_problemList->addItem(item);
    }
    m_problemList->setVisible(!m_problems.isEmpty());
    for (const PromptPart part : promptParts) {
        QList<TemplateProblem> here;
        for (const StudioProblem &found : m_problems) {
            if (found.stage == m_stage && found.part == part)
                here << found.problem;
        }
        editor(part)->setProblems(here);
        m_tabs->tabBar()->setTabTextColor(static_cast<int>(part),
                                          here.isEmpty() ? QColor()
                                                         : Theme::of(this)->color(Theme::Meaning::Error));
    }
    const json now = promptOf(recipe, m_stage);
    if (!m_preset || m_preset->preset != recipe.preset) {
        const Result<Recipe> shipped = loadPreset(recipe.preset);
        m_preset = shipped ? std::optional(*shipped) : std::nullopt;
    }
    const RecipeStage *theirs = m_preset ? m_preset->stage(current().id) : nullptr;
    m_reset->setEnabled(theirs && promptOf(*m_preset, static_cast<int>(theirs - m_preset->stages.constData())) != now);
    m_reset->setToolTip(theirs ? QString() : tr("No shipped preset has this stage"));
    m_versions->setPrompt(recipe.preset, current().asks() ? current().id : QString(), now, m_problems.isEmpty());
    render();
    showChanges();
    Q_EMIT changed();
}

void PromptsPage::render()
{
    const RecipeStage &stage = current();
    if (!stage.asks()) {
        m_rendered->setPlainText({});
        return;
    }
    const Model *model = modelOfStage();
    const int sample = m_samples->currentData().toInt();
    const Result<LmRequest> request =
        sampleRequest(m_draft.spec.recipe, stage, model ? *model : Model(), std::max(0, m_targets->currentIndex()),
                      sample >= 0 && sample < m_candidates.size() ? std::optional(m_candidates[sample]) : std::nullopt);
    const QString text = withVisibleControls(request ? readablePrompt(*request) : request.error().text());
    if (text != m_rendered->toPlainText())
        m_rendered->setPlainText(text);
}

void PromptsPage::showChanges()
{
    const auto differences = m_draft.spec.recipe.differenceFromPreset();
    m_changes->setRowCount(0);
    m_side->setTabText(1, differences ? tr("Changes (%1)").arg(differences->size()) : tr("Changes"));
    m_changes->setToolTip(differences ? QString()
                                      : tr("This recipe is not a shipped one; there is nothing to compare it with."));
    if (!differences)
        return;
    const auto cell = [](const QString &text) {
        auto *item = new QTableWidgetItem(singleLine(text));
        item->setToolTip(plainToolTip(text));
        item->setTextAlignment(Qt::AlignLeft | Qt::AlignTop);
        return item;
    };
    for (const Recipe::Difference &difference : *differences) {
        const int row = m_changes->rowCount();
        m_changes->setRowCount(row + 1);
        m_changes->setItem(row, 0, cell(readablePath(m_draft.spec.recipe, difference.path)));
        m_changes->setItem(row, 1, cell(difference.preset));
        m_changes->setItem(row, 2, cell(difference.now));
    }
    m_changes->resizeRowsToContents();
}

Status PromptsPage::takePrompt(const json &prompt)
{
    json document = m_draft.spec.recipe.toJson();
    json &stage = document["stages"][static_cast<size_t>(m_stage)];
    const char *key = stage.contains("form") ? "form" : "prompt";
    stage[key] = prompt;
    EVALWRIGHT_ASSIGN(const Recipe with, Recipe::fromJson(QByteArray::fromStdString(document.dump())));
    current() = with.stages.at(m_stage);
    showStage();
    return {};
}

void PromptsPage::resetToPreset()
{
    const Result<Recipe> preset = loadPreset(m_draft.spec.recipe.preset);
    const RecipeStage *theirs = preset ? preset->stage(current().id) : nullptr;
    if (!theirs)
        return;
    current().prompt = theirs->prompt;
    current().form = theirs->form;
    showStage();
}

void PromptsPage::loadSamples()
{
    m_samplesOf = m_draft.spec.recipe.family;
    m_candidates.clear();
    m_samples->clear();
    m_samples->addItem(tr("Checked: a made-up item"), -1);
    if (!m_session.project())
        return;
    const auto some = [family = m_samplesOf](Connection &c) -> Result<QList<Candidate>> {
        constexpr int most = 10;
        QList<Candidate> list;
        EVALWRIGHT_ASSIGN(const QList<DatasetSummary> datasets, listDatasets(c));
        for (const DatasetSummary &summary : datasets) {
            if (summary.dataset.family != family || list.size() >= most)
                continue;
            CandidateFilter filter;
            filter.dataset = summary.dataset.id;
            filter.state = CandidateFilter::State::Kept;
            EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows,
                              candidateRows(c, filter, CandidateOrder::Ordinal, Qt::AscendingOrder, 0, most));
            for (const CandidateRow &row : rows)
                list << row.candidate;
        }
        return list;
    };
    onFinished(m_session.project()->read(some), this,
               [this, family = m_samplesOf](const Result<QList<Candidate>> &candidates) {
                   if (!candidates) {
                       Q_EMIT failed(candidates.error());
                       return;
                   }
                   if (family != m_samplesOf)
                       return;
                   m_candidates = *candidates;
                   for (int i = 0; i < m_candidates.size(); ++i) {
                       const Candidate &each = m_candidates[i];
                       m_samples->addItem(
                           tr("Checked: %1").arg(singleLine(each.statement.isEmpty() ? each.question : each.statement, 80)),
                           i);
                   }
                   m_samples->setVisible(current().kind == RecipeStage::Kind::Check && m_samples->count() > 1);
               });
}

/// Validating a long recipe takes ten milliseconds, and every page asks again with every letter.
const QList<StudioProblem> &PromptsPage::problems() const
{
    const std::string now = m_draft.spec.recipe.toJson().dump();
    if (now != m_checked) {
        m_checked = now;
        m_found = studioProblems(m_draft.spec.recipe);
    }
    return m_found;
}

QString PromptsPage::problem() const
{
    // Other pages change the recipe, too: what was found before may be gone.
    return problems().isEmpty() ? QString() : problems().constFirst().problem.message;
}

} // namespace evalwright
