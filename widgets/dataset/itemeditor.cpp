// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemeditor.h"

#include "core/onfinished.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/bulkcommands.h"
#include "widgets/dataset/exacttextedit.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;
using Kind = EditProblem::Kind;

namespace {

/// What the editor reads of an item.
struct EditedItem
{
    CandidateRow row;
    QString family;
    qint64 scores = 0, answers = 0, judgements = 0;
};

Result<EditedItem> readItem(Connection &connection, CandidateId id)
{
    EditedItem item;
    EVALWRIGHT_ASSIGN(item.row, candidateById(connection, id));
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, item.row.candidate.datasetId));
    item.family = dataset.family;
    const auto count = [&](const QString &table) -> Result<qint64> {
        EVALWRIGHT_ASSIGN(const QVariant value,
                          connection.value(u"SELECT count(*) FROM %1 WHERE candidate_id = ?"_s.arg(table), {id.value}));
        return value.toLongLong();
    };
    EVALWRIGHT_ASSIGN(item.scores, count(u"score"_s));
    EVALWRIGHT_ASSIGN(item.answers, count(u"observation"_s));
    EVALWRIGHT_ASSIGN(item.judgements, count(u"judgement_current"_s));
    return item;
}

QLabel *fieldLabel(const QString &text, QWidget *of, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setBuddy(of);
    return label;
}

/// Text of a line field, as it was set when the person did not touch it: QLineEdit shows it without line ends.
QString exactLine(const QLineEdit *edit)
{
    return edit->isModified() ? edit->text() : edit->property("exact").toString();
}
void setExactLine(QLineEdit *edit, const QString &text)
{
    edit->setProperty("exact", text);
    edit->setText(text);
    edit->setModified(false);
}

} // namespace

QString editProblemText(const EditProblem &problem)
{
    const QString what = singleLine(problem.what, 80);
    switch (problem.kind) {
    case Kind::NoText:
        return ItemEditor::tr("Nothing would be left to ask: the statement and the question need a text.");
    case Kind::NoMatchingLabel:
        return ItemEditor::tr("An item needs the answer that matches.");
    case Kind::NoOtherLabel:
        return ItemEditor::tr("An item needs an answer that does not match.");
    case Kind::EmptyLabel:
        return ItemEditor::tr("One of the other answers is empty. Write it or remove it.");
    case Kind::MatchingAmongOthers:
        return ItemEditor::tr("“%1” cannot both match and not match.").arg(what);
    case Kind::RepeatedLabel:
        return ItemEditor::tr("“%1” is there twice.").arg(what);
    case Kind::LabelNotInOptions:
        return ItemEditor::tr("An answer is a letter that no option of the question has. Options are lines such as “(A) text”.");
    case Kind::AmbiguousOptions:
        return ItemEditor::tr("The same letter names two options of the question, so the answers cannot be told apart.");
    case Kind::OptionWithoutLabel:
        return ItemEditor::tr("The question has an option (%1) that is none of the answers.").arg(what);
    case Kind::NoBlank:
        return ItemEditor::tr("The sentence needs exactly one _ in place of its pronoun.");
    case Kind::BiographyAndQuestion:
        return ItemEditor::tr("The biography and the question behind it were both changed, so nobody could tell where one ends. "
                              "Change one, save, then change the other.");
    case Kind::StatementNotInQuestion:
        return ItemEditor::tr("The question does not quote the statement.");
    case Kind::LabelBlanks:
        return ItemEditor::tr("“%1” begins or ends with other blanks than the answers did; for a model that is another answer.").arg(what);
    case Kind::InvisibleCharacters:
        return ItemEditor::tr("There are characters that one does not see: %1").arg(what);
    }
    return {};
}

