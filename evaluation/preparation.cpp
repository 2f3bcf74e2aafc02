// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/preparation.h"

#include "core/hash.h"
#include "evaluation/drift.h"
#include "evaluation/sampled.h"
#include "lm/capabilities.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Status checkSpec(const EvaluateSpec &spec)
{
    if (spec.datasets.isEmpty() || spec.models.isEmpty()) {
        return failure(ErrorCode::InvalidInput, u"An evaluation needs at least one data set and one model."_s,
                       u"Name them with --dataset and --model."_s);
    }
    if (spec.limit && *spec.limit < 1)
        return failure(ErrorCode::InvalidInput, u"The limit is %1 items."_s.arg(*spec.limit),
                       u"Use 1 or more, or leave it out for all items."_s);
    if (spec.frames.isEmpty())
        return failure(ErrorCode::InvalidInput, u"No frame is given."_s,
                       u"Use “auto” to have one picked for each model."_s);
    for (const QString &control : spec.controls) {
        if (control != "none"_L1) {
            return failure(ErrorCode::Unsupported, u"This version has no control “%1”; it knows “none”."_s.arg(control),
                           u"Leave the control out."_s);
        }
    }
    if (spec.orders != "one"_L1 && spec.orders != "all"_L1)
        return failure(ErrorCode::InvalidInput, u"Option orders can be “one” or “all”, not “%1”."_s.arg(spec.orders));
    if (spec.samples < 2 || spec.samples > mostSamples) {
        return failure(ErrorCode::InvalidInput, u"%1 answers to each question cannot be sampled."_s.arg(spec.samples),
                       u"Use 2 to %1."_s.arg(mostSamples));
    }
    return {};
}

/// SHA-256 over what an item is: the same items give the same text, whatever the project's inner numbers. For each item
/// the canonical JSON [uuid, question, labels, one a line].
class ItemsHash
{
public:
    explicit ItemsHash(const QList<QStringList> &labels) : m_labels(labels) {}
    void add(const ItemQuestion &item)
    {
        while (m_joined.size() <= item.labels)
            m_joined << m_labels.at(m_joined.size()).join(u'\n').toUtf8();
        QByteArray text = "[";
        appendJsonText(text, item.uuid.toUtf8());
        text += ',';
        appendJsonText(text, item.question.toUtf8());
        text += ',';
        appendJsonText(text, m_joined.at(item.labels));
        m_hash.add(text + ']');
    }
    QString result() { return QString::fromLatin1(m_hash.result().toHex()); }

private:
    const QList<QStringList> &m_labels;
    QList<QByteArray> m_joined;
    Sha256 m_hash;
};

/// Which of the label sets each label list is; -1: cannot be scored. Sets are added as lists come up.
class LabelSets
{
public:
    LabelSets(const QList<QStringList> &lists, QList<LabelSet> &sets) : m_lists(lists), m_sets(sets) {}
    Result<int> of(const ItemQuestion &item)
    {
        while (m_index.size() <= item.labels) {
            const QStringList &labels = m_lists.at(m_index.size());
            const auto family = labelFamily(labels);
            m_index << (family ? static_cast<int>(m_sets.size()) : -1);
            if (family)
                m_sets << LabelSet{*family, labels};
        }
        if (m_index.at(item.labels) < 0)
            return failure(labelFamily(m_lists.at(item.labels)).error());
        return m_index.at(item.labels);
    }

private:
    const QList<QStringList> &m_lists;
    QList<LabelSet> &m_sets;
    QList<int> m_index;
};

Result<PreparedDataset> prepareDataset(Connection &connection, const QString &name, const EvaluateSpec &spec,
                                       QList<LabelSet> &labelSets)
{
    PreparedDataset prepared;
    EVALWRIGHT_ASSIGN(prepared.dataset, datasetByName(connection, name));
    QList<QStringList> lists;
    LabelSets sets(lists, labelSets);
    ItemsHash all(lists);
    EVALWRIGHT_TRY(
        forEachQuestion(connection, prepared.dataset.id, lists, [&](const ItemQuestion &item) -> Status {
            const auto labelSet = sets.of(item);
            if (!labelSet || item.question.isEmpty()) {
                return failure(
                    Error(ErrorCode::InvalidInput,
                          u"Item %1 of “%2” has no question with labels that can be scored."_s.arg(item.ordinal + 1)
                              .arg(name),
                          u"Reject the item, or import the data set again with its labels."_s,
                          labelSet ? QString() : labelSet.error().message)
                        .withConsequence(u"Nothing was sent."_s));
            }
            if (spec.orders == "all"_L1 && labelSets.at(*labelSet).family != LabelFamily::YesNo) {
                return failure(ErrorCode::Unsupported, u"This version cannot rotate the options of “%1”."_s.arg(name),
                               u"Use --orders one."_s);
            }
            prepared.items.push_back(PreparedItem{item.id.value, *labelSet});
            if (!spec.limit)
                all.add(item);
            return {};
        }));
    if (prepared.items.empty()) {
        return failure(ErrorCode::InvalidInput, u"The data set “%1” has no items to ask about."_s.arg(name),
                       u"Generate or import items first."_s);
    }
    prepared.itemsSha256 = all.result();
    if (!spec.limit)
        return prepared;
    prepared.items = balancedSample(prepared.items, labelSets, *spec.limit, spec.seed);
    QSet<qint64> drawn;
    for (const PreparedItem &item : prepared.items)
        drawn << item.candidate;
    ItemsHash sample(lists);
    EVALWRIGHT_TRY(
        forEachQuestion(connection, prepared.dataset.id, lists, [&](const ItemQuestion &item) -> Status {
            if (drawn.contains(item.id.value))
                sample.add(item);
            return {};
        }));
    prepared.itemsSha256 = sample.result();
    return prepared;
}

