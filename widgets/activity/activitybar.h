// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids.h"
#include "core/result.h"

#include <QFrame>
#include <QHash>

class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace evalwright {

class Session;
struct ActiveJob;

/// The running, waiting and just finished jobs of this session as lines at the foot of the window.
class ActivityBar : public QFrame
{
    Q_OBJECT

public:
    explicit ActivityBar(Session &session, QWidget *parent = nullptr);

Q_SIGNALS:
    void openDataset(const QString &name);
    void openResults();
    void openJob(evalwright::JobId job);
    void showError(const QString &what, const evalwright::Error &error);

private:
    struct Line
    {
        QWidget *widget = nullptr;
        QLabel *title = nullptr, *text = nullptr;
        QProgressBar *bar = nullptr;
        QPushButton *pause = nullptr, *cancel = nullptr, *open = nullptr, *again = nullptr, *dismiss = nullptr,
                    *more = nullptr;
    };
    void refresh();
    Line makeLine(quint64 ticket);
    void fill(const Line &line, const ActiveJob &job) const;

    Session &m_session;
    QVBoxLayout *m_layout;
    QHash<quint64, Line> m_lines;
    QList<quint64> m_dismissed;
};

/// "3 412 of 5 000 · 41/s · 38 s left · 3 failed".
QString progressText(const ActiveJob &job);

} // namespace evalwright
