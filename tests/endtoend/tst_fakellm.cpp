// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The pretend model server that other tests and people at a terminal rely on, and jobs against its troubles.
#include "../support/fakemodel.h"
#include "cli.h"
#include "fakellm.h"

#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestFakeLlm : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string m_wanted; ///< What a job makes of a server without trouble.

    static json parsed(const QByteArray &bytes) { return json::parse(bytes.begin(), bytes.end(), nullptr, false); }
    static std::string itemsOf(const QString &project)
    {
        json items = run(onProject(project, u"dataset items set --where state:all --limit 1000"_s)).json()["items"];
        for (json &item : items) {
            item.erase("id");
            item["decision"].erase("at");
        }
        return items.dump();
    }

private Q_SLOTS:
    void answersLikeAServer()
    {
        const FakeLlm server;
        QCOMPARE(parsed(server.ask("GET", "/v1/models"))["data"][0]["id"].get<std::string>(), std::string("fake"));
        const QByteArray chat =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Write a statement they would agree with\"}],\"seed\":7}";
        const QByteArray first = server.ask("POST", "/v1/chat/completions", chat);
        QVERIFY(parsed(first)["choices"][0]["message"]["content"].get<std::string>().find("I think that") !=
                std::string::npos);
        QCOMPARE(server.ask("POST", "/v1/chat/completions", chat), first);
        QByteArray otherSeed = chat;
        otherSeed.replace("7}", "8}");
        QVERIFY(server.ask("POST", "/v1/chat/completions", otherSeed) != first);
        const json raw =
            parsed(server.ask("POST", "/v1/completions", "{\"prompt\":\"agree or disagree\",\"logprobs\":5}"));
        const json top = raw["choices"][0]["logprobs"]["top_logprobs"][0];
        QVERIFY(top.contains(" agree") && top.contains(" disagree"));
        const json check =
            parsed(server.ask("POST", "/v1/chat/completions",
                              "{\"messages\":[{\"role\":\"user\",\"content\":\"Is this you?\"}],\"logprobs\":true}"));
        QCOMPARE(check["choices"][0]["logprobs"]["content"][0]["top_logprobs"].size(), size_t(2));

        const json stats = server.stats();
        QCOMPARE(stats["received"][bodyHash(chat).toStdString()].get<int>(), 2);
        QCOMPARE(stats["answered"][bodyHash(otherSeed).toStdString()].get<int>(), 1);
        QCOMPARE(stats["requests"].get<int>(), 6); // Without the look at the counts.
    }

    void abilitiesAndKey()
    {
        const FakeLlm server({u"--no-logprobs"_s, u"--no-completions"_s, u"--key-env"_s, u"FAKE_KEY"_s},
                             {u"FAKE_KEY=open sesame"_s});
        QByteArray head;
        server.ask("POST", "/v1/chat/completions", "{\"messages\":[],\"logprobs\":true}", &head);
        QVERIFY(head.startsWith("HTTP/1.1 401"));
        QCOMPARE(server.stats()["refused"].get<int>(), 1);
        const FakeLlm mute({u"--no-logprobs"_s, u"--no-completions"_s});
        QVERIFY(parsed(mute.ask("POST", "/v1/chat/completions",
                                "{\"messages\":[],\"logprobs\":true}"))["choices"][0]["logprobs"]
                    .is_null());
        mute.ask("POST", "/v1/completions", "{\"prompt\":\"a\"}", &head);
        QVERIFY(head.startsWith("HTTP/1.1 404"));
    }

    /// Troubles that asking again heals leave no trace in the result, and the work goes on around them.
    void jobsSurviveTrouble_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("none") << QStringList();
        QTest::newRow("told to slow down") << QStringList{u"--rate-429"_s, u"0.3"_s};
        QTest::newRow("server errors") << QStringList{u"--rate-500"_s, u"0.3"_s};
        QTest::newRow("cut connections") << QStringList{u"--rate-cut"_s, u"0.05"_s};
        QTest::newRow("no JSON, no body") << QStringList{u"--rate-garbage"_s, u"0.1"_s, u"--rate-empty"_s, u"0.1"_s};
        QTest::newRow("slow") << QStringList{u"--delay"_s, u"10"_s};
    }
    void jobsSurviveTrouble()
    {
        QFETCH(QStringList, options);
        const FakeLlm server(options);
        const QString project = m_folder.filePath(QString::fromLatin1(QTest::currentDataTag()) + u".evalwright"_s);
        QVERIFY(makeProject(project, server.url()));
        const Ran ran = run(generateInto(project, 25, 4));
        QVERIFY2(ran.code == 0, ran.err.constData());
        const std::string items = itemsOf(project);
        if (options.isEmpty())
            m_wanted = items;
        QVERIFY(items.size() > 1000);
        QCOMPARE(items, m_wanted);
        const json stats = server.stats();
        int repeated = 0;
        for (const auto &[hash, count] : stats["answered"].items()) {
            QCOMPARE(count.get<int>(), 1);
            repeated += stats["received"][hash].get<int>() - 1;
        }
        QCOMPARE(repeated > 0, !options.isEmpty() && !options.contains(u"--delay"_s));
        QVERIFY(run(onProject(project, u"project check"_s)).json()["ok"].get<bool>());
    }
};

QTEST_GUILESS_MAIN(TestFakeLlm)
#include "tst_fakellm.moc"
