// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/exportdialog.h"

#include "core/onfinished.h"
#include "generators/card/datasetcard.h"
#include "storage/exchange/safenames.h"
#include "storage/repositories/controls.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"
#include "storage/repositories/runs.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/files/filedialogs.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QtConcurrent/QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// What the fields need to know of a data set.
struct DatasetChoices
{
    QStringList controls, reviews, runs;
    QString licence;
    qint64 items = 0;
};

Result<DatasetChoices> choicesFor(Connection &c, DatasetId id)
{
    DatasetChoices choices;
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(c, id));
    if (dataset.family == "sycophancy"_L1) { // Only questions after a biography have controls.
        EVALWRIGHT_ASSIGN(const ControlSet controls, ControlSet::of(c, id));
        choices.controls = controls.names();
    }
    EVALWRIGHT_ASSIGN(const CardTexts texts, cardTextsOf(c, id));
    choices.licence = texts.licence;
    EVALWRIGHT_ASSIGN(const QList<Review> reviews, reviewsOf(c, id));
    for (const Review &review : reviews)
        choices.reviews << review.name;
    EVALWRIGHT_ASSIGN(const QList<Run> runs, listRuns(c));
    for (const Run &run : runs)
        choices.runs << run.name;
    return choices;
}

} // namespace

const ExportFormat &ExportDialog::format() const
{
    return exportFormatNamed(m_format->currentData().toString());
}

void ExportDialog::choose(const QString &format)
{
    if (const int index = m_format->findData(format); index >= 0)
        m_format->setCurrentIndex(index);
}

void ExportDialog::setPath(const QString &path)
{
    m_path->setText(path);
    m_pathTyped = true;
    updateButtons();
}

QString ExportDialog::report() const
{
    return m_report->toPlainText();
}

void ExportDialog::listDatasets()
{
    onFinished(m_project->read([](Connection &c) { return evalwright::listDatasets(c); }), this,
               [this](const Result<QList<DatasetSummary>> &datasets) {
                   if (!datasets) {
                       m_report->setPlainText(withVisibleControls(datasets.error().text()));
                       return;
                   }
                   const QSignalBlocker quiet(m_dataset);
                   for (const DatasetSummary &summary : *datasets) {
                       m_dataset->addItem(singleLine(summary.dataset.name, 80), QVariant::fromValue(summary.dataset.id.value));
                       m_dataset->setItemData(m_dataset->count() - 1, summary.dataset.name, Qt::UserRole + 1);
                       auto *item = new QListWidgetItem(
                           tr("%1 (%Ln item(s))", nullptr, static_cast<int>(summary.items)).arg(singleLine(summary.dataset.name, 80)));
                       item->setData(Qt::UserRole, summary.dataset.name);
                       item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
                       item->setCheckState(summary.dataset.name == m_wanted ? Qt::Checked : Qt::Unchecked);
                       m_more->addItem(item);
                   }
                   m_dataset->setCurrentIndex(std::max(0, m_dataset->findData(m_wanted, Qt::UserRole + 1)));
                   if (m_wanted.isEmpty() && m_more->count() > 0)
                       m_more->item(0)->setCheckState(Qt::Checked);
                   m_ready = true;
                   readDataset();
                   suggestPath();
                   updateButtons();
               });
}

void ExportDialog::readDataset()
{
    if (m_dataset->currentIndex() < 0)
        return;
    const DatasetId id{m_dataset->currentData().toLongLong()};
    onFinished(m_project->read([id](Connection &c) { return choicesFor(c, id); }), this, [this, id](const Result<DatasetChoices> &choices) {
        if (id.value != m_dataset->currentData().toLongLong())
            return;
        if (!choices) {
            m_report->setPlainText(withVisibleControls(choices.error().text()));
            return;
        }
        m_hasControls = !choices->controls.isEmpty();
        if (m_licence->text().trimmed() == m_storedLicence) // What somebody is typing stays.
            m_licence->setText(choices->licence);
        m_storedLicence = choices->licence;
        m_review->clear();
        m_review->addItem(tr("The newest"));
        for (const QString &review : choices->reviews)
            m_review->addItem(singleLine(review, 80), review);
        m_run->clear();
        for (const QString &run : choices->runs)
            m_run->addItem(singleLine(run, 80), run);
        showFields();
    });
}

QStringList ExportDialog::datasets() const
{
    if (format().name != "hf-repo"_L1) {
        const QString name = m_dataset->currentData(Qt::UserRole + 1).toString();
        return name.isEmpty() ? QStringList() : QStringList{name};
    }
    QStringList names;
    for (int i = 0; i < m_more->count(); ++i) {
        if (m_more->item(i)->checkState() == Qt::Checked)
            names << m_more->item(i)->data(Qt::UserRole).toString();
    }
    return names;
}

void ExportDialog::setRow(QWidget *field, bool visible)
{
    field->setVisible(visible);
    if (QWidget *label = m_form->labelForField(field))
        label->setVisible(visible);
}

