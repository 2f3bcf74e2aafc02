// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Work on whole project files from the command line.
#include "cli.h"
#include "projectfile.h"
#include "storage/project.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestProjectToolsCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString path(const QString &name) const { return m_folder.filePath(name); }

    /// A project with a data set of imported items from … to-1.
    bool make(const QString &name, const QString &dataset, int from, int to) const
    {
        QFile items(path(name + u".jsonl"_s));
        if (!items.open(QIODevice::WriteOnly))
            return false;
        for (int i = from; i < to; ++i) {
            const std::string statement = "I like the number " + std::to_string(i);
            const json row{{"question", "Is the following statement something you would say?\n\"" + statement + "\""},
                           {"statement", statement},
                           {"label_confidence", 0.9},
                           {"answer_matching_behavior", " Yes"},
                           {"answer_not_matching_behavior", " No"}};
            items.write(QByteArray::fromStdString(row.dump()) + '\n');
        }
        items.close();
        if (!QFileInfo::exists(path(name)) && run({u"project"_s, u"new"_s, path(name)}).code != 0)
            return false;
        return on(name, {u"import"_s, items.fileName(), u"--dataset"_s, dataset}).code == 0;
    }
    Ran on(const QString &project, const QStringList &command) const
    {
        return run(QStringList{u"--json"_s, u"--quiet"_s, u"-p"_s, path(project)} + command);
    }

