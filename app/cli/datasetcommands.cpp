// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cardcommand.h"
#include "app/cli/comparisoncommands.h"
#include "app/cli/context.h"
#include "app/cli/datasetchanges.h"
#include "app/cli/factscommand.h"
#include "app/cli/mapcommands.h"
#include "app/cli/projecttools.h"
#include "app/cli/undoimport.h"

#include "core/foreignjson.h"
#include "core/text.h"
#include "core/visibletext.h"
#include "review/judgementjson.h"
#include "storage/items/itemselection.h"
#include "storage/repositories/datasetfacts.h"
#include "storage/repositories/materials.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/reviews.h"

#include <algorithm>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Result<int> list(Context &context)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const QList<DatasetSummary> datasets,
                      project->readNow([](Connection &c) { return listDatasets(c); }));
    json all = json::array();
    Table table{{u"data set"_s, u"behaviour"_s, u"family"_s, u"candidates"_s, u"items"_s}, {}, {3, 4}};
    for (const DatasetSummary &summary : datasets) {
        all.push_back({{"name", summary.dataset.name.toStdString()},
                       {"behaviour", orNull(summary.behaviourName)},
                       {"category", orNull(summary.category)},
                       {"family", summary.dataset.family.toStdString()},
                       {"candidates", summary.candidates},
                       {"items", summary.items},
                       {"reviewed", summary.reviewed}});
        table.rows << QStringList{summary.dataset.name, summary.behaviourName, summary.dataset.family,
                                  QString::number(summary.candidates), QString::number(summary.items)};
    }
    context.print(
        {{"datasets", all}},
        datasets.isEmpty()
            ? u"No data sets yet. Example: evalwright-cli generate NAME --recipe persona-yes-no --writer MODEL"_s
            : table.text());
    return Done;
}

Result<int> show(Context &context, const QString &name)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const DatasetFacts found, project->readNow([name](Connection &c) -> Result<DatasetFacts> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, name));
        return datasetFacts(c, dataset.id);
    }));
    const Behaviour behaviour = found.behaviour.value_or(Behaviour());
    json reasons = json::array(), sources = json::array(), perLabel = json::object();
    Table table{{u"label"_s, u"stage"_s, u"reason"_s, u"kept"_s, u"candidates"_s}, {}, {4}};
    for (auto it = found.itemsPerLabel.begin(); it != found.itemsPerLabel.end(); ++it)
        perLabel[it.key().toStdString()] = it.value();
    for (const ReasonCount &count : found.reasons) {
        reasons.push_back({{"label", count.label.toStdString()},
                           {"stage", count.stage.toStdString()},
                           {"reason", count.reason.toStdString()},
                           {"keep", count.keep},
                           {"count", count.count}});
        table.rows << QStringList{count.label.trimmed(), count.stage, count.reason, count.keep ? u"yes"_s : u"no"_s,
                                  QString::number(count.count)};
    }
    for (const ImportSource &source : found.sources)
        sources.push_back({{"file", source.fileName.toStdString()},
                           {"bytes", source.bytes},
                           {"sha256", source.sha256.toStdString()},
                           {"format", source.format.toStdString()},
                           {"imported_at", source.importedAt.toStdString()}});
    json notes = json::array();
    QString noteLines;
    for (const DatasetNote &note : found.notes) {
        notes.push_back({{"kind", note.kind.toStdString()},
                         {"text", note.text.toStdString()},
                         {"actor", note.actor.toStdString()},
                         {"at", note.createdAt.toStdString()}});
        noteLines += u"Note (%1): %2\n"_s.arg(note.kind, note.text);
    }
    json controls = json::object();
    for (auto it = found.controls.begin(); it != found.controls.end(); ++it) {
        controls[it.key().toStdString()] = it.value();
        noteLines += u"Control %1: %2\n"_s.arg(it.key(), counted(it.value(), u"question"_s));
    }
    context.print(
        {{"name", found.dataset.name.toStdString()},
         {"uuid", found.dataset.uuid.toStdString()},
         {"family", found.dataset.family.toStdString()},
         {"canary", found.dataset.canary.toStdString()},
         {"created_at", found.dataset.createdAt.toStdString()},
         {"behaviour",
          {{"name", orNull(behaviour.name)},
           {"category", orNull(behaviour.category)},
           {"description", orNull(behaviour.description)},
           {"contrast", orNull(behaviour.contrast)},
           {"polarity", orNull(behaviour.polarity)}}},
         {"recipe", found.recipe ? storedJson(found.recipe->json) : json()},
         {"recipe_hash", found.recipe ? json(found.recipe->hash.toStdString()) : json()},
         {"writers", toJson(found.models.writers)},
         {"checkers", toJson(found.models.checkers)},
         {"candidates", found.candidates},
         {"items", found.items},
         {"items_per_label", perLabel},
         {"reasons", reasons},
         {"controls", controls},
         {"notes", notes},
         {"sources", sources}},
        u"%1 (%2)\nBehaviour: %3\nRecipe: %4\nWritten by: %5\nChecked by: %6\nItems: %7 of %8 candidates\nCanary: %9\n\n"_s
                .arg(found.dataset.name, found.dataset.family,
                     behaviour.description.isEmpty() ? u"—"_s : behaviour.description,
                     found.recipe ? found.recipe->preset + u"  "_s + found.recipe->hash.left(12) : u"imported"_s,
                     found.models.writers.isEmpty() ? u"—"_s : found.models.writers.join(u", "_s),
                     found.models.checkers.isEmpty() ? u"—"_s : found.models.checkers.join(u", "_s),
                     QString::number(found.items), QString::number(found.candidates), found.dataset.canary) +
            noteLines + table.text());
    return Done;
}

