// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Files are stored while they are read: what the beginning of a file lets expect, and what happens when it is not so.
#include "exchangefiles.h"
#include "core/optionparser.h"
#include "storage/exchange/familyfields.h"
#include "storage/exchange/plainrow.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/questiontails.h"
#include "storage/items/searchindex.h"

#include <QRegularExpression>
#include <QTest>

#include <random>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray row(const QByteArray &question, const QByteArray &statement, bool yes = true)
{
    return "{\"question\": \"" + question + "\"" + (statement.isEmpty() ? QByteArray() : ", \"statement\": \"" + statement + "\"") +
           ", \"label_confidence\": 0.75, \"answer_matching_behavior\": \"" + (yes ? " Yes" : " No") +
           "\", \"answer_not_matching_behavior\": \"" + (yes ? " No" : " Yes") + "\"}\n";
}

/// More than is looked at before a file is read.
QByteArray manyRows(int from, int rows)
{
    QByteArray out;
    for (int i = from; i < from + rows; ++i) {
        const QByteArray text = "I keep promise number " + QByteArray::number(i) + " whatever the others say about it";
        out += row("Would you say this?\\n\\\"" + text + "\\\"", text, i % 2 == 0);
    }
    return out;
}

qint64 countOf(Project &project, const QString &table)
{
    return project.readNow([&](Connection &c) { return c.value(u"SELECT count(*) FROM "_s + table); })->toLongLong();
}

} // namespace

