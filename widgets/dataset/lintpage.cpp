// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/lintpage.h"

#include "core/onfinished.h"
#include "widgets/dataset/fixcommand.h"
#include "widgets/dataset/lintfound.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/rowtable.h"

#include <QComboBox>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QUndoCommand>
#include <QUndoStack>
#include <QVBoxLayout>
#include <QtConcurrentRun>

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

enum RuleColumn { Title, SeverityColumn, Count, RuleColumns };
constexpr int idRole = Qt::UserRole, meaningRole = Qt::UserRole + 1;

QString severityText(Severity severity)
{
    switch (severity) {
    case Severity::Block:
        return LintPage::tr("blocks");
    case Severity::Warn:
        return LintPage::tr("warning");
    case Severity::Info:
        return LintPage::tr("note");
    case Severity::Off:
        break;
    }
    return LintPage::tr("off");
}

Theme::Meaning severityMeaning(Severity severity)
{
    switch (severity) {
    case Severity::Block:
        return Theme::Meaning::Error;
    case Severity::Warn:
        return Theme::Meaning::Warning;
    case Severity::Info:
        return Theme::Meaning::Accent;
    case Severity::Off:
        break;
    }
    return Theme::Meaning::Refusal;
}

/// Draws the cell's text as a chip in the colour of its meaning.
class ChipDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem cell = option;
        initStyleOption(&cell, index);
        const QString text = std::exchange(cell.text, QString());
        cell.widget->style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
        const Theme *theme = Theme::of(cell.widget);
        const auto meaning = static_cast<Theme::Meaning>(index.data(meaningRole).toInt());
        drawChip(*painter, option.rect.adjusted(Theme::spacing() / 2, 0, 0, 0), text, theme->color(meaning),
                 theme->tint(meaning), Theme::font(Theme::Role::Caption), option.direction);
    }
};

/// A person's severity of a rule; undoing goes back to the former one, also to the rule's own.
class SeverityCommand : public QUndoCommand
{
public:
    SeverityCommand(const QString &title, std::function<void(const QString &)> apply, QString before, QString after)
        : m_apply(std::move(apply)), m_before(std::move(before)), m_after(std::move(after))
    {
        setText(LintPage::tr("Severity of “%1”").arg(title));
    }
    void redo() override { m_apply(m_after); }
    void undo() override { m_apply(m_before); }

private:
    std::function<void(const QString &)> m_apply;
    QString m_before, m_after;
};

QTableWidgetItem *cell(const QString &text, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter)
{
    auto *item = new QTableWidgetItem(text);
    item->setTextAlignment(alignment);
    item->setToolTip(plainToolTip(text));
    return item;
}

QString number(double value)
{
    return QLocale().toString(value, 'g', 3);
}

} // namespace

LintPage::LintPage(std::shared_ptr<Project> project, DatasetId dataset, QThreadPool &workers, QUndoStack &undoStack,
                   QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_workers(workers), m_undo(undoStack),
      m_banner(new Banner(this)), m_release(new Banner(this)), m_head(new QLabel(this)),
      m_progress(new QProgressBar(this)), m_again(new QPushButton(tr("Check again"), this)),
      m_cancel(new QPushButton(tr("Cancel"), this)), m_rules(new QTableWidget(this)), m_found(new LintFound(m_project, this)),
      m_title(new QLabel(this)), m_explanation(new QLabel(this)), m_fires(new QLabel(this)),
      m_doesNot(new QLabel(this)), m_set(new QLabel(this)), m_severity(new QComboBox(this)), m_detail(nullptr)
{
    setSecondary(m_head);
    m_head->setText(tr("Not checked yet."));
    m_progress->setAccessibleName(tr("Progress of the check"));
    m_progress->setMaximumWidth(Theme::spacing(24));
    m_progress->setTextVisible(false);
    connect(m_again, &QPushButton::clicked, this, &LintPage::check);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_token.cancel(); });
    auto *top = new QHBoxLayout;
    top->addWidget(m_head, 1);
    top->addWidget(m_progress);
    top->addWidget(m_cancel);
    top->addWidget(m_again);
    auto *splitter = new QSplitter(this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(buildRules());
    splitter->addWidget(buildDetail());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({500, 500});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing());
    layout->addLayout(top);
    layout->addWidget(m_banner);
    layout->addWidget(m_release);
    layout->addWidget(splitter, 1);
    setBusy(false);
    showRule();
}

LintPage::~LintPage()
{
    m_token.cancel();
}

