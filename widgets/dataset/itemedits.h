// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/candidates.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;
class QScrollArea;
class QUndoStack;
class QVBoxLayout;

namespace evalwright {

class Banner;

/// A part of an item's text that two versions of it, or two items, have differently.
struct TextPart
{
    QString name; ///< “Statement”, “Question”, “Answers” …
    QString before, after;
};
/// With `all` those that are equal, too. Nothing is left out: what `fields` says counts as a part.
QList<TextPart> textParts(const CandidateText &before, const CandidateText &after, bool all = false);
/// Who made an edit and why, in words; plain text.
QString editAuthor(const CandidateEdit &edit);

/// Every edit of an item, newest first: what it said before and after, who changed it, when and why. Each can be taken back
/// alone. Reads in the background, and again when the item changes.
class ItemEditsView : public QWidget
{
    Q_OBJECT

public:
    /// What is taken back goes on `undoStack`, which must outlive the view.
    ItemEditsView(std::shared_ptr<Project> project, QUndoStack *undoStack, QWidget *parent = nullptr);
    void showCandidate(CandidateId id);
    const QList<CandidateEdit> &edits() const { return m_edits; }
    /// Takes one of them back, as an undoable command.
    void takeBack(qint64 edit);

Q_SIGNALS:
    void loaded();
    void takenBack(); ///< Done, or undone, and stored.

private:
    void read();
    void rebuild();
    void addCard(qsizetype index);
    void addMore();

    std::shared_ptr<Project> m_project;
    QUndoStack *m_undo;
    CandidateId m_candidate;
    quint64 m_generation = 0;
    QList<CandidateEdit> m_edits; ///< Oldest first.
    qsizetype m_shown = 0;        ///< Cards, from the newest.
    QTimer m_refresh;
    Banner *m_banner;
    QLabel *m_empty;
    QScrollArea *m_scroll;
    QVBoxLayout *m_cards = nullptr;
    QPushButton *m_more;
};

/// Two items side by side.
class ItemPairView : public QWidget
{
    Q_OBJECT

public:
    explicit ItemPairView(std::shared_ptr<Project> project, QWidget *parent = nullptr);
    void showItems(CandidateId first, CandidateId second);

Q_SIGNALS:
    void loaded();

private:
    std::shared_ptr<Project> m_project;
    quint64 m_generation = 0;
    Banner *m_banner;
    QScrollArea *m_scroll;
};

/// The views in windows of their own over `parent`.
void openItemEdits(const std::shared_ptr<Project> &project, CandidateId id, QUndoStack *undoStack, QWidget *parent);
void openItemPair(const std::shared_ptr<Project> &project, CandidateId first, CandidateId second, QWidget *parent);

} // namespace evalwright
