// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with the items that a filter chooses.
#include "app/cli/datasetchanges.h"

#include "core/visibletext.h"
#include "generators/lint/lintedited.h"
#include "storage/items/bulk.h"
#include "storage/items/itemselection.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/edits.h"
#include "storage/repositories/lint.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct ChangeOptions
{
    std::string dataset, where, tag, label, reason, batch;
    bool remove = false, keep = false, reject = false, dryRun = false;
};

/// The candidates that a filter chooses.
struct ChosenItems
{
    DatasetId dataset;
    std::vector<qint64> ids;
    std::optional<Error> wrong; ///< The filter was typed wrongly.
    bool hasFindings = false;   ///< Lint has looked at the data set.
    qint64 count() const { return static_cast<qint64>(ids.size()); }
};

Result<ChosenItems> choose(Context &context, Project &project, const ChangeOptions &o)
{
    return project.readNow([&](Connection &c) -> Result<ChosenItems> {
        ChosenItems chosen;
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(o.dataset)));
        chosen.dataset = dataset.id;
        const auto parsed = parseItemFilter(text(o.where));
        EVALWRIGHT_ASSIGN(const auto columns, readItemColumns(c, dataset.id, context.token()));
        const Status known = parsed ? checkReasons(*columns, *parsed) : Status();
        if (!parsed || !known) {
            chosen.wrong = !parsed ? parsed.error() : known.error();
            return chosen;
        }
        EVALWRIGHT_ASSIGN(const ItemSelection found, selectItems(c, *columns, *parsed, context.token()));
        chosen.ids.reserve(found.rows.size());
        for (const std::uint32_t row : found.rows)
            chosen.ids.push_back(columns->id[row]);
        EVALWRIGHT_ASSIGN(const QList<LintCount> findings, lintCounts(c, dataset.id));
        chosen.hasFindings = !findings.isEmpty();
        return chosen;
    });
}

/// Runs a change; of a dry run only its outcome is left. It is the change itself, so that the numbers are those that it
/// will have, and needs the right to write like it.
template <class Change>
auto carryOut(Project &project, bool dryRun, Change change) -> std::invoke_result_t<Change, Connection &>
{
    if (!dryRun)
        return project.writeNow(change, {Topic::Candidates});
    std::optional<std::invoke_result_t<Change, Connection &>> outcome;
    const Status undone = project.writeNow([&](Connection &c) -> Status {
        outcome = change(c);
        return failure(ErrorCode::Cancelled, u"This was a dry run."_s);
    });
    return outcome ? *outcome : std::invoke_result_t<Change, Connection &>(failure(undone.error()));
}

/// With the findings of lint about the items that were edited.
template <class Outcome>
Result<Outcome> linted(Connection &connection, const Result<Outcome> &outcome)
{
    if (outcome && !outcome->batch.isEmpty())
        EVALWRIGHT_TRY(lintEdits(connection, outcome->batch));
    return outcome;
}

void sayFindingsAreOld(const Context &context, const ChangeOptions &o, const ChosenItems &chosen, qint64 changed)
{
    if (chosen.hasFindings && changed > mostLintedWithEdit && !o.dryRun) {
        context.say(u"The findings of lint are about the items as they were. Look again: evalwright-cli lint %1"_s.arg(
            withVisibleControls(text(o.dataset))));
    }
}

/// "would be " in a dry run.
QString wouldBe(const ChangeOptions &o)
{
    return o.dryRun ? u"would be "_s : QString();
}

Result<int> tag(Context &context, const ChangeOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const ChosenItems chosen, choose(context, *project, o));
    if (chosen.wrong)
        return context.wrongUse(*chosen.wrong);
    const auto changed = carryOut(*project, o.dryRun, [&](Connection &c) { return tagAll(c, chosen.ids, text(o.tag), !o.remove); });
    if (!changed && changed.error().code == ErrorCode::InvalidInput)
        return context.wrongUse(changed.error());
    if (!changed)
        return failure(changed.error());
    const auto count = static_cast<qint64>(changed->size());
    const QString name = withVisibleControls(text(o.tag).simplified());
    context.print({{"dataset", o.dataset},
                   {"tag", text(o.tag).simplified().toStdString()},
                   {"removed", o.remove},
                   {"chosen", chosen.count()},
                   {"changed", count},
                   {"dry_run", o.dryRun}},
                  (o.remove ? u"The tag “%4” %3taken from %1 of %2\n"_s : u"%1 of %2 %3tagged “%4”\n"_s)
                      .arg(QString::number(count), counted(chosen.count(), u"item"_s), wouldBe(o), name));
    return Done;
}

