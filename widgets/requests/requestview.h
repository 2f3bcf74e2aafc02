// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/requestlog.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace evalwright {

class Banner;
class EmptyState;

/// One request as it was sent, what came back, what it took, and what is left of its failed tries. Reads in the
/// background; all texts are plain and copied exactly as they are stored. There is never a key or a header in it:
/// they are not stored.
class RequestView : public QWidget
{
    Q_OBJECT

public:
    explicit RequestView(QWidget *parent = nullptr);

    /// An invalid step clears the view.
    void showStep(const std::shared_ptr<Project> &project, StepId step);
    StepId step() const { return m_step; }
    /// Is this what is shown, or has the request gone on since?
    bool shows(const RequestRow &row) const;

Q_SIGNALS:
    /// The request asked for last is shown, or could not be read.
    void loaded();
    /// Its failed tries are shown, or could not be read.
    void triesLoaded();

private:
    struct Page
    {
        QPlainTextEdit *view = nullptr;
        QToolButton *copy = nullptr;
        QString exact; ///< What is copied.
    };
    /// Everything that the view shows, made on a reader thread.
    struct Shown
    {
        RequestDetail detail;
        QString prompt, request, requestView, answerView;
    };
    static Shown prepare(const RequestDetail &detail);
    void addPage(Page &page, const QString &name, const QString &copyName, QWidget *extra = nullptr);
    void show(const Shown &shown);
    void readTries(const std::shared_ptr<Project> &project);
    void showTries(const FailedTries &tries);
    void showAnswer();
    void set(Page &page, const QString &exact, const QString &viewed, const QString &placeholder);

    StepId m_step;
    quint64 m_turn = 0;
    Shown m_shown;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    Banner *m_banner;
    QLabel *m_title, *m_about, *m_error;
    QTabWidget *m_tabs;
    Page m_prompt, m_request, m_answer, m_tries;
    QToolButton *m_bytes;
};

} // namespace evalwright
