// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/ratingpage.h"

#include "core/hash.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/review/fittingrows.h"
#include "widgets/review/itemview.h"
#include "widgets/review/questionlist.h"
#include "widgets/review/questionpanel.h"
#include "widgets/review/reviewbanner.h"
#include "widgets/review/reviewflow.h"
#include "widgets/review/reviewsettings.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;
using review::GivenJudgement;
using review::Place;

namespace {

constexpr int columnWidth = 900; ///< Pixels at 100 %: about as many letters as one reads well in a line.

} // namespace

RatingPage::RatingPage(ReviewSettings &settings, const Clock &clock, const SteadyClock &steady, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_clock(clock), m_time(steady), m_banner(new Banner), m_state(new QLabel),
      m_about(new QLabel), m_note(new QLabel), m_feedback(new QLabel), m_item(new ItemView),
      m_questions(new QuestionList(settings)), m_column(new QWidget), m_broken(new QPushButton),
      m_skip(new QPushButton), m_comment(new QPushButton), m_undo(new QPushButton), m_next(new QPushButton)
{
    for (QLabel *label : {m_state, m_about, m_note, m_feedback}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    setSecondary(m_state);
    setSecondary(m_about);
    for (QLabel *label : {m_state, m_about})
        label->setMargin(ItemView::inset);
    m_feedback->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    setCard(m_feedback);
    m_feedback->hide();
    m_questions->setFooter(m_feedback);
    ReviewSettings::setType(m_feedback, ReviewSettings::Type::Question);

    auto *column = new QVBoxLayout(m_column);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::spacing());
    column->addWidget(m_banner);
    auto *texts = new QVBoxLayout; // In line with the questions, which have their mark before them.
    for (QWidget *widget : QList<QWidget *>{m_state, m_about, m_item})
        texts->addWidget(widget);
    auto *indented = new QHBoxLayout;
    indented->setSpacing(0);
    indented->addSpacing(Theme::spacing(2) - ItemView::inset);
    indented->addLayout(texts);
    column->addLayout(indented);
    column->addSpacing(Theme::spacing());
    column->addWidget(m_questions, 1);
    column->addWidget(m_note);
    column->addWidget(actionRow());
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addStretch(1);
    layout->addWidget(m_column, 1000);
    layout->addStretch(1);

    connect(m_banner, &Banner::actionTriggered, this, [this] {
        m_banner->hide();
        if (m_flow)
            m_flow->tryAgain();
    });
    connect(m_questions, &QuestionList::answered, this, &RatingPage::answered);
    connect(&m_settings, &ReviewSettings::lookChanged, this, &RatingPage::refresh);
    reword();
    refresh();
}

void RatingPage::reword()
{
    const auto name = [](QPushButton *button, const QString &text, const QString &key) {
        button->setText(withKey(text, key));
        button->setAccessibleName(text);
    };
    name(m_broken, m_settings.translate("Review", "Broken"), u"B"_s);
    name(m_skip, m_settings.translate("Review", "Skip"), u"S"_s);
    name(m_comment, m_settings.translate("Review", "Comment"), u"C"_s);
    name(m_undo, m_settings.translate("Review", "Undo"), u"Z"_s);
    name(m_next, m_settings.translate("Review", "Next"), u"↵"_s);
    m_item->setAccessibleName(m_settings.translate("Review", "Item"));
    m_note->setAccessibleName(m_settings.translate("Review", "Note"));
    m_banner->setWords(bannerWords(m_settings));
    wordPlace();
}

QString RatingPage::earlierText(const QString &state) const
{
    if (state == skippedState)
        return m_settings.translate("Review", "You skipped this item. An answer now is stored as a correction.");
    if (state == brokenState)
        return m_settings.translate("Review", "You called this item broken. An answer now is stored as a correction.");
    return m_settings.translate("Review", "You have judged this item. What you change is stored as a correction.");
}

void RatingPage::wordPlace()
{
    if (!m_flow || !m_flow->place())
        return;
    const Place &place = *m_flow->place();
    m_about->setText(place.item.occupation.isEmpty()
                         ? QString()
                         : m_settings.translate("Review", "Occupation: %1 · other person: %2")
                               .arg(singleLine(place.item.occupation, 80), singleLine(place.item.otherPerson, 80)));
    m_about->setVisible(!m_about->text().isEmpty());
    m_state->setText(place.given ? earlierText(place.given->state) : QString());
    m_state->setVisible(place.given.has_value());
}

void RatingPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::LanguageChange)
        return;
    reword();
    say({}); // A hint is for the moment.
    if (m_error && !m_banner->isHidden())
        showError(Error(*m_error), m_canRetry);
}

