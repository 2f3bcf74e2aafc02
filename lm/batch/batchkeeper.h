// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchcollect.h"
#include "lm/batch/batchline.h"
#include "storage/repositories/batches.h"

#include <map>
#include <vector>

namespace evalwright {

/// Stores results of batches with their steps, some hundred in a transaction, and counts them.
class BatchKeeper
{
public:
    BatchKeeper(Project &project, BatchCollected &out) : m_project(project), m_out(out) {}
    Status add(const BatchedRequest &request, const BatchResult &result);
    Status flush();

private:
    struct Entry
    {
        enum class Kind { Answer, Refused, Again };
        BatchedRequest request;
        Kind kind = Kind::Answer;
        Response response; ///< Complete for an answer; else kept as evidence when there is a body.
        QString error;
    };
    Result<Entry> entryOf(const BatchedRequest &request, const BatchResult &result);
    Status store(Connection &connection);
    Status count(Connection &connection);

    Project &m_project;
    BatchCollected &m_out;
    std::vector<Entry> m_entries;
    std::map<qint64, Model> m_models;        ///< By id.
    std::map<qint64, StoredBatch> m_batches; ///< By id, for what their answers cost.
};

} // namespace evalwright
