// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/materialsdialog.h"

#include "core/onfinished.h"
#include "lm/request.h"
#include "storage/repositories/responses.h"
#include "widgets/dataset/funnelpage.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/rowtable.h"
#include "widgets/theme/theme.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QTableWidget>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

MaterialsDialog::MaterialsDialog(std::shared_ptr<Project> project, DatasetId dataset, const QString &stage,
                                 const QString &reason, QWidget *parent)
    : QDialog(parent), m_banner(new Banner), m_head(new QLabel), m_table(new QTableWidget(0, 3)),
      m_detail(new QPlainTextEdit)
{
    setWindowTitle(tr("Lost at “%1”: %2").arg(stageName(stage), reasonText(reason)));
    resize(860, 560);
    m_head->setTextFormat(Qt::PlainText);
    m_head->setWordWrap(true);
    setSecondary(m_head);
    m_head->setText(tr("Reading…"));
    m_table->setHorizontalHeaderLabels({tr("No."), tr("Asked for"), tr("Text")});
    m_table->setAccessibleName(tr("Texts that were lost"));
    showAsRows(m_table);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(2, QHeaderView::Stretch);
    m_detail->setReadOnly(true);
    m_detail->setAccessibleName(tr("The chosen text in full"));
    m_detail->setPlaceholderText(tr("Choose a text to read it in full."));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) {
        const QTableWidgetItem *item = row < 0 ? nullptr : m_table->item(row, 2);
        m_detail->setPlainText(item ? item->data(Qt::UserRole).toString() : QString());
    });
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_banner);
    layout->addWidget(m_head);
    layout->addWidget(m_table, 2);
    layout->addWidget(m_detail, 1);
    layout->addWidget(buttons);
    const QString why = reasonExplanation(reason);
    onFinished(project->read([=](Connection &c) { return read(c, dataset, stage, reason); }), this,
               [this, why](const Result<QList<Lost>> &lost) {
                   if (!lost) {
                       m_head->clear();
                       m_banner->showError(lost.error());
                   } else {
                       m_head->setText(lost->size() < mostShown
                                           ? why
                                           : tr("%1 The first %2 are here.").arg(why, QLocale().toString(mostShown)));
                       fill(*lost);
                   }
                   Q_EMIT shown();
               });
}

Result<QList<MaterialsDialog::Lost>> MaterialsDialog::read(Connection &connection, DatasetId dataset,
                                                           const QString &stage, const QString &reason)
{
    EVALWRIGHT_ASSIGN(const QList<Material> materials, lostMaterials(connection, dataset, stage, reason, mostShown));
    QList<Lost> list;
    for (const Material &material : materials) {
        Lost lost{material, {}};
        EVALWRIGHT_ASSIGN(const QList<MaterialResponse> replies, materialResponses(connection, material.id));
        for (const MaterialResponse &from : replies) {
            if (from.p || !lost.reply.isEmpty() || !from.responseId.isValid())
                continue; // Of a check, or a later reply.
            EVALWRIGHT_ASSIGN(const Response response, responseById(connection, from.responseId));
            const Result<Reply> reply = readReply(response.path, response.body);
            lost.reply = !reply ? reply.error().text() : reply->refusal.isEmpty() ? reply->text : reply->refusal;
        }
        list << lost;
    }
    return list;
}

void MaterialsDialog::fill(const QList<Lost> &lost)
{
    m_table->setRowCount(static_cast<int>(lost.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const Lost &one = lost.at(row);
        auto *number = new QTableWidgetItem(QLocale().toString(one.material.ordinal + 1));
        number->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        auto *text = new QTableWidgetItem(one.reply.isEmpty() ? tr("(no reply)") : singleLine(one.reply, 200));
        text->setData(Qt::UserRole, withVisibleControls(one.reply));
        m_table->setItem(row, 0, number);
        m_table->setItem(row, 1, new QTableWidgetItem(singleLine(one.material.target.trimmed(), 60)));
        m_table->setItem(row, 2, text);
    }
    if (m_table->rowCount() > 0)
        m_table->setCurrentCell(0, 0);
}

} // namespace evalwright
