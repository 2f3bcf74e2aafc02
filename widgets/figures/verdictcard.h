// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/figurespec.h"

#include <QFrame>

namespace evalwright {

/// A verdict as a chip with its sentence; the chip opens the test, the numbers of items and clusters, and the
/// adjustment.
class VerdictCard : public QFrame
{
    Q_OBJECT

public:
    /// `series` is empty for a verdict on the whole figure.
    VerdictCard(const FigureVerdict &verdict, const QString &series, bool open, QWidget *parent = nullptr);
};

} // namespace evalwright
