// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QDoubleSpinBox;

namespace evalwright {

/// Asks for a model behind an address. The key itself is never asked for: only the variable that holds it.
class EndpointDialog : public QDialog
{
    Q_OBJECT

public:
    explicit EndpointDialog(QWidget *parent);
    Model model() const;
    /// The key may go to this server without encryption.
    bool allowsPlainHttp() const;

private:
    void check();

    QLineEdit *m_name, *m_url, *m_model, *m_keyEnv, *m_family, *m_parameters, *m_priceIn, *m_priceOut;
    QComboBox *m_api, *m_training;
    QCheckBox *m_plainHttp;
    QLabel *m_problem;
    QDialogButtonBox *m_buttons;
};


} // namespace evalwright
