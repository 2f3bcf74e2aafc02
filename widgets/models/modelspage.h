// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "widgets/theme/numberstable.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableWidget;

namespace evalwright {

class Banner;
class EmptyState;
class EngineSetup;
class ModelProbes;
struct LadderFile;
struct LadderPlace;
class Session;

/// The project's models, what their servers can do, and the local engine with its catalogue.
class ModelsPage : public QWidget
{
    Q_OBJECT

public:
    ModelsPage(Session &session, EngineSetup &setup, QWidget *parent = nullptr);

    /// Adds a catalogue model to the project, under its catalogue name.
    void addLocal(const QString &catalogueName);
    void addEndpoint();
    void addGguf();
    /// Stores where a model stands on its ladder, when that is another place than before.
    void setPlace(const Model &model, const LadderPlace &place);
    /// Reads a ladder from a table (lm/ladderfile.h): adds models and sets what it knows of those that are there.
    void importLadder(const QString &path);
    /// Adds a model on a server, and asks at once what it can do.
    void storeAndProbe(const Model &model);
    /// Probes the models whose server is not the one that was probed.
    void probeChanged();

private:
    void reload();
    void show(const QList<Model> &models);
    void showEngine();
    void showRunning();
    void store(const Model &model);
    void showBadges();
    void showChanges();
    void probeSelected();
    void removeSelected();
    void editSelected();
    void chooseLadder();
    void applyRows(const LadderFile &file);
    void installOrAdd(const QString &catalogueName);
    QString selectedModel() const;
    void updateButtons();

    Session &m_session;
    EngineSetup &m_setup;
    ModelProbes *m_probes;
    Banner *m_banner;
    QStackedWidget *m_stack;
    QTableWidget *m_table, *m_catalogue;
    EmptyState *m_empty;
    QPushButton *m_probe, *m_edit, *m_remove, *m_install;
    QLabel *m_engineText, *m_running;
    QProgressBar *m_progress;
    QList<Model> m_models;
    bool m_tellsOfChange = false; ///< The banner says that a server has changed.
};

} // namespace evalwright
