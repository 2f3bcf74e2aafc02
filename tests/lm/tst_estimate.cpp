// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/stageestimate.h"

#include "core/hash.h"
#include "storage/project.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/usage.h"

#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

template <class T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().text()));
    return *std::move(result);
}

void must(const Status &status)
{
    if (!status)
        qFatal("%s", qPrintable(status.error().text()));
}

struct Took
{
    QString prompt;
    std::optional<qint64> promptTokens, completionTokens;
    int limit = 48;
};

/// A project with the model "m" and what it answered before.
struct Past
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project = must(Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s));
    Model model;
    JobId job;
    qint64 count = 0;

    explicit Past(std::optional<double> priceIn = 2.0, std::optional<double> priceOut = 10.0,
                  ModelKind kind = ModelKind::Endpoint)
    {
        Model wanted;
        wanted.name = u"m"_s;
        wanted.kind = kind;
        wanted.baseUrl = kind == ModelKind::Endpoint ? u"http://127.0.0.1:9"_s : QString();
        wanted.location = kind == ModelKind::Endpoint ? QString() : u"small"_s;
        wanted.modelId = u"m"_s;
        wanted.priceIn = priceIn;
        wanted.priceOut = priceOut;
        model = must(project->writeNow([&](Connection &c) { return addModel(c, wanted); }));
        job = must(project->writeNow([&](Connection &c) {
                  Job one;
                  one.kind = u"generate"_s;
                  one.title = u"j"_s;
                  one.parameters = u"{}"_s;
                  one.parametersHash = u"h"_s;
                  return createJob(c, one);
              })).id;
    }
    void answered(const QString &stage, const QList<Took> &all)
    {
        must(project->writeNow([&](Connection &c) -> Status {
            for (const Took &took : all) {
                Response response;
                response.requestKey = sha256Hex(QByteArray::number(++count));
                response.promptJson = QString::fromStdString(
                    json{{"max_tokens", took.limit},
                         {"messages", {{{"role", "user"}, {"content", took.prompt.toStdString()}}}}}
                        .dump());
                response.modelId = model.id;
                response.path = u"chat/completions"_s;
                response.status = 200;
                response.body = "{}";
                response.promptTokens = took.promptTokens;
                response.completionTokens = took.completionTokens;
                response.receivedAt = u"2026-01-01T00:00:00Z"_s;
                EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(c, response));
                JobStep step;
                step.stage = stage;
                step.ordinal = count;
                step.modelId = model.id;
                step.requestKey = response.requestKey;
                step.state = u"done"_s;
                step.responseId = id;
                EVALWRIGHT_TRY(planSteps(c, job, {step}));
            }
            return {};
        }));
    }
    void ran(const QString &stage, const StageSpeed &speed)
    {
        must(project->writeNow([&](Connection &c) { return logStageSpeed(c, job, stage, model.id, speed); }));
    }
    Estimate of(double requests, int mostTokens = 48, const QString &stages = u"write"_s)
    {
        StageToEstimate stage{model, stages, u"writing"_s, EstimateRange::exactly(requests), {}, 120, {}, mostTokens};
        return must(project->readNow([&](Connection &c) { return estimateStage(c, stage); }));
    }
};

QString basisOf(const EstimatedNumber &number)
{
    return number.basis.join(u'\n');
}

void near(double value, double wanted)
{
    QVERIFY2(std::abs(value - wanted) <= 1e-9 * std::max(1.0, std::abs(wanted)),
             qPrintable(u"%1 instead of %2"_s.arg(value, 0, 'g', 12).arg(wanted, 0, 'g', 12)));
}

} // namespace

