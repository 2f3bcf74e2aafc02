// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/delivery.h"

#include "core/clock.h"
#include "storage/repositories/batches.h"

#include <chrono>
#include <condition_variable>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

void addDeliveryOptions(CLI::App &command, DeliveryOptions &o)
{
    command
        .add_option("--delivery", o.kind,
                    "live, batch (sent to the provider, answered within a day) or files (run elsewhere, read back)")
        ->check(oneOf(u"delivery"_s, deliveryNames()))
        ->capture_default_str();
    command.add_option("--batch-folder", o.folder,
                       "Folder of the batch files; \"<project>-batches\" beside the project when absent");
    command
        .add_option("--batch-price-factor", o.priceFactor,
                    "Price of a batched request as a share of the live price, often 0.5; unknown when absent")
        ->check(money());
    command.add_option("--batch-requests", o.requestsPerFile, "At most so many requests in a file")
        ->check(wholeNumber(1, BatchLimits::of(BatchService::Anthropic).lines));
    command.add_flag("--wait", o.wait, "Stay, and ask until the batches have ended; Ctrl-C is fine");
}

Result<Delivery> deliveryFrom(const DeliveryOptions &o)
{
    Delivery delivery;
    EVALWRIGHT_ASSIGN(delivery.kind, deliveryKind(text(o.kind)));
    delivery.folder = o.folder.empty() ? QString() : batchFolder({{}, text(o.folder), {}, {}, {}}, {});
    delivery.priceFactor = o.priceFactor;
    delivery.limits.lines = o.requestsPerFile.value_or(0);
    return delivery;
}

namespace {

Result<QList<StoredBatch>> batchesOf(Project &project, std::optional<JobId> job)
{
    return project.readNow([job](Connection &c) { return listBatches(c, job); });
}

json toJson(const StoredBatch &batch, const QString &projectPath)
{
    return {{"id", batch.id.value},
            {"job", batch.jobId.value},
            {"stage", batch.stage.toStdString()},
            {"part", batch.part},
            {"delivery", batch.delivery.toStdString()},
            {"service", batch.service.toStdString()},
            {"state", batchStateName(batch.state).toStdString()},
            {"file", fullPath(batch.file, projectPath).toStdString()},
            {"sha256", orNull(batch.sha256)},
            {"requests", batch.requests},
            {"answered", batch.answered},
            {"failed", batch.failed},
            {"not_run", batch.notRun},
            {"provider_id", orNull(batch.providerId)},
            {"provider_state", orNull(batch.providerState)},
            {"provider_counts",
             {{"total", batch.providerTotal},
              {"completed", batch.providerCompleted},
              {"failed", batch.providerFailed}}},
            {"cost_at_most", orNull(batch.estimate)},
            {"price_factor", orNull(batch.priceFactor)},
            {"created_at", orNull(batch.createdAt)},
            {"sent_at", orNull(batch.sentAt)},
            {"next_poll_at", orNull(batch.nextPollAt)},
            {"ended_at", orNull(batch.endedAt)},
            {"problem", orNull(batch.problem)}};
}

} // namespace

json batchesToJson(Project &project, std::optional<JobId> job)
{
    json list = json::array();
    for (const StoredBatch &batch : batchesOf(project, job).value_or(QList<StoredBatch>()))
        list.push_back(toJson(batch, project.path()));
    return list;
}

QString batchesText(Project &project, std::optional<JobId> job)
{
    const auto batches = batchesOf(project, job);
    if (!batches)
        return batches.error().text();
    Table table{{u"id"_s, u"job"_s, u"stage"_s, u"state"_s, u"requests"_s, u"answered"_s, u"at the provider"_s,
                 u"next look"_s, u"file"_s},
                {},
                {0, 1, 4, 5}};
    QString problems;
    for (const StoredBatch &batch : *batches) {
        table.rows << QStringList{QString::number(batch.id.value),
                                  QString::number(batch.jobId.value),
                                  batch.stage,
                                  batchStateName(batch.state),
                                  QString::number(batch.requests),
                                  QString::number(batch.answered),
                                  batch.providerId.isEmpty() ? u"—"_s
                                                             : u"%1, %2"_s.arg(batch.providerId, batch.providerState),
                                  batch.isOpen() && !batch.nextPollAt.isEmpty() ? batch.nextPollAt : u"—"_s,
                                  batch.file};
        if (!batch.problem.isEmpty())
            problems += u"Batch %1: %2\n"_s.arg(batch.id.value).arg(batch.problem);
    }
    return table.text() + problems;
}

Result<bool> waitForBatches(Context &context, Project &project, JobId job)
{
    EVALWRIGHT_ASSIGN(const QList<StoredBatch> batches, batchesOf(project, job));
    QDateTime next;
    for (const StoredBatch &batch : batches) {
        if (!batch.isForProvider())
            continue;
        const QDateTime at = QDateTime::fromString(batch.nextPollAt, Qt::ISODateWithMs);
        if (!next.isValid() || (at.isValid() && at < next))
            next = at;
    }
    if (!next.isValid())
        return false;
    context.say(u"Waiting; the batches are looked at again at %1."_s.arg(isoUtc(next)));
    std::mutex mutex;
    std::condition_variable woken;
    bool stop = false;
    const auto wake = context.token().onCancel([&] {
        const std::lock_guard lock(mutex);
        stop = true;
        woken.notify_all();
    });
    const auto left = std::chrono::milliseconds(std::max<qint64>(0, SystemClock().nowUtc().msecsTo(next)));
    std::unique_lock lock(mutex);
    woken.wait_for(lock, left, [&] { return stop; });
    if (stop) {
        return failure(Error(ErrorCode::Cancelled, u"Stopped waiting, as asked."_s,
                             u"Run the same command again, or 'job resume', to go on."_s)
                           .withConsequence(u"Batches that were sent go on; nothing is lost."_s));
    }
    return true;
}

} // namespace evalwright::cli