Status addStages(Prepared &prepared, const Model &model, const EvaluateSpec &spec)
{
    QSet<QString> taken;
    for (const QString &wanted : spec.frames) {
        PreparedStage stage;
        stage.model = model;
        EVALWRIGHT_ASSIGN(stage.frame, resolveFrame(wanted, model));
        if (taken.contains(stage.frame.name))
            continue;
        taken << stage.frame.name;
        if (stage.frame.name == "ha"_L1)
            stage.endOfText = capabilityText(model, u"end_of_text"_s).value_or(QString());
        EVALWRIGHT_ASSIGN(const ChosenScoring chosen, chooseScoring(spec.scoring, model, stage.frame.kind));
        if (!chosen.warning.isEmpty() && !prepared.warnings.contains(chosen.warning))
            prepared.warnings << chosen.warning;
        stage.method = chosen.method;
        stage.way = chosen.way;
        stage.reproducible = spec.reproducible;
        if (spec.reproducible)
            stage.model.maxInFlight = 1;
        stage.alternatives = firstTokenAlternatives(model);
        stage.name = u"evaluate:%1:%2"_s.arg(model.name, stage.frame.name);
        prepared.stages << stage;
    }
    if (spec.reproducible && !speaksLlamaCpp(model)) {
        prepared.warnings
            << u"The cache of the server of %1 cannot be switched off from here; its requests are sent one at a time."_s
                   .arg(model.name);
    }
    if (!model.parameters)
        prepared.warnings << u"%1 has no parameter count, so it will be left out of scaling curves."_s.arg(model.name);
    if (model.family.isEmpty())
        prepared.warnings << u"%1 has no family, so it will be left out of scaling curves."_s.arg(model.name);
    if (model.training.isEmpty() && spec.frames.contains(u"auto"_s))
        prepared.warnings << u"The training of %1 is not known; the frame “%2” was picked for it."_s.arg(
            model.name, prepared.stages.last().frame.name);
    return {};
}

/// Names of the models of one family that wrote or checked the data set.
Status warnAboutFamilies(Connection &connection, Prepared &prepared)
{
    QSet<QString> families;
    for (const PreparedStage &stage : prepared.stages) {
        if (!stage.model.family.isEmpty())
            families << stage.model.family;
    }
    QStringList sorted(families.begin(), families.end());
    sorted.sort();
    for (const PreparedDataset &dataset : prepared.datasets) {
        for (const QString &family : std::as_const(sorted)) {
            EVALWRIGHT_ASSIGN(const DatasetModels models, datasetModels(connection, dataset.dataset.id, family));
            if (!models.checkers.isEmpty()) {
                prepared.warnings
                    << u"“%1” was checked by %2, of the same family (%3) as a model asked here: its labels may favour that family."_s
                           .arg(dataset.dataset.name, models.checkers.join(u", "_s), family);
            }
            if (!models.writers.isEmpty()) {
                prepared.warnings << u"“%1” was written by %2, of the same family (%3) as a model asked here."_s.arg(
                    dataset.dataset.name, models.writers.join(u", "_s), family);
            }
        }
    }
    return {};
}

