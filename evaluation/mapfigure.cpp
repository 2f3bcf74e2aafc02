// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figureparts.h"
#include "evaluation/figures.h"

#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using figureparts::seriesNamed;

FigureSpec mapFigure(const QString &dataset, const QString &embedding, const QList<MappedItem> &items, qint64 total)
{
    FigureSpec spec;
    spec.kind = u"map"_s;
    spec.title = u"Map of the items of %1"_s.arg(dataset);
    spec.subtitle = u"%1 items, placed by %2"_s.arg(QLocale::c().toString(items.size()),
                                                    embedding.isEmpty() ? u"their words"_s : u"the vectors of "_s + embedding);
    spec.x.unit = spec.y.unit = u"none"_s;
    constexpr qsizetype longest = 160;
    for (const MappedItem &item : items) {
        const QString name = item.label.trimmed().isEmpty() ? u"No label"_s : item.label.trimmed();
        FigureSeries &series = seriesNamed(spec, name);
        FigurePoint point;
        point.x = item.x;
        point.y = item.y;
        const QString text = item.text.simplified();
        point.label = text.size() > longest ? text.first(longest) + u"…"_s : text;
        series.points << point;
    }
    std::ranges::stable_sort(spec.series, {}, &FigureSeries::name);
    spec.notes << u"The two principal components of the embedding: near items have alike words or vectors; distances between far groups mean little."_s;
    if (items.size() < total)
        spec.notes << u"%1 of %2 items are shown."_s.arg(items.size()).arg(total);
    spec.createdFrom = {{"figure", "map"}, {"datasets", {dataset.toStdString()}}, {"embedding", embedding.toStdString()}};
    spec.sealDataHash();
    return spec;
}

} // namespace evalwright
