// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurerender.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/customplot.h"
#include "widgets/figures/figuredrawing.h"
#include "widgets/figures/figuretext.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QPageSize>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>
#include <memory>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int pixelsPerInch = 96;
constexpr int smallestSide = 200, largestSide = 20000;
constexpr double mostPixels = 150e6; ///< Of a PNG; 600 MB in memory.

/// A plot that no one sees, with everything around it.
class Composition
{
public:
    Composition(const FigureSpec &spec, const FigureRendering &rendering)
    {
        const int width = std::clamp(rendering.size.width(), smallestSide, largestSide);
        // How high the plot will be decides its ticks, and only the drawing knows how high it is.
        compose(spec, rendering, {static_cast<double>(width), 0.6 * width});
        double plot = m_drawing->plotHeight(width);
        const double words = m_drawing->wordsHeight(width);
        if (rendering.size.height() > 0)
            plot = std::max(rendering.size.height() - words,
                            m_drawing->hasRows() ? plot : m_drawing->leastPlotHeight(width));
        compose(spec, rendering, {static_cast<double>(width), plot});
        m_size = QSize(width, static_cast<int>(std::ceil(std::min(1e6, words + plot))));
    }
    QSize size() const { return m_size; }
    void paint(QPaintDevice &device, double scale)
    {
        QCPPainter painter(&device);
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        painter.setMode(QCPPainter::pmNonCosmetic); // Thin lines grow with the picture.
        painter.setRenderHint(QPainter::TextAntialiasing);
        painter.scale(scale, scale);
        m_plot.toPainter(&painter, m_size.width(), m_size.height());
    }

private:
    void compose(const FigureSpec &spec, const FigureRendering &rendering, const QSizeF &about)
    {
        m_drawing.reset();
        m_drawing = std::make_unique<FigureDrawing>(m_plot, spec, FigureStyle::paper(rendering.paper, rendering.use),
                                                    about);
        for (const qsizetype entry : rendering.hidden)
            m_drawing->setSeriesVisible(entry, false);
        m_drawing->addSurroundings(rendering.hidden);
    }

    QCustomPlot m_plot;
    std::unique_ptr<FigureDrawing> m_drawing; ///< Ends before its plot.
    QSize m_size;
};

QByteArray svg(const FigureSpec &spec, Composition &composition)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(pixelsPerInch);
    generator.setSize(composition.size());
    generator.setViewBox(QRect(QPoint(), composition.size()));
    // The generator writes both as they are.
    generator.setTitle(withVisibleControls(spec.title).toHtmlEscaped());
    generator.setDescription(withVisibleControls(figureSummary(spec)).toHtmlEscaped());
    composition.paint(generator, 1);
    return buffer.data();
}

/// A PDF says when it was made, and has an identity of its own; the same figure shall be the same file. Both are
/// overwritten in place, since the document counts its bytes.
void forgetWhen(QByteArray &document)
{
    const auto overwrite = [&document](const QByteArray &before, char end, const QByteArray &text) {
        for (qsizetype at = document.indexOf(before); at >= 0; at = document.indexOf(before, at + 1)) {
            const qsizetype from = at + before.size(), to = document.indexOf(end, from);
            if (to < 0 || to - from > 200)
                return;
            for (qsizetype i = from; i < to; ++i) {
                const char put = i - from < text.size() ? text.at(i - from) : '0';
                if (document.at(i) >= '0' && document.at(i) <= '9')
                    document[i] = put >= '0' && put <= '9' ? put : '0';
            }
        }
    };
    overwrite("/CreationDate (", ')', "D:20000101000000");
    overwrite("/ModDate (", ')', "D:20000101000000");
}

