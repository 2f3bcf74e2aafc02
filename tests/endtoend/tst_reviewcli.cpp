// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reviews on the command line: begun, bundled, looked at, exported.
#include "cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestReviewCli : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_project;

    Ran review(const QString &words) const { return run(onProject(m_project, u"review "_s + words)); }
    QString path(const QString &name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void init()
    {
        m_project = path(u"p.evalwright"_s);
        QFile::remove(m_project);
        QFile file(path(u"set.jsonl"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 20; ++i)
            file.write("{\"question\": \"Is number " + QByteArray::number(i) +
                       " right?\", \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n");
        file.close();
        QCOMPARE(run({u"project"_s, u"new"_s, m_project}).code, 0);
        QCOMPARE(run(onProject(m_project, u"import "_s + file.fileName())).code, 0);
    }

    void aReviewIsBegunAndListed()
    {
        const Ran made = review(u"new set --items 8 --raters 2 --repeats 0"_s);
        QVERIFY2(made.code == 0, made.err.constData());
        QCOMPARE(made.json().at("items").get<int>(), 8);
        QCOMPARE(made.json().at("ratings").get<int>(), 16);
        const json listed = review(u"list set"_s).json().at("reviews");
        QCOMPARE(listed.size(), 1U);
        QCOMPARE(listed.at(0).at("rated").get<int>(), 0);
        const json agreement = review(u"agreement set"_s).json();
        QVERIFY(agreement.at("fleiss_kappa").is_null());
        QVERIFY(agreement.at("krippendorff_alpha").at("value").is_null());
        QCOMPARE(review(u"apply set"_s).code, 2);
        QCOMPARE(review(u"apply set --broken 1 --dry-run"_s).json().at("dropped").get<int>(), 0);
    }

    void decidedItemsAreGoldAndTheCardTellsIt()
    {
        QCOMPARE(review(u"new set --sample all --raters 1 --repeats 0"_s).code, 0);
        const Ran items = run(onProject(m_project, u"dataset items set --provenance --limit 1"_s));
        const json item = items.json().at("items").at(0);
        QVERIFY(item.at("provenance").at("judgements").empty());
        const QString id = QString::fromStdString(item.at("id").get<std::string>());
        QCOMPARE(review(u"adjudicate set %1 Yes --reason seen"_s.arg(id)).code, 0);
        const Ran gold = review(u"new set --items 10 --raters 1 --repeats 0 --gold-decided"_s);
        QVERIFY2(gold.code == 0, gold.err.constData());
        const Ran without = run(onProject(m_project, u"checker calibrate set --from raters --map platt"_s));
        QCOMPARE(without.errorCode(), "invalid_input");
        const Ran card = run(onProject(m_project, u"dataset card set --licence MIT"_s));
        QVERIFY2(card.code == 0, card.err.constData());
        QCOMPARE(card.json().at("licence").get<std::string>(), "MIT");
        QVERIFY(card.json().at("reviews").empty());
        const std::string text = card.json().at("markdown").get<std::string>();
        QVERIFY(text.find("Licence: MIT") != std::string::npos);
        QVERIFY(text.find("No person has rated these items") != std::string::npos);
        const QString file = path(u"README.md"_s);
        QCOMPARE(run(onProject(m_project, u"dataset card set -o "_s + file)).code, 0);
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll().toStdString(), text);
        QVERIFY(run(onProject(m_project, u"dataset card set -o "_s + file)).code != 0);
        QVERIFY(run(onProject(m_project, u"dataset card set --force -o "_s + m_project)).code != 0);
        QCOMPARE(run(onProject(m_project, u"dataset card set --licence a;b"_s)).errorCode(), "invalid_input");
    }

    void wrongWords()
    {
        QCOMPARE(review(u"agreement set"_s).errorCode(), "not_found"); // None yet.
        QCOMPARE(review(u"new sett"_s).errorCode(), "not_found");
        QCOMPARE(review(u"new set --sample head"_s).errorCode(), "invalid_input");
        QCOMPARE(review(u"new set --questionnaire personas"_s).errorCode(), "not_found");
        // A guideline goes to raters: a wrong file name must not give the project away.
        QCOMPARE(review(u"new set --guideline "_s + m_project).errorCode(), "invalid_input");
        QCOMPARE(run({u"--json"_s, u"-p"_s, m_project, u"review"_s, u"new"_s, u"set"_s, u"--name"_s, u"a\nb"_s}).errorCode(), "invalid_input");
        QCOMPARE(run({u"--json"_s, u"-p"_s, m_project, u"review"_s, u"new"_s, u"set"_s, u"--name"_s, QString(201, u'x')}).errorCode(), "invalid_input");
        QVERIFY(review(u"bundle set -o "_s + path(u"none/x.ewbundle"_s)).code != 0);
        QVERIFY(review(u"list set"_s).json().at("reviews").empty()); // None was begun for it.
        for (const QString &option : {u"--gold"_s, u"--guideline"_s, u"--questionnaire"_s}) // Would never end.
            QCOMPARE(review(u"new set %1 /dev/zero"_s.arg(option)).errorCode(), "invalid_input");
        QCOMPARE(review(u"merge /dev/zero"_s).errorCode(), "invalid_input");
        QCOMPARE(review(u"merge "_s + path(u"none.ewanswers"_s)).code, 1);
    }

    void bundlesAndExports()
    {
        const QString bundle = path(u"work.ewbundle"_s), lines = path(u"judgements.jsonl"_s);
        const Ran made = review(u"bundle set --items 6 --raters 2 -o "_s + bundle);
        QVERIFY2(made.code == 0, made.err.constData());
        QCOMPARE(made.json().at("lists").size(), 2U);
        const json list = review(u"list set"_s).json().at("reviews").at(0).at("lists").at(0);
        QVERIFY(list.at("in_a_bundle").get<bool>() && list.at("rater").is_null());
        QCOMPARE(review(u"bundle set --review review-1 -o "_s + path(u"more.ewbundle"_s)).errorCode(), "unsupported");
        QCOMPARE(review(u"export set -o "_s + lines).json().at("rows").get<int>(), 0);
        QCOMPARE(review(u"export set -o "_s + lines).errorCode(), "already_exists");
        QCOMPARE(review(u"export set --force -o "_s + lines).code, 0);
        // Nothing replaces the project, whatever is forced.
        QCOMPARE(review(u"export set --force -o "_s + m_project).errorCode(), "invalid_input");
        QCOMPARE(review(u"list set"_s).code, 0);
    }
};

QTEST_GUILESS_MAIN(TestReviewCli)
#include "tst_reviewcli.moc"
