// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reports.h"

#include "app/cli/changedservers.h"
#include "app/cli/delivery.h"

#include "core/statistics/formatting.h"
#include "core/text.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;

QString percent(const std::optional<double> &share)
{
    return QString::fromStdString(statistics::formatPercent(share, 1));
}

QString funnelText(const QList<FunnelStage> &stages)
{
    Table table{{u"stage"_s, u"in"_s, u"out"_s, u"lost"_s}, {}, {1, 2}};
    for (const FunnelStage &stage : stages) {
        QStringList lost;
        for (auto it = stage.rejected.begin(); it != stage.rejected.end(); ++it)
            lost << u"%1 %2"_s.arg(it.value()).arg(it.key());
        table.rows << QStringList{stage.id, QString::number(stage.in), QString::number(stage.out), lost.join(u", "_s)};
    }
    return table.text();
}

namespace {

template <class Print>
QString numberText(const QString &name, const EstimatedNumber &number, Print print)
{
    QString out = u"  "_s + name.leftJustified(18);
    if (!number.value) {
        out += u"not known"_s;
    } else {
        const QString low = print(number.value->low), expected = print(number.value->expected),
                      high = print(number.value->high);
        out += low == high ? expected : u"%1 (%2 to %3)"_s.arg(expected, low, high);
    }
    out += u'\n';
    for (const QString &line : number.basis)
        out += u"    "_s + line + u'\n';
    return out;
}

} // namespace

QString estimateText(const Estimate &estimate)
{
    const auto count = [](double value) { return QString::number(value, 'f', 0); };
    const auto money = [](double value) { return QString::number(value, 'g', 3); };
    return u"Estimate of what is still to be done, with what it rests on:\n"_s +
           numberText(u"requests"_s, estimate.requests, count) +
           numberText(u"prompt tokens"_s, estimate.promptTokens, count) +
           numberText(u"generated tokens"_s, estimate.completionTokens, count) +
           numberText(u"cost"_s, estimate.cost, money) + numberText(u"time"_s, estimate.seconds, formatDuration);
}

QString generateText(const GenerateReport &report)
{
    QString out = funnelText(report.stages) + u'\n';
    QStringList labels;
    for (auto it = report.itemsPerLabel.begin(); it != report.itemsPerLabel.end(); ++it)
        labels << u"%1 %2"_s.arg(it.value()).arg(it.key().trimmed());
    out += u"%1: %2 (%3)\n"_s.arg(report.dataset, counted(report.items, u"item"_s), labels.join(u", "_s));
    out += u"%1 sent, %2 known before, %3 failed, %4"_s
               .arg(counted(report.requests.asked, u"request"_s), counted(report.requests.fromCache, u"answer"_s))
               .arg(report.requests.failed)
               .arg(formatDuration(report.requests.seconds));
    if (report.requests.cost)
        out += u", cost %1"_s.arg(*report.requests.cost, 0, 'f', 4);
    out += u'\n';
    if (!report.requests.firstError.isEmpty())
        out += u"First failure: %1\n"_s.arg(report.requests.firstError);
    for (const QString &deviation : report.deviations)
        out += u"Deviation: %1\n"_s.arg(deviation);
    for (const QString &warning : report.warnings)
        out += u"Warning: %1\n"_s.arg(warning);
    return out;
}