QByteArray pdf(const FigureSpec &spec, Composition &composition)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(pixelsPerInch);
    writer.setPageSize(
        QPageSize(QSizeF(composition.size()) / pixelsPerInch, QPageSize::Inch, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(withVisibleControls(spec.title));
    writer.setCreator(u"Evalwright "_s + QStringLiteral(EVALWRIGHT_VERSION));
    composition.paint(writer, 1);
    QByteArray document = buffer.data();
    forgetWhen(document);
    return document;
}

QImage image(Composition &composition, const FigureRendering &rendering)
{
    const QSizeF pixels = QSizeF(composition.size()) * rendering.pngScale;
    if (pixels.width() * pixels.height() > mostPixels)
        return {};
    QImage picture(pixels.toSize(), QImage::Format_RGB32);
    const int perMeter = static_cast<int>(std::lround(pixelsPerInch * rendering.pngScale / 0.0254));
    picture.setDotsPerMeterX(perMeter);
    picture.setDotsPerMeterY(perMeter);
    picture.fill(FigureStyle::paper(rendering.paper, rendering.use).background);
    composition.paint(picture, rendering.pngScale);
    return picture;
}

QByteArray png(Composition &composition, const FigureRendering &rendering)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image(composition, rendering).save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

FigureRendering FigureRendering::of(FigureStyle::Use use)
{
    FigureRendering rendering;
    rendering.use = use;
    switch (use) {
    case FigureStyle::Use::Free:
        break;
    case FigureStyle::Use::Column:
        rendering.size = {321, 0}; // 85 mm
        break;
    case FigureStyle::Use::DoubleColumn:
        rendering.size = {643, 0}; // 170 mm
        break;
    case FigureStyle::Use::Slide:
        rendering.size = {960, 540};
        break;
    }
    return rendering;
}

Result<FigureRendering> FigureRendering::fromWords(const QString &size, const QString &scale, const QString &paper)
{
    using Use = FigureStyle::Use;
    using Paper = FigureStyle::Paper;
    FigureRendering rendering;
    const QString wanted = size.toLower();
    static const QRegularExpression pixels(u"^(\\d{1,5})x(\\d{1,5})$"_s);
    if (const QRegularExpressionMatch match = pixels.match(wanted); match.hasMatch())
        rendering.size = {match.captured(1).toInt(), match.captured(2).toInt()};
    else if (wanted == "column"_L1 || wanted == "double"_L1 || wanted == "slide"_L1)
        rendering = of(wanted == "column"_L1 ? Use::Column : wanted == "double"_L1 ? Use::DoubleColumn : Use::Slide);
    else if (!wanted.isEmpty())
        return failure(Error(ErrorCode::InvalidInput, u"“%1” is no size of a figure."_s.arg(size),
                             u"Choose column, double, slide, or pixels such as 960x640."_s)
                           .withSuggestions({u"column"_s, u"double"_s, u"slide"_s}));
    if (!scale.isEmpty()) {
        bool fine = false;
        rendering.pngScale = scale.toDouble(&fine);
        if (!fine || !(rendering.pngScale >= 0.5) || rendering.pngScale > 8)
            return failure(ErrorCode::InvalidInput, u"“%1” is no scale of a picture."_s.arg(scale),
                           u"Choose 1, 2 or 4."_s);
    }
    if (paper == "light"_L1 || paper == "dark"_L1)
        rendering.paper = paper == "light"_L1 ? Paper::Light : Paper::Dark;
    else if (!paper.isEmpty() && paper != "print"_L1)
        return failure(Error(ErrorCode::InvalidInput, u"“%1” is no paper for a figure."_s.arg(paper),
                             u"Choose print, light or dark."_s)
                           .withSuggestions({u"print"_s, u"light"_s, u"dark"_s}));
    return rendering;
}

QImage figureImage(const FigureSpec &spec, const FigureRendering &rendering)
{
    Composition composition(spec, rendering);
    return image(composition, rendering);
}

QSize figureSize(const FigureSpec &spec, const FigureRendering &rendering)
{
    return Composition(spec, rendering).size();
}

void paintFigure(const FigureSpec &spec, QPaintDevice &device, const FigureRendering &rendering)
{
    Composition(spec, rendering).paint(device, 1);
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
    const auto impossible = [](const QSize &size, const QString &advice) {
        return failure(ErrorCode::InvalidInput,
                       u"A figure of %1 × %2 pixels cannot be drawn."_s.arg(size.width()).arg(size.height()), advice);
    };
    const QSize asked = rendering.size;
    const bool tooSmall = asked.width() < smallestSide || (asked.height() != 0 && asked.height() < smallestSide);
    if (tooSmall || asked.width() > largestSide || asked.height() > largestSide || !(rendering.pngScale > 0) ||
        rendering.pngScale > 8)
        return impossible(asked, u"Choose a width and height from %1 to %2."_s.arg(smallestSide).arg(largestSide));
    const QString ending = QFileInfo(path).suffix().toLower();
    if (ending != "svg"_L1 && ending != "pdf"_L1 && ending != "png"_L1)
        return failure(Error(ErrorCode::Unsupported, u"Figures are not written as “.%1”."_s.arg(ending),
                             u"Choose a name that ends in .svg, .pdf or .png."_s)
                           .withSuggestions({u"svg"_s, u"pdf"_s, u"png"_s}));
    Composition composition(spec, rendering);
    if (composition.size().height() > largestSide)
        return impossible(composition.size(), u"Show fewer categories, panels or series in one figure."_s);
    const QSizeF pixels = QSizeF(composition.size()) * rendering.pngScale;
    if (ending == "png"_L1 && pixels.width() * pixels.height() > mostPixels)
        return impossible(pixels.toSize(), u"Choose a smaller scale, or PDF or SVG."_s);
    const QByteArray bytes = ending == "svg"_L1   ? svg(spec, composition)
                             : ending == "pdf"_L1 ? pdf(spec, composition)
                                                  : png(composition, rendering);
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
    if (file.size() > FigureLimits::fileBytes)
        return failure(ErrorCode::InvalidInput, u"“%1” is larger than any figure."_s.arg(specPath),
                       u"Choose the JSON file of a figure."_s);
    EVALWRIGHT_ASSIGN(const FigureSpec spec, FigureSpec::fromText(QString::fromUtf8(file.readAll())));
    return renderFigure(spec, path, rendering);
}

} // namespace evalwright
