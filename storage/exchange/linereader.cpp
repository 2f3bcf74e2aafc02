// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/linereader.h"

#include "core/hash.h"

#include <QIODevice>

#include <cstring>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

bool isAscii(QByteArrayView bytes)
{
    quint64 all = 0;
    qsizetype i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        quint64 eight = 0;
        std::memcpy(&eight, bytes.data() + i, 8);
        all |= eight;
    }
    for (; i < bytes.size(); ++i)
        all |= static_cast<uchar>(bytes[i]);
    return (all & 0x8080808080808080) == 0;
}

bool LineReader::next(QByteArray &line)
{
    constexpr qint64 piece = 1 << 18;
    line.clear();
    m_tooLong = m_ended = m_carriage = false;
    bool any = false;
    while (!m_ended) {
        if (m_at >= m_buffer.size()) {
            m_buffer = m_device.read(piece);
            m_at = 0;
            if (m_buffer.isEmpty())
                break;
        }
        any = true;
        const qsizetype found = m_buffer.indexOf('\n', m_at);
        const qsizetype end = found < 0 ? m_buffer.size() : found + 1;
        m_tooLong = m_tooLong || line.size() + end - m_at > m_longest;
        if (m_tooLong)
            line.clear();
        else
            line.append(m_buffer.constData() + m_at, end - m_at);
        m_at = end;
        m_ended = found >= 0;
    }
    if (!any) {
        m_ended = m_lastEnded;
        return false;
    }
    ++m_number;
    m_lastEnded = m_ended;
    if (m_tooLong)
        return true;
    if (m_number == 1 && line.startsWith("\xef\xbb\xbf")) {
        m_bom = true;
        line.remove(0, 3);
    }
    if (m_ended) {
        line.chop(1);
        m_carriage = line.endsWith('\r');
        if (m_carriage)
            line.chop(1);
        ++(m_carriage ? m_crlf : m_lf);
    }
    m_blank += line.trimmed().isEmpty() ? 1 : 0;
    m_ascii = m_ascii && isAscii(line);
    return true;
}

LineDialect LineReader::dialect() const
{
    return {m_bom, m_crlf > 0 && m_lf == 0, m_ended, m_blank == 0 && (m_crlf == 0 || m_lf == 0), m_ascii};
}

QString toText(const LineDialect &dialect)
{
    const nlohmann::json json{{"bom", dialect.bom},
                              {"crlf", dialect.crlf},
                              {"escapes", dialect.ascii ? "ascii" : "utf8"},
                              {"final_newline", dialect.finalNewline},
                              {"regular", dialect.regular}};
    return QString::fromUtf8(canonicalJson(json));
}

LineDialect lineDialect(const QString &text)
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

QString contentProblem(const QByteArray &head)
{
    const auto starts = [&head](const char *bytes, qsizetype size) {
        return head.startsWith(QByteArrayView(bytes, size));
    };
    if (starts("\x1f\x8b", 2) || starts("PK\x03\x04", 4) || starts("\x28\xb5\x2f\xfd", 4) || starts("BZh", 3) ||
        starts("\xfd"
               "7zXZ",
               5))
        return u"compressed"_s;
    if (starts("\xff\xfe", 2) || starts("\xfe\xff", 2))
        return u"encoding"_s;
    return {};
}

} // namespace evalwright
