// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/lint.h"

#include "core/clock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSqlError>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString questionMarks(qsizetype count)
{
    return QStringList(count, u"?"_s).join(u", "_s);
}

Status ended(const QSqlQuery &rows)
{
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the findings of lint"_s));
    return {};
}

Result<QList<StoredLintFinding>> findingsOf(Connection &connection, const QString &rest, const QVariantList &values)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT f.candidate_id, f.rule, f.rule_version, f.severity, f.field, f.start, "
                                       u"f.length, f.detail FROM lint_finding f "_s +
                                           rest,
                                       values));
    QList<StoredLintFinding> list;
    while (rows.next()) {
        list << StoredLintFinding{CandidateId{rows.value(0).toLongLong()},
                                  rows.value(1).toString(),
                                  rows.value(2).toInt(),
                                  rows.value(3).toString(),
                                  rows.value(4).toString(),
                                  optionalValue<qint64>(rows.value(5)),
                                  optionalValue<qint64>(rows.value(6)),
                                  rows.value(7).toString()};
    }
    EVALWRIGHT_TRY(ended(rows));
    return list;
}

/// Which candidates: `s` is the item view or the table itself.
QString textSource(bool all)
{
    return all ? u"candidate s WHERE s.dataset_id = ? AND s.parse_status IN ('ok', 'imported')"_s
               : u"item s WHERE s.dataset_id = ?"_s;
}

} // namespace

Result<qint64> clearLintFindings(Connection &connection, DatasetId dataset, const QStringList &rules)
{
    QString sql = u"DELETE FROM lint_finding WHERE candidate_id IN (SELECT id FROM candidate WHERE dataset_id = ?)"_s;
    QVariantList values{dataset.value};
    if (!rules.isEmpty()) {
        sql += u" AND rule IN (%1)"_s.arg(questionMarks(rules.size()));
        for (const QString &rule : rules)
            values << rule;
    }
    return connection.execute(sql, values);
}

static Status addFindings(Connection &connection, const QList<StoredLintFinding> &findings)
{
    for (const StoredLintFinding &f : findings) {
        EVALWRIGHT_TRY(
            connection.execute(u"INSERT INTO lint_finding (candidate_id, rule, rule_version, severity, field, start, "
                               u"length, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
                               {f.candidate.value, f.rule, f.ruleVersion, f.severity, bound(f.field), bound(f.start),
                                bound(f.length), bound(f.detail)}));
    }
    return {};
}

Status replaceLintFindings(Connection &connection, DatasetId dataset, const QStringList &rules,
                           const QList<StoredLintFinding> &findings)
{
    EVALWRIGHT_TRY(clearLintFindings(connection, dataset, rules));
    return addFindings(connection, findings);
}

Status replaceLintFindingsOf(Connection &connection, CandidateId candidate, const QList<StoredLintFinding> &findings)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM lint_finding WHERE candidate_id = ?"_s, {candidate.value}));
    return addFindings(connection, findings);
}

static Result<QList<LintCount>> countsIn(Connection &connection, const QString &source, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT f.rule, f.severity, count(*) FROM lint_finding f JOIN %1 c ON c.id = "
                                       u"f.candidate_id WHERE c.dataset_id = ? GROUP BY 1, 2 ORDER BY 1, 2"_s.arg(source),
                                       {dataset.value}));
    QList<LintCount> list;
    while (rows.next())
        list << LintCount{rows.value(0).toString(), rows.value(1).toString(), rows.value(2).toLongLong()};
    EVALWRIGHT_TRY(ended(rows));
    return list;
}

Result<QList<LintCount>> lintCounts(Connection &connection, DatasetId dataset)
{
    return countsIn(connection, u"candidate"_s, dataset);
}

Result<QList<LintCount>> lintCountsOfItems(Connection &connection, DatasetId dataset)
{
    return countsIn(connection, u"item"_s, dataset);
}

Result<QList<StoredLintFinding>> lintFindings(Connection &connection, DatasetId dataset, const QString &rule,
                                              qint64 offset, qint64 limit)
{
    QVariantList values{dataset.value};
    if (!rule.isEmpty())
        values << rule;
    return findingsOf(connection,
                      u"JOIN candidate c ON c.id = f.candidate_id WHERE c.dataset_id = ?%1 ORDER BY c.ordinal, f.rule "
                      u"LIMIT ? OFFSET ?"_s.arg(rule.isEmpty() ? QString() : u" AND f.rule = ?"_s),
                      values << limit << offset);
}

Result<QList<StoredLintFinding>> lintFindingsOf(Connection &connection, CandidateId candidate)
{
    return findingsOf(connection, u"WHERE f.candidate_id = ? ORDER BY f.rule"_s, {candidate.value});
}

Result<QList<LintBlocker>> lintBlockers(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT s.id, s.uuid, s.ordinal, f.rule FROM candidate_state s JOIN lint_finding f ON "
                                       u"f.candidate_id = s.id AND f.severity = 'block' WHERE s.dataset_id = ? AND "
                                       u"s.verdict = 'keep' AND s.actor <> 'person' ORDER BY s.ordinal, f.rule"_s,
                                       {dataset.value}));
    QList<LintBlocker> list;
    while (rows.next()) {
        const CandidateId id{rows.value(0).toLongLong()};
        if (list.isEmpty() || list.last().candidate != id)
            list << LintBlocker{id, rows.value(1).toString(), rows.value(2).toLongLong(), {}};
        list.last().rules << rows.value(3).toString();
    }
    EVALWRIGHT_TRY(ended(rows));
    return list;
}

