// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows of the other project are to come.
#include "storage/tools/merging.h"

#include "core/text.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr auto ofDatasets = "SELECT id FROM other.%1 WHERE dataset_id IN (SELECT id FROM temp.need_dataset)"_L1;

} // namespace

Status Merging::need(const QString &table, const QString &select)
{
    EVALWRIGHT_TRY(m_file.execute(u"INSERT OR IGNORE INTO temp.need_%1 (id) %2"_s.arg(
        table, everything() ? u"SELECT id FROM other."_s + table : select)));
    return {};
}

Status Merging::chooseDatasets()
{
    if (!everything()) {
        EVALWRIGHT_ASSIGN(const qint64 found,
                          m_file.execute(u"INSERT INTO temp.need_dataset (id) SELECT id FROM other.dataset WHERE name = ? "
                                         u"AND removed_at IS NULL"_s,
                                         {m_options.dataset}));
        if (found == 0) {
            QStringList names;
            EVALWRIGHT_TRY(m_file.forEachRow(u"SELECT name FROM other.dataset WHERE removed_at IS NULL ORDER BY name"_s, {},
                                             [&](const Statement::Row &row) { names << row.text(0); }));
            return failure(Error(ErrorCode::NotFound, u"There is no data set named “%1” in the other project."_s.arg(m_options.dataset),
                                 names.isEmpty() ? u"It has no data sets."_s : u"It has: %1."_s.arg(names.join(u", "_s)))
                               .withConsequence(u"Nothing was copied."_s)
                               .withSuggestions(nearestNames(m_options.dataset, names)));
        }
    }
    EVALWRIGHT_TRY(need(u"dataset"_s, u"SELECT id FROM temp.need_dataset"_s));
    for (auto it = m_options.names.cbegin(); it != m_options.names.cend(); ++it) {
        EVALWRIGHT_ASSIGN(const QVariant named,
                          m_file.value(u"SELECT 1 FROM other.dataset WHERE name = ? AND id IN (SELECT id FROM temp.need_dataset)"_s, {it.key()}));
        if (!named.isValid()) {
            return failure(Error(ErrorCode::NotFound, u"There is no data set named “%1” in the other project."_s.arg(it.key()),
                                 u"Give “OLD=NEW” with a name that it has."_s)
                               .withConsequence(u"Nothing was copied."_s));
        }
    }
    EVALWRIGHT_TRY(need(u"recipe"_s, u"SELECT DISTINCT recipe_id FROM other.dataset WHERE recipe_id IS NOT NULL AND id IN "
                                     u"(SELECT id FROM temp.need_dataset)"_s));
    return need(u"behaviour"_s,
                u"SELECT behaviour_id FROM other.dataset WHERE behaviour_id IS NOT NULL AND id IN (SELECT id FROM "
                u"temp.need_dataset) UNION SELECT behaviour_id FROM other.checker_validation WHERE behaviour_id IS NOT NULL AND "
                u"dataset_id IN (SELECT id FROM temp.need_dataset)"_s);
}

Status Merging::chooseRest()
{
    for (const QLatin1StringView table : {"candidate"_L1, "material"_L1, "import_source"_L1, "guideline"_L1, "review"_L1})
        EVALWRIGHT_TRY(need(table, QString(ofDatasets).arg(table)));
    EVALWRIGHT_TRY(need(u"questionnaire"_s,
                        u"SELECT questionnaire_id FROM other.review WHERE id IN (SELECT id FROM temp.need_review) UNION "
                        u"SELECT questionnaire_id FROM other.judgement WHERE review_id IN (SELECT id FROM temp.need_review)"_s));
    EVALWRIGHT_TRY(need(u"rater"_s,
                        u"SELECT rater_id FROM other.review_slot WHERE review_id IN (SELECT id FROM temp.need_review) UNION "
                        u"SELECT rater_id FROM other.judgement WHERE review_id IN (SELECT id FROM temp.need_review)"_s));
    EVALWRIGHT_TRY(need(u"run"_s, u"SELECT DISTINCT o.run_id FROM temp.need_candidate q JOIN other.observation o ON "
                                  u"o.candidate_id = q.id"_s));
    EVALWRIGHT_TRY(need(u"job"_s,
                        u"SELECT id FROM other.job WHERE dataset_id IN (SELECT id FROM temp.need_dataset) "
                        u"UNION SELECT c.job_id FROM temp.need_candidate q JOIN other.candidate c ON c.id = q.id WHERE c.job_id IS NOT NULL "
                        u"UNION SELECT d.job_id FROM temp.need_candidate q JOIN other.decision d ON d.candidate_id = q.id WHERE d.job_id IS NOT NULL "
                        u"UNION SELECT m.job_id FROM temp.need_material q JOIN other.material m ON m.id = q.id WHERE m.job_id IS NOT NULL "
                        u"UNION SELECT r.job_id FROM temp.need_run q JOIN other.run r ON r.id = q.id "
                        u"UNION SELECT job_id FROM other.checker_validation WHERE dataset_id IN (SELECT id FROM temp.need_dataset)"_s));
    for (const QString &select :
         {u"SELECT c.response_id FROM temp.need_candidate q JOIN other.candidate c ON c.id = q.id WHERE c.response_id IS NOT NULL"_s,
          u"SELECT s.response_id FROM temp.need_candidate q JOIN other.score s ON s.candidate_id = q.id WHERE s.response_id IS NOT NULL"_s,
          u"SELECT s.response_id FROM temp.need_candidate q JOIN other.observation s ON s.candidate_id = q.id WHERE s.response_id IS NOT NULL"_s,
          u"SELECT s.response_id FROM temp.need_candidate q JOIN other.embedding s ON s.candidate_id = q.id WHERE s.response_id IS NOT NULL"_s,
          u"SELECT s.response_id FROM temp.need_material q JOIN other.material_response s ON s.material_id = q.id"_s,
          u"SELECT response_id FROM other.cluster_name WHERE response_id IS NOT NULL AND dataset_id IN (SELECT id FROM temp.need_dataset)"_s,
          u"SELECT s.response_id FROM other.job j JOIN other.job_step s ON s.job_id = j.id WHERE j.dataset_id IN (SELECT id FROM "
          u"temp.need_dataset) AND s.response_id IS NOT NULL"_s}) {
        EVALWRIGHT_TRY(need(u"response"_s, select));
        if (everything())
            break;
    }
    EVALWRIGHT_TRY(need(u"prompt"_s, u"SELECT DISTINCT r.prompt_id FROM temp.need_response q JOIN other.response r ON r.id = q.id"_s));
    return need(u"model"_s,
                u"SELECT r.model_id FROM temp.need_response q JOIN other.response r ON r.id = q.id "
                u"UNION SELECT s.checker_model_id FROM temp.need_candidate q JOIN other.score s ON s.candidate_id = q.id "
                u"UNION SELECT s.model_id FROM temp.need_candidate q JOIN other.observation s ON s.candidate_id = q.id "
                u"UNION SELECT s.model_id FROM temp.need_candidate q JOIN other.embedding s ON s.candidate_id = q.id "
                u"UNION SELECT s.model_id FROM temp.need_job q JOIN other.job_step s ON s.job_id = q.id WHERE s.model_id IS NOT NULL "
                u"UNION SELECT model_id FROM other.checker_validation WHERE dataset_id IN (SELECT id FROM temp.need_dataset)"_s);
}

} // namespace evalwright
