// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the dialog of exports is put together.
#include "widgets/dataset/usuallicences.h"
#include "widgets/exchange/exportdialog.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QDesktopServices>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QUrl>
#include <QVBoxLayout>

#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QWidget *sideBySide(const QList<QWidget *> &widgets)
{
    auto *row = new QWidget;
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QWidget *widget : widgets)
        layout->addWidget(widget);
    layout->addStretch();
    row->setFocusProxy(widgets.constFirst());
    return row;
}

} // namespace

ExportDialog::ExportDialog(Session &session, const QString &dataset, const QString &format, QWidget *parent)
    : QDialog(parent), m_session(session), m_project(session.project()), m_wanted(dataset), m_form(new QFormLayout), m_dataset(new QComboBox),
      m_format(new QComboBox), m_order(new QComboBox), m_canary(new QComboBox), m_review(new QComboBox), m_run(new QComboBox),
      m_more(new QListWidget), m_keeps(new QLabel), m_progressText(new QLabel), m_seed(new QSpinBox), m_splitSeed(new QSpinBox),
      m_privateShare(new QDoubleSpinBox), m_trim(new QCheckBox(tr("Without the blank before labels: “Yes” for “ Yes”"))),
      m_csvSafe(new QCheckBox(tr("Safe for spreadsheets: an apostrophe before what they take for a formula"))),
      m_controls(new QCheckBox(tr("Also each control, in a file beside it"))),
      m_despiteLint(new QCheckBox(tr("Also when lint rules block a release"))), m_licence(new QLineEdit), m_title(new QLineEdit),
      m_url(new QLineEdit), m_language(new QLineEdit), m_model(new QLineEdit), m_frame(new QLineEdit), m_path(new QLineEdit),
      m_browse(new QPushButton(tr("&Choose …"))), m_export(new QPushButton(tr("&Export"))), m_close(new QPushButton),
      m_copy(new QPushButton(tr("Copy re&port"))), m_show(new QPushButton(tr("Sho&w in its folder"))), m_progress(new QProgressBar), m_banner(new Banner),
      m_report(new QPlainTextEdit)
{
    setWindowTitle(tr("Export"));
    resize(760, 640);
    makeLayout();
    restore();
    if (!format.isEmpty())
        choose(format);
    connect(m_format, &QComboBox::currentIndexChanged, this, [this] {
        showFields();
        suggestPath();
    });
    connect(m_dataset, &QComboBox::currentIndexChanged, this, [this] {
        readDataset();
        suggestPath();
        updateButtons();
    });
    connect(m_more, &QListWidget::itemChanged, this, [this] {
        suggestPath();
        updateButtons();
    });
    connect(m_order, &QComboBox::currentIndexChanged, this, &ExportDialog::showFields);
    connect(m_canary, &QComboBox::currentIndexChanged, this, &ExportDialog::showFields);
    connect(m_privateShare, &QDoubleSpinBox::valueChanged, this, &ExportDialog::showFields);
    connect(m_path, &QLineEdit::textEdited, this, [this] { m_pathTyped = true; });
    connect(m_path, &QLineEdit::textChanged, this, [this] {
        m_banner->hide(); // It asked about another place.
        updateButtons();
    });
    connect(m_banner, &Banner::actionTriggered, this, &ExportDialog::replace);
    connect(m_browse, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_export, &QPushButton::clicked, this, &ExportDialog::start);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(report()); });
    connect(m_show, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_written)); });
    connect(m_close, &QPushButton::clicked, this, [this] {
        if (isRunning())
            m_session.jobs().stop(m_ticket, true);
        else
            reject();
    });
    connect(&m_session.jobs(), &JobQueue::changed, this, &ExportDialog::showProgress);
    connect(&m_session.jobs(), &JobQueue::finished, this, &ExportDialog::ended);
    showFields();
    listDatasets();
}

