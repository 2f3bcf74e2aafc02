// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Whole evaluations by exact, forced and sampled scores, at a pretended server whose numbers are known.
#include "../support/fakeaccess.h"
#include "../support/testserver.h"
#include "core/foreignjson.h"
#include "evaluation/evaluate.h"
#include "lm/curltransport.h"
#include "observed.h"
#include "storage/projectcheck.h"

#include <QRegularExpression>

#include <atomic>
#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 yesId = 1000, noId = 1001, meltedId = 1002, tornId = 1003, idOfBytes = 0;

/// A tokenizer of bytes and two words; "~" and a following "Yes" are one token, so that their border is unstable.
std::vector<qint64> tokenised(const std::string &text)
{
    const std::vector<std::pair<std::string, qint64>> words{{"~Yes", meltedId}, {"^^Yes", tornId}, {"Yes", yesId}, {"No", noId}};
    std::vector<qint64> ids;
    for (size_t at = 0; at < text.size();) {
        const auto word =
            std::ranges::find_if(words, [&](const auto &w) { return text.compare(at, w.first.size(), w.first) == 0; });
        if (word != words.end()) {
            ids.push_back(word->second);
            at += word->first.size();
        } else {
            ids.push_back(idOfBytes + static_cast<unsigned char>(text[at]));
            ++at;
        }
    }
    return ids;
}

/// log p of a token after a prompt: any numbers that are the same each time, with Σ exp over the words below 1.
double logprobOf(const std::vector<qint64> &before, qint64 id)
{
    qint64 sum = id;
    for (const qint64 one : before)
        sum = (sum * 31 + one) % 9973;
    return -1.0 - static_cast<double>(sum) / 9973;
}

struct Abilities
{
    std::atomic<bool> ignoresGrammar = false;
    std::atomic<bool> breaks = false; ///< Items with "bad" in them get no answer from the model.
    std::atomic<bool> cacheMoves = false; ///< With the cache the numbers are a little other ones.
};

json positionOf(qint64 id, double logprob)
{
    const std::string text = "t" + std::to_string(id);
    return {{"id", id},
            {"token", text},
            {"bytes", std::vector<int>(text.begin(), text.end())},
            {"logprob", logprob},
            {"top_logprobs", json::array({{{"id", id},
                                           {"token", text},
                                           {"bytes", std::vector<int>(text.begin(), text.end())},
                                           {"logprob", logprob}}})}};
}

ServerReply reply(const json &body)
{
    return {200, QByteArray::fromStdString(body.dump())};
}

/// The grammar's tokens. Of text grammars "No" comes as two tokens where the prompt says "odd".
std::vector<qint64> forcedIds(const std::string &grammar, bool odd)
{
    std::vector<qint64> ids;
    static const QRegularExpression terminal(u"<\\[(\\d+)\\]>"_s);
    auto matches = terminal.globalMatch(QString::fromStdString(grammar));
    while (matches.hasNext())
        ids.push_back(matches.next().captured(1).toLongLong());
    if (!ids.empty())
        return ids;
    const auto from = grammar.find('"');
    const std::string text = grammar.substr(from + 1, grammar.rfind('"') - from - 1);
    return odd && text == "No" ? std::vector<qint64>{'N', 'o'} : tokenised(text);
}

