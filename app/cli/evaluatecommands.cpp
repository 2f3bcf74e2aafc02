// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"
#include "app/cli/reports.h"

#include "core/hash.h"
#include "core/text.h"
#include "evaluation/findings.h"
#include "evaluation/frames.h"
#include "evaluation/questionmaker.h"
#include "evaluation/sampled.h"
#include "evaluation/scoring.h"
#include "evaluation/winogenderresults.h"
#include "storage/repositories/answerorigin.h"
#include "storage/repositories/runs.h"

#include <QFile>
#include <QStringDecoder>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct EvaluateOptions
{
    std::vector<std::string> datasets, models, frames, systems, controls{"none"};
    std::string orders = "one", scoring = "auto";
    qint64 repeats = 1;
    qint64 samples = usualSamples;
    std::optional<qint64> limit, seed;
    std::optional<double> budget;
    DeliveryOptions delivery;
    bool fresh = false, dryRun = false, reproducible = false;
};

/// NAME=TEXT, or NAME=@FILE: the file's text without a line end after it.
Status addSystem(EvaluateSpec &spec, const QString &option)
{
    const qsizetype equals = option.indexOf(u'=');
    const QString name = option.first(std::max<qsizetype>(equals, 0));
    QString value = option.sliced(equals + 1);
    if (equals < 1)
        return failure(ErrorCode::InvalidInput, u"“%1” names no system text."_s.arg(option.left(64)),
                       u"Use --system NAME=TEXT or --system NAME=@FILE."_s);
    if (value.startsWith(u'@')) {
        QFile file(value.sliced(1));
        constexpr qint64 mostBytes = 1 << 20;
        if (!file.open(QIODevice::ReadOnly)) {
            return failure(ErrorCode::InvalidInput, u"The system text “%1” cannot be read from %2."_s.arg(name, file.fileName()),
                           u"Check the path and its permissions."_s, file.errorString());
        }
        const QByteArray bytes = file.read(mostBytes + 1);
        QStringDecoder decoder(QStringDecoder::Utf8);
        value = decoder.decode(bytes);
        if (bytes.size() > mostBytes || decoder.hasError()) {
            return failure(ErrorCode::InvalidInput, u"%1 is not a UTF-8 text of at most 1 MiB."_s.arg(file.fileName()),
                           u"Check that it is the file you mean."_s);
        }
        if (value.endsWith(u'\n'))
            value.chop(value.endsWith("\r\n"_L1) ? 2 : 1);
    }
    if (spec.systems.contains(name))
        return failure(ErrorCode::InvalidInput, u"The system text “%1” is given twice."_s.arg(name));
    spec.systems.insert(name, value);
    if (!spec.frames.contains(u"chat+"_s + name))
        spec.frames << u"chat+"_s + name;
    return {};
}

/// What --frame accepts: a name, or chat+NAME.
CLI::Validator frameName()
{
    const CLI::Validator named = oneOf(u"frame"_s, frameNames());
    return {[named](std::string &given) {
                return systemNameOf(QString::fromStdString(given)).isEmpty() ? named(given) : std::string();
            },
            std::string()};
}

QString planText(const EvaluatePlan &plan, const EvaluateSpec &spec)
{
    Table table{{u"data set"_s, u"model"_s, u"frame"_s, u"control"_s, u"order"_s, u"repeat"_s, u"scoring"_s, u"items"_s, u"left out"_s,
                 u"answered"_s},
                {},
                {5, 7, 8, 9}};
    for (const PlannedCell &cell : plan.cells) {
        table.rows << QStringList{cell.dataset,
                                  cell.model,
                                  cell.frame,
                                  cell.control,
                                  cell.order,
                                  u"%1 of %2"_s.arg(cell.repeat + 1).arg(spec.repeats),
                                  cell.scoring,
                                  QString::number(cell.items),
                                  QString::number(cell.left),
                                  QString::number(cell.alreadyAnswered)};
    }
    QString human = table.text() + u"Nothing is sent. %1 would be.\n"_s.arg(counted(plan.requests, u"request"_s));
    for (auto system = plan.systems.cbegin(); system != plan.systems.cend(); ++system) {
        human += u"System text of chat+%1 (SHA-256 %2):\n  %3\n"_s.arg(
            system.key(), sha256Hex(system.value().toUtf8()), QString(system.value()).replace(u'\n', u"\n  "_s));
    }
    if (plan.requests > 0) {
        human += estimateText(plan.estimate);
        if (plan.batchCost)
            human += u"By batches: about %1 instead.\n"_s.arg(*plan.batchCost, 0, 'g', 4);
        else if (!spec.delivery.isLive())
            human += u"By batches: the cost is not known; give the prices and --batch-price-factor.\n"_s;
    }
    for (const DetectableEffect &effect : plan.detectable)
        human += effect.text() + u'\n';
    for (const QString &warning : plan.warnings)
        human += u"Warning: %1\n"_s.arg(warning);
    return human;
}

