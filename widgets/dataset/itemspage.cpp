// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemspage.h"

#include "core/onfinished.h"
#include "widgets/dataset/chosenitems.h"
#include "widgets/dataset/facetbar.h"
#include "widgets/dataset/itemdelegate.h"
#include "widgets/dataset/itemjson.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/rowtable.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QUndoStack>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int searchMilliseconds = 250, countMilliseconds = 500;

} // namespace

ItemsPage::ItemsPage(std::shared_ptr<Project> project, DatasetId dataset, QUndoStack *undoStack, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset),
      m_undo(undoStack ? undoStack : new QUndoStack(this)), m_model(new ItemModel(this)), m_banner(new Banner(this)),
      m_search(new QLineEdit(this)), m_facets(new FacetBar(this)), m_count(new QLabel(this)),
      m_chosenBar(new QWidget(this)), m_chosenText(new QLabel(m_chosenBar)), m_selectionBar(new QWidget(this)),
      m_selected(new QLabel(this)), m_reason(new QLineEdit(this)),
      m_keep(new QPushButton(tr("Keep"), this)), m_reject(new QPushButton(tr("Reject"), this)),
      m_copy(new QPushButton(tr("Copy as JSON"), this)), m_table(new QTableView(this)), m_empty(new QWidget(this)),
      m_emptyText(new QLabel(this)), m_emptyButton(new QPushButton(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing());
    layout->setSpacing(Theme::spacing());
    buildHead();
    buildTable();
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
    top->addWidget(m_search, 1);
    top->addWidget(m_count);
    layout->addLayout(top);
    layout->addWidget(m_chosenBar);
    layout->addWidget(m_facets);
    layout->addWidget(m_banner);
    layout->addWidget(m_selectionBar);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_empty, 1);

    connect(m_model, &ItemModel::loaded, this, &ItemsPage::updateState);
    connect(m_model, &ItemModel::loadingChanged, this, &ItemsPage::updateState);
    connect(m_model, &ItemModel::failed, m_banner, &Banner::showError);
    connect(m_model, &ItemModel::dataChanged, this, &ItemsPage::announceCurrent);
    connect(m_model, &ItemModel::modelReset, this, &ItemsPage::updateSelection);
    connect(m_banner, &Banner::actionTriggered, this, [this] {
        m_banner->hide();
        m_undo->undo();
    });
    connect(m_emptyButton, &QPushButton::clicked, this, [this] {
        if (m_facets->total() > 0)
            setFilter({});
        else
            Q_EMIT fillRequested();
    });
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (topic != Topic::Candidates && topic != Topic::Datasets)
            return;
        m_model->refreshSoon();
        if (!m_countTimer.isActive())
            m_countTimer.start();
    });
    m_countTimer.setSingleShot(true);
    m_countTimer.setInterval(countMilliseconds);
    connect(&m_countTimer, &QTimer::timeout, this, &ItemsPage::readCounts);

    m_model->setSource(itemsFromProject(m_project), filter());
    readCounts();
    updateSelection();
}

void ItemsPage::buildHead()
{
    m_search->setPlaceholderText(tr("Search statements and questions"));
    m_search->setAccessibleName(tr("Search items"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumHeight(Theme::spacing(4));
    m_searchTimer.setSingleShot(true);
    connect(m_search, &QLineEdit::textEdited, this, [this] { m_searchTimer.start(searchMilliseconds); });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty()) // The clear button does not count as editing.
            m_searchTimer.start(0);
    });
    connect(m_search, &QLineEdit::returnPressed, this, [this] { m_searchTimer.start(0); });
    connect(&m_searchTimer, &QTimer::timeout, this, &ItemsPage::applyFilter);
    connect(m_facets, &FacetBar::chosen, this, &ItemsPage::applyFilter);
    setSecondary(m_count);

    m_chosenText->setTextFormat(Qt::PlainText);
    m_chosenText->setWordWrap(true);
    auto *all = new QPushButton(tr("Show all items"), m_chosenBar);
    connect(all, &QPushButton::clicked, this, &ItemsPage::showAll);
    auto *chosenBar = new QHBoxLayout(m_chosenBar);
    chosenBar->setContentsMargins(0, 0, 0, 0);
    chosenBar->addWidget(m_chosenText, 1);
    chosenBar->addWidget(all);
    m_chosenBar->hide();

    auto *bar = new QHBoxLayout(m_selectionBar);
    bar->setContentsMargins(0, 0, 0, 0);
    m_reason->setPlaceholderText(tr("Reason (optional)"));
    m_reason->setAccessibleName(tr("Reason of the decision"));
    m_reason->setMaxLength(400);
    bar->addWidget(m_selected);
    bar->addWidget(m_reason, 1);
    bar->addWidget(m_keep);
    bar->addWidget(m_reject);
    bar->addWidget(m_copy);
    const bool writable = m_project->access() == Project::Access::ReadWrite;
    for (QPushButton *button : {m_keep, m_reject}) {
        button->setEnabled(writable);
        button->setToolTip(writable ? tr("Decide about the selected items; this can be undone")
                                    : tr("The project is open for reading only"));
    }
    connect(m_keep, &QPushButton::clicked, this, [this] { decideSelection(true, m_reason->text()); });
    connect(m_reject, &QPushButton::clicked, this, [this] { decideSelection(false, m_reason->text()); });
    connect(m_copy, &QPushButton::clicked, this, &ItemsPage::copySelectionAsJson);
}

