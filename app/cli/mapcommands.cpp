// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/mapcommands.h"

#include "core/statistics/proportions.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <algorithm>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 mostClusters = 1000;

struct ClusterOptions
{
    std::string dataset, embedding, nameWith;
    qint64 clusters = 0;
    std::optional<double> budget;
    bool all = false;
};

NameClustersSpec specOf(const ClusterOptions &o)
{
    NameClustersSpec spec;
    spec.dataset = text(o.dataset);
    spec.model = text(o.nameWith);
    spec.embedder = text(o.embedding);
    spec.all = o.all;
    spec.clusters = o.clusters;
    spec.budget = o.budget;
    return spec;
}

struct Found
{
    MapStart start;
    MapClusters clusters;
};

Result<Found> find(Context &context, Project &project, const NameClustersSpec &spec)
{
    MapChoice choice;
    choice.all = spec.all;
    EVALWRIGHT_TRY(project.readNow([&](Connection &c) -> Status {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, spec.dataset));
        choice.dataset = dataset.id;
        if (!spec.embedder.isEmpty()) {
            EVALWRIGHT_ASSIGN(const Model model, modelByName(c, spec.embedder));
            choice.embedder = model.id;
        }
        return {};
    }));
    SimilarityWork work;
    work.token = context.token();
    Found found;
    EVALWRIGHT_ASSIGN(found.start, startMap(project, choice, work));
    if (found.start.items.empty()) {
        return failure(ErrorCode::InvalidInput, u"“%1” has no items to put into clusters."_s.arg(spec.dataset),
                       u"Keep some items first, or take all candidates (--all)."_s);
    }
    EVALWRIGHT_ASSIGN(found.clusters,
                      clusterMap(project, found.start, work, static_cast<std::size_t>(spec.clusters)));
    return found;
}

json shareJson(qint64 part, qint64 of)
{
    json out{{"count", part}};
    if (const auto share = statistics::wilsonInterval(part, of)) {
        out["share"] = share->estimate;
        out["low"] = share->low;
        out["high"] = share->high;
    }
    return out;
}

QString shareText(qint64 part, qint64 of)
{
    const auto share = statistics::wilsonInterval(part, of);
    const auto percents = [](double value) { return QString::number(100 * value, 'f', 1); };
    return share ? u"%1 % [%2, %3]"_s.arg(percents(share->estimate), percents(share->low), percents(share->high))
                 : u"—"_s;
}

/// `named`: what was asked before, null when nothing was.
void printClusters(const Context &context, const NameClustersSpec &spec, const Found &found, const json &named)
{
    json all = json::array();
    Table table{{u"cluster"_s, u"items"_s, u"label"_s, u"share"_s, u"near repeats"_s, u"alike"_s, u"name"_s, u"by"_s,
                 u"words"_s},
                {},
                {0, 1, 4, 5}};
    for (int i = 0; i < found.clusters.clusters.size(); ++i) {
        const MapCluster &cluster = found.clusters.clusters.at(i);
        const ClusterName name = found.clusters.names.value(i);
        const bool isNamed = !name.name.isEmpty();
        json labels = json::object();
        auto most = cluster.labels.cbegin();
        for (auto it = cluster.labels.cbegin(); it != cluster.labels.cend(); ++it) {
            labels[it.key().trimmed().toStdString()] = shareJson(it.value(), cluster.size);
            most = it.value() > most.value() ? it : most;
        }
        all.push_back({{"cluster", i + 1},
                       {"size", cluster.size},
                       {"labels", labels},
                       {"near_repeats", cluster.repeated},
                       {"alike", cluster.alike},
                       {"words", toJson(cluster.words)},
                       {"name", orNull(name.name)},
                       {"name_by", isNamed ? json(name.actor.toStdString()) : json()}});
        table.rows << QStringList{QString::number(i + 1),
                                  QString::number(cluster.size),
                                  most == cluster.labels.cend() ? QString() : most.key().trimmed(),
                                  most == cluster.labels.cend() ? QString() : shareText(most.value(), cluster.size),
                                  QString::number(cluster.repeated),
                                  QString::number(cluster.alike),
                                  name.name,
                                  isNamed ? name.actor : QString(),
                                  cluster.words.join(u", "_s)};
    }
    QString human = table.text();
    human += u"\n%1, by %2\n"_s.arg(
        counted(static_cast<qint64>(found.start.items.size()), u"item"_s),
        spec.embedder.isEmpty() ? u"words (built in)"_s : u"the vectors of %1"_s.arg(spec.embedder));
    if (found.start.without > 0)
        human += u"%1 left out: the model's vector is missing or of an earlier text (dataset embed)\n"_s.arg(
            counted(found.start.without, u"item"_s));
    context.print({{"dataset", spec.dataset.toStdString()},
                   {"embedding", orNull(spec.embedder)},
                   {"items", found.start.items.size()},
                   {"of", found.start.total},
                   {"without_vector", found.start.without},
                   {"clustering", found.clusters.key.toStdString()},
                   {"clusters", all},
                   {"naming", named}},
                  human);
}

