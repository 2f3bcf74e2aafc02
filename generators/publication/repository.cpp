// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/publication/repository.h"

#include "core/foreignjson.h"
#include "core/jsonvalues.h"
#include "core/text.h"
#include "generators/likeexamples.h"
#include "generators/publication/publishedset.h"
#include "review/shownitem.h"
#include "storage/exchange/canary.h"
#include "storage/exchange/exportorder.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/genericjsonl.h"
#include "storage/exchange/privatesplit.h"
#include "storage/exchange/safenames.h"
#include "storage/exchange/wholefolder.h"
#include "storage/exchange/writtenitem.h"
#include "storage/project.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString markFile = u"metadata/generation.json"_s, privateMarkFile = u"metadata/split.json"_s;
const QByteArray mark = "\"evalwright-generation/1\"", privateMark = "\"evalwright-split/1\"";

tl::unexpected<Error> refused(ErrorCode code, const QString &message, const QString &advice)
{
    return failure(Error(code, message, advice).withConsequence(u"Nothing was written."_s));
}

class Repository
{
public:
    Repository(Connection &connection, const QStringList &datasets, const RepositoryOptions &options,
               RepositoryReport report, const CancellationToken &token)
        : m_connection(connection), m_names(datasets), m_options(options), m_report(std::move(report)), m_token(token)
    {
    }

