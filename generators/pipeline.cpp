// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/pipeline.h"

#include "core/statistics/random.h"
#include "generators/checkstage.h"
#include "generators/map/embed.h"
#include "generators/replyparser.h"
#include "generators/rowfilters.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using Kind = RecipeStage::Kind;

namespace {

/// The requests of an Ask stage, made as they are needed: samples one after another, rows alternating.
class AskSource final : public StageSource
{
public:
    AskSource(const Recipe &recipe, const RecipeStage &stage, const Model &model, QList<Draft> origins, qint64 rowsInAll,
              qint64 replies)
        : m_recipe(recipe), m_stage(stage), m_model(model), m_origins(std::move(origins)), m_rowsInAll(rowsInAll),
          m_replies(replies)
    {
    }
    qint64 size() const override { return m_origins.size() * m_replies; }
    qint64 ordinal(qint64 index) const override
    {
        // The place of a row never depends on which other rows are still in.
        return (index / m_origins.size()) * m_rowsInAll + m_origins.at(index % m_origins.size()).ordinal;
    }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        QList<PlannedRequest> list;
        for (const qint64 index : indices) {
            const Draft &origin = m_origins.at(index % m_origins.size());
            EVALWRIGHT_ASSIGN(LmRequest request, askRequest(m_recipe, m_stage, m_model, origin.values, origin.target,
                                                            index / m_origins.size()));
            list << PlannedRequest{ordinal(index), std::move(request)};
        }
        return list;
    }

private:
    const Recipe &m_recipe;
    const RecipeStage &m_stage;
    const Model &m_model;
    QList<Draft> m_origins;
    qint64 m_rowsInAll, m_replies;
};

/// The texts of the rows that a rule compares by a model's vectors.
class EmbedSource final : public StageSource
{
public:
    EmbedSource(const std::vector<Draft> &rows, const ComparedRows &compared) : m_rows(rows), m_compared(compared) {}
    qint64 size() const override { return static_cast<qint64>(m_compared.rows.size()); }
    qint64 ordinal(qint64 index) const override { return m_rows[m_compared.rows[static_cast<size_t>(index)]].ordinal; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        QList<PlannedRequest> list;
        for (const qint64 index : indices)
            list << PlannedRequest{ordinal(index), embeddingRequest(m_compared.texts.at(index))};
        return list;
    }

private:
    const std::vector<Draft> &m_rows;
    const ComparedRows &m_compared;
};

} // namespace

Error stoppedWhilePlanning()
{
    return Error(ErrorCode::Cancelled, u"Stopped as asked."_s, u"Run the same again to go on where it stopped."_s)
        .withConsequence(u"Everything answered so far is kept."_s);
}

Status StageAnswers::eachAnswer(const RecipeStage &stage, const Model &model, StageSource &source,
                                const std::function<Status(const StepAnswer &)> &use)
{
    EVALWRIGHT_ASSIGN(QList<StepAnswer> all, answers(stage, model, source));
    std::ranges::sort(all, {}, &StepAnswer::ordinal);
    for (const StepAnswer &answer : std::as_const(all))
        EVALWRIGHT_TRY(use(answer));
    return {};
}

Pipeline::Pipeline(const Recipe &recipe, const Model &writer, const Model &checker, const Model &embedder,
                   std::optional<qint64> limit, StageAnswers &answers, const CancellationToken &token,
                   QHash<QString, Severity> severities)
    : m_recipe(recipe), m_writer(writer), m_checker(checker), m_embedder(embedder), m_limit(limit), m_answers(answers),
      m_token(token), m_severities(std::move(severities)), m_targets(targetsOf(recipe))
{
}

qint64 Pipeline::repliesPerRow(const RecipeStage &stage, std::optional<qint64> limit)
{
    const auto replies = [&](qint64 texts) { return (texts + stage.perReply - 1) / stage.perReply; };
    // A limit counts requests, as it always did.
    return limit ? std::min(*limit, replies(stage.count)) : replies(stage.count);
}

const Model &Pipeline::modelFor(const RecipeStage &stage) const
{
    return stage.role == "checker"_L1 ? m_checker : m_writer;
}

Result<DraftSet> Pipeline::run()
{
    startFromOccupations();
    for (const RecipeStage &stage : m_recipe.stages) {
        if (m_token.isCancelled())
            return failure(stoppedWhilePlanning());
        switch (stage.kind) {
        case Kind::Ask:
            EVALWRIGHT_TRY(ask(stage));
            break;
        case Kind::Check:
            EVALWRIGHT_TRY(check(stage));
            break;
        case Kind::Filter:
            EVALWRIGHT_TRY(filter(stage));
            break;
        case Kind::Compose:
            EVALWRIGHT_TRY(compose(stage));
            break;
        }
    }
    EVALWRIGHT_TRY(selectDrafts(m_recipe, m_recipe.select, m_set.candidates, m_token));
    return std::move(m_set);
}