Result<int> clusters(Context &context, const ClusterOptions &o)
{
    const NameClustersSpec spec = specOf(o);
    if (!spec.model.isEmpty())
        return runNameClusters(context, spec);
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const Found found, find(context, *project, spec));
    printClusters(context, spec, found, json());
    return Done;
}

} // namespace

Result<int> runEmbed(Context &context, const EmbedSpec &spec)
{
    EVALWRIGHT_ASSIGN(const JobServices services, context.services());
    const auto done = embedDataset(services, spec, context.token(), context.progress());
    context.endProgress();
    if (!done)
        return failure(done.error());
    json object = done->toJson();
    object["dataset"] = spec.dataset.toStdString();
    object["model"] = spec.model.toStdString();
    context.print(object,
                  u"%1: %2 of %3 have a vector of %4 (%5 values). %6 asked, %7 known already, %8, %9 refused.\n"_s
                      .arg(spec.dataset)
                      .arg(done->vectors)
                      .arg(counted(done->texts, u"text"_s), spec.model)
                      .arg(done->dimensions)
                      .arg(done->requests.asked)
                      .arg(done->requests.fromCache)
                      .arg(counted(done->requests.failed, u"error"_s))
                      .arg(done->refused));
    if (!done->problem.isEmpty())
        context.say(u"The first problem: %1"_s.arg(done->problem));
    return done->state == JobState::Done ? Done : Partly;
}

Result<int> runNameClusters(Context &context, const NameClustersSpec &spec)
{
    EVALWRIGHT_ASSIGN(const JobServices services, context.services());
    const auto done = nameClusters(services, spec, context.token(), context.progress());
    context.endProgress();
    if (!done)
        return failure(done.error());
    EVALWRIGHT_ASSIGN(const Found found, find(context, *services.project, spec));
    printClusters(context, spec, found, done->toJson());
    context.say(u"%1 named by %2, %3 by people, %4 refused; %5 asked, %6 known already, %7"_s
                    .arg(counted(done->named, u"cluster"_s), spec.model)
                    .arg(done->byPeople)
                    .arg(done->refused)
                    .arg(done->requests.asked)
                    .arg(done->requests.fromCache)
                    .arg(counted(done->requests.failed, u"error"_s)));
    if (!done->problem.isEmpty())
        context.say(u"The first problem: %1"_s.arg(done->problem));
    return done->state == JobState::Done ? Done : Partly;
}

void addMapCommands(CLI::App &dataset, Context &context)
{
    auto e = std::make_shared<EmbedSpec>();
    auto name = std::make_shared<std::pair<std::string, std::string>>();
    CLI::App *embed = dataset.add_subcommand(
        "embed", "Ask a model for a vector of every item, for the map; goes on when run again.\n"
                 "Example: evalwright-cli -p study.evalwright dataset embed agreeableness --model small");
    embed->add_option("DATASET", name->first)->required();
    embed->add_option("--model", name->second, "A model that gives embeddings; local models do")->required();
    embed->add_flag("--all", e->all, "All candidates that could be parsed, not the kept items alone");
    embed->add_option("--budget", e->budget, "Stop when the job has spent so much money, earlier calls included")
        ->check(money());
    embed->add_flag("--accept-changed-server", context.acceptChangedServer,
                    "Probe a model again when its server is not the one that was probed, then go on");
    embed->callback([&context, e, name] {
        e->dataset = text(name->first);
        e->model = text(name->second);
        context.command = [&context, e] { return runEmbed(context, *e); };
    });

    auto o = std::make_shared<ClusterOptions>();
    CLI::App *list = dataset.add_subcommand(
        "clusters", "Clusters of the map with size, labels, distinctive words and name.\n"
                    "Example: evalwright-cli -p study.evalwright dataset clusters agreeableness --name-with small");
    list->add_option("DATASET", o->dataset)->required();
    list->add_option("--k", o->clusters, "How many; as the map has when absent")->check(wholeNumber(1, mostClusters));
    list->add_option("--embedding", o->embedding,
                     "A model whose vectors \"dataset embed\" stored; the built-in one, by words, when absent");
    CLI::Option *with =
        list->add_option("--name-with", o->nameWith, "Ask this model for a name of each cluster that no person named");
    list->add_flag("--all", o->all, "All candidates that could be parsed, not the kept items alone");
    list->add_option("--budget", o->budget, "Stop when the job has spent so much money, earlier calls included")
        ->check(money())
        ->needs(with);
    list->add_flag("--accept-changed-server", context.acceptChangedServer,
                   "Probe a model again when its server is not the one that was probed, then go on");
    list->callback([&context, o] { context.command = [&context, o] { return clusters(context, *o); }; });
}

} // namespace evalwright::cli