ItemEditor::ItemEditor(std::shared_ptr<Project> project, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_banner(new Banner(this)), m_about(new QLabel(this)),
      m_refusals(new QLabel(this)), m_warnings(new QLabel(this)), m_statement(new ExactTextEdit(this)),
      m_question(new ExactTextEdit(this)), m_matching(new QLineEdit(this)), m_reason(new QLineEdit(this)),
      m_others(new QWidget(this)), m_otherRows(new QVBoxLayout(m_others)), m_addOther(new QToolButton(this)),
      m_save(new QPushButton(tr("Save"), this)), m_cancel(new QPushButton(tr("Cancel"), this))
{
    build();
    connect(m_statement, &QPlainTextEdit::textChanged, this, &ItemEditor::followStatement);
    connect(m_question, &QPlainTextEdit::textChanged, this, &ItemEditor::check);
    connect(m_matching, &QLineEdit::textEdited, this, &ItemEditor::check);
    connect(m_addOther, &QToolButton::clicked, this, [this] {
        // As the others begin: most published answers have a blank before them.
        addOther(m_before.matchingLabel.startsWith(u' ') ? u" "_s : QString());
        m_otherEdits.last()->setModified(true);
        m_otherEdits.last()->setFocus();
        check();
    });
    connect(m_save, &QPushButton::clicked, this, &ItemEditor::save);
    connect(m_cancel, &QPushButton::clicked, this, &ItemEditor::cancel);
    for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &ItemEditor::save);
    }
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &ItemEditor::cancel);
    connect(Theme::of(this), &Theme::changed, this, &ItemEditor::colour);
    colour();
    setEnabled(false);
}

void ItemEditor::build()
{
    m_statementLabel = fieldLabel(tr("S&tatement"), m_statement, this);
    m_questionLabel = fieldLabel(tr("&Question, as models are asked"), m_question, this);
    m_matchingLabel = fieldLabel(tr("&Matching answer"), m_matching, this);
    m_othersLabel = new QLabel(tr("Other answers"), this);
    m_statement->setAccessibleName(tr("Statement"));
    m_question->setAccessibleName(tr("Question"));
    m_matching->setAccessibleName(tr("Matching answer"));
    m_reason->setAccessibleName(tr("Reason of the edit"));
    m_reason->setPlaceholderText(tr("Why? It stays with the edit"));
    m_reason->setMaxLength(400);
    m_addOther->setText(tr("Add an answer"));
    m_addOther->setAutoRaise(true);
    m_otherRows->setContentsMargins(0, 0, 0, 0);
    m_otherRows->setSpacing(Theme::spacing() / 2);
    m_save->setToolTip(tr("Ctrl+Enter; the text before is kept"));
    m_cancel->setToolTip(tr("Esc"));
    setPrimary(m_save);
    for (QLabel *label : {m_about, m_refusals, m_warnings}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->hide();
    }
    setSecondary(m_about);
    const int line = m_statement->fontMetrics().lineSpacing();
    m_statement->setMinimumHeight(3 * line + Theme::spacing(2));
    m_question->setMinimumHeight(5 * line + Theme::spacing(2));

    auto *answers = new QHBoxLayout;
    answers->setSpacing(Theme::spacing(2));
    auto *matching = new QVBoxLayout;
    matching->setSpacing(Theme::spacing() / 2);
    matching->addWidget(m_matchingLabel);
    matching->addWidget(m_matching);
    matching->addStretch();
    auto *others = new QVBoxLayout;
    others->setSpacing(Theme::spacing() / 2);
    others->addWidget(m_othersLabel);
    others->addWidget(m_others);
    others->addWidget(m_addOther, 0, Qt::AlignLeft);
    others->addStretch();
    answers->addLayout(matching, 1);
    answers->addLayout(others, 1);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_reason, 1);
    buttons->addWidget(m_save);
    buttons->addWidget(m_cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_banner);
    layout->addWidget(m_about);
    layout->addWidget(m_statementLabel);
    layout->addWidget(m_statement, 2);
    layout->addWidget(m_questionLabel);
    layout->addWidget(m_question, 3);
    layout->addLayout(answers);
    layout->addWidget(m_refusals);
    layout->addWidget(m_warnings);
    layout->addLayout(buttons);
}

