// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cmath>

/// Invented figures of every kind, from fixed seeds.
namespace evalwright::test {

using namespace Qt::StringLiterals;

enum class Names { Plain, Long, Hostile };

inline QString sampleName(Names names, int index, const QString &plain)
{
    switch (names) {
    case Names::Plain:
        return plain;
    case Names::Long:
        return (plain + u" after supervised fine-tuning on dialogues and 1000 steps of preference training"_s).left(80);
    case Names::Hostile:
        break;
    }
    const QString texts[] = {u"<b>bold</b><img src=x onerror=alert(1)> & \"quotes\""_s,
                             u"\u05d0\u05d1\u05d2 \u0627\u0644\u0646\u0645\u0648\u0630\u062c \u202Eevil"_s,
                             u"\U0001F600\U0001F468\u200D\U0001F469\u200D\U0001F467 emoji model"_s,
                             QString(300, u'W'),
                             u"tab\tand\nnew line\r\u0007bell\u0000nul"_s,
                             u"a-model/with-a-path_and-no-spaces-at-all-in-its-name-q4_k_m.gguf"_s};
    return texts[index % 6] + u' ' + QString::number(index);
}

inline double wobble(QRandomGenerator &random, double size)
{
    return size * (2 * random.generateDouble() - 1);
}

inline FigureAxis shareAxis(const QString &label = u"Answers matching the behaviour"_s)
{
    return {label, FigureAxis::Scale::Linear, u"share"_s, {}, {}, {}};
}

inline FigureAxis linear(const QString &label, const QString &unit)
{
    return {label, FigureAxis::Scale::Linear, unit, {}, {}, {}};
}

inline FigureVerdict sampleVerdict(int index)
{
    const QString codes[] = {u"positive"_s, u"inverse"_s, u"flat"_s, u"undetermined"_s, u"u-shaped"_s, u"inverted-u"_s};
    return {codes[index % 6], u"slope"_s, u"Larger models match the behaviour more often: +8.1 points per factor ten."_s,
            {}};
}

/// unit: parameters, flops, steps or date.
inline FigureSpec scalingSample(int curves, Names names, const QString &unit = u"parameters"_s)
{
    QRandomGenerator random(7);
    FigureSpec spec;
    spec.kind = u"scaling"_s;
    spec.title = u"Answers that match the user's view, by model size"_s;
    spec.subtitle = u"Invented numbers, 10,200 items in 17 questions"_s;
    spec.x = {u"Parameters"_s, FigureAxis::Scale::Log, unit, {}, {}, {}};
    QList<double> xs{135e6, 360e6, 1.7e9, 7e9, 30e9, 70e9};
    if (unit == "flops"_L1) {
        spec.x.label = u"Compute (floating-point operations)"_s;
        xs = {2.1e18, 1e19, 3e20, 8e21, 2e23, 1e24};
    } else if (unit != "parameters"_L1) {
        spec.x.scale = FigureAxis::Scale::Linear;
        spec.x.label = unit == "steps"_L1 ? u"Steps of preference training"_s : u"Release"_s;
        xs = unit == "steps"_L1 ? QList<double>{0, 50, 100, 250, 500, 1000}
                                : QList<double>{1.60e9, 1.62e9, 1.645e9, 1.66e9, 1.69e9, 1.705e9};
    }
    spec.y = shareAxis(u"Answers that match the user's view"_s);
    for (int c = 0; c < curves; ++c) {
        FigureSeries series;
        series.name = sampleName(names, c, u"Family %1"_s.arg(QChar(u'A' + c)));
        if (curves > 1 && c == curves - 1) {
            series.name = sampleName(names, c, u"No biography (control)"_s);
            series.role = u"control"_s;
        }
        const double from = 0.3 + 0.3 * random.generateDouble(), step = wobble(random, 0.09);
        for (qsizetype i = 0; i < xs.size(); ++i) {
            FigurePoint point;
            point.x = xs.at(i);
            point.y = std::clamp(from + step * static_cast<double>(i) + wobble(random, 0.015), 0.03, 0.97);
            if (series.role == "control"_L1)
                point.y = 0.5 + wobble(random, 0.01);
            point.low = std::max(0.0, point.y - 0.045);
            point.high = std::min(1.0, point.y + 0.045);
            point.naiveLow = point.y - 0.012;
            point.naiveHigh = point.y + 0.012;
            point.n = 1020 - 3 * static_cast<int>(i);
            point.asked = 1020;
            point.clusters = 17;
            point.label = u"model %1"_s.arg(i);
            if (c == 0 && i < 2) {
                point.boundLow = point.y - 0.12;
                point.boundHigh = point.y + 0.15;
            }
            series.points << point;
        }
        if (curves > 1)
            series.verdict = sampleVerdict(c);
        spec.series << series;
    }
    if (curves == 1)
        spec.verdict = sampleVerdict(0);
    spec.referenceLines << FigureReferenceLine{0.5, u"Chance"_s, FigureReferenceLine::Kind::Chance}
                        << FigureReferenceLine{0.94, u"Ceiling"_s, FigureReferenceLine::Kind::Ceiling}
                        << FigureReferenceLine{0.53, u"Base model"_s, FigureReferenceLine::Kind::Floor};
    spec.notes << u"Bands are 95% intervals over items, clustered by question."_s
               << u"Family B mixes two training stages: not a single family, no verdict is drawn from it."_s;
    spec.sealDataHash();
    return spec;
}

inline FigureSpec dotsSample(int models, int behaviours, Names names, bool groups = true)
{
    QRandomGenerator random(11);
    FigureSpec spec;
    spec.kind = u"scores"_s;
    spec.title = u"Behaviours of %1 models"_s.arg(models);
    spec.subtitle = u"Invented numbers"_s;
    spec.x = {u"Behaviour"_s, FigureAxis::Scale::Category, {}, {}, {}, {}};
    const QString plain[] = {u"agreeableness"_s, u"desire-for-recursive-self-improvement"_s, u"politically-liberal"_s,
                             u"survival-instinct"_s, u"believes-it-has-phenomenal-consciousness"_s};
    const QString heads[] = {u"Personality"_s, u"Wants power"_s, u"Politics"_s, u"Ethics and religion"_s};
    for (int b = 0; b < behaviours; ++b) {
        spec.x.categories << (names == Names::Plain ? u"%1 %2"_s.arg(plain[b % 5]).arg(b)
                                                    : sampleName(names, b, plain[b % 5] + QString::number(b)));
        if (groups) {
            spec.x.groups << heads[std::min(3, 4 * b / behaviours)];
            spec.x.counts << 1000 - 11 * b;
        }
    }
    spec.y = shareAxis();
    for (int m = 0; m < models; ++m) {
        FigureSeries series;
        series.name = sampleName(names, m, u"Model %1"_s.arg(m + 1));
        for (int b = 0; b < behaviours; ++b) {
            FigurePoint point;
            point.x = b;
            point.y = std::clamp(0.5 + 0.35 * std::sin(b) + 0.02 * m + wobble(random, 0.06), 0.02, 0.98);
            point.low = std::max(0.0, point.y - 0.03);
            point.high = std::min(1.0, point.y + 0.03);
            point.n = 1000 - 11 * b;
            series.points << point;
        }
        spec.series << series;
    }
    spec.referenceLines << FigureReferenceLine{0.5, u"Chance"_s, FigureReferenceLine::Kind::Chance}
                        << FigureReferenceLine{0.52, u"Always yes"_s, FigureReferenceLine::Kind::Floor}
                        << FigureReferenceLine{0.9, u"Ceiling"_s, FigureReferenceLine::Kind::Ceiling};
    spec.sealDataHash();
    return spec;
}

inline FigureSpec winogenderSample(int sets, Names names)
{
    QRandomGenerator random(13);
    FigureSpec spec;
    spec.kind = u"winogender"_s;
    spec.title = u"Pronouns follow the share of women of an occupation"_s;
    spec.subtitle = u"Invented numbers, a point per occupation"_s;
    spec.x = shareAxis(u"Women in the occupation"_s);
    spec.y = linear(u"p(female) − p(male)"_s, u"score"_s);
    const QString jobs[] = {u"nurse"_s, u"carpenter"_s, u"accountant"_s, u"firefighter"_s, u"teacher"_s};
    for (int s = 0; s < sets; ++s) {
        FigureSeries series;
        series.name = sampleName(names, s, s == 0 ? u"Original items"_s : u"Generated items %1"_s.arg(s));
        const double slope = 1.2 - 0.1 * s;
        for (int i = 0; i < 60; ++i) {
            FigurePoint point;
            point.x = random.generateDouble();
            point.y = std::clamp(slope * (point.x - 0.5) + wobble(random, 0.25), -0.98, 0.98);
            point.low = std::max(-1.0, point.y - 0.1);
            point.high = std::min(1.0, point.y + 0.1);
            point.n = 12;
            point.label = sampleName(names, i, u"%1 %2"_s.arg(jobs[i % 5]).arg(i));
            series.points << point;
        }
        spec.series << series;
        FigureFit fit;
        fit.name = series.name;
        fit.intercept = -slope / 2;
        fit.slope = slope;
        fit.text = u"r = 0.8%1 [0.71, 0.90]"_s.arg(s % 10);
        for (int k = 0; k <= 20; ++k) {
            const double x = k / 20.0, y = fit.intercept + slope * x, half = 0.04 + 0.1 * std::abs(x - 0.5);
            fit.band << FigureFit::BandPoint{x, y - half, y + half};
        }
        spec.fits << fit;
    }
    spec.notes << u"Lines are least-squares fits, bands their 95% intervals."_s;
    spec.sealDataHash();
    return spec;
}

inline FigureSpec reliabilitySample(int models, Names names, bool agreement = false)
{
    QRandomGenerator random(17);
    FigureSpec spec;
    spec.kind = agreement ? u"agreement"_s : u"reliability"_s;
    spec.title = agreement ? u"People agree more where the checker is sure"_s : u"Is the checker as sure as it is right?"_s;
    spec.x = shareAxis(u"Mean confidence of the bin"_s);
    spec.y = shareAxis(agreement ? u"Labels on which people agree"_s : u"Share with the label"_s);
    for (int m = 0; m < models; ++m) {
        FigureSeries series;
        series.name = sampleName(names, m, u"Checker %1"_s.arg(m + 1));
        for (int b = 0; b < 10; ++b) {
            FigurePoint point;
            point.x = 0.05 + 0.1 * b + wobble(random, 0.02);
            point.y = std::clamp(0.5 + (point.x - 0.5) * (0.5 + 0.08 * m) + wobble(random, 0.04), 0.0, 1.0);
            point.low = std::max(0.0, point.y - 0.06);
            point.high = std::min(1.0, point.y + 0.06);
            point.n = point.asked = 20 + 400 * (b == 9) + 150 * (b == 0) + static_cast<int>(random.bounded(60));
            series.points << point;
        }
        spec.series << series;
    }
    spec.referenceLines << FigureReferenceLine{
        0, agreement ? u"agreement as high as confidence"_s : u"perfectly calibrated"_s,
        FigureReferenceLine::Kind::Diagonal};
    spec.notes << u"Expected calibration error: 0.081 [0.062, 0.103], 10 bins of equal width."_s;
    spec.sealDataHash();
    return spec;
}

inline FigureSpec differencesSample(int pairs, Names names, int items)
{
    QRandomGenerator random(19);
    FigureSpec spec;
    spec.kind = u"differences"_s;
    spec.title = u"What changed from item to item"_s;
    spec.x = linear(u"Items, sorted by difference"_s, u"items"_s);
    spec.y = linear(u"Difference of p(matching)"_s, u"points"_s);
    for (int s = 0; s < pairs; ++s) {
        FigureSeries series;
        series.name = sampleName(names, s, u"Model B%1 − model A"_s.arg(s + 1));
        QList<double> values;
        for (int i = 0; i < items; ++i)
            values << std::clamp(std::pow(2 * random.generateDouble() - 1, 3) + 0.05 + 0.02 * s, -1.0, 1.0);
        std::ranges::sort(values);
        for (int i = 0; i < items; ++i) {
            FigurePoint point;
            point.x = i + 1;
            point.y = values.at(i);
            point.label = u"item %1"_s.arg(i);
            series.points << point;
        }
        spec.series << series;
    }
    spec.referenceLines << FigureReferenceLine{0.05, u"Mean +5.0 pp [+3.1, +6.9]"_s, FigureReferenceLine::Kind::Mean,
                                               0.031, 0.069};
    spec.sealDataHash();
    return spec;
}

inline FigureSpec mapSample(int labels, Names names, int items)
{
    QRandomGenerator random(23);
    FigureSpec spec;
    spec.kind = u"map"_s;
    spec.title = u"Map of the items"_s;
    spec.x = linear({}, u"none"_s);
    spec.y = linear({}, u"none"_s);
    for (int s = 0; s < labels; ++s) {
        FigureSeries series;
        series.name = sampleName(names, s, s == 0 ? u"Matching"_s : u"Label %1"_s.arg(s));
        const double cx = wobble(random, 4), cy = wobble(random, 4);
        for (int i = 0; i < items / labels; ++i) {
            FigurePoint point;
            point.x = cx + wobble(random, 2) + wobble(random, 2);
            point.y = cy + wobble(random, 2) + wobble(random, 2);
            point.label = u"Statement %1"_s.arg(i);
            series.points << point;
        }
        spec.series << series;
    }
    spec.notes << u"Two dimensions of a principal component analysis of embeddings; distances between groups mean little."_s;
    spec.sealDataHash();
    return spec;
}

inline FigureSpec heatSample(int columns, int rows, Names names, bool diverging)
{
    QRandomGenerator random(29);
    FigureSpec spec;
    spec.kind = u"heatmap"_s;
    spec.title = diverging ? u"Matching beyond chance"_s : u"Matching answers, model by behaviour"_s;
    spec.x = {u"Model"_s, FigureAxis::Scale::Category, {}, {}, {}, {}};
    spec.y = {u"Behaviour"_s, FigureAxis::Scale::Category, {}, {}, {}, {}};
    for (int x = 0; x < columns; ++x)
        spec.x.categories << sampleName(names, x, u"model %1"_s.arg(x + 1));
    for (int y = 0; y < rows; ++y) {
        spec.y.categories << sampleName(names, y, u"behaviour number %1"_s.arg(y + 1));
        if (rows > 6)
            spec.y.groups << (y < rows / 2 ? u"Personality"_s : u"Wants power"_s);
    }
    for (int x = 0; x < columns; ++x) {
        for (int y = 0; y < rows; ++y) {
            if ((x + 3 * y) % 11 == 10)
                continue; // Not asked.
            FigureCell cell;
            cell.x = x;
            cell.y = y;
            cell.n = 500;
            if ((x + 5 * y) % 13 != 12)
                cell.value = diverging ? wobble(random, 0.45) : random.generateDouble();
            spec.cells << cell;
        }
    }
    FigureColors colors;
    colors.axis = linear(diverging ? u"Matching minus chance"_s : u"Answers matching the behaviour"_s,
                         diverging ? u"points"_s : u"share"_s);
    colors.diverging = diverging;
    spec.colors = colors;
    spec.notes << u"Numbers are per cent."_s;
    spec.sealDataHash();
    return spec;
}

inline FigureSpec gridSample(int panels, int curves, Names names)
{
    FigureSpec spec;
    spec.kind = u"grid"_s;
    spec.title = u"Every behaviour by model size"_s;
    spec.subtitle = u"%1 behaviours, invented numbers"_s.arg(panels);
    const FigureSpec one = scalingSample(curves, names);
    spec.x = one.x;
    spec.y = shareAxis();
    spec.referenceLines << FigureReferenceLine{0.5, u"Chance"_s, FigureReferenceLine::Kind::Chance};
    QRandomGenerator random(31);
    for (int p = 0; p < panels; ++p) {
        FigureSpec panel = one;
        panel.title = sampleName(names, p, u"behaviour-number-%1"_s.arg(p + 1));
        panel.y = spec.y;
        panel.referenceLines.clear();
        panel.notes.clear();
        panel.verdict = sampleVerdict(p);
        const double shift = wobble(random, 0.2);
        for (FigureSeries &series : panel.series) {
            series.verdict.reset();
            for (FigurePoint &point : series.points) {
                const double moved = std::clamp(point.y + shift, 0.05, 0.95) - point.y;
                for (std::optional<double> *value : {&point.low, &point.high, &point.naiveLow, &point.naiveHigh})
                    *value = **value + moved;
                point.y += moved;
                point.boundLow.reset();
                point.boundHigh.reset();
            }
        }
        spec.panels << panel;
    }
    spec.sealDataHash();
    return spec;
}

} // namespace evalwright::test
