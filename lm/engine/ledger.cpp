// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/engine/ledger.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

Result<QString> sha256OfFile(const QString &path, const CancellationToken &token,
                             const std::function<void(qint64)> &read)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Storage, u"%1 cannot be read."_s.arg(path), u"Check its permissions."_s,
                       file.errorString());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    qint64 done = 0;
    for (;;) {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"Checking %1 was stopped."_s.arg(path));
        const qint64 got = file.read(buffer.data(), buffer.size());
        if (got < 0)
            return failure(ErrorCode::Storage, u"%1 cannot be read."_s.arg(path), u"Check the disk."_s,
                           file.errorString());
        if (got == 0)
            break;
        hash.addData(QByteArrayView(buffer.constData(), got));
        done += got;
        if (read)
            read(done);
    }
    return QString::fromLatin1(hash.result().toHex());
}

Ledger Ledger::read(const QString &path)
{
    Ledger ledger;
    ledger.m_path = path;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return ledger;
    const QByteArray bytes = file.readAll();
    const json document = json::parse(bytes.begin(), bytes.end(), nullptr, false);
    if (!document.is_object() || !document.contains("files") || !document["files"].is_object())
        return ledger;
    for (const auto &[name, entry] : document["files"].items()) {
        if (!entry.is_object())
            continue;
        const auto hash = entry.find("sha256"), size = entry.find("bytes"), modified = entry.find("modified");
        if (hash == entry.end() || !hash->is_string() || size == entry.end() || !size->is_number_integer() ||
            modified == entry.end() || !modified->is_number_integer())
            continue;
        ledger.m_entries[QString::fromStdString(name)] = {QString::fromStdString(hash->get<std::string>()),
                                                          size->get<qint64>(), modified->get<qint64>()};
    }
    return ledger;
}

Status Ledger::write() const
{
    json files = json::object();
    for (const auto &[name, entry] : m_entries)
        files[name.toStdString()] = {
            {"sha256", entry.sha256.toStdString()}, {"bytes", entry.bytes}, {"modified", entry.modified}};
    const std::string text = json{{"version", 1}, {"files", files}}.dump(2) + "\n";
    QSaveFile file(m_path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), qint64(text.size())) < 0 || !file.commit())
        return failure(ErrorCode::Storage, u"%1 cannot be written."_s.arg(m_path),
                       u"Check the folder's permissions and the free space."_s, file.errorString());
    return {};
}

QString Ledger::key(const QString &file) const
{
    return QFileInfo(m_path).dir().relativeFilePath(file);
}

QString Ledger::known(const QString &file) const
{
    const auto found = m_entries.find(key(file));
    const QFileInfo info(file);
    if (found == m_entries.end() || !info.isFile() || info.size() != found->second.bytes ||
        info.lastModified().toMSecsSinceEpoch() != found->second.modified)
        return {};
    return found->second.sha256;
}

void Ledger::note(const QString &file, const QString &sha256)
{
    const QFileInfo info(file);
    m_entries[key(file)] = {sha256, info.size(), info.lastModified().toMSecsSinceEpoch()};
}

void Ledger::forget(const QString &file)
{
    m_entries.erase(key(file));
}

} // namespace evalwright
