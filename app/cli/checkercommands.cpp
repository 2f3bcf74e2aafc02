// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reports.h"

#include "core/foreignjson.h"
#include "core/statistics/formatting.h"
#include "generators/checker/behaviours.h"
#include "generators/checker/calibrationmap.h"
#include "review/peopleslabels.h"
#include "generators/checker/knownlabels.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Result<int> list(Context &context)
{
    EVALWRIGHT_ASSIGN(const QList<CheckerForm> forms, listCheckerForms());
    json all = json::array();
    Table table{{u"form"_s, u"family"_s, u"asks for"_s, u"frames"_s, u"requests per item"_s, u"title"_s}, {}, {4}};
    for (const CheckerForm &form : forms) {
        QStringList frames;
        for (const PromptKind frame : form.frames)
            frames << promptKindName(frame);
        all.push_back({{"name", form.name.toStdString()},
                       {"title", form.title.toStdString()},
                       {"status", form.status.toStdString()},
                       {"family", form.family.toStdString()},
                       {"requirement", form.requirement.toStdString()},
                       {"frames", toJson(frames)},
                       {"requests_per_item", form.presentations()},
                       {"needs_contrast", form.uses(u"contrast"_s)}});
        table.rows << QStringList{form.name,         form.family, form.requirement,
                                  frames.join(u","_s), QString::number(form.presentations()), form.title};
    }
    context.print({{"forms", all}}, table.text());
    return Done;
}

Result<int> show(Context &context, const QString &name)
{
    EVALWRIGHT_ASSIGN(const CheckerForm form, loadCheckerForm(name));
    const json document = form.toJson();
    context.printDocument(document);
    return Done;
}

std::optional<double> numberAt(const json &object, const char *name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() && found->is_number() ? std::optional(found->get<double>())
                                                                             : std::nullopt;
}

json memberOf(const json &object, const char *name)
{
    return object.is_object() && object.contains(name) ? object.at(name) : json();
}

QString shortNumber(const std::optional<double> &value, int digits = 2)
{
    return value ? QString::number(*value, 'f', digits) : u"—"_s;
}

json rowJson(const ValidationRow &row)
{
    const json figures = storedJson(row.validation.result);
    json out{{"dataset", row.dataset.toStdString()},
             {"model", row.model.toStdString()},
             {"form", row.validation.prompt.toStdString()},
             {"frame", row.validation.frame.toStdString()},
             {"job", row.validation.jobId.value},
             {"created_at", row.validation.createdAt.toStdString()},
             {"check_hash", row.validation.checkHash.toStdString()},
             {"method", memberOf(figures, "method").is_string() ? memberOf(figures, "method") : json("first-token")},
             {"samples", memberOf(figures, "samples")},
             {"verdict", verdictName(verdictOf(row.validation)).toStdString()},
             {"trusted", isTrusted(verdictOf(row.validation))}};
    for (const char *name : {"n", "items", "unreadable", "auroc", "accuracy", "label_mass", "position_bias", "brier",
                             "log_loss", "ece", "reliability", "calibration", "problem"})
        out[name] = memberOf(figures, name);
    return out;
}

QString rowsTable(const QList<ValidationRow> &rows)
{
    Table table{{u"data set"_s, u"model"_s, u"form"_s, u"frame"_s, u"n"_s, u"AUROC"_s, u"95 %"_s, u"right"_s, u"mass"_s,
                 u"position"_s, u"verdict"_s},
                {},
                {4, 5, 7, 8, 9}};
    for (const ValidationRow &row : rows) {
        const json figures = storedJson(row.validation.result);
        const json area = memberOf(figures, "auroc"), bias = memberOf(figures, "position_bias");
        table.rows << QStringList{
            row.dataset,
            row.model,
            row.validation.prompt,
            memberOf(figures, "method").is_string() ? row.validation.frame + u", sampled"_s : row.validation.frame,
            shortNumber(numberAt(figures, "n"), 0),
            shortNumber(numberAt(area, "value")),
            u"%1 to %2"_s.arg(shortNumber(numberAt(area, "low")), shortNumber(numberAt(area, "high"))),
            percent(numberAt(memberOf(figures, "accuracy"), "value")),
            shortNumber(numberAt(memberOf(figures, "label_mass"), "mean")),
            shortNumber(numberAt(bias, "value"), 1),
            verdictName(verdictOf(row.validation))};
    }
    return table.text();
}

