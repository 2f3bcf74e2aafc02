// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Questionnaires as data: what is read, what is refused, which answers are taken.
#include "core/questionnaire.h"

#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

json sample()
{
    return json::parse(R"({"format":"evalwright-questionnaire/1","name":"mine","title":"All kinds","questions":[
        {"id":"answer","kind":"options","text":{"en":"Which?","de":"Welche?","zh_CN":"哪个？"}},
        {"id":"clear","kind":"choice","text":"Clear?","choices":[{"key":"yes","text":"Yes"},{"key":"no","text":"No"}]},
        {"id":"why","kind":"multi-choice","text":"Why not?","required":false,
         "choices":[{"key":"words","text":"Words"},{"key":"facts","text":"Facts"},{"key":"other","text":"Other"}],
         "shown_if":{"question":"clear","values":["no"]}},
        {"id":"what","kind":"text","text":"What?","required":true,"shown_if":{"question":"why","values":["other"]}},
        {"id":"good","kind":"scale","text":"Good?","low":1,"high":5,"low_text":"Horrible","high_text":"Amazing"},
        {"id":"odd","kind":"flag","text":"Odd?"}]})");
}

Questionnaire read()
{
    const auto made = Questionnaire::fromJson(sample());
    return made ? *made : Questionnaire();
}

} // namespace

class TestQuestionnaire : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isWrittenAsItWasRead()
    {
        const auto made = Questionnaire::fromJson(sample());
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
        QCOMPARE(made->questions.size(), 6);
        QVERIFY(*Questionnaire::fromJson(made->toJson()) == *made);
        QCOMPARE(made->labelQuestion()->id, u"answer"_s);
        const LocalText &text = made->questions.first().text;
        QCOMPARE(text.forLanguage(u"de_AT"_s), u"Welche?"_s);
        QCOMPARE(text.forLanguage(u"zh_CN"_s), u"哪个？"_s);
        QCOMPARE(text.forLanguage(u"fr"_s), u"Which?"_s);
    }

    void whatIsRefused_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *name, const char *pointer, const char *value) {
            QTest::newRow(name) << QString::fromLatin1(pointer) << QString::fromUtf8(value);
        };
        row("another format", "/format", "\"evalwright-questionnaire/2\"");
        row("name of a path", "/name", "\"../x\"");
        row("no questions", "/questions", "[]");
        row("unknown member", "/questions/0/requird", "true");
        row("unknown kind", "/questions/0/kind", "\"slider\"");
        row("id twice", "/questions/1/id", "\"answer\"");
        row("id with blanks", "/questions/1/id", "\"an answer\"");
        row("no text", "/questions/0/text", "\"  \"");
        row("only in German", "/questions/0/text", "{\"de\":\"Welche?\"}");
        row("no language", "/questions/0/text", "{\"en\":\"a\",\"../de\":\"b\"}");
        row("one choice", "/questions/1/choices", "[{\"key\":\"a\",\"text\":\"A\"}]");
        row("key twice", "/questions/1/choices/1/key", "\"yes\"");
        row("long scale", "/questions/4/high", "12");
        row("turned scale", "/questions/4/high", "0");
        row("required flag", "/questions/5/required", "true");
        row("shown by a later one", "/questions/2/shown_if/question", "\"good\"");
        row("shown by what is no answer", "/questions/2/shown_if/values", "[\"perhaps\"]");
        row("two questions for options", "/questions/1", "{\"id\":\"b\",\"kind\":\"options\",\"text\":\"x\"}");
    }
    void whatIsRefused()
    {
        QFETCH(const QString, pointer);
        QFETCH(const QString, value);
        json document = sample();
        document[json::json_pointer(pointer.toStdString())] = json::parse(value.toStdString());
        const auto made = Questionnaire::fromJson(document);
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::InvalidInput);
    }

    void foreignTexts()
    {
        QVERIFY(!Questionnaire::fromText("{"));
        QVERIFY(!Questionnaire::fromText(QByteArray(200, '[')));
        json long_ = sample();
        long_["questions"][0]["text"] = std::string(20000, 'x');
        QVERIFY(!Questionnaire::fromJson(long_));
    }

    void answers_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("kept"); ///< Empty: refused.
        const auto row = [](const char *name, const char *given, const char *kept) {
            QTest::newRow(name) << QString::fromLatin1(given) << QString::fromLatin1(kept);
        };
        row("the shortest", R"({"answer":"A","clear":"yes","good":3})", R"({"answer":"A","clear":"yes","good":3,"odd":false})");
        row("hidden ones are dropped", R"({"answer":"A","clear":"yes","why":["facts"],"good":3,"odd":true})",
            R"({"answer":"A","clear":"yes","good":3,"odd":true})");
        row("shown by shown", R"({"answer":"A","clear":"no","why":["other"],"what":"x","good":3})",
            R"({"answer":"A","clear":"no","good":3,"odd":false,"what":"x","why":["other"]})");
        row("hidden behind hidden", R"({"answer":"A","clear":"yes","why":["other"],"what":"x","good":3})",
            R"({"answer":"A","clear":"yes","good":3,"odd":false})");
        row("shown and missing", R"({"answer":"A","clear":"no","why":["other"],"good":3})", "");
        row("missing", R"({"answer":"A","clear":"yes"})", "");
        row("no such option", R"({"answer":"C","clear":"yes","good":3})", "");
        row("no such choice", R"({"answer":"A","clear":"maybe","good":3})", "");
        row("out of the scale", R"({"answer":"A","clear":"yes","good":6})", "");
        row("half a step", R"({"answer":"A","clear":"yes","good":2.5})", "");
        row("number as text", R"({"answer":"A","clear":"yes","good":"3"})", "");
        row("choices in another order", R"({"answer":"A","clear":"no","why":["facts","words"],"good":3})", "");
        row("a choice twice", R"({"answer":"A","clear":"no","why":["facts","facts"],"good":3})", "");
        row("no list", R"({"answer":"A","clear":"no","why":"facts","good":3})", "");
        row("no such question", R"({"answer":"A","clear":"yes","good":3,"x":1})", "");
        row("flag as number", R"({"answer":"A","clear":"yes","good":3,"odd":1})", "");
        row("no object", R"(["A"])", "");
    }
    void answers()
    {
        QFETCH(const QString, given);
        QFETCH(const QString, kept);
        const auto checked = checkedAnswers(read(), json::parse(given.toStdString()), {u"A"_s, u"B"_s}, true);
        QCOMPARE(checked.has_value(), !kept.isEmpty());
        if (checked)
            QCOMPARE(QString::fromStdString(checked->dump()), kept);
    }

    void partOfTheAnswersIsTakenWhenNotComplete()
    {
        const auto checked = checkedAnswers(read(), {{"clear", "no"}}, {u"A"_s}, false);
        QVERIFY(checked);
        QCOMPARE(QString::fromStdString(checked->dump()), u"{\"clear\":\"no\"}"_s);
        const Questionnaire all = read();
        QVERIFY(isShown(all, *all.find(u"why"_s), *checked));
        QVERIFY(!isShown(all, *all.find(u"what"_s), *checked));
    }
};

QTEST_GUILESS_MAIN(TestQuestionnaire)
#include "tst_questionnaire.moc"
