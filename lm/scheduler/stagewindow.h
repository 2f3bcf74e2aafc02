// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/requestrunner.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace evalwright {

/// What one call of runStage was asked to do. Everything outlives the call.
struct StageTask
{
    const JobServices &services;
    JobId job;
    QString stage;
    const Model &model;
    StageSource &source;
    AnswerReader *reader; ///< May be null.
    const RunnerOptions &options;
    const CancellationToken &token; ///< The caller's.
    const ProgressFunction &progress;
};

/// One request of the stage from planning until its answer is stored.
struct Work
{
    qint64 ordinal = 0;
    std::vector<qint64> twins; ///< Further steps with the same request key; guarded by the window.
    QByteArray key;            ///< 32 bytes.
    LmRequest request;
    QString path;
    QByteArray body;    ///< As it is sent.
    QString promptJson; ///< The body without what only this sample has.
    std::optional<qint64> seed;
    qint64 sample = 0, estimatedTokens = 0;
    bool streamed = false; ///< `body` asks for a stream.
    bool claimed = false; ///< Nobody else in this program asks it.
    int attempts = 0, resent = 0;
    double sentAt = 0, notBefore = 0; ///< Seconds of Scheduler::now().
};

struct Arrival
{
    Work *work;
    Result<HttpResponse> result;
};

/// Wakes the stage's thread. Shared with callbacks that may come when the stage is over.
class StageSignal
{
public:
    std::mutex mutex;
    std::condition_variable condition;
    bool wake = false; ///< Guarded by `mutex`.
    void notify()
    {
        {
            const std::lock_guard lock(mutex);
            wake = true;
        }
        condition.notify_all();
    }
};

/// The requests of a stage that are planned and not yet stored: the part of the job that is in memory. Shared by the
/// planner's thread, the stage's thread and the network's callbacks; all members are guarded by `signal->mutex`.
struct StageWindow
{
    static constexpr size_t most = 4096; ///< Planning pauses here.
    static constexpr std::chrono::duration<double> writeAgainInterval{0.5}; ///< While the disk is full.

    std::shared_ptr<StageSignal> signal = std::make_shared<StageSignal>();
    std::unordered_map<QByteArray, std::unique_ptr<Work>> live; ///< By key.
    std::deque<Work *> planned;                                 ///< Ready to be sent, stored in the journal.
    std::deque<StepAnswer> answered;                            ///< Stored before this call; to be read.
    std::deque<Arrival> arrivals;
    qint64 takenFromStore = 0; ///< Steps that needed no request.
    bool isPlanned = false;    ///< Nothing more will come.
    bool stop = false;         ///< The planner shall end.
    Status planning;           ///< Why the planner ended early.
};

} // namespace evalwright
