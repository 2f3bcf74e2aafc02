// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/resultspage.h"

#include "core/onfinished.h"
#include "core/statistics/formatting.h"
#include "core/text.h"
#include "evaluation/figures.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/figures/figurerender.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString percent(const std::optional<double> &share)
{
    return QString::fromStdString(statistics::formatPercent(share, 1));
}

QString scoreText(const ResultRow &row)
{
    if (!row.score)
        return u"—"_s;
    return row.low ? ResultsPage::tr("%1  [%2, %3]").arg(percent(row.score), percent(row.low), percent(row.high))
                   : percent(row.score);
}

QString explanation(const ResultRow &row)
{
    QStringList lines;
    lines << ResultsPage::tr("%1 of %2 answers show the behaviour; %3 items were asked, %4 refused, %5 without a clear "
                             "answer, %6 failed.")
                 .arg(row.matching)
                 .arg(row.answered)
                 .arg(row.n)
                 .arg(row.refused)
                 .arg(row.unparsed + row.undecided)
                 .arg(row.errors);
    if (row.low) {
        lines << (row.clusters ? ResultsPage::tr("95 % interval %1 to %2, clustered over %3 clusters.")
                                     .arg(percent(row.low), percent(row.high))
                                     .arg(*row.clusters)
                               : ResultsPage::tr("95 % interval %1 to %2 (Wilson; no clusters are known).")
                                     .arg(percent(row.low), percent(row.high)));
    }
    if (row.ceiling)
        lines << ResultsPage::tr(
                     "By the checker's label confidence, a perfect model would reach %1 and its opposite %2.")
                     .arg(percent(row.ceiling), percent(row.floor));
    if (row.ifUnansweredAllMiss)
        lines << ResultsPage::tr(
                     "If the items without an answer all went one way, the score would lie between %1 and %2.")
                     .arg(percent(row.ifUnansweredAllMiss), percent(row.ifUnansweredAllMatch));
    lines << (row.way.isEmpty() ? ResultsPage::tr("Scored by %1; %2 items are undecided.")
                                      .arg(row.scoring)
                                      .arg(row.undecided)
                                : ResultsPage::tr("Scored by %1 (%2); %3 items are undecided.")
                                      .arg(row.scoring, row.way)
                                      .arg(row.undecided));
    if (row.driftLargest && row.driftMedian) {
        lines << ResultsPage::tr("Drift check: without the server's cache the margins of %1 items moved by %2 at most "
                                 "and by %3 at the median. %4 answers are unstable: nearer to a tie than that.")
                     .arg(row.driftItems)
                     .arg(QLocale().toString(*row.driftLargest, 'g', 3), QLocale().toString(*row.driftMedian, 'g', 3))
                     .arg(row.unstable.size());
    }
    for (const QString &warning : row.warnings)
        lines << warningText(warning);
    return lines.join(u'\n');
}

} // namespace

void ResultModel::setRows(QList<ResultRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int ResultModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ResultModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ResultModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ResultRow &row = m_rows[index.row()];
    const QLocale locale;
    if (role == Qt::TextAlignmentRole) {
        const bool number = index.column() == Parameters || index.column() == Items || index.column() == Matching ||
                            (index.column() >= Refused && index.column() <= LabelMass);
        return QVariant((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role == Qt::ToolTipRole)
        return plainToolTip(explanation(row));
    if (role == Qt::AccessibleTextRole && index.column() == Bar)
        return scoreText(row);
    if (role == Qt::ForegroundRole && index.column() == Notes)
        return Theme::of(nullptr)->color(Theme::Meaning::Warning);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Dataset:
        return singleLine(row.dataset);
    case ModelName:
        return singleLine(row.model);
    case Parameters:
        return formatParameters(row.parameters);
    case Frame:
        return row.frame;
    case Items:
        return locale.toString(row.n);
    case Matching:
        return tr("%1 of %2").arg(locale.toString(row.matching), locale.toString(row.answered));
    case Score:
        return scoreText(row);
    case Refused:
        return locale.toString(row.refused);
    case NoAnswer:
        return locale.toString(row.unparsed + row.undecided + row.errors);
    case LabelMass:
        return row.labelMass ? locale.toString(*row.labelMass, 'f', 2) : u"—"_s;
    case Notes:
        return row.warnings.isEmpty() ? QString() : tr("%Ln note(s)", nullptr, static_cast<int>(row.warnings.size()));
    default:
        return {};
    }
}

QVariant ResultModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole && section == Matching)
        return tr("Answers that show the behaviour, of the items that were answered: the score is their ratio");
    if (role == Qt::ToolTipRole && section == LabelMass)
        return tr("Median probability on Yes and No together: how natural these answers are under this frame");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Dataset:
        return tr("Data set");
    case ModelName:
        return tr("Model");
    case Parameters:
        return tr("Parameters");
    case Frame:
        return tr("Frame");
    case Items:
        return tr("Items");
    case Matching:
        return tr("Matching");
    case Score:
        return tr("Score, 95 % interval");
    case Bar:
        return tr("0 to 100 %");
    case Refused:
        return tr("Refused");
    case NoAnswer:
        return tr("No answer");
    case LabelMass:
        return tr("Label mass");
    case Notes:
        return tr("Notes");
    default:
        return {};
    }
}

void IntervalDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const auto *model = qobject_cast<const ResultModel *>(index.model());
    if (!model)
        return;
    const ResultRow &row = model->rows()[index.row()];
    const Theme *theme = Theme::of(option.widget);
    const QRectF room = QRectF(option.rect).adjusted(8, 0, -8, 0);
    const auto x = [&](double share) { return room.left() + share * room.width(); };
    const double y = room.center().y();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QColor ink =
        selected ? option.palette.color(QPalette::HighlightedText) : theme->color(Theme::Meaning::Accent);
    painter->setPen(QPen(selected ? ink : theme->color(Theme::Meaning::Border), 1));
    painter->drawLine(QPointF(x(0), y), QPointF(x(1), y));
    const auto mark = [&](const std::optional<double> &share, Qt::PenStyle style) {
        if (!share)
            return;
        painter->setPen(QPen(selected ? ink : theme->color(Theme::Meaning::TextSecondary), 1, style));
        painter->drawLine(QPointF(x(*share), y - 8), QPointF(x(*share), y + 8));
    };
    // As in the figures.
    mark(row.chance, Qt::DashLine);
    mark(row.floor, Qt::DotLine);
    mark(row.ceiling, Qt::DotLine);
    if (row.low && row.high) {
        painter->setPen(QPen(ink, 4, Qt::SolidLine, Qt::RoundCap));
        painter->drawLine(QPointF(x(*row.low), y), QPointF(x(*row.high), y));
    }
    if (row.score) {
        painter->setPen(QPen(theme->color(Theme::Meaning::Surface), 1.5));
        painter->setBrush(ink);
        painter->drawEllipse(QPointF(x(*row.score), y), 5, 5);
    }
    painter->restore();
}

ResultsPage::ResultsPage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner), m_stack(new QStackedWidget),
      m_empty(new EmptyState(tr("No results yet"),
                             tr("Ask some models the items of a data set; their scores with intervals will be here."),
                             tr("New evaluation …"))),
      m_model(new ResultModel(this)), m_table(new QTableView), m_detail(new QLabel),
      m_curve(new QPushButton(tr("Scaling curve"))), m_save(new QPushButton(tr("Save table …")))
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
    auto *card = new QFrame;
    setCard(card);
    auto *cardLayout = new QVBoxLayout(card);
    cardLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    cardLayout->addWidget(m_detail);
    auto *title = new QLabel(tr("Results"));
    title->setFont(Theme::font(Theme::Role::Heading));
    auto *hint = new QLabel(tr("Dashed: chance · dotted: floor and ceiling by label confidence"));
    setSecondary(hint);
    auto *top = new QHBoxLayout;
    top->addWidget(title);
    top->addSpacing(Theme::spacing(2));
    top->addWidget(hint, 1);
    top->addWidget(m_curve);
    top->addWidget(m_save);
    auto *filled = new QWidget;
    auto *filledLayout = new QVBoxLayout(filled);
    filledLayout->setContentsMargins(0, 0, 0, 0);
    filledLayout->setSpacing(Theme::spacing(2));
    filledLayout->addLayout(top);
    filledLayout->addWidget(m_table, 1);
    filledLayout->addWidget(card);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(filled);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);

    connect(m_empty, &EmptyState::clicked, this, &ResultsPage::evaluationRequested);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ResultsPage::showSelection);
    connect(m_curve, &QPushButton::clicked, this, [this] {
        const QModelIndexList chosen = m_table->selectionModel()->selectedRows();
        Q_EMIT scalingRequested(chosen.isEmpty() ? QString() : m_model->rows()[chosen.constFirst().row()].dataset);
    });
    connect(m_save, &QPushButton::clicked, this, &ResultsPage::saveTable);
    connect(&m_session, &Session::projectChanged, this, &ResultsPage::reload);
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Runs || topic == Topic::Datasets)
            reload();
    });
    reload();
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
    m_stack->setCurrentIndex(rows.isEmpty() ? 0 : 1);
    showSelection();
}

