// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/installer.h"

#include "core/text.h"
#include "lm/engine/installwork.h"
#include "lm/engine/python.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QStandardPaths>
#include <QStorageInfo>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

Status makeFolder(const QString &path)
{
    if (QDir().mkpath(path))
        return {};
    return failure(ErrorCode::Storage, u"The folder %1 cannot be made."_s.arg(path),
                   u"Check the permissions of the folders above it."_s);
}

Result<std::unique_ptr<QLockFile>> lockFolder(const DataFolder &folder)
{
    EVALWRIGHT_TRY(makeFolder(folder.root));
    auto lock = std::make_unique<QLockFile>(folder.lock());
    lock->setStaleLockTime(0); // An installation may take an hour; a dead owner is recognised by its process number.
    if (lock->tryLock(0))
        return lock;
    if (lock->error() != QLockFile::LockFailedError)
        return failure(ErrorCode::Storage, u"The folder %1 cannot be written."_s.arg(folder.root),
                       u"Check its permissions."_s);
    qint64 pid = 0;
    QString host, program;
    lock->getLockInfo(&pid, &host, &program);
    return failure(ErrorCode::Locked, u"Another process (%1) is installing into %2."_s.arg(pid).arg(folder.root),
                   u"Wait until it is done."_s);
}

/// Gigabytes are wanted: say so before an hour of downloading.
Status checkSpace(const DataFolder &folder, const InstallPlan &plan)
{
    const QStorageInfo disk(folder.root);
    const qint64 needed = plan.downloadBytes() + plan.diskBytes() + 20'000'000;
    if (!disk.isValid() || disk.bytesAvailable() >= needed)
        return {};
    return failure(ErrorCode::DiskFull,
                   u"The installation needs %1, and %2 has %3 left."_s.arg(formatBytes(needed), folder.root,
                                                                           formatBytes(disk.bytesAvailable())),
                   u"Free some space, or set EVALWRIGHT_DATA_DIR to a folder on another disk."_s);
}

} // namespace

QString installStateName(InstallState state)
{
    switch (state) {
    case InstallState::Missing:
        return u"missing"_s;
    case InstallState::Partial:
        return u"partial"_s;
    case InstallState::Unverified:
        return u"unverified"_s;
    case InstallState::Installed:
        return u"installed"_s;
    case InstallState::Damaged:
        return u"damaged"_s;
    }
    return {};
}

qint64 InstallPlan::downloadBytes() const
{
    qint64 sum = 0;
    for (const Item &item : items)
        sum += item.downloadBytes;
    return sum;
}

qint64 InstallPlan::diskBytes() const
{
    qint64 sum = 0;
    for (const Item &item : items)
        sum += item.diskBytes;
    return sum;
}

EngineInstaller::EngineInstaller(DataFolder folder, Catalogue catalogue)
    : m_folder(std::move(folder)), m_catalogue(std::move(catalogue))
{
}

Result<EngineInstaller> EngineInstaller::open(const DataFolder &folder)
{
    EVALWRIGHT_ASSIGN(Catalogue catalogue, Catalogue::load(folder.userCatalogue()));
    return EngineInstaller(folder, std::move(catalogue));
}

Result<QList<CatalogueModel>> EngineInstaller::chosen(const QStringList &names) const
{
    QList<CatalogueModel> models;
    QStringList wanted = names.isEmpty() ? QStringList{m_catalogue.defaultModel} : names;
    wanted.removeDuplicates();
    for (const QString &name : wanted) {
        EVALWRIGHT_ASSIGN(CatalogueModel model, m_catalogue.model(name));
        models.append(std::move(model));
    }
    return models;
}

QString EngineInstaller::wheelPath(const QString &package, const QString &version, const QString &sha256) const
{
    return u"%1/%2-%3-%4.whl"_s.arg(m_folder.partial(), package, version, sha256.left(12));
}

InstallState EngineInstaller::engineState(const Ledger &ledger) const
{
    const EnginePin &pin = m_catalogue.engine;
    const QString folder = m_folder.engine(pin.version);
    if (!QFileInfo::exists(folder))
        return QFileInfo::exists(wheelPath(pin.package, pin.version, pin.wheelSha256)) ? InstallState::Partial
                                                                                       : InstallState::Missing;
    InstallState state = InstallState::Installed;
    for (const EngineFile &file : pin.files) {
        const QString path = folder + u'/' + file.member;
        const QString known = ledger.known(path);
        if (QFileInfo(path).size() != file.bytes || (!known.isEmpty() && known != file.sha256))
            return InstallState::Damaged;
        if (known.isEmpty())
            state = InstallState::Unverified;
    }
    return state;
}

