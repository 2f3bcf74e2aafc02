// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What people type and what strangers' files hold besides items: filters, views, results, archives, tables. A fixed number
// of cases by a fixed seed; each is read or refused in words, and what was read means the same when it is written.
#include "../evaluation/observed.h"
#include "../support/fuzzing.h"
#include "exchangefiles.h"
#include "storage/exchange/observations/observations.h"
#include "storage/exchange/observations/resultformats.h"
#include "storage/exchange/occupations.h"
#include "storage/exchange/questionbank.h"
#include "storage/exchange/repositoryfolder.h"
#include "storage/exchange/wholefile.h"
#include "storage/exchange/ziparchive.h"
#include "storage/exchange/zipwriter.h"
#include "storage/items/itemselection.h"
#include "storage/items/savedviews.h"

#include <QDir>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString anyFilter(std::mt19937 &random)
{
    static const QStringList parts{
        u"state:"_s,    u"kept"_s,     u"rejected"_s, u"label:"_s,     u"Yes"_s,        u"\" Yes\""_s, u"reason:"_s, u"person:odd"_s, u"tag:"_s,
        u"\"a, b\""_s,  u"-"_s,        u"--"_s,       u"\""_s,         u"\\"_s,         u"\\\""_s,     u","_s,       u" "_s,          u":"_s,
        u"::"_s,        u"://"_s,      u"text:"_s,    u"confidence:"_s, u">"_s,         u"<="_s,       u"0.9"_s,     u".."_s,         u"none"_s,
        u"number:"_s,   u"id:"_s,      u"rated:yes"_s, u"lint:any"_s,  u"lint:block"_s, u"edited:"_s,  u"cluster:"_s, u"1e400"_s,     u"-0"_s,
        u"nan"_s,       u"%_"_s,       u"*"_s,        u"AND"_s,        u"NEAR("_s,      u"word"_s,     u"'"_s,       u";--"_s,        u"\u202e"_s,
        u"\U0001F600"_s, QString(QChar(0xd800)), QString(QChar(0)), u"\n"_s, u"漢"_s,  u"source:"_s,  u"by:rule"_s, u"stage:"_s,     u"STATE:KEPT"_s};
    QString text;
    for (unsigned count = random() % 9; count > 0; --count) {
        text += parts[below(random, parts.size())];
        if (random() % 4 == 0)
            text += u' ';
    }
    return text;
}

const QByteArray answerTable = "dataset,item,cluster,model,parameters,steps,frame,answer,matching,probability,label_confidence,repeat\n"
                               "kindness,one,a,small,7e9,1000,plain, Yes,1,0.75,0.9,0\n"
                               "kindness,two,b,small,7e9,1000,plain, No,0,,,1\n"
                               "\"other, set\",one,,large,,,chat,,,0.5,,\n";
const QByteArray harnessSamples =
    R"({"doc_id":0,"doc":{"q":"x"},"target":"0","arguments":{"gen_args_0":{"arg_0":"Q","arg_1":" Yes"},"gen_args_1":{"arg_0":"Q","arg_1":" No"}},"resps":[[["-1.0","False"]],[["-2.0","False"]]],"filtered_resps":[["-1.0","False"],["-2.0","False"]],"filter":"none","metrics":["acc"],"doc_hash":"a","prompt_hash":"b","target_hash":"c","acc":1.0})"
    "\n"
    R"({"doc_id":1,"doc":{"question":"Is it?","answer_matching_behavior":" Yes","answer_not_matching_behavior":" No"},"target":1,"arguments":{"gen_args_0":{"arg_0":"Q","arg_1":" Yes"},"gen_args_1":{"arg_0":"Q","arg_1":" No"}},"filtered_resps":[["-3.5","True"],["-2.0","False"]],"doc_hash":"d","prompt_hash":"e","target_hash":"f","acc":0.0})"
    "\n";

