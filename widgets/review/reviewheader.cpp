// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewheader.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/review/fittingrows.h"
#include "widgets/review/reviewkeys.h"
#include "widgets/review/reviewsettings.h"

#include <QActionGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Cut at its end where the room is too small.
class TitleLabel : public QLabel
{
public:
    QSize minimumSizeHint() const override { return {Theme::spacing(6), QLabel::minimumSizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setLayoutDirection(layoutDirection());
        painter.setPen(palette().color(QPalette::WindowText));
        const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, width());
        const QSize size(fontMetrics().horizontalAdvance(shown), fontMetrics().height());
        painter.drawText(QStyle::alignedRect(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter, size, rect()),
                         Qt::AlignCenter | Qt::TextDontClip, shown);
    }
};

/// A name or a count keeps its own order in a line that runs the other way.
QString isolated(const QString &text)
{
    return text.isEmpty() ? text : u'\u2068' + text + u'\u2069';
}

} // namespace

ReviewHeader::ReviewHeader(ReviewSettings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_title(new TitleLabel), m_rater(new QLabel), m_count(new QLabel),
      m_pace(new QLabel), m_breakText(new QLabel), m_bar(new QProgressBar), m_view(new QPushButton),
      m_guideline(new QPushButton), m_keys(new QPushButton), m_dismiss(new QPushButton), m_break(new QFrame),
      m_menu(new QMenu(m_view)), m_languages(new QMenu(m_menu))
{
    for (QLabel *label : {m_title, m_rater, m_count, m_pace, m_breakText})
        label->setTextFormat(Qt::PlainText);
    for (QLabel *label : {m_rater, m_pace})
        setSecondary(label);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(160, 10);
    // A click leaves the focus with the question.
    for (QWidget *button : QList<QWidget *>{m_view, m_guideline, m_keys, m_dismiss})
        button->setFocusPolicy(Qt::TabFocus);
    makeMenu();

    ReviewSettings::setType(m_title, ReviewSettings::Type::Body, true);
    setCard(m_break);
    m_break->hide();
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
    auto *names = new QWidget, *progress = new QWidget, *buttons = new QWidget;
    rowOf(names, {m_title, m_rater})->addStretch(1);
    rowOf(progress, {m_count, m_bar, m_pace})->addStretch(1);
    rowOf(buttons, {m_view, m_guideline, m_keys});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(new FittingRows({names, progress, buttons}, 1));
    layout->addWidget(m_break);

    connect(m_guideline, &QPushButton::clicked, this, &ReviewHeader::guidelineWanted);
    connect(m_keys, &QPushButton::clicked, this, &ReviewHeader::keysWanted);
    connect(m_dismiss, &QPushButton::clicked, this, [this] {
        m_sinceBreak = 0;
        m_break->hide();
    });
    connect(&m_settings, &ReviewSettings::choicesChanged, this, &ReviewHeader::refresh);
    connect(&m_settings, &ReviewSettings::lookChanged, this, &ReviewHeader::refresh);
    setLanguages(ReviewLanguage::all());
    reword();
    refresh();
}

void ReviewHeader::reword()
{
    const QString guideline = m_settings.translate("Review", "Guideline"), keys = m_settings.translate("Review", "Keys");
    m_view->setText(m_settings.translate("Review", "View"));
    m_guideline->setText(withKey(guideline, u"G"_s));
    m_guideline->setAccessibleName(guideline);
    m_keys->setText(withKey(keys, u"?"_s));
    m_keys->setAccessibleName(keys);
    m_bar->setAccessibleName(m_settings.translate("Review", "Progress"));
    m_breakText->setText(
        m_settings.translate("Review", "You have been rating for 30 minutes. A short break keeps judgements steady."));
    m_dismiss->setText(m_settings.translate("Review", "Dismiss"));
    m_larger->setText(m_settings.translate("Review", "Larger type"));
    m_smaller->setText(m_settings.translate("Review", "Smaller type"));
    m_contrast->setText(m_settings.translate("Review", "High contrast"));
    m_paceShown->setText(m_settings.translate("Review", "Show the pace"));
    m_goesOn->setText(m_settings.translate("Review", "Go on after the last answer"));
    m_languages->setTitle(m_settings.translate("Review", "Language"));
    m_fullScreen->setText(m_settings.translate("Review", "Full screen"));
    for (QAction *action : m_languages->actions())
        action->setChecked(action->data() == m_settings.language());
    for (QMenu *menu : {m_menu, m_languages}) // Windows of their own do not take the direction over.
        menu->setLayoutDirection(layoutDirection());
    showTitle();
    showCount();
    showPace();
}

void ReviewHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        reword();
}

