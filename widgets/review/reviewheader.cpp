// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewheader.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/review/reviewsettings.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;

ReviewHeader::ReviewHeader(ReviewSettings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_title(new QLabel), m_rater(new QLabel), m_count(new QLabel),
      m_pace(new QLabel), m_breakText(new QLabel), m_bar(new QProgressBar), m_view(new QToolButton),
      m_guideline(new QPushButton(tr("Guideline  G"))), m_keys(new QPushButton(tr("Keys  ?"))),
      m_dismiss(new QPushButton(tr("Dismiss"))), m_break(new QFrame)
{
    for (QLabel *label : {m_title, m_rater, m_count, m_pace, m_breakText})
        label->setTextFormat(Qt::PlainText);
    for (QLabel *label : {m_rater, m_pace})
        setSecondary(label);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(160, 10);
    m_bar->setAccessibleName(tr("Progress"));
    m_view->setText(tr("View"));
    m_view->setAccessibleName(tr("View"));
    m_view->setPopupMode(QToolButton::InstantPopup);
    m_guideline->setAccessibleName(tr("Guideline"));
    m_keys->setAccessibleName(tr("Keys"));
    // A click leaves the focus with the question.
    for (QWidget *button : QList<QWidget *>{m_view, m_guideline, m_keys, m_dismiss})
        button->setFocusPolicy(Qt::TabFocus);
    makeMenu();

    setCard(m_break);
    m_break->hide();
    m_breakText->setText(tr("You have been rating for 30 minutes. A short break keeps judgements steady."));
    m_breakText->setWordWrap(true);
    auto *breakRow = new QHBoxLayout(m_break);
    breakRow->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(), Theme::spacing());
    breakRow->addWidget(m_breakText, 1);
    breakRow->addWidget(m_dismiss);

    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::spacing(2));
    row->addWidget(m_title);
    row->addWidget(m_rater);
    row->addStretch(1);
    row->addWidget(m_count);
    row->addWidget(m_bar);
    row->addWidget(m_pace);
    row->addWidget(m_view);
    row->addWidget(m_guideline);
    row->addWidget(m_keys);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(row);
    layout->addWidget(m_break);

    connect(m_guideline, &QPushButton::clicked, this, &ReviewHeader::guidelineWanted);
    connect(m_keys, &QPushButton::clicked, this, &ReviewHeader::keysWanted);
    connect(m_dismiss, &QPushButton::clicked, this, [this] {
        m_sinceBreak = 0;
        m_break->hide();
    });
    connect(&m_settings, &ReviewSettings::choicesChanged, this, &ReviewHeader::refresh);
    connect(&m_settings, &ReviewSettings::lookChanged, this, &ReviewHeader::refresh);
    refresh();
}

void ReviewHeader::makeMenu()
{
    auto *menu = new QMenu(m_view);
    connect(menu->addAction(tr("Larger type")), &QAction::triggered, this,
            [this] { m_settings.setPercent(m_settings.percent() + ReviewSettings::step); });
    connect(menu->addAction(tr("Smaller type")), &QAction::triggered, this,
            [this] { m_settings.setPercent(m_settings.percent() - ReviewSettings::step); });
    menu->addSeparator();
    m_contrast = menu->addAction(tr("High contrast"));
    m_paceShown = menu->addAction(tr("Show the pace"));
    m_goesOn = menu->addAction(tr("Go on after the last answer"));
    for (QAction *action : {m_contrast, m_paceShown, m_goesOn})
        action->setCheckable(true);
    connect(m_contrast, &QAction::triggered, &m_settings, &ReviewSettings::setHighContrast);
    connect(m_paceShown, &QAction::triggered, &m_settings, &ReviewSettings::setShowsPace);
    connect(m_goesOn, &QAction::triggered, &m_settings, &ReviewSettings::setGoesOn);
    menu->addSeparator();
    connect(menu->addAction(tr("Full screen")), &QAction::triggered, this, &ReviewHeader::fullScreenWanted);
    m_view->setMenu(menu);
}

void ReviewHeader::refresh()
{
    m_contrast->setChecked(m_settings.highContrast());
    m_paceShown->setChecked(m_settings.showsPace());
    m_goesOn->setChecked(m_settings.goesOn());
    QFont title = m_settings.font(ReviewSettings::Type::Body);
    title.setWeight(QFont::DemiBold);
    m_title->setFont(title);
    showPace();
}

void ReviewHeader::setTitle(const QString &title, const QString &rater)
{
    m_title->setText(tr("Review · %1").arg(singleLine(title, 48)));
    m_rater->setText(rater.isEmpty() ? QString() : tr("rater %1").arg(singleLine(rater, 24)));
}

void ReviewHeader::setProgress(qint64 done, qint64 places)
{
    const QLocale locale = this->locale();
    const double share = places > 0 ? static_cast<double>(done) / static_cast<double>(places) : 1;
    m_count->setText(tr("%1 of %2 · %3 %")
                         .arg(locale.toString(done), locale.toString(places),
                              locale.toString(static_cast<int>(std::floor(100 * share)))));
    m_bar->setRange(0, 1000);
    m_bar->setValue(static_cast<int>(1000 * share));
    m_bar->setAccessibleDescription(m_count->text());
    m_left = places - done;
    showPace();
}

void ReviewHeader::addWorked(double seconds)
{
    m_recent << seconds;
    if (m_recent.size() > paceOver)
        m_recent.removeFirst();
    m_sinceBreak += seconds;
    m_break->setVisible(m_sinceBreak >= breakAfter);
    showPace();
}

bool ReviewHeader::advisesBreak() const
{
    return !m_break->isHidden();
}

QString ReviewHeader::paceText() const
{
    const double seconds = std::accumulate(m_recent.cbegin(), m_recent.cend(), 0.0);
    if (m_recent.size() < 3 || seconds <= 0)
        return {};
    const double perMinute = 60 * static_cast<double>(m_recent.size()) / seconds;
    const QString pace = tr("%1 a minute").arg(locale().toString(perMinute, 'f', perMinute < 10 ? 1 : 0));
    if (m_left <= 0)
        return pace;
    const auto minutes = static_cast<qint64>(std::ceil(static_cast<double>(m_left) / perMinute));
    return tr("%1 · about %2 min left").arg(pace, locale().toString(minutes));
}

void ReviewHeader::showPace()
{
    const QString text = paceText();
    m_pace->setText(text);
    m_pace->setVisible(m_settings.showsPace() && !text.isEmpty());
}

QList<QWidget *> ReviewHeader::stops() const
{
    return {m_view, m_guideline, m_keys, m_dismiss};
}

} // namespace evalwright
