// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemspage.h"

#include "core/onfinished.h"
#include "storage/items/searchindex.h"
#include "widgets/dataset/facetbar.h"
#include "widgets/dataset/filterfield.h"
#include "widgets/dataset/itemdelegate.h"
#include "widgets/dataset/itemtable.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/selectionbar.h"
#include "widgets/dataset/viewsbutton.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/rowtable.h"

#include <QAction>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int dimAfter = 150;           ///< Milliseconds; faster answers come without a flicker.
constexpr int indexInterval = 2000;     ///< Milliseconds.
constexpr int narrowest = 24, widest = 1200; ///< Pixels of a column.
constexpr qint64 worthIndexing = 20'000; ///< Rows that are searched without the index in no time.

const QList<int> hiddenAtFirst{ItemModel::WantedLabel, ItemModel::Reason, ItemModel::Stage,  ItemModel::DecidedBy,
                               ItemModel::Cluster,     ItemModel::Tags,   ItemModel::Source, ItemModel::Edited};

} // namespace

ItemsPage::ItemsPage(std::shared_ptr<Project> project, DatasetId dataset, QUndoStack *undoStack, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_undo(undoStack ? undoStack : new QUndoStack(this)),
      m_reader(m_project, dataset), m_model(new ItemModel(this)), m_banner(new Banner(this)), m_field(new FilterField(this)),
      m_facets(new FacetBar(this)), m_count(new QLabel(this)), m_indexNote(new QLabel(this)), m_stop(new QToolButton(this)),
      m_columns(new QToolButton(this)), m_views(new ViewsButton(m_project, dataset, [this] { return currentView(); }, this)),
      m_pageActions(new QWidget(this)), m_chosenBar(new QWidget(this)), m_chosenText(new QLabel(m_chosenBar)),
      m_selectionBar(new SelectionBar(m_project->access() == Project::Access::ReadWrite, this)), m_table(new ItemTable(this)),
      m_delegate(new ItemDelegate(m_table)), m_empty(new QWidget(this)), m_emptyText(new QLabel(this)), m_emptyButton(new QPushButton(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing());
    layout->setSpacing(Theme::spacing());
    buildHead();
    buildTable();
    buildActions();
    auto *empty = new QVBoxLayout(m_empty);
    m_emptyText->setAlignment(Qt::AlignCenter);
    m_emptyText->setWordWrap(true);
    setSecondary(m_emptyText);
    empty->addStretch(1);
    empty->addWidget(m_emptyText);
    empty->addWidget(m_emptyButton, 0, Qt::AlignHCenter);
    empty->addStretch(2);
    m_empty->hide();

    auto *top = new QHBoxLayout;
    top->addWidget(m_field, 1, Qt::AlignTop);
    top->addWidget(m_views, 0, Qt::AlignTop);
    top->addWidget(m_columns, 0, Qt::AlignTop);
    top->addWidget(m_pageActions, 0, Qt::AlignTop);
    auto *counts = new QHBoxLayout;
    counts->addWidget(m_count);
    counts->addWidget(m_stop);
    counts->addStretch(1);
    counts->addWidget(m_indexNote);
    layout->addLayout(top);
    layout->addWidget(m_chosenBar);
    layout->addWidget(m_facets);
    layout->addWidget(m_banner);
    layout->addWidget(m_selectionBar);
    layout->addLayout(counts);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_empty, 1);

    connectModel();
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (topic != Topic::Candidates && topic != Topic::Datasets)
            return;
        m_model->refreshSoon();
        m_field->forgetValues();
        if (!m_indexTimer.isActive())
            m_indexTimer.start();
    });
    setSource();
    readIndexState();
    updateSelection();
}

