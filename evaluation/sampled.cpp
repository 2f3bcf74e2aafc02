// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/sampled.h"

#include "core/statistics/proportions.h"

#include <QRegularExpression>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString letterIn(const QString &label)
{
    const auto letter = std::ranges::find_if(label, [](QChar c) { return c >= u'A' && c <= u'Z'; });
    return letter == label.end() ? QString() : QString(*letter);
}

/// The first letter that stands like a choice: at the start of the answer, or in parentheses.
QString chosenLetter(const QString &text)
{
    static const QRegularExpression atStart(u"\\A[\\s\"'“*_]*\\(?([A-Z])(?:[).:*]|\\s*\\z)"_s);
    static const QRegularExpression inside(u"\\(([A-Z])\\)"_s);
    auto match = atStart.match(text);
    if (!match.hasMatch())
        match = inside.match(text);
    return match.captured(1);
}

/// Where the words stand in the text as words of their own; −1: nowhere.
qsizetype wordsAt(const QString &text, const QString &words)
{
    const auto isWord = [&text](qsizetype at) {
        return at >= 0 && at < text.size() && (text.at(at).isLetterOrNumber() || text.at(at) == u'_');
    };
    for (qsizetype from = 0;;) {
        const qsizetype at = text.indexOf(words, from, Qt::CaseInsensitive);
        if (at < 0)
            return -1;
        if (!isWord(at - 1) && !isWord(at + words.size()))
            return at;
        from = at + 1;
    }
}

int labelIn(const QString &text, LabelFamily family, const QStringList &labels)
{
    if (family == LabelFamily::Letters) {
        const QString letter = chosenLetter(text);
        for (int i = 0; i < labels.size() && !letter.isEmpty(); ++i) {
            if (letterIn(labels.at(i)) == letter)
                return i;
        }
        return -1;
    }
    int best = -1;
    qsizetype bestAt = 0, bestSize = 0;
    for (int i = 0; i < labels.size(); ++i) {
        const QString words = labels.at(i).trimmed();
        const qsizetype at = wordsAt(text, words);
        if (at < 0)
            continue;
        if (best < 0 || at < bestAt || (at == bestAt && words.size() > bestSize)) {
            best = i;
            bestAt = at;
            bestSize = words.size();
        }
    }
    return best;
}

} // namespace

ParsedAnswer parseAnswer(const Reply &reply, LabelFamily family, const QStringList &labels)
{
    using Kind = ParsedAnswer::Kind;
    if (!reply.refusal.isEmpty() || reply.finishReason == "content_filter"_L1 || reply.finishReason == "refusal"_L1 ||
        startsLikeRefusal(reply.text))
        return {Kind::Refused, -1};
    const int label = labelIn(reply.text, family, labels);
    return label < 0 ? ParsedAnswer{} : ParsedAnswer{Kind::Label, label};
}

Result<SampledReading> readSampled(const QStringList &labels, const std::vector<qint64> &counts)
{
    const auto size = static_cast<size_t>(labels.size());
    const qint64 all = std::accumulate(counts.begin(), counts.end(), qint64(0));
    if (counts.size() != size + 2 || all <= 0 || std::ranges::any_of(counts, [](qint64 n) { return n < 0; }))
        return failure(ErrorCode::InvalidInput, u"There are no answers to count."_s);
    SampledReading reading;
    reading.samples = all;
    reading.refused = counts[size];
    reading.unparsed = counts[size + 1];
    const qint64 named = all - reading.refused - reading.unparsed;
    const auto total = static_cast<double>(all);
    reading.labelMass = static_cast<double>(named) / total;
    qint64 most = 0;
    for (size_t i = 0; i < size; ++i) {
        SampledLabel label;
        label.label = labels.at(static_cast<qsizetype>(i));
        label.count = counts[i];
        label.mass = static_cast<double>(label.count) / total;
        const auto interval = statistics::wilsonInterval(label.count, all);
        if (!interval)
            return failure(ErrorCode::Corrupt, u"The shares of the answers have no interval."_s);
        label.low = interval->low;
        label.high = interval->high;
        if (named > 0)
            label.p = static_cast<double>(label.count) / static_cast<double>(named);
        most = std::max(most, label.count);
        reading.labels << label;
    }
    if (2 * named < all) {
        reading.outcome = reading.refused >= reading.unparsed ? u"refused"_s : u"unparsed"_s;
        return reading;
    }
    const auto isBest = [most](const SampledLabel &label) { return label.count == most; };
    if (std::ranges::count_if(reading.labels, isBest) != 1) {
        reading.outcome = u"undecided"_s;
        return reading;
    }
    reading.outcome = u"answered"_s;
    reading.argmax = std::ranges::find_if(reading.labels, isBest)->label;
    return reading;
}

json SampledReading::labelsJson() const
{
    const auto total = static_cast<double>(samples);
    json list = json::array();
    for (const SampledLabel &label : labels) {
        list.push_back({{"label", label.label.toStdString()},
                        {"count", label.count},
                        {"mass", label.mass},
                        {"p", label.p ? json(*label.p) : json(nullptr)},
                        {"low", label.low},
                        {"high", label.high},
                        {"samples", samples},
                        {"refused_share", static_cast<double>(refused) / total},
                        {"unparsed_share", static_cast<double>(unparsed) / total},
                        {"censored", false},
                        {"bound", nullptr}});
    }
    return list;
}

} // namespace evalwright
