// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/httperror.h"
#include "lm/requestrunner.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <vector>

namespace evalwright {

/// One call of runStage: plans, sends with a bounded number in flight, retries, stores. Lives on the caller's thread;
/// replies come in from the network thread through a locked queue.
class StageCall
{
public:
    StageCall(const JobServices &services, JobId job, QString stage, const Model &model,
              const QList<PlannedRequest> &requests, const RunnerOptions &options, const CancellationToken &token,
              const ProgressFunction &progress);
    ~StageCall();
    StageCall(const StageCall &) = delete;
    StageCall &operator=(const StageCall &) = delete;
    Result<StageReport> run();

private:
    using Clock = std::chrono::steady_clock;
    struct Work
    {
        qint64 ordinal = 0;
        std::vector<qint64> twins; ///< Further steps of this stage with the same request key.
        const LmRequest *request = nullptr;
        QString key;
        int attempts = 0;
        Clock::time_point notBefore;
    };
    struct Arrival
    {
        size_t work;
        Result<HttpResponse> result;
    };
    struct Write
    {
        QFuture<Result<ResponseId>> future;
    };

    Status plan();
    Status connect();
    Status loop();
    void sendReady();
    void send(size_t index);
    Status handle(Arrival arrival);
    Status giveUp(size_t index, const Error &error);
    Status succeed(size_t index, const HttpResponse &response, const Reply &reply);
    void keepEvidence(const Work &work, const HttpResponse &response);
    Status reapWrites(size_t mostLeft);
    void waitForSomething();
    void retryLater(size_t index, const HttpFailure &failure);
    void drain();
    bool isFinished() const;
    void report(bool now);

    const JobServices &m_services;
    JobId m_job;
    QString m_stage;
    const Model &m_model;
    const QList<PlannedRequest> &m_requests;
    const RunnerOptions &m_options;
    const CancellationToken &m_token; ///< The caller's.
    CancellationToken m_transfers;    ///< Ends what is in flight when the stage cannot go on.
    const ProgressFunction &m_progress;

    ModelConnection m_connection;
    QString m_base;
    std::vector<Work> m_work;
    std::deque<size_t> m_ready;
    std::vector<size_t> m_waiting; ///< Waiting for their next attempt.
    std::deque<Write> m_writes;
    int m_limit = 1, m_ceiling = 1, m_inFlight = 0, m_sinceChange = 0;
    bool m_everCut = false;
    int m_equalErrors = 0;
    QString m_lastError;
    std::mt19937_64 m_jitter;

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Arrival> m_arrivals;

    StageReport m_report;
    qint64 m_done = 0;
    Clock::time_point m_started, m_lastProgress;
    std::deque<std::pair<Clock::time_point, qint64>> m_recent; ///< For the rate of the last seconds.
};

} // namespace evalwright
