// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/datasetcomparison.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace evalwright {

class Banner;
class EmptyState;
class NumbersTable;
class Session;

/// Two data sets side by side: what differs in their recipes, and in what came of them.
class ComparePage : public QWidget
{
    Q_OBJECT

public:
    explicit ComparePage(Session &session, QWidget *parent = nullptr);
    ~ComparePage() override;
    /// Puts a data set first; compares when another is chosen already.
    void setFirst(const QString &dataset);
    void choose(const QString &a, const QString &b);
    bool isRunning() const { return m_running; }

public Q_SLOTS:
    void compare();

Q_SIGNALS:
    /// What was asked for is shown, or could not be.
    void shown();

private:
    void fillDatasets();
    void select(QComboBox *box, const QString &name);
    void show(const DatasetComparison &comparison);
    void setRunning(bool running);
    QStringList chosen() const;

    Session &m_session;
    Banner *m_banner;
    QComboBox *m_a, *m_b;
    QPushButton *m_compare, *m_cancel;
    QProgressBar *m_progress;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QLabel *m_recipeTitle, *m_overlap, *m_notes;
    NumbersTable *m_leaves, *m_table;
    CancellationToken m_token;
    QStringList m_wanted, m_shown;
    quint64 m_generation = 0;
    bool m_running = false;
};

} // namespace evalwright