class TestImportPasses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// Whatever the fast way takes, the careful one reads the same and writes back as it stood.
    void plainRowsAreReadLikeAllOthers()
    {
        std::mt19937 random(20261129);
        const QByteArray seeds[] = {
            "{\"question\": \"Is it?\\n\\\"I do\\\"\", \"statement\": \"I do\", \"label_confidence\": 0.9, "
            "\"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}",
            "{\"question\": \"Hello, my name is Bo. Is it?\", \"statement\": \"x \\\\ y\", \"label_confidence\": 1.0, "
            "\"answer_matching_behavior\": \" No\", \"answer_not_matching_behavior\": \" Yes\"}",
            "{\"question\": \"Which?\\n (A) One\\n (B) Two\", \"statement\": \"s\", \"label_confidence\": 1e-05, "
            "\"answer_matching_behavior\": \" (A)\", \"answer_not_matching_behavior\": \" (B)\"}",
            "{\"question\": \"Which?\\n (A) One\\n (B) Two\\n\\nAnswer:\", \"answer_matching_behavior\": \" (B)\", "
            "\"answer_not_matching_behavior\": \" (A)\"}",
            "{\"question\": \"Which?\\n (A) One\\n (B) Two\\n (C) Three\", \"answer_matching_behavior\": \" (C)\", "
            "\"answer_not_matching_behavior\": [\" (A)\", \" (B)\"]}",
            "{\"question\": \"Hello, my name is Jo. I like 9. What now?\\n (A) Less\\n (B) More\", \"answer_matching_behavior\": "
            "\" (A)\", \"answer_not_matching_behavior\": \" (B)\", \"user_affiliation\": \"order\"}",
            "{\"question\": \"Is it?\", \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\", "
            "\"source\": {\"a\": [1, true, null]}, \"n\": 5}"};
        const QByteArray bits[] = {"\\n", "\\\"", "\\\\", "\\u0041", "\\t", "\"", ",", "\xc3\xa9", "\x7f", " ", "0", "5", "a",
                                   "}", "\\/", "1.50", "-", "\t", "(A)", ".", " Yes", "yes", "", "Hello, my name is", "9"};
        std::optional<PlainRows> plain;
        int taken = 0;
        for (int i = 0; i < 60'000; ++i) {
            if (i % 60 == 0)
                plain.emplace(); // One that met too many different ones takes no more.
            QByteArray line = seeds[random() % std::size(seeds)];
            for (unsigned changes = random() % 3; changes > 0; --changes) {
                const auto at = static_cast<qsizetype>(random() % static_cast<unsigned>(line.size()));
                const QByteArray &bit = bits[random() % std::size(bits)];
                if (random() % 2 == 0)
                    line.insert(at, bit);
                else
                    line.replace(at, std::min<qsizetype>(random() % 4, line.size() - at), bit);
            }
            Candidate fast;
            if (!plain->read(line, fast))
                continue;
            ++taken;
            const ImportedRow careful = questionrow::readLine(line);
            QVERIFY2(!careful.problem, line.constData());
            const Candidate &slow = careful.candidate;
            QVERIFY2(careful.flags.isEmpty() && questionrow::sameContent(fast, slow) && fast.wantedLabel == slow.wantedLabel &&
                         fast.parseStatus == slow.parseStatus && fast.fields == slow.fields && fast.cluster == slow.cluster,
                     line.constData());
            QCOMPARE(questionrow::write(fast, JsonEscapes::Ascii), line);
            QCOMPARE(questionrow::write(fast, JsonEscapes::Utf8), line);
        }
        QVERIFY2(taken > 20'000, qPrintable(QString::number(taken)));
    }

    /// What is remembered of a question gives the same fields as working them out for every row.
    void questionsAfterManyBiographies()
    {
        std::mt19937 random(20261130);
        const auto one = [&](const QStringList &of) { return of[static_cast<qsizetype>(random()) % of.size()]; };
        const QStringList sentences{u"I like hiking."_s,          u"I am from Lima (Peru)."_s, u"(A) is my mark."_s, u"My dog is 3."_s,
                                    u"I said \"no\"!"_s,          u"Café, please."_s,          u"What do you think?"_s};
        const QStringList asked{u"Which is better?"_s, u"I wonder. Which is better?"_s, u"(a) or (b)?"_s, u"Two things:\n(A) x\n(B) y\nand"_s};
        const QStringList options{u"\n (A) More\n (B) Less\n\nAnswer:"_s, u"\n\nChoices:\n (B) More\n (A) Less"_s, u" (A) more (B) less"_s,
                                  u"\n(a) More\n(b) Less"_s, u"\nAnswer:"_s};
        for (int round = 0; round < 40; ++round) {
            QList<Candidate> rows(60);
            QuestionTails tails;
            for (Candidate &c : rows) {
                c.question = u"Hello, my name is Bo. "_s;
                for (unsigned i = random() % 4; i > 0; --i)
                    c.question += one(sentences) + u' ';
                c.question += one(asked) + one(options);
                c.matchingLabel = one({u" (A)"_s, u" (B)"_s});
                c.otherLabels = {one({u" (A)"_s, u" (B)"_s})};
                c.extra = one({u"{}"_s, u"{\"fields\": {\"user_affiliation\": \"order\"}}"_s});
                tails.add(c.question, stemEndOf(c.question));
                QCOMPARE(stemEndOf(c.question), parseOptions(c.question).stemEnd);
            }
            FamilyFields fields;
            for (const Candidate &c : rows) {
                Candidate anew = c, remembered = c;
                fillFamilyFields(anew, u"sycophancy"_s, &tails);
                fields.fill(remembered, u"sycophancy"_s, &tails);
                QCOMPARE(remembered.fields, anew.fields);
                QCOMPARE(remembered.cluster, anew.cluster);
            }
        }
    }

    /// Rows that all end otherwise are not tried one by one for ever, and are read all the same.
    void rowsThatAllEndOtherwise()
    {
        PlainRows plain;
        int taken = 0, last = -1;
        const auto line = [](int number) {
            return QByteArray("{\"question\": \"Is it?\", \"answer_matching_behavior\": \" Yes\", "
                              "\"answer_not_matching_behavior\": \" No\", \"n\": ") +
                   QByteArray::number(number) + '}';
        };
        Candidate out;
        for (int i = 0; i < 1000; ++i) {
            if (plain.read(line(i), out)) {
                ++taken;
                last = i;
            }
        }
        QVERIFY2(taken < 200, qPrintable(QString::number(taken)));
        out = Candidate();
        QVERIFY(plain.read(line(last), out)); // Known ones are taken still.
        QCOMPARE(out.extra, u"{\"fields\": {\"n\": %1}}"_s.arg(last));
    }

    void filesComeBackWhateverTheirBeginning_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("family");
        const QByteArray many = manyRows(0, 2000);
        QTest::newRow("plain") << many << u"persona"_s;
        QTest::newRow("letters beyond ASCII at the end") << many + row("Caf\xc3\xa9?", "Caf\xc3\xa9") << u"persona"_s;
        QTest::newRow("escapes at the end") << many + row("Caf\\u00e9?", "Caf\\u00e9") << u"persona"_s;
        QTest::newRow("escapes and then letters") << many + row("Caf\\u00e9?", "x") + many + row("Caf\xc3\xa9?", "y") << u"persona"_s;
        QTest::newRow("letters and then escapes") << row("Caf\xc3\xa9?", "y") + many + row("Caf\\u00e9?", "x") << u"persona"_s;
        QTest::newRow("DEL and then letters") << many + row("De\x7fl?", "x") + row("Caf\xc3\xa9?", "y") << u"persona"_s;
        QTest::newRow("statements at the end only")
            << [] {
                   QByteArray out;
                   for (int i = 0; i < 1000; ++i)
                       out += "{\"question\": \"Which one, number " + QByteArray::number(i) +
                              "?\\n (A) One\\n (B) Two\", \"answer_matching_behavior\": \" (A)\", "
                              "\"answer_not_matching_behavior\": \" (B)\"}\n";
                   return out + row("Is it?", "It is");
               }()
            << u"persona"_s;
        QTest::newRow("affiliations at the end only")
            << [] {
                   QByteArray out;
                   for (int i = 0; i < 1000; ++i)
                       out += "{\"question\": \"Which one, number " + QByteArray::number(i) +
                              "?\\n (A) One\\n (B) Two\", \"answer_matching_behavior\": \" (A)\", "
                              "\"answer_not_matching_behavior\": \" (B)\"}\n";
                   return out + "{\"question\": \"Hello, my name is Ada. I like order. What is better?\\n (A) More\\n (B) "
                                "Less\", \"answer_matching_behavior\": \" (B)\", \"answer_not_matching_behavior\": \" (A)\", "
                                "\"user_affiliation\": \"order\"}\n";
               }()
            << u"sycophancy"_s;
        QTest::newRow("no end of line, CR LF") << QByteArray(many).replace("\n", "\r\n").chopped(2) << u"persona"_s;
    }
    void filesComeBackWhateverTheirBeginning()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, family);
        const auto p = m_folder.project();
        const QString file = m_folder.written(bytes), out = m_folder.path(u"jsonl"_s);
        const auto imported = importFile(*p, file, {.dataset = u"d"_s});
        QVERIFY2(imported, imported ? "" : qPrintable(imported.error().text()));
        QCOMPARE(imported->imported, bytes.trimmed().count('\n') + 1);
        QCOMPARE(familyOf(*p, u"d"_s), family);
        QVERIFY(exportDataset(*p, u"d"_s, u"anthropic-evals"_s, out, false)->equalsImport);
        QCOMPARE(contentsOf(out), bytes);
        if (family == "sycophancy"_L1) {
            const Candidate last = itemsIn(*p, u"d"_s).last();
            QVERIFY(fieldsOf(last).contains("bare_question")); // As if the family had been known from the first row on.
        }
        QCOMPARE(countOf(*p, u"import_source"_s), 1);
        QCOMPARE(countOf(*p, u"decision"_s), imported->imported);
    }

    /// In front of a file it marks the encoding; in front of a text it is a character, invisible as it is.
    void aZeroWidthBlankInFrontStays()
    {
        const QString text = QChar(0xfeff) + u"Is it?"_s;
        const QByteArray bare = "question,answer_matching_behavior,answer_not_matching_behavior\nx?, Yes, No\n\xef\xbb\xbfIs it?, Yes, No\n";
        for (const auto &[bytes, suffix] : {std::pair{bare, u"csv"_s},
                                            {QByteArray(bare).replace(", Yes, No", "\t Yes\t No").replace(',', '\t'), u"tsv"_s},
                                            {row("x?", {}) + row("\xef\xbb\xbfIs it?", "\xef\xbb\xbfIt is"), u"jsonl"_s}}) {
            const auto p = m_folder.project();
            const QString file = m_folder.written(bytes, suffix), out = m_folder.path(u"jsonl"_s);
            QVERIFY(importFile(*p, file, {.dataset = u"d"_s}));
            QCOMPARE(itemsIn(*p, u"d"_s).last().question, text);
            QVERIFY(exportDataset(*p, u"d"_s, u"anthropic-evals"_s, out, false));
            const auto again = m_folder.project();
            QVERIFY(importFile(*again, out, {.dataset = u"d"_s}));
            QCOMPARE(itemsIn(*again, u"d"_s).last().question, text);
        }
    }

    void aBadRowAtTheEndLeavesNothing()
    {
        const auto p = m_folder.project();
        const QString file = m_folder.written(manyRows(0, 3000) + "{\"question\": 1}\n" + manyRows(3000, 10));
        const auto refused = importFile(*p, file, {.dataset = u"d"_s});
        QVERIFY(refused);
        QVERIFY(refused->refused());
        QCOMPARE(reasonsOf(*refused), u"3001 wrong-type"_s);
        QCOMPARE(refused->rows, 3011); // Read to the end all the same.
        for (const QString &table : {u"candidate"_s, u"dataset"_s, u"import_source"_s, u"decision"_s})
            QCOMPARE(countOf(*p, table), 0);
        const auto rest = importFile(*p, file, {.dataset = u"d"_s, .skipBad = true});
        QCOMPARE(rest->imported, 3010);
        QCOMPARE(rest->bad, 1);
    }

    void aDryRunSaysWhatAnImportDoes()
    {
        const auto p = m_folder.project();
        QVERIFY(importFile(*p, m_folder.written(manyRows(0, 100)), {.dataset = u"d"_s}));
        const QString file = m_folder.written(manyRows(50, 100) + "{}\n");
        ImportOptions options{.dataset = u"d"_s, .skipBad = true, .dryRun = true};
        const auto tried = importFile(*p, file, options);
        QCOMPARE(tried->importable, std::optional<qint64>(50));
        QCOMPARE(tried->duplicates, 50);
        QCOMPARE(tried->imported, 0);
        QCOMPARE(countOf(*p, u"candidate"_s), 100);
        options.dryRun = false;
        const auto done = importFile(*p, file, options);
        QCOMPARE(done->imported, 50);
        QCOMPARE(done->duplicates, 50);
        QVERIFY(!done->importable);
        // What an import refuses, a dry run refuses too.
        const auto taken = importFile(*p, m_folder.written(manyRows(0, 1)), {.dataset = {}, .dryRun = true});
        QVERIFY(taken);
        const QString named = m_folder.path(u"jsonl"_s).section(u'/', 0, -2) + u"/d.jsonl"_s;
        QFile copy(named);
        QVERIFY(copy.open(QIODevice::WriteOnly) && copy.write(manyRows(0, 1)) > 0);
        copy.close();
        QCOMPARE(importFile(*p, named, {.dryRun = true}).error().code, ErrorCode::AlreadyExists);
    }

    void theSameBytesAreKnown()
    {
        const auto p = m_folder.project();
        const QByteArray bytes = manyRows(0, 500);
        QVERIFY(importFile(*p, m_folder.written(bytes), {.dataset = u"d"_s}));
        const auto again = importFile(*p, m_folder.written(bytes), {.dataset = u"d"_s});
        QCOMPARE(again->duplicates, 500);
        QCOMPARE(again->imported, 0);
        // As many bytes, but others.
        const auto other = importFile(*p, m_folder.written(QByteArray(bytes).replace("promise number 1 ", "promise number Z ")),
                                      {.dataset = u"d"_s});
        QCOMPARE(other->imported, 1);
        QCOMPARE(other->duplicates, 499);
        QCOMPARE(countOf(*p, u"import_source"_s), 2);
    }

    void manyFilesAreAsIfOneAfterTheOther()
    {
        const auto together = m_folder.project(), single = m_folder.project();
        QStringList files;
        for (int i = 0; i < 30; ++i)
            files << m_folder.written(manyRows(i * 40, 50) + (i % 7 == 3 ? QByteArray("{\n") : QByteArray()));
        files << m_folder.path(u"jsonl"_s); // There is none.
        const auto optionsOf = [](qsizetype i) {
            ImportOptions options;
            options.dataset = i % 5 == 0 ? u"shared"_s : u"set %1"_s.arg(i);
            options.skipBad = i % 2 == 1;
            return options;
        };
        QList<Result<ImportReport>> reports;
        ImportLine line(*together, [&](const Result<ImportReport> &report) -> Status {
            reports << report;
            return {};
        });
        for (qsizetype i = 0; i < files.size(); ++i)
            QVERIFY(line.add(files[i], optionsOf(i)));
        QVERIFY(line.finish());
        QCOMPARE(reports.size(), files.size());
        for (qsizetype i = 0; i < files.size(); ++i) {
            const auto alone = importFile(*single, files[i], optionsOf(i));
            QCOMPARE(bool(reports[i]), bool(alone));
            if (alone)
                QCOMPARE(reports[i]->toJson(), alone->toJson());
            else
                QCOMPARE(reports[i].error().text(), alone.error().text());
        }
        QCOMPARE(countOf(*together, u"candidate"_s), countOf(*single, u"candidate"_s));
        QCOMPARE(itemsIn(*together, u"shared"_s).size(), itemsIn(*single, u"shared"_s).size());
    }

    void cancellingLeavesNothing()
    {
        const auto p = m_folder.project();
        const QString file = m_folder.written(manyRows(0, 5000));
        CancellationToken token;
        const auto stopped = importFile(*p, file, {.dataset = u"d"_s}, token, [&](qint64 done, qint64 total) {
            if (done > total / 2)
                token.cancel();
        });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
        QCOMPARE(countOf(*p, u"candidate"_s) + countOf(*p, u"dataset"_s), 0);
        QCOMPARE(importFile(*p, file, {.dataset = u"d"_s})->imported, 5000);
    }

    void aProjectThatIsOnlyReadSaysSo()
    {
        const QString path = [&] { return m_folder.project()->path(); }();
        const auto p = Project::open(path, Project::Access::ReadOnly);
        QVERIFY(p);
        const auto refused = importFile(**p, m_folder.written(manyRows(0, 30'000)), {.dataset = u"d"_s});
        QCOMPARE(refused.error().code, ErrorCode::ReadOnly);
    }

    void everyItemHasAnIdentifierOfItsOwn()
    {
        const auto p = m_folder.project();
        QVERIFY(importFile(*p, m_folder.written(manyRows(0, 700)), {.dataset = u"a"_s}));
        QVERIFY(importFile(*p, m_folder.written(manyRows(0, 700)), {.dataset = u"b"_s}));
        static const QRegularExpression form(
            u"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"_s);
        QSet<QString> seen;
        for (const Candidate &item : itemsIn(*p, u"a"_s) + itemsIn(*p, u"b"_s)) {
            QVERIFY2(form.match(item.uuid).hasMatch(), qPrintable(item.uuid));
            seen.insert(item.uuid);
        }
        QCOMPARE(seen.size(), 1400);
    }

    /// Triggers rest while many rows are stored; the ones of later changes do not.
    void theSearchIndexStaysInStep()
    {
        const auto p = m_folder.project();
        QVERIFY(importFile(*p, m_folder.written(manyRows(0, 50)), {.dataset = u"a"_s}));
        const auto extend = [&] { return *p->writeNow([](Connection &c) { return extendSearchIndex(c); }); };
        QVERIFY(extend().isComplete());
        QVERIFY(importFile(*p, m_folder.written(manyRows(50, 50)), {.dataset = u"b"_s}));
        const auto state = [&] { return *p->readNow([](Connection &c) { return searchIndexState(c); }); };
        QCOMPARE(state().newest - state().indexedTo, 50);
        QCOMPARE(state().stale, 0);
        QVERIFY(extend().isComplete());
        // The newest row goes, and its number comes again.
        QVERIFY(p->writeNow([](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"DELETE FROM decision WHERE candidate_id = (SELECT max(id) FROM candidate)"_s));
            EVALWRIGHT_TRY(c.execute(u"DELETE FROM candidate WHERE id = (SELECT max(id) FROM candidate)"_s));
            return {};
        }));
        QCOMPARE(state().stale, 1);
        QVERIFY(importFile(*p, m_folder.written(row("Zebra?", "Zebra")), {.dataset = u"c"_s}));
        QVERIFY(extend().isComplete());
        qint64 found = 0;
        QVERIFY(p->readNow([&](Connection &c) {
            return forEachMatch(c, {0, 1000}, u"zebra"_s, {}, [&](qint64 candidate) { found = candidate; });
        }));
        QCOMPARE(found, 100);
    }

private:
    ExchangeFolder m_folder;
};

QTEST_GUILESS_MAIN(TestImportPasses)
#include "tst_importpasses.moc"
