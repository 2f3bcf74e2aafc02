// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/elsewhere/tooltasks.h"

#include <nlohmann/json_fwd.hpp>

namespace evalwright::review {

enum class Tool { LabelStudio, Argilla };
QString toolTitle(Tool tool); ///< For people.
QString formatName(Tool tool); ///< label-studio | argilla
/// InvalidInput for another name.
Result<Tool> toolFrom(const QString &format);

struct ToolExportOptions : GiveOptions
{
    QString language; ///< Of the questions, "de" or "zh_CN"; empty: English.
    bool showPredictions = false;
};

struct WrittenTasks
{
    Tool tool = Tool::LabelStudio;
    QString path, settingsPath; ///< The tasks; how they are to be shown and asked about.
    QString exportId;
    QString sha256; ///< Of the tasks.
    qint64 tasks = 0;
    QList<int> slots;
    bool isBlind = true;
    QStringList notes; ///< What the questionnaire says and the tool cannot.
    /// {path, settings, format, export_id, sha256, rows, lists[], blind, notes[]}, lists counted from 1.
    nlohmann::json toJson() const;
};

struct ToolFiles
{
    QByteArray tasks, settings;
    qint64 count = 0;
    QStringList notes;
};
/// The bytes of both files. The same project, lists and identity give the same bytes. InvalidInput: more than 256 MiB.
Result<ToolFiles> toolFiles(Connection &connection, const Review &review, Tool tool, const QList<int> &slots,
                            const BundleIdentity &identity, const ToolExportOptions &options);

/// NAME.config.xml (Label Studio) or NAME.settings.json (Argilla) beside NAME.json.
QString settingsPath(Tool tool, const QString &path);

/// Writes lists of the review as tasks of the tool, reserves the lists, and keeps the key. Errors of giveAway().
Result<WrittenTasks> writeTasks(const std::shared_ptr<Project> &project, ReviewId review, Tool tool, const QString &path,
                                const ToolExportOptions &options = {});

} // namespace evalwright::review
