// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/questionform.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kinds{QuestionKind::Options, QuestionKind::Choice, QuestionKind::MultiChoice,
                           QuestionKind::Scale,   QuestionKind::Text,   QuestionKind::Flag};
constexpr int highestScale = 100;

QString textIn(const LocalText &text, const QString &language)
{
    return language == "en"_L1 ? text.text : text.in.value(language);
}

/// A text that is empty in another language than English is none.
void setText(LocalText &text, const QString &language, const QString &value)
{
    if (language == "en"_L1)
        text.text = value;
    else if (value.trimmed().isEmpty())
        text.in.remove(language);
    else
        text.in.insert(language, value);
}

bool hasChoices(QuestionKind kind)
{
    return kind == QuestionKind::Choice || kind == QuestionKind::MultiChoice;
}

} // namespace

QString QuestionForm::kindText(QuestionKind kind)
{
    switch (kind) {
    case QuestionKind::Options:
        return tr("one of the item's own options");
    case QuestionKind::Choice:
        return tr("one of these choices");
    case QuestionKind::MultiChoice:
        return tr("any of these choices");
    case QuestionKind::Scale:
        return tr("a step of a scale");
    case QuestionKind::Text:
        return tr("a text");
    case QuestionKind::Flag:
        return tr("a flag, on or off");
    }
    return {};
}

QuestionForm::QuestionForm(QWidget *parent)
    : QWidget(parent), m_layout(new QFormLayout(this)), m_id(new QLineEdit), m_kind(new QComboBox), m_shownIf(new QComboBox),
      m_text(new QPlainTextEdit), m_required(new QCheckBox(tr("must be &answered"))), m_choices(new QWidget),
      m_choiceTable(new QTableWidget(0, 2)), m_addChoice(new QPushButton(tr("Add a choice"))),
      m_removeChoice(new QPushButton(tr("Remove"))), m_low(new QSpinBox), m_high(new QSpinBox), m_lowText(new QLineEdit),
      m_highText(new QLineEdit), m_values(new QListWidget), m_freeValues(new QLineEdit)
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(Theme::spacing(2));
    m_id->setMaxLength(32);
    m_id->setToolTip(tr("Under this name answers are stored: a-z, 0-9, - and _"));
    for (const QuestionKind kind : kinds)
        m_kind->addItem(kindText(kind), static_cast<int>(kind));
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Text of the question"));
    m_text->setMaximumHeight(4 * fontMetrics().height());
    m_choiceTable->setHorizontalHeaderLabels({tr("Key"), tr("Text")});
    m_choiceTable->horizontalHeader()->setStretchLastSection(true);
    m_choiceTable->verticalHeader()->hide();
    m_choiceTable->setAccessibleName(tr("Choices"));
    m_choiceTable->setTabKeyNavigation(false);
    m_choiceTable->setMinimumHeight(6 * fontMetrics().height());
    auto *choices = new QVBoxLayout(m_choices);
    choices->setContentsMargins(0, 0, 0, 0);
    choices->addWidget(m_choiceTable);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_addChoice);
    buttons->addWidget(m_removeChoice);
    buttons->addStretch();
    choices->addLayout(buttons);
    for (QSpinBox *box : {m_low, m_high})
        box->setRange(0, highestScale);
    m_values->setAccessibleName(tr("Answers that show this question"));
    m_values->setMaximumHeight(5 * fontMetrics().height());
    m_freeValues->setAccessibleName(m_values->accessibleName());
    m_freeValues->setPlaceholderText(tr("answers, separated by commas"));
    m_layout->addRow(tr("&Id"), m_id);
    m_layout->addRow(tr("A&nswer"), m_kind);
    m_layout->addRow(tr("Te&xt"), m_text);
    m_layout->addRow(tr("Choices"), m_choices);
    m_layout->addRow(tr("&From"), m_low);
    m_layout->addRow(tr("Means"), m_lowText);
    m_layout->addRow(tr("&To"), m_high);
    m_layout->addRow(tr("Means"), m_highText);
    m_lowText->setAccessibleName(tr("What the lowest step means"));
    m_highText->setAccessibleName(tr("What the highest step means"));
    m_layout->addRow(QString(), m_required);
    m_layout->addRow(tr("&Shown"), m_shownIf);
    m_layout->addRow(tr("After"), m_values);
    m_layout->addRow(tr("After"), m_freeValues);
    for (QLineEdit *line : {m_id, m_lowText, m_highText, m_freeValues})
        connect(line, &QLineEdit::textEdited, this, &QuestionForm::take);
    connect(m_text, &QPlainTextEdit::textChanged, this, &QuestionForm::take);
    for (QSpinBox *box : {m_low, m_high})
        connect(box, &QSpinBox::valueChanged, this, &QuestionForm::take);
    connect(m_required, &QCheckBox::toggled, this, &QuestionForm::take);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &QuestionForm::take);
    connect(m_shownIf, &QComboBox::currentIndexChanged, this, [this] {
        if (m_filling)
            return;
        m_question.shownIf = m_shownIf->currentData().toString();
        m_question.shownValues.clear();
        fillShown();
        Q_EMIT edited();
    });
    connect(m_values, &QListWidget::itemChanged, this, &QuestionForm::take);
    connect(m_choiceTable, &QTableWidget::cellChanged, this, &QuestionForm::takeChoices);
    connect(m_addChoice, &QPushButton::clicked, this, &QuestionForm::addChoice);
    connect(m_removeChoice, &QPushButton::clicked, this, &QuestionForm::removeChoice);
}

