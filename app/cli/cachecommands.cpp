// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"

#include "core/text.h"
#include "storage/cacheprune.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 mostDays = 36'500;

/// "500 MB", "2GB", "1.5 GiB" or plain bytes; nothing when it is none of these.
std::optional<qint64> bytesFrom(const std::string &given)
{
    static const QHash<QString, double> units{{u""_s, 1},      {u"b"_s, 1},         {u"kb"_s, 1e3},
                                              {u"mb"_s, 1e6},  {u"gb"_s, 1e9},      {u"kib"_s, 1024.0},
                                              {u"mib"_s, 1024.0 * 1024}, {u"gib"_s, 1024.0 * 1024 * 1024}};
    const QString all = text(given).trimmed().toLower();
    const auto end = std::ranges::find_if(all, [](QChar c) { return !c.isDigit() && c != u'.'; });
    const qsizetype digits = std::distance(all.begin(), end);
    const auto unit = units.constFind(all.mid(digits).trimmed());
    bool isNumber = false;
    const double value = all.left(digits).toDouble(&isNumber);
    if (!isNumber || unit == units.constEnd() || value * *unit > 1e15)
        return std::nullopt;
    return static_cast<qint64>(std::floor(value * *unit));
}

CLI::Validator size()
{
    return {[](std::string &given) {
                return bytesFrom(given) ? std::string() : "must be a size such as 500MB or 2GB, not " + given;
            },
            std::string()};
}

struct Options
{
    std::optional<qint64> olderThan, job;
    std::string largerThan, keepSize, model;
    bool failed = false, compact = false, dryRun = false;
};

Result<CacheFilter> filterFrom(Connection &connection, const Options &o)
{
    CacheFilter filter;
    if (o.olderThan)
        filter.receivedBefore = isoUtc(SystemClock().nowUtc().addDays(-*o.olderThan));
    if (!o.largerThan.empty())
        filter.largerThan = bytesFrom(o.largerThan);
    if (!o.keepSize.empty())
        filter.keepBytes = bytesFrom(o.keepSize);
    if (!o.model.empty()) {
        EVALWRIGHT_ASSIGN(const Model model, modelByName(connection, text(o.model)));
        filter.model = model.id;
    }
    if (o.job) {
        EVALWRIGHT_ASSIGN(const Job job, jobById(connection, JobId{*o.job}));
        filter.job = job.id;
    }
    filter.failedOnly = o.failed;
    return filter;
}

json toJson(const CacheCount &count)
{
    return {{"answers", count.answers}, {"failed_replies", count.failed}, {"bytes", count.bytes}};
}

QString words(const CacheCount &count)
{
    QString out = counted(count.answers, u"answer"_s);
    if (count.failed > 0)
        out += u" and %1"_s.arg(counted(count.failed, u"failed reply"_s, u"failed replies"_s));
    return out + u", "_s + formatBytes(count.bytes);
}

struct HoldName
{
    CacheHold hold;
    const char *name;
    QLatin1StringView words;
};
constexpr std::array holds{
    HoldName{CacheHold::Candidate, "candidates", "items and candidates were read from them"_L1},
    HoldName{CacheHold::Score, "scores", "scores of candidates were read from them"_L1},
    HoldName{CacheHold::Observation, "observations", "results of evaluations were read from them"_L1},
    HoldName{CacheHold::Job, "unfinished_jobs", "jobs that can go on need them"_L1},
};

json infoJson(const CacheInfo &info)
{
    json models = json::array(), held = json::object();
    for (const CacheOfModel &model : info.models) {
        json one = toJson(model.all);
        one["model"] = model.model.toStdString();
        one["oldest"] = orNull(model.oldest);
        one["newest"] = orNull(model.newest);
        one["removable"] = toJson(model.removable);
        models.push_back(one);
    }
    for (const HoldName &hold : holds)
        held[hold.name] = toJson(info.held.value(hold.hold));
    json out = toJson(info.all);
    out["removable"] = toJson(info.removable);
    out["kept_for"] = held;
    out["models"] = models;
    out["oldest"] = orNull(info.oldest);
    out["newest"] = orNull(info.newest);
    out["file_bytes"] = info.fileBytes;
    out["free_bytes"] = info.freeBytes;
    out["shrinks"] = info.shrinks;
    return out;
}

QString infoText(const CacheInfo &info)
{
    if (info.all.answers + info.all.failed == 0)
        return u"No answers are stored yet."_s;
    Table table{{u"model"_s, u"answers"_s, u"failed"_s, u"size"_s, u"may go"_s, u"oldest"_s, u"newest"_s},
                {},
                {1, 2, 3, 4}};
    for (const CacheOfModel &model : info.models) {
        table.rows << QStringList{model.model,
                                  QString::number(model.all.answers),
                                  QString::number(model.all.failed),
                                  formatBytes(model.all.bytes),
                                  formatBytes(model.removable.bytes),
                                  model.oldest.left(10),
                                  model.newest.left(10)};
    }
    QString out = table.text() + u"\nStored: %1, from %2 to %3\n"_s.arg(words(info.all), info.oldest.left(10),
                                                                        info.newest.left(10));
    for (const HoldName &hold : holds) {
        if (const CacheCount count = info.held.value(hold.hold); count.answers + count.failed > 0)
            out += u"Stay: %1: %2\n"_s.arg(words(count), hold.words);
    }
    out += u"May go: %1\n"_s.arg(words(info.removable));
    out += u"File: %1, %2 of it free%3\n"_s.arg(formatBytes(info.fileBytes), formatBytes(info.freeBytes),
                                                info.shrinks ? QString()
                                                             : u" (an older file; it keeps its size until "
                                                               u"'cache prune --compact')"_s);
    return out;
}

