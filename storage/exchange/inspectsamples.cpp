// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/inspectsamples.h"

#include "storage/exchange/inspectrow.h"
#include "storage/exchange/linereader.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/tablerows.h"
#include "storage/exchange/tablewriter.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

class LinesReader final : public RowReader
{
public:
    LinesReader(QIODevice &device, const ReadSettings &settings)
        : m_lines(device, settings.longestRow), m_longest(settings.longestRow), m_rows(settings)
    {
    }

    bool next(ImportedRow &row) override
    {
        row = {};
        QByteArray line;
        do {
            if (!m_lines.next(line))
                return false;
        } while (!m_lines.tooLong() && line.trimmed().isEmpty());
        if (m_lines.tooLong())
            row.problem = RowProblem{0, 0, u"too-long"_s, u"The row is longer than %1 bytes."_s.arg(m_longest), {}, {}};
        else if (const auto parsed = rows::parseObject(line); !parsed)
            row.problem = parsed.error();
        else
            row = m_rows.read(line, parsed->root);
        m_cutShort = row.problem && row.problem->reason == "json-syntax"_L1 && !m_lines.ended();
        if (row.problem)
            row.problem->line = m_lines.number();
        row.candidate.sourceLine = m_lines.number();
        return true;
    }
    FileFacts facts() const override
    {
        FileFacts facts = m_rows.facts();
        facts.dialect = toText(m_lines.dialect());
        facts.cutShort = m_cutShort;
        return facts;
    }

private:
    LineReader m_lines;
    qint64 m_longest;
    InspectRows m_rows;
    bool m_cutShort = false;
};

/// A cell that holds JSON of this kind; else choices are cut at commas, as Inspect does, and the rest is the text that
/// it is.
JsonNode jsonCell(const JsonNode &cell, JsonNode::Kind wanted)
{
    auto parsed = parseJsonRow(cell.text.trimmed().toUtf8());
    if (!parsed || parsed->root.kind != wanted) {
        if (wanted != JsonNode::Kind::Array)
            return cell;
        QStringList choices;
        for (const QString &choice : cell.text.split(u',')) {
            if (!choice.trimmed().isEmpty())
                choices << choice.trimmed();
        }
        JsonNode list = JsonNode::ofTexts(choices);
        list.begin = cell.begin;
        return list;
    }
    parsed->root.begin = cell.begin;
    return parsed->root;
}

class TableReader final : public RowReader
{
public:
    TableReader(QIODevice &device, const ReadSettings &settings)
        : m_table(device, TableDialect{guessDelimiter(settings.head), true}, settings.longestRow, settings.csvUnescape),
          m_rows(settings)
    {
    }

    bool next(ImportedRow &row) override
    {
        row = {};
        TableRows::Row read;
        if (!hasColumns() || !m_table.next(read))
            return false;
        if (read.problem) {
            row.problem = read.problem;
        } else {
            row = m_rows.read(read.record.raw, sampleOf(read.cells));
            if (row.problem) {
                row.problem->line = read.record.line;
                const JsonNode *cell = read.cells.find(row.problem->field);
                row.problem->column = cell ? columnInRecord(read.record, cell->begin) : 0;
            }
        }
        row.candidate.sourceLine = read.record.line;
        return true;
    }
    FileFacts facts() const override
    {
        FileFacts facts = m_rows.facts();
        facts.dialect = m_table.dialect();
        return facts;
    }
    std::optional<Error> refusal() const override { return m_table.refusal() ? m_table.refusal() : m_refusal; }

private:
    bool hasColumns()
    {
        if (m_table.begin() && !m_refusal && !m_table.columns().isEmpty()) {
            for (const QString &needed : {u"input"_s, u"target"_s}) {
                if (!m_refusal && !m_table.columns().contains(needed))
                    m_refusal = Error(ErrorCode::InvalidInput, u"The table has no column “%1”."_s.arg(needed),
                                      u"A data set of Inspect needs input and target; other tables are csv."_s)
                                    .withConsequence(u"Nothing was imported."_s);
            }
        }
        return !refusal();
    }

