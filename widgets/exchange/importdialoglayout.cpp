// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the dialog of imports is put together.
#include "widgets/dataset/plaintext.h"
#include "widgets/exchange/importdialog.h"
#include "widgets/exchange/importreport.h"
#include "widgets/exchange/mappingform.h"
#include "widgets/exchange/previewmodel.h"
#include "widgets/session/session.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int previewPauseMilliseconds = 150;
constexpr int shownFiles = 4;

QLabel *hint()
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setSecondary(label);
    return label;
}

} // namespace

ImportDialog::ImportDialog(Session &session, QWidget *parent)
    : QDialog(parent), m_session(session), m_project(session.project()), m_files(new QListWidget), m_remove(new QPushButton(tr("&Remove"))),
      m_toAll(new QPushButton(tr("The same for &all files"))), m_results(new QPushButton(tr("Import results …"))),
      m_check(new QPushButton(tr("C&heck all rows"))), m_import(new QPushButton(tr("&Import"))), m_close(new QPushButton),
      m_format(new QComboBox), m_dataset(new QComboBox), m_formatHint(hint()), m_datasetHint(hint()), m_lintHint(hint()),
      m_progressText(hint()), m_mapping(new MappingForm), m_model(new PreviewModel(this)), m_table(new QTableView),
      m_raw(new QPlainTextEdit), m_report(new ImportReportView(session.project())), m_tabs(new QTabWidget),
      m_strict(new QCheckBox(tr("Rows with a mark count as bad"))), m_skipBad(new QCheckBox(tr("Skip bad rows"))),
      m_unescape(new QCheckBox(tr("Take off apostrophes of spreadsheet safety"))), m_lint(new QCheckBox(tr("Lint afterwards"))),
      m_progress(new QProgressBar)
{
    setWindowTitle(tr("Import items"));
    setAcceptDrops(true);
    resize(1040, 740);
    makeLayout();
    m_pause.setSingleShot(true);
    m_pause.setInterval(previewPauseMilliseconds);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_current >= 0 && m_current < m_entries.size())
            look(m_current);
        updateButtons();
    });
    connect(m_files, &QListWidget::currentRowChanged, this, &ImportDialog::choose);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        m_entries.removeAt(m_current);
        m_current = std::min(m_current, m_entries.size() - 1);
        showList();
        showEntry();
        suggestLint();
    });
    connect(m_format, &QComboBox::currentIndexChanged, this, &ImportDialog::takeChoices);
    connect(m_mapping, &MappingForm::changed, this, &ImportDialog::takeChoices);
    connect(m_dataset, &QComboBox::editTextChanged, this, [this](const QString &name) {
        if (m_current < 0 || m_current >= m_entries.size())
            return;
        m_entries[m_current].dataset = name.trimmed();
        m_datasetHint->setText(withVisibleControls(datasetWords(m_entries[m_current])));
    });
    // Whether a mark makes a row bad, and apostrophes, hold for every file.
    const auto lookAtAll = [this] {
        for (qsizetype i = 0; i < m_entries.size(); ++i)
            look(i);
    };
    connect(m_strict, &QCheckBox::toggled, this, lookAtAll);
    connect(m_unescape, &QCheckBox::toggled, this, lookAtAll);
    connect(m_lint, &QCheckBox::clicked, this, [this] { m_lintTouched = true; });
    connect(m_toAll, &QPushButton::clicked, this, [this, lookAtAll] {
        const Entry chosen = m_entries[m_current];
        for (Entry &entry : m_entries) {
            entry.format = chosen.format;
            entry.map = chosen.map;
            entry.dataset = chosen.dataset;
        }
        lookAtAll();
    });
    connect(m_results, &QPushButton::clicked, this, [this] {
        QStringList paths;
        for (const Entry &entry : std::as_const(m_entries)) {
            if (!entry.results.isEmpty())
                paths << entry.path;
        }
        m_entries.removeIf([](const Entry &entry) { return !entry.results.isEmpty(); });
        m_current = m_entries.isEmpty() ? -1 : 0;
        showList();
        showEntry();
        Q_EMIT resultsImportRequested(paths);
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) {
        m_raw->setPlainText(withVisibleControls(m_model->rawText(row.row())));
    });
    connect(m_check, &QPushButton::clicked, this, [this] { start(true); });
    connect(m_import, &QPushButton::clicked, this, [this] { start(false); });
    connect(m_close, &QPushButton::clicked, this, [this] {
        if (isRunning())
            m_session.jobs().stop(m_ticket, true);
        else
            reject();
    });
    connect(m_report, &ImportReportView::datasetRequested, this, [this](const QString &name) {
        Q_EMIT datasetRequested(name);
        accept();
    });
    connect(m_report, &ImportReportView::undoRequested, this, &ImportDialog::undoRequested);
    connect(&m_session.jobs(), &JobQueue::changed, this, &ImportDialog::showProgress);
    connect(&m_session.jobs(), &JobQueue::finished, this, &ImportDialog::ended);
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if (topic == Topic::Datasets)
            listDatasets();
    });
    listDatasets();
    showEntry();
}

