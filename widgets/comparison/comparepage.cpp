// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/comparison/comparepage.h"

#include "core/onfinished.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/numberstable.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStyle>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString numberText(const std::optional<double> &value)
{
    return value ? QLocale().toString(*value, 'g', 3) : u"—"_s;
}

/// Numbers come with a point.
QString inLocale(QString numbers)
{
    return numbers.replace(u'.', QLocale().decimalPoint());
}

QString overlapText(const ComparedOverlap &overlap, const QString &of, const QString &in)
{
    return ComparePage::tr("Of the %Ln item(s) of %1 are in %2: %3 letter by letter, %4 nearly.", nullptr,
                           static_cast<int>(overlap.items))
        .arg(of, in, inLocale(comparedText(overlap, false)), inLocale(comparedText(overlap, true)));
}

QLabel *plainLabel(QWidget *parent, const QString &name)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(name);
    return label;
}

/// As high as its rows, within reason: a page that scrolls needs no table that scrolls, too.
void fit(NumbersTable *table, qsizetype rows)
{
    constexpr qsizetype mostWithoutScrolling = 40;
    const int each = table->verticalHeader()->defaultSectionSize();
    const int bar = table->style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    table->setFixedHeight(each * static_cast<int>(std::min(rows, mostWithoutScrolling)) +
                          table->horizontalHeader()->sizeHint().height() + bar + 2 * table->frameWidth());
}

} // namespace

ComparePage::ComparePage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner(this)), m_a(new QComboBox(this)),
      m_b(new QComboBox(this)), m_compare(new QPushButton(tr("Compare"), this)),
      m_cancel(new QPushButton(tr("Cancel"), this)), m_progress(new QProgressBar(this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(tr("Nothing to compare yet"),
                             tr("Choose two data sets of one kind: two versions of a recipe, or one recipe twice. Nothing "
                                "is sent and nothing is changed."))),
      m_recipeTitle(plainLabel(this, tr("Differences of the recipes"))), m_overlap(plainLabel(this, tr("Overlap"))),
      m_notes(plainLabel(this, tr("Notes"))), m_leaves(new NumbersTable(this)), m_table(new NumbersTable(this))
{
    m_a->setAccessibleName(tr("First data set"));
    m_b->setAccessibleName(tr("Second data set"));
    m_leaves->setAccessibleName(tr("Recipes, leaf by leaf"));
    m_table->setAccessibleName(tr("The two data sets side by side"));
    m_progress->setAccessibleName(tr("Progress of the comparison"));
    m_progress->setRange(0, 100);
    for (QComboBox *box : {m_a, m_b})
        box->setMinimumWidth(Theme::spacing(28));
    auto *top = new QHBoxLayout;
    top->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), 0);
    auto *compareLabel = new QLabel(tr("C&ompare"), this);
    compareLabel->setBuddy(m_a);
    auto *withLabel = new QLabel(tr("&with"), this);
    withLabel->setBuddy(m_b);
    top->addWidget(compareLabel);
    top->addWidget(m_a);
    top->addWidget(withLabel);
    top->addWidget(m_b);
    top->addWidget(m_compare);
    top->addWidget(m_progress, 1);
    top->addWidget(m_cancel);
    top->addStretch();

    m_recipeTitle->setFont(Theme::font(Theme::Role::Heading));
    setSecondary(m_notes);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    column->setSpacing(Theme::spacing(2));
    column->addWidget(m_recipeTitle);
    column->addWidget(m_leaves);
    column->addWidget(m_table);
    column->addWidget(m_overlap);
    column->addWidget(m_notes);
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(scroll);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->addWidget(m_banner);
    layout->addLayout(top);
    layout->addWidget(m_stack, 1);

    connect(m_compare, &QPushButton::clicked, this, &ComparePage::compare);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_token.cancel(); });
    connect(m_banner, &Banner::actionTriggered, this, &ComparePage::compare);
    for (QComboBox *box : {m_a, m_b}) {
        connect(box, &QComboBox::activated, this, [this] {
            m_wanted = chosen();
            setRunning(m_running);
        });
    }
    connect(&m_session, &Session::projectChanged, this, [this] {
        m_token.cancel();
        ++m_generation;
        m_wanted.clear();
        m_shown.clear();
        m_stack->setCurrentWidget(m_empty);
        setRunning(false);
        fillDatasets();
    });
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Datasets)
            fillDatasets();
        if ((topic == Topic::Candidates || topic == Topic::Datasets) && !m_shown.isEmpty() && !m_running)
            m_banner->showMessage(Theme::Meaning::Warning, tr("The data sets may have changed since."),
                                  tr("Compare again"));
    });
    setRunning(false);
    fillDatasets();
}

ComparePage::~ComparePage()
{
    m_token.cancel();
}

QStringList ComparePage::chosen() const
{
    return {m_a->currentData().toString(), m_b->currentData().toString()};
}

