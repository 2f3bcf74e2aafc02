// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/tools/merging.h"

#include <QStringList>

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array mappedTables{"behaviour", "recipe",    "model", "dataset",  "job",    "prompt",
                                  "response",  "import_source", "material", "candidate", "guideline", "questionnaire",
                                  "review",    "rater",     "run"};

} // namespace

Status Merging::makeTables()
{
    for (const char *table : mappedTables) {
        const QString name = QString::fromLatin1(table);
        EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE need_%1 (id INTEGER PRIMARY KEY)"_s.arg(name)));
        EVALWRIGHT_TRY(m_file.execute(
            u"CREATE TEMP TABLE map_%1 (old INTEGER PRIMARY KEY, new INTEGER NOT NULL, added INTEGER NOT NULL)"_s.arg(name)));
    }
    // From a candidate here to the one there.
    EVALWRIGHT_TRY(m_file.execute(u"CREATE INDEX temp.map_candidate_new ON map_candidate (new)"_s));
    return {};
}

QString Merging::list(Columns columns) const
{
    QStringList names;
    for (const Column &column : columns)
        names << QString::fromLatin1(column.name);
    return names.join(u", "_s);
}

QString Merging::values(Columns columns) const
{
    QStringList expressions;
    for (const Column &column : columns) {
        if (column.expression)
            expressions << QString::fromLatin1(column.expression);
        else if (column.refersTo)
            expressions << u"(SELECT new FROM temp.map_%2 WHERE old = o.%1)"_s.arg(QLatin1StringView(column.name),
                                                                                   QLatin1StringView(column.refersTo));
        else
            expressions << u"o."_s + QLatin1StringView(column.name);
    }
    return expressions.join(u", "_s);
}

Status Merging::recognise(const QString &table, const QString &condition)
{
    EVALWRIGHT_TRY(m_file.execute(u"INSERT OR IGNORE INTO temp.map_%1 (old, new, added) SELECT o.id, n.id, 0 FROM temp.need_%1 q "
                                  u"JOIN other.%1 o ON o.id = q.id JOIN main.%1 n ON %2 WHERE NOT EXISTS "
                                  u"(SELECT 1 FROM temp.map_%1 WHERE old = o.id) ORDER BY o.id, n.id"_s.arg(table, condition)));
    return {};
}

Status Merging::numberRest(const QString &table)
{
    EVALWRIGHT_TRY(m_file.execute(
        u"INSERT INTO temp.map_%1 (old, new, added) SELECT q.id, (SELECT coalesce(max(id), 0) FROM main.%1) + "
        u"row_number() OVER (ORDER BY q.id), 1 FROM temp.need_%1 q WHERE NOT EXISTS (SELECT 1 FROM temp.map_%1 WHERE "
        u"old = q.id)"_s.arg(table)));
    return {};
}

Status Merging::insertMapped(const QString &table, Columns columns)
{
    EVALWRIGHT_TRY(m_file.execute(u"INSERT INTO main.%1 (id, %2) SELECT m.new, %3 FROM temp.map_%1 m JOIN other.%1 o ON "
                                  u"o.id = m.old WHERE m.added = 1 ORDER BY m.old"_s.arg(table, list(columns), values(columns))));
    return countMapped(table);
}

Status Merging::insertOthers(const QString &table, Columns columns, const QString &joins, const QString &isHere,
                             const QString &order)
{
    const QString from = u" FROM other.%1 o %2"_s.arg(table, joins);
    const QString absent = u" AND NOT EXISTS (SELECT 1 FROM main.%1 n WHERE %2)"_s.arg(table, isHere);
    EVALWRIGHT_ASSIGN(const qint64 all, m_file.number(u"SELECT count(*)"_s + from));
    EVALWRIGHT_ASSIGN(const qint64 added,
                      m_file.execute(u"INSERT INTO main.%1 (%2) SELECT %3%4%5%6"_s.arg(
                          table, list(columns), values(columns), from, absent, order.isEmpty() ? QString() : u" ORDER BY "_s + order)));
    counted(table, added, all - added);
    return {};
}

Status Merging::countMapped(const QString &table)
{
    EVALWRIGHT_ASSIGN(const qint64 added, m_file.number(u"SELECT count(*) FROM temp.map_%1 WHERE added = 1"_s.arg(table)));
    EVALWRIGHT_ASSIGN(const qint64 known, m_file.number(u"SELECT count(*) FROM temp.map_%1 WHERE added = 0"_s.arg(table)));
    counted(table, added, known);
    return {};
}

void Merging::counted(const QString &table, qint64 added, qint64 known)
{
    for (MergeReport::RowCount &count : m_report.rows) {
        if (count.table == table) {
            count.added += added;
            count.known += known;
            return;
        }
    }
    m_report.rows << MergeReport::RowCount{table, added, known};
}

Result<QString> Merging::freeName(const QString &name, const QString &taken)
{
    QString free = name;
    for (int number = 2;; ++number) {
        EVALWRIGHT_ASSIGN(const QVariant found, m_file.value(taken, {free}));
        if (!found.isValid())
            return free;
        free = u"%1 (%2)"_s.arg(name).arg(number);
    }
}

Status Merging::run()
{
    using Step = Status (Merging::*)();
    struct Stage
    {
        QString name;
        QList<Step> steps;
    };
    const QList<Stage> stages{
        {u"looking"_s, {&Merging::makeTables, &Merging::chooseDatasets}},
        {u"data sets"_s, {&Merging::behaviours, &Merging::recipes, &Merging::datasets, &Merging::chooseRest, &Merging::models}},
        {u"answers"_s, {&Merging::jobs, &Merging::prompts, &Merging::responses, &Merging::steps}},
        {u"items"_s, {&Merging::importSources, &Merging::materials, &Merging::candidates}},
        {u"scores"_s, {&Merging::scores}},
        {u"decisions"_s, {&Merging::decisions, &Merging::edits, &Merging::candidateTexts}},
        {u"findings"_s, {&Merging::tags, &Merging::findings, &Merging::notes, &Merging::validations, &Merging::embeddings}},
        {u"reviews"_s, {&Merging::reviewTexts, &Merging::raters, &Merging::reviews, &Merging::judgements, &Merging::adjudications}},
        {u"results"_s, {&Merging::runs, &Merging::observations, &Merging::settings, &Merging::figures, &Merging::promptVersions, &Merging::events}},
        {u"counting"_s, {&Merging::tell}},
    };
    for (qsizetype i = 0; i < stages.size(); ++i) {
        if (m_progress)
            m_progress({stages[i].name, i, stages.size()});
        for (const Step step : stages[i].steps)
            EVALWRIGHT_TRY((this->*step)());
    }
    return {};
}

} // namespace evalwright
