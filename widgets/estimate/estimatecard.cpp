// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/estimate/estimatecard.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/estimate/estimatewords.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace evalwright {

EstimateCard::EstimateCard(QWidget *parent)
    : QFrame(parent), m_text(new QLabel), m_basis(new QLabel), m_details(new QToolButton)
{
    setCard(this);
    for (QLabel *label : {m_text, m_basis}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        setSecondary(label);
    }
    m_text->setAccessibleName(tr("Estimate"));
    m_basis->setAccessibleName(tr("What the estimate rests on"));
    m_basis->setFont(Theme::font(Theme::Role::Caption));
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
    m_basis->setText(estimateBasis(estimate));
    m_text->setToolTip(plainToolTip(m_basis->text()));
    m_details->setVisible(!m_basis->text().isEmpty());
    m_basis->setVisible(m_details->isChecked() && !m_basis->text().isEmpty());
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
    return m_basis->text();
}

} // namespace evalwright
