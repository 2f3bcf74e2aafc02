// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/records.h"
#include "core/result.h"
#include "lm/request.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace evalwright {

class Session;

/// Asks one prompt of any model of the project, now, and shows the answer while it comes.
class TryPanel : public QWidget
{
    Q_OBJECT

public:
    using RequestFor = std::function<Result<LmRequest>(const Model &)>;
    TryPanel(Session &session, RequestFor request, QWidget *parent = nullptr);
    ~TryPanel() override;

    void setModels(const QList<Model> &models, const QString &chosen);
    void setTitle(const QString &title) { m_title = title; }
    void run();
    void cancel();
    bool isRunning() const { return m_running; }
    QString answer() const;

Q_SIGNALS:
    void failed(const evalwright::Error &error);

private:
    Session &m_session;
    RequestFor m_request;
    QList<Model> m_models;
    QString m_title;
    QComboBox *m_model;
    QPushButton *m_run, *m_cancel;
    QPlainTextEdit *m_answer;
    QLabel *m_state;
    CancellationToken m_token;
    bool m_running = false;
};

} // namespace evalwright
