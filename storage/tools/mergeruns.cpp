// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Results, and the report of a merge.
#include "storage/tools/merging.h"

namespace evalwright {

using namespace Qt::StringLiterals;

Status Merging::runs()
{
    EVALWRIGHT_TRY(recognise(u"run"_s, u"n.uuid = o.uuid"_s));
    EVALWRIGHT_TRY(numberRest(u"run"_s));
    return insertMapped(u"run"_s, {{"uuid"}, {"name"}, {"job_id", "job"}, {"parameters"}, {"created_at"}});
}

Status Merging::observations()
{
    return insertOthers(u"observation"_s,
                        {{"run_id", nullptr, "r.new"},
                         {"candidate_id", nullptr, "m.new"},
                         {"model_id", nullptr, "k.new"},
                         {"frame"},
                         {"control"},
                         {"option_order"},
                         {"repeat"},
                         {"method"},
                         {"method_version"},
                         {"outcome"},
                         {"argmax"},
                         {"matches"},
                         {"p_matching"},
                         {"label_mass"},
                         {"undecided_mass"},
                         {"censored"},
                         {"labels"},
                         {"response_id", "response"},
                         {"created_at"}},
                        u"JOIN temp.map_candidate m ON m.old = o.candidate_id JOIN temp.map_run r ON r.old = o.run_id JOIN temp.map_model k ON "
                        u"k.old = o.model_id WHERE true"_s,
                        u"n.run_id = r.new AND n.candidate_id = m.new AND n.model_id = k.new AND n.frame = o.frame AND n.control = o.control AND "
                        u"n.option_order = o.option_order AND n.repeat = o.repeat"_s,
                        u"o.id"_s);
}

/// The latest of a name counts: after a merge the latest by time, in whichever direction it went.
Status Merging::settings()
{
    const QString scope = everything() ? u"(m.old IS NOT NULL OR o.dataset_id IS NULL)"_s : u"m.old IS NOT NULL"_s;
    const qsizetype before = m_report.rows.size();
    EVALWRIGHT_TRY(insertOthers(u"verdict_setting"_s, {{"dataset_id", nullptr, "m.new"}, {"name"}, {"value"}, {"reason"}, {"created_at"}},
                                u"LEFT JOIN temp.map_dataset m ON m.old = o.dataset_id WHERE "_s + scope,
                                u"n.dataset_id IS m.new AND n.name = o.name AND n.value = o.value AND n.reason = o.reason AND n.created_at = o.created_at"_s,
                                u"o.id"_s));
    if (m_report.rows.size() > before && m_report.rows.last().added == 0)
        return {};
    EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE setting_place AS SELECT id, (SELECT max(id) FROM main.verdict_setting) + row_number() OVER "
                                  u"(ORDER BY created_at, name, value, id) AS place FROM main.verdict_setting"_s));
    EVALWRIGHT_TRY(m_file.execute(u"UPDATE main.verdict_setting SET id = (SELECT place FROM temp.setting_place p WHERE p.id = verdict_setting.id)"_s));
    return {};
}

Status Merging::figures()
{
    if (!everything())
        return {};
    return insertOthers(u"figure"_s, {{"uuid"}, {"kind"}, {"title"}, {"parameters"}, {"spec"}, {"created_at"}}, u"WHERE true"_s,
                        u"n.uuid = o.uuid"_s);
}

Status Merging::tell()
{
    const QString changed = u"(m.added = 0 AND (n.statement <> o.statement OR n.question <> o.question OR n.matching_label <> o.matching_label OR "
                            u"n.other_labels <> o.other_labels OR n.fields <> o.fields))"_s;
    EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE told AS SELECT o.dataset_id AS dataset, sum(m.added) AS added, sum(%1) AS changed, count(*) AS "
                                  u"\"all\", sum(m.added = 0 AND n.id IN (SELECT id FROM temp.newer_text)) AS updated FROM temp.map_candidate m JOIN "
                                  u"other.candidate o ON o.id = m.old JOIN main.candidate n ON n.id = m.new GROUP BY o.dataset_id"_s.arg(changed)));
    EVALWRIGHT_TRY(m_file.forEachRow(
        u"SELECT o.name, n.name, m.added, m.old IN (SELECT old FROM temp.same_content), n.removed_at IS NOT NULL, t.added, t.changed, t.\"all\", "
        u"t.updated FROM temp.map_dataset m JOIN other.dataset o ON o.id = m.old JOIN main.dataset n ON n.id = m.new LEFT JOIN temp.told t ON "
        u"t.dataset = o.id ORDER BY m.old"_s,
        {}, [this](const Statement::Row &row) {
            using Entry = MergeReport::DatasetEntry;
            Entry entry;
            entry.name = row.text(0);
            entry.here = row.text(1);
            entry.state = row.integer(2) != 0   ? Entry::State::New
                          : row.integer(3) != 0 ? Entry::State::SameContent
                                                : Entry::State::Known;
            entry.removedHere = row.integer(4) != 0;
            entry.added = row.integer(5);
            entry.changed = row.integer(6);
            entry.updated = row.integer(8);
            entry.known = row.integer(7) - entry.added - entry.changed - entry.updated;
            m_report.datasets << entry;
        }));
    return {};
}

} // namespace evalwright
