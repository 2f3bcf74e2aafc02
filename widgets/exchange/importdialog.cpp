// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/importdialog.h"

#include "core/onfinished.h"
#include "core/text.h"
#include "storage/exchange/importfolder.h"
#include "storage/exchange/observations/resultformats.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/exchange/importreport.h"
#include "widgets/exchange/mappingform.h"
#include "widgets/exchange/previewmodel.h"
#include "widgets/files/filedialogs.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableView>
#include <QTabWidget>
#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>
#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int progressSteps = 1000;
constexpr qint64 mostLintedByItself = 100'000;

/// What was dropped or chosen, as files.
struct Expanded
{
    QList<ImportPath> files;
    QStringList problems;
};

Expanded expand(const QStringList &paths, const CancellationToken &token)
{
    Expanded out;
    for (const QString &path : paths) {
        if (!QFileInfo(path).isDir()) {
            out.files << ImportPath{path, {}};
            continue;
        }
        const auto folder = importFolder(path, token);
        if (!folder) {
            out.problems << folder.error().text();
            continue;
        }
        out.files << folder->files;
        if (const QString left = folder->passedOverText(); !left.isEmpty())
            out.problems << left;
    }
    return out;
}

QString namesOf(const QList<ImportInput> &inputs)
{
    QStringList names;
    for (const ImportInput &input : inputs)
        names << QFileInfo(input.path).fileName();
    return singleLine(names.join(u", "_s), 60);
}

} // namespace

/// What a look at a file found.
struct ImportDialog::Seen
{
    Result<FilePreview> preview;
    QString results;
};

ImportDialog::~ImportDialog()
{
    m_token.cancel();
}

void ImportDialog::addPaths(const QStringList &paths)
{
    ++m_reading;
    updateButtons();
    onFinished(QtConcurrent::run(&m_session.workers(), [paths, token = m_token] { return expand(paths, token); }), this, [this](const Expanded &expanded) {
        --m_reading;
        const qsizetype first = m_entries.size();
        for (const ImportPath &file : expanded.files) {
            const bool isThere = std::ranges::any_of(m_entries, [&](const Entry &entry) { return entry.path == file.path; });
            if (isThere)
                continue;
            Entry entry;
            entry.path = file.path;
            entry.defaultDataset = file.dataset.isEmpty() ? QFileInfo(file.path).completeBaseName() : file.dataset;
            entry.format = file.format;
            m_entries << entry;
        }
        if (!isRunning())
            m_progressText->setText(withVisibleControls(expanded.problems.join(u'\n')));
        for (qsizetype i = first; i < m_entries.size(); ++i)
            look(i);
        if (m_current < 0 && !m_entries.isEmpty())
            m_current = 0;
        else if (first < m_entries.size())
            m_current = first;
        showList();
        showEntry();
    });
}

ImportOptions ImportDialog::optionsOf(const Entry &entry) const
{
    ImportOptions options;
    options.dataset = datasetOf(entry);
    options.format = entry.format;
    options.strict = m_strict->isChecked();
    options.skipBad = m_skipBad->isChecked();
    options.csvUnescape = m_unescape->isChecked();
    const auto format = entry.format == "auto"_L1 ? std::nullopt : std::optional(fileFormat(entry.format));
    if (!format || (*format && (*format)->mapped))
        options.map = entry.map;
    return options;
}

void ImportDialog::look(qsizetype index)
{
    Entry &entry = m_entries[index];
    entry.generation = ++m_generations;
    ++m_reading;
    updateButtons();
    onFinished(QtConcurrent::run(&m_session.workers(),
                                 [path = entry.path, options = optionsOf(entry), token = m_token] {
                                     Seen seen{previewFile(path, options, token), {}};
                                     if (options.format == "auto"_L1 && options.map.isEmpty() && seen.preview) {
                                         // What cannot be told is no file of results; the preview says what is wrong with it.
                                         if (const auto results = resultFormatOf(path))
                                             seen.results = *results;
                                     }
                                     return seen;
                                 }),
               this, [this, path = entry.path, generation = entry.generation](const Seen &found) { seen(path, generation, found); });
}

void ImportDialog::seen(const QString &path, quint64 generation, const Seen &found)
{
    --m_reading;
    const auto entry = std::ranges::find(m_entries, path, &Entry::path);
    if (entry == m_entries.end() || entry->generation != generation)
        return updateButtons();
    entry->results = found.results;
    entry->preview = found.preview ? std::optional(*found.preview) : std::nullopt;
    entry->error = found.preview ? std::nullopt : std::optional(found.preview.error());
    showList();
    if (m_current >= 0 && m_entries[m_current].path == path)
        showPreview();
    suggestLint();
    updateButtons();
}

