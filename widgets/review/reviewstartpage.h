// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "core/result.h"

#include <QScrollArea>

#include <optional>
#include <utility>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace evalwright {

class Banner;
class ItemView;
class ReviewSettings;

/// What a rater is told before the first item.
struct ReviewIntro
{
    QString title; ///< Of the data set or the behaviour.
    Questionnaire questionnaire;
    QString guideline;
    int guidelineVersion = 0;
    QString kind;     ///< Of its items: yes-no | choice | winogender.
    QString language; ///< To begin with, such as that of a bundle; empty: as the rater had it last.
    QString rater;    ///< Code; empty: the rater gives it.
    QByteArray participantSalt; ///< By it a link of Prolific or Mechanical Turk becomes a code; empty: none does.
};

/// Code, language, guideline, questions, and a practice before the items.
class ReviewStartPage : public QScrollArea
{
    Q_OBJECT

public:
    explicit ReviewStartPage(ReviewSettings &settings, QWidget *parent = nullptr);
    void showIntro(const ReviewIntro &intro);
    void showError(const Error &error);
    /// That the practice is over; `right` of `all` answers were.
    void showPracticed(int right, qint64 all);
    void hideNote();
    void setBusy(bool busy);
    QString raterCode() const;
    void begin();
    /// What the window and the questions can be had in.
    QStringList languageCodes() const;
    QLineEdit *codeField() const { return m_code; }
    QComboBox *languages() const { return m_languages; }

Q_SIGNALS:
    void beginWanted(const QString &rater);
    void practiceWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    void reword();
    void wordNote();
    void fillLanguages();
    void chooseLanguage();
    void askForCode();
    void takeLink();
    void showQuestions();
    void refresh();

    ReviewSettings &m_settings;
    ReviewIntro m_intro;
    std::optional<Error> m_error; ///< That the banner tells.
    std::optional<std::pair<int, qint64>> m_practiced;
    bool m_wantsCode = false; ///< The banner asks for it.
    Banner *m_banner;
    QLabel *m_title, *m_note, *m_codeLabel, *m_codeHint, *m_languageLabel, *m_guidelineLabel, *m_questionsLabel,
        *m_questions, *m_keysHint;
    QLineEdit *m_code;
    QComboBox *m_languages;
    ItemView *m_guideline;
    QPushButton *m_practice, *m_begin;
    QWidget *m_column;
};

} // namespace evalwright
