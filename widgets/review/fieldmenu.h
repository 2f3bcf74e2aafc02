// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QMenu;
class QWidget;

namespace evalwright {

class ReviewSettings;

/// The menu of a text field (or of the inside of one) in the language of the review window, to pop up; it deletes itself
/// when it is closed. Null for other widgets.
QMenu *fieldMenu(QWidget *widget, const ReviewSettings &settings);

} // namespace evalwright
