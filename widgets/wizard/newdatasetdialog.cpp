// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/wizard/newdatasetdialog.h"

#include "core/onfinished.h"
#include "generators/generationstages.h"
#include "generators/prompting.h"
#include "storage/repositories/models.h"
#include "widgets/files/filedialogs.h"
#include "widgets/session/session.h"
#include "widgets/shell/relativetime.h"
#include "widgets/studio/promptspage.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/recipepages.h"
#include "widgets/wizard/trialpage.h"

#include <QCursor>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

const Model *WizardDraft::model(const QString &name) const
{
    for (const Model &model : models) {
        if (model.name == name)
            return &model;
    }
    return nullptr;
}

Model WizardDraft::writerOrExample() const
{
    const Model *chosen = model(spec.writer);
    return chosen ? *chosen : models.value(0);
}

NewDatasetDialog::NewDatasetDialog(Session &session, QWidget *parent)
    : QDialog(parent), m_session(session), m_title(new QLabel), m_subtitle(new QLabel), m_pageTitle(new QLabel),
      m_problem(new QLabel), m_facts(new QLabel), m_steps(new QListWidget), m_stack(new QStackedWidget),
      m_banner(new Banner), m_preview(new QPlainTextEdit), m_back(new QPushButton(tr("Back"))), m_next(new QPushButton)
{
    setWindowTitle(tr("New data set"));
    resize(1180, 760);
    if (auto preset = loadPreset(u"persona-yes-no"_s))
        m_draft.spec.recipe = *preset;
    else
        m_banner->showError(preset.error());
    m_trialPage = new TrialPage(session, m_draft);
    m_pages = {new FamilyPage(session, m_draft),
               new BehaviourPage(session, m_draft),
               new PromptsPage(session, m_draft),
               new SamplingPage(session, m_draft),
               m_trialPage,
               new SizePage(session, m_draft)};

    for (QLabel *label : {m_title, m_subtitle, m_pageTitle, m_problem, m_facts}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_title->setFont(Theme::font(Theme::Role::Title));
    m_pageTitle->setFont(Theme::font(Theme::Role::Heading));
    for (QLabel *label : {m_subtitle, m_problem, m_facts})
        setSecondary(label);
    auto *header = new QVBoxLayout;
    header->setContentsMargins(Theme::spacing(3), Theme::spacing(2), Theme::spacing(3), Theme::spacing(2));
    header->addWidget(m_title);
    header->addWidget(m_subtitle);

    m_steps->setObjectName(u"steps"_s);
    m_steps->setFixedWidth(206);
    m_steps->setFrameShape(QFrame::NoFrame);
    m_steps->setAccessibleName(tr("Steps"));
    for (WizardPage *page : std::as_const(m_pages)) {
        m_stack->addWidget(page);
        m_steps->addItem(page->title());
        connect(page, &WizardPage::changed, this, &NewDatasetDialog::update);
        connect(page, &WizardPage::failed, this, [this](const Error &error) {
            m_bannerIsOfPage = true;
            m_banner->showError(error);
        });
    }
    auto *middle = new QVBoxLayout;
    middle->setContentsMargins(Theme::spacing(3), Theme::spacing(2), Theme::spacing(3), Theme::spacing(2));
    middle->setSpacing(Theme::spacing(2));
    middle->addWidget(m_banner);
    middle->addWidget(m_pageTitle);
    middle->addWidget(m_stack, 1);

    m_side = new QFrame;
    QFrame *side = m_side;
    side->setAutoFillBackground(true);
    side->setBackgroundRole(QPalette::AlternateBase);
    side->setFixedWidth(320);
    auto *previewTitle = new QLabel(tr("The writer's prompt"));
    previewTitle->setFont(Theme::font(Theme::Role::Heading));
    m_preview->setReadOnly(true);
    m_preview->setFont(Theme::font(Theme::Role::Mono));
    m_preview->setAccessibleName(previewTitle->text());
    auto *sideLayout = new QVBoxLayout(side);
    sideLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    sideLayout->addWidget(previewTitle);
    sideLayout->addWidget(m_preview, 1);
    sideLayout->addWidget(m_facts);

    const auto line = [](QFrame::Shape shape) {
        auto *frame = new QFrame;
        frame->setFrameShape(shape);
        frame->setFrameShadow(QFrame::Plain);
        frame->setForegroundRole(QPalette::Mid);
        return frame;
    };
    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_steps);
    body->addWidget(line(QFrame::VLine));
    body->addLayout(middle, 1);
    body->addWidget(side);
    auto *save = new QPushButton(tr("Save recipe …"));
    auto *cancel = new QPushButton(tr("Cancel"));
    setPrimary(m_next);
    m_next->setDefault(true);
    m_next->setObjectName(u"next"_s);
    auto *footer = new QHBoxLayout;
    footer->setContentsMargins(Theme::spacing(3), Theme::spacing(), Theme::spacing(3), Theme::spacing(2));
    footer->setSpacing(Theme::spacing());
    footer->addWidget(save);
    footer->addSpacing(Theme::spacing(2));
    footer->addWidget(m_problem, 1);
    footer->addWidget(m_back);
    footer->addWidget(m_next);
    footer->addWidget(cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(header);
    layout->addWidget(line(QFrame::HLine));
    layout->addLayout(body, 1);
    layout->addWidget(line(QFrame::HLine));
    layout->addLayout(footer);

    connect(m_steps, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && row != step())
            goTo(row);
    });
    connect(m_back, &QPushButton::clicked, this, [this] { goTo(step() - 1); });
    connect(m_next, &QPushButton::clicked, this, &NewDatasetDialog::next);
    connect(cancel, &QPushButton::clicked, this, &NewDatasetDialog::reject);
    connect(save, &QPushButton::clicked, this, &NewDatasetDialog::saveRecipe);
    goTo(0);
    connect(m_banner, &Banner::actionTriggered, this, [this] {
        showDraftMenu();
    });
    offerDrafts();
    if (m_session.project()) {
        onFinished(m_session.project()->read([](Connection &c) { return listModels(c); }), this,
                   [this](const Result<QList<Model>> &models) {
                       if (!models) {
                           m_banner->showError(models.error());
                           return;
                       }
                       m_draft.models = *models;
                       m_pages[step()]->enter();
                       update();
                   });
    }
}

