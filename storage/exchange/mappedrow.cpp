// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/mappedrow.h"

#include "storage/exchange/questionrow.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/winogenderrow.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Cells of a table of sentences that are numbers and lists in JSON.
JsonRow sentenceFromCells(JsonRow record)
{
    for (size_t i = 0; i < record.root.items.size(); ++i) {
        const QString &key = record.root.keys[static_cast<qsizetype>(i)];
        JsonNode &cell = record.root.items[i];
        const bool wanted = key == "index"_L1 || key == "BLS_percent_women_2019"_L1 || key == "pronoun_options"_L1;
        if (!wanted || !cell.isText())
            continue;
        if (auto parsed = parseJsonRow(cell.text.trimmed().toUtf8())) {
            parsed->root.begin = cell.begin;
            cell = parsed->root;
        } else if (cell.text.isEmpty()) {
            cell.kind = JsonNode::Kind::Null;
        }
    }
    return record;
}

QStringList intersection(const QStringList &a, const QStringList &b)
{
    QStringList both;
    std::ranges::copy_if(a, std::back_inserter(both), [&](const QString &text) { return b.contains(text); });
    return both;
}

} // namespace

bool MappedRows::begin(const QStringList &columns)
{
    if (m_begun)
        return true;
    m_columns = rows::sensibleNames(columns);
    m_sentences = m_wanted.isEmpty() && columns.contains(u"sentence_with_blank"_s);
    m_mapping = m_wanted;
    m_mapping.guess(columns);
    const Status complete = m_sentences ? Status() : m_mapping.check(columns);
    m_begun = complete.has_value();
    m_refusal = complete ? std::nullopt : std::optional(complete.error());
    return m_begun;
}

std::optional<Error> MappedRows::refusal() const
{
    if (m_begun && m_unseen && !m_unseen->isEmpty())
        return m_wanted.noSource(m_unseen->first(), m_columns);
    return m_refusal;
}

ImportedRow MappedRows::read(const QByteArray &raw, const JsonRow &record)
{
    if (!m_unseen || !m_unseen->isEmpty()) {
        const QStringList missing = m_wanted.missingIn(record.root);
        m_unseen = m_unseen ? intersection(*m_unseen, missing) : missing;
    }
    if (m_sentences)
        return winogender::read(raw, m_cells ? sentenceFromCells(record) : record);
    FieldMapping::Mapped mapped = m_mapping.apply(record.root, m_cells);
    if (!mapped.reason.isEmpty()) {
        ImportedRow out;
        const JsonNode *node = record.root.find(mapped.source);
        out.problem = rows::problemAt(raw, node ? node->begin : record.root.begin, mapped.reason, mapped.message,
                                      mapped.source);
        return out;
    }
    mapped.row.repeatedKeys = record.repeatedKeys;
    ImportedRow out = questionrow::read(raw, mapped.row);
    if (out.problem) {
        // Spoken of by the name that it has in this file.
        const QString source = m_mapping.sourceOf(out.problem->field);
        if (!source.isEmpty() && source != out.problem->field) {
            out.problem->message += u" (read from “%1”)"_s.arg(source);
            out.problem->field = source;
        }
        return out;
    }
    Candidate &c = out.candidate;
    m_guess.add(c);
    if (m_survey)
        fillFamilyFields(c, m_survey->family, m_survey->tails.get());
    if (!mapped.cluster.isEmpty())
        c.cluster = mapped.cluster;
    // A value that could not be used is nowhere else.
    const bool unusable = out.flags.contains(u"bad-confidence"_s) || out.flags.contains(u"wrong-type"_s);
    if (m_survey && unusable)
        c.sourceText = QString::fromUtf8(raw);
    return out;
}

FileFacts MappedRows::facts() const
{
    FileFacts facts;
    facts.family = m_sentences ? u"winogender"_s : m_guess.family();
    facts.mapping = m_sentences ? u"{}"_s : m_mapping.toText();
    facts.tails = m_guess.tails();
    return facts;
}

} // namespace evalwright
