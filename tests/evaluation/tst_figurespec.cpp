// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/figurespec.h"

#include <QTest>

#include <functional>
#include <limits>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString hostile = u"=cmd|' /C calc'!A1,\"quoted\"\nsecond line\r\n<b>bold</b> \u202Eevil"_s;

FigureSpec sample()
{
    FigureSpec spec;
    spec.kind = u"scaling"_s;
    spec.title = u"title"_s;
    spec.subtitle = u"subtitle"_s;
    spec.x = {u"Parameters"_s, FigureAxis::Scale::Log, u"parameters"_s, {}, 1e12, {}};
    spec.y = {u"Share"_s, FigureAxis::Scale::Linear, u"share"_s, 0.0, 1.0, {}};
    FigurePoint first;
    first.x = 135e6;
    first.y = 0.1 + 0.2; // Needs 17 digits.
    first.low = 0.25;
    first.high = 1.0 / 3;
    first.naiveLow = 0.27;
    first.naiveHigh = 0.32;
    first.asked = 1000;
    first.n = 987;
    first.clusters = 32;
    first.label = hostile;
    first.note = u"12 refused, 1 failed"_s;
    FigurePoint second;
    second.x = 1.7e9;
    second.y = 1;
    second.n = second.asked = 7;
    second.label = u"plain"_s;
    FigureSeries series;
    series.name = u"fam"_s;
    series.family = u"fam"_s;
    series.points << first << second;
    series.verdict = FigureVerdict{u"inverse"_s, u"slope"_s, u"It falls."_s, {u"one"_s, u"two"_s}};
    FigureSeries human;
    human.name = u"people"_s;
    human.role = u"human"_s;
    spec.series << series << human;
    spec.referenceLines << FigureReferenceLine{0.5, u"Chance"_s, FigureReferenceLine::Kind::Chance}
                        << FigureReferenceLine{0.9, u"Ceiling"_s, FigureReferenceLine::Kind::Ceiling};
    spec.notes << u"note"_s;
    spec.createdFrom = {{"figure", "scaling"}, {"datasets", {"d"}}};
    spec.sealDataHash();
    return spec;
}

FigureAxis shareAxis()
{
    return {u"Share"_s, FigureAxis::Scale::Linear, u"share"_s, {}, {}, {}};
}

/// A heat map with one field known, one without a value and two that are not listed.
FigureSpec heatMap()
{
    FigureSpec spec;
    spec.kind = u"heatmap"_s;
    spec.x = {u"Model"_s, FigureAxis::Scale::Category, {}, {}, {}, {u"small"_s, u"large"_s}};
    spec.y = {u"Behaviour"_s, FigureAxis::Scale::Category, {}, {}, {}, {hostile, u"other"_s}};
    spec.y.groups = {u"A"_s, u"B"_s};
    spec.y.counts = {1000, 978};
    FigureCell known;
    known.x = 1;
    known.value = 1.0 / 3;
    known.low = 0.25;
    known.high = 0.5;
    known.n = 12;
    known.note = u"few items"_s;
    FigureCell unknown;
    unknown.y = 1;
    spec.cells << known << unknown;
    spec.colors = FigureColors{shareAxis(), true, 0.5};
    spec.sealDataHash();
    return spec;
}

FigureSpec grid()
{
    FigureSpec spec;
    spec.kind = u"grid"_s;
    spec.x = sample().x;
    spec.y = sample().y;
    for (const QString &title : {u"first, of two"_s, u"second"_s}) {
        FigureSpec panel = sample();
        panel.title = title;
        spec.panels << panel;
    }
    spec.sealDataHash();
    return spec;
}

FigureSpec winogender()
{
    FigureSpec spec;
    spec.kind = u"winogender"_s;
    spec.x = spec.y = shareAxis();
    spec.y.unit = u"score"_s;
    FigureSeries series;
    series.name = u"original"_s;
    FigurePoint point;
    point.x = 0.9;
    point.y = -0.25;
    point.label = u"nurse"_s;
    point.boundLow = -0.5;
    point.boundHigh = 0.5;
    series.points << point;
    spec.series << series;
    FigureFit fit;
    fit.name = u"original"_s;
    fit.intercept = -0.5;
    fit.slope = 1;
    fit.text = u"r = 0.53 [0.31, 0.70]"_s;
    fit.band << FigureFit::BandPoint{0, -0.6, -0.4} << FigureFit::BandPoint{1, 0.4, 0.6};
    spec.fits << fit;
    spec.referenceLines << FigureReferenceLine{0, {}, FigureReferenceLine::Kind::Diagonal}
                        << FigureReferenceLine{0.1, u"mean"_s, FigureReferenceLine::Kind::Mean, 0.05, 0.15};
    spec.sealDataHash();
    return spec;
}

