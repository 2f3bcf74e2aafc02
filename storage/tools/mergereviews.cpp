// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// People's judgements. The keys of review bundles never leave their project.
#include "storage/tools/merging.h"

namespace evalwright {

using namespace Qt::StringLiterals;

/// Versions never change; one that is another here gets the next number.
Status Merging::reviewTexts()
{
    const QString dataset = u"(SELECT new FROM temp.map_dataset WHERE old = o.dataset_id)"_s;
    EVALWRIGHT_TRY(recognise(u"guideline"_s, u"n.dataset_id = %1 AND n.sha256 = o.sha256 AND n.text = o.text"_s.arg(dataset)));
    EVALWRIGHT_TRY(numberRest(u"guideline"_s));
    const auto versions = [this](const QString &table, const QString &group, const QString &groupHere) -> Status {
        EVALWRIGHT_TRY(m_file.execute(
            u"CREATE TEMP TABLE %1_version AS SELECT m.old, max(coalesce((SELECT max(n.version) FROM main.%1 n WHERE n.%2 = %3), 0), (SELECT "
            u"max(x.version) FROM other.%1 x WHERE x.%2 = o.%2)) + row_number() OVER (PARTITION BY o.%2 ORDER BY o.version) AS version FROM "
            u"temp.map_%1 m JOIN other.%1 o ON o.id = m.old WHERE m.added = 1 AND EXISTS (SELECT 1 FROM main.%1 n WHERE n.%2 = %3 AND n.version = "
            u"o.version)"_s.arg(table, group, groupHere)));
        return {};
    };
    EVALWRIGHT_TRY(versions(u"guideline"_s, u"dataset_id"_s, dataset));
    EVALWRIGHT_TRY(insertMapped(
        u"guideline"_s, {{"dataset_id", "dataset"},
                         {"version", nullptr, "coalesce((SELECT v.version FROM temp.guideline_version v WHERE v.old = o.id), o.version)"},
                         {"text"},
                         {"sha256"},
                         {"created_at"}}));
    EVALWRIGHT_TRY(recognise(u"questionnaire"_s, u"n.name = o.name AND n.sha256 = o.sha256 AND n.spec = o.spec"_s));
    EVALWRIGHT_TRY(numberRest(u"questionnaire"_s));
    EVALWRIGHT_TRY(versions(u"questionnaire"_s, u"name"_s, u"o.name"_s));
    return insertMapped(
        u"questionnaire"_s, {{"name"},
                             {"version", nullptr, "coalesce((SELECT v.version FROM temp.questionnaire_version v WHERE v.old = o.id), o.version)"},
                             {"spec"},
                             {"sha256"},
                             {"created_at"}});
}

/// The same code, the same rater, as everywhere in reviews.
Status Merging::raters()
{
    EVALWRIGHT_TRY(recognise(u"rater"_s, u"n.code = o.code"_s));
    EVALWRIGHT_TRY(numberRest(u"rater"_s));
    return insertMapped(u"rater"_s, {{"code"}, {"origin"}, {"created_at"}});
}

Status Merging::reviews()
{
    EVALWRIGHT_TRY(recognise(u"review"_s, u"n.uuid = o.uuid"_s));
    EVALWRIGHT_TRY(numberRest(u"review"_s));
    struct Found
    {
        qint64 old, dataset;
        QString name;
    };
    QList<Found> added;
    EVALWRIGHT_TRY(m_file.forEachRow(u"SELECT m.old, (SELECT new FROM temp.map_dataset WHERE old = o.dataset_id), o.name FROM temp.map_review m JOIN "
                                     u"other.review o ON o.id = m.old WHERE m.added = 1 ORDER BY m.old"_s,
                                     {}, [&](const Statement::Row &row) {
                                         added << Found{row.integer(0), row.integer(1), row.text(2)};
                                     }));
    for (const Found &review : added) {
        EVALWRIGHT_ASSIGN(const QString name,
                          freeName(review.name, u"SELECT 1 FROM main.review WHERE dataset_id = %1 AND name = ?"_s.arg(review.dataset)));
        EVALWRIGHT_TRY(m_file.execute(
            u"INSERT INTO main.review (id, uuid, dataset_id, name, questionnaire_id, guideline_id, plan, created_at) SELECT m.new, o.uuid, ?, ?, "
            u"(SELECT new FROM temp.map_questionnaire WHERE old = o.questionnaire_id), (SELECT new FROM temp.map_guideline WHERE old = "
            u"o.guideline_id), o.plan, o.created_at FROM temp.map_review m JOIN other.review o ON o.id = m.old WHERE m.old = ?"_s,
            {review.dataset, name, review.old}));
    }
    EVALWRIGHT_TRY(countMapped(u"review"_s));
    const QString scope = u"JOIN temp.map_review m ON m.old = o.review_id JOIN temp.map_candidate c ON c.old = o.candidate_id WHERE true"_s;
    EVALWRIGHT_TRY(insertOthers(u"review_item"_s,
                                {{"review_id", nullptr, "m.new"}, {"candidate_id", nullptr, "c.new"}, {"content_hash"}, {"stratum"}, {"gold"}}, scope,
                                u"n.review_id = m.new AND n.candidate_id = c.new"_s));
    EVALWRIGHT_TRY(insertOthers(u"assignment"_s,
                                {{"review_id", nullptr, "m.new"}, {"slot"}, {"position"}, {"candidate_id", nullptr, "c.new"}, {"is_repeat"}}, scope,
                                u"n.review_id = m.new AND n.slot = o.slot AND n.position = o.position"_s));
    return insertOthers(u"review_slot"_s, {{"review_id", nullptr, "m.new"}, {"slot"}, {"rater_id", nullptr, "r.new"}, {"taken_at"}},
                        u"JOIN temp.map_review m ON m.old = o.review_id JOIN temp.map_rater r ON r.old = o.rater_id WHERE true"_s,
                        u"n.review_id = m.new AND (n.slot = o.slot OR n.rater_id = r.new)"_s);
}

Status Merging::judgements()
{
    return insertOthers(u"judgement"_s,
                        {{"uuid"},
                         {"review_id", nullptr, "m.new"},
                         {"rater_id", "rater"},
                         {"candidate_id", "candidate"},
                         {"slot"},
                         {"position"},
                         {"state"},
                         {"replaces"},
                         {"answers"},
                         {"option_order"},
                         {"content_hash"},
                         {"questionnaire_id", "questionnaire"},
                         {"guideline_id", "guideline"},
                         {"shown_at"},
                         {"submitted_at"},
                         {"seconds_active"},
                         {"source"},
                         {"created_at"}},
                        u"JOIN temp.map_review m ON m.old = o.review_id WHERE true"_s, u"n.uuid = o.uuid"_s, u"o.id"_s);
}

Status Merging::adjudications()
{
    return mergeLog({"adjudication",
                     {{"review_id", "review"}, {"answer"}, {"reason"}, {"actor"}, {"created_at"}},
                     "n.review_id = (SELECT new FROM temp.map_review WHERE old = o.review_id) AND n.answer = o.answer AND n.reason = o.reason AND "
                     "n.actor = o.actor AND n.created_at = o.created_at",
                     nullptr,
                     "n.answer, n.reason, n.id"});
}

} // namespace evalwright
