// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <memory>
#include <tl/expected.hpp>
#include <utility>

namespace evalwright {

/// What went wrong, as meaning. The words a person reads are in `message` (what happened), `consequence`
/// (what it means for the work) and `advice` (what to do next); `detail` has the raw text of the cause.
enum class ErrorCode {
    Unknown,
    InvalidInput,  ///< A value the caller gave makes no sense.
    NotFound,      ///< A name or id does not exist; `suggestions` may list near names.
    AlreadyExists, ///< Would overwrite something.
    NotAProject,   ///< The file is not an Evalwright project.
    NewerSchema,   ///< The project was written by a newer program.
    Locked,        ///< Another process is writing to the project.
    ReadOnly,      ///< The file or folder cannot be written.
    DiskFull,
    Storage, ///< Any other database or file error.
    Corrupt, ///< Data that should be consistent is not.
    Network, ///< Could not connect, or the connection broke.
    Timeout,
    RateLimited,    ///< The server asks to slow down.
    Quota,          ///< Money or quota is used up.
    Authentication, ///< Wrong or missing key.
    BadRequest,     ///< The server refused the request itself (4xx).
    ServerError,    ///< The server failed (5xx).
    BadResponse,    ///< The reply cannot be understood.
    Unsupported,    ///< The endpoint or program cannot do what was asked.
    Cancelled,
    BudgetReached,
    Engine,       ///< The local engine failed.
    HashMismatch, ///< A download is not the stated file.
    Parse,        ///< A document (JSON, recipe, template) is not well formed.
    PartlyDone,
    ServerChanged, ///< The model's server is another one, or another build, than its probe saw.
    Waiting, ///< No failure: answers are under way in batches; the same call goes on later.
};

/// Stable snake_case name of a code, for JSON output and logs.
QString errorCodeName(ErrorCode code);

struct Error
{
    ErrorCode code = ErrorCode::Unknown;
    QString message;
    QString consequence;
    QString advice;
    QString detail;
    QStringList suggestions;
    bool retryable = false;
    std::shared_ptr<const Error> cause;

    Error() = default;
    Error(ErrorCode errorCode, QString what, QString whatToDo = {}, QString raw = {})
        : code(errorCode), message(std::move(what)), advice(std::move(whatToDo)), detail(std::move(raw))
    {
    }
    Error &&withConsequence(QString text) &&
    {
        consequence = std::move(text);
        return std::move(*this);
    }
    Error &&withSuggestions(QStringList names) &&
    {
        suggestions = std::move(names);
        return std::move(*this);
    }
    Error &&retry() &&
    {
        retryable = true;
        return std::move(*this);
    }
    Error &&causedBy(Error inner) &&
    {
        cause = std::make_shared<const Error>(std::move(inner));
        return std::move(*this);
    }
    /// Message, consequence, advice and suggestions as one paragraph of plain text.
    QString text() const;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

/// `return failure(ErrorCode::NotFound, u"…"_s);` from any function that returns a Result.
template <class... Args>
tl::unexpected<Error> failure(Args &&...args)
{
    return tl::unexpected<Error>(Error(std::forward<Args>(args)...));
}
inline tl::unexpected<Error> failure(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace evalwright

// A declaration cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define EVALWRIGHT_CONCAT_(a, b) a##b
#define EVALWRIGHT_CONCAT(a, b) EVALWRIGHT_CONCAT_(a, b)
/// Leaves the function with the error of `expression`, or goes on and drops its value.
#define EVALWRIGHT_TRY(expression) EVALWRIGHT_TRY_(expression, EVALWRIGHT_CONCAT(tryResult_, __LINE__))
#define EVALWRIGHT_TRY_(expression, name)                                                                              \
    do {                                                                                                               \
        if (auto name = (expression); !name)                                                                           \
            return tl::unexpected<::evalwright::Error>(std::move(name).error());                                       \
    } while (false)
/// `EVALWRIGHT_ASSIGN(auto rows, readRows());` declares `rows` or leaves with the error.
#define EVALWRIGHT_ASSIGN(declaration, expression)                                                                     \
    EVALWRIGHT_ASSIGN_(declaration, expression, EVALWRIGHT_CONCAT(tryValue_, __LINE__))
#define EVALWRIGHT_ASSIGN_(declaration, expression, name)                                                              \
    auto name = (expression);                                                                                          \
    if (!name)                                                                                                         \
        return tl::unexpected<::evalwright::Error>(std::move(name).error());                                           \
    declaration = std::move(*name)
// NOLINTEND(bugprone-macro-parentheses)
