// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs, requests and their answers.
#include "storage/tools/merging.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// In `error` of a job that came unfinished; by it a later merge knows that the job has not been gone on with here.
constexpr auto stoppedNote = "Not finished in the project that it came from."_L1;
constexpr auto unfinished = "('queued', 'running', 'paused', 'waiting')"_L1;

} // namespace

/// A job goes on where it was begun: going on with it in two projects would ask and pay twice.
Status Merging::jobs()
{
    EVALWRIGHT_TRY(recognise(u"job"_s, u"n.uuid = o.uuid"_s));
    EVALWRIGHT_TRY(numberRest(u"job"_s));
    EVALWRIGHT_ASSIGN(m_report.stoppedJobs,
                      m_file.number(u"SELECT count(*) FROM temp.map_job m JOIN other.job o ON o.id = m.old WHERE m.added = 1 AND "
                                    u"o.state IN %1"_s.arg(unfinished)));
    EVALWRIGHT_TRY(m_file.execute(
        u"UPDATE main.job AS n SET state = o.state, error = o.error, result = o.result, started_at = o.started_at, finished_at = o.finished_at "
        u"FROM temp.map_job m JOIN other.job o ON o.id = m.old WHERE m.new = n.id AND m.added = 0 AND o.state = 'done' AND n.state <> 'done'"_s));
    EVALWRIGHT_TRY(m_file.execute(
        u"INSERT INTO main.job (id, uuid, kind, title, state, parameters, parameters_hash, dataset_id, error, result, created_at, started_at, "
        u"finished_at) SELECT m.new, o.uuid, o.kind, o.title, CASE WHEN o.state IN %1 THEN 'cancelled' ELSE o.state END, o.parameters, "
        u"o.parameters_hash, (SELECT new FROM temp.map_dataset WHERE old = o.dataset_id), CASE WHEN o.state IN %1 THEN ? ELSE o.error END, "
        u"o.result, o.created_at, o.started_at, o.finished_at FROM temp.map_job m JOIN other.job o ON o.id = m.old WHERE m.added = 1 ORDER BY "
        u"m.old"_s.arg(unfinished),
        {QString(stoppedNote)}));
    return countMapped(u"job"_s);
}

Status Merging::prompts()
{
    EVALWRIGHT_TRY(recognise(u"prompt"_s, u"n.sha256 = o.sha256"_s));
    EVALWRIGHT_TRY(numberRest(u"prompt"_s));
    return insertMapped(u"prompt"_s, {{"sha256"}, {"json"}});
}

Status Merging::responses()
{
    EVALWRIGHT_TRY(recognise(u"response"_s,
                             u"o.complete = 1 AND n.complete = 1 AND n.key = o.key AND CASE WHEN n.received_at = o.received_at AND "
                             u"length(n.body) = length(o.body) THEN 1 ELSE n.body = o.body END"_s));
    // The same request was answered differently in the two projects. The answer here goes on counting as the one to the
    // request; the other is kept under a key of its own, since what came of it must lead to it.
    EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE other_answer (old INTEGER PRIMARY KEY, key BLOB NOT NULL)"_s));
    EVALWRIGHT_ASSIGN(m_report.otherAnswers,
                      m_file.execute(u"INSERT INTO temp.other_answer (old, key) SELECT o.id, digest('another answer', o.key, o.body) FROM "
                                     u"temp.need_response q JOIN other.response o ON o.id = q.id WHERE o.complete = 1 AND EXISTS (SELECT 1 "
                                     u"FROM main.response WHERE key = o.key AND complete = 1) AND NOT EXISTS (SELECT 1 FROM "
                                     u"temp.map_response WHERE old = o.id)"_s));
    EVALWRIGHT_TRY(m_file.execute(u"INSERT OR IGNORE INTO temp.map_response (old, new, added) SELECT a.old, n.id, 0 FROM temp.other_answer a "
                                  u"JOIN main.response n ON n.key = a.key AND n.complete = 1"_s));
    // Broken replies have no unique key.
    EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE broken AS SELECT id, key, received_at FROM main.response WHERE complete = 0"_s));
    EVALWRIGHT_TRY(m_file.execute(u"CREATE INDEX temp.broken_key ON broken (key, received_at)"_s));
    EVALWRIGHT_TRY(m_file.execute(
        u"INSERT OR IGNORE INTO temp.map_response (old, new, added) SELECT o.id, b.id, 0 FROM temp.need_response q JOIN other.response o ON "
        u"o.id = q.id AND o.complete = 0 JOIN temp.broken b ON b.key = o.key AND b.received_at = o.received_at JOIN main.response n ON n.id = "
        u"b.id AND n.status = o.status AND n.body = o.body"_s));
    EVALWRIGHT_TRY(numberRest(u"response"_s));
    return insertMapped(u"response"_s, {{"key", nullptr, "coalesce((SELECT key FROM temp.other_answer WHERE old = o.id), o.key)"},
                                        {"prompt_id", "prompt"},
                                        {"model_id", "model"},
                                        {"path"},
                                        {"seed"},
                                        {"sample"},
                                        {"status"},
                                        {"body"},
                                        {"complete"},
                                        {"prompt_tokens"},
                                        {"completion_tokens"},
                                        {"cost"},
                                        {"attempts"},
                                        {"resent"},
                                        {"seconds"},
                                        {"received_at"}});
}

Status Merging::steps()
{
    const QString same = u"n.job_id = m.new AND n.stage = o.stage AND n.ordinal = o.ordinal"_s;
    EVALWRIGHT_TRY(m_file.execute(
        u"UPDATE main.job_step AS n SET state = 'done', error = o.error, response_id = (SELECT new FROM temp.map_response WHERE old = "
        u"o.response_id), from_cache = o.from_cache FROM temp.map_job m JOIN other.job_step o ON o.job_id = m.old WHERE m.added = 0 AND %1 AND "
        u"o.state = 'done' AND n.state <> 'done'"_s.arg(same)));
    // Of a job over several data sets, only the steps whose answers came along.
    const QString scope = everything() ? QString()
                                       : u" AND (o.response_id IN (SELECT old FROM temp.map_response) OR EXISTS (SELECT 1 FROM other.job j WHERE "
                                         u"j.id = o.job_id AND j.dataset_id IN (SELECT id FROM temp.need_dataset)))"_s;
    return insertOthers(u"job_step"_s,
                        {{"job_id", nullptr, "m.new"},
                         {"stage"},
                         {"ordinal"},
                         {"model_id", "model"},
                         {"key"},
                         {"state"},
                         {"response_id", "response"},
                         {"from_cache"},
                         {"error"}},
                        u"JOIN temp.map_job m ON m.old = o.job_id WHERE true"_s + scope, same);
}

/// What was merged into the other file is no news here, else two projects would tell each other for ever. Of a single data
/// set, only what its finished steps without an answer need (“project check” asks for it).
Status Merging::events()
{
    return insertOthers(u"event_log"_s, {{"at"}, {"kind"}, {"job_id", "job"}, {"detail"}},
                        everything() ? u"WHERE o.kind <> 'merge'"_s
                                     : u"WHERE o.kind = 'prune' AND EXISTS (SELECT 1 FROM temp.map_job m JOIN other.job_step s ON s.job_id = "
                                       u"m.old WHERE s.state = 'done' AND s.response_id IS NULL)"_s,
                        u"n.at = o.at AND n.kind = o.kind AND n.detail = o.detail"_s);
}

} // namespace evalwright
