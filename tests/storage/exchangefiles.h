// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/exchange.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <QFile>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>

/// What the tests of importers and exporters share.
namespace evalwright::test {

inline QByteArray contentsOf(const QString &file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("cannot be read");
}

inline QList<Candidate> itemsIn(Project &project, const QString &name)
{
    const auto list = project.readNow([&](Connection &c) -> Result<QList<Candidate>> {
        EVALWRIGHT_ASSIGN(const Dataset set, datasetByName(c, name));
        return itemsOf(c, set.id);
    });
    return list ? *list : QList<Candidate>();
}

inline QString familyOf(Project &project, const QString &name)
{
    const auto set = project.readNow([&](Connection &c) { return datasetByName(c, name); });
    return set ? set->family : set.error().text();
}

inline nlohmann::json fieldsOf(const Candidate &candidate)
{
    return nlohmann::json::parse(candidate.fields.toStdString(), nullptr, false);
}

inline QString reasonsOf(const ImportReport &report)
{
    QStringList list;
    for (const RowProblem &row : report.rejected)
        list << QString::number(row.line) + u' ' + row.reason;
    return list.join(QStringLiteral(", "));
}

/// A folder with files and projects of a test.
class ExchangeFolder
{
public:
    QString path(const QString &suffix) { return m_folder.filePath(QStringLiteral("f%1.%2").arg(++m_number).arg(suffix)); }
    std::shared_ptr<Project> project()
    {
        return *Project::create(path(QStringLiteral("evalwright")), QStringLiteral("Trial"));
    }
    QString written(const QByteArray &bytes, const QString &suffix = QStringLiteral("jsonl"))
    {
        QFile out(path(suffix));
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("cannot write");
        return out.fileName();
    }

private:
    QTemporaryDir m_folder;
    int m_number = 0;
};

/// Published data beside the checkout.
inline QString sharedFile(const QString &name)
{
    return QStringLiteral(EVALWRIGHT_SHARED_DIR) + QStringLiteral("/data/") + name;
}

} // namespace evalwright::test
