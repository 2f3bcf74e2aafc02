// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/screenshots.h"

#include "core/onfinished.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "widgets/actions/commandpalette.h"
#include "widgets/comparison/comparepage.h"
#include "widgets/dataset/datasetpage.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/evaluation/resultspage.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/newdatasetdialog.h"
#include "widgets/wizard/trialpage.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QRadioButton>
#include <QSettings>
#include <QTabWidget>
#include <QTableView>
#include <QTimer>

#include <cstdio>

namespace evalwright {

using namespace Qt::StringLiterals;

Screenshots::Screenshots(MainWindow &window, Theme &theme) : m_window(window), m_theme(theme) {}

void Screenshots::start(const QString &folder)
{
    m_folder = folder;
    const auto dataset = [this] {
        for (int i = 0; i < m_window.tabs()->count(); ++i) {
            if (auto *page = qobject_cast<DatasetPage *>(m_window.tabs()->widget(i))) {
                m_window.tabs()->setCurrentIndex(i);
                return page;
            }
        }
        return static_cast<DatasetPage *>(nullptr);
    };
    const auto wizard = [this] { return m_window.findChild<NewDatasetDialog *>(); };
    m_window.resize(1440, 900);
    m_steps = {{{}, [] {}, 1500},
               {u"overview"_s,
                [dataset] {
                    if (auto *page = dataset())
                        page->setView(DatasetPage::Overview);
                }},
               {u"funnel"_s,
                [dataset] {
                    if (auto *page = dataset())
                        page->setView(DatasetPage::Funnel);
                }},
               {u"items"_s,
                [dataset] {
                    if (auto *page = dataset()) {
                        page->setView(DatasetPage::Items);
                        QTimer::singleShot(300, page, [page] { page->items()->table()->selectRow(2); });
                    }
                },
                1400},
               {u"filter"_s,
                [dataset] {
                    if (auto *page = dataset())
                        page->setView(DatasetPage::Filter);
                },
                2500},
               {u"map"_s,
                [dataset] {
                    if (auto *page = dataset())
                        page->setView(DatasetPage::Map);
                },
                5000},
               {u"lint"_s,
                [dataset] {
                    if (auto *page = dataset())
                        page->setView(DatasetPage::Lint);
                },
                2500},
               {u"review"_s,
                [dataset] {
                    if (auto *page = dataset())
                        page->setView(DatasetPage::Review);
                },
                1500},
               {u"card"_s,
                [dataset] {
                    if (auto *page = dataset())
                        page->setView(DatasetPage::Card);
                },
                1500},
               {u"export"_s, [this] { m_window.exportDatasets(); }, 1000},
               {{},
                [this] {
                    for (QDialog *dialog : m_window.findChildren<QDialog *>())
                        dialog->close();
                }},
               {u"models"_s, [this] { m_window.showModels(); }},
               {u"results"_s, [this] { m_window.showResults(); }},
               {u"findings"_s,
                [this] {
                    if (auto *page = m_window.findChild<ResultsPage *>())
                        page->setView(ResultsPage::View::Findings);
                },
                1500},
               {u"scaling"_s, [this] { m_window.showScaling(); }, 1000},
               {u"compare"_s,
                [this] {
                    m_window.showComparison();
                    if (auto *page = m_window.findChild<ComparePage *>())
                        QTimer::singleShot(500, page, &ComparePage::compare);
                },
                3000},
               {u"gap"_s, [this] { m_window.showGap(); }, 1500},
               {u"jobs"_s, [this] { m_window.showJobs(); }},
               {u"requests"_s,
                [this] {
                    // The job that the jobs page shows first.
                    onFinished(m_window.session().project()->read([](Connection &c) { return listJobs(c); }), this,
                               [this](const Result<QList<Job>> &jobs) {
                                   if (jobs && !jobs->isEmpty())
                                       m_window.showRequests(jobs->constFirst().id, jobs->constFirst().title);
                               });
                },
                1400},
               {u"commands"_s, [this] { m_window.actions().action(u"view.palette"_s)->trigger(); }},
               {u"shortcuts"_s,
                [this] {
                    if (auto *palette = m_window.findChild<CommandPalette *>())
                        palette->close();
                    m_window.actions().action(u"view.shortcuts"_s)->trigger();
                }},
               {u"evaluation"_s,
                [this] {
                    for (QDialog *dialog : m_window.findChildren<QDialog *>())
                        dialog->close();
                    m_window.newEvaluation();
                }},
               {u"stored-answers"_s,
                [this] {
                    for (QDialog *dialog : m_window.findChildren<QDialog *>())
                        dialog->close();
                    m_window.showStoredAnswers();
                }},
               {u"wizard-family"_s,
                [this] {
                    for (QDialog *dialog : m_window.findChildren<QDialog *>())
                        dialog->close();
                    m_window.newDataset();
                }},
               {u"wizard-behaviour"_s,
                [wizard] {
                    if (wizard())
                        wizard()->goTo(1);
                }},
               {u"wizard-prompts"_s,
                [wizard] {
                    if (wizard())
                        wizard()->goTo(2);
                }},
               {u"wizard-sampling"_s,
                [wizard] {
                    if (wizard())
                        wizard()->goTo(3);
                }},
               {u"wizard-trial"_s,
                [wizard] {
                    if (wizard()) {
                        wizard()->goTo(4);
                        wizard()->draft().spec.recipe.writing().temperature = 0.8;
                        wizard()->trialPage()->run();
                    }
                },
                1000},
               {u"wizard-size"_s,
                [wizard] {
                    if (wizard())
                        wizard()->goTo(5);
                },
                2500},
               {u"wizard-multiple-choice"_s, [this] { showFamily(u"risk-multiple-choice"_s, 1); }},
               {u"wizard-sycophancy"_s, [this] { showFamily(u"sycophancy-politics"_s, 1); }},
               {u"wizard-winogender"_s, [this] { showFamily(u"winogenerated"_s, 1); }},
               {u"studio"_s, [this] { showFamily(u"risk-multiple-choice"_s, 2); }},
               {u"start"_s, [this] {
                    for (QDialog *dialog : m_window.findChildren<QDialog *>())
                        dialog->close();
                    QSettings().clear(); // The copy that is shown is nobody's recent project.
                    m_window.session().closeProject();
                }}};
    next();
}

void Screenshots::showFamily(const QString &preset, int step)
{
    auto *wizard = m_window.findChild<NewDatasetDialog *>();
    auto *button = wizard ? wizard->findChild<QRadioButton *>(preset) : nullptr;
    if (!button)
        return;
    wizard->goTo(0);
    button->click();
    wizard->goTo(step);
}

void Screenshots::next()
{
    if (m_at == m_steps.size()) {
        m_window.close();
        QCoreApplication::quit();
        return;
    }
    const Step &step = m_steps[m_at++];
    step.prepare();
    const int milliseconds = step.milliseconds;
    QTimer::singleShot(milliseconds, this, [this, name = step.name] {
        const auto *wizard = m_window.findChild<NewDatasetDialog *>();
        if (wizard && wizard->trialPage()->isRunning()) { // A model on this computer takes its time.
            QTimer::singleShot(500, this, [this] {
                --m_at;
                m_steps[m_at].prepare = [] {};
                next();
            });
            return;
        }
        if (name.isEmpty()) {
            next();
            return;
        }
        const Theme::Mode former = m_theme.mode();
        m_theme.apply(*qApp, Theme::Mode::Light);
        QTimer::singleShot(250, this, [this, name, former] {
            keep(name + u"-light"_s);
            m_theme.apply(*qApp, Theme::Mode::Dark);
            QTimer::singleShot(250, this, [this, name, former] {
                keep(name + u"-dark"_s);
                m_theme.apply(*qApp, former);
                next();
            });
        });
    });
}

void Screenshots::keep(const QString &name)
{
    QWidget *shown = QApplication::activeModalWidget();
    const QPixmap picture = (shown ? shown : &m_window)->grab();
    if (!picture.save(QDir(m_folder).filePath(name + u".png"_s))) {
        std::fprintf(stderr, "%s cannot be written to %s\n", qPrintable(name), qPrintable(m_folder));
        QCoreApplication::exit(1);
    }
}

} // namespace evalwright
