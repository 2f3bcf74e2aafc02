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
    Judged &m_judged;
    std::vector<std::string> m_ids;
};

/// The items of the review, with what they look like by now.
Status readItems(Connection &connection, Judged &judged, QHash<qint64, qint32> &places, QHash<qint64, QByteArray> &hashes,
                 const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, judged.review.datasetId));
    QSet<QString> options;
    QStringList labels, golds; // By item.
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT c.id, c.ordinal, c.uuid, c.cluster, c.label_confidence, c.question, c.statement, c.matching_label, "
        u"c.other_labels, c.fields, i.stratum, i.gold FROM review_item i JOIN candidate c ON c.id = i.candidate_id "
        u"WHERE i.review_id = ?"_s,
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
            hashes.insert(made.candidate, shown.contentHash.toLatin1());
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
    QHash<qint64, QByteArray> hashes;
    EVALWRIGHT_TRY(readItems(connection, judged, places, hashes, token));

    QMap<QString, qint64> codes; // Sorted, so that the order of raters does not depend on who came first.
    const auto add = [&](const Statement::Row &row) {
        // A list that went away in a bundle is held by nobody yet.
        if (row.isNull(2) || row.text(0) != nobodyYet(review.uuid, static_cast<int>(row.integer(2))))
            codes.insert(row.text(0), row.integer(1));
    };
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT r.code, r.id, s.slot FROM review_slot s JOIN rater r ON r.id = s.rater_id "
                                         u"WHERE s.review_id = ?"_s,
                                         {review.id.value}, add));
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT code, id, NULL FROM rater WHERE id IN (SELECT rater_id FROM judgement "
                                         u"WHERE review_id = ?)"_s,
                                         {review.id.value}, add));
    QHash<qint64, qint32> raters;
    for (auto it = codes.cbegin(); it != codes.cend(); ++it) {
        raters.insert(it.value(), static_cast<qint32>(judged.raters.size()));
        judged.raters << it.key();
    }
    EVALWRIGHT_ASSIGN(const QVariant events, connection.value(u"SELECT count(*) FROM judgement WHERE review_id = ?"_s,
                                                              {review.id.value}));
    judged.judgements = events.toLongLong();

    struct Read
    {
        qint64 slot, position;
        QString at, uuid;
        JudgedAnswer answer;
    };
    std::vector<Read> all;
    const Coder coder(judged);
    // Second showings and judgements that were taken back are few.
    std::set<std::pair<qint64, qint64>> repeats;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT slot, position FROM assignment WHERE review_id = ? AND is_repeat = 1"_s,
                                         {review.id.value}, [&](const Statement::Row &row) {
                                             repeats.emplace(row.integer(0), row.integer(1));
                                         }));
    QSet<QString> replaced;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT replaces FROM judgement WHERE review_id = ? AND replaces <> ''"_s,
                                         {review.id.value},
                                         [&](const Statement::Row &row) { replaced << row.text(0); }));
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT candidate_id, rater_id, slot, position, state, answers, content_hash, seconds_active, submitted_at, uuid "
        u"FROM judgement WHERE review_id = ? AND state <> 'withdrawn'"_s,
        {review.id.value}, [&](const Statement::Row &row) {
            const auto item = places.constFind(row.integer(0));
            if (item == places.constEnd() || token.isCancelled())
                return;
            Read one{row.integer(2), row.integer(3), row.text(8), row.text(9), {}};
            if (!replaced.isEmpty() && replaced.contains(one.uuid))
                return;
            one.answer.item = *item;
            one.answer.rater = raters.value(row.integer(1));
            one.answer.isRepeat = repeats.contains({one.slot, one.position});
            const std::string_view state = row.bytes(4), hash = row.bytes(6), text = row.bytes(5);
            one.answer.isSkipped = state == "skipped";
            one.answer.isBroken = state == "broken";
            const QByteArray &now = hashes[row.integer(0)];
            one.answer.isChanged = hash != std::string_view(now.constData(), static_cast<size_t>(now.size()));
            one.answer.secondsActive = static_cast<float>(row.real(7));
            one.answer.codes = coder.codes(json::parse(text.begin(), text.end(), nullptr, false));
            all.push_back(std::move(one));
        }));
    if (token.isCancelled())
        return failure(ErrorCode::Cancelled, u"Stopped as asked."_s);
    std::ranges::sort(all, [](const Read &a, const Read &b) {
        return std::tie(a.answer.item, a.answer.rater, a.slot, a.position, a.at, a.uuid) <
               std::tie(b.answer.item, b.answer.rater, b.slot, b.position, b.at, b.uuid);
    });
    for (size_t i = 0; i < all.size(); ++i) {
        const Read &one = all[i];
        const bool isLast = i + 1 == all.size() || all[i + 1].answer.item != one.answer.item ||
                            all[i + 1].answer.rater != one.answer.rater || all[i + 1].slot != one.slot ||
                            all[i + 1].position != one.position;
        if (isLast)
            judged.answers.push_back(one.answer);
    }
    return judged;
}

} // namespace evalwright::review
