// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/estimate/generateestimate.h"

#include "core/onfinished.h"
#include "widgets/session/session.h"

#include <QLocale>
#include <QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

GenerateEstimate::GenerateEstimate(Session &session, bool notes, QWidget *parent)
    : EstimateCard(parent), m_session(session), m_notes(notes)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(120);
    connect(&m_timer, &QTimer::timeout, this, &GenerateEstimate::plan);
}

GenerateEstimate::~GenerateEstimate()
{
    m_token.cancel();
}

void GenerateEstimate::setSpec(const GenerateSpec &spec)
{
    m_spec = spec;
    if (m_spec.dataset.isEmpty())
        m_spec.dataset = u"estimate"_s; // Plays no part in it.
    if (text().isEmpty())
        showText(tr("Counting what this would ask …"));
    m_timer.start();
}

void GenerateEstimate::plan()
{
    m_token.cancel();
    m_token = CancellationToken();
    const quint64 number = ++m_number;
    if (!m_session.project() || m_spec.writer.isEmpty())
        return showText(tr("Choose who writes to see what it would take."));
    if (m_spec.recipe.behaviour.description.trimmed().isEmpty())
        return showText(tr("Describe the behaviour to see what it would take."));
    onFinished(QtConcurrent::run([project = m_session.project(), spec = m_spec, token = m_token] {
                   return planGenerate(*project, spec, token);
               }),
               this, [this, number](const Result<GeneratePlan> &plan) {
                   if (number != m_number)
                       return;
                   if (!plan)
                       return showText(plan.error().text());
                   const QLocale locale;
                   const QString counts =
                       tr("%1 texts to write, %2 of them answered already; at most %3 questions to the checker.")
                           .arg(locale.toString(plan->writeRequests), locale.toString(plan->alreadyAnswered),
                                locale.toString(plan->checkRequestsAtMost));
                   showEstimate({counts}, plan->estimate, m_notes ? plan->deviations + plan->warnings : QStringList());
               });
}

} // namespace evalwright
