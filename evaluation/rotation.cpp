// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/rotation.h"

#include "core/optionparser.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Where the text of the last option ends, before a closing line.
qsizetype closingLine(QStringView text)
{
    const qsizetype line = text.lastIndexOf(u'\n');
    const QStringView closing = text.sliced(line + 1).trimmed();
    return line >= 0 && (closing == "Answer:"_L1 || closing == "Answers:"_L1) ? line : text.size();
}

} // namespace

std::optional<OptionRotation> OptionRotation::of(const QString &question, const QStringList &labels, qsizetype before)
{
    const ParsedOptions parsed = parseOptions(question.sliced(before));
    if (!parsed.isOk())
        return std::nullopt;
    OptionRotation rotation;
    rotation.m_question = question;
    rotation.m_labels = labels;
    for (const QString &label : labels) {
        // " (B)" or "B"; the form is kept, the letter is looked for among the options.
        const QString bare = label.trimmed();
        const int place = optionIndex(parsed, bare.size() == 1 ? u'(' + bare + u')' : bare);
        if (place < 0)
            return std::nullopt;
        rotation.m_places << place;
    }
    const QStringView all(question);
    for (const QuestionOption &option : parsed.options) {
        Span span{before + option.begin, before + option.end};
        if (span.end == all.size())
            span.end = span.begin + closingLine(all.sliced(span.begin));
        while (span.begin < span.end && all[span.begin].isSpace())
            ++span.begin;
        while (span.end > span.begin && all[span.end - 1].isSpace())
            --span.end;
        rotation.m_spans << span;
    }
    return rotation;
}

QString OptionRotation::question(int rotation) const
{
    QString out;
    qsizetype at = 0;
    for (int place = 0; place < options(); ++place) {
        const Span &here = m_spans[place], &from = m_spans[(place + rotation) % options()];
        out += QStringView(m_question).sliced(at, here.begin - at);
        out += QStringView(m_question).sliced(from.begin, from.end - from.begin);
        at = here.end;
    }
    return out += QStringView(m_question).sliced(at);
}

QStringList OptionRotation::shown(int rotation) const
{
    QStringList shown;
    for (qsizetype i = 0; i < m_labels.size(); ++i) {
        const int place = (m_places[i] - rotation % options() + options()) % options();
        QString label = m_labels[i];
        label.replace(QChar(u'A' + m_places[i]), QChar(u'A' + place));
        shown << label;
    }
    return shown;
}

QString orderName(int rotation)
{
    return rotation == 0 ? u"stored"_s : u"rotation-%1"_s.arg(rotation);
}

} // namespace evalwright
