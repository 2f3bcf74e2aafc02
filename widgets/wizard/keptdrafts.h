// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/generate.h"

#include <QList>

namespace evalwright {

/// A data set that was begun in the wizard and cancelled.
struct KeptDraft
{
    QString id; ///< Names its file.
    GenerateSpec spec;
    int step = 0;
    QString savedAt; ///< ISO 8601 UTC.
};

/// Drafts of one project, each in a small file of the user's data folder, so that neither cancelling nor another draft
/// nor the end of the program loses one. A trial's answers are in the project and cost nothing when it is run again.
class KeptDrafts
{
public:
    /// `projectUuid`: whose drafts.
    explicit KeptDrafts(QString projectUuid);

    /// Newest first. A file that cannot be read is left out and stays where it is.
    QList<KeptDraft> list() const;
    /// Puts a draft in place of the one of its id, or makes it. Storage errors say where.
    Result<KeptDraft> keep(KeptDraft draft) const;
    Status forget(const QString &id) const;

private:
    QString m_folder;
};

} // namespace evalwright
