// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "storage/exchange/exchange.h"

#include <QStringList>

#include <functional>
#include <optional>

namespace evalwright {

class Project;

/// A format that the window writes, with what to say of it and what it takes.
struct ExportFormat
{
    QString name, title;
    QString keeps;          ///< A sentence: what it keeps and what is lost.
    QString suffix;         ///< Of its file; empty: a folder.
    bool folder = false;
    bool controls = false;  ///< Controls go into files beside it.
    bool table = false;     ///< Spreadsheet safety means something to it.
    bool items = true;      ///< Order, labels and canary mean something to it.
    bool answers = false;   ///< It holds what one model answered in a run under one frame.
    QString folderEnding = {}; ///< Of the folder that is suggested.
    /// Its files have names of their own and stand beside others in a folder, which is made when it is not there.
    bool intoFolder = false;
};
/// Every format that the command line writes; the published one first.
const QList<ExportFormat> &exportFormats();
const ExportFormat &exportFormatNamed(const QString &name);

/// What a person chose to write.
struct ExportChoice
{
    QStringList datasets; ///< Several for hf-repo only.
    QString format, path;
    bool overwrite = false, controls = false, despiteLint = false;
    QString order; ///< ExportOptions::order
    bool trimLabels = false, csvSafe = true;
    Canary canary = Canary::Beside;
    std::optional<QString> licence; ///< Set: kept in the project, as the card does.
    QString title, url, language = QStringLiteral("en"); ///< hf-repo, as the next two.
    std::optional<double> privateShare;
    qint64 splitSeed = 0;
    QString review;            ///< inspect-scores; empty: the newest.
    QString run, model, frame; ///< Of formats with answers.
};

struct ExportOutcome
{
    struct File
    {
        QString path, text, sha256; ///< `text`: what is in it, in words.
        bool equalsImport = false;
    };
    QList<File> files;
    QStringList warnings;
    QString text() const;
};

/// What is there already and would be replaced; names without folders. Touches the disk.
QStringList alreadyThere(const ExportChoice &choice);

/// Writes it. Generated data sets that lint rules block are refused unless `despiteLint`. Call on a worker thread. Errors:
/// as exportDataset() and its like.
Result<ExportOutcome> exportAs(Project &project, const ExportChoice &choice, const CancellationToken &token,
                               const std::function<void(qint64 rows)> &progress = {});

} // namespace evalwright
