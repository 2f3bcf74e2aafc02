// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/questionpanel.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/review/answerbutton.h"
#include "widgets/review/reviewsettings.h"

#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype sideBySide = 3, shortText = 28;
constexpr int barWidth = 3;

QString textOf(const json &value)
{
    return value.is_string() ? QString::fromStdString(value.get_ref<const std::string &>()) : QString();
}

} // namespace

QuestionPanel::QuestionPanel(const ReviewQuestion &question, const ReviewSettings &settings, QWidget *parent)
    : QWidget(parent), m_question(question), m_settings(settings), m_title(new QLabel), m_answers(new QVBoxLayout)
{
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    if (question.kind == QuestionKind::Flag)
        m_title->hide(); // Its button says it.
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::spacing() / 2);
    layout->addWidget(m_title);
    layout->addLayout(m_answers);
    if (question.kind == QuestionKind::Text) {
        m_field = new QPlainTextEdit;
        m_field->setTabChangesFocus(true);
        m_field->installEventFilter(this);
        m_answers->addWidget(m_field);
        m_title->setBuddy(m_field);
        connect(m_field, &QPlainTextEdit::textChanged, this, [this] {
            if (!m_filling)
                Q_EMIT answered(false);
        });
    }
    build();
    placeMargins();
    refreshFonts();
    connect(&m_settings, &ReviewSettings::lookChanged, this, &QuestionPanel::refreshFonts);
}

QString QuestionPanel::own(const LocalText &text) const
{
    return text.forLanguage(m_settings.language());
}

QList<QuestionPanel::Answer> QuestionPanel::answersOf() const
{
    QList<Answer> list;
    for (const review::ShownOption &option : m_options)
        list << Answer{option.key, withVisibleControls(option.text), {}};
    for (const ReviewChoice &choice : m_question.choices)
        list << Answer{choice.key, withVisibleControls(own(choice.text)), {}};
    if (m_question.kind == QuestionKind::Flag)
        list << Answer{u"true"_s, withVisibleControls(own(m_question.text)), {}};
    if (m_question.kind == QuestionKind::Scale) {
        for (int step = m_question.low; step <= m_question.high; ++step) {
            const LocalText end = step == m_question.low    ? m_question.lowText
                                  : step == m_question.high ? m_question.highText
                                                            : LocalText();
            const QString number = QString::number(step);
            const QString meaning = singleLine(own(end), 60);
            const QString key =
                m_question.high <= 9 ? QString() : m_settings.translate("Review", "Key %1").arg(list.size() + 1);
            list << Answer{number, number, meaning.isEmpty() ? key : meaning};
        }
    }
    return list;
}

void QuestionPanel::setOptions(const QList<review::ShownOption> &options)
{
    m_options = options;
    build();
}

void QuestionPanel::build()
{
    for (AnswerButton *button : std::as_const(m_buttons)) {
        button->hide();
        m_answers->removeWidget(button);
        button->deleteLater();
    }
    m_buttons.clear();
    m_keys.clear();
    const bool scale = m_question.kind == QuestionKind::Scale;
    m_answers->setSpacing(Theme::spacing() / 2);
    const QList<Answer> answers = answersOf();
    for (const Answer &answer : answers)
        m_keys << answer.key;
    for (qsizetype i = 0; i < answers.size(); ++i) {
        auto *button = new AnswerButton(m_settings, answers[i].text, this);
        button->setFont(m_settings.font(ReviewSettings::Type::Option));
        button->setCentred(scale);
        button->setMarked(m_marked);
        if (m_question.kind == QuestionKind::Flag)
            button->setKeyCap(u"Y"_s);
        else if (isYesNo())
            button->setKeyCap(m_keys[i].left(1).toUpper());
        else if (i < 9)
            button->setKeyCap(QString::number(scale && m_question.high <= 9 ? m_question.low + i : i + 1));
        button->installEventFilter(this);
        connect(button, &QAbstractButton::clicked, this, [this, i] { choose(i); });
        m_answers->addWidget(button, 1);
        m_buttons << button;
    }
    reword();
    for (AnswerButton *button : std::as_const(m_buttons))
        button->show();
}

