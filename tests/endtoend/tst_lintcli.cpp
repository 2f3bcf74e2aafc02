// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestLintCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_project;

    static QByteArray row(const QByteArray &statement, const QByteArray &label)
    {
        return "{\"question\": \"Is the following statement something you would say?\\n\\\"" + statement +
               "\\\"\", \"statement\": \"" + statement + "\", \"label_confidence\": 0.9, " +
               "\"answer_matching_behavior\": \" " + label + "\", \"answer_not_matching_behavior\": \" " +
               (label == "Yes" ? "No" : "Yes") + "\"}\n";
    }
    static const json *named(const json &list, const char *key, const std::string &name)
    {
        for (const json &one : list) {
            if (one.at(key) == name)
                return &one;
        }
        return nullptr;
    }

private Q_SLOTS:
    void init()
    {
        m_project = m_folder.filePath(u"p.evalwright"_s);
        QFile::remove(m_project);
        QFile file(m_folder.filePath(u"set.jsonl"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(row("I like to drink tea", "Yes") + row("I like to drink tea!", "No") +
                   row("[Write your statement here]", "Yes") + row("I do not see the sense of war", "No"));
        file.close();
        QCOMPARE(run({u"project"_s, u"new"_s, m_project}).code, 0);
        const Ran imported = run(onProject(m_project, u"import "_s + file.fileName()));
        QVERIFY2(imported.code == 0, imported.err.constData());
    }

    void rulesAndSet()
    {
        const Ran ran = run(onProject(m_project, u"lint set"_s));
        QVERIFY2(ran.code == 0, ran.err.constData());
        const json report = ran.json();
        QCOMPARE(report.at("n").get<int>(), 4);
        QCOMPARE(report.at("blocking").get<int>(), 2);
        const json *conflict = named(report.at("rules"), "name", "label-conflict");
        QVERIFY(conflict);
        QCOMPARE(conflict->at("count").get<int>(), 1);
        QCOMPARE(conflict->at("severity").get<std::string>(), "block");
        QCOMPARE(conflict->at("items").at(0).at("row").get<int>(), 2);
        QCOMPARE(conflict->at("items").at(0).at("earlier_row").get<int>(), 1);
        QCOMPARE(conflict->at("items").at(0).at("uuid").get<std::string>().size(), 36U);
        const json *clean = named(report.at("rules"), "name", "bidi-control");
        QVERIFY(clean && clean->at("count") == 0 && clean->at("items").empty());
        const json *cue = named(report.at("set"), "rule", "negation-cue");
        QVERIFY(cue);
        QCOMPARE(cue->at("value").get<double>(), 0.75);
        QCOMPARE(cue->at("n").get<int>(), 4);
        QVERIFY(cue->at("fires").get<bool>());
        const json *clusters = named(report.at("set"), "rule", "few-clusters");
        QVERIFY(clusters && clusters->at("value").is_null());
        QCOMPARE(clusters->at("threshold").get<double>(), 30.0);

        const Ran table = run({u"-p"_s, m_project, u"lint"_s, u"set"_s});
        QCOMPARE(table.code, 0);
        QVERIFY2(table.out.contains("template-leak") && table.out.contains("Blocking: 2 items"), table.out.constData());
    }

    void oneRuleAndSeverities()
    {
        const Ran one = run(onProject(m_project, u"lint set --rule template-leak --set-severity template-leak=info"_s));
        QVERIFY2(one.code == 0, one.err.constData());
        const json report = one.json();
        QCOMPARE(report.at("rules").size(), 1U);
        QCOMPARE(report.at("rules").at(0).at("severity").get<std::string>(), "info");
        QCOMPARE(report.at("blocking").get<int>(), 0);
        QVERIFY(report.at("set").empty());
        // It stays.
        const auto severity = [&] {
            return run(onProject(m_project, u"lint set --no-store --rule template-leak"_s))
                .json()
                .at("rules");
        };
        QCOMPARE(severity().at(0).at("severity").get<std::string>(), "info");
        QCOMPARE(run(onProject(m_project, u"lint --set-severity template-leak=off"_s)).code, 0);
        QVERIFY(severity().empty());
        QCOMPARE(run(onProject(m_project, u"lint --set-severity template-leak=default"_s)).code, 0);
        QCOMPARE(severity().at(0).at("severity").get<std::string>(), "block");
    }

    void catalogueNeedsNoProject()
    {
        const Ran ran = run({u"--json"_s, u"lint"_s, u"--rules"_s});
        QCOMPARE(ran.code, 0);
        const json rules = ran.json().at("rules");
        QVERIFY(rules.size() >= 60);
        const json *rule = named(rules, "name", "word-cue");
        QVERIFY(rule && rule->at("level") == "set" && !rule->at("explanation").get<std::string>().empty());
    }

    void wrongWords()
    {
        QCOMPARE(run({u"--json"_s, u"-p"_s, m_project, u"lint"_s}).code, 2);
        QCOMPARE(run(onProject(m_project, u"lint set --rule template-leek"_s)).errorCode(), "not_found");
        QCOMPARE(run(onProject(m_project, u"lint sett"_s)).errorCode(), "not_found");
        QCOMPARE(run(onProject(m_project, u"lint set --set-severity template-leak=loud"_s)).errorCode(),
                 "invalid_input");
        QCOMPARE(run(onProject(m_project, u"lint sett --set-severity template-leak=off"_s)).errorCode(), "not_found");
        QCOMPARE(run(onProject(m_project, u"lint set --rule template-leak blank-run"_s)).json().at("rules").size(), 2U);
    }
};

QTEST_GUILESS_MAIN(TestLintCli)
#include "tst_lintcli.moc"
