// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What raters said, as precomputed scores of Inspect.
#include "reviewed.h"

#include "review/inspectscores.h"
#include "review/judged.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Two items, three raters; the second item is gold when wanted.
Judged judged()
{
    Judged out;
    out.questions = {{u"answer"_s, QuestionKind::Options, {u"No"_s, u"Yes"_s}},
                     {u"relevance"_s, QuestionKind::Scale, {u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s}},
                     {u"ambiguous"_s, QuestionKind::Choice, {u"no"_s, u"yes"_s}},
                     {u"flagged"_s, QuestionKind::Flag, {u"false"_s, u"true"_s}},
                     {u"topic"_s, QuestionKind::Choice, {u"a"_s, u"b"_s, u"c"_s}}};
    out.labelQuestion = 0;
    out.raters = {u"r1"_s, u"r2"_s, u"r3"_s};
    for (int i = 0; i < 2; ++i) {
        JudgedItem item;
        item.candidate = item.ordinal = i;
        item.uuid = u"item-%1"_s.arg(i);
        item.label = 1;
        out.items.push_back(item);
    }
    const auto add = [&](int item, int rater, std::vector<qint16> codes) {
        JudgedAnswer answer;
        answer.item = item;
        answer.rater = rater;
        answer.codes = std::move(codes);
        out.answers.push_back(answer);
        return &out.answers.back();
    };
    add(0, 0, {1, 4, 0, 0, 0});
    add(0, 1, {1, 2, 1, 1, 1});
    add(0, 2, {0, 3, 0, 1, 2});
    add(1, 0, {0, 0, 0, 0, 0});
    add(1, 1, {1, 4, -1, 0, 0});
    return out;
}

QList<json> rowsOf(const ScoreFiles &scores, const QString &name)
{
    QList<json> rows;
    for (const ScoreFile &file : scores.files) {
        if (file.name != name)
            continue;
        for (const QByteArray &line : file.lines.trimmed().split('\n'))
            rows << json::parse(line.toStdString());
    }
    return rows;
}

} // namespace

class TestInspectScores : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ratersArePooled()
    {
        const ScoreFiles scores = inspectScores(judged());
        QCOMPARE(scores.files.size(), 4);
        QCOMPARE(scores.passedOver, QStringList{u"topic"_s});
        const json label = rowsOf(scores, u"answer-agrees"_s)[0];
        QCOMPARE(label.at("id").get<std::string>(), "item-0");
        QVERIFY(std::abs(label.at("value").get<double>() - 2.0 / 3) < 1e-12);
        QCOMPARE(label.at("answer").get<std::string>(), "Yes");
        QCOMPARE(label.at("metadata").at("raters").get<int>(), 3);
        QVERIFY(std::abs(label.at("metadata").at("sd").get<double>() - std::sqrt(1.0 / 3)) < 1e-12);
        const json relevance = rowsOf(scores, u"relevance"_s)[0];
        QCOMPARE(relevance.at("value").get<double>(), 4.0); // 5, 3 and 4.
        QCOMPARE(relevance.at("metadata").at("sd").get<double>(), 1.0);
        QVERIFY(!relevance.contains("answer"));
        QVERIFY(std::abs(rowsOf(scores, u"ambiguous"_s)[0].at("value").get<double>() - 1.0 / 3) < 1e-12);
        QVERIFY(std::abs(rowsOf(scores, u"flagged"_s)[0].at("value").get<double>() - 2.0 / 3) < 1e-12);
        // A tie names no answer; who was not asked does not count.
        QVERIFY(!rowsOf(scores, u"answer-agrees"_s)[1].contains("answer"));
        QCOMPARE(rowsOf(scores, u"ambiguous"_s)[1].at("metadata").at("raters").get<int>(), 1);
        QCOMPARE(rowsOf(scores, u"ambiguous"_s)[1].at("metadata").at("sd").get<double>(), 0.0);
    }

    void whatDoesNotCountIsLeftOut()
    {
        Judged some = judged();
        some.answers[0].isRepeat = true;
        some.answers[1].isChanged = true;
        some.answers[2].isSkipped = true;
        QCOMPARE(rowsOf(inspectScores(some), u"relevance"_s).size(), 1);
        some.items[1].isGold = true;
        QVERIFY(inspectScores(some).files.isEmpty());
        Judged broken = judged();
        broken.answers[3].isBroken = true;
        QCOMPARE(rowsOf(inspectScores(broken), u"relevance"_s)[1].at("value").get<double>(), 5.0);
    }

    void filesAreWritten()
    {
        Reviewed s(6);
        ReviewPlan plan;
        plan.raters = 1;
        plan.perItem = 1;
        plan.sampling = Sampling::All;
        plan.repeats = 0;
        const Review review = s.make(s.wanted(plan)).review;
        QTemporaryDir folder;
        const auto none = exportInspectScores(*s.store.project, u"d"_s, {}, folder.path(), false);
        QCOMPARE(none.error().code, ErrorCode::InvalidInput);
        const auto sitting = s.sit(review, u"r1"_s);
        QVERIFY(sitting->store(Reviewed::given(0, u"Yes"_s)).result());
        QCOMPARE(exportInspectScores(*s.store.project, u"d"_s, {}, folder.filePath(u"none"_s), false).error().code,
                 ErrorCode::InvalidInput);
        const auto written = exportInspectScores(*s.store.project, u"d"_s, {}, folder.path(), false);
        QVERIFY2(written, written ? "" : qPrintable(written.error().text()));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files, QDir::Name),
                 (QStringList{u"ambiguous.jsonl"_s, u"answer-agrees.jsonl"_s, u"relevance.jsonl"_s}));
        QCOMPARE(exportInspectScores(*s.store.project, u"d"_s, {}, folder.path(), false).error().code,
                 ErrorCode::AlreadyExists);
        QVERIFY(exportInspectScores(*s.store.project, u"d"_s, review.name, folder.path(), true));
        QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 3);
    }
};

QTEST_GUILESS_MAIN(TestInspectScores)
#include "tst_inspectscores.moc"
