// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewsheet.h"

#include "widgets/review/guidelinetext.h"
#include "widgets/review/itemview.h"
#include "widgets/review/reviewkeys.h"
#include "widgets/review/reviewsettings.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// From the left in every language, as the keys lie.
QString asKeys(const QString &keys)
{
    return u'\u2066' + keys + u'\u2069';
}

} // namespace

ReviewSheet::ReviewSheet(ReviewSettings &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_title(new QLabel), m_text(new ItemView), m_keys(new QScrollArea),
      m_grid(new QGridLayout), m_close(new QPushButton)
{
    m_title->setTextFormat(Qt::PlainText);
    setPrimary(m_close);
    ReviewSettings::setType(m_title, ReviewSettings::Type::Option, true);
    auto *inside = new QWidget;
    inside->setLayout(m_grid);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_keys->setWidget(inside);
    m_keys->setWidgetResizable(true);
    m_keys->setFrameShape(QFrame::NoFrame);
    m_keys->viewport()->setAutoFillBackground(false); // The window's shows through.
    inside->setAutoFillBackground(false);
    m_grid->setColumnStretch(1, 1);
    for (qsizetype count = reviewKeyHelp(m_settings.words()).size(); count > 0; --count) {
        const int row = m_grid->rowCount();
        auto *keys = new QLabel;
        auto *meaning = new QLabel;
        for (QLabel *label : {keys, meaning})
            label->setTextFormat(Qt::PlainText);
        meaning->setWordWrap(true);
        ReviewSettings::setType(keys, ReviewSettings::Type::Body, true);
        m_grid->addWidget(keys, row, 0);
        m_grid->addWidget(meaning, row, 1);
        m_rows << std::pair(keys, meaning);
    }
    m_grid->setRowStretch(m_grid->rowCount(), 1);
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
    reword();
    refresh();
}

void ReviewSheet::showGuideline(int version, const QString &text)
{
    m_version = version;
    m_guideline = text;
    m_showsKeys = false;
    reword();
    m_keys->hide();
    m_text->show();
    m_text->setFocus(Qt::TabFocusReason);
}

void ReviewSheet::showKeys()
{
    m_showsKeys = true;
    reword();
    m_text->hide();
    m_keys->show();
    m_close->setFocus(Qt::TabFocusReason);
}

void ReviewSheet::reword()
{
    const QString keys = m_settings.translate("Review", "Keys"),
                  back = m_settings.translate("Review", "Back to the items");
    m_title->setText(m_showsKeys ? keys : guidelineTitle(m_settings, m_version));
    m_keys->setAccessibleName(keys);
    m_text->setAccessibleName(m_settings.translate("Review", "Guideline"));
    m_text->showText(guidelineText(m_settings, m_guideline));
    m_close->setText(withKey(back, nameOf(NamedKey::Escape, m_settings.words())));
    m_close->setAccessibleName(back);
    const QList<KeyHelp> help = reviewKeyHelp(m_settings.words());
    for (qsizetype i = 0; i < help.size(); ++i) {
        m_rows[i].first->setText(asKeys(help[i].keys));
        m_rows[i].first->setAlignment(Qt::AlignTop | Qt::AlignAbsolute |
                                      (isRightToLeft() ? Qt::AlignRight : Qt::AlignLeft));
        m_rows[i].second->setText(help[i].meaning);
    }
}

void ReviewSheet::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        reword();
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
