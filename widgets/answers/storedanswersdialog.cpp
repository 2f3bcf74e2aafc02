// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/answers/storedanswersdialog.h"

#include "core/clock.h"
#include "core/onfinished.h"
#include "core/text.h"
#include "storage/repositories/models.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/numberstable.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString countText(const CacheCount &count)
{
    QString text = StoredAnswersDialog::tr("%Ln answer(s)", nullptr, static_cast<int>(count.answers));
    if (count.failed > 0)
        text += StoredAnswersDialog::tr(" and %Ln failed reply(s)", nullptr, static_cast<int>(count.failed));
    return StoredAnswersDialog::tr("%1, %2").arg(text, formatBytes(count.bytes));
}

QString holdText(CacheHold hold)
{
    switch (hold) {
    case CacheHold::None:
        break;
    case CacheHold::Candidate:
        return StoredAnswersDialog::tr("stay: items and candidates were read from them");
    case CacheHold::Score:
        return StoredAnswersDialog::tr("stay: scores of candidates were read from them");
    case CacheHold::Observation:
        return StoredAnswersDialog::tr("stay: results of evaluations were read from them");
    case CacheHold::Job:
        return StoredAnswersDialog::tr("stay: jobs that can go on need them");
    }
    return {};
}

} // namespace

StoredAnswersDialog::StoredAnswersDialog(Session &session, QWidget *parent)
    : QDialog(parent), m_session(session), m_banner(new Banner), m_table(new NumbersTable), m_stored(new QLabel),
      m_preview(new QLabel), m_byAge(new QCheckBox(tr("Older than"))),
      m_bySize(new QCheckBox(tr("The oldest, down to"))),
      m_failed(new QCheckBox(tr("Only failed replies, which were kept as evidence"))),
      m_compact(new QCheckBox(tr("Write the file anew, so that it gets smaller"))), m_days(new QSpinBox),
      m_megabytes(new QSpinBox), m_model(new QComboBox), m_remove(new QPushButton(tr("Remove")))
{
    setWindowTitle(tr("Stored answers"));
    resize(760, 600);
    m_table->setAccessibleName(tr("Stored answers by model"));
    m_days->setRange(0, 36'500);
    m_days->setValue(90);
    m_days->setSuffix(tr(" days"));
    m_days->setEnabled(false);
    m_days->setAccessibleName(tr("Age in days"));
    m_megabytes->setRange(0, 10'000'000);
    m_megabytes->setValue(1000);
    m_megabytes->setSuffix(tr(" MB"));
    m_megabytes->setEnabled(false);
    m_megabytes->setAccessibleName(tr("Size to keep"));
    m_model->addItem(tr("all models"), 0);
    m_model->setAccessibleName(tr("Model"));
    m_compact->setToolTip(tr("This file was made by an older version. It keeps its size until it is written anew once, "
                             "which needs as much free disk space again and cannot be stopped half way."));
    m_compact->hide();
    for (QLabel *label : {m_stored, m_preview}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        setSecondary(label);
    }

    auto *conditions = new QFormLayout;
    conditions->setHorizontalSpacing(Theme::spacing(2));
    for (const auto &[box, spin] : {std::pair(m_byAge, m_days), std::pair(m_bySize, m_megabytes)}) {
        auto *row = new QHBoxLayout;
        row->addWidget(spin);
        row->addStretch();
        conditions->addRow(box, row);
        connect(box, &QCheckBox::toggled, spin, &QSpinBox::setEnabled);
        connect(box, &QCheckBox::toggled, this, &StoredAnswersDialog::lookSoon);
        connect(spin, &QSpinBox::valueChanged, this, &StoredAnswersDialog::lookSoon);
    }
    conditions->addRow(tr("Of"), m_model);
    conditions->addRow(m_failed);
    conditions->addRow(m_compact);
    auto *card = new QFrame;
    setCard(card);
    auto *cardLayout = new QVBoxLayout(card);
    cardLayout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    cardLayout->addWidget(m_preview);
    auto *close = new QPushButton(tr("Close"));
    m_remove->setEnabled(false);
    m_remove->setAutoDefault(false);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_remove);
    buttons->addWidget(close);
    auto *heading = new QLabel(tr("Remove what nothing needs"));
    heading->setFont(Theme::font(Theme::Role::Heading));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_stored);
    layout->addWidget(heading);
    layout->addLayout(conditions);
    layout->addWidget(card);
    layout->addLayout(buttons);

    m_timer.setSingleShot(true);
    m_timer.setInterval(200);
    connect(&m_timer, &QTimer::timeout, this, &StoredAnswersDialog::look);
    connect(m_model, &QComboBox::currentIndexChanged, this, &StoredAnswersDialog::lookSoon);
    connect(m_failed, &QCheckBox::toggled, this, &StoredAnswersDialog::lookSoon);
    connect(m_compact, &QCheckBox::toggled, this, &StoredAnswersDialog::lookSoon);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_remove, &QPushButton::clicked, this, &StoredAnswersDialog::remove);
    if (!m_session.project())
        return;
    onFinished(m_session.project()->read([](Connection &c) { return listModels(c); }), this,
               [this](const Result<QList<Model>> &models) {
                   if (!models) {
                       m_banner->showError(models.error());
                       return;
                   }
                   for (const Model &model : *models)
                       m_model->addItem(singleLine(model.name, 80), model.id.value);
               });
    look();
}

