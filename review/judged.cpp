// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/judged.h"

#include "core/foreignjson.h"
#include "review/shownitem.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"
#include "storage/statement.h"

#include <QSet>

#include <algorithm>
#include <array>
#include <tuple>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype itemsAtOnce = 1000;

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
Status readItems(Connection &connection, Judged &judged, QHash<qint64, qint32> &places, QHash<qint64, QString> &hashes,
                 QHash<qint64, QString> &golds, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, judged.review.datasetId));
    EVALWRIGHT_ASSIGN(const auto stored, reviewItems(connection, judged.review.id));
    QSet<QString> options;
    QStringList labels; // By item.
    const QList<qint64> ids = stored.keys();
    for (qsizetype from = 0; from < ids.size(); from += itemsAtOnce) {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"Stopped as asked."_s);
        EVALWRIGHT_ASSIGN(const QList<Candidate> some, candidatesById(connection, ids.mid(from, itemsAtOnce)));
        for (const Candidate &candidate : some) {
            const ShownItem shown = shownItem(candidate, dataset.family);
            const ReviewItem &item = stored[candidate.id.value];
            JudgedItem made;
            made.candidate = candidate.id.value;
            made.ordinal = candidate.ordinal;
            made.uuid = candidate.uuid;
            made.stratum = item.stratum;
            made.cluster = candidate.cluster;
            made.confidence = candidate.labelConfidence;
            made.isGold = !item.gold.isEmpty();
            hashes.insert(candidate.id.value, shown.contentHash);
            if (made.isGold)
                golds.insert(candidate.id.value, item.gold);
            for (const ShownOption &option : shown.options)
                options << option.key;
            judged.items.push_back(std::move(made));
            labels << keyOfLabel(candidate.matchingLabel);
        }
    }
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
            item.gold = coder.codes(storedJson(golds.value(item.candidate)));
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
    QHash<qint64, QString> hashes, golds;
    EVALWRIGHT_TRY(readItems(connection, judged, places, hashes, golds, token));

    QMap<QString, qint64> codes; // Sorted, so that the order of raters does not depend on who came first.
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT code, id FROM rater WHERE id IN (SELECT rater_id FROM review_slot WHERE "
                                         u"review_id = ?1 UNION SELECT rater_id FROM judgement WHERE review_id = ?1)"_s,
                                         {review.id.value},
                                         [&](const Statement::Row &row) { codes.insert(row.text(0), row.integer(1)); }));
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
    const bool wantsWork = !token.isCancelled();
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT j.candidate_id, j.rater_id, j.slot, j.position, j.state, j.answers, j.content_hash, j.seconds_active, "
        u"j.submitted_at, j.uuid, coalesce(a.is_repeat, 0) FROM judgement_current j LEFT JOIN assignment a ON "
        u"a.review_id = j.review_id AND a.slot = j.slot AND a.position = j.position WHERE j.review_id = ?"_s,
        {review.id.value}, [&](const Statement::Row &row) {
            const auto item = places.constFind(row.integer(0));
            if (item == places.constEnd() || !wantsWork)
                return;
            Read one{row.integer(2), row.integer(3), row.text(8), row.text(9), {}};
            one.answer.item = *item;
            one.answer.rater = raters.value(row.integer(1));
            one.answer.isRepeat = row.integer(10) == 1;
            const QString state = row.text(4);
            one.answer.isSkipped = state == skippedState;
            one.answer.isBroken = state == brokenState;
            one.answer.isChanged = row.text(6) != hashes.value(row.integer(0));
            one.answer.secondsActive = static_cast<float>(row.real(7));
            const std::string_view text = row.bytes(5);
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
