// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/resultfiles.h"

#include "storage/exchange/observations/resultformats.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct ResultFiles
{
    Q_DECLARE_TR_FUNCTIONS(evalwright::ResultFiles)
};

} // namespace

namespace {

Result<std::unique_ptr<ObservationSource>> open(const QString &path, const QString &model)
{
    EVALWRIGHT_ASSIGN(const QString format, resultFormatOf(path));
    if (!format.isEmpty())
        return openResultFile(path, format, model);
    return failure(Error(ErrorCode::Unsupported,
                         ResultFiles::tr("“%1” is in no format of results.").arg(QFileInfo(path).fileName()),
                         ResultFiles::tr("A table needs the columns dataset, item, model and matching; sample logs of "
                                         "lm-evaluation-harness and logs of Inspect are read, too. Items without answers "
                                         "are imported with “Import items”."))
                       .withConsequence(ResultFiles::tr("Nothing was stored.")));
}

} // namespace

QString ResultFileOutcome::text() const
{
    const QString name = QFileInfo(path).fileName();
    if (error)
        return u"%1: %2"_s.arg(name, error->text());
    const QLocale locale;
    const ImportReport &file = report->file;
    if (file.imported == 0 && file.duplicates > 0)
        return ResultFiles::tr("%1: all %2 answers are known from an earlier import of the same file.")
            .arg(name, locale.toString(file.duplicates));
    if (file.refused()) {
        return (QStringList{ResultFiles::tr("%1: %2 of %3 rows cannot be read. Nothing was stored. Correct these rows, "
                                            "or import the others without them.")
                                .arg(name, locale.toString(file.bad), locale.toString(file.rows))} +
                report->notes)
            .join(u'\n');
    }
    QStringList lines{ResultFiles::tr("%1: %2 of %3 answers to %4 data sets by %5 models, %6 bad")
                          .arg(name, locale.toString(file.imported), locale.toString(file.rows))
                          .arg(report->datasets.size())
                          .arg(report->models.size())
                          .arg(locale.toString(file.bad))};
    if (!report->newDatasets.isEmpty())
        lines << ResultFiles::tr("New data sets: %1").arg(report->newDatasets.join(u", "_s));
    if (!report->newModels.isEmpty())
        lines << ResultFiles::tr("New models, of which only results are known: %1")
                     .arg(report->newModels.join(u", "_s));
    return (lines + report->notes).join(u'\n');
}

Result<QList<ResultFileOutcome>>
importResultFiles(Project &project, const QStringList &paths, const ResultFilesOptions &options,
                  const CancellationToken &token,
                  const std::function<void(qsizetype file, qint64 done, qint64 total)> &progress)
{
    QList<ResultFileOutcome> outcomes;
    for (qsizetype i = 0; i < paths.size(); ++i) {
        ResultFileOutcome outcome;
        outcome.path = paths[i];
        ObservationImportOptions one;
        one.dataset = options.dataset;
        one.skipBad = options.skipBad;
        const auto source = open(paths[i], options.model);
        if (!source) {
            outcome.error = source.error();
        } else {
            const auto report = importObservations(project, paths[i], **source, one, token,
                                                   [&](qint64 done, qint64 total) { progress(i, done, total); });
            if (report)
                outcome.report = *report;
            else if (report.error().code == ErrorCode::Cancelled)
                return tl::unexpected<Error>(report.error());
            else
                outcome.error = report.error();
        }
        outcomes << outcome;
    }
    return outcomes;
}

} // namespace evalwright
