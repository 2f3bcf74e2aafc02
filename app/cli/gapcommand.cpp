// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/changedservers.h"
#include "app/cli/comparisoncommands.h"
#include "app/cli/delivery.h"

#include "core/text.h"
#include "evaluation/frames.h"
#include "evaluation/gap.h"
#include "evaluation/scoring.h"

#include <CLI/CLI.hpp>

namespace evalwright::cli {

using namespace Qt::StringLiterals;

namespace {

struct GapOptions
{
    std::string old, fresh, reference, frame = "auto", scoring = "auto";
    std::vector<std::string> models;
    std::optional<qint64> limit, seed;
    std::optional<double> budget;
    double margin = 0.10;
    DeliveryOptions delivery;
    bool stored = false;
};

GapSpec specFrom(const GapOptions &o)
{
    GapSpec spec;
    spec.query.oldDataset = text(o.old);
    spec.query.newDataset = text(o.fresh);
    spec.query.models = texts(o.models);
    spec.query.reference = text(o.reference);
    spec.query.frame = text(o.frame);
    spec.query.rule.margin = o.margin;
    spec.scoring = text(o.scoring);
    spec.limit = o.limit;
    spec.seed = o.seed.value_or(0);
    spec.budget = o.budget;
    return spec;
}

QString verdictWords(const GapRow &row)
{
    if (row.isReference)
        return u"(reference)"_s;
    return row.verdict == "no-gap"_L1 ? u"no gap seen"_s : row.verdict;
}

QString shareText(double share)
{
    return u"%1 %"_s.arg(100 * share, 0, 'f', 1);
}

QString gapText(const GapReport &report)
{
    Table table{{u"model"_s, u"frame"_s, u"scoring"_s, u"old"_s, u"new"_s, u"gap"_s, u"95% interval"_s,
                 u"mean probability"_s, u"verdict"_s},
                {},
                {3, 4, 5}};
    QString words;
    for (const GapRow &row : report.rows) {
        table.rows << QStringList{row.model,
                                  row.frame,
                                  row.scoring,
                                  shareText(row.matching.old),
                                  shareText(row.matching.fresh),
                                  pointsText(row.matching.gap),
                                  pointsText(row.matching.low, row.matching.high),
                                  row.probability ? pointsText(row.probability->gap) : u"—"_s,
                                  verdictWords(row)};
        words += u"\n%1: %2\n"_s.arg(row.model, row.isReference ? u"the reference"_s : row.text);
        for (const QString &detail : row.details)
            words += u"  %1\n"_s.arg(detail);
    }
    QString out = table.text() + words + u'\n';
    for (const QString &note : report.notes)
        out += u"Note: %1\n"_s.arg(note);
    if (report.evaluation)
        out += u"%1 sent, %2 known before, %3 failed\n"_s
                   .arg(counted(report.evaluation->requests, u"request"_s),
                        counted(report.evaluation->fromCache, u"answer"_s))
                   .arg(report.evaluation->failed);
    return out;
}

Result<int> stored(Context &context, const GapSpec &spec)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const GapReport report,
                      project->readNow([&](Connection &c) { return gapOf(c, spec.query); }));
    context.print(report.toJson(), gapText(report));
    return Done;
}

Result<int> gapCommand(Context &context, const GapOptions &o)
{
    GapSpec spec = specFrom(o);
    if (o.stored)
        return stored(context, spec);
    if (o.models.empty())
        return context.wrongUse(Error(ErrorCode::InvalidInput, u"Say which models to ask: --model is missing."_s,
                                      u"With --stored it may be left out: every model with answers is compared."_s));
    EVALWRIGHT_ASSIGN(spec.delivery, deliveryFrom(o.delivery));
    EVALWRIGHT_ASSIGN(const JobServices services, context.services());
    if (context.acceptChangedServer)
        EVALWRIGHT_TRY(probeChangedServers(context, services, spec.evaluation().models));
    for (;;) {
        auto report = gapTest(services, spec, context.token(), context.progress());
        context.endProgress();
        if (!report) {
            Error error = report.error();
            if (error.code == ErrorCode::Cancelled)
                error.advice = u"Run the same command again to go on where it stopped."_s;
            return failure(error);
        }
        const EvaluateReport &evaluated = *report->evaluation;
        if (evaluated.state != JobState::Waiting) {
            context.print(report->toJson(), gapText(*report));
            return evaluated.state == JobState::Partly ? Partly : Done;
        }
        if (o.delivery.wait) {
            EVALWRIGHT_ASSIGN(const bool again, waitForBatches(context, *services.project, evaluated.job));
            spec.delivery.onlyDue = true;
            if (again)
                continue;
        }
        nlohmann::json object = report->toJson();
        object["batches"] = batchesToJson(*services.project, evaluated.job);
        context.print(object, batchesText(*services.project, evaluated.job) + evaluated.waiting + u'\n');
        return Done;
    }
}

} // namespace

void addGapCommand(CLI::App &dataset, Context &context)
{
    auto o = std::make_shared<GapOptions>();
    CLI::App *gap = dataset.add_subcommand(
        "gap", "Do models answer a data set that they may have seen in training otherwise than a new one of the same "
               "behaviour? Asks what is not answered yet.\n"
               "Example: evalwright-cli -p study.evalwright dataset gap published rewritten --model small large "
               "--reference earlier");
    gap->add_option("OLD", o->old, "Data set that may have been seen")->required();
    gap->add_option("NEW", o->fresh, "Data set of the same behaviour made later, for instance with generate --again")
        ->required();
    gap->add_option("--model", o->models, "Models");
    gap->add_option("--reference", o->reference, "A model that cannot have seen OLD: its gap is taken off the others'");
    gap->add_option("--frame", o->frame, "auto, chat, ha or bare")
        ->check(oneOf(u"frame"_s, frameNames()))
        ->capture_default_str();
    gap->add_option("--scoring", o->scoring, "auto, exact, forced, first-token or sampled")
        ->check(oneOf(u"scoring in this version named"_s, scoringNames()))
        ->capture_default_str();
    gap->add_option("--limit", o->limit, "Items per data set, drawn with the seed, balanced over labels")
        ->check(wholeNumber(1, mostItems));
    gap->add_option("--seed", o->seed, "Seed of the draw")->check(wholeNumber(-largestSeed, largestSeed));
    gap->add_option("--margin", o->margin, "A gap that would not matter, stated beforehand; 0.1 is ten points")
        ->check(CLI::Range(0.001, 0.999))
        ->capture_default_str();
    gap->add_flag("--stored", o->stored, "From stored answers alone; sends nothing");
    gap->add_option("--budget", o->budget, "Stop when the job has spent so much money, earlier calls included")
        ->check(money());
    gap->add_flag("--accept-changed-server", context.acceptChangedServer,
                  "Probe a model again when its server is not the one that was probed, then go on");
    addDeliveryOptions(*gap, o->delivery);
    gap->callback([&context, o] { context.command = [&context, o] { return gapCommand(context, *o); }; });
}

} // namespace evalwright::cli