QWidget *RatingPage::actionRow()
{
    setPrimary(m_next);
    const auto groupOf = [](const QList<QPushButton *> &buttons) {
        auto *group = new QWidget;
        auto *row = new QHBoxLayout(group);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(Theme::spacing());
        for (QPushButton *button : buttons)
            row->addWidget(button);
        return std::pair(group, row);
    };
    const auto [others, first] = groupOf({m_broken, m_skip, m_comment});
    const auto [onwards, last] = groupOf({m_undo, m_next});
    first->addStretch(1);
    last->insertStretch(0, 1);
    // A click leaves the focus with the question.
    for (QPushButton *button : {m_broken, m_skip, m_comment, m_undo, m_next})
        button->setFocusPolicy(Qt::TabFocus);
    connect(m_broken, &QPushButton::clicked, this, [this] { give(brokenState); });
    connect(m_skip, &QPushButton::clicked, this, [this] { give(skippedState); });
    connect(m_comment, &QPushButton::clicked, this, &RatingPage::comment);
    connect(m_undo, &QPushButton::clicked, this, [this] { take({ReviewAct::Undo}); });
    connect(m_next, &QPushButton::clicked, this, [this] {
        if (m_flow && !m_flow->isBusy())
            submit();
    });
    return new FittingRows({others, onwards}, 1);
}

void RatingPage::setFlow(ReviewFlow *flow)
{
    if (m_flow)
        m_flow->disconnect(this);
    m_flow = flow;
    m_banner->hide();
    if (!flow)
        return;
    m_questions->setQuestionnaire(flow->info().questionnaire);
    connect(flow, &ReviewFlow::shown, this, &RatingPage::showPlace);
    connect(flow, &ReviewFlow::busyChanged, this, &RatingPage::refreshButtons);
    connect(flow, &ReviewFlow::failed, this, [this](const Error &error, bool again) {
        m_failed = m_flow->isBusy() ? RaterTask::Reading : again ? RaterTask::Storing : RaterTask::Asking;
        showError(error, again);
    });
    connect(flow, &ReviewFlow::stored, this, [this] { m_banner->hide(); });
}

void RatingPage::showPlace()
{
    const Place &place = *m_flow->place();
    auto draft = m_flow->draft(place.position);
    if (draft && place.given && draft->answers == place.given->answers)
        draft.reset(); // The window was closed while it was being stored.
    m_uuid = draft ? draft->uuid : newUuid();
    m_shownAt = draft ? draft->shownAt : isoUtc(m_clock.nowUtc());
    const json given = draft ? draft->answers : place.given ? place.given->answers : json::object();
    m_item->showText(place.item.text);
    wordPlace();
    m_banner->hide();
    m_hasFeedback = false;
    m_feedback->hide();
    say({});
    m_fresh = !place.given && given.empty();
    m_questions->fill(place, given);
    orderTabs();
    m_time.restart(draft ? draft->seconds : 0);
    m_questions->markFirst();
    refreshButtons();
}

void RatingPage::orderTabs()
{
    QWidget *last = m_item;
    const auto next = [&last](QWidget *widget) {
        setTabOrder(last, widget);
        last = widget;
    };
    for (QWidget *stop : m_questions->stops())
        next(stop);
    for (QPushButton *button : {m_broken, m_skip, m_comment, m_undo, m_next})
        next(button);
}

void RatingPage::answered(bool last)
{
    say({});
    if (!last || m_hasFeedback)
        return;
    // What was begun before is looked at once more.
    if (m_settings.goesOn() && m_fresh && m_questions->isAllAnswered())
        submit();
    else if (!m_questions->advance())
        m_next->setFocus(Qt::TabFocusReason);
}

void RatingPage::submit()
{
    if (m_hasFeedback) {
        m_hasFeedback = false;
        m_flow->goOn();
        return;
    }
    if (QuestionPanel *missing = m_questions->firstMissing()) {
        say(m_settings.translate("Review", "This question has no answer yet: %1").arg(missing->accessibleName()));
        missing->takeFocus();
        return;
    }
    give(submittedState);
}

