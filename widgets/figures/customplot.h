// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// QCustomPlot's header uses Qt's lower-case keywords, which this program switches off.
#define signals Q_SIGNALS
// NOLINTNEXTLINE(bugprone-macro-parentheses): a declaration cannot stand in parentheses.
#define foreach(variable, container) for (variable : container)
#include <qcustomplot.h>
#undef foreach
#undef signals
