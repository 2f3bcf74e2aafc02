// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>

class QAction;
class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace evalwright {

class ReviewSettings;

/// What is reviewed, how far one is, and how the window looks. Below it, now and then, the advice to take a break.
class ReviewHeader : public QWidget
{
    Q_OBJECT

public:
    static constexpr double breakAfter = 30 * 60; ///< Active seconds.
    static constexpr qsizetype paceOver = 20;     ///< Items.

    explicit ReviewHeader(ReviewSettings &settings, QWidget *parent = nullptr);
    void setTitle(const QString &title, const QString &rater);
    void setProgress(qint64 done, qint64 places);
    /// Active seconds of an item that was stored just now.
    void addWorked(double seconds);
    bool advisesBreak() const;
    QString paceText() const;
    QList<QWidget *> stops() const;

Q_SIGNALS:
    void guidelineWanted();
    void keysWanted();
    void fullScreenWanted();

private:
    void showPace();
    void makeMenu();
    void refresh();
    void placeRows();

    ReviewSettings &m_settings;
    QLabel *m_title, *m_rater, *m_count, *m_pace, *m_breakText;
    QProgressBar *m_bar;
    QPushButton *m_view, *m_guideline, *m_keys, *m_dismiss;
    QFrame *m_break;
    QGridLayout *m_rows;
    QWidget *m_names, *m_progress, *m_buttons;
    QAction *m_contrast = nullptr, *m_paceShown = nullptr, *m_goesOn = nullptr;
    QList<double> m_recent; ///< Seconds of the last items.
    double m_sinceBreak = 0;
    qint64 m_left = 0;
};

} // namespace evalwright
