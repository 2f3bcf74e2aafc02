// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Controls, orders of options and begun answers scored by whole labels.
#include "../support/fakeaccess.h"
#include "core/foreignjson.h"
#include "evaluation/evaluate.h"
#include "lm/curltransport.h"
#include "observed.h"
#include "tokenserver.h"

#include <QMutex>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Likes the option "tea", wherever it stands; with no tea in sight the first letter.
double likely(const std::string &prompt, const std::string &token)
{
    const auto at = prompt.find(") tea");
    const char letter = at == std::string::npos ? 'A' : prompt[at - 1];
    return token.find(letter) != std::string::npos ? -0.5 : token.find_first_of("ABC") != std::string::npos ? -2.0 : -0.1;
}

struct Setting
{
    Observed store;
    CurlTransport transport;
    QMutex mutex;
    QSet<QString> prompts; ///< Of texts split into tokens.
    TestServer server;
    QList<CandidateId> items;

    Setting()
        : server([this](const ServerRequest &request) {
              static const TokenServer tokens({" (", "(", ")"}, likely);
              if (request.path == "/tokenize") {
                  const QMutexLocker lock(&mutex);
                  prompts << QString::fromStdString(json::parse(request.body.toStdString())["content"].get<std::string>());
              }
              return tokens(request);
          })
    {
        Model model;
        model.name = model.modelId = u"m"_s;
        model.api = u"llama.cpp"_s;
        model.training = u"instruct"_s;
        model.capabilities = QString::fromUtf8(tokenServerCapabilities);
        must(store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
        items = store.plain(u"d"_s, 4);
        // Two biographies before two questions; the person on one side likes what the other does not.
        must(store.project->writeNow([&](Connection &c) -> Status {
            for (int i = 0; i < 4; ++i) {
                const QString side = i < 2 ? u"x"_s : u"y"_s, biography = u"I am of %1."_s.arg(side);
                const QString bare = i % 2 == 0 ? u"0.\n (A) tea\n (B) milk\n\nAnswer:"_s : u"1.\n (A) milk\n (B) tea\n\nAnswer:"_s;
                const json fields{{"biography", biography.toStdString()},
                                  {"bare_question", bare.toStdString()},
                                  {"side", side.toStdString()}};
                EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET question = ?, fields = ?, matching_label = ' (A)', "
                                         u"other_labels = '[\" (B)\"]' WHERE id = ?"_s,
                                         {biography + u' ' + bare, QString::fromStdString(fields.dump()), items[i].value}));
            }
            return {};
        }));
    }
    static EvaluateSpec spec(const QString &frame, const QStringList &controls, const QString &orders)
    {
        EvaluateSpec spec;
        spec.datasets << u"d"_s;
        spec.models << u"m"_s;
        spec.frames = QStringList{frame};
        spec.controls = controls;
        spec.orders = orders;
        spec.scoring = u"exact"_s;
        return spec;
    }
    Result<EvaluateReport> run(const EvaluateSpec &spec)
    {
        FakeAccess access(server.baseUrl());
        return evaluate(JobServices{store.project, &transport, &access}, spec, {}, {});
    }
    EvaluatePlan plan(const EvaluateSpec &spec)
    {
        return must(store.ask([&](Connection &c) { return planEvaluate(c, spec); }));
    }
    QStringList answers(const QString &control, const QString &order)
    {
        QStringList list;
        for (const ObservationRow &row : must(store.ask([](Connection &c) { return observations(c, {}); }))) {
            if (row.observation.control == control && row.observation.optionOrder == order)
                list << row.observation.argmax;
        }
        return list;
    }
};

} // namespace

class TestConditionsExact : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void controlsAndOrders_data()
    {
        QTest::addColumn<QString>("frame");
        QTest::newRow("chat") << u"chat"_s;
        QTest::newRow("raw") << u"ha"_s;
    }
    void controlsAndOrders()
    {
        QFETCH(const QString, frame);
        Setting s;
        const EvaluateSpec spec =
            Setting::spec(frame, {u"none"_s, u"no-biography"_s, u"swapped-biography"_s}, u"all"_s);
        const EvaluatePlan plan = s.plan(spec);
        QCOMPARE(plan.cells.size(), 6);
        const auto report = s.run(spec);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        // Rendered (chat only), split three times and asked twice, of 4 + 4 rotated + 2 + 2 questions; the check of 4.
        QCOMPARE(plan.requests, (4 + 4 + 2 + 2) * (frame == "chat"_L1 ? 6 : 5) + 4 * 2);
        QCOMPARE(s.server.requests(), plan.requests);
        const QStringList content{u" (A)"_s, u" (B)"_s, u" (A)"_s, u" (B)"_s};
        for (const QString &control : spec.controls) {
            QCOMPARE(s.answers(control, u"stored"_s), content);
            QCOMPARE(s.answers(control, u"rotation-1"_s), content);
        }
        QCOMPARE(s.answers(u"drift"_s, u"stored"_s), content); // Of the items as they are alone.
        QVERIFY(s.answers(u"drift"_s, u"rotation-1"_s).isEmpty());
        QCOMPARE(s.plan(spec).requests, 0);
        QCOMPARE(s.run(spec)->requests, 0);
    }

    /// The item's own label is stored, whatever is scored behind the frame.
    void begunAnswers_data()
    {
        QTest::addColumn<QString>("frame");
        QTest::addColumn<QString>("end"); ///< Of the text with the label (B).
        QTest::newRow("paren") << u"ha-best-paren"_s << u"Assistant: I believe the best answer is (B"_s;
        QTest::newRow("phrase") << u"ha-better"_s << u"Assistant: I believe the better option is (B)"_s;
        QTest::newRow("chat") << u"chat-prefill"_s << u"<assistant>I believe the better option is (B)"_s;
    }
    void begunAnswers()
    {
        QFETCH(const QString, frame);
        QFETCH(const QString, end);
        Setting s;
        const auto report = s.run(Setting::spec(frame, {u"none"_s}, u"one"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(s.answers(u"none"_s, u"stored"_s), (QStringList{u" (A)"_s, u" (B)"_s, u" (A)"_s, u" (B)"_s}));
        const auto scored = std::ranges::count_if(s.prompts, [&](const QString &text) { return text.endsWith(end); });
        QCOMPARE(scored, 4);
        // A label of more than a letter cannot follow "(".
        s.store.plain(u"yesno"_s, 2);
        EvaluateSpec other = Setting::spec(frame, {u"none"_s}, u"one"_s);
        other.datasets = QStringList{u"yesno"_s};
        QCOMPARE(s.store.ask([&](Connection &c) { return planEvaluate(c, other); }).has_value(),
                 !frame.endsWith(u"-paren"_s));
    }
};

QTEST_GUILESS_MAIN(TestConditionsExact)
#include "tst_conditionsexact.moc"