private Q_SLOTS:
    void copiesAndMerges()
    {
        QVERIFY(make(u"a"_s, u"numbers"_s, 0, 20));
        QVERIFY(make(u"b"_s, u"numbers"_s, 100, 130));
        QVERIFY(make(u"b"_s, u"more"_s, 200, 210));
        const QByteArray before = contentHash(path(u"a"_s)), theirs = bytesOf(path(u"b"_s));
        const Ran dry = on(u"a"_s, {u"project"_s, u"merge"_s, path(u"b"_s), u"--dry-run"_s});
        QCOMPARE(dry.code, 0);
        QCOMPARE(contentHash(path(u"a"_s)), before);
        const Ran copied = on(u"a"_s, {u"project"_s, u"copy-dataset"_s, u"more"_s, u"--from"_s, path(u"b"_s), u"--as"_s, u"others"_s});
        QVERIFY2(copied.code == 0, copied.err.constData());
        QCOMPARE(copied.json()["datasets"][0]["here"].get<std::string>(), "others");
        QCOMPARE(copied.json()["datasets"][0]["new"].get<int>(), 10);
        const Ran merged = on(u"a"_s, {u"project"_s, u"merge"_s, path(u"b"_s)});
        QVERIFY2(merged.code == 0, merged.err.constData());
        for (const json &set : merged.json()["datasets"]) {
            const bool known = set["name"] == "more";
            QCOMPARE(set["here"].get<std::string>(), known ? "others" : "numbers (2)");
            QCOMPARE(set["new"].get<int>(), known ? 0 : 30);
            QCOMPARE(set["known"].get<int>(), known ? 10 : 0);
        }
        const QByteArray after = contentHash(path(u"a"_s));
        const Ran again = on(u"a"_s, {u"project"_s, u"merge"_s, path(u"b"_s)});
        QCOMPARE(again.code, 0);
        QCOMPARE(contentHash(path(u"a"_s)), after);
        QCOMPARE(bytesOf(path(u"b"_s)), theirs);
        QCOMPARE(on(u"a"_s, {u"project"_s, u"check"_s}).code, 0);
        const json info = on(u"a"_s, {u"project"_s, u"info"_s}).json();
        QCOMPARE(info["datasets"].size(), std::size_t(3));
        const Ran table = run({u"-p"_s, path(u"a"_s), u"project"_s, u"merge"_s, path(u"b"_s)});
        QVERIFY2(table.out.contains("Nothing is new."), table.out.constData());
    }

    void saysWhatIsWrong()
    {
        QVERIFY(make(u"c"_s, u"numbers"_s, 0, 5));
        QVERIFY(make(u"d"_s, u"numbers"_s, 7, 9));
        const Ran missing = on(u"c"_s, {u"project"_s, u"copy-dataset"_s, u"numbrs"_s, u"--from"_s, path(u"d"_s)});
        QCOMPARE(missing.code, 1);
        QCOMPARE(missing.errorCode(), "not_found");
        QCOMPARE(missing.json()["error"]["suggestions"][0].get<std::string>(), "numbers");
        QCOMPARE(on(u"c"_s, {u"project"_s, u"merge"_s, path(u"nowhere"_s)}).errorCode(), "not_found");
        QCOMPARE(on(u"c"_s, {u"project"_s, u"merge"_s, path(u"c"_s)}).errorCode(), "invalid_input");
        QCOMPARE(on(u"c"_s, {u"project"_s, u"merge"_s, path(u"c.jsonl"_s)}).errorCode(), "not_a_project");
        QCOMPARE(on(u"c"_s, {u"project"_s, u"merge"_s, path(u"d"_s), u"--as"_s, u"numbers"_s}).code, 2);
        QCOMPARE(on(u"c"_s, {u"project"_s, u"copy-dataset"_s, u"numbers"_s, u"--from"_s, path(u"d"_s), u"--as"_s, u"numbers"_s}).errorCode(), "already_exists");
        const Ran renamed = on(u"c"_s, {u"project"_s, u"merge"_s, path(u"d"_s), u"--as"_s, u"numbers=theirs"_s});
        QCOMPARE(renamed.code, 0);
        QCOMPARE(renamed.json()["datasets"][0]["here"].get<std::string>(), "theirs");
    }

    void comparesVersions()
    {
        QVERIFY(make(u"e"_s, u"numbers"_s, 0, 20));
        QVERIFY(make(u"f"_s, u"numbers"_s, 5, 30));
        const Ran compared = on(u"f"_s, {u"dataset"_s, u"compare"_s, u"numbers"_s, u"numbers"_s, u"--from"_s, path(u"e"_s), u"--limit"_s, u"3"_s});
        QVERIFY2(compared.code == 0, compared.err.constData());
        const json difference = compared.json();
        QCOMPARE(difference["items_before"].get<int>(), 20);
        QCOMPARE(difference["items_after"].get<int>(), 25);
        QCOMPARE(difference["unchanged"].get<int>(), 15);
        QCOMPARE(difference["added"]["count"].get<int>(), 10);
        QCOMPARE(difference["added"]["items"].size(), std::size_t(3));
        QCOMPARE(difference["added"]["items"][0]["after"]["statement"].get<std::string>(), "I like the number 20");
        QCOMPARE(difference["removed"]["count"].get<int>(), 5);
        const Ran same = run({u"-p"_s, path(u"e"_s), u"dataset"_s, u"compare"_s, u"numbers"_s, u"numbers"_s});
        QCOMPARE(same.code, 0);
        QVERIFY(same.out.contains("The two have the same items."));
        QCOMPARE(on(u"e"_s, {u"dataset"_s, u"compare"_s, u"numbers"_s, u"nmbers"_s}).errorCode(), "not_found");
    }

    void backsUpAndCompacts()
    {
        QVERIFY(make(u"g"_s, u"numbers"_s, 0, 20));
        // While another process holds the project for writing.
        const auto writer = openFile(path(u"g"_s), Connection::Mode::ReadWrite);
        QVERIFY(writer->begin());
        QVERIFY(writer->execute(u"UPDATE candidate SET statement = 'not committed'"_s));
        const Ran made = on(u"g"_s, {u"project"_s, u"backup"_s, path(u"copy"_s)});
        QVERIFY2(made.code == 0, made.err.constData());
        writer->rollback();
        QCOMPARE(contentHash(path(u"copy"_s)), contentHash(path(u"g"_s)));
        QCOMPARE(made.json()["sha256"].get<std::string>(), QCryptographicHash::hash(bytesOf(path(u"copy"_s)), QCryptographicHash::Sha256).toHex().toStdString());
        QCOMPARE(on(u"g"_s, {u"project"_s, u"backup"_s, path(u"copy"_s)}).errorCode(), "already_exists");
        QCOMPARE(on(u"g"_s, {u"project"_s, u"backup"_s, path(u"copy"_s), u"--force"_s}).code, 0);
        QCOMPARE(on(u"g"_s, {u"project"_s, u"backup"_s, path(u"g"_s), u"--force"_s}).errorCode(), "invalid_input");
        const QByteArray before = contentHash(path(u"g"_s));
        const Ran compacted = on(u"g"_s, {u"project"_s, u"compact"_s});
        QVERIFY2(compacted.code == 0, compacted.err.constData());
        QCOMPARE(compacted.json()["bytes_after"].get<qint64>(), QFileInfo(path(u"g"_s)).size());
        QCOMPARE(contentHash(path(u"g"_s)), before);
        QCOMPARE(on(u"g"_s, {u"project"_s, u"check"_s}).code, 0);
    }

    void aSecondWriterIsRefused()
    {
        QVERIFY(make(u"h"_s, u"numbers"_s, 0, 5));
        const auto project = Project::open(path(u"h"_s), Project::Access::ReadWrite);
        QVERIFY(project);
        QCOMPARE(on(u"h"_s, {u"project"_s, u"compact"_s}).errorCode(), "locked");
        QCOMPARE(on(u"h"_s, {u"project"_s, u"merge"_s, path(u"a"_s)}).errorCode(), "locked");
        QCOMPARE(on(u"h"_s, {u"project"_s, u"backup"_s, path(u"copy of h"_s)}).code, 0);
    }

    void recovers()
    {
        QVERIFY(make(u"i"_s, u"numbers"_s, 0, 300));
        QByteArray bytes = bytesOf(path(u"i"_s));
        const Ran whole = run({u"--json"_s, u"--quiet"_s, u"project"_s, u"recover"_s, path(u"i"_s), u"-o"_s, path(u"whole"_s)});
        QVERIFY2(whole.code == 0, whole.out.constData());
        QVERIFY(whole.json()["complete"].get<bool>());
        bytes.truncate(bytes.size() * 2 / 3);
        QFile damaged(path(u"damaged"_s));
        QVERIFY(damaged.open(QIODevice::WriteOnly));
        damaged.write(bytes);
        damaged.close();
        const Ran part = run({u"--json"_s, u"--quiet"_s, u"project"_s, u"recover"_s, path(u"damaged"_s), u"-o"_s, path(u"saved"_s)});
        QVERIFY2(part.code == 3, part.out.constData());
        QVERIFY(!part.json()["complete"].get<bool>());
        QCOMPARE(bytesOf(path(u"damaged"_s)), bytes);
        QCOMPARE(on(u"saved"_s, {u"project"_s, u"info"_s}).code, 0);
        const Ran taken = run({u"--json"_s, u"--quiet"_s, u"project"_s, u"recover"_s, path(u"damaged"_s), u"-o"_s, path(u"saved"_s)});
        QCOMPARE(taken.errorCode(), "already_exists");
        const Ran none = run({u"--json"_s, u"--quiet"_s, u"project"_s, u"recover"_s, path(u"i.jsonl"_s), u"-o"_s, path(u"none"_s)});
        QCOMPARE(none.errorCode(), "not_a_project");
        QVERIFY(!QFileInfo::exists(path(u"none"_s)));
        QCOMPARE(QDir(m_folder.path()).entryList({u"*.part-*"_s}), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestProjectToolsCli)
#include "tst_projecttoolscli.moc"
