// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "figuresamples.h"
#include "widgets/figures/figurerender.h"

#include <QFontDatabase>
#include <QLocale>
#include <QPaintEngine>
#include <QPainter>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using Use = FigureStyle::Use;
using Paper = FigureStyle::Paper;

namespace {

/// A piece of text where a picture has it.
struct Word
{
    QString text;
    QRectF box;
};

/// Takes down where text is drawn, and nothing else.
class TextEngine : public QPaintEngine
{
public:
    TextEngine() : QPaintEngine(AllFeatures) {}
    bool begin(QPaintDevice *) override { return true; }
    bool end() override { return true; }
    void updateState(const QPaintEngineState &changed) override
    {
        if (changed.state() & DirtyTransform)
            m_transform = changed.transform();
    }
    void drawPixmap(const QRectF &, const QPixmap &, const QRectF &) override { ++pixmaps; }
    void drawPath(const QPainterPath &) override {}
    void drawPolygon(const QPointF *, int, PolygonDrawMode) override {}
    void drawTextItem(const QPointF &at, const QTextItem &item) override
    {
        if (item.text().trimmed().isEmpty() || item.width() <= 0) // A joiner alone has no width.
            return;
        // Without the empty parts above capitals and below the line, which may touch.
        const QRectF box(at.x(), at.y() - 0.72 * item.ascent(), item.width(), 0.72 * item.ascent());
        words << Word{item.text(), m_transform.mapRect(box)};
    }
    Type type() const override { return User; }
    QList<Word> words;
    int pixmaps = 0;

private:
    QTransform m_transform;
};

class TextRecorder : public QPaintDevice
{
public:
    explicit TextRecorder(const QSize &size) : m_size(size) {}
    QPaintEngine *paintEngine() const override { return &engine; }
    mutable TextEngine engine;

protected:
    int metric(PaintDeviceMetric metric) const override
    {
        switch (metric) {
        case PdmWidth:
            return m_size.width();
        case PdmHeight:
            return m_size.height();
        case PdmWidthMM:
            return qRound(m_size.width() / 96.0 * 25.4);
        case PdmHeightMM:
            return qRound(m_size.height() / 96.0 * 25.4);
        case PdmDpiX:
        case PdmDpiY:
        case PdmPhysicalDpiX:
        case PdmPhysicalDpiY:
            return 96;
        case PdmDevicePixelRatio:
            return 1;
        case PdmDevicePixelRatioScaled:
            return static_cast<int>(devicePixelRatioFScale());
        case PdmNumColors:
            return 1 << 24;
        case PdmDepth:
            return 32;
        }
        return 0;
    }

private:
    QSize m_size;
};

/// What is wrong with the words of a picture: outside of it, or over each other. Empty when nothing is.
QString wrongWords(const FigureSpec &spec, const FigureRendering &rendering)
{
    const QSize size = figureSize(spec, rendering);
    TextRecorder recorder(size);
    paintFigure(spec, recorder, rendering);
    const QList<Word> &words = recorder.engine.words;
    if (words.isEmpty())
        return u"no words"_s;
    if (recorder.engine.pixmaps > 0)
        return u"pictures of words"_s;
    const QRectF canvas(QPointF(), size);
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QRectF &box = words.at(i).box;
        if (!canvas.contains(box))
            return u"“%1” is at %2,%3 to %4,%5 of %6×%7"_s.arg(words.at(i).text)
                .arg(box.left()).arg(box.top()).arg(box.right()).arg(box.bottom()).arg(size.width()).arg(size.height());
        for (qsizetype k = 0; k < i; ++k) {
            const QRectF both = box & words.at(k).box;
            // Pieces of one line in different scripts meet at their ends.
            if (both.width() > 1.5 && both.height() > 1)
                return u"“%1” and “%2” over each other at %3,%4"_s.arg(words.at(k).text, words.at(i).text)
                    .arg(both.left()).arg(both.top());
        }
    }
    return {};
}

/// How many pixels are nearly of a colour.
int pixelsOf(const QImage &image, const QColor &color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(image.constScanLine(y));
        for (int x = 0; x < image.width(); ++x)
            count += std::abs(qRed(line[x]) - color.red()) < 8 && std::abs(qGreen(line[x]) - color.green()) < 8 &&
                     std::abs(qBlue(line[x]) - color.blue()) < 8;
    }
    return count;
}

struct Sample
{
    QString name;
    FigureSpec spec;
};

QList<Sample> samplesOf(int curves, Names names)
{
    const int behaviours = curves == 1 ? 5 : curves == 4 ? 16 : 40;
    const int panels = curves == 1 ? 3 : curves == 4 ? 16 : 24;
    return {{u"scaling"_s, scalingSample(curves, names)},
            {u"compute"_s, scalingSample(curves, names, u"flops"_s)},
            {u"steps"_s, scalingSample(curves, names, u"steps"_s)},
            {u"date"_s, scalingSample(curves, names, u"date"_s)},
            {u"dots"_s, dotsSample(curves, behaviours, names)},
            {u"winogender"_s, winogenderSample(curves, names)},
            {u"reliability"_s, reliabilitySample(curves, names)},
            {u"agreement"_s, reliabilitySample(curves, names, true)},
            {u"differences"_s, differencesSample(curves, names, curves == 1 ? 5000 : 300)},
            {u"map"_s, mapSample(curves, names, 600)},
            {u"heat"_s, heatSample(curves + 2, behaviours, names, false)},
            {u"diverging"_s, heatSample(curves + 2, behaviours / 2 + 2, names, true)},
            {u"grid"_s, gridSample(panels, curves == 12 ? 4 : curves, names)}};
}

