// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"

#include <functional>
#include <memory>
#include <optional>

class QWidget;

namespace evalwright {

class Project;
class ReviewWindow;
namespace review {
class BundleSitting;
}

/// A window on a review of the project, for the caller to show. It reads what raters are told, asks for a code, and
/// deletes itself when it is closed. It keeps the project open as long as it is.
ReviewWindow *openReviewWindow(const std::shared_ptr<Project> &project, ReviewId review);

/// A window on a rater bundle, for the caller to show; `list` as raters count them, from 1, where there are several. The
/// sitting is handed to `opened`, so that the answers can be saved when the window is closed. `language`: to begin with,
/// instead of the bundle's.
ReviewWindow *openBundleWindow(const QString &bundle, std::optional<int> list,
                               const std::function<void(std::shared_ptr<review::BundleSitting>)> &opened,
                               const QString &language = {});

} // namespace evalwright
