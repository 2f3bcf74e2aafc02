// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/estimate.h"

#include <QFrame>

class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace evalwright {

/// What a run would take, and on demand what each number rests on. All text is plain.
class EstimateCard : public QFrame
{
    Q_OBJECT

public:
    explicit EstimateCard(QWidget *parent = nullptr);

    /// `before` and `after` are lines around the numbers.
    void showEstimate(const QStringList &before, const Estimate &estimate, const QStringList &after);
    /// A sentence instead of numbers.
    void showText(const QString &text);
    QString text() const;
    QString basis() const;

private:
    QLabel *m_text;
    QPlainTextEdit *m_basis;
    QToolButton *m_details;
};

} // namespace evalwright