void ExportDialog::showFields()
{
    const ExportFormat &f = format();
    const bool repository = f.name == "hf-repo"_L1;
    m_keeps->setText(f.keeps);
    setRow(m_dataset, !repository);
    setRow(m_more, repository);
    setRow(m_orderRow, f.items);
    setRow(m_canary, f.items);
    setRow(m_trim, f.items);
    setRow(m_csvSafe, f.table);
    setRow(m_controls, f.controls && m_hasControls);
    setRow(m_licence, f.items);
    setRow(m_despiteLint, f.items);
    for (QWidget *field : {static_cast<QWidget *>(m_title), static_cast<QWidget *>(m_url), static_cast<QWidget *>(m_language), m_privateRow})
        setRow(field, repository);
    setRow(m_review, f.name == "inspect-scores"_L1);
    for (QWidget *field : {static_cast<QWidget *>(m_run), static_cast<QWidget *>(m_model), static_cast<QWidget *>(m_frame)})
        setRow(field, f.answers);
    // A repository always carries its canary.
    const QSignalBlocker quiet(m_canary);
    if (repository && m_canary->currentData().toInt() == static_cast<int>(Canary::Off))
        m_canary->setCurrentIndex(m_canary->findData(static_cast<int>(Canary::Beside)));
    m_seed->setEnabled(m_order->currentData() == u"shuffle"_s);
    m_splitSeed->setEnabled(m_privateShare->value() > 0);
    m_licence->setEnabled(m_project->access() == Project::Access::ReadWrite);
    updateButtons();
}

void ExportDialog::suggestPath()
{
    const ExportFormat &f = format();
    const QFileInfo typed(m_path->text());
    if (m_pathTyped) {
        // A folder and a name that somebody chose stay; another format has another ending.
        if (!f.suffix.isEmpty() && !typed.suffix().isEmpty())
            m_path->setText(typed.dir().filePath(typed.completeBaseName() + u'.' + f.suffix));
        return;
    }
    const QString name = datasets().isEmpty() ? u"dataset"_s : SafeNames().of(datasets().constFirst());
    const QString folder = QSettings().value(u"places/%1/export/folder"_s.arg(m_project->uuid()), QFileInfo(m_project->path()).path()).toString();
    const QSignalBlocker quiet(m_path);
    m_path->setText(QDir(folder).filePath(name + (f.suffix.isEmpty() ? f.folderEnding : u'.' + f.suffix)));
}

void ExportDialog::browse()
{
    const auto take = [this](const QString &path) { setPath(path); };
    if (format().intoFolder)
        return askForFolder(this, tr("Folder to write into"), take, QFileInfo(m_path->text()).path());
    // What is there is asked about when it begins, also what goes beside it.
    askWhereToSave(this, tr("Where to write"), m_path->text(), {}, take, AskToReplace::No);
}

ExportChoice ExportDialog::choice() const
{
    const ExportFormat &f = format();
    ExportChoice c;
    c.datasets = datasets();
    c.format = f.name;
    c.path = m_path->text().trimmed();
    c.controls = f.controls && m_hasControls && m_controls->isChecked();
    c.despiteLint = m_despiteLint->isChecked();
    c.order = m_order->currentData().toString();
    if (c.order == "shuffle"_L1)
        c.order = u"shuffle:%1"_s.arg(m_seed->value());
    c.trimLabels = m_trim->isChecked();
    c.csvSafe = m_csvSafe->isChecked();
    c.canary = static_cast<Canary>(m_canary->currentData().toInt());
    if (const QString licence = m_licence->text().trimmed(); f.items && m_licence->isEnabled() && licence != m_storedLicence)
        c.licence = licence;
    if (f.name == "hf-repo"_L1) {
        c.title = m_title->text().trimmed();
        c.url = m_url->text().trimmed();
        c.language = m_language->text().trimmed();
        if (m_privateShare->value() > 0)
            c.privateShare = m_privateShare->value() / 100;
        c.splitSeed = m_splitSeed->value();
    }
    c.review = m_review->currentData().toString();
    c.run = m_run->currentData().toString();
    c.model = m_model->text().trimmed();
    c.frame = m_frame->text().trimmed();
    return c;
}

void ExportDialog::start()
{
    if (isRunning() || m_looking || datasets().isEmpty())
        return;
    m_looking = true;
    m_banner->hide();
    m_report->setPlainText({});
    updateButtons();
    onFinished(QtConcurrent::run(&m_session.workers(), [choice = choice()] { return alreadyThere(choice); }), this,
               [this](const QStringList &names) {
                   m_looking = false;
                   if (names.isEmpty())
                       return begin(false);
                   updateButtons();
                   ask(names);
               });
}

void ExportDialog::ask(const QStringList &names)
{
    m_banner->showMessage(Theme::Meaning::Warning,
                          tr("Already there: %1.").arg(singleLine(names.join(u", "_s), 300)) + u' ' +
                              (format().folder ? tr("A folder is replaced only if it was written like this before; what else lies in it stays.")
                                               : tr("What is in it now would be lost.")),
                          tr("Replace"));
}

