// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/filterpage.h"

#include "core/onfinished.h"
#include "generators/generate.h"
#include "generators/similarity/diversity.h"
#include "generators/similarity/lexicalembedding.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/confidenceplot.h"
#include "widgets/dataset/funnelpage.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/selectioncommand.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/numberstable.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int readMilliseconds = 500, curveMilliseconds = 120, diversityMilliseconds = 300;
constexpr qsizetype mostHistograms = 6, comparedItems = 2000;

QString percent(double share)
{
    return QLocale().toString(100 * share, 'f', 1) + u"\u00a0%"_s;
}
QString decimal(double value, int places = 2)
{
    return QLocale().toString(value, 'f', places);
}
QString count(qint64 value)
{
    return QLocale().toString(value);
}

/// Mean distance of each text to the one most like it, over evenly drawn ones when there are more than can be compared
/// while a person waits.
Result<DiversityFigures> diversityOf(Project &project, QList<CandidateId> ids, const CancellationToken &token)
{
    if (ids.size() > comparedItems) {
        QList<CandidateId> drawn;
        for (qsizetype i = 0; i < comparedItems; ++i)
            drawn << ids.at(i * ids.size() / comparedItems);
        ids = drawn;
    }
    EVALWRIGHT_ASSIGN(const QStringList texts, project.readNow([&](Connection &c) -> Result<QStringList> {
        QStringList read;
        for (const CandidateId id : std::as_const(ids)) {
            if (token.isCancelled())
                return failure(ErrorCode::Cancelled, u"A newer question came."_s);
            EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, id));
            read << (row.candidate.statement.isEmpty() ? row.candidate.question : row.candidate.statement);
        }
        return read;
    }));
    SimilarityWork work;
    work.token = token;
    EVALWRIGHT_ASSIGN(const LexicalEmbedding embedding, LexicalEmbedding::fit(texts, 1, work));
    EVALWRIGHT_ASSIGN(const FloatMatrix rows, embedding.embed(texts, work));
    return measureDiversity(rows, 1, work);
}

QLabel *caption(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    setSecondary(label);
    return label;
}

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setFont(Theme::font(Theme::Role::Heading));
    return label;
}

} // namespace

FilterPage::FilterPage(std::shared_ptr<Project> project, DatasetId dataset, QThreadPool &workers,
                       QUndoStack &undoStack, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_workers(workers), m_undo(undoStack),
      m_banner(new Banner(this)), m_content(new QWidget), m_histogramBox(new QWidget),
      m_empty(new EmptyState(tr("Nothing to filter yet"),
                             tr("No candidate has a label confidence. When a checker has looked at candidates, their "
                                "confidence is here, and where to cut."),
                             tr("Fill the data set"), this)),
      m_histogramLayout(new QVBoxLayout(m_histogramBox)), m_threshold(new QDoubleSpinBox),
      m_diversity(new QDoubleSpinBox), m_keep(new QSpinBox),
      m_balance(new QCheckBox(tr("Same number for every label"))),
      m_curves(new ThresholdCurves), m_change(new QLabel), m_note(new QLabel),
      m_calibrated(new QLabel), m_apply(new QPushButton(tr("Apply"))),
      m_look(new QPushButton(tr("Look at what is new"))), m_recheck(new QPushButton(tr("Ask another checker …"))), m_numbers(new QToolButton), m_table(new NumbersTable)
{
    auto *columns = new QHBoxLayout(m_content);
    columns->setContentsMargins(0, 0, 0, 0);
    columns->setSpacing(Theme::spacing(3));
    columns->addWidget(buildLeft(), 1);
    columns->addWidget(buildRight(), 1);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_banner);
    auto *above = new QHBoxLayout;
    above->addStretch(1);
    above->addWidget(m_recheck);
    layout->addLayout(above);
    m_recheck->setObjectName(u"ask-another-checker"_s);
    m_recheck->setToolTip(tr("Asks a model about the stored candidates, and decides again with what it says"));
    m_recheck->setEnabled(m_project->access() == Project::Access::ReadWrite);
    connect(m_recheck, &QPushButton::clicked, this, &FilterPage::recheckRequested);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_empty, 1);
    m_content->hide();
    m_empty->hide();
    connect(m_empty, &EmptyState::clicked, this, &FilterPage::fillRequested);
    connect(m_banner, &Banner::actionTriggered, this, [this] {
        m_banner->hide();
        m_undo.undo();
    });

    for (const auto &[timer, interval, slot] :
         {std::tuple(&m_readTimer, readMilliseconds, &FilterPage::read),
          std::tuple(&m_curveTimer, curveMilliseconds, &FilterPage::readCurve),
          std::tuple(&m_diversityTimer, diversityMilliseconds, &FilterPage::readDiversity)}) {
        timer->setSingleShot(true);
        timer->setInterval(interval);
        connect(timer, &QTimer::timeout, this, slot);
    }
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (topic != Topic::Candidates)
            return;
        if (!isVisible()) // Reading a large data set is not for nothing.
            m_asked = false;
        else if (!m_readTimer.isActive())
            m_readTimer.start();
    });
}

