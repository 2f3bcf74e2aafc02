// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// https and HTTP/2 against a real server of both (nghttpx) before the fault server.
#include "lm/curltransport.h"

#include "../support/faultserver.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <future>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// A certificate for 127.0.0.1 that vouches for itself, with its key, as PEM files in the folder.
bool makeCertificate(const QString &certificatePath, const QString &keyPath)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION *host = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, host, -1);
    X509_EXTENSION_free(host);
    X509_sign(certificate, key, EVP_sha256());
    const auto write = [](const QString &path, const auto &put) {
        std::FILE *file = std::fopen(QFile::encodeName(path).constData(), "w");
        const bool good = file && put(file) == 1;
        return file && std::fclose(file) == 0 && good;
    };
    const bool written =
        write(certificatePath, [&](std::FILE *file) { return PEM_write_X509(file, certificate); }) &&
        write(keyPath, [&](std::FILE *file) {
            return PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
        });
    X509_free(certificate);
    EVP_PKEY_free(key);
    return written;
}

Result<HttpResponse> ask(CurlTransport &transport, const QString &url)
{
    HttpRequest request;
    request.url = url;
    request.body = R"({"model":"m","messages":[{"role":"user","content":"Yes?"}]})";
    request.secret = "marker-key-123";
    std::promise<Result<HttpResponse>> promise;
    auto future = promise.get_future();
    transport.send(std::move(request), {},
                   [&](Result<HttpResponse> result) { promise.set_value(std::move(result)); });
    return future.get();
}

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

} // namespace

class TestTls : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    FaultServer m_server;
    QProcess m_proxy;
    quint16 m_port = 0;

    QString certificate() const { return m_folder.filePath(u"certificate.pem"_s); }
    QString url(const QString &host = u"127.0.0.1"_s) const
    {
        return u"https://%1:%2/v1/chat/completions"_s.arg(host).arg(m_port);
    }
    static TransportSettings trusting(const QString &file) { return {{}, {}, file}; }

private Q_SLOTS:
    void initTestCase()
    {
        const QString program = QStandardPaths::findExecutable(
            u"nghttpx"_s, QStringList{u"/usr/bin"_s, u"/usr/sbin"_s, u"/usr/local/bin"_s});
        if (program.isEmpty())
            QSKIP("nghttpx (Debian: nghttp2-proxy) is not installed: https and HTTP/2 are NOT tested.");
        const QString key = m_folder.filePath(u"key.pem"_s);
        QVERIFY(makeCertificate(certificate(), key));
        m_port = freePort();
        m_proxy.start(program, {u"--conf=/dev/null"_s, u"--workers=1"_s, u"--frontend=127.0.0.1,%1"_s.arg(m_port),
                                u"--backend=127.0.0.1,%1"_s.arg(m_server.port()), key, certificate()});
        QVERIFY(m_proxy.waitForStarted());
        CurlTransport transport(trusting(certificate()));
        QTRY_VERIFY_WITH_TIMEOUT(ask(transport, url()), 10'000);
    }
    void cleanupTestCase()
    {
        m_proxy.terminate();
        m_proxy.waitForFinished();
    }

    /// The second version is spoken, many requests share a connection, and each is sent once.
    void theSecondVersionIsSpoken()
    {
        CurlTransport transport(trusting(certificate()));
        const qint64 before = m_server.counts().requests;
        std::vector<std::future<Result<HttpResponse>>> answers;
        for (int i = 0; i < 40; ++i)
            answers.push_back(std::async(std::launch::async, [&] { return ask(transport, url()); }));
        for (auto &answer : answers) {
            const auto response = answer.get();
            QVERIFY2(response, response ? "" : qPrintable(response.error().text()));
            QCOMPARE(response->status, 200);
            QCOMPARE(response->httpVersion, 20);
            QCOMPARE(response->resends, 0);
        }
        QCOMPARE(m_server.counts().requests - before, 40);
    }

    void anUnknownCertificateIsRefused()
    {
        CurlTransport transport;
        const qint64 before = m_server.counts().requests;
        const auto response = ask(transport, url());
        QVERIFY(!response);
        QCOMPARE(response.error().code, ErrorCode::Network);
        QVERIFY2(response.error().text().contains(u"could not be verified"_s), qPrintable(response.error().text()));
        QVERIFY(!response.error().text().contains(u"marker-key"_s));
        QCOMPARE(m_server.counts().requests, before);
    }

    void anotherNameIsRefused()
    {
        CurlTransport transport(trusting(certificate()));
        const auto response = ask(transport, url(u"localhost"_s));
        QVERIFY(!response);
        QVERIFY2(response.error().text().contains(u"could not be verified"_s), qPrintable(response.error().text()));
    }

    void settingsAreChecked()
    {
        const auto refused = [](const TransportSettings &settings) {
            const Status checked = settings.check();
            return !checked && checked.error().code == ErrorCode::InvalidInput &&
                   !checked.error().text().contains(u"secret"_s);
        };
        QVERIFY(TransportSettings{}.check());
        QVERIFY(trusting(certificate()).check());
        QVERIFY(refused(trusting(m_folder.filePath(u"key.pem"_s))));
        QVERIFY(refused(trusting(m_folder.filePath(u"missing.pem"_s))));
        QVERIFY(refused(trusting(m_folder.path())));
        QVERIFY((TransportSettings{u"http://127.0.0.1:3128"_s, {}, {}}.check()));
        QVERIFY(refused({u"http://me:secret@127.0.0.1:3128"_s, {}, {}}));
        QVERIFY(refused({u"127.0.0.1:3128"_s, {}, {}}));
        QVERIFY(refused({u"ftp://127.0.0.1"_s, {}, {}}));
    }
};

QTEST_GUILESS_MAIN(TestTls)
#include "tst_tls.moc"
