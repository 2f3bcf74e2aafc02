// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/batch/batchdelivery.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;

namespace evalwright {

/// How the requests of a job reach the models: live, as batches, as files; and what a batched request costs.
class DeliveryBox : public QWidget
{
    Q_OBJECT

public:
    explicit DeliveryBox(QWidget *parent = nullptr);
    Delivery delivery() const;
    void setDelivery(const Delivery &delivery);

Q_SIGNALS:
    void changed();

private:
    QComboBox *m_kind;
    QDoubleSpinBox *m_factor;
};

} // namespace evalwright
