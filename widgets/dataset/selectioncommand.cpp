// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/selectioncommand.h"

#include "core/onfinished.h"
#include "generators/generate.h"

#include <QCoreApplication>
#include <QLocale>
#include <QtConcurrentRun>

namespace evalwright {

SelectionCommand::SelectionCommand(std::shared_ptr<Project> project, DatasetId dataset, const SelectStage &select,
                                   QThreadPool &workers, QObject *context, Report report)
    : m_project(std::move(project)), m_dataset(dataset), m_select(select), m_workers(workers), m_context(context),
      m_report(std::move(report))
{
    setText(QCoreApplication::translate("SelectionCommand", "Keep above a label confidence of %1")
                .arg(QLocale().toString(select.floor, 'f', 2)));
}

void SelectionCommand::run(std::function<Result<Outcome>()> work, bool undone)
{
    // Doing and undoing in quick succession must not overtake each other.
    m_marks->last = m_marks->last.isValid() && !m_marks->last.isFinished()
                        ? m_marks->last.then(&m_workers, [work](const Result<Outcome> &) { return work(); })
                        : QtConcurrent::run(&m_workers, work);
    if (m_context && m_report)
        onFinished(m_marks->last, m_context.data(),
                   [report = m_report, undone](const Result<Outcome> &outcome) { report(undone, outcome); });
}

void SelectionCommand::redo()
{
    const auto work = [project = m_project, dataset = m_dataset, select = m_select,
                       marks = std::weak_ptr(m_marks)]() -> Result<Outcome> {
        EVALWRIGHT_ASSIGN(const qint64 before, project->readNow(newestDecision));
        EVALWRIGHT_ASSIGN(const QList<FunnelStage> stages, reselect(*project, dataset, select));
        EVALWRIGHT_ASSIGN(const qint64 after, project->readNow(newestDecision));
        if (const auto of = marks.lock()) {
            of->before = before;
            of->after = after;
        }
        return Outcome{stages.isEmpty() ? 0 : stages.last().out, {}};
    };
    run(work, false);
}

void SelectionCommand::undo()
{
    const auto work = [project = m_project, dataset = m_dataset, alive = std::weak_ptr(m_marks)]() -> Result<Outcome> {
        const auto of = alive.lock();
        if (!of || of->after <= of->before) // Nothing was applied.
            return Outcome{};
        EVALWRIGHT_ASSIGN(const Withdrawn withdrawn,
                          project->writeNow(
                              [&](Connection &c) { return withdrawDecisions(c, dataset, of->before, of->after); },
                              {Topic::Candidates, Topic::Datasets}));
        of->before = of->after = 0;
        return Outcome{0, withdrawn};
    };
    run(work, true);
}

} // namespace evalwright
