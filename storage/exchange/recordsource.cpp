// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/recordsource.h"

#include "core/utf8text.h"
#include "storage/exchange/delimitedreader.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/rowparts.h"

#include <QFileInfo>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestRow = qint64{16} << 20;

Error refused(const QString &message, const QString &advice)
{
    return Error(ErrorCode::InvalidInput, message, advice).withConsequence(u"Nothing was read."_s);
}

/// Rows of JSON Lines or of a table, the header taken off.
class Source
{
public:
    Source(QIODevice &device, const QByteArray &head)
    {
        const QByteArray start = (head.startsWith("\xef\xbb\xbf") ? head.mid(3) : head).trimmed();
        if (start.startsWith('{')) {
            m_lines.emplace(device, longestRow);
            return;
        }
        const char delimiter = guessDelimiter(head);
        const bool quotes = delimiter != '\t' || head.contains("\t\"") || head.contains("\n\"");
        m_table.emplace(device, TableDialect{delimiter, quotes}, longestRow);
    }

    Result<bool> next(InputRecord &record)
    {
        record = {};
        return m_lines ? nextLine(record) : nextRow(record);
    }
    const QStringList &columns() const { return m_columns; }

private:
    bool nextLine(InputRecord &record)
    {
        do {
            if (!m_lines->next(record.raw))
                return false;
        } while (!m_lines->tooLong() && record.raw.trimmed().isEmpty());
        record.line = m_lines->number();
        if (m_lines->tooLong()) {
            record.problem = RowProblem{0, 0, u"too-long"_s, u"The row is longer than 16 MiB."_s, {}, {}};
        } else if (auto parsed = rows::parseObject(record.raw); !parsed) {
            record.problem = parsed.error();
        } else {
            record.object = std::move(parsed->root);
            if (m_columns.isEmpty())
                m_columns = record.object.keys;
        }
        if (record.problem)
            record.problem->line = record.line;
        return true;
    }

    Result<bool> nextRow(InputRecord &record)
    {
        TableRecord row;
        if (m_columns.isEmpty()) {
            if (!m_table->next(row))
                return false;
            if (row.problem)
                return failure(refused(u"The header cannot be read: %1"_s.arg(row.problem->message),
                                       u"Correct the first line of the file."_s));
            for (const QByteArray &cell : row.cells) {
                const QString name = QString::fromUtf8(cell);
                if (m_columns.contains(name))
                    return failure(refused(u"Two columns are named “%1”."_s.arg(name), u"Rename one of them."_s));
                m_columns << name;
            }
        }
        if (!m_table->next(row))
            return false;
        record.line = row.line;
        record.raw = row.raw;
        record.problem = row.problem;
        record.object = JsonNode::object();
        if (!record.problem && row.cells.size() != m_columns.size()) {
            record.problem = record.problemAt(nullptr, u"column-count"_s,
                                              u"The row has %1 cells, the header %2."_s.arg(row.cells.size())
                                                  .arg(m_columns.size()));
        }
        for (qsizetype i = 0; i < m_columns.size() && !record.problem; ++i) {
            JsonNode cell = JsonNode::ofText(utf8Text(row.cells[i]));
            cell.begin = row.offsets[i];
            record.object.add(m_columns[i], std::move(cell));
        }
        return true;
    }

    std::optional<LineReader> m_lines;
    std::optional<DelimitedReader> m_table;
    QStringList m_columns;
};

} // namespace

const JsonNode *InputRecord::find(const QStringList &names) const
{
    for (const QString &name : names) {
        for (qsizetype i = 0; i < object.keys.size(); ++i) {
            if (object.keys[i].trimmed().compare(name, Qt::CaseInsensitive) == 0)
                return &object.items[static_cast<size_t>(i)];
        }
    }
    return nullptr;
}

RowProblem InputRecord::problemAt(const JsonNode *node, const QString &reason, const QString &message,
                                  const QString &field) const
{
    const qsizetype offset = node ? node->begin : 0;
    RowProblem out = rows::problemAt(raw, offset, reason, message, field);
    out.line = line;
    const qsizetype lineEnd = raw.indexOf('\n');
    if (lineEnd >= 0 && offset > lineEnd)
        out.column = 0;
    return out;
}

Status openInput(QFile &file, QByteArray &head)
{
    const QFileInfo info(file.fileName());
    if (!info.exists())
        return failure(ErrorCode::NotFound, u"There is no file “%1”."_s.arg(file.fileName()), u"Check the path."_s);
    if (!info.isFile())
        return failure(refused(u"“%1” is not a file."_s.arg(file.fileName()), u"Choose a file."_s));
    if (!file.open(QIODevice::ReadOnly))
        return failure(fileError(file, u"Could not read"_s, file.fileName()));
    head = file.peek(1 << 16);
    if (const QString problem = contentProblem(head); !problem.isEmpty()) {
        return failure(refused(u"“%1” is %2."_s.arg(file.fileName(), problem == "compressed"_L1 ? u"compressed"_s : u"UTF-16 text"_s),
                               problem == "compressed"_L1 ? u"Unpack it first."_s : u"Save it as UTF-8 first."_s));
    }
    return {};
}

Status readRecords(const QString &path, const std::function<Status(const QStringList &columns)> &columns,
                   const std::function<Status(const InputRecord &record)> &use, const CancellationToken &token)
{
    QFile file(path);
    QByteArray head;
    EVALWRIGHT_TRY(openInput(file, head));
    Source source(file, head);
    InputRecord record;
    bool told = false;
    for (qint64 rows = 0;; ++rows) {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        EVALWRIGHT_ASSIGN(const bool more, source.next(record));
        if (!told && (!source.columns().isEmpty() || !more)) {
            told = true;
            EVALWRIGHT_TRY(columns(source.columns()));
        }
        if (!more)
            break;
        if (rows >= mostInputRows) {
            return failure(refused(u"“%1” has more than %2 rows."_s.arg(path).arg(mostInputRows),
                                   u"This kind of input is meant to be small; cut it."_s));
        }
        EVALWRIGHT_TRY(use(record));
    }
    if (file.error() != QFileDevice::NoError)
        return failure(fileError(file, u"Could not read"_s, path));
    return {};
}

} // namespace evalwright