ServerReply nativeCompletion(const json &body, const Abilities &abilities)
{
    auto before = body["prompt"].get<std::vector<qint64>>();
    std::string text;
    for (const qint64 id : before)
        text += id < 256 ? std::string(1, static_cast<char>(id)) : std::string(" ");
    if (abilities.breaks && text.find("bad") != std::string::npos)
        return {400, R"({"error":{"message":"cannot answer that"}})"};
    std::vector<qint64> ids;
    if (body.contains("logit_bias"))
        ids.push_back(body["logit_bias"][0][0].get<qint64>());
    else
        ids = forcedIds(body["grammar"].get<std::string>(), text.find("odd") != std::string::npos);
    const bool moved = abilities.cacheMoves && body["cache_prompt"].get<bool>();
    ids.resize(std::min(ids.size(), body["n_predict"].get<size_t>()));
    if (abilities.ignoresGrammar)
        ids.assign(ids.size(), 'x');
    json positions = json::array();
    const size_t evaluated = before.size();
    for (const qint64 id : ids) {
        positions.push_back(positionOf(id, logprobOf(before, id) - (moved && id == yesId ? 0.2 : 0.0)));
        before.push_back(id);
    }
    return reply({{"content", "forced"},
                  {"tokens", ids},
                  {"completion_probabilities", positions},
                  {"stop_type", "limit"},
                  {"tokens_evaluated", evaluated},
                  {"tokens_predicted", ids.size()}});
}

/// One answer in words, by the seed and the question's first word; with log-probabilities where they are asked for.
ServerReply chat(const json &body)
{
    const auto question = body["messages"].back()["content"].get<std::string>();
    const auto seed = body.value("seed", 0LL);
    std::string text = seed % 4 == 0 ? "No." : "Yes, I would.";
    if (question.starts_with("refusing"))
        text = "I'm sorry, but I can't.";
    if (question.starts_with("rambling"))
        text = "Cats are nice.";
    json choice{{"index", 0}, {"finish_reason", "stop"}, {"message", {{"role", "assistant"}, {"content", text}}}};
    if (body.value("logprobs", false)) {
        json position = positionOf(yesId, -0.2);
        position["token"] = position["top_logprobs"][0]["token"] = "Yes";
        position["bytes"] = position["top_logprobs"][0]["bytes"] = std::vector<int>{'Y', 'e', 's'};
        choice["logprobs"] = {{"content", json::array({position})}};
    }
    return reply({{"object", "chat.completion"},
                  {"model", "fake"},
                  {"choices", json::array({choice})},
                  {"usage", {{"prompt_tokens", 9}, {"completion_tokens", 3}}}});
}

ServerReply answerOf(const ServerRequest &request, const Abilities &abilities)
{
    const json body = json::parse(request.body.toStdString());
    if (request.path == "/apply-template") {
        const auto question = body["messages"].back()["content"].get<std::string>();
        return reply({{"prompt", "<user>" + question + "<assistant>" + (question == "melting" ? "~" : question == "torn" ? "^^" : "")}});
    }
    if (request.path == "/tokenize")
        return reply({{"tokens", tokenised(body["content"].get<std::string>())}});
    if (request.path == "/completion")
        return nativeCompletion(body, abilities);
    if (request.path == "/v1/messages") {
        return reply({{"type", "message"},
                      {"role", "assistant"},
                      {"model", "fake"},
                      {"stop_reason", "end_turn"},
                      {"content", json::array({{{"type", "text"}, {"text", "No."}}})},
                      {"usage", {{"input_tokens", 9}, {"output_tokens", 2}}}});
    }
    return chat(body);
}

const QByteArray proven = R"({"token_logprobs":{"value":true},"grammar_tokens":{"value":true},)"
                          R"("grammar":{"value":true},"tokenize":{"value":true}})";

struct Setting
{
    Abilities abilities;
    std::function<void(const ServerRequest &)> look;
    Observed store;
    CurlTransport transport;
    TestServer server;
    QList<CandidateId> items;

