// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/generationstages.h"
#include "lm/stageestimate.h"
#include "storage/repositories/responses.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 piece = 250;
constexpr qsizetype mostAnswersRead = 2000; ///< Enough to tell how many statements reach the checker.
constexpr int usualStatement = 70;          ///< Characters; for as long as nothing is written.

/// What is stored already of the writing requests.
struct Written
{
    qint64 answered = 0;
    QList<StepAnswer> answers; ///< The first of them.
};

/// Only samples that were ever answered are looked at, piece by piece, so a plan for a million costs no more than what
/// is stored.
Result<Written> writtenBefore(Project &project, const GenerationStages &stages, qint64 perLabel, const QString &salt,
                              const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const QVariant last, project.readNow([&](Connection &c) {
        return c.value(u"SELECT max(sample) FROM response WHERE model_id = ? AND complete = 1"_s,
                       {stages.writer.id.value});
    }));
    const qint64 end = last.isNull() ? 0 : std::min(perLabel, last.toLongLong() + 1);
    Written written;
    for (qint64 from = 0; from < end; from += piece) {
        EVALWRIGHT_ASSIGN(const QList<PlannedRequest> requests,
                          stages.writeRequests(from, std::min(end, from + piece), token));
        QList<QByteArray> keys;
        for (const PlannedRequest &planned : requests) {
            EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(stages.writer, planned.request));
            keys << keyBytes(requestKey(stages.writer, wire, planned.request.sample, salt));
        }
        if (written.answers.size() >= mostAnswersRead) {
            QStringList names;
            for (const QByteArray &key : std::as_const(keys))
                names << QString::fromLatin1(key.toHex());
            EVALWRIGHT_ASSIGN(const auto known,
                              project.readNow([&](Connection &c) { return answeredKeys(c, names); }));
            written.answered += known.size();
            continue;
        }
        EVALWRIGHT_ASSIGN(const auto stored, project.readNow([&](Connection &c) { return storedAnswers(c, keys); }));
        written.answered += stored.size();
        for (qsizetype i = 0; i < keys.size(); ++i) {
            if (const auto found = stored.constFind(keys.at(i)); found != stored.constEnd())
                written.answers << StepAnswer{requests.at(i).ordinal, found->id, found->path, found->body, QString()};
        }
    }
    return written;
}

/// What the checker was asked, and would be, about the statements that are written.
struct Checked
{
    qint64 statements = 0, wanted = 0, left = 0;
    double charactersEach = 0;
};

Result<Checked> checkedBefore(Project &project, const GenerationStages &stages, const QList<StepAnswer> &answers,
                              const QString &salt, const CancellationToken &token)
{
    const Recipe &recipe = stages.spec.recipe;
    EVALWRIGHT_ASSIGN(std::vector<Draft> drafts, draftsFromAnswers(recipe, stages.writer, answers));
    rejectDuplicates(drafts);
    rejectLint(recipe, drafts);
    EVALWRIGHT_ASSIGN(const QList<PlannedRequest> requests, stages.checkRequests(drafts, token));
    Checked checked;
    checked.statements = static_cast<qint64>(drafts.size());
    checked.wanted = requests.size();
    QStringList keys;
    for (const PlannedRequest &planned : requests) {
        EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(stages.checker, planned.request));
        keys << requestKey(stages.checker, wire, planned.request.sample, salt);
        checked.charactersEach +=
            static_cast<double>(promptCharacters(planned.request)) / static_cast<double>(requests.size());
    }
    EVALWRIGHT_ASSIGN(const auto known, project.readNow([&](Connection &c) { return answeredKeys(c, keys); }));
    checked.left = checked.wanted - known.size();
    return checked;
}

class Planning
{
public:
    /// `salt`: of the keys of a job that asks afresh; else empty.
    Planning(Project &project, const GenerationStages &stages, QString salt, const CancellationToken &token)
        : m_project(project), m_stages(stages), m_salt(std::move(salt)), m_recipe(stages.spec.recipe), m_token(token)
    {
    }

