// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/evaluate.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QSpinBox;
class QVBoxLayout;

namespace evalwright {

/// Under what else items are asked: more frames, system texts, controls, all orders of options.
class ConditionsBox : public QWidget
{
    Q_OBJECT

public:
    explicit ConditionsBox(QWidget *parent = nullptr);
    /// Adds its frames to those that `spec` has, and sets controls, orders and system texts.
    void applyTo(EvaluateSpec &spec) const;
    /// What is filled in halfway, in a sentence; empty when nothing is.
    QString problem() const;

    void setFrameTicked(const QString &frame, bool on);
    void setControlTicked(const QString &control, bool on);
    void setAllOrders(bool all);
    void setRepeats(int repeats);
    void addSystem(const QString &name = {}, const QString &text = {});

Q_SIGNALS:
    void changed();

private:
    struct System
    {
        QWidget *row;
        QLineEdit *name;
        QPlainTextEdit *text;
    };
    QListWidget *m_frames, *m_controls;
    QComboBox *m_orders;
    QSpinBox *m_repeats;
    QVBoxLayout *m_rows;
    QList<System> m_systems;
};

} // namespace evalwright
