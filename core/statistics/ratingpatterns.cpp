// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/ratingpatterns.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace evalwright::statistics {

RatingPatterns ratingPatterns(std::span<const Rating> codes, std::size_t raters)
{
    RatingPatterns out;
    out.first.push_back(0);
    const std::size_t items = raters == 0 ? 0 : codes.size() / raters;
    out.ofItem.reserve(items);
    std::unordered_map<std::u32string, std::uint32_t> known; // By the sorted codes; few of them, hence short strings.
    std::u32string key;
    for (std::size_t i = 0; i < items; ++i) {
        key.clear();
        for (const Rating &code : codes.subspan(i * raters, raters)) {
            if (code)
                key.push_back(static_cast<char32_t>(*code));
        }
        std::ranges::sort(key);
        const auto [place, isNew] = known.try_emplace(key, static_cast<std::uint32_t>(out.size.size()));
        if (isNew) {
            for (std::size_t from = 0; from < key.size();) {
                std::size_t to = from;
                while (to < key.size() && key[to] == key[from])
                    ++to;
                out.counts.push_back({static_cast<std::uint32_t>(key[from]), static_cast<std::uint32_t>(to - from)});
                from = to;
            }
            out.first.push_back(out.counts.size());
            out.size.push_back(static_cast<std::uint32_t>(key.size()));
            out.items.push_back(0);
        }
        ++out.items[place->second];
        out.ofItem.push_back(place->second);
    }
    return out;
}

} // namespace evalwright::statistics
