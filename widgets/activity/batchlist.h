// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/repositories/batches.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableWidget;

namespace evalwright {

class Banner;
class Session;

/// The batches of one job: how far each is and when it is looked at again; look now, read a result file, cancel one.
/// Hidden while the job has none.
class BatchList : public QWidget
{
    Q_OBJECT

public:
    explicit BatchList(Session &session, QWidget *parent = nullptr);
    void setJob(const std::optional<Job> &job);

Q_SIGNALS:
    /// The stored batches of the job are shown.
    void loaded();

private:
    void reload();
    void show(const QList<StoredBatch> &batches);
    void updateButtons();
    const StoredBatch *selected() const;
    void checkNow();
    void chooseFiles();
    Q_INVOKABLE void collect(const QStringList &files);
    void stopSelected();

    Session &m_session;
    std::optional<Job> m_job;
    QList<StoredBatch> m_batches;
    Banner *m_banner;
    QLabel *m_note;
    QTableWidget *m_table;
    QPushButton *m_check, *m_collect, *m_stop;
    QTimer m_reloadTimer; ///< A burst of changes is read once.
    quint64 m_turn = 0;
};

} // namespace evalwright
