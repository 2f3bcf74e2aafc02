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
