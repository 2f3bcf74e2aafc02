// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/firsttoken.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <tuple>
#include <vector>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// The letter of "(A)", " (A)" or "A"; empty when the label is something else.
QString letterOf(const QString &label)
{
    static const QRegularExpression pattern(u"\\A\\s*(?:\\(([A-Z])\\)|([A-Z]))\\s*\\z"_s);
    const auto match = pattern.match(label);
    return match.hasMatch() ? match.captured(1) + match.captured(2) : QString();
}

bool isYesNo(const QStringList &labels)
{
    QSet<QString> words;
    for (const QString &label : labels)
        words << label.trimmed().toLower();
    return labels.size() == 2 && words == QSet<QString>{u"yes"_s, u"no"_s};
}

struct Alternative
{
    QByteArray bytes;
    double probability = 0;
};

/// The alternatives of the first position and the token itself, in an order that does not depend on theirs.
std::vector<Alternative> alternativesOf(const TokenPosition &position)
{
    std::vector<Alternative> list;
    bool hasOwn = position.bytes.isEmpty(); // An end token carries no text and belongs to no label.
    for (const TokenAlternative &token : position.top) {
        if (token.bytes.isEmpty())
            continue;
        hasOwn = hasOwn || token.bytes == position.bytes;
        list.push_back({token.bytes, std::exp(token.logprob)});
    }
    if (!hasOwn)
        list.push_back({position.bytes, std::exp(position.logprob)});
    std::ranges::sort(list, [](const Alternative &a, const Alternative &b) {
        return std::tie(b.probability, a.bytes) < std::tie(a.probability, b.bytes);
    });
    return list;
}

/// Which labels a token begins: those with a variant that equals it, or else those with a variant that goes on after
/// it.
std::vector<size_t> owners(const QByteArray &token, const std::vector<QList<QByteArray>> &variants, bool wholeTokens)
{
    std::vector<size_t> whole, begun;
    const bool mayBegin = !wholeTokens || token.trimmed().isEmpty();
    for (size_t i = 0; i < variants.size(); ++i) {
        if (variants[i].contains(token))
            whole.push_back(i);
        else if (mayBegin && std::ranges::any_of(variants[i], [&](const QByteArray &variant) { return variant.startsWith(token); }))
            begun.push_back(i);
    }
    whole.insert(whole.end(), begun.begin(), begun.end());
    return whole;
}

QString withoutLead(const QString &text)
{
    static const QRegularExpression lead(u"\\A[\\s\"'“”‘’*_>-]+"_s);
    QString rest = text;
    rest.remove(lead);
    rest.replace(u'’', u'\'');
    return rest.toCaseFolded();
}

const QStringList &refusalOpenings()
{
    static const QStringList openings{u"i'm sorry"_s,   u"i am sorry"_s,  u"i cannot"_s,        u"i can't"_s,
                                      u"i can not"_s,   u"as an ai"_s,    u"sorry,"_s,          u"i'm unable"_s,
                                      u"i am unable"_s, u"i apologize"_s, u"i'm not able"_s,    u"i am not able"_s,
                                      u"i won't"_s,     u"i will not"_s,  u"unfortunately, i"_s};
    return openings;
}

void setProbabilities(FirstTokenReading &reading)
{
    // Summed in ascending order, so that the order of labels does not show in the last bit.
    std::vector<double> masses;
    for (const LabelReading &label : reading.labels)
        masses.push_back(label.mass);
    std::ranges::sort(masses);
    for (const double mass : masses)
        reading.labelMass += mass;
    if (reading.labelMass <= 0)
        return;
    for (LabelReading &label : reading.labels)
        label.p = label.mass / reading.labelMass;
}

/// Argmax, margin and whether anything unseen could change it.
void decide(FirstTokenReading &reading)
{
    const LabelReading *best = nullptr, *second = nullptr;
    for (const LabelReading &label : reading.labels) {
        if (!best || label.mass > best->mass) {
            second = best;
            best = &label;
        } else if (!second || label.mass > second->mass) {
            second = &label;
        }
    }
    reading.outcome = u"undecided"_s;
    if (best->mass <= 0) {
        reading.reason = u"censored"_s;
        return;
    }
    if (best->mass == second->mass) {
        reading.reason = u"tie"_s;
        return;
    }
    double rival = second->mass;
    for (const LabelReading &label : reading.labels) {
        if (&label != best && label.bound)
            rival = std::max(rival, *label.bound);
    }
    if (rival >= best->mass) {
        reading.reason = u"censored"_s;
        return;
    }
    if (second->mass + reading.undecidedMass >= best->mass) {
        reading.reason = u"shared-token"_s;
        return;
    }
    reading.outcome = u"answered"_s;
    reading.argmax = best->label;
    if (rival > 0)
        reading.margin = std::log(best->mass / rival);
}

} // namespace

Result<LabelFamily> labelFamily(const QStringList &labels)
{
    QSet<QString> distinct;
    for (const QString &label : labels)
        distinct << label.trimmed();
    if (labels.size() < 2 || distinct.size() != labels.size() || distinct.contains(QString())) {
        return failure(ErrorCode::InvalidInput, u"These labels cannot be scored: “%1”."_s.arg(labels.join(u"”, “"_s)),
                       u"An item needs at least two labels, none empty, all different."_s);
    }
    if (isYesNo(labels))
        return LabelFamily::YesNo;
    if (std::ranges::all_of(labels, [](const QString &label) { return !letterOf(label).isEmpty(); }))
        return LabelFamily::Letters;
    return LabelFamily::Words;
}

