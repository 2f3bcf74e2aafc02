// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a server can send to harm: nesting without end, its caller's key, probabilities that are none.
#include "core/foreignjson.h"
#include "lm/httperror.h"
#include "lm/probewire.h"
#include "lm/replymask.h"
#include "lm/request.h"

#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QByteArray nested(int depth)
{
    return QByteArray(depth, '[') + QByteArray(depth, ']');
}

/// A chat reply whose first token has these alternatives.
QByteArray withTop(const std::string &own, const std::string &top)
{
    return QByteArray::fromStdString(
        "{\"choices\":[{\"message\":{\"content\":\"Yes\"},\"logprobs\":{\"content\":[{\"token\":\"Yes\"" + own +
        ",\"top_logprobs\":[" + top + "]}]}}]}");
}

const QByteArray key = "sk/live+SECRET/12%34&abcdef";

} // namespace

class TestHostileReplies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nestingHasALimit()
    {
        QVERIFY(!parseForeignJson(nested(deepestForeignJson)).is_discarded());
        QVERIFY(parseForeignJson(nested(deepestForeignJson + 1)).is_discarded());
        QVERIFY(parseForeignJson("{\"a\":" + nested(deepestForeignJson) + "}").is_discarded());
        // Brackets in texts are no nesting, also behind an escaped quotation mark.
        QVERIFY(parseForeignJson("[\"" + QByteArray(1000, '[') + "\"]").is_array());
        QVERIFY(parseForeignJson("[\"\\\"" + QByteArray(1000, '{') + "\\\\\"]").is_array());
        QVERIFY(parseForeignJson("[" + QByteArray("[],").repeated(1000) + "1]").is_array());
        QVERIFY(parseForeignJson("{").is_discarded());
        QVERIFY(storedJson(u"nonsense"_s).is_null());
        QVERIFY(storedJson(QString::fromLatin1(nested(100'000))).is_null());
        QCOMPARE(storedJson(u"{\"a\":1}"_s).dump(), std::string("{\"a\":1}"));
    }

    void deepRepliesAreMalformed_data()
    {
        QTest::addColumn<QByteArray>("body");
        const QByteArray deep = nested(1'000'000);
        QTest::newRow("bare") << deep;
        QTest::newRow("error message") << "{\"error\":{\"message\":" + deep + "}}";
        QTest::newRow("error type") << "{\"error\":{\"message\":\"a\",\"type\":" + deep + "}}";
        QTest::newRow("detail") << "{\"detail\":" + deep + "}";
        QTest::newRow("content") << "{\"choices\":[{\"message\":{\"content\":" + deep + "}}]}";
        QTest::newRow("older log-probabilities")
            << "{\"choices\":[{\"text\":\"a\",\"logprobs\":{\"tokens\":[\"a\"],\"token_logprobs\":[" + deep +
                   "],\"top_logprobs\":[" + deep + "]}}]}";
    }
    void deepRepliesAreMalformed()
    {
        QFETCH(QByteArray, body);
        for (const QString &path : {u"chat/completions"_s, u"completions"_s}) {
            const auto reply = readReply(path, body);
            QVERIFY(!reply);
            QCOMPARE(reply.error().code, ErrorCode::BadResponse);
        }
        HttpResponse response;
        response.status = 400;
        response.body = body;
        const HttpFailure failed = classifyResponse(response, u"http://localhost"_s, {});
        QCOMPARE(failed.error.code, ErrorCode::BadRequest);
        QVERIFY(failed.error.message.size() < 1000);
        QVERIFY(!positionsOf(parseForeignJson(body)).present);
    }

    void theKeyIsFoundInEveryDress_data()
    {
        QTest::addColumn<QByteArray>("dressed");
        const auto each = [](auto &&dress) {
            QByteArray out;
            for (const char c : key)
                out += dress(c);
            return out;
        };
        const auto hex = [](char c, int digits, bool upper) {
            const QByteArray number = QByteArray::number(static_cast<unsigned char>(c), 16).rightJustified(digits, '0');
            return upper ? number.toUpper() : number;
        };
        QTest::newRow("plain") << key;
        QTest::newRow("slashes") << QByteArray(key).replace("/", "\\/");
        QTest::newRow("slashes twice") << QByteArray(key).replace("/", "\\\\\\/");
        for (const bool upper : {false, true}) {
            const char *name = upper ? "upper case" : "lower case";
            QTest::addRow("unicode, %s", name) << each([&](char c) { return "\\u" + hex(c, 4, upper); });
            QTest::addRow("unicode twice, %s", name) << each([&](char c) { return "\\\\u" + hex(c, 4, upper); });
            QTest::addRow("percent, %s", name) << each([&](char c) { return '%' + hex(c, 2, upper); });
            QTest::addRow("percent twice, %s", name) << each([&](char c) { return "%25" + hex(c, 2, upper); });
            QTest::addRow("entities, %s", name) << each([&](char c) { return "&#x" + hex(c, 2, upper) + ';'; });
        }
        QTest::newRow("decimal entities")
            << each([](char c) { return "&#" + QByteArray::number(static_cast<unsigned char>(c)) + ';'; });
        QTest::newRow("as in an address") << key.toPercentEncoding();
        QTest::newRow("mixed") << QByteArray(key).replace("s", "\\u0073").replace("/", "%2f").replace("S", "&#83;");
    }
    void theKeyIsFoundInEveryDress()
    {
        QFETCH(QByteArray, dressed);
        QCOMPARE(withoutKey(dressed, key), "[key]");
        QCOMPARE(withoutKey("{\"a\":\"x " + dressed + " y\",\"b\":\"\\n" + dressed + "\"}", key),
                 "{\"a\":\"x [key] y\",\"b\":\"\\n[key]\"}");
        QCOMPARE(withoutKey(dressed + dressed, key), "[key][key]");
    }
    void whatIsNotTheKeyStays()
    {
        for (const QByteArray &text :
             {QByteArray("sk/live+SECRET/12%34&abcde"), QByteArray("\\u0073k\\/live+secret/12%34&abcdef"),
              QByteArray("100 % \\ & \\u00 %2"), QByteArray(100'000, '\\'), QByteArray()})
            QCOMPARE(withoutKey(text, key), text);
        QCOMPARE(withoutKey("dummy", "dummy"), "dummy");
        QCOMPARE(withoutKey("a \\\\\\\\back b", "\\\\back\\key"), "a \\\\\\\\back b");
        QCOMPARE(withoutKey("a \\\\\\\\back\\\\key b", "\\\\back\\key"), "a [key] b");
    }

    void impossibleProbabilities_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *name, bool good, const std::string &own, const std::string &top) {
            QTest::newRow(name) << withTop(own, top) << good;
        };
        const std::string yes = "{\"token\":\"Yes\",\"logprob\":-0.1}", own = ",\"logprob\":-0.1";
        row("possible", true, own, yes + ",{\"token\":\"No\",\"logprob\":-2.5}");
        row("rounded", true, ",\"logprob\":1e-7", "{\"token\":\"Yes\",\"logprob\":1e-7}");
        row("own value missing but listed", true, "", yes);
        row("half characters", true, own,
            yes + ",{\"token\":\"\xEF\xBF\xBD\",\"logprob\":-4},{\"token\":\"\xEF\xBF\xBD\",\"logprob\":-4}");
        row("two tokens of one text", true, own,
            yes + ",{\"token\":\"No\",\"logprob\":-3},{\"token\":\"No\",\"logprob\":-4}");
        row("cut off", true, own,
            yes + ",{\"token\":\"No\",\"logprob\":-9999.0},{\"token\":\"No\",\"logprob\":-9999.0}");
        row("above 0", false, own, yes + ",{\"token\":\"No\",\"logprob\":0.00001}");
        row("own above 0", false, ",\"logprob\":50", yes);
        row("far above 0", false, ",\"logprob\":800", "{\"token\":\"Yes\",\"logprob\":800}");
        row("not finite", false, own, yes + ",{\"token\":\"No\",\"logprob\":-1e999}");
        row("twice", false, own, yes + ",{\"token\":\"No\",\"logprob\":-3},{\"token\":\"No\",\"logprob\":-3}");
        row("more than 1", false, own, yes + ",{\"token\":\"No\",\"logprob\":-1}");
        row("more than 1 with its own", false, ",\"logprob\":-0.5", "{\"token\":\"No\",\"logprob\":-0.5}");
        row("own value missing", false, "", "{\"token\":\"No\",\"logprob\":-3}");
        QTest::newRow("older shape, possible")
            << QByteArray("{\"choices\":[{\"text\":\"a\",\"logprobs\":{\"tokens\":[\"a\"],\"token_logprobs\":[-1],"
                          "\"top_logprobs\":[{\"a\":-1,\"b\":-2}]}}]}")
            << true;
        QTest::newRow("older shape, above 0")
            << QByteArray("{\"choices\":[{\"text\":\"a\",\"logprobs\":{\"tokens\":[\"a\"],\"token_logprobs\":[-1],"
                          "\"top_logprobs\":[{\"a\":-1,\"b\":2}]}}]}")
            << false;
    }
    void impossibleProbabilities()
    {
        QFETCH(QByteArray, body);
        QFETCH(bool, good);
        const auto reply = readReply(body.contains("message") ? u"chat/completions"_s : u"completions"_s, body);
        QVERIFY2(reply.has_value() == good, reply ? "" : qPrintable(reply.error().text()));
        if (!good)
            QCOMPARE(reply.error().code, ErrorCode::BadResponse);
        if (good)
            QVERIFY(reply->tokens.first().logprob < 1e-6);
    }

    void usageIsWholeNumbersOrNotGiven()
    {
        const auto promptTokens = [](const QByteArray &number) {
            const auto reply = readReply(u"completions"_s, "{\"choices\":[{\"text\":\"a\"}],\"usage\":{"
                                                           "\"prompt_tokens\":" +
                                                               number + "}}");
            return reply ? reply->promptTokens : std::optional<qint64>(-99);
        };
        QCOMPARE(promptTokens("0"), std::optional<qint64>(0));
        QCOMPARE(promptTokens("1000000000"), std::optional<qint64>(1'000'000'000));
        for (const QByteArray &number : {QByteArray("-1"), QByteArray("1e300"), QByteArray("18446744073709551615"),
                                         QByteArray("1.5"), QByteArray("1000000001"), QByteArray("\"3\"")})
            QVERIFY2(!promptTokens(number), number.constData());
    }
};

QTEST_GUILESS_MAIN(TestHostileReplies)
#include "tst_hostilereplies.moc"
