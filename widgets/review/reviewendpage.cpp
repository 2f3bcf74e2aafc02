// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewendpage.h"

#include "widgets/review/reviewkeys.h"
#include "widgets/review/reviewsettings.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int oneRow = 125; ///< Per cent; in larger type the buttons stand in a column.

} // namespace

ReviewEndPage::ReviewEndPage(const ReviewSettings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_title(new QLabel), m_reason(new QLabel), m_counts(new QLabel),
      m_undo(new QPushButton), m_earlier(new QPushButton), m_close(new QPushButton),
      m_buttons(new QHBoxLayout)
{
    for (QLabel *label : {m_title, m_reason, m_counts}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignHCenter);
    }
    ReviewSettings::setType(m_title, ReviewSettings::Type::Item, true);
    ReviewSettings::setType(m_reason, ReviewSettings::Type::Question);
    ReviewSettings::setType(m_counts, ReviewSettings::Type::Question);
    setPrimary(m_close);
    m_buttons->setSpacing(Theme::spacing());
    for (QPushButton *button : {m_undo, m_earlier, m_close})
        m_buttons->addWidget(button);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addLayout(m_buttons);
    row->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(m_title);
    layout->addSpacing(Theme::spacing());
    layout->addWidget(m_reason);
    layout->addWidget(m_counts);
    layout->addSpacing(Theme::spacing(3));
    layout->addLayout(row);
    layout->addStretch(3);
    connect(m_undo, &QPushButton::clicked, this, &ReviewEndPage::undoWanted);
    connect(m_earlier, &QPushButton::clicked, this, &ReviewEndPage::earlierWanted);
    connect(m_close, &QPushButton::clicked, this, &ReviewEndPage::closeWanted);
    connect(&m_settings, &ReviewSettings::lookChanged, this, &ReviewEndPage::refresh);
    reword();
    refresh();
}

void ReviewEndPage::refresh()
{
    m_buttons->setDirection(m_settings.percent() > oneRow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void ReviewEndPage::showEnd(const QString &reason)
{
    m_why = reason;
    m_known.reset();
    reword();
    m_close->setFocus(Qt::TabFocusReason);
}

void ReviewEndPage::showCounts(const Counts &counts)
{
    m_known = counts;
    reword();
}

QString ReviewEndPage::wordsFor(const QString &reason) const
{
    if (reason.isEmpty())
        return m_settings.translate("Review", "You are through with your list. Everything is stored.");
    if (reason == "enough"_L1)
        return m_settings.translate("Review", "The review has all the judgements that it needs. Everything is stored.");
    if (reason == "gold-limit"_L1)
        return m_settings.translate("Review", "Your part in this review ends here. Everything is stored.");
    return reason;
}

void ReviewEndPage::reword()
{
    const QString undo = m_settings.translate("Review", "Undo the last one"),
                  earlier = m_settings.translate("Review", "Look at earlier items");
    m_title->setText(m_settings.translate("Review", "Thank you"));
    m_reason->setText(wordsFor(m_why));
    m_undo->setText(withKey(undo, u"Z"_s));
    m_undo->setAccessibleName(undo);
    m_earlier->setText(withKey(earlier, nameOf(NamedKey::PageUp, m_settings.words())));
    m_earlier->setAccessibleName(earlier);
    m_close->setText(m_settings.translate("Review", "Close"));
    m_counts->clear();
    if (!m_known)
        return;
    const QLocale locale = m_settings.words().locale();
    m_counts->setText(m_settings.translate("Review", "Judged: %1 · skipped: %2 · broken: %3")
                          .arg(locale.toString(m_known->submitted), locale.toString(m_known->skipped),
                               locale.toString(m_known->broken)));
}

void ReviewEndPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        reword();
}

void ReviewEndPage::setCanUndo(bool can)
{
    m_undo->setEnabled(can);
}

QString ReviewEndPage::text() const
{
    return m_reason->text() + u'\n' + m_counts->text();
}

} // namespace evalwright
