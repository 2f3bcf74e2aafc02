// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/sitting.h"
#include "widgets/review/reviewkeys.h"

#include <QScrollArea>

class QVBoxLayout;

namespace evalwright {

class QuestionPanel;
class ReviewSettings;

/// The questions of an item, one below the other; those that wait for an answer to another are hidden. One of them is
/// marked: keys answer it.
class QuestionList : public QScrollArea
{
    Q_OBJECT

public:
    explicit QuestionList(ReviewSettings &settings, QWidget *parent = nullptr);

    /// Shown below the questions; the list owns it.
    void setFooter(QWidget *footer);
    void showFooter(); ///< Scrolls to it.
    void setQuestionnaire(const Questionnaire &questionnaire);
    void fill(const review::Place &place, const nlohmann::json &answers);
    nlohmann::json answers() const; ///< Of the questions that are shown.
    /// The first shown question that must be answered and is not.
    QuestionPanel *firstMissing() const;
    /// All that is shown is answered, but for texts.
    bool isAllAnswered() const;

    bool take(const ReviewKey &key); ///< By the marked question.
    void move(ReviewAct arrow);
    bool chooseReached();
    /// Marks the next question without an answer, after the marked one first; texts only where they must be answered.
    /// False when there is none.
    bool advance();
    void markFirst();
    void mark(QuestionPanel *panel);
    void focusMarked();
    bool comment(); ///< Into the field for it; false without one.
    bool isTyping() const;
    QList<QWidget *> stops() const;
    QList<QuestionPanel *> panels() const { return m_panels; }
    QuestionPanel *marked() const { return m_marked; }

Q_SIGNALS:
    /// `last`: this kind of answer needs nothing more.
    void answered(bool last);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void showMarked();
    void refreshShown();
    void refreshSpacing();
    QuestionPanel *neighbour(int direction) const;

    ReviewSettings &m_settings;
    Questionnaire m_questionnaire;
    QVBoxLayout *m_layout;
    QWidget *m_footer = nullptr;
    QList<QuestionPanel *> m_panels;
    QuestionPanel *m_marked = nullptr;
};

} // namespace evalwright
