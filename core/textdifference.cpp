// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/textdifference.h"

#include <QHash>

#include <algorithm>
#include <vector>

namespace evalwright {

namespace {

using Tokens = std::vector<QStringView>;

Tokens wordsOf(const QString &text)
{
    Tokens tokens;
    const QStringView view(text);
    const auto isLetter = [&](qsizetype at) {
        // Marks belong to the letter before them, the halves of a pair to each other.
        return view[at].isLetterOrNumber() || view[at].isMark() || view[at].isSurrogate();
    };
    for (qsizetype at = 0; at < view.size();) {
        qsizetype end = at + 1;
        if (isLetter(at)) {
            while (end < view.size() && isLetter(end))
                ++end;
        }
        tokens.push_back(view.sliced(at, end - at));
        at = end;
    }
    return tokens;
}

Tokens linesOf(const QString &text)
{
    Tokens tokens;
    const QStringView view(text);
    for (qsizetype at = 0; at < view.size();) {
        const qsizetype end = view.indexOf(u'\n', at);
        const qsizetype length = end < 0 ? view.size() - at : end + 1 - at;
        tokens.push_back(view.sliced(at, length));
        at += length;
    }
    return tokens;
}

/// Equal tokens have equal numbers, which compare in one step however long they are.
std::pair<std::vector<int>, std::vector<int>> numbered(const Tokens &before, const Tokens &after)
{
    QHash<QStringView, int> numbers;
    numbers.reserve(static_cast<qsizetype>(before.size()));
    const auto number = [&numbers](const Tokens &tokens) {
        std::vector<int> list;
        list.reserve(tokens.size());
        for (const QStringView token : tokens) {
            const auto known = numbers.constFind(token);
            list.push_back(known != numbers.cend() ? *known : *numbers.insert(token, static_cast<int>(numbers.size())));
        }
        return list;
    };
    std::vector<int> first = number(before);
    return {std::move(first), number(after)};
}

/// Marks the tokens that are not in a longest common subsequence.
class Comparison
{
public:
    Comparison(const std::vector<int> &a, const std::vector<int> &b, qint64 steps)
        : isRemoved(a.size()), isAdded(b.size()), m_a(a), m_b(b), m_steps(steps)
    {
    }

    /// False when it would take more steps than allowed.
    bool run()
    {
        // Halves that are still to be compared: a stack of its own, as texts decide how deep it gets.
        struct Box
        {
            int a0, a1, b0, b1;
        };
        std::vector<Box> open{{0, static_cast<int>(m_a.size()), 0, static_cast<int>(m_b.size())}};
        while (!open.empty()) {
            Box box = open.back();
            open.pop_back();
            while (box.a0 < box.a1 && box.b0 < box.b1 && m_a[at(box.a0)] == m_b[at(box.b0)])
                ++box.a0, ++box.b0;
            while (box.a0 < box.a1 && box.b0 < box.b1 && m_a[at(box.a1 - 1)] == m_b[at(box.b1 - 1)])
                --box.a1, --box.b1;
            if (box.a0 == box.a1 || box.b0 == box.b1) {
                std::fill(isRemoved.begin() + box.a0, isRemoved.begin() + box.a1, true);
                std::fill(isAdded.begin() + box.b0, isAdded.begin() + box.b1, true);
                continue;
            }
            const Middle middle = middleOf(box.a0, box.a1, box.b0, box.b1);
            if (m_steps < 0)
                return false;
            open.push_back({middle.a1, box.a1, middle.b1, box.b1});
            open.push_back({box.a0, middle.a0, box.b0, middle.b0});
        }
        return true;
    }

    std::vector<bool> isRemoved, isAdded;

private:
    /// A stretch of equal tokens, perhaps empty, that a shortest way passes through.
    struct Middle
    {
        int a0 = 0, b0 = 0, a1 = 0, b1 = 0;
    };
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }

