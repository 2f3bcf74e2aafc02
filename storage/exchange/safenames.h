// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QString>

namespace evalwright {

/// Names of files and folders for data sets, whose own names may be anything: letters, digits, ".", "_" and "-" of
/// ASCII, 1 to 80 of them, no dot or dash at the start, no name that a system keeps for devices, and no two that differ
/// in case only.
class SafeNames
{
public:
    /// The same names in the same order give the same results.
    QString of(const QString &name);

private:
    QSet<QString> m_taken; ///< In lower case.
};

} // namespace evalwright
