// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Candidates and what is known of each.
#include "storage/tools/merging.h"

namespace evalwright {

using namespace Qt::StringLiterals;

/// Rows without a text are told apart by what was read instead.
QString Merging::candidateContent(const QString &row)
{
    return u"content(%1.wanted_label, %1.statement, %1.question, %1.matching_label, %1.other_labels, %1.fields, CASE WHEN %1.statement = '' AND "
           u"%1.question = '' THEN %1.parse_status || %1.extra || coalesce(%1.source_text, '') ELSE '' END)"_s.arg(row);
}

Status Merging::importSources()
{
    EVALWRIGHT_TRY(recognise(u"import_source"_s,
                             u"n.dataset_id = (SELECT new FROM temp.map_dataset WHERE old = o.dataset_id) AND n.sha256 = o.sha256 AND n.bytes = "
                             u"o.bytes AND n.file_name = o.file_name AND n.format = o.format AND n.dialect = o.dialect AND n.mapping = o.mapping"_s));
    EVALWRIGHT_TRY(numberRest(u"import_source"_s));
    return insertMapped(u"import_source"_s, {{"file_name"},
                                             {"bytes"},
                                             {"sha256"},
                                             {"format"},
                                             {"dialect"},
                                             {"mapping"},
                                             {"dataset_id", "dataset"},
                                             {"imported_at"},
                                             {"program_version"}});
}

/// A place that is taken here by another row is exchanged for one behind all.
Status Merging::materials()
{
    EVALWRIGHT_TRY(recognise(u"material"_s, u"n.uuid = o.uuid"_s));
    EVALWRIGHT_TRY(numberRest(u"material"_s));
    EVALWRIGHT_TRY(m_file.execute(
        u"CREATE TEMP TABLE material_place AS SELECT m.old, (SELECT max(ordinal) FROM (SELECT ordinal FROM main.material WHERE dataset_id = "
        u"d.new AND kind = o.kind UNION ALL SELECT ordinal FROM other.material WHERE dataset_id = d.old AND kind = o.kind)) + row_number() "
        u"OVER (PARTITION BY d.new, o.kind ORDER BY o.ordinal) AS ordinal FROM temp.map_material m JOIN other.material o ON o.id = m.old JOIN "
        u"temp.map_dataset d ON d.old = o.dataset_id AND d.added = 0 WHERE m.added = 1 AND EXISTS (SELECT 1 FROM main.material n WHERE "
        u"n.dataset_id = d.new AND n.kind = o.kind AND n.ordinal = o.ordinal)"_s));
    EVALWRIGHT_TRY(m_file.execute(u"CREATE INDEX temp.material_place_old ON material_place (old)"_s));
    EVALWRIGHT_TRY(insertMapped(
        u"material"_s, {{"uuid"},
                        {"dataset_id", "dataset"},
                        {"job_id", "job"},
                        {"kind"},
                        {"ordinal", nullptr, "coalesce((SELECT p.ordinal FROM temp.material_place p WHERE p.old = o.id), o.ordinal)"},
                        {"target"},
                        {"sample"},
                        {"parse_status"},
                        {"fields"},
                        {"stage"},
                        {"reason"},
                        {"created_at"}}));
    return insertOthers(u"material_response"_s,
                        {{"material_id", nullptr, "m.new"}, {"stage"}, {"presentation"}, {"response_id", "response"}, {"p"}, {"label_mass"}},
                        u"JOIN temp.map_material m ON m.old = o.material_id WHERE true"_s,
                        u"n.material_id = m.new AND n.stage = o.stage AND n.presentation = o.presentation"_s);
}

Status Merging::candidates()
{
    EVALWRIGHT_TRY(recognise(u"candidate"_s, u"n.uuid = o.uuid"_s));
    // In a data set that is here already: rows that say the same are the same, the first of several alike with the first.
    const QString alike = u"CREATE TEMP TABLE %1 AS SELECT %2 AS dataset, %3 AS content, row_number() OVER (PARTITION BY %2, %3 ORDER BY "
                          u"c.ordinal) AS turn, c.id FROM temp.map_dataset d JOIN %4.candidate c ON c.dataset_id = %5 WHERE d.added = 0 AND "
                          u"NOT EXISTS (SELECT 1 FROM temp.map_candidate WHERE %6 = c.id)"_s;
    EVALWRIGHT_TRY(m_file.execute(alike.arg(u"theirs"_s, u"d.new"_s, candidateContent(u"c"_s), u"other"_s, u"d.old"_s, u"old"_s)));
    EVALWRIGHT_ASSIGN(const qint64 unknown, m_file.number(u"SELECT count(*) FROM temp.theirs"_s));
    if (unknown > 0) {
        EVALWRIGHT_TRY(m_file.execute(alike.arg(u"ours"_s, u"d.new"_s, candidateContent(u"c"_s), u"main"_s, u"d.new"_s, u"new"_s)));
        EVALWRIGHT_TRY(m_file.execute(u"CREATE INDEX temp.ours_content ON ours (dataset, content, turn)"_s));
        EVALWRIGHT_TRY(m_file.execute(u"INSERT INTO temp.map_candidate (old, new, added) SELECT t.id, u.id, 0 FROM temp.theirs t JOIN temp.ours u ON "
                                      u"u.dataset = t.dataset AND u.content = t.content AND u.turn = t.turn"_s));
        EVALWRIGHT_TRY(m_file.execute(u"DROP TABLE temp.ours"_s));
    }
    EVALWRIGHT_TRY(m_file.execute(u"DROP TABLE temp.theirs"_s));
    EVALWRIGHT_TRY(numberRest(u"candidate"_s));
    EVALWRIGHT_TRY(m_file.execute(
        u"CREATE TEMP TABLE candidate_place AS SELECT m.old, max((SELECT coalesce(max(ordinal), 0) FROM main.candidate WHERE dataset_id = d.new), "
        u"(SELECT coalesce(max(ordinal), 0) FROM other.candidate WHERE dataset_id = d.old)) + row_number() OVER (PARTITION BY d.new ORDER BY "
        u"o.ordinal) AS ordinal FROM temp.map_candidate m JOIN other.candidate o ON o.id = m.old JOIN temp.map_dataset d ON d.old = "
        u"o.dataset_id AND d.added = 0 WHERE m.added = 1 AND EXISTS (SELECT 1 FROM main.candidate n WHERE n.dataset_id = d.new AND n.ordinal = "
        u"o.ordinal)"_s));
    EVALWRIGHT_TRY(m_file.execute(u"CREATE INDEX temp.candidate_place_old ON candidate_place (old)"_s));
    return insertMapped(
        u"candidate"_s, {{"uuid"},
                         {"dataset_id", "dataset"},
                         {"job_id", "job"},
                         {"ordinal", nullptr, "coalesce((SELECT p.ordinal FROM temp.candidate_place p WHERE p.old = o.id), o.ordinal)"},
                         {"wanted_label"},
                         {"sample"},
                         {"position_in_reply"},
                         {"response_id", "response"},
                         {"parse_status"},
                         {"parser_version"},
                         {"prefill_stripped"},
                         {"statement"},
                         {"question"},
                         {"matching_label"},
                         {"other_labels"},
                         {"label_confidence"},
                         {"cluster"},
                         {"import_source_id", "import_source"},
                         {"source_line"},
                         {"source_text"},
                         {"extra"},
                         {"fields"},
                         {"material_id", "material"},
                         {"created_at"}});
}

Status Merging::scores()
{
    return insertOthers(u"score"_s,
                        {{"candidate_id", nullptr, "m.new"},
                         {"requirement"},
                         {"checker_model_id", "model"},
                         {"method"},
                         {"presentation"},
                         {"p"},
                         {"label_mass"},
                         {"response_id", "response"},
                         {"detail"},
                         {"created_at"}},
                        u"JOIN temp.map_candidate m ON m.old = o.candidate_id WHERE true"_s,
                        u"m.added = 0 AND n.candidate_id = m.new AND n.requirement = o.requirement AND n.checker_model_id = (SELECT new FROM "
                        u"temp.map_model WHERE old = o.checker_model_id) AND n.method = o.method AND n.presentation = o.presentation AND "
                        u"n.response_id IS (SELECT new FROM temp.map_response WHERE old = o.response_id) AND (n.response_id IS NOT NULL OR "
                        u"n.created_at = o.created_at)"_s,
                        u"o.id"_s);
}

/// The latest row counts, by its number. Rows that a candidate has here and others that it has there come into one order:
/// of two histories only the time can say which came first. So both directions of a merge end with the same row.
Status Merging::mergeLog(const Log &log)
{
    const QString table = QString::fromLatin1(log.table), same = QString::fromLatin1(log.same);
    const QString names = u"candidate_id, "_s + list(log.columns), taken = u"m.new, "_s + values(log.columns);
    const QString from = u" FROM other.%1 o JOIN temp.map_candidate m ON m.old = o.candidate_id"_s.arg(table);
    EVALWRIGHT_ASSIGN(const qint64 all, m_file.number(u"SELECT count(*)"_s + from));
    EVALWRIGHT_ASSIGN(qint64 added, m_file.execute(u"INSERT INTO main.%1 (%2) SELECT %3%4 WHERE m.added = 1 ORDER BY o.id"_s.arg(table, names, taken, from)));
    EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE fresh (old INTEGER PRIMARY KEY, candidate INTEGER NOT NULL)"_s));
    const QString skip = log.skip ? u" AND NOT "_s + QLatin1StringView(log.skip) : QString();
    EVALWRIGHT_TRY(m_file.execute(u"INSERT INTO temp.fresh (old, candidate) SELECT o.id, m.new%1 WHERE m.added = 0 AND NOT EXISTS (SELECT 1 FROM "
                                  u"main.%2 n WHERE n.candidate_id = m.new AND %3)%4"_s.arg(from, table, same, skip)));
    EVALWRIGHT_ASSIGN(const qint64 last, m_file.number(u"SELECT coalesce(max(id), 0) FROM main."_s + table));
    // Candidates with rows that the other project lacks, or where the new ones are not the other's latest.
    EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE twofold (candidate INTEGER PRIMARY KEY)"_s));
    EVALWRIGHT_TRY(m_file.execute(
        u"INSERT INTO temp.twofold SELECT DISTINCT f.candidate FROM temp.fresh f JOIN temp.map_candidate m ON m.new = f.candidate WHERE EXISTS (SELECT 1 "
        u"FROM main.%1 n WHERE n.candidate_id = f.candidate AND NOT EXISTS (SELECT 1 FROM other.%1 o WHERE o.candidate_id = m.old AND %2)) OR EXISTS "
        u"(SELECT 1 FROM other.%1 o WHERE o.candidate_id = m.old AND o.id > f.old AND o.id NOT IN (SELECT old FROM temp.fresh))"_s.arg(table, same)));
    EVALWRIGHT_ASSIGN(const qint64 later, m_file.execute(u"INSERT INTO main.%1 (%2) SELECT %3%4 JOIN temp.fresh f ON f.old = o.id AND f.candidate = m.new "
                                                         u"ORDER BY o.id"_s.arg(table, names, taken, from)));
    added += later;
    EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE places AS SELECT n.id, (SELECT max(id) FROM main.%1) + row_number() OVER (ORDER BY n.candidate_id, "
                                  u"n.created_at, %2) AS place FROM main.%1 n WHERE n.candidate_id IN (SELECT candidate FROM temp.twofold)"_s.arg(
                                      table, QLatin1StringView(log.order))));
    EVALWRIGHT_TRY(m_file.execute(u"CREATE INDEX temp.places_id ON places (id)"_s));
    if (table == "candidate_edit"_L1) {
        // Whose edit is the last one now, has the text that counts.
        EVALWRIGHT_TRY(m_file.execute(
            u"CREATE TEMP TABLE newer_text AS SELECT f.candidate AS id, m.old FROM (SELECT DISTINCT candidate FROM temp.fresh) f JOIN "
            u"temp.map_candidate m ON m.new = f.candidate WHERE (SELECT n.id FROM main.candidate_edit n LEFT JOIN temp.places p ON p.id = n.id "
            u"WHERE n.candidate_id = f.candidate ORDER BY coalesce(p.place, n.id) DESC LIMIT 1) > ?"_s,
            {last}));
    }
    EVALWRIGHT_TRY(m_file.execute(u"UPDATE main.%1 SET id = (SELECT place FROM temp.places p WHERE p.id = %1.id) WHERE id IN (SELECT id FROM "
                                  u"temp.places)"_s.arg(table)));
    for (const QLatin1StringView used : {"fresh"_L1, "twofold"_L1, "places"_L1})
        EVALWRIGHT_TRY(m_file.execute(u"DROP TABLE temp."_s + used));
    counted(table, added, all - added);
    return {};
}

