// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A pretend model server as a program of its own: deterministic answers, trouble on request, and a count of every body.
#include "../fakemodel.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QHash>

#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct Trouble
{
    const char *option;
    const char *help;
    double rate = 0;
};

/// Answers on the server's thread only, so its counts need no lock.
class Fake
{
public:
    FakeAbilities abilities;
    int delayMilliseconds = 0;
    QByteArray key; ///< Wanted as "Authorization: Bearer …" when not empty.
    QList<Trouble> troubles{{"rate-429", "Share of requests that are told to slow down"},
                            {"rate-500", "Share of requests that fail inside the server"},
                            {"rate-cut", "Share of replies whose connection ends in the middle"},
                            {"rate-garbage", "Share of replies that are no JSON"},
                            {"rate-empty", "Share of replies without a body"}};

    ServerReply answer(const ServerRequest &request)
    {
        if (request.method == "GET" && request.path == "/stats")
            return {200, stats()};
        if (!key.isEmpty() && request.headers.value("authorization") != "Bearer " + key) {
            ++m_refused;
            return {
                401,
                R"({"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}})"};
        }
        const QString hash = bodyHash(request.body);
        const int attempt = ++m_received[hash];
        ServerReply reply = fakeModelWith(abilities, request);
        reply.delayMilliseconds = delayMilliseconds;
        // Each attempt draws anew, so that asking again helps.
        double draw = fractionOf(request.body + '\n' + QByteArray::number(attempt));
        for (const Trouble &trouble : troubles) {
            draw -= trouble.rate;
            if (draw < 0)
                return troubled(trouble.option, std::move(reply));
        }
        if (reply.status == 200)
            ++m_answered[hash];
        return reply;
    }

private:
    static ServerReply troubled(const QByteArray &kind, ServerReply reply)
    {
        if (kind == "rate-429")
            return {429, R"({"error":{"message":"slow down"}})", "application/json", {{"Retry-After", "0"}}};
        if (kind == "rate-500")
            return {500, R"({"error":{"message":"something broke"}})", "application/json", {{"Retry-After", "0"}}};
        if (kind == "rate-cut")
            reply.cutAfter = reply.body.size() / 2;
        else
            reply.body = kind == "rate-garbage" ? QByteArray("<html><body>Bad gateway</body></html>") : QByteArray();
        return reply;
    }

    QByteArray stats() const
    {
        json received = json::object(), answered = json::object();
        qint64 requests = 0;
        for (auto it = m_received.begin(); it != m_received.end(); ++it) {
            received[it.key().toStdString()] = it.value();
            requests += it.value();
        }
        for (auto it = m_answered.begin(); it != m_answered.end(); ++it)
            answered[it.key().toStdString()] = it.value();
        return QByteArray::fromStdString(
            json{{"requests", requests}, {"refused", m_refused}, {"received", received}, {"answered", answered}}
                .dump());
    }

    QHash<QString, int> m_received, m_answered; ///< By bodyHash().
    int m_refused = 0;
};

double rateOf(const QCommandLineParser &parser, const char *option)
{
    bool ok = true;
    const QString text = parser.value(QString::fromLatin1(option));
    const double rate = text.isEmpty() ? 0.0 : text.toDouble(&ok);
    if (!ok || rate < 0 || rate > 1)
        qFatal("--%s wants a share from 0 to 1", option);
    return rate;
}

} // namespace

int main(int argc, char **argv)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); // A test that crashes leaves no server behind.
    QCoreApplication application(argc, argv);
    Fake fake;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"A pretend language model on 127.0.0.1. Prints its port; GET /stats has its counts."_s);
    parser.addHelpOption();
    parser.addOptions({{u"port"_s, u"Port to listen on; a free one when absent"_s, u"number"_s},
                       {u"delay"_s, u"Wait before each answer"_s, u"ms"_s},
                       {u"key-env"_s, u"Environment variable with the key that clients must send"_s, u"name"_s},
                       {u"no-logprobs"_s, u"Leave log-probabilities out"_s},
                       {u"no-completions"_s, u"Serve chat only"_s}});
    for (const Trouble &trouble : fake.troubles)
        parser.addOption({QString::fromLatin1(trouble.option), QString::fromLatin1(trouble.help), u"share"_s});
    parser.process(application);

    fake.delayMilliseconds = parser.value(u"delay"_s).toInt();
    fake.abilities = {!parser.isSet(u"no-logprobs"_s), !parser.isSet(u"no-completions"_s)};
    for (Trouble &trouble : fake.troubles)
        trouble.rate = rateOf(parser, trouble.option);
    if (parser.isSet(u"key-env"_s)) {
        fake.key = qgetenv(parser.value(u"key-env"_s).toUtf8().constData());
        if (fake.key.isEmpty())
            qFatal("the variable named by --key-env is empty");
    }
    const TestServer server([&fake](const ServerRequest &request) { return fake.answer(request); },
                            static_cast<quint16>(parser.value(u"port"_s).toUShort()));
    if (server.port() == 0)
        qFatal("the port cannot be opened");
    std::printf("%d\n", server.port());
    std::fflush(stdout);
    return QCoreApplication::exec();
}
