// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checkstage.h"

#include "generators/labelcheck.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Row after row, of each the presentations, of each the samples.
class CheckSource final : public StageSource
{
public:
    CheckSource(const Recipe &recipe, const RecipeStage &stage, const Model &model, const std::vector<Draft> &rows,
                const std::vector<size_t> &which)
        : m_recipe(recipe), m_stage(stage), m_model(model), m_rows(rows), m_which(which),
          m_presentations(presentationsOf(stage)), m_method(checkMethodOf(stage, model)),
          m_perRow(requestsPerRow(stage, model))
    {
    }
    qint64 size() const override { return static_cast<qint64>(m_which.size()) * m_perRow; }
    qint64 ordinal(qint64 index) const override { return row(index).ordinal * m_perRow + index % m_perRow; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        QList<PlannedRequest> list;
        for (const qint64 index : indices) {
            const qint64 inRow = index % m_perRow;
            EVALWRIGHT_ASSIGN(LmRequest request, checkRequest(m_recipe, m_stage, m_model, row(index),
                                                              m_presentations.at(inRow / m_method.samples)));
            if (m_method.sampled)
                EVALWRIGHT_TRY(makeSampled(request, m_model, inRow % m_method.samples, m_recipe.seed));
            list << PlannedRequest{ordinal(index), std::move(request)};
        }
        return list;
    }

private:
    const Draft &row(qint64 index) const { return m_rows[m_which[static_cast<size_t>(index / m_perRow)]]; }
    const Recipe &m_recipe;
    const RecipeStage &m_stage;
    const Model &m_model;
    const std::vector<Draft> &m_rows;
    const std::vector<size_t> &m_which;
    QList<Presentation> m_presentations;
    CheckMethod m_method;
    qint64 m_perRow;
};

/// The answers of one presentation of one row, read.
Status readPresentation(const QList<const StepAnswer *> &answers, const CheckMethod &method, const CheckWords &words,
                        DraftCheck &check)
{
    SampledVerdict verdict;
    for (const StepAnswer *answer : answers) {
        if (!answer || !answer->responseId.isValid()) {
            if (check.error.isEmpty())
                check.error = answer ? answer->error : u"not asked"_s;
            continue;
        }
        if (!check.responseId.isValid())
            check.responseId = answer->responseId;
        EVALWRIGHT_ASSIGN(const Reply reply, readReply(answer->path, answer->body));
        if (method.sampled) {
            verdict.add(answerWord(reply.text, words.right, words.wrong));
            check.responses << answer->responseId;
            continue;
        }
        EVALWRIGHT_ASSIGN(const AnswerMass mass, readWordMass(reply, words.right, words.wrong));
        check.p = mass.pFirst();
        check.labelMass = mass.labelMass();
        check.censored = mass.firstCensored || mass.secondCensored;
    }
    if (method.sampled) {
        check.p = verdict.p();
        check.labelMass = verdict.mass();
        check.samples = verdict.samples;
        check.parsed = verdict.parsed;
        check.right = verdict.first;
    }
    return {};
}

QString reasonBelowFloor(const QString &requirement)
{
    if (requirement == "label"_L1)
        return u"label-disagrees"_s;
    return requirement == "relevance"_L1 ? u"irrelevant"_s : requirement + u"-fails"_s;
}

/// One row's checks; decides about it. `floor` of the selection counts for the label alone.
void judge(const RecipeStage &stage, const SelectStage &select, Draft &row, bool failed)
{
    const QString funnel = stage.funnelId();
    if (failed && !stage.flag)
        return row.reject(funnel, u"http-error"_s);
    QList<std::optional<double>> presentations;
    for (const DraftCheck &check : std::as_const(row.checks)) {
        if (check.stage == stage.id)
            presentations << check.p;
    }
    const auto p = pooledProbability(presentations);
    if (stage.flag) {
        if (p)
            row.values.insert(u"flag_"_s + stage.requirement, QString::number(*p, 'g', 17));
        return;
    }
    if (!p)
        return row.reject(funnel, stage.requirement + u"-uncertain"_s);
    row.requirements.insert(stage.requirement, *p);
    const bool label = stage.requirement == "label"_L1;
    if (label)
        row.confidence = *p;
    if (stage.floor && *p < *stage.floor) {
        row.reject(funnel, reasonBelowFloor(stage.requirement));
        row.threshold = label ? select.floor : *stage.floor;
    } else if (label && *p <= select.floor) {
        row.reject(funnel, u"label-uncertain"_s);
        row.threshold = select.floor;
    }
}

} // namespace

CheckMethod checkMethodOf(const RecipeStage &check, const Model &checker)
{
    return checkMethodFor(check.method, check.samples, checker);
}

qint64 requestsPerRow(const RecipeStage &check, const Model &checker)
{
    return presentationsOf(check).size() * checkMethodOf(check, checker).samples;
}

Status askCheck(const Recipe &recipe, const RecipeStage &check, const Model &checker, std::vector<Draft> &rows,
                const std::vector<size_t> &which, StageAnswers &from)
{
    CheckSource source(recipe, check, checker, rows, which);
    EVALWRIGHT_ASSIGN(const QList<StepAnswer> answers, from.answers(check, checker, source));
    QHash<qint64, const StepAnswer *> byStep;
    for (const StepAnswer &answer : answers)
        byStep.insert(answer.ordinal, &answer);
    const QList<Presentation> presentations = presentationsOf(check);
    const CheckMethod method = checkMethodOf(check, checker);
    for (const size_t index : which) {
        Draft &row = rows[index];
        bool failed = false;
        for (qsizetype i = 0; i < presentations.size(); ++i) {
            const qint64 first = (row.ordinal * presentations.size() + i) * method.samples;
            QList<const StepAnswer *> mine;
            for (int sample = 0; sample < method.samples; ++sample)
                mine << byStep.value(first + sample);
            DraftCheck said;
            said.stage = check.id;
            said.requirement = check.requirement;
            said.presentation = presentations.at(i).name;
            said.method = method.name();
            EVALWRIGHT_ASSIGN(const CheckWords words, checkWords(recipe, check, row, presentations.at(i)));
            EVALWRIGHT_TRY(readPresentation(mine, method, words, said));
            failed = failed || !said.error.isEmpty();
            row.checks << said;
        }
        judge(check, recipe.select, row, failed);
    }
    return {};
}

} // namespace evalwright
