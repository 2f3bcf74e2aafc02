// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/wording.h"

#include <QSet>
#include <QStringList>

#include <libstemmer.h>
#include <new>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Words that say nothing about a behaviour.
const QSet<QByteArray> &emptyWords()
{
    static const QSet<QByteArray> words{
        "a",     "about", "ai",    "all",    "also",  "an",    "and",   "any",   "are",   "as",    "at",    "be",
        "been",  "being", "but",   "by",     "can",   "could", "do",    "does",  "even",  "for",   "from",  "get",
        "had",   "has",   "have",  "he",     "her",   "him",   "his",   "how",   "i",     "if",    "in",    "into",
        "is",    "it",    "its",   "make",   "may",   "me",    "might", "more",  "most",  "much",  "must",  "my",
        "no",    "nor",   "not",   "of",     "on",    "one",   "only",  "or",    "other", "others", "out",  "over",
        "own",   "people", "person", "quite", "rather", "she", "should", "so",    "some",  "such",  "system", "than",
        "that",  "the",   "their", "them",   "then",  "there", "these", "they",  "thing", "things", "this", "those",
        "to",    "too",   "up",    "very",   "want",  "wants", "was",   "we",    "were",  "what",  "when",  "where",
        "which", "who",   "whom",  "whose",  "will",  "with",  "would", "you",   "your"};
    return words;
}

/// A cache of stems that grows with hostile text stays bounded.
constexpr size_t mostKnownWords = 500'000;
constexpr size_t longestWord = 64;

} // namespace

void Stemmer::Free::operator()(sb_stemmer *stemmer) const
{
    sb_stemmer_delete(stemmer);
}

Stemmer::Stemmer() : m_stemmer(sb_stemmer_new("english", "UTF_8"))
{
    if (!m_stemmer)
        throw std::bad_alloc();
}

std::string Stemmer::stem(const std::string &word)
{
    if (word.size() > longestWord)
        return word;
    const sb_symbol *found = sb_stemmer_stem(
        m_stemmer.get(), reinterpret_cast<const sb_symbol *>(word.data()), static_cast<int>(word.size()));
    return found ? std::string(reinterpret_cast<const char *>(found),
                               static_cast<size_t>(sb_stemmer_length(m_stemmer.get())))
                 : word;
}

BehaviourWording::BehaviourWording(const QString &name, const QString &description)
{
    const auto read = [&](const QString &text, auto use) {
        forEachWord(text, [&](const std::string &word) {
            if (!emptyWords().contains(QByteArray::fromStdString(word)))
                use(m_stemmer.stem(word));
        });
    };
    read(name, [&](const std::string &stem) {
        Part &part = m_parts[QByteArray::fromStdString(stem)];
        if (!part.ofName)
            m_nameStems.push_back(stem);
        part.ofName = true;
        m_isAboutRefusing = m_isAboutRefusing || stem.starts_with("refus");
    });
    read(description, [&](const std::string &stem) {
        m_parts[QByteArray::fromStdString(stem)].ofDescription = true;
        m_isAboutRefusing = m_isAboutRefusing || stem.starts_with("refus");
    });
}

QString BehaviourWording::takenBy(QStringView text)
{
    if (m_parts.isEmpty())
        return {};
    QList<QByteArray> ofName, ofDescription;
    QStringList words;
    forEachWord(text, [&](const std::string &word) {
        auto known = m_stems.find(word);
        if (known == m_stems.end()) {
            if (m_stems.size() >= mostKnownWords)
                m_stems.clear();
            const QByteArray stem = QByteArray::fromStdString(m_stemmer.stem(word));
            known = m_stems.emplace(word, m_parts.contains(stem) ? stem : QByteArray()).first;
        }
        const QByteArray &stem = known->second;
        if (stem.isEmpty() || ofName.contains(stem) || ofDescription.contains(stem))
            return;
        const Part part = m_parts.value(stem);
        if (part.ofName)
            ofName << stem;
        if (part.ofDescription)
            ofDescription << stem;
        words << QString::fromLatin1(word);
    });
    const bool name = !m_nameStems.empty() && ofName.size() == static_cast<qsizetype>(m_nameStems.size());
    return name || ofDescription.size() >= 2 ? words.join(u", "_s) : QString();
}

} // namespace evalwright