Result<QHash<QString, QString>> lintSettings(Connection &connection)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows, connection.query(u"SELECT rule, severity FROM lint_setting"_s));
    QHash<QString, QString> settings;
    while (rows.next())
        settings.insert(rows.value(0).toString(), rows.value(1).toString());
    EVALWRIGHT_TRY(ended(rows));
    return settings;
}

Status setLintSetting(Connection &connection, const QString &rule, const QString &severity)
{
    if (severity.isEmpty()) {
        EVALWRIGHT_TRY(connection.execute(u"DELETE FROM lint_setting WHERE rule = ?"_s, {rule}));
        return {};
    }
    EVALWRIGHT_TRY(connection.execute(u"INSERT INTO lint_setting (rule, severity, changed_at) VALUES (?, ?, ?) "
                                      u"ON CONFLICT (rule) DO UPDATE SET severity = excluded.severity, "
                                      u"changed_at = excluded.changed_at"_s,
                                      {rule, severity, isoNow()}));
    return {};
}

Status forEachLintText(Connection &connection, DatasetId dataset, bool all,
                       const std::function<Status(const LintText &)> &use)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT s.id, s.ordinal, s.statement, s.question, s.matching_label, "
                                       u"s.other_labels, s.label_confidence, s.cluster, s.fields, s.extra FROM %1 "
                                       u"ORDER BY s.ordinal"_s.arg(textSource(all)),
                                       {dataset.value}));
    QHash<QString, QStringList> known; // Label lists repeat.
    while (rows.next()) {
        LintText text;
        text.id.value = rows.value(0).toLongLong();
        text.ordinal = rows.value(1).toLongLong();
        text.statement = rows.value(2).toString();
        text.question = rows.value(3).toString();
        text.matchingLabel = rows.value(4).toString();
        const QString labels = rows.value(5).toString();
        auto found = known.constFind(labels);
        if (found == known.cend()) {
            if (known.size() > 1000)
                known.clear();
            QStringList list;
            for (const QJsonValue value : QJsonDocument::fromJson(labels.toUtf8()).array())
                list << value.toString();
            found = known.insert(labels, list);
        }
        text.otherLabels = *found;
        text.labelConfidence = optionalValue<double>(rows.value(6));
        text.cluster = rows.value(7).toString();
        text.fields = rows.value(8).toString();
        text.extra = rows.value(9).toString();
        EVALWRIGHT_TRY(use(text));
    }
    return ended(rows);
}

Result<qint64> countLintTexts(Connection &connection, DatasetId dataset, bool all)
{
    EVALWRIGHT_ASSIGN(const QVariant count,
                      connection.value(u"SELECT count(*) FROM "_s + textSource(all), {dataset.value}));
    return count.toLongLong();
}

Status forEachTextElsewhere(Connection &connection, DatasetId dataset,
                            const std::function<Status(const QString &, const QString &)> &use)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT d.name, s.statement, s.question FROM dataset d JOIN item s ON s.dataset_id = d.id "
                         u"WHERE d.id <> ? AND d.removed_at IS NULL AND NOT EXISTS (SELECT 1 FROM import_source own "
                         u"JOIN import_source theirs ON theirs.sha256 = own.sha256 WHERE own.dataset_id = ? AND "
                         u"theirs.dataset_id = d.id) ORDER BY d.id, s.ordinal"_s,
                         {dataset.value, dataset.value}));
    while (rows.next()) {
        const QString statement = rows.value(1).toString();
        EVALWRIGHT_TRY(use(statement.isEmpty() ? rows.value(2).toString() : statement, rows.value(0).toString()));
    }
    return ended(rows);
}

Result<QSet<qint64>> candidatesDoubtedByAChecker(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(
        QSqlQuery rows,
        connection.query(u"SELECT DISTINCT candidate_id FROM (SELECT s.candidate_id FROM score s JOIN candidate c ON "
                         u"c.id = s.candidate_id WHERE c.dataset_id = ? AND s.requirement = 'label' AND s.p IS NOT "
                         u"NULL GROUP BY s.candidate_id, s.checker_model_id HAVING avg(s.p) < 0.5)"_s,
                         {dataset.value}));
    QSet<qint64> ids;
    while (rows.next())
        ids << rows.value(0).toLongLong();
    EVALWRIGHT_TRY(ended(rows));
    return ids;
}

Result<QHash<qint64, QString>> uuidsOf(Connection &connection, const QList<qint64> &candidates)
{
    constexpr qsizetype batch = 500; // Below SQLite's smallest limit of bound values.
    QHash<qint64, QString> uuids;
    for (qsizetype first = 0; first < candidates.size(); first += batch) {
        const qsizetype count = std::min(batch, candidates.size() - first);
        QVariantList values;
        for (const qint64 id : candidates.mid(first, count))
            values << id;
        EVALWRIGHT_ASSIGN(
            QSqlQuery rows,
            connection.query(u"SELECT id, uuid FROM candidate WHERE id IN (%1)"_s.arg(questionMarks(count)), values));
        while (rows.next())
            uuids.insert(rows.value(0).toLongLong(), rows.value(1).toString());
        EVALWRIGHT_TRY(ended(rows));
    }
    return uuids;
}

} // namespace evalwright
