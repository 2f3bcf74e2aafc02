// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"

#include <memory>

class QWidget;

namespace evalwright {

class Project;
class ReviewWindow;

/// A window on a review of the project, for the caller to show. It reads what raters are told, asks for a code, and
/// deletes itself when it is closed. It keeps the project open as long as it is.
ReviewWindow *openReviewWindow(const std::shared_ptr<Project> &project, ReviewId review);

} // namespace evalwright
