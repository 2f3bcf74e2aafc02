// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/timelinestep.h"

#include "widgets/dataset/plaintext.h"

#include <QClipboard>
#include <QDateTime>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPlainTextEdit>
#include <QToolButton>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int gutter = 24, markSize = 10;

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // A long word without blanks must not make the panel wide.
    label->setMinimumWidth(1);
    return label;
}

} // namespace

TimelineStep::TimelineStep(TimelineEntry entry, bool last, QWidget *parent)
    : QWidget(parent), m_entry(std::move(entry)), m_last(last)
{
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(gutter, 0, 0, last ? 0 : Theme::spacing(2));
    m_column->setSpacing(2);

    auto *head = new QHBoxLayout;
    head->setSpacing(Theme::spacing());
    m_title = plainLabel(withVisibleControls(m_entry.title), this);
    m_title->setFont(Theme::font(Theme::Role::Heading));
    head->addWidget(m_title, 1);
    const QDateTime at = QDateTime::fromString(m_entry.at, Qt::ISODateWithMs);
    if (at.isValid()) {
        auto *time = new QLabel(relativeTime(at, QDateTime::currentDateTimeUtc()), this);
        time->setFont(Theme::font(Theme::Role::Caption));
        time->setToolTip(QLocale().toString(at.toLocalTime(), QLocale::LongFormat));
        setSecondary(time);
        head->addWidget(time, 0, Qt::AlignTop);
    }
    m_column->addLayout(head);
    if (!m_entry.about.isEmpty()) {
        QLabel *about = plainLabel(withVisibleControls(m_entry.about), this);
        setSecondary(about);
        m_column->addWidget(about);
    }
    if (!m_entry.summary.isEmpty()) {
        QLabel *summary = plainLabel(withVisibleControls(m_entry.summary), this);
        if (m_entry.quoted)
            summary->setFont(Theme::font(Theme::Role::Mono));
        m_column->addWidget(summary);
    }
    setAccessibleName(m_entry.title);
    setAccessibleDescription(m_entry.about + u'\n' + m_entry.summary);
    if (m_entry.texts.isEmpty())
        return;
    m_toggle = new QToolButton(this);
    m_toggle->setCheckable(true);
    m_toggle->setAutoRaise(true);
    m_toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toggle->setArrowType(Qt::RightArrow);
    m_toggle->setText(tr("Exact text"));
    m_toggle->setAccessibleName(tr("Exact text of %1").arg(m_entry.title));
    auto *links = new QHBoxLayout;
    links->setSpacing(Theme::spacing());
    links->addWidget(m_toggle);
    if (m_entry.response.isValid()) {
        auto *request = new QToolButton(this);
        request->setObjectName(u"request"_s);
        request->setText(tr("Request …"));
        request->setAutoRaise(true);
        request->setToolTip(tr("Show it among the requests of its job, with what it took"));
        request->setAccessibleName(tr("Request of %1").arg(m_entry.title));
        connect(request, &QToolButton::clicked, this, [this] { Q_EMIT requestWanted(m_entry.response); });
        links->addWidget(request);
    }
    links->addStretch();
    m_column->addLayout(links);
    connect(m_toggle, &QToolButton::toggled, this, &TimelineStep::setOpen);
}

bool TimelineStep::isOpen() const
{
    return m_texts && !m_texts->isHidden();
}

void TimelineStep::setOpen(bool open)
{
    if (!m_toggle || open == isOpen())
        return;
    if (open && !m_texts)
        makeTexts();
    m_texts->setVisible(open);
    m_toggle->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    m_toggle->setChecked(open);
}

void TimelineStep::makeTexts()
{
    m_texts = new QWidget(this);
    m_texts->hide();
    auto *column = new QVBoxLayout(m_texts);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::spacing() / 2);
    for (const ExactText &exact : std::as_const(m_entry.texts)) {
        auto *head = new QHBoxLayout;
        QLabel *name = plainLabel(exact.name, m_texts);
        name->setFont(Theme::font(Theme::Role::Caption));
        setSecondary(name);
        auto *copy = new QToolButton(m_texts);
        copy->setText(tr("Copy"));
        copy->setAutoRaise(true);
        copy->setToolTip(tr("Copy the text exactly as it is stored"));
        copy->setAccessibleName(tr("Copy %1").arg(exact.name));
        connect(copy, &QToolButton::clicked, this,
                [text = exact.text] { QGuiApplication::clipboard()->setText(text); });
        head->addWidget(name, 1);
        head->addWidget(copy);
        column->addLayout(head);
        auto *view = new QPlainTextEdit(m_texts);
        view->setReadOnly(true);
        view->setFont(Theme::font(Theme::Role::Mono));
        view->setTabChangesFocus(true);
        view->setAccessibleName(exact.name);
        view->setPlaceholderText(tr("(empty)"));
        view->setPlainText(withVisibleControls(exact.text));
        // As high as its text, within reason: long texts scroll.
        const int lines = qBound(2, view->document()->blockCount() + static_cast<int>(exact.text.size() / 36), 14);
        view->setFixedHeight(lines * view->fontMetrics().lineSpacing() + Theme::spacing(2));
        column->addWidget(view);
    }
    m_column->addWidget(m_texts);
}

void TimelineStep::paintEvent(QPaintEvent *)
{
    const Theme *theme = Theme::of(this);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const double x = mirrored ? width() - 9.0 : 9.0;
    const double y = m_title->geometry().top() + m_title->fontMetrics().height() / 2.0;
    if (!m_last) {
        painter.setPen(QPen(theme->color(Theme::Meaning::Border), 2));
        painter.drawLine(QPointF(x, y + markSize), QPointF(x, height() + y - markSize / 2.0));
    }
    painter.setPen(QPen(theme->color(m_entry.meaning), 2));
    painter.setBrush(theme->tint(m_entry.meaning));
    painter.drawEllipse(QPointF(x, y), markSize / 2.0, markSize / 2.0);
}

} // namespace evalwright
