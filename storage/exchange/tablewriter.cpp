// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/tablewriter.h"

#include "core/foreignjson.h"
#include "storage/exchange/delimitedreader.h"
#include "storage/exchange/genericjsonl.h"

#include <QSet>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString safe(const QString &text)
{
    static const QString acted = u"=+-@\t\r\n＝＋－＠'"_s;
    return !text.isEmpty() && acted.contains(text[0]) ? u'\'' + text : text;
}

class Writer final : public RowWriter
{
public:
    Writer(const WriteSettings &settings, TableDialect dialect, ObjectOf objectOf)
        : m_objectOf(std::move(objectOf)), m_dialect(dialect), m_safe(settings.csvSafe)
    {
        const auto json = storedJson(settings.dialect);
        if (!json.is_object())
            return;
        m_crlf = json.contains("crlf") && json["crlf"] == true;
        m_bom = json.contains("bom") && json["bom"] == true;
        const auto delimiter = json.find("delimiter");
        if (dialect.quotes && delimiter != json.end() && delimiter->is_string()) {
            const std::string text = *delimiter;
            if (text == "," || text == ";" || text == "\t" || text == "|")
                m_dialect.delimiter = text[0];
        }
    }

    bool surveys() const override { return true; }
    Status survey(const Candidate &candidate) override
    {
        EVALWRIGHT_ASSIGN(const JsonNode object, m_objectOf(candidate));
        for (const QString &key : object.keys) {
            if (m_known.contains(key))
                continue;
            if (m_columns.size() >= DelimitedReader::mostColumns - 1) {
                return failure(Error(ErrorCode::Unsupported,
                                     u"The items have more than %1 different fields."_s.arg(m_columns.size()),
                                     u"Export them as jsonl."_s)
                                   .withConsequence(u"Nothing was written."_s));
            }
            m_known << key;
            m_columns << key;
        }
        return {};
    }

    Result<QByteArray> row(const Candidate &candidate) override
    {
        QByteArray out;
        if (m_rows++ == 0) {
            out = m_bom ? "\xef\xbb\xbf" : "";
            QList<JsonNode> header;
            for (const QString &column : m_columns)
                header << JsonNode::ofText(column);
            EVALWRIGHT_TRY(line(out, header, u"_ew_csv"_s, candidate));
        }
        EVALWRIGHT_ASSIGN(const JsonNode object, m_objectOf(candidate));
        if (!std::ranges::all_of(object.keys, [&](const QString &key) { return m_known.contains(key); })) {
            return failure(Error(ErrorCode::Storage, u"The data set changed while it was being written."_s,
                                 u"Export it again when nothing writes to it."_s)
                               .withConsequence(u"Nothing was written."_s));
        }
        QList<JsonNode> cells;
        for (const QString &column : m_columns) {
            const JsonNode *value = object.find(column);
            cells << (value ? *value : JsonNode::ofText({}));
        }
        EVALWRIGHT_TRY(line(out, cells, u"1"_s, candidate));
        return out;
    }
    QByteArray end() override { return {}; }

private:
    Status line(QByteArray &out, const QList<JsonNode> &cells, const QString &mark, const Candidate &candidate) const
    {
        if (m_safe)
            out += mark.toLatin1() + m_dialect.delimiter;
        for (qsizetype i = 0; i < cells.size(); ++i) {
            if (i > 0)
                out += m_dialect.delimiter;
            EVALWRIGHT_TRY(cell(out, cells[i], candidate));
        }
        out += m_crlf ? "\r\n" : "\n";
        return {};
    }

    Status cell(QByteArray &out, const JsonNode &value, const Candidate &candidate) const
    {
        QString text = value.text;
        if (value.kind == JsonNode::Kind::Number) {
            out += text.toUtf8();
            return {};
        }
        if (value.kind != JsonNode::Kind::Text)
            text = value.kind == JsonNode::Kind::Null ? QString() : value.toText();
        if (m_safe)
            text = safe(text);
        const bool breaks = text.contains(u'\n') || text.contains(u'\r');
        if (!m_dialect.quotes) {
            if (breaks || text.contains(u'\t')) {
                return failure(Error(ErrorCode::Unsupported,
                                     u"A text of the item %1 has a tab or a line end, which a TSV cannot hold."_s.arg(
                                         candidate.uuid),
                                     u"Export the data set as csv or jsonl."_s)
                                   .withConsequence(u"Nothing was written."_s));
            }
            out += text.toUtf8();
            return {};
        }
        const bool edge = !text.isEmpty() && (text[0].isSpace() || text.back().isSpace());
        if (breaks || edge || text.contains(u'"') || text.contains(QLatin1Char(m_dialect.delimiter))) {
            text.replace(u'"', u"\"\""_s);
            text = u'"' + text + u'"';
        }
        out += text.toUtf8();
        return {};
    }

    ObjectOf m_objectOf;
    TableDialect m_dialect;
    QStringList m_columns;
    QSet<QString> m_known;
    bool m_safe, m_crlf = false, m_bom = false;
    qint64 m_rows = 0;
};

} // namespace

std::unique_ptr<RowWriter> csvWriter(const WriteSettings &settings)
{
    return tableWriter(settings, genericObject);
}

std::unique_ptr<RowWriter> tsvWriter(const WriteSettings &settings)
{
    return std::make_unique<Writer>(settings, TableDialect{'\t', false}, genericObject);
}

std::unique_ptr<RowWriter> tableWriter(const WriteSettings &settings, ObjectOf objectOf)
{
    return std::make_unique<Writer>(settings, TableDialect{',', true}, std::move(objectOf));
}

} // namespace evalwright
