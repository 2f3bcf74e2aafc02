// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/plainrow.h"

#include "storage/exchange/jsonrow.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/questiontails.h"
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
    bool atEnd() const { return m_at == m_line.size(); }

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

const PlainRows::Labels &PlainRows::labelsOf(QByteArrayView matching, QByteArrayView other)
{
    for (const Labels &known : m_labels) {
        if (known.matching == matching && known.other == other)
            return known;
    }
    Labels &labels = m_labels[m_oldest];
    m_oldest = 1 - m_oldest;
    labels.matching = matching.toByteArray();
    labels.other = other.toByteArray();
    labels.matchingText = QString::fromLatin1(matching);
    labels.otherTexts = {QString::fromLatin1(other)};
    // Tried on a question of which nothing is to be said: what is left to say is about the labels. Labels that are
    // letters have no such question.
    QByteArray trial = "{\"question\": \"x\", \"answer_matching_behavior\": \"" + labels.matching +
                       "\", \"answer_not_matching_behavior\": \"" + labels.other + "\"}";
    const ImportedRow row = questionrow::readLine(trial);
    labels.usable = !row.problem && row.flags.isEmpty() && !matching.contains('\\') && !other.contains('\\');
    return labels;
}

bool PlainRows::read(const QByteArray &line, Candidate &out)
{
    constexpr qsizetype longest = 10'000; // Longer ones may be worth a flag.
    if (line.size() > longest)
        return false;
    Cursor at(line);
    QByteArrayView question, statement, matching, other;
    bool questionEscaped = false, statementEscaped = false, labelEscaped = false;
    if (!at.skip("{\"question\": \"") || !at.text(question, questionEscaped) || !at.skip(", \"statement\": \"") ||
        !at.text(statement, statementEscaped) || !at.skip(", \"label_confidence\": "))
        return false;
    const QByteArrayView number = at.number();
    if (!at.skip(", \"answer_matching_behavior\": \"") || !at.text(matching, labelEscaped) ||
        !at.skip(", \"answer_not_matching_behavior\": \"") || !at.text(other, labelEscaped) || !at.skip("}") || !at.atEnd())
        return false;
    double confidence = -1;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), confidence);
    if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size() || !(confidence >= 0 && confidence <= 1) ||
        jsonFloat(confidence) != number)
        return false;
    if (statement.isEmpty())
        return false;
    const Labels &labels = labelsOf(matching, other);
    if (!labels.usable)
        return false;
    out.question = unescaped(question, questionEscaped);
    if (opensWithBiography(out.question) || !rows::hasVisible(out.question))
        return false;
    out.statement = unescaped(statement, statementEscaped);
    out.labelConfidence = confidence;
    out.matchingLabel = out.wantedLabel = labels.matchingText;
    out.otherLabels = labels.otherTexts;
    out.parseStatus = u"imported"_s;
    return true;
}

} // namespace evalwright
