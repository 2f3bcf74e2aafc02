// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/resultspage.h"

#include "core/onfinished.h"
#include "core/statistics/formatting.h"
#include "core/text.h"
#include "evaluation/figures.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/evaluation/findingsview.h"
#include "widgets/evaluation/intervaldelegate.h"
#include "widgets/evaluation/matrixview.h"
#include "widgets/evaluation/resultmodel.h"
#include "widgets/evaluation/resultwords.h"
#include "widgets/figures/figurerender.h"
#include "widgets/files/filedialogs.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString viewKey(const Session &session)
{
    return u"places/%1/resultsView"_s.arg(session.project() ? session.project()->uuid() : QString());
}

/// As the settings hold it.
QString nameOf(ResultsPage::View view)
{
    switch (view) {
    case ResultsPage::View::Matrix:
        return u"matrix"_s;
    case ResultsPage::View::Findings:
        return u"findings"_s;
    default:
        return u"table"_s;
    }
}

bool isOneDataset(const QList<ResultRow> &rows)
{
    return !rows.isEmpty() &&
           std::ranges::all_of(rows, [&](const ResultRow &row) { return row.dataset == rows.constFirst().dataset; });
}

} // namespace

ResultsPage::ResultsPage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner), m_stack(new QStackedWidget),
      m_views(new QStackedWidget),
      m_empty(new EmptyState(tr("No results yet"),
                             tr("Ask some models the items of a data set; their scores with intervals will be here."),
                             tr("New evaluation …"))),
      m_model(new ResultModel(this)), m_table(new QTableView), m_matrix(new MatrixView),
      m_findings(new FindingsView(session)), m_toggle(new QButtonGroup(this)), m_control(new QComboBox),
      m_hint(new QLabel(tr("Dashed: chance · dotted: floor and ceiling by label confidence"))), m_detail(new QLabel),
      m_card(new QFrame), m_items(new QPushButton(tr("Items side by side"))), m_curve(new QPushButton(tr("Scaling curve"))),
      m_save(new QPushButton(tr("Save table …"))), m_copy(new QPushButton(tr("Copy as text")))
{
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(ResultModel::Bar, new IntervalDelegate(m_table));
    m_table->setAccessibleName(tr("Results"));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(36);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(ResultModel::Bar, QHeaderView::Stretch);
    m_table->horizontalHeader()->setMinimumSectionSize(48);
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_items->setToolTip(tr("What each of the chosen models answered to each item of their data set"));
    m_control->setAccessibleName(tr("Control shown in the matrix"));
    setCard(m_card);
    auto *cardLayout = new QVBoxLayout(m_card);
    cardLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    cardLayout->addWidget(m_detail);
    auto *title = new QLabel(tr("Results"));
    title->setFont(Theme::font(Theme::Role::Heading));
    setSecondary(m_hint);
    m_copy->setToolTip(tr("All of these tables, with tabs between the columns; Copy in a table takes its chosen lines"));
    auto *top = new QHBoxLayout;
    top->addWidget(title);
    top->addSpacing(Theme::spacing(2));
    for (const auto &[view, text] : {std::pair(View::Table, tr("Table")), std::pair(View::Matrix, tr("Matrix")),
                                     std::pair(View::Findings, tr("Controls, orders, pronouns"))}) {
        auto *button = new QToolButton;
        button->setText(text);
        button->setCheckable(true);
        button->setAccessibleName(tr("Show results as: %1").arg(text));
        m_toggle->addButton(button, static_cast<int>(view));
        top->addWidget(button);
    }
    top->addWidget(m_control);
    top->addStretch(1);
    top->addWidget(m_items);
    top->addWidget(m_curve);
    top->addWidget(m_save);
    top->addWidget(m_copy);
    m_views->addWidget(m_table);
    m_views->addWidget(m_matrix);
    m_views->addWidget(m_findings);
    auto *filled = new QWidget;
    auto *filledLayout = new QVBoxLayout(filled);
    filledLayout->setContentsMargins(0, 0, 0, 0);
    filledLayout->setSpacing(Theme::spacing(2));
    filledLayout->addLayout(top);
    filledLayout->addWidget(m_hint);
    filledLayout->addWidget(m_views, 1);
    filledLayout->addWidget(m_card);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(filled);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);

    connect(m_empty, &EmptyState::clicked, this, &ResultsPage::evaluationRequested);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ResultsPage::showSelection);
    connect(m_table, &QTableView::activated, this, &ResultsPage::openItems);
    connect(m_matrix, &MatrixView::currentCellChanged, this, &ResultsPage::showSelection);
    connect(m_matrix, &MatrixView::cellOpened, this, &ResultsPage::itemsRequested);
    connect(m_findings, &FindingsView::choiceChanged, this, [this] {
        if (view() == View::Findings) // Else the chosen rows may be those of a project that was closed just now.
            showSelection();
    });
    connect(m_findings, &FindingsView::itemsRequested, this, &ResultsPage::itemsRequested);
    connect(m_findings, &FindingsView::evaluationRequested, this, &ResultsPage::evaluationRequested);
    connect(m_findings, &FindingsView::failed, m_banner, &Banner::showError);
    connect(m_toggle, &QButtonGroup::idClicked, this, [this](int id) { setView(static_cast<View>(id)); });
    connect(Theme::of(this), &Theme::changed, this, &ResultsPage::markChosenView); // A new style sheet takes fonts back.
    connect(m_control, &QComboBox::activated, this, &ResultsPage::showMatrix);
    connect(m_items, &QPushButton::clicked, this, &ResultsPage::openItems);
    connect(m_curve, &QPushButton::clicked, this, [this] {
        const QList<ResultRow> chosen = chosenRows();
        Q_EMIT scalingRequested(chosen.isEmpty() ? QString() : chosen.constFirst().dataset);
    });
    connect(m_save, &QPushButton::clicked, this, &ResultsPage::saveTable);
    connect(m_copy, &QPushButton::clicked, m_findings, &FindingsView::copy);
    connect(&m_session, &Session::projectChanged, this, &ResultsPage::reload);
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Runs || topic == Topic::Datasets || topic == Topic::Models)
            reload();
    });
    const QString last = QSettings().value(viewKey(m_session)).toString();
    setView(last == nameOf(View::Matrix)     ? View::Matrix
            : last == nameOf(View::Findings) ? View::Findings
                                             : View::Table);
    reload();
}

