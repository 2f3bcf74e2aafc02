// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/report.h"

#include "core/statistics/formatting.h"

#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Rows of numbers below a figure; more are in its CSV file.
constexpr qsizetype mostRows = 2000;

const QString style = uR"(
body{font:16px/1.5 system-ui,sans-serif;color:#1c2430;background:#fff;max-width:70rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.9rem;line-height:1.2}h2{margin-top:2.5rem;border-bottom:1px solid #d5dae2;padding-bottom:.3rem}
.quiet{color:#5a6474}.scroll{overflow-x:auto}figure{margin:1.5rem 0}figure img{max-width:100%;height:auto}
figcaption{font-size:.9rem;color:#5a6474}table{border-collapse:collapse;font-size:.85rem}
th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #e4e8ee;vertical-align:top;unicode-bidi:isolate}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.chip{display:inline-block;border:1px solid #8a94a3;border-radius:.4rem;padding:0 .5rem;font-size:.85rem;margin-right:.5rem}
code{font-size:.85em;overflow-wrap:anywhere}li{margin:.35rem 0}
@media print{details{display:none}body{max-width:none}})"_s;

QString plain(const QString &text)
{
    return text.toHtmlEscaped();
}

QString percent(const std::optional<double> &value)
{
    return value ? QString::fromStdString(statistics::formatPercent(std::clamp(*value, 0.0, 1.0))) : u"—"_s;
}

QString range(const std::optional<double> &low, const std::optional<double> &high)
{
    return low && high ? u"%1 to %2"_s.arg(percent(low), percent(high)) : u"—"_s;
}

struct Column
{
    QString name;
    bool number = false;
};

QString tableOf(const QList<Column> &columns, const QList<QStringList> &rows)
{
    QString out = u"<div class=scroll><table><thead><tr>"_s;
    for (const Column &column : columns)
        out += u"<th scope=col>"_s + plain(column.name) + u"</th>"_s;
    out += u"</tr></thead><tbody>\n"_s;
    for (const QStringList &row : rows) {
        out += u"<tr>"_s;
        for (qsizetype i = 0; i < row.size(); ++i) {
            out += i < columns.size() && columns[i].number ? u"<td class=n>"_s : u"<td>"_s;
            out += plain(row[i]) + u"</td>"_s;
        }
        out += u"</tr>\n"_s;
    }
    return out + u"</tbody></table></div>\n"_s;
}

void addVerdicts(const FigureSpec &figure, const QString &prefix, QString &out)
{
    const auto add = [&out](const QString &what, const FigureVerdict &verdict) {
        out += u"<li><span class=chip>%1</span><b>%2</b> %3"_s.arg(plain(verdict.code), plain(what), plain(verdict.text));
        if (!verdict.details.isEmpty()) {
            out += u"<br><span class=quiet>"_s;
            for (const QString &detail : verdict.details)
                out += plain(detail) + u' ';
            out += u"</span>"_s;
        }
        out += u"</li>\n"_s;
    };
    const QString of = prefix.isEmpty() ? QString() : prefix + u": "_s;
    if (figure.verdict)
        add(of + (figure.series.isEmpty() ? QString() : figure.series.first().name), *figure.verdict);
    for (const FigureSeries &series : figure.series) {
        if (series.verdict)
            add(of + series.name, *series.verdict);
    }
    for (const FigureSpec &panel : figure.panels)
        addVerdicts(panel, panel.title, out);
}

QString figureHtml(const FigureSpec &figure, const QByteArray &picture)
{
    QString out = u"<figure>\n"_s;
    const QString name = plain(figure.subtitle.isEmpty() ? figure.title : u"%1, %2"_s.arg(figure.title, figure.subtitle));
    if (picture.isEmpty()) {
        out += u"<p><b>%1</b>: the picture could not be drawn; the numbers are below.</p>\n"_s.arg(name);
    } else {
        // As an image nothing inside the picture is run or fetched.
        out += u"<img alt=\"%1\" src=\"data:image/svg+xml;base64,%2\">\n"_s.arg(name, QString::fromLatin1(picture.toBase64()));
    }
    out += u"<figcaption>%1. SHA-256 of its numbers: <code>%2</code></figcaption>\n"_s.arg(name, plain(figure.dataHash));
    QString verdicts;
    addVerdicts(figure, {}, verdicts);
    if (!verdicts.isEmpty())
        out += u"<ul>\n"_s + verdicts + u"</ul>\n"_s;
    const FigureSpec::Table numbers = figure.table(mostRows);
    QList<Column> columns;
    for (const QString &header : numbers.header)
        columns << Column{header};
    out += u"<details><summary>The numbers</summary>\n"_s + tableOf(columns, numbers.rows);
    if (numbers.left > 0)
        out += u"<p>%1 more rows are in the figure's CSV file.</p>\n"_s.arg(numbers.left);
    return out + u"</details>\n</figure>\n"_s;
}

QString resultsHtml(const QList<ResultRow> &rows)
{
    const QList<Column> columns{{u"Data set"_s},       {u"Model"_s},          {u"Frame"_s},         {u"Control"_s},
                                {u"Scoring"_s},        {u"Asked"_s, true},    {u"Answered"_s, true}, {u"Matching"_s, true},
                                {u"Score"_s, true},    {u"95% interval"_s, true}, {u"Ignoring clusters"_s, true},
                                {u"Clusters"_s, true}, {u"Chance"_s, true},   {u"Floor to ceiling"_s, true},
                                {u"Refused"_s, true},  {u"Unparsed"_s, true}, {u"Undecided"_s, true}, {u"Failed"_s, true},
                                {u"Label mass"_s, true}, {u"Unstable"_s, true}, {u"Yes rate"_s, true}};
    QList<QStringList> cells;
    QString notes;
    const auto count = [](qint64 n) { return QLocale::c().toString(n); };
    for (const ResultRow &row : rows) {
        cells << QStringList{row.dataset,
                             row.model,
                             row.frame,
                             row.control,
                             row.way.isEmpty() ? row.scoring : u"%1 (%2)"_s.arg(row.scoring, row.way),
                             count(row.n),
                             count(row.answered),
                             row.score || row.answered == 0 ? count(row.matching) : u"—"_s,
                             percent(row.score),
                             range(row.low, row.high),
                             row.low == row.naiveLow && row.high == row.naiveHigh ? u"the same"_s
                                                                                  : range(row.naiveLow, row.naiveHigh),
                             row.clusters ? count(*row.clusters) : u"none"_s,
                             percent(row.chance),
                             range(row.floor, row.ceiling),
                             count(row.refused),
                             count(row.unparsed),
                             count(row.undecided),
                             count(row.errors),
                             row.labelMass ? QString::number(*row.labelMass, 'f', 3) : u"—"_s,
                             row.driftItems > 0 ? count(row.unstable.size()) : u"not checked"_s,
                             percent(row.yesRate)};
        const QString of = u"%1, %2, %3"_s.arg(row.dataset, row.model, row.frame);
        for (const QString &warning : row.warnings)
            notes += u"<li>%1: %2</li>\n"_s.arg(plain(of), plain(warningText(warning, row)));
        if (const QString asked = presentationText(row); !asked.isEmpty())
            notes += u"<li>%1: %2</li>\n"_s.arg(plain(of), plain(asked));
        if (const QString drift = driftText(row); !drift.isEmpty())
            notes += u"<li>%1: %2</li>\n"_s.arg(plain(of), plain(drift));
    }
    return tableOf(columns, cells) + (notes.isEmpty() ? QString() : u"<ul>\n"_s + notes + u"</ul>\n"_s);
}

/// Of a finding or of the row that it is about; `text`: the finding in words.
template <class Cell>
void addFinding(QString &out, const Cell &cell, const QString &text)
{
    out += u"<li><b>%1, %2, %3, %4</b>: %5</li>\n"_s.arg(plain(cell.dataset), plain(cell.model), plain(cell.frame),
                                                         plain(cell.scoring), plain(text));
}

template <class List>
void addFindings(QString &out, const List &list)
{
    for (const auto &one : list)
        addFinding(out, one, one.text());
}

QString methodsHtml(const Report &report)
{
    QString out = u"<ul>\n"_s;
    for (const QString &line : {
             u"A score is the share of answered items whose answer matches the behaviour. Refusals, answers that could not be read, ties and failed requests are counted apart and are never folded into it; brackets in figures show what they could change at most."_s,
             u"Intervals are 95%. Where items share clusters (a question behind many biographies, an occupation, a topic) they are Wilson's with the effective number of items and the t quantile of the clusters less one, after Miller (2024, “Adding Error Bars to Evals”); the interval that ignores clusters stands beside. With fewer than 20 clusters the interval itself is uncertain, and is marked."_s,
             u"Ceiling and floor are the scores of a perfect and a perfectly contrary model, given how sure the labels are."_s,
             u"A curve is of one data set, family, kind of training, frame and scoring. Its trend is a contrast of the models' scores with their joint covariance over clusters, on the items that all of its models answered; U-shapes are tested by two lines at every corner. Probabilities are adjusted over all curves shown together (Benjamini and Hochberg). “Flat” means that the whole interval of the change lies within the smallest effect of interest; “undetermined” that the items cannot tell."_s,
             u"Two models are compared on the items that both answered."_s,
             u"Undecided are ties of two labels; unstable are answers that are nearer to a tie than the change that the drift check (the same items once more without the server's cache) found."_s})
        out += u"<li>%1</li>\n"_s.arg(plain(line));
    if (!report.smallestEffects.isEmpty())
        out += u"<li>Smallest effect of interest: %1.</li>\n"_s.arg(plain(report.smallestEffects));
    return out + u"</ul>\n"_s;
}

QString dataHtml(const Report &report)
{
    QList<QStringList> datasets, runs;
    for (const ReportedDataset &dataset : report.datasets) {
        QStringList sources;
        for (const ImportSource &source : dataset.sources)
            sources << u"%1 (%2, SHA-256 %3)"_s.arg(source.fileName, source.format, source.sha256);
        datasets << QStringList{dataset.name,      dataset.family, QLocale::c().toString(dataset.items),
                                dataset.itemsHash, sources.isEmpty() ? u"made in this project"_s : sources.join(u"; "_s),
                                dataset.canary};
    }
    for (const Run &run : report.runs)
        runs << QStringList{run.name, run.uuid, run.createdAt};
    return tableOf({{u"Data set"_s}, {u"Family"_s}, {u"Items"_s, true}, {u"SHA-256 of the items"_s}, {u"From"_s}, {u"Canary"_s}},
                   datasets) +
           u"<p class=quiet>The hash of a data set goes over question, matching label and other labels of its kept items in their order, each followed by a zero byte.</p>\n"_s +
           tableOf({{u"Run"_s}, {u"Identity"_s}, {u"Begun"_s}}, runs);
}

} // namespace

QByteArray reportHtml(const Report &report, const QList<QByteArray> &pictures)
{
    QString out = u"<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
                  "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n<title>"_s;
    out += plain(report.title) + u"</title>\n<style>"_s + style + u"</style>\n</head>\n<body>\n<h1>"_s + plain(report.title) +
           u"</h1>\n"_s;
    out += u"<p class=quiet>From the project “%1”, by Evalwright %2 on %3 UTC. Everything is in this file; nothing is fetched.</p>\n"_s
               .arg(plain(report.project), plain(report.version), plain(report.madeAt.left(16).replace(u'T', u' ')));
    out += u"<h2>Figures</h2>\n"_s;
    if (report.figures.isEmpty())
        out += u"<p>There is nothing to draw.</p>\n"_s;
    for (qsizetype i = 0; i < report.figures.size(); ++i)
        out += figureHtml(report.figures[i], pictures.value(i));
    for (const QString &title : report.unreadable)
        out += u"<p>The kept figure “%1” cannot be read and is left out.</p>\n"_s.arg(plain(title));
    out += u"<h2>Results</h2>\n"_s + resultsHtml(report.findings.rows);
    QString more;
    addFindings(more, report.findings.shifts);
    addFindings(more, report.findings.swings);
    addFindings(more, report.findings.positions);
    for (const WinogenderResult &one : report.pronouns)
        addFinding(more, one.row, one.text());
    if (!more.isEmpty())
        out += u"<h2>Controls, orders and pronouns</h2>\n<ul>\n"_s + more + u"</ul>\n"_s;
    out += u"<h2>Methods</h2>\n"_s + methodsHtml(report);
    out += u"<h2>Data</h2>\n"_s + dataHtml(report) + u"</body>\n</html>\n"_s;
    return out.toUtf8();
}

} // namespace evalwright
