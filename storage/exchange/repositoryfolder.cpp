// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/repositoryfolder.h"

#include "core/foreignjson.h"

#include <QDir>
#include <QFile>
#include <QHash>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 largestMetadata = qint64{64} << 20;
constexpr qsizetype longestName = 200;

/// Names of data sets by folder. The file may be anybody's, so it names and leads nowhere.
QHash<QString, QString> namesOf(const QString &folder)
{
    QHash<QString, QString> names;
    QFile file(QDir(folder).filePath(u"metadata/generation.json"_s));
    if (!file.open(QIODevice::ReadOnly) || file.size() > largestMetadata)
        return names;
    const json document = parseForeignJson(file.readAll());
    const json none = json::array(), list = document.is_object() ? document.value("data_sets", none) : none;
    if (!list.is_array())
        return names;
    for (const json &one : list) {
        const auto text = [&](const char *key) {
            const auto found = one.is_object() ? one.find(key) : one.end();
            return one.is_object() && found != one.end() && found->is_string()
                       ? QString::fromStdString(found->get<std::string>())
                       : QString();
        };
        if (const QString name = text("name").simplified(); !name.isEmpty() && name.size() <= longestName)
            names.insert(text("config"), name);
    }
    return names;
}

} // namespace

Result<QList<RepositoryData>> repositoryData(const QString &folder)
{
    const QHash<QString, QString> names = namesOf(folder);
    QList<RepositoryData> out;
    const QDir data(QDir(folder).filePath(u"data"_s));
    for (const QString &config : data.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name)) {
        const QDir inside(data.filePath(config));
        const QStringList files = inside.entryList({u"*.jsonl"_s}, QDir::Files | QDir::NoSymLinks, QDir::Name);
        for (const QString &file : files) {
            const QString name = names.value(config, config);
            out << RepositoryData{inside.filePath(file), files.size() == 1 ? name : name + u'-' + file.chopped(6)};
        }
    }
    if (out.isEmpty())
        return failure(ErrorCode::NotFound, u"There is no data in the folder “%1”."_s.arg(folder),
                       u"A published repository has data/NAME/test.jsonl; name other files one by one."_s);
    return out;
}

} // namespace evalwright
