// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/tablerows.h"

#include "core/utf8text.h"
#include "core/hash.h"
#include "storage/exchange/rowparts.h"

#include <QBuffer>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString safeColumn = u"_ew_csv"_s;

} // namespace

bool TableRows::begin()
{
    if (m_begun || m_refusal)
        return !m_refusal;
    m_begun = true;
    TableRecord record;
    if (m_table.next(record))
        readHeader(record);
    return !m_refusal;
}

bool TableRows::next(Row &row)
{
    row = {};
    if (!begin() || m_columns.isEmpty() || !m_table.next(row.record))
        return false;
    const TableRecord &record = row.record;
    const qsizetype first = m_safe ? 1 : 0;
    if (record.problem) {
        row.problem = record.problem;
    } else if (record.cells.size() != m_columns.size() + first) {
        row.problem =
            RowProblem{record.line,
                       0,
                       u"column-count"_s,
                       u"The row has %1 cells, the header %2."_s.arg(record.cells.size()).arg(m_columns.size() + first),
                       {},
                       rows::problemAt(record.raw, 0, {}, {}).excerpt};
    } else if (m_safe && record.cells.first() != "1") {
        row.problem = rows::problemAt(record.raw, 0, u"wrong-type"_s,
                                      u"The column “%1” must hold 1 in each row."_s.arg(safeColumn), safeColumn);
        row.problem->line = record.line;
    } else {
        row.cells = JsonNode::object();
        for (qsizetype i = 0; i < m_columns.size(); ++i) {
            JsonNode cell = JsonNode::ofText(unescaped(utf8Text(record.cells[first + i])));
            cell.begin = record.offsets[first + i];
            row.cells.add(m_columns[i], std::move(cell));
        }
    }
    return true;
}

QString TableRows::dialect() const
{
    const LineDialect lines = m_table.lines();
    const nlohmann::json dialect{
        {"bom", lines.bom}, {"crlf", lines.crlf}, {"delimiter", std::string(1, m_dialect.delimiter)}, {"safe", m_safe}};
    return QString::fromUtf8(canonicalJson(dialect));
}

void TableRows::readHeader(const TableRecord &record)
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
}

QString TableRows::unescaped(const QString &text) const
{
    return m_unescapes && text.startsWith(u'\'') ? text.mid(1) : text;
}

QStringList columnsOf(const QByteArray &head)
{
    QByteArray line = head;
    QBuffer buffer(&line);
    buffer.open(QIODevice::ReadOnly);
    DelimitedReader reader(buffer, TableDialect{guessDelimiter(head), true}, head.size() + 1);
    TableRecord record;
    QStringList names;
    if (reader.next(record) && !record.problem) {
        for (const QByteArray &cell : record.cells)
            names << QString::fromUtf8(cell).trimmed().toLower();
    }
    return names;
}

} // namespace evalwright