FilterPage::~FilterPage()
{
    m_token.cancel();
}

QWidget *FilterPage::buildLeft()
{
    auto *left = new QWidget;
    auto *layout = new QVBoxLayout(left);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(heading(tr("Label confidence"), left));
    layout->addWidget(caption(tr("Drag the line. Candidates left of it are not kept; nothing is deleted."), left));
    m_histogramLayout->setContentsMargins(0, 0, 0, 0);
    m_histogramLayout->setSpacing(Theme::spacing());
    layout->addWidget(m_histogramBox, 1);

    m_threshold->setRange(0, 1);
    m_threshold->setSingleStep(0.01);
    m_threshold->setDecimals(2);
    m_threshold->setAccessibleName(tr("Threshold"));
    m_threshold->setToolTip(tr("The label confidence must be above it"));
    m_keep->setRange(1, static_cast<int>(mostSamplesPerLabel));
    m_keep->setGroupSeparatorShown(true);
    m_keep->setAccessibleName(tr("Items to keep per label"));
    m_diversity->setRange(0, 1);
    m_diversity->setSingleStep(0.05);
    m_diversity->setAccessibleName(tr("Weight of diversity"));
    m_diversity->setToolTip(tr("0: the most confident ones; the higher, the more likeness to what is chosen already "
                               "counts against a candidate"));
    auto *fields = new QGridLayout;
    fields->setHorizontalSpacing(Theme::spacing(2));
    int column = 0;
    for (const auto &[name, field] : {std::pair(tr("&Threshold"), static_cast<QWidget *>(m_threshold)),
                                      std::pair(tr("&Keep per label"), static_cast<QWidget *>(m_keep)),
                                      std::pair(tr("Weight of &diversity"), static_cast<QWidget *>(m_diversity))}) {
        auto *label = new QLabel(name, left);
        label->setBuddy(field);
        fields->addWidget(label, 0, column);
        fields->addWidget(field, 1, column++);
    }
    layout->addLayout(fields);
    m_calibrated->setObjectName(u"calibrated"_s);
    m_calibrated->setTextFormat(Qt::PlainText);
    m_calibrated->setWordWrap(true);
    m_calibrated->setAccessibleName(tr("Calibrated threshold"));
    setSecondary(m_calibrated);
    m_calibrated->hide();
    layout->addWidget(m_calibrated);
    layout->addWidget(m_balance);
    connect(m_threshold, &QDoubleSpinBox::valueChanged, this, [this] {
        m_touched = true;
        chosen();
    });
    connect(m_diversity, &QDoubleSpinBox::valueChanged, this, [this] {
        m_touched = true;
        chosen();
    });
    connect(m_keep, &QSpinBox::valueChanged, this, [this] {
        m_touched = true;
        m_curveTimer.start();
        chosen();
    });
    connect(m_balance, &QCheckBox::toggled, this, [this] {
        m_touched = true;
        m_curveTimer.start();
        chosen();
    });
    return left;
}

