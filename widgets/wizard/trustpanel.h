// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/checker/validation.h"
#include "generators/generate.h"

#include <QFrame>

class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace evalwright {

class Session;

/// Is the chosen checker to be trusted? Its latest figures on items of known labels, a way to get them, and the reason
/// of a person who uses it although they are bad.
class TrustPanel : public QFrame
{
    Q_OBJECT

public:
    explicit TrustPanel(Session &session, QWidget *parent = nullptr);
    ~TrustPanel() override;

    /// Shows what is known of this checker. `check` is the recipe's first check of candidates; null: it has none.
    void setChecker(const RecipeStage *check, const Model *checker, const QString &reason);
    /// Some data set says that this checker is no better than chance.
    bool isDistrusted() const;
    QString reason() const;

    void showTrial();
    void runTrial(bool allForms);
    void cancel();
    bool isRunning() const { return m_running; }
    const QList<ValidationRow> &rows() const { return m_rows; }

Q_SIGNALS:
    void changed();
    void failed(const evalwright::Error &error);

private:
    void load();
    void show();
    void loadDatasets();
    QList<CheckerForm> forms(bool all) const;
    CheckerTrialSpec trialSpec(bool allForms) const;

    Session &m_session;
    std::shared_ptr<const CheckerForm> m_form;
    std::optional<Model> m_model;
    QString m_hash, m_why; ///< Of form and frame; why nothing can be known.
    QString m_method;      ///< Of the recipe's check.
    int m_samples = usualVerdictSamples;
    QList<ValidationRow> m_rows; ///< Of this model, all forms.
    QLabel *m_summary, *m_state, *m_reasonHelp;
    QTableWidget *m_table;
    QPushButton *m_tryOn, *m_compare, *m_run, *m_cancel;
    QWidget *m_trial;
    QListWidget *m_datasets;
    QSpinBox *m_items;
    QProgressBar *m_progress;
    QLineEdit *m_reason;
    CancellationToken m_token;
    bool m_running = false, m_allForms = false;
    quint64 m_turn = 0;
};

} // namespace evalwright
