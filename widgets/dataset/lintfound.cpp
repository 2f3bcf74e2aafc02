// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/lintfound.h"

#include "core/onfinished.h"
#include "generators/lint/fix.h"
#include "storage/repositories/candidates.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

enum Column { Number, Text, Fixed, Columns };
constexpr int idRole = Qt::UserRole;
constexpr qsizetype mostShown = 200; ///< Items in the list; all of them are in Items.

QString fieldOf(const CandidateText &text, const QString &field)
{
    if (field == "statement"_L1)
        return text.statement;
    if (field == "question"_L1 || field == "sentence"_L1)
        return text.question;
    if (field == "matching_label"_L1)
        return text.matchingLabel;
    if (field == "other_labels"_L1)
        return text.otherLabels.join(u" / "_s);
    return text.statement.isEmpty() ? text.question : text.statement;
}

QTableWidgetItem *cell(const QString &text, const QString &toolTip, Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter)
{
    auto *item = new QTableWidgetItem(text);
    item->setTextAlignment(alignment);
    item->setToolTip(plainToolTip(toolTip));
    return item;
}

} // namespace

QString withVisibleEdges(const QString &text)
{
    QString shown = text;
    for (qsizetype i = 0; i < shown.size() && shown.at(i) == u' '; ++i)
        shown[i] = u'␣';
    for (qsizetype i = shown.size() - 1; i >= 0 && shown.at(i) == u' '; --i)
        shown[i] = u'␣';
    return shown;
}

QString markedText(const QString &text, qsizetype start, qsizetype length, qsizetype limit)
{
    if (start < 0 || length < 0 || start > text.size() || length > text.size() - start)
        return singleLine(text, limit);
    constexpr qsizetype around = 60;
    const qsizetype from = qMax<qsizetype>(0, start - around);
    const QString before = text.mid(from, start - from), marked = text.mid(start, length),
                  after = text.mid(start + length, around);
    return (from > 0 ? u"…"_s : QString()) + singleLine(before, limit) + u'⟦' + singleLine(marked, limit) + u'⟧' +
           singleLine(after, limit) + (start + length + around < text.size() ? u"…"_s : QString());
}

LintFound::LintFound(std::shared_ptr<Project> project, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_head(new QLabel(this)), m_note(new QLabel(this)),
      m_table(new QTableWidget(this)), m_show(new QPushButton(tr("Show in Items"), this)),
      m_fix(new QPushButton(tr("Fix all"), this))
{
    for (QLabel *label : {m_head, m_note}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_head->setFont(Theme::font(Theme::Role::Heading));
    setSecondary(m_note);
    m_note->setText(tr("The fix changes nothing but what the rule is about. What an item was before stays in the project "
                       "and in its history; undo takes the fix back."));
    m_table->setColumnCount(Columns);
    m_table->setHorizontalHeaderLabels({tr("No."), tr("Where"), tr("With the fix")});
    m_table->setAccessibleName(tr("Items found by the rule"));
    showAsRows(m_table);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setSectionResizeMode(Text, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(Fixed, QHeaderView::Stretch);
    m_table->setColumnWidth(Number, m_table->fontMetrics().horizontalAdvance(u"00000000"_s));
    const bool writable = m_project->access() == Project::Access::ReadWrite;
    m_fix->setEnabled(writable);
    m_fix->setToolTip(writable ? tr("Change every item that this rule fires on as shown")
                               : tr("The project is open for reading only"));
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) {
        if (const QTableWidgetItem *item = row < 0 ? nullptr : m_table->item(row, Number))
            Q_EMIT candidateActivated(CandidateId{item->data(idRole).toLongLong()});
    });
    connect(m_show, &QPushButton::clicked, this, [this] {
        QList<CandidateId> ids;
        for (const DatasetFinding &finding : std::as_const(m_findings))
            ids << finding.candidate;
        if (!ids.isEmpty())
            Q_EMIT showItems(ids, tr("lint, “%1”").arg(m_rule->title));
    });
    connect(m_fix, &QPushButton::clicked, this, [this] { Q_EMIT fixWanted(m_rule->name); });
    auto *top = new QHBoxLayout;
    top->addWidget(m_head, 1);
    top->addWidget(m_fix);
    top->addWidget(m_show);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(Theme::spacing());
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_note);
}

void LintFound::showRule(const LintRule &rule, Severity severity, const QList<DatasetFinding> &findings, bool known)
{
    m_rule = &rule;
    m_findings = findings;
    const quint64 generation = ++m_generation;
    m_table->setRowCount(0);
    m_table->setVisible(!findings.isEmpty());
    m_show->setVisible(!findings.isEmpty());
    m_note->setVisible(false);
    m_fix->setVisible(false);
    m_head->setVisible(!rule.isSetRule());
    const auto count = static_cast<int>(findings.size());
    if (severity == Severity::Off)
        m_head->setText(tr("Switched off: nothing was looked for."));
    else if (findings.isEmpty())
        m_head->setText(known ? tr("No item has this.") : QString());
    else if (findings.size() > mostShown)
        m_head->setText(tr("%Ln item(s); the first %1 are here", nullptr, count).arg(QLocale().toString(mostShown)));
    else
        m_head->setText(tr("%Ln item(s)", nullptr, count));
    if (findings.isEmpty())
        return;
    QList<CandidateId> ids;
    for (const DatasetFinding &finding : findings.first(qMin(findings.size(), mostShown)))
        ids << finding.candidate;
    const auto read = [ids](Connection &connection) -> Result<QList<Candidate>> {
        QList<Candidate> items;
        for (const CandidateId id : ids) {
            EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, id));
            items << row.candidate;
        }
        return items;
    };
    onFinished(m_project->read(read), this, [this, generation](const Result<QList<Candidate>> &items) {
        if (generation != m_generation)
            return;
        if (items)
            fill(*items);
        else
            Q_EMIT failed(items.error());
    });
}

void LintFound::fill(const QList<Candidate> &items)
{
    const QLocale locale;
    bool fixable = false;
    m_table->setRowCount(static_cast<int>(items.size()));
    for (int row = 0; row < items.size(); ++row) {
        const DatasetFinding &finding = m_findings.at(row);
        const CandidateText item = CandidateText::of(items.at(row));
        const QString text = fieldOf(item, finding.field);
        auto *ordinal = cell(locale.toString(finding.ordinal + 1), {}, Qt::AlignRight | Qt::AlignVCenter);
        ordinal->setData(idRole, finding.candidate.value);
        m_table->setItem(row, Number, ordinal);
        QString where = markedText(withVisibleEdges(text), finding.start, finding.length);
        if (finding.earlierOrdinal >= 0)
            where = tr("like no. %1: ").arg(locale.toString(finding.earlierOrdinal + 1)) + where;
        m_table->setItem(row, Text, cell(where, finding.detail.isEmpty() ? text : finding.detail + u"\n\n"_s + text));
        if (!m_rule->fix)
            continue;
        const Result<CandidateText> fixed = fixedText(item, *m_rule, finding.field);
        const bool changes = fixed && !(*fixed == item);
        fixable = fixable || changes;
        const QString after = changes ? fieldOf(*fixed, finding.field) : QString();
        m_table->setItem(row, Fixed, fixed ? cell(singleLine(withVisibleEdges(after), 160), after)
                                           : cell(tr("not safe here"), fixed.error().text()));
    }
    m_table->setColumnHidden(Fixed, m_rule->fix == nullptr);
    m_note->setVisible(fixable);
    m_fix->setVisible(fixable);
}

} // namespace evalwright