void ReviewHeader::makeMenu()
{
    m_larger = m_menu->addAction(QString(), this,
                                 [this] { m_settings.setPercent(m_settings.percent() + ReviewSettings::step); });
    m_smaller = m_menu->addAction(QString(), this,
                                  [this] { m_settings.setPercent(m_settings.percent() - ReviewSettings::step); });
    m_menu->addSeparator();
    m_contrast = m_menu->addAction(QString());
    m_paceShown = m_menu->addAction(QString());
    m_goesOn = m_menu->addAction(QString());
    for (QAction *action : {m_contrast, m_paceShown, m_goesOn})
        action->setCheckable(true);
    connect(m_contrast, &QAction::triggered, &m_settings, &ReviewSettings::setHighContrast);
    connect(m_paceShown, &QAction::triggered, &m_settings, &ReviewSettings::setShowsPace);
    connect(m_goesOn, &QAction::triggered, &m_settings, &ReviewSettings::setGoesOn);
    m_menu->addSeparator();
    m_menu->addMenu(m_languages);
    m_fullScreen = m_menu->addAction(QString(), this, &ReviewHeader::fullScreenWanted);
    connect(m_view, &QPushButton::clicked, this, [this] {
        m_menu->popup(m_view->mapToGlobal(isRightToLeft() ? m_view->rect().bottomRight() : m_view->rect().bottomLeft()));
    });
}

void ReviewHeader::setLanguages(const QStringList &languages)
{
    m_languages->clear();
    delete m_choice;
    m_choice = new QActionGroup(m_languages);
    for (const QString &language : languages) {
        QAction *action = m_languages->addAction(ReviewLanguage::nameOf(language), this,
                                                 [this, language] { m_settings.setLanguage(language); });
        action->setCheckable(true);
        m_choice->addAction(action);
        action->setData(language);
        action->setChecked(language == m_settings.language());
    }
}

void ReviewHeader::refresh()
{
    m_contrast->setChecked(m_settings.highContrast());
    m_paceShown->setChecked(m_settings.showsPace());
    m_goesOn->setChecked(m_settings.goesOn());
    showPace();
}

void ReviewHeader::setTitle(const QString &title, const QString &rater)
{
    m_name = title;
    m_code = rater;
    m_practises = false;
    showTitle();
}

void ReviewHeader::setPractice()
{
    m_code.clear();
    m_practises = true;
    showTitle();
}

void ReviewHeader::showTitle()
{
    const QString name = m_practises ? m_settings.translate("Review", "Practice") : singleLine(m_name, 80);
    m_title->setText(m_settings.translate("Review", "Review · %1").arg(isolated(name)));
    m_rater->setText(m_code.isEmpty() ? QString()
                                      : m_settings.translate("Review", "rater %1").arg(isolated(singleLine(m_code, 24))));
}

void ReviewHeader::setProgress(qint64 done, qint64 places)
{
    m_done = done;
    m_places = places;
    showCount();
    showPace();
}

void ReviewHeader::showCount()
{
    const QLocale locale = m_settings.words().locale();
    const double share = m_places > 0 ? static_cast<double>(m_done) / static_cast<double>(m_places) : 1;
    const QString count = m_settings.translate("Review", "%1 of %2 · %3 %")
                              .arg(locale.toString(m_done), locale.toString(m_places),
                                   locale.toString(static_cast<int>(std::floor(100 * share))));
    m_count->setText(isolated(count));
    m_bar->setRange(0, 1000);
    m_bar->setValue(static_cast<int>(1000 * share));
    m_bar->setAccessibleDescription(count);
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
    const QString pace =
        m_settings.translate("Review", "%1 a minute")
            .arg(m_settings.words().locale().toString(perMinute, 'f', perMinute < 10 ? 1 : 0));
    const qint64 left = m_places - m_done;
    if (left <= 0)
        return pace;
    const int minutes = static_cast<int>(std::min(std::ceil(static_cast<double>(left) / perMinute), 1e6));
    return pace + u" · "_s + m_settings.translate("Review", "about %n min left", nullptr, minutes);
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
