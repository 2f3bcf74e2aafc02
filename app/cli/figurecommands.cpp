// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/figurecommands.h"

#include "app/cli/reports.h"
#include "core/statistics/formatting.h"
#include "core/text.h"
#include "evaluation/figures.h"
#include "evaluation/report.h"
#include "generators/map/itemmap.h"
#include "storage/exchange/outputfile.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcess>
#include <QSaveFile>
#include <QTemporaryDir>
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
        // A shift is a difference of shares, and no share.
        const auto shown = [&curve](const std::optional<double> &value) {
            return curve.measure == "shift"_L1 ? QString::fromStdString(statistics::formatPoints(value)) : percent(value);
        };
        for (const ScalingPoint &point : curve.points) {
            out += u"  %1  %2  %3 (%4 – %5), n = %6, %7 answered\n"_s
                       .arg(scalingPlace(report.axis, point.x).rightJustified(6), point.row.model, shown(point.value),
                            shown(point.low), shown(point.high))
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

struct PictureOptions
{
    QString size, scale, paper; ///< Empty: as the workbench has it.
};

struct FigureOptions
{
    FigureQuery query;
    std::string output, embedding, size, scale, paper;
    bool force = false;

    PictureOptions pictures() const { return {text(size), text(scale), text(paper)}; }
};

/// Pictures are drawn by the workbench beside this program, offscreen: nothing graphical is linked here.
Status drawWithWorkbench(const FigureSpec &figure, const QString &output, const PictureOptions &options)
{
    const QString program = QCoreApplication::applicationDirPath() + u"/evalwright"_s;
    if (!QFileInfo(program).isExecutable()) {
        return failure(ErrorCode::Unsupported, u"Pictures need the workbench, and there is none at %1."_s.arg(program),
                       u"Install or build it, or write .csv or .json."_s);
    }
    const QByteArray spec = QByteArray::fromStdString(figure.toJson().dump());
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
    for (const auto &[name, value] : {std::pair(u"--size"_s, options.size), std::pair(u"--scale"_s, options.scale),
                                      std::pair(u"--paper"_s, options.paper)}) {
        if (!value.isEmpty())
            arguments << name << value;
    }
    process.start(program, arguments);
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        const QString words = QString::fromUtf8(process.readAllStandardError()).trimmed();
        process.kill();
        process.waitForFinished(5'000);
        return failure(ErrorCode::Unknown, u"The workbench could not draw the figure."_s,
                       words.isEmpty() ? u"Write .csv or .json instead."_s : u"It says: %1"_s.arg(words), words);
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

Status writeWhole(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        return failure(ErrorCode::Storage, u"\"%1\" cannot be written."_s.arg(path),
                       u"Check the folder, its permissions and the free space."_s, file.errorString());
    }
    return {};
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
    if (suffix == u"csv"_s || suffix == u"json"_s) {
        const QByteArray bytes = suffix == u"csv"_s ? figure.toCsv()
                                                  : QByteArray::fromStdString(figure.toJson().dump(2)) + '\n';
        EVALWRIGHT_TRY(writeWhole(output, bytes));
    } else {
        EVALWRIGHT_TRY(drawWithWorkbench(figure, QFileInfo(output).absoluteFilePath(), o.pictures()));
    }
    context.print({{"path", QFileInfo(output).absoluteFilePath().toStdString()},
                   {"kind", figure.kind.toStdString()},
                   {"data_sha256", figure.dataHash.toStdString()}},
                  u"Figure: %1"_s.arg(output));
    return Done;
}

struct ReportOptions
{
    std::string output, title, family, frame;
    std::vector<std::string> datasets, models;
    bool force = false, withoutKept = false;
};

Result<int> reportCommand(Context &context, const ReportOptions &o)
{
    const QString output = text(o.output);
    if (QFileInfo(output).suffix().toLower() != u"html"_s)
        return failure(ErrorCode::InvalidInput, u"\"%1\" does not end in .html."_s.arg(output));
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_TRY(mayWriteFile(output, project->path(), o.force));
    const ReportQuery query{text(o.title), texts(o.datasets), texts(o.models), text(o.family), text(o.frame), !o.withoutKept};
    EVALWRIGHT_ASSIGN(const Report report, project->readNow([&](Connection &c) {
        return makeReport(c, query, QFileInfo(project->path()).completeBaseName());
    }));
    const QTemporaryDir folder;
    QList<QByteArray> pictures;
    for (const FigureSpec &figure : report.figures) {
        if (context.token().isCancelled())
            return failure(Error(ErrorCode::Cancelled, u"Stopped as asked; nothing was written."_s));
        const QString path = folder.filePath(u"%1.svg"_s.arg(pictures.size()));
        const Status drawn = drawWithWorkbench(figure, path, {u"960x0"_s, {}, {}});
        if (!drawn && drawn.error().code == ErrorCode::Unsupported)
            return failure(drawn.error()); // There is no workbench: no picture at all.
        QFile picture(path);
        const bool isThere = drawn && picture.open(QIODevice::ReadOnly);
        if (!isThere) // The page says so, and has its numbers.
            context.say(u"“%1” could not be drawn: %2"_s.arg(figure.title, drawn ? picture.errorString() : drawn.error().text()));
        pictures << (isThere ? picture.readAll() : QByteArray());
    }
    EVALWRIGHT_TRY(writeWhole(output, reportHtml(report, pictures)));
    json hashes = json::array();
    for (const FigureSpec &figure : report.figures)
        hashes.push_back({{"kind", figure.kind.toStdString()},
                          {"title", figure.title.toStdString()},
                          {"data_sha256", figure.dataHash.toStdString()}});
    context.print({{"path", QFileInfo(output).absoluteFilePath().toStdString()},
                   {"figures", hashes},
                   {"results", report.findings.rows.size()}},
                  u"Report: %1 (%2, %3)"_s.arg(output, counted(report.figures.size(), u"figure"_s),
                                               counted(report.findings.rows.size(), u"result"_s)));
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

    auto r = std::make_shared<ReportOptions>();
    CLI::App *report = app.add_subcommand(
        "report", "Write figures, results, methods and hashes as one HTML page that needs nothing else.\n"
                  "Example: evalwright-cli -p study.evalwright report -o study.html");
    report->add_option("-o,--output", r->output, "File ending in .html")->required();
    report->add_option("--title", r->title, "Title of the page; from the data sets when absent");
    report->add_option("--dataset", r->datasets, "Only these data sets");
    report->add_option("--model", r->models, "Only these models; curves show whole families");
    report->add_option("--family", r->family, "Only this family of models");
    report->add_option("--frame", r->frame, "Only this frame");
    report->add_flag("--without-kept", r->withoutKept, "Without the figures that are kept in the project");
    report->add_flag("--force", r->force, "Overwrite the file");
    report->callback([&context, r] { context.command = [&context, r] { return reportCommand(context, *r); }; });
}

} // namespace evalwright::cli