void ItemsPage::buildTable()
{
    m_table->setModel(m_model);
    m_table->setItemDelegate(new ItemDelegate(m_table));
    m_table->setAccessibleName(tr("Items"));
    showAsRows(m_table);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + Theme::spacing() + 4);
    m_table->setFrameShape(QFrame::NoFrame);

    QHeaderView *header = m_table->horizontalHeader();
    header->setSectionsClickable(true);
    header->setSectionsMovable(true);
    header->setStretchLastSection(false);
    header->setSortIndicator(ItemModel::Number, Qt::AscendingOrder);
    header->setSortIndicatorShown(true);
    const auto em = m_table->fontMetrics().horizontalAdvance(u'0');
    for (const auto &[column, width] :
         {std::pair(ItemModel::Number, 5), std::pair(ItemModel::MatchingAnswer, 12),
          std::pair(ItemModel::Confidence, 15), std::pair(ItemModel::State, 15), std::pair(ItemModel::CheckerMass, 8)})
        m_table->setColumnWidth(column, qMax(width * em, header->sectionSizeHint(column)));
    header->setSectionResizeMode(ItemModel::Statement, QHeaderView::Stretch);
    connect(header, &QHeaderView::sortIndicatorChanged, this, [this, header](int column, Qt::SortOrder direction) {
        static const QHash<CandidateOrder, int> columns{{CandidateOrder::Ordinal, ItemModel::Number},
                                                        {CandidateOrder::Statement, ItemModel::Statement},
                                                        {CandidateOrder::Label, ItemModel::MatchingAnswer},
                                                        {CandidateOrder::Confidence, ItemModel::Confidence},
                                                        {CandidateOrder::State, ItemModel::State}};
        if (ItemModel::isSortable(column))
            m_model->sort(column, direction);
        else // The arrow stays where the order is.
            header->setSortIndicator(columns.value(m_model->order()), m_model->direction());
    });
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        for (int column = 0; column < ItemModel::ColumnCount; ++column) {
            QAction *action = menu->addAction(m_model->headerData(column, Qt::Horizontal).toString());
            action->setCheckable(true);
            action->setChecked(!m_table->isColumnHidden(column));
            action->setEnabled(column != ItemModel::Statement);
            connect(action, &QAction::toggled, m_table,
                    [this, column](bool on) { m_table->setColumnHidden(column, !on); });
        }
        menu->popup(header->mapToGlobal(at));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ItemsPage::updateSelection);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        m_announced = {};
        announceCurrent();
    });
    auto *copy = new QAction(tr("Copy as JSON"), m_table);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &ItemsPage::copySelectionAsJson);
    m_table->addAction(copy);
}

CandidateFilter ItemsPage::filter() const
{
    CandidateFilter filter;
    filter.dataset = m_dataset;
    filter.text = m_search->text().trimmed();
    filter.state = m_facets->state();
    filter.reason = m_facets->reason();
    filter.label = m_facets->label();
    return filter;
}

void ItemsPage::setFilter(const CandidateFilter &filter)
{
    showAll();
    m_search->setText(filter.text);
    m_searchTimer.stop();
    m_facets->setChoice(filter);
    applyFilter();
}

void ItemsPage::showOnly(const QList<CandidateId> &ids, const QString &which)
{
    m_search->clear();
    m_searchTimer.stop();
    m_facets->setChoice({});
    m_chosen = ids.size();
    m_chosenText->setText(tr("Only %Ln candidate(s): %1", nullptr, static_cast<int>(ids.size()))
                              .arg(withVisibleControls(which)));
    m_chosenBar->show();
    m_model->setSource(chosenFromProject(m_project, ids), filter());
    updateState();
}

void ItemsPage::showAll()
{
    if (m_chosen < 0)
        return;
    m_chosen = -1;
    m_chosenBar->hide();
    m_model->setSource(itemsFromProject(m_project), filter());
    updateState();
}

void ItemsPage::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ItemsPage::applyFilter()
{
    m_model->setFilter(filter());
    updateState();
}

void ItemsPage::readCounts()
{
    if (m_countsAsked) {
        m_countsAgain = true;
        return;
    }
    m_countsAsked = true;
    onFinished(
        m_project->read([dataset = m_dataset](Connection &connection) { return reasonCounts(connection, dataset); }),
        this, [this](const Result<QList<ReasonCount>> &counts) {
            m_countsAsked = false;
            if (counts)
                m_facets->setCounts(*counts);
            else
                m_banner->showError(counts.error());
            updateState();
            if (std::exchange(m_countsAgain, false))
                m_countTimer.start();
        });
}

