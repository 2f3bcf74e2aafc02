// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewstartpage.h"

#include "review/ratercode.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/review/guidelinetext.h"
#include "widgets/review/itemview.h"
#include "widgets/review/ratererror.h"
#include "widgets/review/reviewbanner.h"
#include "widgets/review/reviewsettings.h"

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString raterKey = u"review/rater"_s;
constexpr int columnWidth = 820, codeLength = 64, linkLength = 4000;

} // namespace

ReviewStartPage::ReviewStartPage(ReviewSettings &settings, QWidget *parent)
    : QScrollArea(parent), m_settings(settings), m_banner(new Banner), m_title(new QLabel), m_note(new QLabel),
      m_codeLabel(new QLabel), m_codeHint(new QLabel), m_languageLabel(new QLabel), m_guidelineLabel(new QLabel),
      m_questionsLabel(new QLabel), m_questions(new QLabel), m_keysHint(new QLabel), m_code(new QLineEdit),
      m_languages(new QComboBox), m_guideline(new ItemView), m_practice(new QPushButton), m_begin(new QPushButton),
      m_column(new QWidget)
{
    for (QLabel *label : {m_title, m_note, m_codeLabel, m_codeHint, m_languageLabel, m_guidelineLabel, m_questionsLabel,
                          m_questions, m_keysHint})
        label->setTextFormat(Qt::PlainText);
    for (QLabel *label : {m_note, m_codeHint, m_questions, m_keysHint})
        label->setWordWrap(true);
    setSecondary(m_codeHint);
    setSecondary(m_keysHint);
    ReviewSettings::setType(m_title, ReviewSettings::Type::Item, true);
    for (QLabel *label : {m_guidelineLabel, m_questionsLabel})
        ReviewSettings::setType(label, ReviewSettings::Type::Body, true);
    m_note->hide();
    m_code->setMaxLength(codeLength);
    m_codeLabel->setBuddy(m_code);
    m_languageLabel->setBuddy(m_languages);
    m_guideline->setHighest(360);
    setPrimary(m_begin);
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setFocusPolicy(Qt::NoFocus);

    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(Theme::spacing(2));
    grid->setColumnStretch(1, 1);
    grid->addWidget(m_codeLabel, 0, 0);
    grid->addWidget(m_code, 0, 1);
    grid->addWidget(m_codeHint, 1, 1);
    grid->addWidget(m_languageLabel, 2, 0);
    grid->addWidget(m_languages, 2, 1);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_keysHint, 1);
    buttons->addWidget(m_practice);
    buttons->addWidget(m_begin);
    auto *column = new QVBoxLayout(m_column);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::spacing());
    column->addWidget(m_banner);
    column->addWidget(m_title);
    column->addWidget(m_note);
    column->addSpacing(Theme::spacing());
    column->addLayout(grid);
    column->addSpacing(Theme::spacing(2));
    column->addWidget(m_guidelineLabel);
    column->addWidget(m_guideline);
    column->addSpacing(Theme::spacing(2));
    column->addWidget(m_questionsLabel);
    column->addWidget(m_questions);
    column->addSpacing(Theme::spacing(2));
    column->addLayout(buttons);
    column->addStretch(1);
    auto *inside = new QWidget;
    auto *layout = new QHBoxLayout(inside);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addStretch(1);
    layout->addWidget(m_column, 1000);
    layout->addStretch(1);
    setWidget(inside);
    viewport()->setAutoFillBackground(false); // The window's shows through.
    inside->setAutoFillBackground(false);

    connect(m_code, &QLineEdit::textChanged, this, &ReviewStartPage::takeLink);
    connect(m_begin, &QPushButton::clicked, this, &ReviewStartPage::begin);
    connect(m_practice, &QPushButton::clicked, this, &ReviewStartPage::practiceWanted);
    connect(m_languages, &QComboBox::activated, this, [this] {
        m_settings.setLanguage(m_languages->currentData().toString());
    });
    connect(&m_settings, &ReviewSettings::lookChanged, this, &ReviewStartPage::refresh);
    fillLanguages();
    reword();
    refresh();
    setBusy(true); // Until there is something to begin with.
}

void ReviewStartPage::showIntro(const ReviewIntro &intro)
{
    m_intro = intro;
    const bool known = !intro.rater.isEmpty();
    m_code->setMaxLength(intro.participantSalt.isEmpty() ? codeLength : linkLength);
    m_code->setText(known ? intro.rater : QSettings().value(raterKey).toString());
    m_code->setVisible(!known);
    m_codeHint->setVisible(!known);
    fillLanguages();
    reword();
    setBusy(false);
    if (m_code->text().isEmpty())
        m_code->setFocus();
    else
        m_begin->setFocus();
}