/// Plain words for a reason that no candidate has.
json itemJson(const CandidateRow &row)
{
    const Candidate &c = row.candidate;
    json other = json::array();
    for (const QString &label : c.otherLabels)
        other.push_back(label.toStdString());
    json item{{"id", c.uuid.toStdString()},
              {"ordinal", c.ordinal},
              {"statement", orNull(c.statement)},
              {"question", orNull(c.question)},
              {"wanted_label", orNull(c.wantedLabel)},
              {"answer_matching_behavior", orNull(c.matchingLabel)},
              {"answers_not_matching_behavior", other},
              {"label_confidence", orNull(c.labelConfidence)},
              {"parse_status", c.parseStatus.toStdString()},
              {"cluster", orNull(c.cluster)},
              {"fields", storedJson(c.fields)},
              {"decision", nullptr}};
    if (row.decision)
        item["decision"] = {{"keep", row.decision->keep},
                            {"reason", row.decision->reason.toStdString()},
                            {"stage", row.decision->stage.toStdString()},
                            {"actor", row.decision->actor.toStdString()},
                            {"threshold", orNull(row.decision->threshold)},
                            {"at", row.decision->createdAt.toStdString()}};
    return item;
}

/// The biography or occupation that an item was made of, with every reply it rests on.
Result<json> materialJson(Connection &connection, MaterialId id)
{
    if (!id.isValid())
        return json();
    EVALWRIGHT_ASSIGN(const Material material, materialById(connection, id));
    EVALWRIGHT_ASSIGN(const QList<MaterialResponse> responses, materialResponses(connection, id));
    json replies = json::array();
    for (const MaterialResponse &each : responses) {
        EVALWRIGHT_ASSIGN(const Response response, responseById(connection, each.responseId));
        replies.push_back({{"stage", each.stage.toStdString()},
                           {"presentation", orNull(each.presentation)},
                           {"p", orNull(each.p)},
                           {"label_mass", orNull(each.labelMass)},
                           {"request", storedJson(response.promptJson)},
                           {"body", response.body.toStdString()},
                           {"received_at", response.receivedAt.toStdString()}});
    }
    return json{{"kind", material.kind.toStdString()},
                {"uuid", material.uuid.toStdString()},
                {"ordinal", material.ordinal},
                {"fields", storedJson(material.fields)},
                {"responses", replies}};
}

