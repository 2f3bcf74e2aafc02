// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "lm/request.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

namespace evalwright {

/// The name of this way of scoring in specifications, observations and results.
inline const QString firstTokenScoring = QStringLiteral("first-token");

/// First-token label mass: how much probability the model puts on tokens that begin one of an item's labels
/// (endpoints section 5, rung 3, and 5.4). Pure functions over a reply; no network, no project.
///
/// A token belongs to a label when it is one of the label's surface variants, or begins variants of that label alone.
/// A token that begins variants of several labels (a quotation mark, a blank, " (") is undecided mass. Of pronouns only
/// whole words count: " the" may begin "they" and a thousand other words.
inline constexpr int firstTokenVersion = 1;

/// Below this label mass an answer that starts like a refusal is one, and a cell carries the warning
/// "labels unlikely under this frame" when its median item is below.
inline constexpr double labelMassLimit = 0.5;

enum class LabelFamily { YesNo, Letters, Words, Pronouns };

/// YesNo: exactly a yes and a no; Letters: each "(A)" or "A", capital letters; Words: any other distinct labels. That
/// labels are pronouns which fill a blank only the item's family can tell.
/// InvalidInput for fewer than two labels, an empty one, or two that differ only in white space.
Result<LabelFamily> labelFamily(const QStringList &labels);

/// The surface variants of a label that are merged, each once. Labels are as stored in items (" Yes", " (A)").
QStringList surfaceVariants(LabelFamily family, const QString &label);

struct LabelReading
{
    QString label;               ///< As given.
    double mass = 0;             ///< Probability on its tokens among those the server returned, 0..1.
    std::optional<double> p;     ///< Share of the label mass; unset when no label has any.
    bool censored = false;       ///< None of its tokens was returned.
    std::optional<double> bound; ///< When censored: its mass is at most this.
};

struct FirstTokenReading
{
    QString outcome;            ///< answered | refused | unparsed | undecided (Observation::outcome)
    QString reason;             ///< Why not answered: server-refusal, refusal-text, empty, no-logprobs, tie, censored,
                                ///< shared-token, over-one.
    QString argmax;             ///< Label as given; empty unless answered.
    QList<LabelReading> labels; ///< In the order given.
    double labelMass = 0;       ///< Sum of the labels' masses.
    double undecidedMass = 0;   ///< On tokens that begin several labels.
    std::optional<double> margin; ///< ln(best mass / the most any other label can have); unset unless answered, and
                                  ///< when nothing is left for the others.
    bool censored = false;        ///< Any label was.
    QString firstToken;           ///< Most likely first token, for display and for the refusal check.

    /// [{label, mass, p, censored, bound}] for Observation::labels.
    nlohmann::json labelsJson() const;
};

/// Reads a reply to a request for one token with alternatives. The result does not depend on the order of alternatives,
/// and permuting labels permutes the readings. The labels must have passed labelFamily().
FirstTokenReading readFirstToken(const Reply &reply, LabelFamily family, const QStringList &labels);

/// Labels with the ways their first tokens are written, for many replies about the same labels.
struct LabelForms
{
    QStringList labels;
    std::vector<QList<QByteArray>> forms; ///< surfaceVariants() of each label.
    bool wholeTokens = false;             ///< A token that begins a form is none, unless it is white space.
};
LabelForms labelForms(LabelFamily family, const QStringList &labels);
FirstTokenReading readFirstToken(const Reply &reply, const LabelForms &labels);

/// Does the answer start like a refusal ("I'm sorry", "I cannot", "As an AI", …), after quotes and white space?
bool startsLikeRefusal(const QString &text);
/// Could a text that starts with `firstToken` become one? Then it is worth asking for more of the answer.
bool mayBecomeRefusal(const QString &firstToken);

/// The reading once more of the answer is known: `refused` when its label mass is below the limit and the text
/// starts like a refusal, else unchanged.
FirstTokenReading withGreedyText(FirstTokenReading reading, const QString &greedyText);

} // namespace evalwright
