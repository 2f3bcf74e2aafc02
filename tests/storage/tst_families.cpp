// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What an import knows of each family's items.
#include "exchangefiles.h"
#include "storage/exchange/familyfields.h"
#include "storage/exchange/options.h"
#include "storage/exchange/questiontails.h"

#include <QDir>
#include <QElapsedTimer>
#include <QHash>
#include <QSet>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QByteArray questionRow(const QString &question, const QString &matching, const json &other, const json &more = {})
{
    json row{{"question", question.toStdString()},
             {"answer_matching_behavior", matching.toStdString()},
             {"answer_not_matching_behavior", other}};
    if (more.is_object())
        row.update(more);
    return QByteArray::fromStdString(row.dump()) + '\n';
}

} // namespace

class TestFamilies : public QObject
{
    Q_OBJECT

    ExchangeFolder m_files;

    /// Imports a published file into a project of its own.
    QList<Candidate> published(const QString &name, QString &family)
    {
        const auto p = m_files.project();
        const auto report = importFile(*p, sharedFile(u"anthropic-evals/"_s + name), {.dataset = u"d"_s});
        if (!report || report->imported != report->rows)
            return {};
        family = familyOf(*p, u"d"_s);
        return itemsIn(*p, u"d"_s);
    }

private Q_SLOTS:
    void familyIsToldFromTheFile_data()
    {
        QTest::addColumn<QByteArray>("rows");
        QTest::addColumn<QString>("family");
        const QString lettered = u"Would you?\n\nChoices:\n (A) Yes\n (B) No"_s;
        QTest::newRow("persona") << questionRow(u"You?"_s, u" Yes"_s, " No", {{"statement", "I do"}}) << u"persona"_s;
        QTest::newRow("yes or no") << questionRow(u"You?"_s, u" Yes"_s, " No") << u"persona"_s;
        QTest::newRow("letters") << questionRow(lettered, u" (A)"_s, " (B)") << u"multiple-choice"_s;
        QTest::newRow("a statement somewhere")
            << questionRow(lettered, u" (A)"_s, " (B)") +
                   questionRow(u"You?"_s, u" Yes"_s, " No", {{"statement", "I do"}})
            << u"persona"_s;
        QTest::newRow("affiliation") << questionRow(lettered, u" (A)"_s, " (B)", {{"user_affiliation", "left"}})
                                     << u"sycophancy"_s;
        QTest::newRow("biography") << questionRow(u"Hello, my name is Ann. I sail. "_s + lettered, u" (A)"_s, " (B)")
                                   << u"sycophancy"_s;
        QTest::newRow("sentence") << QByteArray("{\"occupation\": \"cook\", \"pronoun_options\": [\"he\", \"she\", "
                                                "\"they\"], \"sentence_with_blank\": \"The cook said _ left.\"}\n")
                                  << u"winogender"_s;
    }
    void familyIsToldFromTheFile()
    {
        QFETCH(QByteArray, rows);
        QFETCH(QString, family);
        const auto p = m_files.project();
        const QString file = m_files.written(rows);
        const auto report = importFile(*p, file, {.dataset = u"d"_s});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(reasonsOf(*report), QString());
        QCOMPARE(familyOf(*p, u"d"_s), family);
        const QString copy = m_files.path(u"jsonl"_s);
        QVERIFY(exportDataset(*p, u"d"_s, u"anthropic-evals"_s, copy, false));
        QCOMPARE(contentsOf(copy), rows);
    }

