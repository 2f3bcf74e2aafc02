// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/projectcheck.h"

#include "storage/project.h"
#include "storage/repositories/answerpacks.h"
#include "storage/repositories/jobs.h"
#include "storage/schemacheck.h"

#include <QSqlError>

#include <algorithm>
#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype shownExamples = 3;

/// A question whose every row is one offence; the first column names it.
struct Rule
{
    QLatin1StringView code, text, sql;
};

constexpr std::array rules{
    Rule{"no-identity"_L1, "The project file has no identity row"_L1,
         "SELECT 'project' WHERE (SELECT count(*) FROM project) <> 1"_L1},
    // Generated items lead to the reply they were read from, imported ones to their file.
    Rule{"item-without-provenance"_L1, "Items that lead neither to a model's reply nor to an imported file"_L1,
         "SELECT 'item ' || i.uuid FROM item i WHERE NOT EXISTS (SELECT 1 FROM response r JOIN model m ON "
         "m.id = r.model_id JOIN prompt p ON p.id = r.prompt_id WHERE r.id = i.response_id) "
         "AND NOT EXISTS (SELECT 1 FROM import_source s WHERE s.id = i.import_source_id)"_L1},
    Rule{"item-incomplete"_L1, "Items without a question or without labels"_L1,
         // No answer to a Winogender sentence matches: what is measured is a correlation.
         "SELECT 'item ' || i.uuid FROM item i JOIN dataset d ON d.id = i.dataset_id WHERE "
         // Of items that came with other people's results only their names are known.
         "d.family <> 'observed' AND (i.question = '' OR "
         "(i.matching_label = '' AND d.family <> 'winogender') OR i.other_labels = '[]')"_L1},
    Rule{"item-labels-equal"_L1, "Items whose matching label is also among the others"_L1,
         "SELECT 'item ' || i.uuid FROM item i WHERE EXISTS (SELECT 1 FROM "
         "json_each(CASE WHEN json_valid(i.other_labels) THEN i.other_labels ELSE '[]' END) o "
         "WHERE o.value = i.matching_label)"_L1},
    Rule{
        "orphan-candidate"_L1, "Candidates whose data set, job, reply or imported file is missing"_L1,
        "SELECT 'candidate ' || c.uuid FROM candidate c WHERE NOT EXISTS (SELECT 1 FROM dataset d WHERE "
        "d.id = c.dataset_id) "
        "OR (c.job_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = c.job_id)) "
        "OR (c.response_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM response r WHERE r.id = c.response_id)) "
        "OR (c.import_source_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM import_source s WHERE s.id = c.import_source_id))"_L1},
    Rule{"foreign-import"_L1, "Candidates whose imported file belongs to another data set"_L1,
         "SELECT 'candidate ' || c.uuid FROM candidate c JOIN import_source s ON s.id = c.import_source_id "
         "WHERE s.dataset_id <> c.dataset_id"_L1},
    Rule{
        "duplicate-ordinal"_L1, "Places in a data set taken by two candidates"_L1,
        "SELECT 'data set ' || dataset_id || ', place ' || ordinal FROM candidate GROUP BY dataset_id, ordinal HAVING count(*) > 1"_L1},
    Rule{
        "decision-without-candidate"_L1, "Decisions about candidates that do not exist"_L1,
        "SELECT 'decision ' || d.id FROM decision d WHERE NOT EXISTS (SELECT 1 FROM candidate c WHERE c.id = d.candidate_id)"_L1},
    Rule{"decision-of-other-dataset"_L1, "Decisions made by a job of another data set"_L1,
         "SELECT 'decision ' || d.id FROM decision d JOIN candidate c ON c.id = d.candidate_id JOIN job j ON "
         "j.id = d.job_id WHERE j.dataset_id IS NOT NULL AND j.dataset_id <> c.dataset_id"_L1},
    Rule{"decision-keeps-unparsed"_L1, "Candidates that were kept although no statement could be read"_L1,
         "SELECT 'candidate ' || uuid FROM item WHERE parse_status NOT IN ('ok', 'imported')"_L1},
    Rule{"edit-without-candidate"_L1, "Edits of candidates that do not exist"_L1,
         "SELECT 'edit ' || e.id FROM candidate_edit e WHERE NOT EXISTS (SELECT 1 FROM candidate c WHERE c.id = "
         "e.candidate_id)"_L1},
    Rule{
        "score-without-candidate"_L1, "Scores of candidates or by models that do not exist"_L1,
        "SELECT 'score ' || s.id FROM score s WHERE NOT EXISTS (SELECT 1 FROM candidate c WHERE c.id = s.candidate_id) "
        "OR NOT EXISTS (SELECT 1 FROM model m WHERE m.id = s.checker_model_id)"_L1},
    Rule{"response-without-origin"_L1, "Replies whose request or model is missing"_L1,
         "SELECT 'reply ' || r.id FROM response r WHERE NOT EXISTS (SELECT 1 FROM prompt p WHERE p.id = r.prompt_id) "
         "OR NOT EXISTS (SELECT 1 FROM model m WHERE m.id = r.model_id)"_L1},
    Rule{
        "request-answered-twice"_L1, "Requests with more than one complete reply"_L1,
        "SELECT 'request ' || lower(substr(hex(key), 1, 12)) FROM response WHERE complete = 1 GROUP BY key HAVING count(*) > 1"_L1},
    // Steps whose answer was pruned say so (removedNote() in cache.cpp), and the event log knows of it.
    Rule{"done-step-without-response"_L1, "Finished steps of jobs without their reply"_L1,
         "SELECT 'job ' || s.job_id || ', ' || s.stage || ' ' || s.ordinal FROM job_step s WHERE s.state = 'done' "
         "AND NOT EXISTS (SELECT 1 FROM response r WHERE r.id = s.response_id) "
         "AND NOT (s.response_id IS NULL AND s.error LIKE 'Removed from the store on %' "
         "AND EXISTS (SELECT 1 FROM event_log WHERE kind = 'prune'))"_L1},
    Rule{"orphan-step"_L1, "Steps of jobs that do not exist"_L1,
         "SELECT 'step ' || s.id FROM job_step s WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.id = s.job_id)"_L1},
    Rule{
        "orphan-observation"_L1, "Observations whose run, item or model is missing"_L1,
        "SELECT 'observation ' || o.id FROM observation o WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.id = o.run_id) "
        "OR NOT EXISTS (SELECT 1 FROM candidate c WHERE c.id = o.candidate_id) OR NOT EXISTS (SELECT 1 FROM model m WHERE m.id = o.model_id)"_L1},
    Rule{"observation-without-response"_L1, "Answers of evaluated models without the stored reply"_L1,
         "SELECT 'observation ' || o.id FROM observation o WHERE o.outcome <> 'http-error' "
         "AND NOT EXISTS (SELECT 1 FROM response r WHERE r.id = o.response_id) "
         // Other people's results come without their replies.
         "AND NOT EXISTS (SELECT 1 FROM run r JOIN job j ON j.id = r.job_id WHERE r.id = o.run_id AND "
         "j.kind = 'import-results')"_L1},
    Rule{"impossible-probability"_L1, "Probabilities outside 0..1"_L1,
         "SELECT 'observation ' || id FROM observation WHERE p_matching NOT BETWEEN 0 AND 1 OR label_mass NOT BETWEEN "
         "0 AND 1.000001 "
         "UNION ALL SELECT 'score ' || id FROM score WHERE p NOT BETWEEN 0 AND 1 "
         "UNION ALL SELECT 'candidate ' || uuid FROM candidate WHERE label_confidence NOT BETWEEN 0 AND 1"_L1},
};

