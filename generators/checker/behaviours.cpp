// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/behaviours.h"

#include "core/foreignjson.h"
#include "generators/checker/form.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <QFile>
#include <QFileInfo>

static void initialiseBehaviourResource()
{
    Q_INIT_RESOURCE(checkers);
}

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

Result<QList<Behaviour>> describedBehaviours()
{
    initialiseBehaviourResource();
    QFile file(u":/evalwright/behaviours/behaviours.json"_s);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Storage, u"The table of behaviours is missing from this build."_s);
    const json document = parseForeignJson(file.readAll());
    if (!document.is_object() || !document.contains("behaviours"))
        return failure(ErrorCode::Parse, u"The table of behaviours is not well formed."_s);
    const auto text = [](const json &object, const char *name) {
        return QString::fromStdString(object.at(name).get<std::string>());
    };
    QList<Behaviour> list;
    for (const json &entry : document.at("behaviours")) {
        Behaviour behaviour;
        behaviour.name = text(entry, "name");
        behaviour.description = text(entry, "description");
        behaviour.contrast = text(entry, "contrast");
        behaviour.subject = text(entry, "subject");
        list << behaviour;
    }
    return list;
}

Result<Behaviour> behaviourOf(Connection &connection, const Dataset &dataset)
{
    if (dataset.behaviourId.isValid()) {
        EVALWRIGHT_ASSIGN(const Behaviour own, behaviourById(connection, dataset.behaviourId));
        if (!own.description.trimmed().isEmpty())
            return own;
    }
    QStringList names{dataset.name};
    EVALWRIGHT_ASSIGN(const QList<ImportSource> sources, importSourcesOf(connection, dataset.id));
    for (const ImportSource &source : sources)
        names << QFileInfo(source.fileName).completeBaseName();
    EVALWRIGHT_ASSIGN(const QList<Behaviour> known, describedBehaviours());
    for (const QString &name : names) {
        for (const Behaviour &behaviour : known) {
            if (behaviour.name == name)
                return behaviour;
        }
    }
    return failure(Error(ErrorCode::NotFound,
                         u"Nothing is known about whom the statements of “%1” are to fit."_s.arg(dataset.name),
                         u"Say it: --describe \"%1=is very agreeable\" completes “a person who …”."_s.arg(
                             dataset.name))
                       .withConsequence(u"Nothing was sent."_s));
}

} // namespace evalwright
