// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inspector/provenancereport.h"

#include <QWidget>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace evalwright {

/// A step of a vertical time line: a mark on the line, what happened, and the exact texts behind it. Texts are made
/// when they are first opened; everything is plain text with invisible characters spelled out, and copied as it is
/// stored.
class TimelineStep : public QWidget
{
    Q_OBJECT

public:
    TimelineStep(TimelineEntry entry, bool last, QWidget *parent = nullptr);
    void setOpen(bool open);
    bool isOpen() const;

Q_SIGNALS:
    /// The request behind the step is wanted.
    void requestWanted(evalwright::ResponseId response);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void makeTexts();

    TimelineEntry m_entry;
    bool m_last;
    QLabel *m_title;
    QToolButton *m_toggle = nullptr;
    QWidget *m_texts = nullptr;
    QVBoxLayout *m_column;
};

} // namespace evalwright