void ImportDialog::makeLayout()
{
    m_files->setAccessibleName(tr("Files"));
    m_files->setUniformItemSizes(true);
    m_files->setFixedHeight((fontMetrics().height() + Theme::spacing()) * shownFiles + Theme::spacing());
    auto *add = new QPushButton(tr("Add &files …")), *folder = new QPushButton(tr("Add a f&older …"));
    connect(add, &QPushButton::clicked, this, &ImportDialog::chooseFiles);
    connect(folder, &QPushButton::clicked, this, &ImportDialog::chooseFolder);
    m_format->setAccessibleName(tr("Format"));
    m_format->addItem(tr("Tell by the content"), u"auto"_s);
    for (const FileFormat &format : fileFormats()) {
        if (format.reader)
            m_format->addItem(u"%1 – %2"_s.arg(format.title, format.name), format.name);
    }
    m_dataset->setAccessibleName(tr("Data set"));
    m_dataset->setEditable(true);
    m_dataset->setInsertPolicy(QComboBox::NoInsert);
    m_dataset->setCompleter(nullptr); // It would make one name of another.
    for (QComboBox *box : {m_format, m_dataset}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(28);
    }
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("The first rows as they would be imported"));
    showAsRows(m_table);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + Theme::spacing());
    m_raw->setReadOnly(true);
    m_raw->setTabChangesFocus(true);
    m_raw->setAccessibleName(tr("The chosen row as it stands in the file"));
    m_raw->setPlaceholderText(tr("The chosen row as it stands in the file"));
    m_raw->setFont(Theme::font(Theme::Role::Mono));
    m_strict->setToolTip(tr("A mark says that a row was read leniently, such as a number that is written as a text"));
    m_skipBad->setToolTip(tr("Otherwise one bad row keeps the whole file out"));
    m_unescape->setToolTip(tr("For tables that were made safe for spreadsheets and do not say so"));
    m_lint->setToolTip(tr("Look for duplicates, texts that are cut off and what else makes an item unfit"));
    m_lint->setChecked(true);
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setTextVisible(false);
    m_progress->setMaximumWidth(180);
    setPrimary(m_import);
    m_import->setDefault(true);

    auto *fileButtons = new QVBoxLayout;
    fileButtons->setSpacing(Theme::spacing() / 2);
    for (QPushButton *one : {add, folder, m_remove})
        fileButtons->addWidget(one);
    fileButtons->addStretch();
    auto *files = new QHBoxLayout;
    files->addWidget(m_files, 1, Qt::AlignTop);
    files->addLayout(fileButtons);
    const auto beside = [](QWidget *field, QLabel *text) {
        auto *row = new QHBoxLayout;
        row->setSpacing(Theme::spacing(2));
        row->addWidget(field);
        row->addWidget(text, 1);
        return row;
    };
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    auto *formatRow = beside(m_format, m_formatHint);
    formatRow->addWidget(m_results);
    auto *datasetRow = beside(m_dataset, m_datasetHint);
    datasetRow->addWidget(m_toAll);
    form->addRow(tr("Forma&t"), formatRow);
    form->addRow(tr("&Data set"), datasetRow);
    static_cast<QLabel *>(form->labelForField(formatRow))->setBuddy(m_format);
    static_cast<QLabel *>(form->labelForField(datasetRow))->setBuddy(m_dataset);
    auto *rows = new QSplitter(Qt::Vertical);
    rows->addWidget(m_table);
    rows->addWidget(m_raw);
    rows->setStretchFactor(0, 4);
    rows->setStretchFactor(1, 1);
    rows->setSizes({240, 70});
    rows->setChildrenCollapsible(false);
    m_raw->setMinimumHeight(fontMetrics().height() * 3);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(rows, tr("Pre&view"));
    m_tabs->addTab(m_report, tr("&Report"));
    auto *options = new QHBoxLayout;
    options->setSpacing(Theme::spacing(2));
    for (QCheckBox *box : {m_skipBad, m_strict, m_unescape, m_lint})
        options->addWidget(box);
    options->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_progress);
    buttons->addWidget(m_progressText, 1);
    buttons->addStretch();
    buttons->addWidget(m_check);
    buttons->addWidget(m_import);
    buttons->addWidget(m_close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(files);
    layout->addLayout(form);
    layout->addWidget(m_mapping);
    layout->addWidget(m_tabs, 1);
    layout->addLayout(options);
    layout->addWidget(m_lintHint);
    layout->addLayout(buttons);
}

} // namespace evalwright