    static JsonNode sampleOf(const JsonNode &cells)
    {
        JsonNode sample = JsonNode::object();
        for (size_t i = 0; i < cells.items.size(); ++i) {
            const QString &key = cells.keys[static_cast<qsizetype>(i)];
            const JsonNode &cell = cells.items[i];
            if (key == "choices"_L1 || key == "metadata"_L1) {
                if (!cell.text.trimmed().isEmpty())
                    sample.add(key,
                               jsonCell(cell, key == "choices"_L1 ? JsonNode::Kind::Array : JsonNode::Kind::Object));
            } else if (!cell.text.isEmpty() || key == "input"_L1 || key == "target"_L1) {
                sample.add(key, cell);
            }
        }
        return sample;
    }

    TableRows m_table;
    InspectRows m_rows;
    std::optional<Error> m_refusal;
};

class LinesWriter final : public RowWriter
{
public:
    explicit LinesWriter(QString behaviour) : m_behaviour(std::move(behaviour)) {}
    Result<QByteArray> row(const Candidate &candidate) override
    {
        QByteArray out;
        appendJson(out, inspectSample(candidate, m_behaviour), JsonEscapes::Utf8);
        return out + '\n';
    }
    QByteArray end() override { return {}; }

private:
    QString m_behaviour;
};

/// How the choices are given is one thing for a whole file: Inspect reads the cell by cutting it at every comma, JSON
/// or not.
class TableWriter final : public RowWriter
{
public:
    explicit TableWriter(const WriteSettings &settings) : m_settings(settings) {}
    bool surveys() const override { return true; }
    Status survey(const Candidate &candidate) override
    {
        const QStringList choices = inspectChoices(candidate);
        m_some = m_some || !choices.isEmpty();
        m_joinable = m_joinable && std::ranges::all_of(choices, [](const QString &choice) {
                         return !choice.contains(u',') && choice.trimmed() == choice;
                     });
        return {};
    }
    Result<QByteArray> row(const Candidate &candidate) override
    {
        if (!m_table) {
            const InspectChoices how = m_some && m_joinable ? InspectChoices::Commas : InspectChoices::InQuestion;
            m_table = tableWriter(m_settings,
                                  [how, behaviour = m_settings.dataset](const Candidate &item) -> Result<JsonNode> {
                                      return inspectSample(item, behaviour, how);
                                  });
            EVALWRIGHT_TRY(m_table->survey(candidate)); // Every sample has the same columns.
        }
        return m_table->row(candidate);
    }
    QByteArray end() override { return m_table ? m_table->end() : QByteArray(); }

private:
    WriteSettings m_settings;
    bool m_some = false, m_joinable = true;
    std::unique_ptr<RowWriter> m_table;
};

bool recognisesLines(const QByteArray &head)
{
    const QByteArray text = head.startsWith("\xef\xbb\xbf") ? head.mid(3).trimmed() : head.trimmed();
    if (!text.startsWith('{'))
        return false;
    const qsizetype end = text.indexOf('\n');
    const auto first = parseJsonRow((end < 0 ? text : text.left(end)).trimmed());
    if (first)
        return first->root.find(u"input"_s) && (first->root.find(u"target"_s) || first->root.find(u"choices"_s)) &&
               !first->root.find(u"question"_s) && !first->root.find(u"custom_id"_s);
    // A first row that is longer than what was read of the file.
    return end < 0 && text.startsWith("{\"input\"");
}

bool recognisesTable(const QByteArray &head)
{
    const QStringList columns = columnsOf(head);
    return columns.contains(u"input"_s) && columns.contains(u"target"_s) && !columns.contains(u"question"_s);
}

} // namespace

FileFormat inspectJsonlFormat()
{
    return {u"inspect-jsonl"_s, u"Data set of Inspect (JSON Lines)"_s, recognisesLines,
            [](QIODevice &device, const ReadSettings &settings) -> std::unique_ptr<RowReader> {
                return std::make_unique<LinesReader>(device, settings);
            },
            [](const WriteSettings &settings) -> std::unique_ptr<RowWriter> {
                return std::make_unique<LinesWriter>(settings.dataset);
            }};
}

FileFormat inspectCsvFormat()
{
    return {u"inspect-csv"_s, u"Data set of Inspect (table)"_s, recognisesTable,
            [](QIODevice &device, const ReadSettings &settings) -> std::unique_ptr<RowReader> {
                return std::make_unique<TableReader>(device, settings);
            },
            [](const WriteSettings &settings) -> std::unique_ptr<RowWriter> {
                return std::make_unique<TableWriter>(settings);
            }};
}

} // namespace evalwright