    /// Myers' middle snake: from both ends at once, until the two ways meet.
    Middle middleOf(int a0, int a1, int b0, int b1)
    {
        const int n = a1 - a0, m = b1 - b0, delta = n - m;
        const bool isOdd = delta % 2 != 0;
        const int most = (n + m + 1) / 2, size = 2 * std::min(n, m) + 2; // No more diagonals are in use at a time.
        m_forward.assign(at(size), 0);
        m_backward.assign(at(size), 0);
        m_steps -= size;
        const auto slot = [&](int k) { return at((k % size + size) % size); };
        for (int d = 0; d <= most && m_steps >= 0; ++d) {
            // Diagonals outside of the box lead nowhere.
            for (int k = -(d - 2 * std::max(0, d - m)); k <= d - 2 * std::max(0, d - n); k += 2) {
                int x = k == -d || (k != d && m_forward[slot(k - 1)] < m_forward[slot(k + 1)]) ? m_forward[slot(k + 1)]
                                                                                            : m_forward[slot(k - 1)] + 1;
                const int startX = x;
                int y = x - k;
                const int startY = y;
                while (x < n && y < m && m_a[at(a0 + x)] == m_b[at(b0 + y)])
                    ++x, ++y;
                m_steps -= 1 + x - startX;
                m_forward[slot(k)] = x;
                const int c = delta - k; // The same diagonal, from the other end.
                if (isOdd && c >= -(d - 1) && c <= d - 1 && x + m_backward[slot(c)] >= n)
                    return {a0 + startX, b0 + startY, a0 + x, b0 + y};
            }
            for (int k = -(d - 2 * std::max(0, d - m)); k <= d - 2 * std::max(0, d - n); k += 2) {
                int x = k == -d || (k != d && m_backward[slot(k - 1)] < m_backward[slot(k + 1)]) ? m_backward[slot(k + 1)]
                                                                                              : m_backward[slot(k - 1)] + 1;
                const int startX = x;
                int y = x - k;
                const int startY = y;
                while (x < n && y < m && m_a[at(a1 - 1 - x)] == m_b[at(b1 - 1 - y)])
                    ++x, ++y;
                m_steps -= 1 + x - startX;
                m_backward[slot(k)] = x;
                const int c = delta - k;
                if (!isOdd && c >= -d && c <= d && x + m_forward[slot(c)] >= n)
                    return {a1 - x, b1 - y, a1 - startX, b1 - startY};
            }
        }
        m_steps = -1; // Given up: two ways always meet before `most`.
        return {};
    }

    const std::vector<int> &m_a, &m_b;
    std::vector<int> m_forward, m_backward;
    qint64 m_steps;
};

void append(QList<DifferenceRun> &runs, bool isSame, qsizetype beforeLength, qsizetype afterLength)
{
    if (beforeLength == 0 && afterLength == 0)
        return;
    if (!runs.isEmpty() && runs.last().isSame == isSame) {
        runs.last().beforeLength += beforeLength;
        runs.last().afterLength += afterLength;
        return;
    }
    const DifferenceRun last = runs.isEmpty() ? DifferenceRun() : runs.last();
    runs << DifferenceRun{isSame, last.before + last.beforeLength, beforeLength, last.after + last.afterLength, afterLength};
}

/// False, and nothing in `runs`, when it would take too many steps.
bool compare(const Tokens &before, const Tokens &after, qint64 steps, QList<DifferenceRun> &runs)
{
    const auto [a, b] = numbered(before, after);
    Comparison comparison(a, b, steps);
    if (!comparison.run())
        return false;
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && comparison.isRemoved[i]) {
            append(runs, false, before[i++].size(), 0);
        } else if (j < b.size() && comparison.isAdded[j]) {
            append(runs, false, 0, after[j++].size());
        } else {
            append(runs, true, before[i].size(), after[j].size());
            ++i, ++j;
        }
    }
    return true;
}

/// Single blanks between changed words say nothing, and tear apart what a person reads as one change.
QList<DifferenceRun> withoutLonelyBlanks(const QList<DifferenceRun> &runs, const QString &before)
{
    QList<DifferenceRun> joined;
    for (qsizetype i = 0; i < runs.size(); ++i) {
        const DifferenceRun &run = runs[i];
        const bool isLonely = run.isSame && i > 0 && i + 1 < runs.size() && !before.mid(run.before, run.beforeLength).contains(u'\n') &&
                              QStringView(before).sliced(run.before, run.beforeLength).trimmed().isEmpty();
        append(joined, run.isSame && !isLonely, run.beforeLength, run.afterLength);
    }
    return joined;
}

QList<DifferenceRun> wholeRuns(const QString &before, const QString &after)
{
    const qsizetype shorter = std::min(before.size(), after.size());
    qsizetype head = 0, tail = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    if (head > 0 && before[head - 1].isHighSurrogate())
        --head;
    while (tail < shorter - head && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    if (tail > 0 && before[before.size() - tail].isLowSurrogate())
        --tail;
    QList<DifferenceRun> runs;
    append(runs, true, head, head);
    append(runs, false, before.size() - head - tail, after.size() - head - tail);
    append(runs, true, tail, tail);
    return runs;
}

} // namespace

TextDifference textDifference(const QString &before, const QString &after, qint64 steps)
{
    TextDifference difference;
    if (before == after) {
        append(difference.runs, true, before.size(), after.size());
        return difference;
    }
    if (compare(wordsOf(before), wordsOf(after), steps, difference.runs)) {
        difference.runs = withoutLonelyBlanks(difference.runs, before);
        return difference;
    }
    difference.grain = TextDifference::Grain::Lines;
    if ((before.contains(u'\n') || after.contains(u'\n')) &&
        compare(linesOf(before), linesOf(after), steps, difference.runs))
        return difference;
    difference.grain = TextDifference::Grain::Whole;
    difference.runs = wholeRuns(before, after);
    return difference;
}

} // namespace evalwright
