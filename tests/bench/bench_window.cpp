// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../support/fakeaccess.h"
#include "../support/fakemodel.h"
#include "storage/repositories/models.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// How long the GUI thread is away from its event loop while a generation job runs at full speed against a server in
/// this process, with the items and the funnel of the growing data set open. Prints one JSON line.
int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QTemporaryDir folder;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    QCoreApplication::setOrganizationName(u"evalwright"_s);
    QCoreApplication::setApplicationName(u"bench"_s);
    Theme theme;
    theme.apply(application, Theme::Mode::Light);
    TestServer server(fakeModel);
    FakeAccess access(server.baseUrl());
    Session session(nullptr, &access);
    MainWindow window(session, theme);
    window.show();

    std::vector<double> gaps;
    QElapsedTimer since;
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, &window, [&] {
        gaps.push_back(static_cast<double>(since.nsecsElapsed()) / 1e6);
        since.restart();
        // A frame: everything that is visible is painted again.
        window.repaint();
    });
    QObject::connect(&session, &Session::projectChanged, &window, [&] {
        if (!session.project())
            return;
        Model model;
        model.name = u"fake"_s;
        model.baseUrl = server.baseUrl();
        model.modelId = u"fake"_s;
        session.change(
            [model](Connection &c) -> Status {
                EVALWRIGHT_TRY(addModel(c, model));
                return {};
            },
            {Topic::Models});
    });
    QObject::connect(&session, &Session::topicChanged, &window, [&](Topic topic) {
        if (topic != Topic::Models || beat.isActive())
            return;
        GenerateSpec spec;
        spec.recipe = *loadPreset(u"persona-yes-no"_s);
        spec.recipe.writing().count = 2000;
        spec.recipe.select.keepPerLabel = 20;
        spec.dataset = u"set"_s;
        spec.writer = spec.checker = u"fake"_s;
        session.startGenerate(spec);
        since.start();
        beat.start(10);
    });
    int status = 1;
    QObject::connect(&session.jobs(), &JobQueue::finished, &window, [&](const ActiveJob &job) {
        beat.stop();
        std::sort(gaps.begin(), gaps.end());
        const auto at = [&](double share) {
            return gaps.empty() ? 0 : gaps[static_cast<size_t>(share * static_cast<double>(gaps.size() - 1))];
        };
        std::printf("{\"bench\": \"window_during_generation\", \"ok\": %s, \"requests\": %d, \"frames\": %zu, "
                    "\"median_ms\": %.1f, \"p99_ms\": %.1f, \"longest_ms\": %.1f}\n",
                    job.state == ActiveJob::State::Done ? "true" : "false", server.requests(), gaps.size(), at(0.5),
                    at(0.99), at(1));
        status = job.state == ActiveJob::State::Done ? 0 : 1;
        window.close();
        QCoreApplication::quit();
    });
    session.createProject(folder.filePath(u"bench.evalwright"_s), u"bench"_s);
    QApplication::exec();
    return status;
}
