// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "widgets/review/reviewsettings.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace evalwright {

class Banner;
class QuestionForm;
class QuestionList;

/// A questionnaire to be edited, with what raters will see beside it. Nothing is stored here: whoever begins a review with
/// it makes a version of it.
class QuestionnaireEditor : public QDialog
{
    Q_OBJECT

public:
    explicit QuestionnaireEditor(const Questionnaire &questionnaire, QWidget *parent = nullptr);

    const Questionnaire &questionnaire() const { return m_questionnaire; }
    QString problem() const; ///< Why it cannot be used; empty: it can.
    void openFile(const QString &path);
    void saveFile(const QString &path);

private:
    QWidget *buildList();
    QWidget *buildPreview();
    QString language() const;
    void setAll(const Questionnaire &questionnaire);
    void fillList(int row);
    void add(QuestionKind kind);
    void remove();
    void move(int by);
    void showQuestion();
    void refresh(); ///< After any change: list, preview, what is wrong.

    Questionnaire m_questionnaire;
    ReviewSettings m_settings; ///< Of the preview; as the person has the review window.
    Banner *m_banner;
    QLineEdit *m_name, *m_title;
    QComboBox *m_language;
    QListWidget *m_list;
    QuestionForm *m_form;
    QuestionList *m_preview;
    QLabel *m_problem;
    QPushButton *m_add, *m_remove, *m_up, *m_down, *m_use;
    bool m_filling = false;
};

} // namespace evalwright
