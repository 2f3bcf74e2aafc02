// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"
#include "app/cli/reports.h"

#include "core/hash.h"
#include "core/text.h"
#include "evaluation/frames.h"
#include "evaluation/questionmaker.h"
#include "evaluation/sampled.h"
#include "evaluation/scaling.h"
#include "evaluation/scoring.h"
#include "storage/exchange/outputfile.h"
#include "storage/repositories/answerorigin.h"
#include "storage/repositories/runs.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QSaveFile>
#include <QStringDecoder>
#include <QTemporaryFile>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct EvaluateOptions
{
    std::vector<std::string> datasets, models, frames, systems, controls{"none"};
    std::string orders = "one", scoring = "auto";
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
    Table table{{u"data set"_s, u"model"_s, u"frame"_s, u"control"_s, u"order"_s, u"scoring"_s, u"items"_s, u"left out"_s,
                 u"answered"_s},
                {},
                {6, 7, 8}};
    for (const PlannedCell &cell : plan.cells) {
        table.rows << QStringList{cell.dataset,
                                  cell.model,
                                  cell.frame,
                                  cell.control,
                                  cell.order,
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
    EVALWRIGHT_ASSIGN(const QList<ResultRow> rows, project->readNow([&](Connection &c) { return results(c, filter); }));
    EVALWRIGHT_ASSIGN(const auto cached, project->readNow([&](Connection &c) { return cachedOf(c, rows); }));
    json all = json::array();
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
    context.print({{"results", all}}, human);
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

QString scalingText(const ScalingReport &report)
{
    QString out;
    for (const ScalingCurve &curve : report.curves) {
        QStringList of{curve.family.isEmpty() ? curve.families.join(u" + "_s) : curve.family};
        if (!curve.training.isEmpty())
            of << curve.training;
        if (curve.parameters)
            of << formatParameters(curve.parameters);
        if (curve.steps)
            of << u"step %1"_s.arg(*curve.steps);
        out += u"%1, %2, frame %3, %4: %5\n"_s.arg(curve.dataset, of.join(u", "_s), curve.frame, curve.scoring,
                                                   curve.verdict);
        out += u"  %1\n"_s.arg(curve.text);
        for (const QString &detail : curve.details)
            out += u"  %1\n"_s.arg(detail);
        for (const ScalingPoint &point : curve.points) {
            out += u"  %1  %2  %3 (%4 – %5), n = %6, %7 answered\n"_s
                       .arg(scalingPlace(report.axis, point.x).rightJustified(6), point.row.model, percent(point.value),
                            percent(point.low), percent(point.high))
                       .arg(point.row.n)
                       .arg(point.row.answered);
        }
        for (const ControlCurve &control : curve.controls) {
            for (const ScalingPoint &point : control.points)
                out += u"  control %1: %2  %3 (%4 – %5)\n"_s.arg(control.control, point.row.model, percent(point.value),
                                                                 percent(point.low), percent(point.high));
        }
    }
    for (const LeftOutModel &left : report.leftOut)
        out += u"Left out: %1 on %2 (%3)\n"_s.arg(left.model, left.dataset, left.reason);
    return out;
}

Result<int> scalingCommand(Context &context, const ScalingQuery &query)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const ScalingReport report, project->readNow([&](Connection &c) { return scaling(c, query); }));
    context.print(report.toJson(), scalingText(report));
    return Done;
}

/// Pictures are drawn by the workbench beside this program, offscreen: nothing graphical is linked here.
Status drawWithWorkbench(const QByteArray &spec, const QString &output)
{
    const QString program = QCoreApplication::applicationDirPath() + u"/evalwright"_s;
    if (!QFileInfo(program).isExecutable()) {
        return failure(ErrorCode::Unsupported, u"Pictures need the workbench, and there is none at %1."_s.arg(program),
                       u"Install or build it, or write .csv or .json."_s);
    }
    QTemporaryFile file;
    if (!file.open() || file.write(spec) != spec.size() || !file.flush()) {
        return failure(ErrorCode::Storage, u"The figure's data cannot be written to a temporary file."_s,
                       u"Check the space in the temporary folder."_s, file.errorString());
    }
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    process.setProcessEnvironment(environment);
    process.start(program, {u"--render-figure"_s, file.fileName(), output});
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        const QByteArray words = process.readAllStandardError();
        process.kill();
        process.waitForFinished(5'000);
        return failure(ErrorCode::Unknown, u"The workbench could not draw the figure."_s,
                       u"Write .csv or .json instead, or see the details with --verbose."_s, QString::fromUtf8(words));
    }
    return {};
}

struct FigureOptions
{
    std::string kind, output, frame, family, axis = "parameters", measure = "match", control = "no-biography";
    std::vector<std::string> datasets, models;
    bool force = false, across = false;
};

Result<FigureSpec> figureOf(Connection &connection, const FigureOptions &o)
{
    if (o.kind == "scaling") {
        ScalingQuery query;
        query.datasets = texts(o.datasets);
        query.axis = text(o.axis);
        query.family = text(o.family);
        query.frame = text(o.frame);
        query.measure = text(o.measure);
        query.control = text(o.control);
        query.acrossFamilies = o.across;
        EVALWRIGHT_ASSIGN(const ScalingReport report, scaling(connection, query));
        return scalingFigure(report, query);
    }
    ResultFilter filter;
    filter.datasets = texts(o.datasets);
    filter.models = texts(o.models);
    filter.frame = text(o.frame);
    EVALWRIGHT_ASSIGN(const QList<ResultRow> rows, results(connection, filter));
    if (rows.isEmpty())
        return failure(ErrorCode::InvalidInput, u"There are no results to draw."_s, u"Evaluate some models first."_s);
    return scoresFigure(rows, filter);
}

Result<int> figureCommand(Context &context, const FigureOptions &o)
{
    const QString output = text(o.output);
    const QString suffix = QFileInfo(output).suffix().toLower();
    if (!QStringList{u"svg"_s, u"pdf"_s, u"png"_s, u"csv"_s, u"json"_s}.contains(suffix))
        return failure(ErrorCode::InvalidInput,
                       u"\"%1\" does not end in .svg, .pdf, .png, .csv or .json."_s.arg(output));
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_TRY(mayWriteFile(output, project->path(), o.force));
    EVALWRIGHT_ASSIGN(const FigureSpec figure, project->readNow([&](Connection &c) { return figureOf(c, o); }));
    const QByteArray document = QByteArray::fromStdString(figure.toJson().dump(2)) + '\n';
    if (suffix == u"csv"_s || suffix == u"json"_s) {
        const QByteArray bytes = suffix == u"csv"_s ? figure.toCsv() : document;
        QSaveFile file(output);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
            return failure(ErrorCode::Storage, u"\"%1\" cannot be written."_s.arg(output),
                           u"Check the folder, its permissions and the free space."_s, file.errorString());
        }
    } else {
        EVALWRIGHT_TRY(drawWithWorkbench(document, QFileInfo(output).absoluteFilePath()));
    }
    context.print({{"path", QFileInfo(output).absoluteFilePath().toStdString()},
                   {"kind", figure.kind.toStdString()},
                   {"data_sha256", figure.dataHash.toStdString()}},
                  u"Figure: %1"_s.arg(output));
    return Done;
}

} // namespace

