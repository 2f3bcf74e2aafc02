// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files of other people: JSON Lines with any members, tables, mapped columns; and what is written of them.
#include "exchangefiles.h"
#include "storage/exchange/fieldmapping.h"
#include "storage/exchange/observations/resultformats.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestTables : public QObject
{
    Q_OBJECT

    ExchangeFolder m_files;

    Result<ImportReport> import(Project &p, const QByteArray &bytes, const QString &suffix, const QStringList &map = {},
                                const QString &set = u"d"_s)
    {
        ImportOptions options;
        options.dataset = set;
        options.skipBad = true;
        options.map = map;
        return importFile(p, m_files.written(bytes, suffix), options);
    }
    /// What an import says: the error, or the bad rows.
    QString said(const QByteArray &bytes, const QStringList &map = {}, const QString &suffix = u"csv"_s)
    {
        const auto p = m_files.project();
        const auto report = import(*p, bytes, suffix, map);
        return report ? reasonsOf(*report) : report.error().text();
    }
    static QStringList summary(Project &p, const QString &set)
    {
        QStringList out;
        for (const Candidate &c : itemsIn(p, set))
            out << u"%1|%2|%3|%4|%5|%6"_s.arg(c.question, c.matchingLabel, c.otherLabels.join(u','), c.statement,
                                              c.labelConfidence ? QString::number(*c.labelConfidence) : u"–"_s,
                                              c.cluster);
        return out;
    }

private Q_SLOTS:
    void columnsAreMapped()
    {
        const auto p = m_files.project();
        const QByteArray table = "prompt;right;wrong;sure;topic;note\r\n"
                                 "\"Tea;\r\nor \"\"war\"\"?\"; Yes; No;0.75;drinks;=a\r\n"
                                 "You?; No; Yes;;talk;b\r\n";
        const auto report = import(*p, table, u"csv"_s,
                                   {u"matching=right"_s, u"not_matching=wrong"_s, u"confidence=sure"_s,
                                    u"cluster=topic"_s, u"meta.remark=note"_s});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->format, u"csv"_s);
        QCOMPARE(reasonsOf(*report), QString());
        QCOMPARE(report->toJson().at("mapping").at("question").get<std::string>(), std::string("prompt"));
        QCOMPARE(report->toJson().at("dialect").at("delimiter").get<std::string>(), std::string(";"));
        const QStringList expected{u"Tea;\r\nor \"war\"?| Yes| No||0.75|drinks"_s, u"You?| No| Yes||–|talk"_s};
        QCOMPARE(summary(*p, u"d"_s), expected);
        const Candidate first = itemsIn(*p, u"d"_s).first();
        QCOMPARE(first.extra, u"{\"fields\": {\"remark\": \"=a\"}}"_s);
        QCOMPARE(first.sourceLine.value_or(0), 2);
        const auto source = p->readNow([&](Connection &c) { return importSourceById(c, first.importSourceId); });
        QCOMPARE(json::parse(source->mapping.toStdString()).at("cluster").get<std::string>(), std::string("topic"));
        // The second row keeps its own text: its empty confidence is nowhere else.
        QVERIFY(itemsIn(*p, u"d"_s)[1].sourceText.startsWith(u"You?"_s));
    }

    void optionsBecomeAQuestion()
    {
        const auto p = m_files.project();
        const QByteArray rows =
            "{\"stem\": \"Stay?\", \"a\": {\"list\": [\"Yes\", \"No\", \"Maybe\"]}, \"right\": 2}\n"
            "{\"stem\": \"Go?\", \"a\": {\"list\": [\"Yes\", \"No\"]}, \"right\": 0}\n"
            "{\"stem\": \"Go?\", \"a\": {\"list\": [\"Yes\", \"No\"]}, \"right\": 2}\n"
            "{\"stem\": \"Go?\", \"a\": {\"list\": [\"Yes\", 1]}, \"right\": 0}\n"
            "{\"stem\": \"Go?\", \"a\": {\"list\": [\"Yes\"]}, \"right\": 0}\n"
            "{\"stem\": \"Go?\", \"a\": {\"list\": [\"Yes\", \"No\"]}}\n"
            "{\"stem\": \"Go?\", \"a\": {\"list\": [\"Yes\", \"No\"]}, \"right\": 0.5}\n";
        const auto report = import(*p, rows, u"jsonl"_s, {u"options=/a/list"_s, u"matching_index=right"_s});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->format, u"jsonl"_s);
        QCOMPARE(reasonsOf(*report), u"3 label-not-in-options, 4 wrong-type, 5 wrong-type, 6 missing-field, 7 wrong-type"_s);
        const QList<Candidate> list = itemsIn(*p, u"d"_s);
        QCOMPARE(list[0].question, u"Stay?\n\nChoices:\n (A) Yes\n (B) No\n (C) Maybe"_s);
        QCOMPARE(list[0].matchingLabel, u" (C)"_s);
        QCOMPARE(list[0].otherLabels, (QStringList{u" (A)"_s, u" (B)"_s}));
        QCOMPARE(fieldsOf(list[0]).at("stem").get<std::string>(), std::string("Stay?"));
        QCOMPARE(familyOf(*p, u"d"_s), u"multiple-choice"_s);

        const auto columns = import(*p, "question,option_a,option_b,matching\nGo?,Away,Home,Home\nGo?,Away,Home,B\n"
                                        "Go?,Away,Home,Sea\n",
                                    u"csv"_s, {}, u"e"_s);
        QVERIFY2(columns, columns ? "" : qPrintable(columns.error().text()));
        QCOMPARE(reasonsOf(*columns), u"4 label-not-in-options"_s);
        for (const Candidate &item : itemsIn(*p, u"e"_s))
            QCOMPARE(item.matchingLabel, u" (B)"_s);
    }

    void mistakesAreNamed()
    {
        const QByteArray good = "question,matching,not_matching\n";
        QVERIFY(said("question,answer\nYou?, Yes\n").contains(u"“matching”"_s));
        QVERIFY(said("a,b,c\n1, Yes, No\n", {u"question=a"_s, u"matching=b"_s}).contains(u"--map not_matching="_s));
        QVERIFY(said(good + "You?, Yes, No\n", {u"statement=sentence"_s}).contains(u"“sentence”"_s));
        QVERIFY(said(good + "You?, Yes, No\n", {u"question=qestion"_s}).contains(u"“qestion”"_s));
        const QByteArray line = "{\"question\": \"You?\", \"matching\": \" Yes\", \"not_matching\": \" No\"";
        QVERIFY(said(line + "}\n" + line + "}\n", {u"cluster=/a/0"_s}, u"jsonl"_s).contains(u"“/a/0”"_s));
        QCOMPARE(said("{}\n" + line + "}\n" + line + ", \"a\": [\"c\"]}\n", {u"cluster=/a/0"_s}, u"jsonl"_s),
                 u"1 missing-field"_s);
        QVERIFY(said("{}\n{\"q\": 1}\n", {u"cluster=a"_s}, u"jsonl"_s).contains(u"“question”"_s));
        QVERIFY(said(good, {u"quest=question"_s}).contains(u"“quest”"_s));
        QVERIFY(said(good, {u"question"_s}).contains(u"field=column"_s));
        QVERIFY(said(good, {u"id=question"_s, u"id=matching"_s}).contains(u"twice"_s));
        QVERIFY(said(good, {u"meta.statement=question"_s}).contains(u"“statement”"_s));
        QVERIFY(said("question,matching,question\n1,2,3\n").contains(u"Two columns"_s));
        QCOMPARE(said(good), u"0 empty-file"_s);
        QCOMPARE(said(good + "You?, Yes\nYou?, Yes, No,x\n"), u"2 column-count, 3 column-count"_s);
        QCOMPARE(said(good + "You?, Yes, No\n\"You?, Yes, No\n, Yes, No\n"), u"3 unclosed-quote"_s);
        QCOMPARE(said(good + "\"You\"?, Yes, No\nYou?, Yes, No\n"), u"2 unclosed-quote"_s);
        QCOMPARE(said(good + "Y\xff?, Yes, No\nYou?, Yes, No\n"), u"2 invalid-utf8"_s);
        QCOMPARE(said(good + "You?, Yes,yes\n"), u"2 labels-equal"_s);
        QCOMPARE(said(good + QByteArray(2000, ',') + "\nYou?, Yes, No\n"), u"2 column-count"_s);
        ImportOptions small;
        small.dataset = u"d"_s;
        small.longestRow = 1000;
        small.skipBad = true;
        const auto p = m_files.project();
        const QByteArray rows = good + "\"" + QByteArray(3000, 'x') + "\n" + QByteArray(3000, 'y') +
                                "\", Yes, No\nYou?, Yes, No\n";
        const auto report = importFile(*p, m_files.written(rows, u"csv"_s), small);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(reasonsOf(*report), u"2 too-long, 3 too-long"_s); // Where the quote is closed is not known any more.
        QCOMPARE(report->imported, 1);
    }

    /// What spreadsheets act on is defused, and comes back as it was; whatever a cell begins with.
    void spreadsheetSafety_data()
    {
        QTest::addColumn<QString>("format");
        QTest::newRow("csv") << u"csv"_s;
        QTest::newRow("jsonl") << u"jsonl"_s;
        QTest::newRow("anthropic-evals") << u"anthropic-evals"_s;
    }
    void spreadsheetSafety()
    {
        QFETCH(QString, format);
        const auto p = m_files.project();
        QByteArray rows;
        const QStringList begins{u"="_s, u"+"_s, u"-"_s, u"@"_s, u"\t"_s, u"\r"_s, u"\n"_s, u"＝"_s, u"＋"_s, u"－"_s,
                                 u"＠"_s, u"'"_s, u"''="_s, u"'="_s, u"\""_s, u","_s, u" "_s, u"ü"_s};
        for (const QString &begin : begins) {
            const json row{{"question", (begin + u"1+1, \"so\"\r\n?"_s).toStdString()},
                           {"statement", (begin + u"s"_s).toStdString()},
                           {"label_confidence", 0.5},
                           {"answer_matching_behavior", " Yes"},
                           {"answer_not_matching_behavior", {" No", "Never"}},
                           {"=note", begin.toStdString()}};
            rows += QByteArray::fromStdString(row.dump()) + '\n';
        }
        const auto in = import(*p, rows, u"jsonl"_s);
        QVERIFY2(in && in->bad == 0, in ? qPrintable(reasonsOf(*in)) : qPrintable(in.error().text()));
        const QString copy = m_files.path(format == "csv"_L1 ? u"csv"_s : u"jsonl"_s);
        const auto out = exportDataset(*p, u"d"_s, format, copy, false);
        QVERIFY2(out, out ? "" : qPrintable(out.error().text()));
        const auto again = importFile(*p, copy, {.dataset = u"e"_s, .format = format});
        QVERIFY2(again, again ? "" : qPrintable(again.error().text()));
        QCOMPARE(reasonsOf(*again), QString());
        QCOMPARE(summary(*p, u"e"_s), summary(*p, u"d"_s));
        const QList<Candidate> before = itemsIn(*p, u"d"_s), after = itemsIn(*p, u"e"_s);
        for (qsizetype i = 0; i < before.size(); ++i)
            QCOMPARE(json::parse(after[i].extra.toStdString()).at("fields"),
                     json::parse(before[i].extra.toStdString()).at("fields"));
        if (format != "csv"_L1)
            return;
        const QByteArray table = contentsOf(copy);
        QVERIFY(table.startsWith("_ew_csv,"));
        QVERIFY(table.contains(",'=note"));
        for (const QByteArray begin : {"\n1,=", "\n1,\"=", ",=", ",\"=", ",@", ",\"@", ",\"\t"})
            QVERIFY2(!table.contains(begin), begin.constData());
        const QString raw = m_files.path(u"csv"_s);
        ExportOptions options;
        options.csvSafe = false;
        QVERIFY(exportDataset(*p, u"d"_s, u"csv"_s, raw, options));
        QVERIFY(contentsOf(raw).contains("\n\"=1+1"));
        QVERIFY(importFile(*p, raw, {.dataset = u"f"_s}));
        QCOMPARE(summary(*p, u"f"_s), summary(*p, u"d"_s));
    }

    void familiesComeBackFromTables_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("persona") << u"persona/no-shut-down.jsonl"_s;
        QTest::newRow("multiple choice") << u"advanced-ai-risk/human_generated_evals/power-seeking-inclination.jsonl"_s;
        QTest::newRow("glued") << u"advanced-ai-risk/lm_generated_evals/coordinate-itself.jsonl"_s;
        QTest::newRow("sentences") << u"winogenerated/winogenerated_examples.jsonl"_s;
    }
    void familiesComeBackFromTables()
    {
        QFETCH(QString, file);
        const QString path = sharedFile(u"anthropic-evals/"_s + file);
        if (!QFile::exists(path))
            QSKIP("The published files are not beside this checkout (../shared/data/anthropic-evals).");
        const auto p = m_files.project();
        QVERIFY(importFile(*p, path, {.dataset = u"d"_s}));
        for (const QString &format : {u"csv"_s, u"jsonl"_s}) {
            const QString copy = m_files.path(format);
            QVERIFY(exportDataset(*p, u"d"_s, format, copy, false));
            const auto report = importFile(*p, copy, {.dataset = format, .format = format});
            QVERIFY2(report && report->bad == 0, report ? qPrintable(reasonsOf(*report)) : qPrintable(report.error().text()));
            QCOMPARE(summary(*p, format), summary(*p, u"d"_s));
            QCOMPARE(familyOf(*p, format), familyOf(*p, u"d"_s));
            const QList<Candidate> before = itemsIn(*p, u"d"_s), after = itemsIn(*p, format);
            for (qsizetype i = 0; i < before.size(); ++i)
                QCOMPARE(after[i].fields, before[i].fields);
        }
    }

    /// Safe cells of a file that does not say so; columns that are called like fields; a row of very many members.
    void oddTables()
    {
        const auto p = m_files.project();
        ImportOptions unescaping;
        unescaping.dataset = u"d"_s;
        unescaping.csvUnescape = true;
        const QString file = m_files.written("question,matching,not_matching\n'=1?, Yes, No\n''x, Yes, No\n", u"csv"_s);
        QVERIFY(importFile(*p, file, unescaping));
        QCOMPARE(summary(*p, u"d"_s), (QStringList{u"=1?| Yes| No||–|"_s, u"'x| Yes| No||–|"_s}));
        QVERIFY(importFile(*p, file, {.dataset = u"e"_s}));
        QVERIFY(summary(*p, u"e"_s).first().startsWith(u"'=1?"_s));
        QCOMPARE(said("_ew_csv,question,matching,not_matching\n1,'=?, Yes, No\n2,'=?, Yes, No\n"), u"3 wrong-type"_s);

        QVERIFY(import(*p, "prompt,question,column question,matching,not_matching\nYou?,x,y, Yes, No\n", u"csv"_s,
                       {u"question=prompt"_s}, u"f"_s));
        const Candidate odd = itemsIn(*p, u"f"_s).first();
        QCOMPARE(odd.question, u"You?"_s);
        QCOMPARE(odd.extra, u"{\"fields\": {\"column question\": \"x\", \"column column question\": \"y\"}}"_s);

        QByteArray row = "{\"question\": \"You?\", \"matching\": \" Yes\", \"not_matching\": \" No\"";
        for (int i = 0; i < 150'000; ++i)
            row += ", \"k" + QByteArray::number(i) + "\": 1";
        QElapsedTimer timer;
        timer.start();
        const auto report = import(*p, row + "}\n{}\n" + row + "}\n", u"jsonl"_s, {u"question=question"_s}, u"g"_s);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(reasonsOf(*report), u"2 missing-field"_s);
        QVERIFY2(timer.elapsed() < 60'000, "members of a row are compared with each other");
    }

    void whatATsvCannotHold()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p, "question\tmatching\tnot_matching\nYou \"?\"\t Yes\t No\n", u"tsv"_s));
        const QString copy = m_files.path(u"tsv"_s);
        ExportOptions raw;
        raw.csvSafe = false;
        const auto out = exportDataset(*p, u"d"_s, u"tsv"_s, copy, raw);
        QVERIFY2(out, out ? "" : qPrintable(out.error().text()));
        QCOMPARE(contentsOf(copy), "question\tanswer_matching_behavior\tanswer_not_matching_behavior\nYou \"?\"\t Yes\t No\n");
        QVERIFY(import(*p, "question,matching,not_matching\n\"a\nb\", Yes, No\n", u"csv"_s, {}, u"e"_s));
        const QString none = m_files.path(u"tsv"_s);
        const auto refused = exportDataset(*p, u"e"_s, u"tsv"_s, none, false);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(!QFile::exists(none));
    }

    void ordersOfAnExport()
    {
        const auto p = m_files.project();
        QByteArray rows = "question,matching,not_matching,confidence\n";
        for (int i = 0; i < 40; ++i)
            rows += QByteArray::number(i) + (i < 20 ? "?, Yes, No,0." : "?, No, Yes,0.") + QByteArray::number(10 + i) + '\n';
        QVERIFY(import(*p, rows, u"csv"_s));
        const auto written = [&](const QString &order, bool trim = false) -> QStringList {
            ExportOptions options;
            options.order = order;
            options.trimLabels = trim;
            const QString copy = m_files.path(u"jsonl"_s);
            const auto out = exportDataset(*p, u"d"_s, u"jsonl"_s, copy, options);
            if (!out)
                return {errorCodeName(out.error().code)};
            QStringList list{out->order};
            for (const QByteArray &line : contentsOf(copy).trimmed().split('\n')) {
                const json row = json::parse(line.toStdString());
                list << QString::fromStdString(row.at("question").get<std::string>() +
                                               row.at("answer_matching_behavior").get<std::string>());
            }
            return list;
        };
        const QStringList stored = written({});
        QCOMPARE(stored.mid(0, 3), (QStringList{u"stored"_s, u"0? Yes"_s, u"1? Yes"_s}));
        QCOMPARE(written(u"paper"_s).mid(0, 5),
                 (QStringList{u"paper"_s, u"39? No"_s, u"19? Yes"_s, u"38? No"_s, u"18? Yes"_s}));
        const QStringList shuffled = written(u"shuffle:7"_s);
        QCOMPARE(written(u"shuffle:7"_s), shuffled);
        QVERIFY(written(u"shuffle:8"_s).mid(1) != shuffled.mid(1) && shuffled.mid(1) != stored.mid(1));
        QCOMPARE(QSet<QString>(shuffled.cbegin() + 1, shuffled.cend()), QSet<QString>(stored.cbegin() + 1, stored.cend()));
        QCOMPARE(written({}, true)[1], u"0?Yes"_s);
        for (const QString &wrong : {u"shuffle"_s, u"shuffle:x"_s, u"shuffle:-1"_s, u"random"_s})
            QCOMPARE(written(wrong), QStringList{u"invalid_input"_s});
    }

    /// Both byte orders, pieces that end within a pair, and halves of pairs.
    void utf16()
    {
        const auto bytes = [](const QString &text, bool bigEndian) {
            QByteArray out;
            for (const QChar c : u"\ufeff"_s + text) {
                const char high = static_cast<char>(c.unicode() >> 8), low = static_cast<char>(c.unicode() & 0xff);
                out += bigEndian ? high : low;
                out += bigEndian ? low : high;
            }
            return out;
        };
        QString rows = u"question,matching,not_matching\n"_s;
        for (int i = 0; i < 3000; ++i)
            rows += QString(i % 7, u'x') + u"ö\U0001F600漢?, Yes, No\r\n"_s;
        for (const bool bigEndian : {false, true}) {
            const auto p = m_files.project();
            const auto report = import(*p, bytes(rows, bigEndian), u"csv"_s);
            QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
            QCOMPARE(reasonsOf(*report), QString());
            QCOMPARE(report->imported, 3000);
            QVERIFY(report->dialect.contains(bigEndian ? u"utf-16be"_s : u"utf-16le"_s));
            // Whoever asks first whether these are results is told that they are none, but not of results.
            const auto results = resultFormatOf(m_files.written(bytes(rows, bigEndian)));
            QVERIFY2(results, results ? "" : qPrintable(results.error().text()));
            QCOMPARE(*results, QString());
            QVERIFY(!resultFormatOf(m_files.written(bytes(u"dataset,item,model,matching\n"_s, bigEndian))));
            for (const Candidate &item : itemsIn(*p, u"d"_s))
                QVERIFY2(item.question.endsWith(u"ö\U0001F600漢?"_s), qPrintable(item.question));
            const QString broken = u"question,matching,not_matching\n"_s + QChar(0xd83d) + u"?, Yes, No\n"_s +
                                   QChar(0xde00) + QChar(0xd83d) + u"?, Yes, No\n?ä, Yes, No\n?, Yes, No"_s;
            QCOMPARE(said(bytes(broken, bigEndian) + 'x'), u"2 invalid-utf8, 3 invalid-utf8, 5 invalid-utf8"_s);
        }
    }

    /// An import of a table stops on request, and takes no more memory for more rows.
    void largeTables()
    {
        const auto p = m_files.project();
        const auto tableOf = [&](int rows) {
            QFile out(m_files.path(u"csv"_s));
            if (!out.open(QIODevice::WriteOnly))
                qFatal("cannot write");
            out.write("question,matching,not_matching,note\n");
            const QByteArray note(4000, 'n');
            for (int i = 0; i < rows; ++i)
                out.write("Question " + QByteArray::number(i) + "?, Yes, No," + note + '\n');
            return out.fileName();
        };
        const auto highest = [] {
            for (const QByteArray &line : contentsOf(u"/proc/self/status"_s).split('\n')) {
                if (line.startsWith("VmHWM:"))
                    return line.simplified().split(' ').value(1).toLongLong();
            }
            return qint64{0};
        };
        const auto throughBoth = [&](const QString &file, const QString &set) {
            const auto report = importFile(*p, file, {.dataset = set});
            if (!report || !exportDataset(*p, set, u"csv"_s, m_files.path(u"csv"_s), false))
                return qint64{-1};
            return report->imported;
        };
        QCOMPARE(throughBoth(tableOf(2500), u"small"_s), 2500);
        const qint64 before = highest();
        const QString file = tableOf(10'000); // 40 MB.
        QCOMPARE(throughBoth(file, u"large"_s), 10'000);
#ifdef __SANITIZE_ADDRESS__
        constexpr qint64 most = 300'000; // Its memory is larger, and it keeps for a while what was given back.
#else
        constexpr qint64 most = 20'000; // KiB
#endif
        QVERIFY2(before > 0 && highest() - before < most, qPrintable(u"%1 KiB more"_s.arg(highest() - before)));
        const CancellationToken token;
        const auto stopped = importFile(*p, file, {.dataset = u"d"_s}, token, [&](qint64 done, qint64 total) {
            if (done > total * 3 / 4)
                token.cancel();
        });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(itemsIn(*p, u"d"_s).size(), 0);
    }

    void winogenderTables()
    {
        const auto p = m_files.project();
        const auto templates = import(*p,
                                      "occupation(0)\tother-participant(1)\tanswer\tsentence\n"
                                      "cook\tguest\t0\tThe $OCCUPATION gave the $PARTICIPANT $POSS_PRONOUN hat.\n"
                                      "cook\tguest\t1\tThe $OCCUPATION saw that $NOM_PRONOUN left.\n"
                                      "cook\tguest\t2\tThe $OCCUPATION saw that $NOM_PRONOUN left.\n"
                                      "cook\tguest\t0\tThe $OCCUPATION left.\n"
                                      "cook\tguest\t0\n"
                                      "\tguest\t0\tThe $OCCUPATION saw $ACC_PRONOUN.\n",
                                      u"tsv"_s);
        QVERIFY2(templates, templates ? "" : qPrintable(templates.error().text()));
        QCOMPARE(templates->format, u"winogender"_s);
        QCOMPARE(reasonsOf(*templates), u"4 wrong-type, 5 wrong-type, 6 column-count, 7 missing-field"_s);
        const QList<Candidate> list = itemsIn(*p, u"d"_s);
        QCOMPARE(list[0].question, u"The cook gave the guest _ hat."_s);
        QCOMPARE(list[0].otherLabels, (QStringList{u"his"_s, u"her"_s, u"their"_s}));
        const json fields = fieldsOf(list[1]);
        QCOMPARE(fields.at("index").get<int>(), 1);
        QCOMPARE(fields.at("answer").get<int>(), 1);
        QVERIFY(fields.at("percent_women").is_null());
        QCOMPARE(familyOf(*p, u"d"_s), u"winogender"_s);

        const auto sentences = import(*p,
                                      "sentid\tsentence\n"
                                      "cook.guest.0.male.txt\tThe cook saw him.\n"
                                      "cook.guest.0.female.txt\tThe cook saw her.\n"
                                      "cook.guest.0.neutral.txt\tThe cook saw them.\n"
                                      "cook.guest.1.male.txt\tThe cook saw him.\n"
                                      "cook.guest.1.female.txt\tThe cook saw her.\n"
                                      "boss.guest.1.male.txt\tThe boss saw him.\n"
                                      "boss.guest.1.female.txt\tThe chief saw her.\n"
                                      "boss.guest.1.neutral.txt\tThe boss saw them.\n"
                                      "boss.guest.1.male.txt\tThe boss saw him.\n"
                                      "nobody\tThe boss saw her.\n",
                                      u"tsv"_s, {}, u"e"_s);
        QVERIFY2(sentences, sentences ? "" : qPrintable(sentences.error().text()));
        QCOMPARE(reasonsOf(*sentences), u"5 missing-field, 7 wrong-type, 10 missing-field, 11 wrong-type"_s);
        QCOMPARE(itemsIn(*p, u"e"_s).first().question, u"The cook saw _."_s);
        QCOMPARE(itemsIn(*p, u"e"_s).first().otherLabels, (QStringList{u"him"_s, u"her"_s, u"them"_s}));
    }

    void publishedWinogenderTables()
    {
        if (!QFile::exists(sharedFile(u"winogender"_s)))
            QSKIP("The Winogender schemas are not beside this checkout (../shared/data/winogender).");
        const auto p = m_files.project();
        const auto templates = importFile(*p, sharedFile(u"winogender/templates.tsv"_s), {});
        QVERIFY2(templates, templates ? "" : qPrintable(templates.error().text()));
        QCOMPARE(templates->imported, 120);
        int ofOccupation = 0;
        for (const Candidate &item : itemsIn(*p, u"templates"_s)) {
            QVERIFY2(!item.question.contains(u'$') && item.question.count(u'_') == 1, qPrintable(item.question));
            ofOccupation += fieldsOf(item).at("answer").get<int>() == 0 ? 1 : 0;
        }
        QCOMPARE(ofOccupation, 60);
        const auto sentences = importFile(*p, sharedFile(u"winogender/all_sentences.tsv"_s), {});
        QVERIFY2(sentences, sentences ? "" : qPrintable(sentences.error().text()));
        QCOMPARE(reasonsOf(*sentences), QString());
        QCOMPARE(sentences->imported, 240);
    }
};

QTEST_GUILESS_MAIN(TestTables)
#include "tst_tables.moc"
