// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/repositories/models.h"

#include <QDialog>

class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace evalwright {

/// Where a model stands on its ladder. An empty field: not known.
class LadderDialog : public QDialog
{
    Q_OBJECT

public:
    LadderDialog(const Model &model, QWidget *parent);
    /// What the fields say. What problem() names is left out.
    LadderPlace place() const;
    /// The first field that says nothing possible, in a sentence; empty when none does.
    QString problem() const;

private:
    void check();

    QLineEdit *m_family, *m_parameters, *m_steps, *m_compute, *m_released, *m_rung;
    QComboBox *m_training;
    QLabel *m_problem;
    QDialogButtonBox *m_buttons;
};

} // namespace evalwright
