// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/importreport.h"

#include "core/onfinished.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/wholefile.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/exchange/importundo.h"
#include "widgets/exchange/problemtable.h"
#include "widgets/files/filedialogs.h"
#include "widgets/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

ImportReportView::ImportReportView(std::shared_ptr<Project> project, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_text(new QPlainTextEdit), m_rows(new ProblemTable), m_rowsTitle(new QLabel),
      m_note(new QLabel), m_copy(new QPushButton(tr("Cop&y as text"))), m_save(new QPushButton(tr("Sa&ve as CSV …"))),
      m_undo(new QPushButton(tr("&Undo import …"))), m_open(new QPushButton(tr("&Open the data set"))), m_datasets(new QMenu(this))
{
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("What became of the files"));
    m_text->setPlaceholderText(tr("Nothing was read yet. “Check all rows” reads the files to their ends and stores nothing."));
    m_rowsTitle->setTextFormat(Qt::PlainText);
    m_rowsTitle->setFont(Theme::font(Theme::Role::Heading));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    setSecondary(m_note);
    m_undo->setToolTip(tr("Removes the items that this import brought; those that anything happened to since are rejected instead"));
    auto *rows = new QHBoxLayout;
    rows->addWidget(m_rowsTitle);
    rows->addStretch();
    rows->addWidget(m_save);
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(m_note, 1);
    bottom->addWidget(m_copy);
    bottom->addWidget(m_undo);
    bottom->addWidget(m_open);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_text, 1);
    layout->addLayout(rows);
    layout->addWidget(m_rows, 2);
    layout->addLayout(bottom);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_rows->rows() == 0 ? text() : text() + u"\n\n"_s + m_rows->text());
    });
    connect(m_save, &QPushButton::clicked, this, &ImportReportView::chooseRowsPath);
    connect(m_undo, &QPushButton::clicked, this, [this] { Q_EMIT undoRequested(m_sources); });
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (m_names.size() == 1)
            Q_EMIT datasetRequested(m_names.constFirst());
    });
    showFiles({}, {});
}

QString ImportReportView::text() const
{
    return m_text->toPlainText();
}

void ImportReportView::showFiles(const QList<FileImport> &files, const QString &ended)
{
    const QLocale locale;
    QStringList texts;
    m_sources.clear();
    m_names.clear();
    m_bad = 0;
    for (const FileImport &file : files) {
        texts << file.text();
        m_bad += file.report ? file.report->bad : 0;
        if (file.source.isValid())
            m_sources << file.source;
        if (file.stored() && !m_names.contains(file.report->dataset))
            m_names << file.report->dataset;
    }
    if (!ended.isEmpty())
        texts << ended;
    m_text->setPlainText(withVisibleControls(texts.join(u'\n')));
    m_rows->setFiles(files);
    const qsizetype listed = m_rows->rows();
    m_rowsTitle->setText(listed < m_bad ? tr("Bad rows: %1, the first %2 of them here").arg(locale.toString(m_bad), locale.toString(listed))
                                        : tr("Bad rows: %1").arg(locale.toString(m_bad)));
    for (QWidget *widget : {static_cast<QWidget *>(m_rows), static_cast<QWidget *>(m_rowsTitle), static_cast<QWidget *>(m_save)})
        widget->setVisible(listed > 0);
    m_datasets->clear();
    m_open->setMenu(nullptr);
    if (m_names.size() > 1) {
        for (const QString &name : std::as_const(m_names)) {
            m_datasets->addAction(singleLine(name, 80).replace(u'&', "&&"_L1), this, [this, name] { Q_EMIT datasetRequested(name); });
        }
        m_open->setMenu(m_datasets);
    }
    say({});
    updateButtons();
}

void ImportReportView::showUndone(const QList<ImportUndone> &imports)
{
    const qsizetype before = m_sources.size();
    for (const ImportUndone &one : imports) {
        m_sources.removeAll(one.source.id);
        if (one.datasetGoes)
            m_names.removeAll(one.dataset);
    }
    if (m_sources.size() < before)
        say(importUndoneText(imports));
    updateButtons();
}

void ImportReportView::chooseRowsPath()
{
    askWhereToSave(this, tr("Save the bad rows"), u"bad-rows.csv"_s, tr("Tables (*.csv)"),
                   [this](const QString &path) { saveRows(path); });
}

void ImportReportView::saveRows(const QString &path)
{
    onFinished(QtConcurrent::run([path, project = m_project->path(), csv = m_rows->csv()]() -> Status {
        EVALWRIGHT_TRY(mayWriteFile(path, project, true));
        return writeWholeFile(path, csv, true); // The file dialog has asked.
    }),
               this, [this, path](const Status &written) {
                   say(written ? tr("The bad rows are in %1.").arg(path) : written.error().text());
               });
}

void ImportReportView::say(const QString &text)
{
    m_note->setText(withVisibleControls(text));
}

void ImportReportView::updateButtons()
{
    m_copy->setEnabled(!text().isEmpty());
    m_undo->setVisible(!m_sources.isEmpty());
    m_undo->setEnabled(m_project->access() == Project::Access::ReadWrite);
    m_open->setVisible(!m_names.isEmpty());
}

} // namespace evalwright