Result<int> evaluateCommand(Context &context, const EvaluateOptions &o)
{
    EvaluateSpec spec;
    spec.datasets = texts(o.datasets);
    spec.models = texts(o.models);
    spec.frames = texts(o.frames);
    for (const QString &system : texts(o.systems))
        EVALWRIGHT_TRY(addSystem(spec, system));
    if (spec.frames.isEmpty())
        spec.frames << u"auto"_s;
    spec.controls = texts(o.controls);
    spec.orders = text(o.orders);
    spec.repeats = o.repeats;
    spec.scoring = text(o.scoring);
    spec.samples = static_cast<int>(o.samples);
    spec.limit = o.limit;
    spec.seed = o.seed.value_or(0);
    spec.budget = o.budget;
    spec.fresh = o.fresh;
    EVALWRIGHT_ASSIGN(spec.delivery, deliveryFrom(o.delivery));
    spec.reproducible = o.reproducible;
    if (!o.dryRun)
        return runEvaluate(context, spec, o.delivery.wait);
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const EvaluatePlan plan, project->readNow([&](Connection &c) { return planEvaluate(c, spec); }));
    context.print(plan.toJson(), planText(plan, spec));
    return Done;
}

/// What the run of each row took from the store; rows without are absent.
Result<QHash<qsizetype, CachedPart>> cachedOf(Connection &connection, const QList<ResultRow> &rows)
{
    QHash<RunId, QList<CachedPart>> runs;
    QHash<qsizetype, CachedPart> found;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        const ResultRow &row = rows.at(i);
        if (!runs.contains(row.runId)) {
            EVALWRIGHT_ASSIGN(runs[row.runId], cachedParts(connection, row.runId));
        }
        for (const CachedPart &part : std::as_const(runs[row.runId])) {
            if (part.dataset == row.datasetId && part.model == row.modelId && part.frame == row.frame &&
                part.control == row.control)
                found.insert(i, part);
        }
    }
    return found;
}

Result<int> resultsCommand(Context &context, const ResultFilter &filter)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const Findings found, project->readNow([&](Connection &c) { return findings(c, filter); }));
    const QList<ResultRow> &rows = found.rows;
    EVALWRIGHT_ASSIGN(const auto cached, project->readNow([&](Connection &c) { return cachedOf(c, rows); }));
    // Only asked for where a row has answers and nothing that they could match.
    QList<WinogenderResult> pronouns;
    if (std::ranges::any_of(rows, [](const ResultRow &row) { return row.answered > 0 && !row.score; })) {
        EVALWRIGHT_ASSIGN(pronouns, project->readNow([&](Connection &c) { return winogenderResults(c, filter); }));
    }
    json all = json::array(), shifts = json::array(), swings = json::array(), positions = json::array(),
         winogender = json::array();
    QString human = rows.isEmpty() ? u"No results yet. Example: evalwright-cli evaluate --dataset D --model M"_s
                                   : resultTable(rows);
    for (qsizetype i = 0; i < rows.size(); ++i) {
        json row = rows.at(i).toJson();
        const CachedPart part = cached.value(i);
        row["from_cache"] = {{"answers", part.answers},
                             {"first_asked", orNull(part.firstAsked)},
                             {"last_asked", orNull(part.lastAsked)}};
        all.push_back(row);
        if (part.answers > 0)
            human += u"Note: %1, %2: %3 from cache, first asked %4\n"_s.arg(
                rows.at(i).dataset, rows.at(i).model, counted(part.answers, u"answer"_s),
                part.firstAsked.left(10) == part.lastAsked.left(10)
                    ? u"on "_s + part.firstAsked.left(10)
                    : u"from %1 to %2"_s.arg(part.firstAsked.left(10), part.lastAsked.left(10)));
    }
    const auto tell = [&human](const auto &list, json &out) {
        for (const auto &one : list) {
            out.push_back(one.toJson());
            human += u"%1, %2, frame %3, %4: %5\n"_s.arg(one.dataset, one.model, one.frame, one.scoring, one.text());
        }
    };
    tell(found.shifts, shifts);
    tell(found.swings, swings);
    tell(found.positions, positions);
    for (const WinogenderResult &one : pronouns) {
        winogender.push_back(one.toJson());
        human += u"%1, %2, frame %3, %4: %5\n"_s.arg(one.row.dataset, one.row.model, one.row.frame, one.row.scoring,
                                                      one.text());
    }
    context.print({{"results", all},
                   {"shifts", shifts},
                   {"swings", swings},
                   {"position_bias", positions},
                   {"winogender", winogender}},
                  human);
    return Done;
}

