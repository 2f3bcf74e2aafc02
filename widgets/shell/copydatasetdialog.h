// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace evalwright {

class Banner;
class Session;

/// Which data set of another project comes into the open one, and what it is called there.
class CopyDatasetDialog : public QDialog
{
    Q_OBJECT

public:
    /// `other`: the project file that the data set is in; its data sets are read on another thread.
    CopyDatasetDialog(Session &session, const QString &other, QWidget *parent);
    /// They are listed, or the file could not be read.
    bool isReady() const { return m_ready; }
    void choose(const QString &dataset);
    /// Queues the copying and closes.
    void copy();

private:
    QString dataset() const;

    Session &m_session;
    QString m_other;
    QListWidget *m_list;
    QLineEdit *m_name;
    QPushButton *m_copy;
    Banner *m_banner;
    bool m_ready = false;
};

} // namespace evalwright
