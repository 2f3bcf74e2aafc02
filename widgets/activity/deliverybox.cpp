// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/deliverybox.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString kindText(Delivery::Kind kind)
{
    switch (kind) {
    case Delivery::Kind::Live:
        return DeliveryBox::tr("live: one by one, now");
    case Delivery::Kind::Batch:
        return DeliveryBox::tr("as batches: sent to the provider, answered within a day");
    case Delivery::Kind::Files:
        break;
    }
    return DeliveryBox::tr("as files: run elsewhere, results read back");
}

} // namespace

DeliveryBox::DeliveryBox(QWidget *parent) : QWidget(parent), m_kind(new QComboBox), m_factor(new QDoubleSpinBox)
{
    for (const QString &name : deliveryNames()) {
        if (const auto kind = deliveryKind(name))
            m_kind->addItem(kindText(*kind), name);
    }
    m_kind->setAccessibleName(tr("Delivery"));
    m_kind->setToolTip(tr("A job by batches goes on when the program is closed meanwhile. The files lie beside the "
                          "project, in a folder that ends in “-batches”."));
    // The lowest value stands for “unknown”.
    m_factor->setRange(-0.01, 10);
    m_factor->setSingleStep(0.05);
    m_factor->setDecimals(2);
    m_factor->setValue(m_factor->minimum());
    m_factor->setPrefix(tr("price × "));
    m_factor->setSpecialValueText(tr("price unknown"));
    m_factor->setAccessibleName(tr("Price of a batched request as a share of the live price"));
    m_factor->setToolTip(tr("What a batched request costs as a share of the live price; often 0.5. While it is unknown "
                            "the cost is, too."));
    m_factor->setEnabled(false);
    setFocusProxy(m_kind);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_kind, 1);
    layout->addWidget(m_factor);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        m_factor->setEnabled(!delivery().isLive());
        Q_EMIT changed();
    });
    connect(m_factor, &QDoubleSpinBox::valueChanged, this, &DeliveryBox::changed);
}

Delivery DeliveryBox::delivery() const
{
    Delivery delivery;
    delivery.kind = deliveryKind(m_kind->currentData().toString()).value_or(Delivery::Kind::Live);
    if (!delivery.isLive() && m_factor->value() >= 0)
        delivery.priceFactor = m_factor->value();
    return delivery;
}

void DeliveryBox::setDelivery(const Delivery &delivery)
{
    m_kind->setCurrentIndex(m_kind->findData(deliveryName(delivery.kind)));
    m_factor->setValue(delivery.priceFactor.value_or(m_factor->minimum()));
}

} // namespace evalwright