json skippedJson(const QList<SkippedTrial> &skipped)
{
    json list = json::array();
    for (const SkippedTrial &s : skipped)
        list.push_back({{"dataset", s.dataset.toStdString()},
                        {"model", s.model.toStdString()},
                        {"form", s.form.toStdString()},
                        {"frame", s.frame.toStdString()},
                        {"reason", s.reason.toStdString()}});
    return list;
}

QString skippedText(const QList<SkippedTrial> &skipped)
{
    QString text;
    for (const SkippedTrial &s : skipped)
        text += u"Not tried: %1, %2, %3 (%4): %5\n"_s.arg(s.dataset, s.model, s.form, s.frame, s.reason);
    return text;
}

struct Options
{
    std::vector<std::string> datasets, golds, models, forms, frames, describe, contrast, against, topic;
    std::string method;
    int samples = usualVerdictSamples;
    qint64 items = 100, seed = 1;
    std::optional<double> budget;
    bool dryRun = false;
};

/// "NAME=text" pairs by name; every name must be among `known`.
Result<QHash<QString, QString>> pairs(const std::vector<std::string> &given, const QStringList &known,
                                      const QString &option)
{
    QHash<QString, QString> out;
    for (const std::string &pair : given) {
        const QString whole = text(pair);
        const qsizetype equals = whole.indexOf(u'=');
        const QString name = whole.left(equals), value = whole.mid(equals + 1).trimmed();
        if (equals < 1 || value.isEmpty())
            return failure(ErrorCode::InvalidInput, u"“%1” is not of the form NAME=text."_s.arg(whole),
                           u"Example: %1 \"agreeableness=is very agreeable\""_s.arg(option));
        if (!known.contains(name))
            return failure(ErrorCode::InvalidInput,
                           u"%1 names “%2”, which is not among --dataset."_s.arg(option, name));
        out.insert(name, value);
    }
    return out;
}

/// A gold set becomes a data set of the project the first time it is named, also by a dry run, which sends nothing.
Result<QList<CheckerTrialSpec::Set>> goldSets(Context &context, const Options &o)
{
    QList<CheckerTrialSpec::Set> sets;
    if (o.golds.empty())
        return sets;
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    for (const std::string &name : o.golds) {
        EVALWRIGHT_ASSIGN(const CheckerTrialSpec::Set set, ensureGoldSet(*project, text(name)));
        sets << set;
    }
    return sets;
}

