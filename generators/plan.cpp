// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checkstage.h"
#include "generators/generationstages.h"
#include "lm/stageestimate.h"
#include "storage/repositories/responses.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using Kind = RecipeStage::Kind;

namespace {

constexpr qint64 piece = 250;
constexpr qsizetype mostAnswersRead = 2000; ///< Enough to tell how many texts reach the next stage.
constexpr int usualText = 70;               ///< Characters; for as long as nothing is written.

/// What is known of one stage before it is run.
struct StageOutlook
{
    const RecipeStage *stage = nullptr;
    const Model *model = nullptr;
    qint64 wanted = 0, answered = 0; ///< Requests of the rows that are known.
    double scale = 1;                ///< Known rows stand for so many.
    double unknownRequests = 0;      ///< Of rows that are not there yet, if all came through.
    qint64 rowsIn = 0, textsBefore = 0;
    double charactersEach = 0;
};

/// The stages over what is stored, nothing asked. Only samples that were ever answered are looked at, piece by piece, so
/// a plan for a million costs no more than what is stored.
class StoredAnswers final : public StageAnswers
{
public:
    StoredAnswers(Project &project, const Recipe &recipe, std::optional<qint64> limit, QString salt,
                  const CancellationToken &token)
        : m_project(project), m_recipe(recipe), m_salt(std::move(salt)), m_token(token), m_limit(limit)
    {
    }

    Result<QList<StepAnswer>> answers(const RecipeStage &stage, const Model &model, StageSource &source) override
    {
        StageOutlook outlook;
        outlook.stage = &stage;
        outlook.model = &model;
        outlook.wanted = source.size();
        outlook.scale = m_scale;
        const double perRow = stage.kind == Kind::Check ? static_cast<double>(requestsPerRow(stage, model)) : 1;
        outlook.unknownRequests = m_unknownRows * (stage.givesRows() ? repliesPerRow(source) : perRow);
        outlook.rowsIn = static_cast<qint64>(static_cast<double>(source.size()) / perRow);
        outlook.textsBefore = m_texts;
        EVALWRIGHT_ASSIGN(const qint64 end, lastWorthLooking(stage, model, source));
        QList<StepAnswer> found;
        qint64 measured = 0;
        for (qint64 from = 0; from < end; from += piece) {
            if (m_token.isCancelled())
                return failure(stoppedWhilePlanning());
            QList<qint64> indices;
            for (qint64 i = from; i < std::min(end, from + piece); ++i)
                indices << i;
            EVALWRIGHT_ASSIGN(const QList<PlannedRequest> requests, source.requests(indices));
            QList<QByteArray> keys;
            for (const PlannedRequest &planned : requests) {
                EVALWRIGHT_ASSIGN(const WireRequest wire, toWire(model, planned.request));
                keys << keyBytes(requestKey(model, wire, planned.request.sample, m_salt));
                outlook.charactersEach += static_cast<double>(promptCharacters(planned.request));
                ++measured;
            }
            EVALWRIGHT_TRY(take(requests, keys, outlook, found));
        }
        if (measured > 0)
            outlook.charactersEach /= static_cast<double>(measured);
        else
            EVALWRIGHT_TRY(measureFirst(source, outlook));
        carry(stage, outlook, found, perRow);
        m_outlooks << outlook;
        return found;
    }

    const QList<StageOutlook> &outlooks() const { return m_outlooks; }

private:
    double repliesPerRow(StageSource &source) const
    {
        const qint64 rows = m_recipe.occupations.isEmpty() ? targetsOf(m_recipe).size() : m_recipe.occupations.size();
        return rows > 0 ? static_cast<double>(source.size()) / static_cast<double>(rows) : 0;
    }

    Result<qint64> lastWorthLooking(const RecipeStage &stage, const Model &model, StageSource &source)
    {
        if (!stage.givesRows())
            return source.size();
        EVALWRIGHT_ASSIGN(const QVariant last, m_project.readNow([&](Connection &c) {
            return c.value(u"SELECT max(sample) FROM response WHERE model_id = ? AND complete = 1"_s, {model.id.value});
        }));
        const qint64 rows = source.size() == 0 ? 0 : source.size() / std::max<qint64>(1, repliesOf(stage));
        return last.isNull() ? 0 : std::min(source.size(), (last.toLongLong() + 1) * std::max<qint64>(1, rows));
    }
    qint64 repliesOf(const RecipeStage &stage) const { return Pipeline::repliesPerRow(stage, m_limit); }

