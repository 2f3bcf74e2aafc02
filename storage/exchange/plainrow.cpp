// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/plainrow.h"

#include "storage/exchange/jsonrow.h"
#include "storage/exchange/linereader.h"
#include "storage/exchange/options.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/rowparts.h"

#include <charconv>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Goes along a line from left to right.
class Cursor
{
public:
    explicit Cursor(const QByteArray &line) : m_line(line) {}

    bool skip(QByteArrayView expected)
    {
        if (!m_line.sliced(m_at).startsWith(expected))
            return false;
        m_at += expected.size();
        return true;
    }
    /// Up to a quote that is not escaped, which is passed. Unset when a byte or an escape on the way is not simple.
    bool text(QByteArrayView &raw, bool &escaped)
    {
        const qsizetype begin = m_at;
        escaped = false;
        for (; m_at < m_line.size(); ++m_at) {
            const char c = m_line[m_at];
            if (c == '"') {
                raw = m_line.sliced(begin, m_at - begin);
                ++m_at;
                return true;
            }
            if (c == '\\') {
                escaped = true;
                ++m_at;
                if (m_at >= m_line.size() || (m_line[m_at] != 'n' && m_line[m_at] != '"' && m_line[m_at] != '\\'))
                    return false;
            } else if (c < 0x20 || c >= 0x7f) { // Bytes above 127 are negative.
                return false;
            }
        }
        return false;
    }
    /// Up to a comma, which is not passed.
    QByteArrayView number()
    {
        const qsizetype begin = m_at;
        while (m_at < m_line.size() && m_line[m_at] != ',')
            ++m_at;
        return m_line.sliced(begin, m_at - begin);
    }
    QByteArrayView rest() const { return m_line.sliced(m_at); }

private:
    QByteArrayView m_line;
    qsizetype m_at = 0;
};

QString unescaped(QByteArrayView raw, bool escaped)
{
    if (!escaped)
        return QString::fromLatin1(raw);
    QString out(raw.size(), Qt::Uninitialized);
    QChar *to = out.data();
    for (qsizetype i = 0; i < raw.size(); ++i) {
        char c = raw[i];
        if (c == '\\') {
            c = raw[++i];
            c = c == 'n' ? '\n' : c;
        }
        *to++ = QLatin1Char(c);
    }
    out.truncate(to - out.constData());
    return out;
}

} // namespace

const PlainRows::Tail *PlainRows::tailOf(QByteArrayView bytes)
{
    ++m_looked;
    if (m_tails[m_last].bytes == bytes)
        return &m_tails[m_last];
    for (size_t i = 0; i < m_tails.size(); ++i) {
        if (m_tails[i].bytes == bytes)
            return &m_tails[m_last = i];
    }
    constexpr qint64 few = 64;
    if (m_tried > few && m_tried * 8 > m_looked)
        return nullptr;
    ++m_tried;
    m_last = m_oldest;
    m_oldest = (m_oldest + 1) % m_tails.size();
    Tail &tail = m_tails[m_last] = Tail();
    tail.bytes = bytes.toByteArray();
    // Tried behind a question of which nothing is to be said.
    QByteArray question = "x";
    const auto trial = [&] { return "{\"question\": \"" + question + '"' + tail.bytes; };
    ImportedRow row = questionrow::readLine(trial());
    if (row.problem && row.problem->reason == "label-not-in-options"_L1) {
        for (char letter = 'A'; letter <= 'A' + row.candidate.otherLabels.size() && letter <= 'Z'; ++letter)
            question += QByteArray("\\n (") + letter + ") x";
        tail.lettered = true;
        row = questionrow::readLine(trial());
    }
    tail.matching = row.candidate.matchingLabel;
    tail.others = row.candidate.otherLabels;
    tail.extra = row.candidate.extra;
    tail.usable = !row.problem && row.flags.isEmpty() && isAscii(tail.bytes) && !tail.bytes.contains("\\u") &&
                  questionrow::write(row.candidate, JsonEscapes::Ascii) == trial() &&
                  questionrow::write(row.candidate, JsonEscapes::Utf8) == trial();
    return &tail;
}

bool PlainRows::read(const QByteArray &line, Candidate &out)
{
    constexpr qsizetype longest = 10'000; // Longer ones may be worth a flag.
    if (line.size() > longest)
        return false;
    Cursor at(line);
    QByteArrayView question, statement;
    bool questionEscaped = false, statementEscaped = false;
    if (!at.skip("{\"question\": \"") || !at.text(question, questionEscaped))
        return false;
    double confidence = -1;
    const bool hasStatement = at.skip(", \"statement\": \"");
    if (hasStatement) {
        if (!at.text(statement, statementEscaped) || statement.isEmpty() || !at.skip(", \"label_confidence\": "))
            return false;
        const QByteArrayView number = at.number();
        const auto parsed = std::from_chars(number.data(), number.data() + number.size(), confidence);
        if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() || !(confidence >= 0 && confidence <= 1) ||
            jsonFloat(confidence) != number)
            return false;
    }
    const Tail *tail = tailOf(at.rest());
    if (!tail || !tail->usable)
        return false;
    out.question = unescaped(question, questionEscaped);
    if (!rows::hasVisible(out.question))
        return false;
    if (tail->lettered && !hasOptionsInOrder(out.question, 1 + tail->others.size()))
        return false;
    if (hasStatement) {
        out.statement = unescaped(statement, statementEscaped);
        out.labelConfidence = confidence;
    }
    out.matchingLabel = out.wantedLabel = tail->matching;
    out.otherLabels = tail->others;
    out.extra = tail->extra;
    out.parseStatus = u"imported"_s;
    return true;
}

} // namespace evalwright
