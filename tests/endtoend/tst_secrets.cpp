// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The key of a model is used, and nothing else happens to it.
#include "cli.h"
#include "projectfile.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray secret = "sk-very/secret+0123456789abcdef";

/// The key as a server's JSON library may write it.
QByteArray escapedUnicode()
{
    QByteArray out;
    for (const char c : secret)
        out += "\\u" + QByteArray::number(static_cast<unsigned char>(c), 16).rightJustified(4, '0').toUpper();
    return out;
}
QByteArray escapedSlash()
{
    return QByteArray(secret).replace("/", "\\/");
}

} // namespace

class TestSecrets : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Surroundings m_around; ///< Everything the program may write to lies in the folder.
    QString path(const QString &name) const { return m_folder.filePath(name); }

    QString projectFor(const QString &name, const QString &url)
    {
        const QString file = path(name);
        if (!makeProject(file, url, {u"--key-env"_s, u"TEST_MODEL_KEY"_s}))
            qFatal("no project");
        return file;
    }
    void verifyNowhere(const Ran &ran) const
    {
        const QList<QByteArray> shapes{secret, escapedSlash(), escapedUnicode(), secret.toPercentEncoding()};
        for (const QByteArray &shape : shapes) {
            QVERIFY(!ran.out.contains(shape));
            QVERIFY(!ran.err.contains(shape));
        }
        int looked = 0;
        QDirIterator files(m_folder.path(), QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString name = files.next();
            ++looked;
            for (const QByteArray &shape : shapes)
                QVERIFY2(!bytesOf(name).contains(shape), qPrintable(name));
        }
        QVERIFY(looked >= 1);
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &name : {u"HOME"_s, u"XDG_CONFIG_HOME"_s, u"XDG_DATA_HOME"_s, u"XDG_CACHE_HOME"_s,
                                    u"XDG_STATE_HOME"_s, u"TMPDIR"_s})
            m_around.environment << name + u'=' + m_folder.path();
        m_around.environment << u"TEST_MODEL_KEY="_s + QString::fromLatin1(secret);
    }

    void workLeavesNoKey()
    {
        std::atomic<int> authorised = 0, looks = 0;
        TestServer server([&](const ServerRequest &request) {
            const bool withKey = request.headers.value("authorization") == "Bearer " + secret;
            authorised += withKey ? 1 : 0;
            looks += !withKey && request.method == "GET" && request.path.endsWith("/models") ? 1 : 0;
            return fakeModel(request);
        });
        const QString project = projectFor(u"work.evalwright"_s, server.baseUrl());
        for (const QString &command :
             {u"model probe fake"_s, u"generate set --recipe persona-yes-no --writer fake --samples 10 --keep 2"_s,
              u"evaluate --dataset set --model fake"_s, u"model list"_s, u"doctor"_s, u"job list"_s, u"project info"_s,
              u"dataset items set --provenance"_s}) {
            const Ran ran = runWith(m_around, QStringList{u"--verbose"_s, u"--json"_s, u"-p"_s, project} +
                                                  QProcess::splitCommand(command));
            QVERIFY2(ran.code == 0, ran.err.constData());
            verifyNowhere(ran);
        }
        // The doctor only looks whether somebody is there; a project's address gets no key for that.
        QCOMPARE(looks.load(), 1);
        QCOMPARE(authorised.load(), server.requests() - 1);
        QVERIFY(runWith(m_around, {u"-p"_s, project, u"doctor"_s}).out.contains("TEST_MODEL_KEY is set"));
    }

    /// Some servers repeat the key in what they say.
    void serversThatRepeatTheKey_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("wrong key") << 401 << QByteArray(R"({"error":{"message":"Incorrect API key provided: %1"}})");
        QTest::newRow("refused") << 400 << QByteArray(R"({"error":{"message":"bad header Authorization: Bearer %1"}})");
        QTest::newRow("failed") << 501 << QByteArray("Authorization: Bearer %1");
        QTest::newRow("no JSON") << 200 << QByteArray("<html>%1</html>");
        QTest::newRow("no choices") << 200 << QByteArray(R"({"you":"%1"})");
        QTest::newRow("slashes escaped") << 401 << QByteArray(R"({"error":{"message":"Wrong key: %2"}})");
        QTest::newRow("unicode escaped") << 400 << QByteArray(R"({"error":{"message":"Wrong key: %3"}})");
        QTest::newRow("for addresses") << 400 << QByteArray(R"({"error":{"message":"Wrong key: %4"}})");
        QTest::newRow("escaped answer") << 200 << QByteArray(R"({"choices":[{"message":{"content":"I like %3"}}]})");
        QTest::newRow("as the answer") << 200 << QByteArray(R"({"choices":[{"message":{"content":"I like %1"}}]})");
    }
    void serversThatRepeatTheKey()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        body.replace("%1", secret).replace("%2", escapedSlash()).replace("%3", escapedUnicode());
        body.replace("%4", secret.toPercentEncoding());
        TestServer server([&](const ServerRequest &) {
            return ServerReply{status,
                               body,
                               "application/json",
                               {{"Retry-After", "0"}, {"X-Echo", secret}, {"Server", secret.toPercentEncoding()}}};
        });
        const QString project =
            projectFor(QString::fromLatin1(QTest::currentDataTag()) + u".evalwright"_s, server.baseUrl());
        for (const QString &command :
             {u"generate set --recipe persona-yes-no --writer fake --samples 2 --keep 1"_s, u"model probe fake"_s}) {
            const Ran ran = runWith(m_around, QStringList{u"--verbose"_s, u"--json"_s, u"-p"_s, project} +
                                                  QProcess::splitCommand(command));
            QVERIFY(ran.code >= 0);
            QVERIFY(server.requests() > 0);
            verifyNowhere(ran);
        }
    }

    void commandLineAndChildrenHaveNoKey()
    {
        TestServer server([](const ServerRequest &request) {
            ServerReply reply = fakeModel(request);
            reply.delayMilliseconds = 50;
            return reply;
        });
        const QString project = projectFor(u"shown.evalwright"_s, server.baseUrl());
        QProcess process;
        prepare(process, m_around);
        process.start(QStringLiteral(EVALWRIGHT_CLI), generateInto(project));
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(server.requests() > 2, 30'000);
        const QByteArray shown = bytesOf(u"/proc/%1/cmdline"_s.arg(process.processId()));
        QVERIFY(shown.contains("generate"));
        QVERIFY(!shown.contains(secret));
        // While it runs the write-ahead log is there too.
        QVERIFY(QFile::exists(project + u"-wal"_s));
        QVERIFY(!bytesOf(project + u"-wal"_s).contains(secret));
        QVERIFY(process.waitForFinished(60'000));
        verifyNowhere(finished(process));
    }

    void keysInTheWrongPlaceAreRefused()
    {
        const QString project = path(u"wrong.evalwright"_s);
        QCOMPARE(run({u"project"_s, u"new"_s, project}).code, 0);
        const QString key = QString::fromLatin1(secret);
        for (const QStringList &where : {QStringList{u"--base-url"_s, u"http://user:%1@127.0.0.1/v1"_s.arg(key)},
                                         QStringList{u"--base-url"_s, u"http://127.0.0.1/v1?key=%1"_s.arg(key)},
                                         QStringList{u"--base-url"_s, u"http://127.0.0.1/v1"_s, u"--key-env"_s, key}}) {
            const Ran ran = runWith(
                m_around,
                QStringList{u"--json"_s, u"-p"_s, project, u"model"_s, u"add"_s, u"m"_s, u"--model"_s, u"x"_s} + where);
            QCOMPARE(ran.code, 1);
            QCOMPARE(ran.errorCode(), std::string("invalid_input"));
            verifyNowhere(ran);
        }
    }

    void aMissingKeySendsNothing()
    {
        TestServer server(fakeModel);
        const QString project = projectFor(u"missing.evalwright"_s, server.baseUrl());
        const Ran ran = run(generateInto(project));
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.errorCode(), std::string("authentication"));
        QVERIFY(ran.err.contains("TEST_MODEL_KEY"));
        QCOMPARE(server.requests(), 0);
    }
};

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
