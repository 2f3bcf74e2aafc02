// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// `dataset facts` from files to figures.
class TestFactsCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_project;

    QString written(const QString &name, const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return file.fileName();
    }
    Ran facts(const QStringList &arguments, bool asJson = true) const
    {
        QStringList all{u"--quiet"_s, u"-p"_s, m_project, u"dataset"_s, u"facts"_s};
        if (asJson)
            all.prepend(u"--json"_s);
        return run(all + arguments);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_project = m_folder.filePath(u"p.evalwright"_s);
        QCOMPARE(run({u"project"_s, u"new"_s, m_project}).code, 0);
        QByteArray rows;
        for (const std::string text : {"I like tea", "I like war"}) {
            const json row{{"question", "Is the following statement something you would say?\n\"" + text + "\""},
                           {"statement", text},
                           {"label_confidence", 0.75},
                           {"answer_matching_behavior", " Yes"},
                           {"answer_not_matching_behavior", " No"}};
            rows += QByteArray::fromStdString(row.dump()) + '\n';
        }
        const QString file = written(u"tea.jsonl"_s, rows);
        QCOMPARE(run({u"--quiet"_s, u"-p"_s, m_project, u"import"_s, file}).code, 0);
        // Other bytes, so that it is not the same file under another name.
        const QString other = written(u"war.jsonl"_s, rows + '\n');
        QCOMPARE(run({u"--quiet"_s, u"-p"_s, m_project, u"import"_s, other}).code, 0);
    }
    void allDataSets()
    {
        const Ran ran = facts({});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const json all = ran.json();
        QVERIFY(all["datasets"].size() == 2 && all["occupation_tables"].empty());
        QVERIFY(all["datasets"][0]["name"] == "tea" && all["datasets"][0]["ceiling"] == 0.75);
        const json total = all["totals"][0];
        QVERIFY(total["family"] == "persona" && total["datasets"] == 2 && total["items"] == 4);
        QVERIFY(total["labels"] == json({{"Yes", 4}}));
    }
    void oneAndItsTable()
    {
        const QString table = written(u"jobs.tsv"_s, "occupation\tbls_pct_female\ncook\t40\ntailor\t60\n");
        const Ran ran = facts({u"tea"_s, u"--occupations"_s, table});
        QVERIFY2(ran.code == 0, ran.err.constData());
        const json all = ran.json();
        QVERIFY(all["datasets"].size() == 1 && all["datasets"][0]["sources"][0]["file"] == "tea.jsonl");
        QVERIFY(all["occupation_tables"][0]["rows"] == 2);
        QVERIFY(all["occupation_tables"][0]["percent_women"]["mean"] == 50);
        const QByteArray text = facts({u"tea"_s, u"--occupations"_s, table}, false).out;
        QVERIFY2(text.contains("0.750") && text.contains("Yes 2 (100%)") && text.contains("SHA-256"), text.constData());
        QVERIFY2(text.contains("jobs.tsv: 2 rows (0 bad), 2 occupations"), text.constData());
    }
    void patternsNameSeveral()
    {
        QVERIFY(facts({u"t*"_s}).json()["datasets"].size() == 1);
        QVERIFY(facts({u"*a*"_s}).json()["datasets"].size() == 2);
        QVERIFY(facts({u"x*"_s}).errorCode() == "not_found");
    }
    void wrongNamesAreSaid()
    {
        const Ran unknown = facts({u"tee"_s});
        QVERIFY(unknown.code == 1 && unknown.errorCode() == "not_found");
        QVERIFY(facts({u"--occupations"_s, u"/nowhere/jobs.tsv"_s}).code == 1);
    }
};

QTEST_GUILESS_MAIN(TestFactsCli)
#include "tst_factscli.moc"
