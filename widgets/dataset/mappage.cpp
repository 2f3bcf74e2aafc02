// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/mappage.h"

#include "core/onfinished.h"
#include "widgets/dataset/funnelpage.h"
#include "widgets/dataset/mapmodels.h"
#include "widgets/dataset/mapview.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/numberstable.h"
#include "widgets/theme/rowtable.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTableWidget>
#include <QToolButton>
#include <QUndoCommand>
#include <QUndoStack>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <mutex>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

enum ClusterColumn { Name, Size, NearRepeats, Alike, ClusterColumns };
constexpr int pollMilliseconds = 100, confidenceBands = 5;
constexpr qsizetype mostNumbers = 2000, mostLegend = 14;

QString stateText(MapItem::State state)
{
    switch (state) {
    case MapItem::Kept:
        return MapPage::tr("kept");
    case MapItem::Rejected:
        return MapPage::tr("rejected");
    case MapItem::Undecided:
        break;
    }
    return MapPage::tr("not decided");
}

QColor mixed(const QColor &a, const QColor &b, double share)
{
    const auto between = [share](int from, int to) { return qRound(from + share * (to - from)); };
    return {between(a.red(), b.red()), between(a.green(), b.green()), between(a.blue(), b.blue())};
}

class RenameCommand : public QUndoCommand
{
public:
    RenameCommand(std::function<void(const QString &)> apply, QString before, QString after)
        : m_apply(std::move(apply)), m_before(std::move(before)), m_after(std::move(after))
    {
        setText(MapPage::tr("Rename a cluster"));
    }
    void redo() override { m_apply(m_after); }
    void undo() override { m_apply(m_before); }

private:
    std::function<void(const QString &)> m_apply;
    QString m_before, m_after;
};

} // namespace

/// The newest positions of the layout: written by the worker, looked at by the page ten times a second.
struct MapPage::Mailbox
{
    std::mutex mutex;
    std::optional<MapPoints> points;
    double progress = 0;
};

