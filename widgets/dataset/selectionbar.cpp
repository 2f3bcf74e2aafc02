// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/selectionbar.h"

#include "widgets/theme/flowlayout.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int tick = 100;            ///< Milliseconds.
constexpr qint64 worthShowing = 2000; ///< Changes of fewer items are over before a person has read of them.

void setGrowing(QWidget *widget)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    widget->setSizePolicy(policy);
}

} // namespace

SelectionBar::SelectionBar(bool isWritable, QWidget *parent)
    : QWidget(parent), m_choices(new QWidget(this)), m_busy(new QWidget(this)), m_selected(new QLabel(m_choices)),
      m_what(new QLabel(m_busy)), m_all(new QToolButton(m_choices)), m_reason(new QLineEdit(m_choices)), m_bar(new QProgressBar(m_busy))
{
    setGrowing(this);
    setGrowing(m_choices);
    m_reason->setPlaceholderText(tr("Reason (optional)"));
    m_reason->setAccessibleName(tr("Reason of the decision"));
    m_reason->setMaxLength(400);
    m_reason->setFixedWidth(Theme::spacing(20));
    m_selected->setMinimumHeight(m_reason->sizeHint().height());
    m_selected->setAccessibleName(tr("How many items are selected"));
    m_all->setAutoRaise(true);
    connect(m_all, &QToolButton::clicked, this, &SelectionBar::allRequested);
    auto *keep = new QPushButton(tr("Keep"), m_choices);
    auto *reject = new QPushButton(tr("Reject"), m_choices);
    auto *copy = new QPushButton(tr("Copy as JSON"), m_choices);
    for (const auto &[button, keys] : {std::pair(keep, u"K"_s), std::pair(reject, u"R"_s)}) {
        button->setEnabled(isWritable);
        button->setToolTip(isWritable ? tr("Decide about the selected items; this can be undone (%1 in the table)").arg(keys)
                                      : tr("The project is open for reading only"));
    }
    connect(keep, &QPushButton::clicked, this, &SelectionBar::keepRequested);
    connect(reject, &QPushButton::clicked, this, &SelectionBar::rejectRequested);
    connect(copy, &QPushButton::clicked, this, &SelectionBar::copyRequested);
    m_flow = new FlowLayout(m_choices, Theme::spacing());
    for (QWidget *widget : std::initializer_list<QWidget *>{m_selected, m_all, m_reason, keep, reject, copy})
        m_flow->addWidget(widget);

    m_what->setTextFormat(Qt::PlainText);
    m_bar->setTextVisible(false);
    auto *stop = new QPushButton(tr("Stop"), m_busy);
    stop->setToolTip(tr("Nothing of this change is kept then"));
    connect(stop, &QPushButton::clicked, this, [this] {
        if (m_progress)
            m_progress->stop.cancel();
    });
    auto *busy = new QHBoxLayout(m_busy);
    busy->setContentsMargins(0, 0, 0, 0);
    busy->addWidget(m_what);
    busy->addWidget(m_bar, 1);
    busy->addWidget(stop);
    m_timer.setInterval(tick);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_bar->setMaximum(static_cast<int>(m_progress->of));
        m_bar->setValue(static_cast<int>(std::min(m_progress->of, m_progress->done.load())));
        updateVisible();
    });

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_busy);
    layout->addWidget(m_choices);
    updateVisible();
}

void SelectionBar::setSelected(qint64 selected, qint64 matching, bool isAll)
{
    const QLocale locale;
    m_count = selected;
    m_selected->setText(isAll && selected > 1 ? tr("All %1 matching selected").arg(locale.toString(selected)) : tr("%1 selected").arg(locale.toString(selected)));
    m_all->setText(tr("Select all %1 matching").arg(locale.toString(matching)));
    m_all->setVisible(!isAll && selected < matching);
    updateVisible();
}

QString SelectionBar::reason() const
{
    return m_reason->text();
}

void SelectionBar::clearReason()
{
    m_reason->clear();
}

void SelectionBar::addAction(QWidget *widget)
{
    widget->setParent(m_choices);
    m_flow->addWidget(widget);
    widget->show();
}

void SelectionBar::setBusy(const QString &what, std::shared_ptr<BulkProgress> progress)
{
    m_progress = std::move(progress);
    m_what->setText(what);
    m_bar->setValue(0);
    m_timer.start();
}

void SelectionBar::setDone()
{
    m_timer.stop();
    m_progress.reset();
    updateVisible();
}

void SelectionBar::updateVisible()
{
    const bool isBusy = m_progress && m_progress->of >= worthShowing;
    m_busy->setVisible(isBusy);
    m_choices->setVisible(m_count > 0 && !isBusy);
    setVisible(isBusy || m_count > 0);
}

} // namespace evalwright
