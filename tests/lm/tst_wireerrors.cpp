// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/httperror.h"
#include "lm/ratelimits.h"

#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;
using Class = HttpFailure::Class;

namespace {

using Headers = QList<QPair<QByteArray, QByteArray>>;

HttpResponse response(int status, const QByteArray &body = "{}", const Headers &headers = {})
{
    HttpResponse out;
    out.status = status;
    out.body = body;
    out.headers = headers;
    return out;
}

HttpFailure classified(int status, const QByteArray &body = "{}", const Headers &headers = {})
{
    return classifyResponse(response(status, body, headers), u"http://h"_s, {});
}

const QDateTime now(QDate(2026, 1, 31), QTime(12, 0), Qt::UTC);

} // namespace

class TestWireErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void classes_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, int status, const QByteArray &body, Class kind, const QString &said) {
            QTest::newRow(name) << status << body << static_cast<int>(kind) << said;
        };
        const auto anthropic = [](const QByteArray &type) {
            return "{\"type\":\"error\",\"error\":{\"type\":\"" + type +
                   "\",\"message\":\"words\"},\"request_id\":\"r\"}";
        };
        row("anthropic invalid", 400, anthropic("invalid_request_error"), Class::Request, u"words"_s);
        row("anthropic authentication", 401, anthropic("authentication_error"), Class::Auth, u"words"_s);
        row("anthropic billing", 402, anthropic("billing_error"), Class::Quota, u"words"_s);
        row("anthropic billing by type", 400, anthropic("billing_error"), Class::Quota, u"words"_s);
        row("anthropic permission", 403, anthropic("permission_error"), Class::Auth, u"words"_s);
        row("anthropic not found", 404, anthropic("not_found_error"), Class::Request, u"words"_s);
        row("anthropic too large", 413, anthropic("request_too_large"), Class::Request, u"words"_s);
        row("anthropic rate", 429, anthropic("rate_limit_error"), Class::Rate, u"words"_s);
        row("anthropic error", 500, anthropic("api_error"), Class::Transient, u"words"_s);
        row("anthropic overloaded", 529, anthropic("overloaded_error"), Class::Overload, u"words"_s);
        row("openai quota", 429, "{\"error\":{\"message\":\"words\",\"code\":\"insufficient_quota\"}}", Class::Quota,
            u"words"_s);
        row("openai rate", 429, "{\"error\":{\"message\":\"words\",\"type\":\"tokens\"}}", Class::Rate, u"words"_s);
        row("older vllm", 400, "{\"object\":\"error\",\"message\":\"words\",\"type\":\"BadRequestError\",\"code\":400}",
            Class::Request, u"words"_s);
        row("ollama", 404, "{\"error\":\"words\"}", Class::Request, u"words"_s);
        row("fastapi", 422, "{\"detail\":[{\"msg\":\"words\"}]}", Class::Request, u"words"_s);
        row("plain text", 500, "words", Class::Transient, u"words"_s);
        row("web page", 502, "<html><head><title>502 Bad\n Gateway</title></head></html>", Class::Overload,
            u"“502 Bad Gateway”"_s);
        row("web page without title", 504, "<html><script>alert(1)</script>", Class::Overload, u"“a web page”"_s);
        row("rate by words", 403, "{\"error\":{\"message\":\"rate words\"}}", Class::Rate, u"words"_s);
        row("forbidden", 403, "{\"error\":{\"message\":\"words\"}}", Class::Auth, u"words"_s);
        row("conflict", 409, "words", Class::Transient, u"words"_s);
        row("timed out", 408, "words", Class::Transient, u"words"_s);
        row("not implemented", 501, "words", Class::Request, u"words"_s);
        row("a text longer than llama.cpp's batch", 500,
            "{\"error\":{\"code\":500,\"message\":\"input (3001 tokens) is too large to process. increase the physical "
            "batch size (current batch size: 512)\",\"type\":\"server_error\"}}",
            Class::Request, u"too large to process"_s);
    }
    void classes()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, said);
        const HttpFailure failed = classified(status, body);
        QCOMPARE(static_cast<int>(failed.kind), kind);
        QVERIFY2(failed.error.message.contains(said), qPrintable(failed.error.message));
        QVERIFY(!failed.error.message.contains(u'<'));
        QCOMPARE(failed.error.retryable, failed.isRetryable());
    }

    void theServerMayOverrule()
    {
        QVERIFY(classified(500, "{}", {{"x-should-retry", "true"}}).isRetryable());
        QCOMPARE(classified(500, "{}", {{"x-should-retry", "false"}}).kind, Class::Request);
        QCOMPARE(classified(404, "{}", {{"x-should-retry", "true"}}).kind, Class::Transient);
        QVERIFY(classified(404, "{}", {{"x-should-retry", "true"}}).error.retryable);
        QCOMPARE(classified(404, "{}", {{"x-should-retry", "perhaps"}}).kind, Class::Request);
        QCOMPARE(classified(401, "{}", {{"x-should-retry", "true"}}).kind, Class::Auth);
        QCOMPARE(classified(402, "{}", {{"x-should-retry", "true"}}).kind, Class::Quota);
    }

    void errorsInsideAStream()
    {
        QCOMPARE(statusOfError("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}}"),
                 529);
        QCOMPARE(statusOfError("{\"error\":{\"code\":400,\"type\":\"exceed_context_size_error\"}}"), 400);
        QCOMPARE(statusOfError("{\"error\":{\"code\":503,\"message\":\"m\"}}"), 503);
        QCOMPARE(statusOfError("{\"error\":{\"code\":12,\"message\":\"m\"}}"), 500);
        QCOMPARE(statusOfError("{\"error\":\"m\"}"), 500);
        QCOMPARE(statusOfError("nonsense"), 500);
    }

    void durations()
    {
        QCOMPARE(durationSeconds("1s"), std::optional<double>(1));
        QCOMPARE(durationSeconds("6m0s"), std::optional<double>(360));
        QCOMPARE(durationSeconds("20ms"), std::optional<double>(0.02));
        QCOMPARE(durationSeconds("1h2m3.5s"), std::optional<double>(3723.5));
        QCOMPARE(durationSeconds("1d"), std::optional<double>(86400));
        QCOMPARE(durationSeconds(" 7.5 "), std::optional<double>(7.5));
        for (const QByteArray &nonsense :
             {QByteArray(), QByteArray("s"), QByteArray("1x"), QByteArray("-1s"), QByteArray("1s x"), QByteArray("nan"),
              QByteArray("inf"), QByteArray("1e300s"), QByteArray("99999999999"), QByteArray("1..2s"),
              QByteArray("5m3")})
            QVERIFY2(!durationSeconds(nonsense), nonsense.constData());
    }

    void statedWaits()
    {
        const auto wait = [](const Headers &headers) { return statedWait(response(429, "{}", headers), now); };
        QCOMPARE(wait({{"retry-after-ms", "250"}, {"retry-after", "9"}}), std::optional<double>(0.25));
        QCOMPARE(wait({{"retry-after", "1.5"}}), std::optional<double>(1.5));
        QCOMPARE(wait({{"retry-after", "Sat, 31 Jan 2026 12:00:30 GMT"}}), std::optional<double>(30));
        QCOMPARE(wait({{"retry-after", "Sat, 31 Jan 2026 11:00:00 GMT"}}), std::optional<double>(0));
        QCOMPARE(wait({{"retry-after-ms", "soon"}, {"retry-after", "2"}}), std::optional<double>(2));
        for (const char *nonsense : {"-5", "nan", "inf", "soon", "", "1e12"})
            QVERIFY2(!wait({{"retry-after", nonsense}}), nonsense);
    }

    void openAiRates()
    {
        const RateHeaders rates = rateHeaders(response(200, "{}",
                                                       {{"x-ratelimit-limit-requests", "60"},
                                                        {"x-ratelimit-remaining-requests", "59"},
                                                        {"x-ratelimit-reset-requests", "1s"},
                                                        {"x-ratelimit-limit-tokens", "150000"},
                                                        {"x-ratelimit-remaining-tokens", "0"},
                                                        {"x-ratelimit-reset-tokens", "6m0s"}}),
                                              now);
        QCOMPARE(rates.requests.limit, std::optional<double>(60));
        QCOMPARE(rates.requests.remaining, std::optional<double>(59));
        QCOMPARE(rates.requests.resetSeconds, std::optional<double>(1));
        QVERIFY(!rates.requests.isExhausted());
        QVERIFY(rates.tokens.isExhausted());
        QCOMPARE(rates.tokens.resetSeconds, std::optional<double>(360));
        const RateHeaders none = rateHeaders(response(200), now);
        QVERIFY(!none.requests.limit && !none.tokens.remaining && !none.tokens.isExhausted());
        const RateHeaders nonsense = rateHeaders(
            response(200, "{}", {{"x-ratelimit-limit-requests", "nan"}, {"x-ratelimit-remaining-requests", "-1"}}),
            now);
        QVERIFY(!nonsense.requests.limit && !nonsense.requests.remaining);
    }
    void anthropicRates()
    {
        const RateHeaders rates =
            rateHeaders(response(200, "{}",
                                 {{"anthropic-ratelimit-requests-limit", "50"},
                                  {"anthropic-ratelimit-requests-remaining", "49"},
                                  {"anthropic-ratelimit-requests-reset", "2026-01-31T12:00:10Z"},
                                  {"anthropic-ratelimit-input-tokens-limit", "1000"},
                                  {"anthropic-ratelimit-input-tokens-remaining", "900"},
                                  {"anthropic-ratelimit-input-tokens-reset", "2026-01-31T12:00:01.500Z"},
                                  {"anthropic-ratelimit-output-tokens-limit", "100"},
                                  {"anthropic-ratelimit-output-tokens-remaining", "10"},
                                  {"anthropic-ratelimit-output-tokens-reset", "2026-01-31T13:01:00+01:00"}}),
                        now);
        QCOMPARE(rates.requests.limit, std::optional<double>(50));
        QCOMPARE(rates.requests.resetSeconds, std::optional<double>(10));
        QCOMPARE(rates.tokens.limit, std::optional<double>(100)); // The tightest of the three.
        QCOMPARE(rates.tokens.resetSeconds, std::optional<double>(60));
    }
    void resetsAreAWaitAfterARateError()
    {
        const auto wait = [](const Headers &headers) { return waitAfterRateError(response(429, "{}", headers), now); };
        const QPair<QByteArray, QByteArray> day{"x-ratelimit-reset-requests", "1d"},
            soon{"x-ratelimit-reset-tokens", "20ms"};
        QCOMPARE(wait({day, soon}), std::optional<double>(0.02));
        QCOMPARE(wait({day, soon, {"x-ratelimit-remaining-requests", "0"}}), std::optional<double>(86400));
        QCOMPARE(wait({day, soon, {"retry-after", "3"}}), std::optional<double>(3));
        QVERIFY(!wait({}));
        QCOMPARE(classified(429, "{}", {soon}).retryAfterSeconds, std::optional<double>(0.02));
        QVERIFY(!classified(500, "{}", {soon}).retryAfterSeconds); // The window has nothing to do with it.
    }
};

QTEST_GUILESS_MAIN(TestWireErrors)
#include "tst_wireerrors.moc"
