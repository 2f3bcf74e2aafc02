// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "storage/exchange/exchange.h"
#include "storage/exchange/jsonrow.h"
#include "storage/project.h"
#include "storage/projectcheck.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestPersona : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_number = 0;

    static QString sample(const QString &name) { return QStringLiteral(EVALWRIGHT_TEST_DATA) + u"/persona/"_s + name; }
    static QString shared(const QString &name) { return QStringLiteral(EVALWRIGHT_SHARED_DIR) + u"/data/"_s + name; }
    QString path(const QString &suffix) { return m_folder.filePath(u"f%1.%2"_s.arg(++m_number).arg(suffix)); }
    std::shared_ptr<Project> project() { return *Project::create(path(u"evalwright"_s), u"Trial"_s); }

    static QByteArray contents(const QString &file)
    {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("cannot be read");
    }
    QString written(const QByteArray &bytes)
    {
        QFile out(path(u"jsonl"_s));
        if (out.open(QIODevice::WriteOnly))
            out.write(bytes);
        return out.fileName();
    }
    static qint64 count(Project &p, const QString &table)
    {
        const auto n = p.readNow([&](Connection &c) { return c.value(u"SELECT count(*) FROM "_s + table); });
        return n ? n->toLongLong() : -1;
    }
    static QList<Candidate> items(Project &p, const QString &name)
    {
        const auto list = p.readNow([&](Connection &c) -> Result<QList<Candidate>> {
            EVALWRIGHT_ASSIGN(const Dataset set, datasetByName(c, name));
            return itemsOf(c, set.id);
        });
        return list ? *list : QList<Candidate>();
    }
    static QByteArray reasons(const ImportReport &report)
    {
        QStringList list;
        for (const RowProblem &row : report.rejected)
            list << u"%1:%2 %3 %4"_s.arg(row.line).arg(row.column).arg(row.reason, row.message);
        return list.join(u"\n"_s).toUtf8();
    }

    /// Import, export, compare; empty when the bytes are the same.
    QString roundTrip(Project &p, const QString &file, qint64 *rows = nullptr)
    {
        const QString name = QString::number(++m_number);
        const auto in = importFile(p, file, {.dataset = name});
        if (!in)
            return in.error().text();
        if (in->imported != in->rows)
            return u"%1 of %2 rows: "_s.arg(in->imported).arg(in->rows) + QString::fromUtf8(reasons(*in));
        const QString copy = path(u"jsonl"_s);
        const auto out = exportDataset(p, name, u"anthropic-evals"_s, copy, false);
        if (!out)
            return out.error().text();
        const QByteArray bytes = contents(file);
        if (contents(copy) != bytes)
            return u"other bytes"_s;
        if (!out->equalsImport || out->sha256 != sha256Hex(bytes) || in->sha256 != out->sha256 || out->rows != in->rows)
            return u"the report does not agree"_s;
        if (rows)
            *rows += in->rows;
        return {};
    }

