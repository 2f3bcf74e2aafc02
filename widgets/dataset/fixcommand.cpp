// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/fixcommand.h"

#include "core/onfinished.h"

#include <QCoreApplication>
#include <QtConcurrentRun>

namespace evalwright {

FixCommand::FixCommand(std::shared_ptr<Project> project, DatasetId dataset, const LintRule &rule, QThreadPool &workers,
                       QObject *context, Report report)
    : m_project(std::move(project)), m_dataset(dataset), m_rule(rule.name), m_workers(workers), m_context(context),
      m_report(std::move(report))
{
    setText(QCoreApplication::translate("FixCommand", "Fix “%1”").arg(rule.title));
}

void FixCommand::redo()
{
    if (std::exchange(m_fixed, true))
        return takeBack(); // Doing it again is undoing the undoing.
    enqueue([project = m_project, dataset = m_dataset, rule = m_rule](QString &batch) -> Result<Outcome> {
        FixOptions options;
        options.rules = {rule};
        EVALWRIGHT_ASSIGN(const FixReport report, fixDataset(*project, dataset, options));
        batch = report.batch;
        return Outcome{report.fixed.size(), report.left.size(),
                       report.left.isEmpty() ? QString() : report.left.first().second};
    });
}

void FixCommand::undo()
{
    takeBack();
}

void FixCommand::takeBack()
{
    enqueue([project = m_project](QString &batch) -> Result<Outcome> {
        if (batch.isEmpty())
            return Outcome{};
        EVALWRIGHT_ASSIGN(const UndoneEdits undone,
                          project->writeNow([&](Connection &c) { return undoEdits(c, batch); }, {Topic::Candidates}));
        batch = undone.batch;
        return Outcome{undone.undone, undone.changedSince,
                       QCoreApplication::translate("FixCommand", "They were changed since.")};
    });
}

void FixCommand::enqueue(Step step)
{
    const auto run = [step = std::move(step), line = m_line, turn = m_steps++] {
        std::unique_lock lock(line->mutex);
        line->moved.wait(lock, [&] { return line->next == turn; });
        Result<Outcome> outcome = step(line->batch);
        ++line->next;
        line->moved.notify_all();
        return outcome;
    };
    const QFuture<Result<Outcome>> future = QtConcurrent::run(&m_workers, run);
    if (m_context && m_report)
        onFinished(future, m_context.data(), m_report);
}

} // namespace evalwright
