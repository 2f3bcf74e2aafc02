// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewstartpage.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/review/itemview.h"
#include "widgets/review/reviewsettings.h"
#include "widgets/theme/banner.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString languageKey = u"review/language"_s, raterKey = u"review/rater"_s;
constexpr int columnWidth = 820, codeLength = 64;

QStringList languagesOf(const Questionnaire &questionnaire)
{
    QStringList all;
    const auto add = [&all](const LocalText &text) { all += text.in.keys(); };
    for (const ReviewQuestion &question : questionnaire.questions) {
        add(question.text);
        for (const ReviewChoice &choice : question.choices)
            add(choice.text);
    }
    all.removeDuplicates();
    all.sort();
    all.removeAll(u"en"_s);
    all.prepend(u"en"_s);
    return all;
}

QString nameOf(const QString &language)
{
    const QLocale locale(language);
    const QString name = locale.nativeLanguageName();
    if (language == "en"_L1 || name.isEmpty())
        return language == "en"_L1 ? u"English"_s : language;
    return language.contains(u'_') ? u"%1 (%2)"_s.arg(name, locale.nativeCountryName()) : name;
}

} // namespace

ReviewStartPage::ReviewStartPage(ReviewSettings &settings, QWidget *parent)
    : QScrollArea(parent), m_settings(settings), m_banner(new Banner), m_title(new QLabel), m_note(new QLabel),
      m_codeLabel(new QLabel(tr("Your code"))),
      m_codeHint(new QLabel(tr("Letters, digits, “.”, “_” and “-”. Not your name and not an address."))),
      m_languageLabel(new QLabel(tr("Language"))), m_guidelineLabel(new QLabel),
      m_questionsLabel(new QLabel(tr("What you are asked"))), m_questions(new QLabel), m_keysHint(new QLabel(tr("Everything works with keys alone. “?” shows them."))),
      m_code(new QLineEdit), m_languages(new QComboBox), m_guideline(new ItemView),
      m_practice(new QPushButton(tr("Practice: two minutes"))), m_begin(new QPushButton(tr("Begin"))),
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
    m_code->setAccessibleName(tr("Your code"));
    m_codeLabel->setBuddy(m_code);
    m_languages->setAccessibleName(tr("Language"));
    m_languageLabel->setBuddy(m_languages);
    m_guideline->setAccessibleName(tr("Guideline"));
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

    connect(m_begin, &QPushButton::clicked, this, &ReviewStartPage::begin);
    connect(m_practice, &QPushButton::clicked, this, &ReviewStartPage::practiceWanted);
    connect(m_languages, &QComboBox::activated, this, [this] {
        QSettings().setValue(languageKey, language());
        showQuestions();
        Q_EMIT languageChanged(language());
    });
    connect(&m_settings, &ReviewSettings::lookChanged, this, &ReviewStartPage::refresh);
    refresh();
    setBusy(true); // Until there is something to begin with.
}

void ReviewStartPage::showIntro(const ReviewIntro &intro)
{
    m_intro = intro;
    m_title->setText(tr("Review · %1").arg(singleLine(intro.title, 80)));
    const bool known = !intro.rater.isEmpty();
    m_code->setText(known ? intro.rater : QSettings().value(raterKey).toString());
    m_codeLabel->setText(known ? tr("You rate as %1.").arg(singleLine(intro.rater, codeLength)) : tr("Your code"));
    m_code->setVisible(!known);
    m_codeHint->setVisible(!known);
    m_guidelineLabel->setText(intro.guidelineVersion > 0 ? tr("Guideline, version %1").arg(intro.guidelineVersion)
                                                         : tr("Guideline"));
    m_guideline->showText(intro.guideline.trimmed().isEmpty() ? tr("This review has no guideline.") : intro.guideline);
    fillLanguages();
    showQuestions();
    setBusy(false);
    if (m_code->text().isEmpty())
        m_code->setFocus();
    else
        m_begin->setFocus();
    Q_EMIT languageChanged(language());
}

void ReviewStartPage::fillLanguages()
{
    m_languages->clear();
    QStringList all = languagesOf(m_intro.questionnaire);
    if (!m_intro.language.isEmpty() && !all.contains(m_intro.language))
        all << m_intro.language;
    for (const QString &one : std::as_const(all))
        m_languages->addItem(nameOf(one), one);
    const QString wanted = m_intro.language.isEmpty() ? QSettings().value(languageKey, u"en"_s).toString()
                                                      : m_intro.language;
    m_languages->setCurrentIndex(std::max(0, m_languages->findData(wanted)));
    const bool several = m_languages->count() > 1;
    m_languages->setVisible(several);
    m_languageLabel->setVisible(several);
}

void ReviewStartPage::showQuestions()
{
    QStringList lines;
    for (const ReviewQuestion &question : std::as_const(m_intro.questionnaire.questions))
        lines << tr("%1. %2").arg(lines.size() + 1).arg(withVisibleControls(question.text.forLanguage(language())));
    m_questions->setText(lines.join(u'\n'));
}

void ReviewStartPage::begin()
{
    if (!m_begin->isEnabled())
        return;
    m_banner->hide();
    if (raterCode().isEmpty()) {
        m_banner->showMessage(Theme::Meaning::Warning, tr("Judgements are kept under a code. Type yours to begin."));
        m_code->setFocus();
        return;
    }
    if (m_intro.rater.isEmpty())
        QSettings().setValue(raterKey, raterCode());
    Q_EMIT beginWanted(raterCode());
}

void ReviewStartPage::showError(const Error &error)
{
    m_banner->showError(error);
    ensureVisible(0, 0);
}

void ReviewStartPage::showNote(const QString &text)
{
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
    m_begin->setFocus();
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

QString ReviewStartPage::language() const
{
    const QString chosen = m_languages->currentData().toString();
    return chosen.isEmpty() ? u"en"_s : chosen;
}

void ReviewStartPage::refresh()
{
    m_languages->setPalette(m_settings.palette());
    m_guideline->setFont(m_settings.font(ReviewSettings::Type::Body));
    m_column->setMaximumWidth(columnWidth * (100 + m_settings.percent()) / 200);
}

} // namespace evalwright
