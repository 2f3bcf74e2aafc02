// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/persona.h"

#include "core/hash.h"
#include "storage/exchange/linereader.h"
#include "storage/exchange/personarow.h"

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

class Reader final : public RowReader
{
public:
    Reader(QIODevice &device, const ReadSettings &settings)
        : m_lines(device, settings.longestRow), m_longest(settings.longestRow),
          m_keepsText(!settings.dialect.isEmpty()), m_escapes(escapesOf(dialectFrom(settings.dialect)))
    {
    }

    bool next(ImportedRow &row) override
    {
        QByteArray line;
        do {
            if (!m_lines.next(line))
                return false;
        } while (!m_lines.tooLong() && line.trimmed().isEmpty());
        if (m_lines.tooLong()) {
            row = ImportedRow();
            row.problem = RowProblem{0, 0, u"too-long"_s, u"The row is longer than %1 bytes."_s.arg(m_longest), {}, {}};
        } else {
            row = persona::readRow(line);
        }
        m_cutShort = row.problem && row.problem->reason == "json-syntax"_L1 && !m_lines.ended();
        if (row.problem) {
            row.problem->line = m_lines.number();
            return true;
        }
        m_statements = m_statements || !row.candidate.statement.isEmpty();
        m_affiliations = m_affiliations || row.candidate.extra.contains("\"user_affiliation\""_L1);
        row.candidate.sourceLine = m_lines.number();
        if (m_keepsText && persona::writeRow(row.candidate, m_escapes) != line)
            row.candidate.sourceText = QString::fromUtf8(line);
        return true;
    }

    QString dialect() const override { return dialectText(m_lines.dialect()); }
    QString family() const override
    {
        if (m_statements)
            return u"persona"_s;
        return m_affiliations ? u"sycophancy"_s : u"advanced-ai-risk"_s;
    }
    bool cutShort() const override { return m_cutShort; }

private:
    LineReader m_lines;
    qint64 m_longest;
    bool m_keepsText, m_statements = false, m_affiliations = false, m_cutShort = false;
    JsonEscapes m_escapes;
};

class Writer final : public RowWriter
{
public:
    explicit Writer(const QString &dialect) : m_dialect(dialectFrom(dialect)) {}

    Result<QByteArray> row(const Candidate &candidate) override
    {
        if (candidate.question.isEmpty() || candidate.matchingLabel.isEmpty() || candidate.otherLabels.isEmpty()) {
            return failure(ErrorCode::InvalidInput,
                           u"The item %1 has no question or no labels, which this format needs."_s.arg(candidate.uuid),
                           u"Run “project check”, or export the data set in another format."_s);
        }
        if (candidate.extra != "{}"_L1 && !parseJsonRow(candidate.extra.toUtf8(), persona::deepestExtra)) {
            return failure(ErrorCode::Corrupt,
                           u"The further fields of the item %1 cannot be read."_s.arg(candidate.uuid),
                           u"Run “project check”."_s);
        }
        // The line end stands before each row, so that the last one can go without.
        QByteArray out = m_rows++ == 0 ? QByteArray(m_dialect.bom ? "\xef\xbb\xbf" : "") : newline();
        const QByteArray original = candidate.sourceText.toUtf8();
        const bool unchanged = !original.isEmpty() && [&] {
            const ImportedRow read = persona::readRow(original);
            return !read.problem && persona::sameContent(read.candidate, candidate);
        }();
        return out + (unchanged ? original : persona::writeRow(candidate, escapesOf(m_dialect)));
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
    return start.startsWith('{') && (head.contains("\"answer_matching_behavior\"") || head.contains("\"question\""));
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
