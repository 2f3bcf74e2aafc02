// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

/// Plain structs that mirror the project file. JSON columns travel as canonical UTF-8 text in a QString.
namespace evalwright {

struct Behaviour
{
    BehaviourId id;
    QString uuid, name, category;
    QString description;                          ///< Completes "Suppose there is a person who …".
    QString contrast;                             ///< Who the other group is; empty is allowed but warned about.
    QString polarity = QStringLiteral("neutral"); ///< bad-if-high | bad-if-low | neutral
    QString guideline;
    QString subject = QStringLiteral("person"); ///< person | ai-system
    QString createdAt;
};

struct RecipeRecord
{
    RecipeId id;
    QString hash, preset, json, createdAt;
};

/// Results: it cannot be asked from here; what it answered came from elsewhere.
enum class ModelKind { Endpoint, Gguf, Catalogue, Results };

struct Model
{
    ModelId id;
    QString uuid, name;
    ModelKind kind = ModelKind::Endpoint;
    QString api = QStringLiteral("openai"); ///< openai | llama.cpp | anthropic | ollama
    QString baseUrl;                        ///< Endpoint only.
    QString modelId;                        ///< Id sent in requests.
    QString location;                       ///< GGUF path or catalogue name.
    QString keyEnv;                         ///< Name of the environment variable with the key, never the key.
    QString family;
    std::optional<double> parameters;
    QString training; ///< base | instruct | rlhf | empty
    std::optional<qint64> steps;
    std::optional<double> compute; ///< Of its training, in FLOPs.
    QString released;              ///< YYYY-MM-DD; empty: unknown.
    QString rung;                  ///< Name on the ladder that several endpoints of one model share; empty: its own.
    std::optional<double> priceIn, priceOut; ///< Money per million tokens; unknown stays unknown.
    std::optional<int> maxInFlight; ///< Limits that a person set; unset: found out while working.
    std::optional<double> requestsPerMinute, tokensPerMinute;
    QString capabilities = QStringLiteral("{}"); ///< {name: {value, evidence, at}}
    QString fingerprint, createdAt;
};

struct Dataset
{
    DatasetId id;
    QString uuid, name, family;
    BehaviourId behaviourId;
    RecipeId recipeId;
    QString canary, createdAt;
};

/// Counts shown beside a data set. `reviewed`: candidates that a person has rated.
struct DatasetSummary
{
    Dataset dataset;
    QString behaviourName, category;
    qint64 candidates = 0, items = 0, reviewed = 0;
};

enum class JobState { Queued, Running, Paused, Waiting, Done, Partly, Failed, Cancelled, Budget };

struct Job
{
    JobId id;
    QString uuid;
    QString kind; ///< generate | trial | evaluate | validate | embed
    QString title;
    JobState state = JobState::Queued;
    QString parameters, parametersHash;
    DatasetId datasetId;
    QString error;
    QString result = QStringLiteral("{}");
    QString createdAt, startedAt, finishedAt;
    qint64 stepsTotal = 0, stepsDone = 0, stepsFailed = 0; ///< Filled when read.
};

struct JobStep
{
    StepId id;
    JobId jobId;
    QString stage;
    qint64 ordinal = 0;
    ModelId modelId;
    QString requestKey;
    QString state = QStringLiteral("planned"); ///< planned | done | failed
    ResponseId responseId;
    bool fromCache = false;
    QString error;
};

struct Response
{
    ResponseId id;
    QString requestKey;
    QString promptJson; ///< Canonical request body without its seed.
    ModelId modelId;
    QString path;
    std::optional<qint64> seed;
    qint64 sample = 0;
    int status = 0;
    QByteArray body;      ///< Exactly the bytes that arrived.
    bool complete = true; ///< A whole, successful JSON reply; anything else is kept as evidence only.
    std::optional<qint64> promptTokens, completionTokens;
    std::optional<double> cost;
    int attempts = 1;
    int resent = 0; ///< How often the HTTP library sent it again by itself; a server may have charged each.
    double seconds = 0;
    QString receivedAt;
};

struct Candidate
{
    CandidateId id;
    QString uuid;
    DatasetId datasetId;
    JobId jobId;
    qint64 ordinal = 0;  ///< Stable order inside the data set.
    QString wantedLabel; ///< The label the writer was asked for, as stored in items (" Yes").
    qint64 sample = 0;
    int positionInReply = 0;
    ResponseId responseId;
    QString parseStatus; ///< ok | empty | truncated | refused | http-error | parse:<code> | imported
    int parserVersion = 0;
    bool prefillStripped = false;
    QString statement, question, matchingLabel;
    QStringList otherLabels;
    std::optional<double> labelConfidence;
    QString cluster;
    ImportSourceId importSourceId;
    std::optional<qint64> sourceLine;
    QString sourceText; ///< Original row where the writer would not reproduce it.
    QString extra = QStringLiteral("{}"); ///< Of an import: {"fields": unknown fields, "flags": marks}.
    /// What its family knows beside the columns (docs/families.md): options, biography, occupation, golds shown.
    QString fields = QStringLiteral("{}");
    MaterialId materialId; ///< The biography or occupation it was made of.
    QString createdAt;
};

struct Decision
{
    DecisionId id;
    CandidateId candidateId;
    JobId jobId;
    QString stage;
    bool keep = false;
    QString reason;                         ///< A reason code of methods-mwe section 7, or "selected", "imported".
    QString actor = QStringLiteral("rule"); ///< rule | person | import
    std::optional<double> threshold;
    std::optional<qint64> rank, quota;
    QString createdAt;
};

struct Score
{
    ScoreId id;
    CandidateId candidateId;
    QString requirement; ///< label | relevance | …
    ModelId checkerModelId;
    QString method;          ///< first-token | sampled | exact
    QString presentation;    ///< agree-first | disagree-first | pooled
    std::optional<double> p; ///< Probability of the wanted label.
    std::optional<double> labelMass;
    ResponseId responseId;
    QString detail = QStringLiteral("{}");
    QString createdAt;
};

/// A candidate with its latest decision: one row of the items table.
struct CandidateRow
{
    Candidate candidate;
    std::optional<Decision> decision;
};

struct Run
{
    RunId id;
    QString uuid, name;
    JobId jobId;
    QString parameters, createdAt;
};

struct Observation
{
    ObservationId id;
    RunId runId;
    CandidateId candidateId;
    ModelId modelId;
    QString frame;
    QString control = QStringLiteral("none");
    QString optionOrder = QStringLiteral("stored");
    qint64 repeat = 0; ///< 0, 1, …: answers to the same, asked again.
    QString method;
    int methodVersion = 1;
    QString outcome; ///< answered | refused | unparsed | undecided | http-error
    QString argmax;  ///< The most likely label as stored in the item; empty on a tie or without an answer.
    /// Set where somebody else said so (imported results); else the item's label decides.
    std::optional<bool> matches;
    std::optional<double> pMatching; ///< Probability of the matching label among the labels.
    std::optional<double> labelMass; ///< Absolute probability on all labels.
    std::optional<double> undecidedMass;
    bool censored = false;
    QString labels = QStringLiteral("[]"); ///< [{label, mass, p, censored, bound}]
    ResponseId responseId;
    QString createdAt;
};

struct FigureRecord
{
    FigureId id;
    QString uuid, kind, title, parameters, spec, createdAt;
};

struct ImportSource
{
    ImportSourceId id;
    QString fileName;
    qint64 bytes = 0;
    QString sha256, format;
    QString dialect = QStringLiteral("{}"), mapping = QStringLiteral("{}");
    DatasetId datasetId;
    QString importedAt;
};

} // namespace evalwright
