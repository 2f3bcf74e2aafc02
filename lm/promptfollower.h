// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/request.h"

#include <QByteArray>

namespace evalwright {

/// Follows a text token by token. A token that is half a character has lost its bytes on the way; it may stand for
/// bytes that are no ASCII, and for nothing else.
class PromptFollower
{
public:
    explicit PromptFollower(QByteArray text) : m_text(std::move(text)) {}
    /// False: the token is not how the text goes on; the follower is then of no use any more.
    bool take(const QByteArray &token);
    bool isAtEnd() const;

private:
    void skipTo(const QByteArray &clean);
    QByteArray m_text;
    qsizetype m_at = 0;
    bool m_loose = false; ///< Just behind half a character, whose length nobody knows.
};

/// Of the tokens of a text that begins with `start`, those that lie in it.
struct TokensInside
{
    qsizetype whole = 0;    ///< Tokens that lie in `start` altogether.
    bool straddles = false; ///< The next one begins in `start` and ends behind it.
};
TokensInside tokensInside(const QList<PromptPosition> &positions, const QByteArray &start);

} // namespace evalwright
