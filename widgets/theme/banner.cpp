// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/theme/banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace evalwright {

using namespace Qt::StringLiterals;

Banner::Banner(QWidget *parent)
    : QFrame(parent), m_text(new QLabel(this)), m_action(new QPushButton(this)), m_details(new QToolButton(this)),
      m_copy(new QToolButton(this)), m_close(new QToolButton(this)), m_raw(new QPlainTextEdit(this))
{
    setObjectName(u"banner"_s);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_details->setCheckable(true);
    for (QToolButton *button : {m_details, m_copy, m_close})
        button->setAutoRaise(true);
    m_raw->setReadOnly(true);
    m_raw->setFont(Theme::font(Theme::Role::Mono));
    m_raw->setMaximumHeight(Theme::spacing(15));
    setWords({tr("Details"), tr("Copy"), tr("Copy the message and its details"), tr("Close"),
              tr("Raw text of the error")});
    m_raw->hide();

    auto *row = new QHBoxLayout;
    row->addWidget(m_text, 1);
    row->addWidget(m_action);
    row->addWidget(m_details);
    row->addWidget(m_copy);
    row->addWidget(m_close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(), Theme::spacing());
    layout->addLayout(row);
    layout->addWidget(m_raw);

    connect(m_action, &QPushButton::clicked, this, &Banner::actionTriggered);
    connect(m_details, &QToolButton::toggled, m_raw, &QWidget::setVisible);
    connect(m_copy, &QToolButton::clicked, this, [this] {
        const QString raw = m_raw->toPlainText();
        QGuiApplication::clipboard()->setText(raw.isEmpty() ? m_text->text() : m_text->text() + u"\n\n"_s + raw);
    });
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    connect(Theme::of(this), &Theme::changed, this, &Banner::colour);
    hide();
}

void Banner::setWords(const Words &words)
{
    m_details->setText(words.details);
    m_copy->setText(words.copy);
    m_copy->setToolTip(words.copyTip);
    m_close->setText(words.close);
    m_raw->setAccessibleName(words.raw);
}

QString Banner::text() const
{
    return m_text->text();
}

void Banner::showError(const Error &error)
{
    showMessage(Theme::Meaning::Error, error.text());
    QString raw = error.detail;
    for (auto cause = error.cause; cause; cause = cause->cause) {
        raw += (raw.isEmpty() ? QString() : u"\n\n"_s) + cause->text();
        if (!cause->detail.isEmpty())
            raw += u'\n' + cause->detail;
    }
    m_raw->setPlainText(raw);
    m_details->setVisible(!raw.isEmpty());
    m_copy->show();
}

void Banner::showMessage(Theme::Meaning meaning, const QString &text, const QString &action)
{
    m_meaning = meaning;
    m_text->setText(text);
    setAccessibleName(text);
    setAction(action);
    m_raw->clear();
    m_details->setChecked(false);
    m_details->hide();
    m_copy->hide();
    colour();
    show();
}

void Banner::setAction(const QString &action)
{
    m_action->setText(action);
    m_action->setMinimumWidth(m_action->fontMetrics().horizontalAdvance(action) + Theme::spacing(4));
    m_action->setVisible(!action.isEmpty());
}

void Banner::colour()
{
    const Theme *theme = Theme::of(this);
    setStyleSheet(u"#banner { background: %1; border: 1px solid %2; border-radius: 6px; }"_s.arg(
        theme->tint(m_meaning).name(), theme->color(m_meaning).name()));
}

} // namespace evalwright