namespace {

/// What `scaling` and `figure scaling` share.
void addScalingOptions(CLI::App &command, std::string &axis, std::string &measure, std::string &control, bool &across)
{
    command.add_option("--axis", axis, "parameters, flops (training compute), steps (of training) or date (of release)")
        ->check(oneOf(u"axis"_s, scalingAxes()))
        ->capture_default_str();
    command
        .add_option("--measure", measure,
                    "match, probability (of the matching answer) or shift (match less that of the control)")
        ->check(oneOf(u"measure"_s, scalingMeasures()))
        ->capture_default_str();
    command.add_option("--control", control, "The control of --measure shift")->capture_default_str();
    command.add_flag("--across-families", across,
                     "Models of several families in one curve: drawn and described, never given a verdict");
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
        std::string run, frame, family, axis = "parameters", measure = "match", control = "no-biography", a, b;
        bool across = false;
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

    CLI::App *scalingApp =
        app.add_subcommand("scaling", "Curves over model size with verdicts.\nExample: evalwright-cli -p "
                                      "study.evalwright scaling --dataset agreeableness");
    scalingApp->add_option("--dataset", n->datasets, "Only these data sets");
    addScalingOptions(*scalingApp, n->axis, n->measure, n->control, n->across);
    scalingApp->add_option("--family", n->family, "Only this family");
    scalingApp->add_option("--frame", n->frame, "Only this frame");
    scalingApp->callback([&context, n] {
        context.command = [&context, n] {
            return scalingCommand(context, {texts(n->datasets), text(n->axis), text(n->family), text(n->frame),
                                            text(n->measure), text(n->control), n->across});
        };
    });

    auto f = std::make_shared<FigureOptions>();
    CLI::App *figure = app.add_subcommand(
        "figure", "Write a figure as picture, table or data.\n"
                  "Example: evalwright-cli -p study.evalwright figure scaling --dataset agreeableness -o curve.svg");
    figure->add_option("KIND", f->kind, "scaling or scores")->required()->check(CLI::IsMember({"scaling", "scores"}));
    figure->add_option("-o,--output", f->output, "File ending in .svg, .pdf, .png, .csv or .json")->required();
    figure->add_option("--dataset", f->datasets, "Only these data sets");
    figure->add_option("--model", f->models, "Only these models (scores)");
    figure->add_option("--family", f->family, "Only this family (scaling)");
    figure->add_option("--frame", f->frame, "Only this frame");
    addScalingOptions(*figure, f->axis, f->measure, f->control, f->across);
    figure->add_flag("--force", f->force, "Overwrite the file");
    figure->callback([&context, f] { context.command = [&context, f] { return figureCommand(context, *f); }; });
}

} // namespace evalwright::cli