    Result<RepositoryReport> run(const QString &projectPath)
    {
        const QStringList own{u"README.md"_s, u"croissant.json"_s, u"CANARY.txt"_s,
                              u"LICENSE"_s,   u"data"_s,           u"metadata"_s};
        EVALWRIGHT_ASSIGN(WholeFolder folder,
                          WholeFolder::prepare(m_report.path, projectPath, m_options.overwrite, markFile, mark, own));
        std::optional<WholeFolder> hidden;
        if (m_options.privateShare) {
            EVALWRIGHT_ASSIGN(WholeFolder made,
                              WholeFolder::prepare(m_report.privatePath, projectPath, m_options.overwrite,
                                                   privateMarkFile, privateMark, own));
            hidden.emplace(std::move(made));
        }
        SafeNames configs;
        for (const QString &name : m_names)
            EVALWRIGHT_TRY(writeData(name, configs.of(name), folder, hidden ? &*hidden : nullptr));
        const PublicationNames names = namesOf();
        if (names.licence.isEmpty())
            m_report.warnings << u"No licence is stated; say one with --licence, or others may not use the data."_s;
        EVALWRIGHT_TRY(folder.write(u"README.md"_s, readmeFile(names, m_sets)));
        EVALWRIGHT_TRY(folder.write(u"LICENSE"_s, licenceFile(names)));
        EVALWRIGHT_TRY(folder.write(u"croissant.json"_s, croissantFile(names, m_sets)));
        EVALWRIGHT_TRY(folder.write(markFile, generationFile(m_sets)));
        EVALWRIGHT_TRY(folder.write(u"metadata/review.json"_s, reviewFile(m_sets)));
        EVALWRIGHT_TRY(folder.write(u"CANARY.txt"_s, canaries()));
        if (hidden) {
            EVALWRIGHT_TRY(hidden->write(
                u"README.md"_s, privateReadmeFile(names, m_sets, *m_options.privateShare, m_options.splitSeed)));
            EVALWRIGHT_TRY(hidden->write(u"CANARY.txt"_s, canaries()));
            EVALWRIGHT_TRY(hidden->write(privateMarkFile, splitFile()));
            EVALWRIGHT_TRY(
                hidden->publish()); // First: what is published must not be without what it says is held back.
        }
        EVALWRIGHT_TRY(folder.publish());
        for (const PublishedSet &set : std::as_const(m_sets))
            m_report.sets << RepositoryReport::Set{set.name(), set.config, set.dataFile(), set.sha256,
                                                   set.rows,   set.bytes,  set.heldBack};
        return m_report;
    }

private:
    Status writeData(const QString &name, const QString &config, WholeFolder &folder, WholeFolder *hidden)
    {
        PublishedSet set;
        set.config = config;
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(m_connection, name));
        EVALWRIGHT_ASSIGN(set.card, readDatasetCard(m_connection, dataset.id, m_token));
        std::optional<PrivateSplit> split;
        if (hidden) {
            EVALWRIGHT_ASSIGN(split, PrivateSplit::draw(m_connection, dataset, *m_options.privateShare,
                                                        static_cast<quint64>(m_options.splitSeed), m_token));
            set.heldBack = split->items();
            set.clustersHeldBack = split->clusters();
        }
        const auto isPublished = [&](const Candidate &item) { return !split || !split->holdsBack(item); };
        UniformRows rows;
        qint64 seen = 0;
        EVALWRIGHT_TRY(forEachItem(m_connection, dataset.id, [&](const Candidate &item) -> Status {
            EVALWRIGHT_TRY(goOn());
            rows.survey(rowOf(item, set)); // Of all items, so that both folders have the same columns.
            ++seen;
            return {};
        }));
        if (seen == 0)
            return refused(ErrorCode::InvalidInput, u"The data set “%1” has no items."_s.arg(name),
                           u"Generate or import some first."_s);
        set.columns = rows.columns();
        EVALWRIGHT_ASSIGN(const ItemOrder order, ItemOrder::of(m_connection, dataset, m_options.order));
        EVALWRIGHT_ASSIGN(WholeFolder::Output out, folder.file(set.dataFile()));
        std::optional<WholeFolder::Output> hiddenOut;
        if (hidden) {
            EVALWRIGHT_ASSIGN(hiddenOut, hidden->file(u"data/%1/private.jsonl"_s.arg(config)));
        }
        set.card.examples.clear();
        QMap<QString, int> examples;
        EVALWRIGHT_TRY(order.forEach(m_connection, [&](const Candidate &item) -> Status {
            EVALWRIGHT_TRY(goOn());
            --seen;
            if (!isPublished(item))
                return hiddenOut->write(rows.row(rowOf(item, set)));
            if (set.rows++ < exampleRows && examples[item.matchingLabel]++ < examplesPerLabel)
                set.card.examples << exampleOf(item);
            return out.write(rows.row(rowOf(item, set)));
        }));
        if (seen != 0)
            return refused(ErrorCode::Storage, u"The data set “%1” changed while it was being written."_s.arg(name),
                           u"Export it again when nothing writes to it."_s);
        EVALWRIGHT_TRY(out.close());
        set.sha256 = out.sha256();
        set.bytes = out.bytes();
        if (hiddenOut)
            EVALWRIGHT_TRY(hiddenOut->close());
        EVALWRIGHT_TRY(writeRecipe(set, folder));
        m_sets << set;
        return {};
    }

    JsonNode rowOf(const Candidate &item, const PublishedSet &set) const
    {
        JsonNode row =
            genericObject(writtenItem(item, m_options.trimLabels, m_options.canaryInRows ? set.canary() : QString()));
        if (!row.find(u"item_id"_s))
            row.add(u"item_id"_s, JsonNode::ofText(item.uuid));
        if (!row.find(u"content_hash"_s))
            row.add(u"content_hash"_s,
                    JsonNode::ofText(review::shownItem(item, set.card.facts.dataset.family).contentHash));
        return row;
    }

    /// From the recipe as it is stored `generate --recipe` makes the same data set, with models that answer the same.
    Status writeRecipe(PublishedSet &set, WholeFolder &folder)
    {
        const DatasetFacts &facts = set.card.facts;
        if (!facts.recipe)
            return {};
        const json recipe = storedJson(facts.recipe->json);
        set.recipeFile = m_names.size() == 1 ? u"metadata/recipe.json"_s : u"metadata/recipe.%1.json"_s.arg(set.config);
        EVALWRIGHT_TRY(
            folder.write(set.recipeFile,
                         QByteArray::fromStdString(recipe.dump(2, ' ', false, json::error_handler_t::replace)) + '\n'));
        const qint64 seed = recipe.is_object() && recipe.contains("seed") && recipe["seed"].is_number_integer()
                                ? recipe["seed"].get<qint64>()
                                : 1;
        const auto spec = sameAgain(m_connection, set.name(), set.name(), seed);
        if (!spec) // Its job is gone; the recipe alone is known.
            return spec.error().code == ErrorCode::NotFound ? Status() : failure(spec.error());
        const auto orNull = [](const QString &name) { return jsonvalues::text(withoutDirectory(name)); };
        set.making = {{"writer", orNull(spec->writer)},
                      {"checker", orNull(spec->checkerName())},
                      {"embedder", orNull(spec->embedder)},
                      {"limit", spec->limit ? json(*spec->limit) : json()},
                      {"seed", seed}};
        return {};
    }

    PublicationNames namesOf() const
    {
        PublicationNames names;
        names.language = m_options.language;
        names.title = m_options.title.isEmpty() ? m_names.join(u", "_s) : m_options.title;
        QStringList uuids;
        for (const PublishedSet &set : m_sets) {
            uuids << set.card.facts.dataset.uuid;
            names.date = std::max(names.date, set.card.facts.dataset.createdAt.left(10));
            const CardTexts &texts = set.card.texts;
            names.licence = names.licence.isEmpty() ? texts.licence : names.licence;
            names.authors = names.authors.isEmpty() ? texts.authors : names.authors;
            names.citation = names.citation.isEmpty() ? texts.citation : names.citation;
        }
        names.url = m_options.url.isEmpty() ? u"urn:uuid:"_s + uuids.first() : m_options.url;
        return names;
    }

    QByteArray canaries() const
    {
        QStringList list;
        for (const PublishedSet &set : m_sets)
            list << set.canary();
        return canaryFile(list);
    }

    QByteArray splitFile() const
    {
        json out{{"format", "evalwright-split/1"},
                 {"share", *m_options.privateShare},
                 {"seed", m_options.splitSeed},
                 {"data_sets", json::array()}};
        for (const PublishedSet &set : m_sets)
            out["data_sets"].push_back({{"config", set.config.toStdString()},
                                        {"held_back", set.heldBack},
                                        {"clusters", set.clustersHeldBack},
                                        {"published", set.rows}});
        return QByteArray::fromStdString(out.dump(2, ' ', false, json::error_handler_t::replace)) + '\n';
    }

    Status goOn() const { return m_token.isCancelled() ? Status(failure(stoppedOnRequest())) : Status(); }

    Connection &m_connection;
    const QStringList &m_names; ///< Of all data sets.
    const RepositoryOptions &m_options;
    RepositoryReport m_report;
    const CancellationToken &m_token;
    QList<PublishedSet> m_sets;
};

} // namespace