Result<int> decide(Context &context, const ChangeOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const ChosenItems chosen, choose(context, *project, o));
    if (chosen.wrong)
        return context.wrongUse(*chosen.wrong);
    const QString words = text(o.reason).simplified();
    const QString reason = words.isEmpty() ? u"person"_s : u"person:"_s + words; // As the window stores it.
    EVALWRIGHT_ASSIGN(const DecisionMarks marks, carryOut(*project, o.dryRun, [&](Connection &c) {
                          return decideAll(c, chosen.ids, o.keep, reason);
                      }));
    context.print({{"dataset", o.dataset},
                   {"keep", o.keep},
                   {"reason", reason.toStdString()},
                   {"chosen", chosen.count()},
                   {"changed", marks.changed},
                   {"dry_run", o.dryRun}},
                  u"%1 %2%3\n"_s.arg(counted(marks.changed, u"item"_s), wouldBe(o), o.keep ? u"kept"_s : u"rejected"_s));
    return Done;
}

Result<int> relabel(Context &context, const ChangeOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const ChosenItems chosen, choose(context, *project, o));
    if (chosen.wrong)
        return context.wrongUse(*chosen.wrong);
    EVALWRIGHT_ASSIGN(const Relabelled done, carryOut(*project, o.dryRun, [&](Connection &c) {
                          return linted(c, relabelAll(c, chosen.ids, text(o.label), text(o.reason).simplified()));
                      }));
    QString words = u"%1 %2given the matching answer “%3”"_s.arg(counted(done.changed, u"item"_s), wouldBe(o),
                                                               withVisibleControls(text(o.label).trimmed()));
    if (done.withoutLabel > 0)
        words += u"; %1 cannot have it, or have it already"_s.arg(done.withoutLabel);
    if (done.changed > 0 && !o.dryRun)
        words += u". Take it back with: dataset undo-edit %1"_s.arg(done.batch);
    context.print({{"dataset", o.dataset},
                   {"label", text(o.label).trimmed().toStdString()},
                   {"chosen", chosen.count()},
                   {"changed", done.changed},
                   {"without_label", done.withoutLabel},
                   {"batch", o.dryRun ? json() : orNull(done.batch)},
                   {"dry_run", o.dryRun}},
                  words + u'\n');
    sayFindingsAreOld(context, o, chosen, done.changed);
    return Done;
}

Result<int> edits(Context &context, const ChangeOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const QList<EditBatch> batches, project->readNow([&](Connection &c) -> Result<QList<EditBatch>> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(o.dataset)));
        return editBatches(c, dataset.id);
    }));
    json all = json::array();
    Table table{{u"when"_s, u"items"_s, u"by"_s, u"reason"_s, u"edit"_s}, {}, {1}};
    for (const EditBatch &batch : batches) {
        all.push_back({{"batch", batch.batch.toStdString()},
                       {"actor", batch.actor.toStdString()},
                       {"reason", orNull(batch.reason)},
                       {"at", batch.createdAt.toStdString()},
                       {"items", batch.candidates}});
        table.rows << QStringList{batch.createdAt, QString::number(batch.candidates), batch.actor,
                                  withVisibleControls(batch.reason.simplified().left(60)), batch.batch};
    }
    context.print({{"dataset", o.dataset}, {"edits", all}},
                  batches.isEmpty() ? u"No item of “%1” was ever changed.\n"_s.arg(withVisibleControls(text(o.dataset))) : table.text());
    return Done;
}

