// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemedits.h"

#include "core/onfinished.h"
#include "widgets/dataset/bulkcommands.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/textdiff.h"
#include "widgets/inspector/provenancereport.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QDateTime>
#include <QDialog>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QUndoStack>
#include <QVBoxLayout>

#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype cardsAtOnce = 20;

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(withVisibleControls(text));
    label->setWordWrap(true);
    return label;
}

QScrollArea *scrollArea(QWidget *parent)
{
    auto *scroll = new QScrollArea(parent);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return scroll;
}

/// A fresh page inside of the scroll area; the former one goes with all that is on it.
QVBoxLayout *newColumn(QScrollArea *scroll)
{
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, Theme::spacing(), 0);
    column->setSpacing(Theme::spacing(2));
    scroll->setWidget(content);
    content->show(); // A scroll area that is seen already shows nothing by itself.
    return column;
}

void addParts(const QList<TextPart> &parts, const QString &before, const QString &after, QVBoxLayout *column, QWidget *parent)
{
    for (const TextPart &part : parts) {
        QLabel *name = plainLabel(part.name, parent);
        name->setFont(Theme::font(Theme::Role::Caption));
        setSecondary(name);
        auto *box = new QVBoxLayout;
        box->setSpacing(Theme::spacing() / 2);
        box->addWidget(name);
        auto *diff = new TextDiff(parent);
        // Which side is which is said once.
        diff->setNames(&part == &parts.first() ? before : QString(), &part == &parts.first() ? after : QString());
        diff->setTexts(part.before, part.after);
        box->addWidget(diff);
        column->addLayout(box);
    }
}

/// Labels as they are stored, with their blanks.
QString answersText(const CandidateText &text)
{
    QStringList lines;
    if (!text.matchingLabel.isEmpty())
        lines << ItemEditsView::tr("matching: “%1”").arg(text.matchingLabel);
    for (const QString &label : text.otherLabels)
        lines << ItemEditsView::tr("other: “%1”").arg(label);
    return lines.join(u'\n');
}

QDialog *newWindow(QWidget *view, const QString &title, QWidget *parent)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    dialog->resize(820, 620);
    auto *close = new QPushButton(ItemEditsView::tr("Close"), dialog);
    QObject::connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    auto *layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->addWidget(view, 1);
    layout->addWidget(close, 0, Qt::AlignRight);
    return dialog;
}

} // namespace

QList<TextPart> textParts(const CandidateText &before, const CandidateText &after, bool all)
{
    QList<TextPart> parts;
    const auto add = [&](const QString &name, const QString &old, const QString &now) {
        if (all ? !old.isEmpty() || !now.isEmpty() : old != now)
            parts << TextPart{name, old, now};
    };
    add(ItemEditsView::tr("Statement"), before.statement, after.statement);
    add(ItemEditsView::tr("Question"), before.question, after.question);
    add(ItemEditsView::tr("Answers"), answersText(before), answersText(after));
    if (!all || before.fields != after.fields)
        add(ItemEditsView::tr("Further fields"), indentedJson(before.fields), indentedJson(after.fields));
    return parts;
}

QString editAuthor(const CandidateEdit &edit)
{
    const QString by = edit.actor == "rule"_L1 ? ItemEditsView::tr("by a rule") : ItemEditsView::tr("by a person");
    if (edit.reason == "undo"_L1)
        return ItemEditsView::tr("took an edit back, %1").arg(by);
    if (edit.reason.startsWith("lint:"_L1))
        return ItemEditsView::tr("fix of %1, %2").arg(singleLine(edit.reason.mid(5), 120), by);
    QString reason = edit.reason.startsWith("person:"_L1) ? edit.reason.mid(7) : edit.reason;
    if (reason == "person"_L1)
        reason.clear();
    return reason.isEmpty() ? by : ItemEditsView::tr("“%1”, %2").arg(singleLine(reason, 400), by);
}

ItemEditsView::ItemEditsView(std::shared_ptr<Project> project, QUndoStack *undoStack, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_undo(undoStack), m_banner(new Banner(this)), m_empty(new QLabel(this)),
      m_scroll(scrollArea(this)), m_more(new QPushButton(tr("Show older edits"), this))
{
    m_empty->setText(tr("This item says what it has always said: nobody has edited it."));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    setSecondary(m_empty);
    m_empty->hide();
    m_more->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_banner);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_scroll, 1);
    layout->addWidget(m_more, 0, Qt::AlignLeft);
    connect(m_more, &QPushButton::clicked, this, &ItemEditsView::addMore);
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(200);
    connect(&m_refresh, &QTimer::timeout, this, &ItemEditsView::read);
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (topic == Topic::Candidates && m_candidate.isValid() && !m_refresh.isActive())
            m_refresh.start();
    });
}

void ItemEditsView::showCandidate(CandidateId id)
{
    m_candidate = id;
    m_edits.clear();
    m_banner->hide();
    rebuild();
    read();
}

void ItemEditsView::read()
{
    const quint64 generation = ++m_generation;
    const auto future = m_project->read([id = m_candidate](Connection &connection) { return editsOf(connection, id); });
    onFinished(future, this, [this, generation](const Result<QList<CandidateEdit>> &edits) {
        if (generation != m_generation)
            return;
        if (!edits) {
            m_banner->showError(edits.error());
            return;
        }
        // Nothing new: the person goes on reading where they are.
        const bool isNew = edits->size() != m_edits.size() || edits->isEmpty();
        m_edits = *edits;
        if (isNew)
            rebuild();
        Q_EMIT loaded();
    });
}

