// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/vocabulary.h"

#include <algorithm>

namespace evalwright {

quint32 Vocabulary::number(std::string_view word)
{
    if (const auto found = m_numbers.find(word); found != m_numbers.end())
        return found->second;
    const auto next = static_cast<quint32>(m_numbers.size());
    m_numbers.emplace(word, next);
    return next;
}

std::vector<quint32> Vocabulary::setOf(QStringView text)
{
    std::vector<quint32> set;
    forEachWord(text, [&](const std::string &word) { set.push_back(number(word)); });
    std::ranges::sort(set);
    set.erase(std::ranges::unique(set).begin(), set.end());
    return set;
}

} // namespace evalwright
