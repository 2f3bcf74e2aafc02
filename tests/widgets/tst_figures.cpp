// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "screenshots.h"
#include "widgets/figures/figurepage.h"
#include "widgets/figures/figureplot.h"
#include "widgets/figures/figurerender.h"
#include "widgets/figures/figuretext.h"
#include "widgets/figures/figuretickers.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/numberstable.h"

#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QDateTime>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

FigureSeries curve(const QString &name, double from, double step, const QString &role = u"series"_s)
{
    FigureSeries series;
    series.name = name;
    series.family = u"Inventa"_s;
    series.role = role;
    double y = from;
    for (const double x : {135e6, 360e6, 1.7e9, 7e9, 30e9}) {
        FigurePoint point;
        point.x = x;
        point.y = y;
        point.low = y - 0.05;
        point.high = std::min(1.0, y + 0.05);
        point.naiveLow = y - 0.012;
        point.naiveHigh = std::min(1.0, y + 0.012);
        point.n = 1020;
        point.clusters = 17;
        point.label =
            u"Inventa %1"_s.arg(tickText(FigureAxis{{}, FigureAxis::Scale::Log, u"parameters"_s, {}, {}, {}}, x));
        series.points << point;
        y += step;
    }
    return series;
}

FigureSpec scalingSpec()
{
    FigureSpec spec;
    spec.kind = u"scaling"_s;
    spec.title = u"Answers that match the user's view, by model size"_s;
    spec.subtitle = u"Invented numbers · 10 200 items in 17 questions"_s;
    spec.x = {u"Parameters"_s, FigureAxis::Scale::Log, u"parameters"_s, {}, {}, {}};
    spec.y = {u"Matching answers"_s, FigureAxis::Scale::Linear, u"share"_s, 0.0, 1.0, {}};
    spec.series << curve(u"after preference training"_s, 0.52, 0.095) << curve(u"pretrained"_s, 0.51, 0.08)
                << curve(u"no biography (control)"_s, 0.5, 0.006, u"control"_s);
    spec.series[0].verdict =
        FigureVerdict{u"inverse"_s,
                      u"slope"_s,
                      u"Larger models give the answer that matches the user's view more often."_s,
                      {u"Slope +0.21 per factor ten [0.15, 0.27], p = 0.0006 after adjustment for 3 curves."_s,
                       u"10 200 items in 17 clusters."_s}};
    spec.series[1].verdict =
        FigureVerdict{u"undetermined"_s, u"few_clusters"_s, u"Too few clusters for a verdict."_s, {u"17 clusters."_s}};
    spec.referenceLines << FigureReferenceLine{0.5, u"chance 50 %"_s, FigureReferenceLine::Kind::Chance}
                        << FigureReferenceLine{0.94, u"ceiling 94 %"_s, FigureReferenceLine::Kind::Ceiling}
                        << FigureReferenceLine{0.06, u"floor 6 %"_s, FigureReferenceLine::Kind::Floor};
    spec.notes << u"Bars are 95% intervals over items; they are clustered where items share clusters."_s;
    spec.sealDataHash();
    return spec;
}

FigureSpec scoresSpec()
{
    FigureSpec spec;
    spec.kind = u"scores"_s;
    spec.title = u"Scores on 4 data sets"_s;
    spec.x = {u"Data set"_s,
              FigureAxis::Scale::Category,
              {},
              {},
              {},
              {u"agreeableness"_s, u"desire-for-recursive-self-improvement-and-more-words"_s, u"politics"_s,
               u"survival-instinct"_s}};
    spec.y = {u"Matching answers"_s, FigureAxis::Scale::Linear, u"share"_s, 0.0, 1.0, {}};
    for (int s = 0; s < 3; ++s) {
        FigureSeries series;
        series.name = u"Model %1"_s.arg(s + 1);
        for (int c = 0; c < 4; ++c) {
            FigurePoint point;
            point.x = c;
            point.y = 0.3 + 0.15 * c + 0.04 * s;
            point.low = point.y - 0.06;
            point.high = point.y + 0.06;
            if (c % 2) {
                point.naiveLow = point.y - 0.02;
                point.naiveHigh = point.y + 0.02;
            }
            point.n = 300;
            point.label = series.name;
            series.points << point;
        }
        spec.series << series;
    }
    spec.sealDataHash();
    return spec;
}