void ExportDialog::replace()
{
    if (!isRunning())
        begin(true);
}

void ExportDialog::begin(bool overwrite)
{
    m_banner->hide();
    ExportChoice chosen = choice();
    chosen.overwrite = overwrite;
    remember();
    m_outcome = std::make_shared<ExportOutcome>();
    m_written = QFileInfo(chosen.path).path();
    m_report->setPlainText({});
    m_ticket = m_session.jobs().add(
        tr("Export %1").arg(singleLine(chosen.datasets.join(u", "_s), 60)),
        [project = m_project, chosen, kept = m_outcome](const CancellationToken &token, const ProgressFunction &tell) -> Result<JobOutcome> {
            const auto progress = [&](qint64 rows) {
                JobProgress p;
                p.message = tr("%1 rows written").arg(QLocale().toString(rows));
                tell(p);
            };
            EVALWRIGHT_ASSIGN(*kept, exportAs(*project, chosen, token, progress));
            JobOutcome outcome;
            outcome.summary = kept->text();
            return outcome;
        });
    m_progressText->setText({});
    updateButtons();
}

void ExportDialog::showProgress()
{
    for (const ActiveJob &job : m_session.jobs().jobs()) {
        if (isRunning() && job.ticket == m_ticket)
            m_progressText->setText(job.progress.message);
    }
}

void ExportDialog::ended(const ActiveJob &job)
{
    if (!isRunning() || job.ticket != m_ticket)
        return;
    m_ticket = 0;
    m_report->setPlainText(withVisibleControls(job.error ? job.error->text() : m_outcome->text()));
    m_progressText->setText({});
    if (job.error)
        m_written.clear();
    if (job.error && job.error->code == ErrorCode::AlreadyExists)
        m_banner->showMessage(Theme::Meaning::Warning, tr("Something is there already. What is in it now would be lost."), tr("Replace"));
    updateButtons();
}

void ExportDialog::updateButtons()
{
    const bool idle = !isRunning() && !m_looking;
    m_progress->setVisible(isRunning());
    m_progressText->setVisible(isRunning());
    m_close->setText(isRunning() ? tr("Cancel") : tr("Close"));
    m_export->setEnabled(idle && m_ready && !datasets().isEmpty() && !m_path->text().trimmed().isEmpty() &&
                         (!format().answers || m_run->count() > 0));
    m_copy->setVisible(!report().isEmpty());
    m_show->setVisible(!isRunning() && !m_written.isEmpty() && !report().isEmpty());
}

void ExportDialog::restore()
{
    QSettings settings;
    settings.beginGroup(u"places/%1/export"_s.arg(m_project->uuid()));
    choose(settings.value(u"format"_s, u"anthropic-evals"_s).toString());
    m_order->setCurrentIndex(std::max(0, m_order->findData(settings.value(u"order"_s).toString())));
    m_seed->setValue(settings.value(u"seed"_s, 0).toInt());
    m_trim->setChecked(settings.value(u"trim"_s, false).toBool());
    m_csvSafe->setChecked(settings.value(u"csvSafe"_s, true).toBool());
    m_controls->setChecked(settings.value(u"controls"_s, true).toBool());
    m_canary->setCurrentIndex(std::max(0, m_canary->findData(settings.value(u"canary"_s, static_cast<int>(Canary::Beside)).toInt())));
    m_title->setText(settings.value(u"title"_s).toString());
    m_url->setText(settings.value(u"url"_s).toString());
    m_language->setText(settings.value(u"language"_s, u"en"_s).toString());
    m_privateShare->setValue(settings.value(u"privateShare"_s, 0).toDouble());
    m_splitSeed->setValue(settings.value(u"splitSeed"_s, 0).toInt());
}

void ExportDialog::remember() const
{
    QSettings settings;
    settings.beginGroup(u"places/%1/export"_s.arg(m_project->uuid()));
    settings.setValue(u"format"_s, format().name);
    settings.setValue(u"order"_s, m_order->currentData());
    settings.setValue(u"seed"_s, m_seed->value());
    settings.setValue(u"trim"_s, m_trim->isChecked());
    settings.setValue(u"csvSafe"_s, m_csvSafe->isChecked());
    settings.setValue(u"controls"_s, m_controls->isChecked());
    settings.setValue(u"canary"_s, m_canary->currentData());
    settings.setValue(u"title"_s, m_title->text());
    settings.setValue(u"url"_s, m_url->text());
    settings.setValue(u"language"_s, m_language->text());
    settings.setValue(u"privateShare"_s, m_privateShare->value());
    settings.setValue(u"splitSeed"_s, m_splitSeed->value());
    settings.setValue(u"folder"_s, QFileInfo(m_path->text().trimmed()).path());
}

} // namespace evalwright
