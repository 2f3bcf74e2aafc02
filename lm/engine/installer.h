// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "lm/engine/catalogue.h"
#include "lm/engine/datafolder.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <functional>

namespace evalwright {

class Ledger;

enum class InstallPhase { Checking, Downloading, Unpacking, Done };

/// Told on the calling thread, a few times a second.
struct InstallProgress
{
    QString item; ///< "engine" or a model's name.
    InstallPhase phase = InstallPhase::Checking;
    int part = 0, parts = 0;              ///< The part in work, from 1.
    qint64 doneBytes = 0, totalBytes = 0; ///< Download bytes over everything that is being installed.
};

struct InstallOptions
{
    bool acceptTerms = false; ///< The person has read and accepted the terms of the models that ask for it.
    QStringList pipCommand;   ///< Empty: the system's. Tests put a script here.
    CancellationToken token;
    std::function<void(const InstallProgress &)> progress;
};

/// What has to be fetched, for "this will download 126.7 MB".
struct InstallPlan
{
    struct Item
    {
        QString name; ///< "engine" or a model's name.
        QString title, licence, licenceUrl, licenceNotice;
        bool termsMustBeAccepted = false;
        qint64 downloadBytes = 0; ///< Without the parts that are there already.
        qint64 diskBytes = 0;     ///< When installed.
    };
    QList<Item> items; ///< Only what is not installed.
    qint64 downloadBytes() const;
    qint64 diskBytes() const;
};

enum class InstallState {
    Missing,
    Partial,    ///< Some parts are downloaded.
    Unverified, ///< A file of the right size whose hash was not computed yet.
    Installed,
    Damaged, ///< Not the stated file.
};
/// missing | partial | unverified | installed | damaged
QString installStateName(InstallState state);

struct EngineStatus
{
    struct Engine
    {
        QString version, path;
        InstallState state = InstallState::Missing;
        bool ok() const { return state == InstallState::Installed || state == InstallState::Unverified; }
    };
    struct Model
    {
        QString name, title, path, family, training, licence, sha256;
        qint64 parameters = 0, bytes = 0, downloadBytes = 0;
        InstallState state = InstallState::Missing;
        bool isDefault = false;
        bool ok() const { return state == InstallState::Installed || state == InstallState::Unverified; }
    };
    QString folder;
    Engine engine;
    QList<Model> models; ///< All of the catalogue, in its order.
    qint64 partialBytes = 0;
    QString llamaServer; ///< A llama-server found on the PATH, else empty.
};

struct InstallReport
{
    EngineStatus::Engine engine;
    QList<EngineStatus::Model> models; ///< Those that were asked for.
    qint64 downloadedBytes = 0;
    double seconds = 0;
    QStringList replaced; ///< Names of what was there but not the stated file.
};

enum class Verify { Quick, Full };

/// Puts the pinned engine and catalogue models into the user's data directory. All functions block (minutes, when
/// something is downloaded): for worker threads. Nothing half-done is ever visible under a final name, and finished
/// parts survive an interruption in the folder `partial`. Two installations at a time: the second gets Locked.
class EngineInstaller
{
public:
    /// Reads the catalogue, with the user's additions in <data>/catalogue.json.
    static Result<EngineInstaller> open(const DataFolder &folder = DataFolder::standard());
    EngineInstaller(DataFolder folder, Catalogue catalogue);

    const Catalogue &catalogue() const { return m_catalogue; }
    const DataFolder &folder() const { return m_folder; }

    /// Quick. An empty list means the default model. NotFound for an unknown name.
    Result<InstallPlan> plan(const QStringList &models = {}) const;

    /// Engine and models (empty: the default model); what is there and has the stated hash is left alone.
    /// InvalidInput, with the notice and where to read the terms, when terms have to be accepted and were not;
    /// HashMismatch when a download is not the stated file; Network, DiskFull, Unsupported, Locked, Cancelled.
    Result<InstallReport> install(const QStringList &models, const InstallOptions &options) const;

    /// Quick looks at sizes and remembered hashes, Full reads every byte and remembers the result.
    Result<EngineStatus> status(Verify verify = Verify::Quick, const CancellationToken &token = {}) const;

    /// Removes the engine, the catalogue's models and unfinished downloads; with names only these models. Files that
    /// a person put into the folder stay. Returns the bytes freed.
    Result<qint64> remove(const QStringList &models = {}) const;

private:
    struct Work;
    Result<QList<CatalogueModel>> chosen(const QStringList &names) const;
    QString wheelPath(const QString &package, const QString &version, const QString &sha256) const;
    InstallState engineState(const Ledger &ledger) const;
    InstallState modelState(const CatalogueModel &model, const Ledger &ledger) const;
    EngineStatus::Model describe(const CatalogueModel &model, const Ledger &ledger) const;
    Status verifyEngine(Ledger &ledger, const CancellationToken &token) const;
    Status verifyModel(const CatalogueModel &model, Ledger &ledger, const CancellationToken &token) const;
    Status fetch(Work &work, const QString &package, const QString &version, qint64 bytes, const QString &sha256) const;
    Status installEngine(Work &work) const;
    Status installModel(Work &work, const CatalogueModel &model) const;
    DataFolder m_folder;
    Catalogue m_catalogue;
};

} // namespace evalwright