MapPage::MapPage(std::shared_ptr<Project> project, DatasetId dataset, QThreadPool &workers, QUndoStack &undoStack,
                 QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_workers(workers), m_undo(undoStack),
      m_banner(new Banner(this)),
      m_empty(new EmptyState(tr("Nothing to map yet"),
                             tr("This data set has no items yet. When it has, they are here as points, near each other "
                                "when their words are alike, or their meaning to a model."),
                             tr("Fill the data set"), this)),
      m_content(new QWidget(this)), m_view(new MapView), m_models(new MapModels(m_project, dataset)), m_scope(new QComboBox), m_color(new QComboBox),
      m_head(new QLabel), m_about(new QLabel), m_selected(new QLabel), m_progress(new QProgressBar),
      m_cancel(new QPushButton(tr("Cancel"))), m_again(new QPushButton(tr("Draw again"))),
      m_items(new QPushButton(tr("Show in Items"))), m_more(new QPushButton(tr("Write more like these …"))),
      m_away(new QPushButton(tr("Write away from these …"))), m_rename(new QPushButton(tr("Rename"))),
      m_legend(new QWidget), m_legendLayout(new FlowLayout(m_legend, Theme::spacing())), m_list(new QTableWidget),
      m_name(new QLineEdit), m_numbersButton(new QToolButton), m_numbers(new NumbersTable)
{
    m_scope->addItems({tr("Kept items"), tr("All candidates")});
    m_scope->setAccessibleName(tr("What is on the map"));
    m_color->addItems({tr("Colour by label"), tr("Colour by confidence"), tr("Colour by cluster"),
                       tr("Colour by state")});
    m_color->setAccessibleName(tr("Colour"));
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(Theme::spacing(16));
    m_progress->setAccessibleName(tr("Progress of the map"));
    setSecondary(m_head);
    m_head->setTextFormat(Qt::PlainText);
    m_head->setWordWrap(true);
    m_view->setAccessibleName(tr("Map of the items"));
    m_view->setAccessibleDescription(tr("Arrow keys go from point to point, Enter opens one; clusters are selected in "
                                        "the list beside the map."));
    m_about->setTextFormat(Qt::PlainText);
    m_about->setWordWrap(true);
    m_about->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_about->setFixedHeight(3 * m_about->fontMetrics().lineSpacing() + Theme::spacing());
    m_about->setAccessibleName(tr("Item under the pointer"));
    m_selected->setTextFormat(Qt::PlainText);

    auto *top = new QHBoxLayout;
    top->addWidget(m_scope);
    top->addWidget(m_color);
    top->addStretch(1);
    top->addWidget(m_progress);
    top->addWidget(m_cancel);
    top->addWidget(m_again);
    auto *map = new QWidget;
    auto *mapLayout = new QVBoxLayout(map);
    mapLayout->setContentsMargins(0, 0, 0, 0);
    mapLayout->setSpacing(Theme::spacing());
    mapLayout->addWidget(m_legend);
    mapLayout->addWidget(m_view, 1);
    mapLayout->addWidget(m_about);
    auto *splitter = new QSplitter(m_content);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(map);
    splitter->addWidget(buildSide());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({520, 480});
    auto *content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(Theme::spacing());
    content->addLayout(top);
    auto *compared = new QHBoxLayout;
    compared->addWidget(m_models);
    compared->addWidget(m_head, 1);
    content->addLayout(compared);
    content->addWidget(splitter, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_banner);
    layout->addWidget(m_content, 1);
    layout->addWidget(m_empty, 1);
    m_empty->hide();
    m_progress->hide();
    m_cancel->hide();

    connect(m_empty, &EmptyState::clicked, this, &MapPage::fillRequested);
    connect(m_again, &QPushButton::clicked, this, &MapPage::draw);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_token.cancel(); });
    connect(m_scope, &QComboBox::activated, this, &MapPage::draw);
    connect(m_color, &QComboBox::currentIndexChanged, this, &MapPage::showColors);
    connect(Theme::of(this), &Theme::changed, this, &MapPage::showColors);
    connect(m_view, &MapView::hovered, this, &MapPage::showPoint);
    connect(m_view, &MapView::activated, this, [this](int point) {
        showSelection({point}, tr("picked on the map"));
        Q_EMIT candidateActivated(m_start->items[static_cast<size_t>(point)].id);
    });
    connect(m_view, &MapView::lassoed, this, [this](const std::vector<int> &points) {
        m_list->clearSelection();
        showSelection(points, tr("picked on the map"));
    });
    connect(m_banner, &Banner::actionTriggered, this, &MapPage::draw);
    connect(m_models, &MapModels::chosen, this, &MapPage::draw);
    connect(m_models, &MapModels::wasRead, this, &MapPage::lookForVectors);
    connect(m_models, &MapModels::failed, this, &MapPage::fail);
    connect(m_models, &MapModels::embedRequested, this,
            [this](const QString &model) { Q_EMIT embedRequested(model, m_scope->currentIndex() == 1); });
    connect(m_models, &MapModels::namesRequested, this, [this](const QString &model) {
        Q_EMIT namesRequested(model, m_embedder, m_start && m_start->choice.all);
    });
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (m_asked && (topic == Topic::Candidates || topic == Topic::Models))
            m_models->read();
        if (topic == Topic::Candidates)
            lookForNames();
        if (topic == Topic::Candidates && m_start && !m_busy && m_banner->isHidden())
            lookForChanges();
    });
    m_poll.setInterval(pollMilliseconds);
    connect(&m_poll, &QTimer::timeout, this, &MapPage::pollLayout);
    showSelection({}, {});
}

MapPage::~MapPage()
{
    m_token.cancel();
}