void ItemEditsView::rebuild()
{
    m_cards = newColumn(m_scroll);
    m_cards->addStretch();
    m_shown = 0;
    m_empty->setVisible(m_edits.isEmpty());
    m_scroll->setVisible(!m_edits.isEmpty());
    addMore();
}

void ItemEditsView::addMore()
{
    const qsizetype upTo = std::min(m_edits.size(), m_shown + cardsAtOnce);
    for (; m_shown < upTo; ++m_shown)
        addCard(m_edits.size() - 1 - m_shown);
    m_more->setVisible(m_shown < m_edits.size());
}

void ItemEditsView::addCard(qsizetype index)
{
    const CandidateEdit &edit = m_edits[index];
    auto *card = new QFrame(m_scroll->widget());
    setCard(card);
    auto *column = new QVBoxLayout(card);
    auto *head = new QHBoxLayout;
    QLabel *title = plainLabel(tr("Edit %1 of %2: %3").arg(QLocale().toString(index + 1), QLocale().toString(m_edits.size()), editAuthor(edit)), card);
    title->setFont(Theme::font(Theme::Role::Heading));
    head->addWidget(title, 1);
    const QDateTime at = QDateTime::fromString(edit.createdAt, Qt::ISODateWithMs);
    auto *time = plainLabel(at.isValid() ? QLocale().toString(at.toLocalTime(), QLocale::ShortFormat) : edit.createdAt, card);
    time->setWordWrap(false);
    time->setFont(Theme::font(Theme::Role::Caption));
    setSecondary(time);
    head->addWidget(time, 0, Qt::AlignVCenter);
    auto *back = new QPushButton(tr("Take this edit back"), card);
    const bool writable = m_project->access() == Project::Access::ReadWrite;
    back->setEnabled(writable);
    back->setToolTip(writable ? tr("The item says again what it said before; this can be undone")
                              : tr("The project is open for reading only"));
    connect(back, &QPushButton::clicked, this, [this, id = edit.id] { takeBack(id); });
    head->addWidget(back, 0, Qt::AlignVCenter);
    column->addLayout(head);
    addParts(textParts(edit.before, edit.after), tr("Before"), tr("After"), column, card);
    m_cards->insertWidget(m_cards->count() - 1, card);
}

void ItemEditsView::takeBack(qint64 edit)
{
    m_undo->push(new TakeBackEditCommand(m_project, edit, this, [this](bool undone, const Result<BulkOutcome> &outcome) {
        if (!outcome) {
            m_banner->showError(outcome.error());
            return;
        }
        if (outcome->changed == 0) {
            m_banner->showMessage(Theme::Meaning::Warning,
                                  tr("A later edit changed the same part of the item, so nothing was taken back. Take the later one back first."));
        } else {
            m_banner->showMessage(Theme::Meaning::Human,
                                  undone ? tr("The edit is there again.") : tr("The edit is taken back. That is an edit, too."));
        }
        Q_EMIT takenBack();
    }));
}

ItemPairView::ItemPairView(std::shared_ptr<Project> project, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_banner(new Banner(this)), m_scroll(scrollArea(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_banner);
    layout->addWidget(m_scroll, 1);
}

void ItemPairView::showItems(CandidateId first, CandidateId second)
{
    using Pair = std::pair<CandidateRow, CandidateRow>;
    const quint64 generation = ++m_generation;
    const auto future = m_project->read([first, second](Connection &connection) -> Result<Pair> {
        EVALWRIGHT_ASSIGN(const CandidateRow one, candidateById(connection, first));
        EVALWRIGHT_ASSIGN(const CandidateRow other, candidateById(connection, second));
        return Pair{one, other};
    });
    onFinished(future, this, [this, generation](const Result<Pair> &pair) {
        if (generation != m_generation)
            return;
        if (!pair) {
            m_banner->showError(pair.error());
            return;
        }
        m_banner->hide();
        const auto name = [](const CandidateRow &row) { return tr("Item %1").arg(QLocale().toString(row.candidate.ordinal + 1)); };
        QVBoxLayout *column = newColumn(m_scroll);
        addParts(textParts(CandidateText::of(pair->first.candidate), CandidateText::of(pair->second.candidate), true), name(pair->first),
                 name(pair->second), column, m_scroll->widget());
        column->addStretch();
        Q_EMIT loaded();
    });
}

void openItemEdits(const std::shared_ptr<Project> &project, CandidateId id, QUndoStack *undoStack, QWidget *parent)
{
    auto *view = new ItemEditsView(project, undoStack);
    view->showCandidate(id);
    newWindow(view, ItemEditsView::tr("Edits of an item"), parent)->open();
}

void openItemPair(const std::shared_ptr<Project> &project, CandidateId first, CandidateId second, QWidget *parent)
{
    auto *view = new ItemPairView(project);
    view->showItems(first, second);
    newWindow(view, ItemEditsView::tr("Two items side by side"), parent)->open();
}

} // namespace evalwright