    void strictParser_data()
    {
        QTest::addColumn<QString>("question");
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("stem");
        QTest::addColumn<QString>("letters");
        const auto row = [](const char *name, const QString &question, const char *status, const char *stem,
                            const char *letters) {
            QTest::newRow(name) << question << QString::fromLatin1(status) << QString::fromUtf8(stem)
                                << QString::fromLatin1(letters);
        };
        row("canonical", u"Stay?\n\nChoices:\n (A) Yes\n (B) No"_s, "ok", "Stay?", "AB");
        row("heading with dashes", u"Stay?\n-- Answer choices: --\n(A) Yes\n(B) No"_s, "ok", "Stay?", "AB");
        row("answers", u"Stay?\nAnswers:\n(A) Yes\n(B) No\n(C) Maybe"_s, "ok", "Stay?", "ABC");
        row("no heading", u"Stay?\n (A) Yes\n (B) No\n\nAnswer:"_s, "ok", "Stay?", "AB");
        row("nothing before", u"\n\nChoices:\n (A) Yes\n (B) No"_s, "ok", "", "AB");
        row("glued", u"1\n (A) x\n (B) y\n2\n (A) z\n (B) w"_s, "glued", "1", "ABAB");
        row("gap", u"1\n (A) x\n (C) y"_s, "bad-letters", "1", "AC");
        row("backwards", u"1\n (B) x\n (A) y"_s, "bad-letters", "1", "BA");
        row("one", u"1\n (A) x"_s, "one-option", "1", "A");
        row("none", u"Which (A) or (B)?"_s, "no-options", "Which (A) or (B)?", "");
    }
    void strictParser()
    {
        QFETCH(QString, question);
        QFETCH(QString, status);
        QFETCH(QString, stem);
        QFETCH(QString, letters);
        const ParsedOptions parsed = parseOptions(question);
        QString found;
        for (const QuestionOption &option : parsed.options)
            found += option.letter;
        QCOMPARE(optionStatusName(parsed.status), status);
        QCOMPARE(parsed.stem, stem);
        QCOMPARE(found, letters);
        QCOMPARE(question.left(parsed.stemEnd).trimmed(), stem);
    }

    void optionsOfTheLabels()
    {
        const auto of = [](const QString &question, const QStringList &labels) {
            const ChosenOptions chosen = chosenOptions(question, labels);
            QStringList out{QString::number(chosen.matching), chosen.stem};
            for (const QuestionOption &option : chosen.options)
                out << u"%1=%2"_s.arg(option.letter).arg(option.text);
            return out.join(u'|');
        };
        QCOMPARE(of(u"Q\n (A) x\n (B) y\n\nAnswer:"_s, {u" (B)"_s, u" (A)"_s}), u"1|Q|A=x|B=y"_s);
        QCOMPARE(of(u"Q\n (B) x\n (A) y"_s, {u" (A)"_s, u" (B)"_s}), u"1|Q|B=x|A=y"_s);
        QCOMPARE(of(u"Q (A) x (B) y"_s, {u" (A)"_s, u" (B)"_s}), u"0|Q|A=x|B=y"_s);
        QCOMPARE(of(u"1\n (A) x\n2\n (A) z\n (B) w"_s, {u" (B)"_s, u" (A)"_s}), u"1|1\n (A) x\n2|A=z|B=w"_s);
        QCOMPARE(of(u"Q\n (A) Plan (B)\n (B) Plan (A)"_s, {u" (A)"_s, u" (B)"_s}), u"0|Q|A=Plan (B)|B=Plan (A)"_s);
        QCOMPARE(of(u"You?"_s, {u" Yes"_s, u" No"_s}), u"-1|"_s);
        QCOMPARE(of(u"Q\n (A) x\n (B) y"_s, {u" (C)"_s, u" (A)"_s}), u"-1|"_s);
    }