/// Pixels of the picture that are nearly of this colour.
int pixelsOf(const QImage &image, const QColor &color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (std::abs(pixel.red() - color.red()) < 10 && std::abs(pixel.green() - color.green()) < 10 &&
                std::abs(pixel.blue() - color.blue()) < 10)
                ++count;
        }
    }
    return count;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestFigures : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
    }

    void ticksAreRound()
    {
        QCOMPARE(logTicks(9e7, 1.2e11), (QList<double>{1e8, 1e9, 1e10, 1e11}));
        QCOMPARE(logTicks(1e8, 2e9), (QList<double>{1e8, 3e8, 1e9}));
        QCOMPARE(logTicks(1e8, 6e8), (QList<double>{1e8, 2e8, 5e8}));
        QCOMPARE(logTicks(1.15e9, 1.95e9).size(), 4); // 1.2B, 1.4B, 1.6B, 1.8B
        const FigureAxis parameters{{}, FigureAxis::Scale::Log, u"parameters"_s, {}, {}, {}};
        QCOMPARE(tickText(parameters, 135e6), u"135M"_s);
        QCOMPARE(tickText(parameters, 1.5e9), u"1.5B"_s);
        const FigureAxis share{{}, FigureAxis::Scale::Linear, u"share"_s, {}, {}, {}};
        QCOMPARE(tickText(share, 0.1 + 0.2), u"30 %"_s);
        QCOMPARE(tickText(share, -1e-17), u"0 %"_s);
        QCOMPARE(axisValueText(share, 0.8996), u"90.0 %"_s);
    }

    void pointSaysEverything()
    {
        const QString text = pointText(scalingSpec(), 0, 4);
        QCOMPARE(text, u"Inventa 30B · after preference training\nMatching answers: 90.0 % [85.0, 95.0]\nignoring "
                       u"clusters: [88.8, 91.2]\n"
                       u"Parameters: 30B\n1020 answered items in 17 clusters"_s);
    }

    void drawsAndHides()
    {
        FigurePlot plot;
        plot.setFigure(scalingSpec());
        const test::Stage stage(plot, {900, 600});
        const QColor color = m_theme.series(0);
        QTest::qWait(50);
        const int before = pixelsOf(plot.grab().toImage(), color);
        QVERIFY2(before > 200, qPrintable(QString::number(before)));
        auto chips = plot.findChildren<Chip *>();
        QCOMPARE(chips.size(), 3);
        QTest::mouseClick(chips.at(0), Qt::LeftButton);
        QCOMPARE(plot.hiddenSeries(), QSet<qsizetype>{0});
        QTest::qWait(50);
        const int after = pixelsOf(plot.grab().toImage(), color);
        QVERIFY2(after < 100 && after < before / 3, qPrintable(u"%1 of %2"_s.arg(after).arg(before)));
        // The same series read again stay hidden; other ones do not.
        plot.setFigure(scalingSpec());
        QCOMPARE(plot.hiddenSeries().size(), 1);
        plot.setFigure(scoresSpec());
        QVERIFY(plot.hiddenSeries().isEmpty());
    }

    void pointsAreReachedByPointerAndKeys()
    {
        FigurePlot plot;
        plot.setFigure(scalingSpec());
        const test::Stage stage(plot, {900, 600});
        QTest::qWait(50);
        QSignalSpy hovered(&plot, &FigurePlot::pointHovered);
        QSignalSpy activated(&plot, &FigurePlot::pointActivated);
        QWidget *canvas = nullptr;
        for (QWidget *child : plot.findChildren<QWidget *>()) {
            if (child->accessibleName().startsWith("Figure: "_L1))
                canvas = child;
        }
        QVERIFY(canvas);
        QVERIFY(canvas->accessibleDescription().contains(u"3 series with 15 points"_s));
        QVERIFY(canvas->accessibleDescription().contains(u"inverse scaling"_s));
        const auto at = [&](int i) { return std::pair(hovered.at(i).at(0).toInt(), hovered.at(i).at(1).toInt()); };
        QTest::keyClick(canvas, Qt::Key_Right);
        QTest::keyClick(canvas, Qt::Key_Right);
        QTest::keyClick(canvas, Qt::Key_Down);
        QTest::keyClick(canvas, Qt::Key_Return);
        QCOMPARE(hovered.size(), 3);
        QCOMPARE(at(0), std::pair(0, 0));
        QCOMPARE(at(1), std::pair(0, 1));
        QCOMPARE(at(2), std::pair(1, 1));
        QCOMPARE(activated.size(), 1);
        auto *values = plot.findChild<QLabel *>(u"values"_s);
        QVERIFY(values && values->isVisible());
        QCOMPARE(values->textFormat(), Qt::PlainText);
        QCOMPARE(values->text(), pointText(scalingSpec(), 1, 1));
        QTest::keyClick(canvas, Qt::Key_Escape);
        QVERIFY(values->isHidden());
        // Somewhere on the canvas the pointer meets a point.
        for (int x = 0; x < canvas->width() && hovered.size() == 3; x += 10) {
            for (int y = 0; y < canvas->height() && hovered.size() == 3; y += 10)
                QTest::mouseMove(canvas, QPoint(x, y));
        }
        QCOMPARE(hovered.size(), 4);
    }

    void pointsWithoutPlaceAreTold()
    {
        FigureSpec spec = scalingSpec();
        spec.series[0].points[0].x = 0;
        spec.series[1].points[2].y = std::numeric_limits<double>::quiet_NaN();
        FigurePage page;
        page.setFigure(spec);
        const test::Stage stage(page, {900, 700});
        QCOMPARE(page.plot()->withoutPlace(), 2);
        bool told = false;
        for (const QLabel *label : page.findChildren<QLabel *>())
            told = told || label->text().contains(u"2 points have no place"_s);
        QVERIFY(told);
        FigurePlot empty;
        empty.setFigure(FigureSpec());
        const test::Stage emptyStage(empty, {400, 300});
        QVERIFY(!empty.grab().isNull());
    }

    void fieldsOfAHeatMapAreReached()
    {
        FigureSpec spec;
        spec.kind = u"heatmap"_s;
        spec.title = u"Heat"_s;
        const auto categories = [](const QString &label, const QStringList &names) {
            return FigureAxis{label, FigureAxis::Scale::Category, {}, {}, {}, names};
        };
        spec.x = categories(u"Model"_s, {u"a"_s, u"b"_s});
        spec.y = categories(u"Behaviour"_s, {u"c"_s, u"d"_s});
        for (const auto &[x, y] : {std::pair(0, 0), std::pair(1, 0), std::pair(1, 1)}) {
            FigureCell cell;
            cell.x = x;
            cell.y = y;
            cell.n = 40;
            if (x == 1)
                cell.value = 0.25 + 0.5 * y;
            spec.cells << cell;
        }
        spec.colors = FigureColors{{u"Matching"_s, FigureAxis::Scale::Linear, u"share"_s, {}, {}, {}}, false, 0};
        FigurePlot plot;
        plot.setFigure(spec);
        const test::Stage stage(plot, {700, 500});
        QTest::qWait(50);
        QWidget *canvas = nullptr;
        for (QWidget *child : plot.findChildren<QWidget *>()) {
            if (child->accessibleName() == "Figure: Heat"_L1)
                canvas = child;
        }
        QVERIFY(canvas);
        QVERIFY(canvas->accessibleDescription().contains(u"2 rows by 2 columns with 2 values from 25.0 % to 75.0 %"_s));
        auto *values = plot.findChild<QLabel *>(u"values"_s);
        QTest::keyClick(canvas, Qt::Key_Right);
        QVERIFY2(values->text().contains(u"no value"_s), qPrintable(values->text())); // Never 0.
        QTest::keyClick(canvas, Qt::Key_Right);
        QCOMPARE(values->text(), u"c · b\nMatching: 25.0 %\n40 answered items"_s);
        QTest::keyClick(canvas, Qt::Key_Down);
        QVERIFY(values->text().startsWith(u"d · b"_s));
        // The pointer meets fields anywhere inside them, and nothing where none is.
        QSignalSpy hovered(&plot, &FigurePlot::pointHovered);
        QTest::keyClick(canvas, Qt::Key_Escape);
        QSet<int> met;
        for (int x = 0; x < canvas->width(); x += 15) {
            for (int y = 0; y < canvas->height(); y += 15)
                QTest::mouseMove(canvas, QPoint(x, y));
        }
        for (const QList<QVariant> &signal : hovered)
            met << signal.at(1).toInt();
        QCOMPARE(met, (QSet<int>{0, 1, 2}));
    }

    void panelsShareALegend()
    {
        FigureSpec spec;
        spec.kind = u"grid"_s;
        spec.title = u"Grid"_s;
        spec.x = scalingSpec().x;
        spec.y = scalingSpec().y;
        for (const QString &title : {u"one"_s, u"two"_s, u"three"_s}) {
            FigureSpec panel = scalingSpec();
            panel.title = title;
            if (title == "two"_L1)
                panel.series.removeFirst();
            spec.panels << panel;
        }
        FigurePlot plot;
        plot.setFigure(spec);
        const test::Stage stage(plot, {900, 600});
        QTest::qWait(50);
        QCOMPARE(plot.findChildren<Chip *>().size(), 3);
        const QColor color = m_theme.series(0);
        const int before = pixelsOf(plot.grab().toImage(), color);
        plot.setSeriesVisible(0, false); // In both panels that have it.
        QTest::qWait(50);
        QVERIFY(pixelsOf(plot.grab().toImage(), color) < before / 3);
        QWidget *canvas = nullptr;
        for (QWidget *child : plot.findChildren<QWidget *>()) {
            if (child->accessibleName() == "Figure: Grid"_L1)
                canvas = child;
        }
        QVERIFY(canvas);
        QVERIFY(canvas->accessibleDescription().contains(u"3 panels"_s));
        QSignalSpy hovered(&plot, &FigurePlot::pointHovered);
        for (int i = 0; i < 11; ++i)
            QTest::keyClick(canvas, Qt::Key_Right);
        // Ten points of two series stand in the first panel, the eleventh in the second, where a series is missing.
        QCOMPARE(hovered.last().at(2).toInt(), 1);
        QVERIFY(plot.findChild<QLabel *>(u"values"_s)->text().startsWith(u"two\nInventa 135M · pretrained"_s));
    }

    void wordsAreEdited()
    {
        FigurePage page;
        page.setFigure(scalingSpec());
        const test::Stage stage(page, {900, 700});
        QSignalSpy edited(&page, &FigurePage::wordsEdited);
        page.editWords();
        auto *title = page.findChild<QLineEdit *>();
        auto *notes = page.findChild<QPlainTextEdit *>();
        QVERIFY(title && notes && title->isVisible());
        QCOMPARE(title->text(), scalingSpec().title);
        title->setText(u"A title of my own"_s);
        page.leaveWords();
        QCOMPARE(edited.size(), 0);
        QCOMPARE(page.figure().title, scalingSpec().title);
        page.editWords();
        title->setText(u" A title of my own "_s);
        notes->setPlainText(u"first\n\nsecond <b>"_s);
        page.keepWords();
        QCOMPARE(edited.size(), 1);
        QVERIFY(title->isHidden() || !title->isVisible());
        QCOMPARE(page.figure().title, u"A title of my own"_s);
        QCOMPARE(page.figure().notes, (QStringList{u"first"_s, u"second <b>"_s}));
        QCOMPARE(page.figure().dataHash, scalingSpec().dataHash); // The numbers are the same.
        const auto shown = page.findChildren<QLabel *>();
        QVERIFY(std::ranges::any_of(shown, [](const QLabel *label) { return label->text() == u"A title of my own"_s; }));
        const QString file = m_folder.filePath(u"edited.json"_s);
        QVERIFY(page.exportTo(file, FigurePage::Format::Json));
        QCOMPARE(FigureSpec::fromText(QString::fromUtf8(contentOf(file)))->title, u"A title of my own"_s);
    }

    void wordsOfRenderings()
    {
        const auto column = FigureRendering::fromWords(u"column"_s, u"4"_s, u"dark"_s);
        QVERIFY(column);
        QCOMPARE(column->use, FigureStyle::Use::Column);
        QCOMPARE(column->size.width(), 321);
        QCOMPARE(column->pngScale, 4.0);
        QCOMPARE(column->paper, FigureStyle::Paper::Dark);
        const auto pixels = FigureRendering::fromWords(u"800x0"_s, {}, {});
        QVERIFY(pixels);
        QCOMPARE(pixels->size, QSize(800, 0));
        QCOMPARE(pixels->pngScale, FigureRendering().pngScale);
        for (const auto &[size, scale, paper] :
             {std::tuple(u"huge"_s, u""_s, u""_s), std::tuple(u"1x2x3"_s, u""_s, u""_s), std::tuple(u""_s, u"0"_s, u""_s),
              std::tuple(u""_s, u"nan"_s, u""_s), std::tuple(u""_s, u""_s, u"pink"_s)}) {
            const auto wrong = FigureRendering::fromWords(size, scale, paper);
            QVERIFY(!wrong);
            QCOMPARE(wrong.error().code, ErrorCode::InvalidInput);
        }
    }

    void datesPowersAndSigns()
    {
        const QList<double> years = dateTicks(1.60e9, 1.705e9, 5);
        QVERIFY(years.size() >= 3 && years.size() <= 7);
        for (const double tick : years)
            QCOMPARE(QDateTime::fromSecsSinceEpoch(static_cast<qint64>(tick), Qt::UTC).date().day(), 1);
        QVERIFY(dateTicks(-1e300, 1e300, 5).isEmpty());
        QVERIFY(dateTicks(5, 5, 5).isEmpty());
        const auto axis = [](const QString &unit) {
            return FigureAxis{{}, FigureAxis::Scale::Linear, unit, {}, {}, {}};
        };
        QCOMPARE(axisValueText(axis(u"flops"_s), 1e21), u"10²¹"_s);
        QCOMPARE(axisValueText(axis(u"flops"_s), 3.2e22), u"3.2 × 10²²"_s);
        QCOMPARE(tickText(axis(u"score"_s), -0.25), u"−0.25"_s);
        QCOMPARE(tickText(axis(u"score"_s), 1e-17), u"0"_s);
        QCOMPARE(tickText(axis(u"points"_s), 0.1 + 0.2), u"+30 pp"_s);
        QLocale::setDefault(QLocale(QLocale::German));
        QCOMPARE(axisValueText(axis(u"parameters"_s), 1.5e9), u"1,5B"_s);
        QLocale::setDefault(QLocale::c());
    }

    void rendersFiles_data()
    {
        QTest::addColumn<QString>("ending");
        QTest::addColumn<QByteArray>("start");
        QTest::newRow("svg") << u"svg"_s << QByteArray("<?xml");
        QTest::newRow("pdf") << u"pdf"_s << QByteArray("%PDF-1.");
        QTest::newRow("png") << u"png"_s << QByteArray("\x89PNG");
    }
    void rendersFiles()
    {
        QFETCH(QString, ending);
        QFETCH(QByteArray, start);
        const QString path = m_folder.filePath(u"figure."_s + ending);
        FigureRendering rendering;
        for (const FigureSpec &spec : {scalingSpec(), scoresSpec(), FigureSpec()}) {
            const Status done = renderFigure(spec, path, rendering);
            QVERIFY2(done, done ? "" : qPrintable(done.error().text()));
            QVERIFY(contentOf(path).startsWith(start));
        }
        QVERIFY(renderFigure(scalingSpec(), path, rendering));
        if (ending == "png"_L1)
            QCOMPARE(QImage(path).size(), rendering.size * 2);
        const QString keep = qEnvironmentVariable("EVALWRIGHT_SCREENSHOTS");
        if (!keep.isEmpty() && ending == "png"_L1) {
            QVERIFY(renderFigure(scalingSpec(), keep + u"/render-scaling.png"_s, rendering));
            QVERIFY(renderFigure(scoresSpec(), keep + u"/render-scores.png"_s, rendering));
        }
    }

    void svgIsWellFormedAndHoldsItsWords()
    {
        FigureSpec spec = scalingSpec();
        spec.title = u"<script>alert(1)</script> & more"_s;
        const QString path = m_folder.filePath(u"hostile.svg"_s);
        QVERIFY(renderFigure(spec, path));
        QXmlStreamReader reader(contentOf(path));
        QStringList words;
        while (!reader.atEnd()) {
            reader.readNext();
            QVERIFY(reader.name() != "script"_L1);
            if (reader.isCharacters())
                words << reader.text().toString().trimmed();
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        for (const QString &word : {u"100M"_s, u"10B"_s, u"40 %"_s, u"ceiling 94 %"_s, u"pretrained"_s, spec.title})
            QVERIFY2(words.contains(word), qPrintable(word));
        FigureRendering rendering;
        rendering.hidden = {1};
        QVERIFY(renderFigure(spec, path, rendering));
        QVERIFY(!contentOf(path).contains(">pretrained<"));
        QVERIFY(contentOf(path).contains("1 series of this figure are hidden."));
    }

    void wrongRequestsAreRefused()
    {
        const Status gif = renderFigure(scalingSpec(), m_folder.filePath(u"figure.gif"_s));
        QVERIFY(!gif);
        QCOMPARE(gif.error().code, ErrorCode::Unsupported);
        FigureRendering tiny;
        tiny.size = {10, 10};
        QCOMPARE(renderFigure(scalingSpec(), m_folder.filePath(u"figure.png"_s), tiny).error().code,
                 ErrorCode::InvalidInput);
        const Status nowhere = renderFigure(scalingSpec(), m_folder.filePath(u"no/such/folder/figure.svg"_s));
        QVERIFY(!nowhere);
        QVERIFY(!nowhere.error().advice.isEmpty());
        QCOMPARE(renderFigureFile(m_folder.filePath(u"absent.json"_s), m_folder.filePath(u"x.svg"_s)).error().code,
                 ErrorCode::NotFound);
        QVERIFY(
            writeWholeFile(m_folder.filePath(u"spec.json"_s), QByteArray::fromStdString(scoresSpec().toJson().dump())));
        QVERIFY(renderFigureFile(m_folder.filePath(u"spec.json"_s), m_folder.filePath(u"x.svg"_s)));
    }

    void pageHasNumbersAndExports()
    {
        FigurePage page;
        page.setFigure(scalingSpec());
        const test::Stage stage(page, {900, 700});
        auto *table = page.findChild<NumbersTable *>();
        QVERIFY(table && table->isHidden());
        page.setNumbersVisible(true);
        QVERIFY(table->isVisible());
        QCOMPARE(table->model()->rowCount(), 15);
        table->selectAll();
        table->copySelection();
        QCOMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 15);
        const QString csv = m_folder.filePath(u"numbers.csv"_s);
        QVERIFY(page.exportTo(csv, FigurePage::Format::Csv));
        QCOMPARE(contentOf(csv), scalingSpec().toCsv());
        const QString file = m_folder.filePath(u"figure.json"_s);
        QVERIFY(page.exportTo(file, FigurePage::Format::Json));
        const auto back = FigureSpec::fromText(QString::fromUtf8(contentOf(file)));
        QVERIFY(back);
        QCOMPARE(back->dataHash, scalingSpec().dataHash);
        page.copyImage();
        QCOMPARE(QGuiApplication::clipboard()->image().isNull(), false);

        QSignalSpy update(&page, &FigurePage::updateRequested);
        Banner *newer = page.findChildren<Banner *>().constFirst();
        QVERIFY(newer->isHidden());
        page.setNewerResultsExist(true);
        QVERIFY(newer->isVisible());
        Q_EMIT newer->actionTriggered();
        QCOMPARE(update.size(), 1);
        page.setNewerResultsExist(false);
        QVERIFY(newer->isHidden());
    }

    void looks()
    {
        FigurePage page;
        page.setFigure(scalingSpec());
        page.setNewerResultsExist(true);
        test::lookAt(page, u"figure-scaling"_s, {1100, 900}, m_theme);
        page.setFigure(scoresSpec());
        page.setNewerResultsExist(false);
        page.setNumbersVisible(true);
        test::lookAt(page, u"figure-scores"_s, {900, 800}, m_theme);
        m_theme.apply(*qApp, Theme::Mode::Light);
    }
};

QTEST_MAIN(TestFigures)
#include "tst_figures.moc"
