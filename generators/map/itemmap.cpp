// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/map/itemmap.h"

#include "generators/similarity/duplicates.h"
#include "generators/similarity/lexicalembedding.h"
#include "generators/similarity/neighbours.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/embeddings.h"
#include "storage/repositories/lint.h"
#include "storage/repositories/selections.h"

#include <QCoreApplication>
#include <QCryptographicHash>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 readAtOnce = 200'000;

MapItem itemOf(const CandidateRow &row)
{
    const Candidate &c = row.candidate;
    MapItem item{c.id, c.ordinal, mappedText(c),
                 c.wantedLabel.isEmpty() ? c.matchingLabel : c.wantedLabel, c.labelConfidence};
    if (row.decision)
        item.state = row.decision->keep ? MapItem::Kept : MapItem::Rejected;
    return item;
}

Result<std::vector<MapItem>> readItems(Connection &connection, DatasetId dataset, bool all, qint64 most, qint64 &total,
                                       const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(total, countLintTexts(connection, dataset, all));
    qint64 at = 0;
    const auto isDrawn = [&] { // Every n-th of more: the same each time, and from all parts of the data set.
        const bool drawn = total <= most || at * most / total != (at + 1) * most / total;
        ++at;
        return drawn;
    };
    std::vector<MapItem> items;
    CandidateFilter every;
    every.dataset = dataset;
    EVALWRIGHT_ASSIGN(const qint64 candidates, countCandidates(connection, every));
    if (candidates <= readAtOnce) { // Ten times as fast as one by one.
        EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(connection, dataset));
        for (const CandidateRow &row : rows) {
            const QString &status = row.candidate.parseStatus;
            const bool here = all ? status == "ok"_L1 || status == "imported"_L1 : row.decision && row.decision->keep;
            if (here && isDrawn())
                items.push_back(itemOf(row));
        }
        return items;
    }
    QList<CandidateId> ids;
    EVALWRIGHT_TRY(forEachLintText(connection, dataset, all, [&](const LintText &text) -> Status {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"The map was cancelled."_s);
        if (isDrawn())
            ids << text.id;
        return {};
    }));
    for (const CandidateId id : std::as_const(ids)) {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"The map was cancelled."_s);
        EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, id));
        items.push_back(itemOf(row));
    }
    return items;
}

QStringList textsOf(const MapStart &start)
{
    QStringList texts;
    for (const MapItem &item : start.items)
        texts << item.text;
    return texts;
}

/// Puts the model's vectors into the rows, and leaves the items out that have none of their present text.
Status takeVectors(Connection &connection, MapStart &start, const CancellationToken &token)
{
    QHash<qint64, std::size_t> place;
    for (std::size_t i = 0; i < start.items.size(); ++i)
        place.insert(start.items[i].id.value, i);
    std::vector<MapItem> items;
    std::vector<float> values;
    std::size_t dimensions = 0;
    EVALWRIGHT_TRY(forEachEmbedding(
        connection, start.choice.dataset, start.choice.embedder, [&](const StoredEmbedding &stored) -> Status {
            if (token.isCancelled())
                return failure(ErrorCode::Cancelled, u"The map was cancelled."_s);
            const auto found = place.constFind(stored.candidate.value);
            if (found == place.constEnd() || embeddedTextHash(start.items[*found].text) != stored.textSha256)
                return {};
            if (dimensions != 0 && stored.vector.size() != dimensions) {
                return failure(ErrorCode::Corrupt,
                               u"The model's vectors have different lengths: %1 and %2 values."_s.arg(dimensions).arg(
                                   stored.vector.size()),
                               u"Add the model under another name and embed the data set with that."_s);
            }
            dimensions = stored.vector.size();
            items.push_back(std::move(start.items[*found]));
            values.insert(values.end(), stored.vector.begin(), stored.vector.end());
            return {};
        }));
    start.without = static_cast<qint64>(start.items.size() - items.size());
    start.items = std::move(items);
    start.rows = Eigen::Map<const FloatMatrix>(values.data(), static_cast<Eigen::Index>(start.items.size()),
                                               static_cast<Eigen::Index>(dimensions));
    return {};
}

} // namespace

