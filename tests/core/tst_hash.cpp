// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cancellation.h"
#include "core/hash.h"
#include "core/text.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {
constexpr auto canonicalInput =
    "{\"b\":1.0,\"a\":[1e30,4.5,2e-3,1E-27,0.000001,-0.0,100],\"\\u20ac\":\"\\n\\u0008\\u001f\\\"\","
    "\"nested\":{\"z\":null,\"y\":true}}";
}

class TestHash : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void canonicalJsonFollowsRfc8785()
    {
        const auto value = nlohmann::json::parse(canonicalInput);
        QCOMPARE(canonicalJson(value), QByteArray("{\"a\":[1e+30,4.5,0.002,1e-27,0.000001,0,100],\"b\":1,\"nested\":{"
                                                  "\"y\":true,\"z\":null},\"\xe2\x82\xac\":\"\\n\\b\\u001f\\\"\"}"));
    }
    void keysSortByUtf16()
    {
        // U+10000 is a surrogate pair (D800 …) in UTF-16 and so comes before U+FB33, unlike in UTF-8.
        const auto value = nlohmann::json::parse("{\"\\uFB33\":1,\"\\uD800\\uDC00\":2}");
        QVERIFY(canonicalJson(value).endsWith("\"\xef\xac\xb3\":1}"));
    }
    void sha256() { QCOMPARE(sha256Hex("abc"), u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s); }
    void foldRemovesPunctuationAndCase()
    {
        QCOMPARE(fold(u"  I like_power!  "_s), u"i like power"_s);
        QCOMPARE(fold(u"ﬁne"_s), u"fine"_s);
    }
    void nearest()
    {
        QCOMPARE(nearestNames(u"agreeablness"_s, {u"psychopathy"_s, u"agreeableness"_s}).value(0), u"agreeableness"_s);
    }
    void parameters()
    {
        QCOMPARE(formatParameters(134515008.0), u"135M"_s);
        QCOMPARE(formatParameters(1.54e9), u"1.5B"_s);
        QCOMPARE(formatParameters(std::nullopt), u"—"_s);
    }
    void cancellationCallsListenersOnce()
    {
        const CancellationToken token;
        int calls = 0;
        auto kept = token.onCancel([&] { ++calls; });
        {
            auto dropped = token.onCancel([&] { calls += 100; });
        }
        token.cancel();
        token.cancel();
        QCOMPARE(calls, 1);
        auto late = token.onCancel([&] { ++calls; });
        QCOMPARE(calls, 2);
    }
};

QTEST_GUILESS_MAIN(TestHash)
#include "tst_hash.moc"