QWidget *MapPage::buildSide()
{
    auto *side = new QWidget;
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(Theme::spacing(), 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    auto *head = new QHBoxLayout;
    auto *title = new QLabel(tr("Clusters"), side);
    title->setFont(Theme::font(Theme::Role::Heading));
    m_numbersButton->setText(tr("Show the numbers"));
    m_numbersButton->setCheckable(true);
    m_numbersButton->setMinimumHeight(Theme::spacing(4));
    head->addWidget(title, 1);
    m_models->nameButton()->setMinimumHeight(Theme::spacing(4));
    head->addWidget(m_models->nameButton());
    head->addWidget(m_numbersButton);
    layout->addLayout(head);
    m_list->setColumnCount(ClusterColumns);
    m_list->setHorizontalHeaderLabels({tr("Cluster"), tr("Items"), tr("Near repeats"), tr("Alike")});
    m_list->horizontalHeaderItem(Name)->setToolTip(
        tr("Items that are near each other; its name is a person's, a model's or its most telling words"));
    m_list->horizontalHeaderItem(NearRepeats)->setToolTip(
        tr("Items with nearly the same words as an earlier one of the cluster"));
    m_list->horizontalHeaderItem(Alike)->setToolTip(
        tr("Items that are nearly the same by the embedding that the map shows"));
    m_list->setAccessibleName(tr("Clusters"));
    showAsRows(m_list);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->horizontalHeader()->setSectionResizeMode(Name, QHeaderView::Stretch);
    m_list->verticalHeader()->setDefaultSectionSize(2 * m_list->fontMetrics().lineSpacing() + Theme::spacing());
    layout->addWidget(m_list, 2);
    m_name->setPlaceholderText(tr("Name of the selected cluster"));
    m_name->setAccessibleName(tr("Name of the selected cluster"));
    m_name->setMaxLength(80);
    auto *naming = new QHBoxLayout;
    naming->addWidget(m_name, 1);
    naming->addWidget(m_rename);
    layout->addLayout(naming);
    auto *card = new QFrame(side);
    setCard(card);
    auto *actions = new QVBoxLayout(card);
    actions->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), Theme::spacing());
    actions->addWidget(m_selected);
    auto *buttons = new QWidget(card);
    auto *flow = new FlowLayout(buttons, Theme::spacing());
    for (QPushButton *button : {m_items, m_more, m_away})
        flow->addWidget(button);
    actions->addWidget(buttons);
    layout->addWidget(card);
    m_numbers->setAccessibleName(tr("Numbers of the map"));
    m_numbers->hide();
    layout->addWidget(m_numbers, 2);

    connect(m_numbersButton, &QToolButton::toggled, this, [this](bool on) {
        m_numbers->setVisible(on);
        fillNumbers();
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_clusters || !m_start)
            return;
        std::vector<bool> chosen(static_cast<size_t>(m_clusters->clusters.size()));
        QStringList names;
        const QModelIndexList rows = m_list->selectionModel()->selectedRows();
        for (const QModelIndex &row : rows) {
            chosen[static_cast<size_t>(row.row())] = true;
            names << clusterTitle(*m_clusters, row.row());
        }
        const bool one = rows.size() == 1;
        m_name->setText(one ? m_clusters->names.value(rows.first().row()).name : QString());
        m_name->setEnabled(one && m_project->access() == Project::Access::ReadWrite);
        m_rename->setEnabled(m_name->isEnabled());
        if (rows.isEmpty())
            return; // A lasso took over.
        std::vector<int> points;
        for (size_t i = 0; i < m_clusters->of.size(); ++i) {
            if (chosen[m_clusters->of[i]])
                points.push_back(static_cast<int>(i));
        }
        showSelection(std::move(points), tr("cluster %1").arg(names.join(u"; "_s)));
    });
    const auto renameSelected = [this] {
        const QModelIndexList rows = m_list->selectionModel()->selectedRows();
        if (rows.size() == 1)
            rename(rows.first().row(), m_name->text().simplified());
    };
    connect(m_rename, &QPushButton::clicked, this, renameSelected);
    connect(m_name, &QLineEdit::returnPressed, this, renameSelected);
    connect(m_items, &QPushButton::clicked, this, [this] { Q_EMIT showItems(selection(), m_which); });
    connect(m_more, &QPushButton::clicked, this, [this] { Q_EMIT writeMoreLike(selection()); });
    connect(m_away, &QPushButton::clicked, this, [this] { Q_EMIT writeAwayFrom(selection()); });
    m_name->setEnabled(false);
    m_rename->setEnabled(false);
    return side;
}

void MapPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_asked)
        draw();
}

void MapPage::fail(const Error &error)
{
    if (error.code != ErrorCode::Cancelled)
        m_banner->showError(error);
}

