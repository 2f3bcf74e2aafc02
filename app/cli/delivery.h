// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

#include "lm/batch/batchdelivery.h"
#include "lm/batch/batchline.h"

namespace evalwright::cli {

/// The options of every command whose requests can go into batches.
struct DeliveryOptions
{
    std::string kind = "live", folder;
    std::optional<double> priceFactor;
    std::optional<qint64> requestsPerFile;
    bool wait = false;
};
void addDeliveryOptions(CLI::App &command, DeliveryOptions &options);
Result<Delivery> deliveryFrom(const DeliveryOptions &options);

/// What the batches of a job are doing, for JSON and for people.
nlohmann::json batchesToJson(Project &project, std::optional<JobId> job);
QString batchesText(Project &project, std::optional<JobId> job);

/// Sleeps until the provider may be asked about one of the job's batches again. False when there is none to ask about:
/// its files are run elsewhere. Cancelled ends it at once; batches that were sent go on.
Result<bool> waitForBatches(Context &context, Project &project, JobId job);

/// Reads result files of batches and prints what came of them. Exit status 3 when lines could not be used.
Result<int> collectFiles(Context &context, const std::vector<std::string> &files, std::optional<BatchService> service);

/// `job batches`, `job batch` and `job collect`.
void addBatchCommands(CLI::App &job, Context &context);

} // namespace evalwright::cli