Result<int> undoEdit(Context &context, const ChangeOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    const auto undone = carryOut(*project, o.dryRun, [&](Connection &c) { return linted(c, undoEdits(c, text(o.batch))); });
    if (!undone && undone.error().code == ErrorCode::NotFound) {
        Error error = undone.error();
        error.advice = u"“dataset edits DATASET” lists them."_s;
        return failure(error);
    }
    if (!undone)
        return failure(undone.error());
    QString words = u"%1 %2as before"_s.arg(counted(undone->undone, u"item"_s), wouldBe(o));
    if (undone->changedSince > 0)
        words += u"; %1 changed since and left as they are"_s.arg(counted(undone->changedSince, u"item"_s));
    const bool isDone = undone->undone > 0 && !o.dryRun;
    if (isDone)
        words += u". To do it again: dataset undo-edit %1"_s.arg(undone->batch);
    context.print({{"undone", undone->undone},
                   {"changed_since", undone->changedSince},
                   {"batch", isDone ? json(undone->batch.toStdString()) : json()},
                   {"dry_run", o.dryRun}},
                  words + u'\n');
    return Done;
}

} // namespace

void addDatasetChanges(CLI::App &dataset, Context &context)
{
    auto o = std::make_shared<ChangeOptions>();
    const auto add = [&](const char *name, const char *about, Result<int> (*run)(Context &, const ChangeOptions &)) {
        CLI::App *command = dataset.add_subcommand(name, about);
        command->callback([&context, o, run] { context.command = [&context, o, run] { return run(context, *o); }; });
        return command;
    };
    const auto chooses = [&](CLI::App *command) {
        command->add_option("DATASET", o->dataset)->required();
        command->add_option("--where", o->where, "Conditions such as state:kept label:Yes -lint:block (docs/items.md); \"\" is all of them")
            ->required();
        command->add_flag("--dry-run", o->dryRun, "Say how many it would be; change nothing");
    };

    CLI::App *tagCommand = add("tag",
                               "Give the items that a filter chooses a tag.\nExample: evalwright-cli -p study.evalwright dataset "
                               "tag agreeableness --where \"confidence:<0.7\" --tag \"look at\"",
                               tag);
    chooses(tagCommand);
    tagCommand->add_option("--tag", o->tag, "Up to 64 characters, without commas and quotes")->required();
    tagCommand->add_flag("--remove", o->remove, "Take it away instead");

    CLI::App *decideCommand = add("decide",
                                  "Keep or reject the items that a filter chooses, as a person's decision.\nExample: evalwright-cli "
                                  "-p study.evalwright dataset decide agreeableness --where \"lint:too-long\" --reject --reason wordy",
                                  decide);
    chooses(decideCommand);
    CLI::App *which = decideCommand->add_option_group("keep or reject");
    which->add_flag("--keep", o->keep, "They are items");
    which->add_flag("--reject", o->reject, "They are none");
    which->require_option(1);
    decideCommand->add_option("--reason", o->reason, "Why; stays with each decision")->required();

    CLI::App *relabelCommand = add("relabel",
                                   "Make another answer the one that matches. What was before is kept.\nExample: evalwright-cli -p "
                                   "study.evalwright dataset relabel agreeableness --where \"id:5f1a\" --label Yes --reason \"says so\"",
                                   relabel);
    chooses(relabelCommand);
    relabelCommand->add_option("--label", o->label, "One of the other answers, without outer blanks")->required();
    relabelCommand->add_option("--reason", o->reason, "Why; stays with each edit")->required();

    CLI::App *editsCommand = add("edits",
                                 "Edits of texts and labels, newest first.\nExample: evalwright-cli -p study.evalwright dataset edits "
                                 "agreeableness",
                                 edits);
    editsCommand->add_option("DATASET", o->dataset)->required();

    CLI::App *undoCommand = add("undo-edit",
                                "Take edits back, except in items that were changed since.\nExample: evalwright-cli -p study.evalwright "
                                "dataset undo-edit 0b0f2b1e-8f0c-4c53-9a55-8e1d3f0a9c11",
                                undoEdit);
    undoCommand->add_option("BATCH", o->batch, "As “dataset edits” lists it")->required();
    undoCommand->add_flag("--dry-run", o->dryRun, "Say how many it would be; change nothing");
}

} // namespace evalwright::cli
