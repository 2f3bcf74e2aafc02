// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/replyparser.h"

#include "core/optionparser.h"
#include "generators/parser.h"

#include <QRegularExpression>

#include <array>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// Longer replies are no short texts of ours; searching them costs more than they are worth.
constexpr qsizetype longestReply = 200'000;

QString afterPrefill(const ReplyToParse &reply, bool &stripped)
{
    QString start = reply.prefill;
    while (!start.isEmpty() && start.back().isSpace())
        start.chop(1);
    stripped = !start.isEmpty() && reply.text.startsWith(start);
    return (stripped ? reply.text.mid(start.size()) : reply.text).left(longestReply);
}

ReplyPart failed(const QString &status, int position = 0)
{
    ReplyPart part;
    part.status = status;
    part.position = position;
    return part;
}

ReplyParts statements(const ReplyToParse &reply)
{
    const ParsedReply parsed = parseStatements(reply.text, reply.prefill,
                                               reply.truncated ? u"length"_s : u"stop"_s, reply.perReply);
    ReplyParts out{parsed.prefillStripped, {}};
    for (const ParsedStatement &found : parsed.statements) {
        ReplyPart part = failed(found.status, found.positionInReply);
        part.values.insert(u"statement"_s, found.statement);
        out.parts << part;
    }
    return out;
}

/// Models go on with the conversation by themselves.
QString beforeNextTurn(const QString &text)
{
    static const QRegularExpression turn(u"\\n\\s*(?:Human|Assistant|User|System)\\s*:"_s);
    const auto match = turn.match(text);
    return match.hasMatch() ? text.left(match.capturedStart()) : text;
}

/// The text up to its last finished sentence; empty when there is none.
QString finishedSentences(const QString &text)
{
    static const QRegularExpression end(u"[.!?][\"”’)]?(?=\\s|$)"_s);
    qsizetype last = -1;
    for (auto matches = end.globalMatch(text); matches.hasNext();)
        last = matches.next().capturedEnd();
    return last < 0 ? QString() : text.left(last);
}

ReplyParts biography(const ReplyToParse &reply)
{
    ReplyParts out;
    QString text = beforeNextTurn(afterPrefill(reply, out.prefillStripped));
    const QString opening = u"Hello, my name is"_s;
    const auto at = text.indexOf(opening, 0, Qt::CaseInsensitive);
    const bool opened = reply.opened || out.prefillStripped;
    ReplyPart part;
    if (at >= 0 && (!opened || at < 200))
        text = text.mid(at + opening.size());
    else if (!opened)
        part.status = refusesToWrite(text) ? u"refused"_s : u"parse:no-opening"_s;
    text = text.trimmed();
    if (reply.truncated) {
        const QString finished = finishedSentences(text);
        part.cut = finished != text;
        text = finished;
        if (text.isEmpty() && part.status == "ok"_L1)
            part.status = u"truncated"_s;
    }
    if (text.isEmpty() && part.status == "ok"_L1)
        part.status = u"empty"_s;
    // The item goes on from "Hello, my name is".
    part.values.insert(u"biography"_s, text.isEmpty() ? QString() : u' ' + text);
    out.parts << part;
    return out;
}

/// Reads stem and two options by the strict rule; the reason why not otherwise.
QString readOptions(const QString &text, ReplyPart &part)
{
    const ParsedOptions parsed = parseOptions(text);
    part.values.insert(u"stem"_s, parsed.stem);
    switch (parsed.status) {
    case ParsedOptions::Status::NoOptions:
    case ParsedOptions::Status::OneOption:
        return u"parse:missing-option"_s;
    case ParsedOptions::Status::Glued:
    case ParsedOptions::Status::BadLetters:
        return u"parse:"_s + optionStatusName(parsed.status);
    case ParsedOptions::Status::Ok:
        break;
    }
    if (parsed.options.size() != 2)
        return u"parse:too-many-options"_s;
    for (const QuestionOption &option : parsed.options)
        part.options << option.text;
    if (part.options.contains(QString()))
        return u"parse:missing-option"_s;
    return parsed.stem.isEmpty() ? u"parse:no-question"_s : u"ok"_s;
}

