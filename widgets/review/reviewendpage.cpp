// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewendpage.h"

#include "widgets/review/reviewsettings.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

ReviewEndPage::ReviewEndPage(QWidget *parent)
    : QWidget(parent), m_title(new QLabel(tr("Thank you"))), m_reason(new QLabel),
      m_counts(new QLabel), m_undo(new QPushButton(tr("Undo the last one  Z"))),
      m_earlier(new QPushButton(tr("Look at earlier items  PgUp"))), m_close(new QPushButton(tr("Close")))
{
    for (QLabel *label : {m_title, m_reason, m_counts}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignHCenter);
    }
    m_undo->setAccessibleName(tr("Undo the last one"));
    m_earlier->setAccessibleName(tr("Look at earlier items"));
    ReviewSettings::setType(m_title, ReviewSettings::Type::Item, true);
    ReviewSettings::setType(m_reason, ReviewSettings::Type::Question);
    ReviewSettings::setType(m_counts, ReviewSettings::Type::Question);
    setPrimary(m_close);
    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::spacing());
    row->addStretch(1);
    row->addWidget(m_undo);
    row->addWidget(m_earlier);
    row->addWidget(m_close);
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
}

void ReviewEndPage::showEnd(const QString &reason)
{
    m_reason->setText(reason.isEmpty() ? tr("You are through with your list. Everything is stored.") : reason);
    m_counts->clear();
    m_close->setFocus(Qt::TabFocusReason);
}

void ReviewEndPage::showCounts(const Counts &counts)
{
    const QLocale locale = this->locale();
    m_counts->setText(tr("Judged: %1 · skipped: %2 · broken: %3")
                          .arg(locale.toString(counts.submitted), locale.toString(counts.skipped),
                               locale.toString(counts.broken)));
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
