// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/connection.h"

#include <QList>
#include <QString>

namespace evalwright {

using PromptVersionId = Id<struct PromptVersionTag>;

/// A prompt of a recipe's stage as a person saved it, with why.
struct PromptVersion
{
    PromptVersionId id;
    QString uuid;
    QString preset; ///< Of the recipe.
    QString stage;  ///< Id of the stage in it.
    QString json;   ///< The prompt, or the checker's form, as it stands in a recipe's document.
    QString note;   ///< Plain text of a person.
    QString createdAt;
};

/// Stores a version. The same prompt with the same note as the stage's latest one is not stored again.
Result<PromptVersion> addPromptVersion(Connection &connection, PromptVersion version);
/// The latest first.
Result<QList<PromptVersion>> promptVersions(Connection &connection, const QString &preset, const QString &stage);

} // namespace evalwright