/// A reader of RFC 4180 that shares no code with the writer.
QList<QStringList> readCsv(const QByteArray &bytes)
{
    QList<QStringList> rows;
    QStringList row;
    QByteArray field;
    bool inside = false;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (inside) {
            if (c == '"' && i + 1 < bytes.size() && bytes[i + 1] == '"') {
                field += '"';
                ++i;
            } else if (c == '"') {
                inside = false;
            } else {
                field += c;
            }
        } else if (c == '"') {
            inside = true;
        } else if (c == ',' || c == '\n') {
            row << QString::fromUtf8(field);
            field.clear();
            if (c == '\n') {
                rows << row;
                row.clear();
            }
        } else {
            field += c;
        }
    }
    return rows;
}

} // namespace

class TestFigureSpec : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void jsonRoundTrip()
    {
        const FigureSpec spec = sample();
        const QString text = QString::fromStdString(spec.toJson().dump());
        const auto back = FigureSpec::fromText(text);
        QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
        QVERIFY(back->toJson() == spec.toJson());
        QCOMPARE(back->series.first().points.first().label, hostile);
        QCOMPARE(back->series.first().points.first().y, 0.1 + 0.2);
        QVERIFY(!back->series.first().points.last().low);
        QVERIFY(!back->series.first().points.last().clusters);
        QVERIFY(!back->verdict);
        QCOMPARE(back->series.first().verdict->details.size(), 2);
        QCOMPARE(back->x.scale, FigureAxis::Scale::Log);
        QVERIFY(!back->x.minimum);
        QCOMPARE(back->x.maximum, std::optional<double>(1e12));
        QCOMPARE(back->referenceLines.last().kind, FigureReferenceLine::Kind::Ceiling);
        FigureSpec again = *back;
        again.sealDataHash();
        QCOMPARE(again.dataHash, spec.dataHash);
    }

    void everyKindComesBack()
    {
        for (const FigureSpec &spec : {heatMap(), grid(), winogender()}) {
            const auto back = FigureSpec::fromText(QString::fromStdString(spec.toJson().dump()));
            QVERIFY2(back, back ? "" : qPrintable(back.error().text()));
            QVERIFY(back->toJson() == spec.toJson());
            FigureSpec again = *back;
            again.sealDataHash();
            QCOMPARE(again.dataHash, spec.dataHash);
        }
        const FigureSpec heat = *FigureSpec::fromJson(heatMap().toJson());
        QVERIFY(!heat.cells.last().value);
        QVERIFY(heat.colors && heat.colors->diverging);
        QCOMPARE(heat.y.counts, (QList<qint64>{1000, 978}));
        const FigureSpec scatter = *FigureSpec::fromJson(winogender().toJson());
        QCOMPARE(scatter.fits.first().band.size(), 2);
        QCOMPARE(scatter.series.first().points.first().boundHigh, std::optional<double>(0.5));
        QCOMPARE(scatter.referenceLines.last().low, std::optional<double>(0.05));
        QCOMPARE(scatter.referenceLines.first().kind, FigureReferenceLine::Kind::Diagonal);
    }
    void panelsBorrowAxes()
    {
        json document = grid().toJson();
        document["panels"][1].erase("x");
        document["panels"][1].erase("y");
        const auto back = FigureSpec::fromJson(document);
        QVERIFY(back);
        QCOMPARE(back->panels.last().x.scale, FigureAxis::Scale::Log);
        QCOMPARE(back->panels.last().y.unit, u"share"_s);
    }
    void oldDocumentsKeepTheirHash()
    {
        // What came later must not stand in documents of the first kinds: their hashes tell whether results changed.
        const json document = sample().toJson();
        for (const char *later : {"panels", "cells", "fits", "colors"})
            QVERIFY(!document.contains(later));
        QVERIFY(!document["series"][0]["points"][0].contains("bound_low"));
        QVERIFY(!document["y"].contains("groups"));
        QVERIFY(!document["reference_lines"][0].contains("low"));
        QVERIFY(document["series"][0]["points"][1].contains("low")); // Null, as ever.
    }
    void laterKindsAreHashed()
    {
        FigureSpec heat = heatMap(), many = grid(), scatter = winogender();
        heat.cells.first().value = 0.25;
        heat.sealDataHash();
        QVERIFY(heat.dataHash != heatMap().dataHash);
        many.panels.last().series.first().points.first().y = 0;
        many.sealDataHash();
        QVERIFY(many.dataHash != grid().dataHash);
        scatter.fits.first().slope = 2;
        scatter.sealDataHash();
        QVERIFY(scatter.dataHash != winogender().dataHash);
    }
    void csvOfTheLaterKinds()
    {
        const auto heat = readCsv(heatMap().toCsv());
        QCOMPARE(heat.first(), (QStringList{u"x"_s, u"y"_s, u"value"_s, u"low"_s, u"high"_s, u"n"_s, u"note"_s}));
        QCOMPARE(heat.size(), 3);
        QCOMPARE(heat[1][1], hostile);
        QCOMPARE(heat[1][2].toDouble(), 1.0 / 3);
        QCOMPARE(heat[2][2], QString()); // Missing is empty, never 0.
        const auto panels = readCsv(grid().toCsv());
        QCOMPARE(panels.size(), 5);
        QCOMPARE(panels[0][0], u"panel"_s);
        QCOMPARE(panels[1][0], u"first, of two"_s);
        for (const QStringList &row : panels)
            QCOMPARE(row.size(), panels.first().size());
        const auto scatter = readCsv(winogender().toCsv());
        QCOMPARE(scatter.size(), 4);
        const auto field = [&](int row, const QString &name) { return scatter[row][scatter[0].indexOf(name)]; };
        QCOMPARE(field(1, u"label"_s), u"nurse"_s);
        QCOMPARE(field(1, u"bound_low"_s), u"-0.5"_s);
        QCOMPARE(field(3, u"role"_s), u"fit"_s);
        QCOMPARE(field(3, u"y"_s).toDouble(), 0.5);
        QCOMPARE(field(3, u"low"_s).toDouble(), 0.4);
    }
    void tablesOfTheLaterKinds()
    {
        const auto heat = heatMap().table();
        QCOMPARE(heat.rows.size(), 2);
        QCOMPARE(heat.rows[0],
                 (QStringList{hostile, u"large"_s, u"33.3%"_s, u"25.0 to 50.0%"_s, u"12"_s, u"few items"_s}));
        QCOMPARE(heat.rows[1][2], u"—"_s);
        const auto panels = grid().table();
        QCOMPARE(panels.header.first(), u"Panel"_s);
        QCOMPARE(panels.rows.size(), 4);
        QCOMPARE(panels.rows.last().first(), u"second"_s);
        const auto scatter = winogender().table();
        QCOMPARE(scatter.rows.size(), 2);
        QCOMPARE(scatter.rows[0].last(), u"-0.5 to 0.5"_s);
        QCOMPARE(scatter.rows[1][9], u"r = 0.53 [0.31, 0.70]"_s);
        const auto cut = grid().table(3);
        QCOMPARE(cut.rows.size(), 3);
        QCOMPARE(cut.left, 1);
    }
    void manyItems()
    {
        FigureSpec spec;
        spec.kind = u"differences"_s;
        spec.y.unit = u"points"_s;
        FigureSeries series;
        for (int i = 0; i < 200'000; ++i) {
            FigurePoint point;
            point.x = i;
            point.y = i < 50'000 ? -1 : i < 150'000 ? 0 : 1;
            point.label = u"item-%1"_s.arg(i);
            series.points << point;
        }
        spec.series << series;
        const std::string text = spec.toJson().dump();
        QVERIFY2(text.size() < 12'000'000, qPrintable(QString::number(text.size())));
        const auto back = FigureSpec::fromText(QString::fromStdString(text));
        QVERIFY(back);
        QCOMPARE(back->series.first().points.size(), 200'000);
        QCOMPARE(spec.toCsv().count('\n'), 200'001);
        QCOMPARE(spec.table().rows.size(), 20'000);
        QCOMPARE(spec.table().left, 180'000);
    }
    void documentsOfStrangersAreBounded()
    {
        const auto refused = [](const json &document, const QString &named) {
            const auto got = FigureSpec::fromJson(document);
            return !got && got.error().code == ErrorCode::Parse && got.error().message.contains(named);
        };
        json document = sample().toJson();
        document["notes"] = json::array();
        for (int i = 0; i < 1001; ++i)
            document["notes"].push_back("n");
        QVERIFY(refused(document, u"notes"_s));
        document = sample().toJson();
        document["title"] = std::string(50'000, 'x');
        QVERIFY(refused(document, u"title"_s));
        document = sample().toJson();
        document["series"][0]["points"][0]["y"] = 1e300;
        QVERIFY(refused(document, u"series/0/points/0/y"_s));
        document = sample().toJson();
        document["series"][0]["points"][0]["n"] = -1;
        QVERIFY(refused(document, u"points/0/n"_s));
        document = sample().toJson();
        document["y"]["minimum"] = 1;
        QVERIFY(refused(document, u"maximum"_s));
        document = heatMap().toJson();
        document["cells"][0]["x"] = 2;
        QVERIFY(refused(document, u"cells/0/x"_s));
        document["cells"][0]["x"] = 18446744073709551615ULL;
        QVERIFY(refused(document, u"cells/0/x"_s));
        document = heatMap().toJson();
        document["y"]["groups"] = {"A"};
        QVERIFY(refused(document, u"groups"_s));
        document = heatMap().toJson();
        document["colors"]["scale"] = "rainbow";
        QVERIFY(refused(document, u"colors/scale"_s));
        document = grid().toJson();
        document["panels"][1]["series"][0]["points"][0]["x"] = "1";
        QVERIFY(refused(document, u"panels/1/series/0/points/0/x"_s));
        document = grid().toJson();
        document["panels"][0]["kind"] = "grid";
        QVERIFY(refused(document, u"panels/0/kind"_s));
        document["panels"][0] = 3;
        QVERIFY(refused(document, u"panels/0"_s));
        document = grid().toJson();
        for (int i = 0; i < 1000; ++i)
            document["panels"].push_back({{"title", "t"}});
        QVERIFY(refused(document, u"panels"_s));
        // Nested deeper than any figure, and a number that is none.
        QVERIFY(!FigureSpec::fromText(QString(100'000, u'[')));
        QVERIFY(!FigureSpec::fromText(u"{\"format\":\"evalwright-figure/1\",\"x\":{\"minimum\":1e999}}"_s));
    }

    void brokenDocumentsAreRefused_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("named");
        QTest::newRow("format") << u"{\"format\":\"evalwright-figure/2\"}"_s << u"format"_s;
        QTest::newRow("no number") << u"{\"series\":[{\"name\":\"n\",\"points\":[{\"x\":\"1\",\"y\":2}]}]}"_s
                                   << u"points/0/x"_s;
        QTest::newRow("missing y") << u"{\"series\":[{\"name\":\"n\",\"points\":[{\"x\":1}]}]}"_s << u"points/0/y"_s;
        QTest::newRow("scale") << u"{\"x\":{\"label\":\"l\",\"scale\":\"cubic\"}}"_s << u"scale"_s;
        QTest::newRow("kind of line") << u"{\"reference_lines\":[{\"value\":1,\"kind\":\"roof\"}]}"_s << u"kind"_s;
        QTest::newRow("notes") << u"{\"notes\":[1]}"_s << u"notes"_s;
        QTest::newRow("series") << u"{\"series\":{}}"_s << u"series"_s;
        QTest::newRow("axis") << u"{\"y\":null}"_s << u"y"_s;
    }
    void brokenDocumentsAreRefused()
    {
        QFETCH(QString, change);
        QFETCH(QString, named);
        json document = sample().toJson();
        document.update(json::parse(change.toStdString()));
        const auto got = FigureSpec::fromJson(document);
        QVERIFY(!got);
        QCOMPARE(got.error().code, ErrorCode::Parse);
        QVERIFY2(got.error().message.contains(named), qPrintable(got.error().message));
    }
    void textThatIsNoJson()
    {
        for (const QString &text : {QString(), u"{"_s, u"[]"_s, u"3"_s, u"null"_s}) {
            const auto got = FigureSpec::fromText(text);
            QVERIFY(!got);
            QCOMPARE(got.error().code, ErrorCode::Parse);
        }
    }

    void csvKeepsHostileNamesInOneField()
    {
        const FigureSpec spec = sample();
        const QByteArray csv = spec.toCsv();
        const auto rows = readCsv(csv);
        QCOMPARE(rows.size(), 3); // Header and two points; the series without points adds none.
        for (const QStringList &row : rows)
            QCOMPARE(row.size(), rows.first().size());
        const auto field = [&](int row, const QString &name) { return rows[row][rows[0].indexOf(name)]; };
        QCOMPARE(field(1, u"label"_s), hostile);
        QCOMPARE(field(1, u"note"_s), u"12 refused, 1 failed"_s);
        QCOMPARE(field(1, u"y"_s).toDouble(), 0.1 + 0.2); // To the last bit.
        QCOMPARE(field(1, u"high"_s).toDouble(), 1.0 / 3);
        QCOMPARE(field(1, u"x"_s).toDouble(), 135e6);
        QCOMPARE(field(1, u"n"_s), u"1000"_s);
        QCOMPARE(field(1, u"answered"_s), u"987"_s);
        QCOMPARE(field(1, u"clusters"_s), u"32"_s);
        // Unknown is empty, never 0.
        QCOMPARE(field(2, u"low"_s), QString());
        QCOMPARE(field(2, u"clusters"_s), QString());
        QCOMPARE(field(2, u"y"_s), u"1"_s);
        QCOMPARE(field(2, u"n"_s), u"7"_s);
        // Lines end with a line feed alone; the only carriage return is the one inside the hostile name.
        QCOMPARE(csv.count('\r'), 1);
        QVERIFY(csv.endsWith('\n'));
    }

    void csvNeverWritesInfinity()
    {
        FigureSpec spec = sample();
        spec.series.first().points.first().high = std::numeric_limits<double>::infinity();
        const auto rows = readCsv(spec.toCsv());
        QCOMPARE(rows[1][rows[0].indexOf(u"high"_s)], QString());
    }

    void tableForPeople()
    {
        FigureSpec spec = sample();
        const auto table = spec.table();
        QCOMPARE(table.rows.size(), 2);
        for (const QStringList &row : table.rows)
            QCOMPARE(row.size(), table.header.size());
        QVERIFY(table.header.contains(u"Parameters"_s));
        QCOMPARE(table.rows[0][0], u"fam"_s);
        QCOMPARE(table.rows[0][1], hostile);
        QCOMPARE(table.rows[0][2], u"135M"_s);
        QCOMPARE(table.rows[0][3], u"30.0%"_s);
        QCOMPARE(table.rows[0][4], u"25.0 to 33.3%"_s);
        QCOMPARE(table.rows[0][6], u"1000"_s);
        QCOMPARE(table.rows[0][7], u"987"_s);
        QCOMPARE(table.rows[0][8], u"32"_s);
        QCOMPARE(table.rows[1][2], u"1.7B"_s);
        QCOMPARE(table.rows[1][3], u"100%"_s);
        QCOMPARE(table.rows[1][4], u"—"_s);
        QCOMPARE(table.rows[1][8], u"—"_s);

        spec.x = {u"Data set"_s, FigureAxis::Scale::Category, {}, {}, {}, {u"zero"_s, u"one"_s}};
        spec.series.first().points.first().x = 1;
        spec.series.first().points.last().x = 2; // Names no category: the bare number is shown.
        const auto categories = spec.table();
        QCOMPARE(categories.rows[0][2], u"one"_s);
        QCOMPARE(categories.rows[1][2], u"2"_s);
        const auto rows = readCsv(spec.toCsv());
        QCOMPARE(rows[1][rows[0].indexOf(u"category"_s)], u"one"_s);
        QCOMPARE(rows[2][rows[0].indexOf(u"category"_s)], QString());
    }

    void dataHashFollowsTheNumbersOnly()
    {
        const FigureSpec spec = sample();
        QCOMPARE(spec.dataHash.size(), 64);
        const auto hashAfter = [&](const std::function<void(FigureSpec &)> &change) {
            FigureSpec changed = spec;
            change(changed);
            changed.sealDataHash();
            return changed.dataHash;
        };
        QCOMPARE(hashAfter([](FigureSpec &) {}), spec.dataHash);
        QCOMPARE(hashAfter([](FigureSpec &s) { s.title = u"another"_s; }), spec.dataHash);
        QCOMPARE(hashAfter([](FigureSpec &s) { s.notes << u"more"_s; }), spec.dataHash);
        QCOMPARE(hashAfter([](FigureSpec &s) { s.y.maximum = 0.5; }), spec.dataHash);
        QCOMPARE(hashAfter([](FigureSpec &s) { s.createdFrom = {{"runs", {"x"}}}; }), spec.dataHash);
        QVERIFY(hashAfter([](FigureSpec &s) { s.series.first().points.first().y = 0.3; }) != spec.dataHash);
        QVERIFY(hashAfter([](FigureSpec &s) { s.series.first().points.first().n = 999; }) != spec.dataHash);
        QVERIFY(hashAfter([](FigureSpec &s) { s.series.first().points.last().low = 0.0; }) != spec.dataHash);
        QVERIFY(hashAfter([](FigureSpec &s) { s.referenceLines.first().value = 0.25; }) != spec.dataHash);
        QVERIFY(hashAfter([](FigureSpec &s) { s.series.removeLast(); }) != spec.dataHash);
    }
};

QTEST_GUILESS_MAIN(TestFigureSpec)
#include "tst_figurespec.moc"