ReplyParts blockQuote(const ReplyToParse &reply)
{
    static const QRegularExpression answer(u"^\\s*(?:Correct\\s+)?Answer\\s*:?\\s*\\(?([A-Z])\\)?\\s*\\.?\\s*$"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    ReplyParts out;
    const QStringList lines = afterPrefill(reply, out.prefillStripped).split(u'\n');
    ReplyPart part;
    QStringList quoted;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QString line = lines[i];
        const bool goesOn = i == 0 && reply.opened; // The prompt ends in "> ".
        if (line.trimmed().startsWith(u'>'))
            line = line.trimmed().mid(1);
        else if (!goesOn && quoted.isEmpty())
            continue;
        else if (!goesOn)
            break; // The first quote is the question; what comes after is another text.
        const auto match = answer.match(line);
        if (match.hasMatch()) {
            part.matching = match.captured(1).at(0).toUpper().unicode() - u'A';
            break;
        }
        quoted << line.trimmed();
    }
    qsizetype filled = 0;
    for (const QString &line : std::as_const(quoted))
        filled += line.isEmpty() ? 0 : 1;
    if (filled == 0)
        part.status = refusesToWrite(reply.text) ? u"refused"_s : u"parse:no-quote"_s;
    else if (filled < 3)
        part.status = reply.truncated ? u"truncated"_s : u"parse:too-few-lines"_s;
    else
        part.status = readOptions(quoted.join(u'\n').trimmed(), part);
    if (part.status == "ok"_L1 && part.matching > 1)
        part.status = u"parse:bad-answer"_s;
    // Cut inside the last option; an answer line after it shows that it is whole.
    if (part.status == "ok"_L1 && reply.truncated && part.matching < 0)
        part.status = u"truncated"_s;
    out.parts << part;
    return out;
}

/// The first {…} of a text, braces inside strings left alone; empty when it is never closed.
QString firstObject(const QString &text)
{
    const auto from = text.indexOf(u'{');
    int depth = 0;
    bool inText = false, escaped = false;
    for (auto i = from; i >= 0 && i < text.size(); ++i) {
        const QChar c = text[i];
        if (inText) {
            inText = escaped || c != u'"';
            escaped = !escaped && c == u'\\';
        } else if (c == u'"') {
            inText = true;
        } else if (c == u'{') {
            ++depth;
        } else if (c == u'}' && --depth == 0) {
            return text.mid(from, i - from + 1);
        }
    }
    return {};
}

ReplyParts jsonChoice(const ReplyToParse &reply)
{
    ReplyParts out;
    QString text = afterPrefill(reply, out.prefillStripped);
    if (reply.opened && !text.contains(u'{'))
        text.prepend(u'{');
    ReplyPart part;
    const std::string object = firstObject(text).toStdString();
    bool deep = false;
    const json found = json::parse(
        object,
        [&deep](int depth, json::parse_event_t, json &) {
            deep = deep || depth > 4;
            return depth <= 4;
        },
        false);
    const bool shaped = !deep && found.is_object() && found.contains("question") && found["question"].is_string() &&
                        found.contains("options") && found["options"].is_array() && found["options"].size() == 2 &&
                        found["options"][0].is_string() && found["options"][1].is_string();
    if (!shaped) {
        part.status = refusesToWrite(reply.text) ? u"refused"_s : reply.truncated ? u"truncated"_s : u"parse:bad-json"_s;
    } else {
        part.values.insert(u"stem"_s, QString::fromStdString(found["question"].get<std::string>()).trimmed());
        for (const json &option : found["options"])
            part.options << QString::fromStdString(option.get<std::string>()).trimmed();
        if (part.options.contains(QString()))
            part.status = u"parse:missing-option"_s;
        else if (part.values.value(u"stem"_s).isEmpty())
            part.status = u"parse:no-question"_s;
    }
    out.parts << part;
    return out;
}

struct PronounSet
{
    QString placeholder;
    QStringList forms;
};

const std::array<PronounSet, 3> &pronounSets()
{
    static const std::array<PronounSet, 3> sets{{{u"he/she/they"_s, {u"he"_s, u"she"_s, u"they"_s}},
                                                 {u"his/her/their"_s, {u"his"_s, u"her"_s, u"their"_s}},
                                                 {u"him/her/them"_s, {u"him"_s, u"her"_s, u"them"_s}}}};
    return sets;
}