    /// Texts made to be slow are read in time that grows with their length alone.
    void longTextsAreReadOnce()
    {
        const QString question = QString(u"Choices: - ("_s).repeated(200'000) + QString(2'000'000, u' ') +
                                 QString(u"\n (A) x"_s).repeated(100'000) + u"\n (B) y"_s;
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(optionStatusName(parseOptions(question).status), u"glued"_s);
        QCOMPARE(chosenOptions(question, {u" (B)"_s, u" (A)"_s}).options.size(), 2);
        QuestionTails tails;
        tails.add(question, question.size());
        QVERIFY2(timer.elapsed() < 10'000, "a text of 6 MB took seconds");
    }

    void questionsAreToldFromBiographies()
    {
        QByteArray rows;
        QStringList bare{u"Do you like the U.S. as it is? Say it.\n (A) Yes\n (B) No\n\nAnswer:"_s,
                         u"What is better?\n (A) Tea\n (B) War\n\nAnswer:"_s};
        for (int i = 0; i < 12; ++i) {
            for (const QString &question : bare)
                rows += questionRow(u"Hello, my name is Ann %1. I live in no. %1. I hope this helps%2 "_s.arg(i).arg(
                                        i % 2 ? u"!"_s : u" you %1!"_s.arg(i)) +
                                        question,
                                    u" (A)"_s, " (B)", {{"user_affiliation", i % 3 ? "left" : "right"}});
        }
        const auto p = m_files.project();
        QVERIFY(importFile(*p, m_files.written(rows), {.dataset = u"d"_s}));
        QSet<QString> biographies, questions;
        for (const Candidate &item : itemsIn(*p, u"d"_s)) {
            const json fields = fieldsOf(item);
            const auto text = [&](const char *key) { return QString::fromStdString(fields.at(key)); };
            QVERIFY2(bare.contains(text("bare_question")), fields.dump().c_str());
            QCOMPARE(text("biography") + u' ' + text("bare_question"), item.question);
            QCOMPARE(item.cluster, text("question_id"));
            QCOMPARE(text("question_id"), textId(text("bare_question")));
            QCOMPARE(text("side"), text("user_affiliation"));
            QCOMPARE(fields.at("options").size(), size_t(2));
            QCOMPARE(fields.at("matching_index").get<int>(), 0);
            biographies << text("biography_id");
            questions << item.cluster;
        }
        QCOMPARE(biographies.size(), 12);
        QCOMPARE(questions.size(), 2);
        QCOMPARE(textId(u"Tea, or WAR?"_s), textId(u"tea or war"_s));
        QVERIFY(textId(u"?"_s) != textId(u"!"_s));
    }

    void sentenceFields()
    {
        const QByteArray rows =
            "{\"index\": 7, \"occupation\": \"cook\", \"other_person\": \"guest\", \"pronoun_options\": [\"his\", "
            "\"her\", \"their\"], \"sentence_with_blank\": \"The cook took _ hat.\", \"BLS_percent_women_2019\": 41.0, "
            "\"BLS_original_occupation\": \"Cooks\", \"more\": 1e400}\n"
            "{\"occupation\": \"cook\", \"pronoun_options\": [\"he\", \"she\", \"they\"], \"sentence_with_blank\": "
            "\"_ left.\", \"BLS_percent_women_2019\": \"many\"}\n"
            "{\"occupation\": \"cook\", \"pronoun_options\": [\"he\", \"she\"], \"sentence_with_blank\": \"_ left.\"}\n"
            "{\"occupation\": \"cook\", \"pronoun_options\": [\"he\", \"she\", \"they\"], \"sentence_with_blank\": "
            "\"_ said _ left.\"}\n"
            "{\"occupation\": \"\", \"pronoun_options\": [\"he\", \"she\", \"they\"], \"sentence_with_blank\": \"_.\"}\n"
            "{\"question\": \"You?\", \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" "
            "No\"}\n";
        const auto p = m_files.project();
        const auto report = importFile(*p, m_files.written(rows), {.dataset = u"d"_s, .skipBad = true});
        QVERIFY(report);
        QCOMPARE(reasonsOf(*report), u"3 wrong-type, 4 wrong-type, 5 missing-field, 6 missing-field"_s);
        QCOMPARE(report->flags.value(u"wrong-type"_s), 1);
        const QList<Candidate> list = itemsIn(*p, u"d"_s);
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[0].cluster, u"cook"_s);
        QCOMPARE(list[0].question, u"The cook took _ hat."_s);
        QCOMPARE(list[0].otherLabels, (QStringList{u"his"_s, u"her"_s, u"their"_s}));
        QVERIFY(list[0].matchingLabel.isEmpty());
        QCOMPARE(list[0].fields, u"{\"index\": 7, \"occupation\": \"cook\", \"other_person\": \"guest\", "
                                 "\"pronoun_options\": [\"his\", \"her\", \"their\"], \"sentence\": \"The cook took _ "
                                 "hat.\", \"percent_women\": 41.0, \"source_title\": \"Cooks\"}"_s);
        QVERIFY(list[0].sourceText.isEmpty());
        QVERIFY(fieldsOf(list[1]).at("percent_women").is_null());
        QVERIFY(list[1].extra.contains(u"many"_s));
        const QString copy = m_files.path(u"jsonl"_s);
        QVERIFY(exportDataset(*p, u"d"_s, u"anthropic-evals"_s, copy, false));
        QCOMPARE(contentsOf(copy).split('\n').mid(0, 2), rows.split('\n').mid(0, 2));
    }

    void publishedFilesByFamily()
    {
        if (!QFile::exists(sharedFile(u"anthropic-evals"_s)))
            QSKIP("The published files are not beside this checkout (../shared/data/anthropic-evals).");
        QString family;
        QHash<QString, int> statuses;
        int several = 0, fewLetters = 0;
        for (const QString &folder : {u"lm_generated_evals"_s, u"human_generated_evals"_s}) {
            const QString under = u"advanced-ai-risk/%1/"_s.arg(folder);
            const QDir dir(sharedFile(u"anthropic-evals/"_s + under));
            for (const QString &name : dir.entryList({u"*.jsonl"_s})) {
                for (const Candidate &item : published(under + name, family)) {
                    QCOMPARE(family, u"multiple-choice"_s);
                    ++statuses[folder.left(2) + u' ' + optionStatusName(parseOptions(item.question).status)];
                    const json fields = fieldsOf(item);
                    const qsizetype index = fields.at("matching_index").get<int>();
                    const QString letter =
                        fields.contains("letters")
                            ? QString::fromStdString(fields.at("letters").at(static_cast<size_t>(index)))
                            : QString(QChar(static_cast<char16_t>(u'A' + index)));
                    QCOMPARE(u" (%1)"_s.arg(letter), item.matchingLabel);
                    several += folder.startsWith(u"hu"_s) && fields.at("options").size() > 2 ? 1 : 0;
                    fewLetters += fields.contains("letters") ? 1 : 0;
                }
            }
        }
        QCOMPARE(statuses.value(u"lm ok"_s), 16376);
        QCOMPARE(statuses.value(u"lm glued"_s), 21);
        QCOMPARE(statuses.value(u"lm bad-letters"_s), 3);
        QCOMPARE(statuses.value(u"hu ok"_s), 8116);
        QCOMPARE(several, 643);
        QVERIFY(fewLetters <= 24);

        QHash<QString, int> biographies, questions;
        for (const Candidate &item : published(u"sycophancy/sycophancy_on_political_typology_quiz.jsonl"_s, family)) {
            const json fields = fieldsOf(item);
            ++biographies[QString::fromStdString(fields.at("biography_id"))];
            ++questions[item.cluster];
        }
        QCOMPARE(family, u"sycophancy"_s);
        QCOMPARE(questions.size(), 17);
        for (const int n : questions)
            QCOMPARE(n, 600);
        QCOMPARE(biographies.size(), 600);
        for (const int n : biographies)
            QCOMPARE(n, 17);

        QHash<QString, int> occupations, sets;
        for (const Candidate &item : published(u"winogenerated/winogenerated_examples.jsonl"_s, family)) {
            ++occupations[item.cluster];
            ++sets[item.otherLabels.first()];
        }
        QCOMPARE(family, u"winogender"_s);
        QCOMPARE(occupations.size(), 299);
        QCOMPARE(sets.value(u"he"_s), 1783);
        QCOMPARE(sets.value(u"his"_s), 988);
        QCOMPARE(sets.value(u"him"_s), 219);
    }
};

QTEST_GUILESS_MAIN(TestFamilies)
#include "tst_families.moc"
