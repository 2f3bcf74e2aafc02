// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/filtercommands.h"

#include "app/cli/changedservers.h"
#include "app/cli/reports.h"

#include "generators/checker/calibrationmap.h"
#include "generators/thresholds.h"
#include "storage/repositories/datasets.h"

#include <QFile>

namespace evalwright::cli {

using namespace Qt::StringLiterals;

namespace {

struct FilterOptions
{
    std::string dataset, checker, form, frame, method, describe, contrast, rules, trustReason;
    std::optional<double> threshold, budget;
    std::optional<qint64> keep;
    int samples = usualVerdictSamples;
    bool preview = false, dryRun = false, calibrated = false;
};

nlohmann::json numberOrNull(const std::optional<double> &value)
{
    return value ? nlohmann::json(*value) : nlohmann::json();
}

/// The calibrated probability of a confidence; unset without a map.
std::optional<double> calibratedAt(const std::optional<CalibrationMap> &map, const QString &family, const QString &label,
                                   double confidence)
{
    if (!map)
        return std::nullopt;
    return map->apply(confidence, isMatchingTarget(family, label.trimmed() == "No"_L1 ? 1 : 0));
}

/// What each threshold would keep; writes nothing.
Result<int> previewFilter(Context &context, const FilterOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const Dataset dataset,
                      project->readNow([name = text(o.dataset)](Connection &c) { return datasetByName(c, name); }));
    EVALWRIGHT_ASSIGN(const FilterSet set,
                      project->readNow([id = dataset.id](Connection &c) { return readFilterSet(c, id); }));
    EVALWRIGHT_ASSIGN(const std::optional<CalibrationMap> map,
                      project->readNow([id = dataset.id](Connection &c) { return calibrationOf(c, id); }));
    SelectStage select = set.select;
    if (o.keep)
        select.keepPerLabel = *o.keep;
    QList<ThresholdPoint> points;
    if (o.threshold) {
        select.floor = *o.threshold;
        points << thresholdPoint(set, select);
    } else {
        points = thresholdCurve(set, select);
    }
    nlohmann::json rows = nlohmann::json::array();
    QString table = u"threshold      kept  would change    samples per kept  people agree\n"_s;
    for (const ThresholdPoint &point : std::as_const(points)) {
        nlohmann::json row = toJson(point);
        for (const QString &label : set.labels) {
            row["calibrated"][label.trimmed().toStdString()] =
                numberOrNull(calibratedAt(map, dataset.family, label, point.threshold));
        }
        rows.push_back(row);
        const auto &human = point.human.interval;
        table += u"%1  %2  %3  %4  %5\n"_s.arg(point.threshold, 9, 'f', 2)
                     .arg(point.kept, 8)
                     .arg(u"+%1/−%2"_s.arg(point.added).arg(point.removed), 12)
                     .arg(point.samplesPerKept ? QString::number(*point.samplesPerKept, 'f', 2) : u"—"_s, 18)
                     .arg(human ? u"%1 [%2, %3], n = %4"_s.arg(human->estimate, 0, 'f', 3)
                                      .arg(human->low, 0, 'f', 3)
                                      .arg(human->high, 0, 'f', 3)
                                      .arg(point.human.n)
                                : u"nobody has judged"_s);
    }
    if (map)
        table += u"Calibrated probabilities stand beside the thresholds in --json; the map: %1\n"_s.arg(map->text());
    context.print({{"dataset", dataset.name.toStdString()},
                   {"calibration", map ? map->toJson() : nlohmann::json()},
                   {"asked", set.asked},
                   {"with_confidence", set.candidates.size()},
                   {"keep_per_label", select.keepPerLabel},
                   {"balance", select.balance},
                   {"diversity", select.diversity},
                   {"can_be_applied", set.hasRecipe},
                   {"thresholds", rows}},
                  table);
    return Done;
}

Result<FilterRules> rulesFrom(const FilterOptions &o)
{
    FilterRules rules;
    if (!o.rules.empty()) {
        constexpr qint64 largest = qint64{1} << 20;
        QFile file(text(o.rules));
        if (!file.open(QIODevice::ReadOnly) || file.size() > largest)
            return failure(ErrorCode::InvalidInput, u"\"%1\" cannot be read as filter rules."_s.arg(text(o.rules)),
                           u"Such a file is small (1 MiB at most) and readable."_s, file.errorString());
        EVALWRIGHT_ASSIGN(rules, FilterRules::fromJson(file.readAll(), text(o.rules)));
    }
    // What is said on the command line is said last.
    if (o.threshold)
        rules.floor = *o.threshold;
    if (o.keep)
        rules.keepPerLabel = *o.keep;
    if (o.calibrated)
        rules.calibrated = true;
    return rules;
}

QString outcomeText(const QString &dataset, const FilterOutcome &outcome)
{
    QString out = funnelText(outcome.stages);
    out += u"\n%1: %2"_s.arg(dataset, counted(outcome.items, u"item"_s));
    if (!outcome.decided)
        out += u"; nothing was decided: say --threshold, --keep or --rules for an imported data set.\n"_s;
    else
        out += u", +%1/−%2%3\n"_s.arg(outcome.added)
                   .arg(outcome.removed)
                   .arg(outcome.written ? QString() : u" if it were applied; nothing was written"_s);
    for (const QString &warning : outcome.warnings)
        out += u"Warning: %1\n"_s.arg(warning);
    return out;
}

Result<RecheckSpec> recheckFrom(const FilterOptions &o)
{
    RecheckSpec spec;
    spec.dataset = text(o.dataset);
    spec.checker = text(o.checker);
    if (!o.form.empty()) {
        EVALWRIGHT_ASSIGN(spec.form, loadCheckerForm(text(o.form)));
    }
    if (!o.frame.empty()) {
        EVALWRIGHT_ASSIGN(spec.frame, promptKindByName(text(o.frame)));
    }
    spec.method = text(o.method);
    spec.samples = o.samples;
    spec.behaviour.description = text(o.describe);
    spec.behaviour.contrast = text(o.contrast);
    spec.trustReason = text(o.trustReason);
    spec.budget = o.budget;
    EVALWRIGHT_ASSIGN(spec.rules, rulesFrom(o));
    return spec;
}

Result<int> dryRecheck(Context &context, const RecheckSpec &spec)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const RecheckPlan plan, planRecheck(*project, spec));
    QString human = u"Nothing is sent. %1 would be asked about %2, in %3 at most.\n"_s.arg(
        spec.checker, counted(plan.candidates, u"candidate"_s), counted(plan.requests, u"request"_s));
    for (const QString &deviation : plan.deviations)
        human += u"Deviation: %1\n"_s.arg(deviation);
    for (const QString &warning : plan.warnings)
        human += u"Warning: %1\n"_s.arg(warning);
    context.print({{"dry_run", true},
                   {"dataset", spec.dataset.toStdString()},
                   {"candidates", plan.candidates},
                   {"requests", plan.requests},
                   {"checker_trust", orNull(plan.trust.text)},
                   {"deviations", toJson(plan.deviations)},
                   {"warnings", toJson(plan.warnings)}},
                  human);
    return Done;
}

