// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/figurecommands.h"

#include "app/cli/reports.h"
#include "core/text.h"
#include "evaluation/figures.h"
#include "generators/map/itemmap.h"
#include "storage/exchange/outputfile.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QSaveFile>
#include <QTemporaryFile>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

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

const QString mapKind = u"map"_s;

struct FigureOptions
{
    FigureQuery query;
    std::string output, embedding, size, scale, paper;
    bool force = false;
};

/// Pictures are drawn by the workbench beside this program, offscreen: nothing graphical is linked here.
Status drawWithWorkbench(const QByteArray &spec, const QString &output, const FigureOptions &o)
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
    QStringList arguments{u"--render-figure"_s, file.fileName(), output};
    for (const auto &[name, value] : {std::pair(u"--size"_s, o.size), std::pair(u"--scale"_s, o.scale),
                                      std::pair(u"--paper"_s, o.paper)}) {
        if (!value.empty())
            arguments << name << text(value);
    }
    process.start(program, arguments);
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        const QByteArray words = process.readAllStandardError();
        process.kill();
        process.waitForFinished(5'000);
        return failure(ErrorCode::Unknown, u"The workbench could not draw the figure."_s,
                       u"Write .csv or .json instead, or see the details with --verbose."_s, QString::fromUtf8(words));
    }
    return {};
}

QList<MappedItem> mappedItems(const MapStart &start)
{
    QList<MappedItem> items;
    for (std::size_t i = 0; i < start.items.size(); ++i) {
        const auto row = static_cast<Eigen::Index>(i);
        items << MappedItem{start.items[i].label, start.items[i].text, start.plane(row, 0), start.plane(row, 1)};
    }
    return items;
}

/// The map of one data set: of the room that places items, so it is not among those that makeFigure() makes.
Result<FigureSpec> mapOf(Context &context, Project &project, const FigureOptions &o)
{
    if (o.query.datasets.size() != 1)
        return failure(ErrorCode::InvalidInput, u"A map is that of one data set."_s, u"Name it with --dataset."_s);
    MapChoice choice;
    EVALWRIGHT_TRY(project.readNow([&](Connection &c) -> Status {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, o.query.datasets.first()));
        choice.dataset = dataset.id;
        if (!o.embedding.empty()) {
            EVALWRIGHT_ASSIGN(const Model model, modelByName(c, text(o.embedding)));
            choice.embedder = model.id;
        }
        return {};
    }));
    SimilarityWork work;
    work.token = context.token();
    EVALWRIGHT_ASSIGN(const MapStart start, startMap(project, choice, work));
    if (start.items.empty())
        return failure(ErrorCode::InvalidInput, u"“%1” has no items to place."_s.arg(o.query.datasets.first()),
                       u"Keep some items first."_s);
    return mapFigure(o.query.datasets.first(), text(o.embedding), mappedItems(start), start.total);
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
    EVALWRIGHT_ASSIGN(const FigureSpec figure,
                      o.query.kind == mapKind ? mapOf(context, *project, o)
                                              : project->readNow([&](Connection &c) { return makeFigure(c, o.query); }));
    const QByteArray document = QByteArray::fromStdString(figure.toJson().dump(2)) + '\n';
    if (suffix == u"csv"_s || suffix == u"json"_s) {
        const QByteArray bytes = suffix == u"csv"_s ? figure.toCsv() : document;
        QSaveFile file(output);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
            return failure(ErrorCode::Storage, u"\"%1\" cannot be written."_s.arg(output),
                           u"Check the folder, its permissions and the free space."_s, file.errorString());
        }
    } else {
        EVALWRIGHT_TRY(drawWithWorkbench(document, QFileInfo(output).absoluteFilePath(), o));
    }
    context.print({{"path", QFileInfo(output).absoluteFilePath().toStdString()},
                   {"kind", figure.kind.toStdString()},
                   {"data_sha256", figure.dataHash.toStdString()}},
                  u"Figure: %1"_s.arg(output));
    return Done;
}

/// What `scaling` and `figure scaling` share.
void addCurveOptions(CLI::App &command, std::string &axis, std::string &measure, std::string &control, bool &across)
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

void addFigureCommands(CLI::App &app, Context &context)
{
    struct Names
    {
        std::vector<std::string> datasets;
        std::string frame, family, axis = "parameters", measure = "match", control = "no-biography";
        bool across = false;
    };
    auto n = std::make_shared<Names>();
    CLI::App *scalingApp =
        app.add_subcommand("scaling", "Curves over model size with verdicts.\nExample: evalwright-cli -p "
                                      "study.evalwright scaling --dataset agreeableness");
    scalingApp->add_option("--dataset", n->datasets, "Only these data sets");
    addCurveOptions(*scalingApp, n->axis, n->measure, n->control, n->across);
    scalingApp->add_option("--family", n->family, "Only this family");
    scalingApp->add_option("--frame", n->frame, "Only this frame");
    scalingApp->callback([&context, n] {
        context.command = [&context, n] {
            return scalingCommand(context, {texts(n->datasets), text(n->axis), text(n->family), text(n->frame),
                                            text(n->measure), text(n->control), n->across});
        };
    });

    struct FigureWords
    {
        std::string kind, run, frame, family, axis = "parameters", measure = "match", control = "no-biography";
        std::vector<std::string> datasets, models;
        bool across = false;
    };
    auto f = std::make_shared<FigureOptions>();
    auto w = std::make_shared<FigureWords>();
    CLI::App *figure = app.add_subcommand(
        "figure", "Write a figure as picture, table or data.\n"
                  "Example: evalwright-cli -p study.evalwright figure scaling --dataset agreeableness -o curve.svg\n"
                  "Example: evalwright-cli -p study.evalwright figure differences --dataset politics --model base rlhf "
                  "--size column -o change.pdf");
    figure->add_option("KIND", w->kind, (figureKinds() << mapKind).join(u", "_s).toStdString())
        ->required()
        ->check(oneOf(u"kind of figure"_s, figureKinds() << mapKind));
    figure->add_option("-o,--output", f->output, "File ending in .svg, .pdf, .png, .csv or .json")->required();
    figure->add_option("--dataset", w->datasets, "Only these data sets");
    figure->add_option("--model", w->models, "Only these models; of differences the first is taken from the others");
    figure->add_option("--run", w->run, "One run; of each cell the run that covers most when absent");
    figure->add_option("--family", w->family, "Only this family of models");
    figure->add_option("--frame", w->frame, "Only this frame");
    addCurveOptions(*figure, w->axis, w->measure, w->control, w->across);
    figure->add_option("--embedding", f->embedding, "Of the map: a model whose vectors \"dataset embed\" stored");
    figure->add_option("--size", f->size, "Of pictures: column (85 mm), double (170 mm), slide, or pixels as 960x640");
    figure->add_option("--scale", f->scale, "Of PNG files: pixels per pixel at 96 per inch [2]");
    figure->add_option("--paper", f->paper, "Of pictures: print, light or dark [print]");
    figure->add_flag("--force", f->force, "Overwrite the file");
    figure->callback([&context, f, w] {
        f->query = {text(w->kind),   texts(w->datasets), texts(w->models), text(w->run),     text(w->family),
                    text(w->frame),  text(w->axis),      text(w->measure), text(w->control), w->across};
        context.command = [&context, f] { return figureCommand(context, *f); };
    });
}

} // namespace evalwright::cli
