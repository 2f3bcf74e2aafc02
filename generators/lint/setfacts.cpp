// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/setfacts.h"

#include "generators/lint/rules.h"

#include <QRegularExpression>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLabels = 64;
constexpr auto words = QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption;

qsizetype codePoints(const QString &text)
{
    qsizetype points = 0;
    for (const QChar c : text)
        points += c.isLowSurrogate() ? 0 : 1;
    return points;
}

/// 'y', 'n' or 0: `^\W*(yes|no)\b`.
char yesOrNo(const QString &text)
{
    static const QRegularExpression opening(u"^\\W*(yes|no)\\b"_s, words);
    const QRegularExpressionMatch match = opening.match(text);
    return !match.hasMatch() ? '\0' : match.capturedView(1).size() == 3 ? 'y' : 'n';
}

} // namespace

bool hasNegation(const QString &text)
{
    static const QRegularExpression negation(
        u"\\b(?:no|not|never|none|nothing|nobody|cannot|without|nor|neither)\\b|n['’]t\\b"_s, words);
    return negation.match(text).hasMatch();
}

quint32 SetFacts::labelIndex(const QString &label)
{
    const QString trimmed = label.trimmed();
    qsizetype at = labels.indexOf(trimmed);
    if (at < 0) {
        if (labels.size() >= mostLabels) // A column of texts, not of labels: the rest counts as one.
            return static_cast<quint32>(labels.size() - 1);
        at = labels.size();
        labels << trimmed;
        perLabel.push_back(0);
        negations.push_back({});
    }
    return static_cast<quint32>(at);
}

void SetFacts::add(const LintReading &r, quint32 label)
{
    const LintItem &item = r.item;
    ++items;
    ++ofFamily[static_cast<size_t>(item.family)];
    if (item.confidence)
        confidences.push_back(*item.confidence);
    if (!item.cluster.isEmpty()) {
        ++clustered;
        clusterCount += clusters.add(textKey(item.cluster), 0) ? 0 : 1;
    }
    if (item.family == LintFamily::Winogender)
        return;
    ++perLabel[label];
    if (everyLabel.size() < mostLabels) {
        everyLabel.insert(labels[label]);
        for (const QString &other : item.otherLabels)
            everyLabel.insert(other.trimmed());
    }
    if (item.embeddingCluster >= 0) {
        auto &counts = embedded[item.embeddingCluster];
        counts.resize(labels.size());
        ++counts[label];
    }
    if (item.family == LintFamily::Persona) {
        labelOf.push_back(label);
        ++negations[label][hasNegation(r.text) ? 1 : 0];
        return;
    }
    const int matching = r.options.isOk() ? optionIndex(r.options, item.matchingLabel) : -1;
    if (matching < 0)
        return;
    const auto &options = r.options.options;
    const auto count = static_cast<size_t>(options.size());
    positions.resize(std::max(positions.size(), count));
    expectedPositions.resize(positions.size());
    ++positions[static_cast<size_t>(matching)];
    for (size_t place = 0; place < count; ++place)
        expectedPositions[place] += 1.0 / static_cast<double>(count);
    ++positioned;
    if (count != 2)
        return;
    const QString &match = options[matching].text, &other = options[1 - matching].text;
    const qsizetype matchLength = codePoints(match), otherLength = codePoints(other);
    unequal += matchLength != otherLength ? 1 : 0;
    longer += matchLength > otherLength ? 1 : 0;
    const char says = yesOrNo(match), otherSays = yesOrNo(other);
    if (says && otherSays && says != otherSays) {
        ++opposed;
        agreeing += says == 'y' ? 1 : 0;
    }
}

} // namespace evalwright
