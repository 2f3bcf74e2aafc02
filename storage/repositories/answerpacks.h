// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QHash>
#include <QList>

#include <limits>
#include <vector>

/// Observations as results need them: a column of answers for each cell. Table `answer_pack` keeps them packed, so that
/// millions of answers are read at once; what is newer than the packs is read from `observation` itself, so a reader
/// never sees less than there is.
namespace evalwright {

/// Of an observation, what statistics use.
struct PackedAnswer
{
    enum class Outcome : unsigned char { Answered, Refused, Unparsed, Undecided, HttpError };
    static constexpr double unset = std::numeric_limits<double>::quiet_NaN();
    qint64 item = 0; ///< Candidate id.
    double pMatching = unset, labelMass = unset;
    quint32 word = 0; ///< The answer, an index into AnswerPack::words.
    Outcome outcome = Outcome::Answered;
    signed char matches = -1; ///< 0 or 1 where somebody else said so; see Observation::matches.
    bool censored = false;
};

/// What the answers of one pack have in common.
struct AnswerPlace
{
    DatasetId dataset;
    RunId run;
    ModelId model;
    QString frame, control, optionOrder;
    qint64 repeat = 0;
    QString method;
    bool operator==(const AnswerPlace &) const = default;
};

struct AnswerPack
{
    AnswerPlace place;
    QStringList words; ///< Answers as stored in items; the empty one for none.
    std::vector<PackedAnswer> answers; ///< By item, each item once.
};

/// Puts the words of packs into one list, each once, so that their answers can stand side by side.
class WordList
{
public:
    /// The words that `words` has are in the list already.
    explicit WordList(QStringList words = {});
    /// Adds the pack's words and codes its answers by them; the pack's own words are then without a meaning.
    void take(AnswerPack &pack);
    const QStringList &words() const { return m_words; }

private:
    QStringList m_words;
    QHash<QString, quint32> m_codes;
};

struct AnswerPackFilter
{
    QList<DatasetId> datasets; ///< Empty: all.
    RunId run;                 ///< Invalid: all.
    QList<ModelId> models;     ///< Empty: all.
};

/// By data set, run, model, frame, control, order, repeat and method. Corrupt when a pack cannot be read.
Result<std::vector<AnswerPack>> answerPacks(Connection &connection, const AnswerPackFilter &filter);

/// Packs the observations that are not packed yet. Inside a write; at the end of whatever adds many observations.
Status packAnswers(Connection &connection);
/// Cells whose pack does not say what their observations say, or cannot be read; goes through all of them.
Result<qint64> differingAnswerPacks(Connection &connection);
/// Forgets all packs; they are made again by packAnswers().
Status dropAnswerPacks(Connection &connection);

} // namespace evalwright
