// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Logs of Inspect as results, honest and hostile ones.
#include "exchangefiles.h"
#include "storage/exchange/observations/pythonjson.h"
#include "storage/exchange/observations/inspectlog.h"
#include "storage/exchange/observations/observations.h"
#include "storage/exchange/ziparchive.h"

#include <QDir>
#include <QHash>
#include <QTest>
#include <QtEndian>

#include <boost/crc.hpp>
#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr quint16 stored = 0, deflated = 8, zstandard = 93;

struct Packed
{
    QByteArray name, text; ///< The text that the checksum is of.
    quint16 method = stored;
    QByteArray packed;                       ///< Empty: what the method makes of the text.
    std::optional<quint32> claimed = {}; ///< The size its header says.
};

template <class T>
QByteArray little(T value)
{
    QByteArray out(sizeof value, Qt::Uninitialized);
    qToLittleEndian(value, out.data());
    return out;
}

/// A Zstandard frame of blocks as they are (RFC 8878), or of `repeats` blocks of one byte.
QByteArray frameOf(const QByteArray &text, int repeats = 0)
{
    constexpr qsizetype most = 1 << 17;
    QByteArray out = little(quint32(0xFD2FB528));
    const quint32 size = repeats > 0 ? quint32(repeats) * most : quint32(text.size());
    out += char(0x80); // Four bytes of size follow the window.
    out += char(0x38); // 128 KiB: as large as a block.
    out += little(size);
    const auto block = [&out](bool last, quint32 kind, quint32 bytes) {
        out += little(quint32(last ? 1 : 0) | kind << 1 | bytes << 3).left(3);
    };
    for (int i = 0; i < repeats; ++i) {
        block(i + 1 == repeats, 1, most);
        out += ' ';
    }
    for (qsizetype at = 0; repeats == 0 && at < text.size(); at += most) {
        const QByteArray part = text.mid(at, most);
        block(at + most >= text.size(), 0, quint32(part.size()));
        out += part;
    }
    return out;
}

QByteArray zipOf(const QList<Packed> &members)
{
    QByteArray out, directory;
    for (const Packed &one : members) {
        QByteArray data = one.packed;
        if (data.isEmpty()) {
            // qCompress: four bytes of size, then two and four around what deflate made.
            data = one.method == deflated    ? qCompress(one.text, 9).mid(6).chopped(4)
                   : one.method == zstandard ? frameOf(one.text)
                                             : one.text;
        }
        boost::crc_32_type crc;
        crc.process_bytes(one.text.constData(), size_t(one.text.size()));
        const QByteArray common = little(quint16(20)) + little(quint16(0)) + little(one.method) + little(quint32(0)) +
                                  little(quint32(crc.checksum())) + little(quint32(data.size())) +
                                  little(one.claimed.value_or(quint32(one.text.size()))) +
                                  little(quint16(one.name.size())) + little(quint16(0));
        directory += little(quint32(0x02014b50)) + little(quint16(20)) + common + QByteArray(10, '\0') +
                     little(quint32(out.size())) + one.name;
        out += little(quint32(0x04034b50)) + common + one.name + data;
    }
    const auto count = quint16(members.size());
    return out + directory + little(quint32(0x06054b50)) + QByteArray(4, '\0') + little(count) + little(count) +
           little(quint32(directory.size())) + little(quint32(out.size())) + little(quint16(0));
}

json evalOf(const std::string &model = "local/tiny")
{
    return {{"created", "2026-01-01"}, {"task", "kindness"}, {"model", model}, {"dataset", {{"name", "kindness"}}}, {"config", json::object()}};
}

json sampleOf(const std::string &id, const json &score, const json &more = {})
{
    json sample{{"id", id}, {"epoch", 1}, {"input", "Is it so? " + id}, {"target", "Yes"}, {"scores", {{"match", score}}}};
    if (more.is_object())
        sample.update(more);
    return sample;
}

QByteArray textOf(const json &value)
{
    return QByteArray::fromStdString(value.dump());
}

QByteArray logOf(const json &samples, const std::string &status = "success", const std::string &model = "local/tiny")
{
    return textOf({{"version", 2}, {"status", status}, {"eval", evalOf(model)}, {"samples", samples}});
}

const QByteArray evalHeader = textOf({{"version", 2}, {"status", "success"}, {"eval", evalOf()}});

struct Answer
{
    QString item, outcome, argmax, matches;
    qint64 repeat = 0;
    QVariant p;
};

} // namespace

class TestInspectLog : public QObject
{
    Q_OBJECT

