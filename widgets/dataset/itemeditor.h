// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/editedtext.h"
#include "storage/project.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;
class QUndoStack;
class QVBoxLayout;

namespace evalwright {

class Banner;
class ExactTextEdit;

/// The texts and answers of one item, to be changed by a person: statement, question, the answer that matches, the others
/// and why. Says what would be wrong with the item, and does not let it break. Stores nothing itself.
class ItemEditor : public QWidget
{
    Q_OBJECT

public:
    explicit ItemEditor(std::shared_ptr<Project> project, QWidget *parent = nullptr);

    /// Reads an item in the background; loaded() follows.
    void edit(CandidateId id);
    CandidateId candidate() const { return m_candidate; }
    /// As it was read.
    const CandidateText &before() const { return m_before; }
    /// What stands in the fields, and what would be wrong with it.
    EditedText edited() const;
    QString reason() const;
    bool isChanged() const;
    /// Asks for saving, if there is something to save and nothing is refused.
    void save();
    /// Asks for leaving; of changes that would be lost it warns once.
    void cancel();
    /// What was saved could not be stored: the fields stay as they are.
    void showError(const Error &error);

Q_SIGNALS:
    void loaded();
    void saveRequested(evalwright::CandidateId id, const evalwright::CandidateText &before,
                       const evalwright::CandidateText &text, const QString &reason);
    void cancelled();

private:
    void build();
    void fill(const QString &about);
    void addOther(const QString &label);
    void followStatement();
    void check();
    void colour();
    CandidateText typed() const;

    std::shared_ptr<Project> m_project;
    CandidateId m_candidate;
    quint64 m_generation = 0;
    QString m_family, m_lastStatement;
    CandidateText m_before;
    bool m_isFilled = false, m_warnedOfLoss = false;
    Banner *m_banner;
    QLabel *m_about, *m_refusals, *m_warnings;
    QLabel *m_statementLabel, *m_questionLabel, *m_matchingLabel, *m_othersLabel;
    ExactTextEdit *m_statement, *m_question;
    QLineEdit *m_matching, *m_reason;
    QWidget *m_others;
    QVBoxLayout *m_otherRows;
    QList<QLineEdit *> m_otherEdits;
    QToolButton *m_addOther;
    QPushButton *m_save, *m_cancel;
};

/// What is wrong, in words; plain text.
QString editProblemText(const EditProblem &problem);

/// Opens the editor in a window over `parent`. What is saved goes on `undoStack`, which must outlive it; `report` is told
/// what became of it, also when it is undone later.
void openItemEditor(const std::shared_ptr<Project> &project, CandidateId id, QUndoStack *undoStack, QWidget *parent,
                    std::function<void(bool undone, const Status &outcome)> report);

} // namespace evalwright