InstallState EngineInstaller::modelState(const CatalogueModel &model, const Ledger &ledger) const
{
    const QFileInfo file(m_folder.model(model.name));
    if (file.isFile()) {
        const QString known = ledger.known(file.filePath());
        if (file.size() != model.bytes || (!known.isEmpty() && known != model.ggufSha256))
            return InstallState::Damaged;
        return known.isEmpty() ? InstallState::Unverified : InstallState::Installed;
    }
    for (const CataloguePart &part : model.parts)
        if (QFileInfo::exists(wheelPath(part.package, part.version, part.wheelSha256)))
            return InstallState::Partial;
    return InstallState::Missing;
}

EngineStatus::Model EngineInstaller::describe(const CatalogueModel &model, const Ledger &ledger) const
{
    EngineStatus::Model line;
    line.name = model.name;
    line.title = model.title;
    line.path = m_folder.model(model.name);
    line.family = model.family;
    line.training = model.training;
    line.licence = model.licence;
    line.sha256 = model.ggufSha256;
    line.parameters = model.parameters;
    line.bytes = model.bytes;
    line.downloadBytes = model.downloadBytes();
    line.state = modelState(model, ledger);
    line.isDefault = model.name == m_catalogue.defaultModel;
    return line;
}

Result<InstallPlan> EngineInstaller::plan(const QStringList &names) const
{
    EVALWRIGHT_ASSIGN(const QList<CatalogueModel> models, chosen(names));
    const Ledger ledger = Ledger::read(m_folder.ledger());
    const auto missing = [this](const QString &package, const QString &version, const QString &sha256, qint64 bytes) {
        return QFileInfo::exists(wheelPath(package, version, sha256)) ? 0 : bytes;
    };
    const auto there = [](InstallState state) {
        return state == InstallState::Installed || state == InstallState::Unverified;
    };
    InstallPlan plan;
    if (!there(engineState(ledger))) {
        const EnginePin &pin = m_catalogue.engine;
        InstallPlan::Item item;
        item.name = u"engine"_s;
        item.title = u"%1 %2"_s.arg(pin.package, pin.version);
        item.licence = pin.licence;
        item.downloadBytes = missing(pin.package, pin.version, pin.wheelSha256, pin.wheelBytes);
        for (const EngineFile &file : pin.files)
            item.diskBytes += file.bytes;
        plan.items.append(item);
    }
    for (const CatalogueModel &model : models) {
        if (there(modelState(model, ledger)))
            continue;
        InstallPlan::Item item;
        item.name = model.name;
        item.title = model.title;
        item.licence = model.licence;
        item.licenceUrl = model.licenceUrl;
        item.licenceNotice = model.licenceNotice;
        item.termsMustBeAccepted = model.termsMustBeAccepted;
        for (const CataloguePart &part : model.parts)
            item.downloadBytes += missing(part.package, part.version, part.wheelSha256, part.wheelBytes);
        item.diskBytes = model.bytes;
        plan.items.append(item);
    }
    return plan;
}

Result<InstallReport> EngineInstaller::install(const QStringList &names, const InstallOptions &options) const
{
    QElapsedTimer clock;
    clock.start();
    EVALWRIGHT_ASSIGN(const QList<CatalogueModel> models, chosen(names));
    EVALWRIGHT_ASSIGN(const std::unique_ptr<QLockFile> lock, lockFolder(m_folder));
    Work work{options, Ledger::read(m_folder.ledger())};
    InstallReport report;

    // What is there is hashed once, and then believed while it does not change.
    work.tell(u"engine"_s, InstallPhase::Checking);
    EVALWRIGHT_TRY(verifyEngine(work.ledger, options.token));
    if (engineState(work.ledger) == InstallState::Damaged)
        report.replaced.append(u"engine"_s);
    for (const CatalogueModel &model : models) {
        work.tell(model.name, InstallPhase::Checking);
        EVALWRIGHT_TRY(verifyModel(model, work.ledger, options.token));
        const InstallState state = modelState(model, work.ledger);
        if (state == InstallState::Damaged)
            report.replaced.append(model.name);
        if (state != InstallState::Installed && model.termsMustBeAccepted && !options.acceptTerms)
            return failure(
                ErrorCode::InvalidInput,
                u"%1 has terms that you have to accept first. %2"_s.arg(model.title, model.licenceNotice),
                u"Read %1, and install it with the terms accepted (--accept-terms)."_s.arg(model.licenceUrl));
    }
    EVALWRIGHT_TRY(work.ledger.write());

    EVALWRIGHT_ASSIGN(const InstallPlan todo, plan(names));
    if (!todo.items.isEmpty()) {
        for (const QString &folder : {m_folder.engines(), m_folder.models(), m_folder.partial()})
            EVALWRIGHT_TRY(makeFolder(folder));
        EVALWRIGHT_TRY(checkSpace(m_folder, todo));
        work.totalBytes = todo.downloadBytes();
    }
    if (engineState(work.ledger) != InstallState::Installed)
        EVALWRIGHT_TRY(installEngine(work));
    for (const CatalogueModel &model : models)
        if (modelState(model, work.ledger) != InstallState::Installed)
            EVALWRIGHT_TRY(installModel(work, model));
    QDir().rmdir(m_folder.partial()); // Only when nothing of an unfinished other model is in it.

    report.engine = {m_catalogue.engine.version, m_folder.engine(m_catalogue.engine.version), engineState(work.ledger)};
    for (const CatalogueModel &model : models)
        report.models.append(describe(model, work.ledger));
    report.downloadedBytes = work.downloadedBytes;
    report.seconds = double(clock.elapsed()) / 1000;
    return report;
}