Status Merging::decisions()
{
    return mergeLog({"decision",
                     {{"job_id", "job"}, {"stage"}, {"verdict"}, {"reason"}, {"actor"}, {"threshold"}, {"rank"}, {"quota"}, {"created_at"}},
                     "n.created_at = o.created_at AND n.stage = o.stage AND n.verdict = o.verdict AND n.reason = o.reason AND n.actor = o.actor AND "
                     "n.threshold IS o.threshold AND n.rank IS o.rank AND n.quota IS o.quota",
                     // The same file imported twice says nothing new.
                     "(o.actor = 'import' AND EXISTS (SELECT 1 FROM main.decision i WHERE i.candidate_id = m.new AND i.actor = 'import'))",
                     "n.stage, n.verdict, n.reason, n.id"});
}

Status Merging::edits()
{
    return mergeLog({"candidate_edit",
                     {{"batch"}, {"actor"}, {"reason"}, {"before"}, {"after"}, {"created_at"}},
                     "n.created_at = o.created_at AND n.batch = o.batch AND n.before = o.before AND n.after = o.after",
                     nullptr,
                     "n.batch, n.after, n.id"});
}

Status Merging::candidateTexts()
{
    EVALWRIGHT_TRY(m_file.execute(
        u"UPDATE main.candidate AS n SET statement = o.statement, question = o.question, matching_label = o.matching_label, other_labels = "
        u"o.other_labels, fields = o.fields FROM temp.newer_text t JOIN other.candidate o ON o.id = t.old WHERE n.id = t.id"_s));
    EVALWRIGHT_TRY(m_file.execute(
        u"UPDATE main.candidate AS n SET label_confidence = coalesce(n.label_confidence, o.label_confidence), cluster = CASE n.cluster WHEN '' THEN "
        u"o.cluster ELSE n.cluster END FROM temp.map_candidate m JOIN other.candidate o ON o.id = m.old WHERE n.id = m.new AND m.added = 0 AND "
        u"((n.label_confidence IS NULL AND o.label_confidence IS NOT NULL) OR (n.cluster = '' AND o.cluster <> ''))"_s));
    return {};
}