const char *nameOf(Names names)
{
    return names == Names::Plain ? "plain" : names == Names::Long ? "long" : "hostile";
}

FigureRendering rendered(Paper paper, Use use, double scale)
{
    FigureRendering rendering = FigureRendering::of(use);
    rendering.paper = paper;
    rendering.pngScale = scale;
    return rendering;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// With EVALWRIGHT_GALLERY=FOLDER all pictures are kept, for a person to look at.
class TestFigureGallery : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English)); }

    void wordsHaveTheirPlace_data()
    {
        QTest::addColumn<int>("curves");
        QTest::addColumn<int>("names");
        for (const int curves : {1, 4, 12}) {
            for (const Names names : {Names::Plain, Names::Long, Names::Hostile})
                QTest::addRow("%d %s", curves, nameOf(names)) << curves << static_cast<int>(names);
        }
    }
    void wordsHaveTheirPlace()
    {
        QFETCH(int, curves);
        QFETCH(int, names);
        QStringList wrong;
        for (const Sample &sample : samplesOf(curves, static_cast<Names>(names))) {
            for (const Use use : {Use::Free, Use::Column, Use::DoubleColumn, Use::Slide}) {
                const QString problem = wrongWords(sample.spec, rendered(Paper::Print, use, 1));
                if (!problem.isEmpty())
                    wrong << u"%1 (%2): %3"_s.arg(sample.name).arg(static_cast<int>(use)).arg(problem);
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void everySeriesIsSeen_data()
    {
        QTest::addColumn<int>("curves");
        QTest::addColumn<Paper>("paper");
        for (const int curves : {1, 4, 12}) {
            QTest::addRow("%d light", curves) << curves << Paper::Light;
            QTest::addRow("%d dark", curves) << curves << Paper::Dark;
            QTest::addRow("%d print", curves) << curves << Paper::Print;
        }
    }
    void everySeriesIsSeen()
    {
        QFETCH(int, curves);
        QFETCH(Paper, paper);
        const FigureStyle style = FigureStyle::paper(paper);
        for (const Sample &sample : samplesOf(curves, Names::Plain)) {
            const QList<LegendEntry> legend = legendOf(sample.spec, style);
            const QImage all = figureImage(sample.spec, rendered(paper, Use::Free, 2));
            QVERIFY2(!all.isNull(), qPrintable(sample.name));
            for (qsizetype i = 0; i < legend.size(); ++i) {
                FigureRendering without = rendered(paper, Use::Free, 2);
                without.hidden = {i};
                // Others may have the same colour: what counts is that there is more of it with the series than
                // without it. The legend's entry alone has fewer pixels than that.
                const int seen = pixelsOf(all, legend.at(i).look.color);
                const int rest = pixelsOf(figureImage(sample.spec, without), legend.at(i).look.color);
                QVERIFY2(seen > rest + 20, qPrintable(u"%1, series %2: %3 of %4"_s.arg(sample.name).arg(i).arg(seen - rest).arg(seen)));
            }
        }
    }

    void twelveLooksDiffer()
    {
        for (const Paper paper : {Paper::Print, Paper::Dark}) {
            const QList<SeriesLook> looks = FigureStyle::paper(paper).looksOf(QStringList(12, u"series"_s));
            for (qsizetype i = 0; i < looks.size(); ++i) {
                for (qsizetype k = 0; k < i; ++k) {
                    // Without colour, too.
                    QVERIFY(looks.at(i).shape != looks.at(k).shape || looks.at(i).open != looks.at(k).open);
                    QVERIFY(looks.at(i).color != looks.at(k).color || looks.at(i).dash != looks.at(k).dash);
                }
            }
        }
    }

    void sameFigureSameBytes()
    {
        for (const Sample &sample : samplesOf(4, Names::Hostile)) {
            for (const QString &ending : {u"svg"_s, u"pdf"_s, u"png"_s}) {
                const QString one = m_folder.filePath(u"one."_s + ending), other = m_folder.filePath(u"other."_s + ending);
                const FigureRendering rendering = rendered(Paper::Print, Use::Column, 1);
                QVERIFY(renderFigure(sample.spec, one, rendering));
                const auto again = FigureSpec::fromText(QString::fromStdString(sample.spec.toJson().dump()));
                QVERIFY(again);
                QVERIFY(renderFigure(*again, other, rendering));
                QVERIFY2(contentOf(one) == contentOf(other), qPrintable(sample.name + ending));
            }
        }
    }

    void filesHaveTheirSize()
    {
        const FigureSpec spec = scalingSample(4, Names::Plain);
        const QString png = m_folder.filePath(u"size.png"_s);
        for (const double scale : {1.0, 2.0, 4.0}) {
            QVERIFY(renderFigure(spec, png, rendered(Paper::Print, Use::Column, scale)));
            const QImage picture(png);
            QCOMPARE(picture.width(), static_cast<int>(321 * scale));
            QVERIFY(std::abs(picture.dotsPerMeterX() * 0.0254 - 96 * scale) < 0.1);
            QVERIFY(std::abs(picture.width() / (picture.dotsPerMeterX() / 1000.0) - 85) < 0.2); // Millimetres.
        }
        const QString svg = m_folder.filePath(u"size.svg"_s);
        QVERIFY(renderFigure(spec, svg, rendered(Paper::Print, Use::DoubleColumn, 1)));
        QXmlStreamReader reader(contentOf(svg));
        QVERIFY(reader.readNextStartElement());
        const QString width = reader.attributes().value(u"width"_s).toString();
        QVERIFY2(width.endsWith("mm"_L1) && std::abs(width.chopped(2).toDouble() - 170) < 0.5, qPrintable(width));
        const FigureRendering free;
        QCOMPARE(figureSize(spec, free), QSize(960, 640));
    }

    void textOfSvgCanBeSelected()
    {
        const QString svg = m_folder.filePath(u"text.svg"_s);
        QVERIFY(renderFigure(scalingSample(4, Names::Plain), svg, rendered(Paper::Print, Use::Column, 1)));
        QXmlStreamReader reader(contentOf(svg));
        QStringList words;
        while (!reader.atEnd()) {
            if (reader.readNext() == QXmlStreamReader::StartElement) {
                QVERIFY(reader.name() != "image"_L1); // Nothing is a picture of itself.
                if (reader.name() == "text"_L1)
                    words << reader.readElementText();
            }
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        for (const QString &word : {u"Family A"_s, u"1B"_s, u"Parameters"_s, u"Ceiling"_s, u"inverse scaling"_s})
            QVERIFY2(words.contains(word), qPrintable(words.join(u'|')));
    }

    void manyItemsMakeSmallFiles()
    {
        const FigureSpec spec = differencesSample(1, Names::Plain, 200'000);
        const QString svg = m_folder.filePath(u"many.svg"_s);
        QVERIFY(renderFigure(spec, svg));
        QVERIFY2(contentOf(svg).size() < 500'000, qPrintable(QString::number(contentOf(svg).size())));
    }

    void manyPanels()
    {
        const FigureSpec spec = gridSample(154, 3, Names::Plain);
        const QString problem = wrongWords(spec, rendered(Paper::Print, Use::DoubleColumn, 1));
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QVERIFY(renderFigure(spec, m_folder.filePath(u"many.png"_s), rendered(Paper::Print, Use::DoubleColumn, 1)));
    }

    void tooMuchIsRefused()
    {
        const FigureSpec spec = dotsSample(1, 3000, Names::Plain, false);
        const Status tall = renderFigure(spec, m_folder.filePath(u"tall.png"_s));
        QVERIFY(!tall);
        QCOMPARE(tall.error().code, ErrorCode::InvalidInput);
        FigureRendering large;
        large.size = {20000, 20000};
        QCOMPARE(renderFigure(scalingSample(1, Names::Plain), m_folder.filePath(u"large.png"_s), large).error().code,
                 ErrorCode::InvalidInput);
    }

    void picturesForPeople()
    {
        const QString folder = qEnvironmentVariable("EVALWRIGHT_GALLERY");
        if (folder.isEmpty())
            QSKIP("EVALWRIGHT_GALLERY names no folder");
        for (const int curves : {1, 4, 12}) {
            for (const Names names : {Names::Plain, Names::Long, Names::Hostile}) {
                for (const Sample &sample : samplesOf(curves, names)) {
                    for (const auto &[paper, paperName] : {std::pair(Paper::Print, "print"), std::pair(Paper::Dark, "dark")}) {
                        for (const auto &[use, useName] : {std::pair(Use::Free, "free"), std::pair(Use::Column, "column"),
                                                           std::pair(Use::DoubleColumn, "double"), std::pair(Use::Slide, "slide")}) {
                            const bool wanted = names == Names::Plain || use == Use::Free || use == Use::Column;
                            if (!wanted)
                                continue;
                            const QString file = u"%1/%2-%3-%4-%5-%6.png"_s.arg(folder, sample.name).arg(curves)
                                                     .arg(QLatin1StringView(nameOf(names)), QLatin1StringView(paperName),
                                                          QLatin1StringView(useName));
                            const double scale = use == Use::Column ? 2 : 1;
                            const Status done = renderFigure(sample.spec, file, rendered(paper, use, scale));
                            QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
                        }
                    }
                }
            }
        }
    }
};

QTEST_MAIN(TestFigureGallery)
#include "tst_figuregallery.moc"
