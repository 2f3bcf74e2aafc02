// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Readers of files on bytes that nobody meant: a fixed number of cases by a fixed seed. Nothing crashes, every row is
// accounted for, and what was taken is written and read again as it was.
#include "exchangefiles.h"
#include "../support/fuzzing.h"

#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray personaRows =
    "{\"question\": \"Is it so?\\n\\\"I do\\\"\", \"statement\": \"I do\", \"label_confidence\": 0.9, "
    "\"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n"
    "{\"question\": \"Caf\\u00e9 \xf0\x9f\x98\x80?\", \"answer_matching_behavior\": \" No\", \"answer_not_matching_behavior\": "
    "[\" Yes\", \" Maybe\"], \"x\": {\"y\": [1.50, null]}}\n"
    "{\"question\": \"Hello, my name is Bo. I am kind. Which?\\n (A) One\\n (B) Two\", \"answer_matching_behavior\": \" (A)\", "
    "\"answer_not_matching_behavior\": \" (B)\"}\n";
const QByteArray sentences =
    "{\"index\": 0, \"occupation\": \"baker\", \"other_person\": \"client\", \"pronoun_options\": [\"his\", \"her\", \"their\"], "
    "\"sentence_with_blank\": \"The baker greeted the client and took off _ coat.\", \"BLS_percent_women_2019\": 59.0}\n";
const QByteArray table = "question,answer_matching_behavior,answer_not_matching_behavior,statement\r\n"
                         "\"Is it, \"\"so\"\"?\", Yes, No,It is\r\n\"Two\nlines?\", No, Yes,\"=1+1\"\r\n";
const QByteArray tabs = "question\tanswer_matching_behavior\tanswer_not_matching_behavior\nIs it?\t Yes\t No\nAnd it?\t No\t Yes\n";
const QByteArray prize = "prompt,classes,answer_index\n\"Is it?\",\"[' Yes', ' No']\",1\n\"Or\\n it?\",\"['a', 'b', \"\"c'\"\"]\",0\n";
const QByteArray samples = "{\"input\": \"Is it?\", \"choices\": [\"Yes\", \"No\"], \"target\": \"A\", \"id\": 1}\n"
                           "{\"input\": \"Or it?\", \"target\": \"No\", \"metadata\": {\"a\": 1}}\n";
const QByteArray sampleTable = "input,choices,target\nIs it?,\"[\"\"Yes\"\", \"\"No\"\"]\",B\nOr?,\"Yes,No\",A\n";
const QByteArray winogender = "sentid\tsentence\nbaker.client.0.male.txt\tThe baker told the client that he could pay.\n"
                              "baker.client.0.female.txt\tThe baker told the client that she could pay.\n"
                              "baker.client.0.neutral.txt\tThe baker told the client that they could pay.\n";

struct Kind
{
    const char *format, *suffix;
    QByteArray bytes;
};

} // namespace

class TestExchangeFuzz : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anyBytes_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("suffix");
        QTest::addColumn<QByteArray>("bytes");
        const Kind kinds[] = {{"anthropic-evals", "jsonl", personaRows}, {"anthropic-evals", "jsonl", sentences},
                              {"jsonl", "jsonl", personaRows},           {"csv", "csv", table},
                              {"tsv", "tsv", tabs},                      {"inverse-scaling", "csv", prize},
                              {"inspect-jsonl", "jsonl", samples},       {"inspect-csv", "csv", sampleTable},
                              {"winogender", "tsv", winogender},         {"auto", "csv", table},
                              {"auto", "jsonl", samples}};
        for (const Kind &kind : kinds)
            QTest::addRow("%s %s", kind.format, kind.bytes.left(14).trimmed().constData())
                << QString::fromLatin1(kind.format) << QString::fromLatin1(kind.suffix) << kind.bytes;
    }
    void anyBytes()
    {
        QFETCH(QString, format);
        QFETCH(QString, suffix);
        QFETCH(QByteArray, bytes);
        const int cases = fuzzCases(250);
        std::mt19937 random = fuzzRandom();
        const auto p = m_folder.project();
        int taken = 0, again = 0;
        for (int i = 0; i < cases; ++i) {
            const QByteArray input = i == 0 ? bytes : mutated(bytes, random);
            const QString file = m_folder.path(suffix), set = u"set %1"_s.arg(i);
            const QByteArray shown = input.toHex();
            QFile out(file);
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(input) == input.size());
            out.close();
            ImportOptions options;
            options.dataset = set;
            options.format = format;
            options.skipBad = true;
            const auto report = importFile(*p, file, options);
            QFile::remove(file);
            if (!report) {
                QVERIFY2(!report.error().text().isEmpty(), shown.constData());
                continue;
            }
            if (report->imported == 0)
                continue;
            QVERIFY2(report->imported + report->bad == report->rows, shown.constData());
            for (const RowProblem &problem : report->rejected)
                QVERIFY2(!problem.reason.isEmpty() && !problem.message.isEmpty(), shown.constData());
            ++taken;
            const QList<Candidate> before = itemsIn(*p, set);
            QCOMPARE(before.size(), report->imported);
            const QString copy = m_folder.path(suffix);
            const auto written = exportDataset(*p, set, report->format, copy, false);
            if (!written) { // Not every row can be said in every format; then it is told why.
                QVERIFY2(!written.error().text().isEmpty(), shown.constData());
                continue;
            }
            options.dataset = set + u" again"_s;
            options.format = report->format;
            const auto second = importFile(*p, copy, options);
            QVERIFY2(second, shown.constData());
            QVERIFY2(second->imported == report->imported, shown.constData());
            const QList<Candidate> after = itemsIn(*p, options.dataset);
            for (qsizetype k = 0; k < before.size(); ++k) {
                QVERIFY2(before[k].question == after[k].question && before[k].matchingLabel == after[k].matchingLabel &&
                             before[k].otherLabels == after[k].otherLabels,
                         shown.constData());
            }
            QFile::remove(copy);
            ++again;
        }
        // Some changes leave something that can be read, in every format.
        QVERIFY2(taken >= 4, qPrintable(QString::number(taken)));
        qInfo("%d of %d were taken, %d written and read again", taken, cases, again);
    }

private:
    ExchangeFolder m_folder;
};

QTEST_GUILESS_MAIN(TestExchangeFuzz)
#include "tst_exchangefuzz.moc"
