// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/goldfile.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "review/shownitem.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/linereader.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"
#include "storage/statement.h"

#include <QFile>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 longestLine = qint64{1} << 20;

} // namespace

Result<QHash<qint64, json>> readGolds(Connection &connection, DatasetId dataset, const QString &path)
{
    EVALWRIGHT_TRY(requireRegularFile(path));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Storage, u"The gold items “%1” cannot be read."_s.arg(path), QString(), file.errorString());
    QHash<qint64, json> golds;
    LineReader lines(file, longestLine);
    QByteArray line;
    while (lines.next(line)) {
        if (line.trimmed().isEmpty() && !lines.tooLong())
            continue;
        const auto refused = [&](const QString &what) {
            return failure(Error(ErrorCode::InvalidInput, u"Line %1 of “%2”: %3."_s.arg(QString::number(lines.number()), path, what),
                                 u"Write lines such as {\"item_id\": \"…\", \"answers\": {\"answer\": \"Yes\"}}."_s)
                               .withConsequence(u"No review was begun."_s));
        };
        const json row = lines.tooLong() ? json() : parseForeignJson(line);
        if (!row.is_object() || !row.contains("answers") || !row["answers"].is_object())
            return refused(u"an object with the right answers is expected"_s);
        const bool byId = row.contains("item_id") && row["item_id"].is_string();
        const bool byText = !byId && row.contains("question") && row["question"].is_string();
        if (!byId && !byText)
            return refused(u"it names no item"_s);
        const QString named = QString::fromStdString(row[byId ? "item_id" : "question"].get<std::string>());
        EVALWRIGHT_ASSIGN(const QVariant found,
                          connection.value(u"SELECT min(id) FROM candidate WHERE dataset_id = ? AND %1 = ?"_s.arg(
                                               byId ? u"uuid"_s : u"question"_s),
                                           {dataset.value, named}));
        if (found.isNull())
            return refused(u"the data set has no such item"_s);
        if (golds.contains(found.toLongLong()))
            return refused(u"the item was named before"_s);
        golds.insert(found.toLongLong(), row["answers"]);
    }
    if (golds.isEmpty())
        return failure(ErrorCode::InvalidInput, u"“%1” names no gold item."_s.arg(path));
    return golds;
}

Result<QHash<qint64, json>> decidedGolds(Connection &connection, DatasetId dataset, const Questionnaire &questionnaire)
{
    QHash<qint64, json> golds;
    const ReviewQuestion *label = questionnaire.labelQuestion();
    if (!label)
        return golds;
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT a.candidate_id, a.answer FROM adjudication a JOIN review r ON r.id = a.review_id "
                                         u"WHERE r.dataset_id = ? ORDER BY a.id"_s,
                                         {dataset.value}, [&](const Statement::Row &row) {
                                             golds.insert(row.integer(0), {{label->id.toStdString(), row.text(1).toStdString()}});
                                         }));
    return golds;
}

Status adjudicate(Connection &connection, const Review &review, const QString &item, const QString &answer,
                  const QString &reason)
{
    EVALWRIGHT_ASSIGN(const CandidateRow row, candidateByUuid(connection, item));
    EVALWRIGHT_ASSIGN(const QVariant given, connection.value(u"SELECT 1 FROM review_item WHERE review_id = ? AND "
                                                             u"candidate_id = ?"_s,
                                                             {review.id.value, row.candidate.id.value}));
    if (given.isNull())
        return failure(ErrorCode::NotFound, u"The review “%1” does not have this item."_s.arg(review.name));
    EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(connection, review.questionnaireId));
    EVALWRIGHT_ASSIGN(const Questionnaire questionnaire, readQuestionnaire(record));
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, review.datasetId));
    const ReviewQuestion *label = questionnaire.labelQuestion();
    if (!label)
        return failure(ErrorCode::Unsupported, u"The questionnaire does not ask about the label."_s);
    EVALWRIGHT_TRY(checkedAnswers(questionnaire, {{label->id.toStdString(), answer.toStdString()}},
                                  shownItem(row.candidate, dataset.family).keys(), false));
    if (reason.trimmed().isEmpty())
        return failure(ErrorCode::InvalidInput, u"A decision needs a reason."_s);
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO adjudication (review_id, candidate_id, answer, reason, actor, created_at) "
                                      u"VALUES (?, ?, ?, ?, 'person', ?)"_s,
                                      {review.id.value, row.candidate.id.value, answer, reason.trimmed(), isoNow()}));
    return {};
}

} // namespace evalwright::review
