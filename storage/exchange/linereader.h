// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

class QIODevice;

namespace evalwright {

/// How the lines of a file are written, so that an export can give the same bytes.
struct LineDialect
{
    bool bom = false;
    bool crlf = false;        ///< CR LF after every line; else LF.
    bool finalNewline = true; ///< The last line is ended.
    bool regular = true;      ///< No blank lines and no mixture of line ends.
    bool ascii = true;        ///< No byte above 127 (apart from the mark at the start).
};

/// {"bom", "crlf", "escapes": "ascii"|"utf8", "final_newline", "regular"} as canonical JSON.
QString toText(const LineDialect &dialect);
/// Missing or unreadable parts stand for the published way of writing: ASCII, LF, no mark.
LineDialect lineDialect(const QString &text);

/// No byte above 127.
bool isAscii(QByteArrayView bytes);

/// Lines of a byte stream, one at a time, with a limit on the memory that one line may take.
class LineReader
{
public:
    LineReader(QIODevice &device, qint64 longestLine) : m_device(device), m_longest(longestLine) {}

    /// The next line without its end; false at the end of the file. Lines over the limit come empty with tooLong() set.
    bool next(QByteArray &line);
    qint64 number() const { return m_number; } ///< Of the last line, from 1.
    bool tooLong() const { return m_tooLong; }
    bool ended() const { return m_ended; } ///< The last line had a line end.
    QByteArray lineEnd() const { return m_ended ? m_carriage ? "\r\n" : "\n" : ""; } ///< Of the last line.
    /// What was seen so far; complete after the last line.
    LineDialect dialect() const;

private:
    QIODevice &m_device;
    qint64 m_longest;
    qint64 m_number = 0, m_lf = 0, m_crlf = 0, m_blank = 0;
    QByteArray m_buffer;
    qsizetype m_at = 0;
    bool m_tooLong = false, m_ended = true, m_carriage = false, m_lastEnded = true, m_bom = false, m_ascii = true;
};

/// Why a file is not read at all, told from its first bytes: "compressed", "encoding" or empty when nothing speaks
/// against it.
QString contentProblem(const QByteArray &head);

} // namespace evalwright
