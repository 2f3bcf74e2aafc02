// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/questionnaireeditor.h"

#include "core/onfinished.h"
#include "review/sitting.h"
#include "storage/exchange/smallfile.h"
#include "storage/exchange/wholefile.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/files/filedialogs.h"
#include "widgets/review/questionform.h"
#include "widgets/review/questionlist.h"
#include "widgets/review/reviewlanguage.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// An item for the preview, of the two answers that most items have.
review::Place sample()
{
    review::Place place;
    place.item.kind = u"yes-no"_s;
    place.item.options = {{u"Yes"_s, u"Yes"_s}, {u"No"_s, u"No"_s}};
    place.optionOrder = place.item.keys();
    return place;
}

} // namespace

QuestionnaireEditor::QuestionnaireEditor(const Questionnaire &questionnaire, QWidget *parent)
    : QDialog(parent), m_banner(new Banner), m_name(new QLineEdit), m_title(new QLineEdit), m_language(new QComboBox),
      m_list(new QListWidget), m_form(new QuestionForm), m_preview(new QuestionList(m_settings)), m_problem(new QLabel),
      m_add(new QPushButton(tr("&Add"))), m_remove(new QPushButton(tr("&Remove"))), m_up(new QPushButton(tr("&Up"))),
      m_down(new QPushButton(tr("D&own"))), m_use(new QPushButton(tr("Use these &questions")))
{
    setWindowTitle(tr("Questions to raters"));
    resize(1120, 700);
    m_name->setMaxLength(32);
    m_name->setToolTip(tr("Questionnaires of one name are versions of each other: a-z, 0-9, - and _"));
    m_title->setMaxLength(200);
    m_language->setAccessibleName(tr("Texts in"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    setSecondary(m_problem);
    auto *open = new QPushButton(tr("Open a &file …")), *save = new QPushButton(tr("&Save as a file …")),
         *cancel = new QPushButton(tr("Cancel"));
    for (QPushButton *button : {open, save, cancel, m_add, m_remove, m_up, m_down})
        button->setAutoDefault(false);
    setPrimary(m_use);
    auto *head = new QHBoxLayout;
    const auto labelled = [&](const QString &text, QWidget *field, int stretch) {
        auto *label = new QLabel(text);
        label->setBuddy(field);
        head->addWidget(label);
        head->addWidget(field, stretch);
    };
    labelled(tr("&Name"), m_name, 1);
    labelled(tr("&Title"), m_title, 2);
    labelled(tr("Te&xts in"), m_language, 0);
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto *top = new QWidget; // The form keeps its height, however high the window is.
    auto *topLayout = new QVBoxLayout(top);
    topLayout->setContentsMargins(0, 0, Theme::spacing(), 0);
    topLayout->addWidget(m_form);
    topLayout->addStretch();
    scroll->setWidget(top);
    auto *parts = new QSplitter;
    parts->addWidget(buildList());
    parts->addWidget(scroll);
    parts->addWidget(buildPreview());
    parts->setChildrenCollapsible(false);
    parts->setStretchFactor(2, 1);
    parts->setSizes({180, 380, 520});
    parts->setHandleWidth(Theme::spacing(2));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(open);
    buttons->addWidget(save);
    buttons->addWidget(m_problem, 1);
    buttons->addWidget(m_use);
    buttons->addWidget(cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addLayout(head);
    layout->addWidget(parts, 1);
    layout->addLayout(buttons);
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &name) {
        m_questionnaire.name = name;
        refresh();
    });
    connect(m_title, &QLineEdit::textEdited, this, [this](const QString &title) {
        m_questionnaire.title = title;
        refresh();
    });
    connect(m_language, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_filling)
            showQuestion();
    });
    connect(m_list, &QListWidget::currentRowChanged, this, [this] {
        if (!m_filling)
            showQuestion();
    });
    connect(m_form, &QuestionForm::edited, this, [this] {
        const int row = m_list->currentRow();
        if (row < 0)
            return;
        m_questionnaire.questions[row] = m_form->question();
        m_list->item(row)->setText(singleLine(m_form->question().id));
        refresh();
    });
    connect(open, &QPushButton::clicked, this, [this] {
        askForFile(this, tr("Open questions"), tr("Questionnaires (*.json);;All files (*)"), [this](const QString &path) { openFile(path); });
    });
    connect(save, &QPushButton::clicked, this, [this] {
        askWhereToSave(this, tr("Save the questions"), m_questionnaire.name + u".json"_s, tr("Questionnaires (*.json)"),
                       [this](const QString &path) { saveFile(path); });
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_use, &QPushButton::clicked, this, &QDialog::accept);
    setAll(questionnaire);
}

QWidget *QuestionnaireEditor::buildList()
{
    auto *side = new QWidget;
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    m_list->setAccessibleName(tr("Questions"));
    auto *kinds = new QMenu(m_add);
    for (const QuestionKind kind : {QuestionKind::Options, QuestionKind::Choice, QuestionKind::MultiChoice,
                                    QuestionKind::Scale, QuestionKind::Text, QuestionKind::Flag})
        kinds->addAction(QuestionForm::kindText(kind), this, [this, kind] { add(kind); });
    m_add->setMenu(kinds);
    connect(m_remove, &QPushButton::clicked, this, &QuestionnaireEditor::remove);
    connect(m_up, &QPushButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { move(1); });
    auto *grid = new QGridLayout;
    grid->addWidget(m_add, 0, 0);
    grid->addWidget(m_remove, 0, 1);
    grid->addWidget(m_up, 1, 0);
    grid->addWidget(m_down, 1, 1);
    layout->addWidget(m_list, 1);
    layout->addLayout(grid);
    return side;
}

