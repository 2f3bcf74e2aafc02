// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/map/clusternaming.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/statistics/random.h"
#include "generators/prompting.h"
#include "lm/jobclaim.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include <QFile>

#include <algorithm>

// A static library's resources are dropped by the linker unless someone asks for them, outside of any namespace.
static void initialiseMapResources()
{
    Q_INIT_RESOURCE(map);
}

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype longestName = 60, longestText = 240;
constexpr size_t nearest = 24, shown = 8;
constexpr int mostTokens = 24; ///< Five words; more is no name.

Result<QString> promptText(const QString &name)
{
    initialiseMapResources();
    QFile file(u":/evalwright/map/%1.mustache"_s.arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Corrupt, u"The program lacks its prompt “%1”."_s.arg(name), u"Build it again."_s);
    return QString::fromUtf8(file.readAll());
}

/// Can be read on one line by a person.
bool isVisible(char32_t c)
{
    if (c == U'\uFFFD') // Stands for what is no character.
        return false;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return false;
    default:
        return true;
    }
}

QString withoutQuotes(const QString &text)
{
    static const QStringList pairs{u"\"\""_s, u"''"_s, u"“”"_s, u"‘’"_s, u"«»"_s, u"„“"_s, u"**"_s, u"``"_s};
    for (const QString &pair : pairs) {
        if (text.size() > 2 && text.startsWith(pair.front()) && text.endsWith(pair.back()))
            return text.mid(1, text.size() - 2).trimmed();
    }
    return text;
}

QString withoutStop(const QString &text)
{
    return text.endsWith(u'.') && !text.endsWith(u".."_s) ? text.chopped(1) : text;
}

struct Prepared
{
    Dataset dataset;
    Model model;
    MapStart start;
    MapClusters clusters;
    QList<int> asked; ///< Clusters without a person's name.
    QList<LmRequest> requests; ///< One for each of them.
};