void MapPage::draw()
{
    if (!std::exchange(m_asked, true))
        m_models->read();
    m_token.cancel();
    m_token = CancellationToken();
    m_poll.stop();
    m_banner->hide();
    m_empty->hide();
    m_content->show();
    const quint64 generation = ++m_generation;
    m_busy = true;
    m_progress->setRange(0, 0);
    m_progress->show();
    m_cancel->show();
    m_again->hide();
    m_head->setText(tr("Reading the items …"));
    SimilarityWork work;
    work.token = m_token;
    using Start = std::shared_ptr<const MapStart>;
    const MapChoice choice{m_dataset, m_scope->currentIndex() == 1, m_models->embedder()};
    m_embedder = m_models->embedderName();
    m_vectors = m_models->vectors();
    const auto run = [project = m_project, choice, work]() -> Result<Start> {
        EVALWRIGHT_ASSIGN(MapStart start, startMap(*project, choice, work));
        return std::make_shared<const MapStart>(std::move(start));
    };
    onFinished(QtConcurrent::run(&m_workers, run), this, [this, generation](const Result<Start> &start) {
        if (generation != m_generation)
            return;
        if (start) {
            showStart(*start);
        } else {
            fail(start.error());
            endLayout(tr("The map was not drawn."));
        }
        Q_EMIT started();
    });
}

void MapPage::lookForChanges()
{
    // Lint tells of candidates, too; only a decision or a new candidate makes another map.
    onFinished(m_project->read([dataset = m_dataset](Connection &c) { return mapMark(c, dataset); }), this,
               [this, generation = m_generation](const Result<QString> &mark) {
                   if (!mark)
                       m_banner->showError(mark.error());
                   else if (generation == m_generation && *mark != m_start->mark)
                       m_banner->showMessage(Theme::Meaning::Accent,
                                             tr("Candidates have changed since the map was drawn."), tr("Draw again"));
               });
}

/// A model may have named clusters meanwhile.
void MapPage::lookForNames()
{
    if (!m_clusters)
        return;
    onFinished(m_project->read([dataset = m_dataset, key = m_clusters->key](
                                   Connection &c) { return clusterNames(c, dataset, key); }),
               this, [this, key = m_clusters->key](const Result<QHash<int, ClusterName>> &names) {
                   if (!names)
                       return fail(names.error());
                   const auto isSame = [](const ClusterName &a, const ClusterName &b) {
                       return a.name == b.name && a.actor == b.actor;
                   };
                   if (!m_clusters || m_clusters->key != key ||
                       std::equal(names->begin(), names->end(), m_clusters->names.begin(), m_clusters->names.end(),
                                  isSame))
                       return;
                   m_clusters->names = *names;
                   showClusters();
                   showColors();
               });
}

void MapPage::lookForVectors()
{
    if (m_start && !m_busy && m_banner->isHidden() && m_start->choice.embedder.isValid() &&
        m_start->choice.embedder == m_models->embedder() && m_models->vectors() != m_vectors)
        m_banner->showMessage(Theme::Meaning::Accent, tr("The vectors have changed since the map was drawn."),
                              tr("Draw again"));
}

void MapPage::showStart(std::shared_ptr<const MapStart> start)
{
    m_start = std::move(start);
    m_clusters.reset();
    m_list->setRowCount(0);
    const bool nothing = m_start->items.empty();
    // Kept items may be none where candidates are many: the choice of what is on the map stays at hand.
    m_empty->setVisible(nothing);
    m_view->setVisible(!nothing);
    m_content->setVisible(!nothing || m_scope->currentIndex() == 0);
    setPoints(m_start->plane);
    showSelection({}, {});
    showColors();
    if (nothing) {
        endLayout(tr("No item is kept; all candidates can be shown instead."));
        return;
    }
    startClusters();
    startLayout();
}

void MapPage::startClusters()
{
    SimilarityWork work;
    work.token = m_token;
    const auto run = [project = m_project, start = m_start, work] {
        return clusterMap(*project, *start, work);
    };
    onFinished(QtConcurrent::run(&m_workers, run), this,
               [this, generation = m_generation](const Result<MapClusters> &clusters) {
                   if (generation != m_generation)
                       return;
                   if (clusters) {
                       m_clusters = *clusters;
                       showClusters();
                       showColors();
                   } else {
                       fail(clusters.error());
                   }
                   Q_EMIT clustered();
               });
}

