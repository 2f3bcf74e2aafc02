// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reading of a prompt's log-probabilities: vLLM's field, and where a text ends among tokens.
#include "lm/promptfollower.h"

#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestPromptLogprobs : public QObject
{
    Q_OBJECT

    static Result<Reply> read(const QByteArray &list, const QByteArray &more = {})
    {
        LmRequest asked;
        asked.kind = LmRequest::Kind::Completion;
        asked.promptTokens = {5, 6, 7};
        asked.promptLogprobs = true;
        return readReply(u"completions"_s,
                         "{\"choices\":[{\"index\":0,\"text\":\"!\",\"prompt_logprobs\":" + list + more + "}]}", asked);
    }
    static QList<PromptPosition> positions(const QList<QByteArray> &tokens)
    {
        QList<PromptPosition> list;
        for (const QByteArray &token : tokens)
            list << PromptPosition{token, -1.0};
        return list;
    }

private Q_SLOTS:
    void entriesAreFoundById()
    {
        // The prompt's own token is neither the first entry nor the likeliest.
        const auto reply = read("[null,{\"9\":{\"logprob\":-0.1,\"rank\":1},\"6\":{\"logprob\":-3,\"rank\":4,"
                                "\"decoded_token\":\" x\"}},{\"7\":{\"logprob\":-2}}]");
        QVERIFY2(reply, reply ? "" : qPrintable(reply.error().text()));
        QCOMPARE(reply->promptPositions.size(), 3);
        QVERIFY(!reply->promptPositions[0].logprob);
        QCOMPARE(reply->promptPositions[1].logprob, std::optional<double>(-3));
        QCOMPARE(reply->promptPositions[1].bytes, " x");
        QCOMPARE(reply->promptPositions[2].logprob, std::optional<double>(-2));
    }
    void entriesOfOtherTokensAreNone()
    {
        const auto reply = read("[null,{\"8\":{\"logprob\":-0.1}},{\"7\":{\"logprob\":-2}}]");
        QVERIFY(reply && !reply->promptPositions[1].logprob && reply->promptPositions[2].logprob);
        const auto other = read("[null,{\"6\":{\"logprob\":-0.1}},{\"7\":{\"logprob\":-2}}]",
                                ",\"prompt_token_ids\":[5,6,8]");
        QVERIFY(other && !other->promptPositions[1].logprob && !other->promptPositions[2].logprob);
        const auto same = read("[null,{\"6\":{\"logprob\":-0.1}},{\"7\":{\"logprob\":-2}}]",
                               ",\"prompt_token_ids\":[5,6,7],\"token_ids\":[33]");
        QVERIFY(same && same->promptPositions[2].logprob);
        QCOMPARE(same->tokenIds, QList<qint64>{33});
    }
    void impossible_data()
    {
        QTest::addColumn<QByteArray>("list");
        const auto row = [](const char *name, const char *list) { QTest::newRow(name) << QByteArray(list); };
        row("null", "null");
        row("an object", "{}");
        row("nothing", "[]");
        row("cut short", "[null,{\"6\":{\"logprob\":-1}}]");
        row("too long", "[null,{\"6\":{\"logprob\":-1}},{\"7\":{\"logprob\":-1}},{\"8\":{\"logprob\":-1}}]");
        row("null inside", "[null,null,{\"7\":{\"logprob\":-1}}]");
        row("above 0", "[null,{\"6\":{\"logprob\":0.5}},{\"7\":{\"logprob\":-1}}]");
        row("no number", "[null,{\"6\":{\"logprob\":\"-1\"}},{\"7\":{\"logprob\":-1}}]");
        row("NaN", "[null,{\"6\":{\"logprob\":NaN}},{\"7\":{\"logprob\":-1}}]");
        row("infinite", "[null,{\"6\":{\"logprob\":-1e999}},{\"7\":{\"logprob\":-1}}]");
        row("more than 1",
            "[null,{\"6\":{\"logprob\":-0.1},\"8\":{\"logprob\":-0.1}},{\"7\":{\"logprob\":-1}}]");
        row("entries that are none", "[null,[1],{\"7\":-1}]");
    }
    void impossible()
    {
        QFETCH(QByteArray, list);
        const auto reply = read(list);
        QVERIFY(!reply);
        QCOMPARE(reply.error().code, ErrorCode::BadResponse);
    }

    void whereATextEnds_data()
    {
        QTest::addColumn<QList<QByteArray>>("tokens");
        QTest::addColumn<QString>("start");
        QTest::addColumn<int>("whole");
        QTest::addColumn<bool>("straddles");
        const QByteArray half = "\xEF\xBF\xBD";
        QTest::newRow("between tokens") << QList<QByteArray>{"Is", " it", "?", " Yes"} << u"Is it?"_s << 3 << false;
        QTest::newRow("inside of one") << QList<QByteArray>{"Is", " it", "? Yes"} << u"Is it?"_s << 2 << true;
        QTest::newRow("half characters before") << QList<QByteArray>{"caf", half, half, " Yes"} << u"café"_s << 3 << false;
        QTest::newRow("nothing before") << QList<QByteArray>{"Yes"} << QString() << 0 << false;
        QTest::newRow("another text") << QList<QByteArray>{"Was", " it"} << u"Is it?"_s << 0 << true;
    }
    void whereATextEnds()
    {
        QFETCH(QList<QByteArray>, tokens);
        QFETCH(QString, start);
        QFETCH(int, whole);
        QFETCH(bool, straddles);
        const TokensInside inside = tokensInside(positions(tokens), start.toUtf8());
        QCOMPARE(inside.whole, whole);
        QCOMPARE(inside.straddles, straddles);
    }
};

QTEST_GUILESS_MAIN(TestPromptLogprobs)
#include "tst_promptlogprobs.moc"
