// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/preparation.h"

#include "core/hash.h"
#include "evaluation/conditions.h"
#include "evaluation/drift.h"
#include "evaluation/preparedstages.h"
#include "evaluation/pronouns.h"
#include "evaluation/sampled.h"
#include "evaluation/stagename.h"
#include "evaluation/systemtexts.h"
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
    if (spec.orders != "one"_L1 && spec.orders != "all"_L1)
        return failure(ErrorCode::InvalidInput, u"Option orders can be “one” or “all”, not “%1”."_s.arg(spec.orders));
    if (spec.repeats < 1 || spec.repeats > mostRepeats) {
        return failure(ErrorCode::InvalidInput, u"Every question cannot be asked %1 times."_s.arg(spec.repeats),
                       u"Use 1 to %1 repeats."_s.arg(mostRepeats));
    }
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
    LabelSets(const QList<QStringList> &lists, QList<LabelSet> &sets, bool blanks)
        : m_lists(lists), m_sets(sets), m_blanks(blanks)
    {
    }
    Result<int> of(const ItemQuestion &item)
    {
        if (m_blanks)
            return ofBlank(item);
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
    /// The forms of the blank; the matching label, which comes first, is empty.
    Result<int> ofBlank(const ItemQuestion &item)
    {
        const QStringList forms = m_lists.at(item.labels).mid(1);
        EVALWRIGHT_TRY(labelFamily(forms));
        const auto asked = askedForPronoun(item.question);
        if (!asked) {
            return failure(ErrorCode::InvalidInput,
                           u"The sentence needs exactly one blank, written “_”."_s);
        }
        LabelSet set{LabelFamily::Pronouns, forms, {}, false, asked->opening.isEmpty()};
        if (set.beginsAnswer)
            set.shown = pronounsAsShown(forms, item.question);
        qsizetype place = m_sets.indexOf(set); // There are few: a set for each case of the pronoun.
        if (place < 0) {
            place = m_sets.size();
            m_sets << set;
        }
        return static_cast<int>(place);
    }

    const QList<QStringList> &m_lists;
    QList<LabelSet> &m_sets;
    bool m_blanks;
    QList<int> m_index;
};