int NewDatasetDialog::step() const
{
    return m_stack->currentIndex();
}

void NewDatasetDialog::goTo(int step)
{
    step = std::clamp(step, 0, static_cast<int>(m_pages.size()) - 1);
    m_reached = std::max(m_reached, step);
    if (step != this->step()) {
        m_pages[this->step()]->leave();
        if (m_bannerIsOfPage)
            m_banner->hide(); // What a page said is about that page.
        m_bannerIsOfPage = false;
    }
    m_stack->setCurrentIndex(step);
    m_pages[step]->enter();
    m_side->setVisible(!m_pages[step]->hasOwnPreview());
    m_steps->setCurrentRow(step);
    update();
}

void NewDatasetDialog::next()
{
    if (!m_pages[step()]->problem().isEmpty())
        return;
    if (!isLastStep()) {
        goTo(step() + 1);
        return;
    }
    if (!m_draftId.isEmpty() && m_session.project()) {
        if (const Status forgotten = KeptDrafts(m_session.project()->uuid()).forget(m_draftId); !forgotten)
            qWarning("%s", qPrintable(forgotten.error().text())); // It is offered once more; nothing is lost.
    }
    Q_EMIT generateRequested(m_draft.spec);
    accept();
}

void NewDatasetDialog::update()
{
    const int now = step();
    const Recipe &recipe = m_draft.spec.recipe;
    m_title->setText(recipe.behaviour.description.isEmpty() || (now == 0 && !isChanged())
                         ? tr("New data set")
                         : tr("New data set: %1").arg(recipe.behaviour.description));
    m_subtitle->setText(tr("%1 · recipe %2").arg(recipe.title, recipe.preset));
    m_pageTitle->setText(m_pages[now]->title());
    bool blocked = false;
    for (int i = 0; i < m_pages.size(); ++i) {
        const bool done = i < m_reached && i != now && m_pages[i]->problem().isEmpty();
        QListWidgetItem *item = m_steps->item(i);
        item->setText((m_pages[i] == m_trialPage && m_trialPage->isRunning() ? u"…  "_s
                       : done && (m_pages[i] != m_trialPage || m_draft.trial) ? u"✓  "_s
                                                                              : u"%1  "_s.arg(i + 1)) +
                      m_pages[i]->title());
        // A later step stays closed while an earlier one is not answered.
        item->setFlags(blocked ? Qt::NoItemFlags : Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        blocked = blocked || !m_pages[i]->problem().isEmpty();
    }
    const QString problem = m_pages[now]->problem();
    m_problem->setText(problem);
    m_back->setEnabled(now > 0);
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, Theme::of(this)->color(Theme::Meaning::Warning));
    m_problem->setPalette(palette);
    // A trial goes on while one looks at other pages; only the run itself waits for it.
    const bool waits = m_trialPage->isRunning() && (isLastStep() || m_pages[now] == m_trialPage);
    m_next->setEnabled(problem.isEmpty() && !waits && (!isLastStep() || !blocked));
    m_next->setToolTip(waits ? tr("The trial is still running") : QString());
    m_next->setText(isLastStep()                                   ? tr("Run")
                    : m_pages[now] == m_trialPage && m_draft.trial ? tr("Looks good, next")
                                                                   : tr("Next"));
    showPreview();
}

void NewDatasetDialog::showPreview()
{
    const Model writer = m_draft.writerOrExample();
    const Result<LmRequest> request = exampleRequest(m_draft.spec.recipe, m_draft.spec.recipe.writing(), writer);
    const QString text = request ? readablePrompt(*request) : request.error().text();
    if (text != m_preview->toPlainText())
        m_preview->setPlainText(text);
    const RecipeStage &write = m_draft.spec.recipe.writing();
    m_facts->setText(tr("Writer: %1\nChecker: %2\nTemperature %3 · top-p %4 · %5 tokens\nSeed %6")
                         .arg(m_draft.spec.writer.isEmpty() ? tr("not chosen") : m_draft.spec.writer,
                              m_draft.spec.checker.isEmpty() ? tr("not chosen") : m_draft.spec.checker)
                         .arg(write.temperature)
                         .arg(write.topP)
                         .arg(write.maxTokens)
                         .arg(m_draft.spec.recipe.seed));
}

