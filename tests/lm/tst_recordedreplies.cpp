// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/httperror.h"
#include "lm/probewire.h"
#include "lm/request.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// Replies that a real llama.cpp server gave, through the reader and the classification of errors.
class TestRecordedReplies : public QObject
{
    Q_OBJECT

    static QString folder() { return QStringLiteral(EVALWRIGHT_TEST_DATA) + u"/endpoints/llama-server/"_s; }

    // NOLINTNEXTLINE(bugprone-exception-escape): the move constructor of nlohmann::json checks, and does not throw.
    struct Recording
    {
        QString path;
        HttpResponse response;
        json request;
    };
    static Recording recording(const QString &name)
    {
        QFile file(folder() + name + u".json"_s);
        if (!file.open(QIODevice::ReadOnly))
            return {};
        const json all = json::parse(file.readAll().toStdString());
        Recording out;
        out.path = QString::fromStdString(all.at("request").at("path").get<std::string>());
        if (out.path.startsWith(u"/v1/"_s))
            out.path = out.path.mid(4);
        out.request = all.at("request").value("body", json());
        const json &response = all.at("response");
        out.response.status = response.at("status").get<int>();
        for (const auto &[key, value] : response.at("headers").items())
            out.response.headers << qMakePair(QByteArray::fromStdString(key).toLower(),
                                              QByteArray::fromStdString(value.get<std::string>()));
        out.response.body = QByteArray::fromStdString(
            response.contains("body") ? response.at("body").dump() : response.at("raw_body").get<std::string>());
        return out;
    }
    static QStringList names()
    {
        QStringList list;
        for (const QString &file : QDir(folder()).entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
            if (!file.endsWith(u".request.json"_s))
                list << file.chopped(5);
        }
        return list;
    }

private Q_SLOTS:
    void everyGenerationIsRead()
    {
        int read = 0;
        for (const QString &name : names()) {
            const Recording r = recording(name);
            if (r.response.status != 200 || (r.path != "chat/completions"_L1 && r.path != "completions"_L1))
                continue;
            ++read;
            const auto reply = readReply(r.path, r.response.body);
            QVERIFY2(reply, qPrintable(name + (reply ? QString() : reply.error().text())));
            QVERIFY2(!reply->finishReason.isEmpty(), qPrintable(name));
            QVERIFY2(!reply->modelName.contains(u'/'), qPrintable(name)); // A local server says a file path.
            for (const TokenPosition &position : reply->tokens) {
                QVERIFY2(std::isfinite(position.logprob) && position.logprob <= 0, qPrintable(name));
                for (qsizetype i = 1; i < position.top.size(); ++i)
                    QVERIFY2(position.top[i - 1].logprob >= position.top[i].logprob, qPrintable(name));
            }
        }
        QCOMPARE(read, 18);
    }

    void errorsHaveTheirClass_data()
    {
        using Class = HttpFailure::Class;
        QTest::addColumn<int>("kind");
        const auto row = [](const char *name, Class kind) { QTest::newRow(name) << static_cast<int>(kind); };
        row("chat-top_logprobs-without-logprobs", Class::Request);
        row("embeddings-unsupported", Class::Request);
        row("error-401-no-key", Class::Auth);
        row("error-401-wrong-key", Class::Auth);
        row("error-404", Class::Request);
        row("error-context-overflow", Class::Request);
        row("error-invalid-json", Class::Request);
        row("error-method", Class::Request);
        row("error-missing-messages", Class::Request);
        row("error-missing-prompt", Class::Request);
        row("error-wrong-type", Class::Request);
        row("health-loading", Class::Overload);
        row("infill", Class::Request);
        row("metrics-disabled", Class::Request);
        row("models-with-key-server", Class::Auth);
        row("native-bad-grammar", Class::Request);
        row("props-with-key-server", Class::Auth);
    }
    void errorsHaveTheirClass()
    {
        QFETCH(int, kind);
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        const Recording r = recording(name);
        QVERIFY(r.response.status >= 400);
        const HttpFailure failure = classifyResponse(r.response, u"http://localhost"_s, u"KEY_VARIABLE"_s);
        QCOMPARE(static_cast<int>(failure.kind), kind);
        QCOMPARE(failure.isRetryable(), failure.kind == HttpFailure::Class::Overload);
        QCOMPARE(failure.error.retryable, failure.isRetryable());
        const json body = json::parse(r.response.body.toStdString());
        const QString said = QString::fromStdString(body.at("error").at("message").get<std::string>());
        QVERIFY2(failure.error.message.contains(said.left(100)), qPrintable(failure.error.message));
        QVERIFY(!failure.error.advice.isEmpty() || failure.error.retryable);
        const auto reply = readReply(u"completions"_s, r.response.body);
        QVERIFY(!reply); // An error object is never taken for an answer.
        QCOMPARE(reply.error().code, ErrorCode::ServerError);
    }
    void everyErrorIsInTheTable()
    {
        int errors = 0;
        for (const QString &name : names())
            errors += recording(name).response.status >= 400 ? 1 : 0;
        QCOMPARE(errors, 17);
    }

    void contextOverflowSaysWhatToDo()
    {
        const HttpFailure failure =
            classifyResponse(recording(u"error-context-overflow"_s).response, u"http://localhost"_s, {});
        QVERIFY2(failure.error.advice.contains(u"context"_s), qPrintable(failure.error.advice));
    }

    void prefillComesBackInTheText()
    {
        const auto reply = readReply(u"chat/completions"_s, recording(u"chat-prefill-grammar"_s).response.body);
        QVERIFY(reply);
        QCOMPARE(reply->text, u"I believe the better option is (A)"_s);
        QByteArray generated;
        for (const TokenPosition &position : reply->tokens)
            generated += position.bytes;
        QCOMPARE(generated, " (A)"); // Log-probabilities cover only the new tokens.
    }

    void ignoredEchoIsNoPrompt()
    {
        for (const QString &name : {u"completions-echo"_s, u"completions-echo-max_tokens-0"_s}) {
            const Recording r = recording(name);
            const auto reply = readReply(r.path, r.response.body);
            QVERIFY(reply);
            QVERIFY(reply->promptTokens.value_or(0) > 8);
            const ProbePositions positions = positionsOf(json::parse(r.response.body.toStdString()));
            QVERIFY(positions.present);
            QVERIFY(positions.list.size() < reply->promptTokens.value_or(0));
            QVERIFY(!QByteArray::fromStdString(r.request.at("prompt").get<std::string>())
                         .startsWith(positions.list.first().token));
        }
    }

    void firstTokenAlternativesAreThere()
    {
        const auto hundred = recording(u"chat-top_logprobs-100"_s);
        const ProbePositions positions = positionsOf(json::parse(hundred.response.body.toStdString()));
        QCOMPARE(positions.list.first().top.size(), 100);
        const auto none = recording(u"chat-logprobs-no-top"_s);
        const auto reply = readReply(none.path, none.response.body);
        QVERIFY(reply);
        QVERIFY(!reply->tokens.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRecordedReplies)
#include "tst_recordedreplies.moc"
