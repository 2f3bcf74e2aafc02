// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/savedviews.h"
#include "storage/project.h"

#include <QToolButton>

#include <functional>

namespace evalwright {

/// The saved views of a data set, as a menu: look at one again, save, rename, delete.
class ViewsButton : public QToolButton
{
    Q_OBJECT

public:
    /// `current` gives filter and state of what is shown; id and name are ignored.
    ViewsButton(std::shared_ptr<Project> project, DatasetId dataset, std::function<SavedView()> current, QWidget *parent = nullptr);

    const QList<SavedView> &views() const { return m_views; }
    /// Of the view that was last looked at or saved; null when there is none.
    const SavedView *chosen() const;
    void choose(qint64 view);
    void saveAs(const QString &name);
    void rename(const QString &name);
    /// Deletes the chosen one.
    void remove();
    void putBack(const SavedView &view);
    void reload();

Q_SIGNALS:
    void viewChosen(const evalwright::SavedView &view);
    void viewSaved(const QString &name);
    void viewDeleted(const evalwright::SavedView &view);
    void changed();
    void failed(const evalwright::Error &error);

private:
    void fillMenu();
    void askName(const QString &title, const QString &name, void (ViewsButton::*use)(const QString &));
    void save(SavedView view);

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    std::function<SavedView()> m_current;
    QList<SavedView> m_views;
    qint64 m_chosen = 0;
};

} // namespace evalwright
