// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;
class QLabel;
class QPushButton;
class QScrollArea;

namespace evalwright {

class ItemView;
class ReviewSettings;

/// A page to read while rating: the guideline, or the keys. Esc leads back.
class ReviewSheet : public QWidget
{
    Q_OBJECT

public:
    explicit ReviewSheet(ReviewSettings &settings, QWidget *parent = nullptr);
    /// `version` 0: none.
    void showGuideline(int version, const QString &text);
    void showKeys();
    ItemView *text() const { return m_text; }

Q_SIGNALS:
    void closed();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void reword();

    ReviewSettings &m_settings;
    QString m_guideline;
    int m_version = 0;
    bool m_showsKeys = false;
    QLabel *m_title;
    ItemView *m_text;
    QScrollArea *m_keys;
    QGridLayout *m_grid;
    QList<std::pair<QLabel *, QLabel *>> m_rows; ///< Keys, and what they do.
    QPushButton *m_close;
};

} // namespace evalwright
