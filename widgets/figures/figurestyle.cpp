// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurestyle.h"

#include "widgets/theme/theme.h"

namespace evalwright {

FigureStyle FigureStyle::screen(bool dark)
{
    FigureStyle style;
    style.background = Theme::color(Theme::Meaning::Surface, dark);
    style.text = Theme::color(Theme::Meaning::Text, dark);
    style.secondary = Theme::color(Theme::Meaning::TextSecondary, dark);
    style.grid = Theme::color(Theme::Meaning::Border, dark);
    style.control = Theme::color(Theme::Meaning::Refusal, dark);
    style.human = Theme::color(Theme::Meaning::Human, dark);
    style.machine = Theme::color(Theme::Meaning::Machine, dark);
    for (int i = 0; i < Theme::seriesColors; ++i)
        style.series << Theme::series(i, dark);
    style.title = Theme::font(Theme::Role::Title);
    style.body = Theme::font(Theme::Role::Body);
    style.caption = Theme::font(Theme::Role::Caption);
    style.bandAlpha = dark ? 56 : 40;
    return style;
}

FigureStyle FigureStyle::paper(Paper paper)
{
    FigureStyle style = screen(paper == Paper::Dark);
    style.title.setPixelSize(20);
    style.body.setPixelSize(14);
    style.caption.setPixelSize(12);
    if (paper == Paper::Print) {
        style.background = Qt::white;
        style.text = Qt::black;
        style.secondary = QColor(0x33, 0x33, 0x33);
        style.grid = QColor(0xc8, 0xc8, 0xc8);
        style.control = QColor(0x55, 0x55, 0x55);
        style.lineWidth = 2.4;
    }
    return style;
}

QColor FigureStyle::colorOf(const FigureSpec &spec, qsizetype index) const
{
    const QString &role = spec.series.at(index).role;
    if (role == QLatin1StringView("control"))
        return control;
    if (role == QLatin1StringView("human"))
        return human;
    if (role == QLatin1StringView("machine"))
        return machine;
    qsizetype turn = 0;
    for (qsizetype i = 0; i < index; ++i) {
        const QString &other = spec.series.at(i).role;
        if (other != QLatin1StringView("control") && other != QLatin1StringView("human") &&
            other != QLatin1StringView("machine"))
            ++turn;
    }
    return series.at(turn % series.size());
}

} // namespace evalwright