void MapPage::startLayout()
{
    if (m_start->items.size() < 4) { // Neighbours need some company.
        endLayout({});
        return;
    }
    m_head->setText(tr("Principal components; neighbours are being put together …"));
    m_progress->setRange(0, 1000);
    m_mailbox = std::make_shared<Mailbox>();
    m_poll.start();
    SimilarityWork work;
    work.token = m_token;
    work.progress = [box = m_mailbox](double done) {
        const std::lock_guard lock(box->mutex);
        box->progress = done;
    };
    LayoutOptions options;
    options.neighbours = static_cast<int>(std::min<size_t>(15, m_start->items.size() - 1));
    options.positions = [box = m_mailbox](const MapPoints &points) {
        const std::lock_guard lock(box->mutex);
        box->points = points;
    };
    const auto run = [start = m_start, work, options] { return neighbourLayout(start->rows, 1, work, options); };
    onFinished(QtConcurrent::run(&m_workers, run), this,
               [this, generation = m_generation](const Result<MapPoints> &points) {
                   if (generation != m_generation)
                       return;
                   if (points)
                       setPoints(*points);
                   else
                       fail(points.error());
                   endLayout(!points ? tr("neighbours were not put together to the end")
                             : m_embedder.isEmpty()
                                 ? tr("neighbours by words (built in); distances between far groups mean little")
                                 : tr("neighbours by the vectors of %1; distances between far groups mean little")
                                       .arg(singleLine(m_embedder, 40)));
               });
}

void MapPage::endLayout(const QString &state)
{
    m_busy = false;
    m_poll.stop();
    m_progress->hide();
    m_cancel->hide();
    m_again->show();
    QString head;
    if (m_start) {
        const auto shown = static_cast<qint64>(m_start->items.size());
        head = shown < m_start->total ? tr("%1 of %2 items, evenly drawn")
                                            .arg(QLocale().toString(shown), QLocale().toString(m_start->total))
                                      : tr("%Ln item(s)", nullptr, static_cast<int>(shown));
        if (m_start->without > 0)
            head += tr("; %Ln without a vector of their present text are left out", nullptr,
                       static_cast<int>(m_start->without));
    }
    m_head->setText(head.isEmpty() || state.isEmpty() ? head + state : head + u" · "_s + state);
    fillNumbers();
    Q_EMIT arranged();
}

void MapPage::pollLayout()
{
    std::optional<MapPoints> points;
    {
        const std::lock_guard lock(m_mailbox->mutex);
        points = std::exchange(m_mailbox->points, std::nullopt);
        m_progress->setValue(static_cast<int>(1000 * m_mailbox->progress));
    }
    if (points && points->rows() == static_cast<Eigen::Index>(m_start->items.size()))
        setPoints(*points);
}

void MapPage::setPoints(const MapPoints &points)
{
    m_points = points;
    std::vector<QPointF> places;
    places.reserve(static_cast<size_t>(points.rows()));
    for (Eigen::Index i = 0; i < points.rows(); ++i)
        places.emplace_back(points(i, 0), points(i, 1));
    m_view->setPoints(std::move(places));
}

void MapPage::setColor(Color color)
{
    m_color->setCurrentIndex(color);
}