struct JsonColumn
{
    QLatin1StringView table, column;
};
constexpr std::array jsonColumns{
    JsonColumn{"recipe"_L1, "json"_L1},           JsonColumn{"model"_L1, "capabilities"_L1},
    JsonColumn{"job"_L1, "parameters"_L1},        JsonColumn{"job"_L1, "result"_L1},
    JsonColumn{"prompt"_L1, "json"_L1},           JsonColumn{"import_source"_L1, "dialect"_L1},
    JsonColumn{"import_source"_L1, "mapping"_L1}, JsonColumn{"candidate"_L1, "other_labels"_L1},
    JsonColumn{"candidate"_L1, "fields"_L1},      JsonColumn{"material"_L1, "fields"_L1},
    JsonColumn{"dataset_note"_L1, "detail"_L1},   JsonColumn{"checker_validation"_L1, "result"_L1},
    JsonColumn{"checker_validation"_L1, "check_json"_L1}, JsonColumn{"prompt_version"_L1, "json"_L1},
    JsonColumn{"candidate"_L1, "extra"_L1},       JsonColumn{"score"_L1, "detail"_L1},
    JsonColumn{"run"_L1, "parameters"_L1},        JsonColumn{"observation"_L1, "labels"_L1},
    JsonColumn{"figure"_L1, "parameters"_L1},     JsonColumn{"figure"_L1, "spec"_L1},
    JsonColumn{"event_log"_L1, "detail"_L1},      JsonColumn{"batch"_L1, "ticket"_L1},
    JsonColumn{"candidate_edit"_L1, "before"_L1}, JsonColumn{"candidate_edit"_L1, "after"_L1},
};