class TestEstimate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutAnyAnswerTheRuleOfThumbIsNamed()
    {
        Past past;
        const Estimate estimate = past.of(10);
        QCOMPARE(estimate.requests.value->expected, 10.0);
        near(estimate.promptTokens.value->expected, 300); // 10 · 120 / 4
        near(estimate.promptTokens.value->low, 240);
        near(estimate.promptTokens.value->high, 400);
        QVERIFY(basisOf(estimate.promptTokens).contains(u"rule of thumb: no answers yet"_s));
        near(estimate.completionTokens.value->low, 10);
        near(estimate.completionTokens.value->high, 480);
        QVERIFY(basisOf(estimate.completionTokens).contains(u"at its limit of 48 tokens"_s));
        near(estimate.cost.value->high, (2.0 * 400 + 10.0 * 480) / 1e6);
        QVERIFY(!estimate.seconds.value); // Not 0.
        QVERIFY(basisOf(estimate.seconds).contains(u"no run of this kind"_s));
    }

    void storedAnswersTellTokens()
    {
        Past past;
        // 40 characters a 10 tokens; completions of 10, 20, 30, 40, 100: mean 40, quartiles 20 and 40.
        QList<Took> took;
        for (const qint64 tokens : {10, 20, 30, 40, 100})
            took << Took{QString(40, u'x'), 10, tokens, 200};
        past.answered(u"write"_s, took);
        const Estimate estimate = past.of(10, 200);
        near(estimate.promptTokens.value->expected, 300);
        near(estimate.promptTokens.value->high, 300); // All alike: nothing to spread.
        QVERIFY(basisOf(estimate.promptTokens).contains(u"4 characters a token, measured on 5 answers of this kind"_s));
        near(estimate.completionTokens.value->low, 200);
        near(estimate.completionTokens.value->expected, 400);
        near(estimate.completionTokens.value->high, 400);
        QVERIFY(basisOf(estimate.completionTokens).contains(u"the mean of 5 stored answers"_s));
        near(estimate.cost.value->expected, (2.0 * 300 + 10.0 * 400) / 1e6);
        // Answers longer than they may be now would be cut.
        near(past.of(10, 30).completionTokens.value->expected, 10.0 * (10 + 20 + 30 + 30 + 30) / 5);
        // Another kind of request shares what the tokenizer makes of text, not how long answers are.
        const Estimate other = past.of(10, 200, u"check-label"_s);
        QVERIFY(basisOf(other.promptTokens).contains(u"to other questions"_s));
        QVERIFY(basisOf(other.completionTokens).contains(u"no answers yet"_s));
    }

    void aServerThatGoesBeyondItsLimitIsBelieved()
    {
        Past past;
        past.answered(u"check-label"_s, QList<Took>(6, Took{QString(40, u'x'), 10, 9, 1}));
        const Estimate estimate = past.of(10, 1, u"check-label"_s);
        near(estimate.completionTokens.value->expected, 90);
        QVERIFY(basisOf(estimate.completionTokens).contains(u"does not keep to the limit"_s));
    }

    void answersWithoutCountsAreToldFromNoAnswers()
    {
        Past past;
        past.answered(u"write"_s, QList<Took>(6, Took{QString(40, u'x'), {}, {}}));
        const Estimate estimate = past.of(10);
        QVERIFY(basisOf(estimate.promptTokens).contains(u"the server does not count tokens"_s));
        // A count that cannot be true is none.
        Past hostile;
        hostile.answered(u"write"_s, QList<Took>(6, Took{QString(40, u'x'), 999'999'999, 999'999'999}));
        QVERIFY(basisOf(hostile.of(10).completionTokens).contains(u"the server does not count tokens"_s));
        QVERIFY(hostile.of(10).completionTokens.value->high <= 480);
    }

    void anUnknownPriceIsAnUnknownCost()
    {
        using Price = std::optional<double>;
        for (const auto &[in, out] : {std::pair<Price, Price>{{}, {}}, {1.0, {}}, {{}, 1.0}}) {
            Past past(in, out);
            const Estimate estimate = past.of(10);
            QVERIFY(!estimate.cost.value);
            QVERIFY(estimate.toJson()["cost"]["expected"].is_null());
            QVERIFY(basisOf(estimate.cost).contains(u"m has no price"_s));
        }
        QCOMPARE(Past(0.0, 0.0).of(10).cost.value->high, 0.0); // A price of 0 is one.
        Past local({}, {}, ModelKind::Catalogue);
        QCOMPARE(local.of(10).cost.value->high, 0.0);
        QVERIFY(basisOf(local.of(10).cost).contains(u"costs nothing"_s));
    }

    void timeComesFromRunsSideBySide()
    {
        Past past;
        past.ran(u"write"_s, {2, 0.1, 2}); // Too few to tell anything.
        QVERIFY(!past.of(10).seconds.value);
        past.ran(u"check-label"_s, {500, 1.0, 64}); // Another kind.
        QVERIFY(!past.of(10).seconds.value);
        past.ran(u"write"_s, {400, 50.0, 16}); // 8 a second.
        near(past.of(10).seconds.value->expected, 1.25);
        QVERIFY(basisOf(past.of(10).seconds)
                    .contains(u"8 answers a second, measured over 400 answers at up to 16 at once"_s));
        past.ran(u"write"_s, {20, 5.0, 4}); // 4 a second.
        const Estimate estimate = past.of(10);
        near(estimate.seconds.value->low, 1.25);
        near(estimate.seconds.value->expected, 1.25); // The larger run tells more.
        near(estimate.seconds.value->high, 2.5);
        for (int i = 0; i < 5; ++i)
            past.ran(u"write"_s, {10, 1.0, 8});
        near(past.of(10).seconds.value->expected, 1.0); // What is older than five runs does not count.
        Past named;
        named.ran(u"evaluate:m:x:chat:text"_s, {10, 1.0, 8});
        QVERIFY(!named.of(10, 1, u"evaluate:*:chat"_s).seconds.value);
        QVERIFY(named.of(10, 1, u"evaluate:*:chat:text"_s).seconds.value.has_value());
    }

    void nothingToSendTakesNothing()
    {
        Past past(std::optional<double>{}, std::optional<double>{});
        const Estimate estimate = past.of(0);
        QCOMPARE(estimate.cost.value->high, 0.0);
        QCOMPARE(estimate.seconds.value->high, 0.0);
        QVERIFY(estimate.cost.basis.isEmpty());
    }

    void sumsKeepWhatIsNotKnown()
    {
        Past known, unknown({}, {});
        Estimate sum;
        sum += known.of(10);
        QVERIFY(sum.cost.value.has_value());
        sum += unknown.of(5);
        QVERIFY(!sum.cost.value);
        QCOMPARE(sum.requests.value->expected, 15.0);
        QCOMPARE(sum.cost.basis.size(), 2);
        sum += unknown.of(5);
        QCOMPARE(sum.cost.basis.size(), 2); // Said once.
    }

    void sharesHaveTheirInterval()
    {
        const EstimateRange share = estimatedShare(17, 20, 1);
        near(share.expected, 0.85);
        QVERIFY(std::abs(share.low - 0.6396) < 1e-3 && std::abs(share.high - 0.9476) < 1e-3); // Wilson 1927.
        QCOMPARE(estimatedShare(0, 0, 1), (EstimateRange{0, 1, 1}));
    }

    void lengthIsTheSameBeforeAndAfterSending()
    {
        for (const QString &api : {u"openai"_s, u"llama.cpp"_s, u"anthropic"_s, u"ollama"_s}) {
            Model model;
            model.api = api;
            model.modelId = u"m"_s;
            LmRequest request;
            request.turns = {{u"user"_s, u"Grüß “Gott” 🙂\n"_s}, {u"assistant"_s, u"They would"_s}};
            QCOMPARE(promptCharacters(request), 25);
            const auto chat = must(toWire(model, request));
            QCOMPARE(promptCharacters(QString::fromStdString(chat.body.dump())), std::optional<qint64>(25));
            if (api == u"anthropic"_s)
                continue; // Has no raw completions.
            LmRequest raw;
            raw.kind = LmRequest::Kind::Completion;
            raw.prompt = u"1 2 3 4"_s;
            const auto completion = must(toWire(model, raw));
            QCOMPARE(promptCharacters(QString::fromStdString(completion.body.dump())), std::optional<qint64>(7));
        }
        QCOMPARE(promptCharacters(u"{\"prompt\":[1,2,3]}"_s), std::nullopt);
        QCOMPARE(promptCharacters(u"no JSON"_s), std::nullopt);
    }

    void followUpsAreThoseOfTheLastRun()
    {
        Past past;
        const auto counted = [&] {
            return must(past.project->readNow(
                [&](Connection &c) { return latestFollowUps(c, past.model.id, u"evaluate:*:chat"_s, u":text"_s); }));
        };
        QVERIFY(!counted());
        past.answered(u"evaluate:m:chat"_s, QList<Took>(20, Took{u"q"_s, 5, 1, 1}));
        past.answered(u"evaluate:m:chat:text"_s, QList<Took>(3, Took{u"q"_s, 5, 1, 12}));
        QCOMPARE(counted()->steps, 20);
        QCOMPARE(counted()->followed, 3);
    }
};

QTEST_GUILESS_MAIN(TestEstimate)
#include "tst_estimate.moc"
