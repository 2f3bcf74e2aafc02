// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figuretickers.h"

#include "widgets/figures/customplot.h"
#include "widgets/figures/figuretext.h"

#include <QDateTime>
#include <QFontMetricsF>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool isDate(const FigureAxis &axis)
{
    return axis.unit == "date"_L1;
}

/// Beyond the year 9999, no date is meant.
constexpr double latestSecond = 253'402'300'800;

class WordTicker : public QCPAxisTicker
{
public:
    WordTicker(FigureAxis axis, int count, double length, const QFont &font)
        : m_axis(std::move(axis)), m_length(length), m_metrics(font)
    {
        setTickCount(count);
    }

protected:
    QString getTickLabel(double tick, const QLocale &locale, QChar, int) override
    {
        if (!isDate(m_axis) || std::abs(tick) >= latestSecond)
            return tickText(m_axis, tick);
        const QDate date = QDateTime::fromSecsSinceEpoch(std::llround(tick), Qt::UTC).date();
        return locale.toString(date, m_span > 900 ? u"yyyy"_s : m_span > 60 ? u"MMM yyyy"_s : u"d MMM"_s);
    }
    QVector<double> createTickVector(double step, const QCPRange &range) override
    {
        switch (m_axis.scale) {
        case FigureAxis::Scale::Log:
            return range.lower > 0 ? fitting(logTicks(range.lower, range.upper)) : QVector<double>();
        case FigureAxis::Scale::Category:
            return {};
        case FigureAxis::Scale::Linear:
            break;
        }
        if (isDate(m_axis)) {
            m_span = range.size() / 86400;
            return fitting(dateTicks(range.lower, range.upper, tickCount()));
        }
        // Ends of a scale are no rounding errors: −1e−17 is 0.
        QVector<double> ticks = QCPAxisTicker::createTickVector(step, range);
        for (double &tick : ticks)
            tick = std::abs(tick) < 1e-9 * step ? 0 : tick;
        ticks.removeIf([&range](double tick) { return !range.contains(tick); });
        return fitting(ticks);
    }

private:
    /// Every second, third … tick, so that their words do not touch.
    QVector<double> fitting(const QVector<double> &ticks)
    {
        if (m_length <= 0)
            return ticks;
        double widest = 0;
        for (const double tick : ticks)
            widest = std::max(widest, m_metrics.horizontalAdvance(getTickLabel(tick, QLocale(), u'g', 6)));
        const double room = m_length / (1.25 * widest + 6);
        const auto step = static_cast<qsizetype>(std::ceil(static_cast<double>(ticks.size()) / std::max(2.0, room)));
        QVector<double> kept;
        for (qsizetype i = 0; i < ticks.size(); i += std::max<qsizetype>(1, step))
            kept << ticks.at(i);
        return kept;
    }

    FigureAxis m_axis;
    double m_length;
    QFontMetricsF m_metrics;
    double m_span = 0; ///< Days that are shown.
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
    constexpr qsizetype most = 50; // A step that is less than the last digit of a tick would lead nowhere.
    for (double tick = std::ceil(from / step) * step; tick <= to && step > 0 && ticks.size() < most; tick += step)
        ticks << tick;
    return ticks;
}

QList<double> dateTicks(double from, double to, int count)
{
    QList<double> ticks;
    if (!(from < to) || std::abs(from) >= latestSecond || std::abs(to) >= latestSecond)
        return ticks;
    const auto secondOf = [](const QDate &date) {
        return static_cast<double>(QDateTime(date, QTime(0, 0), Qt::UTC).toSecsSinceEpoch());
    };
    const QDate first = QDateTime::fromSecsSinceEpoch(std::llround(from), Qt::UTC).date();
    const double days = (to - from) / 86400, wanted = days / std::max(1, count);
    constexpr double month = 30.4;
    if (wanted < 0.75 * month) {
        int step = 1;
        for (const int size : {1, 2, 5, 10, 15})
            step = size <= wanted ? size : step;
        for (QDate date = first; secondOf(date) <= to; date = date.addDays(step)) {
            if (secondOf(date) >= from)
                ticks << secondOf(date);
        }
        return ticks;
    }
    int step = 1; // Months.
    for (const int size : {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000})
        step = size * month <= 1.3 * wanted ? size : step;
    const int firstMonth = (12 * first.year() + first.month() - 1) / step * step;
    for (int at = std::max(12, firstMonth); at < 12 * 9999; at += step) {
        const double second = secondOf(QDate(at / 12, at % 12 + 1, 1));
        if (second > to)
            break;
        if (second >= from)
            ticks << second;
    }
    return ticks;
}

QSharedPointer<QCPAxisTicker> makeTicker(const FigureAxis &axis, int count, double length, const QFont &font)
{
    return QSharedPointer<QCPAxisTicker>(new WordTicker(axis, count, length, font));
}

} // namespace evalwright
