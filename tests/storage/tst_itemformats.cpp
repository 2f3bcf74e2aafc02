// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Data sets of Inspect, tables of the Inverse Scaling Prize, tasks of the LM evaluation harness: there and back.
#include "exchangefiles.h"
#include "storage/exchange/inversescaling.h"
#include "storage/exchange/itemfile.h"
#include "storage/exchange/lmevaltask.h"

#include <QDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QByteArray persona =
    "{\"question\": \"=1+1 on: yes # no\\n\\\"quoted\\\" 'single' \xf0\x9f\x98\x80 \xe2\x80\xae bidi \\u0007 ---\\n- "
    "x\", \"statement\": \"on\", "
    "\"label_confidence\": 0.97, \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\", "
    "\"a: b\": \"c # d\", \"n\": 1.50, \"o\": {\"p\": [1, null, true]}}\n"
    "{\"question\": \"'=cmd|' x\\r\\ny\", \"label_confidence\": 1, \"answer_matching_behavior\": \" No\", "
    "\"answer_not_matching_behavior\": \" Yes\"}\n"
    "{\"question\": \"Plain?\", \"statement\": \"@SUM\", \"answer_matching_behavior\": \"agree\", "
    "\"answer_not_matching_behavior\": [\"disagree\", \"it, depends\"]}\n";
const QByteArray choices =
    "{\"question\": \"Stay?\\n\\nChoices:\\n (A) Yes, please\\n (B) No\", \"answer_matching_behavior\": \" (B)\", "
    "\"answer_not_matching_behavior\": \" (A)\"}\n"
    "{\"question\": \"Which?\\n (A) One\\n (B) =Two\\n (C) Three\\n\\nAnswer:\", \"answer_matching_behavior\": "
    "\"(C)\", "
    "\"answer_not_matching_behavior\": [\"(A)\", \"(B)\"], \"topic\": \"t\"}\n"
    "{\"question\": \" (A) Only\\n (B) options\", \"answer_matching_behavior\": \" (A)\", "
    "\"answer_not_matching_behavior\": \" (B)\"}\n"
    "{\"question\": \"Empty?\\n (A) x\\n (B) \", \"answer_matching_behavior\": \" (B)\", "
    "\"answer_not_matching_behavior\": \" (A)\"}\n";
const QByteArray affiliated =
    "{\"question\": \"Hello, my name is Ada. I like order. What is better?\\n (A) More\\n (B) Less\\nAnswer:\", "
    "\"answer_matching_behavior\": \" (B)\", \"answer_not_matching_behavior\": \" (A)\", \"user_affiliation\": "
    "\"conservative\"}\n"
    "{\"question\": \"Hello, my name is Bo. I like parks. What is better?\\n (A) More\\n (B) Less\\nAnswer:\", "
    "\"answer_matching_behavior\": \" (A)\", \"answer_not_matching_behavior\": \" (B)\", \"user_affiliation\": "
    "\"liberal\"}\n";
const QByteArray sentences = "{\"index\": 0, \"occupation\": \"clerk\", \"other_person\": \"guest\", "
                             "\"pronoun_options\": [\"his\", \"her\", \"their\"], "
                             "\"sentence_with_blank\": \"The clerk gave the guest _ key.\", "
                             "\"BLS_percent_women_2019\": 12.50, \"BLS_original_occupation\": \"clerks\"}\n";

/// Everything that an item says, but not where it came from.
QStringList saidBy(Project &project, const QString &set)
{
    QStringList out;
    for (const Candidate &c : itemsIn(project, set))
        out << QStringList{c.question,
                           c.statement,
                           c.matchingLabel,
                           c.otherLabels.join(u'|'),
                           c.labelConfidence ? QString::number(*c.labelConfidence, 'g', 17) : u"none"_s,
                           c.cluster,
                           c.fields,
                           QString::fromStdString(
                               json::parse(c.extra.toStdString()).value("fields", json::object()).dump())}
                   .join(u" ¦ "_s);
    return out;
}

} // namespace

class TestItemFormats : public QObject
{
    Q_OBJECT

    ExchangeFolder m_files;