Result<CheckerTrialSpec> specFrom(Context &context, const Options &o)
{
    CheckerTrialSpec spec;
    EVALWRIGHT_ASSIGN(const QList<CheckerTrialSpec::Set> golds, goldSets(context, o));
    QStringList datasets = texts(o.datasets);
    for (const CheckerTrialSpec::Set &set : golds)
        datasets << set.dataset;
    EVALWRIGHT_ASSIGN(const auto against, pairs(o.against, datasets, u"--against"_s));
    EVALWRIGHT_ASSIGN(const auto topics, pairs(o.topic, datasets, u"--topic"_s));
    EVALWRIGHT_ASSIGN(const auto descriptions, pairs(o.describe, datasets, u"--describe"_s));
    EVALWRIGHT_ASSIGN(const auto contrasts, pairs(o.contrast, datasets, u"--contrast"_s));
    for (const QString &dataset : datasets) {
        CheckerTrialSpec::Set set;
        set.dataset = dataset;
        for (const CheckerTrialSpec::Set &gold : golds) {
            if (gold.dataset == dataset)
                set = gold;
        }
        if (descriptions.contains(dataset)) {
            set.behaviour = {};
            set.behaviour.description = descriptions.value(dataset);
        }
        if (contrasts.contains(dataset))
            set.behaviour.contrast = contrasts.value(dataset);
        set.topic = topics.value(dataset, set.topic);
        set.against = against.value(dataset);
        if (set.behaviour.description.isEmpty() && !set.behaviour.contrast.isEmpty())
            return failure(ErrorCode::InvalidInput, u"--contrast for “%1” needs --describe, too."_s.arg(dataset));
        spec.sets << set;
    }
    spec.models = texts(o.models);
    for (const std::string &name : o.forms) {
        EVALWRIGHT_ASSIGN(const CheckerForm form, loadCheckerForm(text(name)));
        spec.forms << form;
    }
    if (!o.frames.empty())
        spec.frames.clear();
    for (const std::string &name : o.frames) {
        EVALWRIGHT_ASSIGN(const PromptKind frame, promptKindByName(text(name)));
        spec.frames << frame;
    }
    spec.method = text(o.method);
    spec.samples = o.samples;
    spec.items = o.items;
    spec.seed = o.seed;
    spec.budget = o.budget;
    return spec;
}

Result<int> dryRun(Context &context, const CheckerTrialSpec &spec)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const CheckerTrialPlan plan, planCheckerTrial(*project, spec));
    json items = json::object();
    for (auto it = plan.itemsPerDataset.begin(); it != plan.itemsPerDataset.end(); ++it)
        items[it.key().toStdString()] = it.value();
    context.print({{"dry_run", true},
                   {"requests", plan.requests},
                   {"items_per_dataset", items},
                   {"skipped", skippedJson(plan.skipped)}},
                  u"Nothing is sent. The trial would ask %1.\n%2"_s.arg(
                      counted(plan.requests, u"question"_s), skippedText(plan.skipped)));
    return Done;
}

Result<int> results(Context &context, const std::string &dataset, const std::string &model)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const QList<ValidationRow> rows,
                      project->readNow([&](Connection &c) -> Result<QList<ValidationRow>> {
                          ValidationFilter filter;
                          if (!dataset.empty()) {
                              EVALWRIGHT_ASSIGN(const Dataset found, datasetByName(c, text(dataset)));
                              filter.dataset = found.id;
                          }
                          if (!model.empty()) {
                              EVALWRIGHT_ASSIGN(const Model found, modelByName(c, text(model)));
                              filter.model = found.id;
                          }
                          return latestValidations(c, filter);
                      }));
    json all = json::array();
    for (const ValidationRow &row : rows)
        all.push_back(rowJson(row));
    context.print({{"results", all}}, rows.isEmpty() ? u"No checker was tried yet."_s : rowsTable(rows));
    return Done;
}