QWidget *LintPage::buildRules()
{
    m_rules->setColumnCount(RuleColumns);
    m_rules->setHorizontalHeaderLabels({tr("Rule"), tr("Here it"), tr("Found / limit")});
    m_rules->setAccessibleName(tr("Rules"));
    showAsRows(m_rules);
    m_rules->setSelectionMode(QAbstractItemView::SingleSelection);
    m_rules->setFrameShape(QFrame::NoFrame);
    m_rules->setItemDelegateForColumn(SeverityColumn, new ChipDelegate(m_rules));
    m_rules->horizontalHeader()->setSectionResizeMode(Title, QHeaderView::Stretch);
    m_rules->horizontalHeaderItem(Count)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    connect(m_rules, &QTableWidget::currentCellChanged, this, [this](int row) {
        const QTableWidgetItem *item = row < 0 ? nullptr : m_rules->item(row, Title);
        const QString rule = item ? item->data(idRole).toString() : QString();
        if (rule == m_rule)
            return;
        m_rule = rule;
        showRule();
    });
    return m_rules;
}

QWidget *LintPage::buildDetail()
{
    m_detail = new QWidget;
    for (QLabel *label : {m_title, m_explanation, m_fires, m_doesNot, m_set}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setMinimumWidth(1); // An example without a blank cannot wrap; the window must not grow for it.
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_title->setFont(Theme::font(Theme::Role::Heading));
    for (QLabel *label : {m_fires, m_doesNot})
        setSecondary(label);
    const bool writable = m_project->access() == Project::Access::ReadWrite;
    m_severity->addItem(tr("as the rule says"), QString());
    for (const Severity severity : {Severity::Block, Severity::Warn, Severity::Info, Severity::Off})
        m_severity->addItem(severityText(severity), severityName(severity));
    m_severity->setAccessibleName(tr("Severity in this project"));
    m_severity->setEnabled(writable);
    if (!writable)
        m_severity->setToolTip(tr("The project is open for reading only"));
    connect(m_severity, &QComboBox::activated, this, &LintPage::setSeverity);
    connect(m_found, &LintFound::showItems, this, &LintPage::showItems);
    connect(m_found, &LintFound::candidateActivated, this, &LintPage::candidateActivated);
    connect(m_found, &LintFound::fixWanted, this, &LintPage::fix);
    connect(m_found, &LintFound::failed, this, [this](const Error &error) { m_banner->showError(error); });

    auto *card = new QFrame;
    setCard(card);
    auto *severity = new QHBoxLayout;
    auto *label = new QLabel(tr("In this project it"), card);
    label->setBuddy(m_severity);
    severity->addWidget(label);
    severity->addWidget(m_severity);
    severity->addStretch(1);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    column->setSpacing(Theme::spacing());
    column->addWidget(m_title);
    column->addWidget(m_explanation);
    column->addWidget(m_fires);
    column->addWidget(m_doesNot);
    column->addWidget(m_set);
    column->addLayout(severity);
    auto *layout = new QVBoxLayout(m_detail);
    layout->setContentsMargins(Theme::spacing(), 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(card);
    layout->addWidget(m_found, 1);
    return m_detail;
}

void LintPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_asked)
        check();
}

void LintPage::setBusy(bool busy)
{
    m_checking = busy;
    m_progress->setVisible(busy);
    m_cancel->setVisible(busy);
    m_again->setVisible(!busy);
}

void LintPage::check()
{
    m_asked = true;
    m_token.cancel();
    m_token = CancellationToken();
    const quint64 generation = ++m_generation;
    setBusy(true);
    m_progress->setRange(0, 0);
    m_head->setText(tr("Checking…"));
    LintOptions options;
    options.store = m_project->access() == Project::Access::ReadWrite;
    const QPointer<LintPage> self(this);
    options.progress = [self, generation](qint64 done, qint64 total) {
        QMetaObject::invokeMethod(
            qApp,
            [self, generation, done, total] {
                if (!self || generation != self->m_generation || total <= 0)
                    return;
                self->m_progress->setRange(0, 1000);
                self->m_progress->setValue(static_cast<int>(1000 * done / total));
                self->m_head->setText(
                    tr("Checking: %1 of %2").arg(QLocale().toString(done), QLocale().toString(total)));
            },
            Qt::QueuedConnection);
    };
    struct Checked
    {
        LintReport report;
        QHash<QString, QString> settings;
        qint64 blockers = 0;
    };
    const auto work = [project = m_project, dataset = m_dataset, options, token = m_token]() -> Result<Checked> {
        Checked done;
        EVALWRIGHT_ASSIGN(done.report, lintDataset(*project, dataset, options, token));
        EVALWRIGHT_ASSIGN(done.settings, project->readNow(lintSettings));
        EVALWRIGHT_ASSIGN(const QList<LintBlocker> blockers,
                          project->readNow([dataset](Connection &c) { return lintBlockers(c, dataset); }));
        done.blockers = options.store ? blockers.size() : done.report.blocking;
        return done;
    };
    onFinished(QtConcurrent::run(&m_workers, work), this, [this, generation](const Result<Checked> &done) {
        if (generation != m_generation)
            return;
        setBusy(false);
        if (done) {
            if (const QString fixed = std::exchange(m_fixed, QString()); fixed.isEmpty())
                m_banner->hide();
            else
                m_banner->showMessage(Theme::Meaning::Success, fixed);
            m_report = done->report;
            m_settings = done->settings;
            m_blockers = done->blockers;
            m_known = true;
            showReport();
        } else {
            m_head->setText(m_known ? tr("Not checked again; what is here is from the check before.")
                                    : tr("Not checked yet."));
            if (done.error().code != ErrorCode::Cancelled)
                m_banner->showError(done.error());
        }
        Q_EMIT checked();
    });
}

