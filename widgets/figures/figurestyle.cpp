// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurestyle.h"

#include <QFontDatabase>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Measures
{
    int title, body, caption, note; ///< Pixels at 96 per inch: 12 pixels are 9 points.
    double lineWidth, thinLine, markerSize;
    int padding;
};
/// In the order of FigureStyle::Use. Journals ask for 6 to 8 points in print; the column has 9 px = 6.75 pt and more.
constexpr std::array measures{Measures{20, 14, 12, 12, 2, 1, 7, 8}, Measures{12, 10, 9, 9, 1.4, 0.7, 5, 4},
                              Measures{13, 11, 10, 10, 1.5, 0.75, 5.5, 5}, Measures{28, 20, 17, 12, 3, 1.4, 10, 10}};

/// Sans-serif families that print well and have even widths; the desktop's own font where none of them is there.
QString paperFamily()
{
    static const QString found = [] {
        for (const QString &family : {u"Inter"_s, u"Helvetica Neue"_s, u"Arial"_s, u"Liberation Sans"_s,
                                      u"Nimbus Sans"_s}) {
            if (QFontDatabase::hasFamily(family))
                return family;
        }
        return QString();
    }();
    return found;
}

QPainterPath polygon(int corners, double radius, double turn, double inner = 0)
{
    QPolygonF shape;
    const int steps = inner > 0 ? 2 * corners : corners;
    for (int i = 0; i < steps; ++i) {
        const double angle = turn + 2 * std::numbers::pi * i / steps;
        const double reach = inner > 0 && i % 2 ? inner * radius : radius;
        shape << QPointF(reach * std::sin(angle), -reach * std::cos(angle));
    }
    shape << shape.constFirst();
    QPainterPath path;
    path.addPolygon(shape);
    return path;
}

bool isOwnRole(const QString &role)
{
    return role == "control"_L1 || role == "human"_L1 || role == "machine"_L1;
}

} // namespace

QPainterPath markerPath(int shape, double size)
{
    using std::numbers::pi;
    const double r = size / 2;
    switch (shape) {
    case 1:
        return polygon(4, 1.25 * r, pi / 4); // square
    case 2:
        return polygon(3, 1.3 * r, 0); // triangle
    case 3:
        return polygon(4, 1.3 * r, 0); // diamond
    case 4:
        return polygon(3, 1.3 * r, pi); // triangle on its tip
    case 5:
        return polygon(5, 1.5 * r, 0, 0.45); // star
    case 6:
        return polygon(4, 1.5 * r, pi / 4, 0.42); // cross
    default:
        break;
    }
    QPainterPath disc;
    disc.addEllipse(QPointF(), r, r);
    return disc;
}

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
    style.note = style.heading = style.caption;
    style.heading.setWeight(QFont::DemiBold);
    style.bandAlpha = dark ? 56 : 40;
    style.dark = dark;
    return style;
}

FigureStyle FigureStyle::paper(Paper paper, Use use)
{
    FigureStyle style = screen(paper == Paper::Dark);
    const Measures &sizes = measures.at(static_cast<size_t>(use));
    for (QFont *font : {&style.title, &style.heading, &style.body, &style.caption, &style.note}) {
        if (!paperFamily().isEmpty())
            font->setFamily(paperFamily());
        // Widths that are the same at every scale; hinted ones are whole pixels of the smallest.
        font->setHintingPreference(QFont::PreferNoHinting);
    }
    style.title.setPixelSize(sizes.title);
    style.body.setPixelSize(sizes.body);
    style.caption.setPixelSize(sizes.caption);
    style.heading.setPixelSize(sizes.caption);
    style.note.setPixelSize(sizes.note);
    style.title.setWeight(QFont::Bold);
    style.heading.setWeight(QFont::Bold);
    style.lineWidth = sizes.lineWidth;
    style.thinLine = sizes.thinLine;
    style.markerSize = sizes.markerSize;
    style.padding = sizes.padding;
    if (paper == Paper::Print) {
        style.background = Qt::white;
        style.text = Qt::black;
        style.secondary = QColor(0x33, 0x33, 0x33);
        style.grid = QColor(0xd0, 0xd0, 0xd0);
        style.control = QColor(0x66, 0x66, 0x66);
    }
    return style;
}

QList<SeriesLook> FigureStyle::looksOf(const QStringList &roles) const
{
    constexpr std::array dashes{Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};
    QList<SeriesLook> looks;
    size_t turn = 0;
    int others = 0;
    for (const QString &role : roles) {
        if (isOwnRole(role)) {
            const QColor color = role == "control"_L1 ? control : role == "human"_L1 ? human : machine;
            looks << SeriesLook{color, role == "control"_L1 ? Qt::DashLine : Qt::SolidLine,
                                others++ % SeriesLook::shapes, true};
            continue;
        }
        const auto colors = static_cast<size_t>(series.size());
        looks << SeriesLook{series.at(static_cast<qsizetype>(turn % colors)), dashes.at((turn / colors) % dashes.size()),
                            static_cast<int>(turn % SeriesLook::shapes), (turn / colors) % 2 == 1};
        ++turn;
    }
    return looks;
}

QList<LegendEntry> legendOf(const FigureSpec &spec, const FigureStyle &style)
{
    QList<LegendEntry> legend;
    const bool grid = spec.kind == "grid"_L1;
    const auto entryOf = [&legend](const QString &name) {
        return std::ranges::find(legend, name, &LegendEntry::name);
    };
    const auto add = [&](const FigureSpec &from) {
        for (const FigureSeries &series : from.series) {
            if (grid && entryOf(series.name) != legend.end())
                continue;
            legend << LegendEntry{series.name, series.role, {}, grid ? std::nullopt : series.verdict, {}, false};
        }
    };
    add(spec);
    if (grid) {
        for (const FigureSpec &panel : spec.panels)
            add(panel);
    }
    const qsizetype series = legend.size();
    for (const FigureFit &fit : spec.fits) {
        auto entry = entryOf(fit.name);
        if (entry == legend.end()) {
            legend << LegendEntry{fit.name, u"fit"_s, {}, std::nullopt, {}, false};
            entry = std::prev(legend.end());
        }
        entry->text = fit.text;
        entry->fitted = true;
    }
    QStringList roles;
    for (const LegendEntry &entry : legend)
        roles << entry.role;
    const QList<SeriesLook> looks = style.looksOf(roles);
    for (qsizetype i = 0; i < legend.size(); ++i) {
        legend[i].look = looks.at(i);
        if (i >= series)
            legend[i].look.color = style.secondary;
    }
    return legend;
}

QList<qsizetype> legendPlaces(const QList<LegendEntry> &legend, const FigureSpec &panel)
{
    QList<qsizetype> places;
    for (qsizetype i = 0; i < panel.series.size(); ++i) {
        const QString &name = panel.series.at(i).name;
        if (i < legend.size() && legend.at(i).name == name) { // Two series of one panel may have the same name.
            places << i;
            continue;
        }
        const auto found = std::ranges::find(legend, name, &LegendEntry::name);
        places << (found == legend.end() ? 0 : std::distance(legend.begin(), found));
    }
    return places;
}

bool drawsLines(const FigureSpec &spec)
{
    return !liesDown(spec) && spec.kind != "winogender"_L1 && spec.kind != "map"_L1 && spec.kind != "heatmap"_L1;
}

bool liesDown(const FigureSpec &spec)
{
    return spec.kind != "heatmap"_L1 && spec.x.scale == FigureAxis::Scale::Category;
}

} // namespace evalwright
