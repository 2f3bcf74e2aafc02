// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/promptfollower.h"

#include <algorithm>

namespace evalwright {

namespace {

const QByteArray replacement = "\xEF\xBF\xBD"; ///< Stands for half a character.

bool isPartOfCharacter(char c)
{
    return (static_cast<unsigned char>(c) & 0x80U) != 0;
}

} // namespace

bool PromptFollower::take(const QByteArray &token)
{
    qsizetype from = 0;
    while (from <= token.size()) {
        const qsizetype lost = token.indexOf(replacement, from);
        const QByteArray clean = token.mid(from, lost < 0 ? -1 : lost - from);
        if (!clean.isEmpty()) {
            if (m_loose)
                skipTo(clean);
            if (m_text.mid(m_at, clean.size()) != clean)
                return false;
            m_at += clean.size();
            m_loose = false;
        }
        if (lost < 0)
            return true;
        m_loose = true;
        from = lost + replacement.size();
    }
    return true;
}

bool PromptFollower::isAtEnd() const
{
    const QByteArray rest = m_text.mid(m_at);
    return rest.isEmpty() || (m_loose && std::ranges::all_of(rest, isPartOfCharacter));
}

void PromptFollower::skipTo(const QByteArray &clean)
{
    qsizetype at = m_at;
    while (at < m_text.size() && m_text.mid(at, clean.size()) != clean && isPartOfCharacter(m_text.at(at)))
        ++at;
    m_at = at;
}

TokensInside tokensInside(const QList<PromptPosition> &positions, const QByteArray &start)
{
    PromptFollower follower(start);
    TokensInside inside;
    bool ended = start.isEmpty();
    for (const PromptPosition &position : positions) {
        PromptFollower next = follower;
        if (!next.take(position.bytes))
            break;
        // Once at the end, only halves of the last character can still belong to it.
        if (ended && position.bytes != replacement)
            break;
        follower = next;
        ++inside.whole;
        ended = follower.isAtEnd();
    }
    inside.straddles = !ended;
    return inside;
}

} // namespace evalwright
