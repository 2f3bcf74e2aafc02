// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "generators/checker/knownlabels.h"
#include "generators/draft.h"
#include "core/jsontexts.h"
#include "generators/recipefiles.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <QFileInfo>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Candidate candidateOf(const GoldItem &gold, qint64 ordinal, const Dataset &dataset, const ImportSource &source)
{
    Candidate item;
    item.datasetId = dataset.id;
    item.importSourceId = source.id;
    item.ordinal = ordinal;
    item.parseStatus = u"imported"_s;
    item.question = gold.stem + u"\n\nChoices:"_s + optionLines(gold.options) + u"\n\nAnswer:"_s;
    item.wantedLabel = item.matchingLabel = letterLabel(gold.matchingIndex);
    for (int i = 0; i < gold.options.size(); ++i) {
        if (i != gold.matchingIndex)
            item.otherLabels << letterLabel(i);
    }
    item.fields = QString::fromUtf8(canonicalJson({{"stem", gold.stem.toStdString()},
                                                   {"options", textsToJson(gold.options)},
                                                   {"matching_index", gold.matchingIndex}}));
    return item;
}

Status storeGolds(Connection &connection, const QString &name, const Recipe &recipe, const QByteArray &bytes)
{
    Dataset dataset;
    dataset.name = name;
    dataset.family = u"multiple-choice"_s;
    if (!recipe.behaviour.description.trimmed().isEmpty()) {
        EVALWRIGHT_ASSIGN(const Behaviour behaviour, ensureBehaviour(connection, recipe.behaviour));
        dataset.behaviourId = behaviour.id;
    }
    EVALWRIGHT_ASSIGN(dataset, createDataset(connection, dataset));
    ImportSource source;
    source.fileName = name;
    source.bytes = bytes.size();
    source.sha256 = sha256Hex(bytes);
    source.format = u"evalwright-golds/1"_s;
    source.datasetId = dataset.id;
    EVALWRIGHT_ASSIGN(source, addImportSource(connection, source));
    for (qsizetype i = 0; i < recipe.golds.size(); ++i)
        EVALWRIGHT_TRY(addImportedItem(connection, candidateOf(recipe.golds[i], i, dataset, source)));
    return {};
}

} // namespace

Result<CheckerTrialSpec::Set> ensureGoldSet(Project &project, const QString &nameOrPath)
{
    EVALWRIGHT_ASSIGN(Recipe recipe, loadPreset(u"risk-multiple-choice"_s));
    // What the file does not say is not what the preset says.
    recipe.behaviour = {};
    recipe.values.remove(u"topic"_s);
    EVALWRIGHT_ASSIGN(recipe, withData(recipe, RecipeData::Golds, nameOrPath));
    const QByteArray bytes = canonicalJson(toJson(recipe.golds));
    CheckerTrialSpec::Set set;
    set.dataset = u"golds/"_s + QFileInfo(nameOrPath).completeBaseName();
    set.behaviour = recipe.behaviour;
    set.topic = recipe.values.value(u"topic"_s);
    EVALWRIGHT_TRY(project.writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const QVariant id, c.value(u"SELECT id FROM dataset WHERE name = ? AND removed_at IS NULL"_s,
                                                         {bound(set.dataset)}));
            if (!id.isValid())
                return storeGolds(c, set.dataset, recipe, bytes);
            EVALWRIGHT_ASSIGN(const auto same, importBySha256(c, DatasetId{id.toLongLong()}, sha256Hex(bytes)));
            if (same)
                return {};
            return failure(Error(ErrorCode::AlreadyExists,
                                 u"The data set “%1” holds other examples than “%2”."_s.arg(set.dataset, nameOrPath),
                                 u"Give the file another name, or remove that data set."_s)
                               .withConsequence(u"Nothing was changed."_s));
        },
        {Topic::Datasets, Topic::Candidates}));
    return set;
}

} // namespace evalwright
