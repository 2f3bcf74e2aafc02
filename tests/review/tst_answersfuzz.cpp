// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What comes back from raters and from other tools, changed on its way: bundles and answers with whole seals around other
// contents, exports of Label Studio and Argilla. A fixed number of cases by a fixed seed. Each is read or refused in words,
// and the project stays sound.
#include "../support/fuzzing.h"
#include "elsewhere.h"
#include "review/sealedzip.h"
#include "storage/projectcheck.h"

using namespace evalwright;
using namespace evalwright::review;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// JSON, or lines of it, or any bytes.
QByteArray changed(const QByteArray &bytes, std::mt19937 &random)
{
    if (random() % 4 == 0)
        return mutated(bytes, random);
    QList<QByteArray> lines = bytes.split('\n');
    const qsizetype at = below(random, lines.size());
    const auto one = [&](const QByteArray &text) {
        const json document = json::parse(text.begin(), text.end(), nullptr, false);
        return document.is_discarded() ? mutated(text, random)
                                       : QByteArray::fromStdString(mutated(document, random).dump(-1, ' ', false, json::error_handler_t::replace));
    };
    if (json::accept(bytes.begin(), bytes.end()))
        return one(bytes);
    lines[at] = one(lines[at]);
    return lines.join('\n');
}

/// The file with one of its parts changed and sealed again, as somebody who wants to do harm can.
QByteArray resealed(const QString &path, std::mt19937 &random, const QByteArray &key = {})
{
    std::vector<ZipPart> parts = partsOf(path);
    json manifest;
    std::vector<ZipPart> members;
    const qsizetype at = below(random, static_cast<qsizetype>(parts.size()) - 1); // The seal comes last.
    for (qsizetype i = 0; i < static_cast<qsizetype>(parts.size()); ++i) {
        ZipPart &part = parts[static_cast<std::size_t>(i)];
        if (i == at)
            part.bytes = changed(part.bytes, random);
        if (part.name == "manifest.json"_L1)
            manifest = json::parse(part.bytes.begin(), part.bytes.end(), nullptr, false);
        else if (part.name != "seal.json"_L1)
            members.push_back(part);
    }
    if (!manifest.is_object())
        manifest = json::object();
    manifest.erase("files");
    return must(sealedZipBytes(manifest, members, key)).bytes;
}

QString complaintsOf(Observed &store)
{
    const ProjectCheck check = must(store.ask([](Connection &c) { return checkProject(c); }));
    QStringList all;
    for (const ProjectProblem &problem : check.problems)
        all << problem.text;
    return all.join(u'\n');
}

} // namespace

class TestAnswersFuzz : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bundles()
    {
        Bundled s(8, 2);
        const QString before = complaintsOf(s.store);
        const QString bundle = s.bundle();
        auto sitting = Bundled::open(bundle, u"r1"_s, 1);
        Bundled::answer(*sitting, 0, 5);
        const QString answers = saved(*sitting, s.path(u"a.ewanswers"_s));
        sitting.reset();
        std::mt19937 random = fuzzRandom();
        const QString file = s.path(u"changed"_s);
        int read = 0, merged = 0;
        for (int i = 0; i < fuzzCases(120); ++i) {
            writeBytes(file, i % 5 == 0 ? mutated(bytesOf(bundle), random) : resealed(bundle, random, QByteArray(32, 'k')));
            const auto given = readBundle(file);
            QVERIFY(given || !given.error().text().isEmpty());
            if (given) {
                ++read;
                for (const auto &list : given->lists) {
                    for (const qint32 place : list)
                        QVERIFY(place >= 0 && place < given->items.size());
                }
            }
            writeBytes(file, i % 5 == 0 ? mutated(bytesOf(answers), random) : resealed(answers, random));
            const auto back = readAnswers(file);
            QVERIFY(back || !back.error().text().isEmpty());
            const auto report = merge(s.store, file, {.foreign = i % 2 == 0});
            QVERIFY(report || !report.error().text().isEmpty());
            if (report) {
                ++merged;
                QVERIFY(report->toJson().is_object());
            }
        }
        QVERIFY2(read > 5 && merged > 5, (QByteArray::number(read) + ' ' + QByteArray::number(merged)).constData());
        QCOMPARE(complaintsOf(s.store), before);
    }

    void tools_data()
    {
        QTest::addColumn<Tool>("tool");
        QTest::newRow("Label Studio") << Tool::LabelStudio;
        QTest::newRow("Argilla") << Tool::Argilla;
    }
    void tools()
    {
        QFETCH(const Tool, tool);
        Elsewhere s(8, 2);
        const QString before = complaintsOf(s.store);
        const json tasks = s.tasks(tool, u"tasks.json"_s);
        const json full = tool == Tool::LabelStudio ? labelStudioExport(tasks, {1, 2}) : argillaExport(tasks, {1, 2});
        QList<QByteArray> forms{QByteArray::fromStdString(full.dump())};
        if (tool == Tool::LabelStudio) {
            const json minimal = minimalOf(full);
            forms << QByteArray::fromStdString(minimal.dump(1)) << tableOf(minimal, ',') << tableOf(minimal, '\t');
        } else {
            QByteArray lines;
            for (const json &row : full)
                lines += QByteArray::fromStdString(row.dump()) + '\n';
            forms << lines;
        }
        std::mt19937 random = fuzzRandom();
        const QString file = s.path(u"export"_s);
        int merged = 0;
        for (int i = 0; i < fuzzCases(150); ++i) {
            writeBytes(file, changed(forms[i % forms.size()], random));
            (void)answersToolOf(file);
            const auto answers = readToolAnswers(file);
            QVERIFY(answers || !answers.error().text().isEmpty());
            if (answers) {
                for (const ToolProblem &problem : answers->problems)
                    QVERIFY(!problem.reason.isEmpty() && !problem.message.isEmpty() && problem.toJson().is_object());
            }
            const auto report = mergeTool(s.store, file, i % 3 != 0, i % 2 == 0);
            QVERIFY(report || !report.error().text().isEmpty());
            if (report) {
                QVERIFY(report->toJson().is_object());
                merged += report->refused ? 0 : 1;
            }
        }
        QVERIFY2(merged > 5, QByteArray::number(merged).constData());
        QCOMPARE(complaintsOf(s.store), before);
    }

    void questionnaires()
    {
        std::mt19937 random = fuzzRandom();
        const QByteArray text = QByteArray::fromStdString(everyKind().toJson().dump(1));
        int read = 0;
        for (int i = 0; i < fuzzCases(1500); ++i) {
            const auto made = Questionnaire::fromText(changed(text, random));
            QVERIFY(made || !made.error().text().isEmpty());
            if (!made)
                continue;
            ++read;
            const json written = made->toJson();
            const auto again = Questionnaire::fromText(QByteArray::fromStdString(written.dump()));
            QVERIFY2(again, again ? "" : qPrintable(again.error().text()));
            QVERIFY2(again->toJson() == written, written.dump().c_str());
        }
        QVERIFY2(read > 5, QByteArray::number(read).constData());
    }
};

QTEST_GUILESS_MAIN(TestAnswersFuzz)
#include "tst_answersfuzz.moc"