json provenanceJson(const Provenance &p)
{
    json scores = json::array(), decisions = json::array(), edits = json::array();
    // Null for what the item's own job asked for.
    const auto origin = [&p](ResponseId response) -> json {
        const auto found = p.origins.constFind(response);
        if (found == p.origins.constEnd() || !found->isFromCacheFor(p.row.candidate.jobId))
            return nullptr;
        return {{"first_asked", found->firstAsked.toStdString()},
                {"job", found->job.value},
                {"title", found->jobTitle.toStdString()},
                {"model", found->model.toStdString()},
                {"tries", found->attempts}};
    };
    for (qsizetype i = 0; i < p.scores.size(); ++i) {
        const Score &s = p.scores[i];
        scores.push_back({{"requirement", s.requirement.toStdString()},
                          {"method", s.method.toStdString()},
                          {"presentation", s.presentation.toStdString()},
                          {"checker", i < p.checkers.size() ? json(p.checkers[i].name.toStdString()) : json()},
                          {"p", orNull(s.p)},
                          {"label_mass", orNull(s.labelMass)},
                          {"response", s.responseId.isValid() ? json(s.responseId.value) : json()},
                          {"from_cache", origin(s.responseId)},
                          {"at", s.createdAt.toStdString()}});
    }
    for (const Decision &d : p.decisions)
        decisions.push_back({{"keep", d.keep},
                             {"stage", d.stage.toStdString()},
                             {"reason", d.reason.toStdString()},
                             {"actor", d.actor.toStdString()},
                             {"threshold", orNull(d.threshold)},
                             {"rank", orNull(d.rank)},
                             {"quota", orNull(d.quota)},
                             {"at", d.createdAt.toStdString()}});
    const auto textJson = [](const CandidateText &text) -> json {
        return {{"statement", text.statement.toStdString()},
                {"question", text.question.toStdString()},
                {"matching_label", text.matchingLabel.toStdString()},
                {"other_labels", toJson(text.otherLabels)},
                {"fields", storedJson(text.fields)}};
    };
    for (const CandidateEdit &e : p.edits)
        edits.push_back({{"batch", e.batch.toStdString()},
                         {"actor", e.actor.toStdString()},
                         {"reason", e.reason.toStdString()},
                         {"before", textJson(e.before)},
                         {"after", textJson(e.after)},
                         {"at", e.createdAt.toStdString()}});
    json out{{"recipe_hash", orNull(p.recipeHash)},
             {"recipe_preset", orNull(p.recipePreset)},
             {"scores", scores},
             {"decisions", decisions},
             {"edits", edits},
             {"response", nullptr},
             {"writer", nullptr},
             {"source", nullptr}};
    if (p.response) {
        out["response"] = {{"request", storedJson(p.response->promptJson)},
                           {"request_key", p.response->requestKey.toStdString()},
                           {"path", p.response->path.toStdString()},
                           {"seed", orNull(p.response->seed)},
                           {"sample", p.response->sample},
                           {"status", p.response->status},
                           {"body", p.response->body.toStdString()},
                           {"received_at", p.response->receivedAt.toStdString()},
                           {"from_cache", origin(p.response->id)}};
    }
    if (p.writer)
        out["writer"] = toJson(*p.writer);
    if (p.source)
        out["source"] = {{"file", p.source->fileName.toStdString()},
                         {"sha256", p.source->sha256.toStdString()},
                         {"line", orNull(p.row.candidate.sourceLine)},
                         {"imported_at", p.source->importedAt.toStdString()}};
    return out;
}

/// What raters said, a line each. Rubbish that a text answer may hold is on one line.
QString judgementLines(const json &judgements)
{
    QString lines;
    for (const json &judgement : judgements) {
        lines += u"  %1  %2 by rater %3: %4\n"_s.arg(QString::fromStdString(judgement.value("submitted_at", "")),
                                                    QString::fromStdString(judgement.value("state", "")),
                                                    QString::fromStdString(judgement.value("rater", "")),
                                                    withVisibleControls(QString::fromStdString(judgement.value("answers", json()).dump())));
    }
    return lines;
}

