// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewsheet.h"

#include "widgets/review/itemview.h"
#include "widgets/review/reviewkeys.h"
#include "widgets/review/reviewsettings.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

ReviewSheet::ReviewSheet(ReviewSettings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_title(new QLabel), m_text(new ItemView), m_keys(new QScrollArea),
      m_grid(new QGridLayout), m_close(new QPushButton(tr("Back to the items  Esc")))
{
    m_title->setTextFormat(Qt::PlainText);
    m_text->setAccessibleName(tr("Guideline"));
    m_close->setAccessibleName(tr("Back to the items"));
    setPrimary(m_close);
    ReviewSettings::setType(m_title, ReviewSettings::Type::Option, true);
    auto *inside = new QWidget;
    auto *around = new QVBoxLayout(inside);
    around->setContentsMargins(0, 0, 0, 0);
    around->addLayout(m_grid);
    around->addStretch(1);
    m_keys->setWidget(inside);
    m_keys->setWidgetResizable(true);
    m_keys->setFrameShape(QFrame::NoFrame);
    m_keys->viewport()->setAutoFillBackground(false); // The window's shows through.
    inside->setAutoFillBackground(false);
    m_keys->setAccessibleName(tr("Keys"));
    m_grid->setColumnStretch(1, 1);
    for (const KeyHelp &help : reviewKeyHelp()) {
        const int row = m_grid->rowCount();
        auto *keys = new QLabel(help.keys);
        auto *meaning = new QLabel(help.meaning);
        for (QLabel *label : {keys, meaning})
            label->setTextFormat(Qt::PlainText);
        keys->setAlignment(Qt::AlignTop | Qt::AlignLeading);
        meaning->setWordWrap(true);
        ReviewSettings::setType(keys, ReviewSettings::Type::Body, true);
        m_grid->addWidget(keys, row, 0);
        m_grid->addWidget(meaning, row, 1);
    }
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(m_close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addWidget(m_keys, 1);
    layout->addStretch(0);
    layout->addLayout(row);
    connect(m_close, &QPushButton::clicked, this, &ReviewSheet::closed);
    connect(&m_settings, &ReviewSettings::lookChanged, this, &ReviewSheet::refresh);
    refresh();
}

void ReviewSheet::showText(const QString &title, const QString &text)
{
    m_title->setText(title);
    m_keys->hide();
    m_text->show();
    m_text->showText(text.trimmed().isEmpty() ? tr("This review has no guideline.") : text);
    m_text->setFocus(Qt::TabFocusReason);
}

void ReviewSheet::showKeys()
{
    m_title->setText(tr("Keys"));
    m_text->hide();
    m_keys->show();
    m_close->setFocus(Qt::TabFocusReason);
}

void ReviewSheet::refresh()
{
    m_text->setFont(m_settings.font(ReviewSettings::Type::Question));
    m_grid->setHorizontalSpacing(m_settings.spacing(3));
    m_grid->setVerticalSpacing(m_settings.spacing());
}

void ReviewSheet::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_text->setHighest(std::max(100, height() - m_title->height() - m_close->height() - Theme::spacing(6)));
}

} // namespace evalwright
