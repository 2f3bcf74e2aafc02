// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/genericjsonl.h"

#include "storage/exchange/linereader.h"
#include "storage/exchange/mappedrow.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/winogenderrow.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

class Reader final : public RowReader
{
public:
    Reader(QIODevice &device, const ReadSettings &settings)
        : m_lines(device, settings.longestRow), m_longest(settings.longestRow), m_rows(settings, false)
    {
    }

    bool next(ImportedRow &row) override
    {
        row = {};
        QByteArray line;
        do {
            if (!m_lines.next(line))
                return false;
        } while (!m_lines.tooLong() && line.trimmed().isEmpty());
        if (m_lines.tooLong()) {
            row.problem = RowProblem{0, 0, u"too-long"_s, u"The row is longer than %1 bytes."_s.arg(m_longest), {}, {}};
        } else if (const auto parsed = rows::parseObject(line); !parsed) {
            row.problem = parsed.error();
        } else if (!m_rows.begin(parsed->root.keys)) {
            row.problem = rows::problemAt(line, parsed->root.begin, u"missing-field"_s, m_rows.refusal()->message);
        } else {
            row = m_rows.read(line, *parsed);
        }
        m_cutShort = row.problem && row.problem->reason == "json-syntax"_L1 && !m_lines.ended();
        if (row.problem)
            row.problem->line = m_lines.number();
        row.candidate.sourceLine = m_lines.number();
        return true;
    }
    FileFacts facts() const override
    {
        FileFacts facts = m_rows.facts();
        facts.dialect = toText(m_lines.dialect());
        facts.cutShort = m_cutShort;
        return facts;
    }
    std::optional<Error> refusal() const override { return m_rows.refusal(); }

private:
    LineReader m_lines;
    qint64 m_longest;
    MappedRows m_rows;
    bool m_cutShort = false;
};

class Writer final : public RowWriter
{
public:
    Result<QByteArray> row(const Candidate &candidate) override
    {
        QByteArray out;
        appendJson(out, genericObject(candidate), JsonEscapes::Utf8);
        return out + '\n';
    }
    QByteArray end() override { return {}; }
};

bool recognises(const QByteArray &head)
{
    return (head.startsWith("\xef\xbb\xbf") ? head.mid(3) : head).trimmed().startsWith('{');
}

} // namespace

JsonNode genericObject(const Candidate &candidate)
{
    const bool sentence = winogender::isItem(candidate);
    JsonNode out = sentence ? winogender::toObject(candidate) : questionrow::toObject(candidate);
    const auto fields = parseJsonRow(candidate.fields.toUtf8(), questionrow::deepestExtra);
    for (const QString &key : {u"options"_s, u"matching_index"_s, u"answer"_s}) {
        const JsonNode *value = fields ? fields->root.find(key) : nullptr;
        if (value && !out.find(key))
            out.add(key, *value);
    }
    // The questions of a set with biographies are told apart again when it is read.
    const bool told = sentence || (fields && fields->root.find(u"question_id"_s));
    if (!candidate.cluster.isEmpty() && !told && !out.find(u"cluster"_s))
        out.add(u"cluster"_s, JsonNode::ofText(candidate.cluster));
    return out;
}

FileFormat genericJsonlFormat()
{
    return {u"jsonl"_s,
            u"JSON Lines with any members"_s,
            recognises,
            [](QIODevice &device, const ReadSettings &settings) -> std::unique_ptr<RowReader> {
                return std::make_unique<Reader>(device, settings);
            },
            [](const WriteSettings &) -> std::unique_ptr<RowWriter> { return std::make_unique<Writer>(); },
            true};
}

} // namespace evalwright
