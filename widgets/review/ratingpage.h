// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "widgets/review/activetime.h"
#include "widgets/review/ratererror.h"
#include "widgets/review/reviewkeys.h"

#include <QWidget>

#include <optional>

class QLabel;
class QPushButton;

namespace evalwright {

class Banner;
class ItemView;
class QuestionList;
class ReviewFlow;
class ReviewSettings;

/// One item with its questions. The marked question is the one that keys answer; when it has its answer, the next one
/// without is marked.
class RatingPage : public QWidget
{
    Q_OBJECT

public:
    /// `settings` and `clock` must outlive it.
    RatingPage(ReviewSettings &settings, const Clock &clock, const SteadyClock &steady, QWidget *parent = nullptr);

    /// The flow must outlive the page or be replaced; null: none.
    void setFlow(ReviewFlow *flow);
    /// False when the key means nothing here.
    bool take(const ReviewKey &key);
    ActiveTime &time() { return m_time; }
    void showError(const Error &error, bool again);
    /// A sentence about what was stored; Enter goes on.
    void showFeedback(const QString &text);
    void focusQuestion();
    /// Of an item that is left without being stored.
    void keepDraft();

    QuestionList *questions() const { return m_questions; }
    ItemView *item() const { return m_item; }
    QString noteText() const;

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QWidget *actionRow();
    void showPlace();
    void reword();
    void wordPlace(); ///< What is said about the item.
    QString earlierText(const QString &state) const;
    void orderTabs();
    void refresh();
    void refreshButtons();
    void answered(bool last);
    void submit();
    void give(const QString &state);
    void comment();
    void say(const QString &text);

    ReviewSettings &m_settings;
    const Clock &m_clock;
    ActiveTime m_time;
    ReviewFlow *m_flow = nullptr;
    Banner *m_banner;
    QLabel *m_state, *m_about, *m_note, *m_feedback;
    ItemView *m_item;
    QuestionList *m_questions;
    QWidget *m_column;
    QPushButton *m_broken, *m_skip, *m_comment, *m_undo, *m_next;
    QString m_uuid, m_shownAt;
    std::optional<Error> m_error; ///< That the banner tells.
    RaterTask m_failed = RaterTask::Storing;
    bool m_canRetry = false;
    bool m_hasFeedback = false;
    bool m_fresh = false; ///< Neither judged nor begun before.
};

} // namespace evalwright