FilterPage::Card FilterPage::addCard(QGridLayout *grid, int row, int column, const QString &title)
{
    auto *frame = new QFrame;
    setCard(frame);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), Theme::spacing());
    layout->setSpacing(Theme::spacing() / 2);
    layout->addWidget(caption(title, frame));
    Card card;
    card.value = new QLabel(u"—"_s, frame);
    card.value->setTextFormat(Qt::PlainText);
    card.value->setFont(Theme::font(Theme::Role::Title));
    card.value->setAccessibleName(title);
    card.note = caption({}, frame);
    layout->addWidget(card.value);
    layout->addWidget(card.note);
    layout->addStretch(1);
    grid->addWidget(frame, row, column);
    return card;
}

QWidget *FilterPage::buildRight()
{
    auto *right = new QWidget;
    auto *layout = new QVBoxLayout(right);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(heading(tr("What this threshold gives"), right));
    auto *cards = new QGridLayout;
    cards->setSpacing(Theme::spacing());
    m_kept = addCard(cards, 0, 0, tr("Kept"));
    m_human = addCard(cards, 0, 1, tr("Expected human agreement"));
    m_spread = addCard(cards, 1, 0, tr("Diversity"));
    m_cost = addCard(cards, 1, 1, tr("Samples per kept item"));
    cards->setColumnStretch(0, 1);
    cards->setColumnStretch(1, 1);
    layout->addLayout(cards);

    auto *head = new QHBoxLayout;
    head->addWidget(heading(tr("Over the threshold"), right), 1);
    m_numbers->setText(tr("Show the numbers"));
    m_numbers->setCheckable(true);
    m_numbers->setMinimumHeight(Theme::spacing(4));
    head->addWidget(m_numbers);
    layout->addLayout(head);
    layout->addWidget(caption(tr("Dashed: share of all samples that is kept. Line: share of what people judged above "
                                 "the threshold that they kept, with its 95\u00a0% interval."),
                              right));
    layout->addWidget(m_curves, 1);
    connect(m_curves, &ThresholdPlot::thresholdMoved, m_threshold, &QDoubleSpinBox::setValue);
    m_table->setAccessibleName(tr("Numbers over the threshold"));
    m_table->setMinimumHeight(Theme::spacing(22));
    m_table->hide();
    connect(m_numbers, &QToolButton::toggled, m_table, &QWidget::setVisible);
    layout->addWidget(m_table, 1);

    auto *card = new QFrame(right);
    setCard(card);
    auto *change = new QVBoxLayout(card);
    change->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), Theme::spacing());
    change->addWidget(caption(tr("Would change"), card));
    m_change->setTextFormat(Qt::PlainText);
    m_change->setWordWrap(true);
    m_change->setAccessibleName(tr("What would change"));
    change->addWidget(m_change);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    setSecondary(m_note);
    change->addWidget(m_note);
    auto *buttons = new QHBoxLayout;
    setPrimary(m_apply);
    m_apply->setToolTip(tr("Writes decisions by this rule; Undo withdraws it"));
    buttons->addWidget(m_apply);
    buttons->addWidget(m_look);
    buttons->addStretch(1);
    change->addLayout(buttons);
    layout->addWidget(card);
    connect(m_apply, &QPushButton::clicked, this, &FilterPage::apply);
    connect(m_look, &QPushButton::clicked, this, [this] {
        QList<CandidateId> kept;
        thresholdPoint(*m_set, selection(), &kept);
        QSet<qint64> now;
        for (const FilterCandidate &c : m_set->candidates) {
            if (c.keptNow)
                now.insert(c.id.value);
        }
        kept.removeIf([&now](CandidateId id) { return now.contains(id.value); });
        Q_EMIT showItems(kept, tr("a threshold of %1 would add them").arg(decimal(m_point.threshold)));
    });
    return right;
}

void FilterPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_asked)
        read();
}

void FilterPage::read()
{
    m_asked = true;
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    onFinished(
        m_project->read([dataset = m_dataset](Connection &connection) -> Result<Read> {
            Read read;
            EVALWRIGHT_ASSIGN(const Dataset found, datasetById(connection, dataset));
            read.family = found.family;
            EVALWRIGHT_ASSIGN(read.set, readFilterSet(connection, dataset));
            EVALWRIGHT_ASSIGN(read.map, calibrationOf(connection, dataset));
            return read;
        }),
        this, [this](const Result<Read> &read) {
            m_reading = false;
            if (read)
                show(*read);
            else
                m_banner->showError(read.error());
            Q_EMIT loaded();
            if (std::exchange(m_again, false))
                m_readTimer.start();
        });
}

