// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/firstseen.h"

#include "core/hash.h"
#include "core/text.h"

#include <cstring>
#include <utility>

namespace evalwright {

TextKey textKey(const QString &text)
{
    const QByteArray digest =
        sha256(QByteArray::fromRawData(reinterpret_cast<const char *>(text.utf16()), text.size() * 2));
    TextKey key;
    std::memcpy(&key.high, digest.constData(), sizeof key.high);
    std::memcpy(&key.low, digest.constData() + sizeof key.high, sizeof key.low);
    return key;
}

size_t FirstSeen::place(const TextKey &key) const
{
    const size_t mask = m_slots.size() - 1;
    size_t at = key.high & mask;
    while (m_slots[at].used && !(m_slots[at].key == key))
        at = (at + 1) & mask;
    return at;
}

void FirstSeen::grow()
{
    std::vector<Entry> old(m_slots.empty() ? 64 : m_slots.size() * 2);
    std::swap(old, m_slots);
    for (const Entry &entry : old) {
        if (entry.used)
            m_slots[place(entry.key)] = entry;
    }
}

FirstSeen::Entry *FirstSeen::add(const TextKey &key, quint32 row, quint32 label)
{
    if (m_used * 2 >= m_slots.size())
        grow();
    Entry &entry = m_slots[place(key)];
    if (entry.used)
        return &entry;
    entry = Entry{key, row, label, true, false};
    ++m_used;
    return nullptr;
}

const FirstSeen::Entry *FirstSeen::find(const TextKey &key) const
{
    if (m_slots.empty())
        return nullptr;
    const Entry &entry = m_slots[place(key)];
    return entry.used ? &entry : nullptr;
}

void FoldedTexts::add(const QString &text, const QString &dataset)
{
    if (m_datasets.isEmpty() || m_datasets.last() != dataset)
        m_datasets << dataset;
    m_texts.add(textKey(fold(text)), static_cast<quint32>(m_datasets.size() - 1));
}

QString FoldedTexts::find(const TextKey &folded) const
{
    const FirstSeen::Entry *entry = m_texts.find(folded);
    return entry ? m_datasets.value(entry->row) : QString();
}

} // namespace evalwright