void ItemsPage::connectModel()
{
    connect(m_model, &ItemModel::loaded, this, [this] {
        if (const SharedOrder &order = m_model->shown())
            m_facets->setFacets(order->facets);
        setDimmed(false);
        updateState();
        for (const auto &then : std::exchange(m_whenLoaded, {}))
            then();
    });
    connect(m_model, &ItemModel::firstShown, this, &ItemsPage::updateState);
    connect(m_model, &ItemModel::loadingChanged, this, [this](bool loading) {
        if (loading && !m_dimTimer.isActive() && !m_delegate->isDimmed())
            m_dimTimer.start();
        updateState();
    });
    m_dimTimer.setSingleShot(true);
    m_dimTimer.setInterval(dimAfter);
    connect(&m_dimTimer, &QTimer::timeout, this, [this] { setDimmed(m_model->isLoading()); });
    connect(m_model, &ItemModel::failed, m_banner, [this](const Error &error) {
        tellError(error);
    });
    connect(m_model, &ItemModel::dataChanged, this, [this] { announceCurrent(); });
    connect(m_model, &ItemModel::modelReset, this, [this] {
        m_all = false;
        updateSelection();
    });
    connect(m_model, &ItemModel::aboutToReorder, this, &ItemsPage::rememberSelection);
    connect(m_model, &ItemModel::reordered, this, &ItemsPage::restoreSelection);
    connect(m_banner, &Banner::actionTriggered, this, [this] {
        m_banner->hide();
        if (const auto run = std::exchange(m_bannerAction, {}))
            run();
    });
    connect(m_emptyButton, &QPushButton::clicked, this, [this] {
        if (m_facets->total() > 0)
            applyFilter({});
        else
            Q_EMIT fillRequested();
    });
    connect(m_stop, &QToolButton::clicked, this, [this] {
        m_model->stop();
        m_field->setFilter(m_model->filter());
        m_facets->setFilter(m_model->filter());
        showSort();
    });
}

void ItemsPage::buildHead()
{
    m_field->setAskValues([this](ItemField field, const std::function<void(QStringList)> &use) {
        onFinished(m_reader.values(field), this, [this, use](const Result<QStringList> &values) {
            if (!values)
                m_banner->showError(values.error());
            use(values.value_or(QStringList()));
        });
    });
    connect(m_field, &FilterField::filterChanged, this, [this] {
        m_facets->setFilter(m_field->filter());
        m_model->setFilter(m_field->filter());
    });
    connect(m_field, &FilterField::left, this, [this] {
        m_table->setFocus(Qt::OtherFocusReason);
        if (!m_table->currentIndex().isValid() && m_model->rowCount() > 0)
            m_table->selectRow(0);
    });
    connect(m_facets, &FacetBar::chosen, this, &ItemsPage::applyFilter);
    setSecondary(m_count);
    m_count->setAccessibleName(tr("Number of items"));
    m_indexNote->setFont(Theme::font(Theme::Role::Caption));
    m_indexNote->setToolTip(plainToolTip(tr("Words are found before the index is complete too, only later.")));
    setSecondary(m_indexNote);
    m_indexTimer.setSingleShot(true);
    m_indexTimer.setInterval(indexInterval);
    connect(&m_indexTimer, &QTimer::timeout, this, &ItemsPage::readIndexState);
    m_stop->setText(tr("Stop"));
    m_stop->setToolTip(tr("Go back to what is shown"));
    m_stop->hide();
    m_columns->setText(tr("Columns"));
    m_columns->setToolTip(tr("Choose the columns"));
    m_columns->setPopupMode(QToolButton::InstantPopup);
    m_columns->setMenu(new QMenu(m_columns));
    connect(m_columns->menu(), &QMenu::aboutToShow, this, [this] { fillColumnMenu(m_columns->menu()); });
    for (QToolButton *button : std::initializer_list<QToolButton *>{m_views, m_columns})
        button->setMinimumHeight(m_field->edit()->minimumHeight());
    auto *actions = new QHBoxLayout(m_pageActions);
    actions->setContentsMargins(0, 0, 0, 0);
    connect(m_views, &ViewsButton::viewChosen, this, &ItemsPage::showView);
    connect(m_views, &ViewsButton::failed, m_banner, &Banner::showError);
    connect(m_views, &ViewsButton::viewSaved, this,
            [this](const QString &name) { tell(Theme::Meaning::Success, tr("Saved the view “%1”.").arg(withVisibleControls(name))); });
    connect(m_views, &ViewsButton::viewDeleted, this, [this](const SavedView &view) {
        tell(Theme::Meaning::Human, tr("Deleted the view “%1”.").arg(withVisibleControls(view.name)), tr("Undo"), [this, view] { m_views->putBack(view); });
    });

    m_chosenText->setTextFormat(Qt::PlainText);
    m_chosenText->setWordWrap(true);
    auto *all = new QPushButton(tr("Show all items"), m_chosenBar);
    connect(all, &QPushButton::clicked, this, &ItemsPage::showAll);
    auto *chosenBar = new QHBoxLayout(m_chosenBar);
    chosenBar->setContentsMargins(0, 0, 0, 0);
    chosenBar->addWidget(m_chosenText, 1);
    chosenBar->addWidget(all);
    m_chosenBar->hide();

    connect(m_selectionBar, &SelectionBar::allRequested, this, &ItemsPage::selectAllMatching);
    connect(m_selectionBar, &SelectionBar::keepRequested, this, [this] { decideSelection(true, m_selectionBar->reason()); });
    connect(m_selectionBar, &SelectionBar::rejectRequested, this, [this] { decideSelection(false, m_selectionBar->reason()); });
    connect(m_selectionBar, &SelectionBar::copyRequested, this, &ItemsPage::copySelectionAsJson);
}

