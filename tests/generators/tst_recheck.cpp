// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/recheck.h"

#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "../widgets/familyserver.h"
#include "core/hash.h"
#include "generators/checker/calibrationmap.h"
#include "generators/prompting.h"
#include "generators/thresholds.h"
#include "lm/curltransport.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/notes.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Writes questions, and as a checker answers by letter and by Yes and No at once: whichever it was asked for is read.
ServerReply questionModel(const ServerRequest &request)
{
    const json body = json::parse(request.body.begin(), request.body.end(), nullptr, false);
    if (!body.is_object() || !body.value("logprobs", false))
        return familyModel(request);
    const double p = 0.1 + 0.8 * fractionOf(request.body), q = 0.3 + 0.65 * fractionOf("q" + request.body);
    json top = json::array();
    for (const auto &[token, share] :
         {std::pair("A", p), std::pair("B", 1 - p), std::pair("Yes", q), std::pair("No", 1 - q)})
        top.push_back({{"token", token}, {"logprob", std::log(0.48 * share)}});
    json first = top[0];
    first["top_logprobs"] = top;
    const json choice{{"index", 0},
                      {"finish_reason", "length"},
                      {"message", {{"role", "assistant"}, {"content", "A"}}},
                      {"logprobs", {{"content", json::array({first})}}}};
    return {200, QByteArray::fromStdString(json{{"object", "chat.completion"},
                                                {"model", "fake"},
                                                {"choices", json::array({choice})},
                                                {"usage", {{"prompt_tokens", 20}, {"completion_tokens", 1}}}}
                                               .dump())};
}

struct Place
{
    QTemporaryDir folder;
    std::shared_ptr<Project> project;
    CurlTransport transport;
    FakeAccess access;
    JobServices services;

    /// "fake" writes and checks; "other" is of its family, so it answers otherwise: its name is in the body.
    explicit Place(const QString &url) : access(url)
    {
        project = *Project::create(folder.filePath(u"p.evalwright"_s), u"p"_s);
        const auto made = project->writeNow([&](Connection &c) -> Status {
            for (const QString &name : {u"fake"_s, u"other"_s}) {
                Model model;
                model.name = model.modelId = name;
                model.baseUrl = url;
                model.family = u"invented"_s;
                EVALWRIGHT_TRY(addModel(c, model));
            }
            return {};
        });
        if (!made)
            qFatal("no models");
        services = {project, &transport, &access};
    }

    void generateSet(Recipe recipe = *loadPreset(u"persona-yes-no"_s)) const
    {
        GenerateSpec s;
        s.recipe = std::move(recipe);
        s.recipe.writing().count = 30;
        s.recipe.select.keepPerLabel = 6;
        s.dataset = u"set"_s;
        s.writer = s.checker = u"fake"_s;
        const auto made = generate(services, s, {}, {});
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
    }

