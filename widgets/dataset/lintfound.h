// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/lint/lintdataset.h"
#include "storage/project.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTableWidget;

namespace evalwright {

/// A finding's text with its span between ⟦ and ⟧, on one line around the span; the whole text without one.
QString markedText(const QString &text, qsizetype start, qsizetype length, qsizetype limit = 160);
/// Blanks at the ends of a text as ␣: they are what some rules are about.
QString withVisibleEdges(const QString &text);

/// The items that a rule of lint fired on, where in their text, and what its fix would make of them.
class LintFound : public QWidget
{
    Q_OBJECT

public:
    explicit LintFound(std::shared_ptr<Project> project, QWidget *parent = nullptr);

    /// Reads the texts of the first findings and shows them. `known`: a check has run.
    void showRule(const LintRule &rule, Severity severity, const QList<DatasetFinding> &findings, bool known);

Q_SIGNALS:
    void showItems(const QList<evalwright::CandidateId> &ids, const QString &which);
    void candidateActivated(evalwright::CandidateId id);
    /// A person wants the rule's fix for all items that it fires on.
    void fixWanted(const QString &rule);
    void failed(const evalwright::Error &error);

private:
    void fill(const QList<Candidate> &items);

    std::shared_ptr<Project> m_project;
    const LintRule *m_rule = nullptr;
    QList<DatasetFinding> m_findings;
    quint64 m_generation = 0;
    QLabel *m_head, *m_note;
    QTableWidget *m_table;
    QPushButton *m_show, *m_fix;
};

} // namespace evalwright