Result<EngineStatus> EngineInstaller::status(Verify verify, const CancellationToken &token) const
{
    Ledger ledger = Ledger::read(m_folder.ledger());
    if (verify == Verify::Full && QFileInfo::exists(m_folder.root)) {
        EVALWRIGHT_ASSIGN(const std::unique_ptr<QLockFile> lock, lockFolder(m_folder));
        ledger = Ledger::read(m_folder.ledger());
        for (const EngineFile &file : m_catalogue.engine.files)
            ledger.forget(m_folder.engine(m_catalogue.engine.version) + u'/' + file.member);
        EVALWRIGHT_TRY(verifyEngine(ledger, token));
        for (const CatalogueModel &model : m_catalogue.models) {
            ledger.forget(m_folder.model(model.name));
            EVALWRIGHT_TRY(verifyModel(model, ledger, token));
        }
        EVALWRIGHT_TRY(ledger.write());
    }
    EngineStatus status;
    status.folder = m_folder.root;
    status.engine = {m_catalogue.engine.version, m_folder.engine(m_catalogue.engine.version), engineState(ledger)};
    for (const CatalogueModel &model : m_catalogue.models)
        status.models.append(describe(model, ledger));
    for (const QFileInfo &file : QDir(m_folder.partial()).entryInfoList(QDir::Files))
        status.partialBytes += file.size();
    status.llamaServer = QStandardPaths::findExecutable(u"llama-server"_s);
    return status;
}

Result<qint64> EngineInstaller::remove(const QStringList &names) const
{
    if (!QFileInfo::exists(m_folder.root))
        return 0;
    QList<CatalogueModel> models = m_catalogue.models;
    if (!names.isEmpty()) {
        EVALWRIGHT_ASSIGN(models, chosen(names));
    }
    EVALWRIGHT_ASSIGN(const std::unique_ptr<QLockFile> lock, lockFolder(m_folder));
    Ledger ledger = Ledger::read(m_folder.ledger());
    qint64 freed = 0;
    QStringList left;
    const auto removeFile = [&](const QString &path) {
        const QFileInfo file(path);
        ledger.forget(path);
        if (!file.exists())
            return;
        const qint64 bytes = file.size();
        if (QFile::remove(path))
            freed += bytes;
        else
            left.append(path);
    };
    for (const CatalogueModel &model : models) {
        removeFile(m_folder.model(model.name));
        for (const CataloguePart &part : model.parts)
            removeFile(wheelPath(part.package, part.version, part.wheelSha256));
    }
    if (names.isEmpty()) {
        for (const EngineFile &file : m_catalogue.engine.files)
            removeFile(m_folder.engine(m_catalogue.engine.version) + u'/' + file.member);
        // Folders of earlier versions and what Python or an interruption left.
        for (const QString &folder : {m_folder.engines(), m_folder.partial()})
            if (!QDir(folder).removeRecursively())
                left.append(folder);
    }
    EVALWRIGHT_TRY(ledger.write());
    QDir().rmdir(m_folder.partial());
    QDir().rmdir(m_folder.models());
    if (!left.isEmpty())
        return failure(ErrorCode::Storage, u"Could not remove %1."_s.arg(left.join(u", "_s)),
                       u"Check the permissions."_s);
    return freed;
}

} // namespace evalwright
