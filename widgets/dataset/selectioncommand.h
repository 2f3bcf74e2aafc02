// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/recipe.h"
#include "storage/project.h"
#include "storage/repositories/selections.h"

#include <QPointer>
#include <QThreadPool>
#include <QUndoCommand>

#include <functional>

namespace evalwright {

/// A selection rule (threshold, size, diversity) applied to a data set's stored candidates. Undoing withdraws the rule:
/// its candidates get their former decisions again, but for those that a person or a later rule decided about since.
/// Runs in `workers`, one after another; nothing waits.
class SelectionCommand : public QUndoCommand
{
public:
    struct Outcome
    {
        qint64 kept = 0;     ///< After applying.
        Withdrawn withdrawn; ///< After undoing.
    };
    using Report = std::function<void(bool undone, const Result<Outcome> &outcome)>;

    /// `report` is called on the thread of `context` after each doing and undoing, while it lives.
    SelectionCommand(std::shared_ptr<Project> project, DatasetId dataset, const SelectStage &select,
                     QThreadPool &workers, QObject *context, Report report);
    void redo() override;
    void undo() override;

private:
    /// Of the latest doing; touched by one piece of work at a time.
    struct Marks
    {
        qint64 before = 0, after = 0;
        QFuture<Result<Outcome>> last;
    };
    void run(std::function<Result<Outcome>()> work, bool undone);

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    SelectStage m_select;
    QThreadPool &m_workers;
    QPointer<QObject> m_context;
    Report m_report;
    std::shared_ptr<Marks> m_marks = std::make_shared<Marks>();
};

} // namespace evalwright