void ExportDialog::makeLayout()
{
    m_dataset->setAccessibleName(tr("Data set"));
    m_more->setAccessibleName(tr("Data sets"));
    m_more->setFixedHeight((fontMetrics().height() + Theme::spacing()) * 3 + Theme::spacing());
    m_format->setAccessibleName(tr("Format"));
    for (const ExportFormat &format : exportFormats())
        m_format->addItem(u"%1 – %2"_s.arg(format.title, format.name), format.name);
    m_order->setAccessibleName(tr("Order"));
    m_order->addItem(tr("Imported items as stored, generated ones shuffled"), QString());
    m_order->addItem(tr("As stored"), u"stored"_s);
    m_order->addItem(tr("Labels take turns, the most certain first"), u"paper"_s);
    m_order->addItem(tr("Shuffled with the seed"), u"shuffle"_s);
    m_canary->setAccessibleName(tr("Canary"));
    m_canary->addItem(tr("Beside the data, where the format has a place for it"), static_cast<int>(Canary::Beside));
    m_canary->addItem(tr("Also in every row"), static_cast<int>(Canary::InRows));
    m_canary->addItem(tr("Nowhere"), static_cast<int>(Canary::Off));
    m_canary->setToolTip(tr("A sentence that asks to keep the data out of training corpora"));
    for (QComboBox *box : {m_dataset, m_format, m_order, m_canary, m_review, m_run}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(40);
    }
    for (QSpinBox *seed : {m_seed, m_splitSeed})
        seed->setRange(0, std::numeric_limits<int>::max());
    m_seed->setAccessibleName(tr("Seed of the order"));
    m_splitSeed->setAccessibleName(tr("Seed of the split"));
    m_seed->setPrefix(tr("seed "));
    m_splitSeed->setPrefix(tr("seed "));
    m_privateShare->setAccessibleName(tr("Share that is held back"));
    m_privateShare->setRange(0, 90);
    m_privateShare->setDecimals(1);
    m_privateShare->setSuffix(u" %"_s);
    m_privateShare->setSpecialValueText(tr("nothing"));
    m_privateShare->setToolTip(tr("By whole clusters, into a folder of its own that is not published"));
    m_licence->setPlaceholderText(tr("SPDX identifier, such as CC-BY-4.0; stays with the data set's card"));
    m_licence->setMaxLength(200);
    auto *completer = new QCompleter(usualLicences(), m_licence);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_licence->setCompleter(completer);
    m_title->setPlaceholderText(tr("the names of the data sets"));
    m_url->setPlaceholderText(tr("where it will be found"));
    m_model->setPlaceholderText(tr("which model, of several"));
    m_frame->setPlaceholderText(tr("which frame, of several"));
    m_path->setAccessibleName(tr("Where to write"));
    m_keeps->setTextFormat(Qt::PlainText);
    m_keeps->setWordWrap(true);
    setSecondary(m_keeps);
    m_progressText->setTextFormat(Qt::PlainText);
    setSecondary(m_progressText);
    m_progress->setRange(0, 0);
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setMaximumWidth(180);
    m_report->setReadOnly(true);
    m_report->setTabChangesFocus(true);
    m_report->setAccessibleName(tr("What was written"));
    m_report->setPlaceholderText(tr("What was written, with SHA-256 of each file"));
    m_report->setMinimumHeight(fontMetrics().height() * 4);
    setPrimary(m_export);
    m_export->setDefault(true);
    m_orderRow = sideBySide({m_order, m_seed});
    m_privateRow = sideBySide({m_privateShare, m_splitSeed});
    m_pathRow = new QWidget;
    auto *path = new QHBoxLayout(m_pathRow);
    path->setContentsMargins(0, 0, 0, 0);
    path->addWidget(m_path, 1);
    path->addWidget(m_browse);
    m_pathRow->setFocusProxy(m_path);

    m_form->setHorizontalSpacing(Theme::spacing(2));
    m_form->setVerticalSpacing(Theme::spacing());
    m_form->addRow(tr("&Data set"), m_dataset);
    m_form->addRow(tr("Data se&ts"), m_more);
    m_form->addRow(tr("&Format"), m_format);
    m_form->addRow(QString(), m_keeps);
    m_form->addRow(tr("Re&view"), m_review);
    m_form->addRow(tr("&Run"), m_run);
    m_form->addRow(tr("&Model"), m_model);
    m_form->addRow(tr("Fr&ame"), m_frame);
    m_form->addRow(tr("&Order"), m_orderRow);
    m_form->addRow(tr("Ca&nary"), m_canary);
    m_form->addRow(QString(), m_trim);
    m_form->addRow(QString(), m_csvSafe);
    m_form->addRow(QString(), m_controls);
    m_form->addRow(tr("&Licence"), m_licence);
    m_form->addRow(tr("T&itle"), m_title);
    m_form->addRow(tr("&URL"), m_url);
    m_form->addRow(tr("Lan&guage"), m_language);
    m_form->addRow(tr("&Hold back"), m_privateRow);
    m_form->addRow(QString(), m_despiteLint);
    m_form->addRow(tr("&Write to"), m_pathRow);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_progress);
    buttons->addWidget(m_progressText);
    buttons->addStretch();
    for (QPushButton *button : {m_copy, m_show, m_export, m_close})
        buttons->addWidget(button);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(m_form);
    layout->addWidget(m_banner);
    layout->addWidget(m_report, 1);
    layout->addLayout(buttons);
}

} // namespace evalwright
