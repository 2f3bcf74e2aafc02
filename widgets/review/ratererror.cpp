// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/ratererror.h"

#include "widgets/review/reviewlanguage.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString headline(RaterTask task, const ReviewLanguage &words)
{
    switch (task) {
    case RaterTask::Opening:
        return words.translate("ReviewErrors", "The review cannot be opened.");
    case RaterTask::Reading:
        return words.translate("ReviewErrors", "The item cannot be read.");
    case RaterTask::Storing:
        return words.translate("ReviewErrors", "The judgement was not stored. Your answers are still here.");
    case RaterTask::Asking:
        return words.translate("ReviewErrors", "The state of the review cannot be read. You can go on.");
    case RaterTask::Saving:
        return words.translate("ReviewErrors", "The file with your answers was not written. The answers are kept.");
    }
    return {};
}

QString byCode(ErrorCode code, const ReviewLanguage &words)
{
    switch (code) {
    case ErrorCode::DiskFull:
        return words.translate("ReviewErrors", "The disk is full. Make room and try again.");
    case ErrorCode::ReadOnly:
        return words.translate("ReviewErrors",
                               "The folder cannot be written to. Copy the file into a folder of your own.");
    case ErrorCode::Locked:
        return words.translate("ReviewErrors", "Another program is using the file. Close it there and try again.");
    case ErrorCode::Corrupt:
    case ErrorCode::HashMismatch:
        return words.translate("ReviewErrors", "The file is damaged. Ask for it again where you got it from.");
    case ErrorCode::NewerSchema:
        return words.translate("ReviewErrors",
                               "The file was made by a newer version of the program. Update the program.");
    case ErrorCode::Storage:
        return words.translate("ReviewErrors", "The disk cannot be read or written. Check it and try again.");
    default:
        return {};
    }
}

} // namespace

Error forRaters(const Error &error, RaterTask task, const ReviewLanguage &words)
{
    if (words.code() == "en"_L1)
        return error;
    Error told(error.code, headline(task, words), byCode(error.code, words));
    if (told.advice.isEmpty())
        told.advice = words.translate("ReviewErrors", "The program says in English: %1").arg(error.text());
    told.retryable = error.retryable;
    return std::move(told).causedBy(error);
}

} // namespace evalwright
