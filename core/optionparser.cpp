// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/optionparser.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

// Headings are read backwards from the end of the stem: a pattern that may start at any blank takes quadratic time on
// a megabyte of blanks.

QStringView withoutFinalSpace(QStringView text)
{
    while (!text.isEmpty() && text.back().isSpace())
        text.chop(1);
    return text;
}

QStringView withoutFinalDashes(QStringView text)
{
    while (!text.isEmpty() && u"-—– "_s.contains(text.back()))
        text.chop(1);
    return text;
}

/// Takes `word` off the end.
bool takeWord(QStringView &text, QStringView word)
{
    if (!text.endsWith(word, Qt::CaseInsensitive))
        return false;
    text.chop(word.size());
    return true;
}

QStringView withoutColon(QStringView text)
{
    return text.endsWith(u':') ? text.chopped(1) : text;
}

/// `\s*[-—– ]*(?:Answer\s+)?Choices\s*:?[-—– ]*\s*$`
QStringView withoutChoices(QStringView text)
{
    QStringView rest = withoutFinalSpace(withoutColon(withoutFinalDashes(withoutFinalSpace(text))));
    if (!takeWord(rest, u"choices"))
        return text;
    QStringView before = withoutFinalSpace(rest);
    if (before.size() < rest.size() && takeWord(before, u"answer"))
        rest = before;
    return withoutFinalSpace(withoutFinalDashes(rest));
}

/// `\s*Answers?\s*:?\s*$`
QStringView withoutAnswers(QStringView text)
{
    QStringView rest = withoutFinalSpace(withoutColon(withoutFinalSpace(text)));
    return takeWord(rest, u"answers") || takeWord(rest, u"answer") ? withoutFinalSpace(rest) : text;
}

/// Where the text of an option starts when the line is an option line, else -1.
qsizetype optionText(QStringView line)
{
    qsizetype at = 0;
    while (at < line.size() && (line[at] == u' ' || line[at] == u'\t'))
        ++at;
    if (at + 2 >= line.size() || line[at] != u'(' || line[at + 1] < u'A' || line[at + 1] > u'Z' ||
        line[at + 2] != u')')
        return -1;
    return at + 3;
}

ParsedOptions::Status statusOf(const QList<QuestionOption> &options)
{
    using Status = ParsedOptions::Status;
    if (options.isEmpty())
        return Status::NoOptions;
    int timesA = 0;
    bool inOrder = true;
    for (qsizetype i = 0; i < options.size(); ++i) {
        timesA += options[i].letter == u'A' ? 1 : 0;
        inOrder = inOrder && options[i].letter.unicode() == u'A' + i;
    }
    if (timesA > 1)
        return Status::Glued;
    if (options.size() == 1)
        return Status::OneOption;
    return inOrder ? Status::Ok : Status::BadLetters;
}

} // namespace

qsizetype stemEndBefore(const QString &question, qsizetype end)
{
    return withoutFinalSpace(withoutAnswers(withoutChoices(QStringView(question).first(end)))).size();
}

qsizetype stemEndOf(const QString &question)
{
    const QStringView all(question);
    for (qsizetype start = 0; start < all.size();) {
        if (optionText(all.mid(start)) >= 0)
            return stemEndBefore(question, start);
        const qsizetype end = all.indexOf(u'\n', start);
        start = end < 0 ? all.size() : end + 1;
    }
    return stemEndBefore(question, all.size());
}

ParsedOptions parseOptions(const QString &question)
{
    const QStringView all(question);
    ParsedOptions parsed;
    qsizetype textStart = -1, stemEnd = all.size();
    const auto endOption = [&](qsizetype end) {
        if (textStart < 0)
            return;
        QuestionOption &option = parsed.options.last();
        option.text = all.mid(textStart, end - textStart).trimmed().toString();
        option.begin = textStart;
        option.end = end;
    };
    for (qsizetype start = 0; start <= all.size();) {
        qsizetype end = all.indexOf(u'\n', start);
        if (end < 0)
            end = all.size();
        const QStringView line = all.mid(start, end - start);
        if (const qsizetype text = optionText(line); text >= 0) {
            endOption(start);
            if (parsed.options.isEmpty())
                stemEnd = start;
            parsed.options << QuestionOption{line[text - 2], {}};
            textStart = start + text;
        }
        start = end + 1;
    }
    endOption(all.size());
    parsed.stemEnd = stemEndBefore(question, stemEnd);
    parsed.stem = all.first(parsed.options.isEmpty() ? stemEnd : parsed.stemEnd).trimmed().toString();
    parsed.status = statusOf(parsed.options);
    return parsed;
}

QString optionStatusName(ParsedOptions::Status status)
{
    switch (status) {
    case ParsedOptions::Status::NoOptions:
        return u"no-options"_s;
    case ParsedOptions::Status::Ok:
        return u"ok"_s;
    case ParsedOptions::Status::Glued:
        return u"glued"_s;
    case ParsedOptions::Status::BadLetters:
        return u"bad-letters"_s;
    case ParsedOptions::Status::OneOption:
        return u"one-option"_s;
    }
    return {};
}

QString canonicalQuestion(const ParsedOptions &parsed)
{
    QString text = parsed.stem + u"\n\nChoices:"_s;
    for (const QuestionOption &option : parsed.options)
        text += u"\n ("_s + option.letter + u") "_s + option.text;
    return text;
}

bool isCanonicalLayout(const QString &question)
{
    // \n\nChoices:\n \(A\) .+(?:\n \([B-Z]\) .+)+\z with a dot that matches everything: the first start and the last
    // option decide.
    const QString start = u"\n\nChoices:\n (A) "_s;
    const qsizetype first = question.indexOf(start);
    if (first < 0)
        return false;
    const qsizetype least = first + start.size() + 1;
    // "\n (B) " and at least one more character.
    for (qsizetype at = question.lastIndexOf(u"\n ("_s); at >= least; at = question.lastIndexOf(u"\n ("_s, at - 1)) {
        if (at + 6 < question.size() && question[at + 3] >= u'B' && question[at + 3] <= u'Z' &&
            question[at + 4] == u')' && question[at + 5] == u' ')
            return true;
    }
    return false;
}

int optionIndex(const ParsedOptions &parsed, const QString &label)
{
    const QStringView bare = QStringView(label).trimmed();
    if (bare.size() != 3 || bare[0] != u'(' || bare[2] != u')')
        return -1;
    for (qsizetype i = 0; i < parsed.options.size(); ++i) {
        if (parsed.options[i].letter == bare[1])
            return static_cast<int>(i);
    }
    return -1;
}

} // namespace evalwright
