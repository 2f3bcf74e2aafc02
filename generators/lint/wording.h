// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/lint/vocabulary.h"

#include <QHash>
#include <QString>

#include <memory>
#include <vector>

struct sb_stemmer;

namespace evalwright {

/// English stems of words, by Snowball's Porter 2.
class Stemmer
{
public:
    Stemmer();
    /// `word` in lower case, ASCII. A word that cannot be stemmed is its own stem.
    std::string stem(const std::string &word);

private:
    struct Free
    {
        void operator()(sb_stemmer *stemmer) const;
    };
    std::unique_ptr<sb_stemmer, Free> m_stemmer;
};

/// Finds in texts what gives a behaviour away: its whole name, or two content words of its description, by stems.
class BehaviourWording
{
public:
    BehaviourWording(const QString &name, const QString &description);
    /// What the text took, as words to show; empty when nothing.
    QString takenBy(QStringView text);
    /// The behaviour is about refusing.
    bool isAboutRefusing() const { return m_isAboutRefusing; }

private:
    struct Part
    {
        bool ofName = false, ofDescription = false;
    };
    std::vector<std::string> m_nameStems;
    QHash<QByteArray, Part> m_parts; ///< By stem.
    std::unordered_map<std::string, QByteArray> m_stems; ///< Of words that were met; empty: of no interest.
    Stemmer m_stemmer;
    bool m_isAboutRefusing = false;
};

} // namespace evalwright
