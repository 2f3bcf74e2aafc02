// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"

#include "lm/batch/batchcollect.h"
#include "lm/batch/batchcourier.h"
#include "lm/batch/batchfilling.h"
#include "storage/repositories/batches.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

Result<int> collectFiles(Context &context, const std::vector<std::string> &files, std::optional<BatchService> service)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    const BatchCollectOptions options{service, batchFolder({}, project->path())};
    EVALWRIGHT_ASSIGN(const BatchCollected collected,
                      collectBatchResults(*project, texts(files), options, context.token()));
    json object = collected.toJson();
    object["jobs"] = json::array();
    QString human = collected.text() + u'\n';
    for (const qint64 job : collected.jobs) {
        object["jobs"].push_back(job);
        human += u"Go on with: evalwright-cli job resume %1\n"_s.arg(job);
    }
    context.print(object, human);
    return collected.unknown + collected.unreadable + collected.changed > 0 || collected.cutShort ? Partly : Done;
}

namespace {

Result<int> listCommand(Context &context, std::optional<qint64> job)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    std::optional<JobId> id;
    if (job) {
        id = JobId{*job};
        EVALWRIGHT_TRY(project->readNow([id](Connection &c) { return jobById(c, *id); }));
    }
    const json batches = batchesToJson(*project, id);
    context.print({{"batches", batches}},
                  batches.empty() ? u"No batches. Example: evalwright-cli evaluate … --delivery batch"_s
                                  : batchesText(*project, id));
    return Done;
}

struct BatchOptions
{
    qint64 id = 0;
    std::string is;
    std::vector<std::string> isNot;
    bool cancel = false, withdraw = false;
};

Status act(Context &context, Project &project, const BatchOptions &o)
{
    const BatchRowId id{o.id};
    if (o.withdraw)
        return withdrawBatch(project, id);
    if (!o.cancel)
        return chooseBatch(project, id, text(o.is), texts(o.isNot));
    EVALWRIGHT_ASSIGN(StoredBatch batch, project.readNow([id](Connection &c) { return batchById(c, id); }));
    EVALWRIGHT_ASSIGN(const Model model, project.readNow([&](Connection &c) { return modelById(c, batch.modelId); }));
    EVALWRIGHT_ASSIGN(const JobServices services, context.services());
    return BatchCourier(services, model, context.token()).cancel(batch);
}

Result<int> batchCommand(Context &context, const BatchOptions &o)
{
    if (int(o.cancel) + int(o.withdraw) + int(!o.is.empty()) + int(!o.isNot.empty()) != 1) {
        return context.wrongUse(Error(ErrorCode::InvalidInput, u"Say one thing to do with the batch."_s,
                                      u"Give --cancel, --withdraw, --is ID or --is-not ID …"_s));
    }
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_TRY(act(context, *project, o));
    EVALWRIGHT_ASSIGN(const StoredBatch batch,
                      project->readNow([&](Connection &c) { return batchById(c, BatchRowId{o.id}); }));
    QString human = u"Batch %1 is %2."_s.arg(o.id).arg(batchStateName(batch.state));
    if (o.cancel)
        human = u"The provider was asked to stop batch %1. What it answered until then is paid, and comes with the "
                u"next look: evalwright-cli job resume %2"_s.arg(batch.providerId)
                    .arg(batch.jobId.value);
    context.print({{"id", o.id},
                   {"state", batchStateName(batch.state).toStdString()},
                   {"provider_id", orNull(batch.providerId)},
                   {"provider_state", orNull(batch.providerState)}},
                  human);
    return Done;
}

} // namespace

void addBatchCommands(CLI::App &job, Context &context)
{
    auto id = std::make_shared<std::optional<qint64>>();
    CLI::App *list = job.add_subcommand(
        "batches", "The files of requests of a job, or of all, and how far they are.\n"
                   "Example: evalwright-cli -p study.evalwright job batches 3");
    list->add_option("ID", *id, "The job")->check(wholeNumber(1, mostItems));
    list->callback([&context, id] { context.command = [&context, id] { return listCommand(context, *id); }; });

    auto o = std::make_shared<BatchOptions>();
    CLI::App *batch = job.add_subcommand("batch", "Do something with one batch of “job batches”.\n"
                                                  "Example: evalwright-cli -p study.evalwright job batch 2 --cancel");
    batch->add_option("ID", o->id, "The batch")->required()->check(wholeNumber(1, mostItems));
    batch->add_flag("--cancel", o->cancel, "Ask the provider to stop it");
    batch->add_flag("--withdraw", o->withdraw, "Give up a file that was not sent; its requests go into another one");
    batch->add_option("--is", o->is, "It is this batch of the provider's");
    batch->add_option("--is-not", o->isNot, "It is none of these batches of the provider's");
    batch->callback([&context, o] { context.command = [&context, o] { return batchCommand(context, *o); }; });

    auto files = std::make_shared<std::vector<std::string>>();
    CLI::App *collect = job.add_subcommand(
        "collect", "Read result files of batches: in any order, as often as you like, in part.\n"
                   "Example: evalwright-cli -p study.evalwright job collect out-001.jsonl out-002.jsonl");
    collect->add_option("FILE", *files, "Output of a provider's batch or of “vllm run-batch”")->required();
    collect->callback([&context, files] {
        context.command = [&context, files] { return collectFiles(context, *files, std::nullopt); };
    });
}

} // namespace evalwright::cli
