// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figuretickers.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/customplot.h"
#include "widgets/figures/figuretext.h"

#include <cmath>
#include <initializer_list>

namespace evalwright {

namespace {

class WordTicker : public QCPAxisTicker
{
public:
    explicit WordTicker(FigureAxis axis) : m_axis(std::move(axis)) {}

protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override { return tickText(m_axis, tick); }
    QVector<double> createTickVector(double step, const QCPRange &range) override
    {
        switch (m_axis.scale) {
        case FigureAxis::Scale::Log:
            return range.lower > 0 ? logTicks(range.lower, range.upper) : QVector<double>();
        case FigureAxis::Scale::Category: {
            QVector<double> ticks;
            for (qsizetype i = 0; i < m_axis.categories.size(); ++i)
                ticks << static_cast<double>(i);
            return ticks;
        }
        case FigureAxis::Scale::Linear:
            break;
        }
        return QCPAxisTicker::createTickVector(step, range);
    }

private:
    FigureAxis m_axis;
};

} // namespace

QList<double> logTicks(double from, double to)
{
    const int first = static_cast<int>(std::floor(std::log10(from))),
              last = static_cast<int>(std::ceil(std::log10(to)));
    QList<double> ticks;
    for (const std::initializer_list<double> steps : {std::initializer_list<double>{1}, {1, 3}, {1, 2, 5}}) {
        ticks.clear();
        for (int decade = first; decade <= last; ++decade) {
            for (const double step : steps) {
                const double tick = step * std::pow(10.0, decade);
                if (tick >= from && tick <= to)
                    ticks << tick;
            }
        }
        if (ticks.size() >= 3)
            return ticks;
    }
    // Less than a decade: four even steps of a round size.
    const double rough = (to - from) / 4, size = std::pow(10.0, std::floor(std::log10(rough)));
    const double step = rough / size < 2 ? size : rough / size < 5 ? 2 * size : 5 * size;
    ticks.clear();
    for (double tick = std::ceil(from / step) * step; tick <= to && step > 0; tick += step)
        ticks << tick;
    return ticks;
}

QSharedPointer<QCPAxisTicker> makeTicker(const FigureAxis &axis)
{
    FigureAxis shown = axis;
    for (QString &category : shown.categories)
        category = singleLine(category, 36);
    QSharedPointer<QCPAxisTicker> ticker(new WordTicker(shown));
    ticker->setTickCount(5);
    return ticker;
}

} // namespace evalwright