/// The only pronoun of a third person in a text, put in place of a placeholder of its set; empty when there is none or
/// more than one.
QString blankedPronoun(QString &text)
{
    static const QRegularExpression pronoun(
        u"\\b(he|she|they|him|her|hers|them|his|their|theirs|himself|herself|themselves|themself)\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    auto matches = pronoun.globalMatch(text);
    if (!matches.hasNext())
        return {};
    const auto first = matches.next();
    const QString word = first.captured().toLower();
    if (matches.hasNext() || word == "her"_L1)
        return {};
    for (const PronounSet &set : pronounSets()) {
        if (set.forms.contains(word)) {
            text.replace(first.capturedStart(), first.capturedLength(), u"_"_s);
            return set.placeholder;
        }
    }
    return {};
}

ReplyPart sentenceFrom(const QString &line, int position, bool truncated, bool pronouns)
{
    static const QRegularExpression placeholder(u"\\b(he/she/they|his/her/their|him/her/them)\\b"_s,
                                                QRegularExpression::CaseInsensitiveOption);
    ReplyPart part;
    part.position = position;
    QString text = line;
    QString kind;
    while (true) {
        const auto match = placeholder.match(text);
        if (!match.hasMatch())
            break;
        if (kind.isEmpty())
            kind = match.captured(1).toLower();
        text.replace(match.capturedStart(), match.capturedLength(), u"_"_s);
    }
    if (kind.isEmpty() && pronouns) {
        kind = blankedPronoun(text);
        if (!kind.isEmpty())
            part.values.insert(u"blanked"_s, line);
    }
    part.values.insert(u"sentence"_s, text);
    part.values.insert(u"placeholder"_s, kind);
    if (text.isEmpty())
        part.status = u"empty"_s;
    else if (truncated)
        part.status = u"truncated"_s;
    else if (kind.isEmpty())
        part.status = refusesToWrite(text) ? u"refused"_s : u"parse:no-placeholder"_s;
    return part;
}

ReplyParts readSentences(const ReplyToParse &reply, bool pronouns)
{
    static const QRegularExpression marker(u"^(?:[-*•–]\\s+|\\(?\\d{1,3}[.):]\\s*)"_s);
    ReplyParts out;
    QStringList lines;
    for (const QString &line : beforeNextTurn(afterPrefill(reply, out.prefillStripped)).split(u'\n')) {
        QString text = line.trimmed();
        // "Here are 10 sentences:" is no sentence.
        if (text.isEmpty() || (lines.isEmpty() && text.endsWith(u':')))
            continue;
        text.remove(marker);
        text = text.trimmed();
        if (text.size() >= 2 && text.front() == u'"' && text.back() == u'"')
            text = text.mid(1, text.size() - 2).trimmed();
        lines << text;
    }
    for (qsizetype i = 0; i < lines.size(); ++i)
        out.parts << sentenceFrom(lines[i], static_cast<int>(i), reply.truncated && i + 1 == lines.size(),
                                  pronouns);
    if (out.parts.isEmpty())
        out.parts << failed(u"empty"_s);
    return out;
}

ReplyParts sentences(const ReplyToParse &reply)
{
    return readSentences(reply, false);
}

ReplyParts sentencesWithPronouns(const ReplyToParse &reply)
{
    return readSentences(reply, true);
}

/// A name of a word or a few: what comes before the end of the line, without quotes and full stop.
ReplyParts oneLine(const ReplyToParse &reply)
{
    constexpr qsizetype longestName = 60;
    ReplyParts out;
    QString text = afterPrefill(reply, out.prefillStripped).trimmed();
    text = text.left(text.indexOf(u'\n') < 0 ? text.size() : text.indexOf(u'\n')).trimmed();
    static const QRegularExpression quoted(u"^[\"“'‘]([^\"”’]+)[\"”'’]"_s);
    if (const auto match = quoted.match(text); match.hasMatch())
        text = match.captured(1);
    while (!text.isEmpty() && QStringView(u".,;:!\"”").contains(text.back()))
        text.chop(1);
    text = text.trimmed();
    ReplyPart part;
    part.values.insert(u"line"_s, text.left(longestName));
    if (text.isEmpty())
        part.status = u"empty"_s;
    else if (refusesToWrite(text))
        part.status = u"refused"_s;
    else if (text.size() > longestName || text.contains(u'{') || text.contains(u'_'))
        part.status = u"parse:no-name"_s;
    out.parts << part;
    return out;
}

const std::array<ReplyParser, 7> &parsers()
{
    static const std::array<ReplyParser, 7> all{
        {{u"statement"_s, {u"statement"_s, u"question"_s}, statements},
         {u"biography"_s, {u"biography"_s}, biography},
         {u"block-quote"_s, {u"stem"_s, u"choices"_s, u"question"_s, u"option_a"_s, u"option_b"_s}, blockQuote},
         {u"json-choice"_s, {u"stem"_s, u"choices"_s, u"question"_s, u"option_a"_s, u"option_b"_s}, jsonChoice},
         {u"sentences"_s, {u"sentence"_s, u"question"_s}, sentences},
         {u"sentences-with-pronouns"_s, {u"sentence"_s, u"question"_s}, sentencesWithPronouns},
         {u"line"_s, {u"line"_s}, oneLine}}};
    return all;
}

} // namespace

const ReplyParser *replyParser(const QString &name)
{
    for (const ReplyParser &parser : parsers()) {
        if (parser.name == name)
            return &parser;
    }
    return nullptr;
}

QStringList replyParserNames()
{
    QStringList names;
    for (const ReplyParser &parser : parsers())
        names << parser.name;
    return names;
}

QStringList pronounForms(const QString &placeholder)
{
    for (const PronounSet &set : pronounSets()) {
        if (set.placeholder == placeholder)
            return set.forms;
    }
    return {};
}

} // namespace evalwright
