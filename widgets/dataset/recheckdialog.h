// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/checker/recheck.h"

#include <QDialog>
#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace evalwright {

class Session;

/// Which checker to ask about the stored candidates of a data set, and what is known of it, before anything is asked.
class RecheckDialog : public QDialog
{
    Q_OBJECT

public:
    /// `session` must outlive the dialog and have a project open.
    RecheckDialog(Session &session, const QString &dataset, QWidget *parent = nullptr);

    RecheckSpec spec() const;
    /// Starts the job and closes, when it may be started.
    void start();

Q_SIGNALS:
    /// What is known of the choice is shown, or why it cannot be asked.
    void shown();

private:
    void load();
    void changed();
    void plan();
    void show(const Result<RecheckPlan> &plan);

    Session &m_session;
    QString m_dataset;
    QList<CheckerForm> m_formList;
    QComboBox *m_models, *m_forms;
    QLineEdit *m_description, *m_contrast, *m_reason;
    QLabel *m_state, *m_trust, *m_reasonLabel;
    QPushButton *m_start;
    QTimer m_timer;
    quint64 m_turn = 0;
    bool m_known = false, m_refused = false;
};

} // namespace evalwright
