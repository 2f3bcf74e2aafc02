// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/repositories/cache.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace evalwright {

class Banner;
class NumbersTable;
class Session;

/// What answers the project holds, why they stay, and which would go under the conditions set here. Removing runs as
/// a job of the window: with progress and stop in the activity bar.
class StoredAnswersDialog : public QDialog
{
    Q_OBJECT

public:
    StoredAnswersDialog(Session &session, QWidget *parent);
    ~StoredAnswersDialog() override;
    CacheFilter filter() const;

Q_SIGNALS:
    /// What is stored, or what would go, is shown or could not be read.
    void shown();

private:
    void lookSoon();
    void look();
    void show(const CacheInfo &info);
    void remove();

    Session &m_session;
    Banner *m_banner;
    NumbersTable *m_table;
    QLabel *m_stored, *m_preview;
    QCheckBox *m_byAge, *m_bySize, *m_failed, *m_compact;
    QSpinBox *m_days, *m_megabytes;
    QComboBox *m_model;
    QPushButton *m_remove;
    QTimer m_timer;
    CancellationToken m_token; ///< Of the look under way.
    quint64 m_number = 0;
};

} // namespace evalwright
