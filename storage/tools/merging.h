// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/tools/projectmerge.h"

#include <initializer_list>

namespace evalwright {

/// One merging of the attached file `other` into `main`, inside one transaction of `file`.
///
/// temp.need_T has the rows of `other` that are to be here; temp.map_T says for each which row it is here, and whether
/// it is added. Rows are found and added table by table, parents first, each with one statement for all of them.
class Merging
{
public:
    Merging(SqliteFile &file, const MergeOptions &options, const ToolProgressFunction &progress, MergeReport &report)
        : m_file(file), m_options(options), m_progress(progress), m_report(report)
    {
    }
    Status run();

private:
    /// A column, and the table whose map its values go through.
    struct Column
    {
        const char *name;
        const char *refersTo = nullptr;
        const char *expression = nullptr; ///< Instead of the column, with `o` for the other row.
    };
    using Columns = std::initializer_list<Column>;
    /// A table of which the latest row of a candidate counts.
    struct Log
    {
        const char *table;
        Columns columns; ///< Without candidate_id.
        const char *same; ///< Row `n` here is row `o` there, their candidate aside.
        const char *skip; ///< Rows `o` that add nothing to what candidate `m.new` has here; or nullptr.
        const char *order; ///< Of rows of one moment.
    };

    // merging.cpp
    Status makeTables();
    QString list(Columns columns) const;
    QString values(Columns columns) const;
    /// Maps the needed rows of a table that are here: those for which a row `n` of the table meets the condition.
    Status recognise(const QString &table, const QString &condition);
    /// Gives each needed row that is not mapped a number of its own.
    Status numberRest(const QString &table);
    Status insertMapped(const QString &table, Columns columns);
    /// Adds the rows of a table without a map. `joins` begins with the FROM part after `other.table o`; `isHere` is what
    /// row `n` of the table here meets when it is the same.
    /// `order` for tables whose row numbers say what came later.
    Status insertOthers(const QString &table, Columns columns, const QString &joins, const QString &isHere,
                        const QString &order = {});
    Status countMapped(const QString &table);
    void counted(const QString &table, qint64 added, qint64 known);
    /// SQL for what a candidate says and asks.
    static QString candidateContent(const QString &row);
    /// A name that `taken` (SQL with one place) does not find, “NAME (2)” and so on.
    Result<QString> freeName(const QString &name, const QString &taken);

    // mergescope.cpp
    Status chooseDatasets();
    Status chooseRest();
    Status need(const QString &table, const QString &select);

    // mergenames.cpp
    Status behaviours();
    Status recipes();
    Status models();
    Status datasets();
    Result<std::optional<qint64>> sameContent(qint64 dataset);
    Status promptVersions();

    // mergeanswers.cpp
    Status jobs();
    Status prompts();
    Status responses();
    Status steps();
    Status events();

    // mergeitems.cpp
    Status importSources();
    Status materials();
    Status candidates();
    Status candidateTexts();
    Status scores();
    Status decisions();
    Status edits();
    Status mergeLog(const Log &log);
    Status tags();
    Status findings();
    Status notes();
    Status validations();
    Status embeddings();

    // mergereviews.cpp
    Status reviewTexts();
    Status reviews();
    Status raters();
    Status judgements();
    Status adjudications();

    // mergeruns.cpp
    Status runs();
    Status observations();
    Status settings();
    Status figures();
    Status tell();

    bool everything() const { return m_options.dataset.isEmpty(); }

    SqliteFile &m_file;
    const MergeOptions &m_options;
    const ToolProgressFunction &m_progress;
    MergeReport &m_report;
};

} // namespace evalwright
