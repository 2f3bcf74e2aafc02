// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <optional>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace evalwright {

class ReviewSettings;

/// After the last item: thanks, what was given, and the ways back.
class ReviewEndPage : public QWidget
{
    Q_OBJECT

public:
    struct Counts
    {
        qint64 submitted = 0, skipped = 0, broken = 0;
    };

    explicit ReviewEndPage(const ReviewSettings &settings, QWidget *parent = nullptr);
    /// `reason`: why there are no more items (Sitting::reasonToStop); empty: all are done.
    void showEnd(const QString &reason);
    void showCounts(const Counts &counts);
    void setCanUndo(bool can);
    QString text() const;

Q_SIGNALS:
    void undoWanted();
    void earlierWanted();
    void closeWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    void reword();
    void refresh();
    /// Nobody is told that they were compared with answers known before.
    QString wordsFor(const QString &reason) const;

    const ReviewSettings &m_settings;
    std::optional<Counts> m_known;
    QString m_why;
    QLabel *m_title, *m_reason, *m_counts;
    QPushButton *m_undo, *m_earlier, *m_close;
    QBoxLayout *m_buttons;
};

} // namespace evalwright