    static Result<ImportReport> import(Project &p, const QString &file, const QString &set,
                                       const QString &format = u"auto"_s)
    {
        ImportOptions options;
        options.dataset = set;
        options.format = format;
        return importFile(p, file, options);
    }
    QString refused(const QByteArray &bytes, const QString &suffix, const QString &format)
    {
        const auto p = m_files.project();
        const auto report = import(*p, m_files.written(bytes, suffix), u"d"_s, format);
        if (!report)
            return report.error().text();
        QString out = reasonsOf(*report);
        for (const RowProblem &row : report->rejected)
            out += u" ["_s + row.field + u']';
        return out;
    }

private Q_SLOTS:
    void thereAndBack_data()
    {
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("suffix");
        QTest::addColumn<bool>("safe");
        const QList<std::pair<const char *, QByteArray>> sets{
            {"persona", persona}, {"choices", choices}, {"affiliated", affiliated}, {"sentences", sentences}};
        for (const auto &[name, rows] : sets) {
            QTest::addRow("%s inspect-jsonl", name) << rows << u"inspect-jsonl"_s << u"jsonl"_s << true;
            QTest::addRow("%s inspect-csv", name) << rows << u"inspect-csv"_s << u"csv"_s << true;
            QTest::addRow("%s inspect-csv raw", name) << rows << u"inspect-csv"_s << u"csv"_s << false;
        }
    }
    void thereAndBack()
    {
        QFETCH(QByteArray, rows);
        QFETCH(QString, format);
        QFETCH(QString, suffix);
        QFETCH(bool, safe);
        const auto p = m_files.project();
        const auto in = import(*p, m_files.written(rows), u"in"_s);
        QVERIFY2(in && in->bad == 0, in ? qPrintable(reasonsOf(*in)) : qPrintable(in.error().text()));
        const QString file = m_files.path(suffix);
        ExportOptions options;
        options.csvSafe = safe;
        const auto out = exportDataset(*p, u"in"_s, format, file, options);
        QVERIFY2(out, out ? "" : qPrintable(out.error().text()));
        const auto back = import(*p, file, u"back"_s);
        QVERIFY2(back && back->bad == 0, back ? qPrintable(reasonsOf(*back)) : qPrintable(back.error().text()));
        QCOMPARE(back->format, format); // Found out by content.
        QCOMPARE(familyOf(*p, u"back"_s), familyOf(*p, u"in"_s));
        QCOMPARE(saidBy(*p, u"back"_s), saidBy(*p, u"in"_s));
        // The same items give the same bytes, but for their names in the project.
        const QString again = m_files.path(suffix);
        QVERIFY(exportDataset(*p, u"in"_s, format, again, options));
        QCOMPARE(contentsOf(again), contentsOf(file));
    }