    Status take(const QList<PlannedRequest> &requests, const QList<QByteArray> &keys, StageOutlook &outlook,
                QList<StepAnswer> &found)
    {
        if (found.size() >= mostAnswersRead) {
            QStringList names;
            for (const QByteArray &key : keys)
                names << QString::fromLatin1(key.toHex());
            EVALWRIGHT_ASSIGN(const auto known,
                              m_project.readNow([&](Connection &c) { return answeredKeys(c, names); }));
            outlook.answered += known.size();
            return {};
        }
        EVALWRIGHT_ASSIGN(const auto stored, m_project.readNow([&](Connection &c) { return storedAnswers(c, keys); }));
        for (qsizetype i = 0; i < keys.size(); ++i) {
            if (const auto answer = stored.constFind(keys.at(i)); answer != stored.constEnd()) {
                ++outlook.answered;
                found << StepAnswer{requests.at(i).ordinal, answer->id, answer->path, answer->body, QString()};
            }
        }
        return {};
    }

    static Status measureFirst(StageSource &source, StageOutlook &outlook)
    {
        const qint64 count = std::min<qint64>(2, source.size());
        if (count == 0)
            return {};
        EVALWRIGHT_ASSIGN(const QList<PlannedRequest> requests,
                          source.requests(count == 2 ? QList<qint64>{0, 1} : QList<qint64>{0}));
        for (const PlannedRequest &planned : requests)
            outlook.charactersEach += static_cast<double>(promptCharacters(planned.request)) / static_cast<double>(count);
        return {};
    }

    /// What the next stage does not know yet.
    void carry(const RecipeStage &stage, const StageOutlook &outlook, const QList<StepAnswer> &found, double perRow)
    {
        const double missing = static_cast<double>(outlook.wanted - outlook.answered) * outlook.scale;
        if (stage.givesRows()) {
            m_unknownRows = (missing + outlook.unknownRequests) * stage.perReply;
            m_scale = found.isEmpty() ? 1 : static_cast<double>(outlook.answered) / static_cast<double>(found.size());
            m_texts = found.size() * stage.perReply;
        } else {
            m_unknownRows += missing / perRow;
        }
    }

    Project &m_project;
    const Recipe &m_recipe;
    const QString m_salt;
    const CancellationToken &m_token;
    QList<StageOutlook> m_outlooks;
    const std::optional<qint64> m_limit;
    double m_unknownRows = 0, m_scale = 1;
    qint64 m_texts = 0;
};

class Planning
{
public:
    /// `salt`: of the keys of a job that asks afresh; else empty.
    Planning(Project &project, const GenerationStages &stages, const QString &salt, const CancellationToken &token)
        : m_project(project), m_stages(stages), m_recipe(stages.spec.recipe), m_token(token),
          m_stored(project, m_recipe, stages.spec.limit, salt, token)
    {
    }

    Result<GeneratePlan> make()
    {
        const RecipeStage &writing = m_recipe.writing();
        Pipeline pipeline(m_recipe, m_stages.writer, m_stages.checker, m_stages.embedder, m_stages.spec.limit, m_stored, m_token,
                          m_stages.severities);
        EVALWRIGHT_TRY(pipeline.run());
        m_plan.promptKind = promptKindName(promptKindFor(m_stages.writer, writing.prompt));
        const QList<RecipeTarget> targets = targetsOf(m_recipe);
        for (int i = 0; i < std::min<qsizetype>(2, targets.size()); ++i) {
            EVALWRIGHT_ASSIGN(const LmRequest request, exampleRequest(m_recipe, writing, m_stages.writer, i));
            m_plan.firstPrompts << GeneratePlan::FirstPrompt{targets.at(i).label, readablePrompt(request)};
        }
        m_plan.warnings = m_stages.warnings();
        m_plan.deviations = deviations(m_recipe, m_stages.writer, m_stages.checker);
        double unknown = 0; // Rows that stages without any known row would have.
        for (const RecipeStage &stage : m_recipe.stages) {
            if (stage.kind == Kind::Compose && stage.compose == "questions"_L1)
                unknown *= questionsEach(); // From here on each biography is several rows.
            if (!stage.asks() && !stage.embeds())
                continue;
            const auto outlook = std::ranges::find(m_stored.outlooks(), &stage, &StageOutlook::stage);
            EVALWRIGHT_TRY(outlook != m_stored.outlooks().end() ? add(*outlook, unknown) : addUnseen(stage, unknown));
        }
        return m_plan;
    }

private:
    Status addEstimate(const StageToEstimate &stage)
    {
        EVALWRIGHT_ASSIGN(const Estimate estimate,
                          m_project.readNow([&](Connection &c) { return estimateStage(c, stage); }));
        m_plan.estimate += estimate;
        return {};
    }

