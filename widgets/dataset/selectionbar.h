// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "widgets/dataset/decidecommand.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace evalwright {

class FlowLayout;

/// What can be done with the selected items, and how far it is while it is done. Others add their buttons.
class SelectionBar : public QWidget
{
    Q_OBJECT

public:
    explicit SelectionBar(bool isWritable, QWidget *parent = nullptr);

    /// `selected` of `matching` rows; `isAll`: all that match, as many as they are.
    void setSelected(qint64 selected, qint64 matching, bool isAll);
    QString reason() const;
    void clearReason();
    /// Puts a further button (or a widget with several) behind the others.
    void addAction(QWidget *widget);
    /// A change is being made; `what` is plain text. It can be stopped.
    void setBusy(const QString &what, std::shared_ptr<BulkProgress> progress);
    void setDone();

Q_SIGNALS:
    void allRequested();
    void keepRequested();
    void rejectRequested();
    void copyRequested();

private:
    void updateVisible();

    FlowLayout *m_flow;
    QWidget *m_choices, *m_busy;
    QLabel *m_selected, *m_what;
    QToolButton *m_all;
    QLineEdit *m_reason;
    QProgressBar *m_bar;
    QTimer m_timer;
    qint64 m_count = 0;
    std::shared_ptr<BulkProgress> m_progress;
};

} // namespace evalwright