void MapPage::showColors()
{
    m_legendLayout->clear();
    if (!m_start)
        return;
    const Theme *theme = Theme::of(this);
    const auto color = [theme](Theme::Meaning meaning) { return theme->color(meaning); };
    std::vector<int> of(m_start->items.size());
    QList<QColor> colors;
    QStringList names;
    switch (static_cast<Color>(m_color->currentIndex())) {
    case ByLabel: {
        QMap<QString, int> labels;
        for (const MapItem &item : m_start->items)
            labels.insert(item.label, 0);
        int next = 0, other = 0;
        for (auto it = labels.begin(); it != labels.end(); ++it) {
            *it = next++;
            const QString name = it.key().trimmed();
            colors << (name == "Yes"_L1  ? color(Theme::Meaning::Matching)
                       : name == "No"_L1 ? color(Theme::Meaning::NotMatching)
                                         : theme->series(other++));
            names << singleLine(name, 40);
        }
        for (size_t i = 0; i < of.size(); ++i)
            of[i] = labels.value(m_start->items[i].label);
        break;
    }
    case ByConfidence: {
        for (int band = 0; band < confidenceBands; ++band) {
            colors << mixed(color(Theme::Meaning::NotMatching), color(Theme::Meaning::Matching),
                            band / (confidenceBands - 1.0));
            names << tr("%1 to %2").arg(QLocale().toString(band / double(confidenceBands), 'f', 1),
                                        QLocale().toString((band + 1) / double(confidenceBands), 'f', 1));
        }
        colors << color(Theme::Meaning::Refusal);
        names << tr("no confidence");
        for (size_t i = 0; i < of.size(); ++i) {
            const auto &confidence = m_start->items[i].confidence;
            of[i] = confidence ? qBound(0, static_cast<int>(*confidence * confidenceBands), confidenceBands - 1)
                               : confidenceBands;
        }
        break;
    }
    case ByCluster:
        if (m_clusters) {
            for (int cluster = 0; cluster < m_clusters->clusters.size(); ++cluster) {
                colors << theme->series(cluster);
                names << singleLine(clusterTitle(*m_clusters, cluster), 40);
            }
            for (size_t i = 0; i < of.size(); ++i)
                of[i] = static_cast<int>(m_clusters->of[i]);
        } else {
            colors << color(Theme::Meaning::Refusal);
            names << (m_busy ? tr("clusters are being looked for …") : tr("no clusters; draw again"));
        }
        break;
    case ByState:
        for (const MapItem::State state : {MapItem::Kept, MapItem::Rejected, MapItem::Undecided})
            names << stateText(state);
        colors << color(Theme::Meaning::Matching) << color(Theme::Meaning::NotMatching)
               << color(Theme::Meaning::Refusal);
        for (size_t i = 0; i < of.size(); ++i)
            of[i] = m_start->items[i].state;
        break;
    }
    for (qsizetype i = 0; i < qMin(names.size(), mostLegend); ++i) {
        auto *chip = new Chip(names.at(i), Theme::Meaning::Text, m_legend);
        chip->setDot(colors.at(i));
        chip->setFocusPolicy(Qt::NoFocus);
        chip->setAttribute(Qt::WA_TransparentForMouseEvents);
        m_legendLayout->addWidget(chip);
        chip->show();
    }
    m_legend->updateGeometry();
    m_view->setColors(std::move(of), std::move(colors));
}