QWidget *QuestionnaireEditor::buildPreview()
{
    auto *side = new QWidget;
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *heading = new QLabel(tr("As raters see it"));
    heading->setFont(Theme::font(Theme::Role::Heading));
    m_preview->setStyleSheet(m_settings.styleSheet());
    m_preview->setAccessibleName(heading->text());
    connect(&m_settings, &ReviewSettings::lookChanged, this, [this] { m_preview->setStyleSheet(m_settings.styleSheet()); });
    layout->addWidget(heading);
    layout->addWidget(m_preview, 1);
    return side;
}

QString QuestionnaireEditor::language() const
{
    const QString chosen = m_language->currentData().toString();
    return chosen.isEmpty() ? u"en"_s : chosen;
}

void QuestionnaireEditor::setAll(const Questionnaire &questionnaire)
{
    m_questionnaire = questionnaire;
    m_filling = true;
    m_name->setText(questionnaire.name);
    m_title->setText(questionnaire.title);
    QStringList languages = questionnaire.languages() + ReviewLanguage::all();
    languages.removeDuplicates();
    languages.removeAll(u"en"_s);
    m_language->clear();
    m_language->addItem(ReviewLanguage::nameOf(u"en"_s), u"en"_s);
    for (const QString &language : std::as_const(languages))
        m_language->addItem(ReviewLanguage::nameOf(language), language);
    m_filling = false;
    fillList(0);
}

void QuestionnaireEditor::fillList(int row)
{
    m_filling = true;
    m_list->clear();
    for (const ReviewQuestion &question : std::as_const(m_questionnaire.questions))
        m_list->addItem(singleLine(question.id));
    m_list->setCurrentRow(std::min(row, m_list->count() - 1));
    m_filling = false;
    showQuestion();
}

void QuestionnaireEditor::add(QuestionKind kind)
{
    ReviewQuestion question;
    question.kind = kind;
    int number = static_cast<int>(m_questionnaire.questions.size()) + 1;
    while (m_questionnaire.find(u"question-%1"_s.arg(number)))
        ++number;
    question.id = u"question-%1"_s.arg(number);
    question.text.text = tr("Question %1").arg(number);
    question.required = kind != QuestionKind::Flag && kind != QuestionKind::Text;
    if (kind == QuestionKind::Choice || kind == QuestionKind::MultiChoice)
        question.choices = {{u"yes"_s, {tr("Yes"), {}}}, {u"no"_s, {tr("No"), {}}}};
    m_questionnaire.questions << question;
    fillList(static_cast<int>(m_questionnaire.questions.size()) - 1);
}

void QuestionnaireEditor::remove()
{
    const int row = m_list->currentRow();
    if (row < 0)
        return;
    m_questionnaire.questions.removeAt(row);
    fillList(row);
}

void QuestionnaireEditor::move(int by)
{
    const int row = m_list->currentRow(), to = row + by;
    if (row < 0 || to < 0 || to >= m_questionnaire.questions.size())
        return;
    m_questionnaire.questions.move(row, to);
    fillList(to);
}

void QuestionnaireEditor::showQuestion()
{
    const int row = m_list->currentRow();
    m_form->setVisible(row >= 0);
    if (row >= 0)
        m_form->setQuestion(m_questionnaire.questions.at(row), m_questionnaire.questions.mid(0, row), language());
    refresh();
}

QString QuestionnaireEditor::problem() const
{
    const auto read = Questionnaire::fromJson(m_questionnaire.toJson());
    return read ? QString() : read.error().message;
}

void QuestionnaireEditor::refresh()
{
    const int row = m_list->currentRow();
    const bool english = language() == "en"_L1;
    m_remove->setEnabled(row >= 0 && english);
    m_up->setEnabled(row > 0 && english);
    m_down->setEnabled(row >= 0 && row < m_list->count() - 1 && english);
    m_add->setEnabled(english);
    m_problem->setText(problem());
    m_use->setEnabled(m_problem->text().isEmpty());
    if (!m_use->isEnabled())
        return; // The preview stays what it was last in order.
    m_settings.setLanguage(language(), ReviewSettings::Keep::No);
    m_preview->setQuestionnaire(m_questionnaire);
    m_preview->setLayoutDirection(ReviewLanguage::directionOf(language()));
    m_preview->fill(sample(), json::object());
}

void QuestionnaireEditor::openFile(const QString &path)
{
    onFinished(QtConcurrent::run([path]() -> Result<Questionnaire> {
        EVALWRIGHT_ASSIGN(const QByteArray text, readSmallFile(path));
        return Questionnaire::fromText(text);
    }),
               this, [this](const Result<Questionnaire> &read) {
                   if (!read)
                       return m_banner->showError(read.error());
                   setAll(*read);
               });
}

void QuestionnaireEditor::saveFile(const QString &path)
{
    const QByteArray text = QByteArray::fromStdString(m_questionnaire.toJson().dump(2)) + '\n';
    onFinished(QtConcurrent::run([path, text] { return writeWholeFile(path, text, true); }), this, [this, path](const Status &written) {
        if (!written)
            return m_banner->showError(written.error());
        m_banner->showMessage(Theme::Meaning::Success, tr("Saved as %1.").arg(path));
    });
}

} // namespace evalwright
