// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"

#include "core/text.h"
#include "lm/engine/installer.h"
#include "lm/httperror.h"
#include "storage/repositories/models.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QStorageInfo>

#include <curl/curl.h>
#include <future>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct Check
{
    QString name;
    bool ok = false;
    QString detail;
};

Check engineCheck()
{
    const auto installer = EngineInstaller::open();
    if (!installer)
        return {u"engine"_s, false, installer.error().text()};
    const auto status = installer->status();
    if (!status)
        return {u"engine"_s, false, status.error().text()};
    if (status->engine.ok())
        return {u"engine"_s, true, u"%1 in %2"_s.arg(status->engine.version, status->engine.path)};
    if (!status->llamaServer.isEmpty())
        return {u"engine"_s, true, u"llama-server at %1"_s.arg(status->llamaServer)};
    return {u"engine"_s, false, u"not installed; run 'evalwright-cli engine install'"_s};
}

Check diskCheck(const QString &name, const QString &folder)
{
    QString present = folder;
    while (!QFileInfo::exists(present) && present != u"/"_s)
        present = QFileInfo(present).path();
    const QStorageInfo storage(present);
    constexpr qint64 enough = 1'000'000'000;
    return {name, storage.bytesAvailable() >= enough,
            u"%1 free for %2"_s.arg(formatBytes(storage.bytesAvailable()), folder) +
                (storage.bytesAvailable() >= enough ? QString() : u"; less than 1 GB"_s)};
}

Check fontCheck()
{
    // Only the presence of font files is looked at: fonts themselves need the graphical libraries.
    for (const QString &folder :
         QStandardPaths::standardLocations(QStandardPaths::FontsLocation) + QStringList{u"/usr/share/fonts"_s}) {
        if (QDir(folder).exists() && !QDir(folder).isEmpty())
            return {u"fonts"_s, true, folder};
    }
    return {u"fonts"_s, false, u"no font folder found; pictures would have no text. Install fonts-dejavu-core."_s};
}

/// Is somebody there? Only the list of models is asked for, and without the key: a project may come from a stranger,
/// and looking at it must not hand our key to whatever host it names.
Check endpointCheck(Context &context, const Model &model)
{
    constexpr double patience = 5;
    HttpRequest request;
    request.method = "GET";
    request.url = model.baseUrl + u"/models"_s;
    request.connectSeconds = request.firstByteSeconds = request.totalSeconds = patience;
    std::promise<Result<HttpResponse>> promise;
    context.transport()->send(request, context.token(),
                              [&promise](Result<HttpResponse> reply) { promise.set_value(std::move(reply)); });
    const Result<HttpResponse> reply = promise.get_future().get();
    Check check{u"endpoint of %1"_s.arg(model.name), false, model.baseUrl};
    if (!reply) {
        check.detail += u": "_s + reply.error().text();
        return check;
    }
    constexpr int success = 200, wantsKey = 401, forbidden = 403, noSuchPage = 404, notThisWay = 405;
    const bool locked = reply->status == wantsKey || reply->status == forbidden;
    check.ok = locked || reply->status == success || reply->status == noSuchPage || reply->status == notThisWay;
    check.detail += locked ? u" answers, wants a key (none was sent)"_s
                    : check.ok
                        ? u" answers"_s + (reply->status == success ? QString() : u", without a list of models"_s)
                        : u": "_s + classifyResponse(*reply, model.baseUrl, model.keyEnv).error.text();
    return check;
}

Result<QList<Check>> checks(Context &context)
{
    QList<Check> all;
    all << Check{u"libraries"_s, true,
                 u"Qt %1, libcurl %2"_s.arg(QString::fromLatin1(qVersion()),
                                            QString::fromLatin1(curl_version_info(CURLVERSION_NOW)->version))};
    const bool tls = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_SSL) != 0;
    all << Check{u"tls"_s, tls,
                 tls ? QString::fromLatin1(curl_version_info(CURLVERSION_NOW)->ssl_version)
                     : u"libcurl has no TLS: only http endpoints work"_s};
    const bool display = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    all << Check{u"display"_s, display,
                 display ? u"present"_s : u"none: the workbench cannot open a window here, this program needs none"_s};
    const QString workbench = QCoreApplication::applicationDirPath() + u"/evalwright"_s;
    all << Check{u"workbench"_s, QFileInfo(workbench).isExecutable(), workbench};
    all << fontCheck() << engineCheck() << diskCheck(u"disk"_s, DataFolder::standard().root);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    all << Check{u"time"_s, now.date().year() >= 2025, isoUtc(now)};
    if (!context.projectPath.empty()) {
        const auto project = context.openProject(Project::Access::ReadOnly);
        if (!project) {
            all << Check{u"project"_s, false, project.error().text()};
            return all;
        }
        all << Check{u"project"_s, true, (*project)->path()}
            << diskCheck(u"project disk"_s, QFileInfo((*project)->path()).absolutePath());
        EVALWRIGHT_ASSIGN(const QList<Model> models, (*project)->readNow([](Connection &c) { return listModels(c); }));
        QStringList asked;
        for (const Model &model : models) {
            if (!model.baseUrl.isEmpty() && !asked.contains(model.baseUrl)) {
                all << endpointCheck(context, model);
                asked << model.baseUrl;
            }
            if (model.keyEnv.isEmpty())
                continue;
            const bool present = !qgetenv(model.keyEnv.toUtf8().constData()).isEmpty();
            all << Check{u"key of %1"_s.arg(model.name), present,
                         u"%1 is %2"_s.arg(model.keyEnv, present ? u"set"_s : u"not set"_s)};
        }
    }
    return all;
}

Result<int> doctor(Context &context)
{
    EVALWRIGHT_ASSIGN(const QList<Check> all, checks(context));
    json list = json::array();
    Table table{{u"check"_s, u"ok"_s, u"detail"_s}, {}, {}};
    for (const Check &check : all) {
        list.push_back({{"name", check.name.toStdString()}, {"ok", check.ok}, {"detail", check.detail.toStdString()}});
        table.rows << QStringList{check.name, check.ok ? u"yes"_s : u"NO"_s, check.detail};
    }
    context.print({{"checks", list}}, table.text());
    return Done;
}

} // namespace

void addDoctorCommand(CLI::App &app, Context &context)
{
    CLI::App *command = app.add_subcommand(
        "doctor",
        "Look at what this program needs; with -p, ask each of the project's servers for its list of models.\n"
        "Example: evalwright-cli -p study.evalwright doctor");
    command->callback([&context] { context.command = [&context] { return doctor(context); }; });
}

} // namespace evalwright::cli
