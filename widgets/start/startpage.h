// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QListWidget;
class QProgressBar;
class QPushButton;

namespace evalwright {

class Banner;
class EngineSetup;
class Session;

/// What is there when no project is open: recent projects, new, open, the sample, and the state of the local model.
class StartPage : public QWidget
{
    Q_OBJECT

public:
    StartPage(Session &session, EngineSetup &setup, QWidget *parent = nullptr);
    /// Where `./start` puts the sample project.
    static QString samplePath();
    Banner *banner() const { return m_banner; }

Q_SIGNALS:
    void newRequested();
    void openRequested();
    void pathRequested(const QString &path);

private:
    void refill();
    void showEngine();

    Session &m_session;
    EngineSetup &m_setup;
    Banner *m_banner;
    QListWidget *m_recent;
    QLabel *m_noRecent, *m_engineText, *m_sampleText;
    QPushButton *m_engineButton, *m_sampleButton;
    QProgressBar *m_engineProgress;
};

} // namespace evalwright