/// A run that only reads first tokens is what it was before there were other methods, so that it goes on.
json identityOf(const Prepared &prepared, const EvaluateSpec &spec)
{
    QSet<ScoringMethod> methods;
    for (const PreparedStage &stage : prepared.stages)
        methods << stage.method;
    const bool onlyFirstToken = methods == QSet<ScoringMethod>{ScoringMethod::FirstToken};
    const bool samples = methods.contains(ScoringMethod::Sampled);
    json datasets = json::array(), stages = json::array();
    for (const PreparedDataset &dataset : prepared.datasets) {
        datasets.push_back({{"uuid", dataset.dataset.uuid.toStdString()},
                            {"items", dataset.items.size()},
                            {"items_sha256", dataset.itemsSha256.toStdString()}});
    }
    for (const PreparedStage &stage : prepared.stages) {
        json one{{"model", stage.model.uuid.toStdString()},
                 {"fingerprint", stage.model.fingerprint.toStdString()},
                 {"frame", stage.frame.name.toStdString()},
                 {"frame_version", stage.frame.version},
                 {"end_of_text", stage.endOfText.toStdString()}};
        if (stage.method == ScoringMethod::FirstToken)
            one["alternatives"] = stage.alternatives;
        if (!onlyFirstToken) {
            one["scoring"] = scoringName(stage.method).toStdString();
            one["scoring_version"] = scoringVersion(stage.method);
            // The first ways there were are not named, so that their runs go on.
            const bool byTokens = stage.method == ScoringMethod::Exact || stage.method == ScoringMethod::Forced;
            if (byTokens && stage.way != TokenWay::TokenGrammar && stage.way != TokenWay::TextGrammar) {
                one["way"] = wayName(stage.way).toStdString();
                one["border_by"] = borderBy(stage.way).toStdString();
            }
        }
        stages.push_back(one);
    }
    json identity{{"v", 1},
                  {"kind", "evaluate"},
                  {"datasets", datasets},
                  {"stages", stages},
                  {"controls", {"none"}},
                  {"limit", spec.limit ? json(*spec.limit) : json(nullptr)},
                  {"seed", spec.limit || samples ? json(spec.seed) : json(nullptr)}};
    if (onlyFirstToken) {
        identity["scoring"] = firstTokenScoring.toStdString();
        identity["scoring_version"] = firstTokenVersion;
    }
    if (samples)
        identity["samples"] = spec.samples;
    if (spec.reproducible)
        identity["reproducible"] = true;
    return identity;
}

/// `auto` goes on with a run that reads first tokens, if there is one of exactly these items and models.
Status keepEarlierRun(Connection &connection, Prepared &prepared, const EvaluateSpec &spec)
{
    if (spec.scoring != "auto"_L1)
        return {};
    Prepared earlier;
    earlier.datasets = prepared.datasets;
    earlier.stages = prepared.stages;
    QStringList better;
    for (PreparedStage &stage : earlier.stages) {
        if (stage.method != ScoringMethod::FirstToken)
            better << scoringName(stage.method);
        stage.method = ScoringMethod::FirstToken;
    }
    if (better.isEmpty())
        return {};
    const json identity = identityOf(earlier, spec);
    EVALWRIGHT_ASSIGN(const auto job, jobByParameters(connection, sha256Hex(canonicalJson(identity))));
    if (!job)
        return {};
    better.removeDuplicates();
    prepared.stages = earlier.stages;
    prepared.warnings
        << u"An earlier run of the same is scored by first-token and goes on; --scoring %1 starts a new one."_s.arg(
               better.join(u" or "_s));
    return {};
}

/// A run beside the others: its identity and its request keys have a salt. One that is not finished goes on.
Status chooseFresh(Connection &connection, Prepared &prepared, const EvaluateSpec &spec)
{
    prepared.freshOf = sha256Hex(canonicalJson(prepared.identity));
    prepared.salt = spec.salt;
    if (prepared.salt.isEmpty()) {
        EVALWRIGHT_ASSIGN(const auto job,
                          jobByParameter(connection, u"evaluate"_s, u"fresh_of"_s, prepared.freshOf));
        if (job && job->state != JobState::Done && job->state != JobState::Cancelled) {
            EVALWRIGHT_ASSIGN(prepared.salt, keySaltOf(connection, job->id));
            prepared.goesOn = !prepared.salt.isEmpty();
            prepared.warnings
                << u"The fresh run of job %1 is not finished: it goes on, and what it has asked is not asked again."_s
                       .arg(job->id.value);
        }
        if (prepared.salt.isEmpty())
            prepared.salt = newUuid();
    }
    prepared.identity["fresh"] = prepared.salt.toStdString();
    return {};
}

} // namespace

