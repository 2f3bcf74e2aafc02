// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/figurespage.h"

#include "core/onfinished.h"
#include "storage/repositories/runs.h"
#include "widgets/figures/figurepage.h"
#include "widgets/figures/figurerender.h"
#include "widgets/files/filedialogs.h"
#include "widgets/session/session.h"
#include "widgets/shell/emptystate.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QTimer>
#include <QVBoxLayout>

namespace evalwright {

namespace {

QComboBox *combo(const QString &name, int width)
{
    auto *box = new QComboBox;
    box->setAccessibleName(name);
    box->setMinimumWidth(width);
    // Names of models can be long: the list shows them whole, the box keeps its place.
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    return box;
}

/// Puts the entries into the box, and the choice back where it still is.
void refill(QComboBox *box, const QList<std::pair<QString, QString>> &entries)
{
    const auto isAsShown = [&] {
        for (int i = 0; i < box->count(); ++i) {
            if (box->itemText(i) != entries.at(i).first || box->itemData(i).toString() != entries.at(i).second)
                return false;
        }
        return true;
    };
    if (box->count() == entries.size() && isAsShown())
        return; // The list may be open.
    const QVariant chosen = box->currentData();
    box->clear();
    for (const auto &[text, data] : entries)
        box->addItem(text, data);
    box->setCurrentIndex(std::max(0, box->findData(chosen)));
}

QList<std::pair<QString, QString>> named(const QStringList &names)
{
    QList<std::pair<QString, QString>> entries;
    for (const QString &name : names)
        entries << std::pair(name, name);
    return entries;
}

QStringList ordered(const QList<ResultRow> &rows, QString ResultRow::*member)
{
    QStringList names;
    for (const ResultRow &row : rows) {
        if (!names.contains(row.*member))
            names << row.*member;
    }
    return names;
}

} // namespace

FiguresPage::FiguresPage(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_banner(new Banner), m_kind(combo(tr("Kind of figure"), 200)),
      m_dataset(combo(tr("Data set"), 220)), m_first(combo(tr("First model"), 160)),
      m_other(combo(tr("Other model"), 160)), m_axis(combo(tr("Axis"), 140)), m_measure(combo(tr("What is shown"), 160)),
      m_control(combo(tr("Control"), 140)), m_frame(combo(tr("Frame"), 120)), m_kept(combo(tr("Kept figures"), 160)),
      m_axisName(new QLabel(tr("Over"))), m_measureName(new QLabel(tr("Shows"))),
      m_controlName(new QLabel(tr("Control"))), m_frameName(new QLabel(tr("Frame"))), m_firstName(new QLabel(tr("From"))),
      m_otherName(new QLabel(tr("to"))), m_across(new QCheckBox(tr("Several families in one curve"))),
      m_keep(new QPushButton(tr("Keep this figure"))), m_report(new QPushButton(tr("Report …"))),
      m_stack(new QStackedWidget),
      m_empty(new EmptyState(tr("No figure yet"),
                             tr("A curve needs results of models whose number of parameters is known; three sizes of "
                                "one family give a verdict."),
                             tr("New evaluation …"))),
      m_nothing(new EmptyState(tr("Nothing to draw"), QString())), m_page(new FigurePage)
{
    m_across->setToolTip(tr("Drawn and described, never given a verdict"));
    m_keep->setToolTip(tr("Stores the figure in the project, with its numbers and words as they are now"));
    m_report->setToolTip(tr("Figures, results, methods and hashes as one HTML page"));
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_nothing);
    m_stack->addWidget(m_page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->addWidget(m_banner);
    layout->addWidget(choices());
    layout->addWidget(m_stack, 1);
    for (QComboBox *box : {m_kind, m_dataset, m_first, m_other, m_axis, m_measure, m_control, m_frame}) {
        connect(box, &QComboBox::activated, this, [this] {
            m_wanted = m_dataset->currentData().toString();
            showWhatMatters();
            build(true);
        });
    }
    connect(m_across, &QCheckBox::clicked, this, [this] { build(true); });
    connect(m_kept, &QComboBox::activated, this, [this](int index) {
        if (index > 0 && index <= m_records.size())
            showKept(m_records.at(index - 1));
        else
            build(true);
    });
    connect(m_keep, &QPushButton::clicked, this, &FiguresPage::keep);
    connect(m_report, &QPushButton::clicked, this, &FiguresPage::saveReport);
    connect(m_empty, &EmptyState::clicked, this, &FiguresPage::evaluationRequested);
    connect(m_page, &FigurePage::updateRequested, this, [this] { build(true); });
    connect(m_page, &FigurePage::wordsEdited, this, [this] {
        m_banner->showMessage(Theme::Meaning::Warning,
                              tr("The new words are shown and exported. “Keep this figure” stores them."));
    });
    connect(&m_session, &Session::projectChanged, this, [this] {
        m_replacing = false;
        m_drawn.reset(); // Of the project before.
        m_report->setEnabled(true);
        m_wanted.clear();
        m_shownHash.clear();
        m_shownKept.reset();
        fillChoices();
    });
    connect(&m_session, &Session::topicChanged, this, [this](Topic topic) {
        if (topic == Topic::Runs)
            fillChoices();
    });
    showWhatMatters();
    fillChoices();
}

QWidget *FiguresPage::choices()
{
    const std::pair<QString, const char *> kinds[] = {
        {tr("Scaling curve"), "scaling"},
        {tr("Scaling curves, a panel each"), "grid"},
        {tr("Data sets by model, dots"), "scores"},
        {tr("Data sets by model, heat map"), "heatmap"},
        {tr("Two models, item by item"), "differences"},
        {tr("Pronouns by occupation"), "winogender"},
        {tr("Pronouns by model size"), "correlation"},
        {tr("Checkers: sure and right"), "reliability"},
        {tr("People's agreement"), "agreement"}};
    for (const auto &[text, kind] : kinds)
        m_kind->addItem(text, QString::fromLatin1(kind));
    const std::pair<QString, const char *> axes[] = {{tr("Parameters"), "parameters"},
                                                     {tr("Compute"), "flops"},
                                                     {tr("Training steps"), "steps"},
                                                     {tr("Release date"), "date"}};
    for (const auto &[text, axis] : axes)
        m_axis->addItem(text, QString::fromLatin1(axis));
    auto *top = new QHBoxLayout;
    auto *below = new QHBoxLayout;
    const auto add = [](QHBoxLayout *row, QLabel *name, QComboBox *box) {
        name->setBuddy(box);
        row->addWidget(name);
        row->addWidget(box);
    };
    top->addWidget(m_kind);
    add(top, new QLabel(tr("Data set")), m_dataset);
    top->addStretch();
    top->addWidget(m_kept);
    top->addWidget(m_keep);
    top->addWidget(m_report);
    add(below, m_firstName, m_first);
    add(below, m_otherName, m_other);
    add(below, m_axisName, m_axis);
    add(below, m_measureName, m_measure);
    add(below, m_controlName, m_control);
    add(below, m_frameName, m_frame);
    below->addWidget(m_across);
    below->addStretch();
    auto *both = new QWidget;
    auto *layout = new QVBoxLayout(both);
    layout->setContentsMargins(Theme::spacing(2), 0, Theme::spacing(2), 0);
    layout->setSpacing(Theme::spacing());
    layout->addLayout(top);
    layout->addLayout(below);
    return both;
}

void FiguresPage::showDataset(const QString &name)
{
    m_wanted = name;
    m_shownHash.clear();
    m_shownKept.reset();
    m_kind->setCurrentIndex(0);
    showWhatMatters();
    fillChoices();
}

FigureQuery FiguresPage::query() const
{
    FigureQuery query;
    query.kind = m_kind->currentData().toString();
    if (!m_wanted.isEmpty())
        query.datasets << m_wanted;
    if (query.kind == u"differences")
        query.models << m_first->currentData().toString() << m_other->currentData().toString();
    query.axis = m_axis->currentData().toString();
    if (!m_measure->isHidden())
        query.measure = m_measure->currentData().toString();
    if (!m_control->isHidden())
        query.control = m_control->currentData().toString();
    if (!m_frame->isHidden())
        query.frame = m_frame->currentData().toString();
    query.acrossFamilies = !m_across->isHidden() && m_across->isChecked();
    return query;
}

/// Only what the kind asks for is shown.
void FiguresPage::showWhatMatters()
{
    const QString kind = m_kind->currentData().toString();
    const bool curves = kind == u"scaling" || kind == u"grid", differences = kind == u"differences",
               ofResults = kind != u"reliability" && kind != u"agreement";
    QList<std::pair<QString, QString>> measures{{tr("Matching answers"), QStringLiteral("match")},
                                                {tr("Mean probability"), QStringLiteral("probability")}};
    if (curves && m_control->count() > 0)
        measures << std::pair(tr("Less the control"), QStringLiteral("shift"));
    refill(m_measure, measures);
    const auto show = [](QLabel *name, QComboBox *box, bool shown) {
        name->setVisible(shown);
        box->setVisible(shown);
    };
    show(m_axisName, m_axis, curves || kind == u"correlation");
    show(m_measureName, m_measure, curves || differences || kind == u"heatmap");
    show(m_controlName, m_control, curves && m_measure->currentData().toString() == u"shift");
    show(m_firstName, m_first, differences);
    show(m_otherName, m_other, differences);
    show(m_frameName, m_frame, ofResults && m_frame->count() > 2);
    m_across->setVisible(curves);
    if (differences && m_wanted.isEmpty() && m_dataset->count() > 1) { // They are those of one data set.
        m_dataset->setCurrentIndex(1);
        m_wanted = m_dataset->currentData().toString();
    }
}

void FiguresPage::fillChoices()
{
    if (!m_session.project()) {
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    const quint64 filling = ++m_filling;
    using Found = std::pair<QList<ResultRow>, QList<FigureRecord>>;
    onFinished(m_session.project()->read([](Connection &c) -> Result<Found> {
        EVALWRIGHT_ASSIGN(const QList<ResultRow> rows, results(c, {}));
        EVALWRIGHT_ASSIGN(const QList<FigureRecord> kept, listFigures(c));
        return Found{rows, kept};
    }),
               this, [this, filling](const Result<Found> &found) {
                   if (filling != m_filling)
                       return; // Asked again meanwhile.
                   if (!found)
                       m_banner->showError(found.error());
                   else
                       fill(found->first, found->second);
               });
}

void FiguresPage::fill(const QList<ResultRow> &rows, const QList<FigureRecord> &kept)
{
    QList<std::pair<QString, QString>> datasets{{tr("All data sets"), QString()}};
    datasets << named(ordered(rows, &ResultRow::dataset));
    // A single data set is not "all".
    if (m_wanted.isEmpty() && datasets.size() == 2)
        m_wanted = datasets.last().second;
    refill(m_dataset, datasets);
    m_dataset->setCurrentIndex(std::max(0, m_dataset->findData(m_wanted)));
    const QStringList models = resultMatrix(rows).models;
    const bool isFirst = m_other->count() == 0;
    refill(m_first, named(models));
    refill(m_other, named(models));
    if (isFirst && m_other->count() > 1)
        m_other->setCurrentIndex(m_other->count() - 1);
    QStringList controls = ordered(rows, &ResultRow::control);
    controls.removeAll(QStringLiteral("none"));
    refill(m_control, named(controls));
    refill(m_frame, QList<std::pair<QString, QString>>{{tr("All frames"), QString()}} + named(ordered(rows, &ResultRow::frame)));
    m_records = kept;
    QList<std::pair<QString, QString>> figures{{kept.isEmpty() ? tr("No kept figures") : tr("Kept figures"), QString()}};
    for (const FigureRecord &record : kept)
        figures << std::pair(tr("%1 (%2)").arg(record.title, record.createdAt.left(10)), record.uuid);
    refill(m_kept, figures);
    m_kept->setEnabled(!kept.isEmpty());
    showWhatMatters();
    if (rows.isEmpty() && kept.isEmpty()) {
        m_stack->setCurrentWidget(m_empty);
        m_keep->setEnabled(false);
        Q_EMIT loaded();
        return;
    }
    build(m_shownHash.isEmpty());
}

void FiguresPage::showFigure(const FigureSpec &figure)
{
    m_shownHash = figure.dataHash;
    m_page->setFigure(figure);
    m_page->setNewerResultsExist(false);
    m_stack->setCurrentWidget(m_page);
    m_keep->setEnabled(true);
}

void FiguresPage::build(bool replace)
{
    if (!m_session.project())
        return;
    if (!replace && m_replacing)
        return; // What the person asked for comes first, and is new.
    m_replacing = replace;
    const quint64 generation = ++m_generation;
    const std::optional<FigureSpec> kept = m_shownKept;
    const FigureQuery asked = query();
    onFinished(m_session.project()->read([asked, kept, replace](Connection &c) {
        return kept && !replace ? rebuildFigure(c, *kept) : makeFigure(c, asked);
    }),
               this, [this, generation, replace](const Result<FigureSpec> &figure) {
                   if (generation != m_generation)
                       return;
                   m_replacing = false;
                   if (!figure && replace) {
                       // What was shown belongs to other choices.
                       m_nothing->setSentence(figure.error().text());
                       m_stack->setCurrentWidget(m_nothing);
                       m_shownHash.clear();
                       m_keep->setEnabled(false);
                   } else if (!figure) {
                       m_banner->showError(figure.error());
                   } else if (replace) {
                       m_shownKept.reset();
                       m_kept->setCurrentIndex(0);
                       showFigure(*figure);
                   } else {
                       m_page->setNewerResultsExist(figure->dataHash != m_shownHash);
                   }
                   Q_EMIT loaded();
               });
}

void FiguresPage::showKept(const FigureRecord &record)
{
    const auto figure = FigureSpec::fromText(record.spec);
    if (!figure) {
        m_banner->showError(figure.error());
        return;
    }
    m_shownKept = *figure;
    showFigure(*figure);
    build(false);
}

void FiguresPage::keep()
{
    const FigureSpec figure = m_page->figure();
    m_keep->setEnabled(false); // Once is enough.
    onFinished(m_session.project()->write([figure](Connection &c) { return storeFigure(c, figure); }), this,
               [this, figure](const Result<FigureRecord> &record) {
                   if (!record) {
                       m_keep->setEnabled(true);
                       m_banner->showError(record.error());
                       return;
                   }
                   m_banner->hide();
                   m_shownKept = figure;
                   fillChoices();
               });
}

void FiguresPage::saveReport()
{
    askWhereToSave(this, tr("Save the report"), QStringLiteral("report.html"), tr("HTML (*.html)"),
                   [this](const QString &path) { writeReport(path); });
}

void FiguresPage::writeReport(const QString &path)
{
    if (!m_session.project())
        return;
    ReportQuery query;
    if (!m_wanted.isEmpty())
        query.datasets << m_wanted;
    const QString name = QFileInfo(m_session.project()->path()).completeBaseName();
    m_report->setEnabled(false);
    m_banner->showMessage(Theme::Meaning::Warning, tr("The report is being made …"));
    const std::weak_ptr<Project> project = m_session.project();
    onFinished(m_session.project()->read([query, name](Connection &c) { return makeReport(c, query, name); }), this,
               [this, path, project](const Result<Report> &report) {
                   if (project.lock() != m_session.project())
                       return;
                   if (!report) {
                       m_report->setEnabled(true);
                       m_banner->showError(report.error());
                       return;
                   }
                   m_drawn = std::make_shared<Report>(*report);
                   m_pictures.clear();
                   drawReport(path);
               });
}

void FiguresPage::drawReport(const QString &path)
{
    if (!m_drawn)
        return; // Another project was opened meanwhile.
    if (m_pictures.size() < m_drawn->figures.size()) {
        FigureRendering rendering;
        rendering.size = {960, 0};
        const QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("figure.svg"));
        QFile drawn(file);
        const Status done = renderFigure(m_drawn->figures.at(m_pictures.size()), file, rendering);
        // Without its picture the page says so, and has the numbers.
        m_pictures << (done && drawn.open(QIODevice::ReadOnly) ? drawn.readAll() : QByteArray());
        QTimer::singleShot(0, this, [this, path] { drawReport(path); });
        return;
    }
    const Status written = writeWholeFile(path, reportHtml(*m_drawn, m_pictures));
    m_drawn.reset();
    m_report->setEnabled(true);
    if (!written) {
        m_banner->showError(written.error());
        return;
    }
    m_banner->showMessage(Theme::Meaning::Success, tr("The report is in %1.").arg(path));
    Q_EMIT reportWritten(path);
}

} // namespace evalwright