Status Merging::tags()
{
    const QString scope = u"JOIN temp.map_candidate m ON m.old = o.candidate_id JOIN other.tag t ON t.id = o.tag_id "_s;
    EVALWRIGHT_TRY(m_file.execute(u"INSERT OR IGNORE INTO main.tag (name) SELECT DISTINCT t.name FROM other.candidate_tag o "_s + scope));
    EVALWRIGHT_TRY(insertOthers(u"candidate_tag"_s, {{"candidate_id", nullptr, "m.new"}, {"tag_id", nullptr, "h.id"}},
                                scope + u"JOIN main.tag h ON h.name = t.name WHERE true"_s, u"n.candidate_id = m.new AND n.tag_id = h.id"_s));
    return insertOthers(u"saved_view"_s, {{"dataset_id", nullptr, "m.new"}, {"name"}, {"filter"}, {"state"}, {"created_at"}},
                        u"JOIN temp.map_dataset m ON m.old = o.dataset_id WHERE true"_s, u"n.dataset_id = m.new AND n.name = o.name"_s);
}

/// Findings are about a text: only where both sides have the same.
Status Merging::findings()
{
    EVALWRIGHT_TRY(m_file.execute(u"DELETE FROM main.lint_finding WHERE candidate_id IN (SELECT id FROM temp.newer_text)"_s));
    EVALWRIGHT_TRY(insertOthers(
        u"lint_finding"_s,
        {{"candidate_id", nullptr, "m.new"}, {"rule"}, {"rule_version"}, {"severity"}, {"field"}, {"start"}, {"length"}, {"detail"}},
        u"JOIN temp.map_candidate m ON m.old = o.candidate_id WHERE (m.added = 1 OR EXISTS (SELECT 1 FROM main.candidate a JOIN other.candidate b "
        u"ON b.id = m.old WHERE a.id = m.new AND a.statement = b.statement AND a.question = b.question AND a.matching_label = b.matching_label AND "
        u"a.other_labels = b.other_labels AND a.fields = b.fields))"_s,
        u"n.candidate_id = m.new AND n.rule = o.rule AND n.rule_version = o.rule_version"_s));
    if (!everything())
        return {};
    return insertOthers(u"lint_setting"_s, {{"rule"}, {"severity"}, {"changed_at"}}, u"WHERE true"_s, u"n.rule = o.rule"_s);
}