Result<Prepared> prepare(Connection &connection, const EvaluateSpec &spec)
{
    EVALWRIGHT_TRY(checkSpec(spec));
    Prepared prepared;
    QStringList names = spec.datasets;
    names.removeDuplicates();
    QStringList models = spec.models;
    models.removeDuplicates();
    // Names first: a typing mistake should not wait for a large data set to be read.
    QList<Model> known;
    for (const QString &name : std::as_const(models)) {
        EVALWRIGHT_ASSIGN(const Model model, modelByName(connection, name));
        known << model;
    }
    EVALWRIGHT_TRY(budgetCanBeKept(spec.budget, known));
    for (const QString &name : std::as_const(names))
        EVALWRIGHT_TRY(datasetByName(connection, name));
    for (const Model &model : std::as_const(known))
        EVALWRIGHT_TRY(addStages(prepared, model, spec));
    for (const QString &name : std::as_const(names)) {
        EVALWRIGHT_ASSIGN(const PreparedDataset dataset, prepareDataset(connection, name, spec, prepared.labelSets));
        prepared.datasets << dataset;
    }
    EVALWRIGHT_TRY(warnAboutFamilies(connection, prepared));
    if (!spec.fresh)
        EVALWRIGHT_TRY(keepEarlierRun(connection, prepared, spec));
    prepared.samples = spec.samples;
    prepared.seed = spec.seed;
    prepared.identity = identityOf(prepared, spec);
    if (spec.fresh)
        EVALWRIGHT_TRY(chooseFresh(connection, prepared, spec));
    return prepared;
}

std::vector<qint64> driftCandidates(const Prepared &prepared)
{
    std::vector<qint64> drawn;
    const auto seed = prepared.identity.value("seed", json());
    for (const PreparedDataset &dataset : prepared.datasets) {
        std::vector<qint64> candidates;
        candidates.reserve(dataset.items.size());
        for (const PreparedItem &item : dataset.items)
            candidates.push_back(item.candidate);
        const auto some = driftDraw(candidates, seed.is_number_integer() ? seed.get<qint64>() : 0);
        drawn.insert(drawn.end(), some.begin(), some.end());
    }
    return drawn;
}

qint64 driftRequests(const Prepared &prepared)
{
    QHash<qint64, int> sets;
    for (const PreparedDataset &dataset : prepared.datasets) {
        for (const PreparedItem &item : dataset.items)
            sets.insert(item.candidate, item.labelSet);
    }
    qint64 labels = 0;
    for (const qint64 candidate : driftCandidates(prepared))
        labels += prepared.labelSets.at(sets.value(candidate)).labels.size();
    return labels;
}

qint64 preparingRequests(const PreparedStage &stage, qint64 items, qint64 labels)
{
    if (!needsTokens(stage.way))
        return 0;
    const bool renders = stage.frame.kind == LmRequest::Kind::Chat && !tokenizesChats(stage.way);
    return (renders ? 2 : 1) * items + labels; // The template, the tokens of the prompt, and those with each label.
}

qint64 plannedRequests(const Prepared &prepared, const PreparedStage &stage)
{
    qint64 items = 0, labels = 0;
    for (const PreparedDataset &dataset : prepared.datasets) {
        items += static_cast<qint64>(dataset.items.size());
        for (const PreparedItem &item : dataset.items)
            labels += prepared.labelSets.at(item.labelSet).labels.size();
    }
    switch (stage.method) {
    case ScoringMethod::Exact:
    case ScoringMethod::Forced:
        return preparingRequests(stage, items, labels) + labels + driftRequests(prepared);
    case ScoringMethod::FirstToken:
        return items;
    case ScoringMethod::Sampled:
        break;
    }
    return items * prepared.samples;
}

LmRequest scoringRequest(const PreparedStage &stage, const QString &question)
{
    LmRequest request = renderFrame(stage.frame, question, stage.endOfText);
    request.cachePrompt = !stage.reproducible;
    request.sample = stage.reproducible ? uncachedSample : usualSample;
    request.sampling.temperature = 0;
    request.sampling.maxTokens = 1;
    request.topLogprobs = stage.alternatives;
    return request;
}

LmRequest greedyRequest(const PreparedStage &stage, const QString &question)
{
    LmRequest request = renderFrame(stage.frame, question, stage.endOfText);
    request.cachePrompt = !stage.reproducible;
    request.sample = stage.reproducible ? uncachedSample : usualSample;
    request.sampling.temperature = 0;
    request.sampling.maxTokens = greedyTokens;
    return request;
}

Result<LmRequest> sampledRequest(const PreparedStage &stage, const QString &question, qint64 sample, qint64 runSeed)
{
    LmRequest request = renderFrame(stage.frame, question, stage.endOfText);
    request.sampling.temperature = 1;
    request.sampling.maxTokens = sampledTokens;
    request.sample = sample;
    EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(stage.model, request));
    request.seed = deriveSeed(runSeed, requestKey(stage.model, wire, sample));
    return request;
}

} // namespace evalwright::preparation
