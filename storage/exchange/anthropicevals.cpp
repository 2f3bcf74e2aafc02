// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/anthropicevals.h"

#include "core/hash.h"
#include "storage/exchange/familyfields.h"
#include "storage/exchange/linereader.h"
#include "storage/exchange/options.h"
#include "storage/exchange/questionrow.h"
#include "storage/exchange/questiontails.h"
#include "storage/exchange/rowparts.h"
#include "storage/exchange/winogenderrow.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// {"bom", "crlf", "escapes": "ascii"|"utf8", "final_newline", "regular"}
QString dialectText(const LineDialect &dialect)
{
    const nlohmann::json json{{"bom", dialect.bom},
                              {"crlf", dialect.crlf},
                              {"escapes", dialect.ascii ? "ascii" : "utf8"},
                              {"final_newline", dialect.finalNewline},
                              {"regular", dialect.regular}};
    return QString::fromUtf8(canonicalJson(json));
}

/// Missing or unreadable parts stand for the published way of writing: ASCII, LF, no mark.
LineDialect dialectFrom(const QString &text)
{
    const auto json = nlohmann::json::parse(text.toStdString(), nullptr, false);
    LineDialect dialect;
    if (!json.is_object())
        return dialect;
    const auto flag = [&json](const char *key, bool otherwise) {
        const auto found = json.find(key);
        return found != json.end() && found->is_boolean() ? found->get<bool>() : otherwise;
    };
    dialect.bom = flag("bom", false);
    dialect.crlf = flag("crlf", false);
    dialect.finalNewline = flag("final_newline", true);
    dialect.regular = flag("regular", true);
    dialect.ascii = json.value("escapes", "ascii") != "utf8";
    return dialect;
}

JsonEscapes escapesOf(const LineDialect &dialect)
{
    return dialect.ascii ? JsonEscapes::Ascii : JsonEscapes::Utf8;
}

/// What the rows of a question file have in common.
class FamilyGuess
{
public:
    void add(const Candidate &c)
    {
        ++m_rows;
        m_statements += c.statement.isEmpty() ? 0 : 1;
        m_affiliations += c.extra.contains("\"user_affiliation\""_L1) ? 1 : 0;
        m_lettered += comparableLabel(c.matchingLabel).size() == 1 ? 1 : 0;
        if (!opensWithBiography(c.question))
            return;
        ++m_biographies;
        if (!m_tails)
            m_tails = std::make_shared<QuestionTails>();
        m_tails->add(c.question, parseOptions(c.question).stemEnd);
    }
    QString family() const
    {
        if (m_statements > 0)
            return u"persona"_s;
        if (m_affiliations > 0 || m_biographies * 2 > m_rows)
            return u"sycophancy"_s;
        return m_lettered > 0 ? u"multiple-choice"_s : u"persona"_s;
    }
    std::shared_ptr<const QuestionTails> tails() const { return m_tails; }

private:
    qint64 m_rows = 0, m_statements = 0, m_affiliations = 0, m_lettered = 0, m_biographies = 0;
    std::shared_ptr<QuestionTails> m_tails;
};

bool sameContent(const Candidate &a, const Candidate &b)
{
    return winogender::isItem(b) ? winogender::sameContent(a, b) : questionrow::sameContent(a, b);
}

QByteArray rowOf(const Candidate &candidate, JsonEscapes escapes)
{
    return winogender::isItem(candidate) ? winogender::write(candidate, escapes)
                                         : questionrow::write(candidate, escapes);
}

class Reader final : public RowReader
{
public:
    Reader(QIODevice &device, const ReadSettings &settings)
        : m_lines(device, settings.longestRow), m_longest(settings.longestRow), m_survey(settings.survey),
          m_escapes(escapesOf(dialectFrom(m_survey ? m_survey->dialect : QString())))
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
        if (m_lines.tooLong())
            row.problem = RowProblem{0, 0, u"too-long"_s, u"The row is longer than %1 bytes."_s.arg(m_longest), {}, {}};
        else
            read(line, row);
        m_cutShort = row.problem && row.problem->reason == "json-syntax"_L1 && !m_lines.ended();
        if (row.problem) {
            row.problem->line = m_lines.number();
            return true;
        }
        row.candidate.sourceLine = m_lines.number();
        if (!m_survey) {
            if (*m_shape == Shape::Question)
                m_guess.add(row.candidate);
            return true;
        }
        fillFamilyFields(row.candidate, m_survey->family, m_survey->tails.get());
        if (rowOf(row.candidate, m_escapes) != line)
            row.candidate.sourceText = QString::fromUtf8(line);
        return true;
    }

    FileFacts facts() const override
    {
        FileFacts facts;
        facts.dialect = dialectText(m_lines.dialect());
        facts.cutShort = m_cutShort;
        facts.family = m_shape == Shape::Sentence ? u"winogender"_s : m_guess.family();
        facts.tails = m_guess.tails();
        return facts;
    }

private:
    enum class Shape { Question, Sentence };

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
    std::optional<Shape> m_shape;
    FamilyGuess m_guess;
    bool m_cutShort = false;
};

class Writer final : public RowWriter
{
public:
    explicit Writer(const QString &dialect) : m_dialect(dialectFrom(dialect)) {}

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
        const QByteArray original = candidate.sourceText.toUtf8();
        const bool unchanged = !original.isEmpty() && [&] {
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
            [](const QString &dialect) -> std::unique_ptr<RowWriter> { return std::make_unique<Writer>(dialect); }};
}

} // namespace evalwright
