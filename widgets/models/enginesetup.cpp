// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/enginesetup.h"

#include "core/onfinished.h"

#include <QCoreApplication>
#include <QPointer>
#include <QtConcurrentRun>

namespace evalwright {

EngineSetup::EngineSetup(QObject *parent) : QObject(parent) {}

EngineSetup::~EngineSetup()
{
    m_token.cancel();
}

void EngineSetup::refresh()
{
    onFinished(QtConcurrent::run([]() -> Result<EngineStatus> {
                   EVALWRIGHT_ASSIGN(const EngineInstaller installer, EngineInstaller::open());
                   return installer.status();
               }),
               this, [this](const Result<EngineStatus> &status) {
                   if (status) {
                       m_status = *status;
                       Q_EMIT changed();
                   } else {
                       Q_EMIT failed(status.error());
                   }
               });
}

bool EngineSetup::isReady() const
{
    const EngineStatus::Model *model = defaultModel();
    return model && model->ok() && (m_status->engine.ok() || !m_status->llamaServer.isEmpty());
}

const EngineStatus::Model *EngineSetup::defaultModel() const
{
    if (!m_status)
        return nullptr;
    for (const EngineStatus::Model &model : m_status->models) {
        if (model.isDefault)
            return &model;
    }
    return nullptr;
}

void EngineSetup::install(const QStringList &models, bool acceptTerms)
{
    if (m_installing)
        return;
    m_installing = true;
    m_progress = {};
    m_token = CancellationToken();
    Q_EMIT changed();
    // The installer's calls may outlast this object by the time that a cancelled download needs to notice it.
    const QPointer<EngineSetup> self(this);
    onFinished(QtConcurrent::run([self, models, acceptTerms, token = m_token]() -> Result<InstallReport> {
                   EVALWRIGHT_ASSIGN(const EngineInstaller installer, EngineInstaller::open());
                   InstallOptions options;
                   options.acceptTerms = acceptTerms;
                   options.token = token;
                   options.progress = [self](const InstallProgress &p) {
                       QMetaObject::invokeMethod(
                           qApp,
                           [self, p] {
                               if (self) {
                                   self->m_progress = p;
                                   Q_EMIT self->changed();
                               }
                           },
                           Qt::QueuedConnection);
                   };
                   return installer.install(models, options);
               }),
               this, [this](const Result<InstallReport> &report) {
                   m_installing = false;
                   if (!report && report.error().code != ErrorCode::Cancelled)
                       Q_EMIT failed(report.error());
                   Q_EMIT changed();
                   refresh();
               });
}

void EngineSetup::cancel()
{
    m_token.cancel();
}

} // namespace evalwright