ResultsPage::View ResultsPage::view() const
{
    if (m_views->currentWidget() == m_findings)
        return View::Findings;
    return m_views->currentWidget() == m_matrix ? View::Matrix : View::Table;
}

void ResultsPage::setView(View view)
{
    const bool matrix = view == View::Matrix, findings = view == View::Findings;
    m_views->setCurrentWidget(findings ? static_cast<QWidget *>(m_findings) : matrix ? m_matrix : m_table);
    m_toggle->button(static_cast<int>(view))->setChecked(true);
    markChosenView();
    m_control->setVisible(matrix && m_control->count() > 2);
    m_hint->setVisible(!findings);
    m_save->setVisible(!findings);
    m_copy->setVisible(findings);
    if (m_session.project())
        QSettings().setValue(viewKey(m_session), nameOf(view));
    showSelection();
}

void ResultsPage::markChosenView()
{
    for (QAbstractButton *button : m_toggle->buttons()) {
        QFont font = Theme::font(Theme::Role::Body);
        font.setBold(button->isChecked()); // A pressed frame alone is hard to see in dark.
        button->setFont(font);
    }
}

void ResultsPage::reload()
{
    const quint64 generation = ++m_generation;
    if (!m_session.project())
        return show({});
    onFinished(m_session.project()->read([](Connection &c) { return results(c, {}); }), this,
               [this, generation](const Result<QList<ResultRow>> &rows) {
                   if (generation != m_generation)
                       return;
                   if (rows)
                       show(*rows);
                   else
                       m_banner->showError(rows.error());
               });
}

void ResultsPage::show(const QList<ResultRow> &rows)
{
    m_model->setRows(rows);
    m_findings->refresh(); // Before it may come into sight, or it would read twice.
    m_stack->setCurrentIndex(rows.isEmpty() ? 0 : 1);
    // The items as they are, where they were asked so; several controls in one cell are for those who want them.
    const QVariant before = m_control->currentData();
    QStringList controls;
    for (const ResultRow &row : rows) {
        if (!controls.contains(row.control))
            controls << row.control;
    }
    controls.sort();
    if (controls.removeOne(u"none"_s))
        controls.prepend(u"none"_s);
    m_control->clear();
    for (const QString &control : std::as_const(controls))
        m_control->addItem(control == "none"_L1 ? tr("Without a control") : tr("Control: %1").arg(control), control);
    m_control->addItem(tr("All controls"), QString());
    m_control->setCurrentIndex(std::max(0, before.isValid() ? m_control->findData(before) : 0));
    m_control->setVisible(view() == View::Matrix && m_control->count() > 2);
    showMatrix();
}

