// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/anthropicevals.h"

#include "storage/exchange/familyfields.h"
#include "storage/exchange/linereader.h"
#include "storage/exchange/plainrow.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/winogenderrow.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

JsonEscapes escapesOf(const LineDialect &dialect)
{
    return dialect.ascii ? JsonEscapes::Ascii : JsonEscapes::Utf8;
}

bool sameContent(const Candidate &a, const Candidate &b)
{
    return winogender::isItem(b) ? winogender::sameContent(a, b) : questionrow::sameContent(a, b);
}

QByteArray rowOf(const Candidate &candidate, JsonEscapes escapes, const QByteArray &before = {})
{
    return winogender::isItem(candidate) ? winogender::write(candidate, escapes, before)
                                         : questionrow::write(candidate, escapes, before);
}

class Reader final : public RowReader
{
public:
    Reader(QIODevice &device, const ReadSettings &settings)
        : m_lines(device, settings.longestRow), m_longest(settings.longestRow), m_survey(settings.survey),
          m_escapes(escapesOf(lineDialect(m_survey ? m_survey->dialect : QString()))),
          m_guess(m_survey ? m_survey->tails : nullptr)
    {
    }

    bool next(ImportedRow &row) override
    {
        QByteArray line;
        do {
            if (!m_lines.next(line))
                return false;
        } while (!m_lines.tooLong() && line.trimmed().isEmpty());
        row = ImportedRow();
        const bool isPlain = !m_lines.tooLong() && m_shape != Shape::Sentence && m_plain.read(line, row.candidate);
        if (isPlain)
            m_shape = Shape::Question;
        else if (m_lines.tooLong())
            row.problem = RowProblem{0, 0, u"too-long"_s, u"The row is longer than %1 bytes."_s.arg(m_longest), {}, {}};
        else
            read(line, row = ImportedRow()); // A row that is not plain may have left a part.
        m_cutShort = row.problem && row.problem->reason == "json-syntax"_L1 && !m_lines.ended();
        if (row.problem) {
            row.problem->line = m_lines.number();
            return true;
        }
        row.candidate.sourceLine = m_lines.number();
        if (*m_shape == Shape::Question)
            m_guess.add(row.candidate);
        if (m_survey) {
            m_fields.fill(row.candidate, m_survey->family, m_survey->tails.get());
            if (!isPlain)
                keepForm(line, row.candidate);
        }
        return true;
    }
    bool surveyHeld() const override
    {
        const bool asSurveyed = m_escapes == escapesOf(m_lines.dialect());
        return asSurveyed || !m_escapesMatter;
    }

    FileFacts facts() const override
    {
        FileFacts facts;
        facts.dialect = toText(m_lines.dialect());
        facts.cutShort = m_cutShort;
        facts.family = m_shape == Shape::Sentence ? u"winogender"_s : m_guess.family();
        facts.tails = m_guess.tails();
        return facts;
    }

private:
    enum class Shape { Question, Sentence };

    /// Keeps the text of a row that would be written differently. Most rows have no letter beyond ASCII and no escape of
    /// one; they are written alike either way. So a file that turns out to have such letters late is still right, unless
    /// a row with an escape was there before.
    void keepForm(const QByteArray &line, Candidate &candidate)
    {
        if (m_escapes == JsonEscapes::Ascii && !m_escapesMatter && !m_lines.dialect().ascii)
            m_escapes = JsonEscapes::Utf8;
        m_escapesMatter = m_escapesMatter || line.contains("\\u") || line.contains('\x7f') || !isAscii(line);
        if (rowOf(candidate, m_escapes) != line)
            candidate.sourceText = QString::fromUtf8(line);
    }

    void read(const QByteArray &line, ImportedRow &row)
    {
        const auto parsed = rows::parseObject(line);
        if (!parsed) {
            row.problem = parsed.error();
            return;
        }
        if (!m_shape)
            m_shape = winogender::isRow(parsed->root) ? Shape::Sentence : Shape::Question;
        row = *m_shape == Shape::Sentence ? winogender::read(line, *parsed) : questionrow::read(line, *parsed);
    }

    LineReader m_lines;
    qint64 m_longest;
    std::optional<FileFacts> m_survey;
    JsonEscapes m_escapes;
    bool m_escapesMatter = false; ///< A row so far is written differently with the other escapes.
    std::optional<Shape> m_shape;
    FamilyGuess m_guess;
    FamilyFields m_fields;
    PlainRows m_plain;
    bool m_cutShort = false;
};

class Writer final : public RowWriter
{
public:
    explicit Writer(const WriteSettings &settings) : m_dialect(lineDialect(settings.dialect)) {}

    Result<QByteArray> row(const Candidate &candidate) override
    {
        const bool sentence = winogender::isItem(candidate);
        if (candidate.question.isEmpty() || candidate.otherLabels.isEmpty() ||
            (candidate.matchingLabel.isEmpty() && !sentence)) {
            return failure(ErrorCode::InvalidInput,
                           u"The item %1 has no question or no labels, which this format needs."_s.arg(candidate.uuid),
                           u"Run “project check”, or export the data set in another format."_s);
        }
        if (candidate.extra != "{}"_L1 && !parseJsonRow(candidate.extra.toUtf8(), questionrow::deepestExtra)) {
            return failure(ErrorCode::Corrupt,
                           u"The further fields of the item %1 cannot be read."_s.arg(candidate.uuid),
                           u"Run “project check”."_s);
        }
        // The line end stands before each row, so that the last one can go without.
        QByteArray out = m_rows++ == 0 ? QByteArray(m_dialect.bom ? "\xef\xbb\xbf" : "") : newline();
        if (candidate.sourceText.isEmpty())
            return rowOf(candidate, escapesOf(m_dialect), out);
        const QByteArray original = candidate.sourceText.toUtf8();
        const bool unchanged = [&] {
            const ImportedRow read = sentence ? winogender::readLine(original) : questionrow::readLine(original);
            return !read.problem && sameContent(read.candidate, candidate);
        }();
        return out + (unchanged ? original : rowOf(candidate, escapesOf(m_dialect)));
    }
    QByteArray end() override { return m_rows > 0 && m_dialect.finalNewline ? newline() : QByteArray(); }

private:
    QByteArray newline() const { return m_dialect.crlf ? "\r\n" : "\n"; }
    LineDialect m_dialect;
    qint64 m_rows = 0;
};

bool recognises(const QByteArray &head)
{
    const QByteArray start = head.startsWith("\xef\xbb\xbf") ? head.mid(3).trimmed() : head.trimmed();
    return start.startsWith('{') && (head.contains("\"answer_matching_behavior\"") || head.contains("\"question\"") ||
                                     head.contains("\"sentence_with_blank\""));
}

} // namespace

FileFormat anthropicEvalsFormat()
{
    return {u"anthropic-evals"_s, u"Model-written evaluations (JSON Lines as published)"_s, recognises,
            [](QIODevice &device, const ReadSettings &settings) -> std::unique_ptr<RowReader> {
                return std::make_unique<Reader>(device, settings);
            },
            [](const WriteSettings &settings) -> std::unique_ptr<RowWriter> {
                return std::make_unique<Writer>(settings);
            }};
}

} // namespace evalwright