void ItemsPage::updateState()
{
    const QLocale locale;
    const qint64 shown = m_model->rowCount(), total = m_chosen >= 0 ? m_chosen : m_facets->total();
    const bool loading = m_model->isLoading() || m_facets->total() < 0;
    if (loading)
        m_count->setText(tr("Reading…"));
    else
        m_count->setText(shown == total
                             ? tr("%1 candidates").arg(locale.toString(total))
                             : tr("%1 of %2 candidates").arg(locale.toString(shown), locale.toString(total)));
    // Rows of the former question stay until the answer to the new one is in.
    const bool nothing = !loading && shown == 0;
    m_table->setVisible(!nothing);
    m_empty->setVisible(nothing);
    if (nothing) {
        m_emptyText->setText(
            total > 0
                ? tr("No item matches this search and these filters.")
                : tr("This data set has no candidates yet. Run its recipe or import items, and they will be here."));
        m_emptyButton->setText(total > 0 ? tr("Clear search and filters") : tr("Fill the data set"));
    }
    updateSelection();
}

void ItemsPage::updateSelection()
{
    qint64 rows = 0;
    const QItemSelection selection = m_table->selectionModel()->selection();
    for (const QItemSelectionRange &range : selection)
        rows += range.height();
    m_selectionBar->setVisible(rows > 0);
    m_selected->setText(tr("%1 selected").arg(QLocale().toString(rows)));
}

void ItemsPage::announceCurrent()
{
    const QModelIndex current = m_table->selectionModel()->currentIndex();
    const CandidateId id{current.data(ItemModel::CandidateIdRole).toLongLong()};
    // A row that is still being read is announced when it is here.
    if (!current.isValid() || !id.isValid() || id == m_announced)
        return;
    m_announced = id;
    Q_EMIT candidateActivated(id);
}

void ItemsPage::withSelectedRows(std::function<void(const QList<CandidateRow> &)> use)
{
    // Rows that the person has seen are taken as they are; those never loaded are asked for by their place.
    QList<CandidateRow> here;
    QList<ItemQuery> windows;
    const QItemSelection selection = m_table->selectionModel()->selection();
    for (const QItemSelectionRange &range : selection) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (const ItemRow *item = m_model->itemAt(row))
                here << item->candidate;
            else if (!windows.isEmpty() && windows.last().offset + windows.last().limit == row)
                ++windows.last().limit;
            else
                windows << m_model->window(row, 1);
        }
    }
    if (windows.isEmpty()) {
        if (!here.isEmpty())
            use(here);
        return;
    }
    const auto rest = m_project->read([windows](Connection &connection) -> Result<QList<CandidateRow>> {
        QList<CandidateRow> rows;
        for (const ItemQuery &window : windows) {
            EVALWRIGHT_ASSIGN(
                const QList<CandidateRow> more,
                candidateRows(connection, window.filter, window.order, window.direction, window.offset, window.limit));
            rows << more;
        }
        return rows;
    });
    onFinished(rest, this, [this, here, use = std::move(use)](const Result<QList<CandidateRow>> &more) {
        if (more)
            use(here + *more);
        else
            m_banner->showError(more.error());
    });
}

void ItemsPage::decideSelection(bool keep, const QString &reason)
{
    withSelectedRows([this, keep, reason](const QList<CandidateRow> &rows) {
        QList<CandidateId> ids;
        ids.reserve(rows.size());
        for (const CandidateRow &row : rows)
            ids << row.candidate.id;
        const auto report = [this, keep](bool undone, const Result<DecideCommand::Outcome> &outcome) {
            if (!outcome) {
                m_banner->showError(outcome.error());
                return;
            }
            const auto count = static_cast<int>(outcome->changed);
            if (!undone) {
                m_banner->showMessage(Theme::Meaning::Human,
                                      keep ? tr("Kept %Ln item(s).", nullptr, count)
                                           : tr("Rejected %Ln item(s).", nullptr, count),
                                      tr("Undo"));
                return;
            }
            QString text = tr("Undone: %Ln item(s) have their former decision again.", nullptr, count);
            if (outcome->withoutFormer > 0)
                text += u' ' + tr("%Ln item(s) had no decision before and keep this one.", nullptr,
                                  static_cast<int>(outcome->withoutFormer));
            m_banner->showMessage(Theme::Meaning::Human, text);
        };
        m_undo->push(new DecideCommand(m_project, ids, keep, reason, this, report));
        m_reason->clear();
    });
}

void ItemsPage::copySelectionAsJson()
{
    withSelectedRows([this](const QList<CandidateRow> &rows) {
        QGuiApplication::clipboard()->setText(itemsAsJson(rows));
        m_banner->showMessage(Theme::Meaning::Success,
                              tr("Copied %Ln item(s) as JSON.", nullptr, static_cast<int>(rows.size())));
        Q_EMIT copied(rows.size());
    });
}

QByteArray ItemsPage::columnState() const
{
    return m_table->horizontalHeader()->saveState();
}

void ItemsPage::restoreColumnState(const QByteArray &state)
{
    m_table->horizontalHeader()->restoreState(state);
}

} // namespace evalwright
