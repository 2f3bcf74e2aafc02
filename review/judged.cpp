// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/judged.h"

#include "core/foreignjson.h"
#include "core/jsontexts.h"
#include "review/givenlists.h"
#include "review/shownitem.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"
#include "storage/statement.h"

#include <QSet>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QStringList categoriesOf(const ReviewQuestion &question)
{
    QStringList keys;
    if (question.kind == QuestionKind::Scale) {
        for (int step = question.low; step <= question.high; ++step)
            keys << QString::number(step);
    } else if (question.kind == QuestionKind::Flag) {
        keys = {u"false"_s, u"true"_s};
    }
    for (const ReviewChoice &choice : question.choices)
        keys << choice.key;
    return keys; // Of options: what the items have, found while reading.
}

/// Answers as indices into the categories.
class Coder
{
public:
    explicit Coder(Judged &judged) : m_judged(judged)
    {
        for (const JudgedQuestion &question : judged.questions)
            m_ids.push_back(question.id.toStdString());
    }
    qint16 code(qsizetype question, const QString &key) const
    {
        return static_cast<qint16>(m_judged.questions.at(question).categories.indexOf(key));
    }
    /// Of the stored text. Most of many judgements say the same as one before, which is then not read again.
    const std::vector<qint16> &codesOf(std::string_view answers)
    {
        if (const auto known = m_known.find(answers); known != m_known.end())
            return known->second;
        if (m_known.size() >= mostKnown)
            m_known.clear();
        return m_known.emplace(answers, codes(json::parse(answers.begin(), answers.end(), nullptr, false))).first->second;
    }
    std::vector<qint16> codes(const json &answers) const
    {
        std::vector<qint16> list(m_ids.size(), -1);
        if (!answers.is_object())
            return list;
        for (size_t i = 0; i < m_ids.size(); ++i) {
            const auto found = answers.find(m_ids[i]);
            if (found == answers.end())
                continue;
            const auto question = static_cast<qsizetype>(i);
            if (found->is_string())
                list[i] = code(question, QString::fromStdString(found->get_ref<const std::string &>()));
            else if (found->is_number_integer())
                list[i] = code(question, QString::number(found->get<qint64>()));
            else if (found->is_boolean())
                list[i] = found->get<bool>() ? 1 : 0;
        }
        return list;
    }

private:
    static constexpr std::size_t mostKnown = 10'000; ///< With comments hardly two are alike.
    Judged &m_judged;
    std::vector<std::string> m_ids;
    std::map<std::string, std::vector<qint16>, std::less<>> m_known;
};

/// The items of the review that somebody judged, in this review or in another one (an index says which without a look at
/// the judgements), with what they look like by now. A list of a million items is read again after each answer while its
/// page is open, so the others are left where they are.
Status readItems(Connection &connection, Judged &judged, QHash<qint64, qint32> &places, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, judged.review.datasetId));
    QSet<QString> options;
    QStringList labels, golds; // By item.
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT c.id, c.ordinal, c.uuid, c.cluster, c.label_confidence, c.question, c.statement, c.matching_label, "
        u"c.other_labels, c.fields, i.stratum, i.gold "
        u"FROM (SELECT DISTINCT candidate_id FROM judgement) j "
        u"CROSS JOIN review_item i ON i.review_id = ? AND i.candidate_id = j.candidate_id "
        u"CROSS JOIN candidate c ON c.id = i.candidate_id"_s,
        {judged.review.id.value}, [&](const Statement::Row &row) {
            if (token.isCancelled())
                return;
            Candidate candidate; // What is shown of it needs no more.
            candidate.uuid = row.text(2);
            candidate.question = row.text(5);
            candidate.statement = row.text(6);
            candidate.matchingLabel = row.text(7);
            candidate.otherLabels = storedTexts(row.text(8));
            candidate.fields = row.text(9);
            const ShownItem shown = shownItem(candidate, dataset.family);
            JudgedItem made;
            made.candidate = row.integer(0);
            made.ordinal = row.integer(1);
            made.uuid = candidate.uuid;
            made.cluster = row.text(3);
            if (!row.isNull(4))
                made.confidence = row.real(4);
            made.stratum = row.text(10);
            made.isGold = !row.bytes(11).empty();
            golds << row.text(11);
            made.contentHash = shown.contentHash.toStdString();
            for (const ShownOption &option : shown.options)
                options << option.key;
            labels << keyOfLabel(candidate.matchingLabel);
            judged.items.push_back(std::move(made));
        }));
    if (token.isCancelled())
        return failure(ErrorCode::Cancelled, u"Stopped as asked."_s);
    if (judged.labelQuestion >= 0 && judged.questions.at(judged.labelQuestion).kind == QuestionKind::Options) {
        QStringList keys(options.begin(), options.end());
        keys.sort();
        judged.questions[judged.labelQuestion].categories = keys;
    }
    const Coder coder(judged);
    for (size_t i = 0; i < judged.items.size(); ++i) {
        JudgedItem &item = judged.items[i];
        if (judged.labelQuestion >= 0)
            item.label = coder.code(judged.labelQuestion, labels.at(static_cast<qsizetype>(i)));
        if (item.isGold)
            item.gold = coder.codes(storedJson(golds.at(static_cast<qsizetype>(i))));
    }
    if (!std::ranges::is_sorted(judged.items, {}, &JudgedItem::ordinal))
        std::ranges::sort(judged.items, {}, &JudgedItem::ordinal);
    for (size_t i = 0; i < judged.items.size(); ++i)
        places.insert(judged.items[i].candidate, static_cast<qint32>(i));
    return connection.forEachRow(u"SELECT candidate_id, answer FROM adjudication WHERE review_id = ? ORDER BY id"_s,
                                 {judged.review.id.value}, [&](const Statement::Row &row) {
                                     const auto place = places.constFind(row.integer(0));
                                     if (place != places.constEnd())
                                         judged.items[static_cast<size_t>(*place)].adjudicated = row.text(1);
                                 });
}

} // namespace

