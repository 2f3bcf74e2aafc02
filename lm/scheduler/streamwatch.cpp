// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/scheduler/streamwatch.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds pauseBetween{50};

} // namespace

StreamWatch::StreamWatch(const QString &path, qint64 ordinal, QByteArray secret, qsizetype mostCharacters,
                         StreamTextFunction tell)
    : m_assembly(path), m_ordinal(ordinal), m_secret(QString::fromUtf8(secret)), m_most(mostCharacters),
      m_tell(std::move(tell))
{
}

bool StreamWatch::take(const QByteArray &bytes)
{
    if (m_broken)
        return true; // The whole body tells what is wrong.
    const Result<QString> piece = m_assembly.add(bytes);
    if (!piece) {
        m_broken = true;
        return true;
    }
    m_text += *piece;
    const auto now = std::chrono::steady_clock::now();
    if (m_tell && !piece->isEmpty() && (m_assembly.isComplete() || now - m_told >= pauseBetween)) {
        m_told = now;
        QString shown = m_text;
        if (!m_secret.isEmpty())
            shown.replace(m_secret, u"[key]"_s);
        m_tell(m_ordinal, shown);
    }
    return m_text.size() <= m_most;
}

bool canStream(const QString &path)
{
    return QStringList{u"chat/completions"_s, u"completions"_s, u"messages"_s,
                       u"/completion"_s,      u"/api/chat"_s,   u"/api/generate"_s}
        .contains(path);
}

HttpFailure streamFailure(const Error &error)
{
    HttpFailure failed = classifyError(error);
    switch (error.code) {
    case ErrorCode::RateLimited:
        failed.kind = HttpFailure::Class::Rate;
        break;
    case ErrorCode::Quota:
        failed.kind = HttpFailure::Class::Quota;
        break;
    case ErrorCode::Authentication:
        failed.kind = HttpFailure::Class::Auth;
        break;
    case ErrorCode::BadRequest:
        failed.kind = HttpFailure::Class::Request;
        break;
    default:
        failed.kind = HttpFailure::Class::Transient;
        break;
    }
    return failed;
}

Error tooLongStream(const QString &base, qsizetype mostCharacters)
{
    return Error(ErrorCode::BadResponse,
                 u"The server at %1 writes on after the limit it was given; "
                 u"it was stopped at %2 characters."_s.arg(base)
                     .arg(mostCharacters),
                 u"Look at the server's handling of the limit of tokens."_s)
        .withConsequence(u"The answer is not used."_s);
}

} // namespace evalwright