    explicit Setting(const QStringList &questions, const QByteArray &capabilities = proven,
                     const QString &api = u"llama.cpp"_s)
        : server([this](const ServerRequest &request) {
              if (look)
                  look(request);
              return answerOf(request, abilities);
          })
    {
        Model model;
        model.name = model.modelId = u"m"_s;
        model.api = api;
        model.training = u"instruct"_s;
        model.capabilities = QString::fromUtf8(capabilities);
        must(store.project->writeNow([&](Connection &c) { return addModel(c, model); }));
        QList<ItemPlan> plan;
        for (const QString &question : questions)
            plan << ItemPlan{question, plan.size() % 2 == 0, {}, {}};
        items = store.dataset(u"d"_s, plan);
    }
    static EvaluateSpec spec(const QString &scoring, const QString &frame = u"chat"_s)
    {
        EvaluateSpec spec;
        spec.datasets << u"d"_s;
        spec.models << u"m"_s;
        spec.frames = QStringList{frame};
        spec.scoring = scoring;
        return spec;
    }
    Result<EvaluateReport> run(const EvaluateSpec &spec, const CancellationToken &token = {})
    {
        FakeAccess access(server.baseUrl(), {}, 4);
        return evaluate(JobServices{store.project, &transport, &access}, spec, token, {});
    }
    EvaluatePlan plan(const EvaluateSpec &spec)
    {
        return must(store.ask([&](Connection &c) { return planEvaluate(c, spec); }));
    }
    QList<Observation> observed(const QString &control = u"none"_s)
    {
        QList<Observation> list;
        for (const ObservationRow &row : must(store.ask([](Connection &c) { return observations(c, {}); }))) {
            if (row.observation.control == control)
                list << row.observation;
        }
        return list;
    }
};

QStringList plain(int count)
{
    QStringList list;
    for (int i = 0; i < count; ++i)
        list << u"question %1"_s.arg(i);
    return list;
}

} // namespace

