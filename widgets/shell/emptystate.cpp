// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/emptystate.h"

#include "widgets/theme/theme.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

EmptyState::EmptyState(const QString &title, const QString &sentence, const QString &button, QWidget *parent)
    : QWidget(parent), m_sentence(new QLabel)
{
    auto *heading = new QLabel(title);
    heading->setTextFormat(Qt::PlainText);
    heading->setFont(Theme::font(Theme::Role::Title));
    heading->setAlignment(Qt::AlignCenter);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setFixedWidth(480);
    m_sentence->setText(sentence);
    setSecondary(m_sentence);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::spacing(2));
    layout->addStretch(2);
    layout->addWidget(heading, 0, Qt::AlignHCenter);
    layout->addWidget(m_sentence, 0, Qt::AlignHCenter);
    if (!button.isEmpty()) {
        m_button = new QPushButton(button);
        setPrimary(m_button);
        layout->addWidget(m_button, 0, Qt::AlignHCenter);
        connect(m_button, &QPushButton::clicked, this, &EmptyState::clicked);
    }
    layout->addStretch(3);
    fitSentence();
}

bool EmptyState::event(QEvent *event)
{
    if (event->type() == QEvent::Polish || event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitSentence();
    return QWidget::event(event);
}

void EmptyState::fitSentence()
{
    // An aligned label gets the height of its own favourite width, not of the one it has.
    m_sentence->ensurePolished();
    m_sentence->setFixedHeight(std::max(0, m_sentence->heightForWidth(m_sentence->width()))); // No words: −1.
}

void EmptyState::setSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
    fitSentence();
}

} // namespace evalwright