Result<int> calibrate(Context &context, const std::string &name, const std::string &from, const std::string &kind, bool dry)
{
    EVALWRIGHT_ASSIGN(const auto project,
                      context.openProject(dry ? Project::Access::ReadOnly : Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const Dataset dataset,
                      project->readNow([&](Connection &c) { return datasetByName(c, text(name)); }));
    EVALWRIGHT_ASSIGN(const CalibrationMap map, project->readNow([&](Connection &c) -> Result<CalibrationMap> {
        if (from == "raters") {
            EVALWRIGHT_ASSIGN(const auto labels, review::labelsByPeople(c, dataset.id, context.token()));
            return fitCalibration(c, dataset.id, labels, text(kind));
        }
        return fitCalibration(c, dataset.id,
                              from == "people" ? CalibrationSource::People : CalibrationSource::Validation, text(kind));
    }));
    if (!dry) {
        EVALWRIGHT_TRY(project->writeNow([&](Connection &c) { return storeCalibration(c, dataset.id, map); },
                                         {Topic::Datasets}));
    }
    json points = json::array();
    Table table{{u"confidence"_s, u"calibrated"_s, u"of the other label"_s}, {}, {0, 1, 2}};
    for (const double p : {0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99}) {
        const double matching = map.apply(p, true), other = map.apply(p, false);
        points.push_back({{"confidence", p}, {"calibrated", matching}, {"calibrated_other", other}});
        table.rows << QStringList{QString::number(p, 'f', 2), QString::number(matching, 'f', 3),
                                  QString::number(other, 'f', 3)};
    }
    context.print({{"dataset", dataset.name.toStdString()},
                   {"stored", !dry},
                   {"calibration", map.toJson()},
                   {"points", points}},
                  u"%1\nLog loss %2 before, %3 on held-out folds; %4\n%5"_s.arg(
                      map.text(), shortNumber(numberAt(memberOf(map.quality, "before"), "log_loss"), 3),
                      shortNumber(numberAt(memberOf(map.quality, "held_out"), "log_loss"), 3),
                      dry ? u"nothing was stored."_s : u"stored with the data set."_s, table.text()));
    return Done;
}

void addCalibrateCommand(CLI::App &checker, Context &context)
{
    struct Calibration
    {
        std::string dataset, from = "people", kind = "temperature";
        bool dryRun = false;
    };
    auto o = std::make_shared<Calibration>();
    CLI::App *command = checker.add_subcommand(
        "calibrate", "Fit what a checker's confidence is worth, on what people decided, what raters judged, or on a trial. Shown beside the raw "
                     "confidence and used by \"filter --calibrated\"; replaces nothing.\nExample: evalwright-cli -p "
                     "study.evalwright checker calibrate agreeableness --map platt");
    command->add_option("DATASET", o->dataset)->required();
    command->add_option("--from", o->from, "people: items that a person kept or rejected; raters: items judged in reviews; validation: a trial")
        ->check(oneOf(u"source"_s, {u"people"_s, u"raters"_s, u"validation"_s}));
    command->add_option("--map", o->kind, "temperature (from 200 items) or platt (from 50), which also takes away a lean")
        ->check(oneOf(u"map"_s, {u"temperature"_s, u"platt"_s}));
    command->add_flag("--dry-run", o->dryRun, "Show the map; store nothing");
    command->callback([&context, o] {
        context.command = [&context, o] { return calibrate(context, o->dataset, o->from, o->kind, o->dryRun); };
    });
}

} // namespace

Result<int> runCheckerTrial(Context &context, const CheckerTrialSpec &spec)
{
    EVALWRIGHT_ASSIGN(const JobServices services, context.services());
    EVALWRIGHT_ASSIGN(const CheckerTrialReport report,
                      validateCheckers(services, spec, context.token(), context.progress()));
    context.endProgress();
    json all = json::array();
    for (const ValidationRow &row : report.rows)
        all.push_back(rowJson(row));
    const StageReport &r = report.requests;
    context.print({{"job", report.job.value},
                   {"results", all},
                   {"skipped", skippedJson(report.skipped)},
                   {"requests", r.asked},
                   {"from_cache", r.fromCache},
                   {"failed", r.failed},
                   {"prompt_tokens", r.promptTokens},
                   {"completion_tokens", r.completionTokens},
                   {"cost", orNull(r.cost)},
                   {"seconds", r.seconds}},
                  rowsTable(report.rows) + skippedText(report.skipped) +
                      u"%1 asked, %2 known already, %3\n"_s.arg(counted(r.asked, u"question"_s))
                          .arg(r.fromCache)
                          .arg(counted(r.failed, u"error"_s)));
    if (r.failed > 0)
        context.say(u"The first error: %1"_s.arg(r.firstError));
    return report.state == JobState::Done ? Done : Partly;
}

