// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/estimate/estimatecard.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/estimate/estimatewords.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace evalwright {

namespace {

constexpr int linesShown = 9; ///< Of the basis; the rest is scrolled to.

} // namespace

EstimateCard::EstimateCard(QWidget *parent)
    : QFrame(parent), m_text(new QLabel), m_basis(new QPlainTextEdit), m_details(new QToolButton)
{
    setCard(this);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setSecondary(m_text);
    m_text->setAccessibleName(tr("Estimate"));
    m_basis->setAccessibleName(tr("What the estimate rests on"));
    m_basis->setFont(Theme::font(Theme::Role::Caption));
    m_basis->setReadOnly(true);
    m_basis->setTabChangesFocus(true);
    m_basis->setFixedHeight(m_basis->fontMetrics().lineSpacing() * linesShown);
    m_basis->hide();
    m_details->setText(tr("What this rests on"));
    m_details->setCheckable(true);
    m_details->setArrowType(Qt::RightArrow);
    m_details->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_details->setAutoRaise(true);
    m_details->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_text);
    layout->addWidget(m_details, 0, Qt::AlignLeft);
    layout->addWidget(m_basis);
    connect(m_details, &QToolButton::toggled, this, [this](bool open) {
        m_details->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        m_basis->setVisible(open);
    });
}

void EstimateCard::showEstimate(const QStringList &before, const Estimate &estimate, const QStringList &after)
{
    const QStringList gap(after.isEmpty() ? 0 : 1, QString());
    m_text->setText((before + estimateLines(estimate) + gap + after).join(QLatin1Char('\n')));
    const QString basis = estimateBasis(estimate);
    if (basis != this->basis()) // Else a reader would lose the place.
        m_basis->setPlainText(basis);
    m_text->setToolTip(plainToolTip(basis));
    m_details->setVisible(!basis.isEmpty());
    m_basis->setVisible(m_details->isChecked() && !basis.isEmpty());
}

void EstimateCard::showText(const QString &text)
{
    m_text->setText(text);
    m_text->setToolTip({});
    m_basis->clear();
    m_basis->hide();
    m_details->hide();
}

QString EstimateCard::text() const
{
    return m_text->text();
}

QString EstimateCard::basis() const
{
    return m_basis->toPlainText();
}

} // namespace evalwright