void ItemsPage::buildTable()
{
    m_table->setModel(m_model);
    m_table->setItemDelegate(m_delegate);
    m_table->setAccessibleName(tr("Items"));
    showAsRows(m_table);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + Theme::spacing() + 4);
    m_table->setFrameShape(QFrame::NoFrame);

    QHeaderView *header = m_table->horizontalHeader();
    // A header asks of each column whether all of its rows are selected, and looks at each of a million rows for that.
    header->setSelectionModel(new QItemSelectionModel(m_model, header));
    header->setSectionsClickable(true);
    header->setSectionsMovable(true);
    header->setStretchLastSection(false);
    header->setSortIndicator(ItemModel::Number, Qt::AscendingOrder);
    header->setSortIndicatorShown(true);
    const auto em = m_table->fontMetrics().horizontalAdvance(u'0');
    for (const auto &[column, width] :
         {std::pair(ItemModel::Number, 5), std::pair(ItemModel::MatchingAnswer, 12), std::pair(ItemModel::WantedLabel, 10),
          std::pair(ItemModel::Confidence, 15), std::pair(ItemModel::State, 15), std::pair(ItemModel::Reason, 15),
          std::pair(ItemModel::Stage, 10), std::pair(ItemModel::DecidedBy, 10), std::pair(ItemModel::Cluster, 12),
          std::pair(ItemModel::Tags, 12), std::pair(ItemModel::Source, 16), std::pair(ItemModel::Edited, 7),
          std::pair(ItemModel::CheckerMass, 8)})
        m_table->setColumnWidth(column, qMax(width * em, header->sectionSizeHint(column)));
    header->setSectionResizeMode(ItemModel::Statement, QHeaderView::Stretch);
    for (const int column : hiddenAtFirst)
        m_table->setColumnHidden(column, true);
    connect(header, &QHeaderView::sortIndicatorChanged, this, [this](int column, Qt::SortOrder direction) {
        if (!m_isRestoring)
            m_model->sort(column, direction);
    });
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillColumnMenu(menu);
        menu->popup(header->mapToGlobal(at));
    });
    connect(m_table, &ItemTable::allRequested, this, &ItemsPage::selectAllMatching);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ItemsPage::selectionChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (m_kept || m_isSelecting) // It goes along with its item.
            return;
        m_announced = {};
        announceCurrent();
    });
}

void ItemsPage::buildActions()
{
    const auto add = [this](const QString &text, const QList<QKeySequence> &keys, auto run) {
        auto *action = new QAction(text, m_table);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetShortcut); // A letter in a field stays a letter.
        connect(action, &QAction::triggered, this, run);
        m_table->addAction(action);
    };
    add(tr("Copy as JSON"), {QKeySequence::Copy}, [this] { copySelectionAsJson(); });
    add(tr("Keep"), {Qt::Key_K}, [this] { decideSelection(true, m_selectionBar->reason()); });
    add(tr("Reject"), {Qt::Key_R}, [this] { decideSelection(false, m_selectionBar->reason()); });
    add(tr("Show in the inspector"), {Qt::Key_Return, Qt::Key_Enter}, [this] { announceCurrent(true); });
    add(tr("Search"), {Qt::Key_Slash}, [this] { focusSearch(); });
}