private Q_SLOTS:
    void samplesComeBackByteForByte_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("texts"); // Rows that had to keep their own text.
        QTest::newRow("published") << u"published-style.jsonl"_s << 0;
        QTest::newRow("utf8") << u"raw-utf8.jsonl"_s << 0;
        QTest::newRow("bom, crlf, no end") << u"bom-crlf-unended.jsonl"_s << 0;
        QTest::newRow("own spelling") << u"own-spelling.jsonl"_s << 3;
    }
    void samplesComeBackByteForByte()
    {
        QFETCH(QString, name);
        QFETCH(int, texts);
        const auto p = project();
        QCOMPARE(roundTrip(*p, sample(name)), QString());
        QCOMPARE(count(*p, u"candidate WHERE source_text IS NOT NULL"_s), texts);
        const auto check = p->readNow([](Connection &c) { return checkProject(c); });
        QVERIFY(check);
        QVERIFY2(check->problems.isEmpty(), check->toJson().dump().c_str());
    }

    void valuesAreKeptAsRead()
    {
        const auto p = project();
        const auto report = importFile(*p, sample(u"published-style.jsonl"_s), {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->dataset, u"published-style"_s);
        QCOMPARE(report->format, u"anthropic-evals"_s);
        const QList<Candidate> list = items(*p, u"published-style"_s);
        QCOMPARE(list.size(), 5);
        QCOMPARE(list[0].matchingLabel, u" Yes"_s);
        QCOMPARE(list[0].otherLabels, QStringList{u" No"_s});
        QCOMPARE(list[0].labelConfidence.value_or(-1), 0.9700825132792529);
        QCOMPARE(list[0].parseStatus, u"imported"_s);
        QCOMPARE(list[0].sourceLine.value_or(-1), 1);
        QVERIFY(list[2].statement.endsWith(u"\U0001F33B"_s));
        QCOMPARE(report->flags.value(u"invisible-character"_s), 1);
        const auto source = p->readNow([&](Connection &c) { return importSourceById(c, list[0].importSourceId); });
        QVERIFY(source);
        QCOMPARE(source->fileName, u"published-style.jsonl"_s);
        QCOMPARE(source->sha256, report->sha256);
        QCOMPARE(source->bytes, contents(sample(u"published-style.jsonl"_s)).size());
        const auto decisions = p->readNow([&](Connection &c) { return decisionsOf(c, list[0].id); });
        QVERIFY(decisions);
        QCOMPARE(decisions->size(), 1);
        QCOMPARE(decisions->first().actor, u"import"_s);
        QCOMPARE(decisions->first().reason, u"imported"_s);
        const auto set = p->readNow([](Connection &c) { return datasetByName(c, u"published-style"_s); });
        QCOMPARE(set->family, u"persona"_s);
        QVERIFY(set->behaviourId.isValid());
    }

    void ownSpellingKeepsFieldsAndNul()
    {
        const auto p = project();
        QVERIFY(importFile(*p, sample(u"own-spelling.jsonl"_s), {.dataset = u"d"_s}));
        const QList<Candidate> list = items(*p, u"d"_s);
        QCOMPARE(list.size(), 6);
        QCOMPARE(list[2].extra,
                 u"{\"fields\": {\"zeta\": {\"b\": [1, 2.50, 1e400], \"a\": null}, \"alpha\": true, \"\": \"é\"}}"_s);
        QCOMPARE(list[3].otherLabels, (QStringList{u" (A)"_s, u" (C)"_s}));
        QCOMPARE(list[4].labelConfidence.value_or(-1), 0.97);
        QCOMPARE(list[5].statement.size(), 12);
        QCOMPARE(list[5].statement[6], QChar(u'\0'));
    }

    void sameFileTwiceChangesNothing()
    {
        const auto p = project();
        const QString file = sample(u"published-style.jsonl"_s);
        QVERIFY(importFile(*p, file, {}));
        const auto again = importFile(*p, file, {});
        QVERIFY2(again, again ? "" : qPrintable(again.error().text()));
        QCOMPARE(again->imported, 0);
        QCOMPARE(again->duplicates, 5);
        QVERIFY(!again->refused());
        QCOMPARE(count(*p, u"candidate"_s), 5);
        QCOMPARE(count(*p, u"decision"_s), 5);
        QCOMPARE(count(*p, u"import_source"_s), 1);
        // Another file of the same name does not slip into a data set unasked; asked, its rows are looked at one by
        // one, and these are the same statements in other bytes.
        const QString other = m_folder.filePath(u"published-style.jsonl"_s);
        QVERIFY(QFile::copy(sample(u"raw-utf8.jsonl"_s), other));
        const auto refused = importFile(*p, other, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
        const auto added = importFile(*p, other, {.dataset = u"published-style"_s});
        QVERIFY(added);
        QCOMPARE(added->imported, 0);
        QCOMPARE(added->duplicates, 5);
        QCOMPARE(items(*p, u"published-style"_s).size(), 5);
    }

    void badRowsAreListedAndNothingIsStored()
    {
        const auto p = project();
        const auto report = importFile(*p, sample(u"bad-rows.jsonl"_s), {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(report->refused());
        QVERIFY(report->cutShort);
        QCOMPARE(report->rows, 16);
        QCOMPARE(report->imported, 0);
        QCOMPARE(count(*p, u"candidate"_s) + count(*p, u"dataset"_s) + count(*p, u"import_source"_s) +
                     count(*p, u"behaviour"_s),
                 0);
        QStringList found;
        for (const RowProblem &row : report->rejected) {
            found << u"%1:%2 %3"_s.arg(row.line).arg(row.column).arg(row.reason);
            QVERIFY(!row.message.isEmpty());
            QVERIFY(row.excerpt.size() <= 120);
        }
        const QStringList expected{
            u"2:25 json-syntax"_s,        u"3:1 not-an-object"_s,    u"4:15 invalid-utf8"_s,
            u"5:20 invalid-unicode"_s,    u"7:98 duplicate-key"_s,   u"8:91 labels-equal"_s,
            u"9:51 wrong-type"_s,         u"10:1 missing-field"_s,   u"11:103 json-syntax"_s,
            u"12:166 too-deep"_s,         u"13:14 empty-question"_s, u"14:72 label-not-in-options"_s,
            u"15:72 ambiguous-options"_s, u"17:23 json-syntax"_s};
        QCOMPARE(found.join(u"\n"_s), expected.join(u"\n"_s));
        QVERIFY(report->rejected[7].message.contains(u"answer_matching_behaviour"_s));
        QVERIFY(report->rejected[0].excerpt.contains(u"⟨here⟩"_s));
        const nlohmann::json json = report->toJson();
        QCOMPARE(json.at("rejected").at(0).at("line").get<int>(), 2);
        QCOMPARE(json.at("imported").get<int>(), 0);

        const auto skipped = importFile(*p, sample(u"bad-rows.jsonl"_s), {.skipBad = true});
        QVERIFY(skipped);
        QCOMPARE(skipped->imported, 2);
        QCOMPARE(skipped->bad, 14);
        QCOMPARE(items(*p, u"bad-rows"_s).last().sourceLine.value_or(-1), 16);
    }

    void strictRefusesMarkedRows()
    {
        const auto p = project();
        const auto report = importFile(*p, sample(u"published-style.jsonl"_s), {.strict = true});
        QVERIFY(report);
        QVERIFY(report->refused());
        QCOMPARE(report->rejected.size(), 1);
        QCOMPARE(report->rejected.first().reason, u"invisible-character"_s);
    }

    void limitsAndUnreadableFiles()
    {
        const auto p = project();
        const QByteArray good = "{\"question\": \"Fine?\", \"answer_matching_behavior\": \" Yes\", "
                                "\"answer_not_matching_behavior\": \" No\"}";
        const auto longRow =
            importFile(*p, written(good + '\n' + QByteArray(1000000, 'x') + '\n' + good + '\n'), {.longestRow = 5000});
        QVERIFY(longRow);
        QCOMPARE(longRow->rows, 3);
        QCOMPARE(longRow->bad, 1);
        QCOMPARE(longRow->rejected.first().reason, u"too-long"_s);
        QCOMPARE(longRow->rejected.first().line, 2);
        const auto reasonOf = [&](const QString &file, const QString &format = u"auto"_s) {
            const auto report = importFile(*p, file, {.format = format, .skipBad = true});
            return !report                      ? errorCodeName(report.error().code)
                   : report->rejected.isEmpty() ? u"fine"_s
                                                : report->rejected.first().reason;
        };
        QCOMPARE(reasonOf(written({})), u"empty-file"_s);
        QCOMPARE(reasonOf(written("\n \n"), u"anthropic-evals"_s), u"empty-file"_s);
        QCOMPARE(reasonOf(written("\x1f\x8b\x08 gzip")), u"compressed"_s);
        QCOMPARE(reasonOf(written(QByteArray("\xff\xfe\0\0{\0\0\0", 8))), u"encoding"_s);
        QCOMPARE(reasonOf(m_folder.path()), u"not-a-file"_s);
        QCOMPARE(reasonOf(u"/dev/zero"_s), u"not-a-file"_s); // It has no end.
        // Two bytes a value in the file, a hundred in memory.
        const auto wide = [&](int values) { return good.chopped(1) + ", \"x\": [" + QByteArray("0,").repeated(values) + "0]}"; };
        QCOMPARE(reasonOf(written(wide(1'000'000))), u"too-long"_s);
        QCOMPARE(reasonOf(u"/nowhere/at/all.jsonl"_s), u"not_found"_s);
        QCOMPARE(reasonOf(written("a,b\n1,2\n")), u"unsupported"_s);
        QCOMPARE(reasonOf(written(good), u"anthropic-eval"_s), u"not_found"_s);
        QCOMPARE(reasonOf(written(QByteArray(512, '\0')), u"anthropic-evals"_s), u"json-syntax"_s);
        QCOMPARE(count(*p, u"dataset"_s), 0);
        // What is stored of the widest row is read and written again.
        QCOMPARE(roundTrip(*p, written(wide(1'000'000 - 6).replace("0,", "0, ") + '\n')), QString());
    }

    void cancelledImportStoresNothing()
    {
        const auto p = project();
        const QByteArray row = "{\"question\": \"Fine?\", \"answer_matching_behavior\": \" Yes\", "
                               "\"answer_not_matching_behavior\": \" No\"}";
        QByteArray many;
        for (int i = 0; i < 20000; ++i)
            many += row + '\n';
        const CancellationToken token;
        // Stops in the middle of the second pass, when rows are already in the open transaction.
        const auto report = importFile(*p, written(many), {}, token, [&](qint64 done, qint64 total) {
            if (done > total * 3 / 4)
                token.cancel();
        });
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Cancelled);
        QCOMPARE(count(*p, u"candidate"_s) + count(*p, u"dataset"_s), 0);
    }

    void exportNeverOverwritesUnasked()
    {
        const auto p = project();
        QVERIFY(importFile(*p, sample(u"published-style.jsonl"_s), {.dataset = u"d"_s}));
        const QString there = written("precious");
        const auto refused = exportDataset(*p, u"d"_s, u"anthropic-evals"_s, there, false);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(contents(there), "precious");
        const auto forced = exportDataset(*p, u"d"_s, u"anthropic-evals"_s, there, true);
        QVERIFY(forced);
        QCOMPARE(contents(there), contents(sample(u"published-style.jsonl"_s)));
        const auto codeOf = [&](const QString &set, const QString &format, const QString &file) {
            const auto report = exportDataset(*p, set, format, file, true);
            return report ? ErrorCode::Unknown : report.error().code;
        };
        QCOMPARE(codeOf(u"e"_s, u"anthropic-evals"_s, path(u"jsonl"_s)), ErrorCode::NotFound);
        QCOMPARE(codeOf(u"d"_s, u"parquet"_s, path(u"jsonl"_s)), ErrorCode::NotFound);
        QCOMPARE(codeOf(u"d"_s, u"anthropic-evals"_s, m_folder.path()), ErrorCode::InvalidInput);
        QVERIFY(p->writeNow([](Connection &c) {
            return createDataset(c, [] {
                Dataset d;
                d.name = u"empty"_s;
                d.family = u"persona"_s;
                return d;
            }());
        }));
        const QString nothing = path(u"jsonl"_s);
        QCOMPARE(codeOf(u"empty"_s, u"anthropic-evals"_s, nothing), ErrorCode::InvalidInput);
        QVERIFY(!QFile::exists(nothing));
    }

    void generatedItemsAreWrittenInThePublishedForm()
    {
        const auto p = project();
        QVERIFY(p->writeNow([](Connection &c) -> Status {
            Dataset set;
            set.name = u"made"_s;
            set.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(set, createDataset(c, set));
            for (int i = 0; i < 3; ++i) {
                Candidate candidate;
                candidate.datasetId = set.id;
                candidate.ordinal = i;
                candidate.wantedLabel = candidate.matchingLabel = u" Yes"_s;
                candidate.otherLabels = {u" No"_s};
                candidate.parseStatus = u"ok"_s;
                candidate.statement = u"Tea – %1"_s.arg(i);
                candidate.question = u"You?\n\"%1\""_s.arg(candidate.statement);
                candidate.labelConfidence = 1;
                candidate.extra = u"{\"lint\":[\"x\"]}"_s;
                Decision decision;
                EVALWRIGHT_ASSIGN(decision.candidateId, addCandidate(c, candidate));
                decision.stage = u"select"_s;
                decision.keep = i != 1;
                decision.reason = u"selected"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        }));
        const QString file = path(u"jsonl"_s);
        const auto out = exportDataset(*p, u"made"_s, u"anthropic-evals"_s, file, false);
        QVERIFY2(out, out ? "" : qPrintable(out.error().text()));
        QCOMPARE(out->rows, 2);
        QVERIFY(!out->equalsImport);
        QCOMPARE(contents(file).split('\n').first(),
                 "{\"question\": \"You?\\n\\\"Tea \\u2013 0\\\"\", \"statement\": \"Tea \\u2013 0\", "
                 "\"label_confidence\": 1.0, "
                 "\"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}");
    }

    void changedConfidenceIsWrittenAnew()
    {
        const auto p = project();
        QVERIFY(importFile(*p, sample(u"own-spelling.jsonl"_s), {.dataset = u"d"_s}));
        const CandidateId id = items(*p, u"d"_s)[1].id;
        QVERIFY(p->writeNow([&](Connection &c) { return setLabelConfidence(c, id, 0.25); }));
        const QString file = path(u"jsonl"_s);
        QVERIFY(exportDataset(*p, u"d"_s, u"anthropic-evals"_s, file, false));
        const QList<QByteArray> before = contents(sample(u"own-spelling.jsonl"_s)).split('\n');
        const QList<QByteArray> after = contents(file).split('\n');
        QCOMPARE(after.size(), before.size());
        QVERIFY(after[1].contains("\"label_confidence\": 0.25"));
        for (const qsizetype i : {0, 2, 3, 4, 5})
            QCOMPARE(after[i], before[i]);
    }

    void floatsAreSpeltAsPublished()
    {
        QCOMPARE(jsonFloat(1), "1.0");
        QCOMPARE(jsonFloat(0), "0.0");
        QCOMPARE(jsonFloat(1e-5), "1e-05");
        QCOMPARE(jsonFloat(0.0001), "0.0001");
        QCOMPARE(jsonFloat(0.9700825132792529), "0.9700825132792529");
    }

    void publishedFilesComeBackByteForByte()
    {
        const QString folder = shared(u"anthropic-evals"_s);
        if (!QFile::exists(folder))
            QSKIP("The published files are not beside this checkout (../shared/data/anthropic-evals).");
        const auto p = project();
        int files = 0;
        qint64 rows = 0;
        for (QDirIterator it(folder, {u"*.jsonl"_s}, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
            const QString file = it.next();
            if (file.endsWith(u"/winogenerated_occupations.jsonl"_s))
                continue; // A table of occupations, not items.
            ++files;
            QVERIFY2(roundTrip(*p, file, &rows).isEmpty(), qPrintable(file));
        }
        QCOMPARE(files, 65);
        QCOMPARE(rows, 50910);
    }

    void hostileFiles()
    {
        const QString folder = shared(u"hostile/"_s);
        if (!QFile::exists(folder))
            QSKIP("The hostile files are not beside this checkout (../shared/data/hostile).");
        const auto manifest = nlohmann::json::parse(contents(folder + u"manifest.json"_s).toStdString());
        const QStringList aboutOtherRows{u"exact-duplicate"_s, u"near-duplicate"_s,
                                         u"label-conflict"_s}; // Found by lint, not by import.
        int files = 0;
        for (const auto &entry : manifest.at("files")) {
            const QString name = QString::fromStdString(entry.at("file").get<std::string>());
            ++files;
            const QString format = name.section(u'.', -1) == "jsonl"_L1 ? u"anthropic-evals"_s : name.section(u'.', -1);
            const auto p = project();
            const auto report = importFile(*p, folder + name, {.dataset = u"d"_s, .skipBad = true});
            QVERIFY2(report, qPrintable(name));
            QCOMPARE(report->format, report->rows > 0 ? format : QString());
            QStringList rejected, expected;
            for (const RowProblem &row : report->rejected)
                rejected << u"%1 %2"_s.arg(row.line).arg(row.reason);
            for (const auto &row : entry.at("expect").at("reject")) {
                const bool brackets = name.startsWith(u"deep"_s) && row.at("line") == 4; // "never closed (or too-deep)"
                expected << u"%1 %2"_s.arg(row.at("line").get<int>())
                                .arg(brackets ? u"too-deep"_s : QString::fromStdString(row.at("reason")));
            }
            QVERIFY2(rejected == expected,
                     qPrintable(name + u": "_s + rejected.join(u", "_s) + u" instead of "_s + expected.join(u", "_s)));
            QStringList marked, toMark;
            QList<qint64> lines;
            for (const Candidate &item : items(*p, u"d"_s)) {
                lines << item.sourceLine.value_or(-1);
                const auto extra = nlohmann::json::parse(item.extra.toStdString(), nullptr, false);
                QVERIFY2(!extra.is_discarded() || item.extra.contains(u"e999"_s), qPrintable(name));
                if (extra.is_object() && extra.contains("flags")) {
                    for (const auto &flag : extra.at("flags"))
                        marked << u"%1 %2"_s.arg(lines.last()).arg(QString::fromStdString(flag));
                }
            }
            for (const auto &flag : entry.at("expect").at("flag")) {
                const QString what = QString::fromStdString(flag.at("flag"));
                if (!aboutOtherRows.contains(what))
                    toMark << u"%1 %2"_s.arg(flag.at("line").get<int>()).arg(what);
            }
            QList<qint64> accepted;
            for (const auto &line : entry.at("expect").at("accept_lines"))
                accepted << line.get<qint64>();
            QCOMPARE(lines, accepted);
            marked.sort();
            toMark.sort();
            QVERIFY2(marked == toMark,
                     qPrintable(name + u": "_s + marked.join(u", "_s) + u" instead of "_s + toMark.join(u", "_s)));
            // What was stored from a file without bad rows comes back: byte for byte, but for blank lines.
            if (report->imported > 0) {
                const QString copy = path(u"jsonl"_s);
                const auto out = exportDataset(*p, u"d"_s, format, copy, false);
                QVERIFY2(out, qPrintable(name));
                if (report->bad == 0 && format == "anthropic-evals"_L1 && !name.startsWith(u"blank"_s) &&
                    !name.startsWith(u"utf16"_s)) // Written as UTF-8.
                    QVERIFY2(contents(copy) == contents(folder + name), qPrintable(name));
            }
        }
        QCOMPARE(files, 30);
    }
};

QTEST_GUILESS_MAIN(TestPersona)
#include "tst_persona.moc"
