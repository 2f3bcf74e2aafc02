// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// dataset tag, decide, relabel, edits and undo-edit; review new --where.
#include "cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestDatasetChanges : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_project;

    Ran cli(const QString &command) { return run(onProject(m_project, command)); }
    qint64 count(const QString &where)
    {
        const Ran ran = run(onProject(m_project, u"dataset items set --limit 0"_s) + QStringList{u"--where"_s, where});
        return ran.code == 0 ? ran.json().at("total").get<qint64>() : -1;
    }

private Q_SLOTS:
    void init()
    {
        m_project = m_folder.filePath(u"p.evalwright"_s);
        QFile::remove(m_project);
        QFile file(m_folder.filePath(u"set.jsonl"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 10; ++i) {
            const QByteArray statement = "I like number " + QByteArray::number(i), label = i < 4 ? "Yes" : "No";
            file.write("{\"question\": \"Is the following statement something you would say?\\n\\\"" + statement +
                       "\\\"\", \"statement\": \"" + statement + "\", \"label_confidence\": 0." + QByteArray::number(i) +
                       ", \"answer_matching_behavior\": \" " + label + "\", \"answer_not_matching_behavior\": \" " +
                       (label == "Yes" ? "No" : "Yes") + "\"}\n");
        }
        file.close();
        QCOMPARE(run({u"project"_s, u"new"_s, m_project}).code, 0);
        const Ran imported = cli(u"import "_s + file.fileName());
        QVERIFY2(imported.code == 0, imported.err.constData());
    }

    void tags()
    {
        const Ran dry = cli(u"dataset tag set --where confidence:<0.5 --tag doubtful --dry-run"_s);
        QVERIFY2(dry.code == 0, dry.err.constData());
        QCOMPARE(dry.json().at("changed").get<int>(), 5);
        QCOMPARE(dry.json().at("dry_run").get<bool>(), true);
        QCOMPARE(count(u"tag:doubtful"_s), 0);
        const Ran tagged = cli(u"dataset tag set --where confidence:<0.5 --tag doubtful"_s);
        QCOMPARE(tagged.json(), (json{{"dataset", "set"}, {"tag", "doubtful"}, {"removed", false}, {"chosen", 5}, {"changed", 5}, {"dry_run", false}}));
        QCOMPARE(count(u"tag:doubtful"_s), 5);
        QCOMPARE(cli(u"dataset tag set --where state:all --tag doubtful"_s).json().at("changed").get<int>(), 5);
        QCOMPARE(cli(u"dataset tag set --where number:1..3 --tag doubtful --remove"_s).json().at("changed").get<int>(), 3);
        QCOMPARE(count(u"tag:doubtful"_s), 7);
        // Wrong use.
        QCOMPARE(cli(u"dataset tag set --tag x"_s).code, 2);
        const Ran colour = cli(u"dataset tag set --where colour:red --tag x"_s);
        QCOMPARE(colour.code, 2);
        QCOMPARE(colour.errorCode(), "invalid_input");
        QCOMPARE(cli(u"dataset tag set --where state:all --tag a,b"_s).code, 2);
        QCOMPARE(cli(u"dataset tag sett --where state:all --tag a"_s).code, 1);
        const Ran words = run({u"-p"_s, m_project, u"dataset"_s, u"tag"_s, u"set"_s, u"--where"_s, u"number:1"_s, u"--tag"_s, u"one more"_s});
        QCOMPARE(words.out, QByteArray("1 of 1 item tagged “one more”\n"));
    }

    void decisions()
    {
        QCOMPARE(cli(u"dataset decide set --where number:1..4 --reason odd"_s).code, 2);
        QCOMPARE(cli(u"dataset decide set --where number:1..4 --keep --reject --reason odd"_s).code, 2);
        QCOMPARE(cli(u"dataset decide set --where number:1..4 --reject"_s).code, 2);
        const Ran dry = cli(u"dataset decide set --where number:1..4 --reject --reason odd --dry-run"_s);
        QCOMPARE(dry.json().at("changed").get<int>(), 4);
        QCOMPARE(count(u"state:kept"_s), 10);
        const Ran ran = cli(u"dataset decide set --where number:1..4 --reject --reason \"too  odd\""_s);
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.json().at("changed").get<int>(), 4);
        QCOMPARE(ran.json().at("reason").get<std::string>(), "person:too odd");
        QCOMPARE(ran.json().at("keep").get<bool>(), false);
        QCOMPARE(count(u"state:rejected by:person reason:person"_s), 4);
        QCOMPARE(cli(u"dataset decide set --where state:rejected --keep --reason sorry"_s).json().at("changed").get<int>(), 4);
        QCOMPARE(count(u"state:kept"_s), 10);
    }

    void labelsAndTakingThemBack()
    {
        const Ran dry = cli(u"dataset relabel set --where state:all --label Yes --reason said --dry-run"_s);
        QVERIFY2(dry.code == 0, dry.err.constData());
        QCOMPARE(dry.json().at("changed").get<int>(), 6);
        QCOMPARE(dry.json().at("without_label").get<int>(), 4);
        QVERIFY(dry.json().at("batch").is_null());
        QVERIFY(cli(u"dataset edits set"_s).json().at("edits").empty());
        const Ran ran = cli(u"dataset relabel set --where state:all --label Yes --reason said"_s);
        const QString batch = QString::fromStdString(ran.json().at("batch").get<std::string>());
        QCOMPARE(count(u"edited:yes"_s), 6);
        const json edits = cli(u"dataset edits set"_s).json().at("edits");
        QCOMPARE(edits.size(), 1U);
        QCOMPARE(edits[0].at("batch").get<std::string>(), batch.toStdString());
        QCOMPARE(edits[0].at("items").get<int>(), 6);
        QCOMPARE(edits[0].at("actor").get<std::string>(), "person");
        QCOMPARE(edits[0].at("reason").get<std::string>(), "said");
        // One of them gets its label back before.
        QCOMPARE(cli(u"dataset relabel set --where number:7 --label No --reason no"_s).json().at("changed").get<int>(), 1);
        const json would = cli(u"dataset undo-edit %1 --dry-run"_s.arg(batch)).json();
        QCOMPARE(would, (json{{"undone", 5}, {"changed_since", 1}, {"batch", nullptr}, {"dry_run", true}}));
        QCOMPARE(cli(u"dataset edits set"_s).json().at("edits").size(), 2U);
        const Ran undone = cli(u"dataset undo-edit "_s + batch);
        QCOMPARE(undone.json().at("undone").get<int>(), 5);
        const json after = cli(u"dataset edits set"_s).json().at("edits");
        QCOMPARE(after.size(), 3U);
        QCOMPARE(after[0].at("batch"), undone.json().at("batch"));
        const json item = cli(u"dataset items set --where number:9 --provenance"_s).json().at("items")[0];
        QCOMPARE(item.at("answer_matching_behavior").get<std::string>(), " No");
        QCOMPARE(item.at("provenance").at("edits").size(), 2U);
        const Ran unknown = cli(u"dataset undo-edit 0b0f2b1e"_s);
        QCOMPARE(unknown.code, 1);
        QCOMPARE(unknown.errorCode(), "not_found");
        QCOMPARE(cli(u"dataset edits nothing"_s).code, 1);
    }

    /// Lint looks at a thousand items with the change; of more it is said that it did not.
    void lintIsSaidToBeOld()
    {
        QVERIFY(cli(u"lint set"_s).code != 2); // It looks at the items as they are.
        const auto relabel = [this](const QString &set, const QString &where, const QString &label) {
            return QStringList{u"-p"_s, m_project, u"dataset"_s, u"relabel"_s, set, u"--where"_s, where, u"--label"_s, label, u"--reason"_s, u"r"_s};
        };
        const Ran one = run(relabel(u"set"_s, u"number:1"_s, u"No"_s));
        QCOMPARE(one.code, 0);
        QVERIFY2(one.err.isEmpty(), one.err.constData());
        QVERIFY2(one.out.contains("undo-edit"), one.out.constData());
        QByteArray rows;
        for (int i = 0; i < 1100; ++i) {
            const QByteArray text = "I like the number " + QByteArray::number(i) + " ";
            rows += "{\"question\": \"Is it yours?\\n\\\"" + text + "\\\"\", \"statement\": \"" + text +
                    "\", \"label_confidence\": 0.9, \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n";
        }
        QFile file(m_folder.filePath(u"many.jsonl"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(rows) == rows.size());
        file.close();
        QCOMPARE(run({u"-p"_s, m_project, u"import"_s, file.fileName()}).code, 0);
        QVERIFY(cli(u"lint many"_s).code != 2);
        const QStringList many = relabel(u"many"_s, u"number:0..2000"_s, u"No"_s);
        const Ran dry = run(many + QStringList{u"--dry-run"_s});
        QCOMPARE(dry.out, QByteArray("1100 items would be given the matching answer “No”\n"));
        QVERIFY2(dry.err.isEmpty(), dry.err.constData());
        const Ran ran = run(many);
        QCOMPARE(ran.code, 0);
        QVERIFY2(ran.err.contains("evalwright-cli lint many"), ran.err.constData());
        // What changed nothing makes nothing old.
        QVERIFY(run(many).err.isEmpty());
    }

    void reviewsOfChosenItems()
    {
        QCOMPARE(cli(u"dataset tag set --where number:2..4 --tag doubtful"_s).code, 0);
        const Ran ran = cli(u"review new set --where tag:doubtful --sample all --raters 2 --per-item 2"_s);
        QVERIFY2(ran.code == 0, ran.err.constData());
        QCOMPARE(ran.json().at("items").get<int>(), 3);
        const Ran none = cli(u"review new set --where tag:nothing --sample all"_s);
        QCOMPARE(none.code, 1);
        QCOMPARE(none.errorCode(), "invalid_input");
        QVERIFY(cli(u"review new set --where colour:red"_s).code != 0);
    }
};

QTEST_GUILESS_MAIN(TestDatasetChanges)
#include "tst_datasetchanges.moc"
