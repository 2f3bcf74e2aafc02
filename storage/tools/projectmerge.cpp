// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/projectmerge.h"

#include "storage/repositories/answerpacks.h"
#include "storage/repositories/cache.h"
#include "storage/tools/merging.h"

#include <QFileInfo>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString stateName(MergeReport::DatasetEntry::State state)
{
    switch (state) {
    case MergeReport::DatasetEntry::State::New:
        return u"new"_s;
    case MergeReport::DatasetEntry::State::SameContent:
        return u"same content"_s;
    case MergeReport::DatasetEntry::State::Known:
        break;
    }
    return u"known"_s;
}

/// The event log tells of what came and from where.
Status log(SqliteFile &file, const MergeReport &report, const QString &from, const QString &uuid)
{
    json detail = report.toJson();
    detail.erase("models");
    detail.erase("rows");
    detail["from"] = QFileInfo(from).fileName().toStdString();
    detail["from_project"] = uuid.toStdString();
    EVALWRIGHT_TRY(file.execute(u"INSERT INTO main.event_log (at, kind, detail) VALUES (?, 'merge', ?)"_s,
                                {isoNow(), QString::fromStdString(detail.dump())}));
    return {};
}

/// Which of the two files is it that cannot be read?
Error named(SqliteFile &file, Error error, const QString &other)
{
    if (error.code == ErrorCode::Corrupt) {
        const auto sound = file.value(u"PRAGMA other.quick_check(1)"_s);
        if (!sound || sound->toString() != "ok"_L1) {
            error.message = u"The other project “%1” is damaged."_s.arg(other);
            error.advice = u"Save what can be read of it with “project recover”, and use that."_s;
        }
        error.consequence = u"Nothing was copied."_s;
    } else if (error.code == ErrorCode::Storage) {
        error.message = u"The other project “%1” holds rows that contradict this program's rules."_s.arg(other);
        error.advice = u"Run “project check” on it."_s;
        error.consequence = u"Nothing was copied."_s;
    } else if (error.code == ErrorCode::Cancelled) {
        error = cancelled(u"Copying from the other project"_s, u"Nothing was copied."_s);
    }
    return error;
}

Result<MergeReport> merge(const QString &into, const QString &from, const QString &uuid, const MergeOptions &options,
                          const CancellationToken &token, const ToolProgressFunction &progress)
{
    MergeReport report;
    report.dryRun = options.dryRun;
    EVALWRIGHT_ASSIGN(const auto file, SqliteFile::open(into, SqliteFile::Mode::ReadWrite, token));
    EVALWRIGHT_TRY(file->execute(u"PRAGMA synchronous = FULL"_s));
    EVALWRIGHT_TRY(file->addDigestFunctions());
    EVALWRIGHT_TRY(file->attachForReading(from));
    constexpr auto enough = ErrorCode::Unknown; ///< Of a dry run: undone on purpose.
    const Status done = file->inTransaction([&]() -> Status {
        EVALWRIGHT_TRY(Merging(*file, options, progress, report).run());
        if (options.dryRun)
            return failure(enough, QString());
        return report.changedNothing() ? Status() : log(*file, report, from, uuid);
    });
    if (!done && !(options.dryRun && done.error().code == enough))
        return failure(named(*file, done.error(), from));
    return report;
}

} // namespace

MergeReport::RowCount MergeReport::count(const QString &table) const
{
    const auto found = std::ranges::find(rows, table, &RowCount::table);
    return found == rows.end() ? RowCount{table} : *found;
}

bool MergeReport::changedNothing() const
{
    return std::ranges::all_of(rows, [](const RowCount &row) { return row.added == 0; }) &&
           std::ranges::all_of(datasets, [](const DatasetEntry &entry) { return entry.updated == 0; });
}

json MergeReport::toJson() const
{
    json sets = json::array(), all = json::array(), tables = json::object();
    for (const DatasetEntry &entry : datasets) {
        sets.push_back({{"name", entry.name.toStdString()},
                        {"here", entry.here.toStdString()},
                        {"state", stateName(entry.state).toStdString()},
                        {"removed_here", entry.removedHere},
                        {"new", entry.added},
                        {"known", entry.known},
                        {"changed", entry.changed},
                        {"updated", entry.updated}});
    }
    for (const ModelEntry &entry : models) {
        all.push_back({{"name", entry.name.toStdString()},
                       {"here", entry.here.toStdString()},
                       {"new", entry.isNew},
                       {"base_url", entry.baseUrl.isEmpty() ? json() : json(entry.baseUrl.toStdString())},
                       {"key_env", entry.keyEnv.isEmpty() ? json() : json(entry.keyEnv.toStdString())}});
    }
    const auto counts = [](const RowCount &row) { return json{{"new", row.added}, {"known", row.known}}; };
    for (const RowCount &row : rows)
        tables[row.table.toStdString()] = counts(row);
    json out{{"dry_run", dryRun}, {"datasets", sets}, {"models", all}, {"rows", tables}};
    for (const auto &[name, table] : {std::pair("responses", "response"), std::pair("decisions", "decision"), std::pair("edits", "candidate_edit"),
                                      std::pair("scores", "score"), std::pair("observations", "observation"), std::pair("runs", "run"),
                                      std::pair("reviews", "review"), std::pair("judgements", "judgement"), std::pair("jobs", "job")})
        out[name] = counts(count(QString::fromLatin1(table)));
    out["responses"]["other_answers"] = otherAnswers;
    out["jobs"]["stopped"] = stoppedJobs;
    return out;
}

Result<MergeReport> mergeProject(Project &project, const QString &path, const MergeOptions &options, const CancellationToken &token,
                                 const ToolProgressFunction &progress)
{
    if (isSameFile(project.path(), path)) {
        return failure(Error(ErrorCode::InvalidInput, u"“%1” is this project itself."_s.arg(path), u"Name another project file."_s)
                           .withConsequence(u"Nothing was copied."_s));
    }
    // Looks at the whole schema; a file that somebody else has put something into is refused.
    EVALWRIGHT_ASSIGN(const auto other, Project::open(path, Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(
        const MergeReport report,
        project
            .maintain(
                [&](Connection &connection) -> Result<MergeReport> {
                    EVALWRIGHT_ASSIGN(const bool running, anyJobRunning(connection));
                    if (running) {
                        return failure(Error(ErrorCode::Locked, u"Another project cannot be brought in while a job is running."_s,
                                             u"Wait for the job or pause it, then try again."_s)
                                           .withConsequence(u"Nothing was copied."_s));
                    }
                    return merge(project.path(), other->path(), other->uuid(), options, token, progress);
                },
                {Topic::Models, Topic::Datasets, Topic::Candidates, Topic::Jobs, Topic::Runs, Topic::Figures, Topic::Reviews})
            .result());
    if (!options.dryRun && report.count(u"observation"_s).added > 0)
        EVALWRIGHT_TRY(project.writeNow([](Connection &c) { return packAnswers(c); }));
    return report;
}

} // namespace evalwright