StoredAnswersDialog::~StoredAnswersDialog()
{
    m_token.cancel();
}

CacheFilter StoredAnswersDialog::filter() const
{
    CacheFilter filter;
    if (m_byAge->isChecked())
        filter.receivedBefore = isoUtc(SystemClock().nowUtc().addDays(-m_days->value()));
    if (m_bySize->isChecked())
        filter.keepBytes = static_cast<qint64>(m_megabytes->value()) * 1'000'000;
    filter.model.value = m_model->currentData().toLongLong();
    filter.failedOnly = m_failed->isChecked();
    return filter;
}

void StoredAnswersDialog::lookSoon()
{
    m_token.cancel();
    m_remove->setEnabled(false);
    m_timer.start();
}

void StoredAnswersDialog::look()
{
    if (!m_session.project())
        return;
    m_token.cancel();
    m_token = {};
    const quint64 number = ++m_number;
    m_preview->setText(tr("Looking through the stored answers …"));
    onFinished(m_session.project()->read(
                   [wanted = filter(), token = m_token](Connection &c) { return cacheInfo(c, wanted, token); }),
               this, [this, number](const Result<CacheInfo> &info) {
                   if (number != m_number)
                       return;
                   if (info) {
                       show(*info);
                   } else if (info.error().code != ErrorCode::Cancelled) {
                       m_preview->clear();
                       m_banner->showError(info.error());
                   }
                   Q_EMIT shown();
               });
}

void StoredAnswersDialog::show(const CacheInfo &info)
{
    const QLocale locale;
    QList<QStringList> rows;
    for (const CacheOfModel &model : info.models) {
        rows << QStringList{singleLine(model.model, 80),        locale.toString(model.all.answers),
                            locale.toString(model.all.failed),  formatBytes(model.all.bytes),
                            model.oldest.left(10),              model.newest.left(10)};
    }
    m_table->setTable({tr("Model"), tr("Answers"), tr("Failed replies"), tr("Size"), tr("Oldest"), tr("Newest")}, rows);
    QStringList stored{tr("Stored: %1. The file has %2, %3 of it free.")
                           .arg(countText(info.all), formatBytes(info.fileBytes), formatBytes(info.freeBytes))};
    for (const CacheHold hold : info.held.keys())
        stored << tr("%1 %2.").arg(countText(info.held.value(hold)), holdText(hold));
    m_stored->setText(stored.join(u'\n'));
    m_compact->setVisible(!info.shrinks);
    const bool compacts = m_compact->isChecked() && !info.shrinks;
    const bool any = info.removable.answers + info.removable.failed > 0;
    if (filter().isEmpty()) {
        m_preview->setText(any ? tr("%1 may go. Say which: by age, by size, of a model, or only failed replies.")
                                     .arg(countText(info.removable))
                               : tr("Nothing may go: everything stored is needed."));
    } else {
        m_preview->setText(any ? tr("%1 would go. Jobs that are finished and used them say so; running the same "
                                    "again asks again.")
                                     .arg(countText(info.removable))
                               : tr("Nothing would go."));
    }
    m_remove->setText(any && !filter().isEmpty() ? tr("Remove %1").arg(countText(info.removable)) : tr("Remove"));
    m_remove->setEnabled(!m_session.isReadOnly() && ((any && !filter().isEmpty()) || compacts));
}

void StoredAnswersDialog::remove()
{
    m_session.removeStoredAnswers(filter(), m_compact->isVisible() && m_compact->isChecked());
    accept();
}

} // namespace evalwright
