// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

/// File dialogs that open and return at once; what was chosen is told later, while `parent` lives. `filter` is as
/// QFileDialog has it: "Tables (*.csv);;All files (*)".
namespace evalwright {

using FileChosen = std::function<void(const QString &path)>;
using FilesChosen = std::function<void(const QStringList &paths)>;

void askForFile(QWidget *parent, const QString &title, const QString &filter, FileChosen chosen, const QString &begin = {});
void askForFiles(QWidget *parent, const QString &title, const QString &filter, FilesChosen chosen);
void askForFolder(QWidget *parent, const QString &title, FileChosen chosen, const QString &begin = {});

/// Whether the dialog asks about a file that is there. Not where writing itself refuses it, or asks.
enum class AskToReplace { Yes, No };
/// A name that somebody types without an ending gets that of `suggestion`, if it has one.
void askWhereToSave(QWidget *parent, const QString &title, const QString &suggestion, const QString &filter, FileChosen chosen,
                    AskToReplace replace = AskToReplace::Yes);

} // namespace evalwright
