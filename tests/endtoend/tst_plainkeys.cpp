// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// The address is one of those that are kept for examples: nobody is there, and nothing must be sent to it.
class TestPlainKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aKeyIsNotSentInPlainUnlessAllowed()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(u"p.evalwright"_s);
        const QStringList around{u"EVALWRIGHT_DATA_DIR="_s + folder.filePath(u"data"_s),
                                 u"PLAIN_TEST_KEY=marker-key-123"_s};
        QVERIFY(makeProject(file, u"http://192.0.2.1:8000/v1"_s, {u"--key-env"_s, u"PLAIN_TEST_KEY"_s}));
        const Ran refused = run(generateInto(file), around);
        QCOMPARE(refused.code, 1);
        QCOMPARE(refused.errorCode(), std::string("authentication"));
        QVERIFY2(refused.err.contains("could be read on the way"), refused.err.constData());
        QVERIFY(refused.err.contains("model allow-plain-http fake"));
        QVERIFY(!QFile::exists(folder.filePath(u"data/plain-http.txt"_s)));

        const Ran allowed = run(onProject(file, u"model allow-plain-http fake"_s), around);
        QVERIFY2(allowed.code == 0, allowed.err.constData());
        QCOMPARE(allowed.json()["allowed"], true);
        QFile list(folder.filePath(u"data/plain-http.txt"_s));
        QVERIFY(list.open(QIODevice::ReadOnly));
        QCOMPARE(list.readAll(), "192.0.2.1:8000\n");
    }

    void addingCanAllowIt()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(u"p.evalwright"_s);
        const QStringList around{u"EVALWRIGHT_DATA_DIR="_s + folder.filePath(u"data"_s)};
        QCOMPARE(run(onProject(file, u"project new "_s + file)).code, 0);
        const auto add = [&](const QString &name, const QString &url) {
            return run(onProject(file, u"model add %1 --base-url %2 --model m --key-env K --allow-plain-http"_s.arg(
                                           name, url)),
                       around)
                .code;
        };
        QCOMPARE(add(u"here"_s, u"http://127.0.0.1:1"_s), 0);
        QCOMPARE(add(u"safe"_s, u"https://api.example.org"_s), 0);
        QVERIFY(!QFile::exists(folder.filePath(u"data/plain-http.txt"_s))); // Nothing to allow.
        QCOMPARE(run(onProject(file, u"model allow-plain-http here"_s), around).code, 1);
        QCOMPARE(add(u"open"_s, u"http://192.0.2.1:8000"_s), 0);
        QVERIFY(QFile::exists(folder.filePath(u"data/plain-http.txt"_s)));
    }
};

QTEST_GUILESS_MAIN(TestPlainKeys)
#include "tst_plainkeys.moc"
