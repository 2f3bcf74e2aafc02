// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The same of texts that are ASCII alone, as most are.
QString foldedAscii(const QString &text)
{
    QString out(text.size(), Qt::Uninitialized);
    QChar *const begin = out.data(), *to = begin;
    bool gap = false;
    for (const QChar c : text) {
        const char16_t lower = c >= u'A' && c <= u'Z' ? c.unicode() | 0x20 : c.unicode();
        if ((lower >= u'a' && lower <= u'z') || (lower >= u'0' && lower <= u'9')) {
            if (gap && to != begin)
                *to++ = u' ';
            gap = false;
            *to++ = lower;
        } else {
            gap = true;
        }
    }
    out.truncate(to - begin);
    return out;
}

} // namespace

QString fold(const QString &text)
{
    if (std::ranges::all_of(text, [](QChar c) { return c.unicode() < 0x80; }))
        return foldedAscii(text);
    const QString normal = text.normalized(QString::NormalizationForm_KC).toLower();
    QString out;
    out.reserve(normal.size());
    bool gap = false;
    for (const char32_t point : normal.toUcs4()) {
        if (QChar::isLetterOrNumber(point)) {
            if (gap && !out.isEmpty())
                out += u' ';
            gap = false;
            out += QChar::fromUcs4(point);
        } else {
            gap = true;
        }
    }
    return out;
}

namespace {
int editDistance(const QString &a, const QString &b)
{
    std::vector<int> row(static_cast<size_t>(b.size()) + 1);
    for (size_t j = 0; j < row.size(); ++j)
        row[j] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<size_t>(j);
            const int above = row[at];
            const int cost = a[i - 1].toLower() == b[j - 1].toLower() ? 0 : 1;
            row[at] = std::min({row[at] + 1, row[at - 1] + 1, diagonal + cost});
            diagonal = above;
        }
    }
    return row.back();
}
} // namespace

QStringList nearestNames(const QString &wanted, const QStringList &known, int limit)
{
    std::vector<std::pair<int, QString>> ranked;
    for (const QString &name : known) {
        const int distance = name.contains(wanted, Qt::CaseInsensitive) ? 1 : editDistance(wanted, name);
        if (distance <= std::max<qsizetype>(2, std::max(wanted.size(), name.size()) / 2))
            ranked.emplace_back(distance, name);
    }
    std::ranges::sort(ranked);
    QStringList out;
    for (const auto &[distance, name] : ranked) {
        if (out.size() >= limit)
            break;
        out << name;
    }
    return out;
}

QString withoutDirectory(const QString &name)
{
    const auto slash = std::max(name.lastIndexOf(u'/'), name.lastIndexOf(u'\\'));
    const bool looksLikeFile =
        name.startsWith(u'/') || name.contains(u'\\') || name.endsWith(u".gguf"_s, Qt::CaseInsensitive);
    return looksLikeFile && slash >= 0 ? name.mid(slash + 1) : name;
}

QString formatParameters(std::optional<double> parameters)
{
    if (!parameters || !std::isfinite(*parameters) || *parameters <= 0)
        return u"—"_s;
    const auto scaled = [](double value, QLatin1StringView unit) {
        const int digits = value < 10 && std::abs(value - std::round(value)) >= 0.05 ? 1 : 0;
        return QString::number(value, 'f', digits) + unit;
    };
    if (*parameters >= 999.5e6)
        return scaled(*parameters / 1e9, "B"_L1);
    if (*parameters >= 999.5e3)
        return scaled(*parameters / 1e6, "M"_L1);
    return scaled(*parameters / 1e3, "k"_L1);
}

std::optional<double> parametersFromText(const QString &text)
{
    QString number = text.trimmed().toUpper();
    double factor = 1;
    for (const auto &[unit, size] : {std::pair(u'K', 1e3), std::pair(u'M', 1e6), std::pair(u'B', 1e9), std::pair(u'T', 1e12)}) {
        if (number.endsWith(unit)) {
            factor = size;
            number.chop(1);
            break;
        }
    }
    bool ok = false;
    const double value = number.trimmed().toDouble(&ok) * factor;
    return ok && std::isfinite(value) && value > 0 ? std::optional(value) : std::nullopt;
}

QString formatBytes(qint64 bytes)
{
    const double value = static_cast<double>(bytes);
    if (value >= 1e9)
        return QString::number(value / 1e9, 'f', 1) + u" GB"_s;
    if (value >= 1e6)
        return QString::number(value / 1e6, 'f', 1) + u" MB"_s;
    if (value >= 1e3)
        return QString::number(value / 1e3, 'f', 1) + u" kB"_s;
    return QString::number(bytes) + u" B"_s;
}

QString formatDuration(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return u"—"_s;
    const auto total = static_cast<qint64>(std::llround(seconds));
    if (total < 60)
        return u"%1 s"_s.arg(total);
    if (total < 3600)
        return u"%1 min %2 s"_s.arg(total / 60).arg(total % 60);
    return u"%1 h %2 min"_s.arg(total / 3600).arg(total % 3600 / 60);
}

} // namespace evalwright
