// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/datasetdifference.h"

#include "core/foreignjson.h"
#include "core/hash.h"

#include <QSet>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr auto seedPath = "seed";
constexpr qsizetype mostNamed = 6; ///< Leaves named in a sentence.

Result<DatasetMaking> makingOf(Connection &connection, DatasetId dataset)
{
    DatasetMaking making;
    EVALWRIGHT_ASSIGN(making.facts, datasetFacts(connection, dataset));
    EVALWRIGHT_ASSIGN(QSqlQuery counts,
                      connection.query(u"SELECT coalesce(sum(verdict = 'keep' AND import_source_id IS NOT NULL), 0), "
                                       u"coalesce(sum(actor = 'person' AND reason NOT LIKE 'people-%'), 0) FROM candidate_state WHERE dataset_id = ?"_s,
                                       {dataset.value}));
    if (counts.next()) {
        making.imported = counts.value(0).toLongLong();
        making.decidedByPeople = counts.value(1).toLongLong();
    }
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT DISTINCT threshold FROM candidate_state WHERE dataset_id = ? AND "
                                       u"actor = 'rule' AND threshold IS NOT NULL ORDER BY threshold LIMIT 20"_s,
                                       {dataset.value}));
    while (rows.next())
        making.thresholds << rows.value(0).toDouble();
    return making;
}

QString named(const QStringList &names)
{
    return names.isEmpty() ? u"nobody known"_s : names.join(u", "_s);
}

QString named(const QList<double> &thresholds)
{
    QStringList texts;
    for (const double threshold : thresholds)
        texts << QString::number(threshold, 'g', 4);
    return texts.isEmpty() ? u"no threshold"_s : texts.join(u", "_s);
}

/// Compared in hashes: a set may be long, and its questions, too.
Result<QByteArray> next(QSqlQuery &rows)
{
    if (!rows.next())
        return QByteArray();
    return sha256Hex(rows.value(0).toString().toUtf8() + '\0' + rows.value(1).toString().toUtf8()).toLatin1();
}

} // namespace

bool DatasetDifference::sameApartFromSeed() const
{
    return bothHaveRecipes && std::ranges::all_of(recipe.list, [](const LeafDifference &leaf) {
               return leaf.path == QLatin1StringView(seedPath);
           });
}

bool DatasetDifference::sameSeed() const
{
    return bothHaveRecipes && std::ranges::none_of(recipe.list, [](const LeafDifference &leaf) {
               return leaf.path == QLatin1StringView(seedPath);
           });
}

QStringList DatasetDifference::sentences() const
{
    const QString a = first.facts.dataset.name, b = second.facts.dataset.name;
    QStringList out;
    if (!bothHaveRecipes) {
        const QString without = first.facts.recipe ? b : second.facts.recipe ? a : u"%1” and “%2"_s.arg(a, b);
        out << u"No recipe is stored for “%1”, so it is not known how far the two were made alike."_s.arg(without);
    } else if (sameApartFromSeed()) {
        out << (sameSeed() ? u"The recipes are the same, the seed included."_s
                           : u"The recipes are the same apart from the seed."_s);
    } else {
        QStringList paths;
        for (const LeafDifference &leaf : recipe.list) {
            if (leaf.path != QLatin1StringView(seedPath))
                paths << leaf.path;
        }
        const qint64 places = recipe.total - (sameSeed() ? 0 : 1);
        const QString more = places > mostNamed ? u" …"_s : QString();
        out << u"The recipes differ in %1 besides the seed: %2%3"_s
                   .arg(places == 1 ? u"1 place"_s : u"%1 places"_s.arg(places),
                        paths.mid(0, mostNamed).join(u", "_s), more.isEmpty() ? u"."_s : more);
    }
    const auto compare = [&](const QString &what, const auto &one, const auto &other) {
        if (one != other)
            out << u"%1: %2 (%3), %4 (%5)."_s.arg(what, named(one), a, named(other), b);
    };
    compare(u"Written by different models"_s, first.facts.models.writers, second.facts.models.writers);
    compare(u"Checked by different models"_s, first.facts.models.checkers, second.facts.models.checkers);
    compare(u"Filtered at different label confidence"_s, first.thresholds, second.thresholds);
    if (first.decidedByPeople > 0 || second.decidedByPeople > 0)
        out << u"People decided about %1 candidates of %2 and %3 of %4."_s.arg(first.decidedByPeople)
                   .arg(a)
                   .arg(second.decidedByPeople)
                   .arg(b);
    for (const DatasetMaking *making : {&first, &second}) {
        if (making->imported > 0)
            out << u"%1 of the %2 items of %3 were imported."_s.arg(making->imported)
                       .arg(making->facts.items)
                       .arg(making->facts.dataset.name);
    }
    return out;
}

json DatasetDifference::toJson() const
{
    const auto texts = [](const QStringList &list) {
        json out = json::array();
        for (const QString &text : list)
            out.push_back(text.toStdString());
        return out;
    };
    const auto making = [&](const DatasetMaking &m) {
        return json{{"dataset", m.facts.dataset.name.toStdString()},
                    {"recipe_hash", m.facts.recipe ? json(m.facts.recipe->hash.toStdString()) : json()},
                    {"writers", texts(m.facts.models.writers)},
                    {"checkers", texts(m.facts.models.checkers)},
                    {"items", m.facts.items},
                    {"imported", m.imported},
                    {"decided_by_people", m.decidedByPeople},
                    {"thresholds", m.thresholds}};
    };
    json leaves = json::array();
    for (const LeafDifference &leaf : recipe.list)
        leaves.push_back({{"path", leaf.path.toStdString()},
                          {"first", leaf.first.toStdString()},
                          {"second", leaf.second.toStdString()}});
    return {{"first", making(first)},
            {"second", making(second)},
            {"same_apart_from_seed", bothHaveRecipes ? json(sameApartFromSeed()) : json()},
            {"same_seed", bothHaveRecipes ? json(sameSeed()) : json()},
            {"recipe", leaves},
            {"recipe_differences", recipe.total},
            {"sentences", texts(sentences())}};
}

Result<DatasetDifference> datasetDifference(Connection &connection, DatasetId first, DatasetId second)
{
    DatasetDifference out;
    EVALWRIGHT_ASSIGN(out.first, makingOf(connection, first));
    EVALWRIGHT_ASSIGN(out.second, makingOf(connection, second));
    out.bothHaveRecipes = out.first.facts.recipe && out.second.facts.recipe;
    if (out.bothHaveRecipes)
        out.recipe = leafDifferences(storedJson(out.first.facts.recipe->json), storedJson(out.second.facts.recipe->json));
    return out;
}

Result<qint64> equalQuestions(Connection &connection, DatasetId first, DatasetId second)
{
    const auto items = [&](DatasetId dataset) {
        return connection.query(u"SELECT question, statement FROM item WHERE dataset_id = ?"_s, {dataset.value});
    };
    QSet<QByteArray> known;
    {
        EVALWRIGHT_ASSIGN(QSqlQuery rows, items(first));
        for (;;) {
            EVALWRIGHT_ASSIGN(const QByteArray hash, next(rows));
            if (hash.isEmpty())
                break;
            known.insert(hash);
        }
    }
    EVALWRIGHT_ASSIGN(QSqlQuery rows, items(second));
    qint64 equal = 0;
    for (;;) {
        EVALWRIGHT_ASSIGN(const QByteArray hash, next(rows));
        if (hash.isEmpty())
            return equal;
        equal += known.contains(hash) ? 1 : 0;
    }
}

} // namespace evalwright
