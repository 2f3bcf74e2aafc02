// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../support/fakemodel.h"
#include "storage/connection.h"

#include <QCryptographicHash>
#include <QFile>
#include <QSet>
#include <QSqlRecord>

#include <nlohmann/json.hpp>

/// Looks into a project file from outside of the program that writes it.
namespace evalwright::test {

inline std::unique_ptr<Connection> openFile(const QString &path, Connection::Mode mode = Connection::Mode::ReadOnly)
{
    auto connection = Connection::open(path, mode);
    if (!connection)
        qFatal("%s", qPrintable(connection.error().text()));
    return std::move(*connection);
}

inline qint64 countOf(const QString &path, const QString &sql)
{
    const auto value = openFile(path)->value(sql);
    if (!value)
        qFatal("%s", qPrintable(value.error().text()));
    return value->toLongLong();
}

/// bodyHash() of every request whose complete answer is stored.
inline QSet<QString> storedBodies(const QString &path)
{
    const auto file = openFile(path);
    auto rows = file->query(QStringLiteral(
        "SELECT p.json, r.seed FROM response r JOIN prompt p ON p.id = r.prompt_id WHERE r.complete = 1"));
    if (!rows)
        qFatal("%s", qPrintable(rows.error().text()));
    QSet<QString> hashes;
    while (rows->next()) {
        nlohmann::json body = nlohmann::json::parse(rows->value(0).toString().toStdString());
        if (!rows->value(1).isNull())
            body["seed"] = rows->value(1).toLongLong();
        hashes << bodyHash(QByteArray::fromStdString(body.dump()));
    }
    return hashes;
}

/// A hash of everything the tables hold; what lies in the write-ahead log counts, how it is laid out does not.
inline QByteArray contentHash(const QString &path)
{
    const auto file = openFile(path);
    QStringList tables;
    {
        auto names = file->query(QStringLiteral(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"));
        while (names && names->next())
            tables << names->value(0).toString();
    }
    if (tables.size() < 10)
        qFatal("the tables of the project cannot be listed");
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString &table : tables) {
        // A whole table comes in the order of its key, which is not always a rowid.
        auto rows = file->query(QStringLiteral("SELECT * FROM \"%1\"").arg(table));
        if (!rows)
            qFatal("%s", qPrintable(rows.error().text()));
        hash.addData(table.toUtf8());
        const int columns = rows->record().count();
        while (rows->next()) {
            for (int column = 0; column < columns; ++column)
                hash.addData(rows->value(column).toByteArray() + '\x1f');
        }
    }
    return hash.result().toHex();
}

inline QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
}

} // namespace evalwright::test