struct Offences
{
    qint64 count = 0;
    QStringList examples;
};

Result<Offences> offences(Connection &connection, const QString &sql)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(sql));
    Offences found;
    while (rows.next()) {
        if (found.examples.size() < shownExamples)
            found.examples << rows.value(0).toString();
        ++found.count;
    }
    // A damaged page ends the loop early; without this it would look like "no more rows".
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return found;
}

/// Asks and adds what was found; a question that cannot be answered is a problem too.
void ask(Connection &connection, ProjectCheck &check, const QString &code, const QString &text, const QString &sql,
         bool notice = false)
{
    const auto found = offences(connection, sql);
    if (!found) {
        check.problems << ProjectProblem{u"unreadable"_s, u"Could not check “%1”: %2"_s.arg(code, found.error().text()),
                                         1};
    } else if (found->count > 0) {
        const QString more = found->count > found->examples.size() ? u", …"_s : QString();
        check.problems << ProjectProblem{code, u"%1: %2%3."_s.arg(text, found->examples.join(u", "_s), more),
                                         found->count, notice};
    }
}

/// What can be made again: indices and views.
QList<SchemaObject> remakable(const SchemaDifference &difference)
{
    QList<SchemaObject> list;
    std::ranges::copy_if(difference.missing, std::back_inserter(list),
                         [](const SchemaObject &object) { return object.type != "table"_L1; });
    return list;
}

/// True when the data can be looked at without running what somebody else wrote.
bool askSchema(Connection &connection, ProjectCheck &check)
{
    const auto difference = compareSchema(connection);
    if (!difference) {
        check.problems << ProjectProblem{u"unreadable"_s,
                                         u"Could not compare the schema: %1"_s.arg(difference.error().text()), 1};
        return false;
    }
    QStringList tables, others;
    for (const SchemaObject &object : difference->missing)
        (object.type == "table"_L1 ? tables : others) << object.name;
    if (!others.isEmpty()) {
        check.problems << ProjectProblem{
            u"missing-index"_s, u"Indices or views are missing: %1."_s.arg(others.join(u", "_s)), others.size()};
    }
    if (!tables.isEmpty()) {
        check.problems << ProjectProblem{u"missing-table"_s, u"Tables are missing: %1."_s.arg(tables.join(u", "_s)),
                                         tables.size()};
    }
    if (difference->foreign.isEmpty())
        return true;
    const bool safe = !difference->isUnsafeToRead();
    check.problems << ProjectProblem{
        u"foreign-schema"_s,
        u"Parts of the file that this program did not make: %1.%2"_s.arg(
            difference->foreignNames(), safe ? QString() : u" The rest of the file was not looked at."_s),
        difference->foreign.size()};
    return safe;
}

QString detailJson(const nlohmann::json &detail)
{
    return QString::fromStdString(detail.dump());
}

} // namespace

nlohmann::json ProjectCheck::toJson() const
{
    nlohmann::json list = nlohmann::json::array();
    for (const ProjectProblem &problem : problems) {
        list.push_back({{"code", problem.code.toStdString()},
                        {"text", problem.text.toStdString()},
                        {"count", problem.count},
                        {"severity", problem.notice ? "notice" : "error"}});
    }
    nlohmann::json done = nlohmann::json::array();
    for (const QString &text : repaired)
        done.push_back(text.toStdString());
    return {{"ok", ok}, {"problems", std::move(list)}, {"repaired", std::move(done)}};
}