void QuestionForm::setQuestion(const ReviewQuestion &question, const QList<ReviewQuestion> &earlier, const QString &language)
{
    m_question = question;
    m_earlier = earlier;
    m_language = language;
    fill();
}

void QuestionForm::fill()
{
    m_filling = true;
    m_id->setText(m_question.id);
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(m_question.kind)));
    m_text->setPlainText(textIn(m_question.text, m_language));
    // Where a text is missing in a language raters see the English one.
    m_text->setPlaceholderText(m_question.text.text);
    m_required->setChecked(m_question.required);
    m_low->setValue(m_question.low);
    m_high->setValue(m_question.high);
    m_lowText->setText(textIn(m_question.lowText, m_language));
    m_highText->setText(textIn(m_question.highText, m_language));
    m_lowText->setPlaceholderText(m_question.lowText.text);
    m_highText->setPlaceholderText(m_question.highText.text);
    m_filling = false;
    fillChoices();
    fillShown();
    refreshRows();
}

void QuestionForm::fillChoices()
{
    m_filling = true;
    m_choiceTable->setRowCount(static_cast<int>(m_question.choices.size()));
    for (int row = 0; row < m_choiceTable->rowCount(); ++row) {
        const ReviewChoice &choice = m_question.choices.at(row);
        m_choiceTable->setItem(row, 0, new QTableWidgetItem(choice.key));
        if (m_language != "en"_L1)
            m_choiceTable->item(row, 0)->setFlags(Qt::ItemIsSelectable);
        m_choiceTable->setItem(row, 1, new QTableWidgetItem(textIn(choice.text, m_language)));
        m_choiceTable->item(row, 1)->setToolTip(plainToolTip(choice.text.text));
    }
    m_filling = false;
}

void QuestionForm::fillShown()
{
    m_filling = true;
    m_shownIf->clear();
    m_shownIf->addItem(tr("always"), QString());
    for (const ReviewQuestion &question : m_earlier)
        m_shownIf->addItem(tr("after an answer to “%1”").arg(question.id), question.id);
    if (!m_question.shownIf.isEmpty() && m_shownIf->findData(m_question.shownIf) < 0)
        m_shownIf->addItem(tr("after an answer to “%1”, which does not stand before").arg(m_question.shownIf), m_question.shownIf);
    m_shownIf->setCurrentIndex(std::max(0, m_shownIf->findData(m_question.shownIf)));
    m_values->clear();
    const auto waitsFor = std::ranges::find(m_earlier, m_question.shownIf, &ReviewQuestion::id);
    const QStringList possible = waitsFor == m_earlier.end() ? QStringList() : possibleAnswers(*waitsFor);
    for (const QString &value : possible) {
        auto *item = new QListWidgetItem(value, m_values);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(m_question.shownValues.contains(value) ? Qt::Checked : Qt::Unchecked);
    }
    m_freeValues->setText(m_question.shownValues.join(u", "_s));
    m_filling = false;
    refreshRows();
}