json RepositoryReport::toJson() const
{
    json list = json::array();
    qint64 rows = 0;
    for (const Set &set : sets) {
        rows += set.rows;
        list.push_back({{"dataset", set.dataset.toStdString()},
                        {"config", set.config.toStdString()},
                        {"file", set.file.toStdString()},
                        {"sha256", set.sha256.toStdString()},
                        {"rows", set.rows},
                        {"bytes", set.bytes},
                        {"held_back", set.heldBack}});
    }
    json notes = json::array();
    for (const QString &warning : warnings)
        notes.push_back(warning.toStdString());
    return {{"path", path.toStdString()},
            {"private_path", jsonvalues::text(privatePath)},
            {"format", "hf-repo"},
            {"rows", rows},
            {"sha256", sets.size() == 1 ? json(sets.first().sha256.toStdString()) : json()},
            {"data_sets", list},
            {"warnings", notes}};
}

Result<RepositoryReport> exportRepository(Project &project, const QStringList &datasets, const QString &path,
                                          const RepositoryOptions &options, const CancellationToken &token)
{
    if (datasets.isEmpty())
        return refused(ErrorCode::InvalidInput, u"No data set was named."_s, u"Name at least one."_s);
    for (const QString &name : datasets) {
        if (datasets.count(name) > 1)
            return refused(ErrorCode::InvalidInput, u"The data set “%1” is named twice."_s.arg(name),
                           u"Name it once."_s);
    }
    if (path == "-"_L1 || path.isEmpty())
        return refused(ErrorCode::InvalidInput, u"A repository is a folder and cannot go to standard output."_s,
                       u"Name a folder."_s);
    RepositoryReport report;
    report.path = path;
    while (report.path.size() > 1 && report.path.endsWith(u'/'))
        report.path.chop(1);
    if (options.privateShare)
        report.privatePath = report.path + u"-private"_s;
    return project.readNow(
        [&](Connection &c) { return Repository(c, datasets, options, report, token).run(project.path()); });
}

} // namespace evalwright