QStringList surfaceVariants(LabelFamily family, const QString &label)
{
    QStringList bodies;
    QStringList leads{QString()};
    switch (family) {
    case LabelFamily::YesNo: {
        const QString word = label.trimmed().toLower();
        bodies = {word.left(1).toUpper() + word.mid(1), word, word.toUpper()};
        leads = {QString(), u"\""_s, u"*"_s, u"**"_s};
        break;
    }
    case LabelFamily::Letters: {
        const QString letter = letterOf(label);
        bodies = {letter,          u"("_s + letter, u"("_s + letter + u")"_s,
                  letter + u")"_s, letter + u"."_s, u"**"_s + letter};
        break;
    }
    case LabelFamily::Words:
        bodies = {label.trimmed()};
        break;
    case LabelFamily::Pronouns:
        bodies = {label.trimmed(), label.trimmed().toLower()};
        bodies.removeDuplicates();
        break;
    }
    QStringList variants;
    for (const QString &space : {QString(), u" "_s}) {
        for (const QString &lead : leads) {
            for (const QString &body : bodies)
                variants << space + lead + body;
        }
    }
    return variants;
}

json FirstTokenReading::labelsJson() const
{
    json list = json::array();
    for (const LabelReading &label : labels) {
        list.push_back({{"label", label.label.toStdString()},
                        {"mass", label.mass},
                        {"p", label.p ? json(*label.p) : json(nullptr)},
                        {"censored", label.censored},
                        {"bound", label.bound ? json(*label.bound) : json(nullptr)}});
    }
    return list;
}

LabelForms labelForms(LabelFamily family, const QStringList &labels)
{
    LabelForms out{labels, {}, family == LabelFamily::Pronouns};
    for (const QString &label : labels) {
        QList<QByteArray> bytes;
        for (const QString &variant : surfaceVariants(family, label))
            bytes << variant.toUtf8();
        out.forms.push_back(bytes);
    }
    return out;
}

FirstTokenReading readFirstToken(const Reply &reply, LabelFamily family, const QStringList &labels)
{
    return readFirstToken(reply, labelForms(family, labels));
}

FirstTokenReading readFirstToken(const Reply &reply, const LabelForms &labels)
{
    FirstTokenReading reading;
    const std::vector<QList<QByteArray>> &variants = labels.forms;
    for (const QString &label : labels.labels)
        reading.labels << LabelReading{label, 0, {}, false, {}};
    const bool serverRefused =
        !reply.refusal.isEmpty() || reply.finishReason == "content_filter"_L1 || reply.finishReason == "refusal"_L1;
    if (serverRefused) {
        reading.outcome = u"refused"_s;
        reading.reason = u"server-refusal"_s;
    }
    if (reply.tokens.isEmpty()) {
        if (!serverRefused) {
            reading.outcome = u"unparsed"_s;
            reading.reason = reply.text.trimmed().isEmpty() ? u"empty"_s : u"no-logprobs"_s;
        }
        return reading;
    }

    const std::vector<Alternative> alternatives = alternativesOf(reply.tokens.first());
    double returned = 0, smallest = 1;
    std::vector<bool> seen(variants.size(), false);
    for (const Alternative &token : alternatives) {
        returned += token.probability;
        smallest = std::min(smallest, token.probability);
        const std::vector<size_t> labelsOfToken = owners(token.bytes, variants, labels.wholeTokens);
        if (labelsOfToken.size() == 1) {
            reading.labels[static_cast<qsizetype>(labelsOfToken.front())].mass += token.probability;
            seen[labelsOfToken.front()] = true;
        } else if (labelsOfToken.size() > 1) {
            reading.undecidedMass += token.probability;
        }
    }
    if (!alternatives.empty())
        reading.firstToken = QString::fromUtf8(alternatives.front().bytes);
    const double unseen = std::clamp(1 - returned, 0.0, smallest);
    for (size_t i = 0; i < seen.size(); ++i) {
        LabelReading &label = reading.labels[static_cast<qsizetype>(i)];
        label.censored = !seen[i];
        if (label.censored)
            label.bound = unseen;
        reading.censored = reading.censored || label.censored;
    }
    setProbabilities(reading);
    if (serverRefused)
        return reading;
    if (!(returned <= 1 + 1e-6)) { // Not a number counts too.
        // Forms counted twice, or numbers that are no log-probabilities: nothing here can be trusted.
        reading.outcome = u"unparsed"_s;
        reading.reason = u"over-one"_s;
        return reading;
    }
    if (alternatives.empty()) {
        reading.outcome = u"unparsed"_s;
        reading.reason = u"empty"_s;
        return reading;
    }
    decide(reading);
    return reading;
}

bool startsLikeRefusal(const QString &text)
{
    const QString rest = withoutLead(text);
    return std::ranges::any_of(refusalOpenings(), [&](const QString &opening) {
        if (!rest.startsWith(opening))
            return false;
        // "as an ai" must not be the start of "as an aircraft engineer".
        return rest.size() == opening.size() || !rest.at(opening.size()).isLetter() || !opening.back().isLetter();
    });
}

bool mayBecomeRefusal(const QString &firstToken)
{
    const QString rest = withoutLead(firstToken);
    if (rest.isEmpty())
        return !firstToken.isEmpty(); // A quote or a blank says nothing yet.
    return std::ranges::any_of(refusalOpenings(), [&](const QString &opening) {
        return opening.startsWith(rest) || rest.startsWith(opening);
    });
}

FirstTokenReading withGreedyText(FirstTokenReading reading, const QString &greedyText)
{
    if (reading.labelMass < labelMassLimit && reading.reason != "server-refusal"_L1 && startsLikeRefusal(greedyText)) {
        reading.outcome = u"refused"_s;
        reading.reason = u"refusal-text"_s;
        reading.argmax.clear();
        reading.margin.reset();
    }
    return reading;
}

} // namespace evalwright