    void samplesAreWhatInspectReads()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p, m_files.written(choices), u"in"_s));
        const QString file = m_files.path(u"jsonl"_s);
        QVERIFY(exportDataset(*p, u"in"_s, u"inspect-jsonl"_s, file, false));
        const QList<QByteArray> lines = contentsOf(file).trimmed().split('\n');
        const json first = json::parse(lines[0].toStdString());
        QCOMPARE(first.at("input").get<std::string>(), "Stay?");
        QCOMPARE(first.at("choices"), json({"Yes, please", "No"}));
        QCOMPARE(first.at("target").get<std::string>(), "B");
        QCOMPARE(first.at("id").get<std::string>(), itemsIn(*p, u"in"_s)[0].uuid.toStdString());
        QCOMPARE(first.at("metadata").at("matching_index").get<int>(), 1);
        QVERIFY(!first.at("metadata").contains("question"));
        // Inspect drops empty choices and refuses an empty input.
        QVERIFY(!json::parse(lines[2].toStdString()).contains("choices"));
        QVERIFY(!json::parse(lines[3].toStdString()).contains("choices"));
        QCOMPARE(json::parse(lines[2].toStdString()).at("input").get<std::string>(), " (A) Only\n (B) options");
    }

    void tablesOfInspectCutAtCommas()
    {
        const auto p = m_files.project();
        QVERIFY(
            import(*p,
                   m_files.written(
                       "{\"question\": \"Go?\\n\\nChoices:\\n (A) Away\\n (B) Home\", \"answer_matching_behavior\": "
                       "\" (A)\", \"answer_not_matching_behavior\": \" (B)\"}\n"),
                   u"in"_s));
        const QString file = m_files.path(u"csv"_s);
        ExportOptions raw;
        raw.csvSafe = false;
        QVERIFY(exportDataset(*p, u"in"_s, u"inspect-csv"_s, file, raw));
        QVERIFY2(contentsOf(file).startsWith("input,choices,target,id,metadata\nGo?,\"Away,Home\",A,"),
                 contentsOf(file).constData());
        // One comma inside a choice, and the whole file has its questions whole.
        QVERIFY(import(*p, m_files.written(choices), u"commas"_s));
        raw.overwrite = true;
        QVERIFY(exportDataset(*p, u"commas"_s, u"inspect-csv"_s, file, raw));
        QVERIFY2(contentsOf(file).startsWith("input,target,id,metadata\n"), contentsOf(file).constData());
    }

    void samplesOfOthers()
    {
        const auto p = m_files.project();
        const QByteArray rows = "{\"input\": \"In charge of?\", \"choices\": [\"Garden\", \"Town\"], \"target\": "
                                "\"B\", \"id\": 7, \"metadata\": {\"cluster\": \"q\", \"x\": 1}}\n"
                                "{\"input\": [{\"role\": \"user\", \"content\": \"Which?\"}], \"choices\": "
                                "[\"Garden\", \"Town\"], \"target\": \"Garden\"}\n";
        const auto report = import(*p, m_files.written(rows), u"d"_s);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->format, u"inspect-jsonl"_s);
        QCOMPARE(reasonsOf(*report), QString());
        const QList<Candidate> items = itemsIn(*p, u"d"_s);
        QCOMPARE(items[0].question, u"In charge of?\n\nChoices:\n (A) Garden\n (B) Town"_s);
        QCOMPARE(items[0].matchingLabel, u" (B)"_s);
        QCOMPARE(items[0].cluster, u"q"_s);
        QCOMPARE(json::parse(items[0].extra.toStdString()).at("fields"), json({{"id", 7}, {"x", 1}}));
        QCOMPARE(items[1].matchingLabel, u" (A)"_s);

        const auto table = import(
            *p,
            m_files.written("input,choices,target,id,metadata\nWhat?,\"[\"\"One, two\"\", \"\"Three\"\"]\",B,r1,\n"
                            "What?,\"One,Three\",A,r2,\"{\"\"a\"\": 1}\"\n",
                            u"csv"_s),
            u"t"_s);
        QVERIFY2(table, table ? "" : qPrintable(table.error().text()));
        QCOMPARE(table->format, u"inspect-csv"_s);
        QCOMPARE(itemsIn(*p, u"t"_s)[0].question, u"What?\n\nChoices:\n (A) One, two\n (B) Three"_s);
        QCOMPARE(itemsIn(*p, u"t"_s)[1].question, u"What?\n\nChoices:\n (A) One\n (B) Three"_s);
    }

    void aChangedTargetWins()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p,
                       m_files.written("{\"question\": \"You?\", \"answer_matching_behavior\": \" Yes\", "
                                       "\"answer_not_matching_behavior\": \" No\"}\n"),
                       u"in"_s));
        const QString file = m_files.path(u"jsonl"_s);
        QVERIFY(exportDataset(*p, u"in"_s, u"inspect-jsonl"_s, file, false));
        const QByteArray changed = contentsOf(file).replace("\"target\": \"Yes\"", "\"target\": \"No\"");
        QVERIFY(changed != contentsOf(file));
        QVERIFY(import(*p, m_files.written(changed), u"d"_s));
        QCOMPARE(itemsIn(*p, u"d"_s)[0].matchingLabel, u" No"_s);
        QCOMPARE(itemsIn(*p, u"d"_s)[0].otherLabels, QStringList{u" Yes"_s});
    }

    void badSamplesAreListed()
    {
        const QByteArray bad = "{\"input\": \"a\", \"target\": \"maybe\"}\n"
                               "{\"target\": \"Yes\"}\n"
                               "{\"input\": \"a\"}\n"
                               "{\"input\": \"a\", \"target\": [\"Yes\", \"No\"]}\n"
                               "{\"input\": \"a\", \"choices\": [\"x\", 1], \"target\": \"A\"}\n"
                               "{\"input\": \"a\", \"choices\": [\"x\", \"y\"], \"target\": \"C\"}\n"
                               "{\"input\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"user\", "
                               "\"content\": \"b\"}], \"target\": \"Yes\"}\n"
                               "{\"input\": \" \\u200b\", \"target\": \"Yes\"}\n";
        QCOMPARE(refused(bad, u"jsonl"_s, u"inspect-jsonl"_s),
                 u"1 label-not-in-options, 2 missing-field, 3 missing-field, 4 wrong-type, 5 wrong-type, 6 "
                 u"label-not-in-options, 7 wrong-type, "
                 "8 empty-question [target] [input] [target] [target] [choices] [target] [input] [input]"_s);
        QVERIFY(refused("a,b\n1,2\n", u"csv"_s, u"inspect-csv"_s).contains(u"“input”"_s));
        QCOMPARE(refused("input,target\nYou?,Yes\nYou?\n", u"csv"_s, u"inspect-csv"_s), u"3 column-count []"_s);
        QCOMPARE(refused("input,target\nYou?,Perhaps\n", u"csv"_s, u"inspect-csv"_s),
                 u"2 label-not-in-options [target]"_s);
    }

    void classesAreRead()
    {
        QCOMPARE(*textsOfLiteral(u"[\" Yes\", ' No']"_s), (QStringList{u" Yes"_s, u" No"_s}));
        QCOMPARE(*textsOfLiteral(u" ['it\\'s', \"\\x41\\u00e9\\U0001f600\\ud83d\\ude00\\n\",] "_s),
                 (QStringList{u"it's"_s, u"Aé😀😀\n"_s}));
        QCOMPARE(*textsOfLiteral(u"[]"_s), QStringList());
        for (const QString &bad :
             {u"['a'"_s, u"['a' 'b']"_s, u"[a, b]"_s, u"['a', 1]"_s, u"['a'] + ['b']"_s, u"[,'a']"_s, u"['a\\q']"_s,
              u"['\\u12']"_s, u"__import__('os')"_s, u"('a', 'b')"_s, QString()})
            QVERIFY2(!textsOfLiteral(bad), qPrintable(bad));
    }

    void theOrderOfClassesStays()
    {
        const QByteArray table = "prompt,classes,answer_index,part\n"
                                 "\"You, are:\",\"[' Yes', ' No']\",1,p\n"
                                 "Choose:,\"[\"\" b\"\", \"\" a\"\", \"\" c\"\"]\",0,\n";
        const auto p = m_files.project();
        const auto in = import(*p, m_files.written(table, u"csv"_s), u"in"_s);
        QVERIFY2(in && in->bad == 0, in ? qPrintable(reasonsOf(*in)) : qPrintable(in.error().text()));
        QCOMPARE(in->format, u"inverse-scaling"_s);
        QCOMPARE(itemsIn(*p, u"in"_s)[0].matchingLabel, u" No"_s);
        QCOMPARE(itemsIn(*p, u"in"_s)[1].matchingLabel, u" b"_s); // A letter, though no option of the prompt has it.
        QCOMPARE(itemsIn(*p, u"in"_s)[1].otherLabels, (QStringList{u" a"_s, u" c"_s}));
        const QString file = m_files.path(u"csv"_s);
        ExportOptions raw;
        raw.csvSafe = false;
        QVERIFY(exportDataset(*p, u"in"_s, u"inverse-scaling"_s, file, raw));
        QCOMPARE(contentsOf(file), QByteArray(table).replace("[' Yes', ' No']", "[\"\" Yes\"\", \"\" No\"\"]"));
        QCOMPARE(
            refused("prompt,classes,answer_index\nx,[' a'],0\nx,\"[' a', ' b']\",2\nx,\"[' a', ' b']\",b\nx,\"[' a', ' "
                    "a']\",0\n,\"[' a', ' b']\",0\n",
                    u"csv"_s, u"auto"_s),
            u"2 wrong-type, 3 label-not-in-options, 4 wrong-type, 5 labels-equal, 6 missing-field [classes] [answer_index] [answer_index] [classes] [prompt]"_s);
    }

    void inverseScalingOfOtherSets()
    {
        const auto p = m_files.project();
        for (const auto &[name, rows] : {std::pair(u"persona"_s, persona), std::pair(u"choices"_s, choices)}) {
            QVERIFY(import(*p, m_files.written(rows), name));
            const QString file = m_files.path(u"csv"_s);
            QVERIFY(exportDataset(*p, name, u"inverse-scaling"_s, file, false));
            const auto back = import(*p, file, name + u"2"_s);
            QVERIFY2(back && back->bad == 0, back ? qPrintable(reasonsOf(*back)) : qPrintable(back.error().text()));
            const QList<Candidate> a = itemsIn(*p, name), b = itemsIn(*p, name + u"2"_s);
            QCOMPARE(b.size(), a.size());
            for (qsizetype i = 0; i < a.size(); ++i) {
                QCOMPARE(b[i].question, a[i].question);
                QCOMPARE(b[i].matchingLabel, a[i].matchingLabel);
                QCOMPARE(b[i].otherLabels, a[i].otherLabels);
            }
        }
        QVERIFY(import(*p, m_files.written(sentences), u"s"_s));
        const auto none = exportDataset(*p, u"s"_s, u"inverse-scaling"_s, m_files.path(u"csv"_s), false);
        QCOMPARE(none.error().code, ErrorCode::Unsupported);
    }

    void aTaskIsTwoFiles()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p, m_files.written(choices + persona), u"on: #x/.."_s));
        const QString folder = m_files.path(u"folder"_s);
        QVERIFY(QDir().mkdir(folder));
        const auto report = exportLmEvalTask(*p, u"on: #x/.."_s, folder, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->task, u"ew_on_x"_s);
        QCOMPARE(QDir(folder).entryList(QDir::Files, QDir::Name), (QStringList{u"on-x.jsonl"_s, u"on-x.yaml"_s}));
        const QByteArray yaml = contentsOf(report->path);
        QVERIFY2(yaml.startsWith("# \"on: #x/..\", a model-written") && yaml.contains("evalwright canary GUID") &&
                     yaml.contains("test: \"on-x.jsonl\"\n") &&
                     yaml.contains("doc_to_text: \"\\n\\nHuman: {{question}}\\n\\nAssistant:\"\n"),
                 yaml.constData());
        const QList<QByteArray> lines = contentsOf(report->data.path).trimmed().split('\n');
        const QList<Candidate> items = itemsIn(*p, u"on: #x/.."_s);
        QCOMPARE(lines.size(), items.size());
        bool notFirst = false;
        for (qsizetype i = 0; i < items.size(); ++i) {
            const json row = json::parse(lines[i].toStdString());
            const int place = row.at("matching_index").get<int>();
            QCOMPARE(row.at("options").at(static_cast<size_t>(place)).get<std::string>(),
                     items[i].matchingLabel.toStdString());
            QVERIFY(row.at("answer_not_matching_behavior").is_array()); // One type per column.
            notFirst = notFirst || place > 0;
        }
        QVERIFY(notFirst);
        QCOMPARE(exportLmEvalTask(*p, u"on: #x/.."_s, folder, {}).error().code, ErrorCode::AlreadyExists);
        ExportOptions forced;
        forced.overwrite = true;
        QVERIFY(exportLmEvalTask(*p, u"on: #x/.."_s, folder, forced));
        QCOMPARE(contentsOf(report->path), yaml);
        QCOMPARE(exportLmEvalTask(*p, u"on: #x/.."_s, p->path(), forced).error().code, ErrorCode::InvalidInput);
        QCOMPARE(exportLmEvalTask(*p, u"on: #x/.."_s, folder + u"/x.jsonl"_s, {}).error().code,
                 ErrorCode::InvalidInput);
    }

    void longAndManyTexts()
    {
        const auto p = m_files.project();
        const QByteArray row =
            "{\"question\": \"" + QByteArray(1 << 20, 'x') +
            "\", \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n";
        QVERIFY(import(*p, m_files.written(row), u"in"_s));
        for (const QString &format : {u"inspect-jsonl"_s, u"inspect-csv"_s, u"inverse-scaling"_s}) {
            const QString file = m_files.path(u"x"_s);
            QVERIFY(exportDataset(*p, u"in"_s, format, file, false));
            const auto back = import(*p, file, format, format);
            QVERIFY2(back && back->imported == 1,
                     back ? qPrintable(reasonsOf(*back)) : qPrintable(back.error().text()));
            QCOMPARE(itemsIn(*p, format)[0].question.size(), 1 << 20);
        }
    }
};

QTEST_GUILESS_MAIN(TestItemFormats)
#include "tst_itemformats.moc"