void ImportDialog::listDatasets()
{
    onFinished(m_project->read([](Connection &c) { return evalwright::listDatasets(c); }), this,
               [this](const Result<QList<DatasetSummary>> &datasets) {
                   if (!datasets) {
                       m_datasetHint->setText(withVisibleControls(datasets.error().text()));
                       return;
                   }
                   m_datasets = *datasets;
                   const QString typed = m_dataset->currentText();
                   const QSignalBlocker quiet(m_dataset);
                   m_dataset->clear();
                   for (const DatasetSummary &summary : *datasets)
                       m_dataset->addItem(summary.dataset.name);
                   m_dataset->setEditText(typed);
                   showPreview();
               });
}

void ImportDialog::choose(int file)
{
    m_current = file >= 0 && file < m_entries.size() ? file : -1;
    showEntry();
}

void ImportDialog::showList()
{
    const QSignalBlocker quiet(m_files);
    m_files->clear();
    for (const Entry &entry : std::as_const(m_entries)) {
        const bool bad = entry.error || (entry.preview && (entry.preview->problem || entry.preview->refusal)) || !entry.results.isEmpty();
        auto *item = new QListWidgetItem(singleLine(QFileInfo(entry.path).fileName(), 120) +
                                         (bad ? u" – "_s + (entry.results.isEmpty() ? tr("cannot be read like this") : tr("answers of models")) : QString()));
        item->setToolTip(plainToolTip(entry.path));
        m_files->addItem(item);
    }
    m_files->setCurrentRow(static_cast<int>(m_current));
}

void ImportDialog::showEntry()
{
    const bool any = m_current >= 0 && m_current < m_entries.size();
    const Entry entry = any ? m_entries[m_current] : Entry();
    const QSignalBlocker format(m_format), dataset(m_dataset);
    m_format->setCurrentIndex(std::max(0, m_format->findData(entry.format)));
    m_dataset->setEditText(entry.dataset);
    m_dataset->lineEdit()->setPlaceholderText(singleLine(entry.defaultDataset, 80));
    showPreview();
    updateButtons();
}

QString ImportDialog::formatWords(const Entry &entry) const
{
    if (entry.error)
        return entry.error->text();
    if (!entry.preview)
        return tr("Looking at the beginning of the file …");
    const FilePreview &p = *entry.preview;
    if (!entry.results.isEmpty())
        return tr("This file holds answers of models (%1), not items. “Import results” takes it.").arg(entry.results);
    if (p.problem)
        return p.problem->message;
    const QLocale locale;
    QStringList words;
    if (p.format.isEmpty())
        return wordsOf(*p.refusal) + u' ' + tr("Choose its format, if it is in one of these.");
    if (p.recognised && entry.format == "auto"_L1)
        words << tr("Recognised: %1.").arg(p.formatTitle);
    else if (entry.format == "auto"_L1 && entry.map.isEmpty())
        words << tr("No known names of columns; taken for a table.");
    else
        words << tr("Read as: %1.").arg(p.formatTitle);
    if (p.refusal)
        words << p.refusal->message << tr("Say below which column it is.");
    else if (!p.family.isEmpty())
        words << tr("Family %1.").arg(p.family);
    const int rows = static_cast<int>(std::min<qint64>(p.rowsExpected, std::numeric_limits<int>::max()));
    words << (p.whole ? tr("%1, %Ln row(s).", nullptr, rows) : tr("%1, about %Ln row(s).", nullptr, rows)).arg(formatBytes(p.size));
    const auto bad = std::ranges::count_if(p.rows, [](const PreviewRow &row) { return row.row.problem.has_value(); });
    if (bad > 0 && !p.refusal)
        words << tr("Of the first %1 rows %2 are bad.").arg(locale.toString(p.rows.size()), locale.toString(bad));
    return words.join(u' ');
}

QString ImportDialog::datasetWords(const Entry &entry) const
{
    const auto found = std::ranges::find_if(m_datasets, [&](const DatasetSummary &s) { return s.dataset.name == datasetOf(entry); });
    if (found == m_datasets.end())
        return tr("A new data set.");
    if (entry.isUsable() && !entry.preview->family.isEmpty() && entry.preview->family != found->dataset.family)
        return tr("This data set is of the family %1, the file of %2: choose another name.").arg(found->dataset.family, entry.preview->family);
    return tr("Adds to this data set, which has %Ln item(s). Rows that it has already are left out.", nullptr, static_cast<int>(found->items));
}