Result<int> compareCommand(Context &context, const QString &a, const QString &b, const QString &dataset,
                           const QString &frame)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const Comparison c, project->readNow([&](Connection &connection) {
        return compareModels(connection, dataset, a, b, frame);
    }));
    QString human = u"%1: paired comparison on the %2 that both answered (%3 left out)\n"
                    u"%4: %5\n%6: %7\nDifference, %4 minus %6: %8"_s.arg(c.dataset, counted(c.n, u"item"_s))
                        .arg(c.dropped)
                        .arg(c.modelA, percent(c.scoreA), c.modelB, percent(c.scoreB), percent(c.difference));
    if (c.low)
        human += u" (95% interval %1 to %2)"_s.arg(percent(c.low), percent(c.high));
    human += u", p = %1 (%2)\n"_s.arg(c.p ? QString::number(*c.p, 'g', 3) : u"—"_s,
                                      c.mcnemarP ? u"exact McNemar test"_s : u"t test over clusters"_s);
    human += u"%1 matched only with %2, %3 only with %4.\n"_s.arg(counted(c.onlyA, u"item"_s), c.modelA)
                 .arg(c.onlyB)
                 .arg(c.modelB);
    for (const QString &note : c.notes)
        human += u"Note: %1\n"_s.arg(note);
    context.print(c.toJson(), human);
    return Done;
}

Result<int> compareScoringCommand(Context &context, const QString &model, const QStringList &scorings,
                                  const QString &dataset, const QString &frame)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const ScoringComparison c, project->readNow([&](Connection &connection) {
        return compareScorings(connection, dataset, model, scorings.at(0), scorings.at(1), frame);
    }));
    const auto number = [](const std::optional<double> &value) {
        return value ? QString::number(*value, 'g', 4) : u"—"_s;
    };
    QString human = u"%1, %2, frame %3: the same items scored by %4 and by %5\n"_s.arg(c.dataset, c.model, c.frame,
                                                                                       c.scoringA, c.scoringB);
    human += u"%1 scored by both, %2 with a probability from both: correlation %3\n"_s
                 .arg(counted(c.n, u"item"_s))
                 .arg(c.withBoth)
                 .arg(number(c.correlation));
    human += u"%1 of %2 answers are equal (%3)\n"_s.arg(c.equal).arg(c.answeredByBoth).arg(percent(c.equalShare()));
    human += u"Without an answer by %1 alone: %2; by %3 alone: %4; by both: %5\n"_s
                 .arg(c.scoringA)
                 .arg(c.undecidedOnlyA)
                 .arg(c.scoringB)
                 .arg(c.undecidedOnlyB)
                 .arg(c.undecidedByBoth);
    human += u"Median label mass: %1 and %2\n"_s.arg(number(c.labelMassA), number(c.labelMassB));
    context.print(c.toJson(), human);
    return Done;
}

} // namespace