Result<Judged> readJudged(Connection &connection, const Review &review, const CancellationToken &token)
{
    if (token.isCancelled()) // Often asked for, and taken back before its turn comes.
        return failure(ErrorCode::Cancelled, u"Stopped as asked."_s);
    Judged judged;
    judged.review = review;
    EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(connection, review.questionnaireId));
    EVALWRIGHT_ASSIGN(judged.questionnaire, readQuestionnaire(record));
    const ReviewQuestion *label = judged.questionnaire.labelQuestion();
    for (const ReviewQuestion &question : judged.questionnaire.questions) {
        if (question.kind == QuestionKind::Text || question.kind == QuestionKind::MultiChoice)
            continue;
        if (&question == label)
            judged.labelQuestion = judged.questions.size();
        judged.questions << JudgedQuestion{question.id, question.kind, categoriesOf(question)};
    }
    QHash<qint64, qint32> places;
    EVALWRIGHT_TRY(readItems(connection, judged, places, token));

    struct Read
    {
        qint64 slot, position, rater;
        JudgedAnswer answer;
    };
    std::vector<Read> all;
    // What was said at the place that is being read, by whom, and when: the latest of a rater counts.
    struct Said
    {
        std::size_t at;
        QString submittedAt, uuid;
    };
    std::vector<Said> here;
    QSet<qint64> wrote;        // Raters with a judgement.
    QMap<qint64, qint64> ends; // By slot, the last place with a judgement.
    Coder coder(judged);
    // Few were taken back, and an index of their own says which: without the sign the index of the review would be used.
    QSet<QString> replaced;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT replaces FROM judgement WHERE +review_id = ? AND replaces <> ''"_s,
                                         {review.id.value},
                                         [&](const Statement::Row &row) { replaced << row.text(0); }));
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT candidate_id, rater_id, slot, position, state, answers, content_hash, seconds_active, submitted_at, uuid "
        u"FROM judgement WHERE review_id = ? ORDER BY slot, position"_s,
        {review.id.value}, [&](const Statement::Row &row) {
            if (token.isCancelled())
                return;
            ++judged.judgements;
            wrote << row.integer(1);
            const std::string_view state = row.bytes(4);
            const auto item = places.constFind(row.integer(0));
            if (item == places.constEnd() || state == "withdrawn")
                return;
            const Said said{all.size(), row.text(8), row.text(9)};
            if (!replaced.isEmpty() && replaced.contains(said.uuid))
                return;
            Read one{row.integer(2), row.integer(3), row.integer(1), {}};
            one.answer.item = *item;
            one.answer.isSkipped = state == "skipped";
            one.answer.isBroken = state == "broken";
            one.answer.isChanged = row.bytes(6) != judged.items[static_cast<size_t>(*item)].contentHash;
            one.answer.secondsActive = static_cast<float>(row.real(7));
            one.answer.codes = coder.codesOf(row.bytes(5));
            if (all.empty() || all.back().slot != one.slot || all.back().position != one.position)
                here.clear();
            const auto earlier = std::ranges::find(here, one.rater, [&](const Said &other) { return all[other.at].rater; });
            if (earlier == here.end()) {
                here.push_back(said);
                ends[one.slot] = one.position;
                all.push_back(std::move(one));
            } else if (std::tie(said.submittedAt, said.uuid) > std::tie(earlier->submittedAt, earlier->uuid)) {
                all[earlier->at] = std::move(one);
                *earlier = {earlier->at, said.submittedAt, said.uuid};
            }
        }));
    if (token.isCancelled())
        return failure(ErrorCode::Cancelled, u"Stopped as asked."_s);
    // Second showings, as far as raters have come.
    std::set<std::pair<qint64, qint64>> repeats;
    for (auto it = ends.cbegin(); it != ends.cend(); ++it) {
        EVALWRIGHT_TRY(connection.forEachRow(
            u"SELECT position FROM assignment WHERE review_id = ? AND slot = ? AND position <= ? AND is_repeat = 1"_s,
            {review.id.value, it.key(), it.value()},
            [&](const Statement::Row &row) { repeats.emplace(it.key(), row.integer(0)); }));
    }

    QMap<QString, qint64> codes; // Sorted, so that the order of raters does not depend on who came first.
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT r.code, r.id, s.slot FROM rater r LEFT JOIN review_slot s ON s.review_id = ? AND s.rater_id = r.id"_s,
        {review.id.value}, [&](const Statement::Row &row) {
            // A list that went away in a bundle is held by nobody yet.
            const bool holds = !row.isNull(2) && row.text(0) != nobodyYet(review.uuid, static_cast<int>(row.integer(2)));
            if (holds || wrote.contains(row.integer(1)))
                codes.insert(row.text(0), row.integer(1));
        }));
    QHash<qint64, qint32> raters;
    for (auto it = codes.cbegin(); it != codes.cend(); ++it) {
        raters.insert(it.value(), static_cast<qint32>(judged.raters.size()));
        judged.raters << it.key();
    }
    for (Read &one : all) {
        one.answer.rater = raters.value(one.rater);
        one.answer.isRepeat = repeats.contains({one.slot, one.position});
    }
    std::ranges::sort(all, {}, [](const Read &one) {
        return std::tuple(one.answer.item, one.answer.rater, one.slot, one.position);
    });
    judged.answers.reserve(all.size());
    for (Read &one : all)
        judged.answers.push_back(std::move(one.answer));
    return judged;
}

} // namespace evalwright::review
