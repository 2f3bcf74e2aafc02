// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// YAML that every reader takes for what was written.
#include "core/yaml.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::ordered_json;

class TestYaml : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void textsStayTexts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("written");
        QTest::newRow("switch") << u"on"_s << u"\"on\""_s;
        QTest::newRow("mapping and comment") << u"a: b # c"_s << u"\"a: b # c\""_s;
        QTest::newRow("quotes") << u"say \"no\" \\ 'x'"_s << u"\"say \\\"no\\\" \\\\ 'x'\""_s;
        QTest::newRow("lines") << u"a\n---\r\n\tb"_s << u"\"a\\n---\\u000d\\n\\tb\""_s;
        QTest::newRow("line ends of Unicode") << u"a\u0085b\u2028c\u2029"_s << u"\"a\\u0085b\\u2028c\\u2029\""_s;
        QTest::newRow("direction and unseen")
            << u"\u202ea\u2066\u200b\ufeff\u00ad"_s << u"\"\\u202ea\\u2066\\u200b\\ufeff\\u00ad\""_s;
        QTest::newRow("control") << QString(QChar(0)) + QChar(7) + QChar(0x7f) << u"\"\\u0000\\u0007\\u007f\""_s;
        QTest::newRow("emoji") << u"😀é"_s << u"\"😀é\""_s;
        QTest::newRow("no characters") << u"\U0001fffe\U000e0041"_s << u"\"\\U0001fffe\\U000e0041\""_s;
        QTest::newRow("empty") << QString() << u"\"\""_s;
    }
    void textsStayTexts()
    {
        QFETCH(QString, text);
        QFETCH(QString, written);
        QCOMPARE(yamlText(text), written);
    }

    void aLoneSurrogateIsReplaced()
    {
        const QString written = yamlText(QString(QChar(0xd800)) + u'x');
        QVERIFY2(!written.contains(QChar(0xd800)) && written.endsWith(u"x\""_s), qPrintable(written));
    }

    void blocksAreNested()
    {
        ordered_json document;
        document["task"] = "a";
        document["on"] = true;
        document["a b"] = nullptr;
        document["list"] = {1, 1.0, "x"};
        document["objects"].push_back({{"k", "v"}, {"inner", {{"deep", {"y"}}}}});
        document["none"] = ordered_json::array();
        document["nothing"] = ordered_json::object();
        document["lists"] = {{1, 2}};
        QCOMPARE(toYaml(document), QByteArray("task: \"a\"\n"
                                              "\"on\": true\n"
                                              "\"a b\": null\n"
                                              "list:\n  - 1\n  - 1.0\n  - \"x\"\n"
                                              "objects:\n  - k: \"v\"\n    inner:\n      deep:\n        - \"y\"\n"
                                              "none: []\n"
                                              "nothing: {}\n"
                                              "lists:\n  -\n    - 1\n    - 2\n"));
        QCOMPARE(toYaml(ordered_json("x: y")), QByteArray("\"x: y\"\n"));
    }
};

QTEST_GUILESS_MAIN(TestYaml)
#include "tst_yaml.moc"
