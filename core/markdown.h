// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

/// Pieces of Markdown (CommonMark with tables) around text that may come from anybody.
namespace evalwright {

/// The text on one line with everything escaped that Markdown or HTML would read: it stays letters. Characters that are
/// invisible or turn the direction are spelled out.
QString markdownText(const QString &text);
/// A block of code with the text as it is, behind a fence that is longer than any in it.
QString markdownBlock(const QString &text);
/// A table; cells are escaped.
QString markdownTable(const QStringList &head, const QList<QStringList> &rows);

} // namespace evalwright