    QString whatOf(const RecipeStage &stage) const
    {
        if (stage.id == m_recipe.writing().id)
            return u"writing"_s;
        if (stage.embeds())
            return u"embedding"_s;
        return stage.kind == Kind::Check ? stage.requirement + u" checks"_s : stage.id;
    }

    Status add(const StageOutlook &outlook, double &unknown)
    {
        const RecipeStage &stage = *outlook.stage;
        const bool writes = stage.givesRows();
        const double left = static_cast<double>(outlook.wanted - outlook.answered) * outlook.scale;
        StageToEstimate estimate{*outlook.model, stage.id, whatOf(stage), {}, {}, 0, {}, 0};
        estimate.requests = EstimateRange::exactly(left);
        estimate.charactersEach = outlook.charactersEach;
        if (outlook.unknownRequests > 0) {
            const bool known = outlook.textsBefore > 0;
            estimate.requests = estimate.requests + EstimateRange::exactly(outlook.unknownRequests) *
                                                        estimatedShare(outlook.rowsIn, outlook.textsBefore, 1);
            estimate.requestsBasis << (known ? u"%1 of the %2 texts written so far reach this stage"_s
                                                   .arg(outlook.rowsIn)
                                                   .arg(outlook.textsBefore)
                                             : u"as if every text reached this stage: none is written yet"_s);
        }
        const double most = static_cast<double>(outlook.wanted) * outlook.scale + outlook.unknownRequests;
        count(stage, static_cast<qint64>(most), outlook.answered);
        estimate.mostTokensEach = tokensOf(stage);
        const double perRow = stage.kind == Kind::Check ? static_cast<double>(requestsPerRow(stage, *outlook.model)) : 1;
        // Every row of an earlier stage may reach the ones after it.
        unknown = writes ? most * stage.perReply : std::max(unknown, most / perRow);
        return addEstimate(estimate);
    }

    /// No row is known that could reach it.
    Status addUnseen(const RecipeStage &stage, double &unknown)
    {
        const Model &model = stage.embeds()                ? m_stages.embedder
                             : stage.role == "checker"_L1 ? m_stages.checker
                                                          : m_stages.writer;
        const double perRow = stage.kind == Kind::Check ? static_cast<double>(requestsPerRow(stage, model))
                              : stage.givesRows()
                                  ? static_cast<double>(Pipeline::repliesPerRow(stage, m_stages.spec.limit))
                                  : 1;
        StageToEstimate estimate{model, stage.id, whatOf(stage), {}, {}, 0, {}, 0};
        estimate.requests = EstimateRange::exactly(unknown * perRow) * estimatedShare(0, 0, 1);
        estimate.requestsBasis << u"as if every text reached this stage: none is written yet"_s;
        estimate.charactersEach = usualText;
        if (!stage.embeds()) {
            EVALWRIGHT_ASSIGN(const LmRequest example, exampleRequest(m_recipe, stage, model));
            estimate.charactersEach += static_cast<double>(promptCharacters(example));
        }
        estimate.charactersBasis << u"texts of %1 characters, as none is written yet"_s.arg(usualText);
        estimate.mostTokensEach = tokensOf(stage);
        count(stage, static_cast<qint64>(unknown * perRow), 0);
        if (stage.givesRows())
            unknown = unknown * perRow * stage.perReply;
        return addEstimate(estimate);
    }

    /// The most that an answer may be long.
    int tokensOf(const RecipeStage &stage) const
    {
        if (stage.embeds())
            return 0;
        if (stage.kind != Kind::Check)
            return stage.maxTokens;
        const Model &model = stage.role == "checker"_L1 ? m_stages.checker : m_stages.writer;
        return checkMethodOf(stage, model).sampled ? sampledTokens : 1;
    }

    double questionsEach() const
    {
        const bool all = !m_recipe.bank.questions.isEmpty() && !m_recipe.targets.isEmpty();
        return all ? static_cast<double>(m_recipe.bank.questions.size()) : 1;
    }

    void count(const RecipeStage &stage, qint64 most, qint64 answered)
    {
        if (stage.embeds()) {
            m_plan.embedRequestsAtMost += most;
            return;
        }
        if (stage.kind == Kind::Check) {
            m_plan.checkRequestsAtMost += most;
            m_plan.completionTokensAtMost += most * tokensOf(stage);
            return;
        }
        m_plan.writeRequests += most;
        m_plan.alreadyAnswered += answered;
        m_plan.completionTokensAtMost += most * stage.maxTokens;
    }

    Project &m_project;
    const GenerationStages &m_stages;
    const Recipe &m_recipe;
    const CancellationToken &m_token;
    StoredAnswers m_stored;
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
