// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace evalwright {

/// The words of methods-mwe section 8, words(s): matches of [a-z0-9']+ in the lower-cased text. Each is handed on once
/// per place where it stands.
template <class F>
void forEachWord(QStringView text, F use)
{
    std::string word;
    for (const QChar unit : text) {
        char16_t c = unit.unicode();
        if (c == 0x130) // Two letters outside ASCII have a lower-case form inside.
            c = u'i';
        else if (c == 0x212A)
            c = u'k';
        const bool upper = c >= u'A' && c <= u'Z';
        if (upper || (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'\'') {
            word += static_cast<char>(upper ? c + 32 : c);
        } else if (!word.empty()) {
            use(std::as_const(word));
            word.clear();
        }
        if (unit.unicode() == 0x130 && !word.empty()) { // Its dot is a character of its own, and ends the word.
            use(std::as_const(word));
            word.clear();
        }
    }
    if (!word.empty())
        use(std::as_const(word));
}

/// Words as numbers from 0, in order of first appearance.
class Vocabulary
{
public:
    quint32 number(std::string_view word);
    size_t size() const { return m_numbers.size(); }
    /// The set of words of a text: ascending numbers, each once.
    std::vector<quint32> setOf(QStringView text);

private:
    struct Hash
    {
        using is_transparent = void;
        size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
    };
    std::unordered_map<std::string, quint32, Hash, std::equal_to<>> m_numbers;
};

/// Word sets of many texts, one after another.
struct RowWords
{
    std::vector<quint32> words;
    std::vector<size_t> ends; ///< Of set i; it starts where the one before ends.
    size_t size() const { return ends.size(); }
    const quint32 *begin(size_t i) const { return words.data() + (i == 0 ? 0 : ends[i - 1]); }
    const quint32 *end(size_t i) const { return words.data() + ends[i]; }
    size_t sizeOf(size_t i) const { return ends[i] - (i == 0 ? 0 : ends[i - 1]); }
    void add(const std::vector<quint32> &set)
    {
        words.insert(words.end(), set.begin(), set.end());
        ends.push_back(words.size());
    }
};

} // namespace evalwright