Result<int> infoCommand(Context &context)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    // Without a condition everything may go that nothing holds.
    EVALWRIGHT_ASSIGN(const CacheInfo info,
                      project->readNow([&](Connection &c) { return cacheInfo(c, {}, context.token()); }));
    context.print(infoJson(info), infoText(info));
    return Done;
}

std::function<void(const PruneProgress &)> told(const ProgressFunction &progress)
{
    if (!progress)
        return {};
    return [progress](const PruneProgress &p) {
        JobProgress shown;
        shown.done = p.done;
        shown.total = p.total;
        switch (p.phase) {
        case PruneProgress::Phase::Removing:
            shown.stage = u"removing"_s;
            break;
        case PruneProgress::Phase::Prompts:
            shown.message = u"removing prompts that no answer has any more"_s;
            break;
        case PruneProgress::Phase::Shrinking:
            shown.stage = u"giving space back"_s;
            break;
        }
        progress(shown);
    };
}

Result<int> preview(Context &context, const Options &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const CacheInfo info, project->readNow([&](Connection &c) -> Result<CacheInfo> {
        EVALWRIGHT_ASSIGN(const CacheFilter filter, filterFrom(c, o));
        return cacheInfo(c, filter, context.token());
    }));
    json out{{"dry_run", true}, {"would_remove", toJson(info.removable)}, {"stored", toJson(info.all)}};
    QString human = u"Nothing is removed. Would go: %1, of %2\n"_s.arg(words(info.removable), words(info.all));
    for (const CacheOfModel &model : info.models) {
        if (model.removable.answers + model.removable.failed > 0)
            human += u"  %1: %2\n"_s.arg(model.model, words(model.removable));
    }
    context.print(out, human);
    return Done;
}

Result<int> pruneCommand(Context &context, const Options &o)
{
    const bool anything =
        o.olderThan || o.job || !o.largerThan.empty() || !o.keepSize.empty() || !o.model.empty() || o.failed;
    if (!anything && (!o.compact || o.dryRun)) {
        return context.wrongUse(
            Error(ErrorCode::InvalidInput, u"It is not said which stored answers should go."_s,
                  u"Give at least one of --older-than, --larger-than, --keep-size, --model, --job, --failed; "
                  u"--dry-run shows what they mean."_s)
                .withConsequence(u"Nothing was removed."_s));
    }
    if (o.dryRun)
        return preview(context, o);
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const CacheFilter filter, project->readNow([&](Connection &c) { return filterFrom(c, o); }));
    const auto done = pruneCache(*project, filter, {u"evalwright-cli"_s, o.compact}, context.token(),
                                 told(context.progress()));
    context.endProgress();
    EVALWRIGHT_ASSIGN(const PruneReport report, done);
    json out{{"dry_run", false},
             {"removed", toJson(report.removed)},
             {"prompts", report.prompts},
             {"steps", report.steps},
             {"file_bytes_before", report.fileBytesBefore},
             {"file_bytes", report.fileBytes},
             {"free_bytes", report.freeBytes},
             {"stopped", report.stopped}};
    QString human = u"Removed: %1. The file has %2 now, %3 before.\n"_s.arg(
        words(report.removed), formatBytes(report.fileBytes), formatBytes(report.fileBytesBefore));
    if (report.steps > 0)
        human += u"%1 of finished jobs had these answers and say so now.\n"_s.arg(counted(report.steps, u"request"_s));
    if (report.freeBytes > 0 && !report.shrinks) {
        human += u"%1 are free inside the file, for the next answers. To make this older file smaller: cache prune "
                 u"--compact\n"_s.arg(formatBytes(report.freeBytes));
    }
    if (report.stopped)
        human += u"Stopped before it was through; run the same again to go on.\n"_s;
    context.print(out, human);
    return report.stopped ? Interrupted : Done;
}

} // namespace

void addCacheCommands(CLI::App &app, Context &context)
{
    CLI::App *cache = app.add_subcommand(
        "cache", "The stored answers of models: what there is, and removing what nothing needs.\n"
                 "Example: evalwright-cli -p study.evalwright cache info");
    cache->require_subcommand(1);
    CLI::App *info = cache->add_subcommand(
        "info", "How many answers are stored, how many may go, why the others stay.\n"
                "Example: evalwright-cli -p study.evalwright cache info --json");
    info->callback([&context] { context.command = [&context] { return infoCommand(context); }; });
    auto o = std::make_shared<Options>();
    CLI::App *prune = cache->add_subcommand(
        "prune", "Remove answers that no item, candidate, score, result or unfinished job needs.\n"
                 "Conditions hold together. A later run asks again what went.\n"
                 "Example: evalwright-cli -p study.evalwright cache prune --older-than 90 --dry-run");
    prune->add_option("--older-than", o->olderThan, "Days since the answer came")->check(wholeNumber(0, mostDays));
    CLI::Option *larger =
        prune->add_option("--larger-than", o->largerThan, "Size of one answer, e.g. 1MB")->check(size());
    prune->add_option("--keep-size", o->keepSize, "The oldest go until the answers have no more than this, e.g. 2GB")
        ->check(size())
        ->excludes(larger);
    prune->add_option("--model", o->model, "Answers of this model");
    CLI::Option *job =
        prune->add_option("--job", o->job, "Answers that only this job uses")->check(wholeNumber(1, mostItems));
    prune->add_flag("--failed", o->failed, "Only failed replies, which were kept as evidence")->excludes(job);
    prune->add_flag("--compact", o->compact,
                    "Write the whole file anew: makes older files smaller; needs as much free disk space again");
    prune->add_flag("--dry-run", o->dryRun, "Say what would go; remove nothing");
    prune->callback([&context, o] { context.command = [&context, o] { return pruneCommand(context, *o); }; });
}

} // namespace evalwright::cli
