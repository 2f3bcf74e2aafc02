// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/map/embed.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "generators/map/itemmap.h"
#include "lm/jobclaim.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/embeddings.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/lint.h"
#include "storage/repositories/models.h"

#include <QCryptographicHash>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// A text to be embedded; the text itself is read when it is needed.
struct TextPlace
{
    CandidateId id;
    qint64 ordinal = 0;
    QByteArray sha256;
};

struct Prepared
{
    Dataset dataset;
    Model model;
    std::vector<TextPlace> texts; ///< By ordinal.
    QHash<qint64, QByteArray> stored; ///< Text hashes of the vectors there are, by candidate.
    size_t dimensions = 0;            ///< Of those; 0: none.
    bool has(const TextPlace &text) const { return stored.value(text.id.value) == text.sha256; }
};

Result<Prepared> prepare(Connection &connection, const EmbedSpec &spec, const CancellationToken &token)
{
    Prepared out;
    EVALWRIGHT_ASSIGN(out.dataset, datasetByName(connection, spec.dataset));
    EVALWRIGHT_ASSIGN(out.model, modelByName(connection, spec.model));
    EVALWRIGHT_TRY(forEachLintText(connection, out.dataset.id, spec.all, [&](const LintText &row) -> Status {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"Stopped as asked."_s);
        const QString &text = row.statement.isEmpty() ? row.question : row.statement;
        if (!text.trimmed().isEmpty())
            out.texts.push_back({row.id, row.ordinal, embeddedTextHash(text)});
        return {};
    }));
    std::ranges::sort(out.texts, {}, &TextPlace::ordinal);
    EVALWRIGHT_ASSIGN(out.stored, embeddedTexts(connection, out.dataset.id, out.model.id));
    EVALWRIGHT_ASSIGN(out.dimensions, embeddingLength(connection, out.dataset.id, out.model.id));
    return out;
}

/// The requests, made as they are needed: memory does not grow with the length of the texts.
class TextSource final : public StageSource
{
public:
    TextSource(Project &project, const std::vector<TextPlace> &texts) : m_project(project), m_texts(texts) {}
    qint64 size() const override { return static_cast<qint64>(m_texts.size()); }
    qint64 ordinal(qint64 index) const override { return m_texts[static_cast<size_t>(index)].ordinal; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        return m_project.readNow([&](Connection &c) -> Result<QList<PlannedRequest>> {
            QList<PlannedRequest> list;
            list.reserve(indices.size());
            for (const qint64 index : indices) {
                const TextPlace &place = m_texts[static_cast<size_t>(index)];
                EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, place.id));
                const QString text = mappedText(row.candidate);
                if (embeddedTextHash(text) != place.sha256) {
                    return failure(ErrorCode::InvalidInput, u"An item was changed while it was being embedded."_s,
                                   u"Run the same again: what is answered is not asked again."_s);
                }
                list << PlannedRequest{place.ordinal, embeddingRequest(text)};
            }
            return list;
        });
    }

private:
    Project &m_project;
    const std::vector<TextPlace> &m_texts;
};

/// Stores vectors as the answers come, some hundred in a transaction.
class VectorReader final : public AnswerReader
{
public:
    VectorReader(Project &project, const Prepared &prepared, EmbedReport &report)
        : m_project(project), m_prepared(prepared), m_report(report), m_dimensions(prepared.dimensions)
    {
    }
    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override
    {
        QSet<qint64> missing;
        for (const qint64 ordinal : ordinals) {
            if (const TextPlace *text = textAt(ordinal); text && !m_prepared.has(*text))
                missing.insert(ordinal);
        }
        return missing;
    }
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override
    {
        const TextPlace *text = textAt(answer.ordinal);
        if (!text || m_prepared.has(*text)) // Stored by another job of the same texts.
            return {};
        if (!reply) {
            refuse(reply.error().message);
            return {};
        }
        std::vector<float> vector = vectorOf(*reply);
        if (m_dimensions != 0 && vector.size() != m_dimensions) {
            refuse(u"A vector of %1 values where the others have %2."_s.arg(vector.size()).arg(m_dimensions));
            return {};
        }
        m_dimensions = vector.size();
        m_pending.push_back({text->id, text->sha256, std::move(vector), answer.responseId});
        ++m_report.vectors;
        return m_pending.size() < atOnce ? Status() : store();
    }
    Status store()
    {
        if (m_pending.empty())
            return {};
        const auto stored = m_project.writeNow([&](Connection &c) -> Status {
            for (const StoredEmbedding &embedding : m_pending)
                EVALWRIGHT_TRY(storeEmbedding(c, m_prepared.model.id, embedding));
            return {};
        });
        m_pending.clear();
        return stored;
    }
    size_t dimensions() const { return m_dimensions; }

private:
    static constexpr size_t atOnce = 200;
    const TextPlace *textAt(qint64 ordinal) const
    {
        const auto found = std::ranges::lower_bound(m_prepared.texts, ordinal, {}, &TextPlace::ordinal);
        return found != m_prepared.texts.end() && found->ordinal == ordinal ? &*found : nullptr;
    }
    void refuse(const QString &why)
    {
        ++m_report.refused;
        if (m_report.problem.isEmpty())
            m_report.problem = why;
    }
    Project &m_project;
    const Prepared &m_prepared;
    EmbedReport &m_report;
    std::vector<StoredEmbedding> m_pending;
    size_t m_dimensions;
};

