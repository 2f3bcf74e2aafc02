// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/scaling.h"

#include <QWidget>

class QComboBox;
class QStackedWidget;

namespace evalwright {

class Banner;
class EmptyState;
class FigurePage;
class Session;

/// Scores over model size with verdicts; made again when newer results exist and the person wants it.
class ScalingPage : public QWidget
{
    Q_OBJECT

public:
    explicit ScalingPage(Session &session, QWidget *parent = nullptr);
    /// Shows one data set, or all with an empty name.
    void showDataset(const QString &name);
    FigurePage *figurePage() const { return m_page; }

Q_SIGNALS:
    void evaluationRequested();
    void loaded();

private:
    void fillDatasets();
    void build(bool replace);

    Session &m_session;
    Banner *m_banner;
    QComboBox *m_dataset;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    FigurePage *m_page;
    QString m_wanted, m_shownHash;
    quint64 m_generation = 0;
};

} // namespace evalwright