void MapPage::showClusters()
{
    const QLocale locale;
    const QSignalBlocker quiet(m_list->selectionModel());
    m_list->setRowCount(static_cast<int>(m_clusters->clusters.size()));
    for (int row = 0; row < m_list->rowCount(); ++row) {
        const MapCluster &cluster = m_clusters->clusters.at(row);
        const QString title = singleLine(clusterTitle(*m_clusters, row), 80);
        auto most = cluster.labels.cbegin();
        QStringList shares;
        for (auto it = cluster.labels.cbegin(); it != cluster.labels.cend(); ++it) {
            shares << tr("%1: %2").arg(it.key().trimmed(), keepRateText(it.value(), cluster.size));
            most = it.value() > most.value() ? it : most;
        }
        const QString share =
            most == cluster.labels.cend()
                ? QString()
                : tr("%1 %2").arg(singleLine(most.key().trimmed(), 16), keepRateText(most.value(), cluster.size));
        const QStringList cells{title + u'\n' + share, locale.toString(cluster.size),
                                locale.toString(cluster.repeated), locale.toString(cluster.alike)};
        for (int column = 0; column < ClusterColumns; ++column) {
            auto *item = new QTableWidgetItem(cells.at(column));
            item->setTextAlignment((column == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
            m_list->setItem(row, column, item);
        }
        m_list->item(row, Name)->setToolTip(plainToolTip(
            title + (m_clusters->names.value(row).actor == "model"_L1 ? tr(" (named by a model)") : QString()) +
            u'\n' + tr("Words that set it apart: %1").arg(cluster.words.join(u", "_s)) + u'\n' +
            shares.join(u'\n')));
        m_list->item(row, Alike)->setToolTip(plainToolTip(
            tr("%1 of %2 items have a cosine of %3 or more to an earlier item, %4: %5")
                .arg(locale.toString(cluster.alike), locale.toString(cluster.size), locale.toString(alikeOnMap),
                     m_embedder.isEmpty() ? tr("by words") : tr("by the vectors of %1").arg(m_embedder),
                     keepRateText(cluster.alike, cluster.size))));
        m_list->item(row, NearRepeats)->setToolTip(plainToolTip(
            tr("%1 of %2 items share four fifths of their words with an earlier item: %3")
                .arg(locale.toString(cluster.repeated), locale.toString(cluster.size),
                     keepRateText(cluster.repeated, cluster.size))));
    }
    for (const int column : {int(Size), int(NearRepeats), int(Alike)})
        m_list->resizeColumnToContents(column);
}

void MapPage::selectCluster(int cluster)
{
    m_list->selectRow(cluster);
}

void MapPage::rename(int cluster, const QString &name)
{
    if (!m_clusters || cluster < 0 || cluster >= m_clusters->clusters.size())
        return;
    const ClusterName now = m_clusters->names.value(cluster);
    if (now.name == name)
        return;
    // A model's name is not a person's: taking the person's back shows it again.
    const QString before = now.actor == "person"_L1 ? now.name : QString();
    const QPointer<MapPage> self(this);
    const auto apply = [self, project = m_project, dataset = m_dataset, cluster,
                        key = m_clusters->key](const QString &to) {
        if (self)
            self->applyName(cluster, key, to);
        else
            project->write([=](Connection &c) { return addClusterName(c, dataset, key, cluster, {to}); }, {});
    };
    m_undo.push(new RenameCommand(apply, before, name));
}

void MapPage::applyName(int cluster, const QString &key, const QString &name)
{
    onFinished(m_project->write([dataset = m_dataset, key, cluster, name](
                                    Connection &c) { return addClusterName(c, dataset, key, cluster, {name}); },
                                {}),
               this, [this](const Status &done) {
                   if (!done) {
                       m_banner->showError(done.error());
                       return;
                   }
                   lookForNames();
               });
}

QList<CandidateId> MapPage::selection() const
{
    QList<CandidateId> ids;
    for (const int point : m_view->selected())
        ids << m_start->items[static_cast<size_t>(point)].id;
    return ids;
}

void MapPage::showSelection(std::vector<int> points, const QString &which)
{
    const auto count = static_cast<int>(points.size());
    m_which = which;
    m_view->setSelected(std::move(points));
    m_selected->setText(count > 0 ? tr("%Ln item(s) selected", nullptr, count)
                                  : tr("Draw around points, or choose clusters in the list."));
    for (QPushButton *button : {m_items, m_more, m_away})
        button->setEnabled(count > 0);
}

void MapPage::showPoint(int point)
{
    if (point < 0 || !m_start) {
        m_about->clear();
        return;
    }
    const MapItem &item = m_start->items[static_cast<size_t>(point)];
    QStringList facts{tr("No. %1").arg(QLocale().toString(item.ordinal + 1)), item.label.trimmed()};
    if (item.confidence)
        facts << QLocale().toString(*item.confidence, 'f', 2);
    facts << stateText(item.state);
    m_about->setText(u"%1\n%2"_s.arg(facts.join(u" · "_s), singleLine(item.text, 240)));
}

void MapPage::fillNumbers()
{
    if (!m_start || m_numbers->isHidden())
        return;
    const QLocale locale;
    QList<QStringList> rows;
    const auto count = qMin<qsizetype>(mostNumbers, static_cast<qsizetype>(m_start->items.size()));
    for (qsizetype i = 0; i < count; ++i) {
        const MapItem &item = m_start->items[static_cast<size_t>(i)];
        const auto cluster = static_cast<int>(m_clusters ? m_clusters->of[static_cast<size_t>(i)] : 0);
        rows << QStringList{locale.toString(item.ordinal + 1),
                            singleLine(item.text, 120),
                            singleLine(item.label.trimmed(), 30),
                            item.confidence ? locale.toString(*item.confidence, 'f', 2) : u"—"_s,
                            stateText(item.state),
                            m_clusters ? singleLine(clusterTitle(*m_clusters, cluster), 40) : QString(),
                            locale.toString(double(m_points(i, 0)), 'f', 3),
                            locale.toString(double(m_points(i, 1)), 'f', 3)};
    }
    m_numbers->setTable({tr("No."), tr("Text"), tr("Label"), tr("Confidence"), tr("State"), tr("Cluster"), tr("x"),
                         tr("y")},
                        rows);
    m_numbers->setToolTip(static_cast<qsizetype>(m_start->items.size()) > mostNumbers
                              ? tr("The first %1 points; all are in Items").arg(locale.toString(mostNumbers))
                              : QString());
}

} // namespace evalwright
