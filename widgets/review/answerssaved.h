// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

class QMessageBox;

namespace evalwright {

class ReviewLanguage;

/// What a rater is told when the window on a bundle is closed: where the file to send back is, or that it was not written.
QString answersSavedText(const Result<QString> &path, const ReviewLanguage &words);
/// The same to be shown, in the language and direction of the window.
std::unique_ptr<QMessageBox> answersSavedBox(const Result<QString> &path, const ReviewLanguage &words);

} // namespace evalwright
