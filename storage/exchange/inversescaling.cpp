// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/inversescaling.h"

#include "core/optionparser.h"
#include "storage/exchange/answerchoices.h"
#include "storage/exchange/familyfields.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/tablerows.h"
#include "storage/exchange/tablewriter.h"
#include "storage/exchange/winogenderrow.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString promptKey = u"prompt"_s, classesKey = u"classes"_s, indexKey = u"answer_index"_s;

/// Reads one literal from its first bracket to its last.
class ListLiteral
{
public:
    explicit ListLiteral(const QString &text) : m_text(text) {}

    std::optional<QStringList> read()
    {
        QStringList out;
        if (!take(u'['))
            return std::nullopt;
        while (!take(u']')) {
            if (!out.isEmpty() && !take(u','))
                return std::nullopt;
            if (!out.isEmpty() && take(u']'))
                break; // A comma may follow the last one.
            QString element;
            if (!text(element))
                return std::nullopt;
            out << element;
        }
        skipBlanks();
        return m_at == m_text.size() ? std::optional(out) : std::nullopt;
    }

private:
    void skipBlanks()
    {
        while (m_at < m_text.size() && m_text[m_at].isSpace())
            ++m_at;
    }
    bool take(char16_t c)
    {
        skipBlanks();
        if (m_at >= m_text.size() || m_text[m_at] != c)
            return false;
        ++m_at;
        return true;
    }

    bool text(QString &out)
    {
        skipBlanks();
        if (m_at >= m_text.size() || (m_text[m_at] != u'\'' && m_text[m_at] != u'"'))
            return false;
        const QChar quote = m_text[m_at++];
        while (m_at < m_text.size() && m_text[m_at] != quote) {
            const QChar c = m_text[m_at++];
            if (c == u'\n' || c == u'\r')
                return false;
            if (c != u'\\')
                out += c;
            else if (!escape(out))
                return false;
        }
        return m_at++ < m_text.size();
    }

    bool escape(QString &out)
    {
        if (m_at >= m_text.size())
            return false;
        const QChar c = m_text[m_at++];
        static const QString letters = u"ntrbf\\'\"/"_s, values = u"\n\t\r\b\f\\'\"/"_s;
        if (const qsizetype at = letters.indexOf(c); at >= 0) {
            out += values[at];
            return true;
        }
        const qsizetype digits = c == u'x' ? 2 : c == u'u' ? 4 : c == u'U' ? 8 : 0;
        bool isNumber = false;
        const uint point = m_text.mid(m_at, digits).toUInt(&isNumber, 16);
        if (digits == 0 || m_at + digits > m_text.size() || !isNumber || point > 0x10ffff)
            return false;
        m_at += digits;
        const char32_t one = point;
        // Half of a pair is completed by the escape that follows it.
        out += point >= 0xd800 && point <= 0xdfff ? QString(QChar(static_cast<char16_t>(point)))
                                                  : QString::fromUcs4(&one, 1);
        return true;
    }

    const QString &m_text;
    qsizetype m_at = 0;
};

class Reader final : public RowReader
{
public:
    Reader(QIODevice &device, const ReadSettings &settings)
        : m_table(device, TableDialect{guessDelimiter(settings.head), true}, settings.longestRow, settings.csvUnescape),
          m_survey(settings.survey)
    {
    }

    bool next(ImportedRow &row) override
    {
        row = {};
        TableRows::Row read;
        if (!hasColumns() || !m_table.next(read))
            return false;
        if (read.problem)
            row.problem = read.problem;
        else
            row = readCells(read);
        if (row.problem)
            row.problem->line = read.record.line;
        row.candidate.sourceLine = read.record.line;
        return true;
    }
    FileFacts facts() const override
    {
        FileFacts facts;
        facts.family = m_guess.family();
        facts.tails = m_guess.tails();
        facts.dialect = m_table.dialect();
        return facts;
    }
    std::optional<Error> refusal() const override { return m_table.refusal() ? m_table.refusal() : m_refusal; }

private:
    bool hasColumns()
    {
        if (m_table.begin() && !m_refusal && !m_table.columns().isEmpty()) {
            for (const QString &needed : {promptKey, classesKey, indexKey}) {
                if (!m_refusal && !m_table.columns().contains(needed))
                    m_refusal = Error(ErrorCode::InvalidInput, u"The table has no column “%1”."_s.arg(needed),
                                      u"Tables with other columns are read as csv, with --map."_s)
                                    .withConsequence(u"Nothing was imported."_s);
            }
        }
        return !refusal();
    }

