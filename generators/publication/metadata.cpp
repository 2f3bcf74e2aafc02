// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/publication/publishedset.h"

#include "core/jsonvalues.h"
#include "core/text.h"

#include <QCoreApplication>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using nlohmann::ordered_json;

namespace {

QByteArray printed(const ordered_json &document)
{
    return QByteArray::fromStdString(document.dump(2, ' ', false, ordered_json::error_handler_t::replace)) + '\n';
}

} // namespace

QByteArray generationFile(const QList<PublishedSet> &sets)
{
    ordered_json out;
    out["format"] = "evalwright-generation/1";
    out["program_version"] = EVALWRIGHT_VERSION;
    out["canary"] = sets.first().canary().toStdString();
    for (const char *list : {"data_sets", "recipes", "models", "stages"})
        out[list] = ordered_json::array();
    for (const PublishedSet &set : sets) {
        const DatasetFacts &facts = set.card.facts;
        json sources = json::array();
        for (const ImportSource &source : facts.sources)
            sources.push_back({{"file", source.fileName.toStdString()},
                               {"format", source.format.toStdString()},
                               {"sha256", source.sha256.toStdString()}});
        ordered_json one;
        one["config"] = set.config.toStdString();
        one["name"] = set.name().toStdString();
        one["uuid"] = facts.dataset.uuid.toStdString();
        one["family"] = facts.dataset.family.toStdString();
        one["canary"] = set.canary().toStdString();
        one["file"] = set.dataFile().toStdString();
        one["sha256"] = set.sha256.toStdString();
        one["items"] = set.rows;
        one["held_back"] = set.heldBack;
        one["candidates"] = facts.candidates;
        one["imported_from"] = sources;
        one["made_with"] = set.making;
        out["data_sets"].push_back(one);
        if (facts.recipe) {
            ordered_json recipe;
            recipe["config"] = set.config.toStdString();
            recipe["file"] = set.recipeFile.toStdString();
            recipe["preset"] = jsonvalues::text(facts.recipe->preset);
            recipe["hash"] = facts.recipe->hash.toStdString();
            out["recipes"].push_back(recipe);
        }
        for (const CardModel &model : set.card.models) {
            ordered_json entry;
            entry["config"] = set.config.toStdString();
            entry["role"] = model.role.toStdString();
            entry["name"] = model.name.toStdString();
            entry["family"] = jsonvalues::text(model.family);
            entry["training"] = jsonvalues::text(model.training);
            entry["parameters"] = jsonvalues::number(model.parameters);
            entry["fingerprint"] = jsonvalues::text(model.fingerprint);
            out["models"].push_back(entry);
        }
        ordered_json stages;
        stages["config"] = set.config.toStdString();
        stages["stages"] = toJson(set.card.stages);
        out["stages"].push_back(stages);
    }
    return printed(out);
}

QByteArray reviewFile(const QList<PublishedSet> &sets)
{
    ordered_json out;
    out["format"] = "evalwright-review-statistics/1";
    out["data_sets"] = ordered_json::array();
    for (const PublishedSet &set : sets) {
        const json card = set.card.toJson();
        ordered_json one;
        one["config"] = set.config.toStdString();
        one["reviews"] = card.at("reviews");
        one["dropped_by_people"] = card.at("dropped_by_people");
        for (qsizetype i = 0; i < set.card.reviews.size(); ++i) {
            const review::Agreement &agreement = set.card.reviews[i].agreement;
            json raters = json::array();
            for (const review::RaterQuality &rater : agreement.perRater)
                raters.push_back(rater.toJson(agreement.categories));
            one["reviews"][static_cast<size_t>(i)]["per_rater"] = raters;
        }
        out["data_sets"].push_back(one);
    }
    return printed(out);
}

} // namespace evalwright
