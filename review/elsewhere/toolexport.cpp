// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/toolexport.h"

#include "core/hash.h"
#include "core/jsontexts.h"
#include "review/elsewhere/argillarecords.h"
#include "review/elsewhere/labelstudioconfig.h"
#include "review/elsewhere/labelstudiotasks.h"
#include "review/sealedzip.h"

#include <set>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

QString toolTitle(Tool tool)
{
    return tool == Tool::LabelStudio ? u"Label Studio"_s : u"Argilla"_s;
}

QString formatName(Tool tool)
{
    return tool == Tool::LabelStudio ? u"label-studio"_s : u"argilla"_s;
}

Result<Tool> toolFrom(const QString &format)
{
    for (const Tool tool : {Tool::LabelStudio, Tool::Argilla}) {
        if (formatName(tool) == format)
            return tool;
    }
    return failure(ErrorCode::InvalidInput, u"“%1” is no annotation tool."_s.arg(format),
                   u"Choose label-studio or argilla."_s);
}

json WrittenTasks::toJson() const
{
    json lists = json::array();
    for (const int slot : slots)
        lists.push_back(slot + 1);
    return {{"path", path.toStdString()},
            {"settings", settingsPath.toStdString()},
            {"format", formatName(tool).toStdString()},
            {"export_id", exportId.toStdString()},
            {"sha256", sha256.toStdString()},
            {"rows", tasks},
            {"lists", lists},
            {"blind", isBlind},
            {"notes", textsToJson(notes)}};
}

Result<ToolFiles> toolFiles(Connection &connection, const Review &review, Tool tool, const QList<int> &slots,
                            const BundleIdentity &identity, const ToolExportOptions &options)
{
    EVALWRIGHT_ASSIGN(ToolJob job, toolJob(connection, review, slots, identity));
    job.language = options.language;
    job.showsPredictions = options.showPredictions;
    ToolFiles files;
    std::set<QString> keys;
    QByteArray &tasks = files.tasks;
    EVALWRIGHT_TRY(forEachToolTask(connection, review, slots, identity, [&](const ToolTask &task) -> Status {
        const QStringList own = task.item.keys();
        keys.insert(own.begin(), own.end());
        tasks += files.count++ == 0 ? "[\n" : ",\n";
        tasks += canonicalJson(tool == Tool::LabelStudio ? labelStudioTask(job, task) : argillaRecord(job, task));
        if (tasks.size() > mostSealedBytes)
            return failure(Error(ErrorCode::InvalidInput, u"These lists are more than 256 MiB."_s,
                                 u"Write fewer lists into one file."_s)
                               .withConsequence(u"Nothing was written."_s));
        return {};
    }));
    tasks += files.count == 0 ? "[]\n" : "\n]\n";
    if (tool == Tool::LabelStudio) {
        LabelStudioConfig config = labelStudioConfig(job);
        files.settings = std::move(config.xml);
        files.notes = std::move(config.notes);
    } else {
        ArgillaSettings settings = argillaSettings(job, QStringList(keys.begin(), keys.end()));
        files.settings = canonicalJson(settings.document) + '\n';
        files.notes = std::move(settings.notes);
    }
    return files;
}

QString settingsPath(Tool tool, const QString &path)
{
    const QString base = path.endsWith(".json"_L1) ? path.chopped(5) : path;
    return base + (tool == Tool::LabelStudio ? u".config.xml"_s : u".settings.json"_s);
}

Result<WrittenTasks> writeTasks(const std::shared_ptr<Project> &project, ReviewId id, Tool tool, const QString &path,
                                const ToolExportOptions &options)
{
    WrittenTasks made;
    made.tool = tool;
    made.path = path;
    made.settingsPath = settingsPath(tool, path);
    made.isBlind = !options.showPredictions;
    const auto make = [&](Connection &c, const Review &review, const QList<int> &slots,
                          const BundleIdentity &identity) -> Result<Outgoing> {
        EVALWRIGHT_ASSIGN(const ToolFiles files, toolFiles(c, review, tool, slots, identity, options));
        made.tasks = files.count;
        made.notes = files.notes;
        made.sha256 = sha256Hex(files.tasks);
        return Outgoing{{{made.settingsPath, files.settings}, {path, files.tasks}}, made.sha256};
    };
    EVALWRIGHT_ASSIGN(const GivenAway given, giveAway(project, id, {made.settingsPath, path}, options, make));
    made.exportId = given.uuid;
    made.slots = given.slots;
    return made;
}

} // namespace evalwright::review
