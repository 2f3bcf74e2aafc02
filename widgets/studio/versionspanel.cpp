// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/studio/versionspanel.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/onfinished.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/shell/relativetime.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>

namespace evalwright {

using namespace Qt::StringLiterals;

VersionsPanel::VersionsPanel(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_note(new QLineEdit), m_save(new QPushButton(tr("Save version"))),
      m_restore(new QPushButton(tr("Restore"))), m_list(new QListWidget), m_help(new QLabel)
{
    m_note->setPlaceholderText(tr("What is new in it, and why"));
    m_note->setAccessibleName(tr("Note"));
    m_note->setMaxLength(2000);
    m_list->setAccessibleName(tr("Saved versions"));
    m_list->setWordWrap(true);
    m_help->setText(tr("Versions belong to this project. Restoring one replaces the texts of this stage."));
    m_help->setWordWrap(true);
    setSecondary(m_help);
    m_restore->setEnabled(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_note);
    layout->addWidget(m_save, 0, Qt::AlignLeft);
    layout->addWidget(m_list, 1);
    layout->addWidget(m_restore, 0, Qt::AlignLeft);
    layout->addWidget(m_help);
    connect(m_save, &QPushButton::clicked, this, [this] { save(m_note->text().trimmed()); });
    connect(m_restore, &QPushButton::clicked, this, [this] { restore(m_list->currentRow()); });
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int row) { m_restore->setEnabled(row >= 0); });
    connect(m_list, &QListWidget::itemActivated, this, [this] { restore(m_list->currentRow()); });
}

void VersionsPanel::setPrompt(const QString &preset, const QString &stage, const nlohmann::json &now, bool savable)
{
    m_now = now;
    m_save->setEnabled(savable && m_session.project() && !m_session.isReadOnly());
    m_save->setToolTip(savable ? QString() : tr("Correct the mistakes first"));
    if (preset == m_preset && stage == m_stage)
        return;
    m_preset = preset;
    m_stage = stage;
    load();
}

void VersionsPanel::load()
{
    m_versions.clear();
    m_list->clear();
    if (!m_session.project() || m_stage.isEmpty())
        return;
    const quint64 turn = ++m_turn;
    onFinished(m_session.project()->read(
                   [preset = m_preset, stage = m_stage](Connection &c) { return promptVersions(c, preset, stage); }),
               this, [this, turn](const Result<QList<PromptVersion>> &versions) {
                   if (turn != m_turn)
                       return;
                   if (!versions) {
                       Q_EMIT failed(versions.error());
                       return;
                   }
                   m_versions = *versions;
                   m_list->clear();
                   for (const PromptVersion &version : m_versions) {
                       auto *item = new QListWidgetItem(
                           u"%1\n%2"_s.arg(relativeTime(version.createdAt),
                                           version.note.isEmpty() ? tr("(no note)") : singleLine(version.note)));
                       item->setToolTip(plainToolTip(exactTime(version.createdAt)));
                       m_list->addItem(item);
                   }
               });
}

void VersionsPanel::save(const QString &note)
{
    if (!m_session.project() || m_stage.isEmpty())
        return;
    PromptVersion version;
    version.preset = m_preset;
    version.stage = m_stage;
    version.json = QString::fromUtf8(canonicalJson(m_now));
    version.note = note;
    onFinished(m_session.project()->write([version](Connection &c) { return addPromptVersion(c, version); },
                                          {Topic::Project}),
               this, [this](const Result<PromptVersion> &saved) {
                   if (!saved) {
                       Q_EMIT failed(saved.error());
                       return;
                   }
                   m_note->clear();
                   load();
               });
}

void VersionsPanel::restore(int row)
{
    if (row < 0 || row >= m_versions.size())
        return;
    const QByteArray bytes = m_versions[row].json.toUtf8();
    const nlohmann::json prompt = parseForeignJson(bytes);
    if (prompt.is_discarded())
        Q_EMIT failed(Error(ErrorCode::Corrupt, tr("This version cannot be read."), tr("Choose another one.")));
    else
        Q_EMIT restoreRequested(prompt);
}

} // namespace evalwright
