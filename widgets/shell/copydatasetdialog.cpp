// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/copydatasetdialog.h"

#include "core/onfinished.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/shell/projecttools.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

Result<QList<DatasetSummary>> datasetsOf(const QString &path)
{
    EVALWRIGHT_ASSIGN(const auto project, Project::open(path, Project::Access::ReadOnly));
    return project->readNow([](Connection &c) { return listDatasets(c); });
}

} // namespace

CopyDatasetDialog::CopyDatasetDialog(Session &session, const QString &other, QWidget *parent)
    : QDialog(parent), m_session(session), m_other(other), m_list(new QListWidget), m_name(new QLineEdit), m_copy(new QPushButton(tr("&Copy"))),
      m_banner(new Banner)
{
    setWindowTitle(tr("Copy a data set from another project"));
    resize(560, 420);
    auto *what = new QLabel(tr("It comes with everything it rests on: models, answers, decisions, reviews. The other project is only read; "
                               "copied again, only what is new there comes."));
    what->setWordWrap(true);
    setSecondary(what);
    auto *from = new QLabel(withVisibleControls(QFileInfo(other).fileName()));
    from->setTextFormat(Qt::PlainText);
    from->setToolTip(plainToolTip(other));
    m_list->setAccessibleName(tr("Data sets of the other project"));
    m_name->setPlaceholderText(tr("as there; with a number behind it where that name is taken"));
    m_name->setMaxLength(200);
    setPrimary(m_copy);
    m_copy->setDefault(true);
    m_copy->setEnabled(false);
    auto *cancel = new QPushButton(tr("Cancel"));
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->setVerticalSpacing(Theme::spacing());
    form->addRow(tr("From"), from);
    form->addRow(tr("&Data set"), m_list);
    form->addRow(tr("&Name here"), m_name);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_copy);
    buttons->addWidget(cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(what);
    layout->addWidget(m_banner);
    layout->addLayout(form, 1);
    layout->addLayout(buttons);
    connect(m_list, &QListWidget::currentRowChanged, this, [this] { m_copy->setEnabled(!dataset().isEmpty()); });
    connect(m_list, &QListWidget::itemActivated, this, &CopyDatasetDialog::copy);
    connect(m_copy, &QPushButton::clicked, this, &CopyDatasetDialog::copy);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    onFinished(QtConcurrent::run(&m_session.workers(), [other] { return datasetsOf(other); }), this,
               [this](const Result<QList<DatasetSummary>> &datasets) {
                   m_ready = true;
                   if (!datasets)
                       return m_banner->showError(datasets.error());
                   for (const DatasetSummary &summary : *datasets) {
                       auto *item = new QListWidgetItem(
                           tr("%1 (%Ln item(s))", nullptr, static_cast<int>(summary.items)).arg(singleLine(summary.dataset.name, 80)));
                       item->setData(Qt::UserRole, summary.dataset.name);
                       m_list->addItem(item);
                   }
                   if (datasets->isEmpty())
                       m_banner->showMessage(Theme::Meaning::Warning, tr("There is no data set in that project."));
                   m_list->setCurrentRow(0);
               });
}

QString CopyDatasetDialog::dataset() const
{
    return m_list->currentItem() ? m_list->currentItem()->data(Qt::UserRole).toString() : QString();
}

void CopyDatasetDialog::choose(const QString &dataset)
{
    for (int i = 0; i < m_list->count(); ++i) {
        if (m_list->item(i)->data(Qt::UserRole).toString() == dataset)
            m_list->setCurrentRow(i);
    }
}

void CopyDatasetDialog::copy()
{
    if (dataset().isEmpty())
        return;
    queueCopyFrom(m_session, m_other, dataset(), m_name->text().trimmed());
    accept();
}

} // namespace evalwright