void QuestionForm::refreshRows()
{
    const auto setRow = [this](QWidget *field, bool visible) {
        field->setVisible(visible);
        if (QWidget *label = m_layout->labelForField(field))
            label->setVisible(visible);
    };
    const QuestionKind kind = m_question.kind;
    setRow(m_choices, hasChoices(kind));
    for (QWidget *field : std::initializer_list<QWidget *>{m_low, m_high, m_lowText, m_highText})
        setRow(field, kind == QuestionKind::Scale);
    m_required->setVisible(kind != QuestionKind::Flag);
    setRow(m_shownIf, !m_earlier.isEmpty() || !m_question.shownIf.isEmpty());
    const bool waits = !m_question.shownIf.isEmpty();
    setRow(m_values, waits && m_values->count() > 0);
    setRow(m_freeValues, waits && m_values->count() == 0);
    // Keys and conditions are the same in every language; they are edited with the English texts.
    const bool english = m_language == "en"_L1;
    for (QWidget *field : std::initializer_list<QWidget *>{m_id, m_kind, m_low, m_high, m_required, m_shownIf, m_values,
                                                           m_freeValues, m_addChoice, m_removeChoice})
        field->setEnabled(english);
    m_removeChoice->setEnabled(english && m_question.choices.size() > 2);
}

void QuestionForm::take()
{
    if (m_filling)
        return;
    m_question.id = m_id->text();
    setText(m_question.text, m_language, m_text->toPlainText());
    const auto kind = static_cast<QuestionKind>(m_kind->currentData().toInt());
    const bool isOther = kind != m_question.kind;
    m_question.kind = kind;
    m_question.required = kind != QuestionKind::Flag && m_required->isChecked();
    m_question.low = m_low->value();
    m_question.high = m_high->value();
    setText(m_question.lowText, m_language, m_lowText->text());
    setText(m_question.highText, m_language, m_highText->text());
    if (!m_question.shownIf.isEmpty()) {
        m_question.shownValues.clear();
        for (int i = 0; i < m_values->count(); ++i) {
            if (m_values->item(i)->checkState() == Qt::Checked)
                m_question.shownValues << m_values->item(i)->text();
        }
        if (m_values->count() == 0) {
            for (const QString &value : m_freeValues->text().split(u','))
                m_question.shownValues << value.trimmed();
            m_question.shownValues.removeAll(QString());
        }
    }
    if (isOther && hasChoices(kind) && m_question.choices.isEmpty()) {
        m_question.choices = {{u"yes"_s, {tr("Yes"), {}}}, {u"no"_s, {tr("No"), {}}}};
        fillChoices();
    }
    if (isOther)
        refreshRows();
    Q_EMIT edited();
}

void QuestionForm::takeChoices()
{
    if (m_filling)
        return;
    for (int row = 0; row < m_choiceTable->rowCount(); ++row) {
        ReviewChoice &choice = m_question.choices[row];
        if (m_language == "en"_L1)
            choice.key = m_choiceTable->item(row, 0)->text();
        setText(choice.text, m_language, m_choiceTable->item(row, 1)->text());
    }
    Q_EMIT edited();
}

void QuestionForm::addChoice()
{
    int number = static_cast<int>(m_question.choices.size()) + 1;
    const auto isTaken = [this](const QString &key) {
        return std::ranges::find(m_question.choices, key, &ReviewChoice::key) != m_question.choices.end();
    };
    while (isTaken(u"choice-%1"_s.arg(number)))
        ++number;
    m_question.choices << ReviewChoice{u"choice-%1"_s.arg(number), {tr("Choice %1").arg(number), {}}};
    fillChoices();
    refreshRows();
    m_choiceTable->setCurrentCell(m_choiceTable->rowCount() - 1, 1);
    Q_EMIT edited();
}

void QuestionForm::removeChoice()
{
    const int row = m_choiceTable->currentRow();
    if (row < 0 || m_question.choices.size() <= 2)
        return;
    m_question.choices.removeAt(row);
    fillChoices();
    refreshRows();
    Q_EMIT edited();
}

} // namespace evalwright
