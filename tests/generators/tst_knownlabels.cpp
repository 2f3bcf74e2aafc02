// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/knownlabels.h"

#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "../support/testserver.h"
#include "core/foreignjson.h"
#include "generators/checker/trust.h"
#include "lm/curltransport.h"
#include "storage/exchange/exchange.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

std::string textOf(const json &body)
{
    std::string text;
    for (const json &turn : body["messages"])
        text += turn["content"].get<std::string>() + '\n';
    return text;
}

/// P(first answer): it prefers the option that says “fits” and calls questions about weather beside the topic, a third
/// of the time by chance alone, which depends on the body.
double belief(const QByteArray &body, const std::string &text)
{
    const double noise = 0.7 * (fractionOf(body) - 0.5);
    double content = 0;
    if (text.find("relevant") != std::string::npos)
        content = text.find("weather") == std::string::npos ? 0.25 : -0.25;
    else if (const auto a = text.find("A: "); a != std::string::npos)
        content = text.substr(a, 20).find("fits") != std::string::npos ? 0.25 : -0.25;
    else
        content = text.find(" fits") != std::string::npos ? 0.25 : -0.25;
    return std::clamp(0.5 + content + noise, 0.02, 0.98);
}

/// An OpenAI server; without log-probabilities it says one word, as often as it believes in it.
ServerReply openAi(const ServerRequest &request)
{
    const json body = json::parse(request.body.begin(), request.body.end());
    const std::string text = textOf(body);
    const bool letters = text.find("A or B") != std::string::npos;
    const bool agree = text.find("agree") != std::string::npos;
    const std::string first = letters ? "A" : agree ? "agree" : "Yes", second = letters ? "B" : agree ? "disagree" : "No";
    json choice{{"index", 0}, {"finish_reason", "stop"}};
    if (body.value("logprobs", false)) {
        const double p = belief(request.body, text);
        json top = json::array({{{"token", first}, {"logprob", std::log(0.9 * p)}},
                                {{"token", second}, {"logprob", std::log(0.9 * (1 - p))}}});
        json token = top[0];
        token["top_logprobs"] = top;
        choice["message"] = {{"role", "assistant"}, {"content", first}};
        choice["logprobs"] = {{"content", json::array({token})}};
    } else {
        const bool says = fractionOf("say" + request.body) < belief(QByteArray::fromStdString(text), text);
        const bool mumbles = fractionOf("mumble" + request.body) < 0.1;
        choice["message"] = {{"role", "assistant"},
                             {"content", mumbles ? std::string("Well, that depends.") : (says ? first : second) + "."}};
    }
    return {200, QByteArray::fromStdString(json{{"object", "chat.completion"},
                                                {"model", "fake"},
                                                {"choices", json::array({choice})},
                                                {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 2}}}}
                                               .dump())};
}

/// The same mind behind Anthropic's dialect, which has neither log-probabilities nor a seed. The third of every ten
/// answers is turned round, so that shares are not all 0 or 1.
ServerReply anthropic(const ServerRequest &request)
{
    const json body = json::parse(request.body.begin(), request.body.end());
    if (body.contains("logprobs") || body.contains("top_logprobs") || body.contains("seed"))
        return {400, R"({"type":"error","error":{"type":"invalid_request_error","message":"unknown field"}})"};
    const std::string text = textOf(body);
    const bool yes = (text.find(" fits") != std::string::npos) != (request.number % 10 == 3);
    return {200, QByteArray::fromStdString(
                     json{{"type", "message"},
                          {"role", "assistant"},
                          {"model", "fake"},
                          {"stop_reason", "end_turn"},
                          {"content", json::array({{{"type", "text"}, {"text", yes ? "agree" : "Disagree."}}})},
                          {"usage", {{"input_tokens", 20}, {"output_tokens", 2}}}}
                         .dump())};
}

struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    CurlTransport transport;
    FakeAccess access;
    JobServices services;

    explicit Place(const QString &url, const QString &api = u"openai"_s, bool logprobs = true) : access(url)
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
        Model model;
        model.name = u"fake"_s;
        model.api = api;
        model.baseUrl = url;
        model.modelId = u"fake"_s;
        if (!logprobs)
            model.capabilities = u"{\"token_logprobs\":{\"value\":false,\"evidence\":\"missing\"}}"_s;
        if (!project->writeNow([model](Connection &c) { return addModel(c, model); }))
            qFatal("no model");
        services = {project, &transport, &access};
    }

    /// Questions of two options of which one fits, the letters alternating; or persona statements.
    void add(const QString &name, const QString &about, int count, bool choices = true) const
    {
        const auto made = project->writeNow([&](Connection &c) -> Status {
            Dataset dataset;
            dataset.name = name;
            dataset.family = choices ? u"multiple-choice"_s : u"persona"_s;
            EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
            for (int i = 0; i < count; ++i) {
                const bool first = i % 2 == 0;
                Candidate item;
                item.datasetId = dataset.id;
                item.ordinal = i;
                item.parseStatus = u"imported"_s;
                if (choices) {
                    item.question = u"Question %1 about %2?\n\nChoices:\n (A) %3 %1\n (B) %4 %1\n\nAnswer:"_s.arg(i)
                                        .arg(about, first ? u"this fits"_s : u"it clashes"_s,
                                             first ? u"it clashes"_s : u"this fits"_s);
                    item.matchingLabel = first ? u" (A)"_s : u" (B)"_s;
                } else {
                    item.statement = item.question = u"Statement %1 %2"_s.arg(i).arg(first ? u"fits"_s : u"clashes"_s);
                    item.matchingLabel = first ? u" Yes"_s : u" No"_s;
                }
                item.wantedLabel = item.matchingLabel;
                Decision decision;
                EVALWRIGHT_ASSIGN(decision.candidateId, addCandidate(c, item));
                decision.stage = decision.reason = decision.actor = u"person"_s;
                decision.keep = true;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
    }
};

CheckerTrialSpec spec(const QString &form, const QString &against = {})
{
    CheckerTrialSpec s;
    CheckerTrialSpec::Set set;
    set.dataset = u"known"_s;
    set.behaviour.description = u"reaches for more"_s;
    set.behaviour.subject = u"ai-system"_s;
    set.against = against;
    s.sets << set;
    s.models << u"fake"_s;
    if (!form.isEmpty())
        s.forms << *loadCheckerForm(form);
    s.frames = {PromptKind::ChatPlain};
    s.items = 80;
    return s;
}

json figuresOf(const ValidationRow &row)
{
    return storedJson(row.validation.result);
}

} // namespace

class TestKnownLabels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void optionsAreToldApart()
    {
        TestServer server(openAi);
        const Place place(server.baseUrl());
        place.add(u"known"_s, u"power"_s, 100);
        const auto report = validateCheckers(place.services, spec(u"choice-label"_s), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->rows.size(), 1);
        const json figures = figuresOf(report->rows[0]);
        QCOMPARE(figures["n"].get<int>(), 80);
        QCOMPARE(verdictOf(report->rows[0].validation), CheckerVerdict::Usable);
        // Half of the items are asked about by the option that does not fit; each of them only once.
        const auto set = place.project->readNow(
            [&](Connection &c) { return openKnownSet(c, spec(u"choice-label"_s).sets[0], 80, 1); });
        QVERIFY(set);
        QSet<qint64> ids;
        for (const KnownItem &item : set->label) {
            QCOMPARE(item.values.value(u"matching_option"_s).contains(u"fits"_s), item.positive);
            ids << item.id.value;
        }
        QCOMPARE(ids.size(), 80);
        QCOMPARE(std::ranges::count_if(set->label, &KnownItem::positive), 40);
        // A recipe that asks so is trusted by it: it is the same behaviour, the same form.
        Recipe recipe = *loadPreset(u"risk-multiple-choice"_s);
        recipe.behaviour = spec({}).sets[0].behaviour;
        recipe.checking()->form = std::make_shared<const CheckerForm>(spec(u"choice-label"_s).forms[0]);
        recipe.checking()->prompt.kind = PromptKind::ChatPlain;
        const auto trust = place.project->readNow([&](Connection &c) -> Result<CheckerTrust> {
            EVALWRIGHT_ASSIGN(const Model model, modelByName(c, u"fake"_s));
            return trustOf(c, recipe, model);
        });
        QVERIFY(trust);
        QCOMPARE(trust->state, CheckerTrust::State::Usable);
        QVERIFY(trust->sameBehaviour);
    }

    void relevanceIsSetAgainstAnotherSubject()
    {
        TestServer server(openAi);
        const Place place(server.baseUrl());
        place.add(u"known"_s, u"power"_s, 60);
        place.add(u"other"_s, u"weather"_s, 60);
        const auto alone = planCheckerTrial(*place.project, spec({}));
        QVERIFY(alone);
        QCOMPARE(alone->requests, 60 * 2); // Labels only: two presentations, all sixty items.
        const auto report = validateCheckers(place.services, spec({}, u"other"_s), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->rows.size(), 2);
        for (const ValidationRow &row : report->rows)
            QCOMPARE(verdictOf(row.validation), CheckerVerdict::Usable);
        const json asked = storedJson(report->rows[1].validation.checkJson);
        QCOMPARE(report->rows[1].validation.prompt, u"choice-relevance"_s);
        QCOMPARE(asked["topic"].get<std::string>(), std::string("it reaches for more"));
        bool whether = false;
        for (const QByteArray &body : server.requestsByBody().keys())
            whether = whether || body.contains("relevant to find out whether it reaches for more?");
        QVERIFY(whether);

        // Without the other data set nothing is known of relevance, and a data set is not beside itself.
        const auto skipped = planCheckerTrial(*place.project, spec(u"choice-relevance"_s));
        QVERIFY(!skipped && skipped.error().code == ErrorCode::InvalidInput);
        const auto itself = planCheckerTrial(*place.project, spec(u"choice-relevance"_s, u"known"_s));
        QVERIFY(!itself && itself.error().code == ErrorCode::InvalidInput);
        const auto persona = planCheckerTrial(*place.project, spec(u"persona-agree"_s));
        QVERIFY(!persona && persona.error().code == ErrorCode::Unsupported);
    }

    void goldsAreItemsOfKnownLabels()
    {
        TestServer server(openAi);
        const Place place(server.baseUrl());
        const auto golds = ensureGoldSet(*place.project, u"power-seeking"_s);
        QVERIFY2(golds, golds ? "" : qPrintable(golds.error().text()));
        QCOMPARE(golds->dataset, u"golds/power-seeking"_s);
        QVERIFY(golds->topic.startsWith(u"it would"_s));
        QVERIFY(ensureGoldSet(*place.project, u"power-seeking"_s)); // Found, not made twice.
        CheckerTrialSpec s = spec(u"choice-label"_s);
        s.sets = {*golds};
        const auto plan = planCheckerTrial(*place.project, s);
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QCOMPARE(plan->itemsPerDataset.value(golds->dataset), 10);
        QCOMPARE(plan->requests, 20);
    }

    void sampledCheckersAreTried_data()
    {
        QTest::addColumn<QString>("api");
        QTest::newRow("openai") << u"openai"_s;
        QTest::newRow("anthropic") << u"anthropic"_s;
    }
    void sampledCheckersAreTried()
    {
        QFETCH(QString, api);
        TestServer server(api == u"openai"_s ? openAi : anthropic);
        const Place place(server.baseUrl(), api, false);
        place.add(u"known"_s, u"power"_s, 40, false);
        CheckerTrialSpec s = spec(u"persona-agree"_s);
        s.items = 40;
        const auto report = validateCheckers(place.services, s, {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->requests.asked + report->requests.fromCache, 40 * 2 * 10);
        const json figures = figuresOf(report->rows[0]);
        QCOMPARE(figures["method"].get<std::string>(), std::string("sampled"));
        QCOMPARE(figures["samples"].get<int>(), 10);
        QCOMPARE(figures["n"].get<int>(), 40);
        QCOMPARE(verdictOf(report->rows[0].validation), CheckerVerdict::Usable);
        const double mass = figures["label_mass"]["mean"].get<double>();
        if (api == u"openai"_s)
            QVERIFY2(mass > 0.8 && mass < 0.99, qPrintable(QString::number(mass))); // It mumbles a tenth of the time.
        else
            QCOMPARE(mass, 1.0);
        for (const QByteArray &body : server.requestsByBody().keys())
            QVERIFY(!body.contains("logprobs"));
        // It is another checker than the same form read from one token.
        QVERIFY(report->rows[0].validation.checkHash != checkerHash(s.forms[0], PromptKind::ChatPlain));
        QCOMPARE(report->rows[0].validation.checkHash, checkerHash(s.forms[0], PromptKind::ChatPlain, {true, 10}));
        // Nothing is asked twice, and the same answers give the same bytes.
        const int sent = server.requests();
        const auto again = validateCheckers(place.services, s, {}, {});
        QVERIFY(again);
        QCOMPARE(server.requests(), sent);
        QCOMPARE(again->rows[0].validation.id, report->rows[0].validation.id);
        QCOMPARE(again->rows[0].validation.result, report->rows[0].validation.result);
        // Who insists on one token is told that there is none.
        s.method = u"first-token"_s;
        const auto refused = validateCheckers(place.services, s, {}, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
        s.method = u"sampled"_s;
        s.samples = 0;
        QCOMPARE(validateCheckers(place.services, s, {}, {}).error().code, ErrorCode::InvalidInput);
        const auto read = CheckerTrialSpec::fromJson(QByteArray::fromStdString(s.toJson().dump()));
        QVERIFY(read && read->method == s.method && read->samples == 0);
    }

    void publishedQuestionsAreRead()
    {
        const QString name = u"data/anthropic-evals/advanced-ai-risk/human_generated_evals/"
                             u"power-seeking-inclination.jsonl"_s;
        const QString path = QDir(QStringLiteral(EVALWRIGHT_SHARED_DIR)).filePath(name);
        if (!QFile::exists(path))
            QSKIP("The published files are not here.");
        TestServer server(openAi);
        const Place place(server.baseUrl());
        ImportOptions options;
        options.dataset = u"known"_s;
        const auto imported = importFile(*place.project, path, options);
        QVERIFY2(imported, imported ? "" : qPrintable(imported.error().text()));
        // What the file is about is known by its name.
        CheckerTrialSpec::Set undescribed;
        undescribed.dataset = u"known"_s;
        const auto set =
            place.project->readNow([&](Connection &c) { return openKnownSet(c, undescribed, 100, 1); });
        QVERIFY2(set, set ? "" : qPrintable(set.error().text()));
        QVERIFY(set->behaviour.description.contains(u"power"_s));
        QCOMPARE(set->label.size(), 100);
        for (const KnownItem &item : set->label) {
            QVERIFY(!item.values.value(u"stem"_s).contains(u"(A)"_s));
            QVERIFY(item.values.value(u"matching_option"_s) != item.values.value(u"other_option"_s));
        }
    }
};

QTEST_GUILESS_MAIN(TestKnownLabels)
#include "tst_knownlabels.moc"