void ItemsPage::fillColumnMenu(QMenu *menu)
{
    menu->clear();
    menu->setToolTipsVisible(true);
    for (int column = 0; column < ItemModel::ColumnCount; ++column) {
        QAction *action = menu->addAction(column == ItemModel::Number ? tr("Number") : ItemModel::columnName(column));
        action->setCheckable(true);
        action->setChecked(!m_table->isColumnHidden(column));
        action->setEnabled(column != ItemModel::Statement);
        action->setToolTip(m_model->headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString());
        connect(action, &QAction::toggled, m_table, [this, column](bool on) { m_table->setColumnHidden(column, !on); });
    }
}

const ItemFilter &ItemsPage::filter() const
{
    return m_model->filter();
}

QTableView *ItemsPage::table() const
{
    return m_table;
}

void ItemsPage::setSource()
{
    m_facets->setFilter(m_field->filter());
    m_model->setSource(m_only ? m_reader.sourceOf(*m_only) : m_reader.source(), m_field->filter());
    updateState();
}

void ItemsPage::setFilter(const ItemFilter &filter)
{
    showAll();
    applyFilter(filter);
}

void ItemsPage::applyFilter(const ItemFilter &filter)
{
    m_field->setFilter(filter);
    m_facets->setFilter(filter);
    m_model->setFilter(filter);
    updateState();
}

void ItemsPage::showOnly(const QList<CandidateId> &ids, const QString &which)
{
    m_field->setFilter({});
    m_only.emplace();
    for (const CandidateId id : ids)
        m_only->push_back(id.value);
    m_chosenText->setText(tr("Only %Ln candidate(s): %1", nullptr, static_cast<int>(ids.size())).arg(withVisibleControls(which)));
    m_chosenBar->show();
    setSource();
}

void ItemsPage::showAll()
{
    if (!m_only)
        return;
    m_only.reset();
    m_chosenBar->hide();
    setSource();
}

void ItemsPage::focusSearch()
{
    m_field->focus();
}

void ItemsPage::setDimmed(bool dimmed)
{
    if (!dimmed)
        m_dimTimer.stop();
    if (m_delegate->isDimmed() == dimmed)
        return;
    m_delegate->setDimmed(dimmed);
    m_facets->setCounting(dimmed);
    m_stop->setVisible(dimmed && m_model->shown());
    m_table->viewport()->update();
}

void ItemsPage::updateState()
{
    const QLocale locale;
    const qint64 shown = m_model->rowCount(), total = m_facets->total();
    const bool known = m_model->countState() == ItemModel::CountState::Exact && !m_model->isLoading();
    if (m_model->countState() == ItemModel::CountState::Unknown)
        m_count->setText(tr("Reading…"));
    else if (!m_model->shown())
        m_count->setText(tr("about %1 candidates, reading …").arg(locale.toString(shown)));
    else if (!known)
        m_count->setText(m_model->isSorting() ? tr("Sorting …") : tr("Searching … (still shown: %1)").arg(locale.toString(shown)));
    else
        m_count->setText(shown == total ? tr("%1 candidates").arg(locale.toString(total))
                                        : tr("%1 of %2 candidates").arg(locale.toString(shown), locale.toString(total)));
    // Rows of the former question stay until the answer to the new one is in.
    const bool nothing = known && shown == 0;
    m_table->setVisible(!nothing);
    m_empty->setVisible(nothing);
    if (nothing) {
        m_emptyText->setText(
            total > 0 ? tr("No item matches this search and these filters.")
                      : tr("This data set has no candidates yet. Run its recipe or import items, and they will be here."));
        m_emptyButton->setText(total > 0 ? tr("Clear search and filters") : tr("Fill the data set"));
    }
    updateSelection();
}

void ItemsPage::showSort()
{
    const QSignalBlocker blocker(m_table->horizontalHeader());
    m_table->horizontalHeader()->setSortIndicator(ItemModel::columnOf(m_model->order()), m_model->direction());
    m_table->horizontalHeader()->viewport()->update();
}

