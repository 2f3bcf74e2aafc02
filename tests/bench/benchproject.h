// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "benchitems.h"
#include "storage/project.h"

namespace evalwright::test {

/// The value, or the end of the program with the error's words.
template <class T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().text()));
    return std::move(*result);
}

/// `name` from /proc/self/status in MB; -1 where that file does not exist.
double statusMegabytes(const QByteArray &name);

} // namespace evalwright::test
