// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/lint/fix.h"

#include <QPointer>
#include <QUndoCommand>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

class QThreadPool;

namespace evalwright {

/// Applies the fix of a rule to all items that it fires on. The texts before stay in the project; undoing gives them
/// back, except to items that were changed since. Nothing waits: the work runs in `workers`.
class FixCommand : public QUndoCommand
{
public:
    struct Outcome
    {
        qint64 changed = 0;
        qint64 left = 0; ///< Not fixed because it would not be safe; undoing: changed since.
        QString why;     ///< The first reason.
    };
    using Report = std::function<void(const Result<Outcome> &outcome)>;

    /// `report` is called on the thread of `context` after each doing and undoing, while it lives.
    FixCommand(std::shared_ptr<Project> project, DatasetId dataset, const LintRule &rule, QThreadPool &workers,
               QObject *context, Report report);
    void redo() override;
    void undo() override;

private:
    using Step = std::function<Result<Outcome>(QString &batch)>;
    /// One step begins when the one before is through, however fast a person undoes and redoes. The pool starts them in
    /// order, so none waits for one that waits for a thread.
    struct Line
    {
        std::mutex mutex;
        std::condition_variable moved;
        int next = 0;  ///< The step whose turn it is.
        QString batch; ///< What the next step takes back.
    };
    void enqueue(Step step);
    void takeBack();

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QString m_rule;
    QThreadPool &m_workers;
    QPointer<QObject> m_context;
    Report m_report;
    bool m_fixed = false;
    int m_steps = 0;
    std::shared_ptr<Line> m_line = std::make_shared<Line>();
};

} // namespace evalwright
