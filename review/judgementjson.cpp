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

Result<json> judgementJson(Connection &connection, const Judgement &j)
{
    EVALWRIGHT_ASSIGN(const JudgementNames names, namesOf(connection, j));
    json out{{"judgement_id", j.uuid.toStdString()},
             {"review", names.review.toStdString()},
             {"item", names.item.toStdString()},
             {"rater", names.rater.toStdString()},
             {"slot", j.slot},
             {"position", j.position},
             {"state", j.state.toStdString()},
             {"answers", storedJson(j.answers)},
             {"option_order", textsToJson(j.optionOrder)},
             {"content_hash", j.contentHash.toStdString()},
             {"questionnaire", {{"id", names.questionnaire.toStdString()}, {"version", names.questionnaireVersion}}},
             {"guideline_version", names.guidelineVersion},
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
    EVALWRIGHT_TRY(
        forEachJudgement(connection, dataset, review, Events::Current, [&](const Judgement &judgement) -> Status {
            if (isAcceptance(judgement))
                accepted << judgement.uuid;
            return {};
        }));
    QByteArray lines;
    EVALWRIGHT_TRY(
        forEachJudgement(connection, dataset, review, Events::All, [&](const Judgement &judgement) -> Status {
            // Which acceptances there once were depends on when files came, not on what people said.
            if (isAcceptance(judgement) && !accepted.contains(judgement.uuid))
                return {};
            EVALWRIGHT_ASSIGN(const json line, judgementJson(connection, judgement));
            lines += canonicalJson(line) + '\n';
            return {};
        }));
    return lines;
}

} // namespace evalwright::review
