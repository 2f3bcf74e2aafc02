// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/generictable.h"

#include "storage/exchange/mappedrow.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/tablerows.h"
#include "storage/exchange/tablewriter.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Characters at the start of a cell that spreadsheets act on.
bool looksLikeFormula(const QString &text)
{
    return !text.isEmpty() && u"=+-@\t\r\n"_s.contains(text[0]);
}

class Reader final : public RowReader
{
public:
    Reader(QIODevice &device, const ReadSettings &settings, TableDialect dialect)
        : m_table(device, dialect, settings.longestRow, settings.csvUnescape), m_rows(settings, true)
    {
    }

    bool next(ImportedRow &row) override
    {
        row = {};
        if (!m_asked) {
            m_asked = true;
            m_begun = m_table.begin() && !m_table.columns().isEmpty() && m_rows.begin(m_table.columns());
        }
        TableRows::Row read;
        if (!m_begun || !m_table.next(read))
            return false;
        if (read.problem)
            row.problem = read.problem;
        else
            readCells(read, row);
        row.candidate.sourceLine = read.record.line;
        return true;
    }

    FileFacts facts() const override
    {
        FileFacts facts = m_rows.facts();
        facts.dialect = m_table.dialect();
        return facts;
    }
    std::optional<Error> refusal() const override { return m_table.refusal() ? m_table.refusal() : m_rows.refusal(); }

private:
    void readCells(TableRows::Row &read, ImportedRow &row)
    {
        JsonRow object;
        object.root = std::move(read.cells);
        row = m_rows.read(read.record.raw, object);
        if (row.problem) {
            row.problem->line = read.record.line;
            const JsonNode *node = object.root.find(row.problem->field);
            row.problem->column = node ? columnInRecord(read.record, node->begin) : 0;
            return;
        }
        if (looksLikeFormula(row.candidate.question))
            rows::mark(row, u"formula-like"_s);
    }

    TableRows m_table;
    MappedRows m_rows;
    bool m_asked = false, m_begun = false;
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