void QuestionPanel::reword()
{
    const QString wording = withVisibleControls(own(m_question.text));
    const bool optional = !m_question.required && m_question.kind != QuestionKind::Flag;
    m_title->setText(optional ? m_settings.translate("Review", "%1 (optional)").arg(wording) : wording);
    setAccessibleName(wording);
    if (m_field)
        m_field->setAccessibleName(wording);
    const bool isEnglish = own(m_question.text) == m_question.text.text;
    setLayoutDirection(ReviewLanguage::directionOf(isEnglish ? u"en"_s : m_settings.language()));

    const QList<Answer> answers = answersOf();
    const bool row = m_question.kind == QuestionKind::Scale ||
                     (answers.size() <= sideBySide && std::ranges::all_of(answers, [](const Answer &one) {
                          return one.text.size() <= shortText;
                      }));
    m_answers->setDirection(row ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        AnswerButton *button = m_buttons[i];
        button->setAnswerText(answers[i].text);
        button->setCaption(answers[i].caption);
        // To those who hear it the question comes with each answer.
        button->setAccessibleDescription(
            button->keyCap().isEmpty() ? wording
                                       : m_settings.translate("Review", "%1 Key %2").arg(wording, button->keyCap()));
    }
}

bool QuestionPanel::isYesNo() const
{
    QStringList keys;
    for (const QString &key : m_keys)
        keys << key.toLower();
    std::ranges::sort(keys);
    return keys == QStringList{u"no"_s, u"yes"_s};
}

qsizetype QuestionPanel::indexOf(const QString &key) const
{
    return m_keys.indexOf(key);
}

void QuestionPanel::setAnswer(const json &answer)
{
    m_filling = true;
    m_reached = false;
    m_touched = !answer.is_null();
    if (m_field)
        m_field->setPlainText(textOf(answer));
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        bool on = false;
        if (answer.is_array())
            on = std::ranges::any_of(answer, [&](const json &one) { return textOf(one) == m_keys[i]; });
        else if (answer.is_boolean())
            on = answer.get<bool>();
        else if (answer.is_number_integer())
            on = QString::number(answer.get<qint64>()) == m_keys[i];
        else if (answer.is_string())
            on = textOf(answer) == m_keys[i];
        m_buttons[i]->setChecked(on);
    }
    m_filling = false;
}

json QuestionPanel::answer() const
{
    if (m_field)
        return m_field->toPlainText().trimmed().isEmpty() ? json() : json(m_field->toPlainText().toStdString());
    json list = json::array();
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        if (m_buttons[i]->isChecked())
            list.push_back(m_keys[i].toStdString());
    }
    switch (m_question.kind) {
    case QuestionKind::Flag:
        return m_touched ? json(!list.empty()) : json();
    case QuestionKind::MultiChoice:
        return list.empty() ? json() : list;
    case QuestionKind::Scale:
        return list.empty() ? json() : json(QString::fromStdString(list.front().get<std::string>()).toInt());
    default:
        return list.empty() ? json() : list.front();
    }
}

bool QuestionPanel::isAnswered() const
{
    return !answer().is_null();
}

void QuestionPanel::setMarked(bool marked)
{
    if (m_marked == marked)
        return;
    m_marked = marked;
    for (AnswerButton *button : std::as_const(m_buttons))
        button->setMarked(marked);
    refreshFonts();
    update();
}

void QuestionPanel::choose(qsizetype index)
{
    m_touched = true;
    m_reached = false;
    const bool several = m_question.kind == QuestionKind::MultiChoice || m_question.kind == QuestionKind::Flag;
    if (!several) {
        for (qsizetype i = 0; i < m_buttons.size(); ++i)
            m_buttons[i]->setChecked(i == index); // Also when the chosen one was clicked again.
    }
    Q_EMIT answered(!several);
}

qsizetype QuestionPanel::indexFor(const ReviewKey &key) const
{
    if (key.act == ReviewAct::Yes || key.act == ReviewAct::No) {
        if (!isYesNo())
            return -1;
        return std::ranges::find_if(m_keys, [&](const QString &one) {
            return one.compare(key.act == ReviewAct::Yes ? "yes"_L1 : "no"_L1, Qt::CaseInsensitive) == 0;
        }) - m_keys.begin();
    }
    if (key.act != ReviewAct::Digit)
        return -1;
    const bool itself = m_question.kind == QuestionKind::Scale && m_question.high <= 9;
    const qsizetype index = itself ? key.digit - m_question.low : key.digit - 1;
    return index < m_buttons.size() && index < 9 ? index : -1;
}