Result<ProjectCheck> checkProject(Connection &connection, const CheckOptions &options)
{
    ProjectCheck check;
    check.ok = askSchema(connection, check);
    if (!check.ok)
        return check;
    constexpr qint64 questions = 3 + static_cast<qint64>(rules.size() + jsonColumns.size());
    qint64 asked = 0;
    const auto next = [&]() -> Status {
        if (options.token.isCancelled())
            return failure(Error(ErrorCode::Cancelled, u"The check was stopped."_s).withConsequence(u"Nothing was changed."_s));
        if (options.progress)
            options.progress(asked++, questions);
        return {};
    };
    EVALWRIGHT_TRY(next());
    ask(connection, check, u"damaged-file"_s, u"SQLite reports damage"_s,
        u"SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"_s);
    EVALWRIGHT_TRY(next());
    ask(connection, check, u"dangling-reference"_s, u"Rows that refer to rows that do not exist"_s,
        u"SELECT \"table\" || ' ' || coalesce(rowid, '(no number)') || ' → ' || parent FROM pragma_foreign_key_check"_s);
    for (const Rule &rule : rules) {
        EVALWRIGHT_TRY(next());
        ask(connection, check, rule.code, rule.text, rule.sql);
    }
    for (const JsonColumn &json : jsonColumns) {
        EVALWRIGHT_TRY(next());
        ask(connection, check, u"unreadable-json"_s,
            u"Column %1.%2 holds text that is not JSON"_s.arg(json.table, json.column),
            u"SELECT '%1 ' || id FROM %1 WHERE NOT json_valid(%2)"_s.arg(json.table, json.column));
    }
    EVALWRIGHT_TRY(next());
    const auto packs = differingAnswerPacks(connection);
    if (!packs) {
        check.problems << ProjectProblem{u"unreadable"_s,
                                         u"Could not check the packed answers: %1"_s.arg(packs.error().text()), 1};
    } else if (*packs > 0) {
        check.problems << ProjectProblem{
            u"stale-answers"_s, u"Packed answers that do not say what the answers say: results may be wrong until a repair."_s,
            *packs};
    }
    if (!options.jobsMayRun) {
        ask(connection, check, u"interrupted-job"_s,
            u"Jobs are marked as running, but nothing runs them; they can be resumed"_s,
            u"SELECT 'job ' || id FROM job WHERE state = 'running'"_s, true);
    }
    check.ok =
        std::all_of(check.problems.cbegin(), check.problems.cend(), [](const ProjectProblem &p) { return p.notice; });
    return check;
}

Result<ProjectCheck> repairProject(Project &project)
{
    QStringList repaired;
    const auto paused = project.writeNow(
        [](Connection &c) -> Result<qint64> {
            EVALWRIGHT_ASSIGN(const qint64 count, pauseInterruptedJobs(c));
            if (count > 0)
                EVALWRIGHT_TRY(logEvent(c, u"repair-jobs-paused"_s, {}, detailJson({{"jobs", count}})));
            return count;
        },
        {Topic::Jobs});
    if (!paused)
        return failure(paused.error());
    if (*paused > 0)
        repaired << u"%1 interrupted jobs are paused and can be resumed."_s.arg(*paused);

    EVALWRIGHT_ASSIGN(const SchemaDifference difference,
                      project.readNow([](Connection &c) { return compareSchema(c); }));
    QStringList failed;
    for (const SchemaObject &object : remakable(difference)) {
        const Status made = project.writeNow([object](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(object.sql));
            return logEvent(c, u"repair-schema"_s, {}, detailJson({{"made", object.name.toStdString()}}));
        });
        if (made)
            repaired << u"“%1” was missing and is made again."_s.arg(object.name);
        else
            failed << u"“%1” could not be made again: %2"_s.arg(object.name, made.error().text());
    }

    EVALWRIGHT_ASSIGN(const ProjectCheck before, project.readNow([](Connection &c) { return checkProject(c); }));
    const bool damaged = std::any_of(before.problems.cbegin(), before.problems.cend(),
                                     [](const ProjectProblem &p) { return p.code == "damaged-file"_L1; });
    if (damaged) {
        const Status rebuilt = project.writeNow([](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"REINDEX"_s));
            return logEvent(c, u"repair-reindex"_s, {}, u"{}"_s);
        });
        if (rebuilt)
            repaired << u"All indices were rebuilt from their tables."_s;
        else
            failed << u"The indices could not be rebuilt: %1"_s.arg(rebuilt.error().text());
    }

    if (std::ranges::any_of(before.problems, [](const ProjectProblem &p) { return p.code == "stale-answers"_L1; })) {
        const Status packed = project.writeNow(
            [](Connection &c) -> Status {
                EVALWRIGHT_TRY(dropAnswerPacks(c));
                EVALWRIGHT_TRY(packAnswers(c));
                return logEvent(c, u"repair-answer-packs"_s, {}, u"{}"_s);
            },
            {Topic::Runs});
        if (packed)
            repaired << u"The packed answers were made again from the answers."_s;
        else
            failed << u"The packed answers could not be made again: %1"_s.arg(packed.error().text());
    }

    EVALWRIGHT_ASSIGN(ProjectCheck after, project.readNow([](Connection &c) { return checkProject(c); }));
    after.repaired = repaired;
    for (const QString &text : failed) {
        after.problems << ProjectProblem{u"repair-failed"_s, text, 1};
        after.ok = false;
    }
    return after;
}

} // namespace evalwright
