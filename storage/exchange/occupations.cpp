// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/occupations.h"

#include "core/text.h"
#include "storage/exchange/recordsource.h"
#include "storage/exchange/rowparts.h"

#include <QSet>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QStringList titleNames{u"BLS_original_occupation"_s, u"title"_s}, nameNames{u"occupation"_s},
    otherNames{u"other_person"_s},
    percentNames{u"BLS_percent_women_2019"_s, u"percent_women"_s, u"bls_pct_female"_s};

class Reading
{
public:
    Status columns(const QStringList &columns)
    {
        for (const QString &column : columns) {
            for (const QString &name : titleNames + nameNames) {
                if (column.trimmed().compare(name, Qt::CaseInsensitive) == 0)
                    return {};
            }
        }
        return failure(Error(ErrorCode::InvalidInput, u"No column holds titles of occupations."_s,
                             u"Name one “title” (and one “percent_women”). The file has: %1."_s.arg(
                                 rows::listOf(columns)))
                           .withConsequence(u"Nothing was read."_s));
    }

    Status use(const InputRecord &record)
    {
        if (record.problem) {
            m_table.problems << *record.problem;
            return {};
        }
        OccupationRow row;
        const JsonNode *title = record.find(titleNames), *name = record.find(nameNames);
        // Statistics with one name for each occupation call it by its everyday name.
        title = title ? title : name;
        if (!text(record, title, u"title"_s, true, row.title) ||
            !text(record, name, u"occupation"_s, false, row.occupation) ||
            !text(record, record.find(otherNames), u"other_person"_s, false, row.otherPerson) ||
            !percent(record, row.percentWomen))
            return {};
        const QString key = fold(row.title) + u'\n' + fold(row.occupation);
        if (m_known.contains(key)) {
            bad(record, title, u"exact-duplicate"_s, u"“%1” was there before."_s.arg(row.title), u"title"_s);
            return {};
        }
        m_known << key;
        m_table.rows << row;
        return {};
    }

    OccupationTable table() const { return m_table; }

private:
    void bad(const InputRecord &record, const JsonNode *node, const QString &reason, const QString &message,
             const QString &field)
    {
        m_table.problems << record.problemAt(node, reason, message, field);
    }

    bool text(const InputRecord &record, const JsonNode *node, const QString &field, bool needed, QString &out)
    {
        if (node && node->kind != JsonNode::Kind::Null && !node->isText()) {
            bad(record, node, u"wrong-type"_s, u"The field “%1” must be a text."_s.arg(field), field);
            return false;
        }
        out = node ? node->text.trimmed() : QString();
        if (needed && out.isEmpty()) {
            bad(record, node, u"missing-field"_s, u"The field “%1” is empty."_s.arg(field), field);
            return false;
        }
        return true;
    }

    bool percent(const InputRecord &record, std::optional<double> &out)
    {
        const JsonNode *node = record.find(percentNames);
        const QString text = node ? node->text.trimmed() : QString();
        const bool unknown = !node || node->kind == JsonNode::Kind::Null ||
                             (node->isText() && (text.isEmpty() || text == "-"_L1 || text == u"–"_s || text == u"—"_s));
        if (unknown)
            return true;
        bool ok = false;
        const double value = node->isText() || node->kind == JsonNode::Kind::Number ? text.toDouble(&ok) : 0;
        if (!ok || !(value >= 0 && value <= 100)) {
            bad(record, node, u"wrong-type"_s, u"The share of women must be a number from 0 to 100."_s,
                u"percent_women"_s);
            return false;
        }
        out = value;
        return true;
    }

    OccupationTable m_table;
    QSet<QString> m_known;
};

} // namespace

Result<OccupationTable> readOccupations(const QString &path, const CancellationToken &token)
{
    Reading reading;
    EVALWRIGHT_TRY(readRecords(
        path, [&](const QStringList &columns) { return reading.columns(columns); },
        [&](const InputRecord &record) { return reading.use(record); }, token));
    return reading.table();
}

} // namespace evalwright
