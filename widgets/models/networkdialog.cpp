// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/networkdialog.h"

#include "widgets/files/filedialogs.h"
#include "widgets/session/networksettings.h"
#include "widgets/theme/theme.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace evalwright {

using namespace Qt::StringLiterals;

NetworkDialog::NetworkDialog(QWidget *parent)
    : QDialog(parent), m_proxy(new QLineEdit), m_noProxy(new QLineEdit), m_caFile(new QLineEdit), m_problem(new QLabel)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Network"));
    setMinimumWidth(560);
    const TransportSettings now = networkSettings();
    m_proxy->setText(now.proxy);
    m_proxy->setPlaceholderText(u"http://proxy.example.org:3128"_s);
    m_noProxy->setText(now.noProxy);
    m_noProxy->setPlaceholderText(u"models.example.org, .internal.example.org"_s);
    m_caFile->setText(now.caFile);
    m_caFile->setPlaceholderText(tr("those of the system"));

    auto *choose = new QPushButton(tr("Choose …"));
    connect(choose, &QPushButton::clicked, this, [this] {
        askForFile(
            this, tr("Certificates to trust"), tr("Certificates (*.pem *.crt);;All files (*)"),
            [this](const QString &path) { m_caFile->setText(path); }, m_caFile->text());
    });
    auto *file = new QHBoxLayout;
    file->addWidget(m_caFile);
    file->addWidget(choose);

    auto *form = new QFormLayout;
    form->addRow(tr("&Proxy"), m_proxy);
    form->addRow(tr("Without it"), m_noProxy);
    form->addRow(tr("&Certificates"), file);
    m_proxy->setAccessibleName(tr("Proxy"));
    m_noProxy->setAccessibleName(tr("Hosts that are asked without the proxy"));
    m_caFile->setAccessibleName(tr("File of certificates to trust"));

    auto *note = new QLabel(tr("Empty fields mean what the system says (https_proxy, http_proxy, no_proxy). This "
                               "computer itself is never asked through a proxy. Changes count from the next start of "
                               "Evalwright."));
    note->setWordWrap(true);
    setSecondary(note);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
    connect(buttons, &QDialogButtonBox::accepted, this, &NetworkDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &NetworkDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(note);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
}

void NetworkDialog::accept()
{
    const TransportSettings wanted{m_proxy->text().trimmed(), m_noProxy->text().trimmed(), m_caFile->text().trimmed()};
    if (const Status good = wanted.check(); !good) {
        m_problem->setText(good.error().text());
        m_problem->show();
        return;
    }
    storeNetworkSettings(wanted);
    QDialog::accept();
}

} // namespace evalwright
