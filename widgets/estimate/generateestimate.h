// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "generators/generate.h"
#include "widgets/estimate/estimatecard.h"

#include <QTimer>

namespace evalwright {

class Session;

/// The estimate of a data set that is still being described: planned anew, on a thread of its own, a moment after each
/// change.
class GenerateEstimate : public EstimateCard
{
    Q_OBJECT

public:
    /// `notes`: the recipe's deviations and warnings are shown below.
    GenerateEstimate(Session &session, bool notes, QWidget *parent = nullptr);
    ~GenerateEstimate() override;
    void setSpec(const GenerateSpec &spec);

private:
    void plan();

    Session &m_session;
    bool m_notes;
    GenerateSpec m_spec;
    QTimer m_timer;
    CancellationToken m_token; ///< Of the planning that is under way.
    quint64 m_number = 0;      ///< Only the newest answer is shown.
};

} // namespace evalwright