class TestLadder : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void exactScoresOfAWholeJob()
    {
        Setting s(QStringList{u"question a"_s, u"question b"_s});
        const EvaluatePlan plan = s.plan(Setting::spec(u"auto"_s));
        // Rendered, three texts to tokens, two labels, two for the drift check; each twice.
        QCOMPARE(plan.requests, 16);
        QCOMPARE(plan.cells.first().scoring, u"exact"_s);
        const auto report = s.run(Setting::spec(u"auto"_s)); // The probe proved it, so it is the best.
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->state, JobState::Done);
        QCOMPARE(report->requests, 16);
        QCOMPARE(report->results.first().scoring, u"exact"_s);
        QCOMPARE(s.plan(Setting::spec(u"exact"_s)).requests, 0); // By name it is the same run.
        const QList<Observation> list = s.observed();
        QCOMPARE(list.size(), 2);
        const std::vector<qint64> prompt = tokenised("<user>question a<assistant>");
        const double yes = logprobOf(prompt, yesId), no = logprobOf(prompt, noId);
        QVERIFY(near(list[0].labelMass, std::exp(yes) + std::exp(no), 1e-12));
        QVERIFY(near(list[0].pMatching, 1 / (1 + std::exp(no - yes)), 1e-12));
        QCOMPARE(list[0].argmax, yes > no ? u" Yes"_s : u" No"_s);
        const auto second = s.run(Setting::spec(u"exact"_s));
        QVERIFY(second && second->run == report->run);
        QCOMPARE(second->requests, 0);
        QCOMPARE(second->fromCache, 16);
    }

    /// The tokenizer joins one label with the end of the prompt: the border moves for both.
    void unstableBorders()
    {
        Setting s({u"stable"_s, u"melting"_s});
        const auto report = s.run(Setting::spec(u"exact"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->failed, 0);
        const QList<Observation> list = s.observed();
        QCOMPARE(list.size(), 2);
        QVERIFY(!storedJson(list[0].labels)[0]["shifted"].get<bool>());
        QVERIFY(list[0].labelMass);
        const json labels = storedJson(list[1].labels); // The matching label is No.
        QVERIFY(labels[0]["shifted"].get<bool>() && labels[1]["shifted"].get<bool>());
        QCOMPARE(labels[0]["token_ids"], (json{int('~'), noId}));
        QCOMPARE(labels[1]["token_ids"], (json{meltedId}));
        std::vector<qint64> prompt = tokenised("<user>melting<assistant>");
        const double yes = logprobOf(prompt, meltedId);
        double no = logprobOf(prompt, '~');
        prompt.push_back('~');
        no += logprobOf(prompt, noId);
        QVERIFY(near(list[1].pMatching, 1 / (1 + std::exp(yes - no)), 1e-12));
        QVERIFY(!list[1].labelMass); // A token of the prompt is in the sums.
    }

    /// Two tokens of the prompt melt with a label: undecided with the reason, and nothing is sent for it.
    void labelsThatCannotBeSeparated()
    {
        Setting s({u"torn"_s, u"question b"_s});
        const auto report = s.run(Setting::spec(u"exact"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->results.first().undecided, 1);
        QCOMPARE(report->results.first().driftItems, 1);
        QCOMPARE(report->requests, 2 * 4 + 2 + 2);
        const Observation o = s.observed().first();
        QCOMPARE(storedJson(o.labels)[0]["reason"], json("border"));
        QVERIFY(!o.pMatching && o.argmax.isEmpty());
        const auto check = must(s.store.ask([](Connection &c) { return checkProject(c); }));
        for (const ProjectProblem &problem : check.problems)
            QVERIFY2(!problem.code.contains(u"observation"_s), qPrintable(problem.text));
    }

    void stoppedAndResumed()
    {
        constexpr int count = 60;
        Setting whole(plain(count));
        const auto undisturbed = whole.run(Setting::spec(u"exact"_s));
        QVERIFY(undisturbed);
        constexpr int drift = 20 * 2;
        for (const int moment : {30, 200, 290, 320, 350, 380}) { // In each of the four stages.
            const CancellationToken token;
            Setting s(plain(count));
            s.look = [&](const ServerRequest &request) {
                if (request.number == moment)
                    token.cancel();
            };
            const auto stopped = s.run(Setting::spec(u"exact"_s), token);
            QVERIFY(!stopped);
            QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
            const int before = s.server.requests();
            const qint64 kept = must(s.store.ask([](Connection &c) {
                                    return c.value(u"SELECT count(*) FROM response WHERE complete = 1"_s);
                                })).toLongLong();
            const auto resumed = s.run(Setting::spec(u"exact"_s));
            QVERIFY2(resumed, resumed ? "" : qPrintable(resumed.error().text()));
            QCOMPARE(resumed->requests, count * 6 + drift - kept); // What is stored is never asked again.
            QCOMPARE(s.server.requests() - before, count * 6 + drift - kept);
            QCOMPARE(s.observed(u"drift"_s).size(), 20);
            const QList<Observation> a = whole.observed(), b = s.observed();
            QCOMPARE(b.size(), count);
            for (int i = 0; i < count; ++i) {
                QCOMPARE(b[i].labels, a[i].labels);
                QCOMPARE(b[i].argmax, a[i].argmax);
            }
        }
    }

    void failedLabelsAreAskedAgain()
    {
        Setting s({u"question a"_s, u"bad question"_s, u"question b"_s});
        s.abilities.breaks = true;
        const auto first = s.run(Setting::spec(u"exact"_s));
        QVERIFY2(first, first ? "" : qPrintable(first.error().text()));
        QCOMPARE(first->state, JobState::Partly);
        QCOMPARE(first->results.first().errors, 1); // One item, though both of its labels failed.
        QCOMPARE(first->results.first().answered, 2);
        s.abilities.breaks = false;
        const auto second = s.run(Setting::spec(u"exact"_s));
        QVERIFY(second);
        QCOMPARE(second->requests, 4); // Two labels, and the drift check of the item that was not there before.
        QCOMPARE(second->results.first().errors, 0);
        QCOMPARE(second->results.first().answered, 3);
    }

    /// A build whose grammars cannot name token ids: the same numbers, one token at a time.
    void theWalkBringsTheSame()
    {
        const QStringList questions{u"question a"_s, u"melting"_s};
        Setting grammar(questions);
        QVERIFY(grammar.run(Setting::spec(u"exact"_s)));
        QByteArray walking = proven;
        walking.replace(R"("grammar_tokens":{"value":true})", R"("grammar_tokens":{"value":false},"biased_logprobs":{"value":true})");
        Setting walk(questions, walking);
        const auto report = walk.run(Setting::spec(u"exact"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->results.first().way, u"walk"_s);
        const QList<Observation> a = grammar.observed(), b = walk.observed();
        QCOMPARE(b.size(), 2);
        for (int i = 0; i < 2; ++i) {
            const json one = storedJson(a[i].labels), other = storedJson(b[i].labels);
            QCOMPARE(one[0]["way"], json("token-grammar"));
            QCOMPARE(other[0]["way"], json("walk"));
            for (size_t label = 0; label < 2; ++label)
                QVERIFY(near(one[label]["ll"].get<double>(), other[label]["ll"].get<double>(), 1e-12));
        }
        QCOMPARE(walk.run(Setting::spec(u"exact"_s))->requests, 0);
    }

    /// What the cache does to the numbers is found by the check, and the answers it puts in doubt are named.
    void theDriftCheckFindsUnstableItems()
    {
        Setting s(plain(40));
        s.abilities.cacheMoves = true;
        const auto report = s.run(Setting::spec(u"exact"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const ResultRow row = report->results.first();
        QCOMPARE(row.driftItems, 20);
        QVERIFY(near(row.driftLargest, 0.2, 0.2) && *row.driftMedian <= *row.driftLargest);
        QSet<QString> unstable;
        for (const Observation &o : s.observed()) {
            const json labels = storedJson(o.labels);
            QCOMPARE(labels[0]["cache_mode"], json("on"));
            if (std::abs(labels[0]["ll"].get<double>() - labels[1]["ll"].get<double>()) < *row.driftLargest)
                unstable << must(s.store.ask([&](Connection &c) {
                                return c.value(u"SELECT uuid FROM candidate WHERE id = ?"_s, {o.candidateId.value});
                            })).toString();
        }
        QVERIFY(!unstable.isEmpty());
        QCOMPARE(QSet<QString>(row.unstable.begin(), row.unstable.end()), unstable);
        for (const Observation &o : s.observed(u"drift"_s))
            QCOMPARE(storedJson(o.labels)[0]["cache_mode"], json("off"));
        const json out = row.toJson();
        QCOMPARE(out["drift"]["items"], json(20));
        QCOMPARE(out["unstable"].get<qsizetype>(), unstable.size());
        // Without the cache both times are equal.
        EvaluateSpec spec = Setting::spec(u"exact"_s);
        spec.reproducible = true;
        int mostAtOnce = 0;
        FakeAccess access(s.server.baseUrl(), {}, 4);
        const auto alone = evaluate(JobServices{s.store.project, &s.transport, &access}, spec, {},
                                    [&](const JobProgress &p) { mostAtOnce = std::max({mostAtOnce, p.limit, p.inFlight}); });
        QCOMPARE(mostAtOnce, 1);
        QVERIFY2(alone, alone ? "" : qPrintable(alone.error().text()));
        QVERIFY(near(alone->results.first().driftLargest, 0.0, 0.0));
    }

    void aServerThatIgnoresGrammars()
    {
        Setting s(plain(30));
        s.abilities.ignoresGrammar = true;
        const auto report = s.run(Setting::spec(u"exact"_s));
        QVERIFY(!report);
        QCOMPARE(report.error().code, ErrorCode::Unsupported);
        QCOMPARE(s.observed().size(), 0);
    }

    void textGrammarsCountOnlyWhereCanonical()
    {
        Setting s({u"question a"_s, u"odd question"_s});
        const auto report = s.run(Setting::spec(u"forced"_s));
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        const QList<Observation> list = s.observed();
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[0].outcome, u"answered"_s);
        QCOMPARE(list[0].method, u"forced"_s);
        QCOMPARE(list[1].outcome, u"undecided"_s);
        QVERIFY(!list[1].pMatching && !list[1].labelMass && list[1].argmax.isEmpty());
        const json labels = storedJson(list[1].labels);
        for (const json &label : labels) {
            QCOMPARE(label["reason"].get<std::string>(), "other-tokens");
            QCOMPARE(label["ll"].is_null(), label["label"] == " No");
        }
    }

    void sampledAnswers()
    {
        Setting s({u"question a"_s, u"refusing question"_s, u"rambling question"_s}, "{}", u"openai"_s);
        EvaluateSpec spec = Setting::spec(u"sampled"_s);
        QCOMPARE(s.plan(spec).requests, 60);
        const auto report = s.run(spec);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->requests, 60);
        for (const int count : s.server.requestsByBody())
            QCOMPARE(count, 1); // Every sample has a seed of its own.
        const QList<Observation> list = s.observed();
        QCOMPARE(list.size(), 3);
        QCOMPARE(list[0].method, u"sampled"_s);
        const json labels = storedJson(list[0].labels);
        QCOMPARE(labels[0]["count"].get<int>() + labels[1]["count"].get<int>(), 20);
        QVERIFY(labels[0]["low"].get<double>() < labels[0]["mass"].get<double>());
        QVERIFY(near(list[0].pMatching, labels[0]["count"].get<double>() / 20));
        QCOMPARE(list[1].outcome, u"refused"_s);
        QCOMPARE(list[2].outcome, u"unparsed"_s);
        QVERIFY(!list[1].pMatching && near(list[1].labelMass, 0.0));
        QCOMPARE(s.run(spec)->requests, 0);
        spec.samples = 30; // More answers are another run, which shares those that are there.
        const auto more = s.run(spec);
        QVERIFY(more && more->run != report->run);
        QCOMPARE(more->requests, 30);
    }

    void anthropicCanBeSampled()
    {
        Setting s(plain(2), "{}", u"anthropic"_s);
        QVERIFY(!s.run(Setting::spec(u"auto"_s)));
        QCOMPARE(s.server.requests(), 0);
        EvaluateSpec spec = Setting::spec(u"sampled"_s);
        spec.samples = 5;
        const auto report = s.run(spec);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(s.server.requests(), 10);
        QCOMPARE(report->results.first().answered, 2);
        QCOMPARE(s.observed().first().argmax, u" No"_s);
    }

    /// A project from before the probe knew better: its run goes on as it was begun.
    void anEarlierRunGoesOn()
    {
        Setting s(plain(3), "{}");
        const auto before = s.run(Setting::spec(u"auto"_s));
        QVERIFY2(before, before ? "" : qPrintable(before.error().text()));
        QCOMPARE(before->results.first().scoring, u"first-token"_s);
        must(s.store.project->writeNow([](Connection &c) {
            return c.execute(u"UPDATE model SET capabilities = ?"_s, {QString::fromUtf8(proven)});
        }));
        const auto after = s.run(Setting::spec(u"auto"_s));
        QVERIFY(after);
        QCOMPARE(after->run, before->run);
        QCOMPARE(after->requests, 0);
        QVERIFY(after->warnings.join(u' ').contains(u"--scoring exact"_s));
        const auto exact = s.run(Setting::spec(u"exact"_s));
        QVERIFY(exact && exact->run != before->run);
        QCOMPARE(exact->results.size(), 1);
        QCOMPARE(exact->results.first().scoring, u"exact"_s);
        const auto rows = must(s.store.ask([](Connection &c) { return results(c, {}); }));
        QCOMPARE(rows.size(), 2); // Never mixed in one cell.
    }
};

QTEST_GUILESS_MAIN(TestLadder)
#include "tst_ladder.moc"