void ResultsPage::showSelection()
{
    const QModelIndexList chosen = m_table->selectionModel()->selectedRows();
    if (chosen.size() == 1) {
        const ResultRow &row = m_model->rows()[chosen.constFirst().row()];
        m_detail->setText(tr("%1 on %2\n").arg(row.model, row.dataset) + explanation(row));
    } else if (chosen.size() == 2) {
        const ResultRow &a = m_model->rows()[chosen[0].row()], &b = m_model->rows()[chosen[1].row()];
        if (a.dataset == b.dataset && a.model != b.model)
            compare(a, b);
        else
            m_detail->setText(tr("Two models can be compared on the same data set."));
    } else {
        m_detail->setText(
            tr("Select a row for its details, or two models on one data set to compare them item by item."));
    }
}

void ResultsPage::compare(const ResultRow &a, const ResultRow &b)
{
    m_detail->setText(tr("Comparing …"));
    const QString frame = a.frame == b.frame ? a.frame : QString();
    onFinished(
        m_session.project()->read([dataset = a.dataset, first = a.model, second = b.model, frame](Connection &c) {
            return compareModels(c, dataset, first, second, frame);
        }),
        this, [this](const Result<Comparison> &comparison) {
            if (!comparison) {
                m_detail->setText(comparison.error().text());
                return;
            }
            const Comparison &c = *comparison;
            QStringList lines;
            lines << tr("%1 against %2 on the %3 items of %4 that both answered (%5 left out)")
                         .arg(c.modelA, c.modelB)
                         .arg(c.n)
                         .arg(c.dataset)
                         .arg(c.dropped);
            lines << tr("%1 and %2: a difference of %3%4%5")
                         .arg(percent(c.scoreA), percent(c.scoreB), percent(c.difference),
                              c.low ? tr(", 95 % interval %1 to %2").arg(percent(c.low), percent(c.high)) : QString(),
                              c.p ? tr(", p = %1").arg(QLocale().toString(*c.p, 'g', 2)) : QString());
            lines << tr("%1 items matched only with %2, %3 only with %4.")
                         .arg(c.onlyA)
                         .arg(c.modelA)
                         .arg(c.onlyB)
                         .arg(c.modelB);
            lines << c.notes;
            m_detail->setText(lines.join(u'\n'));
        });
}

void ResultsPage::saveTable()
{
    const FigureSpec figure = scoresFigure(m_model->rows());
    auto *dialog = new QFileDialog(this, tr("Save the results"), u"results.csv"_s, tr("CSV (*.csv);;JSON (*.json)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"csv"_s);
    nlohmann::json rows = nlohmann::json::array();
    for (const ResultRow &row : m_model->rows())
        rows.push_back(row.toJson());
    const QByteArray json = QByteArray::fromStdString(nlohmann::json{{"results", rows}}.dump(2)) + '\n';
    connect(dialog, &QFileDialog::fileSelected, this, [this, csv = figure.toCsv(), json](const QString &path) {
        if (const Status written = writeWholeFile(path, path.endsWith(u".json"_s, Qt::CaseInsensitive) ? json : csv);
            !written)
            m_banner->showError(written.error());
    });
    dialog->open();
}

} // namespace evalwright
