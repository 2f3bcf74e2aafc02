// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lm/requestrunner.h"

namespace evalwright {

/// Holds a stored job for the length of a call, so that the same job does not run twice at once in this program.
class JobClaim
{
public:
    JobClaim(const JobServices &services, JobId job)
        : m_scheduler(services.scheduler), m_project(services.project->uuid()),
          m_key("job " + QByteArray::number(job.value)), m_isMine(m_scheduler->claim(m_project, m_key))
    {
    }
    ~JobClaim()
    {
        if (m_isMine)
            m_scheduler->release(m_project, m_key);
    }
    JobClaim(const JobClaim &) = delete;
    JobClaim &operator=(const JobClaim &) = delete;

    /// Locked when somebody else has it.
    Status status() const
    {
        if (m_isMine)
            return {};
        return failure(Error(ErrorCode::Locked, QStringLiteral("This job is running already."),
                             QStringLiteral("Wait for it, or pause it first."))
                           .withConsequence(QStringLiteral("Nothing was sent a second time.")));
    }

private:
    std::shared_ptr<Scheduler> m_scheduler;
    QString m_project;
    QByteArray m_key;
    bool m_isMine;
};

} // namespace evalwright
