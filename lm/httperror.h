// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/http.h"

#include <optional>

namespace evalwright {

/// What a failed HTTP exchange means for the job (endpoints.md section 9).
struct HttpFailure
{
    enum class Class {
        Rate,      ///< Slow down, then again.
        Overload,  ///< Busy or loading; again.
        Transient, ///< Broken connection, time-out, 5xx; again.
        Quota,     ///< Money or quota is used up: stop and tell the person.
        Auth,      ///< Wrong key: stop everything on this endpoint.
        Request,   ///< The request itself is refused: never again.
    };
    Class kind = Class::Transient;
    Error error;
    std::optional<double> retryAfterSeconds; ///< As the server says it; after a rate error also by its reset headers.
    bool isRetryable() const { return kind == Class::Rate || kind == Class::Overload || kind == Class::Transient; }
};

/// Reads status, headers and the error shapes of OpenAI, llama.cpp, Ollama, Anthropic, FastAPI, plain text and HTML.
/// `keyEnv` is the name of the variable that holds the key, for the message.
HttpFailure classifyResponse(const HttpResponse &response, const QString &baseUrl, const QString &keyEnv);
/// The status that an error would have had if it had not come in the middle of a stream, by its type or code; 500 when
/// neither says anything.
int statusOfError(const QByteArray &body);
/// For an exchange that brought no whole response.
HttpFailure classifyError(const Error &error);

} // namespace evalwright