void NewDatasetDialog::saveRecipe()
{
    const QString suggestion = m_draft.spec.recipe.behaviour.name + u".json"_s;
    askWhereToSave(this, tr("Save the recipe"), suggestion, tr("Recipes (*.json)"), [this](const QString &path) {
        QSaveFile file(path);
        const QByteArray bytes = QByteArray::fromStdString(m_draft.spec.recipe.toJson().dump(2)) + '\n';
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
            m_banner->showError(Error(ErrorCode::Storage, tr("The recipe was not saved."),
                                      tr("Choose another place, or free some space."), file.errorString()));
    });
}

/// Whether anything was typed or chosen that is worth keeping.
bool NewDatasetDialog::isChanged() const
{
    const auto edited = [](const Recipe &recipe) {
        const Result<Recipe> shipped = loadPreset(recipe.preset);
        return !shipped || shipped->hash() != recipe.hash();
    };
    return edited(m_draft.spec.recipe) || std::ranges::any_of(m_draft.visited, edited) || m_draft.trial ||
           m_draft.spec.dataset != m_draft.namedByItself;
}

void NewDatasetDialog::offerDrafts()
{
    m_kept = m_session.project() ? KeptDrafts(m_session.project()->uuid()).list() : QList<KeptDraft>();
    if (m_kept.isEmpty())
        return;
    const KeptDraft &newest = m_kept.constFirst();
    const QString name = newest.spec.dataset.isEmpty() ? newest.spec.recipe.behaviour.name : newest.spec.dataset;
    const QString when = relativeTime(newest.savedAt);
    if (m_kept.size() == 1)
        m_banner->showMessage(Theme::Meaning::Accent,
                              tr("“%1” was begun here and cancelled %2.").arg(singleLine(name, 60), when),
                              tr("Go on or discard …"));
    else
        m_banner->showMessage(Theme::Meaning::Accent,
                              tr("%Ln data set(s) were begun here and cancelled; the newest is “%1”, %2.", nullptr,
                                 static_cast<int>(m_kept.size()))
                                  .arg(singleLine(name, 60), when),
                              tr("Go on or discard …"));
}

void NewDatasetDialog::showDraftMenu()
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto *discard = new QMenu(tr("Discard"), menu);
    for (qsizetype i = 0; i < m_kept.size(); ++i) {
        const KeptDraft &draft = m_kept.at(i);
        const QString name = draft.spec.dataset.isEmpty() ? draft.spec.recipe.behaviour.name : draft.spec.dataset;
        const QString title =
            tr("%1 (%2, %3)")
                .arg(singleLine(name, 60), draft.spec.recipe.title, relativeTime(draft.savedAt))
                .replace(u'&', u"&&"_s);
        menu->addAction(title, this, [this, i] { resumeDraft(i); });
        discard->addAction(title, this, [this, id = draft.id] {
            if (const Status done = KeptDrafts(m_session.project()->uuid()).forget(id); !done)
                return m_banner->showError(done.error());
            m_banner->hide();
            offerDrafts();
        });
    }
    menu->addSeparator();
    menu->addMenu(discard);
    menu->popup(QCursor::pos());
}

void NewDatasetDialog::resumeDraft(qsizetype which)
{
    if (which < 0 || which >= m_kept.size() || !m_session.project())
        return;
    m_pages[step()]->leave();
    const KeptDraft draft = m_kept.at(which);
    if (const Status kept = keepDraft(); !kept)
        return m_banner->showError(kept.error());
    m_draft.spec = draft.spec;
    m_draft.trial.reset();
    m_draft.namedByItself = draft.spec.dataset == draft.spec.recipe.behaviour.name ? draft.spec.dataset : QString();
    m_draft.visited.clear();
    m_draftId = draft.id;
    m_banner->hide();
    // Pages read the draft when they are entered; those before must be answered to come so far.
    m_reached = std::max(m_reached, draft.step);
    m_stack->setCurrentIndex(0);
    m_pages[0]->enter();
    goTo(draft.step);
}

Status NewDatasetDialog::keepDraft()
{
    if (!isChanged() || !m_session.project())
        return {};
    EVALWRIGHT_ASSIGN(const KeptDraft kept,
                      KeptDrafts(m_session.project()->uuid()).keep({m_draftId, m_draft.spec, step(), {}}));
    m_draftId = kept.id;
    return {};
}

void NewDatasetDialog::reject()
{
    m_pages[step()]->leave();
    m_trialPage->cancel();
    if (const Status kept = keepDraft(); !kept) {
        // Closing now would lose it. A second time it is what the person wants.
        if (std::exchange(m_toldOfLoss, true) == false)
            return m_banner->showError(kept.error());
    }
    QDialog::reject();
}

} // namespace evalwright
