// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/datasetfacts.h"

#include "storage/repositories/controls.h"

namespace evalwright {

using namespace Qt::StringLiterals;

Result<DatasetFacts> datasetFacts(Connection &connection, DatasetId dataset)
{
    DatasetFacts facts;
    EVALWRIGHT_ASSIGN(facts.dataset, datasetById(connection, dataset));
    if (facts.dataset.behaviourId.isValid()) {
        EVALWRIGHT_ASSIGN(facts.behaviour, behaviourById(connection, facts.dataset.behaviourId));
    }
    if (facts.dataset.recipeId.isValid()) {
        EVALWRIGHT_ASSIGN(facts.recipe, recipeById(connection, facts.dataset.recipeId));
    }
    EVALWRIGHT_ASSIGN(facts.reasons, reasonCounts(connection, dataset));
    EVALWRIGHT_ASSIGN(facts.sources, importSourcesOf(connection, dataset));
    EVALWRIGHT_ASSIGN(facts.notes, notesOf(connection, dataset));
    EVALWRIGHT_ASSIGN(facts.models, datasetModels(connection, dataset));
    if (facts.dataset.family == QLatin1String("sycophancy")) { // The only family with controls of its own.
        EVALWRIGHT_ASSIGN(const ControlSet controls, ControlSet::of(connection, dataset));
        for (const QString &name : controls.names())
            facts.controls.insert(name, controls.questions(name));
    }
    EVALWRIGHT_ASSIGN(const QVariant reviewed,
                      connection.value(u"SELECT count(DISTINCT j.candidate_id) FROM review v JOIN judgement_current j ON "
                                       u"j.review_id = v.id WHERE v.dataset_id = ? AND j.state = 'submitted'"_s,
                                       {dataset.value}));
    facts.reviewed = reviewed.toLongLong();
    for (const ReasonCount &count : facts.reasons) {
        facts.candidates += count.count;
        if (count.keep) {
            facts.items += count.count;
            facts.itemsPerLabel[count.label.trimmed()] += count.count;
        }
    }
    return facts;
}

} // namespace evalwright