Status Merging::notes()
{
    EVALWRIGHT_TRY(insertOthers(u"dataset_note"_s, {{"dataset_id", nullptr, "m.new"}, {"kind"}, {"text"}, {"detail"}, {"actor"}, {"created_at"}},
                                u"JOIN temp.map_dataset m ON m.old = o.dataset_id WHERE true"_s,
                                u"n.dataset_id = m.new AND n.kind = o.kind AND n.text = o.text AND n.detail = o.detail AND n.created_at = o.created_at"_s));
    return insertOthers(u"cluster_name"_s,
                        {{"dataset_id", nullptr, "m.new"}, {"clustering"}, {"cluster"}, {"name"}, {"actor"}, {"response_id", "response"}, {"created_at"}},
                        u"JOIN temp.map_dataset m ON m.old = o.dataset_id WHERE true"_s,
                        u"n.dataset_id = m.new AND n.clustering = o.clustering AND n.cluster = o.cluster AND n.name = o.name AND n.actor = o.actor AND "
                        u"n.created_at = o.created_at"_s);
}

Status Merging::validations()
{
    return insertOthers(u"checker_validation"_s,
                        {{"uuid"},
                         {"job_id", "job"},
                         {"dataset_id", nullptr, "m.new"},
                         {"model_id", "model"},
                         {"behaviour_id", "behaviour"},
                         {"prompt"},
                         {"frame"},
                         {"check_json"},
                         {"check_hash"},
                         {"items"},
                         {"result"},
                         {"created_at"}},
                        u"JOIN temp.map_dataset m ON m.old = o.dataset_id WHERE true"_s, u"n.uuid = o.uuid"_s);
}

Status Merging::embeddings()
{
    return insertOthers(u"embedding"_s,
                        {{"candidate_id", nullptr, "m.new"}, {"model_id", nullptr, "k.new"}, {"text_sha256"}, {"vector"}, {"response_id", "response"}},
                        u"JOIN temp.map_candidate m ON m.old = o.candidate_id JOIN temp.map_model k ON k.old = o.model_id WHERE true"_s,
                        u"n.candidate_id = m.new AND n.model_id = k.new"_s);
}

} // namespace evalwright
