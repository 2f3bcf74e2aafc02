// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "widgets/inspector/provenancereport.h"

#include <QTimer>
#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace evalwright {

class Banner;

/// The inspector: how a statement came to be, what people said about it, what models answered to it. Reads in the
/// background; while a reading is under way the former content stays.
class ProvenancePanel : public QWidget
{
    Q_OBJECT

public:
    explicit ProvenancePanel(QWidget *parent = nullptr);

    /// Another project, or none; shows nothing until a candidate is chosen.
    void setProject(std::shared_ptr<Project> project);
    /// An invalid id clears the panel.
    void showCandidate(CandidateId id);
    CandidateId candidate() const { return m_candidate; }

Q_SIGNALS:
    /// The candidate asked for last is shown, or its reading failed.
    void loaded();
    /// The request behind a step is wanted.
    void requestWanted(evalwright::ResponseId response);

private:
    void read();
    void rebuild(const ProvenanceReport &report);
    void clearContent();
    void addHeading(const QString &text);
    void addEmptyState(const QString &text);
    void addSteps(const QList<TimelineEntry> &entries);

    std::shared_ptr<Project> m_project;
    CandidateId m_candidate;
    quint64 m_generation = 0;
    bool m_reading = false, m_readAgain = false;
    QString m_signature;
    QTimer m_refresh;
    Banner *m_banner;
    QScrollArea *m_scroll;
    QVBoxLayout *m_column = nullptr;
};

} // namespace evalwright