/// How an item came to be, one line each, oldest first. Numbers count from 1, as in the window.
QString timeline(const Provenance &p)
{
    QString out = u"\n#%1 %2\n"_s.arg(p.row.candidate.ordinal + 1).arg(p.row.candidate.uuid);
    const auto line = [&out](const QString &at, const QString &what) {
        out += u"  %1  %2\n"_s.arg(at.isEmpty() ? u"—"_s : at, what);
    };
    const auto fromCache = [&p](ResponseId response) {
        const auto found = p.origins.constFind(response);
        return found != p.origins.constEnd() && found->isFromCacheFor(p.row.candidate.jobId)
                   ? u"; "_s + originText(*found)
                   : QString();
    };
    if (p.source) {
        const QString place = p.row.candidate.sourceLine ? u", line %1"_s.arg(*p.row.candidate.sourceLine) : QString();
        line(p.source->importedAt, u"imported from "_s + p.source->fileName + place);
    }
    if (p.response) {
        line(p.response->receivedAt, u"written by "_s + (p.writer ? p.writer->name : u"a model"_s) +
                                         u", sample %1"_s.arg(p.response->sample + 1) +
                                         (p.recipePreset.isEmpty() ? QString() : u", recipe "_s + p.recipePreset) +
                                         fromCache(p.response->id));
    }
    for (qsizetype i = 0; i < p.scores.size(); ++i) {
        const Score &score = p.scores[i];
        line(score.createdAt, u"checked ("_s + score.requirement + u", "_s + score.presentation + u") by "_s +
                                  (i < p.checkers.size() ? p.checkers[i].name : u"a model"_s) + u": "_s +
                                  (score.p ? u"p = "_s + QString::number(*score.p, 'f', 3) : u"no probability"_s) +
                                  fromCache(score.responseId));
    }
    for (const Decision &decision : p.decisions) {
        line(decision.createdAt, (decision.keep ? u"kept: "_s : u"rejected: "_s) + decision.reason + u" ("_s +
                                     decision.stage + u", "_s + decision.actor + u')');
    }
    for (const CandidateEdit &edit : p.edits)
        line(edit.createdAt, u"text changed: "_s + edit.reason);
    return out;
}

struct ItemOptions
{
    std::string dataset, where, sort = "number";
    bool descending = false;
    qint64 limit = 20, offset = 0;
    bool provenance = false;
};

Result<int> items(Context &context, const ItemOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    struct Page
    {
        QList<CandidateRow> rows;
        QList<Provenance> provenance;
        QList<json> judgements;
        QList<json> materials;
        qint64 total = 0;
        std::optional<Error> wrong; ///< The filter was typed wrongly.
    };
    EVALWRIGHT_ASSIGN(const Page page, project->readNow([&](Connection &c) -> Result<Page> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(o.dataset)));
        Page p;
        const auto parsed = parseItemFilter(o.where.empty() ? u"state:kept"_s : text(o.where));
        const auto sort = itemSortFrom(text(o.sort));
        EVALWRIGHT_ASSIGN(const auto columns, readItemColumns(c, dataset.id, context.token()));
        const Status known = parsed ? checkReasons(*columns, *parsed) : Status();
        if (!parsed || !sort || !known) {
            p.wrong = !parsed ? parsed.error() : !sort ? sort.error() : known.error();
            return p;
        }
        EVALWRIGHT_ASSIGN(ItemSelection found, selectItems(c, *columns, *parsed, context.token()));
        EVALWRIGHT_TRY(sortItems(c, *columns, found.rows, *sort, o.descending ? Qt::DescendingOrder : Qt::AscendingOrder, context.token()));
        p.total = static_cast<qint64>(found.rows.size());
        for (qint64 i = o.offset; i < std::min(p.total, o.offset + o.limit); ++i) {
            EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, CandidateId{columns->id[found.rows[static_cast<std::size_t>(i)]]}));
            p.rows << row;
        }
        if (o.provenance) {
            for (const CandidateRow &row : p.rows) {
                EVALWRIGHT_ASSIGN(Provenance one, provenanceOf(c, row.candidate.id));
                p.provenance << one;
                EVALWRIGHT_ASSIGN(const json material, materialJson(c, row.candidate.materialId));
                p.materials << material;
                EVALWRIGHT_ASSIGN(const QList<Judgement> judgements, judgementsOfItem(c, row.candidate.id));
                json given = json::array();
                for (const Judgement &judgement : judgements) {
                    EVALWRIGHT_ASSIGN(const json said, review::judgementJson(c, judgement));
                    given.push_back(said);
                }
                p.judgements << given;
            }
        }
        return p;
    }));
    if (page.wrong)
        return context.wrongUse(*page.wrong);
    json all = json::array();
    QString timelines;
    Table table{{u"#"_s, u"label"_s, u"confidence"_s, u"state"_s, u"statement"_s}, {}, {0, 2}};
    for (qsizetype i = 0; i < page.rows.size(); ++i) {
        const CandidateRow &row = page.rows[i];
        json item = itemJson(row);
        if (o.provenance) {
            item["provenance"] = provenanceJson(page.provenance[i]);
            item["provenance"]["material"] = page.materials[i];
            item["provenance"]["judgements"] = page.judgements[i];
            timelines += timeline(page.provenance[i]) + judgementLines(page.judgements[i]);
        }
        all.push_back(std::move(item));
        QString statement = row.candidate.statement.isEmpty() ? row.candidate.question : row.candidate.statement;
        // A terminal obeys control characters; what a model wrote must not steer it.
        for (QChar &ch : statement)
            if (ch.category() == QChar::Other_Control || ch.category() == QChar::Other_Format)
                ch = u' ';
        table.rows << QStringList{
            QString::number(row.candidate.ordinal + 1), row.candidate.matchingLabel.trimmed(),
            row.candidate.labelConfidence ? QString::number(*row.candidate.labelConfidence, 'f', 3) : u"—"_s,
            row.decision ? (row.decision->keep ? u"kept"_s : row.decision->reason) : u"—"_s, statement};
    }
    context.print({{"dataset", o.dataset}, {"total", page.total}, {"offset", o.offset}, {"items", all}},
                  table.text() + timelines + u"%1 of %2 shown\n"_s.arg(page.rows.size()).arg(page.total));
    return Done;
}

