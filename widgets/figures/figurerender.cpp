// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurerender.h"

#include "widgets/figures/customplot.h"
#include "widgets/figures/figuredrawing.h"
#include "widgets/figures/figuretext.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int pixelsPerInch = 96;

/// A plot that no one sees, with everything around it.
void compose(QCustomPlot &plot, const FigureSpec &spec, const FigureRendering &rendering)
{
    FigureDrawing drawing(plot, spec, FigureStyle::paper(rendering.paper));
    for (const qsizetype series : rendering.hidden) {
        if (series >= 0 && series < spec.series.size())
            drawing.setSeriesVisible(series, false);
    }
    drawing.addSurroundings(rendering.size.width(), rendering.hidden);
}

void paintOn(QPaintDevice &device, QCustomPlot &plot, const QSize &size)
{
    QCPPainter painter(&device);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    plot.toPainter(&painter, size.width(), size.height());
}

QByteArray svg(const FigureSpec &spec, const FigureRendering &rendering)
{
    QCustomPlot plot;
    compose(plot, spec, rendering);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(pixelsPerInch);
    generator.setSize(rendering.size);
    generator.setViewBox(QRect(QPoint(), rendering.size));
    // The generator writes both as they are.
    generator.setTitle(spec.title.toHtmlEscaped());
    generator.setDescription(figureSummary(spec).toHtmlEscaped());
    paintOn(generator, plot, rendering.size);
    return buffer.data();
}

QByteArray pdf(const FigureSpec &spec, const FigureRendering &rendering)
{
    QCustomPlot plot;
    compose(plot, spec, rendering);
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(pixelsPerInch);
    writer.setPageSize(
        QPageSize(QSizeF(rendering.size) / pixelsPerInch, QPageSize::Inch, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(spec.title);
    writer.setCreator(u"Evalwright "_s + QStringLiteral(EVALWRIGHT_VERSION));
    paintOn(writer, plot, rendering.size);
    return buffer.data();
}

QByteArray png(const FigureSpec &spec, const FigureRendering &rendering)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    figureImage(spec, rendering).save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

QImage figureImage(const FigureSpec &spec, const FigureRendering &rendering)
{
    QCustomPlot plot;
    compose(plot, spec, rendering);
    return plot.toPixmap(rendering.size.width(), rendering.size.height(), rendering.pngScale).toImage();
}

Status writeWholeFile(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return {};
    const ErrorCode code = file.error() == QFileDevice::ResourceError ? ErrorCode::DiskFull : ErrorCode::ReadOnly;
    return failure(Error(code, u"“%1” could not be written."_s.arg(path),
                         u"Choose another folder, or make room on the disk."_s, file.errorString())
                       .withConsequence(u"No file was made; a former one is unchanged."_s));
}

Status renderFigure(const FigureSpec &spec, const QString &path, const FigureRendering &rendering)
{
    constexpr int smallest = 200, largest = 20000;
    const QSize size = rendering.size;
    if (size.width() < smallest || size.height() < smallest || size.width() > largest || size.height() > largest ||
        !(rendering.pngScale > 0) || rendering.pngScale > 8)
        return failure(ErrorCode::InvalidInput,
                       u"A figure of %1 × %2 pixels cannot be drawn."_s.arg(size.width()).arg(size.height()),
                       u"Choose a width and height from %1 to %2."_s.arg(smallest).arg(largest));
    const QString ending = QFileInfo(path).suffix().toLower();
    QByteArray bytes;
    if (ending == "svg"_L1)
        bytes = svg(spec, rendering);
    else if (ending == "pdf"_L1)
        bytes = pdf(spec, rendering);
    else if (ending == "png"_L1)
        bytes = png(spec, rendering);
    else
        return failure(Error(ErrorCode::Unsupported, u"Figures are not written as “.%1”."_s.arg(ending),
                             u"Choose a name that ends in .svg, .pdf or .png."_s)
                           .withSuggestions({u"svg"_s, u"pdf"_s, u"png"_s}));
    if (bytes.isEmpty())
        return failure(ErrorCode::Unknown, u"The figure could not be drawn in this size."_s,
                       u"Choose a smaller size."_s);
    return writeWholeFile(path, bytes);
}

Status renderFigureFile(const QString &specPath, const QString &path, const FigureRendering &rendering)
{
    QFile file(specPath);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::NotFound, u"The figure “%1” could not be read."_s.arg(specPath), u"Check the path."_s,
                       file.errorString());
    EVALWRIGHT_ASSIGN(const FigureSpec spec, FigureSpec::fromText(QString::fromUtf8(file.readAll())));
    return renderFigure(spec, path, rendering);
}

} // namespace evalwright
