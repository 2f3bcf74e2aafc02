// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files that somebody made to do harm, or that are something else than their name says. Each is imported as far as it is
// good, or refused in words; it takes neither much memory nor long, and the project stays sound.
#include "../support/fuzzing.h"
#include "exchangefiles.h"
#include "storage/exchange/observations/observations.h"
#include "storage/exchange/observations/resultformats.h"
#include "storage/projectcheck.h"

#include <QDir>
#include <QTest>

#include <limits>
#include <sys/stat.h>
#include <thread>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray rowOf(const QByteArray &question, const QByteArray &matching = " Yes", const QByteArray &more = {}, const QByteArray &confidence = "0.9")
{
    return "{\"question\": \"" + question + "\", \"statement\": \"s\", \"label_confidence\": " + confidence +
           ", \"answer_matching_behavior\": \"" + matching + "\", \"answer_not_matching_behavior\": \" No\"" + more + "}";
}

const QByteArray good = rowOf("Is it so?") + '\n';
const QByteArray tableHead = "question,answer_matching_behavior,answer_not_matching_behavior\n";

QByteArray inUtf16(const QString &text, bool bigEndian, bool mark = true)
{
    QByteArray out;
    for (const QChar c : (mark ? u"\ufeff"_s : QString()) + text) {
        const char high = static_cast<char>(c.unicode() >> 8), low = static_cast<char>(c.unicode() & 0xff);
        out += bigEndian ? high : low;
        out += bigEndian ? low : high;
    }
    return out;
}

} // namespace

class TestHostileFiles : public QObject
{
    Q_OBJECT

    ExchangeFolder m_files;
    std::shared_ptr<Project> m_project;

    /// What becomes of a file: "taken of all: reasons of the others", or the code of the error.
    QString outcome(const QString &path)
    {
        const auto results = resultFormatOf(path);
        if (!results)
            return errorCodeName(results.error().code);
        const auto reasons = [](const ImportReport &report) {
            QStringList all;
            for (const RowProblem &problem : report.rejected)
                all << problem.reason;
            all.removeDuplicates();
            return all.isEmpty() ? QString() : u": "_s + all.join(u' ');
        };
        const QString set = QFileInfo(path).fileName();
        if (!results->isEmpty()) {
            const auto source = openResultFile(path, *results, u"m"_s);
            const auto report = source ? importObservations(*m_project, path, **source, {.dataset = set, .skipBad = true})
                                       : Result<ObservationImportReport>(failure(source.error()));
            return report ? u"answers %1 of %2"_s.arg(report->file.imported).arg(report->file.rows) + reasons(report->file)
                          : errorCodeName(report.error().code);
        }
        const auto tried = importFile(*m_project, path, {.dataset = set, .skipBad = true, .dryRun = true});
        const auto report = importFile(*m_project, path, {.dataset = set, .skipBad = true});
        if (!report || !tried) {
            const Error &error = report ? tried.error() : report.error();
            return (report || tried ? u"only once: "_s : QString()) + errorCodeName(error.code) + (error.message.isEmpty() ? u" without words"_s : QString());
        }
        if (tried->importable.value_or(0) != report->imported)
            return u"tried %1, imported %2"_s.arg(tried->importable.value_or(0)).arg(report->imported);
        if (itemsIn(*m_project, set).size() != report->imported)
            return u"other rows are stored"_s;
        return u"%1 of %2"_s.arg(report->imported).arg(report->rows) + reasons(*report);
    }

private Q_SLOTS:
    void initTestCase() { m_project = m_files.project(); }
    void cleanupTestCase()
    {
        const auto check = m_project->readNow([](Connection &c) { return checkProject(c); });
        QVERIFY(check);
        QVERIFY2(check->ok, check->toJson().dump(1).c_str());
    }