Result<Prepared> prepare(Project &project, const NameClustersSpec &spec, const CancellationToken &token)
{
    Prepared out;
    MapChoice choice;
    choice.all = spec.all;
    EVALWRIGHT_TRY(project.readNow([&](Connection &c) -> Status {
        EVALWRIGHT_ASSIGN(out.dataset, datasetByName(c, spec.dataset));
        EVALWRIGHT_ASSIGN(out.model, modelByName(c, spec.model));
        if (!spec.embedder.isEmpty()) {
            EVALWRIGHT_ASSIGN(const Model embedder, modelByName(c, spec.embedder));
            choice.embedder = embedder.id;
        }
        return budgetCanBeKept(spec.budget, {out.model});
    }));
    choice.dataset = out.dataset.id;
    SimilarityWork work;
    work.token = token;
    EVALWRIGHT_ASSIGN(out.start, startMap(project, choice, work));
    if (out.start.items.empty()) {
        return failure(Error(ErrorCode::InvalidInput, u"“%1” has no items to put into clusters."_s.arg(spec.dataset),
                             spec.all ? u"Fill the data set first."_s
                                      : u"Keep some items first, or take all candidates (--all)."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    EVALWRIGHT_ASSIGN(out.clusters, clusterMap(project, out.start, work, static_cast<std::size_t>(spec.clusters)));
    for (int cluster = 0; cluster < out.clusters.clusters.size(); ++cluster) {
        const auto name = out.clusters.names.constFind(cluster);
        if (name == out.clusters.names.constEnd() || name->actor != "person"_L1)
            out.asked << cluster;
    }
    for (const int cluster : std::as_const(out.asked)) {
        EVALWRIGHT_ASSIGN(const LmRequest request,
                          clusterNameRequest(out.model, clusterExamples(out.start, out.clusters, cluster),
                                             out.clusters.clusters.at(cluster).words));
        out.requests << request;
    }
    return out;
}

class NameSource final : public StageSource
{
public:
    explicit NameSource(const Prepared &prepared) : m_prepared(prepared) {}
    qint64 size() const override { return m_prepared.asked.size(); }
    qint64 ordinal(qint64 index) const override { return m_prepared.asked.at(index); }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        QList<PlannedRequest> list;
        for (const qint64 index : indices)
            list << PlannedRequest{m_prepared.asked.at(index), m_prepared.requests.at(index)};
        return list;
    }

private:
    const Prepared &m_prepared;
};

/// Keeps what the answers say until all are in: they are few.
class NameReader final : public AnswerReader
{
public:
    explicit NameReader(NameClustersReport &report) : m_report(report) {}
    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override
    {
        return QSet<qint64>(ordinals.begin(), ordinals.end());
    }
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override
    {
        if (!reply) {
            refuse(reply.error().message);
            return {};
        }
        const auto name = reply->finishReason == "length"_L1 ? std::nullopt : clusterNameFrom(reply->text);
        if (name)
            m_names.insert(static_cast<int>(answer.ordinal), {*name, u"model"_s, answer.responseId});
        else
            refuse(u"No name, but: “%1”"_s.arg(reply->text.left(100).simplified()));
        return {};
    }
    const QMap<int, ClusterName> &names() const { return m_names; }

private:
    void refuse(const QString &why)
    {
        ++m_report.refused;
        if (m_report.problem.isEmpty())
            m_report.problem = why;
    }
    NameClustersReport &m_report;
    QMap<int, ClusterName> m_names;
};

/// Other clusters, other ones to ask about, or another way to ask are another job: a step that is done stays done.
QString jobHash(const Prepared &prepared)
{
    json prompts = json::array();
    for (const LmRequest &request : prepared.requests) {
        std::string text = request.prompt.toStdString();
        for (const Turn &turn : request.turns)
            text += turn.role.toStdString() + '\n' + turn.text.toStdString();
        prompts.push_back(text);
    }
    return sha256Hex("name-clusters\n" + canonicalJson({{"dataset", prepared.dataset.uuid.toStdString()},
                                                        {"model", prepared.model.uuid.toStdString()},
                                                        {"clustering", prepared.clusters.key.toStdString()},
                                                        {"prompts", prompts},
                                                        {"clusters", std::vector<int>(prepared.asked.begin(),
                                                                                      prepared.asked.end())}}));
}

} // namespace

json NameClustersSpec::toJson() const
{
    json out{{"dataset", dataset.toStdString()}, {"model", model.toStdString()}, {"all", all}};
    if (!embedder.isEmpty())
        out["embedder"] = embedder.toStdString();
    if (clusters > 0)
        out["clusters"] = clusters;
    if (budget)
        out["budget"] = *budget;
    return out;
}

Result<NameClustersSpec> NameClustersSpec::fromJson(const QByteArray &bytes)
{
    const json document = parseForeignJson(bytes);
    try {
        NameClustersSpec spec;
        spec.dataset = QString::fromStdString(document.at("dataset").get<std::string>());
        spec.model = QString::fromStdString(document.at("model").get<std::string>());
        spec.all = document.at("all").get<bool>();
        spec.embedder = QString::fromStdString(document.value("embedder", std::string()));
        spec.clusters = document.value("clusters", qint64{0});
        if (document.contains("budget"))
            spec.budget = document.at("budget").get<double>();
        return spec;
    } catch (const json::exception &error) {
        return failure(ErrorCode::Corrupt, u"The parameters of this naming of clusters cannot be read."_s,
                       u"Start it anew."_s, QString::fromUtf8(error.what()));
    }
}

std::optional<QString> clusterNameFrom(const QString &reply)
{
    const QString name = withoutStop(withoutQuotes(withoutStop(reply.trimmed())));
    const QList<uint> characters = name.toUcs4();
    const bool visible = std::ranges::all_of(characters, [](uint c) { return isVisible(c); });
    const bool says = std::ranges::any_of(characters, [](uint c) { return QChar::isLetterOrNumber(c); });
    if (!visible || !says || characters.size() > longestName)
        return std::nullopt;
    return name.simplified();
}

QStringList clusterExamples(const MapStart &start, const MapClusters &clusters, int cluster)
{
    std::vector<std::pair<double, size_t>> order; // Nearest first; ties by place.
    const auto dimensions = static_cast<size_t>(start.rows.cols());
    const float *centre = clusters.centres.row(cluster).data();
    for (size_t i = 0; i < clusters.of.size(); ++i) {
        if (clusters.of[i] != static_cast<std::uint32_t>(cluster))
            continue;
        order.emplace_back(-exactCosine(start.rows.row(static_cast<Eigen::Index>(i)).data(), centre, dimensions), i);
    }
    std::ranges::sort(order);
    order.resize(std::min(order.size(), nearest));
    // Not the very nearest alone: those are often one sentence in several wordings.
    std::vector<std::uint32_t> drawn = statistics::shuffle(1, "map/examples/" + std::to_string(cluster), order.size());
    drawn.resize(std::min(drawn.size(), shown));
    std::ranges::sort(drawn);
    QStringList texts;
    for (const std::uint32_t place : drawn) {
        QString text = start.items[order[place].second].text.simplified();
        if (text.size() > longestText)
            text = text.left(longestText - 1) + u'…';
        texts << text;
    }
    return texts;
}

Result<LmRequest> clusterNameRequest(const Model &model, const QStringList &texts, const QStringList &words)
{
    PromptTemplate prompt;
    EVALWRIGHT_ASSIGN(prompt.user, promptText(u"cluster-name"_s));
    EVALWRIGHT_ASSIGN(prompt.completion, promptText(u"cluster-name-base"_s));
    PromptKind kind = promptKindFor(model, prompt);
    if (kind == PromptKind::ChatPrefill)
        kind = PromptKind::ChatPlain; // There is nothing to begin with.
    QStringList lines;
    for (const QString &text : texts)
        lines << u"- "_s + text;
    EVALWRIGHT_ASSIGN(LmRequest request,
                      formRequest(kind, prompt,
                                  {{u"texts"_s, lines.join(u'\n')},
                                   {u"words"_s, words.isEmpty() ? u"-"_s : words.join(u", "_s)}}));
    request.sampling.temperature = 0;
    request.sampling.maxTokens = mostTokens;
    if (kind == PromptKind::Completion)
        request.sampling.stop = {u"\n"_s};
    return request;
}

json NameClustersReport::toJson() const
{
    json out = requestsJson(requests);
    out.update({{"job", job.value},
                {"clusters", clusters},
                {"named", named},
                {"by_people", byPeople},
                {"refused", refused},
                {"problem", problem.isEmpty() ? json() : json(problem.toStdString())}});
    return out;
}

Result<NameClustersReport> nameClusters(const JobServices &services, const NameClustersSpec &spec,
                                        const CancellationToken &token, const ProgressFunction &progress)
{
    Project &project = *services.project;
    EVALWRIGHT_ASSIGN(const Prepared prepared, prepare(project, spec, token));
    EVALWRIGHT_ASSIGN(const Job job, beginMapJob(project, {u"name-clusters"_s,
                                                           u"Names for the clusters of %1"_s.arg(spec.dataset),
                                                           prepared.dataset.id, spec.toJson(), jobHash(prepared)}));
    const JobClaim claim(services, job.id);
    EVALWRIGHT_TRY(claim.status());
    NameClustersReport report;
    report.job = job.id;
    report.clusters = prepared.clusters.clusters.size();
    report.byPeople = report.clusters - prepared.asked.size();
    NameSource source(prepared);
    NameReader reader(report);
    RunnerOptions options;
    options.budget = spec.budget;
    const auto asked =
        runStage(services, job.id, u"name-clusters"_s, prepared.model, source, &reader, options, token, progress);
    const Status stored = project.writeNow([&](Connection &c) -> Status { // Also of what came before an error.
        for (auto name = reader.names().cbegin(); name != reader.names().cend(); ++name) {
            const ClusterName before = prepared.clusters.names.value(name.key());
            if (before.actor != "model"_L1 || before.responseId != name->responseId)
                EVALWRIGHT_TRY(addClusterName(c, prepared.dataset.id, prepared.clusters.key, name.key(), *name));
        }
        return {};
    });
    if (!asked || !stored)
        return failure(failedMapJob(project, job.id, asked ? stored.error() : asked.error()));
    report.requests = *asked;
    report.named = reader.names().size();
    if (report.problem.isEmpty())
        report.problem = report.requests.firstError;
    report.state = report.named < prepared.asked.size() ? JobState::Partly : JobState::Done;
    EVALWRIGHT_TRY(endMapJob(project, job.id, report.state, report.toJson(), report.problem));
    return report;
}

} // namespace evalwright
