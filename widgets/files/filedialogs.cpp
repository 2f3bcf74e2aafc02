// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/files/filedialogs.h"

#include <QFileDialog>
#include <QFileInfo>

namespace evalwright {

namespace {

QFileDialog *make(QWidget *parent, const QString &title, const QString &begin, const QString &filter, QFileDialog::FileMode mode)
{
    auto *dialog = new QFileDialog(parent, title, begin, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    return dialog;
}

} // namespace

void askForFile(QWidget *parent, const QString &title, const QString &filter, FileChosen chosen, const QString &begin)
{
    QFileDialog *dialog = make(parent, title, begin, filter, QFileDialog::ExistingFile);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
    dialog->open();
}

void askForFiles(QWidget *parent, const QString &title, const QString &filter, FilesChosen chosen)
{
    QFileDialog *dialog = make(parent, title, {}, filter, QFileDialog::ExistingFiles);
    QObject::connect(dialog, &QFileDialog::filesSelected, parent, std::move(chosen));
    dialog->open();
}

void askForFolder(QWidget *parent, const QString &title, FileChosen chosen, const QString &begin)
{
    QFileDialog *dialog = make(parent, title, begin, {}, QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
    dialog->open();
}

void askWhereToSave(QWidget *parent, const QString &title, const QString &suggestion, const QString &filter, FileChosen chosen,
                    AskToReplace replace)
{
    QFileDialog *dialog = make(parent, title, suggestion, filter, QFileDialog::AnyFile);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite, replace == AskToReplace::No);
    if (const QString ending = QFileInfo(suggestion).suffix(); !ending.isEmpty())
        dialog->setDefaultSuffix(ending);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(chosen));
    dialog->open();
}

} // namespace evalwright
