// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figuretext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <optional>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("FigureNotes", text);
}

/// The smallest and the largest of some counts, as words.
class Extent
{
public:
    void include(qint64 value)
    {
        m_low = m_low ? std::min(*m_low, value) : value;
        m_high = m_high ? std::max(*m_high, value) : value;
    }
    bool isKnown() const { return m_low && *m_high > 0; }
    QString words() const
    {
        const QLocale locale;
        if (*m_low == *m_high)
            return locale.toString(*m_low);
        return tr(QT_TRANSLATE_NOOP("FigureNotes", "%1 to %2")).arg(locale.toString(*m_low), locale.toString(*m_high));
    }

private:
    std::optional<qint64> m_low, m_high;
};

struct Facts
{
    Extent items, clusters;
    bool bounds = false;
};

void collect(Facts &facts, const FigureSpec &spec)
{
    for (const FigureSeries &series : spec.series) {
        for (const FigurePoint &point : series.points) {
            if (point.n > 0)
                facts.items.include(point.n);
            if (point.clusters)
                facts.clusters.include(*point.clusters);
            facts.bounds = facts.bounds || (point.boundLow && point.boundHigh);
        }
    }
    for (const FigureCell &cell : spec.cells) {
        if (cell.value && cell.n > 0)
            facts.items.include(cell.n);
    }
    for (const FigureSpec &panel : spec.panels)
        collect(facts, panel);
}

/// How many items went up and down, of each series of differences.
QStringList countsOfDifferences(const FigureSpec &spec)
{
    QStringList lines;
    const QLocale locale;
    for (const FigureSeries &series : spec.series) {
        qint64 higher = 0, lower = 0, equal = 0;
        for (const FigurePoint &point : series.points)
            ++(point.y > 0 ? higher : point.y < 0 ? lower : equal);
        lines << tr(QT_TRANSLATE_NOOP("FigureNotes", "%1: %2 items gained, %3 lost, %4 equal."))
                     .arg(series.name, locale.toString(higher), locale.toString(lower), locale.toString(equal));
    }
    return lines;
}

} // namespace

QStringList automaticNotes(const FigureSpec &spec, qsizetype withoutPlace)
{
    Facts facts;
    collect(facts, spec);
    QStringList notes;
    if (spec.kind == "differences"_L1)
        notes << countsOfDifferences(spec);
    if (facts.items.isKnown()) {
        const QString what = spec.kind == "heatmap"_L1 ? tr(QT_TRANSLATE_NOOP("FigureNotes", "Items per field: %1."))
                                                       : tr(QT_TRANSLATE_NOOP("FigureNotes", "Items per point: %1."));
        notes << what.arg(facts.items.words());
        if (facts.clusters.isKnown())
            notes.last() = tr(QT_TRANSLATE_NOOP("FigureNotes", "Items per point: %1, in clusters: %2."))
                               .arg(facts.items.words(), facts.clusters.words());
    }
    if (hasNaiveIntervals(spec))
        notes << tr(QT_TRANSLATE_NOOP("FigureNotes", "Bands and thick bars: intervals that account for clusters. "
                                                     "Thin bars: intervals that ignore them."));
    if (facts.bounds)
        notes << tr(QT_TRANSLATE_NOOP("FigureNotes", "Open brackets: the value if all items without an answer spoke "
                                                     "against the behaviour, or for it."));
    if (withoutPlace > 0)
        notes << tr(QT_TRANSLATE_NOOP("FigureNotes",
                                      "%1 points have no place on these axes and are not drawn; the table has them."))
                     .arg(QLocale().toString(withoutPlace));
    return notes;
}

} // namespace evalwright