Severity LintPage::severityOf(const LintRule &rule) const
{
    return m_report.severities.value(rule.name, rule.severity);
}

void LintPage::showReport()
{
    const QLocale locale;
    m_byRule.clear();
    for (qsizetype i = 0; i < m_report.findings.size(); ++i)
        m_byRule[m_report.findings.at(i).rule->name] << i;
    QHash<QString, const SetFinding *> set;
    qint64 setBlockers = 0;
    for (const SetFinding &finding : m_report.set) {
        set.insert(finding.rule, &finding);
        setBlockers += finding.fires && finding.severity == Severity::Block ? 1 : 0;
    }
    const qint64 stops = m_blockers + setBlockers;
    if (stops > 0)
        m_release->showMessage(Theme::Meaning::Error, tr("%Ln blocking finding(s) stop a release.", nullptr,
                                                         static_cast<int>(stops)));
    else
        m_release->hide();

    // Rules that found something first, the most serious on top; then the others in the order of the catalogue.
    struct Entry
    {
        const LintRule *rule;
        Severity severity;
        qint64 count;
        QString text;
    };
    std::vector<Entry> entries;
    qint64 fired = 0;
    for (const LintRule &rule : lintRules()) {
        const SetFinding *finding = set.value(rule.name);
        const bool ran = m_report.ran.contains(&rule) || finding;
        Severity severity = finding ? finding->severity : severityOf(rule);
        const QList<qsizetype> found = m_byRule.value(rule.name);
        for (qsizetype i = 0; i < found.size(); ++i) { // A rule can be milder here than it is in general.
            const Severity here = m_report.findings.at(found.at(i)).severity;
            severity = i == 0 ? here : std::min(severity, here);
        }
        if (!ran && severity != Severity::Off && m_settings.value(rule.name).isEmpty())
            continue; // It is not about this family.
        Entry entry{&rule, severity, m_byRule.value(rule.name).size(), {}};
        if (finding) {
            entry.count = finding->fires ? 1 : 0;
            entry.text = finding->value ? number(*finding->value) : u"—"_s;
            if (finding->value && finding->threshold.size() == 1)
                entry.text += u" / "_s + number(finding->threshold.first());
            else if (finding->value && finding->threshold.size() == 2)
                entry.text += u" / %1–%2"_s.arg(number(finding->threshold.first()), number(finding->threshold.last()));
        } else {
            entry.text = severity == Severity::Off ? u"—"_s : locale.toString(entry.count);
        }
        fired += entry.count > 0 ? 1 : 0;
        entries.push_back(entry);
    }
    std::ranges::stable_sort(entries, [](const Entry &a, const Entry &b) {
        const bool left = a.count > 0, right = b.count > 0;
        if (left != right)
            return left;
        return left && a.severity != b.severity ? a.severity < b.severity : false;
    });
    m_head->setText(tr("%Ln item(s) looked at; ", nullptr, static_cast<int>(m_report.items)) +
                    tr("%Ln rule(s) found something.", nullptr, static_cast<int>(fired)));
    const QString former = m_rule;
    const QSignalBlocker quiet(m_rules);
    m_rules->setRowCount(0);
    m_rules->setRowCount(static_cast<int>(entries.size()));
    int row = 0, current = 0;
    for (const Entry &entry : entries) {
        auto *title = cell(entry.rule->title);
        title->setData(idRole, entry.rule->name);
        title->setToolTip(plainToolTip(tr("%1\n%2").arg(entry.rule->name, entry.rule->explanation)));
        auto *severity = cell(severityText(entry.severity));
        severity->setData(meaningRole, static_cast<int>(severityMeaning(entry.severity)));
        auto *count = cell(entry.text, Qt::AlignRight | Qt::AlignVCenter);
        QFont font = title->font();
        font.setBold(entry.count > 0);
        title->setFont(font);
        count->setFont(font);
        m_rules->setItem(row, Title, title);
        m_rules->setItem(row, SeverityColumn, severity);
        m_rules->setItem(row, Count, count);
        current = entry.rule->name == former ? row : current;
        ++row;
    }
    m_rules->resizeColumnToContents(Count);
    m_rules->setColumnWidth(SeverityColumn, chipSize(tr("warning"), Theme::font(Theme::Role::Caption)).width() +
                                                Theme::spacing(2));
    if (!entries.empty()) {
        m_rules->setCurrentCell(current, Title);
        m_rule = m_rules->item(current, Title)->data(idRole).toString();
    }
    showRule();
}