void FilterPage::show(Read read)
{
    m_set = std::make_shared<const FilterSet>(std::move(read.set));
    m_map = read.map;
    m_family = read.family;
    const bool nothing = m_set->candidates.empty();
    m_content->setVisible(!nothing);
    m_content->parentWidget()->parentWidget()->setVisible(!nothing);
    m_empty->setVisible(nothing);
    if (nothing && m_set->asked > 0) {
        // It has candidates: they need a word about them, not more of them.
        m_empty->setSentence(tr("No candidate has a label confidence: no checker has looked at the labels, or they follow "
                                "from how the items are put together. “Ask another checker …” can ask one."));
        m_empty->button()->hide();
    }
    if (nothing)
        return;
    if (!m_touched) { // What a person is trying out stays.
        const QSignalBlocker a(m_threshold), b(m_keep), c(m_diversity), d(m_balance);
        m_threshold->setValue(m_set->select.floor);
        m_keep->setValue(static_cast<int>(m_set->select.keepPerLabel));
        m_diversity->setValue(m_set->select.diversity);
        m_balance->setChecked(m_set->select.balance);
    }
    showHistograms();
    readCurve();
    chosen();
}

void FilterPage::showHistograms()
{
    // A histogram for each label; clusters can be too many to look at, then all are one.
    const bool single = m_set->labels.size() > mostHistograms;
    const qsizetype wanted = single ? 1 : m_set->labels.size();
    if (m_histograms.size() != wanted) {
        qDeleteAll(m_histogramBox->findChildren<QWidget *>(Qt::FindDirectChildrenOnly));
        m_histograms.clear();
        for (qsizetype i = 0; i < wanted; ++i) {
            auto *name = caption({}, m_histogramBox);
            name->setObjectName(u"label"_s);
            m_histogramLayout->addWidget(name);
            auto *plot = new ConfidenceHistogram(m_histogramBox);
            connect(plot, &ThresholdPlot::thresholdMoved, m_threshold, &QDoubleSpinBox::setValue);
            m_histogramLayout->addWidget(plot, 1);
            m_histograms << plot;
        }
    }
    QList<QList<qint64>> counts(wanted, QList<qint64>(ConfidenceHistogram::bins));
    QList<qint64> totals(wanted);
    for (const FilterCandidate &c : m_set->candidates) {
        const qsizetype label = single ? 0 : c.label;
        const int bin = qBound(0, static_cast<int>(c.confidence * ConfidenceHistogram::bins),
                               ConfidenceHistogram::bins - 1);
        ++counts[label][bin];
        ++totals[label];
    }
    const auto names = m_histogramBox->findChildren<QLabel *>(u"label"_s, Qt::FindDirectChildrenOnly);
    for (qsizetype i = 0; i < wanted; ++i) {
        const QString label = single ? tr("All groups") : tr("Matching answer %1")
                                                              .arg(singleLine(m_set->labels.at(i).trimmed(), 40));
        const QString text = tr("%1 · %Ln candidate(s)", nullptr, static_cast<int>(totals.at(i))).arg(label);
        names.at(i)->setText(text);
        const bool matching = m_set->labels.at(i).trimmed() != "No"_L1;
        m_histograms.at(i)->setCounts(counts.at(i), matching ? Theme::Meaning::Matching : Theme::Meaning::NotMatching,
                                      tr("Label confidence, %1").arg(text));
    }
}

SelectStage FilterPage::selection() const
{
    SelectStage select = m_set->select;
    select.floor = m_threshold->value();
    select.keepPerLabel = m_keep->value();
    select.diversity = m_diversity->value();
    select.balance = m_balance->isChecked();
    return select;
}

void FilterPage::setThreshold(double threshold)
{
    m_threshold->setValue(threshold);
}