Result<int> remove(Context &context, const QString &name)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_TRY(project->writeNow([name](Connection &c) { return removeDataset(c, name); }, {Topic::Datasets}));
    context.print({{"removed", name.toStdString()}},
                  u"Removed %1 from the lists. Its candidates and responses stay in the file."_s.arg(name));
    return Done;
}

} // namespace

void addDatasetCommands(CLI::App &app, Context &context)
{
    CLI::App *dataset = app.add_subcommand(
        "dataset", "Data sets of this project.\nExample: evalwright-cli -p study.evalwright dataset list");
    dataset->require_subcommand(1);
    CLI::App *listCommand =
        dataset->add_subcommand("list", "All data sets.\nExample: evalwright-cli -p study.evalwright dataset list");
    listCommand->callback([&context] { context.command = [&context] { return list(context); }; });

    auto o = std::make_shared<ItemOptions>();
    CLI::App *showCommand = dataset->add_subcommand(
        "show",
        "Recipe, behaviour and counts.\nExample: evalwright-cli -p study.evalwright dataset show agreeableness");
    showCommand->add_option("DATASET", o->dataset)->required();
    showCommand->callback(
        [&context, o] { context.command = [&context, o] { return show(context, text(o->dataset)); }; });

    CLI::App *itemsCommand =
        dataset->add_subcommand("items", "Items, or with --where any candidates.\n"
                                         "Example: evalwright-cli -p study.evalwright dataset items agreeableness "
                                         "--where \"state:rejected label:Yes\" --limit 50");
    itemsCommand->add_option("DATASET", o->dataset)->required();
    itemsCommand->add_option(
        "--where", o->where,
        "Conditions such as state:kept label:Yes confidence:>0.9 -lint:block \"two words\" word (docs/items.md); state:kept when absent");
    QStringList sorts;
    for (const auto &[name, sort] : itemSorts())
        sorts << name;
    itemsCommand->add_option("--sort", o->sort, "An order: " + sorts.join(u", "_s).toStdString())->capture_default_str();
    itemsCommand->add_flag("--descending", o->descending, "The other way round");
    itemsCommand->add_option("--limit", o->limit, "At most so many")
        ->check(wholeNumber(0, mostItems))
        ->capture_default_str();
    itemsCommand->add_option("--offset", o->offset, "Leave out so many first")->check(wholeNumber(0, mostItems));
    itemsCommand->add_flag("--provenance", o->provenance, "How each came to be: request, response, scores, decisions");
    itemsCommand->callback([&context, o] { context.command = [&context, o] { return items(context, *o); }; });

    CLI::App *removeCommand = dataset->add_subcommand(
        "remove", "Hide a data set.\nExample: evalwright-cli -p study.evalwright dataset remove agreeableness");
    removeCommand->add_option("DATASET", o->dataset)->required();
    removeCommand->callback(
        [&context, o] { context.command = [&context, o] { return remove(context, text(o->dataset)); }; });
    addDatasetChanges(*dataset, context);
    addUndoImport(*dataset, context);
    addFactsCommand(*dataset, context);
    addCardCommand(*dataset, context);
    addGapCommand(*dataset, context);
    addVerdictCommand(*dataset, context);
    addMapCommands(*dataset, context);
    addCompareVersionsCommand(*dataset, context);
}

} // namespace evalwright::cli
