// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/searchindex.h"
#include "storage/project.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

namespace evalwright {

/// Brings the full-text index of an open project up to its items, bit by bit and with pauses, so that nobody waits for it:
/// the longer a bit took to be written, because others write too, the longer the pause. Projects that are open for reading
/// only stay as they are. Lives on the GUI thread.
class SearchIndexer : public QObject
{
    Q_OBJECT

public:
    explicit SearchIndexer(QObject *parent = nullptr);

    /// Another project, or none; the former one is let go of at once. It is not kept open by this.
    void setProject(const std::shared_ptr<Project> &project);
    /// Rows of one bit, and the shortest pause after it.
    void setPace(qint64 rows, int pauseMilliseconds);

Q_SIGNALS:
    void extended(const evalwright::SearchIndexState &state);
    /// The index has everything, until the project changes.
    void completed();
    /// It is tried again when the project changes.
    void failed(const evalwright::Error &error);

private:
    void look();
    void extend();

    std::weak_ptr<Project> m_project;
    QMetaObject::Connection m_changes;
    quint64 m_number = 0; ///< Of the project; answers of former ones are dropped.
    bool m_isBusy = false, m_changed = false;
    qint64 m_rows = 5000;
    int m_pause = 200; ///< Milliseconds.
    QElapsedTimer m_took;
    QTimer m_timer;
};

} // namespace evalwright