void addEvaluateCommands(CLI::App &app, Context &context)
{
    auto o = std::make_shared<EvaluateOptions>();
    CLI::App *evaluate = app.add_subcommand(
        "evaluate", "Ask models the items of data sets; goes on when run again.\n"
                    "Example: evalwright-cli -p study.evalwright evaluate --dataset agreeableness --model small large\n"
                    "Example: evalwright-cli -p study.evalwright evaluate --dataset politics --model small "
                    "--control none no-biography swapped-biography --orders all");
    evaluate->add_option("--dataset", o->datasets, "Data sets")->required();
    evaluate->add_option("--model", o->models, "Models")->required();
    evaluate
        ->add_option("--frame", o->frames,
                     "auto, chat, ha, bare, another published frame, or chat+NAME with a system text [auto]")
        ->check(frameName());
    evaluate->add_option("--system", o->systems,
                         "NAME=TEXT or NAME=@FILE: a system text, asked as the frame chat+NAME; the project keeps it");
    evaluate
        ->add_option("--control", o->controls,
                     "Conditions to ask under: none, no-biography, swapped-biography, pro, anti, paraphrase-1 to -3")
        ->check(oneOf(u"control"_s, preparation::controlNames()))
        ->capture_default_str();
    evaluate->add_option("--orders", o->orders, "Orders of lettered options: one, or all that are made by turning them round")
        ->check(oneOf(u"order"_s, {u"one"_s, u"all"_s}))
        ->capture_default_str();
    evaluate->add_option("--repeats", o->repeats, "How often every question is asked; the score is the mean over the items' shares")
        ->check(wholeNumber(1, mostRepeats))
        ->capture_default_str();
    evaluate->add_option("--scoring", o->scoring, "auto, exact, forced, first-token or sampled")
        ->check(oneOf(u"scoring in this version named"_s, scoringNames()))
        ->capture_default_str();
    evaluate->add_option("--samples", o->samples, "Answers to each question with --scoring sampled")
        ->check(wholeNumber(2, mostSamples))
        ->capture_default_str();
    evaluate->add_option("--limit", o->limit, "Items per data set, drawn with the seed, balanced over labels")
        ->check(wholeNumber(1, mostItems));
    evaluate->add_option("--seed", o->seed, "Seed of the draw and of sampled answers")->check(wholeNumber(-largestSeed, largestSeed));
    evaluate->add_option("--budget", o->budget, "Stop when the job has spent so much money, earlier calls included")
        ->check(money());
    evaluate->add_flag("--fresh", o->fresh,
                       "Ask again, also what is stored: a run of its own; goes on when run again until it is done");
    evaluate->add_flag("--accept-changed-server", context.acceptChangedServer,
                       "Probe a model again when its server is not the one that was probed, then go on");
    addDeliveryOptions(*evaluate, o->delivery);
    evaluate->add_flag("--reproducible", o->reproducible,
                       "One request at a time, without the server's cache: slower, and a run of its own");
    evaluate->add_flag("--dry-run", o->dryRun, "Say what would be asked; send nothing");
    evaluate->callback([&context, o] { context.command = [&context, o] { return evaluateCommand(context, *o); }; });

    struct Names
    {
        std::vector<std::string> datasets, models;
        std::string run, frame, a, b;
    };
    auto n = std::make_shared<Names>();
    CLI::App *resultsApp = app.add_subcommand(
        "results", "Stored results with intervals.\nExample: evalwright-cli -p study.evalwright results --json");
    resultsApp->add_option("--run", n->run, "One run; the latest of each cell when absent");
    resultsApp->add_option("--dataset", n->datasets, "Only these data sets");
    resultsApp->add_option("--model", n->models, "Only these models");
    resultsApp->add_option("--frame", n->frame, "Only this frame");
    resultsApp->callback([&context, n] {
        context.command = [&context, n] {
            return resultsCommand(context, {text(n->run), texts(n->datasets), texts(n->models), text(n->frame)});
        };
    });

    CLI::App *compare = app.add_subcommand(
        "compare", "Two models, or one model scored two ways, item by item.\n"
                   "Example: evalwright-cli -p study.evalwright compare small large --dataset agreeableness\n"
                   "Example: evalwright-cli -p study.evalwright compare small --scoring exact first-token "
                   "--dataset agreeableness");
    compare->add_option("MODEL_A", n->a)->required();
    CLI::Option *second = compare->add_option("MODEL_B", n->b);
    auto dataset = std::make_shared<std::string>();
    auto scorings = std::make_shared<std::vector<std::string>>();
    compare->add_option("--dataset", *dataset, "The data set")->required();
    compare->add_option("--frame", n->frame, "Only this frame");
    compare->add_option("--scoring", *scorings, "Two ways to score, of one model")
        ->expected(2)
        ->check(oneOf(u"scoring named"_s, scoringNames().mid(1)))
        ->excludes(second);
    compare->callback([&context, n, dataset, scorings, second] {
        if (scorings->empty() && second->count() == 0)
            throw CLI::RequiredError("MODEL_B or --scoring");
        context.command = [&context, n, dataset, scorings] {
            if (!scorings->empty()) {
                return compareScoringCommand(context, text(n->a), texts(*scorings), text(*dataset), text(n->frame));
            }
            return compareCommand(context, text(n->a), text(n->b), text(*dataset), text(n->frame));
        };
    });
}

} // namespace evalwright::cli
