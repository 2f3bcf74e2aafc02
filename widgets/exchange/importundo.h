// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/importundo.h"
#include "widgets/exchange/importjob.h"
#include "widgets/session/jobqueue.h"

#include <QObject>
#include <QPointer>

class QMessageBox;
class QUndoStack;

namespace evalwright {

class Session;

/// Imports as steps of the window's undo. Such a step is not undone at once: one is asked first, with what becomes of the items, and
/// then it is work of the activity bar. What is rejected by it can be taken back; what is removed is imported again from its
/// file.
class ImportUndo : public QObject
{
    Q_OBJECT

public:
    /// `stack`: the window's. `window`: where it asks.
    ImportUndo(Session &session, QUndoStack &stack, QWidget *window);

    /// The files that were stored become one step.
    void add(const QList<FileImport> &files);
    /// The next step back is an import.
    bool isNext() const;
    /// Asks about that one.
    void askAboutNext();
    /// Asks about these imports. A question that is open makes room.
    void ask(const QList<ImportSourceId> &sources);
    /// The question, not yet opened: it finds out by itself what undoing would do. Null when nothing can be undone now.
    QMessageBox *makeQuestion(const QList<ImportSourceId> &sources);
    /// Does it, without a question.
    void begin(const QList<ImportSourceId> &sources, const QString &title);
    bool isRunning() const { return m_ticket != 0; }

Q_SIGNALS:
    void undone(const QList<evalwright::ImportUndone> &imports);
    void failed(const QString &what, const evalwright::Error &error);

private:
    void ended(const ActiveJob &job);
    void conclude(const QList<ImportUndone> &imports);

    Session &m_session;
    QUndoStack &m_stack;
    QWidget *m_window;
    QPointer<QMessageBox> m_question;
    std::shared_ptr<QList<ImportUndone>> m_kept; ///< Written by the job, read when it has ended.
    quint64 m_ticket = 0;                        ///< 0: none is under way.
};

/// What undoing does, or did, in sentences.
QString importUndoPlanText(const QList<ImportUndone> &plan);
QString importUndoneText(const QList<ImportUndone> &imports);

} // namespace evalwright