    Result<GeneratePlan> make()
    {
        const qint64 perLabel = m_stages.spec.samplesPerLabel();
        EVALWRIGHT_ASSIGN(const QList<PlannedRequest> first,
                          m_stages.writeRequests(0, std::min<qint64>(1, perLabel), m_token));
        m_plan.writeRequests = perLabel * 2;
        EVALWRIGHT_ASSIGN(m_written, writtenBefore(m_project, m_stages, perLabel, m_salt, m_token));
        m_plan.alreadyAnswered = m_written.answered;
        m_plan.checkRequestsAtMost = m_plan.writeRequests * m_recipe.write.perReply * orders();
        m_plan.promptKind = promptKindName(promptKindFor(m_stages.writer, m_recipe.write.prompt));
        m_plan.firstPromptYes = readablePrompt(first.value(0).request);
        m_plan.firstPromptNo = readablePrompt(first.value(1).request);
        m_plan.completionTokensAtMost =
            m_plan.writeRequests * m_recipe.write.maxTokens + m_plan.checkRequestsAtMost;
        m_plan.warnings = m_stages.warnings();
        m_plan.deviations = deviations(m_recipe, m_stages.writer, m_stages.checker);
        EVALWRIGHT_TRY(estimateWriting(first));
        EVALWRIGHT_TRY(estimateChecking());
        return m_plan;
    }

private:
    int orders() const { return m_recipe.check.bothOrders ? 2 : 1; }

    Status add(const StageToEstimate &stage)
    {
        EVALWRIGHT_ASSIGN(const Estimate estimate,
                          m_project.readNow([&](Connection &c) { return estimateStage(c, stage); }));
        m_plan.estimate += estimate;
        return {};
    }

    Status estimateWriting(const QList<PlannedRequest> &first)
    {
        StageToEstimate writing{m_stages.writer, u"write"_s, u"writing"_s, {}, {}, 0, {}, m_recipe.write.maxTokens};
        writing.requests =
            EstimateRange::exactly(static_cast<double>(m_plan.writeRequests - m_plan.alreadyAnswered));
        for (const PlannedRequest &planned : first)
            writing.charactersEach +=
                static_cast<double>(promptCharacters(planned.request)) / static_cast<double>(first.size());
        return add(writing);
    }

    Status estimateChecking()
    {
        EVALWRIGHT_ASSIGN(const Checked checked,
                          checkedBefore(m_project, m_stages, m_written.answers, m_salt, m_token));
        StageToEstimate checking{m_stages.checker, u"check-label"_s, u"label checks"_s, {}, {}, 0, {}, 1};
        const double each = m_recipe.write.perReply * orders();
        // Those that are written and were looked at are counted, those beyond like them, new ones by the share.
        const auto looked = static_cast<double>(m_written.answers.size());
        const double beyond = looked > 0 ? static_cast<double>(m_written.answered) / looked : 1;
        checking.requests = EstimateRange::exactly(static_cast<double>(checked.left) * beyond);
        if (const qint64 unwritten = m_plan.writeRequests - m_plan.alreadyAnswered; unwritten > 0) {
            const qint64 reached = checked.wanted / orders();
            checking.requests = checking.requests + EstimateRange::exactly(static_cast<double>(unwritten) * each) *
                                                        estimatedShare(reached, checked.statements, 1);
            checking.requestsBasis << (checked.statements > 0
                                           ? u"%1 of the %2 statements written so far reach the checker"_s
                                                 .arg(reached)
                                                 .arg(checked.statements)
                                           : u"as if every statement reached the checker: none is written yet"_s);
        }
        checking.charactersEach = checked.charactersEach;
        if (checked.wanted == 0) {
            EVALWRIGHT_ASSIGN(const LmRequest request,
                              checkRequest(m_recipe, m_stages.checker, QString(usualStatement, u'x'),
                                           WordOrder::AgreeFirst));
            checking.charactersEach = static_cast<double>(promptCharacters(request));
            checking.charactersBasis << u"statements of %1 characters, as none is written yet"_s.arg(usualStatement);
        }
        return add(checking);
    }

    Project &m_project;
    const GenerationStages &m_stages;
    const QString m_salt;
    const Recipe &m_recipe;
    const CancellationToken &m_token;
    Written m_written;
    GeneratePlan m_plan;
};

} // namespace

Result<GeneratePlan> planGenerate(Project &project, const GenerateSpec &spec, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const GenerationStages stages, GenerationStages::open(project, spec));
    GenerateSpec resolved = spec;
    EVALWRIGHT_TRY(project.readNow([&](Connection &c) { return resolveFresh(c, resolved); }));
    return Planning(project, stages, resolved.salt, token).make();
}

} // namespace evalwright
