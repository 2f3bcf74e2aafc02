// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/makereview.h"

#include <QDialog>

#include <memory>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace evalwright {

class Banner;
class Project;

/// Which items of a data set go to how many raters, with which questions; begins the review. The plan says what so many
/// ratings will show.
class NewReviewDialog : public QDialog
{
    Q_OBJECT

public:
    NewReviewDialog(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent = nullptr);
    /// Draws from these candidates alone, all of them unless the person says otherwise.
    void drawFrom(std::vector<qint64> chosen);

    review::ReviewPlan plan() const;
    QLabel *planLabel() const { return m_width; }
    QPushButton *beginButton() const { return m_begin; }
    Questionnaire questionnaire() const; ///< The chosen one.
    void useQuestions(const Questionnaire &questionnaire); ///< As they came out of the editor.
    void useGolds(const QHash<qint64, nlohmann::json> &golds);

Q_SIGNALS:
    void begun(const evalwright::review::MadeReview &review);

private:
    void read();
    void showPlan();
    void begin();
    void addQuestionnaire(const QString &title, const Questionnaire &questionnaire, bool choose);
    void editQuestions();
    void chooseGolds();
    void showGolds();

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    Banner *m_banner;
    QLineEdit *m_name;
    QComboBox *m_questionnaire, *m_sampling;
    QSpinBox *m_items, *m_raters, *m_perItem, *m_overlap, *m_repeats, *m_gold, *m_goldLimit, *m_seed;
    QCheckBox *m_stops, *m_limits, *m_blocks;
    QDoubleSpinBox *m_stopWidth;
    QPushButton *m_edit, *m_golds;
    QList<Questionnaire> m_questionnaires; ///< As in the list.
    QHash<qint64, nlohmann::json> m_goldItems;
    std::optional<std::vector<qint64>> m_chosen;
    QPlainTextEdit *m_guideline;
    QLabel *m_width, *m_from;
    QPushButton *m_begin;
};

/// Opens the dialog over `parent`, to send these candidates to a review. Whoever wants to go on with it connects to begun().
NewReviewDialog *openReviewOf(const std::shared_ptr<Project> &project, DatasetId dataset, std::vector<qint64> chosen, QWidget *parent);

} // namespace evalwright
