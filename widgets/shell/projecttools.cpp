// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/projecttools.h"

#include "core/text.h"
#include "storage/tools/projectbackup.h"
#include "storage/tools/projectmerge.h"
#include "widgets/session/session.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ProjectTools", text);
}

ToolProgressFunction telling(const ProgressFunction &progress)
{
    return [progress](const ToolProgress &tool) {
        JobProgress job;
        job.message = tool.stage;
        job.done = tool.done;
        job.total = tool.total;
        progress(job);
    };
}

} // namespace

void queueBackup(Session &session, const QString &to, bool overwrite)
{
    session.jobs().add(tr("Back up to %1").arg(QFileInfo(to).fileName()),
                       [from = session.project()->path(), to, overwrite](const CancellationToken &token,
                                                                         const ProgressFunction &progress) -> Result<JobOutcome> {
                           EVALWRIGHT_ASSIGN(const BackupReport report, backUpProject(from, to, overwrite, token, telling(progress)));
                           JobOutcome outcome;
                           outcome.summary = tr("%1, %2, looked through").arg(report.path, formatBytes(report.bytes));
                           return outcome;
                       },
                       {}, {{u"project-file"_s}, false});
}

void queueCompaction(Session &session)
{
    session.jobs().add(tr("Compact the project"),
                       [project = session.project()](const CancellationToken &token,
                                                     const ProgressFunction &progress) -> Result<JobOutcome> {
                           EVALWRIGHT_ASSIGN(const CompactReport report, compactProject(*project, token, telling(progress)));
                           JobOutcome outcome;
                           outcome.summary = tr("%1 before, %2 now").arg(formatBytes(report.bytesBefore), formatBytes(report.bytesAfter));
                           return outcome;
                       },
                       {}, {{u"project-file"_s}, true});
}

void queueMerge(Session &session, const QString &other)
{
    session.jobs().add(tr("Merge %1").arg(QFileInfo(other).fileName()),
                       [project = session.project(), other](const CancellationToken &token,
                                                            const ProgressFunction &progress) -> Result<JobOutcome> {
                           EVALWRIGHT_ASSIGN(const MergeReport report, mergeProject(*project, other, {}, token, telling(progress)));
                           qint64 added = 0, known = 0;
                           for (const MergeReport::DatasetEntry &set : report.datasets) {
                               added += set.added + set.updated;
                               known += set.known + set.changed;
                           }
                           JobOutcome outcome;
                           outcome.summary = report.changedNothing()
                                                 ? tr("nothing is new")
                                                 : tr("%1 candidates came or got a newer text, %2 were here before, in %3 data sets")
                                                       .arg(added)
                                                       .arg(known)
                                                       .arg(report.datasets.size());
                           return outcome;
                       },
                       {}, {{u"project-file"_s, u"import"_s}, false});
}

} // namespace evalwright
