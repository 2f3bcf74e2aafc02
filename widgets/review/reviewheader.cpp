// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewheader.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/review/reviewsettings.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include <cmath>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int oneRow = 125; ///< Per cent; larger type needs two.

/// Cut at its end where the room is too small.
class TitleLabel : public QLabel
{
public:
    QSize minimumSizeHint() const override { return {Theme::spacing(6), QLabel::minimumSizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setPen(palette().color(QPalette::WindowText));
        const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, width());
        const QSize size(fontMetrics().horizontalAdvance(shown), fontMetrics().height());
        painter.drawText(QStyle::alignedRect(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter, size, rect()),
                         Qt::AlignCenter | Qt::TextDontClip, shown);
    }
};

/// English words between numbers keep their order in a line that runs from the right.
QString isolated(const QString &text)
{
    return text.isEmpty() ? text : u'\u2068' + text + u'\u2069';
}

} // namespace

ReviewHeader::ReviewHeader(ReviewSettings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_title(new TitleLabel), m_rater(new QLabel), m_count(new QLabel),
      m_pace(new QLabel), m_breakText(new QLabel), m_bar(new QProgressBar), m_view(new QPushButton(tr("View"))),
      m_guideline(new QPushButton(tr("Guideline  G"))), m_keys(new QPushButton(tr("Keys  ?"))),
      m_dismiss(new QPushButton(tr("Dismiss"))), m_break(new QFrame),
      m_rows(new QGridLayout), m_names(new QWidget), m_progress(new QWidget), m_buttons(new QWidget)
{
    for (QLabel *label : {m_title, m_rater, m_count, m_pace, m_breakText})
        label->setTextFormat(Qt::PlainText);
    for (QLabel *label : {m_rater, m_pace})
        setSecondary(label);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(160, 10);
    m_bar->setAccessibleName(tr("Progress"));
    m_guideline->setAccessibleName(tr("Guideline"));
    m_keys->setAccessibleName(tr("Keys"));
    // A click leaves the focus with the question.
    for (QWidget *button : QList<QWidget *>{m_view, m_guideline, m_keys, m_dismiss})
        button->setFocusPolicy(Qt::TabFocus);
    makeMenu();

    ReviewSettings::setType(m_title, ReviewSettings::Type::Body, true);
    setCard(m_break);
    m_break->hide();
    m_breakText->setText(tr("You have been rating for 30 minutes. A short break keeps judgements steady."));
    m_breakText->setWordWrap(true);
    auto *breakRow = new QHBoxLayout(m_break);
    breakRow->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(), Theme::spacing());
    breakRow->addWidget(m_breakText, 1);
    breakRow->addWidget(m_dismiss);

    const auto rowOf = [](QWidget *inside, const QList<QWidget *> &widgets) {
        auto *row = new QHBoxLayout(inside);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(Theme::spacing(2));
        for (QWidget *widget : widgets)
            row->addWidget(widget);
        return row;
    };
    rowOf(m_names, {m_title, m_rater})->addStretch(1);
    rowOf(m_progress, {m_count, m_bar, m_pace})->addStretch(1);
    rowOf(m_buttons, {m_view, m_guideline, m_keys});
    m_rows->setHorizontalSpacing(Theme::spacing(2));
    m_rows->setColumnStretch(0, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(m_rows);
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
    connect(m_view, &QPushButton::clicked, this, [this, menu] {
        menu->popup(m_view->mapToGlobal(isRightToLeft() ? m_view->rect().bottomRight() : m_view->rect().bottomLeft()));
    });
}

void ReviewHeader::refresh()
{
    m_contrast->setChecked(m_settings.highContrast());
    m_paceShown->setChecked(m_settings.showsPace());
    m_goesOn->setChecked(m_settings.goesOn());
    placeRows();
    showPace();
}

void ReviewHeader::placeRows()
{
    for (QWidget *part : {m_names, m_progress, m_buttons})
        m_rows->removeWidget(part);
    m_rows->addWidget(m_names, 0, 0);
    const bool one = m_settings.percent() <= oneRow;
    m_rows->addWidget(m_buttons, 0, one ? 2 : 1);
    if (one)
        m_rows->addWidget(m_progress, 0, 1);
    else
        m_rows->addWidget(m_progress, 1, 0, 1, 2);
}

void ReviewHeader::setTitle(const QString &title, const QString &rater)
{
    m_title->setText(tr("Review · %1").arg(singleLine(title, 80)));
    m_rater->setText(rater.isEmpty() ? QString() : tr("rater %1").arg(singleLine(rater, 24)));
}

void ReviewHeader::setProgress(qint64 done, qint64 places)
{
    const QLocale locale = this->locale();
    const double share = places > 0 ? static_cast<double>(done) / static_cast<double>(places) : 1;
    const QString count = tr("%1 of %2 · %3 %")
                              .arg(locale.toString(done), locale.toString(places),
                                   locale.toString(static_cast<int>(std::floor(100 * share))));
    m_count->setText(isolated(count));
    m_bar->setRange(0, 1000);
    m_bar->setValue(static_cast<int>(1000 * share));
    m_bar->setAccessibleDescription(count);
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
    m_pace->setText(isolated(text));
    m_pace->setVisible(m_settings.showsPace() && !text.isEmpty());
}

QList<QWidget *> ReviewHeader::stops() const
{
    return {m_view, m_guideline, m_keys, m_dismiss};
}

} // namespace evalwright