void ItemEditor::edit(CandidateId id)
{
    m_candidate = id;
    m_isFilled = false;
    setEnabled(false);
    const quint64 generation = ++m_generation;
    onFinished(m_project->read([id](Connection &connection) { return readItem(connection, id); }), this,
               [this, generation](const Result<EditedItem> &item) {
                   if (generation != m_generation)
                       return;
                   if (!item) {
                       m_banner->showError(item.error());
                       return;
                   }
                   m_before = CandidateText::of(item->row.candidate);
                   m_family = item->family;
                   const QLocale locale;
                   QStringList had;
                   if (item->scores > 0)
                       had << tr("%Ln score(s) of checkers", nullptr, static_cast<int>(item->scores));
                   if (item->answers > 0)
                       had << tr("%Ln answer(s) of models", nullptr, static_cast<int>(item->answers));
                   if (item->judgements > 0)
                       had << tr("%Ln judgement(s) of raters", nullptr, static_cast<int>(item->judgements));
                   fill(had.isEmpty() ? QString()
                                      : tr("This item has %1. They stay, and are about the former text: ask again after a change.")
                                            .arg(had.join(tr(", "))));
               });
}

void ItemEditor::fill(const QString &about)
{
    m_statement->setExactText(m_before.statement);
    m_lastStatement = m_before.statement;
    m_question->setExactText(m_before.question);
    setExactLine(m_matching, m_before.matchingLabel);
    while (QLayoutItem *row = m_otherRows->takeAt(0)) {
        delete row->widget();
        delete row;
    }
    m_otherEdits.clear();
    for (const QString &label : std::as_const(m_before.otherLabels))
        addOther(label);
    const bool hasStatement = !m_before.statement.isEmpty() || m_before.question.isEmpty();
    const bool hasQuestion = !m_before.question.isEmpty();
    const bool hasMatching = !m_before.matchingLabel.isEmpty() || m_family != "winogender"_L1;
    m_statement->setVisible(hasStatement);
    m_statementLabel->setVisible(hasStatement);
    m_question->setVisible(hasQuestion);
    m_questionLabel->setVisible(hasQuestion);
    m_matching->setVisible(hasMatching);
    m_matchingLabel->setVisible(hasMatching);
    m_reason->clear();
    m_about->setText(about);
    m_about->setVisible(!about.isEmpty());
    m_banner->hide();
    m_warnedOfLoss = false;
    m_isFilled = true;
    const bool writable = m_project->access() == Project::Access::ReadWrite;
    setEnabled(true);
    for (QWidget *field : QList<QWidget *>{m_statement, m_question, m_matching, m_others, m_addOther, m_reason})
        field->setEnabled(writable);
    if (!writable)
        m_banner->showMessage(Theme::Meaning::Warning, tr("The project is open for reading only."));
    check();
    (hasStatement ? m_statement : m_question)->setFocus();
    Q_EMIT loaded();
}

void ItemEditor::addOther(const QString &label)
{
    auto *row = new QWidget(m_others);
    auto *edit = new QLineEdit(row);
    auto *remove = new QToolButton(row);
    setExactLine(edit, label);
    edit->setAccessibleName(tr("Other answer"));
    remove->setText(tr("Remove"));
    remove->setAutoRaise(true);
    remove->setAccessibleName(tr("Remove this answer"));
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(edit, 1);
    layout->addWidget(remove);
    m_otherRows->addWidget(row);
    m_otherEdits << edit;
    connect(edit, &QLineEdit::textEdited, this, &ItemEditor::check);
    connect(remove, &QToolButton::clicked, this, [this, row, edit] {
        m_otherEdits.removeOne(edit);
        row->hide();
        row->deleteLater();
        check();
    });
}

void ItemEditor::followStatement()
{
    if (!m_isFilled)
        return;
    const QString statement = m_statement->exactText(), question = m_question->exactText();
    const QString followed = questionWithStatement(question, m_lastStatement, statement);
    m_lastStatement = statement;
    if (followed != question)
        m_question->typeText(followed); // Checks, too.
    else
        check();
}

