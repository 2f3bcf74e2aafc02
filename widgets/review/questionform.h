// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QTableWidget;

namespace evalwright {

/// The members of one question, its texts in one language.
class QuestionForm : public QWidget
{
    Q_OBJECT

public:
    explicit QuestionForm(QWidget *parent = nullptr);

    /// `earlier`: the questions that it may wait for.
    void setQuestion(const ReviewQuestion &question, const QList<ReviewQuestion> &earlier, const QString &language);
    ReviewQuestion question() const { return m_question; }
    static QString kindText(QuestionKind kind); ///< For people.

Q_SIGNALS:
    void edited();

private:
    void fill();
    void fillChoices();
    void fillShown();
    void take();
    void takeChoices();
    void addChoice();
    void removeChoice();
    void refreshRows();

    ReviewQuestion m_question;
    QList<ReviewQuestion> m_earlier;
    QString m_language = QStringLiteral("en");
    bool m_filling = false;
    QFormLayout *m_layout;
    QLineEdit *m_id;
    QComboBox *m_kind, *m_shownIf;
    QPlainTextEdit *m_text;
    QCheckBox *m_required;
    QWidget *m_choices;
    QTableWidget *m_choiceTable;
    QPushButton *m_addChoice, *m_removeChoice;
    QSpinBox *m_low, *m_high;
    QLineEdit *m_lowText, *m_highText;
    QListWidget *m_values;
    QLineEdit *m_freeValues; ///< Where the earlier question can be answered with anything.
};

} // namespace evalwright
