// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/importresultsdialog.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/theme/numberstable.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int progressSteps = 1000;
constexpr qsizetype mostRows = 2000;

QString namesOf(const QStringList &paths)
{
    QStringList names;
    for (const QString &path : paths)
        names << QFileInfo(path).fileName();
    return names.join(u", "_s);
}

/// The error of a job that stored nothing; the bad rows are in its details.
Error refusal(const QList<ResultFileOutcome> &outcomes)
{
    QStringList texts, rows;
    for (const ResultFileOutcome &outcome : outcomes) {
        texts << outcome.text();
        if (!outcome.report)
            continue;
        for (const RowProblem &row : outcome.report->file.rejected.mid(0, mostRows))
            rows << ImportResultsDialog::tr("line %1, column %2: %3").arg(row.line).arg(row.column).arg(row.message);
    }
    return Error(ErrorCode::Parse, texts.join(u'\n'),
                 ImportResultsDialog::tr("Correct the file, or import its good rows."), rows.join(u'\n'))
        .withConsequence(ImportResultsDialog::tr("Nothing was stored."));
}

} // namespace

ImportResultsDialog::ImportResultsDialog(Session &session, const QStringList &paths, QWidget *parent)
    : QDialog(parent), m_session(session), m_paths(paths), m_model(new QLineEdit), m_dataset(new QLineEdit),
      m_skipBad(new QCheckBox(tr("Store the good rows of a file with bad ones"))), m_progress(new QProgressBar),
      m_report(new QLabel), m_rows(new NumbersTable), m_import(new QPushButton(tr("Import"))),
      m_cancel(new QPushButton), m_show(new QPushButton(tr("Show results")))
{
    setWindowTitle(tr("Import results"));
    resize(760, 520);
    auto *files = new QLabel(singleLine(namesOf(paths), 300));
    files->setTextFormat(Qt::PlainText);
    files->setWordWrap(true);
    files->setToolTip(plainToolTip(paths.join(u'\n')));
    m_model->setPlaceholderText(tr("who answered, where the file does not say it"));
    m_dataset->setPlaceholderText(tr("for files that name none"));
    m_report->setTextFormat(Qt::PlainText);
    m_report->setWordWrap(true);
    m_report->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_report->setAccessibleName(tr("What became of the files"));
    m_report->hide();
    m_rows->setAccessibleName(tr("Rows that cannot be read"));
    m_rows->hide();
    m_progress->setAccessibleName(tr("Progress of the import"));
    m_progress->hide();
    setPrimary(m_import);
    m_import->setDefault(true);
    m_show->hide();
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->addRow(tr("Files"), files);
    form->addRow(tr("&Model"), m_model);
    form->addRow(tr("&Data set"), m_dataset);
    form->addRow(QString(), m_skipBad);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_progress, 1);
    buttons->addStretch();
    buttons->addWidget(m_show);
    buttons->addWidget(m_import);
    buttons->addWidget(m_cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(form);
    layout->addWidget(m_report);
    layout->addWidget(m_rows, 1);
    layout->addStretch();
    layout->addLayout(buttons);

    connect(m_import, &QPushButton::clicked, this, &ImportResultsDialog::start);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (isRunning())
            m_session.jobs().stop(m_ticket, true);
        else
            reject();
    });
    connect(m_show, &QPushButton::clicked, this, [this] {
        Q_EMIT resultsRequested();
        accept();
    });
    connect(&m_session.jobs(), &JobQueue::changed, this, &ImportResultsDialog::showProgress);
    connect(&m_session.jobs(), &JobQueue::finished, this, &ImportResultsDialog::ended);
    updateButtons();
}

void ImportResultsDialog::start()
{
    if (isRunning() || !m_session.project())
        return;
    m_report->hide();
    m_rows->hide();
    m_outcomes = std::make_shared<QList<ResultFileOutcome>>();
    ResultFilesOptions options;
    options.model = m_model->text().trimmed();
    options.dataset = m_dataset->text().trimmed();
    options.skipBad = m_skipBad->isChecked();
    m_ticket = m_session.jobs().add(
        tr("Import results from %1").arg(namesOf(m_paths).left(60)),
        [project = m_session.project(), paths = m_paths, options, kept = m_outcomes](
            const CancellationToken &token, const ProgressFunction &tell) -> Result<JobOutcome> {
            const auto progress = [&](qsizetype file, qint64 done, qint64 total) {
                JobProgress p; // Of all files; each counts the same.
                p.stage = QFileInfo(paths[file]).fileName();
                p.total = progressSteps;
                const double share = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0;
                p.done = static_cast<qint64>(progressSteps * (static_cast<double>(file) + share) /
                                             static_cast<double>(paths.size()));
                tell(p);
            };
            EVALWRIGHT_ASSIGN(*kept, importResultFiles(*project, paths, options, token, progress));
            if (std::ranges::none_of(*kept, &ResultFileOutcome::stored))
                return tl::unexpected<Error>(refusal(*kept));
            JobOutcome outcome;
            QStringList texts;
            for (const ResultFileOutcome &one : std::as_const(*kept))
                texts << one.text();
            outcome.summary = texts.join(u'\n');
            outcome.showResults = true;
            return outcome;
        },
        {}, {{u"import"_s}, false});
    m_progress->setRange(0, 0);
    updateButtons();
}

void ImportResultsDialog::showProgress()
{
    for (const ActiveJob &job : m_session.jobs().jobs()) {
        if (!isRunning() || job.ticket != m_ticket || job.progress.total <= 0)
            continue;
        m_progress->setRange(0, static_cast<int>(job.progress.total));
        m_progress->setValue(static_cast<int>(job.progress.done));
    }
}

void ImportResultsDialog::ended(const ActiveJob &job)
{
    if (!isRunning() || job.ticket != m_ticket)
        return;
    m_ticket = 0;
    if (!m_outcomes->isEmpty()) {
        showOutcomes(*m_outcomes);
    } else {
        m_report->setText(job.error ? job.error->text() : job.outcome.summary);
        m_report->show();
    }
    updateButtons();
}

void ImportResultsDialog::showOutcomes(const QList<ResultFileOutcome> &outcomes)
{
    QStringList texts;
    QList<QStringList> rows;
    const QLocale locale;
    for (const ResultFileOutcome &outcome : outcomes) {
        texts << outcome.text();
        m_stored = m_stored || outcome.stored();
        if (!outcome.report)
            continue;
        for (const RowProblem &row : outcome.report->file.rejected) {
            if (rows.size() == mostRows)
                break;
            rows << QStringList{singleLine(QFileInfo(outcome.path).fileName(), 60), locale.toString(row.line),
                                locale.toString(row.column), singleLine(row.field, 60), singleLine(row.message, 300)};
        }
    }
    m_report->setText(withVisibleControls(texts.join(u'\n')));
    m_report->show();
    m_rows->setTable({tr("File"), tr("Line"), tr("Column"), tr("Field"), tr("What is wrong")}, rows);
    m_rows->setVisible(!rows.isEmpty());
}

void ImportResultsDialog::updateButtons()
{
    m_progress->setVisible(isRunning());
    m_cancel->setText(isRunning() ? tr("Cancel") : tr("Close"));
    m_import->setEnabled(!isRunning() && m_session.project() && !m_session.isReadOnly());
    m_show->setVisible(m_stored && !isRunning());
    for (QWidget *field : {static_cast<QWidget *>(m_model), static_cast<QWidget *>(m_dataset),
                           static_cast<QWidget *>(m_skipBad)})
        field->setEnabled(!isRunning());
}

} // namespace evalwright