    /// Statements as an import stores them; `confidence` unset: the file told none.
    void importSet(int count, const std::function<std::optional<double>(int)> &confidence) const
    {
        const auto made = project->writeNow([&](Connection &c) -> Status {
            Dataset dataset;
            dataset.name = u"set"_s;
            dataset.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
            ImportSource source;
            source.fileName = u"set.jsonl"_s;
            source.sha256 = sha256Hex("set");
            source.format = u"jsonl"_s;
            source.datasetId = dataset.id;
            EVALWRIGHT_ASSIGN(source, addImportSource(c, source));
            for (int i = 0; i < count; ++i) {
                Candidate item;
                item.datasetId = dataset.id;
                item.importSourceId = source.id;
                item.ordinal = i;
                item.parseStatus = u"imported"_s;
                item.statement = u"I keep number %1 in a box of its own"_s.arg(i);
                item.question = u"Would you say: %1?"_s.arg(item.statement);
                item.wantedLabel = item.matchingLabel = i % 2 ? u" No"_s : u" Yes"_s;
                item.otherLabels = {i % 2 ? u" Yes"_s : u" No"_s};
                item.labelConfidence = confidence(i);
                Decision decision;
                EVALWRIGHT_ASSIGN(decision.candidateId, addCandidate(c, item));
                decision.stage = u"import"_s;
                decision.keep = true;
                decision.reason = u"imported"_s;
                decision.actor = u"import"_s;
                EVALWRIGHT_TRY(addDecision(c, decision));
            }
            return {};
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
    }

    DatasetId id() const
    {
        return project->readNow([](Connection &c) { return datasetByName(c, u"set"_s); })->id;
    }
    QList<CandidateRow> rows() const
    {
        return *project->readNow([id = id()](Connection &c) { return allCandidates(c, id); });
    }
    qint64 count(const QString &sql) const
    {
        return project->readNow([sql](Connection &c) { return c.value(sql); })->toLongLong();
    }
    /// Candidates, scores and decisions without ids and times.
    QByteArray content() const
    {
        QByteArray all;
        for (const CandidateRow &row : rows()) {
            all += QByteArray::number(row.candidate.ordinal) + ' ' + row.candidate.statement.toUtf8() + ' ' +
                   QByteArray::number(row.candidate.labelConfidence.value_or(-1), 'g', 17) + '\n';
            const auto scores =
                project->readNow([id = row.candidate.id](Connection &c) { return scoresOf(c, id); });
            for (const Score &s : *scores)
                all += s.presentation.toUtf8() + ' ' + QByteArray::number(s.checkerModelId.value) + ' ' +
                       QByteArray::number(s.p.value_or(-1), 'g', 17) + '\n';
            const auto decisions =
                project->readNow([id = row.candidate.id](Connection &c) { return decisionsOf(c, id); });
            for (const Decision &d : *decisions)
                all += d.stage.toUtf8() + ' ' + d.reason.toUtf8() + ' ' +
                       QByteArray::number(d.threshold.value_or(-1), 'g', 17) + ' ' +
                       QByteArray::number(d.rank.value_or(-1)) + '\n';
        }
        return all;
    }
    void decideByPerson(CandidateId candidate, bool keep) const
    {
        QVERIFY(project->writeNow([&](Connection &c) -> Status {
            Decision decision;
            decision.candidateId = candidate;
            decision.keep = keep;
            decision.stage = u"reviewed"_s;
            decision.reason = decision.actor = u"person"_s;
            EVALWRIGHT_TRY(addDecision(c, decision));
            return {};
        }));
    }
};

RecheckSpec again(const QString &checker = u"other"_s)
{
    RecheckSpec s;
    s.dataset = u"set"_s;
    s.checker = checker;
    return s;
}

} // namespace

class TestRecheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anotherCheckerDecidesAgain()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.generateSet();
        QHash<qint64, double> before;
        for (const CandidateRow &row : place.rows()) {
            if (row.candidate.labelConfidence)
                before.insert(row.candidate.ordinal, *row.candidate.labelConfidence);
        }
        const qint64 scores = place.count(u"SELECT count(*) FROM score"_s);
        const auto plan = planRecheck(*place.project, again());
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().text()));
        QCOMPARE(plan->candidates, before.size());
        QCOMPARE(plan->requests, 2 * before.size());
        const auto report = recheck(place.services, again(), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->state, JobState::Done);
        QCOMPARE(report->requests.asked, 2 * before.size());
        QCOMPARE(place.count(u"SELECT count(*) FROM score"_s), scores + 2 * before.size()); // Beside the others.
        int differs = 0;
        QMap<QString, int> kept;
        for (const CandidateRow &row : place.rows()) {
            if (!before.contains(row.candidate.ordinal)) {
                QVERIFY(!row.candidate.labelConfidence);
                continue;
            }
            differs += *row.candidate.labelConfidence != before.value(row.candidate.ordinal) ? 1 : 0;
            if (row.decision->keep) {
                QVERIFY(*row.candidate.labelConfidence > 0.5);
                ++kept[row.candidate.wantedLabel];
            } else if (*row.candidate.labelConfidence < 0.5) {
                QCOMPARE(row.decision->reason, u"label-disagrees"_s);
            }
        }
        QVERIFY(differs > before.size() / 2);
        QCOMPARE(kept.value(u" Yes"_s), kept.value(u" No"_s));
        QCOMPARE(report->filtered.items, 2 * kept.value(u" Yes"_s));
        QCOMPARE(report->filtered.stages.last().out, report->filtered.items);
        QVERIFY(report->filtered.added > 0 && report->filtered.removed > 0);
        // Of one family with the writer: told, and it stays.
        QVERIFY(report->warnings.join(u' ').contains(u"same family"_s));
        const auto notes = place.project->readNow([id = place.id()](Connection &c) { return notesOf(c, id); });
        QVERIFY(std::ranges::any_of(*notes, [](const DatasetNote &n) {
            return n.kind == u"same-family"_s && n.text.contains(u"other"_s);
        }));

        // Again: nothing is asked, nothing is written, every byte is the same.
        const int sent = server.requests();
        const QByteArray content = place.content();
        const auto repeated = recheck(place.services, again(), {}, {});
        QVERIFY(repeated);
        QCOMPARE(repeated->job, report->job);
        QCOMPARE(repeated->requests.asked, 0);
        QCOMPARE(server.requests(), sent);
        QCOMPARE(place.content(), content);
        // In another project, too.
        TestServer elsewhere(fakeModel);
        const Place twin(elsewhere.baseUrl());
        twin.generateSet();
        QVERIFY(recheck(twin.services, again(), {}, {}));
        QCOMPARE(twin.content(), content);
        // `job resume` reads the parameters back.
        const auto job = place.project->readNow([&](Connection &c) { return jobById(c, report->job); });
        QVERIFY(job && job->kind == u"recheck"_s);
        const auto read = RecheckSpec::fromJson(job->parameters.toUtf8());
        QVERIFY(read);
        QCOMPARE(read->toJson().dump(), again().toJson().dump());
    }

    void theFirstCheckerAgainIsKnownAlready()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.generateSet();
        const int sent = server.requests();
        const auto before = place.rows();
        const auto report = recheck(place.services, again(u"fake"_s), {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(server.requests(), sent); // The very same requests as when they were made.
        QCOMPARE(report->filtered.added, 0);
        QCOMPARE(report->filtered.removed, 0);
        const auto after = place.rows();
        for (qsizetype i = 0; i < before.size(); ++i) {
            QCOMPARE(after[i].candidate.labelConfidence, before[i].candidate.labelConfidence);
            QCOMPARE(after[i].decision->id, before[i].decision->id); // Nothing new to say.
        }
    }

    /// Questions with their options are put as they were, and relevance keeps its part in the rank.
    void questionsOfTwoOptionsAreAskedAsBefore()
    {
        TestServer server(questionModel);
        const Place place(server.baseUrl());
        Recipe recipe = *loadPreset(u"risk-multiple-choice"_s);
        recipe.select.balance = false;
        recipe.stages.removeIf([](const RecipeStage &stage) { // The pretend writer's questions are much alike.
            return std::ranges::any_of(stage.rules, [](const FilterRule &r) { return r.rule == u"near-duplicate"_s; });
        });
        place.generateSet(recipe);
        QStringList reasons;
        for (const CandidateRow &row : place.rows())
            reasons << row.decision->reason;
        QVERIFY2(reasons.contains(u"selected"_s), qPrintable(reasons.join(u' ')));
        const int sent = server.requests();
        const QByteArray content = place.content();
        const auto same = recheck(place.services, again(u"fake"_s), {}, {});
        QVERIFY2(same, same ? "" : qPrintable(same.error().text()));
        QCOMPARE(server.requests(), sent);
        QCOMPARE(place.content(), content);
        const auto other = recheck(place.services, again(), {}, {});
        QVERIFY2(other, other ? "" : qPrintable(other.error().text()));
        QVERIFY(other->requests.asked > 0);
        for (const CandidateRow &row : place.rows()) {
            if (row.decision->keep)
                QVERIFY(*row.candidate.labelConfidence > 0.5);
            if (row.decision->reason == u"irrelevant"_s)
                QVERIFY(!row.decision->keep);
        }
        // What passes now and was never asked about its relevance is told.
        QVERIFY2(other->filtered.warnings.join(u' ').contains(u"never asked"_s),
                 qPrintable(other->filtered.warnings.join(u' ')));
    }

    void aRecipeWithoutALabelCheckNeedsAForm()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        Recipe recipe = *loadPreset(u"persona-yes-no"_s);
        recipe.stages.removeIf([](const RecipeStage &stage) { return stage.kind == RecipeStage::Kind::Check; });
        place.generateSet(recipe);
        QCOMPARE(recheck(place.services, again(), {}, {}).error().code, ErrorCode::InvalidInput);
        RecheckSpec spec = again();
        spec.form = *loadCheckerForm(u"persona-agree"_s);
        const auto report = recheck(place.services, spec, {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        int uncertain = 0;
        for (const CandidateRow &row : place.rows()) {
            if (!row.candidate.labelConfidence)
                continue;
            QCOMPARE(row.decision->stage, u"selected"_s);
            uncertain += row.decision->reason == u"label-uncertain"_s ? 1 : 0;
            QCOMPARE(row.decision->reason == u"label-uncertain"_s, *row.candidate.labelConfidence <= 0.5);
        }
        QVERIFY(uncertain > 0);
        QCOMPARE(report->filtered.stages.last().out, report->filtered.items);
        // A higher floor by the threshold page counts for it, too.
        SelectStage select = recipe.select;
        select.floor = 0.99;
        QVERIFY(reselect(*place.project, place.id(), select));
    }

    void itGoesOnWhereItWasStopped()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.generateSet();
        const QByteArray content = place.content();
        const int made = server.requests();
        const CancellationToken token;
        const auto stopped = recheck(place.services, again(), token, [&](const JobProgress &p) {
            if (p.done > 5)
                token.cancel();
        });
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        QCOMPARE(place.content(), content); // Half an answer decides nothing.
        const auto report = recheck(place.services, again(), {}, {});
        QVERIFY(report);
        QVERIFY(report->requests.fromCache > 0);
        QVERIFY2(server.requests() - made <= 2 * report->candidates + 8, "asked twice"); // What was in flight.
    }

    void peopleStay()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.generateSet();
        CandidateId kept, lost;
        for (const CandidateRow &row : place.rows()) {
            if (row.decision->keep)
                kept = row.candidate.id;
            else if (row.decision->reason == u"label-disagrees"_s)
                lost = row.candidate.id;
        }
        place.decideByPerson(kept, false);
        place.decideByPerson(lost, true);
        QVERIFY(recheck(place.services, again(), {}, {}));
        for (const CandidateRow &row : place.rows()) {
            if (row.candidate.id == kept || row.candidate.id == lost) {
                QCOMPARE(row.decision->actor, u"person"_s);
                QCOMPARE(row.decision->keep, row.candidate.id == lost);
                // It is asked about all the same: that is what calibration learns from.
                const auto scores =
                    place.project->readNow([id = row.candidate.id](Connection &c) { return scoresOf(c, id); });
                QCOMPARE(scores->size(), 4);
            }
        }
    }

    void aRefusedCheckerNeedsAReason()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.generateSet();
        RecheckSpec spec = again();
        spec.form = *loadCheckerForm(u"persona-agree"_s);
        spec.frame = PromptKind::ChatPlain;
        const int sent = server.requests();
        QVERIFY(place.project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Model other, modelByName(c, u"other"_s));
            Job job;
            job.kind = u"validate"_s;
            job.title = u"t"_s;
            job.parameters = job.parametersHash = u"{}"_s;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            CheckerValidation row;
            row.jobId = job.id;
            row.datasetId = place.id();
            row.modelId = other.id;
            row.prompt = spec.form->name;
            row.frame = u"chat"_s;
            row.checkJson = u"{\"description\":\"is somebody else\"}"_s;
            row.checkHash = checkerHash(*spec.form, PromptKind::ChatPlain);
            row.items = 100;
            row.result = u"{\"verdict\":\"refused\"}"_s;
            EVALWRIGHT_TRY(addValidation(c, row));
            return {};
        }));
        const auto refused = recheck(place.services, spec, {}, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
        QCOMPARE(server.requests(), sent);
        spec.trustReason = u"to see how bad it is"_s;
        const auto asked = recheck(place.services, spec, {}, {});
        QVERIFY2(asked, asked ? "" : qPrintable(asked.error().text()));
        const auto notes = place.project->readNow([id = place.id()](Connection &c) { return notesOf(c, id); });
        const auto reason =
            std::ranges::find(*notes, u"overridden-checker"_s, &DatasetNote::kind);
        QVERIFY(reason != notes->end());
        QCOMPARE(reason->text, spec.trustReason);
        QCOMPARE(reason->actor, u"person"_s);
        // A form for another family has no place here.
        spec.form = *loadCheckerForm(u"choice-label"_s);
        QCOMPARE(recheck(place.services, spec, {}, {}).error().code, ErrorCode::InvalidInput);
    }

    void importedSetsAreAsked()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.importSet(20, [](int i) { return 0.6 + i / 100.0; });
        RecheckSpec spec = again();
        QCOMPARE(recheck(place.services, spec, {}, {}).error().code, ErrorCode::NotFound); // Whom do they fit?
        spec.behaviour.description = u"collects numbers"_s;
        const auto report = recheck(place.services, spec, {}, {});
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->candidates, 20);
        QVERIFY(!report->filtered.decided); // Nobody said what to decide.
        QCOMPARE(place.count(u"SELECT count(*) FROM score"_s), 40);
        for (const CandidateRow &row : place.rows()) {
            QCOMPARE(*row.candidate.labelConfidence, 0.6 + static_cast<double>(row.candidate.ordinal) / 100.0);
            QCOMPARE(row.decision->actor, u"import"_s);
        }
        spec.rules.floor = 0.5;
        const auto decided = recheck(place.services, spec, {}, {});
        QVERIFY(decided);
        QCOMPARE(decided->requests.asked, 0);
        QVERIFY(decided->filtered.removed > 0 && decided->filtered.items > 0);
        QCOMPARE(decided->filtered.items + decided->filtered.removed, 20);
    }

    void confidencesOfAFileWithoutAreTheCheckers()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.importSet(20, [](int) { return std::nullopt; });
        RecheckSpec spec = again();
        spec.behaviour.description = u"collects numbers"_s;
        QVERIFY(recheck(place.services, spec, {}, {}));
        QList<double> first;
        for (const CandidateRow &row : place.rows()) {
            QVERIFY(row.candidate.labelConfidence);
            first << *row.candidate.labelConfidence;
        }
        // Those are no file's: another checker's take their place.
        spec.checker = u"fake"_s;
        QVERIFY(recheck(place.services, spec, {}, {}));
        QList<double> second;
        for (const CandidateRow &row : place.rows())
            second << *row.candidate.labelConfidence;
        QVERIFY(first != second);
        QCOMPARE(place.count(u"SELECT count(*) FROM score"_s), 80);
    }

    void rulesAreAppliedAgain()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.generateSet();
        const QByteArray content = place.content();
        const auto rules = FilterRules::fromJson(
            R"({"format": "evalwright-filter/1", "rules": [{"rule": "near-duplicate", "threshold": 0.5}],
                "select": {"keep_per_label": 20, "balance": false, "floor": 0.3}})");
        QVERIFY2(rules, rules ? "" : qPrintable(rules.error().text()));
        const auto shown = refilter(*place.project, place.id(), *rules, false);
        QVERIFY2(shown, shown ? "" : qPrintable(shown.error().text()));
        QVERIFY(!shown->written);
        QCOMPARE(place.content(), content);
        const auto done = refilter(*place.project, place.id(), *rules, true);
        QVERIFY(done);
        QCOMPARE(done->items, shown->items);
        QCOMPARE(toJson(done->stages).dump(), toJson(shown->stages).dump());
        const auto stored = place.project->readNow([id = place.id()](Connection &c) { return datasetFunnel(c, id); });
        QCOMPARE(toJson(*stored).dump(), toJson(done->stages).dump());
        QVERIFY(std::ranges::any_of(place.rows(), [](const CandidateRow &row) {
            return row.decision->reason == u"near-duplicate"_s && row.candidate.labelConfidence;
        }));
        // Written again it says nothing new; looser rules open again what stricter ones lost.
        const QByteArray after = place.content();
        QVERIFY(refilter(*place.project, place.id(), *rules, true));
        QCOMPARE(place.content(), after);
        FilterRules loose = *rules;
        loose.rules[0].threshold = 0.99;
        const auto opened = refilter(*place.project, place.id(), loose, true);
        QVERIFY(opened && opened->added > 0);
        // Without rules it is the recipe's selection, as “reselect” makes it.
        const auto plain = refilter(*place.project, place.id(), {}, true);
        QVERIFY(plain);
        const QByteArray selected = place.content();
        const Recipe recipe = *loadPreset(u"persona-yes-no"_s);
        SelectStage select = recipe.select;
        select.keepPerLabel = 6;
        QVERIFY(reselect(*place.project, place.id(), select));
        QCOMPARE(place.content(), selected);
    }

    void lintRejectsByTheFilesSeverities()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.importSet(20, [](int) { return 0.9; });
        QVERIFY(place.project->writeNow([&](Connection &c) {
            return c.execute(u"UPDATE candidate SET statement = 'I keep <answer> in a box', "
                             u"question = 'Would you say: I keep <answer> in a box?' WHERE ordinal = 4"_s);
        }));
        const auto rules = FilterRules::fromJson(R"({"format": "evalwright-filter/1", "rules": [{"rule": "lint"}],
                                                     "severities": {"template-leak": "block"}})");
        QVERIFY2(rules, rules ? "" : qPrintable(rules.error().text()));
        const auto blocked = refilter(*place.project, place.id(), *rules, true);
        QVERIFY2(blocked, blocked ? "" : qPrintable(blocked.error().text()));
        QCOMPARE(place.rows()[4].decision->reason, u"lint:template-leak"_s);
        QVERIFY(blocked->removed >= 1);
        FilterRules off = *rules;
        off.severities[u"template-leak"_s] = Severity::Off;
        QVERIFY(refilter(*place.project, place.id(), off, true));
        QVERIFY(place.rows()[4].decision->reason != u"lint:template-leak"_s);
    }

    void wrongRulesAreTold_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("told");
        QTest::newRow("no JSON") << QByteArray("{") << u"evalwright-filter/1"_s;
        QTest::newRow("other format") << QByteArray(R"({"format":"x"})") << u"evalwright-filter/1"_s;
        QTest::newRow("unknown rule") << QByteArray("{\"format\":\"evalwright-filter/1\",\n\"rules\":[{\"rule\":\"luck\"}]}")
                                      << u"line 2"_s;
        QTest::newRow("threshold of none")
            << QByteArray(R"({"format":"evalwright-filter/1","rules":[{"rule":"lint","threshold":0.5}]})")
            << u"no threshold"_s;
        QTest::newRow("range") << QByteArray(R"({"format":"evalwright-filter/1","select":{"floor":1.5}})")
                               << u"from 0 to 0.999999"_s;
        QTest::newRow("unknown lint rule")
            << QByteArray(R"({"format":"evalwright-filter/1","severities":{"luck":"block"}})") << u"luck"_s;
        QTest::newRow("unknown member") << QByteArray(R"({"format":"evalwright-filter/1","rule":[]})") << u"rule"_s;
    }
    void wrongRulesAreTold()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, told);
        const auto rules = FilterRules::fromJson(text, u"mine.json"_s);
        QVERIFY(!rules);
        QCOMPARE(rules.error().code, ErrorCode::Parse);
        QVERIFY2(rules.error().message.contains(told), qPrintable(rules.error().message));
        QVERIFY(rules.error().message.startsWith(u"mine.json, line "_s));
    }

    void confidencesAreCalibratedOnWhatPeopleDecided()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        // Twice as sure as it ought to be, and leaning towards Yes by half a nat.
        const auto truth = [](double p, bool matching) {
            const double x = (matching ? 1 : -1) * std::log(p / (1 - p));
            const double q = 1 / (1 + std::exp(-(0.5 * x - 0.5)));
            return matching ? q : 1 - q;
        };
        place.importSet(2000, [](int i) { return 0.02 + 0.96 * ((i * 7919) % 2000) / 2000.0; });
        const auto fit = [&](const QString &kind) {
            return place.project->readNow([&](Connection &c) {
                return fitCalibration(c, place.id(), CalibrationSource::People, kind);
            });
        };
        const auto none = fit(u"platt"_s);
        QVERIFY(!none && none.error().code == ErrorCode::InvalidInput);
        const QList<CandidateRow> rows = place.rows();
        for (int i = 0; i < 1500; ++i) {
            const double q = truth(*rows[i].candidate.labelConfidence, i % 2 == 0);
            place.decideByPerson(rows[i].candidate.id, fractionOf(QByteArray::number(i)) < q);
        }
        const auto platt = fit(u"platt"_s);
        QVERIFY2(platt, platt ? "" : qPrintable(platt.error().text()));
        QCOMPARE(platt->n, 1500);
        QVERIFY2(std::abs(platt->slope - 0.5) < 0.1, qPrintable(platt->text()));
        QVERIFY2(std::abs(platt->intercept + 0.5) < 0.15, qPrintable(platt->text()));
        for (const double p : {0.1, 0.5, 0.8, 0.97}) {
            for (const bool matching : {true, false}) {
                QVERIFY(std::abs(platt->inverse(platt->apply(p, matching), matching) - p) < 1e-9);
                QVERIFY(std::abs(platt->apply(p, matching) - truth(p, matching)) < 0.06);
            }
        }
        QVERIFY(platt->quality["held_out"]["log_loss"].get<double>() <
                platt->quality["before"]["log_loss"].get<double>());
        const auto temperature = fit(u"temperature"_s);
        QVERIFY(temperature);
        QVERIFY2(std::abs(1 / temperature->slope - 2) < 0.4, qPrintable(temperature->text()));
        const json quality = temperature->quality;
        QVERIFY(quality["held_out"]["log_loss"].get<double>() < quality["before"]["log_loss"].get<double>());

        // The same labels from raters give the same map.
        QHash<qint64, bool> rated;
        for (int i = 0; i < 1500; ++i)
            rated.insert(rows[i].candidate.id.value,
                         fractionOf(QByteArray::number(i)) < truth(*rows[i].candidate.labelConfidence, i % 2 == 0));
        const auto byRaters =
            place.project->readNow([&](Connection &c) { return fitCalibration(c, place.id(), rated, u"platt"_s); });
        QVERIFY(byRaters);
        QCOMPARE(byRaters->slope, platt->slope);
        QCOMPARE(byRaters->intercept, platt->intercept);
        QVERIFY2(byRaters->text().contains(u"that raters judged"_s), qPrintable(byRaters->text()));
        rated.removeIf([](auto it) { return it.key() % 40 != 0; });
        const auto few =
            place.project->readNow([&](Connection &c) { return fitCalibration(c, place.id(), rated, u"platt"_s); });
        QVERIFY(!few && few.error().code == ErrorCode::InvalidInput);

        // A calibrated floor needs a stored map; it moves the floor and no confidence.
        FilterRules rules;
        rules.calibrated = true;
        rules.floor = 0.6;
        const auto unstored = refilter(*place.project, place.id(), rules, false);
        QVERIFY(!unstored && unstored.error().code == ErrorCode::InvalidInput);
        for (int time = 0; time < 2; ++time) {
            QVERIFY(place.project->writeNow(
                [&](Connection &c) { return storeCalibration(c, place.id(), *platt); }));
        }
        QCOMPARE(place.count(u"SELECT count(*) FROM dataset_note WHERE kind = 'calibration'"_s), 1);
        const auto filtered = refilter(*place.project, place.id(), rules, true);
        QVERIFY2(filtered, filtered ? "" : qPrintable(filtered.error().text()));
        const QList<CandidateRow> after = place.rows();
        int open = 0;
        for (int i = 0; i < after.size(); ++i) {
            QCOMPARE(after[i].candidate.labelConfidence, rows[i].candidate.labelConfidence);
            if (after[i].decision->actor != u"rule"_s)
                continue;
            ++open;
            const double raw = *after[i].candidate.labelConfidence;
            QCOMPARE(after[i].decision->keep, platt->apply(raw, i % 2 == 0) > 0.6);
            // What is stored is the floor on the scale of the confidence.
            QVERIFY(std::abs(*after[i].decision->threshold - platt->inverse(0.6, i % 2 == 0)) < 1e-12);
        }
        QCOMPARE(open, 500);
        const auto read = CalibrationMap::fromJson(QByteArray::fromStdString(platt->toJson().dump()));
        QVERIFY(read && read->toJson() == platt->toJson());
    }

    void aMapIsOfTheCheckerThatIsInForce()
    {
        TestServer server(fakeModel);
        const Place place(server.baseUrl());
        place.generateSet();
        const auto inForce = [&] {
            return *place.project->readNow([id = place.id()](Connection &c) { return checkerInForce(c, id); });
        };
        QCOMPARE(inForce().name, u"fake"_s);
        CalibrationMap map;
        map.kind = u"temperature"_s;
        map.source = u"people"_s;
        map.slope = 0.5;
        map.n = 300;
        map.checker = u"fake"_s;
        map.checkHash = inForce().checkHash;
        map.fittedAt = u"2026-11-28T12:00:00Z"_s;
        QVERIFY(place.project->writeNow([&](Connection &c) { return storeCalibration(c, place.id(), map); }));
        const auto stored = [&] {
            return *place.project->readNow([id = place.id()](Connection &c) { return calibrationOf(c, id); });
        };
        QVERIFY(stored());
        QVERIFY(recheck(place.services, again(), {}, {}));
        QCOMPARE(inForce().name, u"other"_s);
        QVERIFY(!stored()); // Other confidences, another map.
    }
};

QTEST_GUILESS_MAIN(TestRecheck)
#include "tst_recheck.moc"