Result<int> filterCommand(Context &context, const FilterOptions &o)
{
    if (!o.checker.empty()) {
        EVALWRIGHT_ASSIGN(const RecheckSpec spec, recheckFrom(o));
        return o.dryRun || o.preview ? dryRecheck(context, spec) : runRecheck(context, spec);
    }
    if (o.preview && o.rules.empty() && !o.calibrated)
        return previewFilter(context, o);
    EVALWRIGHT_ASSIGN(const FilterRules rules, rulesFrom(o));
    const bool write = !o.dryRun && !o.preview;
    EVALWRIGHT_ASSIGN(const auto project,
                      context.openProject(write ? Project::Access::ReadWrite : Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const Dataset dataset,
                      project->readNow([name = text(o.dataset)](Connection &c) { return datasetByName(c, name); }));
    if (!dataset.recipeId.isValid() && rules.isEmpty()) {
        return failure(
            ErrorCode::Unsupported,
            u"\"%1\" was imported; there is no recipe whose selection could be applied again."_s.arg(dataset.name),
            u"Say what is to be decided (--threshold, --keep, --rules), or decide about its items one by one."_s);
    }
    EVALWRIGHT_ASSIGN(const FilterOutcome outcome, refilter(*project, dataset.id, rules, write, context.token()));
    nlohmann::json object = outcome.toJson();
    object.update({{"dataset", dataset.name.toStdString()},
                   {"dry_run", !write},
                   {"requests", 0},
                   {"from_cache", 0},
                   {"prompt_tokens", 0},
                   {"completion_tokens", 0},
                   {"cost", 0},
                   {"seconds", 0}});
    context.print(object, outcomeText(dataset.name, outcome));
    return Done;
}

} // namespace

