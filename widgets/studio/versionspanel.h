// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/repositories/promptversions.h"

#include <QWidget>

#include <nlohmann/json.hpp>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace evalwright {

class Session;

/// Saved versions of one stage's prompt, with their notes.
class VersionsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit VersionsPanel(Session &session, QWidget *parent = nullptr);
    /// Whose versions are shown, and the prompt as it is now. `savable`: it has no mistakes.
    void setPrompt(const QString &preset, const QString &stage, const nlohmann::json &now, bool savable);
    void save(const QString &note);
    const QList<PromptVersion> &versions() const { return m_versions; }
    void restore(int row);

Q_SIGNALS:
    void restoreRequested(const nlohmann::json &prompt);
    void failed(const evalwright::Error &error);

private:
    void load();
    Session &m_session;
    QString m_preset, m_stage;
    nlohmann::json m_now;
    QLineEdit *m_note;
    QPushButton *m_save, *m_restore;
    QListWidget *m_list;
    QLabel *m_help;
    QList<PromptVersion> m_versions;
    quint64 m_turn = 0;
};

} // namespace evalwright
