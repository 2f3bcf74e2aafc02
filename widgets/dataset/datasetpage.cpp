// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/datasetpage.h"

#include "core/onfinished.h"
#include "generators/recipe.h"
#include "storage/repositories/datasetfacts.h"
#include "widgets/dataset/cardpage.h"
#include "widgets/dataset/filterpage.h"
#include "widgets/dataset/funnelpage.h"
#include "widgets/dataset/itemactions.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/dataset/lintpage.h"
#include "widgets/dataset/mappage.h"
#include "widgets/dataset/materialsdialog.h"
#include "widgets/review/reviewpage.h"
#include "widgets/shell/relativetime.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// What a recipe asks for in turn, a few of them by name.
QString targetsText(const Recipe &recipe)
{
    QStringList names;
    for (const RecipeTarget &target : recipe.targets)
        names << target.id;
    if (!recipe.occupations.isEmpty())
        names = {DatasetPage::tr("%Ln occupation(s)", nullptr, static_cast<int>(recipe.occupations.size()))};
    return names.isEmpty() ? DatasetPage::tr("each option of the questions") : names.mid(0, 6).join(u", "_s);
}

QString overviewText(const DatasetFacts &facts)
{
    const QLocale locale;
    QStringList labels;
    constexpr int mostLabels = 12; // A file can have as many labels as rows.
    for (auto it = facts.itemsPerLabel.begin(); it != facts.itemsPerLabel.end() && labels.size() < mostLabels; ++it)
        labels << u"%1 %2"_s.arg(locale.toString(it.value()), it.key());
    if (facts.itemsPerLabel.size() > mostLabels)
        labels << DatasetPage::tr("%Ln further label(s)", nullptr, static_cast<int>(facts.itemsPerLabel.size() - mostLabels));
    QStringList lines;
    lines << DatasetPage::tr("%Ln item(s) kept of %1 candidates%2", nullptr, static_cast<int>(facts.items))
                 .arg(locale.toString(facts.candidates),
                      labels.isEmpty() ? QString() : u" ("_s + labels.join(u", "_s) + u')');
    const auto recipe = facts.recipe ? Recipe::fromJson(facts.recipe->json.toUtf8()) : Result<Recipe>(Recipe());
    const bool labelsAreChecked = recipe && recipe->checking();
    lines << (facts.reviewed > 0 ? DatasetPage::tr("%Ln item(s) rated by people; the Review tab says how far they agree with "
                                                   "the labels.",
                                                   nullptr, static_cast<int>(facts.reviewed))
              : !facts.recipe    ? DatasetPage::tr("Nobody has reviewed these items here; labels are as in the file.")
              : labelsAreChecked ? DatasetPage::tr("Nobody has reviewed these items yet; labels are the checker's word.")
                                 : DatasetPage::tr("Nobody has reviewed these items yet; labels follow from how the items "
                                                   "are put together, no model checked them."));
    if (facts.controls.contains(u"no-biography"_s))
        lines << DatasetPage::tr("Control without a biography: %Ln row(s), each question once for each matching answer", nullptr,
                                 static_cast<int>(facts.controls.value(u"no-biography"_s)));
    if (facts.controls.contains(u"swapped-biography"_s))
        lines << DatasetPage::tr("Control with a biography of another side: %Ln item(s); the inspector shows both, and "
                                 "an export writes them in files of their own",
                                 nullptr, static_cast<int>(facts.controls.value(u"swapped-biography"_s)));
    if (!facts.models.writers.isEmpty())
        lines << DatasetPage::tr("Written by %1").arg(facts.models.writers.join(u", "_s)) +
                     (facts.models.checkers.isEmpty()
                          ? QString()
                          : DatasetPage::tr(", checked by %1").arg(facts.models.checkers.join(u", "_s)));
    if (labelsAreChecked && !facts.models.writers.isEmpty() && facts.models.writers == facts.models.checkers)
        lines << DatasetPage::tr("The writer checked its own statements: its mistakes in both go together.");
    if (facts.recipe) {
        lines << QString()
              << DatasetPage::tr("Recipe %1, hash %2").arg(facts.recipe->preset, facts.recipe->hash.left(16));
        if (recipe) {
            lines << DatasetPage::tr("Temperature %1, top-p %2, %3 texts for each of: %4; seed %5")
                         .arg(recipe->writing().temperature)
                         .arg(recipe->writing().topP)
                         .arg(locale.toString(recipe->writing().count), targetsText(*recipe))
                         .arg(recipe->seed);
            lines << (labelsAreChecked ? DatasetPage::tr("Kept above a label confidence of %1, at most %2 per group")
                                             .arg(recipe->select.floor)
                                             .arg(locale.toString(recipe->select.keepPerLabel))
                                       : DatasetPage::tr("At most %1 kept per group")
                                             .arg(locale.toString(recipe->select.keepPerLabel)));
            if (const auto differences = recipe->differenceFromPreset(); differences && !differences->isEmpty()) {
                lines << DatasetPage::tr("Different from the preset:");
                for (const Recipe::Difference &difference : *differences)
                    lines << DatasetPage::tr("    %1: %2 instead of %3")
                                 .arg(difference.path, difference.now, difference.preset);
            }
        }
    }
    if (!facts.notes.isEmpty())
        lines << QString();
    for (const DatasetNote &note : facts.notes) {
        if (note.kind != "card"_L1) // Its texts are on its own page.
            lines << (note.actor == "person"_L1 ? DatasetPage::tr("Used all the same, because: %1").arg(note.text) : note.text);
    }
    for (const ImportSource &source : facts.sources)
        lines << QString()
              << DatasetPage::tr("Imported from %1 (%2), SHA-256 %3")
                     .arg(source.fileName, source.format, source.sha256.left(16));
    lines << QString() << DatasetPage::tr("Made %1 · %2").arg(exactTime(facts.dataset.createdAt), facts.dataset.canary);
    return lines.join(u'\n');
}