void Pipeline::startFromOccupations()
{
    if (m_recipe.occupations.isEmpty())
        return;
    m_set.hasMaterials = true;
    m_materialPlaces = m_recipe.occupations.size();
    const qint64 rows = m_limit ? std::min<qint64>(*m_limit, m_recipe.occupations.size()) : m_recipe.occupations.size();
    for (qint64 i = 0; i < rows; ++i) {
        const OccupationRow &row = m_recipe.occupations[i];
        Draft material;
        material.target = 0;
        material.ordinal = i;
        material.parseStatus = u"ok"_s;
        material.values.insert(u"title"_s, row.title);
        material.values.insert(u"phrase"_s, row.title);
        if (!row.occupation.isEmpty())
            material.values.insert(u"occupation"_s, row.occupation);
        if (!row.otherPerson.isEmpty())
            material.values.insert(u"other"_s, row.otherPerson);
        if (row.percentWomen)
            material.values.insert(u"percent_women"_s, QString::number(*row.percentWomen, 'g', 17));
        m_set.materials.push_back(std::move(material));
    }
}

TemplateValues Pipeline::promptValues(const Draft &row) const
{
    TemplateValues values = commonValues(m_recipe, m_targets.value(row.target));
    values.insert(row.values);
    return values;
}

Status Pipeline::ask(const RecipeStage &stage)
{
    return stage.givesRows() ? askForRows(stage) : askForField(stage);
}

Status Pipeline::finishCandidate(Draft &draft) const
{
    if (m_recipe.family == "persona"_L1) {
        draft.statement = draft.values.take(u"statement"_s);
        draft.matchingLabel = draft.label;
        for (const RecipeTarget &target : m_targets) {
            if (target.label != draft.label)
                draft.otherLabels << target.label;
        }
    } else if (m_recipe.family == "multiple-choice"_L1) {
        // A writer that gave no answer line was shown examples that all have this one.
        if (draft.matching < 0)
            draft.matching = draft.target;
        draft.values.insert(u"written_letter"_s, QString(QChar(u'A' + draft.matching)));
    } else if (m_recipe.family == "winogender"_L1) {
        draft.otherLabels = pronounForms(draft.values.value(u"placeholder"_s));
        draft.cluster = draft.values.value(u"occupation"_s);
    }
    if (draft.parseStatus != "ok"_L1)
        return {};
    return frameCandidate(m_recipe, draft);
}

Status Pipeline::readReply(const RecipeStage &stage, const StepAnswer &answer, const Draft &origin,
                           const Opening &opening, Rows &out) const
{
    Draft draft = origin;
    draft.ordinal = answer.ordinal * stage.perReply;
    draft.responseId = answer.responseId;
    if (!answer.responseId.isValid()) {
        draft.parseStatus = u"http-error"_s;
        draft.rawReply = answer.error;
        draft.reject(u"answered"_s, u"http-error"_s);
        out.push_back(std::move(draft));
        return {};
    }
    EVALWRIGHT_ASSIGN(const Reply reply, evalwright::readReply(answer.path, answer.body));
    const ReplyParser *parser = replyParser(stage.parse);
    const ReplyParts parsed = parser->parse(
        {reply.text, opening.prefill, opening.opened, reply.finishReason == "length"_L1, stage.perReply});
    draft.rawReply = reply.text;
    draft.prefillStripped = parsed.prefillStripped;
    const bool refusedByServer = !reply.refusal.isEmpty() || reply.finishReason == "content_filter"_L1;
    for (const ReplyPart &part : parsed.parts) {
        // A reply may hold more texts than asked for; the rest has no place.
        if (part.position >= stage.perReply)
            break;
        Draft each = draft;
        each.positionInReply = part.position;
        each.ordinal += part.position;
        each.parseStatus = refusedByServer ? u"refused"_s : part.status;
        each.values.insert(part.values);
        each.options = part.options;
        each.matching = part.matching;
        each.cut = part.cut;
        if (each.parseStatus != "ok"_L1)
            each.reject(u"parsed"_s, each.parseStatus);
        if (stage.gives == "candidates"_L1)
            EVALWRIGHT_TRY(finishCandidate(each));
        out.push_back(std::move(each));
    }
    return {};
}

