// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/projecttree.h"

#include "core/onfinished.h"
#include "core/text.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"
#include "storage/repositories/runs.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QLocale>
#include <QMenu>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

enum Kind { Heading, Category, DatasetEntry, Models, Results, Scaling, Jobs };
constexpr int kindRole = Qt::UserRole, idRole = Qt::UserRole + 1, nameRole = Qt::UserRole + 2;

struct Contents
{
    QList<DatasetSummary> datasets;
    QList<Model> models;
    qint64 runs = 0;
};

QTreeWidgetItem *entry(QTreeWidgetItem *parent, Kind kind, const QString &text, const QString &count = {})
{
    auto *item = new QTreeWidgetItem(parent, {singleLine(text, 200), count});
    item->setData(0, kindRole, kind);
    item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
    item->setToolTip(0, plainToolTip(text));
    return item;
}

} // namespace

ProjectTree::ProjectTree(Session &session, QWidget *parent) : QTreeWidget(parent), m_session(session)
{
    setColumnCount(2);
    setHeaderHidden(true);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Project"));
    setIndentation(Theme::spacing(2));
    setRootIsDecorated(false);
    setObjectName(u"project"_s);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Stretch);
    header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const auto open = [this](const QTreeWidgetItem *item) {
        switch (item->data(0, kindRole).toInt()) {
        case DatasetEntry:
            Q_EMIT datasetActivated(DatasetId{item->data(0, idRole).toLongLong()}, item->data(0, nameRole).toString());
            break;
        case Models:
            Q_EMIT modelsActivated();
            break;
        case Results:
            Q_EMIT resultsActivated();
            break;
        case Scaling:
            Q_EMIT scalingActivated();
            break;
        case Jobs:
            Q_EMIT jobsActivated();
            break;
        default:
            break;
        }
    };
    connect(this, &QTreeWidget::itemClicked, this, open);
    connect(this, &QTreeWidget::itemActivated, this, open);
    connect(&m_session, &Session::projectChanged, this, &ProjectTree::reload);
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic != Topic::Jobs && topic != Topic::Figures)
            reload();
    });
    connect(Theme::of(this), &Theme::changed, this, &ProjectTree::reload);
    reload();
}

QMenu *ProjectTree::menuFor(const QTreeWidgetItem *item)
{
    if (!item || item->data(0, kindRole).toInt() != DatasetEntry)
        return nullptr;
    const QString name = item->data(0, nameRole).toString();
    auto *menu = new QMenu(this);
    connect(menu->addAction(tr("Compare with …")), &QAction::triggered, this,
            [this, name] { Q_EMIT comparisonRequested(name); });
    connect(menu->addAction(tr("Gap test against a new one …")), &QAction::triggered, this,
            [this, name] { Q_EMIT gapRequested(name); });
    return menu;
}

void ProjectTree::contextMenuEvent(QContextMenuEvent *event)
{
    // The menu key asks about the entry that is marked, not about where the mouse happens to be.
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    QMenu *menu = menuFor(byKey ? currentItem() : itemAt(viewport()->mapFromGlobal(event->globalPos())));
    if (!menu)
        return QTreeWidget::contextMenuEvent(event);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(event->globalPos());
}

void ProjectTree::reload()
{
    const quint64 generation = ++m_generation;
    if (!m_session.project())
        return clear();
    onFinished(m_session.project()->read([](Connection &c) -> Result<Contents> {
        Contents contents;
        EVALWRIGHT_ASSIGN(contents.datasets, listDatasets(c));
        EVALWRIGHT_ASSIGN(contents.models, listModels(c));
        EVALWRIGHT_ASSIGN(const QList<Run> runs, listRuns(c));
        contents.runs = runs.size();
        return contents;
    }),
               this, [this, generation](const Result<Contents> &contents) {
                   if (generation == m_generation && contents)
                       show(contents->datasets, contents->models, contents->runs);
               });
}

void ProjectTree::show(const QList<DatasetSummary> &datasets, const QList<Model> &models, qint64 runs)
{
    const QLocale locale;
    const QString current = currentItem() ? currentItem()->text(0) : QString();
    clear();
    const auto heading = [this](const QString &text) {
        auto *item = entry(invisibleRootItem(), Heading, text.toUpper());
        QFont font = Theme::font(Theme::Role::Caption);
        font.setWeight(QFont::DemiBold);
        item->setFont(0, font);
        item->setForeground(0, palette().color(QPalette::PlaceholderText));
        item->setFlags(Qt::ItemIsEnabled);
        return item;
    };
    QTreeWidgetItem *behaviours = heading(tr("Behaviours"));
    QTreeWidgetItem *category = nullptr;
    QString categoryName;
    for (const DatasetSummary &summary : datasets) {
        if (!category || summary.category != categoryName) {
            categoryName = summary.category;
            category = entry(behaviours, Category, categoryName.isEmpty() ? tr("No category") : categoryName);
            category->setFlags(Qt::ItemIsEnabled);
        }
        QTreeWidgetItem *item = entry(category, DatasetEntry, summary.dataset.name, locale.toString(summary.items));
        item->setData(0, idRole, summary.dataset.id.value);
        item->setData(0, nameRole, summary.dataset.name);
        item->setToolTip(
            0, plainToolTip(tr("%1: %2 items of %3 candidates, %4 reviewed")
                                .arg(summary.dataset.name, locale.toString(summary.items),
                                     locale.toString(summary.candidates), locale.toString(summary.reviewed))));
    }
    if (datasets.isEmpty())
        entry(behaviours, Heading, tr("none yet"))->setFlags(Qt::NoItemFlags);
    QTreeWidgetItem *modelHeading = heading(tr("Models"));
    QMap<QString, QStringList> families;
    for (const Model &model : models)
        families[model.family.isEmpty() ? model.name : model.family] << formatParameters(model.parameters);
    for (auto it = families.begin(); it != families.end(); ++it)
        entry(modelHeading, Models, it.key(), it.value().join(u" · "_s));
    entry(modelHeading, Models, models.isEmpty() ? tr("Add models …") : tr("All models"));
    QTreeWidgetItem *evaluations = heading(tr("Evaluations"));
    entry(evaluations, Results, tr("Results"), runs > 0 ? locale.toString(runs) : QString());
    QTreeWidgetItem *figures = heading(tr("Figures"));
    entry(figures, Scaling, tr("Scaling curves and others"));
    QTreeWidgetItem *activity = heading(tr("Activity"));
    entry(activity, Jobs, tr("Jobs"));
    expandAll();
    for (QTreeWidgetItemIterator it(this); *it; ++it) {
        if ((*it)->text(0) == current)
            setCurrentItem(*it);
    }
}

} // namespace evalwright
