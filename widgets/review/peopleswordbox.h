// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/agreement.h"
#include "review/feedback.h"
#include "storage/project.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace evalwright {

class Banner;

/// What people's word is good for: the threshold for a wanted precision, items that it drops and takes back, and what the
/// checker's confidence is worth by it.
class PeoplesWordBox : public QWidget
{
    Q_OBJECT

public:
    PeoplesWordBox(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent = nullptr);

    void setRead(std::shared_ptr<const review::ReadAgreement> read);
    review::FeedbackRule rule() const;

Q_SIGNALS:
    void done(); ///< Something was dropped, taken back or fitted, or could not be.

private:
    void advise();
    void showPlan();
    void drop();
    void takeBack();
    void calibrate();
    void told(const Error &error);

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    std::shared_ptr<const review::ReadAgreement> m_read;
    quint64 m_generation = 0;
    Banner *m_banner;
    QDoubleSpinBox *m_precision;
    QLabel *m_advice, *m_plan, *m_map;
    QCheckBox *m_byBroken, *m_byLabel;
    QSpinBox *m_broken, *m_votes;
    QPushButton *m_drop, *m_takeBack, *m_fit;
    QComboBox *m_kind;
};

} // namespace evalwright
