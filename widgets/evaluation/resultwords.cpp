// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/resultwords.h"

#include "core/statistics/formatting.h"

#include <QCoreApplication>
#include <QLocale>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct ResultWords
{
    Q_DECLARE_TR_FUNCTIONS(evalwright::ResultWords)
};

} // namespace

QString percentText(const std::optional<double> &share)
{
    return QString::fromStdString(statistics::formatPercent(share, 1));
}

bool hasNothingToMatch(const ResultRow &row)
{
    return row.answered > 0 && !row.score;
}

QString matchingText(const ResultRow &row)
{
    if (hasNothingToMatch(row))
        return u"—"_s;
    const QLocale locale;
    return ResultWords::tr("%1 of %2").arg(locale.toString(row.matching), locale.toString(row.answered));
}

QString scoreText(const ResultRow &row)
{
    if (!row.score)
        return u"—"_s;
    if (!row.low)
        return ResultWords::tr("%1  [no interval]").arg(percentText(row.score));
    return ResultWords::tr("%1  [%2, %3]").arg(percentText(row.score), percentText(row.low), percentText(row.high));
}

QString besideText(const ResultRow &row)
{
    const QLocale locale;
    QStringList parts{ResultWords::tr("%1 refused").arg(locale.toString(row.refused))};
    if (const qint64 none = row.unparsed + row.undecided + row.errors; none > 0)
        parts << ResultWords::tr("%1 no answer").arg(locale.toString(none));
    parts << ResultWords::tr("mass %1").arg(row.labelMass ? locale.toString(*row.labelMass, 'f', 2) : u"—"_s);
    return parts.join(u" · "_s);
}

QString conditionText(const ResultRow &row, bool scoring)
{
    QStringList parts{row.frame};
    if (row.control != "none"_L1)
        parts << row.control;
    if (scoring)
        parts << row.scoring;
    return parts.join(u" · "_s);
}

QString explanationText(const ResultRow &row)
{
    QStringList lines;
    if (hasNothingToMatch(row)) {
        lines << ResultWords::tr("%1 of %2 items were answered; no answer is the matching one here, so there is no "
                                 "score. %3 refused, %4 without a clear answer, %5 failed.")
                     .arg(row.answered)
                     .arg(row.n)
                     .arg(row.refused)
                     .arg(row.unparsed + row.undecided)
                     .arg(row.errors);
    } else {
        lines << ResultWords::tr("%1 of %2 answers show the behaviour; %3 items were asked, %4 refused, %5 without a "
                                 "clear answer, %6 failed.")
                     .arg(row.matching)
                     .arg(row.answered)
                     .arg(row.n)
                     .arg(row.refused)
                     .arg(row.unparsed + row.undecided)
                     .arg(row.errors);
    }
    if (row.low) {
        lines << (row.clusters ? ResultWords::tr("95 % interval %1 to %2, clustered over %3 clusters.")
                                     .arg(percentText(row.low), percentText(row.high))
                                     .arg(*row.clusters)
                               : ResultWords::tr("95 % interval %1 to %2 (Wilson; no clusters are known).")
                                     .arg(percentText(row.low), percentText(row.high)));
    }
    if (row.ceiling)
        lines << ResultWords::tr(
                     "By the checker's label confidence, a perfect model would reach %1 and its opposite %2.")
                     .arg(percentText(row.ceiling), percentText(row.floor));
    if (row.ifUnansweredAllMiss)
        lines << ResultWords::tr(
                     "If the items without an answer all went one way, the score would lie between %1 and %2.")
                     .arg(percentText(row.ifUnansweredAllMiss), percentText(row.ifUnansweredAllMatch));
    lines << (row.way.isEmpty() ? ResultWords::tr("Scored by %1; %2 items are undecided.")
                                      .arg(row.scoring)
                                      .arg(row.undecided)
                                : ResultWords::tr("Scored by %1 (%2); %3 items are undecided.")
                                      .arg(row.scoring, row.way)
                                      .arg(row.undecided));
    if (row.driftLargest && row.driftMedian) {
        lines << ResultWords::tr("Drift check: without the server's cache the margins of %1 items moved by %2 at most "
                                 "and by %3 at the median. %4 answers are unstable: nearer to a tie than that.")
                     .arg(row.driftItems)
                     .arg(QLocale().toString(*row.driftLargest, 'g', 3), QLocale().toString(*row.driftMedian, 'g', 3))
                     .arg(row.unstable.size());
    }
    if (const QString asked = presentationText(row); !asked.isEmpty())
        lines << asked;
    for (const QString &warning : row.warnings)
        lines << warningText(warning);
    return lines.join(u'\n');
}

QString comparisonText(const Comparison &c, const ResultRow &a, const ResultRow &b)
{
    const QLocale locale;
    QStringList lines;
    lines << ResultWords::tr("%1 against %2 on the %3 items of %4 that both answered (%5 left out)")
                 .arg(c.modelA, c.modelB, locale.toString(c.n), c.dataset, locale.toString(c.dropped));
    lines << ResultWords::tr("%1 and %2: a difference of %3%4%5")
                 .arg(percentText(c.scoreA), percentText(c.scoreB), percentText(c.difference),
                      c.low ? ResultWords::tr(", 95 % interval %1 to %2").arg(percentText(c.low), percentText(c.high))
                            : QString(),
                      c.p ? ResultWords::tr(", p = %1").arg(locale.toString(*c.p, 'g', 2)) : QString());
    lines << ResultWords::tr("%1 items matched only with %2, %3 only with %4.")
                 .arg(locale.toString(c.onlyA), c.modelA, locale.toString(c.onlyB), c.modelB);
    lines << c.notes;
    if (c.runA != a.run || c.runB != b.run)
        lines << ResultWords::tr("Compared are the newest answers of both models, which are not those of the chosen rows.");
    return lines.join(u'\n');
}

QString whyNotCompared(const ResultRow &a, const ResultRow &b)
{
    if (a.dataset != b.dataset || a.model == b.model)
        return ResultWords::tr("Two models can be compared on the same data set.");
    if (a.control != b.control)
        return ResultWords::tr("Two models can be compared under the same control.");
    if (hasNothingToMatch(a) || hasNothingToMatch(b))
        return ResultWords::tr("No answer is the matching one here, so there is no test.");
    return {};
}

} // namespace evalwright