void ResultsPage::showMatrix()
{
    const QString control = m_control->currentData().toString();
    QList<ResultRow> rows = m_model->rows();
    if (!control.isEmpty())
        rows.removeIf([&](const ResultRow &row) { return row.control != control; });
    m_matrix->setMatrix(resultMatrix(std::move(rows)));
    showSelection();
}

QList<ResultRow> ResultsPage::chosenRows() const
{
    if (view() == View::Matrix)
        return m_matrix->currentCell();
    if (view() == View::Findings)
        return m_findings->chosenCells();
    QList<ResultRow> rows;
    const QModelIndexList chosen = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &index : chosen)
        rows << m_model->rows()[index.row()];
    return rows;
}

void ResultsPage::showSelection()
{
    const QList<ResultRow> chosen = chosenRows();
    ++m_comparison; // An answer that is still under way is about other rows.
    m_items->setEnabled(isOneDataset(chosen));
    m_copy->setEnabled(!m_findings->isEmpty());
    m_card->setVisible(view() != View::Findings || !m_findings->isEmpty());
    if (view() == View::Findings) {
        const QString text = m_findings->chosenText();
        return m_detail->setText(text.isEmpty() ? tr("Select a line for all of it in words; Enter opens its items.") : text);
    }
    if (view() == View::Matrix) {
        QStringList texts;
        for (const ResultRow &row : chosen)
            texts << tr("%1 on %2 (%3)\n").arg(row.model, row.dataset, conditionText(row, true)) + explanationText(row);
        m_detail->setText(texts.isEmpty() ? tr("Click a cell for its items.") : texts.join(u"\n\n"_s));
    } else if (chosen.size() == 1) {
        m_detail->setText(tr("%1 on %2\n").arg(chosen[0].model, chosen[0].dataset) + explanationText(chosen[0]));
    } else if (chosen.size() == 2) {
        const QString why = whyNotCompared(chosen[0], chosen[1]);
        if (why.isEmpty())
            compare(chosen[0], chosen[1]);
        else
            m_detail->setText(why);
    } else {
        m_detail->setText(
            tr("Select a row for its details, or two models on one data set to compare them item by item."));
    }
}

void ResultsPage::compare(const ResultRow &a, const ResultRow &b)
{
    m_detail->setText(tr("Comparing …"));
    const QString frame = a.frame == b.frame ? a.frame : QString();
    onFinished(m_session.project()->read([dataset = a.dataset, first = a.model, second = b.model, frame,
                                          control = a.control](Connection &c) {
        return compareModels(c, dataset, first, second, frame, control);
    }),
               this, [this, a, b, number = m_comparison](const Result<Comparison> &comparison) {
                   if (number == m_comparison)
                       m_detail->setText(comparison ? comparisonText(*comparison, a, b) : comparison.error().text());
               });
}

void ResultsPage::openItems()
{
    if (const QList<ResultRow> chosen = chosenRows(); isOneDataset(chosen))
        Q_EMIT itemsRequested(chosen);
}

void ResultsPage::saveTable()
{
    const FigureSpec figure = scoresFigure(m_model->rows());
    nlohmann::json rows = nlohmann::json::array();
    for (const ResultRow &row : m_model->rows())
        rows.push_back(row.toJson());
    const QByteArray json = QByteArray::fromStdString(nlohmann::json{{"results", rows}}.dump(2)) + '\n';
    askWhereToSave(this, tr("Save the results"), u"results.csv"_s, tr("CSV (*.csv);;JSON (*.json)"),
                   [this, csv = figure.toCsv(), json](const QString &path) {
                       const Status written = writeWholeFile(path, path.endsWith(u".json"_s, Qt::CaseInsensitive) ? json : csv);
                       if (!written)
                           m_banner->showError(written.error());
                   });
}

} // namespace evalwright
