// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"

#include <QUuid>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <new>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <vector>

namespace evalwright {

namespace {

/// ECMAScript Number::toString, which RFC 8785 prescribes: plain digits for 1e-6 <= |x| < 1e21, else an exponent
/// with sign and without leading zeros.
void appendNumber(QByteArray &out, double value)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    if (value == 0.0) {
        out += '0';
        return;
    }
    char buffer[64];
    const double size = std::abs(value);
    if (size >= 1e-6 && size < 1e21) {
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
        out.append(buffer, end - buffer);
        return;
    }
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    QByteArray text(buffer, end - buffer);
    const auto mark = text.indexOf('e');
    QByteArray exponent = text.mid(mark + 2);
    while (exponent.size() > 1 && exponent.front() == '0')
        exponent.remove(0, 1);
    out += text.left(mark + 2) + exponent;
}

/// Text that stands in JSON as it is, and sorts by UTF-16 as it does by bytes.
bool isPlain(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
}

void appendText(QByteArray &out, std::string_view text)
{
    if (isPlain(text)) {
        out += '"';
        out.append(text.data(), static_cast<qsizetype>(text.size()));
        out += '"';
    } else {
        out += QByteArray::fromStdString(
            nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
}

void append(QByteArray &out, const nlohmann::json &value);

/// The usual case: the members are in order already.
bool appendPlainObject(QByteArray &out, const nlohmann::json &value)
{
    const auto &members = value.get_ref<const nlohmann::json::object_t &>();
    if (!std::ranges::all_of(members, [](const auto &member) { return isPlain(member.first); }))
        return false;
    out += '{';
    bool first = true;
    for (const auto &[key, member] : members) {
        if (!first)
            out += ',';
        first = false;
        appendText(out, key);
        out += ':';
        append(out, member);
    }
    out += '}';
    return true;
}

void append(QByteArray &out, const nlohmann::json &value)
{
    using nlohmann::json;
    switch (value.type()) {
    case json::value_t::object: {
        if (appendPlainObject(out, value))
            return;
        std::vector<std::pair<QString, const json *>> members;
        members.reserve(value.size());
        for (const auto &[key, member] : value.items())
            members.emplace_back(QString::fromStdString(key), &member);
        std::ranges::sort(members, [](const auto &a, const auto &b) {
            return std::ranges::lexicographical_compare(a.first, b.first,
                                                        [](QChar x, QChar y) { return x.unicode() < y.unicode(); });
        });
        out += '{';
        bool first = true;
        for (const auto &[key, member] : members) {
            if (!first)
                out += ',';
            first = false;
            out += QByteArray::fromStdString(json(key.toStdString()).dump());
            out += ':';
            append(out, *member);
        }
        out += '}';
        return;
    }
    case json::value_t::array: {
        out += '[';
        bool first = true;
        for (const json &member : value) {
            if (!first)
                out += ',';
            first = false;
            append(out, member);
        }
        out += ']';
        return;
    }
    case json::value_t::string:
        appendText(out, value.get_ref<const std::string &>());
        return;
    case json::value_t::number_float:
        appendNumber(out, value.get<double>());
        return;
    default:
        out += QByteArray::fromStdString(value.dump(-1, ' ', false, json::error_handler_t::replace));
        return;
    }
}

} // namespace

void Sha256::Free::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : m_context(EVP_MD_CTX_new())
{
    // Looked up by name each time, it would take longer than the hash of a short text.
    static const EVP_MD *const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!m_context || !algorithm || EVP_DigestInit_ex(m_context.get(), algorithm, nullptr) != 1)
        throw std::bad_alloc(); // The only way it fails.
}

void Sha256::add(const QByteArray &bytes)
{
    if (EVP_DigestUpdate(m_context.get(), bytes.constData(), static_cast<size_t>(bytes.size())) != 1)
        throw std::bad_alloc();
}

QByteArray Sha256::result()
{
    QByteArray hash(32, Qt::Uninitialized);
    if (EVP_DigestFinal_ex(m_context.get(), reinterpret_cast<unsigned char *>(hash.data()), nullptr) != 1)
        throw std::bad_alloc();
    return hash;
}

QByteArray sha256(const QByteArray &bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.result();
}

QString sha256Hex(const QByteArray &bytes)
{
    return QString::fromLatin1(sha256(bytes).toHex());
}

QByteArray canonicalJson(const nlohmann::json &value)
{
    QByteArray out;
    append(out, value);
    return out;
}

void appendJsonText(QByteArray &out, const QByteArray &utf8)
{
    appendText(out, {utf8.constData(), static_cast<size_t>(utf8.size())});
}

QString newUuid()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

} // namespace evalwright
