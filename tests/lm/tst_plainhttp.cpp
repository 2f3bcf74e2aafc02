// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/standardaccess.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

class OneSecret final : public SecretStore
{
public:
    QByteArray secret(const QString &) const override { return "marker-key-123"; }
};

Model at(const QString &url, bool withKey = true)
{
    Model model;
    model.name = u"m"_s;
    model.baseUrl = url;
    model.keyEnv = withKey ? u"SOME_KEY"_s : QString();
    return model;
}

} // namespace

class TestPlainHttp : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    OneSecret m_secrets;

private Q_SLOTS:
    void whereAKeyCouldBeRead_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("readable");
        QTest::newRow("https") << u"https://api.example.org/v1"_s << false;
        QTest::newRow("http") << u"http://api.example.org/v1"_s << true;
        QTest::newRow("capitals") << u"HTTP://API.example.org"_s << true;
        QTest::newRow("local network") << u"http://192.168.1.5:8000"_s << true;
        QTest::newRow("here") << u"http://127.0.0.1:8000"_s << false;
        QTest::newRow("also here") << u"http://127.8.8.8"_s << false;
        QTest::newRow("here by name") << u"http://LocalHost:11434/v1"_s << false;
        QTest::newRow("here, six") << u"http://[::1]:8000"_s << false;
        QTest::newRow("a name that only looks so") << u"http://localhost.example.org"_s << true;
        QTest::newRow("a name that begins so") << u"http://127.0.0.1.example.org"_s << true;
    }
    void whereAKeyCouldBeRead()
    {
        QFETCH(const QString, url);
        QFETCH(const bool, readable);
        QCOMPARE(isReadableOnTheWay(url), readable);
        const PlainHttpPermissions none(m_folder.filePath(u"none.txt"_s));
        const auto connected = StandardAccess(nullptr, &m_secrets, none).connect(at(url), {});
        QCOMPARE(connected.has_value(), !readable);
        if (!connected) {
            QCOMPARE(connected.error().code, ErrorCode::Authentication);
            QVERIFY(connected.error().advice.contains(u"allow-plain-http m"_s));
            QVERIFY(connected.error().advice.contains(u"tunnel"_s));
            QVERIFY(!connected.error().text().contains(u"marker-key"_s));
        }
        // Without a key there is nothing to read.
        QVERIFY(StandardAccess(nullptr, &m_secrets, none).connect(at(url, false), {}));
    }

    void aPermissionIsForOneServer()
    {
        const PlainHttpPermissions some(m_folder.filePath(u"deep/some.txt"_s));
        QVERIFY(some.allow(u"http://Box.local:8000/v1"_s));
        QVERIFY(some.allow(u"http://box.local:8000"_s)); // Known already.
        QFile file(some.file());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), "box.local:8000\n");
        const auto reaches = [&](const QString &url) {
            return StandardAccess(nullptr, &m_secrets, some).connect(at(url), {}).has_value();
        };
        QVERIFY(reaches(u"http://box.local:8000/v1"_s));
        QVERIFY(!reaches(u"http://box.local:8001/v1"_s));
        QVERIFY(!reaches(u"http://other.local:8000/v1"_s));
        QVERIFY(!reaches(u"http://xbox.local:8000/v1"_s));
    }

    void whatCannotBeStoredIsAnError()
    {
        QFile blocking(m_folder.filePath(u"file"_s));
        QVERIFY(blocking.open(QIODevice::WriteOnly));
        const auto stored = PlainHttpPermissions(m_folder.filePath(u"file/p.txt"_s)).allow(u"http://box.local"_s);
        QVERIFY(!stored);
        QCOMPARE(stored.error().code, ErrorCode::Storage);
    }
};

QTEST_GUILESS_MAIN(TestPlainHttp)
#include "tst_plainhttp.moc"
