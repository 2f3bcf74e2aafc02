// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/repositories/candidates.h"

#include <QMap>
#include <QWidget>

namespace evalwright {

class Chip;
class FlowLayout;

/// Chips that narrow the items by state, reason of rejection and label. Each shows how many items it leads to together
/// with the other chips that are on; a search text is not counted in.
class FacetBar : public QWidget
{
    Q_OBJECT

public:
    explicit FacetBar(QWidget *parent = nullptr);

    void setCounts(QList<ReasonCount> counts);
    /// State, reason and label of a filter; the rest of it is ignored.
    void setChoice(const CandidateFilter &filter);
    CandidateFilter::State state() const { return m_state; }
    const QString &reason() const { return m_reason; }
    const QString &label() const { return m_label; }
    /// All candidates of the data set; −1 before the first counts.
    qint64 total() const { return m_total; }

Q_SIGNALS:
    /// A person chose.
    void chosen();

private:
    void update();
    qint64 countOf(CandidateFilter::State state, const QString &reason, const QString &label) const;
    Chip *chip(const QString &key);

    QList<ReasonCount> m_counts;
    qint64 m_total = -1;
    CandidateFilter::State m_state = CandidateFilter::State::All;
    QString m_reason, m_label;
    QMap<QString, Chip *> m_chips;
    FlowLayout *m_flow;
};

} // namespace evalwright
