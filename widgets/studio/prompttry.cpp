// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/studio/prompttry.h"

#include "core/hash.h"
#include "generators/generationstages.h"
#include "storage/repositories/jobs.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString stageName = u"prompt"_s;

/// Takes the one answer.
class OneAnswer final : public AnswerReader
{
public:
    std::optional<Reply> reply;
    std::optional<Error> error;

    Result<QSet<qint64>> unread(const QList<qint64> &ordinals) override
    {
        return QSet<qint64>(ordinals.begin(), ordinals.end());
    }
    Status read(const StepAnswer &, const Result<Reply> &answer) override
    {
        if (answer)
            reply = *answer;
        else
            error = answer.error();
        return {};
    }
};

} // namespace

Result<Reply> tryPrompt(const JobServices &services, const Model &model, const QString &title, const LmRequest &request,
                        const CancellationToken &token, const std::function<void(const QString &)> &onText)
{
    Project &project = *services.project;
    Job job;
    job.kind = u"trial"_s;
    job.title = title;
    const nlohmann::json parameters{{"prompt", readablePrompt(request).toStdString()},
                                    {"model", model.name.toStdString()},
                                    {"seed", request.seed.value_or(0)}};
    job.parameters = QString::fromUtf8(canonicalJson(parameters));
    job.parametersHash = sha256Hex("prompt trial\n" + canonicalJson(parameters));
    EVALWRIGHT_ASSIGN(job, project.writeNow(
                               [job](Connection &c) mutable -> Result<Job> {
                                   EVALWRIGHT_ASSIGN(job, createJob(c, job));
                                   EVALWRIGHT_TRY(setJobState(c, job.id, JobState::Running));
                                   return job;
                               },
                               {Topic::Jobs}));
    RunnerOptions options;
    options.priority = EndpointGate::Priority::Interactive;
    options.onText = [&](qint64, const QString &text) { onText(text); };
    OneAnswer answer;
    const QList<PlannedRequest> requests{{0, request}};
    ListSource source(requests);
    const Result<StageReport> asked =
        runStage(services, job.id, stageName, model, source, &answer, options, token, [](const JobProgress &) {});
    JobState state = asked && asked->failed == 0 && answer.reply ? JobState::Done : JobState::Failed;
    // A trial is never resumed, so one that was stopped is over.
    if (!asked && stateAfter(asked.error()) == JobState::Paused)
        state = JobState::Cancelled;
    const QString why = !asked ? asked.error().text() : asked->firstError;
    EVALWRIGHT_TRY(project.writeNow([&](Connection &c) { return setJobState(c, job.id, state, why); }, {Topic::Jobs}));
    if (!asked)
        return failure(asked.error());
    if (answer.reply)
        return *answer.reply;
    if (answer.error)
        return failure(*answer.error);
    return failure(ErrorCode::Network, QCoreApplication::translate("evalwright::PromptTry", "The model gave no answer."),
                   QCoreApplication::translate("evalwright::PromptTry", "Look at the job's requests for what came back."),
                   asked->firstError);
}

QString readableReply(const Reply &reply)
{
    QString text = reply.text;
    if (!reply.refusal.isEmpty())
        text += u"\n\n"_s + reply.refusal;
    if (!reply.tokens.isEmpty() && !reply.tokens.first().top.isEmpty()) {
        text += u"\n\n"_s + QCoreApplication::translate("evalwright::PromptTry", "First words, with their share:");
        for (const TokenAlternative &word : reply.tokens.first().top.mid(0, 8))
            text += u"\n%1  “%2”"_s.arg(QLocale().toString(std::exp(word.logprob), 'f', 3), QString::fromUtf8(word.bytes));
    }
    return text;
}

} // namespace evalwright
