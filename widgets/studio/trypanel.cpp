// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/studio/trypanel.h"

#include "core/onfinished.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"
#include "widgets/studio/prompttry.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

TryPanel::TryPanel(Session &session, RequestFor request, QWidget *parent)
    : QWidget(parent), m_session(session), m_request(std::move(request)), m_model(new QComboBox),
      m_run(new QPushButton(tr("Try it"))), m_cancel(new QPushButton(tr("Cancel"))), m_answer(new QPlainTextEdit),
      m_state(new QLabel)
{
    m_model->setAccessibleName(tr("Model to try"));
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_run->setObjectName(u"try"_s);
    m_answer->setReadOnly(true);
    m_answer->setAccessibleName(tr("Answer"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    m_state->setText(tr("One request, now, as the rendered text shows it. It is kept with the project's requests."));
    setSecondary(m_state);
    m_cancel->setEnabled(false);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_run);
    buttons->addWidget(m_cancel);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::spacing(), 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_model);
    layout->addLayout(buttons);
    layout->addWidget(m_state);
    layout->addWidget(m_answer, 1);
    connect(m_run, &QPushButton::clicked, this, &TryPanel::run);
    connect(m_cancel, &QPushButton::clicked, this, &TryPanel::cancel);
}

TryPanel::~TryPanel()
{
    m_token.cancel();
}

void TryPanel::setModels(const QList<Model> &models, const QString &chosen)
{
    const QString former = m_model->currentText().isEmpty() ? chosen : m_model->currentText();
    m_models = models;
    m_model->clear();
    for (const Model &model : models)
        m_model->addItem(model.name);
    m_model->setCurrentText(former);
    m_run->setEnabled(!models.isEmpty() && !m_running);
    if (models.isEmpty())
        m_state->setText(tr("This project has no models yet. Add one on the Models page first."));
}

QString TryPanel::answer() const
{
    return m_answer->toPlainText();
}

void TryPanel::cancel()
{
    m_token.cancel();
    if (m_running)
        m_state->setText(tr("Stopping …"));
}

void TryPanel::run()
{
    if (m_running || !m_session.project() || m_model->currentIndex() < 0)
        return;
    const Model model = m_models.at(m_model->currentIndex());
    const Result<LmRequest> request = m_request(model);
    if (!request) {
        Q_EMIT failed(request.error());
        return;
    }
    m_running = true;
    m_token = CancellationToken();
    m_run->setEnabled(false);
    m_cancel->setEnabled(true);
    m_answer->clear();
    m_state->setText(tr("Asking %1 …").arg(model.name));
    const QPointer<TryPanel> self(this);
    const auto onText = [self, token = m_token](const QString &text) {
        QMetaObject::invokeMethod(
            qApp,
            [self, token, text] {
                if (self && self->m_running && !token.isCancelled())
                    self->m_answer->setPlainText(withVisibleControls(text));
            },
            Qt::QueuedConnection);
    };
    onFinished(QtConcurrent::run(&m_session.workers(),
                                 [services = m_session.services(), model, title = m_title, request = *request,
                                  token = m_token, onText] {
                                     return tryPrompt(services, model, title, request, token, onText);
                                 }),
               this, [this, model](const Result<Reply> &reply) {
                   m_running = false;
                   m_run->setEnabled(true);
                   m_cancel->setEnabled(false);
                   if (reply) {
                       m_answer->setPlainText(withVisibleControls(readableReply(*reply)));
                       m_state->setText(reply->finishReason == "length"_L1 ? tr("%1 was cut at the token limit.").arg(model.name)
                                                                            : tr("%1 answered.").arg(model.name));
                       return;
                   }
                   const bool stopped = reply.error().code == ErrorCode::Cancelled;
                   m_state->setText(stopped ? tr("Stopped.") : tr("No answer."));
                   if (!stopped)
                       Q_EMIT failed(reply.error());
               });
}

} // namespace evalwright