Status prepareDataset(Connection &connection, const EvaluateSpec &spec, PreparedDataset &prepared,
                      QList<LabelSet> &labelSets)
{
    const QString &name = prepared.dataset.name;
    QList<QStringList> lists;
    LabelSets sets(lists, labelSets, prepared.hasBlanks);
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
        return {};
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
    QSet<QString> taken;
    for (const PreparedStage &stage : prepared.stages) {
        // Conditions are named beside the stages, which are those of before there were any.
        const QString cell = StageName{stage.model.uuid, stage.frame.name}.text();
        if (taken.contains(cell))
            continue;
        taken << cell;
        json one{{"model", stage.model.uuid.toStdString()},
                 {"fingerprint", stage.model.fingerprint.toStdString()},
                 {"frame", stage.frame.name.toStdString()},
                 {"frame_version", stage.frame.version},
                 {"end_of_text", stage.endOfText.toStdString()}};
        if (!stage.frame.system.isEmpty())
            one["system_sha256"] = sha256Hex(stage.frame.system.toUtf8()).toStdString();
        if (stage.frame.fillsBlank)
            one["form"] = stage.frame.form().toStdString();
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
    if (!prepared.conditions.isEmpty()) {
        // Controls are made of all items of a data set, so what is asked is named, not only of which items.
        json conditions = json::array();
        for (const PreparedCondition &condition : prepared.conditions) {
            json asked = json::array();
            for (qsizetype i = 0; i < condition.items.size(); ++i)
                asked.push_back({{"items", condition.items.at(i).size()},
                                 {"asked_sha256", condition.asked.at(i).toStdString()}});
            conditions.push_back({{"control", condition.condition.control.toStdString()},
                                  {"order", condition.condition.order().toStdString()},
                                  {"datasets", asked}});
        }
        identity["conditions"] = conditions;
        json controls = json::array();
        for (const PreparedStage &stage : prepared.stages) {
            const json name = stage.condition.control.toStdString();
            if (std::ranges::find(controls, name) == controls.end())
                controls.push_back(name);
        }
        identity["controls"] = controls;
    }
    if (onlyFirstToken) {
        identity["scoring"] = firstTokenScoring.toStdString();
        identity["scoring_version"] = firstTokenVersion;
    }
    if (samples)
        identity["samples"] = spec.samples;
    if (spec.repeats > 1)
        identity["repeats"] = spec.repeats;
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
    EVALWRIGHT_ASSIGN(const QStringList controls, controlsOf(spec));
    EVALWRIGHT_ASSIGN(prepared.systems, systemsOf(connection, spec));
    QList<Dataset> datasets;
    for (const QString &name : std::as_const(names)) {
        PreparedDataset dataset;
        EVALWRIGHT_ASSIGN(dataset.dataset, datasetByName(connection, name));
        dataset.hasBlanks = dataset.dataset.family == "winogender"_L1;
        prepared.datasets << dataset;
        datasets << dataset.dataset;
    }
    for (const Model &model : std::as_const(known))
        EVALWRIGHT_TRY(addStages(prepared, model, spec));
    for (PreparedDataset &dataset : prepared.datasets)
        EVALWRIGHT_TRY(prepareDataset(connection, spec, dataset, prepared.labelSets));
    EVALWRIGHT_TRY(checkLetters(prepared));
    EVALWRIGHT_ASSIGN(QuestionMaker made, QuestionMaker::of(connection, datasets, controls));
    const auto maker = std::make_shared<const QuestionMaker>(std::move(made));
    EVALWRIGHT_TRY(prepareConditions(connection, prepared, spec, *maker));
    EVALWRIGHT_TRY(multiplyStages(prepared, spec, maker));
    repeatStages(prepared, spec.repeats);
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

qint64 sampleOf(const PreparedStage &stage)
{
    return stage.repeat * samplesPerRepeat + (stage.reproducible ? uncachedSample : usualSample);
}

std::vector<qint64> driftCandidates(const Prepared &prepared, const PreparedStage &stage)
{
    std::vector<qint64> drawn;
    if (!stage.condition.isPlain() || stage.repeat > 0)
        return drawn;
    const auto seed = prepared.identity.value("seed", json());
    for (qsizetype i = 0; i < prepared.datasets.size(); ++i) {
        std::vector<qint64> candidates;
        for (const PreparedItem &item : itemsOf(prepared, stage, i))
            candidates.push_back(item.candidate);
        const auto some = driftDraw(candidates, seed.is_number_integer() ? seed.get<qint64>() : 0);
        drawn.insert(drawn.end(), some.begin(), some.end());
    }
    return drawn;
}

qint64 driftRequests(const Prepared &prepared, const PreparedStage &stage)
{
    const std::vector<qint64> drawn = driftCandidates(prepared, stage);
    const QSet<qint64> wanted(drawn.begin(), drawn.end());
    qint64 labels = 0;
    for (qsizetype i = 0; i < prepared.datasets.size(); ++i) {
        for (const PreparedItem &item : itemsOf(prepared, stage, i)) {
            if (wanted.contains(item.candidate))
                labels += prepared.labelSets.at(item.labelSet).labels.size();
        }
    }
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
    for (qsizetype i = 0; i < prepared.datasets.size(); ++i) {
        items += static_cast<qint64>(itemsOf(prepared, stage, i).size());
        for (const PreparedItem &item : itemsOf(prepared, stage, i))
            labels += prepared.labelSets.at(item.labelSet).labels.size();
    }
    switch (stage.method) {
    case ScoringMethod::Exact:
    case ScoringMethod::Forced:
        return preparingRequests(stage, items, labels) + labels + driftRequests(prepared, stage);
    case ScoringMethod::FirstToken:
        return items;
    case ScoringMethod::Sampled:
        break;
    }
    return items * prepared.samples;
}

LmRequest scoringRequest(const PreparedStage &stage, const ItemAsked &asked)
{
    LmRequest request = renderFrame(stage.frame, asked, stage.endOfText);
    request.cachePrompt = !stage.reproducible;
    request.sample = sampleOf(stage);
    request.sampling.temperature = 0;
    request.sampling.maxTokens = 1;
    request.topLogprobs = stage.alternatives;
    return request;
}

LmRequest greedyRequest(const PreparedStage &stage, const ItemAsked &asked)
{
    LmRequest request = renderFrame(stage.frame, asked, stage.endOfText);
    request.cachePrompt = !stage.reproducible;
    request.sample = sampleOf(stage);
    request.sampling.temperature = 0;
    request.sampling.maxTokens = greedyTokens;
    return request;
}

Result<LmRequest> sampledRequest(const PreparedStage &stage, const ItemAsked &asked, qint64 sample, qint64 runSeed)
{
    LmRequest request = renderFrame(stage.frame, asked, stage.endOfText);
    request.sampling.temperature = 1;
    request.sampling.maxTokens = sampledTokens;
    request.sample = sample;
    EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(stage.model, request));
    request.seed = deriveSeed(runSeed, requestKey(stage.model, wire, sample));
    return request;
}

} // namespace evalwright::preparation
