// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "review/shownitem.h"
#include "widgets/review/reviewkeys.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QPlainTextEdit;

namespace evalwright {

class AnswerButton;
class ReviewSettings;

/// One question with its answers: buttons of which one or several can be chosen, or a text field. In the rater's language
/// where the questionnaire has it, else in English; it has the direction of the language that it is in.
class QuestionPanel : public QWidget
{
    Q_OBJECT

public:
    QuestionPanel(const ReviewQuestion &question, const ReviewSettings &settings, QWidget *parent = nullptr);

    const ReviewQuestion &question() const { return m_question; }
    /// Of a question of kind Options, in the order to be shown.
    void setOptions(const QList<review::ShownOption> &options);
    /// Null: none. Emits nothing.
    void setAnswer(const nlohmann::json &answer);
    nlohmann::json answer() const; ///< Null: none.
    /// A flag is answered once it was touched.
    bool isAnswered() const;
    void setMarked(bool marked);

    /// Answers as the key says; false when it means nothing here.
    bool take(const ReviewKey &key);
    /// Moves the focus to another answer; false at the end of them, where the arrow leads out.
    bool move(ReviewAct arrow);
    /// Chooses the answer that arrows led to.
    bool chooseReached();
    void takeFocus();
    bool hasTextFocus() const;
    QList<QWidget *> stops() const; ///< What Tab comes to, in order.
    QList<AnswerButton *> buttons() const { return m_buttons; }
    QPlainTextEdit *field() const { return m_field; }

Q_SIGNALS:
    /// By the rater. `last`: this kind of answer needs nothing more.
    void answered(bool last);
    void entered(); ///< The focus came in.

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Answer
    {
        QString key, text, caption;
    };
    void build();
    /// Question and answers in the language of now; what is chosen stays.
    void reword();
    QString own(const LocalText &text) const;
    QList<Answer> answersOf() const;
    void choose(qsizetype index);
    void refreshFonts();
    void placeMargins();
    bool isYesNo() const;
    qsizetype indexOf(const QString &key) const;
    qsizetype indexFor(const ReviewKey &key) const; ///< -1: none.

    ReviewQuestion m_question;
    const ReviewSettings &m_settings;
    QLabel *m_title;
    QBoxLayout *m_answers;
    QList<AnswerButton *> m_buttons;
    QList<review::ShownOption> m_options;
    QStringList m_keys; ///< Of the buttons.
    QPlainTextEdit *m_field = nullptr;
    bool m_marked = false, m_touched = false, m_reached = false, m_filling = false;
};

} // namespace evalwright
