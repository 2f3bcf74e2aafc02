// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/figurerender.h"
#include "review/bundlesitting.h"
#include "widgets/review/answerssaved.h"
#include "widgets/review/openreview.h"
#include "widgets/review/reviewsettings.h"
#include "widgets/review/reviewwindow.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/shell/screenshots.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>
#include <QTranslator>

#include <algorithm>
#include <cstdio>
#include <memory>

using namespace evalwright;
using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    QElapsedTimer clock;
    clock.start();
    // What only prints needs no display.
    const bool wordsOnly = std::any_of(argv + 1, argv + argc, [](const char *argument) {
        const QByteArray text(argument);
        return text == "--help" || text == "-h" || text == "--help-all" || text == "--version" || text == "-v";
    });
    const std::unique_ptr<QCoreApplication> anyApplication(wordsOnly ? new QCoreApplication(argc, argv)
                                                                     : new QApplication(argc, argv));
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
    const QCommandLineOption size(u"size"_s,
                                  u"with --render-figure: column (85 mm), double (170 mm), slide, or pixels as 960x640"_s,
                                  u"size"_s);
    const QCommandLineOption scale(u"scale"_s, u"with --render-figure: PNG pixels per pixel, 1, 2 (default) or 4"_s,
                                   u"factor"_s);
    const QCommandLineOption paper(u"paper"_s, u"with --render-figure: print (default), light or dark"_s, u"paper"_s);
    const QCommandLineOption pictures(
        u"screenshot-dir"_s, u"take pictures of the project's screens, light and dark, and end"_s, u"folder"_s);
    const QCommandLineOption startup(u"startup-benchmark"_s,
                                     u"print the milliseconds until the window is painted, and end"_s);
    const QCommandLineOption list(u"list"_s, u"with a rater bundle that holds several lists: which one, from 1"_s, u"number"_s);
    const QCommandLineOption language(
        u"lang"_s, u"with a rater bundle: language of the window, %1"_s.arg(ReviewLanguage::all().join(u", "_s)),
        u"language"_s);
    parser.addOptions({theme, render, size, scale, paper, pictures, startup, list, language});
    parser.addPositionalArgument(u"project"_s, u"project file, or a rater bundle (.ewbundle)"_s, u"[project]"_s);
    parser.process(*anyApplication);
    auto &application = static_cast<QApplication &>(*anyApplication); // The words have ended the program.
    QStringList arguments = parser.positionalArguments();
    // Pictures show the project as it is, and leave it and the person's settings so.
    const QTemporaryDir apart;
    if (parser.isSet(pictures)) {
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, apart.path());
        if (!arguments.isEmpty()) {
            const QString copy = apart.filePath(QFileInfo(arguments.constFirst()).fileName());
            if (!apart.isValid() || !QFile::copy(arguments.constFirst(), copy)) {
                std::fprintf(stderr, "%s cannot be copied\n", qPrintable(arguments.constFirst()));
                return 1;
            }
            arguments[0] = copy;
        }
    }

    if (parser.isSet(render)) {
        const auto rendering =
            FigureRendering::fromWords(parser.value(size), parser.value(scale), parser.value(paper));
        const Status drawn = rendering ? renderFigureFile(parser.value(render), arguments.value(0), *rendering)
                                       : failure(rendering.error());
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
    if (arguments.value(0).endsWith(u".ewbundle"_s)) {
        // Raters elsewhere: no project, no session; what they say is in a journal beside the bundle, and is sent back as
        // one file.
        const auto sitting = std::make_shared<std::shared_ptr<review::BundleSitting>>();
        bool isNumber = true;
        const std::optional<int> number =
            parser.isSet(list) ? std::optional<int>(parser.value(list).toInt(&isNumber)) : std::nullopt;
        if (!isNumber) {
            std::fprintf(stderr, "--list needs a number\n");
            return 2;
        }
        const QString wanted = parser.value(language).replace(u'-', u'_');
        if (parser.isSet(language) && ReviewLanguage::nearest(wanted).isEmpty()) {
            std::fprintf(stderr, "--lang needs one of %s\n", qPrintable(ReviewLanguage::all().join(u", "_s)));
            return 2;
        }
        ReviewLanguage words;
        {
            const std::unique_ptr<ReviewWindow> window(
                openBundleWindow(arguments.constFirst(), number,
                                 [sitting](const std::shared_ptr<review::BundleSitting> &opened) { *sitting = opened; },
                                 parser.isSet(language) ? ReviewLanguage::nearest(wanted) : QString()));
            window->show();
            status = QApplication::exec();
            words.set(window->settings().language());
        }
        QThreadPool::globalInstance()->waitForDone();
        if (!*sitting)
            return status;
        const auto saved = (*sitting)->saveAnswers().result();
        const Result<QString> path = saved ? Result<QString>(saved->path) : failure(saved.error());
        std::fprintf(saved ? stdout : stderr, "%s\n", qPrintable(answersSavedText(path, words)));
        answersSavedBox(path, words)->exec();
        return saved ? status : 1;
    }
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