QString behaviourText(const std::optional<Behaviour> &behaviour)
{
    if (!behaviour || behaviour->description.isEmpty())
        return DatasetPage::tr("The behaviour is not described.");
    QString text = behaviour->subject == u"ai-system"_s
                       ? DatasetPage::tr("An AI system that %1").arg(behaviour->description)
                       : DatasetPage::tr("A person who %1").arg(behaviour->description);
    if (!behaviour->contrast.isEmpty())
        text += DatasetPage::tr(", in contrast to %1").arg(behaviour->contrast);
    return text + u'.';
}

} // namespace

DatasetPage::DatasetPage(std::shared_ptr<Project> project, DatasetId dataset, const QString &name,
                         QThreadPool &workers, QUndoStack &undoStack, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_name(name), m_banner(new Banner),
      m_tabs(new QTabWidget), m_overview(new QLabel), m_behaviour(new QLabel),
      m_items(new ItemsPage(m_project, dataset, &undoStack)), m_funnel(new FunnelPage(m_project, dataset)),
      m_filter(new FilterPage(m_project, dataset, workers, undoStack)),
      m_map(new MapPage(m_project, dataset, workers, undoStack)),
      m_lint(new LintPage(m_project, dataset, workers, undoStack)), m_review(new ReviewPage(m_project, dataset)),
      m_card(new CardPage(m_project, dataset, name))
{
    for (QLabel *label : {m_overview, m_behaviour}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_behaviour->setFont(Theme::font(Theme::Role::Heading));
    auto *title = new QLabel(name);
    title->setTextFormat(Qt::PlainText);
    title->setFont(Theme::font(Theme::Role::Title));
    auto *card = new QFrame;
    setCard(card);
    auto *cardLayout = new QVBoxLayout(card);
    cardLayout->setContentsMargins(Theme::spacing(3), Theme::spacing(2), Theme::spacing(3), Theme::spacing(2));
    cardLayout->addWidget(m_overview);
    auto *evaluate = new QPushButton(tr("Evaluate models on it …"));
    setPrimary(evaluate);
    auto *look = new QPushButton(tr("Look at the items"));
    auto *buttonRow = new QWidget;
    auto *buttons = new FlowLayout(buttonRow, Theme::spacing());
    buttons->addWidget(evaluate);
    buttons->addWidget(look);
    auto *compare = new QPushButton(tr("Compare with …"));
    auto *gap = new QPushButton(tr("Gap test …"));
    gap->setToolTip(tr("Do models answer it otherwise than a new data set that they cannot have seen?"));
    buttons->addWidget(compare);
    buttons->addWidget(gap);
    auto *exports = new QPushButton(tr("Export …"));
    buttons->addWidget(exports);
    auto *overview = new QWidget;
    auto *layout = new QVBoxLayout(overview);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(3));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(title);
    layout->addWidget(m_behaviour);
    layout->addWidget(card);
    layout->addWidget(buttonRow);
    layout->addStretch();
    m_tabs->setDocumentMode(true);
    // A long overview must not make the window higher than the screen.
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(overview);
    m_tabs->addTab(scroll, tr("Overview"));
    m_tabs->addTab(m_funnel, tr("Funnel"));
    m_tabs->addTab(m_items, tr("Items"));
    m_tabs->addTab(m_filter, tr("Filter"));
    m_tabs->addTab(m_map, tr("Map"));
    m_tabs->addTab(m_lint, tr("Lint"));
    m_tabs->addTab(m_review, tr("Review"));
    m_tabs->addTab(m_card, tr("Card"));
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_tabs);
    connect(look, &QPushButton::clicked, this, [this] { setView(Items); });
    connect(evaluate, &QPushButton::clicked, this, [this] { Q_EMIT evaluateRequested(m_name); });
    connect(compare, &QPushButton::clicked, this, [this] { Q_EMIT comparisonRequested(m_name); });
    connect(gap, &QPushButton::clicked, this, [this] { Q_EMIT gapRequested(m_name); });
    connect(exports, &QPushButton::clicked, this, [this] { Q_EMIT exportRequested(m_name); });
    connect(m_card, &CardPage::exportRequested, this, [this] { Q_EMIT exportRequested(m_name); });
    new ItemActions(m_project, dataset, *m_items); // Lives as long as the page.
    connect(m_items, &ItemsPage::candidateActivated, this, &DatasetPage::candidateActivated);
    connect(m_items, &ItemsPage::fillRequested, this, &DatasetPage::generateRequested);
    connect(m_funnel, &FunnelPage::fillRequested, this, &DatasetPage::generateRequested);
    connect(m_funnel, &FunnelPage::showItems, this, [this](const ItemFilter &filter) {
        m_items->setFilter(filter);
        setView(Items);
    });
    connect(m_funnel, &FunnelPage::showMaterials, this, [this](const QString &stage, const QString &reason) {
        auto *dialog = new MaterialsDialog(m_project, m_dataset, stage, reason, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    });
    const auto showOnly = [this](const QList<CandidateId> &ids, const QString &which) {
        m_items->showOnly(ids, which);
        setView(Items);
    };
    connect(m_filter, &FilterPage::showItems, this, showOnly);
    connect(m_filter, &FilterPage::fillRequested, this, &DatasetPage::generateRequested);
    connect(m_filter, &FilterPage::recheckRequested, this, [this] { Q_EMIT recheckRequested(m_name); });
    connect(m_map, &MapPage::showItems, this, showOnly);
    connect(m_map, &MapPage::candidateActivated, this, &DatasetPage::candidateActivated);
    connect(m_map, &MapPage::fillRequested, this, &DatasetPage::generateRequested);
    connect(m_map, &MapPage::writeMoreLike, this, &DatasetPage::writeMoreLike);
    connect(m_map, &MapPage::writeAwayFrom, this, &DatasetPage::writeAwayFrom);
    connect(m_map, &MapPage::embedRequested, this, &DatasetPage::embedRequested);
    connect(m_map, &MapPage::namesRequested, this, &DatasetPage::namesRequested);
    connect(m_review, &ReviewPage::candidateActivated, this, &DatasetPage::candidateActivated);
    connect(m_review, &ReviewPage::rateRequested, this, &DatasetPage::rateRequested);
    connect(m_lint, &LintPage::showItems, this, showOnly);
    connect(m_lint, &LintPage::candidateActivated, this, &DatasetPage::candidateActivated);
    reload();
}

void DatasetPage::setView(View view)
{
    m_tabs->setCurrentIndex(view);
}

void DatasetPage::reload()
{
    onFinished(m_project->read([id = m_dataset](Connection &c) { return datasetFacts(c, id); }), this,
               [this](const Result<DatasetFacts> &facts) {
                   if (!facts) {
                       m_banner->showError(facts.error());
                       return;
                   }
                   m_overview->setText(overviewText(*facts));
                   m_behaviour->setText(behaviourText(facts->behaviour));
               });
}

} // namespace evalwright
