// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/delimitedreader.h"

#include "storage/exchange/jsonrow.h"
#include "storage/exchange/rowparts.h"

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Cuts a record into cells, line by line: only inside quotes a record goes on behind a line end.
class Cutter
{
public:
    Cutter(TableRecord &record, TableDialect dialect, qint64 longest)
        : m_record(record), m_dialect(dialect), m_longest(longest)
    {
    }

    /// True when the record goes on in the next line.
    bool addLine(const QByteArray &line, const QByteArray &end, qint64 number)
    {
        if (m_state != State::Quoted)
            beginCell(m_record.raw.size());
        m_base = m_record.raw.size();
        if (m_base + line.size() > m_longest)
            tooLong();
        if (!m_tooLong)
            m_record.raw += line;
        for (qsizetype i = 0; i < line.size(); ++i)
            add(line[i], i, number);
        if (m_state == State::Quoted) {
            if (!m_tooLong) {
                m_record.raw += end;
                m_cell += end;
            }
            return true;
        }
        endCell();
        return false;
    }

    qint64 openLine() const { return m_openLine; }
    qsizetype openAt() const { return m_openAt; }
    bool isTooLong() const { return m_tooLong; }
    void tooLong()
    {
        m_tooLong = true;
        m_record.raw.clear();
        m_record.cells.clear();
        m_record.offsets.clear();
        m_cell.clear();
    }

private:
    enum class State { Start, Plain, Quoted, Closed };

    void beginCell(qsizetype offset)
    {
        m_state = State::Start;
        m_cell.clear();
        m_offset = offset;
    }
    void endCell()
    {
        // One more than allowed says that there are too many; a million cells need not be kept.
        if (m_tooLong || m_record.cells.size() > DelimitedReader::mostColumns)
            return;
        m_record.cells << m_cell;
        m_record.offsets << m_offset;
    }
    void add(char c, qsizetype at, qint64 number)
    {
        if (m_state == State::Quoted) {
            if (c == '"')
                m_state = State::Closed;
            else if (!m_tooLong)
                m_cell += c;
            return;
        }
        if (c == m_dialect.delimiter) {
            endCell();
            beginCell(m_base + at + 1);
            return;
        }
        if (m_dialect.quotes && c == '"' && m_state == State::Closed) {
            m_cell += c;
            m_state = State::Quoted;
            return;
        }
        if (m_dialect.quotes && c == '"' && m_state == State::Start) {
            m_state = State::Quoted;
            m_openLine = number;
            m_openAt = m_base + at;
            return;
        }
        if (m_state == State::Closed && !m_record.problem) {
            m_record.problem =
                rows::problemAt(m_record.raw, m_base + at, u"unclosed-quote"_s,
                                u"Something follows the closing quote of a cell; a quote inside is written twice."_s);
            m_record.problem->column = columnInRecord(m_record, m_base + at);
        }
        if (m_state == State::Start)
            m_state = State::Plain;
        if (!m_tooLong)
            m_cell += c;
    }

    TableRecord &m_record;
    TableDialect m_dialect;
    qint64 m_longest, m_openLine = 0;
    State m_state = State::Start;
    QByteArray m_cell;
    qsizetype m_base = 0, m_offset = 0, m_openAt = 0;
    bool m_tooLong = false;
};

} // namespace

char guessDelimiter(const QByteArray &head)
{
    constexpr std::array candidates{',', ';', '\t', '|'};
    std::array<qsizetype, candidates.size()> found{};
    bool quoted = false;
    for (const char c : head) {
        if (c == '\n' && !quoted)
            break;
        if (c == '"')
            quoted = !quoted;
        for (size_t i = 0; i < candidates.size() && !quoted; ++i)
            found[i] += c == candidates[i] ? 1 : 0;
    }
    const auto most = std::max_element(found.cbegin(), found.cend());
    return *most > 0 ? candidates[static_cast<size_t>(most - found.cbegin())] : ',';
}

qint64 columnInRecord(const TableRecord &record, qsizetype offset)
{
    const qsizetype lineEnd = record.raw.indexOf('\n');
    return lineEnd >= 0 && offset > lineEnd ? 0 : columnOf(record.raw, offset);
}

bool DelimitedReader::next(TableRecord &record)
{
    record = {};
    QByteArray line;
    do {
        if (!m_lines.next(line))
            return false;
    } while (!m_lines.tooLong() && line.isEmpty());
    record.line = m_lines.number();
    Cutter cutter(record, m_dialect, m_longest);
    if (m_lines.tooLong())
        cutter.tooLong();
    bool goesOn = cutter.addLine(line, m_lines.lineEnd(), record.line);
    while (goesOn) {
        if (!m_lines.next(line)) {
            record.problem = RowProblem{cutter.openLine(),
                                        0,
                                        u"unclosed-quote"_s,
                                        u"A quote opens in line %1 and is never closed."_s.arg(cutter.openLine()),
                                        {},
                                        {}};
            if (cutter.openLine() == record.line && !cutter.isTooLong()) {
                const RowProblem place = rows::problemAt(record.raw, cutter.openAt(), {}, {});
                record.problem->column = place.column;
                record.problem->excerpt = place.excerpt;
            }
            return true;
        }
        if (m_lines.tooLong())
            cutter.tooLong();
        goesOn = cutter.addLine(line, m_lines.lineEnd(), m_lines.number());
    }
    if (cutter.isTooLong()) {
        record.problem = RowProblem{
            record.line, 0, u"too-long"_s, u"The row is longer than %1 bytes."_s.arg(m_longest), {}, {}};
    } else if (const qsizetype bad = firstInvalidUtf8(record.raw); bad >= 0) {
        record.problem = rows::problemAt(record.raw, bad, u"invalid-utf8"_s, invalidUtf8(record.raw, bad).message);
        record.problem->column = columnInRecord(record, bad);
    } else if (record.cells.size() > mostColumns) {
        record.problem = RowProblem{record.line, 0, u"column-count"_s,
                                    u"The row has more than %1 cells."_s.arg(mostColumns), {}, {}};
    }
    if (record.problem)
        record.problem->line = record.line;
    return true;
}

} // namespace evalwright