    ImportedRow readCells(const TableRows::Row &read)
    {
        const JsonNode &cells = read.cells;
        ImportedRow out;
        const auto bad = [&](const QString &reason, const QString &message, const QString &field) {
            const qsizetype offset = cells.find(field)->begin;
            out.problem = rows::problemAt(read.record.raw, offset, reason, message, field);
            out.problem->column = columnInRecord(read.record, offset);
            return out;
        };
        const auto classes = textsOfLiteral(cells.find(classesKey)->text);
        if (!classes || classes->size() < 2)
            return bad(u"wrong-type"_s,
                       u"The classes must be a list of two texts or more, such as [\" Yes\", \" No\"]."_s, classesKey);
        bool isNumber = false;
        const qlonglong place = cells.find(indexKey)->text.trimmed().toLongLong(&isNumber);
        if (!isNumber)
            return bad(u"wrong-type"_s, u"The number of the answer must be a whole number from 0."_s, indexKey);
        if (place < 0 || place >= classes->size())
            return bad(u"label-not-in-options"_s,
                       u"There is no class with the number %1; there are %2."_s.arg(place).arg(classes->size()),
                       indexKey);
        JsonRow row;
        row.root = JsonNode::object();
        const auto labelled = [&](const QString &key, JsonNode value, const QString &source) {
            value.begin = cells.find(source)->begin;
            row.root.add(key, std::move(value));
        };
        QStringList others = *classes;
        const QString matching = others.takeAt(place);
        labelled(u"question"_s, JsonNode::ofText(cells.find(promptKey)->text), promptKey);
        labelled(u"answer_matching_behavior"_s, JsonNode::ofText(matching), classesKey);
        labelled(u"answer_not_matching_behavior"_s,
                 others.size() == 1 ? JsonNode::ofText(others.first()) : JsonNode::ofTexts(others), classesKey);
        // The order of the classes is part of the data.
        row.root.add(indexKey, JsonNode::ofNumber(place));
        for (size_t i = 0; i < cells.items.size(); ++i) {
            QString name = cells.keys[static_cast<qsizetype>(i)];
            if (name == promptKey || name == classesKey || name == indexKey)
                continue;
            while (row.root.find(name))
                name.prepend(u"column "_s);
            row.root.add(name, cells.items[i]);
        }
        out = questionrow::read(read.record.raw, row);
        // Options may be laid out in any way ("A. …"): the classes say what the labels are, and no letter is looked
        // for.
        if (out.problem && out.problem->reason == "label-not-in-options"_L1 &&
            parseOptions(cells.find(promptKey)->text).status == ParsedOptions::Status::NoOptions)
            out = readUnlettered(read.record.raw, row, matching, others);
        if (out.problem) {
            const QString reason = out.problem->reason, message = out.problem->message,
                          field = out.problem->field == "question"_L1 ? promptKey : classesKey;
            return bad(reason, message, field);
        }
        m_guess.add(out.candidate);
        if (m_survey)
            fillFamilyFields(out.candidate, m_survey->family, m_survey->tails.get());
        return out;
    }

    static ImportedRow readUnlettered(const QByteArray &raw, JsonRow row, const QString &matching,
                                      const QStringList &others)
    {
        const auto unlettered = [](const QString &label) { return JsonNode::ofText(u" class "_s + label); };
        for (size_t i = 0; i < row.root.items.size(); ++i) {
            JsonNode &value = row.root.items[i];
            const QString &key = row.root.keys[static_cast<qsizetype>(i)];
            if (key != "answer_matching_behavior"_L1 && key != "answer_not_matching_behavior"_L1)
                continue;
            if (value.isText())
                value = unlettered(value.text);
            for (JsonNode &label : value.items)
                label = unlettered(label.text);
        }
        ImportedRow out = questionrow::read(raw, row);
        if (!out.problem) {
            out.candidate.matchingLabel = out.candidate.wantedLabel = matching;
            out.candidate.otherLabels = others;
            rows::mark(out, u"label-form"_s);
        }
        return out;
    }

    TableRows m_table;
    std::optional<FileFacts> m_survey;
    FamilyGuess m_guess;
    std::optional<Error> m_refusal;
};

Result<JsonNode> rowOf(const Candidate &item)
{
    if (item.matchingLabel.isEmpty()) {
        return failure(Error(ErrorCode::Unsupported,
                             u"The item %1 has no matching label, which this format needs."_s.arg(item.uuid),
                             u"Export the data set as anthropic-evals or jsonl."_s)
                           .withConsequence(u"Nothing was written."_s));
    }
    const AnswerChoices choices = answerChoices(item);
    JsonNode out = JsonNode::object();
    out.add(promptKey, JsonNode::ofText(item.question));
    out.add(classesKey, JsonNode::ofTexts(choices.labels));
    out.add(indexKey, JsonNode::ofNumber(choices.matching));
    const JsonNode published = questionrow::toObject(item);
    static const QStringList elsewhere{u"question"_s, u"statement"_s, u"label_confidence"_s,
                                       u"answer_matching_behavior"_s, u"answer_not_matching_behavior"_s};
    for (size_t i = 0; i < published.items.size(); ++i) {
        const QString &key = published.keys[static_cast<qsizetype>(i)];
        if (!elsewhere.contains(key) && !out.find(key))
            out.add(key, published.items[i]);
    }
    return out;
}

bool recognises(const QByteArray &head)
{
    const QStringList columns = columnsOf(head);
    return columns.contains(promptKey) && columns.contains(classesKey) && columns.contains(indexKey);
}

} // namespace

std::optional<QStringList> textsOfLiteral(const QString &literal)
{
    return ListLiteral(literal).read();
}

FileFormat inverseScalingFormat()
{
    return {u"inverse-scaling"_s, u"Table of the Inverse Scaling Prize"_s, recognises,
            [](QIODevice &device, const ReadSettings &settings) -> std::unique_ptr<RowReader> {
                return std::make_unique<Reader>(device, settings);
            },
            [](const WriteSettings &settings) { return tableWriter(settings, rowOf); }};
}

} // namespace evalwright