Status Pipeline::askForRows(const RecipeStage &stage)
{
    QList<Draft> origins;
    qint64 rowsInAll = m_targets.size();
    if (m_set.hasMaterials) {
        rowsInAll = m_materialPlaces;
        for (size_t i = 0; i < m_set.materials.size(); ++i) {
            const Draft &material = m_set.materials[i];
            if (material.isRejected())
                continue;
            Draft origin;
            origin.target = material.target;
            origin.label = material.label;
            origin.ordinal = material.ordinal;
            origin.material = static_cast<int>(i);
            origin.values = material.values;
            origins << origin;
        }
    } else {
        for (int i = 0; i < m_targets.size(); ++i) {
            Draft origin;
            origin.target = i;
            origin.label = m_targets.at(i).label;
            origin.ordinal = i;
            origins << origin;
        }
    }
    QHash<qint64, Draft> byPlace;
    for (const Draft &origin : std::as_const(origins))
        byPlace.insert(origin.ordinal, origin);
    QHash<qint64, Opening> openings; // The same for every sample of a row.
    for (Draft &origin : origins) {
        origin.values = promptValues(origin);
        EVALWRIGHT_ASSIGN(const Opening opening, openingOf(stage, modelFor(stage), origin.values));
        openings.insert(origin.ordinal, opening);
    }
    QList<StepAnswer> answers;
    if (!origins.isEmpty()) {
        AskSource source(m_recipe, stage, modelFor(stage), origins, rowsInAll, repliesPerRow(stage, m_limit));
        EVALWRIGHT_ASSIGN(answers, m_answers.answers(stage, modelFor(stage), source));
    }
    Rows made;
    made.reserve(static_cast<size_t>(answers.size() * stage.perReply));
    for (const StepAnswer &answer : std::as_const(answers)) {
        Draft origin = byPlace.value(answer.ordinal % rowsInAll);
        origin.sample = answer.ordinal / rowsInAll;
        if (stage.examples > 0)
            origin.golds = drawnGolds(m_recipe, stage, origin.target, origin.sample);
        EVALWRIGHT_TRY(readReply(stage, answer, origin, openings.value(origin.ordinal), made));
    }
    std::ranges::sort(made, {}, &Draft::ordinal);
    if (stage.gives == "candidates"_L1) {
        m_set.candidates = std::move(made);
        m_haveCandidates = true;
    } else {
        m_set.hasMaterials = true;
        m_set.materials = std::move(made);
        m_materialPlaces = rowsInAll * repliesPerRow(stage, {}) * stage.perReply;
    }
    return {};
}

Status Pipeline::askForField(const RecipeStage &stage)
{
    QList<Draft> origins;
    QHash<qint64, size_t> byPlace;
    Rows &all = rows();
    qint64 last = 0;
    for (size_t i = 0; i < all.size(); ++i) {
        const bool has = !stage.unlessField.isEmpty() && !all[i].values.value(stage.unlessField).isEmpty();
        last = std::max(last, all[i].ordinal);
        if (all[i].isRejected() || has)
            continue;
        Draft origin;
        origin.ordinal = all[i].ordinal;
        origin.target = all[i].target;
        origin.values = all[i].values;
        origin.values = promptValues(origin);
        origins << origin;
        byPlace.insert(origin.ordinal, i);
    }
    if (origins.isEmpty())
        return {};
    AskSource source(m_recipe, stage, modelFor(stage), origins, last + 1, 1);
    EVALWRIGHT_ASSIGN(const QList<StepAnswer> answers, m_answers.answers(stage, modelFor(stage), source));
    QSet<qint64> answered;
    RecipeStage single = stage;
    single.perReply = 1;
    for (const StepAnswer &answer : answers) {
        const auto place = byPlace.constFind(answer.ordinal);
        if (place == byPlace.constEnd())
            continue;
        answered.insert(answer.ordinal);
        Draft &row = all[*place];
        Rows read;
        EVALWRIGHT_ASSIGN(const Opening opening, openingOf(stage, modelFor(stage), promptValues(row)));
        EVALWRIGHT_TRY(readReply(single, answer, row, opening, read));
        const Draft &first = read.front();
        DraftCheck trace;
        trace.stage = stage.id;
        trace.responseId = answer.responseId;
        trace.error = answer.error;
        row.checks << trace;
        if (first.isRejected())
            row.reject(stage.funnelId(), first.reason);
        else
            row.values.insert(stage.gives, first.values.value(u"line"_s));
    }
    for (auto place = byPlace.constBegin(); place != byPlace.constEnd(); ++place) {
        if (!answered.contains(place.key()))
            all[place.value()].reject(stage.funnelId(), u"http-error"_s);
    }
    return {};
}