    void files_data()
    {
        QTest::addColumn<QString>("suffix");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("expected");
        const auto add = [](const char *name, const QString &suffix, const QByteArray &bytes, const char *expected) {
            QTest::newRow(name) << suffix << bytes << QString::fromLatin1(expected);
        };
        const QString jsonl = u"jsonl"_s, csv = u"csv"_s, tsv = u"tsv"_s, eval = u"eval"_s;
        const auto nested = [](const QByteArray &open, const QByteArray &close, int levels) { return open.repeated(levels) + "1" + close.repeated(levels); };

        // Structures.
        add("deep list", jsonl, good + nested("[", "]", 500'000) + '\n', "1 of 2: too-deep");
        add("deep object", jsonl, good + nested("{\"a\":", "}", 200'000) + '\n', "1 of 2: too-deep");
        add("deep in a field", jsonl, good + rowOf("b?", " Yes", ", \"x\": " + nested("[{\"a\":", "}]", 40)) + '\n', "1 of 2: too-deep");
        add("as deep as may be", jsonl, rowOf("b?", " Yes", ", \"x\": " + nested("[", "]", 63)) + '\n', "1 of 1");
        add("brackets in a text", jsonl, rowOf(QByteArray(100'000, '[') + '?') + '\n', "1 of 1");
        add("never closed", jsonl, good + QByteArray(1'000'000, '{') + '\n', "1 of 2: json-syntax");
        add("too many values", jsonl, good + rowOf("b?", " Yes", ", \"x\": [" + QByteArray("[],").repeated(1'000'000) + "0]") + '\n', "1 of 2: too-long");
        add("keys twice", jsonl, rowOf("a?", " Yes", ", \"question\": \"a?\"") + '\n' + rowOf("a?", " Yes", ", \"question\": \"b?\"") + '\n' + rowOf("a?", " Yes", ", \"x\": {\"k\": 1, \"k\": 2}") + '\n',
            "1 of 3: duplicate-key");
        add("other values than objects", jsonl, good + "1\n\"a\"\nnull\n[]\n{}\n", "1 of 6: not-an-object missing-field");
        add("a list of rows", u"json"_s, '[' + rowOf("a?") + ']', "unsupported");

        // Numbers.
        add("a number of a million digits", jsonl, rowOf("a?", " Yes", ", \"x\": " + QByteArray(1'000'000, '9')) + '\n', "1 of 1");
        add("beyond a double", jsonl, rowOf("a?", " Yes", ", \"x\": 1e999999999999") + '\n' + rowOf("b?", " Yes", {}, "1e400") + '\n' + rowOf("c?", " Yes", {}, "-0") + '\n', "3 of 3");
        add("not a number", jsonl, good + rowOf("a?", " Yes", {}, "NaN") + '\n' + rowOf("b?", " Yes", {}, "-Infinity") + '\n' + rowOf("c?", " Yes", {}, "\"nan\"") + '\n', "2 of 4: json-syntax");

        // Characters.
        add("half pairs", jsonl, good + rowOf("\\ud800\\ud800") + '\n' + rowOf("\\udfff") + '\n' + rowOf("a?", " Yes", ", \"\\ud83d\": 1") + '\n', "1 of 4: invalid-unicode");
        add("NUL bytes", jsonl, good + QByteArray(100'000, '\0') + '\n' + rowOf(QByteArray("a\0b?", 4)) + '\n' + rowOf("a\\u0000b?") + '\n', "2 of 4: json-syntax");
        add("NUL bytes in a table", csv, tableHead + QByteArray("a\0b?, Yes, No\n", 14), "1 of 1");
        add("overlong and cut UTF-8", jsonl, good + rowOf("\xc0\xaf") + '\n' + rowOf("\xe2\x82") + '\n' + rowOf("\xf5\x80\x80\x80") + '\n', "1 of 4: invalid-utf8");
        add("half a million accents", jsonl, rowOf('a' + QByteArray("\xcc\x81").repeated(500'000) + '?') + '\n', "1 of 1");
        add("terminal commands", jsonl, good + rowOf("\x1b[2J\x1b]0;title\x07") + '\n', "1 of 2: json-syntax");
        add("invisible and turned labels", jsonl, rowOf("a?", " \xe2\x80\xaeseY") + '\n' + rowOf("b?", "\xe2\x80\x8b") + '\n' + rowOf("c?", QByteArray(100'000, 'x')) + '\n', "3 of 3");

        // Lines.
        add("a line of 70 MB", jsonl, good + "{\"question\": \"" + QByteArray(70'000'000, 'x') + "\"}\n" + good, "2 of 3: too-long");
        add("a million empty lines", jsonl, good + QByteArray(1'000'000, '\n') + good, "2 of 2");
        add("line ends of all kinds", jsonl, rowOf("a?") + "\r\n" + rowOf("b?") + '\n' + rowOf("c?") + "\r\n\r\n\n\r" + rowOf("d?") + "\n\r" + rowOf("e?"), "5 of 5");
        add("only carriage returns", jsonl, (rowOf("a?") + '\r').repeated(20), "0 of 1: json-syntax");
        add("a quote that is never closed", csv, tableHead + "a?, Yes, No\n\"b?, Yes, No\n" + QByteArray("x,y,z\n").repeated(100'000), "1 of 2: unclosed-quote");
        add("a header that is never closed", csv, QByteArray("\"question,answer_matching_behavior\n").repeated(1000), "invalid_input");
        add("a million quotes", csv, QByteArray(1'000'001, '"'), "unsupported");
        add("a million commas", csv, tableHead + "a?, Yes, No\n" + QByteArray(1'000'000, ',') + '\n', "1 of 2: column-count");
        add("columns twice", csv, "question,question,answer_matching_behavior,answer_not_matching_behavior\na?,b?, Yes, No\n", "invalid_input");

        // Encodings.
        const QString three = QString::fromLatin1(good.repeated(3));
        add("UTF-16 LE", jsonl, inUtf16(three, false), "3 of 3");
        add("UTF-16 BE", jsonl, inUtf16(three, true), "3 of 3");
        add("UTF-16 without its mark", jsonl, inUtf16(three, true, false), "unsupported");
        add("UTF-16 cut in a character", jsonl, inUtf16(three, false) + 'x', "3 of 4: invalid-utf8");
        add("UTF-16 of halves", jsonl, inUtf16(QString::fromLatin1(good) + QString(3000, QChar(0xd800)) + u'\n', false), "1 of 2: invalid-utf8");
        add("UTF-32", jsonl, QByteArray("\xff\xfe\0\0{\0\0\0", 8), "invalid_input");
        add("a mark alone", jsonl, "\xef\xbb\xbf", "unsupported");
        add("one byte", jsonl, "{", "0 of 1: json-syntax");

        // What is something else.
        for (const auto &[name, start] : {std::pair("gzip", QByteArray("\x1f\x8b\x08\0\0", 5)), std::pair("zip", QByteArray("PK\x03\x04")), std::pair("zstd", QByteArray("\x28\xb5\x2f\xfd")),
                                          std::pair("bzip2", QByteArray("BZh9")), std::pair("xz", QByteArray("\xfd" "7zXZ\0", 6))})
            add(name, jsonl, start + QByteArray("\x91\x17\x00\xfe", 4).repeated(200), "invalid_input");
        for (const auto &[name, start] : {std::pair("Parquet", QByteArray("PAR1")), std::pair("Arrow", QByteArray("ARROW1\0\0", 8)), std::pair("7z", QByteArray("7z\xbc\xaf\x27\x1c")),
                                          std::pair("PNG", QByteArray("\x89PNG\r\n\x1a\n")), std::pair("PDF", QByteArray("%PDF-1.7\n")), std::pair("SQLite", QByteArray("SQLite format 3\0", 16)),
                                          std::pair("HTML", QByteArray("<!DOCTYPE html><html>\n")), std::pair("Git LFS", QByteArray("version https://git-lfs.github.com/spec/v1\n"))}) {
            add(name, jsonl, start + QByteArray("\x91\x17\x00\xfe", 4).repeated(200), "unsupported");
            add((QByteArray(name) + " as a table").constData(), csv, start + QByteArray("\x91\x17\x00\xfe", 4).repeated(200), "unsupported");
        }
        add("formulas", csv, tableHead + "\"=cmd|' /C calc'!A0\", Yes, No\n@SUM(1+1), Yes, No\n+1, Yes, No\n\"\t=1\", Yes, No\n", "4 of 4");
        add("SQL", jsonl, rowOf("x'); DROP TABLE candidate; --", " Yes", ", \"a'b\\\"c\": 1, \"\\\"; DROP\": 2, \"__proto__\": {\"a\": 1}") + '\n', "1 of 1");

        // Lists of Python in a table, and sentences.
        const QByteArray prize = "prompt,classes,answer_index\nq,\"[' Yes', ' No']\",0\n";
        add("Python lists", csv, prize + "q,\"" + QByteArray(100'000, '[') + "\",0\nq,\"['a', 'b']\",99999999999999999999\nq,\"['a', 'b']\",-1\nq,\"['a', '\\U00110000']\",0\n", "1 of 5: wrong-type label-not-in-options");
        add("sentences that say nothing", tsv, "sentid\tsentence\n" + QByteArray("baker.client.0.male.txt\tx\n").repeated(1000), "0 of 1000: missing-field");

        QByteArray options, labels;
        for (int i = 0; i < 100'000; ++i) {
            options += "\\n(A) x\\n(C) y";
            labels += "\" (C)\", ";
        }
        add("a million options and labels", jsonl, good + rowOf("Which?" + options, " (A)", ", \"answer_not_matching_behavior\": [" + labels + "\" (B)\"]").replace(", \"answer_not_matching_behavior\": \" No\"", "") + '\n',
            "1 of 2: ambiguous-options");

        // Archives.
        add("no archive", eval, "PK\x03\x04", "corrupt");
        add("half an archive", eval, "PK\x03\x04" + QByteArray(500, 'x') + QByteArray("PK\x05\x06\0\0\0\0\xff\xff\xff\xff", 12), "corrupt");
    }
    void files()
    {
        QFETCH(const QString, suffix);
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, expected);
        const qint64 start = cpuSeconds();
        const QString path = m_files.written(bytes, suffix);
        QCOMPARE(outcome(path), expected);
        QFile::remove(path);
        QVERIFY(cpuSeconds() - start < 30);
    }

    void names()
    {
        const QDir folder(m_files.path(u"names"_s));
        QVERIFY(folder.mkpath(u"."_s));
        for (const QString &name : {u"'; DROP TABLE candidate;--.jsonl"_s, u"a\nb.jsonl"_s, u"%s%n%1 %2.jsonl"_s, u"<b>bold<img src=x>.jsonl"_s, u"\u202egnp.jsonl"_s, u"-rf.jsonl"_s,
                                    QString(240, u'x') + u".jsonl"_s}) {
            QFile file(folder.filePath(name));
            QVERIFY2(file.open(QIODevice::WriteOnly) && file.write(good) == good.size(), qPrintable(name));
            file.close();
            const auto report = importFile(*m_project, file.fileName(), {});
            QVERIFY2(report, qPrintable(name));
            QCOMPARE(report->imported, 1);
            QCOMPARE(report->dataset, QFileInfo(name).completeBaseName());
        }
    }

    void notFiles()
    {
        const QDir folder(m_files.path(u"others"_s));
        QVERIFY(folder.mkpath(u"folder.jsonl"_s));
        const auto link = [&](const QString &to, const QString &name) { return QFile::link(to, folder.filePath(name)); };
        QVERIFY(link(folder.filePath(u"loop"_s), u"loop"_s) && link(u"/nonexistent"_s, u"dangling.jsonl"_s) && link(u"/dev/zero"_s, u"endless.jsonl"_s) &&
                link(m_files.written(good), u"link.jsonl"_s));
        QCOMPARE(outcome(folder.filePath(u"folder.jsonl"_s)), u"0 of 0: not-a-file"_s);
        QCOMPARE(outcome(folder.filePath(u"loop"_s)), u"not_found"_s);
        QCOMPARE(outcome(folder.filePath(u"dangling.jsonl"_s)), u"not_found"_s);
        QCOMPARE(outcome(folder.filePath(u"endless.jsonl"_s)), u"0 of 0: not-a-file"_s);
        QCOMPARE(outcome(u"/dev/full"_s), u"0 of 0: not-a-file"_s);
        QCOMPARE(outcome(u"/dev/null"_s), u"0 of 0: not-a-file"_s);
        QCOMPARE(outcome(folder.filePath(u"link.jsonl"_s)), u"1 of 1"_s);
        // A pipe has no size and cannot be read twice, but it is text all the same.
        const QString pipe = folder.filePath(u"pipe.jsonl"_s);
        QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        std::thread writer([&pipe] {
            QFile file(pipe);
            if (file.open(QIODevice::WriteOnly))
                file.write(good.repeated(1000) + "x\n");
        });
        const auto piped = importFile(*m_project, pipe, {.skipBad = true});
        writer.join();
        QVERIFY2(piped, piped ? "" : qPrintable(piped.error().text()));
        QCOMPARE(piped->imported, 1000);
        QCOMPARE(reasonsOf(*piped), u"1001 json-syntax"_s);
    }

    /// What another program does to the file meanwhile: all or nothing, and the report says what was read.
    void changedWhileRead()
    {
        for (const bool grows : {true, false}) {
            const QString path = m_files.written(good.repeated(60'000)), set = grows ? u"grown"_s : u"cut"_s;
            bool changed = false;
            const auto report = importFile(*m_project, path, {.dataset = set, .skipBad = true}, {}, [&](qint64, qint64) {
                if (changed)
                    return;
                changed = true;
                QFile file(path);
                if (grows ? !file.open(QIODevice::Append) || file.write(good.repeated(10)) <= 0 : !file.resize(good.size() * 2000 + 17))
                    qFatal("cannot change the file");
            });
            QVERIFY(changed);
            if (!report) {
                QVERIFY(!report.error().text().isEmpty() && itemsIn(*m_project, set).isEmpty());
                continue;
            }
            QCOMPARE(itemsIn(*m_project, set).size(), report->imported);
            QCOMPARE(report->imported + report->bad, report->rows);
        }
    }
};

QTEST_GUILESS_MAIN(TestHostileFiles)
#include "tst_hostilefiles.moc"