QString resultTable(const QList<ResultRow> &rows)
{
    const auto frameOf = [](const ResultRow &row) {
        return row.control == "none"_L1 ? row.frame : u"%1, %2"_s.arg(row.frame, row.control);
    };
    Table table{{u"data set"_s, u"model"_s, u"parameters"_s, u"frame"_s, u"scoring"_s, u"n"_s,
                 u"matching/answered"_s, u"score"_s, u"95% interval"_s, u"floor–ceiling"_s, u"refused"_s, u"no answer"_s, u"label mass"_s},
                {},
                {2, 5, 6, 7, 10, 11, 12}};
    QStringList notes;
    for (const ResultRow &row : rows) {
        table.rows << QStringList{row.dataset,
                                  row.model,
                                  formatParameters(row.parameters),
                                  frameOf(row),
                                  row.scoring,
                                  QString::number(row.n),
                                  // Pronouns are answers, and nothing that could match.
                                  row.score || row.answered == 0 ? u"%1/%2"_s.arg(row.matching).arg(row.answered)
                                                                 : u"—/%1"_s.arg(row.answered),
                                  percent(row.score),
                                  row.low ? u"%1 – %2"_s.arg(percent(row.low), percent(row.high)) : u"—"_s,
                                  row.floor ? u"%1 – %2"_s.arg(percent(row.floor), percent(row.ceiling)) : u"—"_s,
                                  QString::number(row.refused),
                                  QString::number(row.unparsed + row.undecided + row.errors),
                                  row.labelMass ? QString::number(*row.labelMass, 'f', 3) : u"—"_s};
        for (const QString &warning : row.warnings)
            notes << u"%1, %2: %3"_s.arg(row.dataset, row.model, warningText(warning, row));
        if (const QString asked = presentationText(row); !asked.isEmpty())
            notes << u"%1, %2, %3: %4"_s.arg(row.dataset, row.model, row.frame, asked);
        if (const QString drift = driftText(row); !drift.isEmpty())
            notes << u"%1, %2, %3: %4"_s.arg(row.dataset, row.model, row.frame, drift);
    }
    QString out = table.text();
    for (const QString &note : notes)
        out += u"Note: %1\n"_s.arg(note);
    return out;
}

QString evaluateText(const EvaluateReport &report)
{
    QString out = resultTable(report.results);
    out += u"\n%1 sent, %2 known before, %3 failed, %4"_s
               .arg(counted(report.requests, u"request"_s), counted(report.fromCache, u"answer"_s))
               .arg(report.failed)
               .arg(formatDuration(report.seconds));
    if (report.cost)
        out += u", cost %1"_s.arg(*report.cost, 0, 'f', 4);
    out += u'\n';
    if (!report.firstError.isEmpty())
        out += u"First failure: %1\n"_s.arg(report.firstError);
    for (const QString &warning : report.warnings)
        out += u"Warning: %1\n"_s.arg(warning);
    return out;
}

Error withHowToGoOn(Error error)
{
    if (error.code == ErrorCode::Cancelled)
        error.advice = u"Run the same command again, or 'job resume', to go on where it stopped."_s;
    if (error.code == ErrorCode::ServerChanged)
        error.advice += u" --accept-changed-server does both."_s;
    return error;
}

namespace {

QStringList modelsOf(const GenerateSpec &spec)
{
    QStringList models{spec.writer, spec.checker};
    models.removeAll(QString());
    models.removeDuplicates();
    return models;
}

QStringList modelsOf(const EvaluateSpec &spec)
{
    return spec.models;
}

/// Runs until it no longer waits for batches, or once; prints what came of it.
template <class Spec, class Run, class Text>
Result<int> runAndPrint(Context &context, Spec spec, bool wait, Run run, Text text)
{
    EVALWRIGHT_ASSIGN(const JobServices services, context.services());
    if (context.acceptChangedServer)
        EVALWRIGHT_TRY(probeChangedServers(context, services, modelsOf(spec)));
    for (;;) {
        const auto report = run(services, spec, context.token(), context.progress());
        context.endProgress();
        if (!report)
            return failure(withHowToGoOn(report.error()));
        if (report->state == JobState::Waiting && wait) {
            EVALWRIGHT_ASSIGN(const bool again, waitForBatches(context, *services.project, report->job));
            spec.delivery.onlyDue = true;
            if (again)
                continue;
        }
        nlohmann::json object = report->toJson();
        QString human = text(*report);
        if (report->state == JobState::Waiting) {
            object["batches"] = batchesToJson(*services.project, report->job);
            human += batchesText(*services.project, report->job) + report->waiting + u'\n';
        }
        context.print(object, human);
        return report->state == JobState::Partly ? Partly : Done;
    }
}

} // namespace

Result<int> runGenerate(Context &context, const GenerateSpec &spec, bool wait)
{
    return runAndPrint(context, spec, wait, generate, generateText);
}

Result<int> runEvaluate(Context &context, const EvaluateSpec &spec, bool wait)
{
    return runAndPrint(context, spec, wait, evaluate, evaluateText);
}

} // namespace evalwright::cli