void LintPage::selectRule(const QString &name)
{
    for (int row = 0; row < m_rules->rowCount(); ++row) {
        if (m_rules->item(row, Title)->data(idRole).toString() == name)
            m_rules->setCurrentCell(row, Title);
    }
}

void LintPage::showRule()
{
    const LintRule *rule = lintRule(m_rule);
    m_detail->setVisible(rule != nullptr);
    if (!rule)
        return;
    m_title->setText(tr("%1 (%2)").arg(rule->title, rule->name));
    m_explanation->setText(rule->explanation);
    m_fires->setText(tr("Fires on: %1").arg(singleLine(withVisibleEdges(rule->fires), 160)));
    m_fires->setVisible(!rule->fires.isEmpty());
    m_doesNot->setText(tr("Not on: %1").arg(singleLine(withVisibleEdges(rule->doesNot), 160)));
    m_doesNot->setVisible(!rule->doesNot.isEmpty());
    const QString own = m_settings.value(rule->name);
    m_severity->setItemText(0, tr("%1, as the rule says").arg(severityText(rule->severity)));
    m_severity->setCurrentIndex(qMax(0, m_severity->findData(own)));
    QStringList lines;
    for (const SetFinding &finding : m_report.set) {
        if (finding.rule != rule->name)
            continue;
        QStringList limits;
        for (const double limit : finding.threshold)
            limits << number(limit);
        lines << (finding.value ? tr("Measured: %1, over %Ln item(s).", nullptr, static_cast<int>(finding.n))
                                      .arg(number(*finding.value))
                                : tr("There was nothing to measure."));
        if (!limits.isEmpty())
            lines << (limits.size() > 1 ? tr("Fine between %1.").arg(limits.join(tr(" and ")))
                                        : tr("Limit: %1.").arg(limits.first()));
        lines << (finding.fires ? tr("The rule fires.") : tr("The rule does not fire."));
        if (!finding.detail.isEmpty())
            lines << withVisibleControls(finding.detail);
        for (const auto &[name, value] : finding.figures)
            lines << tr("%1: %2").arg(name, number(value));
    }
    m_set->setText(lines.join(u'\n'));
    m_set->setVisible(!lines.isEmpty());
    QList<DatasetFinding> findings;
    for (const qsizetype at : m_byRule.value(rule->name))
        findings << m_report.findings.at(at);
    m_found->showRule(*rule, severityOf(*rule), findings, m_known);
}

void LintPage::fix(const QString &rule)
{
    const auto report = [this](const Result<FixCommand::Outcome> &outcome) {
        if (!outcome) {
            m_banner->showError(outcome.error());
            return;
        }
        QString text = tr("%Ln item(s) changed.", nullptr, static_cast<int>(outcome->changed));
        if (outcome->left > 0)
            text += u' ' + tr("%Ln item(s) left as they are: %1", nullptr, static_cast<int>(outcome->left)).arg(outcome->why);
        m_fixed = text;
        check();
    };
    m_undo.push(new FixCommand(m_project, m_dataset, *lintRule(rule), m_workers, this, report));
}

void LintPage::setSeverity(int index)
{
    const LintRule *rule = lintRule(m_rule);
    const QString before = m_settings.value(m_rule), after = m_severity->itemData(index).toString();
    if (!rule || before == after)
        return;
    const QPointer<LintPage> self(this);
    const auto apply = [self, project = m_project, name = m_rule](const QString &severity) {
        if (self)
            self->applySeverity(name, severity);
        else // The page was closed; what is undone is undone all the same.
            project->write([name, severity](Connection &c) { return setLintSetting(c, name, severity); },
                           {Topic::Candidates});
    };
    m_undo.push(new SeverityCommand(rule->title, apply, before, after));
}

void LintPage::applySeverity(const QString &rule, const QString &severity)
{
    if (severity.isEmpty())
        m_settings.remove(rule);
    else
        m_settings.insert(rule, severity);
    onFinished(m_project->write([rule, severity](Connection &c) { return setLintSetting(c, rule, severity); },
                                {Topic::Candidates}),
               this, [this](const Status &done) {
                   if (done)
                       check();
                   else
                       m_banner->showError(done.error());
               });
}

} // namespace evalwright