CandidateText ItemEditor::typed() const
{
    CandidateText text = m_before;
    text.statement = m_statement->exactText();
    text.question = m_question->exactText();
    text.matchingLabel = exactLine(m_matching);
    text.otherLabels.clear();
    for (const QLineEdit *edit : m_otherEdits)
        text.otherLabels << exactLine(edit);
    return text;
}

EditedText ItemEditor::edited() const
{
    return editedText(m_before, typed(), m_family);
}

QString ItemEditor::reason() const
{
    return m_reason->text();
}

bool ItemEditor::isChanged() const
{
    return m_isFilled && typed() != m_before;
}

void ItemEditor::check()
{
    if (!m_isFilled)
        return;
    const bool changed = isChanged();
    QStringList refusals, warnings;
    bool isRefused = false;
    const EditedText made = edited();
    for (const EditProblem &problem : made.problems) {
        // What one does not see has to be known before one edits it.
        if (changed || problem.kind == Kind::InvisibleCharacters)
            (problem.refuses ? refusals : warnings) << u"• "_s + editProblemText(problem);
    }
    if (changed) {
        isRefused = made.isRefused();
        for (const ExactTextEdit *field : {m_statement, m_question}) {
            if (!field->keepsLineEnds() && field->document()->isModified())
                warnings << u"• "_s + tr("The text had different kinds of line ends; all of them will be the same.");
        }
    }
    m_refusals->setText(tr("This cannot be saved:\n%1").arg(refusals.join(u'\n')));
    m_refusals->setVisible(!refusals.isEmpty());
    m_warnings->setText(tr("Look at this before you save:\n%1").arg(warnings.join(u'\n')));
    m_warnings->setVisible(!warnings.isEmpty());
    m_save->setEnabled(changed && !isRefused && m_project->access() == Project::Access::ReadWrite);
}

void ItemEditor::colour()
{
    const Theme *theme = Theme::of(this);
    for (const auto &[label, meaning] : {std::pair(m_refusals, Theme::Meaning::Error), std::pair(m_warnings, Theme::Meaning::Warning)}) {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, theme->color(meaning));
        label->setPalette(palette);
    }
}

void ItemEditor::save()
{
    check();
    if (m_save->isEnabled())
        Q_EMIT saveRequested(m_candidate, m_before, edited().text, reason());
}

void ItemEditor::cancel()
{
    if (isChanged() && !std::exchange(m_warnedOfLoss, true))
        m_banner->showMessage(Theme::Meaning::Warning, tr("Your changes are not saved. Cancel once more to drop them."));
    else
        Q_EMIT cancelled();
}

void ItemEditor::showError(const Error &error)
{
    m_banner->showError(error);
}

void openItemEditor(const std::shared_ptr<Project> &project, CandidateId id, QUndoStack *undoStack, QWidget *parent,
                    std::function<void(bool undone, const Status &outcome)> report)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(ItemEditor::tr("Edit an item"));
    dialog->resize(680, 560);
    auto *editor = new ItemEditor(project, dialog);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(editor);
    QObject::connect(editor, &ItemEditor::cancelled, dialog, &QDialog::reject);
    const auto store = [=](CandidateId item, const CandidateText &before, const CandidateText &text, const QString &reason) {
        // What was typed stays in sight until it is stored.
        const auto told = [report, window = QPointer<QDialog>(dialog), editor](bool undone, const Result<BulkOutcome> &outcome) {
            if (window && window->isVisible()) {
                if (!outcome)
                    return editor->showError(outcome.error());
                window->accept();
            }
            if (report)
                report(undone, outcome ? Status() : Status(failure(outcome.error())));
        };
        undoStack->push(new EditCommand(project, item, before, text, reason, parent, told));
    };
    QObject::connect(editor, &ItemEditor::saveRequested, dialog, store);
    editor->edit(id);
    dialog->open();
}

} // namespace evalwright
