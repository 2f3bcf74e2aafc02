// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/projecttools.h"

#include "core/text.h"
#include "storage/tools/projectbackup.h"
#include "storage/tools/projectmerge.h"
#include "storage/tools/projectrecover.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

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

/// Everything or one data set of another project; the summary says what came.
Result<JobOutcome> bringIn(Project &project, const QString &other, const MergeOptions &options, const CancellationToken &token,
                           const ProgressFunction &progress)
{
    EVALWRIGHT_ASSIGN(const MergeReport report, mergeProject(project, other, options, token, telling(progress)));
    qint64 added = 0, known = 0;
    for (const MergeReport::DatasetEntry &set : report.datasets) {
        added += set.added + set.updated;
        known += set.known + set.changed;
    }
    JobOutcome outcome;
    outcome.summary = report.changedNothing() ? tr("nothing is new")
                                              : tr("%1 candidates came or got a newer text, %2 were here before, in %3 data sets")
                                                    .arg(added)
                                                    .arg(known)
                                                    .arg(report.datasets.size());
    if (!options.dataset.isEmpty() && !report.datasets.isEmpty())
        outcome.dataset = report.datasets.constFirst().here;
    return outcome;
}

/// What was saved, and of which tables something is lost.
QString recoveryText(const RecoverReport &report)
{
    const QLocale locale;
    qint64 rows = 0;
    QStringList lost;
    for (const RecoverReport::Table &table : report.tables) {
        rows += table.salvaged;
        QStringList what;
        if (table.broken > 0)
            what << tr("%1 rows broken").arg(locale.toString(table.broken));
        if (table.lostPages > 0)
            what << tr("%1 parts unreadable").arg(locale.toString(table.lostPages));
        if (table.dropped > 0)
            what << tr("%1 rows left out, because what they belong to is lost").arg(locale.toString(table.dropped));
        if (!what.isEmpty())
            lost << tr("%1: %2").arg(table.name, what.join(u", "_s));
    }
    QString text = tr("%1 rows were saved into %2.").arg(locale.toString(rows), QFileInfo(report.path).fileName()) + u' ';
    if (report.lostNothing())
        text += tr("Nothing is known to be lost.");
    else
        text += lost.isEmpty() ? tr("Not everything could be saved.") : tr("Not everything could be saved: %1.").arg(lost.join(u"; "_s));
    if (report.unknownRows > 0)
        text += u' ' + tr("Of %1 rows it is not known where they belong.").arg(locale.toString(report.unknownRows));
    if (!report.check.ok)
        text += u' ' + tr("“project check” names what is wrong with the new project.");
    return text;
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
                       [project = session.project(), other](const CancellationToken &token, const ProgressFunction &progress) {
                           return bringIn(*project, other, {}, token, progress);
                       },
                       {}, {{u"project-file"_s, u"import"_s}, false});
}

void queueCopyFrom(Session &session, const QString &other, const QString &dataset, const QString &as)
{
    MergeOptions options;
    options.dataset = dataset;
    if (!as.isEmpty() && as != dataset)
        options.names.insert(dataset, as);
    session.jobs().add(tr("Copy “%1” from %2").arg(singleLine(dataset, 60), QFileInfo(other).fileName()),
                       [project = session.project(), other, options](const CancellationToken &token, const ProgressFunction &progress) {
                           return bringIn(*project, other, options, token, progress);
                       },
                       {}, {{u"project-file"_s, u"import"_s}, false});
}

void queueCopyTo(Session &session, const QString &dataset, const QString &other)
{
    MergeOptions options;
    options.dataset = dataset;
    session.jobs().add(tr("Copy “%1” into %2").arg(singleLine(dataset, 60), QFileInfo(other).fileName()),
                       [from = session.project()->path(), other, options](const CancellationToken &token,
                                                                          const ProgressFunction &progress) -> Result<JobOutcome> {
                           if (QFileInfo(other).canonicalFilePath() == from) {
                               return failure(Error(ErrorCode::InvalidInput, tr("This is the project that the data set is in."),
                                                    tr("Choose another project."))
                                                  .withConsequence(tr("Nothing was copied.")));
                           }
                           EVALWRIGHT_ASSIGN(const auto project, Project::open(other, Project::Access::ReadWrite));
                           EVALWRIGHT_ASSIGN(JobOutcome outcome, bringIn(*project, from, options, token, progress));
                           outcome.dataset.clear(); // It is not in the open project.
                           return outcome;
                       },
                       {}, {{u"project-file"_s}, false});
}

quint64 queueRecovery(Session &session, const QString &damaged, const QString &to)
{
    return session.jobs().add(tr("Recover %1").arg(QFileInfo(damaged).fileName()),
                              [damaged, to](const CancellationToken &token, const ProgressFunction &progress) -> Result<JobOutcome> {
                                  EVALWRIGHT_ASSIGN(const RecoverReport report, recoverProject(damaged, to, token, telling(progress)));
                                  JobOutcome outcome;
                                  outcome.partly = !report.lostNothing() || !report.check.ok;
                                  outcome.summary = recoveryText(report);
                                  return outcome;
                              },
                              {}, {{u"recovery"_s}, false});
}

} // namespace evalwright