QString mappedText(const Candidate &candidate)
{
    return candidate.statement.isEmpty() ? candidate.question : candidate.statement;
}

Result<QString> mapMark(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(const qint64 decision, newestDecision(connection));
    EVALWRIGHT_ASSIGN(const qint64 ordinal, lastOrdinal(connection, dataset));
    return u"%1:%2"_s.arg(decision).arg(ordinal);
}

Result<MapStart> startMap(Project &project, const MapChoice &choice, const SimilarityWork &work, qint64 most)
{
    MapStart start;
    start.choice = choice;
    EVALWRIGHT_ASSIGN(start.mark, project.readNow([&](Connection &c) { return mapMark(c, choice.dataset); }));
    EVALWRIGHT_ASSIGN(start.items, project.readNow([&](Connection &c) {
        return readItems(c, choice.dataset, choice.all, most, start.total, work.token);
    }));
    if (start.items.empty())
        return start;
    if (choice.embedder.isValid()) {
        EVALWRIGHT_TRY(project.readNow([&](Connection &c) { return takeVectors(c, start, work.token); }));
        if (start.items.empty()) {
            return failure(ErrorCode::NotFound, u"None of these items has a vector from this model."_s,
                           u"Embed them with it first: “Embed with a model”, or “dataset embed”."_s);
        }
    } else {
        const QStringList texts = textsOf(start);
        EVALWRIGHT_ASSIGN(const LexicalEmbedding embedding, LexicalEmbedding::fit(texts, 1, work));
        EVALWRIGHT_ASSIGN(start.rows, embedding.embed(texts, work));
    }
    EVALWRIGHT_ASSIGN(start.plane, principalPlane(start.rows, 1, work));
    return start;
}

Result<MapClusters> clusterMap(Project &project, const MapStart &start, const SimilarityWork &work, std::size_t count)
{
    MapClusters map;
    const size_t n = start.items.size(), k = count > 0 ? count : clusterCount(n);
    EVALWRIGHT_ASSIGN(Clusters clusters, kMeans(start.rows, k, 1, work));
    const QStringList texts = textsOf(start);
    EVALWRIGHT_ASSIGN(const QList<QStringList> words, distinctiveWords(texts, clusters.of, k, 5, work));
    EVALWRIGHT_ASSIGN(const Repeats repeats, nearDuplicates(texts, 0.8, work));
    EVALWRIGHT_ASSIGN(const Repeats alike, meaningDuplicates(start.rows, alikeOnMap, 1, work));
    map.of = std::move(clusters.of);
    map.centres = std::move(clusters.centres);
    for (size_t cluster = 0; cluster < k && clusters.sizes[cluster] > 0; ++cluster)
        map.clusters << MapCluster{clusters.sizes[cluster], words.at(static_cast<qsizetype>(cluster)), {}, 0, 0};
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (size_t i = 0; i < n; ++i) {
        MapCluster &cluster = map.clusters[static_cast<qsizetype>(map.of[i])];
        ++cluster.labels[start.items[i].label];
        cluster.repeated += repeats[i] == notRepeated ? 0 : 1;
        cluster.alike += alike[i] == notRepeated ? 0 : 1;
        hash.addData(QByteArray::number(start.items[i].id.value) + ':' + QByteArray::number(map.of[i]) + ';');
    }
    const QString kind = start.choice.embedder.isValid() ? u"model-kmeans/1:"_s : u"lexical-kmeans/1:"_s;
    map.key = kind + QString::fromLatin1(hash.result().toHex().left(32));
    EVALWRIGHT_ASSIGN(map.names,
                      project.readNow([&](Connection &c) { return clusterNames(c, start.choice.dataset, map.key); }));
    return map;
}

QString clusterTitle(const MapClusters &clusters, int cluster)
{
    if (const QString name = clusters.names.value(cluster).name; !name.isEmpty())
        return name;
    const QStringList &words = clusters.clusters.at(cluster).words;
    return words.isEmpty() ? QCoreApplication::translate("MapPage", "Cluster %1").arg(cluster + 1)
                           : words.join(u", "_s);
}

} // namespace evalwright