bool QuestionPanel::take(const ReviewKey &key)
{
    if (m_question.kind == QuestionKind::Flag && (key.act == ReviewAct::Yes || key.act == ReviewAct::No)) {
        m_buttons.first()->setChecked(key.act == ReviewAct::Yes);
        choose(0);
        return true;
    }
    const qsizetype index = indexFor(key);
    if (index < 0)
        return false;
    m_buttons[index]->setFocus(Qt::TabFocusReason);
    m_buttons[index]->setChecked(m_question.kind != QuestionKind::MultiChoice && m_question.kind != QuestionKind::Flag
                                     ? true
                                     : !m_buttons[index]->isChecked());
    choose(index);
    return true;
}

bool QuestionPanel::move(ReviewAct arrow)
{
    const bool row = m_answers->direction() == QBoxLayout::LeftToRight && m_buttons.size() > 1;
    const bool sideways = arrow == ReviewAct::Left || arrow == ReviewAct::Right;
    qsizetype at = -1;
    for (qsizetype i = 0; i < m_buttons.size(); ++i) {
        if (m_buttons[i]->hasFocus())
            at = i;
    }
    if (at < 0 || sideways != row)
        return sideways && at >= 0; // Sideways leads nowhere out of a column.
    const bool forward = row ? (arrow == ReviewAct::Right) != isRightToLeft() : arrow == ReviewAct::Down;
    const qsizetype to = at + (forward ? 1 : -1);
    if (to < 0 || to >= m_buttons.size())
        return sideways;
    m_buttons[to]->setFocus(Qt::TabFocusReason);
    m_reached = true;
    return true;
}

bool QuestionPanel::chooseReached()
{
    if (!m_reached)
        return false;
    for (AnswerButton *button : std::as_const(m_buttons)) {
        if (button->hasFocus()) {
            button->click();
            return true;
        }
    }
    return false;
}

void QuestionPanel::takeFocus()
{
    m_reached = false;
    if (m_field) {
        m_field->setFocus(Qt::TabFocusReason);
        return;
    }
    if (m_buttons.isEmpty())
        return;
    const auto chosen = std::ranges::find_if(m_buttons, &QAbstractButton::isChecked);
    (chosen == m_buttons.end() ? m_buttons.first() : *chosen)->setFocus(Qt::TabFocusReason);
}

bool QuestionPanel::hasTextFocus() const
{
    return m_field && m_field->hasFocus();
}

QList<QWidget *> QuestionPanel::stops() const
{
    QList<QWidget *> list;
    if (m_field)
        list << m_field;
    for (AnswerButton *button : m_buttons)
        list << button;
    return list;
}

bool QuestionPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn)
        Q_EMIT entered();
    return QWidget::eventFilter(watched, event);
}

void QuestionPanel::refreshFonts()
{
    ReviewSettings::setType(m_title, ReviewSettings::Type::Question, m_marked);
    for (AnswerButton *button : std::as_const(m_buttons))
        button->setFont(m_settings.font(ReviewSettings::Type::Option));
    if (m_field) {
        m_field->setFont(m_settings.font(ReviewSettings::Type::Question));
        m_field->setFixedHeight(2 * QFontMetrics(m_field->font()).lineSpacing() + Theme::spacing(3));
    }
    update();
}

void QuestionPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LayoutDirectionChange)
        placeMargins();
    else if (event->type() == QEvent::LanguageChange)
        reword();
    QWidget::changeEvent(event);
}

void QuestionPanel::placeMargins()
{
    if (!layout())
        return;
    QMargins margins(Theme::spacing(2), Theme::spacing() / 2, 0, Theme::spacing() / 2); // Room for the mark.
    if (isRightToLeft())
        margins = QMargins(margins.right(), margins.top(), margins.left(), margins.bottom());
    layout()->setContentsMargins(margins);
}

void QuestionPanel::paintEvent(QPaintEvent *)
{
    if (!m_marked)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_settings.color(Theme::Meaning::Accent));
    const qreal x = isRightToLeft() ? width() - barWidth : 0;
    painter.drawRoundedRect(QRectF(x, Theme::spacing() / 2.0, barWidth, height() - Theme::spacing()), 1.5, 1.5);
}

} // namespace evalwright
