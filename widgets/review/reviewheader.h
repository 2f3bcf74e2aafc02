// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

class QAction;
class QActionGroup;
class QLabel;
class QMenu;
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
    void setPractice(); ///< Instead of a title.
    void setProgress(qint64 done, qint64 places);
    /// Active seconds of an item that was stored just now.
    void addWorked(double seconds);
    bool advisesBreak() const;
    QString paceText() const;
    QList<QWidget *> stops() const;
    QMenu *menu() const { return m_menu; }
    /// Languages to choose from, in the menu.
    void setLanguages(const QStringList &languages);

Q_SIGNALS:
    void guidelineWanted();
    void keysWanted();
    void fullScreenWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    void reword();
    void showTitle();
    void showCount();
    void showPace();
    void makeMenu();
    void refresh();

    ReviewSettings &m_settings;
    QLabel *m_title, *m_rater, *m_count, *m_pace, *m_breakText;
    QProgressBar *m_bar;
    QPushButton *m_view, *m_guideline, *m_keys, *m_dismiss;
    QFrame *m_break;
    QMenu *m_menu, *m_languages;
    QAction *m_larger = nullptr, *m_smaller = nullptr, *m_contrast = nullptr, *m_paceShown = nullptr,
            *m_goesOn = nullptr, *m_fullScreen = nullptr;
    QActionGroup *m_choice = nullptr; ///< Of the language.
    QString m_name, m_code; ///< Of what is reviewed, of the rater.
    bool m_practises = false;
    QList<double> m_recent; ///< Seconds of the last items.
    double m_sinceBreak = 0;
    qint64 m_done = 0, m_places = 0;
};

} // namespace evalwright
