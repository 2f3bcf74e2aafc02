// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the main window begins data sets.
#include "core/onfinished.h"
#include "generators/likeexamples.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/wizard/newdatasetdialog.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The recipe that made a data set; for imported items the preset of their family with their behaviour.
Result<Recipe> recipeFor(Connection &connection, const Dataset &dataset)
{
    if (dataset.recipeId.isValid()) {
        EVALWRIGHT_ASSIGN(const RecipeRecord record, recipeById(connection, dataset.recipeId));
        return Recipe::fromJson(record.json.toUtf8(), u"The data set's recipe"_s);
    }
    EVALWRIGHT_ASSIGN(Recipe recipe, loadPreset(dataset.family == "multiple-choice"_L1 ? u"risk-multiple-choice"_s
                                                                                       : u"persona-yes-no"_s));
    if (dataset.behaviourId.isValid()) {
        EVALWRIGHT_ASSIGN(recipe.behaviour, behaviourById(connection, dataset.behaviourId));
    }
    return recipe;
}

struct Begun
{
    Recipe recipe;
    QString name;
};

Result<Begun> begin(Connection &connection, DatasetId id, const QList<CandidateId> &ids, WriteTowards towards)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, id));
    EVALWRIGHT_ASSIGN(const Recipe recipe, recipeFor(connection, dataset));
    // A lasso may hold thousands; a prompt has room for a few.
    constexpr qsizetype mostRead = 200;
    QList<Candidate> chosen;
    for (const CandidateId item : ids.mid(0, mostRead)) {
        EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, item));
        chosen << row.candidate;
    }
    EVALWRIGHT_ASSIGN(const Recipe shown, withExamples(recipe, chosen, towards));
    return Begun{shown, dataset.name + (towards == WriteTowards::Like ? u" more"_s : u" other"_s)};
}

} // namespace

NewDatasetDialog *MainWindow::openWizard()
{
    auto *dialog = new NewDatasetDialog(m_session, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewDatasetDialog::generateRequested, this,
            [this](const GenerateSpec &spec) {
                m_session.startGenerate(spec);
                showJobs(); // Where one sees it come about.
            });
    dialog->open();
    return dialog;
}

void MainWindow::newDataset()
{
    if (m_session.project())
        openWizard();
}

void MainWindow::writeAfterExamples(DatasetId dataset, const QList<CandidateId> &items, WriteTowards towards)
{
    if (!m_session.project())
        return;
    onFinished(m_session.project()->read([=](Connection &c) { return begin(c, dataset, items, towards); }), this,
               [this](const Result<Begun> &begun) {
                   if (!begun)
                       return showError(tr("These items cannot be examples"), begun.error());
                   NewDatasetDialog *dialog = openWizard();
                   dialog->draft().spec.recipe = begun->recipe;
                   dialog->draft().spec.dataset = begun->name;
                   dialog->goTo(0);
               });
}

} // namespace evalwright
