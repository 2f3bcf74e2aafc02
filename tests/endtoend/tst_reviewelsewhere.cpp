// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Reviews in tools of others, on the command line: tasks out, answers in, codes of raters.
#include "cli.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

class TestReviewElsewhere : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_project;

    Ran review(const QString &words) const { return run(onProject(m_project, u"review "_s + words)); }
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QByteArray bytes(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    json parsed(const QString &name) const
    {
        const QByteArray text = bytes(name);
        return json::parse(text.begin(), text.end(), nullptr, false);
    }
    QString written(const QString &name, const json &document) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(document.dump())) < 0)
            qFatal("cannot write");
        return file.fileName();
    }
    /// Tasks as Label Studio exports them, each answered with Yes by the account 4.
    static json answered(const json &tasks)
    {
        json full = json::array();
        int id = 0;
        for (const json &task : tasks) {
            const json annotation{{"id", ++id}, {"completed_by", 4}, {"was_cancelled", false}, {"ground_truth", id == 1}, {"lead_time", 3},
                                  {"created_at", "2026-11-24T02:08:07.583286Z"}, {"updated_at", "2026-11-24T02:08:07.583305Z"},
                                  {"result", json::array({{{"from_name", "answer"}, {"type", "choices"}, {"value", {{"choices", json::array({"Yes"})}}}},
                                                          {{"from_name", "relevance"}, {"type", "rating"}, {"value", {{"rating", 4}}}},
                                                          {{"from_name", "ambiguous"}, {"type", "choices"}, {"value", {{"choices", json::array({"no"})}}}}})}};
            full.push_back({{"id", id}, {"data", task["data"]}, {"annotations", json::array({annotation})}});
        }
        return full;
    }

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
        QCOMPARE(review(u"new set --items 6 --raters 2 --repeats 0"_s).code, 0);
    }

    void labelStudioThereAndBack()
    {
        const Ran made = review(u"export set --format label-studio --force -o "_s + path(u"ls.json"_s));
        QVERIFY2(made.code == 0, made.err.constData());
        QCOMPARE(made.json().at("rows").get<int>(), 6);
        QCOMPARE(made.json().at("lists"), json::parse("[1, 2]"));
        QVERIFY(made.json().at("blind").get<bool>());
        QCOMPARE(made.json().at("settings").get<std::string>(), path(u"ls.config.xml"_s).toStdString());
        QVERIFY(bytes(u"ls.config.xml"_s).contains("<Rating name=\"relevance\""));
        QVERIFY(review(u"list set"_s).json().at("reviews").at(0).at("lists").at(1).at("in_a_bundle").get<bool>());
        QCOMPARE(review(u"export set --format label-studio -o "_s + path(u"ls.json"_s)).errorCode(), "already_exists");
        QCOMPARE(review(u"export set --format label-studio --force -o "_s + path(u"ls.json"_s)).errorCode(), "unsupported");

        const QString file = written(u"full.json"_s, answered(parsed(u"ls.json"_s)));
        const Ran merged = review(u"merge --force --gold-to %1 %2"_s.arg(path(u"gold.jsonl"_s), file));
        QVERIFY2(merged.code == 0, merged.err.constData());
        QCOMPARE(merged.json().at("judgements_new").get<int>(), 6);
        QCOMPARE(merged.json().at("files").at(0).at("raters"), json::parse("[\"ls-4\"]"));
        QCOMPARE(review(u"merge "_s + file).json().at("judgements_known").get<int>(), 6);
        QCOMPARE(review(u"agreement set"_s).json().at("items").get<int>(), 6);
        // Ground truth begins another review.
        QCOMPARE(bytes(u"gold.jsonl"_s).count('\n'), 1);
        const Ran next = review(u"new set --items 6 --raters 1 --gold-share 0.2 --gold "_s + path(u"gold.jsonl"_s));
        QVERIFY2(next.code == 0, next.err.constData());
        QCOMPARE(next.json().at("gold_items").get<int>(), 1);
    }

    void badRowsAreListed()
    {
        QCOMPARE(review(u"export set --format label-studio --list 2 --force -o "_s + path(u"two.json"_s)).code, 0);
        json full = answered(parsed(u"two.json"_s));
        full[3]["annotations"][0]["result"][0]["value"]["choices"][0] = "Maybe";
        const QString file = written(u"bad.json"_s, full);
        const Ran refused = review(u"merge "_s + file);
        QCOMPARE(refused.code, 1);
        const json report = refused.json().at("files").at(0);
        QVERIFY(!report.at("merged").get<bool>());
        QCOMPARE(report.at("rejected").at(0).at("row").get<int>(), 4);
        QCOMPARE(report.at("rejected").at(0).at("reason").get<std::string>(), "wrong-type");
        QCOMPARE(report.at("rejected").at(0).at("field").get<std::string>(), "answer");
        QCOMPARE(refused.json().at("judgements_new").get<int>(), 0);
        const Ran rest = review(u"merge --skip-bad "_s + file);
        QCOMPARE(rest.code, 3);
        QCOMPARE(rest.json().at("judgements_new").get<int>(), 5);
    }

    void argillaThereAndBack()
    {
        const Ran made = review(u"export set --format argilla --lists 1 --force -o "_s + path(u"ar.json"_s));
        QVERIFY2(made.code == 0, made.err.constData());
        QVERIFY(parsed(u"ar.settings.json"_s).at("questions").size() >= 4U);
        json rows = parsed(u"ar.json"_s);
        for (json &row : rows) {
            for (const auto &[name, value] : {std::pair<std::string, json>("answer", "Yes"), {"relevance", 4}, {"ambiguous", "no"}}) {
                row[name + ".responses"] = json::array({value});
                row[name + ".responses.users"] = json::array({"11111111-1111-4111-8111-111111111111"});
                row[name + ".responses.status"] = json::array({"submitted"});
            }
        }
        const Ran merged = review(u"merge "_s + written(u"flat.json"_s, rows));
        QVERIFY2(merged.code == 0, merged.err.constData());
        QCOMPARE(merged.json().at("judgements_new").get<int>(), 6);
        QCOMPARE(merged.json().at("files").at(0).at("format").get<std::string>(), "argilla");
        const json nested = json::array({{{"id", "x"}, {"fields", json::object()}, {"responses", json::object()}}});
        QCOMPARE(review(u"merge "_s + written(u"nested.json"_s, nested)).errorCode(), "unsupported");
    }

    void wrongWords()
    {
        QCOMPARE(review(u"export set --format doccano -o "_s + path(u"x.json"_s)).code, 2);
        QCOMPARE(review(u"export set --format argilla --list 9 -o "_s + path(u"x.json"_s)).errorCode(), "invalid_input");
        QCOMPARE(review(u"merge "_s + written(u"none.json"_s, json::array({1, 2}))).errorCode(), "invalid_input");
        // Nothing replaces the project, whatever is forced.
        QCOMPARE(review(u"export set --format argilla --force -o "_s + m_project).errorCode(), "invalid_input");
    }

    void codesOfRaters()
    {
        const QString account = u"60fd9da2c9a84cd2f2d7a2b4"_s, link = u"https://x.org/?PROLIFIC_PID="_s + account;
        const Ran one = review(u"code --dataset set "_s + account);
        QVERIFY2(one.code == 0, one.err.constData());
        const std::string code = one.json().at("code");
        QVERIFY(code.starts_with("p-"));
        QCOMPARE(review(u"code --dataset set "_s + link).json().at("code").get<std::string>(), code);
        QCOMPARE(review(u"code "_s + account).code, 2);
        QCOMPARE(review(u"code --dataset set ada"_s).errorCode(), "invalid_input");
        QCOMPARE(review(u"code --dataset set ?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE"_s).errorCode(), "unsupported");
        const QString bundle = path(u"w.ewbundle"_s);
        QCOMPARE(review(u"bundle set --review review-1 --force -o "_s + bundle).code, 0);
        const std::string inBundle = review(u"code --bundle %1 %2"_s.arg(bundle, account)).json().at("code");
        QVERIFY(inBundle != code);
        QCOMPARE(review(u"code --bundle %1 %2"_s.arg(bundle, link)).json().at("code").get<std::string>(), inBundle);
    }
};

QTEST_GUILESS_MAIN(TestReviewElsewhere)
#include "tst_reviewelsewhere.moc"
