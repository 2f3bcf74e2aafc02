// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/viewsbutton.h"

#include "core/onfinished.h"
#include "widgets/dataset/plaintext.h"

#include <QInputDialog>
#include <QMenu>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// A name as a menu shows it: an ampersand in it is no shortcut.
QString menuText(const QString &name)
{
    return singleLine(name, 60).replace(u'&', u"&&"_s);
}

} // namespace

ViewsButton::ViewsButton(std::shared_ptr<Project> project, DatasetId dataset, std::function<SavedView()> current, QWidget *parent)
    : QToolButton(parent), m_project(std::move(project)), m_dataset(dataset), m_current(std::move(current))
{
    setText(tr("Views"));
    setToolTip(tr("Filters that were saved with their order and columns"));
    setPopupMode(QToolButton::InstantPopup);
    setMenu(new QMenu(this));
    menu()->setToolTipsVisible(true);
    fillMenu();
    reload();
}

const SavedView *ViewsButton::chosen() const
{
    const auto found = std::ranges::find(m_views, m_chosen, &SavedView::id);
    return found == m_views.end() ? nullptr : &*found;
}

void ViewsButton::reload()
{
    onFinished(m_project->read([dataset = m_dataset](Connection &c) { return savedViews(c, dataset); }), this,
               [this](const Result<QList<SavedView>> &views) {
                   if (!views) {
                       Q_EMIT failed(views.error());
                       return;
                   }
                   m_views = *views;
                   fillMenu();
                   Q_EMIT changed();
               });
}

void ViewsButton::fillMenu()
{
    menu()->clear();
    for (const SavedView &view : std::as_const(m_views)) {
        QAction *action = menu()->addAction(menuText(view.name));
        action->setCheckable(true);
        action->setChecked(view.id == m_chosen);
        action->setToolTip(plainToolTip(view.filter.isEmpty() ? tr("All items") : view.filter, 300));
        connect(action, &QAction::triggered, this, [this, id = view.id] { choose(id); });
    }
    if (m_views.isEmpty())
        menu()->addAction(tr("No view is saved yet"))->setEnabled(false);
    menu()->addSeparator();
    const bool isWritable = m_project->access() == Project::Access::ReadWrite;
    const SavedView *now = chosen();
    const auto add = [&](const QString &text, bool isOn, auto run) {
        QAction *action = menu()->addAction(text);
        action->setEnabled(isOn && isWritable);
        connect(action, &QAction::triggered, this, run);
    };
    add(tr("Save this view as …"), true, [this] { askName(tr("Save this view"), {}, &ViewsButton::saveAs); });
    if (!now)
        return;
    add(tr("Save changes to “%1”").arg(menuText(now->name)), true, [this, name = now->name] { saveAs(name); });
    add(tr("Rename “%1” …").arg(menuText(now->name)), true, [this, name = now->name] { askName(tr("Rename the view"), name, &ViewsButton::rename); });
    add(tr("Delete “%1”").arg(menuText(now->name)), true, [this] { remove(); });
}

void ViewsButton::askName(const QString &title, const QString &name, void (ViewsButton::*use)(const QString &))
{
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->setLabelText(tr("Name:"));
    dialog->setTextValue(name);
    connect(dialog, &QInputDialog::textValueSelected, this, use);
    dialog->open();
}

void ViewsButton::choose(qint64 view)
{
    m_chosen = view;
    fillMenu();
    if (const SavedView *now = chosen())
        Q_EMIT viewChosen(*now);
}

void ViewsButton::saveAs(const QString &name)
{
    SavedView view = m_current();
    view.name = name;
    save(std::move(view));
}

void ViewsButton::putBack(const SavedView &view)
{
    save(view);
}

void ViewsButton::save(SavedView view)
{
    onFinished(m_project->write([dataset = m_dataset, view = std::move(view)](Connection &c) { return saveView(c, dataset, view); }), this,
               [this](const Result<SavedView> &saved) {
                   if (!saved) {
                       Q_EMIT failed(saved.error());
                       return;
                   }
                   m_chosen = saved->id;
                   Q_EMIT viewSaved(saved->name);
                   reload();
               });
}

void ViewsButton::rename(const QString &name)
{
    onFinished(m_project->write([id = m_chosen, name](Connection &c) { return renameView(c, id, name); }), this, [this](const Status &renamed) {
        if (!renamed)
            Q_EMIT failed(renamed.error());
        reload();
    });
}

void ViewsButton::remove()
{
    onFinished(m_project->write([id = m_chosen](Connection &c) { return deleteView(c, id); }), this, [this](const Result<SavedView> &gone) {
        if (gone)
            Q_EMIT viewDeleted(*gone);
        else
            Q_EMIT failed(gone.error());
        reload();
    });
}

} // namespace evalwright
