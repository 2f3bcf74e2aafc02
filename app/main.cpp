// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurerender.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/shell/screenshots.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QSettings>
#include <QThreadPool>
#include <QTimer>
#include <QTranslator>

#include <cstdio>

using namespace evalwright;
using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    QElapsedTimer clock;
    clock.start();
    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(u"evalwright"_s);
    QCoreApplication::setApplicationName(u"evalwright"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(EVALWRIGHT_VERSION));
    QSettings::setDefaultFormat(QSettings::IniFormat);

    QTranslator texts;
    if (texts.load(u":/i18n/evalwright_en.qm"_s))
        QCoreApplication::installTranslator(&texts);

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate("main", "Workbench for model-written evaluations"));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption theme(u"theme"_s, u"system, light or dark"_s, u"mode"_s);
    const QCommandLineOption render(
        u"render-figure"_s, u"draw the figure's JSON file into the picture named after it, and end"_s, u"spec"_s);
    const QCommandLineOption pictures(
        u"screenshot-dir"_s, u"take pictures of the project's screens, light and dark, and end"_s, u"folder"_s);
    const QCommandLineOption startup(u"startup-benchmark"_s,
                                     u"print the milliseconds until the window is painted, and end"_s);
    parser.addOptions({theme, render, pictures, startup});
    parser.addPositionalArgument(u"project"_s, u"project file"_s, u"[project]"_s);
    parser.process(application);
    const QStringList arguments = parser.positionalArguments();

    if (parser.isSet(render)) {
        const Status drawn = renderFigureFile(parser.value(render), arguments.value(0));
        if (!drawn)
            std::fprintf(stderr, "%s\n", qPrintable(drawn.error().text()));
        return drawn ? 0 : 1;
    }

    Theme look;
    const QString mode = parser.isSet(theme) ? parser.value(theme) : QSettings().value(u"theme"_s).toString();
    look.apply(application, mode == u"dark"_s    ? Theme::Mode::Dark
                            : mode == u"light"_s ? Theme::Mode::Light
                                                 : Theme::Mode::System);
    int status = 0;
    {
        Session session;
        MainWindow window(session, look);
        window.show();
        if (!arguments.isEmpty())
            window.openPath(arguments.constFirst());
        if (parser.isSet(startup)) {
            // The first event after the window's paint events.
            QTimer::singleShot(0, &window, [&clock] {
                std::printf("{\"window_shown_ms\": %lld}\n", static_cast<long long>(clock.elapsed()));
                QCoreApplication::quit();
            });
        }
        Screenshots screenshots(window, look);
        if (parser.isSet(pictures))
            screenshots.start(parser.value(pictures));
        status = QApplication::exec();
    }
    QThreadPool::globalInstance()->waitForDone();
    return status;
}