void RatingPage::give(const QString &state)
{
    if (!m_flow || m_flow->isBusy() || !m_flow->place() || m_hasFeedback)
        return;
    m_time.input();
    GivenJudgement judgement;
    judgement.uuid = m_uuid;
    judgement.position = m_flow->place()->position;
    judgement.state = state;
    judgement.replaces = m_flow->place()->given ? m_flow->place()->given->uuid : QString();
    judgement.answers = m_questions->answers();
    judgement.shownAt = m_shownAt;
    judgement.submittedAt = isoUtc(m_clock.nowUtc());
    judgement.secondsActive = m_time.seconds();
    m_flow->store(judgement);
}

void RatingPage::keepDraft()
{
    if (!m_flow || !m_flow->place() || m_hasFeedback)
        return;
    const Place &place = *m_flow->place();
    const json answers = m_questions->answers();
    // Of what was only looked at the time is kept, and nothing beyond the window.
    const bool isBegun = !answers.empty() && (!place.given || answers != place.given->answers);
    m_flow->setDraft(place.position, {m_uuid, m_shownAt, answers, m_time.seconds(), isBegun});
}

bool RatingPage::take(const ReviewKey &key)
{
    if (!m_flow || key.act == ReviewAct::None)
        return false;
    // An answer to what is not yet seen would be none: until the item is there, keys mean nothing.
    if (m_flow->isBusy() || !m_flow->place())
        return true;
    switch (key.act) {
    case ReviewAct::Submit:
        if (m_hasFeedback || !m_questions->chooseReached())
            submit();
        return true;
    case ReviewAct::Escape:
        if (!m_questions->isTyping())
            return false;
        if (!m_questions->advance())
            m_next->setFocus(Qt::TabFocusReason);
        return true;
    case ReviewAct::Skip:
        give(skippedState);
        return true;
    case ReviewAct::Broken:
        give(brokenState);
        return true;
    case ReviewAct::Comment:
        comment();
        return true;
    case ReviewAct::Undo:
        if (!m_flow->canUndo()) {
            say(m_settings.translate("Review", "Nothing has been stored in this sitting. %1 shows earlier items.")
                    .arg(nameOf(NamedKey::PageUp, m_settings.words())));
            return true;
        }
        keepDraft();
        m_flow->undo();
        return true;
    case ReviewAct::Earlier:
        keepDraft();
        m_flow->earlier();
        return true;
    case ReviewAct::Later:
        keepDraft();
        m_flow->later();
        return true;
    case ReviewAct::Left:
    case ReviewAct::Right:
    case ReviewAct::Up:
    case ReviewAct::Down:
        if (m_item->hasFocus())
            return false; // It scrolls.
        m_questions->move(key.act);
        return true;
    case ReviewAct::Yes:
    case ReviewAct::No:
    case ReviewAct::Digit:
        if (!m_hasFeedback)
            m_questions->take(key);
        return true;
    default:
        return false;
    }
}

void RatingPage::comment()
{
    if (!m_questions->comment())
        say(m_settings.translate("Review", "These questions have no comment."));
}

void RatingPage::showError(const Error &error, bool again)
{
    m_error = error;
    m_canRetry = again;
    m_banner->showError(forRaters(error, m_failed, m_settings.words()));
    if (again)
        m_banner->setAction(m_settings.translate("Review", "Try again"));
}

void RatingPage::showFeedback(const QString &text)
{
    m_hasFeedback = true;
    m_feedback->setText(text);
    m_feedback->show();
    m_questions->showFooter();
    m_next->setFocus(Qt::TabFocusReason);
    refreshButtons();
}

void RatingPage::focusQuestion()
{
    m_questions->focusMarked();
}

void RatingPage::say(const QString &text)
{
    m_note->setText(text);
}

QString RatingPage::noteText() const
{
    return m_note->text();
}

void RatingPage::refreshButtons()
{
    m_undo->setEnabled(m_flow && m_flow->canUndo());
}

void RatingPage::refresh()
{
    m_item->setFont(m_settings.font(ReviewSettings::Type::Item));
    m_column->setMaximumWidth(columnWidth * (100 + m_settings.percent()) / 200);
    m_item->setHighest(height() * 9 / 20);
}

void RatingPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_item->setHighest(height() * 9 / 20);
}

} // namespace evalwright
