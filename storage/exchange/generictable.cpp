// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/generictable.h"

#include "core/hash.h"
#include "storage/exchange/delimitedreader.h"
#include "storage/exchange/mappedrow.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/tablewriter.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString safeColumn = u"_ew_csv"_s;

/// Characters at the start of a cell that spreadsheets act on.
bool looksLikeFormula(const QString &text)
{
    return !text.isEmpty() && u"=+-@\t\r\n"_s.contains(text[0]);
}

class Reader final : public RowReader
{
public:
    Reader(QIODevice &device, const ReadSettings &settings, TableDialect dialect)
        : m_table(device, dialect, settings.longestRow), m_dialect(dialect), m_unescapes(settings.csvUnescape),
          m_rows(settings, true)
    {
    }

    bool next(ImportedRow &row) override
    {
        row = {};
        TableRecord record;
        if (m_columns.isEmpty() && !m_refusal && m_table.next(record))
            readHeader(record);
        if (m_refusal || !m_begun || !m_table.next(record))
            return false;
        if (record.problem)
            row.problem = record.problem;
        else if (record.cells.size() != m_columns.size() + (m_safe ? 1 : 0))
            row.problem = RowProblem{record.line, 0, u"column-count"_s,
                                     u"The row has %1 cells, the header %2."_s.arg(record.cells.size())
                                         .arg(m_columns.size() + (m_safe ? 1 : 0)),
                                     {}, rows::problemAt(record.raw, 0, {}, {}).excerpt};
        else
            readRecord(record, row);
        row.candidate.sourceLine = record.line;
        return true;
    }

    FileFacts facts() const override
    {
        FileFacts facts = m_rows.facts();
        const LineDialect lines = m_table.lines();
        const nlohmann::json dialect{{"bom", lines.bom},
                                     {"crlf", lines.crlf},
                                     {"delimiter", std::string(1, m_dialect.delimiter)},
                                     {"safe", m_safe}};
        facts.dialect = QString::fromUtf8(canonicalJson(dialect));
        return facts;
    }
    std::optional<Error> refusal() const override { return m_refusal ? m_refusal : m_rows.refusal(); }

private:
    void readHeader(const TableRecord &record)
    {
        const auto refuse = [&](const QString &message) {
            m_refusal = Error(ErrorCode::InvalidInput, message, u"Correct the first line of the file."_s)
                            .withConsequence(u"Nothing was imported."_s);
        };
        if (record.problem) {
            refuse(u"The header cannot be read: %1"_s.arg(record.problem->message));
            return;
        }
        for (const QByteArray &cell : record.cells)
            m_columns << QString::fromUtf8(cell);
        m_safe = m_columns.first() == safeColumn;
        m_unescapes = m_unescapes || m_safe;
        if (m_safe)
            m_columns.removeFirst();
        for (QString &column : m_columns)
            column = unescaped(column);
        for (qsizetype i = 0; i < m_columns.size(); ++i) {
            if (m_columns[i].isEmpty())
                m_columns[i] = u"column %1"_s.arg(i + 1);
            if (m_columns.indexOf(m_columns[i]) != i) {
                refuse(u"Two columns are named “%1”."_s.arg(m_columns[i]));
                return;
            }
        }
        if (m_columns.isEmpty())
            refuse(u"The table has no columns."_s);
        else
            m_begun = m_rows.begin(m_columns);
    }

    QString unescaped(const QString &text) const
    {
        return m_unescapes && text.startsWith(u'\'') ? text.mid(1) : text;
    }

    void readRecord(const TableRecord &record, ImportedRow &row)
    {
        JsonRow object;
        object.root = JsonNode::object();
        const qsizetype first = m_safe ? 1 : 0;
        if (m_safe && record.cells.first() != "1") {
            row.problem = rows::problemAt(record.raw, 0, u"wrong-type"_s,
                                          u"The column “%1” must hold 1 in each row."_s.arg(safeColumn), safeColumn);
            row.problem->line = record.line;
            return;
        }
        for (qsizetype i = 0; i < m_columns.size(); ++i) {
            JsonNode cell = JsonNode::ofText(unescaped(QString::fromUtf8(record.cells[first + i])));
            cell.begin = record.offsets[first + i];
            object.root.add(m_columns[i], std::move(cell));
        }
        row = m_rows.read(record.raw, object);
        if (row.problem) {
            row.problem->line = record.line;
            const JsonNode *node = object.root.find(row.problem->field);
            row.problem->column = node ? columnInRecord(record, node->begin) : 0;
            return;
        }
        if (looksLikeFormula(row.candidate.question))
            rows::mark(row, u"formula-like"_s);
    }

    DelimitedReader m_table;
    TableDialect m_dialect;
    QStringList m_columns;
    bool m_begun = false, m_safe = false, m_unescapes;
    MappedRows m_rows;
    std::optional<Error> m_refusal;
};

bool recognisesTable(const QByteArray &head, char delimiter)
{
    const QByteArray line = head.left(head.indexOf('\n')).toLower();
    return line.contains(delimiter) && (line.contains("question") || line.contains("prompt") ||
                                        line.contains("sentence_with_blank") || line.startsWith("_ew_csv"));
}

std::unique_ptr<RowReader> readCsv(QIODevice &device, const ReadSettings &settings)
{
    return std::make_unique<Reader>(device, settings, TableDialect{guessDelimiter(settings.head), true});
}
std::unique_ptr<RowReader> readTsv(QIODevice &device, const ReadSettings &settings)
{
    return std::make_unique<Reader>(device, settings, TableDialect{'\t', false});
}

} // namespace

FileFormat csvFormat()
{
    return {u"csv"_s,
            u"Table with commas, semicolons, tabs or bars"_s,
            [](const QByteArray &head) { return recognisesTable(head, guessDelimiter(head)); },
            readCsv,
            [](const WriteSettings &settings) { return csvWriter(settings); },
            true};
}

FileFormat tsvFormat()
{
    return {u"tsv"_s,
            u"Table with tabs, without quotes"_s,
            [](const QByteArray &head) {
                return recognisesTable(head, '\t') && guessDelimiter(head) == '\t' && !head.contains("\t\"") &&
                       !head.contains("\n\"");
            },
            readTsv,
            [](const WriteSettings &settings) { return tsvWriter(settings); },
            true};
}

} // namespace evalwright
