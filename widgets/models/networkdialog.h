// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;

namespace evalwright {

/// Proxy and certificates for all servers. What is wrong is said below the fields and keeps the dialog open.
class NetworkDialog : public QDialog
{
    Q_OBJECT

public:
    explicit NetworkDialog(QWidget *parent = nullptr);

    QLineEdit *proxy() const { return m_proxy; }
    QLineEdit *caFile() const { return m_caFile; }
    QLabel *problem() const { return m_problem; }
    void accept() override;

private:
    QLineEdit *m_proxy, *m_noProxy, *m_caFile;
    QLabel *m_problem;
};

} // namespace evalwright