void ItemsPage::tell(Theme::Meaning meaning, const QString &text, const QString &action, std::function<void()> run)
{
    m_bannerAction = std::move(run);
    m_banner->showMessage(meaning, text, action);
}

void ItemsPage::tellError(const Error &error)
{
    m_bannerAction = {};
    m_banner->showError(error);
}

void ItemsPage::addSelectionAction(QWidget *widget)
{
    m_selectionBar->addAction(widget);
}

void ItemsPage::addPageAction(QWidget *widget)
{
    m_pageActions->layout()->addWidget(widget);
}

QByteArray ItemsPage::columnState() const
{
    return m_table->horizontalHeader()->saveState();
}

void ItemsPage::restoreColumnState(const QByteArray &state)
{
    {
        const QScopedValueRollback<bool> restoring(m_isRestoring, true);
        m_table->horizontalHeader()->restoreState(state);
    }
    showSort();
}

/// Those that are shown, in their order: [name, width] each. The header's own state is not for files that come from
/// elsewhere.
QJsonArray ItemsPage::shownColumns() const
{
    const QHeaderView *header = m_table->horizontalHeader();
    QJsonArray columns;
    for (int place = 0; place < header->count(); ++place) {
        const int column = header->logicalIndex(place);
        if (!header->isSectionHidden(column))
            columns << QJsonArray{ItemModel::columnKey(column), header->sectionSize(column)};
    }
    return columns;
}

void ItemsPage::showColumns(const QJsonArray &columns)
{
    QHeaderView *header = m_table->horizontalHeader();
    QList<int> shown;
    for (const QJsonValue one : columns) {
        for (int column = 0; column < ItemModel::ColumnCount; ++column) {
            if (ItemModel::columnKey(column) != one[0].toString() || shown.contains(column))
                continue;
            header->moveSection(header->visualIndex(column), static_cast<int>(shown.size()));
            if (column != ItemModel::Statement)
                header->resizeSection(column, std::clamp(one[1].toInt(), narrowest, widest));
            shown << column;
        }
    }
    for (int column = 0; column < ItemModel::ColumnCount; ++column)
        m_table->setColumnHidden(column, column != ItemModel::Statement && !shown.contains(column));
}

SavedView ItemsPage::currentView() const
{
    SavedView view;
    view.filter = filter().toText();
    const auto sort = std::ranges::find(itemSorts(), m_model->order(), &std::pair<QString, ItemSort>::second);
    view.state = QString::fromUtf8(QJsonDocument(QJsonObject{{u"sort"_s, sort->first},
                                                             {u"descending"_s, m_model->direction() == Qt::DescendingOrder},
                                                             {u"columns"_s, shownColumns()}})
                                       .toJson(QJsonDocument::Compact));
    return view;
}

void ItemsPage::showView(const SavedView &view)
{
    const auto filter = parseItemFilter(view.filter);
    if (!filter) {
        m_banner->showError(filter.error());
        return;
    }
    // From the project, which may come from elsewhere: what cannot be read leaves things as they are.
    const QJsonObject state = QJsonDocument::fromJson(view.state.toUtf8()).object();
    const auto sort = std::ranges::find(itemSorts(), state[u"sort"_s].toString(), &std::pair<QString, ItemSort>::first);
    if (const QJsonArray columns = state[u"columns"_s].toArray(); !columns.isEmpty())
        showColumns(columns);
    applyFilter(*filter);
    if (sort != itemSorts().end())
        m_model->sortBy(sort->second, state[u"descending"_s].toBool() ? Qt::DescendingOrder : Qt::AscendingOrder);
    showSort();
}

void ItemsPage::readIndexState()
{
    onFinished(m_project->read([](Connection &c) { return searchIndexState(c); }), this, [this](const Result<SearchIndexState> &state) {
        if (!state) {
            m_indexNote->setText(tr("The search index cannot be read"));
            return;
        }
        const qint64 missing = state->newest - state->indexedTo;
        m_indexNote->setVisible(missing >= worthIndexing);
        m_indexNote->setText(tr("search index %1 %").arg(QLocale().toString(state->newest > 0 ? 100 * state->indexedTo / state->newest : 100)));
        if (missing > 0)
            m_indexTimer.start();
    });
}

} // namespace evalwright