void ReviewStartPage::reword()
{
    const QString yourCode = m_settings.translate("Review", "Your code"),
                  language = m_settings.translate("Review", "Language");
    const QString title = singleLine(m_intro.title, 80);
    m_title->setText(title.isEmpty() ? m_settings.translate("Review", "Review")
                                     : m_settings.translate("Review", "Review · %1").arg(title));
    m_codeLabel->setText(m_intro.rater.isEmpty() ? yourCode
                                                 : m_settings.translate("Review", "You rate as %1.")
                                                       .arg(singleLine(m_intro.rater, codeLength)));
    m_code->setAccessibleName(yourCode);
    m_codeHint->setText(
        m_settings.translate("Review", "Letters, digits, “.”, “_” and “-”. Not your name and not an address."));
    m_languageLabel->setText(language);
    m_languages->setAccessibleName(language);
    m_guidelineLabel->setText(guidelineTitle(m_settings, m_intro.guidelineVersion));
    m_guideline->setAccessibleName(m_settings.translate("Review", "Guideline"));
    m_guideline->showText(guidelineText(m_settings, m_intro.guideline));
    m_questionsLabel->setText(m_settings.translate("Review", "What you are asked"));
    m_keysHint->setText(m_settings.translate("Review", "Everything works with keys alone. “?” shows them."));
    m_practice->setText(m_settings.translate("Review", "Practice: two minutes"));
    m_begin->setText(m_settings.translate("Review", "Begin"));
    m_banner->setWords(bannerWords(m_settings));
    chooseLanguage();
    showQuestions();
    wordNote();
    if (m_banner->isHidden())
        return;
    if (m_error)
        showError(Error(*m_error));
    else if (m_wantsCode)
        askForCode();
}

void ReviewStartPage::changeEvent(QEvent *event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        reword();
}

QStringList ReviewStartPage::languageCodes() const
{
    QStringList all = ReviewLanguage::all() + m_intro.questionnaire.languages();
    if (!m_intro.language.isEmpty())
        all << m_intro.language;
    all.removeDuplicates();
    return all;
}

void ReviewStartPage::fillLanguages()
{
    m_languages->clear();
    for (const QString &one : languageCodes())
        m_languages->addItem(ReviewLanguage::nameOf(one), one);
    chooseLanguage();
}

void ReviewStartPage::chooseLanguage()
{
    const int chosen = m_languages->findData(m_settings.language());
    m_languages->setCurrentIndex(chosen >= 0 ? chosen : m_languages->findData(m_settings.words().code()));
}

void ReviewStartPage::showQuestions()
{
    QStringList lines;
    for (const ReviewQuestion &question : std::as_const(m_intro.questionnaire.questions))
        lines << u"%1. %2"_s.arg(lines.size() + 1)
                     .arg(withVisibleControls(question.text.forLanguage(m_settings.language())));
    m_questions->setText(lines.join(u'\n'));
}

void ReviewStartPage::begin()
{
    if (!m_begin->isEnabled())
        return;
    m_banner->hide();
    m_error.reset();
    if (raterCode().isEmpty()) {
        askForCode();
        m_code->setFocus();
        return;
    }
    if (m_intro.rater.isEmpty())
        QSettings().setValue(raterKey, raterCode());
    Q_EMIT beginWanted(raterCode());
}

/// A pasted link gives way to the code that stands for its account, at once: the account is not kept anywhere.
void ReviewStartPage::takeLink()
{
    const QString text = m_code->text();
    if (m_intro.participantSalt.isEmpty() || !text.contains(u'='))
        return;
    const auto participant = review::participantFrom(text);
    if (participant)
        m_code->setText(review::raterCode(m_intro.participantSalt, *participant));
    else if (participant.error().code == ErrorCode::Unsupported)
        showError(participant.error());
}

void ReviewStartPage::askForCode()
{
    m_wantsCode = true;
    m_banner->showMessage(Theme::Meaning::Warning,
                          m_settings.translate("Review", "Judgements are kept under a code. Type yours to begin."));
}

void ReviewStartPage::showError(const Error &error)
{
    m_error = error;
    m_wantsCode = false;
    m_banner->showError(forRaters(error, RaterTask::Opening, m_settings.words()));
    ensureVisible(0, 0);
}

void ReviewStartPage::showPracticed(int right, qint64 all)
{
    m_practiced = std::pair(right, all);
    wordNote();
    m_begin->setFocus();
}

void ReviewStartPage::hideNote()
{
    m_practiced.reset();
    wordNote();
    m_begin->setFocus();
}

void ReviewStartPage::wordNote()
{
    m_note->setVisible(m_practiced.has_value());
    if (!m_practiced)
        return;
    const QLocale locale = m_settings.words().locale();
    m_note->setText(m_settings.translate("Review", "Practice is over: %1 of %2 right.")
                        .arg(locale.toString(m_practiced->first), locale.toString(m_practiced->second)));
}

void ReviewStartPage::setBusy(bool busy)
{
    m_begin->setEnabled(!busy);
    m_practice->setEnabled(!busy);
}

QString ReviewStartPage::raterCode() const
{
    return m_code->text().trimmed();
}

void ReviewStartPage::refresh()
{
    m_languages->setPalette(m_settings.palette());
    m_guideline->setFont(m_settings.font(ReviewSettings::Type::Body));
    m_column->setMaximumWidth(columnWidth * (100 + m_settings.percent()) / 200);
}

} // namespace evalwright