Status Pipeline::check(const RecipeStage &stage)
{
    Rows &all = rows();
    std::vector<size_t> active;
    for (size_t i = 0; i < all.size(); ++i) {
        const bool has = !stage.unlessField.isEmpty() && !all[i].values.value(stage.unlessField).isEmpty();
        if (!all[i].isRejected() && !has)
            active.push_back(i);
    }
    if (active.empty())
        return {};
    return askCheck(m_recipe, stage, modelFor(stage), all, active, m_answers);
}

Status Pipeline::filter(const RecipeStage &stage)
{
    for (const FilterRule &rule : stage.rules) {
        EVALWRIGHT_TRY(rule.byModel ? filterByModel(stage, rule)
                                    : applyRule(m_recipe, stage, rule, m_severities, rows(), m_token));
    }
    return {};
}

/// The vectors are asked for through the job's journal, as everything is.
Status Pipeline::filterByModel(const RecipeStage &stage, const FilterRule &rule)
{
    Rows &all = rows();
    const ComparedRows compared = comparedRows(m_recipe, all);
    if (compared.rows.empty())
        return {};
    QHash<qint64, size_t> placeOf;
    for (size_t i = 0; i < compared.rows.size(); ++i)
        placeOf.insert(all[compared.rows[i]].ordinal, i);
    std::vector<std::vector<float>> vectors(compared.rows.size());
    EmbedSource source(all, compared);
    EVALWRIGHT_TRY(m_answers.eachAnswer(stage, m_embedder, source, [&](const StepAnswer &answer) -> Status {
        const auto place = placeOf.constFind(answer.ordinal);
        if (place == placeOf.constEnd() || !answer.responseId.isValid())
            return {};
        EVALWRIGHT_ASSIGN(const Reply reply, evalwright::readReply(answer.path, answer.body));
        vectors[*place] = vectorOf(reply);
        return {};
    }));
    return rejectAlike(stage, rule, compared, std::move(vectors), all, m_token);
}

Status Pipeline::compose(const RecipeStage &stage)
{
    return stage.compose == "questions"_L1 ? composeQuestions() : composeOptionOrder();
}

/// Every biography with every question of the bank, or with its own question when it was written for an option.
Status Pipeline::composeQuestions()
{
    const QList<BankQuestion> &questions = m_recipe.bank.questions;
    const bool perOption = m_recipe.targets.isEmpty();
    for (size_t i = 0; i < m_set.materials.size(); ++i) {
        const Draft &material = m_set.materials[i];
        if (material.isRejected())
            continue;
        if (m_token.isCancelled())
            return failure(stoppedWhilePlanning());
        const QString target = m_targets.at(material.target).id;
        for (qsizetype q = 0; q < questions.size(); ++q) {
            const BankQuestion &question = questions[q];
            const auto option = target.lastIndexOf(u':');
            if (perOption && target.left(option) != question.id)
                continue;
            Draft draft;
            draft.target = material.target;
            draft.label = material.label;
            draft.sample = material.sample;
            draft.material = static_cast<int>(i);
            draft.ordinal = perOption ? material.ordinal : material.ordinal * questions.size() + q;
            draft.responseId = material.responseId;
            draft.rawReply = material.rawReply;
            draft.prefillStripped = material.prefillStripped;
            draft.parseStatus = u"ok"_s;
            draft.options = question.options;
            draft.matching = perOption ? target.mid(option + 1).toInt() : question.answers.value(target);
            draft.cluster = question.id;
            draft.values.insert(u"biography"_s, material.values.value(u"biography"_s));
            draft.values.insert(u"bare_question"_s, question.stem + optionLines(question.options) + u"\n\nAnswer:"_s);
            draft.values.insert(u"question_id"_s, question.id);
            draft.values.insert(u"biography_id"_s, u"%1-%2"_s.arg(target).arg(material.sample));
            EVALWRIGHT_TRY(frameCandidate(m_recipe, draft));
            m_set.candidates.push_back(std::move(draft));
        }
    }
    std::ranges::sort(m_set.candidates, {}, &Draft::ordinal);
    m_haveCandidates = true;
    return {};
}

/// A seeded coin per candidate decides which option comes first, so that the letter carries nothing.
Status Pipeline::composeOptionOrder()
{
    statistics::RandomStream coins(static_cast<std::uint64_t>(m_recipe.seed), "option-order");
    for (Draft &draft : m_set.candidates) {
        if (draft.parseStatus != "ok"_L1 || draft.options.size() != 2)
            continue;
        if ((coins.word(static_cast<std::uint32_t>(draft.ordinal)) & 1U) != 0U) {
            draft.options.swapItemsAt(0, 1);
            draft.matching = 1 - draft.matching;
        }
        EVALWRIGHT_TRY(frameCandidate(m_recipe, draft));
    }
    return {};
}

} // namespace evalwright
