// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/lint/lintdataset.h"
#include "storage/project.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QProgressBar;
class QPushButton;
class QTableWidget;
class QThreadPool;
class QUndoStack;

namespace evalwright {

class Banner;
class LintFound;

/// The rules of lint over a data set: what each found, why it matters, the items, and how serious it is here. Checks
/// when it is first seen, and when it is asked to.
class LintPage : public QWidget
{
    Q_OBJECT

public:
    /// Changes of severity go on `undoStack`, which must outlive the page. Checks run in `workers`.
    LintPage(std::shared_ptr<Project> project, DatasetId dataset, QThreadPool &workers, QUndoStack &undoStack,
             QWidget *parent = nullptr);
    ~LintPage() override;

    bool isChecking() const { return m_checking; }
    /// Runs every rule anew; a check that is under way is dropped.
    void check();
    void selectRule(const QString &name);

Q_SIGNALS:
    /// The newest check is shown.
    void checked();
    void showItems(const QList<evalwright::CandidateId> &ids, const QString &which);
    void candidateActivated(evalwright::CandidateId id);

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *buildRules();
    QWidget *buildDetail();
    void showReport();
    void showRule();
    void fix(const QString &rule);
    void setSeverity(int index);
    void applySeverity(const QString &rule, const QString &severity);
    void setBusy(bool busy);
    Severity severityOf(const LintRule &rule) const;

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QThreadPool &m_workers;
    QUndoStack &m_undo;
    LintReport m_report;
    QHash<QString, QList<qsizetype>> m_byRule; ///< Findings of the report.
    qint64 m_blockers = 0;                     ///< Kept items that a release would stop at.
    CancellationToken m_token;
    quint64 m_generation = 0;
    bool m_checking = false, m_known = false, m_asked = false;
    QString m_rule;
    QString m_fixed; ///< What a fix did, to be said when the check after it is through.
    QHash<QString, QString> m_settings; ///< A person's own severities.

    Banner *m_banner, *m_release;
    QLabel *m_head;
    QProgressBar *m_progress;
    QPushButton *m_again, *m_cancel;
    QTableWidget *m_rules;
    LintFound *m_found;
    QLabel *m_title, *m_explanation, *m_fires, *m_doesNot, *m_set;
    QComboBox *m_severity;
    QWidget *m_detail;
};

} // namespace evalwright
