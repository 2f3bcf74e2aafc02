// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace evalwright {

/// After the last item: thanks, what was given, and the ways back.
class ReviewEndPage : public QWidget
{
    Q_OBJECT

public:
    struct Counts
    {
        qint64 submitted = 0, skipped = 0, broken = 0;
    };

    explicit ReviewEndPage(QWidget *parent = nullptr);
    /// `reason`: why there are no more items; empty: all are done.
    void showEnd(const QString &reason);
    void showCounts(const Counts &counts);
    void setCanUndo(bool can);
    QString text() const;

Q_SIGNALS:
    void undoWanted();
    void earlierWanted();
    void closeWanted();

private:
    QLabel *m_title, *m_reason, *m_counts;
    QPushButton *m_undo, *m_earlier, *m_close;
};

} // namespace evalwright
