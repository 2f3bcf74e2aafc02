// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

namespace evalwright {

class ReviewLanguage;

/// What did not work for the rater.
enum class RaterTask {
    Opening, ///< The review or the bundle.
    Reading, ///< Items.
    Storing, ///< A judgement.
    Asking,  ///< Whether there is more to do.
    Saving,  ///< The file to send back.
};

/// An error in the rater's language: what did not work, and, by its code, why and what to do. What the rest of the program
/// says about it is in English and goes along as the cause; it is shown at once where the code alone says too little. In
/// English the error itself.
Error forRaters(const Error &error, RaterTask task, const ReviewLanguage &words);

} // namespace evalwright
