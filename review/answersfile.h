// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/sealedzip.h"
#include "review/sitting.h"

#include <vector>

namespace evalwright::review {

inline const QString answersFormat = QStringLiteral("evalwright-review-answers");

/// Whether it is a time in UTC as answers have it, "2026-11-29T12:00:00.000Z": one that there is, before the year 2100.
bool isUtcTime(const QString &text);

/// One event of a sitting on a bundle, as its journal and its answers file keep it.
struct AnswerEvent
{
    GivenJudgement given;
    QString itemId, contentHash; ///< As received in the bundle.
    QStringList optionOrder;
    int guidelineVersion = 0;
    bool sawPrediction = false; ///< The label was shown as a proposal, as other tools can; not kept in files.

    nlohmann::json toJson() const;
    /// Corrupt names the member that is wrong; `where` begins the sentence.
    static Result<AnswerEvent> fromJson(const nlohmann::json &line, const QString &where);
};

/// NAME.RATER.ewanswers (docs/review-bundles.md).
struct AnswersFile
{
    QString path;
    QString bundleId, projectId, reviewId;
    QString guidelineSha256, questionnaireSha256;
    Seal bundleSeal;
    QString rater;
    int slot = 0;
    QString programVersion, started, saved;
    std::vector<AnswerEvent> events; ///< In the order in which they were given.
    /// Where the rater worked: "bundle", or the tool of others, whose answers nobody checked while they were given. Of
    /// those each event that the questionnaire does not allow is listed, and the others are merged.
    QString origin = QStringLiteral("bundle");
};

/// Opens what may come from anybody. Errors of readSealedZip; Corrupt: malformed, with the line; an event that takes
/// back what no earlier one of the same place said.
Result<AnswersFile> readAnswers(const QString &path);
/// Equal content gives equal bytes.
Result<QByteArray> answersBytes(const AnswersFile &file);

} // namespace evalwright::review
