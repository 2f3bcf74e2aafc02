// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

namespace evalwright {

class Project;

/// The sentence by which a data set asks to be kept out of training corpora ("evalwright canary GUID …"), in the files
/// that go out and come in.

/// The first such sentence of a text; empty when there is none.
QString canaryIn(const QByteArray &text);
/// Of a data file: in its first 64 KiB, else in the line of the CANARY.txt beside it that names the file.
QString canaryOf(const QString &path);

/// Puts the line "NAME: sentence" into the CANARY.txt beside a file, in place of an earlier line of that name. A file
/// called so that somebody else wrote stays as it is (AlreadyExists), and so does the project (mayWriteFile). Returns
/// the path of CANARY.txt.
Result<QString> noteCanaryBeside(const QString &path, const QString &canary, const QString &projectPath);
/// What a CANARY.txt of a folder of its own holds.
QByteArray canaryFile(const QStringList &canaries);

/// After an import of a file: notes at the data set which other one its rows come from, when the file says so. Nothing
/// is noted of a data set's own canary. Returns the sentence; empty when there is nothing to note.
Result<QString> noteOrigin(Project &project, const QString &dataset, const QString &path);

} // namespace evalwright
