// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace evalwright {

/// 128 bits of a text's SHA-256: what is remembered of a text, so that a million texts take 64 MB and nobody can make
/// two different ones count as equal.
struct TextKey
{
    quint64 high = 0, low = 0;
    friend bool operator==(const TextKey &, const TextKey &) = default;
};
TextKey textKey(const QString &text);

/// The row where each text was met first. Open addressing, at most half full.
class FirstSeen
{
public:
    struct Entry
    {
        TextKey key;
        quint32 row = 0;
        quint32 label = 0;
        bool used = false;
        bool severalLabels = false;
    };
    /// The entry of an earlier row, else null; a new text is entered with this row and label. Valid until the next
    /// call.
    Entry *add(const TextKey &key, quint32 row, quint32 label = 0);
    const Entry *find(const TextKey &key) const;

private:
    size_t place(const TextKey &key) const;
    void grow();
    std::vector<Entry> m_slots;
    size_t m_used = 0;
};

/// Folded texts of other data sets, with the name of the first data set that has each.
class FoldedTexts
{
public:
    void add(const QString &text, const QString &dataset);
    /// The data set's name; empty when none has the text.
    QString find(const TextKey &folded) const;

private:
    FirstSeen m_texts;
    QStringList m_datasets;
};

} // namespace evalwright