void addCheckerCommands(CLI::App &app, Context &context)
{
    CLI::App *checker = app.add_subcommand(
        "checker", "Ways to ask a checker, and what they are worth on items of known labels.\n"
                   "Example: evalwright-cli checker list");
    checker->require_subcommand(1);
    CLI::App *listCommand =
        checker->add_subcommand("list", "The shipped forms.\nExample: evalwright-cli checker list --json");
    listCommand->callback([&context] { context.command = [&context] { return list(context); }; });

    auto name = std::make_shared<std::string>();
    CLI::App *showCommand = checker->add_subcommand(
        "show", "One form as JSON.\nExample: evalwright-cli checker show persona-agree > mine.json");
    showCommand->add_option("NAME", *name, "Name of a form, or a file")->required();
    showCommand->callback(
        [&context, name] { context.command = [&context, name] { return show(context, text(*name)); }; });

    auto o = std::make_shared<Options>();
    CLI::App *validate = checker->add_subcommand(
        "validate", "Try checkers on items whose labels are known; goes on when run again.\nExample: evalwright-cli -p "
                    "study.evalwright checker validate --dataset psychopathy --model small --items 100");
    validate->add_option("--dataset", o->datasets, "Data sets with known labels");
    validate->add_option("--golds", o->golds,
                         "Examples of a risk recipe (\"recipe data\") or a file of such; become the data set golds/NAME");
    validate->add_option("--model", o->models, "Models to try")->required();
    validate->add_option("--form", o->forms, "Forms by name or file; all shipped ones that fit the data sets when absent");
    validate->add_option("--frame", o->frames, "How to ask; what suits the model when absent")
        ->check(oneOf(u"frame"_s, {u"auto"_s, u"completion"_s, u"chat-prefill"_s, u"chat"_s}));
    validate->add_option("--items", o->items, "Items per data set, half of each label, drawn by the seed")
        ->check(wholeNumber(4, mostItems));
    validate->add_option("--seed", o->seed, "Seed of the sample")->check(wholeNumber(0, largestSeed));
    validate->add_option("--against", o->against,
                         "DATASET=OTHER: for relevance of multiple-choice questions; those of OTHER are beside the topic");
    validate->add_option("--topic", o->topic, "DATASET=TEXT: for relevance, completes \"to find out whether …\"");
    validate->add_option("--method", o->method, "How answers are read; sampled where a model gives no log-probabilities")
        ->check(oneOf(u"method"_s, {u"first-token"_s, u"sampled"_s}));
    validate->add_option("--samples", o->samples, "Answers for each presentation, when sampled")
        ->check(wholeNumber(1, mostVerdictSamples));
    validate->add_option("--describe", o->describe, "DATASET=TEXT that completes “a person who …”");
    validate->add_option("--contrast", o->contrast, "DATASET=TEXT: who the others are, “people who …”");
    validate->add_option("--budget", o->budget, "Stop when so much money is spent, earlier calls included")
        ->check(money());
    validate->add_flag("--accept-changed-server", context.acceptChangedServer,
                       "Probe a model again when its server is not the one that was probed, then go on");
    validate->add_flag("--dry-run", o->dryRun, "Say what would be asked; send nothing");
    validate->callback([&context, o] {
        if (o->datasets.empty() && o->golds.empty())
            throw CLI::RequiredError("--dataset or --golds");
        context.command = [&context, o]() -> Result<int> {
            EVALWRIGHT_ASSIGN(const CheckerTrialSpec spec, specFrom(context, *o));
            return o->dryRun ? dryRun(context, spec) : runCheckerTrial(context, spec);
        };
    });

    addCalibrateCommand(*checker, context);
    auto dataset = std::make_shared<std::string>(), model = std::make_shared<std::string>();
    CLI::App *resultsCommand = checker->add_subcommand(
        "results", "The latest figures of every checker that was tried.\nExample: evalwright-cli -p study.evalwright "
                   "checker results --model small");
    resultsCommand->add_option("--dataset", *dataset, "Only on this data set");
    resultsCommand->add_option("--model", *model, "Only this model");
    resultsCommand->callback([&context, dataset, model] {
        context.command = [&context, dataset, model] { return results(context, *dataset, *model); };
    });
}

} // namespace evalwright::cli