/// Beside the raw threshold, never in its place.
void FilterPage::showCalibration()
{
    m_calibrated->setVisible(m_map.has_value());
    if (!m_map)
        return;
    QStringList values;
    for (const QString &label : m_set->labels.mid(0, mostHistograms)) {
        const bool matching = isMatchingTarget(m_family, label.trimmed() == "No"_L1 ? 1 : 0);
        values << tr("%1 for %2").arg(decimal(m_map->apply(m_threshold->value(), matching), 3),
                                      singleLine(label.trimmed(), 30));
    }
    m_calibrated->setText(
        tr("This threshold, calibrated: %1. The map: %2.").arg(values.join(u", "_s), singleLine(m_map->text())));
}

void FilterPage::chosen()
{
    if (!m_set || m_set->candidates.empty())
        return;
    showCalibration();
    for (ConfidenceHistogram *plot : std::as_const(m_histograms))
        plot->setThreshold(m_threshold->value());
    m_curves->setThreshold(m_threshold->value());
    const SelectStage select = selection();
    m_point = thresholdPoint(*m_set, select);
    QStringList perLabel;
    if (m_point.keptPerLabel.size() <= mostHistograms) {
        for (auto it = m_point.keptPerLabel.cbegin(); it != m_point.keptPerLabel.cend(); ++it)
            perLabel << tr("%1 %2").arg(count(it.value()), singleLine(it.key().trimmed(), 30));
    }
    m_kept.value->setText(count(m_point.kept));
    m_kept.note->setText((perLabel.isEmpty() ? QString() : perLabel.join(u" · "_s) + u", "_s) +
                         tr("of %Ln candidate(s)", nullptr, static_cast<int>(m_set->asked)));
    if (const auto &interval = m_point.human.interval) {
        m_human.value->setText(percent(interval->estimate));
        m_human.note->setText(tr("[%1, %2], from %Ln decision(s) by a person", nullptr,
                                 static_cast<int>(m_point.human.n))
                                  .arg(percent(interval->low), percent(interval->high)));
    } else {
        m_human.value->setText(u"—"_s);
        m_human.note->setText(tr("Nobody has judged a candidate above this threshold yet."));
    }
    m_cost.value->setText(m_point.samplesPerKept ? decimal(*m_point.samplesPerKept, 1) : u"—"_s);
    m_cost.note->setText(m_point.samplesPerKept ? tr("kept of all samples: %1")
                                                      .arg(keepRateText(m_point.kept, m_set->asked)
                                                               .replace(u" %"_s, u"\u00a0%"_s))
                                                : tr("Nothing is kept."));
    const bool same = m_point.added == 0 && m_point.removed == 0;
    m_change->setText(same ? tr("Nothing: this is what is kept now.")
                           : tr("+%1 kept, −%2 dropped").arg(count(m_point.added), count(m_point.removed)));
    const bool writable = m_project->access() == Project::Access::ReadWrite;
    QString note;
    if (!m_set->hasRecipe)
        note = tr("This data set was imported: there is no selection rule to apply again. Decide about its items in "
                  "Items.");
    else if (!writable)
        note = tr("The project is open for reading only.");
    else if (select.diversity > 0)
        note = tr("With a weight of diversity the numbers per label are right; which candidates they are is decided "
                  "when the rule is applied, so the numbers of changes can be larger.");
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_apply->setEnabled(m_set->hasRecipe && writable && !m_applying);
    m_look->setEnabled(m_point.added > 0);
    ++m_diversityGeneration; // What is under way is about another choice.
    m_token.cancel();
    m_spread.note->setText(tr("being measured …"));
    m_diversityTimer.start();
}

void FilterPage::readCurve()
{
    if (!m_set)
        return;
    const quint64 generation = ++m_curveGeneration;
    onFinished(QtConcurrent::run(&m_workers,
                                 [set = m_set, select = selection()] { return thresholdCurve(*set, select); }),
               this, [this, generation](const QList<ThresholdPoint> &points) {
                   if (generation != m_curveGeneration)
                       return;
                   m_curve = points;
                   m_curves->setPoints(points);
                   fillTable();
               });
}