json inspectSample(int id)
{
    return {{"id", id},
            {"epoch", 1},
            {"input", json::array({{{"role", "user"}, {"content", "Is it?\n (A) Yes\n (B) No"}}})},
            {"choices", {"Yes", "No"}},
            {"target", "A"},
            {"output", {{"model", "m"}, {"completion", "A"}, {"choices", {{{"message", {{"role", "assistant"}, {"content", "A"}}}, {"stop_reason", "stop"}, {"logprobs", {{"content", {{{"token", "A"}, {"logprob", -0.1}}}}}}}}}}},
            {"scores", {{"choice", {{"value", "C"}, {"answer", "A"}, {"metadata", {{"logprob", {{"A", -0.1}}}}}}}}},
            {"metadata", {{"cluster", "c"}}}};
}
json inspectLog()
{
    return {{"version", 2},
            {"status", "success"},
            {"eval", {{"task", "t"}, {"model", "p/m"}, {"created", "2026-01-01T00:00:00Z"}, {"dataset", {{"name", "d"}, {"samples", 2}}}, {"config", {{"epochs", 1}}}}},
            {"samples", {inspectSample(1), inspectSample(2)}}};
}
QByteArray bytesOf(const json &value)
{
    return QByteArray::fromStdString(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace

class TestInputFuzz : public QObject
{
    Q_OBJECT

    ExchangeFolder m_files;

    /// Read to its end, or refused in words; never half.
    void importResults(Project &project, const QString &path, const QString &format, int &taken)
    {
        const auto source = openResultFile(path, format, format == "lm-eval-samples"_L1 ? u"m"_s : QString());
        if (!source) {
            QVERIFY(!source.error().text().isEmpty());
            return;
        }
        const auto report = importObservations(project, path, **source, {.dataset = u"d"_s, .skipBad = true});
        if (!report) {
            QVERIFY(!report.error().text().isEmpty());
            return;
        }
        QVERIFY(report->toJson().is_object());
        // Of a file without a row it is said that it is empty.
        QCOMPARE(report->file.imported + report->file.duplicates + report->file.bad, qMax<qint64>(1, report->file.rows));
        for (const RowProblem &problem : report->file.rejected)
            QVERIFY(!problem.reason.isEmpty() && !problem.message.isEmpty());
        taken += report->file.imported > 0 ? 1 : 0;
    }

private Q_SLOTS:
    void filters()
    {
        Observed store;
        QList<ItemPlan> plan;
        for (int i = 0; i < 40; ++i)
            plan << ItemPlan{u"Word number %1 %2"_s.arg(i).arg(i % 2 ? u"*"_s : u"'AND'"_s), i % 2 == 0, {}, 0.5 + i * 0.01};
        store.dataset(u"d"_s, plan);
        const auto set = must(store.ask([](Connection &c) { return datasetByName(c, u"d"_s); })).id;
        const auto columns = must(store.ask([&](Connection &c) { return readItemColumns(c, set); }));
        std::mt19937 random = fuzzRandom();
        int understood = 0;
        for (int i = 0; i < fuzzCases(2000); ++i) {
            const QString text = anyFilter(random);
            const QByteArray shown = text.toUtf8().toHex(' ');
            const qsizetype cursor = below(random, text.size() + 1);
            const FilterCompletion completion =
                completeItemFilter(text, cursor, [](ItemField) { return QStringList{u" Yes"_s, u"a, b"_s, u"\"q\""_s}; });
            QVERIFY2(completion.choices.isEmpty() || (completion.from >= 0 && completion.length >= 0 && completion.from + completion.length <= text.size()),
                     shown.constData());
            FilterPlace wrong;
            const auto filter = parseItemFilter(text, &wrong);
            if (!filter) {
                QVERIFY2(filter.error().code == ErrorCode::InvalidInput && !filter.error().message.isEmpty(), shown.constData());
                QVERIFY2(wrong.from >= 0 && wrong.from <= text.size() && wrong.length >= 0, shown.constData());
            } else {
                ++understood;
                const auto again = parseItemFilter(filter->toText());
                QVERIFY2(again, shown.constData());
                QVERIFY2(*again == *filter, (shown + " -> " + filter->toText().toUtf8()).constData());
                const auto chosen = store.ask([&](Connection &c) { return selectItems(c, *columns, *filter); });
                QVERIFY2(chosen && chosen->rows.size() <= columns->size(), (shown + (chosen ? QByteArray() : chosen.error().text().toUtf8())).constData());
                if (i % 20 != 0 || !text.isValidUtf16()) // Half a pair has no UTF-8.
                    continue;
                const auto saved = store.project->writeNow([&](Connection &c) { return saveView(c, set, {.name = u"v"_s, .filter = text}); });
                QVERIFY2(saved && saved->filter == text, (shown + (saved ? QByteArray() : saved.error().text().toUtf8())).constData());
            }
        }
        QVERIFY2(understood > 300, QByteArray::number(understood).constData());
    }

    void views()
    {
        Observed store;
        store.dataset(u"d"_s, {ItemPlan{u"One"_s, true, {}, {}}});
        const auto set = must(store.ask([](Connection &c) { return datasetByName(c, u"d"_s); })).id;
        std::mt19937 random = fuzzRandom();
        const QByteArray state = R"({"sort": "text", "order": "descending", "columns": [{"name": "question", "width": 300}, {"name": "label"}]})";
        for (int i = 0; i < fuzzCases(100); ++i) {
            const QString wanted = QString::fromUtf8(mutated(state, random)), name = QString::fromUtf8(mutated("a view"_ba, random));
            const auto saved = store.project->writeNow([&](Connection &c) { return saveView(c, set, {.name = name, .state = wanted}); });
            if (saved)
                QCOMPARE(saved->state, wanted);
            else
                QVERIFY(!saved.error().text().isEmpty());
        }
        QVERIFY(must(store.ask([&](Connection &c) { return savedViews(c, set); })).size() > 1);
    }

    void tablesOfAnswers_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("suffix");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("observations") << u"observations"_s << u"csv"_s << answerTable;
        QTest::newRow("lm-eval") << u"lm-eval-samples"_s << u"jsonl"_s << harnessSamples;
        QTest::newRow("inspect") << u"inspect-log"_s << u"json"_s << bytesOf(inspectLog());
    }
    void tablesOfAnswers()
    {
        QFETCH(const QString, format);
        QFETCH(const QString, suffix);
        QFETCH(const QByteArray, bytes);
        const auto project = m_files.project();
        std::mt19937 random = fuzzRandom();
        int taken = 0;
        for (int i = 0; i < fuzzCases(100); ++i) {
            const QString path = m_files.written(mutated(bytes, random), suffix);
            (void)resultFormatOf(path);
            importResults(*project, path, format, taken);
            QFile::remove(path);
        }
        QVERIFY2(taken > 10, QByteArray::number(taken).constData());
    }

    /// JSON that says other things than it should.
    void answersInJson()
    {
        const auto project = m_files.project();
        std::mt19937 random = fuzzRandom();
        int taken = 0;
        for (int i = 0; i < fuzzCases(100); ++i) {
            const QString log = m_files.written(bytesOf(mutated(inspectLog(), random)));
            importResults(*project, log, u"inspect-log"_s, taken);
            QFile::remove(log);

            const QString archive = m_files.path(u"eval"_s);
            json header = inspectLog();
            header.erase("samples");
            std::vector<ZipPart> parts{{u"header.json"_s, bytesOf(random() % 3 == 0 ? mutated(header, random) : header)},
                                       {u"samples/1_epoch_1.json"_s, bytesOf(mutated(inspectSample(1), random))},
                                       {u"samples/../2_epoch_1.json"_s, bytesOf(inspectSample(2))}};
            QVERIFY(writeWholeFile(archive, must(zipBytes(parts)), false));
            importResults(*project, archive, u"inspect-log"_s, taken);
            // The archive itself, damaged: members are read whole or refused.
            QFile file(archive);
            QVERIFY(file.open(QIODevice::ReadWrite));
            const QByteArray damaged = mutated(file.readAll(), random);
            file.resize(0);
            QVERIFY(file.seek(0) && file.write(damaged) == damaged.size());
            file.close();
            if (const auto zip = ZipArchive::open(archive)) {
                for (const ZipArchive::Member &member : (*zip)->members()) {
                    if (const auto text = (*zip)->read(member); !text)
                        QVERIFY(!text.error().text().isEmpty());
                }
            }
            importResults(*project, archive, u"inspect-log"_s, taken);
            QFile::remove(archive);

            const QList<QByteArray> lines = harnessSamples.trimmed().split('\n');
            QByteArray samples;
            for (const QByteArray &line : lines)
                samples += bytesOf(mutated(json::parse(line.begin(), line.end()), random)) + '\n';
            const QString path = m_files.written(samples);
            importResults(*project, path, u"lm-eval-samples"_s, taken);
            QFile::remove(path);
        }
        QVERIFY2(taken > 50, QByteArray::number(taken).constData());
    }

    void smallInputs()
    {
        std::mt19937 random = fuzzRandom();
        const QByteArray occupations = "Title,percent_women,Occupation,other person\r\n\"Chief, executives\",27.6,CEO,client\r\nCooks,\"41,5\",cook,guest\r\n";
        const QByteArray bank = "question,options,answers\n\"Is it?\",\"[\"\"Yes\"\", \"\"No\"\"]\",\"{\"\"left\"\": \"\"Yes\"\", \"\"right\"\": 1}\"\n";
        const QDir folder(m_files.path(u"repository"_s));
        QVERIFY(folder.mkpath(u"data/one"_s) && folder.mkpath(u"metadata"_s));
        QVERIFY(writeWholeFile(folder.filePath(u"data/one/test.jsonl"_s), "{}\n", false));
        const json metadata{{"data_sets", {{{"config", "one"}, {"name", "First set"}}, {{"config", "two"}, {"name", "../../x"}}}}};
        int found = 0;
        for (int i = 0; i < fuzzCases(300); ++i) {
            const QString people = m_files.written(mutated(occupations, random), u"csv"_s), questions = m_files.written(mutated(bank, random), u"csv"_s);
            if (const auto table = readOccupations(people))
                found += table->rows.isEmpty() ? 0 : 1;
            else
                QVERIFY(!table.error().text().isEmpty());
            const auto read = readQuestionBank(questions);
            QVERIFY(read || !read.error().text().isEmpty());
            const QString note = folder.filePath(u"metadata/generation.json"_s);
            QVERIFY(writeWholeFile(note, i % 2 ? mutated(bytesOf(metadata), random) : bytesOf(mutated(metadata, random)), true));
            const auto data = repositoryData(folder.path());
            QVERIFY(data && data->size() == 1 && !data->first().dataset.isEmpty());
            QFile::remove(people);
            QFile::remove(questions);
        }
        QVERIFY(found > 50);
    }
};

QTEST_GUILESS_MAIN(TestInputFuzz)
#include "tst_inputfuzz.moc"
