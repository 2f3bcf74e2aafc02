// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/importjob.h"

#include "generators/lint/lintdataset.h"
#include "storage/exchange/canary.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(evalwright::FileImport)
};

/// The source that the newest import of these bytes made.
Result<ImportSourceId> sourceOf(Project &project, const ImportReport &report)
{
    return project.readNow([&](Connection &c) -> Result<ImportSourceId> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, report.dataset));
        EVALWRIGHT_ASSIGN(const QList<ImportSource> sources, importSourcesOf(c, dataset.id));
        ImportSourceId found;
        for (const ImportSource &source : sources) {
            if (source.sha256 == report.sha256)
                found = source.id;
        }
        return found;
    });
}

/// What follows once the rows are in the project. Its failures are told; the rows stay.
void afterImport(Project &project, FileImport &file, const ImportSettings &settings, const CancellationToken &token)
{
    QStringList problems;
    if (file.report->imported + file.report->duplicates > 0) {
        if (const Result<QString> origin = noteOrigin(project, file.report->dataset, file.path))
            file.origin = *origin;
        else
            problems << origin.error().text();
    }
    if (file.stored()) {
        if (const auto source = sourceOf(project, *file.report))
            file.source = *source;
        else
            problems << source.error().text();
        if (settings.lint) {
            if (const auto lint = lintAfterImport(project, file.report->dataset, token)) {
                file.lintFindings = lint->findings.size();
                file.lintBlocking = lint->blocking;
            } else {
                problems << lint.error().text();
            }
        }
    }
    file.problemAfter = problems.join(u'\n');
}

} // namespace

QString wordsOf(const Error &error)
{
    if (!error.advice.contains(" --"_L1))
        return error.text();
    Error plain = error;
    plain.advice.clear();
    return plain.text();
}

QString FileImport::text() const
{
    const QLocale locale;
    const QString name = singleLine(QFileInfo(path).fileName(), 120);
    if (error)
        return Words::tr("%1: %2").arg(name, wordsOf(*error));
    if (!report)
        return Words::tr("%1: not read").arg(name);
    const ImportReport &r = *report;
    const QString dataset = singleLine(r.dataset, 80), rows = locale.toString(r.rows), known = locale.toString(r.duplicates),
                  bad = locale.toString(r.bad);
    QStringList lines;
    if (r.importable)
        lines << Words::tr("%1: of %2 rows %3 would be imported into “%4”; %5 known, %6 bad.")
                     .arg(name, rows, locale.toString(*r.importable), dataset, known, bad);
    else if (r.refused())
        lines << Words::tr("%1: nothing is imported, because %2 of %3 rows are bad. Correct them, or skip bad rows.")
                     .arg(name, bad, rows);
    else
        lines << Words::tr("%1: %2 of %3 rows imported into “%4”; %5 known before, %6 bad.")
                     .arg(name, locale.toString(r.imported), rows, dataset, known, bad);
    if (r.cutShort)
        lines << Words::tr("The file seems to end in the middle of a row.");
    QStringList marks;
    for (auto it = r.flags.cbegin(); it != r.flags.cend(); ++it)
        marks << u"%1 %2"_s.arg(locale.toString(it.value()), it.key());
    if (!marks.isEmpty())
        lines << Words::tr("Rows with a mark: %1.").arg(marks.join(u", "_s));
    if (!origin.isEmpty())
        lines << Words::tr("The file says where its rows come from: %1").arg(singleLine(origin, 200));
    if (lintFindings)
        lines << Words::tr("Lint: %1 findings; items with findings that block a release: %2.")
                     .arg(locale.toString(*lintFindings), locale.toString(*lintBlocking));
    if (!problemAfter.isEmpty())
        lines << problemAfter;
    return lines.join(u'\n');
}

Status importItems(Project &project, const QList<ImportInput> &inputs, const ImportSettings &settings,
                   QList<FileImport> &done, const CancellationToken &token,
                   const std::function<void(const ImportProgress &)> &progress)
{
    ImportProgress now;
    QList<qint64> bytesBefore, rowsBefore; // Each file.
    qint64 rowsInAll = 0;
    for (const ImportInput &input : inputs) {
        bytesBefore << now.bytesInAll;
        rowsBefore << rowsInAll;
        now.bytesInAll += QFileInfo(input.path).size();
        rowsInAll += input.rowsExpected;
    }
    const auto told = [&](const Result<ImportReport> &report) -> Status {
        FileImport file;
        file.path = inputs[done.size()].path;
        if (report) {
            file.report = *report;
            if (!settings.dryRun) {
                if (settings.lint && report->imported > 0) {
                    ImportProgress linting = now;
                    linting.stage = Words::tr("checking the items of “%1”").arg(singleLine(report->dataset, 60));
                    progress(linting);
                }
                afterImport(project, file, settings, token);
            }
        } else if (report.error().code == ErrorCode::Cancelled) {
            return failure(report.error());
        } else {
            file.error = report.error();
        }
        done << file;
        return {};
    };
    ImportLine line(project, told, token, [&](qsizetype file, qint64 bytes, qint64 total) {
        now.file = file;
        ImportProgress tell = now;
        tell.bytes = bytesBefore[file] + bytes;
        const double share = total > 0 ? static_cast<double>(bytes) / static_cast<double>(total) : 0;
        tell.rowsExpected = rowsBefore[file] + static_cast<qint64>(share * static_cast<double>(inputs[file].rowsExpected));
        progress(tell);
    });
    for (const ImportInput &input : inputs) {
        ImportOptions options;
        options.dataset = input.dataset;
        options.format = input.format;
        options.map = input.map;
        options.strict = settings.strict;
        options.skipBad = settings.skipBad;
        options.csvUnescape = settings.csvUnescape;
        options.dryRun = settings.dryRun;
        EVALWRIGHT_TRY(line.add(input.path, options));
    }
    return line.finish();
}

} // namespace evalwright
