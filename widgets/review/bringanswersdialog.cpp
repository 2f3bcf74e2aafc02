// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/bringanswersdialog.h"

#include "core/onfinished.h"
#include "review/elsewhere/mergefile.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace review;

namespace {

struct FileOutcome
{
    QString path;
    Result<MergedFile> merged;
};

QString reasonWords(const QString &reason)
{
    if (reason == "id-unknown"_L1)
        return BringAnswersDialog::tr("the list has no such item; not stored");
    if (reason == "content-changed"_L1)
        return BringAnswersDialog::tr("the item was edited since; stored, and not counted");
    return reason;
}

QString conflictText(const MergeConflict &conflict)
{
    return BringAnswersDialog::tr("  judgement %1 is known with other content; the stored one stays").arg(conflict.judgement);
}

QString textOf(const QString &name, const ToolMergeReport &report)
{
    const QLocale locale;
    QStringList lines{BringAnswersDialog::tr("%1 (%2): raters %3: %4 new judgements, %5 known before")
                          .arg(name, toolTitle(report.tool), report.raters.join(u", "_s), locale.toString(report.judgementsNew),
                               locale.toString(report.judgementsKnown))};
    if (report.refused)
        lines << BringAnswersDialog::tr("  nothing was brought in, because of rows that cannot be used");
    if (report.accepted > 0)
        lines << BringAnswersDialog::tr("  %1 now count for the new wording").arg(locale.toString(report.accepted));
    if (report.changed > 0)
        lines << BringAnswersDialog::tr("  %1 are of wordings that were edited since; stored, and not counted").arg(locale.toString(report.changed));
    if (report.sawPrediction > 0)
        lines << BringAnswersDialog::tr("  %1 were given with the label in sight").arg(locale.toString(report.sawPrediction));
    for (const ToolProblem &problem : report.problems)
        lines << BringAnswersDialog::tr("  row %1, %2: %3").arg(locale.toString(problem.row), singleLine(problem.field, 60),
                                                               singleLine(problem.message, 300));
    if (report.bad > report.problems.size())
        lines << BringAnswersDialog::tr("  … and %1 more").arg(locale.toString(report.bad - report.problems.size()));
    for (const MergeConflict &conflict : report.conflicts)
        lines << conflictText(conflict);
    return lines.join(u'\n');
}

QString textOf(const FileOutcome &outcome)
{
    const QString name = singleLine(QFileInfo(outcome.path).fileName(), 120);
    if (!outcome.merged)
        return name + u": "_s + outcome.merged.error().text();
    if (outcome.merged->tool)
        return textOf(name, *outcome.merged->tool);
    const QLocale locale;
    const MergeReport &report = *outcome.merged->report;
    QStringList lines{BringAnswersDialog::tr("%1: rater %2, review %3: %4 new judgements, %5 known before")
                          .arg(name, report.rater, report.reviewName, locale.toString(report.judgementsNew),
                               locale.toString(report.judgementsKnown))};
    if (report.accepted > 0)
        lines << BringAnswersDialog::tr("  %1 now count for the new wording").arg(locale.toString(report.accepted));
    for (const MergeRow &row : report.rows)
        lines << BringAnswersDialog::tr("  line %1, item %2: %3").arg(locale.toString(row.line), singleLine(row.item, 80), reasonWords(row.reason));
    for (const MergeConflict &conflict : report.conflicts)
        lines << conflictText(conflict);
    return lines.join(u'\n');
}

} // namespace

BringAnswersDialog::BringAnswersDialog(std::shared_ptr<Project> project, QStringList paths, QWidget *parent)
    : QDialog(parent), m_project(std::move(project)), m_paths(std::move(paths)),
      m_foreign(new QCheckBox(tr("Also answers to a bundle of &another project, where all items are the same"))),
      m_changed(new QCheckBox(tr("Judgements of items that were &edited since count for the new wording"))),
      m_skipBad(new QCheckBox(tr("Of files of Label Studio and Argilla the &good rows, if there are bad ones"))),
      m_report(new QPlainTextEdit), m_busy(new QProgressBar), m_start(new QPushButton(tr("&Bring in"))),
      m_close(new QPushButton(tr("Close")))
{
    setWindowTitle(tr("Bring answers in"));
    resize(680, 420);
    QStringList names;
    for (const QString &path : std::as_const(m_paths))
        names << QFileInfo(path).fileName();
    auto *files = new QLabel(singleLine(names.join(u", "_s), 300));
    files->setTextFormat(Qt::PlainText);
    files->setWordWrap(true);
    m_report->setReadOnly(true);
    m_report->setTabChangesFocus(true);
    m_report->setAccessibleName(tr("What became of the files"));
    m_report->setPlaceholderText(tr("Each file comes in whole or not at all. A file that was brought in before changes nothing."));
    m_busy->setRange(0, 0);
    m_busy->setAccessibleName(tr("Bringing in"));
    m_busy->hide();
    setPrimary(m_start);
    m_start->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_busy);
    buttons->addStretch();
    buttons->addWidget(m_start);
    buttons->addWidget(m_close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(files);
    layout->addWidget(m_foreign);
    layout->addWidget(m_changed);
    layout->addWidget(m_skipBad);
    layout->addWidget(m_report, 1);
    layout->addLayout(buttons);
    connect(m_start, &QPushButton::clicked, this, &BringAnswersDialog::start);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
}

QString BringAnswersDialog::report() const
{
    return m_report->toPlainText();
}

void BringAnswersDialog::start()
{
    MergeOptions options;
    options.foreign = m_foreign->isChecked();
    options.acceptChanged = m_changed->isChecked();
    m_start->setEnabled(false);
    m_busy->show();
    onFinished(QtConcurrent::run([project = m_project, paths = m_paths, options, skipBad = m_skipBad->isChecked()] {
        QList<FileOutcome> outcomes;
        for (const QString &path : paths)
            outcomes << FileOutcome{path, mergeFile(project, path, options, skipBad)};
        return outcomes;
    }),
               this, [this](const QList<FileOutcome> &outcomes) {
                   m_busy->hide();
                   m_start->setEnabled(true);
                   QStringList texts;
                   for (const FileOutcome &outcome : outcomes)
                       texts << textOf(outcome);
                   m_report->setPlainText(texts.join(u'\n'));
                   Q_EMIT ended();
               });
}

} // namespace evalwright
