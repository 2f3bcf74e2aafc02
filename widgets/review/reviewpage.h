// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "review/agreement.h"
#include "storage/project.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace evalwright {

class Banner;
class FindingTableView;
class PeoplesWordBox;

/// The reviews of a data set: begin one, rate items, and what people's word says of raters, labels and items.
class ReviewPage : public QWidget
{
    Q_OBJECT

public:
    ReviewPage(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent = nullptr);
    ~ReviewPage() override;
    /// What is shown; null before the first reading and without a review.
    const review::Agreement *agreement() const { return m_read ? &m_read->agreement : nullptr; }

Q_SIGNALS:
    void rateRequested(evalwright::ReviewId review);
    void candidateActivated(evalwright::CandidateId id);
    void shown(); ///< The newest reading is on the page.

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *buildDecision();
    void readReviews();
    void readAgreement();
    void showAgreement();
    void giveLists();
    void bringAnswers();
    void choose();
    void decide();
    ReviewId current() const;

    QList<Review> m_all; ///< As in the list, newest first.
    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    std::shared_ptr<const review::ReadAgreement> m_read;
    QList<review::ItemVerdict> m_disputed;
    CancellationToken m_token;
    quint64 m_generation = 0;
    bool m_stale = true;
    QTimer m_pause; ///< From the last change to the next reading.
    Banner *m_banner;
    QComboBox *m_reviews;
    QPushButton *m_rate, *m_new, *m_give, *m_bring;
    QLabel *m_words;
    FindingTableView *m_questions, *m_raters, *m_confusion, *m_reliability, *m_disputedTable;
    QList<QLabel *> m_headings, m_meanings; ///< Of the tables, in their order.
    QComboBox *m_answer;
    QLineEdit *m_reason;
    QPushButton *m_decide;
    PeoplesWordBox *m_word;
    QWidget *m_decision, *m_tables;
};

} // namespace evalwright