void ComparePage::setRunning(bool running)
{
    m_running = running;
    m_progress->setVisible(running);
    m_cancel->setVisible(running);
    const QStringList names = chosen();
    m_compare->setEnabled(!running && !names.first().isEmpty() && !names.last().isEmpty() &&
                          names.first() != names.last());
}

void ComparePage::select(QComboBox *box, const QString &name)
{
    if (const int index = box->findData(name); index >= 0)
        box->setCurrentIndex(index);
}

void ComparePage::setFirst(const QString &dataset)
{
    const QString second = chosen().last();
    m_wanted = {dataset, second == dataset ? QString() : second};
    fillDatasets();
}

void ComparePage::choose(const QString &a, const QString &b)
{
    m_wanted = {a, b};
    fillDatasets();
}

void ComparePage::fillDatasets()
{
    if (!m_session.project())
        return;
    onFinished(m_session.project()->read([](Connection &c) { return listDatasets(c); }), this,
               [this](const Result<QList<DatasetSummary>> &datasets) {
                   if (!datasets)
                       return m_banner->showError(datasets.error());
                   const QStringList before = m_wanted.isEmpty() ? chosen() : m_wanted;
                   for (QComboBox *box : {m_a, m_b}) {
                       box->clear();
                       for (const DatasetSummary &summary : *datasets)
                           box->addItem(singleLine(summary.dataset.name, 60), summary.dataset.name);
                   }
                   select(m_a, before.value(0));
                   if (before.value(1).isEmpty() && m_b->count() > 1)
                       m_b->setCurrentIndex(m_a->currentIndex() == 0 ? 1 : 0);
                   else
                       select(m_b, before.value(1));
                   m_empty->setSentence(
                       datasets->size() < 2
                           ? tr("It takes two data sets. Make one again with another version of its recipe, or import "
                                "one.")
                           : tr("Choose two data sets of one kind: two versions of a recipe, or one recipe twice. "
                                "Nothing is sent and nothing is changed."));
                   setRunning(m_running);
               });
}

void ComparePage::compare()
{
    const QStringList names = chosen();
    if (!m_session.project() || m_running || !m_compare->isEnabled())
        return;
    m_token = CancellationToken();
    const quint64 generation = ++m_generation;
    m_banner->hide();
    m_progress->setValue(0);
    setRunning(true);
    SimilarityWork work;
    work.token = m_token;
    work.progress = [page = QPointer<ComparePage>(this), last = -1, generation](double share) mutable {
        const int percent = static_cast<int>(100 * share);
        if (percent == std::exchange(last, percent))
            return;
        QMetaObject::invokeMethod(
            qApp,
            [page, percent, generation] {
                if (page && page->m_generation == generation)
                    page->m_progress->setValue(percent);
            },
            Qt::QueuedConnection);
    };
    const auto run = [project = m_session.project(), names, work] {
        return compareDatasets(*project, names.first(), names.last(), work);
    };
    onFinished(QtConcurrent::run(&m_session.workers(), run), this,
               [this, generation, names](const Result<DatasetComparison> &comparison) {
                   if (generation != m_generation)
                       return;
                   setRunning(false);
                   if (comparison) {
                       m_shown = names;
                       show(*comparison);
                   } else if (comparison.error().code != ErrorCode::Cancelled) {
                       m_banner->showError(comparison.error());
                   }
                   Q_EMIT shown();
               });
}

void ComparePage::show(const DatasetComparison &comparison)
{
    const QString a = singleLine(comparison.a, 40), b = singleLine(comparison.b, 40);
    QList<QStringList> leaves;
    for (const LeafDifference &leaf : comparison.making.recipe.list)
        leaves << QStringList{leaf.path, leaf.first, leaf.second};
    m_leaves->setTable({tr("Recipe"), a, b}, leaves);
    m_leaves->setVisible(!leaves.isEmpty());
    fit(m_leaves, leaves.size());
    m_recipeTitle->setText(withVisibleControls(comparison.making.sentences().constFirst()));

    QList<QStringList> rows;
    for (const ComparedRow &row : comparison.rows) {
        rows << QStringList{row.title,
                            inLocale(comparedText(row, row.a)),
                            inLocale(comparedText(row, row.b)),
                            inLocale(comparedDifference(row)),
                            numberText(row.p),
                            numberText(row.q),
                            QLocale().toString(row.a.n),
                            QLocale().toString(row.b.n),
                            row.note};
    }
    m_table->setTable({tr("What"), a, b, tr("Difference, second minus first"), tr("p"), tr("q"), tr("n, first"),
                       tr("n, second"), tr("Note")},
                      rows);
    fit(m_table, rows.size());
    m_overlap->setText(withVisibleControls(overlapText(comparison.ofA, comparison.a, comparison.b) + u'\n' +
                                           overlapText(comparison.ofB, comparison.b, comparison.a)));
    m_notes->setText(withVisibleControls(comparison.notes.join(u'\n')));
    m_stack->setCurrentIndex(1);
}

} // namespace evalwright