void FilterPage::readDiversity()
{
    m_token.cancel();
    m_token = CancellationToken();
    const quint64 generation = ++m_diversityGeneration;
    struct Both
    {
        DiversityFigures then, now;
    };
    const auto work = [project = m_project, set = m_set, select = selection(), token = m_token]() -> Result<Both> {
        QList<CandidateId> kept, now;
        thresholdPoint(*set, select, &kept);
        for (const FilterCandidate &c : set->candidates) {
            if (c.keptNow)
                now << c.id;
        }
        Both both;
        EVALWRIGHT_ASSIGN(both.then, diversityOf(*project, kept, token));
        EVALWRIGHT_ASSIGN(both.now, diversityOf(*project, now, token));
        return both;
    };
    onFinished(QtConcurrent::run(&m_workers, work), this, [this, generation](const Result<Both> &both) {
        if (generation != m_diversityGeneration)
            return;
        if (!both) {
            m_spread.value->setText(u"—"_s);
            m_spread.note->setText(tr("It could not be measured: %1").arg(both.error().text()));
        } else if (!both->then.meanNearestDistance) {
            m_spread.value->setText(u"—"_s);
            m_spread.note->setText(tr("It takes two items at least."));
        } else {
            m_spread.value->setText(decimal(*both->then.meanNearestDistance));
            QString note = tr("mean distance to the most alike item by words, of %Ln item(s)", nullptr,
                              static_cast<int>(both->then.nearestOf));
            if (both->now.meanNearestDistance)
                note += tr("; now %1 of %2").arg(decimal(*both->now.meanNearestDistance), count(both->now.nearestOf));
            m_spread.note->setText(note);
        }
        Q_EMIT diversityShown();
    });
}

void FilterPage::fillTable()
{
    QStringList header{tr("Threshold"), tr("Kept")};
    const QStringList labels = m_set->labels.size() > mostHistograms ? QStringList() : m_set->labels;
    for (const QString &label : labels)
        header << tr("Kept, %1").arg(singleLine(label.trimmed(), 30));
    header << tr("Yield") << tr("Samples per kept item") << tr("Judged by people") << tr("People agree");
    QList<QStringList> rows;
    for (const ThresholdPoint &point : std::as_const(m_curve)) {
        QStringList row{decimal(point.threshold), count(point.kept)};
        for (const QString &label : labels)
            row << count(point.keptPerLabel.value(label));
        const auto &human = point.human.interval;
        row << percent(point.yield) << (point.samplesPerKept ? decimal(*point.samplesPerKept) : u"—"_s)
            << count(point.human.n)
            << (human ? u"%1 [%2, %3]"_s.arg(percent(human->estimate), percent(human->low), percent(human->high))
                      : u"—"_s);
        rows << row;
    }
    m_table->setTable(header, rows);
}

void FilterPage::apply()
{
    if (!m_set || !m_set->hasRecipe || m_applying)
        return;
    m_applying = true;
    m_apply->setEnabled(false);
    m_banner->showMessage(Theme::Meaning::Accent, tr("Applying the threshold …"));
    const auto report = [this](bool undone, const Result<SelectionCommand::Outcome> &outcome) {
        m_applying = false;
        m_touched = !undone; // Once withdrawn, the rule that is in force again is what is shown.
        if (!outcome) {
            m_banner->showError(outcome.error());
        } else if (undone) {
            QString text = tr("Withdrawn: %Ln candidate(s) have their former decision again.", nullptr,
                              static_cast<int>(outcome->withdrawn.restored));
            if (outcome->withdrawn.withoutFormer > 0)
                text += u' ' + tr("%Ln candidate(s) had no decision before and keep this one.", nullptr,
                                  static_cast<int>(outcome->withdrawn.withoutFormer));
            m_banner->showMessage(Theme::Meaning::Human, text);
        } else {
            m_banner->showMessage(Theme::Meaning::Human,
                                  tr("Applied: %Ln item(s) are kept.", nullptr, static_cast<int>(outcome->kept)),
                                  tr("Undo"));
        }
        read();
    };
    m_undo.push(new SelectionCommand(m_project, m_dataset, selection(), m_workers, this, report));
}

} // namespace evalwright