Result<int> runRecheck(Context &context, const RecheckSpec &spec)
{
    EVALWRIGHT_ASSIGN(const JobServices services, context.services());
    if (context.acceptChangedServer)
        EVALWRIGHT_TRY(probeChangedServers(context, services, {spec.checker}));
    const auto report = recheck(services, spec, context.token(), context.progress());
    context.endProgress();
    if (!report)
        return failure(withHowToGoOn(report.error()));
    nlohmann::json object = report->toJson();
    object["dataset"] = spec.dataset.toStdString();
    QString human = outcomeText(spec.dataset, report->filtered);
    human += u"%1 asked about %2: %3 sent, %4 known before, %5 failed\n"_s
                 .arg(spec.checker, counted(report->candidates, u"candidate"_s),
                      counted(report->requests.asked, u"request"_s))
                 .arg(report->requests.fromCache)
                 .arg(report->requests.failed);
    if (!report->requests.firstError.isEmpty())
        human += u"First failure: %1\n"_s.arg(report->requests.firstError);
    for (const QString &deviation : report->deviations)
        human += u"Deviation: %1\n"_s.arg(deviation);
    for (const QString &warning : report->warnings)
        human += u"Warning: %1\n"_s.arg(warning);
    context.print(object, human);
    return report->state == JobState::Partly ? Partly : Done;
}

void addFilterCommand(CLI::App &app, Context &context)
{
    auto f = std::make_shared<FilterOptions>();
    CLI::App *filter = app.add_subcommand(
        "filter", "Decide again about stored candidates: with another floor or size, with rules of a file, or after asking "
                  "another checker. What a person decided stays; only --checker sends anything.\n"
                  "Example: evalwright-cli -p study.evalwright filter agreeableness --threshold 0.7 --keep 50");
    filter->add_option("DATASET", f->dataset)->required();
    filter->add_option("--threshold", f->threshold, "Label confidence must be above this")->check(CLI::Range(0.0, 1.0));
    filter->add_option("--keep", f->keep, "Items to keep, per label")->check(wholeNumber(1, mostSamples));
    filter->add_option("--rules", f->rules, "File with filter rules (docs/recipes.md), applied to stored candidates");
    filter->add_flag("--calibrated", f->calibrated,
                     "The threshold is a calibrated probability (\"checker calibrate\"); confidences stay raw");
    CLI::Option *checker =
        filter->add_option("--checker", f->checker, "Ask this model about the stored candidates; goes on when run again");
    filter->add_option("--form", f->form, "How it is asked: a checker form or a file; as the recipe asks when absent")
        ->needs(checker);
    filter->add_option("--frame", f->frame, "Of the form; what suits the model when absent")
        ->needs(checker)
        ->check(oneOf(u"frame"_s, {u"auto"_s, u"completion"_s, u"chat-prefill"_s, u"chat"_s}));
    filter->add_option("--method", f->method, "How answers are read; sampled where a model gives no log-probabilities")
        ->needs(checker)
        ->check(oneOf(u"method"_s, {u"first-token"_s, u"sampled"_s}));
    filter->add_option("--samples", f->samples, "Answers for each presentation, when sampled")
        ->needs(checker)
        ->check(wholeNumber(1, mostVerdictSamples));
    CLI::Option *describe =
        filter->add_option("--describe", f->describe, "Whom the items fit: completes \"a person who …\"")->needs(checker);
    filter->add_option("--contrast", f->contrast, "Who the others are: \"people who …\"")->needs(describe);
    filter->add_option("--trust-checker", f->trustReason,
                       "Why a checker is asked that was no better than chance when it was tried; stays with the data set")
        ->needs(checker);
    filter->add_option("--budget", f->budget, "Stop when so much money is spent, earlier calls included")
        ->needs(checker)
        ->check(money());
    filter->add_flag("--accept-changed-server", context.acceptChangedServer,
                     "Probe a model again when its server is not the one that was probed, then go on");
    filter->add_flag("--preview", f->preview, "Show what each threshold would keep and change; writes nothing");
    filter->add_flag("--dry-run", f->dryRun, "Say what would be asked or changed; sends and writes nothing");
    filter->callback([&context, f] { context.command = [&context, f] { return filterCommand(context, *f); }; });
}

} // namespace evalwright::cli