/// Other texts, or another model, are another job.
QString jobHash(const Prepared &prepared, bool all)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData("embed\n" + prepared.dataset.uuid.toUtf8() + '\n' + prepared.model.uuid.toUtf8() +
                 (all ? "\nall\n" : "\nkept\n"));
    for (const TextPlace &text : prepared.texts)
        hash.addData(QByteArray::number(text.ordinal) + ':' + text.sha256);
    return QString::fromLatin1(hash.result().toHex());
}

} // namespace

json EmbedSpec::toJson() const
{
    json out{{"dataset", dataset.toStdString()}, {"model", model.toStdString()}, {"all", all}};
    if (budget)
        out["budget"] = *budget;
    return out;
}

Result<EmbedSpec> EmbedSpec::fromJson(const QByteArray &bytes)
{
    const json document = parseForeignJson(bytes);
    try {
        EmbedSpec spec;
        spec.dataset = QString::fromStdString(document.at("dataset").get<std::string>());
        spec.model = QString::fromStdString(document.at("model").get<std::string>());
        spec.all = document.at("all").get<bool>();
        if (document.contains("budget"))
            spec.budget = document.at("budget").get<double>();
        return spec;
    } catch (const json::exception &error) {
        return failure(ErrorCode::Corrupt, u"The parameters of this embedding cannot be read."_s, u"Start it anew."_s,
                       QString::fromUtf8(error.what()));
    }
}

LmRequest embeddingRequest(const QString &text)
{
    LmRequest request;
    request.kind = LmRequest::Kind::Embedding;
    request.prompt = text;
    return request;
}

Status canEmbed(const Model &model)
{
    const auto wire = toWire(model, embeddingRequest(u"x"_s));
    if (wire)
        return {};
    Error error = wire.error();
    error.consequence = u"Nothing was sent."_s;
    return failure(error);
}

std::vector<float> vectorOf(const Reply &reply)
{
    std::vector<float> vector;
    vector.reserve(static_cast<size_t>(reply.embedding.size()));
    for (const double value : reply.embedding)
        vector.push_back(static_cast<float>(value));
    return vector;
}

json EmbedReport::toJson() const
{
    json out = requestsJson(requests);
    out.update({{"job", job.value},
                {"texts", texts},
                {"vectors", vectors},
                {"refused", refused},
                {"dimensions", dimensions > 0 ? json(dimensions) : json()},
                {"problem", problem.isEmpty() ? json() : json(problem.toStdString())}});
    return out;
}

Result<EmbedReport> embedDataset(const JobServices &services, const EmbedSpec &spec, const CancellationToken &token,
                                 const ProgressFunction &progress)
{
    Project &project = *services.project;
    EVALWRIGHT_ASSIGN(const Prepared prepared,
                      project.readNow([&](Connection &c) { return prepare(c, spec, token); }));
    EVALWRIGHT_TRY(canEmbed(prepared.model));
    EVALWRIGHT_TRY(budgetCanBeKept(spec.budget, {prepared.model}));
    if (prepared.texts.empty()) {
        return failure(Error(ErrorCode::InvalidInput, u"“%1” has no text to embed."_s.arg(spec.dataset),
                             spec.all ? u"Fill the data set first."_s
                                      : u"Keep some items first, or embed all candidates (--all)."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    EVALWRIGHT_ASSIGN(const Job job,
                      beginMapJob(project, {u"embed"_s, u"Embed %1 with %2"_s.arg(spec.dataset, spec.model),
                                            prepared.dataset.id, spec.toJson(), jobHash(prepared, spec.all)}));
    const JobClaim claim(services, job.id);
    EVALWRIGHT_TRY(claim.status());
    EmbedReport report;
    report.job = job.id;
    report.texts = static_cast<qint64>(prepared.texts.size());
    report.vectors = std::ranges::count_if(prepared.texts, [&](const TextPlace &t) { return prepared.has(t); });
    TextSource source(project, prepared.texts);
    VectorReader reader(project, prepared, report);
    RunnerOptions options;
    options.budget = spec.budget;
    options.use = ModelUse::Embeddings;
    const auto asked = runStage(services, job.id, u"embed"_s, prepared.model, source, &reader, options, token, progress);
    const Status stored = reader.store(); // Also of what came before an error.
    if (!asked || !stored)
        return failure(failedMapJob(project, job.id, asked ? stored.error() : asked.error()));
    report.requests = *asked;
    report.dimensions = static_cast<qint64>(reader.dimensions());
    if (report.problem.isEmpty())
        report.problem = report.requests.firstError;
    report.state = report.vectors < report.texts ? JobState::Partly : JobState::Done;
    EVALWRIGHT_TRY(endMapJob(project, job.id, report.state, report.toJson(), report.problem));
    return report;
}

} // namespace evalwright
