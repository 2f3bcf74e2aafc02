// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/judgementjson.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/jsontexts.h"
#include "review/acceptance.h"
#include "review/merge.h"
#include "storage/repositories/reviews.h"

#include <QSet>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

Result<QString> JudgementJson::text(QHash<qint64, QString> &known, const QString &sql, qint64 id)
{
    if (const auto found = known.constFind(id); found != known.constEnd())
        return *found;
    EVALWRIGHT_ASSIGN(const QVariant value, m_connection.value(sql, {id}));
    known.insert(id, value.toString());
    return value.toString();
}

Result<json> JudgementJson::of(const Judgement &j)
{
    EVALWRIGHT_ASSIGN(const QString rater, text(m_raters, u"SELECT code FROM rater WHERE id = ?"_s, j.raterId.value));
    EVALWRIGHT_ASSIGN(const QString review, text(m_reviews, u"SELECT uuid FROM review WHERE id = ?"_s, j.reviewId.value));
    EVALWRIGHT_ASSIGN(const QString item, text(m_items, u"SELECT uuid FROM candidate WHERE id = ?"_s, j.candidateId.value));
    EVALWRIGHT_ASSIGN(const QString questionnaire, text(m_questionnaires, u"SELECT name || '/' || version FROM questionnaire WHERE id = ?"_s,
                                                        j.questionnaireId.value));
    EVALWRIGHT_ASSIGN(const QString guideline, text(m_guidelines, u"SELECT version FROM guideline WHERE id = ?"_s, j.guidelineId.value));
    const qsizetype slash = questionnaire.lastIndexOf(u'/');
    json out{{"judgement_id", j.uuid.toStdString()},
             {"review", review.toStdString()},
             {"item", item.toStdString()},
             {"rater", rater.toStdString()},
             {"slot", j.slot},
             {"position", j.position},
             {"state", j.state.toStdString()},
             {"answers", storedJson(j.answers)},
             {"option_order", textsToJson(j.optionOrder)},
             {"content_hash", j.contentHash.toStdString()},
             {"questionnaire", {{"id", questionnaire.left(slash).toStdString()}, {"version", questionnaire.mid(slash + 1).toInt()}}},
             {"guideline_version", guideline.toInt()},
             {"shown_at", j.shownAt.toStdString()},
             {"submitted_at", j.submittedAt.toStdString()},
             {"seconds_active", j.secondsActive}};
    if (!j.replaces.isEmpty())
        out["replaces"] = j.replaces.toStdString();
    return out;
}

Result<QByteArray> exportJudgements(Connection &connection, DatasetId dataset, std::optional<ReviewId> review)
{
    QSet<QString> accepted; // That count.
    EVALWRIGHT_TRY(forEachJudgement(connection, dataset, review, Events::Current, [&](const Judgement &judgement) -> Status {
        if (isAcceptance(judgement))
            accepted << judgement.uuid;
        return {};
    }));
    QByteArray lines;
    JudgementJson names(connection);
    EVALWRIGHT_TRY(forEachJudgement(connection, dataset, review, Events::All, [&](const Judgement &judgement) -> Status {
        // Which acceptances there once were depends on when files came, not on what people said.
        if (isAcceptance(judgement) && !accepted.contains(judgement.uuid))
            return {};
        EVALWRIGHT_ASSIGN(const json line, names.of(judgement));
        lines += canonicalJson(line) + '\n';
        return {};
    }));
    return lines;
}

} // namespace evalwright::review