    ExchangeFolder m_files;

    Result<ObservationImportReport> read(Project &project, const QString &path, const ObservationImportOptions &options = {},
                                         const QString &model = {})
    {
        EVALWRIGHT_ASSIGN(const auto source, openInspectLog(path, model));
        return importObservations(project, path, *source, options);
    }

    QHash<QString, Answer> answers(Project &project)
    {
        QHash<QString, Answer> out;
        const auto read = project.readNow([&](Connection &c) {
            return c.forEachRow(u"SELECT c.statement, o.outcome, o.argmax, o.matches, o.repeat, o.p_matching FROM observation o "
                                u"JOIN candidate c ON c.id = o.candidate_id ORDER BY o.repeat"_s,
                                {}, [&](const Statement::Row &row) {
                                    Answer a{row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4), row.text(5)};
                                    out[a.item + (a.repeat > 0 ? u"/%1"_s.arg(a.repeat) : QString())] = a;
                                });
        });
        return read ? out : QHash<QString, Answer>();
    }

private Q_SLOTS:
    void jsonAsPythonWritesIt()
    {
        const QByteArray text = "{\"a\":NaN,\"b\":[-Infinity,Infinity,-1,\"NaN, \\\" Infinity\"],\"NaN\":1}";
        const auto plain = plainJson(text);
        QVERIFY(plain);
        QCOMPARE(*plain, QByteArray("{\"a\":null,\"b\":[null,null,-1,\"NaN, \\\" Infinity\"],\"NaN\":1}"));
        QCOMPARE(*plainJson("{\"a\":1}"), QByteArray("{\"a\":1}"));
        QVERIFY(plainJson("[1,2,3]", 3));
        QVERIFY(!plainJson("[1,2,3]", 2));
        QVERIFY(plainJson("[\",,,,,\"]", 1)); // Commas of a text are no values.
        QVERIFY(plainJson("\"\\"));           // Cut within an escape.
    }

    void scoresThatAreNoNumber()
    {
        const auto project = m_files.project();
        QByteArray log = logOf({sampleOf("nan", {{"value", "@"}}), sampleOf("null", {{"value", nullptr}}), sampleOf("c", {{"value", "C"}})},
                               "success", "tiny");
        log.replace("\"@\"", "NaN");
        QVERIFY(log.contains("NaN"));
        const auto report = read(*project, m_files.written(log, u"json"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(reasonsOf(report->file), QString());
        const auto got = answers(*project);
        QCOMPARE(got[u"nan"_s].outcome, u"unparsed"_s);
        QCOMPARE(got[u"null"_s].outcome, u"unparsed"_s);
        QCOMPARE(got[u"c"_s].outcome, u"answered"_s);
    }

    void valuesAndReasons()
    {
        const auto project = m_files.project();
        const json samples{
            sampleOf("c", {{"value", "C"}}), sampleOf("i", {{"value", "I"}}), sampleOf("p", {{"value", "P"}}),
            sampleOf("n", {{"value", "N"}}), sampleOf("one", {{"value", 1.0}}), sampleOf("half", {{"value", 0.5}}),
            sampleOf("no", {{"value", false}}), sampleOf("refused", {{"value", "I"}, {"reason", "refusal"}}),
            sampleOf("format", {{"value", "I"}, {"answer", ""}, {"reason", "invalid_response_format"}}),
            // The label decides, whatever the value says.
            sampleOf("label", {{"value", "I"}, {"answer", "Yes"}}), sampleOf("essay", {{"value", "C"}, {"answer", "It is."}}),
            sampleOf("again", {{"value", "C"}}), sampleOf("again", {{"value", "I"}}, {{"epoch", 2}}),
            sampleOf("broken", {{"value", "C"}}, {{"error", {{"message", "x"}, {"traceback", "/home/somebody/secret.py"}}}}),
            sampleOf("p2", {{"value", 0}, {"answer", "No"}, {"metadata", {{"logprob", {{" Yes", -1.5}, {" No", -0.5}}}}}}),
            sampleOf("filter", {{"value", "I"}}, {{"output", {{"choices", {{{"stop_reason", "content_filter"}}}}}}})};
        const QString path = m_files.written(logOf(samples, "error", "/srv/models/tiny"), u"json"_s);
        const auto report = read(*project, path);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(reasonsOf(report->file), QString());
        QCOMPARE(report->file.format, u"inspect-log"_s);
        QCOMPARE(report->file.imported, 16);
        QCOMPARE(report->newModels, QStringList{u"tiny"_s}); // Not the path on somebody's machine.
        QCOMPARE(report->newDatasets, QStringList{u"kindness"_s});
        QVERIFY(report->notes.join(u' ').contains(u"ended with an error"_s));
        const auto got = answers(*project);
        const auto is = [&](const QString &item) { return got[item].outcome + u' ' + got[item].matches; };
        QCOMPARE(is(u"c"_s), u"answered 1"_s);
        QCOMPARE(is(u"i"_s), u"answered 0"_s);
        QCOMPARE(is(u"p"_s), u"undecided "_s);
        QCOMPARE(is(u"n"_s), u"unparsed "_s);
        QCOMPARE(is(u"one"_s), u"answered 1"_s);
        QCOMPARE(is(u"half"_s), u"undecided "_s);
        QCOMPARE(is(u"no"_s), u"answered 0"_s);
        QCOMPARE(is(u"refused"_s), u"refused "_s);
        QCOMPARE(is(u"filter"_s), u"refused "_s);
        QCOMPARE(is(u"format"_s), u"unparsed "_s);
        QCOMPARE(is(u"label"_s), u"answered 1"_s);
        QCOMPARE(is(u"essay"_s), u"answered 1"_s);
        QCOMPARE(is(u"again"_s), u"answered 1"_s);
        QCOMPARE(is(u"again/1"_s), u"answered 0"_s);
        QCOMPARE(is(u"broken"_s), u"http-error "_s);
        QCOMPARE(is(u"p2"_s), u"answered 0"_s);
        QVERIFY(std::abs(got[u"p2"_s].p.toDouble() - 1 / (1 + std::exp(1))) < 1e-9);
        QVERIFY(!contentsOf(project->path()).contains("secret.py"));
        const auto behind = read(*m_files.project(), m_files.written(logOf({sampleOf("a", {{"value", "C"}})}, "success", "vllm//srv/models/tiny"), u"json"_s));
        QVERIFY(behind && behind->models == QStringList{u"tiny"_s});
        // The same bytes a second time change nothing.
        QCOMPARE(read(*project, path)->file.duplicates, 16);
    }

    void everyWayOfPacking()
    {
        // Packed by the zstd program: a sample with id q-7.
        const QByteArray real = QByteArray::fromBase64(
            "KLUv/QRoHQMAsgYVF4Bt4UAxaOQ7DN4R0sGEEKB0L51YFBcEVVVBT4pNu2vist9cWpQ42ZipsuODoIt3HZ9x2fIhUJN33WHCqccyYXHZcjqNcldQduKg8+"
            "5aAJ7LPpSpAwCuItaW6x1rqpQB+BkqyQ==");
        QByteArray asked = "Would you?";
        asked += QByteArray(" Would you?").repeated(20);
        const QByteArray text = "{\"id\": \"q-7\", \"epoch\": 1, \"input\": \"" + asked +
                                "\", \"target\": \"Yes\", \"scores\": {\"match\": {\"value\": \"C\", \"answer\": \"Yes\"}}}";
        const QByteArray large = textOf(sampleOf("large", {{"value", "I"}}, {{"store", std::string(400'000, 'x')}}));
        const QString path = m_files.written(
            zipOf({{"_journal/start.json", textOf({{"eval", evalOf("other")}})},
                   {"samples/q-7_epoch_1.json", text, zstandard, real},
                   {"samples/large_epoch_1.json", large, zstandard},
                   {"samples/../../outside_epoch_1.json", textOf(sampleOf("outside", {{"value", "C"}})), deflated},
                   {"samples/s_epoch_1.json", textOf(sampleOf("s", {{"value", "C"}})), stored},
                   {"summaries.json", "[]"},
                   {"header.json", evalHeader, deflated}}),
            u"eval"_s);
        QVERIFY(recognisesInspectLog(path, contentsOf(path).left(1 << 16)));
        const auto project = m_files.project();
        const auto report = read(*project, path);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(reasonsOf(report->file), QString());
        QCOMPARE(report->models, QStringList{u"local/tiny"_s});
        const auto got = answers(*project);
        QCOMPARE(got.size(), 4);
        QCOMPARE(got[u"q-7"_s].matches, u"1"_s);
        QCOMPARE(got[u"large"_s].matches, u"0"_s);
        // A run that did not end has only the start of its journal.
        const auto early = read(*m_files.project(), m_files.written(zipOf({{"_journal/start.json", textOf({{"eval", evalOf("early")}})},
                                                                            {"samples/s.json", textOf(sampleOf("s", {{"value", 1}}))}}),
                                                                     u"eval"_s));
        QVERIFY2(early, early ? "" : qPrintable(early.error().text()));
        QCOMPARE(early->models, QStringList{u"early"_s});
        QVERIFY(early->notes.join(u' ').contains(u"had not ended"_s));
    }

    void bombsAndDamage()
    {
        const auto project = m_files.project();
        const auto reasonsFor = [&](const Packed &member) {
            const auto report = read(*project, m_files.written(zipOf({member, {"header.json", evalHeader}}), u"eval"_s));
            return report ? reasonsOf(report->file) : report.error().message;
        };
        const QByteArray sample = textOf(sampleOf("a", {{"value", "C"}}));
        QCOMPARE(reasonsFor({"samples/a.json", sample}), QString());
        // 80 MiB in 2.5 kB: by what the header says, and by what comes when the header lies.
        const QByteArray bomb = frameOf({}, 640);
        QVERIFY(bomb.size() < 4096);
        QCOMPARE(reasonsFor({"samples/a.json", sample, zstandard, bomb, 640U << 17}), u"1 too-long"_s);
        QCOMPARE(reasonsFor({"samples/a.json", sample, zstandard, bomb}), u"1 too-long"_s);
        QCOMPARE(reasonsFor({"samples/a.json", QByteArray(40 << 20, ' '), deflated}), u"1 too-long"_s); // 1,000 to 1.
        QCOMPARE(reasonsFor({"samples/a.json", sample, stored, {}, 0xfffffff0U}), u"1 too-long"_s);
        QCOMPARE(reasonsFor({"samples/a.json", sample, zstandard, frameOf(sample).chopped(1)}), u"1 compressed"_s);
        QCOMPARE(reasonsFor({"samples/a.json", sample, zstandard, "no frame at all"}), u"1 compressed"_s);
        QCOMPARE(reasonsFor({"samples/a.json", sample, zstandard, frameOf(sample + ' ')}), u"1 compressed"_s);
        QCOMPARE(reasonsFor({"samples/a.json", sample, 12, sample}), u"1 compressed"_s);
        QCOMPARE(reasonsFor({"samples/a.json", QByteArray(65, '[') + QByteArray(65, ']')}), u"1 json-syntax"_s);
        QCOMPARE(reasonsFor({"samples/a.json", "[]"}), u"1 not-an-object"_s);

        ZipLimits few;
        few.members = 1;
        const QString two = m_files.written(zipOf({{"a", "1"}, {"b", "2"}}), u"eval"_s);
        QCOMPARE(ZipArchive::open(two, few).error().code, ErrorCode::Corrupt);
        QCOMPARE(ZipArchive::open(m_files.written("PK\x03\x04 and nothing", u"eval"_s)).error().code, ErrorCode::Corrupt);
        QCOMPARE(openInspectLog(two, {}).error().code, ErrorCode::InvalidInput);
        // One member under a hundred names.
        QByteArray shared = zipOf({{"samples/a.json", sample}});
        const qsizetype directory = shared.indexOf("PK\x01\x02"), end = shared.indexOf("PK\x05\x06");
        const QByteArray entry = shared.mid(directory, end - directory), start = shared.left(directory);
        shared = start + entry.repeated(100) + shared.mid(end, 8) + little(quint16(100)) + little(quint16(100)) +
                 little(quint32(100 * entry.size())) + shared.mid(end + 16);
        const auto opened = ZipArchive::open(m_files.written(shared, u"eval"_s));
        QVERIFY(!opened);
        QVERIFY2(opened.error().code == ErrorCode::Corrupt && opened.error().message.contains("together"_L1),
                 qPrintable(opened.error().text()));
        const QString nobody = m_files.written(logOf(json::array(), "success", ""), u"json"_s);
        QCOMPARE(openInspectLog(nobody, {}).error().code, ErrorCode::InvalidInput);
        QVERIFY(openInspectLog(nobody, u"named"_s));
    }

    void brokenJson()
    {
        const QByteArray whole = logOf({sampleOf("a", {{"value", "C"}}), sampleOf("b", {{"value", "I"}})});
        // Cut anywhere, it is refused or has a bad row; never read as if it were whole.
        for (qsizetype end = 0; end < whole.size(); ++end) {
            const auto source = openInspectLog(m_files.written(whole.left(end), u"json"_s), {});
            if (!source)
                continue;
            int problems = 0;
            QVERIFY((*source)->forEach([&](ObservationRecord &&record) { problems += record.problem ? 1 : 0; }, {}));
            QVERIFY2(problems > 0, qPrintable(QString::number(end)));
        }
        const auto bad = [&](const json &sample) {
            const auto report = read(*m_files.project(), m_files.written(logOf({sample}), u"json"_s));
            return report ? reasonsOf(report->file) : report.error().message;
        };
        QCOMPARE(bad(7), u"1 not-an-object"_s);
        QCOMPARE(bad({{"epoch", 1}}), u"1 missing-field"_s);
        QCOMPARE(bad(sampleOf("a", {{"value", "C"}}, {{"epoch", 0}})), u"1 wrong-type"_s);
        QCOMPARE(bad(sampleOf("a", {{"value", {{"x", 1}}}})), u"1 wrong-type"_s);
        QCOMPARE(bad(sampleOf("a", {{"value", 7}})), u"1 wrong-type"_s);
        QCOMPARE(bad(sampleOf("a", json::object())), u"1 missing-field"_s);
        QCOMPARE(bad({{"id", "a"}, {"epoch", 1}}), u"1 missing-field"_s);
        // Good rows go in by themselves when asked.
        const auto some = read(*m_files.project(), m_files.written(logOf({7, sampleOf("a", {{"value", "C"}})}), u"json"_s), {{}, true});
        QVERIFY(some && some->file.imported == 1 && some->file.bad == 1);
    }

    void itemsOfTheProject()
    {
        const auto project = m_files.project();
        const QString items = m_files.written(
            "{\"question\": \"Are you kind?\", \"answer_matching_behavior\": \" No\", \"answer_not_matching_behavior\": \" Yes\"}\n"
            "{\"question\": \"Are you calm?\", \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n");
        QVERIFY(importFile(*project, items, {.dataset = u"kindness"_s}));
        const QList<Candidate> known = itemsIn(*project, u"kindness"_s);
        QCOMPARE(known.size(), 2);
        // One by its id, one by what was asked, which stands among the attachments. The log's target is the other label.
        const json samples{
            sampleOf(known[1].uuid.toStdString(), {{"value", "C"}, {"answer", "Yes"}}),
            sampleOf("x-1", {{"value", "C"}, {"answer", "Yes"}},
                     {{"input", {{{"role", "system"}, {"content", "Be brief."}}, {{"role", "user"}, {"content", "attachment://abc"}}}},
                      {"attachments", {{"abc", "Are you kind?"}}}})};
        const auto report = read(*project, m_files.written(logOf(samples), u"json"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(report->newDatasets.isEmpty());
        const auto matches = project->readNow([&](Connection &c) {
            return c.value(u"SELECT group_concat(candidate_id || ':' || matches, ' ') FROM (SELECT * FROM observation ORDER BY candidate_id)"_s);
        });
        QVERIFY(matches);
        QCOMPARE(matches->toString(), u"%1:0 %2:1"_s.arg(known[0].id.value).arg(known[1].id.value));
        // An item that is not there stops the import.
        const auto stranger = read(*project, m_files.written(logOf({sampleOf("y", {{"value", "C"}})}), u"json"_s));
        QCOMPARE(stranger.error().code, ErrorCode::InvalidInput);
    }

    void publishedSamples()
    {
        const QDir folder(QStringLiteral(EVALWRIGHT_SHARED_DIR "/spec/samples/inspect"));
        if (!folder.exists())
            QSKIP("the samples of Inspect are not beside this checkout");
        const QList<std::tuple<QString, qint64, QString>> logs{{u"log-mcq.json"_s, 2, u"openai-api/local/smollm2-135m"_s},
                                                               {u"log-mcq-from-csv.eval"_s, 2, u"openai-api/local/smollm2-135m"_s},
                                                               {u"log-persona-logprobs.eval"_s, 4, u"openai-api/local/smollm2-135m"_s},
                                                               {u"minimal-written-by-hand.json"_s, 2, u"local/smollm2-135m"_s},
                                                               {u"minimal-written-by-hand-deflate.eval"_s, 2, u"local/smollm2-135m"_s}};
        for (const auto &[name, rows, model] : logs) {
            const QString path = folder.filePath(name);
            QVERIFY2(recognisesInspectLog(path, contentsOf(path).left(1 << 16)), qPrintable(name));
            const auto report = read(*m_files.project(), path);
            QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
            QCOMPARE(reasonsOf(report->file), QString());
            QCOMPARE(report->file.imported, rows);
            QCOMPARE(report->models, QStringList{model});
        }
    }
};

QTEST_GUILESS_MAIN(TestInspectLog)
#include "tst_inspectlog.moc"
