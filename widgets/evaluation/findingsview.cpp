// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/findingsview.h"

#include "core/onfinished.h"
#include "widgets/evaluation/findingtableview.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

FindingsView::FindingsView(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_stack(new QStackedWidget), m_reading(new QLabel),
      m_empty(new EmptyState(tr("Nothing to compare yet"),
                             tr("Here will be what the results say against a control (evaluate with one beside “none”), "
                                "over the orders of lettered options (evaluate in all cyclic orders), and of pronouns "
                                "(evaluate sentences with a blank)."),
                             tr("New evaluation …"))),
      m_missing(new QLabel)
{
    m_reading->setAlignment(Qt::AlignCenter);
    setSecondary(m_reading);
    m_missing->setTextFormat(Qt::PlainText);
    m_missing->setWordWrap(true);
    setSecondary(m_missing);
    auto *all = new QWidget;
    auto *allLayout = new QVBoxLayout(all);
    allLayout->setContentsMargins(0, 0, 0, 0);
    allLayout->setSpacing(Theme::spacing(3));
    for (const FindingTable &table : findingTables({}, {})) {
        const Section section = makeSection();
        section.table->setTable(table);
        allLayout->addWidget(section.whole);
        m_sections << section;
    }
    allLayout->addWidget(m_missing);
    allLayout->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // The tables scroll sideways each.
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(all);
    m_stack->addWidget(m_reading);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(scroll);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(m_empty, &EmptyState::clicked, this, &FindingsView::evaluationRequested);
    connect(&m_session, &Session::projectChanged, this, [this] {
        ++m_project;
        m_underWay = false;
        m_stale = true; // Read when the page has its rows, or when it is seen.
        show({});
        m_stack->setCurrentWidget(m_reading);
    });
}

FindingsView::Section FindingsView::makeSection()
{
    Section section;
    section.whole = new QWidget;
    section.title = new QLabel;
    section.title->setTextFormat(Qt::PlainText);
    section.title->setFont(Theme::font(Theme::Role::Heading));
    section.meaning = new QLabel;
    section.meaning->setTextFormat(Qt::PlainText);
    section.meaning->setWordWrap(true);
    setSecondary(section.meaning);
    section.table = new FindingTableView;
    auto *layout = new QVBoxLayout(section.whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(section.title);
    layout->addWidget(section.meaning);
    layout->addWidget(section.table);
    FindingTableView *table = section.table;
    connect(table, &FindingTableView::choiceChanged, this, [this, table] {
        // One finding is chosen on the page, whichever table it stands in.
        if (table->chosenLine()) {
            for (const Section &other : std::as_const(m_sections)) {
                if (other.table != table)
                    other.table->clearSelection();
            }
        }
        Q_EMIT choiceChanged();
    });
    connect(table, &QTableView::activated, this, &FindingsView::open);
    return section;
}

void FindingsView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    read();
}

void FindingsView::refresh()
{
    m_stale = true;
    read();
}

void FindingsView::read()
{
    // One at a time: during an evaluation there is news every moment.
    if (!m_stale || m_underWay || !isVisible() || !m_session.project())
        return;
    m_stale = false;
    m_underWay = true;
    m_reading->setText(tr("Reading the answers …"));
    onFinished(m_session.project()->read([](Connection &c) -> Result<Read> {
        EVALWRIGHT_ASSIGN(const Findings found, findings(c, {}));
        EVALWRIGHT_ASSIGN(const QList<WinogenderResult> pronouns, winogenderResults(c, {}));
        return Read{findingTables(found, pronouns), found.rows};
    }),
               this, [this, project = m_project](const Result<Read> &answer) {
                   if (project != m_project)
                       return;
                   m_underWay = false;
                   if (answer)
                       show(*answer);
                   else
                       fail(answer.error());
                   Q_EMIT readFinished();
                   read();
               });
}

void FindingsView::fail(const Error &error)
{
    m_reading->setText(tr("The answers could not be read."));
    Q_EMIT failed(error);
}

void FindingsView::show(const Read &read)
{
    m_rows = read.rows;
    QStringList missing;
    for (qsizetype i = 0; i < m_sections.size(); ++i) {
        FindingTable table = i < read.tables.size() ? read.tables[i] : FindingTable();
        const Section &section = m_sections[i];
        section.title->setText(table.title);
        section.meaning->setText(table.meaning);
        section.whole->setVisible(!table.lines.isEmpty());
        if (table.lines.isEmpty())
            missing << table.missing;
        section.table->setTable(std::move(table));
    }
    m_missing->setText(missing.join(u'\n'));
    m_missing->setVisible(!missing.isEmpty());
    m_stack->setCurrentIndex(isEmpty() ? 1 : 2);
    Q_EMIT choiceChanged();
}

bool FindingsView::isEmpty() const
{
    return std::ranges::all_of(m_sections, [](const Section &section) { return section.table->table().lines.isEmpty(); });
}

const FindingLine *FindingsView::chosenLine() const
{
    for (const Section &section : m_sections) {
        if (const FindingLine *line = section.table->chosenLine())
            return line;
    }
    return nullptr;
}

QString FindingsView::chosenText() const
{
    const FindingLine *line = chosenLine();
    return line ? line->text : QString();
}

QList<ResultRow> FindingsView::chosenCells() const
{
    const FindingLine *line = chosenLine();
    return line ? cellsOf(*line, m_rows) : QList<ResultRow>();
}

void FindingsView::open()
{
    if (const QList<ResultRow> cells = chosenCells(); !cells.isEmpty())
        Q_EMIT itemsRequested(cells);
}

void FindingsView::copy()
{
    QStringList parts;
    for (const Section &section : std::as_const(m_sections)) {
        const FindingTable &table = section.table->table();
        QList<QStringList> rows;
        for (const FindingLine &line : table.lines)
            rows << line.cells;
        if (!rows.isEmpty())
            parts << table.title + u'\n' + tabSeparated(table.titles(), rows);
    }
    QGuiApplication::clipboard()->setText(parts.join(u'\n'));
}

} // namespace evalwright
