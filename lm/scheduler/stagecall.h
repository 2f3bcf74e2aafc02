// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/httperror.h"
#include "lm/scheduler/stageplanner.h"

#include <random>

namespace evalwright {

/// One call of runStage: sends what the planner plans, as the endpoint's gate lets pass, retries, stores, and hands
/// stored answers to the reader. Lives on the caller's thread; replies come in from the network's thread.
class StageCall
{
public:
    explicit StageCall(const StageTask &task);
    ~StageCall();
    StageCall(const StageCall &) = delete;
    StageCall &operator=(const StageCall &) = delete;
    Result<StageReport> run();

private:
    /// An answer between its arrival and the commit that keeps it.
    struct Answered
    {
        Work *work;
        Response response;
        Reply reply;
        std::vector<qint64> ordinals;
    };
    struct Content ///< Of one transaction; kept until it is in, so that it can be written again.
    {
        std::vector<Response> answers, evidence;
        std::vector<std::vector<qint64>> ordinals; ///< Of the steps of each answer.
        QString stage;
        JobId job;
    };
    struct Write
    {
        QFuture<Result<QList<ResponseId>>> future;
        std::vector<Answered> answers;
        std::shared_ptr<const Content> content;
    };

    Status connect();
    Status loop();
    void stopFor(const Error &error);
    bool isFinished();
    void wait();

    void takePlanned();
    void sendReady();
    void send(Work &work);
    Status askStoreAgain(Work &work, bool &answered);

    Status takeArrivals();
    Status handle(Arrival arrival);
    Status handleGood(Work &work, HttpResponse response);
    Status retryOrGiveUp(Work &work, const HttpFailure &failed);
    static qsizetype mostStreamed(const LmRequest &request);
    void succeed(Work &work, HttpResponse &&response, Reply &&reply);
    void fail(Work &work, const HttpFailure &failure, const HttpResponse *response);
    Status giveUp(Work &work, const Error &error);
    Response responseOf(const Work &work, const HttpResponse &response) const;

    void submit(bool evenFew);
    Status reapWrites();
    QFuture<Result<QList<ResponseId>>> write(const std::shared_ptr<const Content> &content);
    Status finishWrite(Write write);
    bool isWorthWaiting(const Error &error);
    Status finish(Work &work, const QList<qint64> &written, const StepAnswer &answer);
    Status readStored();
    void report(bool now);
    void logLimits();
    void logSpeed();

    static constexpr size_t mostUnwritten = 2048;   ///< Answers in memory that are not on the disk yet.
    static constexpr double progressInterval = 0.1; ///< Seconds.

    StageTask m_task;
    QString m_project; ///< Its uuid.
    StageWindow m_window;
    CancellationToken m_transfers; ///< Ends what is under way.
    ModelConnection m_connection;
    std::shared_ptr<EndpointGate> m_gate;
    std::unique_ptr<EndpointGate::Client> m_client;
    std::unique_ptr<StagePlanner> m_planner;

    std::deque<Work *> m_ready;
    std::vector<Work *> m_waiting; ///< For their next attempt.
    double m_askGateAgain = 0;
    int m_inFlight = 0;
    std::vector<Answered> m_batch;    ///< Answers not yet handed to the writer.
    std::vector<Response> m_evidence; ///< Failed replies, likewise.
    std::deque<Write> m_writes;
    size_t m_unwritten = 0;                         ///< Answers in m_writes.
    double m_diskFullSince = 0, m_writeAgainAt = 0; ///< 0: the disk takes what we write.
    std::optional<Error> m_stop; ///< Set: nothing more is sent, what is under way is waited for, for a while.
    double m_stoppedAt = 0;
    bool m_anyReply = false; ///< The server said something, in this call.
    int m_unreachable = 0;   ///< Tries that ended without any reply before that.
    int m_equalErrors = 0;
    QString m_lastError;
    std::mt19937_64 m_jitter;

    StageReport m_report;
    QMap<QString, qint64> m_failures;
    qint64 m_done = 0;
    double m_started = 0, m_lastProgress = 0;
    double m_firstSent = 0, m_lastAnswer = 0; ///< 0: none yet.
    int m_mostInFlight = 0;
    std::deque<std::pair<double, qint64>> m_recent; ///< For the rate of the last seconds.
};

} // namespace evalwright