void ImportDialog::showPreview()
{
    const bool any = m_current >= 0 && m_current < m_entries.size();
    const Entry entry = any ? m_entries[m_current] : Entry();
    m_formatHint->setText(any ? withVisibleControls(formatWords(entry)) : tr("Choose files, or drop them here."));
    m_datasetHint->setText(any ? withVisibleControls(datasetWords(entry)) : QString());
    const FilePreview preview = entry.preview.value_or(FilePreview());
    m_mapping->setVisible(any && (preview.mapped || !optionsOf(entry).map.isEmpty()));
    if (entry.preview)
        m_mapping->showFile(preview.columns, preview.mapping, entry.map);
    m_unescape->setEnabled(std::ranges::any_of(m_entries, [](const Entry &e) { return e.preview && e.preview->table; }));
    m_model->setRows(entry.results.isEmpty() ? preview.rows : QList<PreviewRow>());
    for (int column = 0; column < m_model->columnCount(); ++column) // A hidden one has no width.
        m_table->setColumnHidden(column, !m_model->hasColumn(static_cast<PreviewModel::Column>(column)));
    m_table->resizeColumnsToContents();
    for (int column = 0; column < m_model->columnCount(); ++column) {
        constexpr int widest = 380, widestState = 260;
        m_table->setColumnWidth(column, std::min(m_table->columnWidth(column) + Theme::spacing(),
                                                 column == PreviewModel::State ? widestState : widest));
    }
    m_raw->setPlainText({});
    if (m_model->rowCount() > 0)
        m_table->selectRow(0);
    m_results->setVisible(std::ranges::any_of(m_entries, [](const Entry &e) { return !e.results.isEmpty(); }));
    m_toAll->setVisible(m_entries.size() > 1);
}

/// What the fields say goes to the file that is shown, or to all where it holds for all.
void ImportDialog::takeChoices()
{
    if (m_current < 0 || m_current >= m_entries.size())
        return;
    Entry &entry = m_entries[m_current];
    entry.format = m_format->currentData().toString();
    entry.map = m_mapping->isVisibleTo(this) ? m_mapping->pairs() : entry.map;
    m_pause.start();
    updateButtons();
}

void ImportDialog::suggestLint()
{
    qint64 most = 0;
    for (const Entry &entry : std::as_const(m_entries))
        most = std::max(most, entry.preview ? entry.preview->rowsExpected : 0);
    const bool large = most > mostLintedByItself;
    m_lintHint->setText(large ? tr("A check of about %1 items takes minutes; the Lint tab does it at any time.").arg(QLocale().toString(most))
                              : QString());
    m_lintHint->setVisible(large);
    if (!m_lintTouched)
        m_lint->setChecked(!large);
}

void ImportDialog::chooseFiles()
{
    askForFiles(this, tr("Files of items"), tr("Items (*.jsonl *.json *.csv *.tsv *.txt);;All files (*)"),
                [this](const QStringList &paths) { addPaths(paths); });
}

void ImportDialog::chooseFolder()
{
    askForFolder(this, tr("Folder with files of items"), [this](const QString &path) { addPaths({path}); });
}

void ImportDialog::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() && !isRunning())
        event->acceptProposedAction();
}

void ImportDialog::dropEvent(QDropEvent *event)
{
    QStringList paths;
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    addPaths(paths);
    event->acceptProposedAction();
}

void ImportDialog::start(bool dryRun)
{
    if (isRunning())
        return;
    QList<ImportInput> inputs;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (!entry.results.isEmpty())
            continue;
        ImportInput input{entry.path, datasetOf(entry), entry.format, optionsOf(entry).map, 0};
        if (entry.preview) {
            input.rowsExpected = entry.preview->rowsExpected;
            // What is no known table by its content is one because the preview took it for one.
            if (!entry.preview->recognised && input.format == "auto"_L1 && !entry.preview->format.isEmpty())
                input.format = entry.preview->format;
        }
        inputs << input;
    }
    if (inputs.isEmpty())
        return;
    ImportSettings settings;
    settings.strict = m_strict->isChecked();
    settings.skipBad = m_skipBad->isChecked();
    settings.csvUnescape = m_unescape->isChecked();
    settings.lint = m_lint->isChecked();
    settings.dryRun = m_dryRun = dryRun;
    m_kept = std::make_shared<QList<FileImport>>();
    const auto work = [project = m_project, inputs, settings, kept = m_kept](const CancellationToken &token,
                                                                             const ProgressFunction &tell) -> Result<JobOutcome> {
        const auto progress = [&](const ImportProgress &now) {
            JobProgress p;
            p.total = std::max<qint64>(1, now.bytesInAll);
            p.done = now.bytes;
            QStringList words;
            if (inputs.size() > 1)
                words << tr("file %1 of %2").arg(now.file + 1).arg(inputs.size());
            if (!now.stage.isEmpty())
                words << now.stage;
            else
                words << tr("%1 of %2").arg(formatBytes(now.bytes), formatBytes(now.bytesInAll));
            if (now.rowsExpected > 0)
                words << tr("about %1 rows").arg(QLocale().toString(now.rowsExpected));
            p.message = words.join(u" · "_s);
            tell(p);
        };
        const Status done = importItems(*project, inputs, settings, *kept, token, progress);
        EVALWRIGHT_TRY(done);
        QStringList texts, stored;
        bool anyRead = false;
        for (const FileImport &file : std::as_const(*kept)) {
            texts << file.text();
            anyRead = anyRead || (file.report && !file.report->refused());
            if (file.stored())
                stored << file.report->dataset;
        }
        if (!anyRead)
            return failure(Error(ErrorCode::Parse, texts.join(u'\n'), tr("The report of the import lists the bad rows."))
                               .withConsequence(settings.dryRun ? QString() : tr("Nothing was stored.")));
        JobOutcome outcome;
        outcome.summary = texts.join(u'\n');
        outcome.dataset = stored.value(0);
        return outcome;
    };
    const JobNeeds needs = dryRun ? JobNeeds{} : JobNeeds{{u"import"_s}, false};
    m_ticket = m_session.jobs().add((dryRun ? tr("Check %1") : tr("Import %1")).arg(namesOf(inputs)), work, {}, needs);
    m_progress->setRange(0, 0);
    m_progressText->setText({});
    updateButtons();
}

void ImportDialog::showProgress()
{
    for (const ActiveJob &job : m_session.jobs().jobs()) {
        if (!isRunning() || job.ticket != m_ticket)
            continue;
        if (job.state == ActiveJob::State::Queued)
            m_progressText->setText(job.waitsFor.isEmpty() ? tr("waiting") : tr("waiting for “%1”").arg(job.waitsFor));
        if (job.progress.total <= 0)
            continue;
        m_progress->setRange(0, progressSteps);
        m_progress->setValue(static_cast<int>(static_cast<double>(job.progress.done) / static_cast<double>(job.progress.total) * progressSteps));
        m_progressText->setText(job.progress.message);
    }
}

void ImportDialog::ended(const ActiveJob &job)
{
    if (!isRunning() || job.ticket != m_ticket)
        return;
    m_ticket = 0;
    m_outcomes = *m_kept;
    QString end;
    if (job.state == ActiveJob::State::Stopped)
        end = m_dryRun ? tr("Stopped on request.") : tr("Stopped on request. Of the file that was being read nothing is stored.");
    else if (job.error && m_outcomes.isEmpty())
        end = job.error->text();
    m_report->showFiles(m_outcomes, end);
    m_tabs->setTabText(1, m_report->badRows() > 0 ? tr("&Report (%1 bad)").arg(QLocale().toString(m_report->badRows())) : tr("&Report"));
    m_tabs->setCurrentIndex(1);
    m_progressText->setText({});
    updateButtons();
    if (std::ranges::any_of(m_outcomes, &FileImport::stored))
        Q_EMIT imported(m_outcomes);
}

void ImportDialog::updateButtons()
{
    const bool any = std::ranges::any_of(m_entries, &Entry::isUsable);
    const bool idle = !isRunning();
    m_progress->setVisible(!idle);
    m_progressText->setVisible(!idle || !m_progressText->text().isEmpty());
    m_close->setText(idle ? tr("Close") : tr("Cancel"));
    m_check->setEnabled(idle && any && isSettled());
    m_import->setEnabled(idle && any && isSettled() && m_project->access() == Project::Access::ReadWrite);
    m_remove->setEnabled(idle && m_current >= 0 && m_current < m_entries.size());
    for (QWidget *field : {static_cast<QWidget *>(m_format), static_cast<QWidget *>(m_dataset), static_cast<QWidget *>(m_mapping),
                           static_cast<QWidget *>(m_toAll)})
        field->setEnabled(idle && m_current >= 0);
}

} // namespace evalwright
